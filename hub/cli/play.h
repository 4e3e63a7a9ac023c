/* SPDX-License-Identifier: MIT */
/* Playing a source through the whole line into a history, with progress: replay and demo. */
#ifndef BH_CLI_PLAY_H
#define BH_CLI_PLAY_H

#include "hub/cli/cli.h"
#include "hub/line/replay.h"

struct bh_play {
	const struct bh_config *config;
	const struct bh_rule_set *rules;
	struct bh_store *store;
	const char *title; /**< of the progress bar */
	double speed;	   /**< times real time, 0: as fast as it goes */
};

/** @brief Play it. Ctrl-C ends it early and cleanly. @return As bh_replay_run(). */
int bh_cli_play(const struct bh_play *play, struct bh_replay_result *ret, struct bh_error *err);

#endif
