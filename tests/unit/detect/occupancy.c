/* SPDX-License-Identifier: MIT */
/* Someone is in bed or not, and what is said of it when the bed cannot tell. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void pads(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_two_pads(&mat), 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
}

static void five_seconds_make_an_enter(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100.25, "trunk", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(105));
	assert_null(bed_event(&bed, BH_EVENT_BED_ENTER, 0));
	bh_detect_advance(bed.detect, bed_ns(106));
	bed_expect(&bed, BH_EVENT_BED_ENTER, 0, 100.25, 100.25);
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100.25, -1);
	assert_int_equal(bed_event(&bed, BH_EVENT_BED_ENTER, 0)->detected_ns, bed_ns(106));
	bed_free(&bed);
}

static void exactly_five_seconds_are_enough(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk", BH_LOAD_FULL);
	bed_press(&bed, 105, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(130));
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 105);
	bed_press(&bed, 200, "trunk", BH_LOAD_FULL);
	bed_press(&bed, 204.999, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(230));
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 1);
	bed_free(&bed);
}

static void ten_seconds_make_an_exit_that_lasts_until_the_return(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk legs", BH_LOAD_FULL);
	bed_press(&bed, 500, "", BH_LOAD_FULL);
	bed_press(&bed, 509, "legs", BH_LOAD_FULL); /* back within 10 s: no exit */
	bed_press(&bed, 600, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(609));
	assert_null(bed_event(&bed, BH_EVENT_BED_EXIT, 0));
	bh_detect_advance(bed.detect, bed_ns(610));
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, 600, -1);
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 600);
	bed_press(&bed, 900, "trunk", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(905));
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, 600, 900);
	bed_expect(&bed, BH_EVENT_BED_ENTER, 1, 900, 900);
	bed_free(&bed);
}

static void lights_know_sooner(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bh_detect_advance(bed.detect, bed_ns(20));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_press(&bed, 100, "trunk", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(101));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_press(&bed, 200, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(201));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_EMPTY);
	bed_free(&bed);
}

static void a_start_under_a_sleeper_is_no_enter(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_two_pads(&mat), 0, &plain);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	bed_press(&bed, 0, "trunk legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(60));
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 0, -1);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_ENTER), 0);
	bed_free(&bed);
}

static void a_fault_is_no_exit(void **unused)
{
	struct bed bed;
	const struct bh_event *event;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1000));
	bed.frame.mat_fault = BH_FAULT_GONE;
	bed_press(&bed, 1000.5, "", 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->faults, 1);
	assert_int_equal(bed_state(&bed)->fault[0], BH_FAULT_GONE);
	bh_detect_advance(bed.detect, bed_ns(1100));
	event = bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 1000.5);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	event = bed_expect(&bed, BH_EVENT_LYING, 0, 100, 1000.5);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	event = bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 1000.5, -1);
	assert_int_equal(event->value, BH_FAULT_GONE);
	assert_int_equal(event->sensor, 0);

	/* It heals under the sleeper: occupied again, and nobody entered. */
	bed.frame.mat_fault = BH_FAULT_NONE;
	bed_press(&bed, 2000, "trunk legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(2060));
	bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 1000.5, 2000);
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 1, 2000, -1);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_ENTER), 1);
	assert_int_equal(bed_state(&bed)->faults, 0);
	bed_free(&bed);
}

static void a_short_fault_ends_nothing(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk legs", BH_LOAD_FULL);
	bed.frame.mat_fault = BH_FAULT_BUS;
	bed_press(&bed, 200, "", 0);
	bed.frame.mat_fault = BH_FAULT_NONE;
	bed_press(&bed, 204, "trunk legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(300));
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, -1);
	bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 200, 204);
	bed_free(&bed);
}

static void who_does_not_return_is_told_once(void **unused)
{
	struct bh_detect_config config = { .bed = 2, .not_returned_ns = BH_NS_PER_H };
	const struct bh_event *event;
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_two_pads(&mat), 0, &config);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	bed_press(&bed, 100, "trunk", BH_LOAD_FULL);
	bed_press(&bed, 1000, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1000 + 3599));
	assert_int_equal(bed_count(&bed, BH_EVENT_NOT_RETURNED), 0);
	bh_detect_advance(bed.detect, bed_ns(1000 + 100000));
	event = bed_expect(&bed, BH_EVENT_NOT_RETURNED, 0, 4600, 4600);
	assert_int_equal(event->value, 3600000);
	assert_int_equal(event->bed, 2);
	assert_int_equal(bed_count(&bed, BH_EVENT_NOT_RETURNED), 1);
	bed_free(&bed);
}

