/* SPDX-License-Identifier: MIT */
/* A night summed up: golden series in a night of epochs, and what must stay unknown. */
#include "hub/core/night.h"
#include "hub/detect/night_summary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define MINUTE_MS INT64_C(60000)
#define EPOCHS_MAX 1200
#define EVENTS_MAX 400
/* In bed from the eleventh hour of the night, for eight hours; restless for the first 20 minutes. */
#define ENTER_MIN (11 * 60)
#define BED_MIN 480
#define RESTLESS_MIN 20
#define CAN                                                                                        \
	(BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT | BH_CAN_LEG_MOVEMENT | BH_CAN_SIDE |                  \
	 BH_CAN_RESTLESSNESS)

struct bed {
	struct bh_past_night past;
	struct bh_past_event events[EVENTS_MAX];
	struct bh_past_epoch epochs[EPOCHS_MAX];
	int64_t enter_ms;
};

static struct bed the;
static struct bh_night_look look;

static struct bh_past_event *event(enum bh_event_type type, int64_t start_ms, int64_t end_ms)
{
	struct bh_past_event *e = &the.events[the.past.n_events++];

	assert_true(the.past.n_events <= EVENTS_MAX);
	*e = (struct bh_past_event){
		.type = type, .end_cause = BH_END_NORMAL, .start_ms = start_ms, .end_ms = end_ms
	};
	return e;
}

static void make_night(int32_t date)
{
	memset(&the, 0, sizeof(the));
	the.past.night = bh_night_unknown;
	the.past.night.date = date;
	the.past.night.complete = true;
	assert_int_equal(bh_night_bounds(date, &the.past.night.start_ms, &the.past.night.end_ms),
			 0);
	the.past.capabilities = CAN;
	the.past.events = the.events;
	the.past.epochs = the.epochs;
	the.enter_ms = the.past.night.start_ms + ENTER_MIN * MINUTE_MS;
	event(BH_EVENT_BED_ENTER, the.enter_ms, the.enter_ms);
	event(BH_EVENT_BED_OCCUPIED, the.enter_ms, the.enter_ms + BED_MIN * MINUTE_MS);
	for (int i = 0; i < 2 * BED_MIN; i++)
		the.epochs[the.past.n_epochs++] = (struct bh_past_epoch){
			.start_ms = the.enter_ms + i * MINUTE_MS / 2,
			.epoch = { .coverage_permille = 1000,
				   .occupied_permille = 1000,
				   .activity = i < 2 * RESTLESS_MIN ? 100 : 0 },
		};
}

/* Movements of the left leg, 2 s each, from two hours after entering. */
static void move(const double *at_s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int64_t on_ms = the.enter_ms + 120 * MINUTE_MS + (int64_t)(at_s[i] * 1000);

		event(BH_EVENT_LEG_MOVEMENT, on_ms, on_ms + 2000)->side = BH_SIDE_LEFT;
	}
}

static void sum_up(void)
{
	assert_int_equal(bh_night_look(&the.past, &look), 0);
}

static void test_sleep_of_a_quiet_night(void **state)
{
	const struct bh_night_sleep *sleep = &look.night.sleep;

	(void)state;
	make_night(20261122);
	sum_up();
	assert_int_equal(sleep->bed_min, 480);
	assert_int_equal(sleep->unknown_min, 0);
	/* Restless to minute 19; the formula hears it four minutes on (A-4 is 0.106 * 20), and after more
	 * than 15 minutes of wake Webster takes the next four. */
	assert_int_equal(sleep->latency_min, 28);
	assert_true(sleep->onset_ms == the.enter_ms + 28 * MINUTE_MS);
	assert_int_equal(sleep->asleep_min, 452);
	assert_int_equal(sleep->wake_after_onset_min, 0);
	assert_int_equal(sleep->awake_in_bed_min, 28);
	assert_int_equal(sleep->awakenings, 0);
	assert_int_equal(sleep->efficiency_permille, 941);
	assert_int_equal(sleep->fragmentation_milli, 0);
	assert_int_equal(sleep->regularity_milli, BH_EPOCH_UNKNOWN); /* of a week, not of a night */
	assert_int_equal(look.night.plm.asleep, 0);
	assert_int_equal(look.night.plm.index_asleep_milli, 0);
	assert_int_equal(look.night.plm.pi_ferri_permille, BH_EPOCH_UNKNOWN);
}

