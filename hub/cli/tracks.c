/* SPDX-License-Identifier: MIT */
#include "hub/cli/tracks.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <stdlib.h>
#include <string.h>

#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
/* More than this share of a column is "most of it", less than the other is not worth a mark. */
#define MOST_PERMILLE 600
#define SOME_PERMILLE 80
/* Share of time moving where each level begins: quiet nights and restless ones on one scale. */
static const int32_t movement_levels[BH_LEVELS] = { 0, 20, 50, 100, 200, 350, 500, 700 };
/* Less than this much between coolest and warmest is noise, not a picture. */
#define TEMPERATURE_RANGE_MIN_MDEGC 2000
/* This share of the night a leg warms up in bed from the cold outside: all of it is "cool". */
#define WARMING_UP_DIVISOR 10

bool bh_scale_fit(const struct bh_past_night *past, int columns, struct bh_scale *ret)
{
	if (!bh_night_hours(past, &ret->from_ms, &ret->to_ms))
		return false;
	ret->columns = columns < BH_COLUMNS_MAX ? columns : BH_COLUMNS_MAX;
	return true;
}

int bh_scale_column(const struct bh_scale *scale, int64_t at_ms)
{
	int64_t column = (at_ms - scale->from_ms) * scale->columns / (scale->to_ms - scale->from_ms);

	if (column < 0)
		return 0;
	return column < scale->columns ? (int)column : scale->columns - 1;
}

static int64_t column_start(const struct bh_scale *scale, int column)
{
	return scale->from_ms + (scale->to_ms - scale->from_ms) * column / scale->columns;
}

static bool outside(const struct bh_scale *scale, int64_t start_ms, int64_t end_ms)
{
	return start_ms == BH_WALL_UNKNOWN || end_ms <= scale->from_ms || start_ms >= scale->to_ms;
}

/* An open interval lasts at least until the end of what is shown. */
static int64_t end_of(const struct bh_past_event *event, const struct bh_scale *scale)
{
	return event->end_ms == BH_WALL_UNKNOWN ? scale->to_ms : event->end_ms;
}

static void clear(const struct bh_scale *scale, struct bh_cell *cells)
{
	memset(cells, 0, sizeof(*cells) * (size_t)scale->columns);
}

/* Milliseconds of each column that events of a type cover. */
static void cover(const struct bh_past_night *past, const struct bh_scale *scale,
		  enum bh_event_type type, int64_t *ret_ms)
{
	memset(ret_ms, 0, sizeof(*ret_ms) * (size_t)scale->columns);
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end_ms = end_of(event, scale);
		int last;

		if (event->type != type || outside(scale, event->start_ms, end_ms))
			continue;
		last = bh_scale_column(scale, end_ms);
		for (int c = bh_scale_column(scale, event->start_ms); c <= last; c++) {
			int64_t from = column_start(scale, c), to = column_start(scale, c + 1);

			if (from < event->start_ms)
				from = event->start_ms;
			if (to > end_ms)
				to = end_ms;
			if (to > from)
				ret_ms[c] += to - from;
		}
	}
}

static int64_t column_ms(const struct bh_scale *scale, int column)
{
	int64_t ms = column_start(scale, column + 1) - column_start(scale, column);

	return ms > 0 ? ms : 1;
}

/* FULL and PART by the share of each column that events of a type cover. */
static void show_intervals(const struct bh_past_night *past, const struct bh_scale *scale,
			   enum bh_event_type type, struct bh_cell *ret)
{
	int64_t ms[BH_COLUMNS_MAX];

	clear(scale, ret);
	cover(past, scale, type, ms);
	for (int c = 0; c < scale->columns; c++) {
		int64_t permille = ms[c] * 1000 / column_ms(scale, c);

		if (permille >= MOST_PERMILLE)
			ret[c].mark = BH_MARK_FULL;
		else if (permille >= SOME_PERMILLE)
			ret[c].mark = BH_MARK_PART;
	}
}

