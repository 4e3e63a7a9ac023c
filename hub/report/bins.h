/* SPDX-License-Identifier: MIT */
/* A night in steps of five minutes: what the curves and bars of its page are drawn from. */
#ifndef BH_REPORT_BINS_H
#define BH_REPORT_BINS_H

#include "hub/core/history.h"

#include <stdbool.h>

#define BH_BIN_MS (INT64_C(300) * BH_MS_PER_S)
/* 25 hours, and the rest of the hour at both ends. */
#define BH_BINS_MAX 336

struct bh_bin {
	bool in_bed;		 /**< most of the time */
	bool unseen;		 /**< the mat did not work while it was the sleeper's night */
	int32_t moving_permille; /**< in bed; BH_EPOCH_UNKNOWN: not known or nobody there */
	int32_t leg_movements;	 /**< that began in it */
	int32_t temp_mdegc[BH_TEMP_SLOTS]; /**< mean, or BH_EPOCH_UNKNOWN */
	enum bh_sleep sleep; /**< what most of its epochs were; UNKNOWN where it was not scored */
	enum bh_position position; /**< the longest; UNKNOWN, EMPTY: none */
};

struct bh_bins {
	int64_t from_ms; /**< a full hour of local time, as is the end */
	int64_t to_ms;
	size_t n;
	struct bh_bin bin[BH_BINS_MAX];
};

/** @return false: nobody came. */
bool bh_bins_fill(const struct bh_past_night *past, struct bh_bins *ret);

#endif
