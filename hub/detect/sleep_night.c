/* SPDX-License-Identifier: MIT */
/* One stored night, scored minute by minute. */
#include "hub/detect/sleep.h"

#include "hub/core/mat.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define MOST_PERMILLE 500
/*
 * Counts of the formula are a wrist's; epochs count seconds with movement, five each. How long a
 * movement shakes a mat is the mat's own: they are divided by 3 and a quarter of what the sleeper's
 * usual minute with movement has this night (median), 6 on a sheet under the mattress, 12 on strips.
 * By 12 a minute is wake by itself from eleven seconds with movement on. Pads have toggles, no
 * seconds. All found on simulated nights (README).
 */
#define SCALE_LEAST 3
#define SCALE_SHARE 4
/* More is no body that moves but a mat that does not come to rest. */
#define SCALE_MOST 20
/* Fewer minutes with movement have no usual one. */
#define SCALE_MINUTES_MIN 20
#define SCALE_UNKNOWN 12
#define SCALE_PADS 3
#define COUNTS_PER_S 5
#define ASLEEP_BELOW_MILLI 1000
/* Minutes that the formula looks at before and after. */
#define MINUTES_BEFORE 4
#define MINUTES_AFTER 2
/* Persistent sleep, as laboratories and Actiware take its beginning: ten minutes, one of them may be
 * wake. The first minute of sleep alone is no beginning: whoever lies still awake has many. */
#define ONSET_MINUTES 10
#define ONSET_AWAKE_MAX 1

/* First entering and last leaving of the night's occupied intervals, cut to the night. */
static bool find_bounds(const struct bh_past_night *past, int64_t *ret_from, int64_t *ret_to)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end = event->end_ms == BH_WALL_UNKNOWN ? past->night.end_ms : event->end_ms;

		if (event->type != BH_EVENT_BED_OCCUPIED || bh_past_event_taken_back(event))
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

/*
 * The minute of getting in. It takes seconds until someone is told to be there: who gets in at the end
 * of a minute has no epoch in it, and is scored from the next one on.
 */
static int64_t first_minute_ms(const struct bh_past_night *past, int64_t from_ms, int64_t to_ms)
{
	int64_t minute_ms = from_ms / MINUTE_MS * MINUTE_MS;
	bool next = false;

	for (size_t i = 0; i < past->n_epochs; i++) {
		int64_t at = past->epochs[i].start_ms - minute_ms;

		if (at >= 0 && at < MINUTE_MS)
			return minute_ms;
		next |= at >= MINUTE_MS && at < 2 * MINUTE_MS;
	}
	return next && minute_ms + MINUTE_MS < to_ms ? minute_ms + MINUTE_MS : minute_ms;
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
		    epoch->activity == BH_EPOCH_UNKNOWN ||
		    epoch->coverage_permille < MOST_PERMILLE ||
		    !bh_epoch_stands(past, &past->epochs[i]))
			continue;
		minute = (size_t)(at / MINUTE_MS);
		if (night->activity[minute] == BH_EPOCH_UNKNOWN)
			night->activity[minute] = 0;
		night->activity[minute] += epoch->activity;
		night->occupied[minute] |= epoch->occupied_permille >= MOST_PERMILLE;
		night->up[minute] |= is_up(epoch);
	}
}

