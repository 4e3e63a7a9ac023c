/* SPDX-License-Identifier: MIT */
#include "hub/report/bins.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <string.h>

/* Below this share of a step with a working mat nobody looked; as much absence explains it. */
#define SEEN_PERMILLE 400

/* Sums of one bin while epochs are added. */
struct sums {
	int64_t coverage, moving, temp[BH_TEMP_SLOTS];
	int32_t n_coverage, n_moving, n_temp[BH_TEMP_SLOTS];
	int32_t asleep, awake;
	int32_t position[BH_POSITION_END];
	int64_t out_ms, in_ms;
};

/* @return The bin of a moment, or NULL outside. */
static struct sums *sums_at(const struct bh_bins *bins, struct sums *sums, int64_t at_ms)
{
	int64_t i;

	if (at_ms < bins->from_ms || at_ms >= bins->to_ms)
		return NULL;
	i = (at_ms - bins->from_ms) / BH_BIN_MS;
	return i < (int64_t)bins->n ? &sums[i] : NULL;
}

/* What the mat said, where it was not taken back: else it is as if the mat had not worked. */
static void add_mat(struct sums *s, const struct bh_past_night *past,
		    const struct bh_past_epoch *at)
{
	const struct bh_epoch *epoch = &at->epoch;
	bool stands = bh_epoch_stands(past, at);

	if (epoch->coverage_permille != BH_EPOCH_UNKNOWN) {
		s->coverage += stands ? epoch->coverage_permille : 0;
		s->n_coverage++;
	}
	if (!stands)
		return;
	if (epoch->moving_permille != BH_EPOCH_UNKNOWN && epoch->occupied_permille > 0) {
		s->moving += epoch->moving_permille;
		s->n_moving++;
	}
	s->asleep += at->sleep == BH_SLEEP_ASLEEP;
	s->awake += at->sleep == BH_SLEEP_AWAKE;
	if (epoch->position < BH_POSITION_END)
		s->position[epoch->position]++;
}

static void add_temperatures(struct sums *s, const struct bh_epoch *epoch)
{
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++) {
		if (epoch->temp_mdegc[slot] == BH_EPOCH_UNKNOWN)
			continue;
		s->temp[slot] += epoch->temp_mdegc[slot];
		s->n_temp[slot]++;
	}
}

/* The part of each bin that an interval covers. */
static void add_cover(const struct bh_bins *bins, struct sums *sums,
		      const struct bh_past_event *event)
{
	int64_t end_ms = event->end_ms == BH_WALL_UNKNOWN ? bins->to_ms : event->end_ms;

	for (size_t i = 0; i < bins->n; i++) {
		int64_t from = bins->from_ms + (int64_t)i * BH_BIN_MS, to = from + BH_BIN_MS;

		from = from > event->start_ms ? from : event->start_ms;
		to = to < end_ms ? to : end_ms;
		if (to <= from)
			continue;
		if (event->type == BH_EVENT_BED_EXIT)
			sums[i].out_ms += to - from;
		else
			sums[i].in_ms += to - from;
	}
}

/* Between the first and the last of the night: outside, nothing is expected of the sensors. */
static bool during_night(const struct bh_past_night *past, int64_t from_ms, int64_t to_ms)
{
	const struct bh_night *night = &past->night;
	int64_t enter_ms = night->first_enter_ms;

	/* The picture begins with the gap that hides it. */
	if (bh_night_entering_unseen(past))
		enter_ms = past->events[0].start_ms;
	for (size_t i = 0; i < past->n_events && enter_ms == BH_WALL_UNKNOWN; i++)
		if (past->events[i].type == BH_EVENT_BED_OCCUPIED)
			enter_ms = past->events[i].start_ms;
	if (enter_ms == BH_WALL_UNKNOWN || to_ms <= enter_ms)
		return false;
	return night->last_exit_ms == BH_WALL_UNKNOWN || from_ms < night->last_exit_ms;
}

/* A hole between epochs is an empty bed where a bed_exit covers it (hub/detect/README.md), else nobody
 * looked. */
static bool unseen(const struct bh_past_night *past, const struct sums *s, int64_t from_ms)
{
	if (!during_night(past, from_ms, from_ms + BH_BIN_MS))
		return false;
	if (s->n_coverage > 0)
		return s->coverage / s->n_coverage < SEEN_PERMILLE;
	return s->out_ms * 1000 / BH_BIN_MS < SEEN_PERMILLE;
}

static void finish(const struct sums *s, struct bh_bin *bin)
{
	bin->in_bed = s->in_ms > BH_BIN_MS / 2;
	bin->moving_permille = s->n_moving > 0 && s->in_ms > 0 && !bin->unseen
				       ? (int32_t)(s->moving / s->n_moving)
				       : BH_EPOCH_UNKNOWN;
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++)
		bin->temp_mdegc[slot] = s->n_temp[slot] > 0
						? (int32_t)(s->temp[slot] / s->n_temp[slot])
						: BH_EPOCH_UNKNOWN;
	if (s->asleep + s->awake > 0)
		bin->sleep = s->asleep > s->awake ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
	for (int p = 1; p < BH_POSITION_END; p++)
		if (s->position[p] > s->position[bin->position])
			bin->position = (enum bh_position)p;
}

bool bh_bins_fill(const struct bh_past_night *past, struct bh_bins *ret)
{
	struct sums sums[BH_BINS_MAX];

	memset(ret, 0, sizeof(*ret));
	memset(sums, 0, sizeof(sums));
	if (!bh_night_hours(past, &ret->from_ms, &ret->to_ms))
		return false;
	ret->n = (size_t)((ret->to_ms - ret->from_ms + BH_BIN_MS - 1) / BH_BIN_MS);
	if (ret->n > BH_BINS_MAX)
		ret->n = BH_BINS_MAX;
	for (size_t i = 0; i < past->n_epochs; i++) {
		struct sums *s = sums_at(ret, sums, past->epochs[i].start_ms);

		if (!s)
			continue;
		add_mat(s, past, &past->epochs[i]);
		add_temperatures(s, &past->epochs[i].epoch);
	}
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		struct sums *s = sums_at(ret, sums, event->start_ms);

		if (event->type == BH_EVENT_BED_EXIT || event->type == BH_EVENT_BED_OCCUPIED)
			add_cover(ret, sums, event);
		if (s && event->type == BH_EVENT_LEG_MOVEMENT)
			ret->bin[s - sums].leg_movements++;
	}
	for (size_t i = 0; i < ret->n; i++) {
		ret->bin[i].unseen = unseen(past, &sums[i], ret->from_ms + (int64_t)i * BH_BIN_MS);
		finish(&sums[i], &ret->bin[i]);
	}
	return true;
}
