/* SPDX-License-Identifier: MIT */
/* A night's periodic leg movements, from the movements the history keeps. */
#include "hub/detect/night_summary.h"

#include "hub/core/mat.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define MINUTES_PER_H 60

/* As the series of the live line: a movement of the body longer than a leg's breaks a series. */
static bool is_of_legs(const struct bh_past_event *event)
{
	if (event->start_ms == BH_WALL_UNKNOWN || event->end_ms == BH_WALL_UNKNOWN)
		return false;
	return event->type == BH_EVENT_LEG_MOVEMENT ||
	       (event->type == BH_EVENT_LARGE_MOVEMENT &&
		(event->end_ms - event->start_ms) * BH_NS_PER_MS > bh_plm_wasm_2016.max_ns);
}

int bh_night_legs(const struct bh_past_night *past, struct bh_leg_movement **ret, size_t *ret_n)
{
	struct bh_leg_movement *legs = calloc(past->n_events + 1, sizeof(*legs));
	size_t n = 0;

	if (!legs)
		return -ENOMEM;
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (!is_of_legs(event))
			continue;
		legs[n++] = (struct bh_leg_movement){
			.on_ns = (event->start_ms - past->night.start_ms) * BH_NS_PER_MS,
			.off_ns = (event->end_ms - past->night.start_ms) * BH_NS_PER_MS,
			.leg = event->side,
		};
	}
	n = bh_plm_join(legs, n, &bh_plm_wasm_2016);
	bh_plm_series(legs, n, &bh_plm_wasm_2016);
	*ret = legs;
	*ret_n = n;
	return 0;
}

/* Minutes of a night in which a movement of a leg would not have been known, by minute of the scoring. */
struct unheard {
	bool minute[BH_SLEEP_MINUTES_MAX];
	int32_t asleep, awake_in_bed; /* how many there are of each */
};

static void find_unheard(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
			 struct unheard *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < past->n_epochs; i++) {
		int64_t at_ms = past->epochs[i].start_ms - minutes->start_ms;
		size_t minute = (size_t)(at_ms / MINUTE_MS);

		if (at_ms < 0 || minute >= minutes->n || ret->minute[minute] ||
		    past->epochs[i].epoch.leg_movements != BH_EPOCH_UNKNOWN)
			continue;
		ret->minute[minute] = true;
		ret->asleep += minutes->minute[minute] == BH_SLEEP_ASLEEP;
		ret->awake_in_bed +=
			minutes->minute[minute] == BH_SLEEP_AWAKE && minutes->occupied[minute];
	}
}

/* How the sleeper was when a movement began; unknown in minutes that do not count. */
static enum bh_sleep sleep_at(const struct bh_past_night *past,
			      const struct bh_sleep_night *minutes, const struct unheard *unheard,
			      int64_t on_ns)
{
	int64_t at_ms = past->night.start_ms + on_ns / BH_NS_PER_MS - minutes->start_ms;
	size_t minute = (size_t)(at_ms / MINUTE_MS);

	if (at_ms < 0 || minute >= minutes->n || unheard->minute[minute])
		return BH_SLEEP_UNKNOWN;
	if (minutes->minute[minute] == BH_SLEEP_AWAKE && !minutes->occupied[minute])
		return BH_SLEEP_UNKNOWN;
	return minutes->minute[minute];
}

static int32_t per_hour_milli(int32_t count, int32_t minutes, int32_t least)
{
	if (minutes < least)
		return BH_EPOCH_UNKNOWN;
	return (int32_t)((int64_t)count * MINUTES_PER_H * 1000 / minutes);
}

/* Series of which a movement fell asleep; numbers rise. */
static int32_t count_series(const struct bh_leg_movement *legs, size_t n)
{
	uint32_t last = 0;
	int32_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		sum += legs[i].series > last;
		last = legs[i].series > last ? legs[i].series : last;
	}
	return sum;
}

static void count_sides(const struct bh_leg_movement *legs, size_t n, struct bh_night_plm *ret)
{
	ret->left = ret->right = ret->both = 0;
	for (size_t i = 0; i < n; i++) {
		ret->left += legs[i].periodic && legs[i].leg == BH_SIDE_LEFT;
		ret->right += legs[i].periodic && legs[i].leg == BH_SIDE_RIGHT;
		ret->both += legs[i].periodic && legs[i].leg == BH_SIDE_BOTH;
	}
}

static void fill(const struct bh_leg_movement *asleep, size_t n, bool sides,
		 struct bh_night_plm *ret)
{
	struct bh_plm_counts counts;

	bh_plm_count(asleep, n, &counts);
	ret->candidates = (int32_t)counts.candidates;
	ret->asleep = (int32_t)counts.periodic;
	ret->series = count_series(asleep, n);
	if (counts.intervals >= BH_PLM_INTERVALS_MIN) {
		ret->pi_ferri_permille = counts.pi_ferri_permille;
		ret->pi_ratio_permille = counts.pi_ratio_permille;
	}
	if (counts.intervals_in_range >= BH_PLM_INTERVALS_MIN) {
		ret->interval_ms = counts.interval_ms;
		ret->missed_permille = BH_PLM_MISSED_PERMILLE;
	}
	if (sides)
		count_sides(asleep, n, ret);
}

void bh_night_plm(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
		  const struct bh_night_sleep *sleep, const struct bh_leg_movement *legs, size_t n,
		  struct bh_night_plm *ret)
{
	struct bh_leg_movement *asleep;
	struct unheard unheard;
	size_t n_asleep = 0;
	int32_t awake = 0;

	if (!(past->capabilities & BH_CAN_LEG_MOVEMENT) || sleep->asleep_min == BH_EPOCH_UNKNOWN)
		return;
	find_unheard(past, minutes, &unheard);
	if (unheard.asleep > 0 && unheard.asleep == sleep->asleep_min)
		return;
	asleep = calloc(n + 1, sizeof(*asleep));
	if (!asleep)
		return;
	for (size_t i = 0; i < n; i++) {
		enum bh_sleep state = sleep_at(past, minutes, &unheard, legs[i].on_ns);

		if (state == BH_SLEEP_ASLEEP)
			asleep[n_asleep++] = legs[i];
		awake += state == BH_SLEEP_AWAKE && legs[i].periodic;
	}
	fill(asleep, n_asleep, past->capabilities & BH_CAN_SIDE, ret);
	ret->awake = awake;
	ret->index_asleep_milli =
		per_hour_milli(ret->asleep, sleep->asleep_min - unheard.asleep, BH_PLM_ASLEEP_MIN);
	ret->index_awake_milli = per_hour_milli(
		awake, sleep->awake_in_bed_min - unheard.awake_in_bed, BH_PLM_AWAKE_MIN);
	free(asleep);
}
