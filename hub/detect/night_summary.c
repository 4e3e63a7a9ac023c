/* SPDX-License-Identifier: MIT */
#include "hub/detect/night_summary.h"

#include "hub/core/mat.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <stdlib.h>

#define MS_PER_MIN INT64_C(60000)
#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
/* A night has at most 25 hours of 120 epochs; two runs may overlap by one. */
#define EPOCHS_MAX 3200
/* Temperatures are of quiet, covered epochs: at most one moving second in 30. */
#define QUIET_MOVING_PERMILLE 34
#define COVERED_PERMILLE 900
/* An interval and a gap this close adjoin: a hub that begins needs some seconds to hear its mat, and to
 * believe a body; an interval that a dying hub left open ends at its last sign of life, as the gap begins. */
#define ADJOINS_MS MS_PER_MIN

/** When data of the sleeper are expected: from entering to leaving, and what gaps hide of both. */
struct expected {
	int64_t from_ms;
	int64_t to_ms;
};

/* The part of an interval between two moments. An open one reaches the second. */
static int64_t inside_ms(const struct bh_past_event *event, int64_t from_ms, int64_t to_ms)
{
	int64_t start = event->start_ms > from_ms ? event->start_ms : from_ms;
	int64_t end =
		event->end_ms == BH_WALL_UNKNOWN || event->end_ms > to_ms ? to_ms : event->end_ms;

	return end > start ? end - start : 0;
}

static bool is_known(const struct bh_past_night *past, enum bh_event_type type)
{
	uint32_t needs = bh_event_info(type)->needs;

	return (past->capabilities & needs) == needs;
}

static int32_t minutes_between(const struct bh_past_night *past, enum bh_event_type type,
			       int64_t from_ms, int64_t to_ms)
{
	int64_t sum_ms = 0;

	for (size_t i = 0; i < past->n_events; i++)
		if (past->events[i].type == type)
			sum_ms += inside_ms(&past->events[i], from_ms, to_ms);
	return (int32_t)((sum_ms + MS_PER_MIN / 2) / MS_PER_MIN);
}

/* Minutes of one kind of interval, or unknown. */
static int32_t minutes_of(const struct bh_past_night *past, enum bh_event_type type)
{
	if (!is_known(past, type))
		return BH_EPOCH_UNKNOWN;
	return minutes_between(past, type, past->night.start_ms, past->night.end_ms);
}

/* An absence ended with a return: was it that of a sensor that had failed? */
static bool was_no_return(const struct bh_past_night *past, const struct bh_past_event *absence)
{
	for (size_t i = 0; i < past->n_events; i++)
		if (past->events[i].type == BH_EVENT_BED_OCCUPIED &&
		    past->events[i].start_ms == absence->end_ms &&
		    bh_past_event_taken_back(&past->events[i]))
			return true;
	return false;
}

/* It began in the night, and happened: it was not taken back, nor was what made it one. */
static bool counts(const struct bh_past_night *past, const struct bh_past_event *event)
{
	bool is_absence = event->type == BH_EVENT_BED_EXIT ||
			  event->type == BH_EVENT_TOILET_LIKE ||
			  event->type == BH_EVENT_WALK_BREAK;

	return event->start_ms >= past->night.start_ms && !bh_past_event_taken_back(event) &&
	       !(is_absence && was_no_return(past, event));
}

/* How many of one kind began in the night, or unknown. */
static int32_t count_of(const struct bh_past_night *past, enum bh_event_type type)
{
	int32_t n = 0;

	if (!is_known(past, type))
		return BH_EPOCH_UNKNOWN;
	for (size_t i = 0; i < past->n_events; i++)
		n += past->events[i].type == type && counts(past, &past->events[i]);
	return n;
}

/* Absences with a return: an exit that has ended in bed again. */
static int32_t count_exits(const struct bh_past_night *past)
{
	int32_t n = 0;

	if (!is_known(past, BH_EVENT_BED_EXIT))
		return BH_EPOCH_UNKNOWN;
	for (size_t i = 0; i < past->n_events; i++)
		n += past->events[i].type == BH_EVENT_BED_EXIT &&
		     past->events[i].end_cause == BH_END_NORMAL &&
		     past->events[i].end_ms < past->night.end_ms &&
		     counts(past, &past->events[i]);
	return n;
}

/* The beginning of the gaps that end where @p at_ms is; @p at_ms if there are none. */
static int64_t before_gaps(const struct bh_past_night *past, int64_t at_ms)
{
	for (size_t i = past->n_events; i-- > 0;) {
		const struct bh_past_event *gap = &past->events[i];

		if (gap->type == BH_EVENT_DATA_GAP && gap->end_ms != BH_WALL_UNKNOWN &&
		    gap->start_ms < at_ms && llabs(at_ms - gap->end_ms) <= ADJOINS_MS)
			at_ms = gap->start_ms;
	}
	return at_ms > past->night.start_ms ? at_ms : past->night.start_ms;
}

