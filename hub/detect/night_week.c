/* SPDX-License-Identifier: MIT */
/* How alike the days of a week are in sleep and wake, by the clock on the wall. */
#include "hub/detect/night_summary.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <stdlib.h>

#define DAY_MINUTES (24 * 60)
#define MINUTE_MS INT64_C(60000)
#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)

struct week {
	int32_t date[BH_REGULARITY_NIGHTS];
	int64_t start_ms[BH_REGULARITY_NIGHTS]; /* noons, as UTC ... */
	int64_t end_ms[BH_REGULARITY_NIGHTS];
	int64_t noon_local_ms[BH_REGULARITY_NIGHTS]; /* ... and as the clock showed them */
	enum bh_sleep minute[BH_REGULARITY_NIGHTS][DAY_MINUTES];
};

/* The clock's minute of a moment. An hour that comes twice (autumn) is told by its first, an hour that
 * the clock leaves out (spring) stays unknown: days are compared where both have the hour. */
static void set(struct week *week, int64_t at_ms, enum bh_sleep sleep)
{
	int64_t local_ms = at_ms + (int64_t)bh_utc_offset_s(at_ms) * BH_MS_PER_S;

	for (int d = 0; d < BH_REGULARITY_NIGHTS; d++) {
		int64_t minute = (local_ms - week->noon_local_ms[d]) / MINUTE_MS;

		if (at_ms < week->start_ms[d] || at_ms >= week->end_ms[d])
			continue;
		if (minute >= 0 && minute < DAY_MINUTES &&
		    week->minute[d][minute] == BH_SLEEP_UNKNOWN)
			week->minute[d][minute] = sleep;
	}
}

static void set_epochs(struct week *week, const struct bh_past_night *past)
{
	for (size_t i = 0; i < past->n_epochs; i++)
		if (past->epochs[i].sleep != BH_SLEEP_UNKNOWN)
			set(week, past->epochs[i].start_ms, past->epochs[i].sleep);
}

/* An empty bed gives no epochs after a while: that is wake. An absence that still lasts is known up to
 * the last moment of the week. */
static void set_absences(struct week *week, const struct bh_past_night *past)
{
	int64_t week_end_ms = week->end_ms[BH_REGULARITY_NIGHTS - 1];

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end_ms = event->end_ms == BH_WALL_UNKNOWN || event->end_ms > week_end_ms
					 ? week_end_ms
					 : event->end_ms;

		if (event->type != BH_EVENT_BED_EXIT)
			continue;
		for (int64_t at = event->start_ms; at < end_ms; at += MINUTE_MS)
			set(week, at, BH_SLEEP_AWAKE);
	}
}

static int32_t compare_days(const struct week *week)
{
	const enum bh_sleep *day[BH_REGULARITY_NIGHTS];

	for (int d = 0; d < BH_REGULARITY_NIGHTS; d++)
		day[d] = week->minute[d];
	return bh_sleep_regularity_milli(day, BH_REGULARITY_NIGHTS, DAY_MINUTES);
}

int32_t bh_night_regularity(const struct bh_past_night *nights, size_t n, int32_t date)
{
	struct week *week = calloc(1, sizeof(*week));
	int32_t regularity;

	if (!week)
		return BH_EPOCH_UNKNOWN;
	for (int d = 0; d < BH_REGULARITY_NIGHTS; d++) {
		week->date[d] = bh_night_add(date, d + 1 - BH_REGULARITY_NIGHTS);
		bh_night_bounds(week->date[d], &week->start_ms[d], &week->end_ms[d]);
		week->noon_local_ms[d] =
			week->start_ms[d] + (int64_t)bh_utc_offset_s(week->start_ms[d]) * BH_MS_PER_S;
	}
	/* What an epoch says stands before what its absence does. */
	for (size_t i = 0; i < n; i++)
		set_epochs(week, &nights[i]);
	for (size_t i = 0; i < n; i++)
		set_absences(week, &nights[i]);
	regularity = compare_days(week);
	free(week);
	return regularity;
}