/* Legs that strips hear by their mean are events that epochs did not count: what others did stays. */
static void take_off(const uint8_t *seconds, const uint8_t *stay_s,
		     const struct bh_sleep_night *night, int32_t *ret)
{
	for (size_t i = 0; i < night->n; i++) {
		int32_t stays = stay_s[i] * COUNTS_PER_S;

		ret[i] = night->activity[i];
		if (ret[i] == BH_EPOCH_UNKNOWN || ret[i] <= stays)
			continue;
		ret[i] -= seconds[i] * COUNTS_PER_S;
		if (ret[i] < stays)
			ret[i] = stays;
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

static enum bh_sleep score_minute(const struct bh_sleep_night *night, const int32_t *activity,
				  size_t i, const struct bh_counts *counts)
{
	if (activity[i] == BH_EPOCH_UNKNOWN)
		return BH_SLEEP_UNKNOWN;
	if (!night->occupied[i] || night->up[i] ||
	    bh_cole_kripke_milli(activity, night->n, i, counts) >= ASLEEP_BELOW_MILLI)
		return BH_SLEEP_AWAKE;
	return sees_all(night, i) ? BH_SLEEP_ASLEEP : BH_SLEEP_UNKNOWN;
}

static void score(const struct bh_sleep_night *night, const int32_t *activity,
		  const struct bh_counts *counts, enum bh_sleep *ret)
{
	for (size_t i = 0; i < night->n; i++)
		ret[i] = score_minute(night, activity, i, counts);
	bh_webster_rescore(ret, night->n);
}

/* The first minute that begins ten of sleep, of which one may be wake; n: there is none. */
static size_t find_onset(const enum bh_sleep *minute, size_t n)
{
	for (size_t i = 0; i + ONSET_MINUTES <= n; i++) {
		size_t asleep = 0;

		for (size_t k = i; k < i + ONSET_MINUTES; k++)
			asleep += minute[k] == BH_SLEEP_ASLEEP;
		if (minute[i] == BH_SLEEP_ASLEEP && asleep >= ONSET_MINUTES - ONSET_AWAKE_MAX)
			return i;
	}
	return n;
}

static void begin_at_onset(const enum bh_sleep *evening, struct bh_sleep_night *night)
{
	size_t onset = find_onset(evening, night->n);

	for (size_t i = 0; i < onset && onset < night->n; i++)
		if (night->minute[i] == BH_SLEEP_ASLEEP)
			night->minute[i] = BH_SLEEP_AWAKE;
}

/* Pads know no load, whatever works; a mat that weighs may have lost its legs to a fault for a night. */
static bool weighs(const struct bh_past_night *past)
{
	for (size_t i = 0; i < past->n_epochs; i++)
		if (past->epochs[i].epoch.load_permille != BH_EPOCH_UNKNOWN)
			return true;
	return false;
}

static int by_size(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static int32_t scale_of(const struct bh_past_night *past, const struct bh_sleep_night *night,
			const int32_t *activity)
{
	int32_t active[BH_SLEEP_MINUTES_MAX], scale;
	size_t n = 0;

	if (!weighs(past))
		return SCALE_PADS;
	for (size_t i = 0; i < night->n; i++)
		if (activity[i] > 0 && night->occupied[i] && !night->up[i])
			active[n++] = activity[i];
	if (n < SCALE_MINUTES_MIN)
		return SCALE_UNKNOWN;
	qsort(active, n, sizeof(active[0]), by_size);
	scale = SCALE_LEAST + (active[n / 2] + SCALE_SHARE / 2) / SCALE_SHARE;
	return scale < SCALE_MOST ? scale : SCALE_MOST;
}

static void begin(struct bh_sleep_night *night)
{
	for (size_t i = 0; i < night->n; i++) {
		night->activity[i] = BH_EPOCH_UNKNOWN;
		night->occupied[i] = false;
		night->up[i] = false;
	}
}

int bh_sleep_score(const struct bh_past_night *past, const struct bh_leg_movement *legs,
		   size_t n_legs, struct bh_sleep_night *ret)
{
	enum bh_sleep evening[BH_SLEEP_MINUTES_MAX];
	int32_t calm[BH_SLEEP_MINUTES_MAX], before_sleep[BH_SLEEP_MINUTES_MAX];
	struct bh_counts counts = bh_counts_plain;
	struct bh_sleep_rhythm rhythm;
	int64_t from, to;
	int r;

	ret->n = 0;
	if (!(past->capabilities & BH_CAN_MOVEMENT) || !find_bounds(past, &from, &to))
		return -ENODATA;
	ret->start_ms = first_minute_ms(past, from, to);
	r = bh_sleep_rhythm(past, legs, n_legs, ret->start_ms, &rhythm);
	if (r < 0)
		return r;
	ret->n = (size_t)((to - ret->start_ms + MINUTE_MS - 1) / MINUTE_MS);
	if (ret->n > BH_SLEEP_MINUTES_MAX)
		ret->n = BH_SLEEP_MINUTES_MAX;
	begin(ret);
	fill(past, ret);
	fill_absences(past, ret);
	take_off(rhythm.long_s, rhythm.large_s, ret, before_sleep);
	take_off(rhythm.any_s, rhythm.large_s, ret, calm);
	memcpy(ret->activity, calm, sizeof(calm[0]) * ret->n);
	counts.divisor = scale_of(past, ret, calm);
	score(ret, before_sleep, &counts, evening);
	score(ret, calm, &counts, ret->minute);
	begin_at_onset(evening, ret);
	return 0;
}
