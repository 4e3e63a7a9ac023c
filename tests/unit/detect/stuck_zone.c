/* SPDX-License-Identifier: MIT */
/* One zone of a mat that weighs stands still: what needs every zone is unknown, the rest goes on. */
#include "tests/unit/detect/bed.h"

#include "hub/core/epoch.h"

static const struct bh_detect_config plain = { .bed = 0 };

#define BODY_G 80000

/* Breath moves every cell by some grams; each minute the sleeper turns. `dead` shows what it showed. */
static void lie(struct bed *bed, double from_s, double to_s, int grams, int dead)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		double at = from_s + i / 10.0;
		int second = (int)at, turn = second % 60 < 3 ? (i % 7) * 900 : 0;
		int32_t kept = dead >= 0 ? bed->frame.load[dead] : 0;

		for (int zone = 0; zone < 4; zone++)
			bed->frame.load[zone] =
				grams == 0 ? i % 3
					   : grams / 4 + (i % 40) * 3 + (zone % 2 ? turn : -turn);
		if (dead >= 0)
			bed->frame.load[dead] = kept;
		bed_frame(bed, at);
	}
}

static void cells(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_cells(&mat), 0, &plain);
	lie(bed, 0, 100, 0, -1);
}

static void a_cell_that_died_empty_leaves_in_bed_and_little_else(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	cells(&bed);
	lie(&bed, 100, 100 + 290, BODY_G, 3);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	lie(&bed, 390, 600, BODY_G, 3);
	event = bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0);
	assert_non_null(event);
	assert_int_equal(event->value, BH_FAULT_STUCK);
	assert_int_equal(event->side, BH_SIDE_RIGHT);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	/* They leave, and are seen to. */
	lie(&bed, 600, 700, 0, 3);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_OPEN);
	/* A new cable. */
	lie(&bed, 700, 800, 0, -1);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_CLOSE);
	lie(&bed, 800, 900, BODY_G, -1);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_NO);
	bed_free(&bed);
}

/* A quarter of the body stays on it: that is no sleeper. */
static void a_cell_that_died_with_weight_on_it_makes_the_bed_unknown(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed);
	lie(&bed, 100, 1000, BODY_G, -1);
	lie(&bed, 1000, 1000 + 310, BODY_G, 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	lie(&bed, 1310, 1500, 0, 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	lie(&bed, 1500, 1600, 0, -1);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	assert_int_equal(bed_state(&bed)->faults, 0);
	bed_free(&bed);
}

/* Cells of an empty bed may stand still for days. */
static void an_empty_bed_has_no_stuck_cell(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed);
	for (double at = 100; at < 20000; at += 5)
		bed_weigh(&bed, at, 0, 500, 500);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bed_free(&bed);
}

/* Two rows of strips. */
static void strips_at(struct bed *bed, int16_t left, int16_t right)
{
	struct bh_mat mat = { .kind = BH_MAT_STRIPS };

	bed_zone(&mat, "trunk_l", left, 350, BH_AT_TRUNK);
	bed_zone(&mat, "trunk_r", right, 350, BH_AT_TRUNK);
	bed_zone(&mat, "legs_l", left, 800, BH_AT_LEGS);
	bed_zone(&mat, "legs_r", right, 800, BH_AT_LEGS);
	bed_make(bed, &mat, 0, &plain);
}

static void strips(struct bed *bed)
{
	strips_at(bed, 250, 750);
}

/* The sleeper keeps to the left for hours. */
static void keep_left(struct bed *bed, double from_s, double to_s, bool use_right)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		int turn = (int)(from_s + i / 10.0) % 60 < 3 ? (i % 7) * 15 : 0;

		bed->frame.load[0] = 500 + i % 5 + turn;
		bed->frame.load[1] = use_right ? 300 + i % 5 : 0;
		bed->frame.load[2] = 300 + i % 3 - turn / 2;
		bed->frame.load[3] = 0;
		bed_frame(bed, from_s + i / 10.0);
	}
}

static void a_strip_beside_the_sleeper_may_be_still(void **unused)
{
	struct bed bed;

	(void)unused;
	strips(&bed);
	for (int i = 0; i < 100; i++)
		bed_press(&bed, i, "", 0);
	/* legs_r never bore anything: whether it works is not known. trunk_r did. */
	keep_left(&bed, 100, 200, true);
	keep_left(&bed, 200, 200 + 10700, false);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	keep_left(&bed, 10900, 11100, false);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 1);
	keep_left(&bed, 11100, 11101, true);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_CLOSE);
	bed_free(&bed);
}

