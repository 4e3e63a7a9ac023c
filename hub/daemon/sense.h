/* SPDX-License-Identifier: MIT */
/*
 * The sensing loop: sd-event drives the line. No disk, no name server, no broker is waited for here;
 * only a reload (SIGHUP) reads files.
 */
#ifndef BH_DAEMON_SENSE_H
#define BH_DAEMON_SENSE_H

#include "hub/daemon/session.h"

#include <systemd/sd-event.h>

struct bh_sense;

/**
 * @brief Drive @p session's line from @p event until bh_sense_free().
 *
 * @param ended Called once when a source with its own time has ended.
 */
int bh_sense_new(sd_event *event, struct bh_session *session, void (*ended)(void *ctx), void *ctx,
		 struct bh_sense **ret);

/** @return The line's time of the last step: where a stop closes open intervals. */
int64_t bh_sense_line_ns(const struct bh_sense *sense);

/** @brief Accepts NULL. */
void bh_sense_free(struct bh_sense *sense);

#endif
