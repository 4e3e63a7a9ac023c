/* SPDX-License-Identifier: MIT */
/* Movement from change on load cells: legs, the whole body, jolts, series; and what is none. */
#include "tests/unit/detect/bed.h"

#include <math.h>

static const struct bh_detect_config plain = { .body_load = 75000 };
static const double tau = 6.283185307179586;

/* What the body does at a moment, in grams at the foot's left and right cell and over all four. */
struct motion {
	double foot_left, foot_right, all;
};

static uint32_t dice = 4;

static int noise(int amplitude)
{
	dice = dice * 1664525u + 1013904223u;
	return (int)(dice >> 8) % (2 * amplitude + 1) - amplitude;
}

/* One frame of a breathing sleeper of 75 kg whose heart beats, with motion on top. */
static void sleeper(struct bed *bed, double at_s, const struct motion *m)
{
	double breath = 60 * sin(tau * 0.25 * at_s) + 25 * sin(tau * 1.1 * at_s);
	double cells[4] = { 24000 + breath * 0.35 + m->all, 22000 + breath * 0.35 - m->all,
			    15000 + breath * 0.15 + m->foot_left + m->all,
			    14000 + breath * 0.15 + m->foot_right - m->all };

	for (int i = 0; i < 4; i++)
		bed->frame.load[i] = (int32_t)cells[i] + noise(8);
	bed_frame(bed, at_s);
}

static void still(struct bed *bed, double from_s, double to_s)
{
	const struct motion none = { 0, 0, 0 };

	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++)
		sleeper(bed, from_s + i / 10.0, &none);
}

/* A movement that swings at 1.5 Hz. */
static void swing(struct bed *bed, double from_s, double to_s, const struct motion *how)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		double at = from_s + i / 10.0, s = sin(tau * 1.5 * (at - from_s));
		struct motion m = { how->foot_left * s, how->foot_right * s, how->all * s };

		sleeper(bed, at, &m);
	}
}

static const struct motion left_leg = { 300, 0, 0 }, right_leg = { 0, 300, 0 },
			   body = { 0, 0, 2500 };

static void lie_down(struct bed *bed)
{
	struct bh_mat mat;

	dice = 4;
	bed_make(bed, bed_cells(&mat), 0, &plain);
	bed_lie(bed, 0, 60, 0, 500, 500);
	still(bed, 60, 400);
}

static void breath_and_heart_are_no_movement(void **unused)
{
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	still(&bed, 400, 4000);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LARGE_MOVEMENT), 0);
	assert_non_null(bed_event(&bed, BH_EVENT_QUIET, 0));
	assert_int_equal(bed_event(&bed, BH_EVENT_QUIET, 0)->phase, BH_PHASE_OPEN);
	bed_free(&bed);
}

static void a_leg_is_heard_on_its_side(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	swing(&bed, 400, 403, &left_leg);
	still(&bed, 403, 430);
	swing(&bed, 430, 433, &right_leg);
	still(&bed, 433, 460);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 2);
	event = bed_event(&bed, BH_EVENT_LEG_MOVEMENT, 0);
	assert_int_equal(event->side, BH_SIDE_LEFT);
	assert_in_range(event->start_ns, bed_ns(399), bed_ns(401));
	assert_in_range(event->end_ns - event->start_ns, 2 * BH_NS_PER_S, 5 * BH_NS_PER_S);
	assert_true(event->value > 0);
	assert_int_equal(bed_event(&bed, BH_EVENT_LEG_MOVEMENT, 1)->side, BH_SIDE_RIGHT);
	assert_int_equal(bed_count(&bed, BH_EVENT_LARGE_MOVEMENT), 0);
	bed_free(&bed);
}

