/* SPDX-License-Identifier: MIT */
#include "rules/signal.h"

#include "rules/words.h"

#include <errno.h>
#include <stdlib.h>

#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
#define MS_PER_H INT64_C(3600000)
/* `quiet`: less than two seconds of movement a minute (science.md section 0). */
#define QUIET_PERMILLE 33
#define MOST_PERMILLE 500
/* A median over less than half an hour of quiet contact says little about a night. */
#define TEMP_EPOCHS_MIN 60
/* Five-minute medians smooth a thermometer (science.md 2.5). */
#define BIN_MS INT64_C(300000)
#define BIN_EPOCHS_MIN 5
/* A step of the room this large may be a window or a heater, not the leg (science.md section 5). */
#define ROOM_STEP_MDEGC 1000
#define SLOPE_EPOCHS_MIN 6
/* Indices need an hour of sleep for their denominator and 20 intervals (science.md 2.1). */
#define SLEEP_MIN_MS MS_PER_H
#define INTERVALS_MIN 20
#define PERIODIC_RUN 3
#define PERIODIC_MIN_MS 10000
#define PERIODIC_MAX_MS 90000
/* Movements of both legs this close are one (WASM/IRLSSG 2016). */
#define BILATERAL_GAP_MS 500

/* Put the element of rank @p k where it belongs, smaller ones before it (Hoare's selection). */
static int64_t select_rank(int64_t *items, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	while (low < high) {
		int64_t pivot = items[low + (high - low) / 2];
		size_t i = low, j = high;
		int64_t swap;

		for (;;) {
			while (items[i] < pivot)
				i++;
			while (items[j] > pivot)
				j--;
			if (i >= j)
				break;
			swap = items[i];
			items[i++] = items[j];
			items[j--] = swap;
		}
		if (k <= j)
			high = j;
		else
			low = j + 1;
	}
	return items[k];
}

int64_t bh_median(int64_t *items, size_t n)
{
	int64_t upper = select_rank(items, n, n / 2), lower;

	if (n % 2)
		return upper;
	lower = items[0];
	for (size_t i = 1; i < n / 2; i++)
		lower = items[i] > lower ? items[i] : lower;
	return (lower + upper) / 2;
}

/* One epoch's value. */
static bool epoch_value(const struct bh_epoch *epoch, enum bh_signal signal, int64_t *ret)
{
	const int32_t *temp = epoch->temp_mdegc;
	bool left = temp[BH_TEMP_LEFT] != BH_TEMP_UNKNOWN && (epoch->contact & BH_CONTACT_LEFT);
	bool right = temp[BH_TEMP_RIGHT] != BH_TEMP_UNKNOWN && (epoch->contact & BH_CONTACT_RIGHT);

	switch (signal) {
	case BH_SIGNAL_ASYM_ABS:
	case BH_SIGNAL_ASYM_DELTA:
		*ret = left && right ? (int64_t)temp[BH_TEMP_LEFT] - temp[BH_TEMP_RIGHT] : 0;
		return left && right;
	case BH_SIGNAL_TEMP_LEFT:
		*ret = temp[BH_TEMP_LEFT];
		return left;
	case BH_SIGNAL_TEMP_RIGHT:
		*ret = temp[BH_TEMP_RIGHT];
		return right;
	case BH_SIGNAL_TEMP_ROOM:
		*ret = temp[BH_TEMP_ROOM];
		return temp[BH_TEMP_ROOM] != BH_TEMP_UNKNOWN;
	case BH_SIGNAL_PLMI:
	case BH_SIGNAL_PI_FERRI:
	case BH_SIGNAL_END:
		break;
	}
	return false;
}

static bool epoch_quiet(const struct bh_epoch *epoch)
{
	return epoch->occupied_permille >= MOST_PERMILLE &&
	       epoch->moving_permille != BH_EPOCH_UNKNOWN &&
	       epoch->moving_permille <= QUIET_PERMILLE;
}

/* Median over the quiet epochs in bed. */
static int median_temp(struct bh_view *view, enum bh_signal signal, struct bh_number *ret)
{
	const struct bh_past_night *past = view->past;
	int64_t *values = bh_arena_alloc(view->arena, (past->n_epochs + 1) * sizeof(*values));
	size_t n = 0;

	if (!values)
		return -ENOMEM;
	for (size_t i = 0; i < past->n_epochs; i++)
		if (epoch_quiet(&past->epochs[i].epoch) &&
		    epoch_value(&past->epochs[i].epoch, signal, &values[n]))
			n++;
	ret->known = n >= TEMP_EPOCHS_MIN;
	if (ret->known)
		ret->milli = bh_median(values, n);
	return 0;
}