/* The end of the gaps, or also the faults, that begin where @p at_ms is; @p at_ms if there are none. */
static int64_t after_gaps(const struct bh_past_night *past, int64_t at_ms, bool or_faults)
{
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *gap = &past->events[i];
		int64_t end_ms = gap->end_ms == BH_WALL_UNKNOWN ? past->night.end_ms : gap->end_ms;
		bool unseen = gap->type == BH_EVENT_DATA_GAP ||
			      (or_faults && gap->type == BH_EVENT_SENSOR_FAULT);

		if (unseen && end_ms > at_ms &&
		    llabs(gap->start_ms - at_ms) <= ADJOINS_MS)
			at_ms = end_ms;
	}
	return at_ms < past->night.end_ms ? at_ms : past->night.end_ms;
}

/* The first interval in bed, and that which ends last; an open one ends last of all. */
static void find_ends(const struct bh_past_night *past, const struct bh_past_event **ret_first,
		      const struct bh_past_event **ret_last)
{
	const struct bh_past_event *first = NULL, *last = NULL;

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type != BH_EVENT_BED_OCCUPIED || bh_past_event_taken_back(event))
			continue;
		if (!first || event->start_ms < first->start_ms)
			first = event;
		if (!last || event->end_ms == BH_WALL_UNKNOWN ||
		    (last->end_ms != BH_WALL_UNKNOWN && event->end_ms > last->end_ms))
			last = event;
	}
	*ret_first = first;
	*ret_last = last;
}

/*
 * First entering and last leaving. Leaving is unknown while someone is in bed, and each where nobody
 * looked: somebody lay there when a gap was over, or was not seen to leave before one began.
 */
static struct expected find_bounds(const struct bh_past_night *past, struct bh_night *night)
{
	const struct bh_past_event *first, *last;
	struct expected expected = { BH_WALL_UNKNOWN, BH_WALL_UNKNOWN };
	int64_t begin_ms, end_ms;

	night->first_enter_ms = BH_WALL_UNKNOWN;
	night->last_exit_ms = BH_WALL_UNKNOWN;
	find_ends(past, &first, &last);
	if (!first)
		return expected;
	begin_ms = first->start_ms > night->start_ms ? first->start_ms : night->start_ms;
	expected.from_ms = bh_night_saw_entering(past, first) ? begin_ms : before_gaps(past, begin_ms);
	if (expected.from_ms == begin_ms)
		night->first_enter_ms = begin_ms;
	end_ms = last->end_ms;
	if (end_ms == BH_WALL_UNKNOWN)
		return expected;
	expected.to_ms = end_ms;
	if (last->end_cause != BH_END_NORMAL && end_ms < night->end_ms)
		expected.to_ms = after_gaps(past, end_ms, last->end_cause == BH_END_FAULT);
	/* A bed that could not be read any more was not seen to be left. */
	if (expected.to_ms == end_ms && last->end_cause != BH_END_FAULT)
		night->last_exit_ms = end_ms;
	return expected;
}

/* An empty bed gives no epochs after a while: a hole in them is covered where an exit covers it. */
static int64_t empty_ms(const struct bh_past_night *past, int64_t from_ms, int64_t to_ms)
{
	int64_t sum_ms = 0;

	for (size_t i = 0; from_ms < to_ms && i < past->n_events; i++)
		if (past->events[i].type == BH_EVENT_BED_EXIT)
			sum_ms += inside_ms(&past->events[i], from_ms, to_ms);
	return sum_ms;
}

static int32_t coverage_of(const struct bh_past_night *past, const struct expected *expected)
{
	int64_t from_ms = expected->from_ms, to_ms = expected->to_ms;
	int64_t seen_ms = from_ms, covered_ms = 0;

	if (from_ms == BH_WALL_UNKNOWN)
		return past->n_epochs ? 1000 : 0;
	if (to_ms == BH_WALL_UNKNOWN)
		to_ms = past->n_epochs ? past->epochs[past->n_epochs - 1].start_ms + EPOCH_MS
				       : past->night.end_ms;
	if (to_ms <= from_ms)
		return 1000;
	for (size_t i = 0; i < past->n_epochs; i++) {
		int64_t start = past->epochs[i].start_ms, end = start + EPOCH_MS;

		if (start < seen_ms)
			start = seen_ms;
		if (end > to_ms)
			end = to_ms;
		if (end <= start)
			continue;
		covered_ms += empty_ms(past, seen_ms, start);
		if (bh_epoch_stands(past, &past->epochs[i]))
			covered_ms += (end - start) *
				      past->epochs[i].epoch.coverage_permille / 1000;
		seen_ms = end;
	}
	covered_ms += empty_ms(past, seen_ms, to_ms);
	covered_ms = covered_ms * 1000 / (to_ms - from_ms);
	return covered_ms < 1000 ? (int32_t)covered_ms : 1000;
}

