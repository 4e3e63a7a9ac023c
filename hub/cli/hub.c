/* SPDX-License-Identifier: MIT */
#include "hub/cli/hub.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

/* A status of four beds with eight sensors each stays well below. */
#define ANSWER_MAX 65536

static int connect_to(const char *path, unsigned int timeout_s)
{
	const struct timeval timeout = { .tv_sec = (time_t)timeout_s };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

/* @return Length of the line read, without its end, or a negative errno. */
static ssize_t read_line(int fd, char *buf, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, buf + used, size - used);
		char *end;

		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		if (n == 0)
			return -EPROTO;
		end = memchr(buf + used, '\n', (size_t)n);
		if (end)
			return end - buf;
		used += (size_t)n;
	}
	return -EPROTO;
}

static int converse(int fd, const char *request, char *buf, json_t **ret)
{
	size_t length = strlen(request);
	ssize_t n;

	if (send(fd, request, length, MSG_NOSIGNAL | MSG_MORE) != (ssize_t)length ||
	    send(fd, "\n", 1, MSG_NOSIGNAL) != 1)
		return -EPROTO;
	n = read_line(fd, buf, ANSWER_MAX);
	if (n < 0)
		return (int)n;
	*ret = json_loadb(buf, (size_t)n, 0, NULL);
	return *ret ? 0 : -EPROTO;
}

int bh_hub_ask(const char *socket_path, const char *request, unsigned int timeout_s, json_t **ret)
{
	char *buf;
	int fd = connect_to(socket_path, timeout_s);
	int r;

	if (fd < 0)
		return fd;
	buf = malloc(ANSWER_MAX);
	r = buf ? converse(fd, request, buf, ret) : -ENOMEM;
	free(buf);
	close(fd);
	return r;
}
