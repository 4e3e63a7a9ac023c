/* SPDX-License-Identifier: MIT */
/* Asking the running daemon through its socket. */
#ifndef BH_CLI_HUB_H
#define BH_CLI_HUB_H

#include <jansson.h>

/** What the hub knows is told at once; what it has to write waits for the disk: rules may look at weeks
 *  of history first, and a card that is tired takes its time. */
#define BH_HUB_TOLD_S 2
#define BH_HUB_WRITTEN_S 30

/**
 * @brief Send @p request (one JSON object) and read the answer, within @p timeout_s.
 * @return 0 and a new reference; -ENOENT, -ECONNREFUSED no daemon there; -EACCES not in its group;
 * -ETIMEDOUT; -EPROTO not an answer.
 */
int bh_hub_ask(const char *socket_path, const char *request, unsigned int timeout_s, json_t **ret);

#endif
