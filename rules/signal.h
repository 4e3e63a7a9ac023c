/* SPDX-License-Identifier: MIT */
/* Numbers of one night that are not counts of patterns. */
#ifndef BH_RULES_SIGNAL_H
#define BH_RULES_SIGNAL_H

#include "rules/view.h"

/**
 * @brief The night's value of a signal; asym_abs and asym_delta give left minus right as measured
 * (the caller subtracts the baseline). @return 0 or -ENOMEM.
 */
int bh_signal_night(struct bh_view *view, enum bh_signal signal, struct bh_number *ret);

/**
 * @brief The largest change of a signal within @p per_ms inside the night, over five-minute medians
 * of the epochs in @p spans (NULL: all). Steps of the room's own temperature do not count.
 */
int bh_signal_change(struct bh_view *view, enum bh_signal signal, const struct bh_spans *spans,
		     int64_t per_ms, struct bh_number *ret);

/** @brief Least-squares slope per @p per_ms between two moments. Unknown below three minutes. */
int bh_signal_slope(struct bh_view *view, enum bh_signal signal, int64_t from_ms, int64_t to_ms,
		    int64_t per_ms, struct bh_number *ret);

/** @return Median of @p n > 0 numbers, which change places; the mean of the middle two. */
int64_t bh_median(int64_t *items, size_t n);

#endif