/* A mean over the epochs of each column, or BH_EPOCH_UNKNOWN where none knows. */
static void mean(const struct bh_past_night *past, const struct bh_scale *scale,
		 int32_t (*value)(const struct bh_past_night *past, const struct bh_past_epoch *at,
				  int slot),
		 int slot, int32_t *ret)
{
	int64_t sum[BH_COLUMNS_MAX] = { 0 };
	int64_t n[BH_COLUMNS_MAX] = { 0 };

	for (size_t i = 0; i < past->n_epochs; i++) {
		const struct bh_past_epoch *at = &past->epochs[i];
		int32_t v = value(past, at, slot);
		int c;

		if (v == BH_EPOCH_UNKNOWN || outside(scale, at->start_ms, at->start_ms + EPOCH_MS))
			continue;
		c = bh_scale_column(scale, at->start_ms);
		sum[c] += v;
		n[c]++;
	}
	for (int c = 0; c < scale->columns; c++) {
		/* Columns narrower than an epoch show the epoch they lie in. */
		int from = n[c] == 0 && c > 0 && column_ms(scale, c) < EPOCH_MS ? c - 1 : c;

		ret[c] = n[from] > 0 ? (int32_t)(sum[from] / n[from]) : BH_EPOCH_UNKNOWN;
	}
}

static int32_t coverage_of(const struct bh_past_night *past, const struct bh_past_epoch *at,
			   int slot)
{
	(void)slot;
	return bh_epoch_stands(past, at) ? at->epoch.coverage_permille : 0;
}

static int32_t moving_of(const struct bh_past_night *past, const struct bh_past_epoch *at, int slot)
{
	(void)slot;
	return bh_epoch_stands(past, at) ? at->epoch.moving_permille : BH_EPOCH_UNKNOWN;
}

static int32_t temperature_of(const struct bh_past_night *past, const struct bh_past_epoch *at,
			      int slot)
{
	(void)past;
	return at->epoch.temp_mdegc[slot];
}

/* Between the first and the last of the night: outside, nothing is expected of the sensors. */
static bool during_night(const struct bh_past_night *past, const struct bh_scale *scale, int column)
{
	const struct bh_night *night = &past->night;

	if (night->first_enter_ms != BH_WALL_UNKNOWN &&
	    column_start(scale, column + 1) <= night->first_enter_ms)
		return false;
	return night->last_exit_ms == BH_WALL_UNKNOWN ||
	       column_start(scale, column) < night->last_exit_ms;
}

/* Columns in which the mat did not work, or what it said was taken back. A hole between epochs is an
 * empty bed where a bed_exit covers it (hub/detect/README.md), else nobody looked. */
static void find_unseen(const struct bh_past_night *past, const struct bh_scale *scale, bool *ret)
{
	int32_t coverage[BH_COLUMNS_MAX];
	int64_t out_ms[BH_COLUMNS_MAX];

	mean(past, scale, coverage_of, 0, coverage);
	cover(past, scale, BH_EVENT_BED_EXIT, out_ms);
	for (int c = 0; c < scale->columns; c++) {
		if (coverage[c] != BH_EPOCH_UNKNOWN)
			ret[c] = coverage[c] < 1000 - MOST_PERMILLE;
		else
			ret[c] = during_night(past, scale, c) &&
				 out_ms[c] * 1000 / column_ms(scale, c) < 1000 - MOST_PERMILLE;
	}
}

/* What was not seen is not known, unless an event says what it was. Where a sensor that it needs was out
 * of order all night (past->capabilities), nobody could tell at all. */
static void mark_unknown(const struct bh_past_night *past, const struct bh_scale *scale,
			 uint32_t needs, struct bh_cell *ret)
{
	bool able = (past->capabilities & needs) == needs;
	bool unseen[BH_COLUMNS_MAX];

	find_unseen(past, scale, unseen);
	for (int c = 0; c < scale->columns; c++)
		if (ret[c].mark == BH_MARK_BLANK &&
		    (unseen[c] || (!able && during_night(past, scale, c))))
			ret[c].mark = BH_MARK_UNKNOWN;
}

void bh_track_interval(const struct bh_past_night *past, const struct bh_scale *scale,
		       enum bh_event_type type, struct bh_cell *ret)
{
	show_intervals(past, scale, type, ret);
	mark_unknown(past, scale, bh_event_info(type)->needs, ret);
}

void bh_track_in_bed(const struct bh_past_night *past, const struct bh_scale *scale,
		     struct bh_cell *ret)
{
	bool unseen[BH_COLUMNS_MAX];