/* Someone sits on one strip and presses it to the end of its range, leaning now and then. */
static void a_strip_at_the_end_of_its_range_is_not_stuck(void **unused)
{
	struct bed bed;

	(void)unused;
	strips(&bed);
	for (int i = 0; i < 100; i++)
		bed_press(&bed, i, "", 0);
	keep_left(&bed, 100, 900, true);
	for (int i = 0; i < 18000; i++) {
		bed.frame.load[0] = BH_LOAD_FULL;
		bed.frame.load[1] = 0;
		bed.frame.load[2] = 100 + i % 3 + (i % 600 < 30 ? (i % 7) * 15 : 0);
		bed_frame(&bed, 900 + i / 10.0);
	}
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bed_free(&bed);
}

/* Lie on both halves for some hours; what nobody lies on flickers between nothing and a permille. */
static void lie_on_strips(struct bed *bed, double from_s, double to_s, int dead)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		int turn = (int)(from_s + i / 10.0) % 60 < 3 ? (i % 7) * 15 : 0;

		bed->frame.load[0] = 500 + i % 5 + turn;
		bed->frame.load[1] = 300 + i % 5 - turn;
		bed->frame.load[2] = 300 + i % 3 - turn / 2;
		bed->frame.load[3] = i % 2;
		if (dead >= 0)
			bed->frame.load[dead] = 0;
		bed_frame(bed, from_s + i / 10.0);
	}
}

/* One strip bears weight; of the others, which flicker, the first of the legs bears @p beside. */
static void sit_beside(struct bed *bed, double from_s, double to_s, int strip, int load, int beside)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		for (int k = 0; k < 4; k++)
			bed->frame.load[k] = k == strip ? load + (load > 0) * (i % 5)
							: (k == 2 ? beside : 0) + i % 2;
		bed_frame(bed, from_s + i / 10.0);
	}
}

static void sit_on(struct bed *bed, double from_s, double to_s, int strip, int load)
{
	sit_beside(bed, from_s, to_s, strip, load, 0);
}

static void a_strip_that_was_never_still_is_missed_soon(void **unused)
{
	struct bed bed;

	(void)unused;
	strips(&bed);
	for (int i = 0; i < 100; i++)
		bed_press(&bed, i, "", 0);
	lie_on_strips(&bed, 100, 100 + 6.5 * 3600, -1);
	lie_on_strips(&bed, 23500, 23500 + 700, 1);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 1);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

/* Who sits on the dead strip shows nowhere: an empty bed is then not known. */
static void assert_has_not_left(int16_t left, int16_t right, double sits_s, int beside)
{
	const struct bh_event *event;
	struct bed bed;

	strips_at(&bed, left, right);
	for (int i = 0; i < 100; i++)
		bed_press(&bed, i, "", 0);
	lie_on_strips(&bed, 100, 100 + 3600, -1);
	sit_beside(&bed, 3700, 3700 + sits_s, 0, 800, beside); /* on the left: so one may on the right */
	lie_on_strips(&bed, 3700 + sits_s, 23530, -1);
	lie_on_strips(&bed, 23530, 23530 + 700, 1);
	sit_on(&bed, 24230, 24300, 1, 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	event = bed_event(&bed, BH_EVENT_BED_OCCUPIED, 0);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	lie_on_strips(&bed, 24300, 24400, 1);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

static void who_may_sit_on_a_dead_strip_has_not_left(void **unused)
{
	(void)unused;
	assert_has_not_left(250, 750, 30, 0);
	/* The outer two of three columns, rounded down. */
	assert_has_not_left(166, 833, 30, 0);
	/* A foot on the bed is nobody after a minute. */
	assert_has_not_left(250, 750, 90, 150);
}

/* Where nobody ever sat on one strip alone, an empty bed is one. */
static void a_dead_strip_where_nobody_sits_hides_nobody(void **unused)
{
	struct bed bed;

	(void)unused;
	strips(&bed);
	for (int i = 0; i < 100; i++)
		bed_press(&bed, i, "", 0);
	sit_on(&bed, 100, 130, 0, 800);
	lie_on_strips(&bed, 130, 130 + 6.5 * 3600, -1);
	lie_on_strips(&bed, 23530, 23530 + 700, 2);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 1);
	sit_on(&bed, 24230, 24300, 2, 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 1);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_that_died_empty_leaves_in_bed_and_little_else),
		cmocka_unit_test(a_cell_that_died_with_weight_on_it_makes_the_bed_unknown),
		cmocka_unit_test(an_empty_bed_has_no_stuck_cell),
		cmocka_unit_test(a_strip_beside_the_sleeper_may_be_still),
		cmocka_unit_test(a_strip_at_the_end_of_its_range_is_not_stuck),
		cmocka_unit_test(a_strip_that_was_never_still_is_missed_soon),
		cmocka_unit_test(who_may_sit_on_a_dead_strip_has_not_left),
		cmocka_unit_test(a_dead_strip_where_nobody_sits_hides_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