static void test_legs_over_the_edge_are_no_sleep(void **state)
{
	(void)state;
	make_night(20261122);
	for (int i = 2 * 200; i < 2 * 240; i++)
		the.epochs[i].epoch.position =
			i < 2 * 210 ? BH_POSITION_SITTING_ON_EDGE : BH_POSITION_LEGS_OVER_EDGE;
	sum_up();
	/* Still as asleep for forty minutes; after so much wake Webster takes the next four. */
	assert_int_equal(look.night.sleep.asleep_min, 452 - 44);
	assert_int_equal(look.night.sleep.awakenings, 1);
	/* Half a minute out of bed is no sleep either. */
	make_night(20261122);
	the.epochs[2 * 300].epoch.occupied_permille = 0;
	sum_up();
	assert_int_equal(look.night.sleep.asleep_min, 452 - 1);
}

static void test_golden_series_in_a_night(void **state)
{
	/* A10 and A6 of the science notes, a quarter of an hour apart. */
	static const double a10[] = { 100, 120, 140, 160, 165, 185, 205, 225 };
	static const double a6[] = { 1000, 1090.01, 1180.02, 1270.03 };
	const struct bh_night_plm *plm = &look.night.plm;

	(void)state;
	make_night(20261122);
	move(a10, 8);
	move(a6, 4);
	sum_up();
	assert_int_equal(plm->candidates, 12);
	assert_int_equal(plm->asleep, 8);
	assert_int_equal(plm->series, 2);
	assert_int_equal(plm->awake, 0);
	assert_int_equal(plm->left, 8);
	assert_int_equal(plm->right, 0);
	assert_int_equal(plm->both, 0);
	/* 8 in 452 minutes asleep: the movements did not make wake of it. */
	assert_int_equal(look.night.sleep.asleep_min, 452);
	assert_int_equal(plm->index_asleep_milli, 8 * 60000 / 452);
	/* Eleven intervals say nothing of periodicity. */
	assert_int_equal(plm->pi_ferri_permille, BH_EPOCH_UNKNOWN);
	assert_int_equal(plm->interval_ms, BH_EPOCH_UNKNOWN);
	assert_int_equal(plm->missed_permille, BH_EPOCH_UNKNOWN);
}

static void test_minutes_without_legs_are_no_sleep_without_movements(void **state)
{
	static const double at_s[] = { 100, 120, 140, 160, 180, 200 };
	const struct bh_night_plm *plm = &look.night.plm;

	(void)state;
	make_night(20261122);
	move(at_s, 6);
	sum_up();
	assert_int_equal(plm->index_asleep_milli, 6 * 60000 / 452);
	/* A zone stood still for three hours of sleep: the six are of the other 272 minutes. */
	for (size_t i = 2 * 240; i < 2 * 420; i++)
		the.epochs[i].epoch.leg_movements = BH_EPOCH_UNKNOWN;
	sum_up();
	assert_int_equal(look.night.sleep.asleep_min, 452);
	assert_int_equal(plm->asleep, 6);
	assert_int_equal(plm->index_asleep_milli, 6 * 60000 / 272);
	/* All night: not none, but not known. */
	for (size_t i = 0; i < the.past.n_epochs; i++)
		the.epochs[i].epoch.leg_movements = BH_EPOCH_UNKNOWN;
	sum_up();
	assert_int_equal(look.night.sleep.asleep_min, 452);
	assert_int_equal(look.night.leg_movements, BH_EPOCH_UNKNOWN);
	assert_memory_equal(plm, &bh_night_unknown.plm, sizeof(*plm));
}

static void test_a_long_series_has_its_indices(void **state)
{
	double at_s[30];
	const struct bh_night_plm *plm = &look.night.plm;

	(void)state;
	make_night(20261122);
	for (int i = 0; i < 30; i++)
		at_s[i] = 25 * i;
	move(at_s, 30);
	sum_up();
	assert_int_equal(plm->asleep, 30);
	assert_int_equal(plm->pi_ferri_permille, 1000);
	assert_int_equal(plm->pi_ratio_permille, 1000);
	assert_in_range(plm->interval_ms, 24990, 25010);
	assert_int_equal(plm->missed_permille, 390);
	/* Without sides the legs are not told apart: unknown, not none. */
	the.past.capabilities = CAN & ~BH_CAN_SIDE;
	sum_up();
	assert_int_equal(plm->asleep, 30);
	assert_int_equal(plm->left, BH_EPOCH_UNKNOWN);
	assert_int_equal(plm->both, BH_EPOCH_UNKNOWN);
}

