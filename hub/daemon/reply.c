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

int bh_reply(int fd, json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
	int r = -ENOMEM;

	json_decref(object);
	if (text) {
		size_t length = strlen(text);

		text[length] = '\n'; /* in the place of the final NUL: one write, one line */
		r = send(fd, text, length + 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
	}
	free(text);
	return r;
}
