/* SPDX-License-Identifier: MIT */
/*
 * Series of periodic leg movements as they happen: the rules of plm.h, movement by movement, without
 * the night in memory. plm_series opens at the fourth movement, dated back to the first.
 */
#ifndef BH_DETECT_SERIES_H
#define BH_DETECT_SERIES_H

#include "hub/detect/emit.h"
#include "hub/detect/plm.h"

struct bh_series {
	bool have_last;
	struct bh_leg_movement last; /**< may still be joined with the next */
	bool last_counted;
	/* The run under way. */
	uint32_t count;
	int64_t first_on_ns, last_on_ns, last_off_ns;
	int16_t confidence_permille;
};

void bh_series_init(struct bh_series *series);
/** @brief A movement of a leg, or one too long to be one (it breaks a series). */
void bh_series_take(struct bh_series *series, int64_t on_ns, int64_t off_ns, enum bh_side leg,
		    int16_t confidence_permille, struct bh_emit *emit);
/** @brief Close a series that can no longer go on; once a tick. */
void bh_series_pass(struct bh_series *series, struct bh_emit *emit);
/** @brief Time in bed ended. */
void bh_series_end(struct bh_series *series, struct bh_emit *emit, enum bh_end_cause cause);

#endif