static void test_movements_awake_count_for_wake(void **state)
{
	const struct bh_night_plm *plm = &look.night.plm;

	(void)state;
	make_night(20261122);
	for (int i = 0; i < 6; i++) {
		int64_t on_ms = the.enter_ms + 2 * MINUTE_MS + i * 20000;

		event(BH_EVENT_LEG_MOVEMENT, on_ms, on_ms + 1000)->side = BH_SIDE_BOTH;
	}
	sum_up();
	assert_int_equal(plm->asleep, 0);
	assert_int_equal(plm->awake, 6);
	assert_int_equal(plm->index_awake_milli, 6 * 60000 / look.night.sleep.awake_in_bed_min);
}

static void assert_unknown(void)
{
	assert_int_equal(look.night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.sleep.efficiency_permille, BH_EPOCH_UNKNOWN);
	assert_true(look.night.sleep.onset_ms == BH_WALL_UNKNOWN);
	assert_memory_equal(&look.night.plm, &bh_night_unknown.plm, sizeof(look.night.plm));
}

/* Takes the epochs from..to out of the night. */
static void lose(size_t from, size_t to)
{
	memmove(&the.epochs[from], &the.epochs[to],
		(the.past.n_epochs - to) * sizeof(the.epochs[0]));
	the.past.n_epochs -= to - from;
}

static void test_a_night_with_a_third_missing_is_unknown(void **state)
{
	(void)state;
	make_night(20261122);
	lose(400, 400 + 2 * BED_MIN * 3 / 10);
	sum_up();
	assert_unknown();
	/* Of five per cent the rest still speaks, and what is missing is told. */
	make_night(20261122);
	lose(400, 448);
	sum_up();
	/* 24 minutes, and the six around them whose formula looks into them. */
	assert_int_equal(look.night.sleep.unknown_min, 30);
	assert_int_equal(look.night.sleep.asleep_min, 422);
	assert_int_equal(look.night.sleep.efficiency_permille, 422 * 1000 / 450);
	assert_int_equal(look.night.sleep.latency_min, 28);
	/* Sleep may have begun in a hole before it. */
	make_night(20261122);
	lose(10, 20);
	sum_up();
	assert_int_equal(look.night.sleep.latency_min, BH_EPOCH_UNKNOWN);
	assert_true(look.night.sleep.onset_ms == BH_WALL_UNKNOWN);
	assert_true(look.night.sleep.asleep_min > 400);
}

static void test_scattered_holes_are_unknown_too(void **state)
{
	(void)state;
	make_night(20261122);
	for (size_t i = 0; i < the.past.n_epochs; i += 10)
		for (size_t k = i; k < i + 3; k++)
			the.epochs[k].epoch.coverage_permille = 0;
	sum_up();
	assert_unknown();
}

static void test_a_part_of_a_night_is_no_night(void **state)
{
	(void)state;
	/* The power went, and nobody saw the sleeper rise. */
	make_night(20261122);
	the.events[1].end_cause = BH_END_CRASHED;
	sum_up();
	assert_unknown();
	/* The hub began under a sleeper. */
	make_night(20261122);
	the.events[0].type = BH_EVENT_MARK;
	sum_up();
	assert_unknown();
	/* A dead mat takes its capabilities with it. */
	make_night(20261122);
	the.past.capabilities = 0;
	sum_up();
	assert_unknown();
	assert_int_equal(look.night.restless_periods, BH_EPOCH_UNKNOWN);
	/* Nobody came. */
	make_night(20261122);
	the.past.n_events = 0;
	the.past.n_epochs = 0;
	sum_up();
	assert_unknown();
}

static void test_restlessness_by_thirds(void **state)
{
	int64_t third_ms = BED_MIN / 3 * MINUTE_MS;

	(void)state;
	make_night(20261122);
	event(BH_EVENT_RESTLESS, the.enter_ms, the.enter_ms + 20 * MINUTE_MS);
	/* Ten of its thirty minutes lie in the last third. */
	event(BH_EVENT_RESTLESS, the.enter_ms + 2 * third_ms - 20 * MINUTE_MS,
	      the.enter_ms + 2 * third_ms + 10 * MINUTE_MS);
	event(BH_EVENT_TOILET_LIKE, the.enter_ms + third_ms, the.enter_ms + third_ms + 1);
	sum_up();
	assert_int_equal(look.night.restless_periods, 2);
	assert_int_equal(look.night.restless_first_third_min, 20);
	assert_int_equal(look.night.restless_last_third_min, 10);
	assert_int_equal(look.night.toilet_like, 1);
	assert_int_equal(look.night.walk_breaks, 0);
	/* Pads tell some of it: how much there was is not known. */
	the.past.capabilities &= ~BH_CAN_RESTLESSNESS;
	sum_up();
	assert_int_equal(look.night.restless_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.restless_periods, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.restless_first_third_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.restless_last_third_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.walk_breaks, BH_EPOCH_UNKNOWN);
	assert_int_equal(look.night.toilet_like, 1);
	assert_true(look.night.sleep.asleep_min > 0);
}

