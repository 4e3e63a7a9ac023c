/* SPDX-License-Identifier: MIT */
/* What the store does with a night's scored minutes, for epochs that are in no store. */
#ifndef BH_TESTS_ACCURACY_SLEEP_MARK_H
#define BH_TESTS_ACCURACY_SLEEP_MARK_H

#include "hub/core/history.h"
#include "hub/core/time_types.h"
#include "hub/detect/sleep.h"

/** @brief Write each epoch's minute of a scored night into it; those outside become unknown. */
static inline void sleep_mark(const struct bh_sleep_night *night, struct bh_past_epoch *epochs,
			      size_t n)
{
	const int64_t minute_ms = BH_NS_PER_MIN / BH_NS_PER_MS;

	for (size_t i = 0; i < n; i++) {
		int64_t at = epochs[i].start_ms - night->start_ms;
		bool inside = at >= 0 && at / minute_ms < (int64_t)night->n;

		epochs[i].sleep = inside ? night->minute[at / minute_ms] : BH_SLEEP_UNKNOWN;
	}
}

#endif
