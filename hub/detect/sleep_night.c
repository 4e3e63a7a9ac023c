/* SPDX-License-Identifier: MIT */
/* One stored night, scored minute by minute. */
#include "hub/detect/sleep.h"

#include "hub/core/time_types.h"

#include <errno.h>

#define MINUTE_MS INT64_C(60000)
#define MOST_PERMILLE 500
/*
 * Counts of the formula are a wrist's; epochs count seconds with movement, five each. Divided by 12 a
 * minute is wake by itself from eleven seconds with movement on. Found between 10 and 15 on simulated
 * strips (tests/accuracy/simulated_night --mat strips --people 1 --nights 2 --seed-from 20): total
 * sleep is 18 min too short with 10 and 18 min too long with 15.
 */
static const struct bh_counts scale = { .divisor = 12 };
#define COUNTS_PER_S 5
#define ASLEEP_BELOW_MILLI 1000
/* Minutes that the formula looks at before and after. */
#define MINUTES_BEFORE 4
#define MINUTES_AFTER 2

/* First entering and last leaving of the night's occupied intervals, cut to the night. */
static bool find_bounds(const struct bh_past_night *past, int64_t *ret_from, int64_t *ret_to)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end = event->end_ms == BH_WALL_UNKNOWN ? past->night.end_ms : event->end_ms;

		if (event->type != BH_EVENT_BED_OCCUPIED)
			continue;
		from = event->start_ms < from ? event->start_ms : from;
		to = end > to ? end : to;
	}
	if (from < past->night.start_ms)
		from = past->night.start_ms;
	if (to > past->night.end_ms)
		to = past->night.end_ms;
	*ret_from = from;
	*ret_to = to;
	return from < to;
}

/* Nobody sleeps sitting on the edge, however still. */
static bool is_up(const struct bh_epoch *epoch)
{
	return epoch->occupied_permille < MOST_PERMILLE || epoch->position == BH_POSITION_EMPTY ||
	       epoch->position == BH_POSITION_SITTING_ON_EDGE ||
	       epoch->position == BH_POSITION_LEGS_OVER_EDGE;
}

/* Sum what epochs say into minutes; a minute without any epoch stays unknown. */
static void fill(const struct bh_past_night *past, struct bh_sleep_night *night)
{
	for (size_t i = 0; i < past->n_epochs; i++) {
		const struct bh_epoch *epoch = &past->epochs[i].epoch;
		int64_t at = past->epochs[i].start_ms - night->start_ms;
		size_t minute;

		if (at < 0 || at / MINUTE_MS >= (int64_t)night->n ||
		    epoch->activity == BH_EPOCH_UNKNOWN || epoch->coverage_permille < MOST_PERMILLE)
			continue;
		minute = (size_t)(at / MINUTE_MS);
		if (night->activity[minute] == BH_EPOCH_UNKNOWN)
			night->activity[minute] = 0;
		night->activity[minute] += epoch->activity;
		night->occupied[minute] |= epoch->occupied_permille >= MOST_PERMILLE;
		night->up[minute] |= is_up(epoch);
	}
}

/* Legs that move in a rhythm do so asleep: their seconds are no wakefulness. */
static void leave_out_periodic(const struct bh_past_night *past, const struct bh_leg_movement *legs,
			       size_t n, struct bh_sleep_night *night)
{
	for (size_t i = 0; i < n; i++) {
		int64_t at_ms =
			past->night.start_ms + legs[i].on_ns / BH_NS_PER_MS - night->start_ms;
		int64_t seconds = (legs[i].off_ns - legs[i].on_ns + BH_NS_PER_S - 1) / BH_NS_PER_S;
		size_t minute = (size_t)(at_ms / MINUTE_MS);

		if (!legs[i].periodic || at_ms < 0 || minute >= night->n ||
		    night->activity[minute] == BH_EPOCH_UNKNOWN)
			continue;
		night->activity[minute] -= (int32_t)seconds * COUNTS_PER_S;
		if (night->activity[minute] < 0)
			night->activity[minute] = 0;
	}
}

/* An empty bed gives no epochs after a while: that is wake, not a hole. */
static void fill_absences(const struct bh_past_night *past, struct bh_sleep_night *night)
{
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type != BH_EVENT_BED_EXIT)
			continue;
		for (size_t m = 0; m < night->n; m++) {
			int64_t at = night->start_ms + (int64_t)m * MINUTE_MS;

			if (night->activity[m] == BH_EPOCH_UNKNOWN && at >= event->start_ms &&
			    (event->end_ms == BH_WALL_UNKNOWN || at < event->end_ms))
				night->activity[m] = 0;
		}
	}
}

static bool sees_all(const struct bh_sleep_night *night, size_t i)
{
	size_t from = i > MINUTES_BEFORE ? i - MINUTES_BEFORE : 0;

	for (size_t k = from; k <= i + MINUTES_AFTER && k < night->n; k++)
		if (night->activity[k] == BH_EPOCH_UNKNOWN)
			return false;
	return true;
}

static enum bh_sleep score_minute(const struct bh_sleep_night *night, size_t i)
{
	if (night->activity[i] == BH_EPOCH_UNKNOWN)
		return BH_SLEEP_UNKNOWN;
	if (!night->occupied[i] || night->up[i] ||
	    bh_cole_kripke_milli(night->activity, night->n, i, &scale) >= ASLEEP_BELOW_MILLI)
		return BH_SLEEP_AWAKE;
	return sees_all(night, i) ? BH_SLEEP_ASLEEP : BH_SLEEP_UNKNOWN;
}

int bh_sleep_score(const struct bh_past_night *past, const struct bh_leg_movement *legs,
		   size_t n_legs, struct bh_sleep_night *ret)
{
	int64_t from, to;

	ret->n = 0;
	if (!(past->capabilities & BH_CAN_MOVEMENT) || !find_bounds(past, &from, &to))
		return -ENODATA;
	ret->start_ms = from / MINUTE_MS * MINUTE_MS;
	ret->n = (size_t)((to - ret->start_ms + MINUTE_MS - 1) / MINUTE_MS);
	if (ret->n > BH_SLEEP_MINUTES_MAX)
		ret->n = BH_SLEEP_MINUTES_MAX;
	for (size_t i = 0; i < ret->n; i++) {
		ret->activity[i] = BH_EPOCH_UNKNOWN;
		ret->occupied[i] = false;
		ret->up[i] = false;
	}
	fill(past, ret);
	leave_out_periodic(past, legs, n_legs, ret);
	fill_absences(past, ret);
	for (size_t i = 0; i < ret->n; i++)
		ret->minute[i] = score_minute(ret, i);
	bh_webster_rescore(ret->minute, ret->n);
	return 0;
}
