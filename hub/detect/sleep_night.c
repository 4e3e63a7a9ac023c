/* SPDX-License-Identifier: MIT */
/* One stored night, scored minute by minute. */
#include "hub/detect/sleep.h"

#include "hub/core/time_types.h"

#include <errno.h>
#include <stdlib.h>

#define MINUTE_MS INT64_C(60000)
#define MOST_PERMILLE 500
/* The scale of the formulas: the sleeper's median minute with movement (science notes 2.4). */
#define ACTIVE_MINUTE 100

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

/* Sum what epochs say into minutes; a minute without any epoch stays unknown. */
static void fill(const struct bh_past_night *past, struct bh_sleep_night *night, bool *occupied)
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
		occupied[minute] |= epoch->occupied_permille >= MOST_PERMILLE;
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

static int compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static void scale(struct bh_sleep_night *night)
{
	int32_t active[BH_SLEEP_MINUTES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < night->n; i++)
		if (night->activity[i] > 0)
			active[n++] = night->activity[i];
	if (n == 0)
		return;
	qsort(active, n, sizeof(active[0]), compare);
	for (size_t i = 0; i < night->n; i++)
		if (night->activity[i] > 0)
			night->activity[i] = (int32_t)((int64_t)night->activity[i] * ACTIVE_MINUTE /
						       active[n / 2]);
}

int bh_sleep_score(const struct bh_past_night *past, struct bh_sleep_night *ret)
{
	bool occupied[BH_SLEEP_MINUTES_MAX] = { false };
	int64_t from, to;

	if (!(past->capabilities & BH_CAN_MOVEMENT) || !find_bounds(past, &from, &to))
		return -ENODATA;
	ret->start_ms = from / MINUTE_MS * MINUTE_MS;
	ret->n = (size_t)((to - ret->start_ms + MINUTE_MS - 1) / MINUTE_MS);
	if (ret->n > BH_SLEEP_MINUTES_MAX)
		ret->n = BH_SLEEP_MINUTES_MAX;
	for (size_t i = 0; i < ret->n; i++)
		ret->activity[i] = BH_EPOCH_UNKNOWN;
	fill(past, ret, occupied);
	fill_absences(past, ret);
	scale(ret);
	for (size_t i = 0; i < ret->n; i++) {
		bool asleep = occupied[i] && bh_cole_kripke_milli(ret->activity, ret->n, i,
								  &bh_counts_plain) < 1000;

		ret->minute[i] = ret->activity[i] == BH_EPOCH_UNKNOWN ? BH_SLEEP_UNKNOWN
				 : asleep			      ? BH_SLEEP_ASLEEP
								      : BH_SLEEP_AWAKE;
	}
	bh_webster_rescore(ret->minute, ret->n);
	return 0;
}

void bh_sleep_mark(const struct bh_sleep_night *night, struct bh_past_epoch *epochs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t at = epochs[i].start_ms - night->start_ms;
		bool inside = at >= 0 && at / MINUTE_MS < (int64_t)night->n;

		epochs[i].sleep = inside ? night->minute[at / MINUTE_MS] : BH_SLEEP_UNKNOWN;
	}
}
