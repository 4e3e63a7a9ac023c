/* SPDX-License-Identifier: MIT */
/* One night across the terminal: a row a track, time from left to right. Pure: prints what it is
 * given. */
#ifndef BH_CLI_TIMELINE_H
#define BH_CLI_TIMELINE_H

#include "hub/cli/cli.h"
#include "hub/core/history.h"

#include <stdio.h>

struct bh_timeline {
	const struct bh_past_night *past; /**< events and epochs by start time */
	uint32_t capabilities;		  /**< BH_CAN_* of the bed: tracks exist for what it can tell */
	const char *bed;		  /**< its name */
};

/** @brief Print the night of @p timeline as wide as @p terminal, in its colours and letters. */
void bh_timeline_print(const struct bh_timeline *timeline, const struct bh_cli_terminal *terminal,
		       FILE *out);

#endif
