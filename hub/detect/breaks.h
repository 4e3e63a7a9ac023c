/* SPDX-License-Identifier: MIT */
/*
 * What an absence from bed looks like from both sides: walk_break (restless, out for a while, calmer
 * afterwards) and toilet_like (short, without restlessness before it).
 */
#ifndef BH_DETECT_BREAKS_H
#define BH_DETECT_BREAKS_H

#include "hub/detect/emit.h"

/* Fifteen minutes before an absence, in minutes. */
#define BH_BREAKS_MINUTES 15

struct bh_breaks {
	uint16_t moved[BH_BREAKS_MINUTES]; /**< moving seconds a minute, newest first */
	uint16_t legs[BH_BREAKS_MINUTES];  /**< leg movements a minute */
	unsigned int minutes;		   /**< in bed so far, at most BH_BREAKS_MINUTES */
	uint16_t moved_now, legs_now;	   /**< of the minute under way */
	int64_t restless_ns;		   /**< last second that was restless, or BH_MONO_NONE */
	int64_t restless_since_ns;
	int64_t sat_ns, sat_at_ns; /**< how long the last sit lasted, and until when */
	/* The absence under way, or the one that was. */
	int64_t exit_ns, return_ns; /**< BH_MONO_NONE: none */
	uint32_t before_moved, before_minutes;
	bool urge; /**< restless before it, as walk_break wants */
	bool calm; /**< no restlessness before it, as toilet_like wants */
	uint32_t after_moved, after_s;
	bool judged;
};

void bh_breaks_init(struct bh_breaks *breaks);

/** @brief A leg movement was found. */
void bh_breaks_leg_movement(struct bh_breaks *breaks);

/**
 * @brief A second in bed has passed.
 * @param restless The restless interval is open. @param sit_ns How long the sit under way has
 * lasted; 0: none.
 */
void bh_breaks_second(struct bh_breaks *breaks, bool moved, bool restless, int64_t sit_ns,
		      struct bh_emit *emit);

/** @brief The bed was left at @p exit_ns, seen leaving. */
void bh_breaks_exit(struct bh_breaks *breaks, int64_t exit_ns);

/** @brief And was entered again at @p return_ns. */
void bh_breaks_return(struct bh_breaks *breaks, int64_t return_ns, struct bh_emit *emit);

/** @brief Movement is not known in this second: it makes nobody calmer than before a walk. */
void bh_breaks_blind(struct bh_breaks *breaks);

/** @brief The mat was lost: what went on is not known. */
void bh_breaks_break(struct bh_breaks *breaks);

#endif
