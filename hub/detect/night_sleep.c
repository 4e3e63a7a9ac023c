/* SPDX-License-Identifier: MIT */
/* Scored minutes summed up, where the night was seen well enough. */
#include "hub/detect/night_summary.h"

#include "hub/core/time_types.h"

#define MINUTE_S 60
#define MINUTE_MS INT64_C(60000)
/* An entering is told with the interval it opens, at the same moment. */
#define SAME_MOMENT_MS BH_MS_PER_S

bool bh_night_saw_entering(const struct bh_past_night *past, const struct bh_past_event *occupied)
{
	for (size_t i = 0; i < past->n_events; i++) {
		int64_t apart_ms = past->events[i].start_ms - occupied->start_ms;

		if (past->events[i].type == BH_EVENT_BED_ENTER && apart_ms <= SAME_MOMENT_MS &&
		    apart_ms >= -SAME_MOMENT_MS)
			return true;
	}
	return false;
}

/* Both ends of the time in bed were seen, or it lasts: a hub that began under a sleeper, or ended
 * before the sleeper rose, knows a part of the night only. */
static bool is_whole(const struct bh_past_night *past)
{
	const struct bh_past_event *first = NULL, *last = NULL;

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type != BH_EVENT_BED_OCCUPIED || bh_past_event_taken_back(event))
			continue;
		if (!first || event->start_ms < first->start_ms)
			first = event;
		if (!last || event->start_ms > last->start_ms)
			last = event;
	}
	if (!first || !bh_night_saw_entering(past, first))
		return false;
	return last->end_ms == BH_WALL_UNKNOWN ||
	       (last->end_cause == BH_END_NORMAL && last->end_ms <= past->night.end_ms);
}

/* Fragmentation of the sleep period; out of bed is movement. */
static int32_t fragmentation(const struct bh_sleep_night *minutes, size_t first, size_t n)
{
	int32_t activity[BH_SLEEP_MINUTES_MAX];

	for (size_t i = 0; i < n; i++)
		activity[i] = minutes->occupied[first + i] ? minutes->activity[first + i]
			      : minutes->activity[first + i] == BH_EPOCH_UNKNOWN
				      ? BH_EPOCH_UNKNOWN
				      : 1;
	return bh_fragmentation_milli(activity, n);
}

/* Sleep may have begun in a minute that nobody saw. */
static bool onset_is_known(const struct bh_sleep_night *minutes, size_t first)
{
	for (size_t i = 0; i < first; i++)
		if (minutes->minute[i] == BH_SLEEP_UNKNOWN)
			return false;
	return true;
}

static void fill_period(const struct bh_sleep_night *minutes, const struct bh_sleep_summary *sum,
			struct bh_night_sleep *ret)
{
	size_t first = (size_t)(sum->latency_s / MINUTE_S);

	ret->wake_after_onset_min = sum->wake_after_onset_s / MINUTE_S;
	ret->awakenings = sum->awakenings;
	ret->fragmentation_milli =
		fragmentation(minutes, first, (size_t)(sum->period_s / MINUTE_S));
	if (!onset_is_known(minutes, first))
		return;
	ret->latency_min = (int32_t)first;
	ret->onset_ms = minutes->start_ms + (int64_t)first * MINUTE_MS;
}

void bh_night_sleep(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
		    struct bh_night_sleep *ret)
{
	struct bh_sleep_summary sum;
	int32_t awake_in_bed = 0;

	if (minutes->n == 0 || !is_whole(past))
		return;
	bh_sleep_summarise(minutes->minute, minutes->n, MINUTE_S, &sum);
	ret->bed_min = (int32_t)minutes->n;
	ret->unknown_min = (sum.in_bed_s - sum.known_s) / MINUTE_S;
	if ((int64_t)ret->unknown_min * 1000 >
	    (int64_t)ret->bed_min * BH_NIGHT_MISSING_MAX_PERMILLE)
		return;
	for (size_t i = 0; i < minutes->n; i++)
		awake_in_bed += minutes->minute[i] == BH_SLEEP_AWAKE && minutes->occupied[i];
	ret->awake_in_bed_min = awake_in_bed;
	ret->asleep_min = sum.asleep_s / MINUTE_S;
	ret->efficiency_permille = (int32_t)((int64_t)sum.asleep_s * 1000 / sum.known_s);
	if (sum.asleep_s > 0)
		fill_period(minutes, &sum, ret);
}
