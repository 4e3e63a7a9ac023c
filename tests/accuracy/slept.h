/* SPDX-License-Identifier: MIT */
/* The minutes of a recording that the hub's history would call sleep. */
#ifndef BH_TESTS_ACCURACY_SLEPT_H
#define BH_TESTS_ACCURACY_SLEPT_H

#include "hub/core/history.h"
#include "hub/core/record.h"

#include <stdbool.h>

struct slept_event {
	uint64_t seq;
	struct bh_past_event event;
};

/** Starts as zero bytes; slept_forget() gives back its memory. */
struct slept {
	struct slept_event *event;
	size_t n_events;
	struct bh_past_epoch *epoch;
	size_t n_epochs;
};

/** @brief Take a record of the signal path, whose monotonic time is local time. */
void slept_take(struct slept *slept, const struct bh_record *record);
/** @brief Score every night from noon to noon. */
void slept_score(struct slept *slept, uint32_t capabilities);
/** @return Is the minute that holds this second one of sleep? */
bool slept_at(const struct slept *slept, long at_s);
void slept_forget(struct slept *slept);

#endif