/* Breath of 300 g, and from one moment to another a leg that pushes with 150 g and does not swing. */
static void push(struct bed *bed, double from_s, double to_s, double on_s, double off_s)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		double at = from_s + i / 10.0, breath = 300 * sin(tau * 0.25 * at);
		double cells[4] = { 24000 + breath * 0.35, 22000 + breath * 0.35,
				    15000 + breath * 0.15, 14000 + breath * 0.15 };

		if (at >= on_s && at < off_s)
			cells[2] += 150;
		for (int k = 0; k < 4; k++)
			bed->frame.load[k] = (int32_t)cells[k] + noise(8);
		bed_frame(bed, at);
	}
}

static void a_leg_is_heard_under_the_breath(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	push(&bed, 400, 520, 500, 503);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 1);
	event = bed_event(&bed, BH_EVENT_LEG_MOVEMENT, 0);
	assert_int_equal(event->side, BH_SIDE_LEFT);
	assert_in_range(event->start_ns, bed_ns(499.5), bed_ns(500.5));
	assert_in_range(event->end_ns, bed_ns(502.5), bed_ns(503.6));
	bed_free(&bed);
}

/* It lies elsewhere from then on: the movement was the push, not the rest of the night. */
static void a_leg_that_stays_away_has_moved_once(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	push(&bed, 400, 700, 500, 2000);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 1);
	event = bed_event(&bed, BH_EVENT_LEG_MOVEMENT, 0);
	assert_in_range(event->start_ns, bed_ns(499.5), bed_ns(500.5));
	assert_in_range(event->end_ns, bed_ns(500.5), bed_ns(503));
	bed_free(&bed);
}

static void the_whole_body_is_no_leg(void **unused)
{
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	swing(&bed, 400, 406, &body);
	still(&bed, 406, 430);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LARGE_MOVEMENT), 1);
	bed_free(&bed);
}

static void over_ten_seconds_is_no_leg_movement(void **unused)
{
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	swing(&bed, 400, 412, &left_leg);
	still(&bed, 412, 430);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	bed_free(&bed);
}

static void one_impossible_sample_is_nothing(void **unused)
{
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	still(&bed, 400, 500);
	bed.frame.load[2] = -50000;
	bed_frame(&bed, 500);
	still(&bed, 500.1, 530);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LARGE_MOVEMENT), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

static void four_in_their_rhythm_are_a_series(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	lie_down(&bed);
	for (int i = 0; i < 3; i++) {
		swing(&bed, 400 + i * 25, 402 + i * 25, &left_leg);
		still(&bed, 402 + i * 25, 425 + i * 25);
	}
	assert_int_equal(bed_count(&bed, BH_EVENT_PLM_SERIES), 0);
	for (int i = 3; i < 6; i++) {
		swing(&bed, 400 + i * 25, 402 + i * 25, &left_leg);
		still(&bed, 402 + i * 25, 425 + i * 25);
	}
	assert_int_equal(bed_event(&bed, BH_EVENT_PLM_SERIES, 0)->phase, BH_PHASE_OPEN);
	still(&bed, 550, 700);
	event = bed_event(&bed, BH_EVENT_PLM_SERIES, 0);
	assert_int_equal(event->phase, BH_PHASE_CLOSE);
	assert_int_equal(event->value, 6);
	assert_in_range(event->start_ns, bed_ns(399), bed_ns(401));
	assert_in_range(event->end_ns, bed_ns(526), bed_ns(530));
	bed_free(&bed);
}

/* Leg movements far apart, so that the sleeper's own strength is known. */
static double know_the_legs(struct bed *bed)
{
	double at = 400;

	for (int i = 0; i < 22; i++) {
		swing(bed, at, at + 2, &left_leg);
		still(bed, at + 2, at + 200);
		at += 200;
	}
	return at;
}