static int plm_index(struct bh_view *view, struct bh_number *ret)
{
	const struct bh_spans *asleep = bh_view_state(view, BH_STATE_ASLEEP);
	int64_t length, movements = 0;

	if (!asleep)
		return -ENOMEM;
	length = bh_spans_length(asleep);
	ret->known = asleep->known && length >= SLEEP_MIN_MS;
	if (!ret->known)
		return 0;
	for (size_t i = 0; i < view->n_by_type[BH_EVENT_PLM_SERIES]; i++) {
		const struct bh_past_event *series = view->by_type[BH_EVENT_PLM_SERIES][i];

		if (bh_spans_at(asleep, series->start_ms))
			movements += series->value;
	}
	ret->milli = movements * 1000 * MS_PER_H / length;
	return 0;
}

/* Onsets of leg movements asleep, both legs joined, by time. */
static size_t onsets_asleep(const struct bh_view *view, const struct bh_spans *asleep, int64_t *ret)
{
	int64_t end = INT64_MIN;
	size_t n = 0;

	for (size_t i = 0; i < view->n_by_type[BH_EVENT_LEG_MOVEMENT]; i++) {
		const struct bh_past_event *movement = view->by_type[BH_EVENT_LEG_MOVEMENT][i];
		int64_t movement_end = bh_view_end(view, movement);

		if (!bh_spans_at(asleep, movement->start_ms))
			continue;
		if (n == 0 || movement->start_ms >= end + BILATERAL_GAP_MS)
			ret[n++] = movement->start_ms;
		end = movement_end > end ? movement_end : end;
	}
	return n;
}

/* PI_ferri of science.md 2.1: the share of intervals of 10 to 90 s in runs of at least three. */
static int periodicity(struct bh_view *view, struct bh_number *ret)
{
	const struct bh_spans *asleep = bh_view_state(view, BH_STATE_ASLEEP);
	int64_t *onsets = bh_arena_alloc(view->arena, (view->n_by_type[BH_EVENT_LEG_MOVEMENT] + 1) *
							      sizeof(*onsets));
	size_t n, run = 0, periodic = 0;

	if (!asleep || !onsets)
		return -ENOMEM;
	n = onsets_asleep(view, asleep, onsets);
	ret->known = asleep->known && n > INTERVALS_MIN;
	if (!ret->known)
		return 0;
	for (size_t i = 1; i < n; i++) {
		int64_t interval = onsets[i] - onsets[i - 1];

		run = interval > PERIODIC_MIN_MS && interval <= PERIODIC_MAX_MS ? run + 1 : 0;
		if (run == PERIODIC_RUN)
			periodic += PERIODIC_RUN;
		else if (run > PERIODIC_RUN)
			periodic++;
	}
	ret->milli = (int64_t)(periodic * 1000 / (n - 1));
	return 0;
}

/* The summary refuses a figure of legs on purpose: of too short a sleep, of a night with holes. It is
 * worked out anew only where no summary of this kind was ever made. */
static bool has_leg_summary(const struct bh_night *night)
{
	return night->sleep.bed_min != BH_EPOCH_UNKNOWN ||
	       night->restless_periods != BH_EPOCH_UNKNOWN;
}

/* A night that was not summed up, or has no such figure. */
static int work_out_anew(struct bh_view *view, enum bh_signal signal, struct bh_number *ret)
{
	bool refused = has_leg_summary(&view->past->night);

	switch (signal) {
	case BH_SIGNAL_PLMI:
		return refused ? 0 : plm_index(view, ret);
	case BH_SIGNAL_PI_FERRI:
		return refused ? 0 : periodicity(view, ret);
	case BH_SIGNAL_ASYM_ABS:
	case BH_SIGNAL_ASYM_DELTA:
	case BH_SIGNAL_TEMP_LEFT:
	case BH_SIGNAL_TEMP_RIGHT:
	case BH_SIGNAL_TEMP_ROOM:
	case BH_SIGNAL_END:
		break;
	}
	return median_temp(view, signal, ret);
}

static int work_out(struct bh_view *view, enum bh_signal signal, struct bh_number *ret)
{
	const struct bh_night *night = &view->past->night;
	int32_t stored = BH_EPOCH_UNKNOWN;

	*ret = (struct bh_number){ .known = false };
	if ((view->past->capabilities & bh_signal_needs(signal)) != bh_signal_needs(signal))
		return 0;
	switch (signal) {
	case BH_SIGNAL_PLMI:
		stored = night->plm.index_asleep_milli;
		break;
	case BH_SIGNAL_PI_FERRI:
		stored = night->plm.pi_ferri_permille;
		break;
	case BH_SIGNAL_ASYM_ABS:
	case BH_SIGNAL_ASYM_DELTA:
		stored = night->temp_delta_mdegc;
		break;
	case BH_SIGNAL_TEMP_LEFT:
		stored = night->temp_left_mdegc;
		break;
	case BH_SIGNAL_TEMP_RIGHT:
		stored = night->temp_right_mdegc;
		break;
	case BH_SIGNAL_TEMP_ROOM:
	case BH_SIGNAL_END:
		break;
	}
	if (stored == BH_EPOCH_UNKNOWN)
		return work_out_anew(view, signal, ret);
	*ret = (struct bh_number){ true, stored };
	return 0;
}