/* ---- weeks ---- */

#define WEEK (BH_REGULARITY_NIGHTS + 1)

struct week {
	struct bh_past_night nights[WEEK];
	struct bh_past_event exits[WEEK];
	struct bh_past_epoch epochs[WEEK][EPOCHS_MAX];
};

static int64_t local_to_utc_ms(int32_t date, int hour)
{
	struct tm tm = { .tm_year = date / 10000 - 1900,
			 .tm_mon = date / 100 % 100 - 1,
			 .tm_mday = date % 100,
			 .tm_hour = hour,
			 .tm_isdst = -1 };

	return (int64_t)mktime(&tm) * BH_MS_PER_S;
}

/* Asleep from 23 to 7 by the clock every night, out of bed else. */
static struct week *make_week(int32_t last)
{
	struct week *week = calloc(1, sizeof(*week));

	assert_non_null(week);
	for (int i = 0; i < WEEK; i++) {
		struct bh_past_night *past = &week->nights[i];
		int32_t date = bh_night_add(last, i + 1 - WEEK);
		int64_t asleep_ms = local_to_utc_ms(date, 23);
		int64_t rise_ms = local_to_utc_ms(date, 31);

		past->night.date = date;
		bh_night_bounds(date, &past->night.start_ms, &past->night.end_ms);
		week->exits[i] = (struct bh_past_event){ .type = BH_EVENT_BED_EXIT,
							 .start_ms = rise_ms,
							 .end_ms = local_to_utc_ms(
								 bh_night_add(date, 1), 23) };
		past->events = &week->exits[i];
		past->n_events = 1;
		past->epochs = week->epochs[i];
		for (int64_t at = asleep_ms; at < rise_ms; at += MINUTE_MS / 2)
			week->epochs[i][past->n_epochs++] =
				(struct bh_past_epoch){ .start_ms = at, .sleep = BH_SLEEP_ASLEEP };
	}
	return week;
}

static int32_t regularity(const struct week *week)
{
	return bh_night_regularity(week->nights, WEEK, week->nights[WEEK - 1].night.date);
}

static void test_the_clock_on_the_wall_makes_regular(void **state)
{
	/* The night of 28 March 2026 has 23 hours, that of 24 October 25. */
	static const int32_t last[] = { 20261122, 20260330, 20261026 };

	(void)state;
	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
		struct week *week = make_week(last[i]);

		assert_int_equal(regularity(week), 100000);
		/* One night of the six pairs two hours later to bed: it differs from both neighbours
		 * in 120 minutes. */
		for (size_t k = 0; k < 240; k++)
			week->epochs[2][k].sleep = BH_SLEEP_AWAKE;
		assert_in_range(regularity(week), 100000 - 200000 * 240 / (6 * 1440 - 180),
				100000 - 5000);
		free(week);
	}
}

static void test_missing_days_are_no_difference(void **state)
{
	struct week *week = make_week(20261122);

	(void)state;
	/* One night was not seen: its two pairs are left out, the others agree. */
	week->nights[4].n_epochs = 0;
	assert_int_equal(regularity(week), 100000);
	/* Three nights without anything leave too few pairs. */
	for (int i = 3; i < 6; i++) {
		week->nights[i].n_epochs = 0;
		week->nights[i].n_events = 0;
	}
	assert_int_equal(regularity(week), BH_EPOCH_UNKNOWN);
	free(week);
}