static void a_long_burst_out_of_quiet_is_a_jolt(void **unused)
{
	static const struct motion strong = { 1500, 0, 0 };
	const struct bh_event *event;
	struct bed bed;
	double at;

	(void)unused;
	lie_down(&bed);
	at = know_the_legs(&bed);
	still(&bed, at, at + 700);
	swing(&bed, at + 700, at + 720, &strong); /* too short: a turn can be that long */
	still(&bed, at + 720, at + 1500);
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 0);
	swing(&bed, at + 1500, at + 1530, &strong);
	still(&bed, at + 1530, at + 1600);
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 1);
	event = bed_event(&bed, BH_EVENT_JOLT, 0);
	assert_int_equal(event->side, BH_SIDE_LEFT);
	assert_in_range(event->start_ns, bed_ns(at + 1499), bed_ns(at + 1501));
	/* A minute later it is not quiet any more. */
	swing(&bed, at + 1600, at + 1630, &strong);
	still(&bed, at + 1630, at + 1700);
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 1);
	bed_free(&bed);
}

/* Ten minutes before it with @p turned_s seconds of turns in them, and whether it is told. */
static bool is_jolt_after(double turned_s)
{
	static const struct motion strong = { 1500, 0, 0 };
	struct bed bed;
	double at;
	bool told;

	lie_down(&bed);
	at = know_the_legs(&bed);
	still(&bed, at, at + 700);
	swing(&bed, at + 700, at + 700 + turned_s / 2, &body);
	still(&bed, at + 700 + turned_s / 2, at + 900);
	swing(&bed, at + 900, at + 900 + turned_s / 2, &body);
	still(&bed, at + 900 + turned_s / 2, at + 1200);
	swing(&bed, at + 1200, at + 1230, &strong);
	still(&bed, at + 1230, at + 1300);
	told = bed_count(&bed, BH_EVENT_JOLT) == 1;
	bed_free(&bed);
	return told;
}

static void two_turns_in_ten_minutes_leave_it_quiet(void **unused)
{
	(void)unused;
	assert_true(is_jolt_after(12)); /* under two seconds a minute */
	assert_false(is_jolt_after(24));
}

static void ten_minutes_nobody_saw_are_not_quiet(void **unused)
{
	static const struct motion strong = { 1500, 0, 0 };
	struct bed bed;
	double at;

	(void)unused;
	lie_down(&bed);
	at = know_the_legs(&bed);
	still(&bed, at, at + 700);
	bed.frame.mat_fault = BH_FAULT_BUS;
	bed_frame(&bed, at + 700);
	bed.frame.mat_fault = BH_FAULT_NONE;
	still(&bed, at + 730, at + 1200);
	swing(&bed, at + 1200, at + 1230, &strong);
	still(&bed, at + 1230, at + 1900);
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 0);
	swing(&bed, at + 1900, at + 1930, &strong);
	still(&bed, at + 1930, at + 2000);
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 1);
	bed_free(&bed);
}

static void a_turn_is_no_jolt(void **unused)
{
	static const struct motion strong = { 1500, 0, 0 };
	struct bed bed;
	double at;

	(void)unused;
	lie_down(&bed);
	at = know_the_legs(&bed);
	still(&bed, at, at + 700);
	swing(&bed, at + 700, at + 730, &strong);
	/* It ends in another place: ten kilograms further right. */
	for (double t = at + 730; t < at + 760; t += 0.1) {
		static const struct motion moved = { -5000, 5000, -5000 };

		sleeper(&bed, t, &moved);
	}
	assert_int_equal(bed_count(&bed, BH_EVENT_JOLT), 0);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(breath_and_heart_are_no_movement),
		cmocka_unit_test(a_leg_is_heard_on_its_side),
		cmocka_unit_test(a_leg_is_heard_under_the_breath),
		cmocka_unit_test(a_leg_that_stays_away_has_moved_once),
		cmocka_unit_test(the_whole_body_is_no_leg),
		cmocka_unit_test(over_ten_seconds_is_no_leg_movement),
		cmocka_unit_test(one_impossible_sample_is_nothing),
		cmocka_unit_test(four_in_their_rhythm_are_a_series),
		cmocka_unit_test(a_long_burst_out_of_quiet_is_a_jolt),
		cmocka_unit_test(two_turns_in_ten_minutes_leave_it_quiet),
		cmocka_unit_test(ten_minutes_nobody_saw_are_not_quiet),
		cmocka_unit_test(a_turn_is_no_jolt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
