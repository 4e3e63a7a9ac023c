/* SPDX-License-Identifier: MIT */
/* A contact pad that stays closed: what it shows is taken back, and what is real is not lost. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void six_pads(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_six_pads(&mat), 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
}

/* An event that history holds for no moment: it was taken back. */
static void expect_taken_back(const struct bed *bed, enum bh_event_type type, unsigned int nth,
			      double at_s)
{
	assert_int_equal(bed_expect(bed, type, nth, at_s, at_s)->end_cause, BH_END_FAULT);
}

static void one_that_sticks_on_getting_up_is_no_sit(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 100, "trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 20000, "edge_r trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 20002, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(20002 + 3599));
	bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 20002, -1); /* it may be true */
	bh_detect_advance(bed.detect, bed_ns(20002 + 3600));
	expect_taken_back(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 20002);
	expect_taken_back(&bed, BH_EVENT_EDGE_SIT, 0, 20002);
	event = bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 20002);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	event = bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 20002, -1);
	assert_int_equal(event->value, BH_FAULT_STUCK);
	assert_int_equal(event->detected_ns, bed_ns(20002 + 3600));
	assert_int_equal(event->side, BH_SIDE_RIGHT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_UNKNOWN);

	/* The next night it is still closed, and says nothing. */
	bed_press(&bed, 50000, "edge_r trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 70000, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(71000));
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 1, 50000, 70000);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 1);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bed_free(&bed);
}

/* Half a minute on the edge is left of it, with a hand on the trunk's pad: a sit, but no hanging legs. */
static void what_is_left_must_make_one(void **unused)
{
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 100, "trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 20000, "edge_r", BH_LOAD_FULL);
	bed_press(&bed, 20030, "edge_r trunk", BH_LOAD_FULL);
	bed_press(&bed, 20033, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(20033 + 3600));
	expect_taken_back(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 20000);
	assert_int_equal(bed_expect(&bed, BH_EVENT_EDGE_SIT, 0, 20000, 20033)->end_cause, BH_END_FAULT);
	bed_free(&bed);
}

static void one_that_closes_in_an_empty_bed_is_not_told(void **unused)
{
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 100, "trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 20000, "", BH_LOAD_FULL);
	bed_press(&bed, 30000, "edge_l", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(30000 + 120));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bh_detect_advance(bed.detect, bed_ns(30000 + 3600));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	expect_taken_back(&bed, BH_EVENT_EDGE_SIT, 0, 30000);
	expect_taken_back(&bed, BH_EVENT_BED_OCCUPIED, 1, 30000);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	bed_free(&bed);
}

static void someone_who_lies_down_beside_it_proves_nothing(void **unused)
{
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 1000, "edge_l", BH_LOAD_FULL);
	bed_press(&bed, 3000, "edge_l trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 9000, "edge_l", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(9000 + 600));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bed_free(&bed);
}

static void a_sit_on_an_empty_bed_is_told_when_it_is_over(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 1000, "edge_l", BH_LOAD_FULL); /* sits, and leaves */
	bh_detect_advance(bed.detect, bed_ns(1060));
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_YES);
	bed_press(&bed, 1600, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1620));
	event = bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 1000, 1600);
	assert_int_equal(event->end_cause, BH_END_NORMAL);
	assert_int_equal(event->side, BH_SIDE_LEFT);

	bed_press(&bed, 3000, "edge_r", BH_LOAD_FULL); /* sits, and lies down */
	bed_press(&bed, 3400, "edge_r trunk leg_l", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(3450));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 1);
	bed_press(&bed, 3460, "trunk leg_l leg_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(3480));
	event = bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 1, 3000, 3400);
	assert_int_equal(event->side, BH_SIDE_RIGHT);
	bed_free(&bed);
}

static void two_pads_believe_who_lay_down_soon(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_two_pads(&mat), 0, &plain);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	bed_press(&bed, 100, "trunk", BH_LOAD_FULL);
	bed_press(&bed, 120, "trunk legs", BH_LOAD_FULL);
	bed_press(&bed, 9000, "trunk", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(9000 + 90));
	bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 9000, -1);
	bed_free(&bed);
}

/* Lie on trunk and legs for @p hours, turning every half hour, and on the trunk alone from then on. */
static double lie(struct bed *bed, double from_s, double hours)
{
	double at_s = from_s, end_s = from_s + hours * 3600;

	for (; at_s < end_s; at_s += 1800) {
		bed_press(bed, at_s, "trunk leg_l", BH_LOAD_FULL);
		bed_press(bed, at_s + 2, "trunk leg_l leg_r", BH_LOAD_FULL);
	}
	bed_press(bed, at_s, "trunk", BH_LOAD_FULL);
	return at_s;
}

static void a_trunk_that_never_lay_alone_is_stuck_in_an_hour(void **unused)
{
	struct bed bed;
	double at_s;

	(void)unused;
	six_pads(&bed);
	at_s = lie(&bed, 100, 7);
	bh_detect_advance(bed.detect, bed_ns(at_s + 3599));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bh_detect_advance(bed.detect, bed_ns(at_s + 3600));
	bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, at_s, -1);
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, at_s);
	bed_free(&bed);
}

static void who_often_lies_on_the_trunk_alone_may(void **unused)
{
	struct bed bed;
	double at_s = 100;

	(void)unused;
	six_pads(&bed);
	for (int night = 0; night < 3; night++) {
		/* Curled up for half an hour before getting up. */
		at_s = lie(&bed, at_s, 2) + 1800;
		bed_press(&bed, at_s, "", BH_LOAD_FULL);
		at_s += 1000;
	}
	at_s = lie(&bed, at_s, 2);
	bh_detect_advance(bed.detect, bed_ns(at_s + 5 * 3600));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

static void a_power_cut_does_not_mend_it(void **unused)
{
	struct bed bed;

	(void)unused;
	six_pads(&bed);
	bed_press(&bed, 100, "trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 20000, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(24000));
	bed.frame.mat_fault = BH_FAULT_GONE;
	bed_frame(&bed, 25000);
	bh_detect_advance(bed.detect, bed_ns(26000));
	bed.frame.mat_fault = BH_FAULT_NONE;
	bed_frame(&bed, 26000);
	bh_detect_advance(bed.detect, bed_ns(26200));
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 2)->value, BH_FAULT_STUCK);
	bed_press(&bed, 27000, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(27020));
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_sticks_on_getting_up_is_no_sit),
		cmocka_unit_test(what_is_left_must_make_one),
		cmocka_unit_test(one_that_closes_in_an_empty_bed_is_not_told),
		cmocka_unit_test(someone_who_lies_down_beside_it_proves_nothing),
		cmocka_unit_test(a_sit_on_an_empty_bed_is_told_when_it_is_over),
		cmocka_unit_test(two_pads_believe_who_lay_down_soon),
		cmocka_unit_test(a_trunk_that_never_lay_alone_is_stuck_in_an_hour),
		cmocka_unit_test(who_often_lies_on_the_trunk_alone_may),
		cmocka_unit_test(a_power_cut_does_not_mend_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
