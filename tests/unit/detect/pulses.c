/* SPDX-License-Identifier: MIT */
/* Pads that chatter when the sleeper moves and stay open, or closed, otherwise. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

#define NIGHT_S 28800.0

static void two_mats(struct bed *bed)
{
	struct bh_mat mat;

	memset(&mat, 0, sizeof(mat));
	mat.kind = BH_MAT_CONTACT;
	bed_zone(&mat, "left", 250, 500, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(&mat, "right", 750, 500, BH_AT_TRUNK | BH_AT_LEGS);
	bed_make(bed, &mat, 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
}

/* A closure of a second. */
static void pulse(struct bed *bed, double at_s, const char *zone)
{
	bed_press(bed, at_s, zone, BH_LOAD_FULL);
	bed_press(bed, at_s + 1, "", BH_LOAD_FULL);
}

/* Sleep from one time to another: two pulses every five minutes. Returns the last opening. */
static double sleep_right(struct bed *bed, double from_s, double to_s)
{
	double at = from_s;

	for (; at + 6 < to_s; at += 300) {
		pulse(bed, at, "right");
		pulse(bed, at + 4, "right");
	}
	return at - 300 + 5;
}

/* The first night teaches what kind of pads these are and whose place is where. */
static double first_night(struct bed *bed)
{
	return sleep_right(bed, 3600, 3600 + NIGHT_S);
}

static void silence_of_an_hour_is_sleep_of_two_is_out(void **unused)
{
	struct bed bed;
	double last, evening = 86400;

	(void)unused;
	two_mats(&bed);
	first_night(&bed);
	bh_detect_advance(bed.detect, bed_ns(evening));
	bed.n = 0;
	last = sleep_right(&bed, evening, evening + 3600);
	bh_detect_advance(bed.detect, bed_ns(last + 64 * 60));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bh_detect_advance(bed.detect, bed_ns(last + 66 * 60));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO); /* lights */
	bh_detect_advance(bed.detect, bed_ns(last + 99 * 60));
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0); /* history is not so sure */
	bh_detect_advance(bed.detect, bed_ns(last + 101 * 60));
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, last, -1);
	bed_free(&bed);
}

static void late_in_the_night_half_an_hour_is_enough_for_lights(void **unused)
{
	struct bed bed;
	double last, evening = 86400;

	(void)unused;
	two_mats(&bed);
	first_night(&bed);
	last = sleep_right(&bed, evening, evening + 7 * 3600);
	bh_detect_advance(bed.detect, bed_ns(last + 34 * 60));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bh_detect_advance(bed.detect, bed_ns(last + 36 * 60));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

/* Pads under the whole body do not tell legs apart: what moves them is the body, wherever it is. */
static void every_movement_is_the_bodys(void **unused)
{
	struct bed bed;
	double evening = 86400;

	(void)unused;
	two_mats(&bed);
	first_night(&bed);
	bh_detect_advance(bed.detect, bed_ns(evening));
	bed.n = 0;
	sleep_right(&bed, evening, evening + 3600);
	for (int turn = 0; turn < 3; turn++)
		for (int i = 0; i < 6; i++)
			bed_press(&bed, evening + 3700 + turn * 300 + i, i % 2 ? "" : "right",
				  BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(evening + 4400));
	assert_int_equal(bed_count(&bed, BH_EVENT_LARGE_MOVEMENT), 3);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	bed_free(&bed);
}

static void another_pad_than_the_sleepers_tells_soon(void **unused)
{
	struct bed bed;
	double last, evening = 86400;

	(void)unused;
	two_mats(&bed);
	for (int day = 0; day < 3; day++)
		sleep_right(&bed, 3600 + day * 28800, 3600 + day * 28800 + 25000);
	evening = 3600 + 4 * 28800;
	bh_detect_advance(bed.detect, bed_ns(evening));
	bed.n = 0;
	last = sleep_right(&bed, evening, evening + 7200);
	pulse(&bed, last + 300, "left"); /* the bed is made */
	bh_detect_advance(bed.detect, bed_ns(last + 301 + 121));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	bh_detect_advance(bed.detect, bed_ns(last + 301 + 21 * 60));
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, last, -1);
	/* Who sits there for a minute does not go to bed. */
	for (int i = 0; i < 10; i++)
		pulse(&bed, last + 20000 + i * 6, "left");
	bh_detect_advance(bed.detect, bed_ns(last + 20600));
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_ENTER), 1);
	bed_free(&bed);
}

static void four_toggles_are_getting_in_two_are_not(void **unused)
{
	struct bed bed;

	(void)unused;
	two_mats(&bed);
	first_night(&bed);
	bh_detect_advance(bed.detect, bed_ns(80000));
	bed.n = 0;
	pulse(&bed, 80000, "right");
	bh_detect_advance(bed.detect, bed_ns(80600));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	pulse(&bed, 90000, "right");
	pulse(&bed, 90100, "right");
	bh_detect_advance(bed.detect, bed_ns(90102));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_expect(&bed, BH_EVENT_BED_ENTER, 0, 90000, 90000);
	bed_free(&bed);
}

static void a_pad_that_stays_closed_holds_nobody(void **unused)
{
	struct bed bed;
	double last, evening = 86400;
	const struct bh_event *fault;

	(void)unused;
	two_mats(&bed);
	first_night(&bed);
	bh_detect_advance(bed.detect, bed_ns(evening));
	bed.n = 0;
	last = sleep_right(&bed, evening, evening + 3600);
	bed_press(&bed, last + 60, "right", BH_LOAD_FULL); /* got up, and it hangs */
	bh_detect_advance(bed.detect, bed_ns(last + 60 + 66 * 60));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	/* The mattress might be a sleeper who lies very still: history waits for the fault. */
	bh_detect_advance(bed.detect, bed_ns(last + 60 + 4 * 3600 - 1));
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	bh_detect_advance(bed.detect, bed_ns(last + 60 + 10 * 86400));
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, last + 60, -1);
	fault = bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, last + 60 + 4 * 3600, -1);
	assert_int_equal(fault->value, BH_FAULT_STUCK);
	assert_int_equal(fault->side, BH_SIDE_RIGHT);
	bed_free(&bed);
}

static void pads_that_only_pulse_know_no_edge(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_six_pads(&mat), 0, &plain);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	for (int i = 0; i < 90; i++)
		pulse(&bed, 3600 + i * 300, i % 3 ? "trunk" : "leg_l");
	bed.n = 0;
	pulse(&bed, 3600 + 90 * 300, "trunk");
	bed_press(&bed, 3600 + 90 * 300 + 30, "edge_l", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(3600 + 90 * 300 + 600));
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_of_an_hour_is_sleep_of_two_is_out),
		cmocka_unit_test(late_in_the_night_half_an_hour_is_enough_for_lights),
		cmocka_unit_test(every_movement_is_the_bodys),
		cmocka_unit_test(another_pad_than_the_sleepers_tells_soon),
		cmocka_unit_test(four_toggles_are_getting_in_two_are_not),
		cmocka_unit_test(a_pad_that_stays_closed_holds_nobody),
		cmocka_unit_test(pads_that_only_pulse_know_no_edge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