static void load_cells_need_a_fifth_of_the_body(void **unused)
{
	struct bh_detect_config config = { .body_load = 80000 };
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_cells(&mat), 0, &config);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 200, 15900, 500, 500); /* a cat and a suitcase */
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 0);
	bed_lie(&bed, 200, 300, 80000, 500, 500);
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 200, -1, BED_LAG_S);
	bed_lie(&bed, 300, 330, 8100, 500, 500); /* between the thresholds: as before */
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 200, -1, BED_LAG_S);
	bed_lie(&bed, 330, 343, 7900, 500, 500);
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 200, 330, BED_LAG_S);
	bed_free(&bed);
}

static void a_cat_in_the_warm_bed_does_not_hide_an_exit(void **unused)
{
	struct bh_detect_config config = { .body_load = 50000 };
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_cells(&mat), 0, &config);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 300, 50000, 500, 500);
	bed_lie(&bed, 300, 358, 7000, 600, 700);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	bed_lie(&bed, 358, 400, 7000, 600, 700);
	bed_expect_near(&bed, BH_EVENT_BED_EXIT, 0, 300, -1, 1);
	bed_lie(&bed, 400, 500, 57000, 500, 500);
	bed_expect_near(&bed, BH_EVENT_BED_EXIT, 0, 300, 400, 1);
	bed_free(&bed);
}

static void silent_cells_are_a_fault_and_no_empty_bed(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_cells(&mat), 0, &plain);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 200.05, 80000, 500, 500);
	bh_detect_advance(bed.detect, bed_ns(204));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bh_detect_advance(bed.detect, bed_ns(4000));
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_expect_near(&bed, BH_EVENT_SENSOR_FAULT, 0, 200, -1, 0.1)->value,
			 BH_FAULT_SILENT);
	assert_int_equal(
		bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 200, BED_LAG_S)->end_cause,
		BH_END_FAULT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	bed_free(&bed);
}

static void beside_a_stuck_pad_open_ones_are_no_empty_bed(void **unused)
{
	struct bed bed;
	const struct bh_event *event;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk legs", BH_LOAD_FULL);
	bed_press(&bed, 30000, "legs", BH_LOAD_FULL); /* out, and one pad hangs */
	bh_detect_advance(bed.detect, bed_ns(30000 + 3599));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bh_detect_advance(bed.detect, bed_ns(200000));
	event = bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 30000, -1);
	assert_int_equal(event->value, BH_FAULT_STUCK);
	assert_int_equal(event->detected_ns, bed_ns(30000 + 3600));
	event = bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 30000);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);

	/* The other pad still tells who is there, not who is not. */
	bed_press(&bed, 210000, "legs trunk", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(210010));
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bed_press(&bed, 215000, "legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(215020));
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	event = bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 1, 210000, 215000);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);

	/* It heals by opening. */
	bed_press(&bed, 220000, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(220010));
	bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 30000, 220000);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

static void a_frame_from_the_past_is_dropped(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "", BH_LOAD_FULL);
	bed.frame.mono_ns = bed_ns(99.999);
	bed.frame.load[0] = BH_LOAD_FULL;
	assert_int_equal(bh_detect_frame(bed.detect, &bed.frame), -EILSEQ);
	bh_detect_advance(bed.detect, bed_ns(200));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

static void stopping_closes_everything(void **unused)
{
	struct bed bed;

	(void)unused;
	pads(&bed);
	bed_press(&bed, 100, "trunk legs", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1000));
	bh_detect_stop(bed.detect, bed_ns(1000.5), BH_END_STOPPED);
	assert_int_equal(bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 1000.5)->end_cause,
			 BH_END_STOPPED);
	assert_int_equal(bed_expect(&bed, BH_EVENT_LYING, 0, 100, 1000.5)->end_cause,
			 BH_END_STOPPED);
	assert_int_equal(bed_expect(&bed, BH_EVENT_QUIET, 0, 100, 1000.5)->end_cause,
			 BH_END_STOPPED);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_seconds_make_an_enter),
		cmocka_unit_test(exactly_five_seconds_are_enough),
		cmocka_unit_test(ten_seconds_make_an_exit_that_lasts_until_the_return),
		cmocka_unit_test(lights_know_sooner),
		cmocka_unit_test(a_start_under_a_sleeper_is_no_enter),
		cmocka_unit_test(a_fault_is_no_exit),
		cmocka_unit_test(a_short_fault_ends_nothing),
		cmocka_unit_test(who_does_not_return_is_told_once),
		cmocka_unit_test(load_cells_need_a_fifth_of_the_body),
		cmocka_unit_test(a_cat_in_the_warm_bed_does_not_hide_an_exit),
		cmocka_unit_test(silent_cells_are_a_fault_and_no_empty_bed),
		cmocka_unit_test(beside_a_stuck_pad_open_ones_are_no_empty_bed),
		cmocka_unit_test(a_frame_from_the_past_is_dropped),
		cmocka_unit_test(stopping_closes_everything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