int bh_signal_night(struct bh_view *view, enum bh_signal signal, struct bh_number *ret)
{
	int r = 0;

	if (!view->signal_made[signal]) /* several measures ask for the same */
		r = work_out(view, signal, &view->signals[signal]);
	view->signal_made[signal] = r == 0;
	*ret = view->signals[signal];
	return r;
}

/* ---- inside a night ---- */

struct bin {
	struct bh_number value;
	struct bh_number room;
};

/* The median of the epochs [first, end) that begin inside the spans; *at is the span reached. */
static struct bh_number median_between(const struct bh_view *view, enum bh_signal signal,
				       const struct bh_spans *spans, size_t *at, size_t first,
				       size_t end, int64_t *scratch)
{
	struct bh_number ret = { .known = false };
	size_t n = 0;

	for (size_t i = first; i < end; i++) {
		const struct bh_past_epoch *epoch = &view->past->epochs[i];

		while (spans && *at < spans->n && spans->items[*at].end <= epoch->start_ms)
			(*at)++;
		if (spans && (*at == spans->n || spans->items[*at].start > epoch->start_ms))
			continue;
		n += epoch_value(&epoch->epoch, signal, &scratch[n]) ? 1 : 0;
	}
	ret.known = n >= BIN_EPOCHS_MIN;
	if (ret.known)
		ret.milli = bh_median(scratch, n);
	return ret;
}

static struct bin *make_bins(struct bh_view *view, enum bh_signal signal,
			     const struct bh_spans *spans, size_t *ret_n)
{
	const struct bh_past_night *past = view->past;
	bool room = (past->capabilities & BH_CAN_TEMP_ROOM) != 0;
	int64_t *scratch = bh_arena_alloc(view->arena, (past->n_epochs + 1) * sizeof(*scratch));
	int64_t start = past->n_epochs ? past->epochs[0].start_ms : 0;
	int64_t end = past->n_epochs ? past->epochs[past->n_epochs - 1].start_ms + 1 : start;
	size_t n = (size_t)((end - start + BIN_MS - 1) / BIN_MS), i = 0, at = 0;
	struct bin *bins = bh_arena_alloc(view->arena, (n + 1) * sizeof(*bins));

	if (!scratch || !bins)
		return NULL;
	for (size_t b = 0; b < n; b++) {
		size_t first = i;

		while (i < past->n_epochs &&
		       past->epochs[i].start_ms < start + (int64_t)(b + 1) * BIN_MS)
			i++;
		bins[b].value = median_between(view, signal, spans, &at, first, i, scratch);
		if (room)
			bins[b].room = median_between(view, BH_SIGNAL_TEMP_ROOM, NULL, NULL, first,
						      i, scratch);
	}
	*ret_n = n;
	return bins;
}

int bh_signal_change(struct bh_view *view, enum bh_signal signal, const struct bh_spans *spans,
		     int64_t per_ms, struct bh_number *ret)
{
	size_t n, reach = (size_t)(per_ms / BIN_MS);
	struct bin *bins = make_bins(view, signal, spans, &n);

	*ret = (struct bh_number){ .known = false };
	if (!bins)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n && j - i <= reach; j++) {
			int64_t change = bins[j].value.milli - bins[i].value.milli;

			if (!bins[i].value.known || !bins[j].value.known)
				continue;
			if (bins[i].room.known && bins[j].room.known &&
			    llabs(bins[j].room.milli - bins[i].room.milli) >= ROOM_STEP_MDEGC)
				continue;
			if (!ret->known || llabs(change) > llabs(ret->milli))
				ret->milli = change;
			ret->known = true;
		}
	}
	return 0;
}

/* The first epoch that begins at or after a moment. */
static size_t first_epoch(const struct bh_past_night *past, int64_t at_ms)
{
	size_t low = 0, high = past->n_epochs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (past->epochs[middle].start_ms < at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int bh_signal_slope(struct bh_view *view, enum bh_signal signal, int64_t from_ms, int64_t to_ms,
		    int64_t per_ms, struct bh_number *ret)
{
	const struct bh_past_night *past = view->past;
	int64_t n = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0, spread;

	/* Epochs as x keep the sums small: a day has 2880. */
	for (size_t i = first_epoch(past, from_ms); i < past->n_epochs; i++) {
		int64_t at = past->epochs[i].start_ms, y, x;

		if (at + EPOCH_MS > to_ms)
			break;
		if (!epoch_value(&past->epochs[i].epoch, signal, &y))
			continue;
		x = (at - from_ms) / EPOCH_MS;
		n++;
		sum_x += x;
		sum_y += y;
		sum_xx += x * x;
		sum_xy += x * y;
	}
	spread = n * sum_xx - sum_x * sum_x;
	ret->known = n >= SLOPE_EPOCHS_MIN && spread > 0;
	ret->milli = ret->known ? (n * sum_xy - sum_x * sum_y) * (per_ms / EPOCH_MS) / spread : 0;
	return 0;
}
