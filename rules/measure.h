/* SPDX-License-Identifier: MIT */
/* What window.c and trend.c share: both turn nights into one number or say what is missing. */
#ifndef BH_RULES_MEASURE_H
#define BH_RULES_MEASURE_H

#include "rules/scope.h"

/* A rate of less than ten minutes is no rate (science.md 1.1). */
#define BH_RATE_MIN_MS 600000

const struct bh_leaf *bh_window_leaf(const struct bh_window *window, int leaf);

/** @brief Unknown, and why. */
void bh_measure_missing(const struct bh_window *window, struct bh_value *value, const char *format,
			...) __attribute__((format(printf, 3, 4)));
/** @brief Unknown because too few nights could tell; @p last is one that could not, or NULL. */
void bh_measure_missing_nights(struct bh_value *value, const struct bh_window *window,
			       const struct bh_nightly *last, int known, int needed);
/** @brief Did enough nights tell? If not, @p ret says so. */
bool bh_measure_enough(const struct bh_window *window, const struct bh_leaf *leaf, int nights,
		       const struct bh_nightly *refused, struct bh_value *ret);
void bh_measure_number(struct bh_value *ret, int64_t milli);

/** @brief median, slope, change and before_after. */
void bh_trend_value(struct bh_window *window, const struct bh_leaf *leaf, struct bh_value *ret);

#endif
