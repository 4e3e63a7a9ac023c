/* SPDX-License-Identifier: MIT */
/*
 * The machine's clocks, read here and nowhere else, and what becomes known of wall time: a Pi has no
 * clock battery, so wall time is unknown until the kernel says that it is synchronised.
 */
#ifndef BH_DAEMON_CLOCK_H
#define BH_DAEMON_CLOCK_H

#include "hub/core/record.h"

#include <stdbool.h>
#include <stdint.h>

/** @return CLOCK_MONOTONIC, the clock of kernel edge events. */
int64_t bh_clock_mono_ns(void);
/** @return CLOCK_REALTIME, whether it is right or not. */
int64_t bh_clock_wall_ms(void);

/** What is known of wall time. */
struct bh_clock_watch {
	struct bh_clock_anchor anchor;
	bool trusted; /**< the configuration says the clock is right without synchronisation */
	int64_t checked_ns;
};

/** @brief First look. @p trusted: hub.clock is `trusted`. @p ret: the record to begin a run with. */
void bh_clock_begin(struct bh_clock_watch *watch, bool trusted, struct bh_clock *ret);

/**
 * @brief Look again, at most once a second.
 * @return True when wall time became known or jumped; @p ret then tells.
 */
bool bh_clock_check(struct bh_clock_watch *watch, int64_t now_ns, struct bh_clock *ret);

#endif