/* A pad showed someone for an hour and was found to be stuck: that hour is not known, and no sleep. */
static void what_was_taken_back_counts_for_nothing(void **unused)
{
	int64_t from_ms, to_ms;
	struct bh_past_event *one;
	int32_t slept;

	(void)unused;
	make_night(20261123);
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	slept = look.night.sleep.asleep_min;

	/* Before going to bed, with epochs that say someone lies there. */
	make_night(20261123);
	from_ms = the.enter_ms - 120 * MINUTE_MS;
	to_ms = from_ms + 60 * MINUTE_MS;
	one = event(BH_EVENT_BED_OCCUPIED, from_ms, from_ms);
	one->end_cause = BH_END_FAULT;
	event(BH_EVENT_BED_ENTER, from_ms, from_ms);
	one = event(BH_EVENT_LEGS_OVER_EDGE, from_ms, from_ms);
	one->end_cause = BH_END_FAULT;
	for (int64_t at = from_ms; at < to_ms; at += MINUTE_MS / 2) {
		struct bh_past_epoch *epoch = &the.epochs[the.past.n_epochs++];

		*epoch = the.epochs[200];
		epoch->start_ms = at;
	}
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	assert_true(look.night.first_enter_ms == the.enter_ms);
	assert_int_equal(look.night.sleep.asleep_min, slept);
	assert_int_equal(look.night.sleep.bed_min, BED_MIN);

	/* After getting up: nobody came back, neither from an exit nor from a toilet. */
	make_night(20261123);
	from_ms = the.events[1].end_ms;
	event(BH_EVENT_BED_EXIT, from_ms, from_ms + 6 * MINUTE_MS);
	event(BH_EVENT_TOILET_LIKE, from_ms, from_ms + 6 * MINUTE_MS);
	event(BH_EVENT_BED_ENTER, from_ms + 6 * MINUTE_MS, from_ms + 6 * MINUTE_MS);
	one = event(BH_EVENT_BED_OCCUPIED, from_ms + 6 * MINUTE_MS, from_ms + 6 * MINUTE_MS);
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	assert_int_equal(look.night.exits, 1);
	assert_int_equal(look.night.toilet_like, 1);
	one->end_cause = BH_END_FAULT;
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	assert_int_equal(look.night.exits, 0);
	assert_int_equal(look.night.toilet_like, 0);
	assert_true(look.night.last_exit_ms == from_ms);

	/* In the middle of the night: nobody knows. */
	make_night(20261123);
	to_ms = the.events[1].end_ms;
	the.events[1].end_ms = the.enter_ms + 240 * MINUTE_MS;
	the.events[1].end_cause = BH_END_FAULT;
	event(BH_EVENT_BED_OCCUPIED, the.enter_ms + 300 * MINUTE_MS, to_ms);
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	/* And the six minutes around it that need those to be scored. */
	assert_int_equal(look.night.sleep.unknown_min, 66);
	assert_int_equal(look.night.coverage_permille, 875);
	assert_int_equal(look.night.in_bed_min, BED_MIN - 60);
}

/* From here on nobody could see: that is no leaving, and the time until it is seen again is not covered. */
static void what_a_fault_ends_is_not_left(void **unused)
{
	(void)unused;
	make_night(20261123);
	the.events[1].end_cause = BH_END_FAULT;
	event(BH_EVENT_SENSOR_FAULT, the.events[1].end_ms, the.events[1].end_ms + 120 * MINUTE_MS);
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	assert_true(look.night.first_enter_ms == the.enter_ms);
	assert_true(look.night.last_exit_ms == BH_WALL_UNKNOWN);
	assert_int_equal(look.night.coverage_permille, BED_MIN * 1000 / (BED_MIN + 120));

	/* Nor where the sensor had failed long before: on a dead strip who sits down is gone. */
	make_night(20261123);
	the.events[1].end_cause = BH_END_FAULT;
	event(BH_EVENT_SENSOR_FAULT, the.enter_ms, the.enter_ms + 2 * BED_MIN * MINUTE_MS);
	assert_int_equal(bh_night_look(&the.past, &look), 0);
	assert_true(look.night.last_exit_ms == BH_WALL_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_taken_back_counts_for_nothing),
		cmocka_unit_test(what_a_fault_ends_is_not_left),
		cmocka_unit_test(test_sleep_of_a_quiet_night),
		cmocka_unit_test(test_legs_over_the_edge_are_no_sleep),
		cmocka_unit_test(test_golden_series_in_a_night),
		cmocka_unit_test(test_minutes_without_legs_are_no_sleep_without_movements),
		cmocka_unit_test(test_a_long_series_has_its_indices),
		cmocka_unit_test(test_movements_awake_count_for_wake),
		cmocka_unit_test(test_a_night_with_a_third_missing_is_unknown),
		cmocka_unit_test(test_scattered_holes_are_unknown_too),
		cmocka_unit_test(test_a_part_of_a_night_is_no_night),
		cmocka_unit_test(test_restlessness_by_thirds),
		cmocka_unit_test(test_the_clock_on_the_wall_makes_regular),
		cmocka_unit_test(test_missing_days_are_no_difference),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
