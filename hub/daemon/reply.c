/* SPDX-License-Identifier: MIT */
#include "hub/daemon/reply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

json_t *bh_reply_refusal(const char *text)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", text);
}

/* For an answer that there is no memory for, or that is no text: whoever asked still waits. */
#define NO_ANSWER "{\"ok\":false,\"error\":\"the hub could not put its answer into words\"}\n"

static int send_line(int fd, const char *line, size_t length)
{
	return send(fd, line, length, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int bh_reply(int fd, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	size_t length = text ? strlen(text) : 0;
	int r;

	json_decref(object);
	if (!text)
		return send_line(fd, NO_ANSWER, strlen(NO_ANSWER));
	text[length] = '\n'; /* in the place of the final NUL: one write, one line */
	r = send_line(fd, text, length + 1);
	free(text);
	return r;
}
