/* SPDX-License-Identifier: MIT */
#include "tests/bench/edge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int bh_bench_bind(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv(BH_BENCH_SOCKET);
	int fd;

	if (!path)
		return -ENODEV;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = -errno;

		close(fd);
		return r;
	}
	return fd;
}
