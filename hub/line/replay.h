/* SPDX-License-Identifier: MIT */
/*
 * The line on a virtual clock: captures and simulations through driver, detectors, store and rules,
 * as fast as they go or paced by the caller. The same line as the daemon's; only the clock differs.
 */
#ifndef BH_LINE_REPLAY_H
#define BH_LINE_REPLAY_H

#include "hub/config/config.h"
#include "hub/core/error.h"
#include "hub/core/event.h"
#include "hub/core/time_types.h"
#include "hub/store/store.h"
#include "rules/rule.h"

/** How far a replay has come. */
struct bh_replay_progress {
	int64_t done;  /**< of the source, in units of its own */
	int64_t total; /**< 0: the source cannot say */
	int64_t mono_ns;
	int64_t wall_ms; /**< of the line's time, BH_WALL_UNKNOWN if the source does not say */
};

struct bh_replay {
	const struct bh_config *config; /**< every sensor brings its own time */
	const struct bh_rule_set *rules; /**< NULL: none */
	struct bh_store *store;
	/** Play to the broker of the configuration as well; for paced replays. */
	bool publish;
	/**
	 * Wait until the line's time has come (paced), or NULL for full speed. @p first_ns is the time of
	 * the first frame. @return Non-zero to end the replay here.
	 */
	int (*wait)(void *ctx, int64_t first_ns, int64_t until_ns);
	/** Called now and then; may be NULL. @return Non-zero to end the replay here. */
	int (*progress)(void *ctx, const struct bh_replay_progress *progress);
	void *ctx;
};

/** What came of it. */
struct bh_replay_result {
	int64_t run;
	uint64_t frames_or_steps; /**< moments at which the line had something to do */
	uint64_t events[BH_EVENT_TYPE_END]; /**< by type; intervals count once */
	uint64_t epochs;
	int64_t from_ms;
	int64_t to_ms;
	bool simulated;
	bool ended_early; /**< wait() or progress() asked for it */
};

/**
 * @brief Run it to the end.
 * @return 0; -EINVAL with file:line in @p err for a bad source (what came before stays in the
 * history); a negative errno of the store.
 */
int bh_replay_run(const struct bh_replay *replay, struct bh_replay_result *ret, struct bh_error *err);

/**
 * @brief A configuration that replays @p capture as the first bed of @p base (NULL: of a hub
 * without broker). Free with bh_config_free().
 */
int bh_replay_config(const struct bh_config *base, const char *capture, struct bh_config **ret,
		     struct bh_error *err);

#endif