	show_intervals(past, scale, BH_EVENT_BED_OCCUPIED, ret);
	find_unseen(past, scale, unseen);
	for (int c = 0; c < scale->columns; c++)
		if (unseen[c])
			ret[c].mark = BH_MARK_UNKNOWN;
}

void bh_track_faults(const struct bh_past_night *past, const struct bh_scale *scale,
		     struct bh_cell *ret)
{
	int64_t ms[BH_COLUMNS_MAX];

	clear(scale, ret);
	cover(past, scale, BH_EVENT_SENSOR_FAULT, ms);
	for (int c = 0; c < scale->columns; c++)
		if (ms[c] > 0)
			ret[c].mark = BH_MARK_FAULT;
}

static enum bh_mark mark_of_side(enum bh_side side)
{
	switch (side) {
	case BH_SIDE_LEFT:
		return BH_MARK_LEFT;
	case BH_SIDE_RIGHT:
		return BH_MARK_RIGHT;
	case BH_SIDE_BOTH:
		return BH_MARK_BOTH;
	case BH_SIDE_UNKNOWN:
		break;
	}
	return BH_MARK_FULL;
}

void bh_track_legs(const struct bh_past_night *past, const struct bh_scale *scale,
		   struct bh_cell *ret)
{
	show_intervals(past, scale, BH_EVENT_EDGE_SIT, ret);
	for (int c = 0; c < scale->columns; c++)
		if (ret[c].mark == BH_MARK_FULL)
			ret[c].mark = BH_MARK_PART;
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end_ms = end_of(event, scale);
		int first, last;

		if (event->type != BH_EVENT_LEGS_OVER_EDGE || bh_past_event_taken_back(event) ||
		    outside(scale, event->start_ms, end_ms))
			continue;
		first = bh_scale_column(scale, event->start_ms);
		last = bh_scale_column(scale, end_ms - 1);
		ret[first].mark = mark_of_side(event->side);
		for (int c = first + 1; c <= last; c++)
			ret[c].mark = BH_MARK_FULL;
	}
	mark_unknown(past, scale, bh_event_info(BH_EVENT_LEGS_OVER_EDGE)->needs, ret);
}

void bh_track_exits(const struct bh_past_night *past, const struct bh_scale *scale,
		    struct bh_cell *ret)
{
	int64_t last_ms = past->night.last_exit_ms;

	clear(scale, ret);
	for (size_t i = 0; i < past->n_events; i++) {
		int64_t at_ms = past->events[i].start_ms;

		if (past->events[i].type != BH_EVENT_BED_EXIT || outside(scale, at_ms, at_ms + 1))
			continue;
		if (last_ms == BH_WALL_UNKNOWN || at_ms < last_ms)
			ret[bh_scale_column(scale, at_ms)].mark = BH_MARK_POINT;
	}
	mark_unknown(past, scale, bh_event_info(BH_EVENT_BED_EXIT)->needs, ret);
}

void bh_track_movement(const struct bh_past_night *past, const struct bh_scale *scale,
		       struct bh_cell *ret)
{
	int32_t moving[BH_COLUMNS_MAX];
	int64_t in_bed_ms[BH_COLUMNS_MAX];
	bool unseen[BH_COLUMNS_MAX];

	clear(scale, ret);
	mean(past, scale, moving_of, 0, moving);
	find_unseen(past, scale, unseen);
	cover(past, scale, BH_EVENT_BED_OCCUPIED, in_bed_ms);
	for (int c = 0; c < scale->columns; c++) {
		if (unseen[c] || (moving[c] == BH_EPOCH_UNKNOWN && in_bed_ms[c] > 0))
			ret[c].mark = BH_MARK_UNKNOWN;
		if (in_bed_ms[c] == 0 || ret[c].mark == BH_MARK_UNKNOWN)
			continue;
		ret[c].mark = BH_MARK_LEVEL;
		while (ret[c].level + 1 < BH_LEVELS &&
		       moving[c] >= movement_levels[ret[c].level + 1])
			ret[c].level++;
	}
}