static int compare(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

static int32_t median(int32_t *values, size_t n)
{
	if (n == 0)
		return BH_EPOCH_UNKNOWN;
	qsort(values, n, sizeof(*values), compare);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

static bool is_quiet(const struct bh_epoch *epoch)
{
	return epoch->coverage_permille >= COVERED_PERMILLE &&
	       epoch->occupied_permille >= COVERED_PERMILLE &&
	       epoch->moving_permille != BH_EPOCH_UNKNOWN &&
	       epoch->moving_permille <= QUIET_MOVING_PERMILLE;
}

/* Median of one leg, or of left minus right (contact is then both bits). */
static int32_t temperature_of(const struct bh_past_night *past, uint8_t contact)
{
	int32_t values[EPOCHS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < past->n_epochs && n < EPOCHS_MAX; i++) {
		const struct bh_epoch *epoch = &past->epochs[i].epoch;
		int32_t left = epoch->temp_mdegc[BH_TEMP_LEFT];
		int32_t right = epoch->temp_mdegc[BH_TEMP_RIGHT];

		if (!is_quiet(epoch) || (epoch->contact & contact) != contact)
			continue;
		if (((contact & BH_CONTACT_LEFT) && left == BH_TEMP_UNKNOWN) ||
		    ((contact & BH_CONTACT_RIGHT) && right == BH_TEMP_UNKNOWN))
			continue;
		values[n++] = contact == BH_CONTACT_LEFT    ? left
			      : contact == BH_CONTACT_RIGHT ? right
							    : left - right;
	}
	return median(values, n);
}

static int32_t sum_leg_movements(const struct bh_past_night *past)
{
	int32_t sum = BH_EPOCH_UNKNOWN;

	if (!is_known(past, BH_EVENT_LEG_MOVEMENT))
		return BH_EPOCH_UNKNOWN;
	/* Where legs could not be told all night, how many movements there were is not known. */
	for (size_t i = 0; i < past->n_epochs; i++) {
		int32_t movements = past->epochs[i].epoch.leg_movements;

		if (movements != BH_EPOCH_UNKNOWN)
			sum = sum == BH_EPOCH_UNKNOWN ? movements : sum + movements;
	}
	return sum;
}

/* Restless in the first and in the last third of the time from entering to leaving, or up to now. */
static void split_restless(const struct bh_past_night *past, struct bh_night *ret)
{
	int64_t from_ms = ret->first_enter_ms, third_ms;
	int64_t to_ms = ret->last_exit_ms == BH_WALL_UNKNOWN ? past->night.end_ms : ret->last_exit_ms;

	if (!is_known(past, BH_EVENT_RESTLESS) || from_ms == BH_WALL_UNKNOWN || to_ms <= from_ms ||
	    (ret->last_exit_ms == BH_WALL_UNKNOWN && !bh_night_in_bed(past)))
		return;
	third_ms = (to_ms - from_ms) / 3;
	ret->restless_first_third_min =
		minutes_between(past, BH_EVENT_RESTLESS, from_ms, from_ms + third_ms);
	ret->restless_last_third_min =
		minutes_between(past, BH_EVENT_RESTLESS, to_ms - third_ms, to_ms);
}

static void count_events(const struct bh_past_night *past, struct bh_night *ret)
{
	ret->in_bed_min = minutes_of(past, BH_EVENT_BED_OCCUPIED);
	ret->restless_min = minutes_of(past, BH_EVENT_RESTLESS);
	ret->quiet_min = minutes_of(past, BH_EVENT_QUIET);
	ret->exits = count_exits(past);
	ret->legs_over_edge = count_of(past, BH_EVENT_LEGS_OVER_EDGE);
	ret->legs_over_edge_min = minutes_of(past, BH_EVENT_LEGS_OVER_EDGE);
	ret->position_changes = count_of(past, BH_EVENT_POSITION_CHANGE);
	ret->leg_movements = sum_leg_movements(past);
	ret->faults = count_of(past, BH_EVENT_SENSOR_FAULT);
	ret->restless_periods = count_of(past, BH_EVENT_RESTLESS);
	ret->walk_breaks = count_of(past, BH_EVENT_WALK_BREAK);
	ret->toilet_like = count_of(past, BH_EVENT_TOILET_LIKE);
	split_restless(past, ret);
}

int bh_night_look(const struct bh_past_night *past, struct bh_night_look *ret)
{
	struct bh_night *night = &ret->night;
	struct bh_leg_movement *legs;
	struct expected expected;
	size_t n_legs;
	int r = bh_night_legs(past, &legs, &n_legs);

	if (r < 0)
		return r;
	*night = bh_night_unknown;
	night->date = past->night.date;
	night->bed = past->night.bed;
	night->start_ms = past->night.start_ms;
	night->end_ms = past->night.end_ms;
	night->complete = past->night.complete;
	expected = find_bounds(past, night);
	night->coverage_permille = coverage_of(past, &expected);
	count_events(past, night);
	night->temp_left_mdegc = temperature_of(past, BH_CONTACT_LEFT);
	night->temp_right_mdegc = temperature_of(past, BH_CONTACT_RIGHT);
	night->temp_delta_mdegc = temperature_of(past, BH_CONTACT_LEFT | BH_CONTACT_RIGHT);
	if (bh_sleep_score(past, legs, n_legs, &ret->minutes) == 0) {
		bh_night_sleep(past, &ret->minutes, &night->sleep);
		bh_night_plm(past, &ret->minutes, &night->sleep, legs, n_legs, &night->plm);
	}
	free(legs);
	return 0;
}
