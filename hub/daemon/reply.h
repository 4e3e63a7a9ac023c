/* SPDX-License-Identifier: MIT */
/* An answer on the control socket: one JSON object a line. */
#ifndef BH_DAEMON_REPLY_H
#define BH_DAEMON_REPLY_H

#include <jansson.h>

/** @return {"ok":false,"error":text}, a new reference; NULL: out of memory, or @p text is not UTF-8. */
json_t *bh_reply_refusal(const char *text);

/**
 * @brief Send @p object, without waiting: a client that does not read its answer loses it. Any thread.
 * @param object Its reference is taken; NULL: a refusal without a reason is sent, since a client that
 * has asked waits for a line.
 * @return 0 or a negative errno: the client is gone, or does not read.
 */
int bh_reply(int fd, json_t *object);

#endif
