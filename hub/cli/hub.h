/* SPDX-License-Identifier: MIT */
/* Asking the running daemon through its socket. */
#ifndef BH_CLI_HUB_H
#define BH_CLI_HUB_H

#include <jansson.h>

/**
 * @brief Send @p request (one JSON object) and read the answer, within two seconds.
 * @return 0 and a new reference; -ENOENT, -ECONNREFUSED no daemon there; -EACCES not in its group;
 * -ETIMEDOUT; -EPROTO not an answer.
 */
int bh_hub_ask(const char *socket_path, const char *request, json_t **ret);

#endif