static char letter_of(enum bh_position position)
{
	switch (position) {
	case BH_POSITION_SUPINE:
		return 'S';
	case BH_POSITION_LEFT:
		return 'L';
	case BH_POSITION_RIGHT:
		return 'R';
	case BH_POSITION_PRONE:
		return 'P';
	case BH_POSITION_LYING:
		return '-';
	case BH_POSITION_SITTING_ON_EDGE:
	case BH_POSITION_LEGS_OVER_EDGE:
		return 'E';
	case BH_POSITION_UNKNOWN:
	case BH_POSITION_EMPTY:
	case BH_POSITION_END:
		break;
	}
	return '\0';
}

void bh_track_position(const struct bh_past_night *past, const struct bh_scale *scale,
		       struct bh_cell *ret)
{
	int count[BH_COLUMNS_MAX][BH_POSITION_END] = { { 0 } };
	bool unseen[BH_COLUMNS_MAX];

	clear(scale, ret);
	find_unseen(past, scale, unseen);
	for (size_t i = 0; i < past->n_epochs; i++) {
		const struct bh_past_epoch *at = &past->epochs[i];

		if (!outside(scale, at->start_ms, at->start_ms + EPOCH_MS) &&
		    bh_epoch_stands(past, at))
			count[bh_scale_column(scale, at->start_ms)][at->epoch.position]++;
	}
	for (int c = 0; c < scale->columns; c++) {
		int best = 0;

		for (int p = 1; p < BH_POSITION_END; p++)
			if (count[c][p] > count[c][best])
				best = p;
		ret[c].letter = letter_of((enum bh_position)best);
		if (unseen[c] || (best == BH_POSITION_UNKNOWN && count[c][best] > 0))
			ret[c].mark = BH_MARK_UNKNOWN;
		else if (ret[c].letter)
			ret[c].mark = BH_MARK_LETTER;
	}
	mark_unknown(past, scale, bh_event_info(BH_EVENT_POSITION)->needs, ret);
}

static int compare_mdegc(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

bool bh_track_temperature_range(const struct bh_past_night *past, const struct bh_scale *scale,
				int32_t *ret_min, int32_t *ret_max)
{
	int32_t seen[2 * BH_COLUMNS_MAX];
	int64_t in_bed_ms[BH_COLUMNS_MAX];
	int32_t min, max;
	size_t n = 0;

	cover(past, scale, BH_EVENT_BED_OCCUPIED, in_bed_ms);
	for (int slot = BH_TEMP_LEFT; slot <= BH_TEMP_RIGHT; slot++) {
		int32_t value[BH_COLUMNS_MAX];

		mean(past, scale, temperature_of, (int)slot, value);
		for (int c = 0; c < scale->columns; c++)
			if (value[c] != BH_EPOCH_UNKNOWN && in_bed_ms[c] > 0)
				seen[n++] = value[c];
	}
	if (n == 0)
		return false;
	qsort(seen, n, sizeof(seen[0]), compare_mdegc);
	min = seen[n / WARMING_UP_DIVISOR];
	max = seen[n - 1];
	if (max - min < TEMPERATURE_RANGE_MIN_MDEGC) {
		int32_t middle = min + (max - min) / 2;

		min = middle - TEMPERATURE_RANGE_MIN_MDEGC / 2;
		max = middle + TEMPERATURE_RANGE_MIN_MDEGC / 2;
	}
	*ret_min = min;
	*ret_max = max;
	return true;
}

void bh_track_temperature(const struct bh_past_night *past, const struct bh_scale *scale,
			  enum bh_temp_slot slot, int32_t min_mdegc, int32_t max_mdegc,
			  struct bh_cell *ret)
{
	int32_t value[BH_COLUMNS_MAX];

	clear(scale, ret);
	mean(past, scale, temperature_of, (int)slot, value);
	for (int c = 0; c < scale->columns; c++) {
		int64_t level;

		if (value[c] == BH_EPOCH_UNKNOWN) {
			if (during_night(past, scale, c))
				ret[c].mark = BH_MARK_UNKNOWN;
			continue;
		}
		level = (int64_t)(value[c] - min_mdegc) * BH_LEVELS / (max_mdegc - min_mdegc);
		ret[c].mark = BH_MARK_LEVEL;
		ret[c].level = level < 0 ? 0 : level < BH_LEVELS ? (int)level : BH_LEVELS - 1;
	}
}
