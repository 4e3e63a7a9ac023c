/* SPDX-License-Identifier: MIT */
/* Sitting on the edge, legs over the edge, one leg out: on pads and on load cells. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void sleeper(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_six_pads(&mat), 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
	bed_press(bed, 100, "trunk leg_l leg_r", BH_LOAD_FULL);
}

static void ten_seconds_are_a_sit(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "edge_l", BH_LOAD_FULL);
	bed_press(&bed, 509.9, "trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 600, "edge_l", BH_LOAD_FULL);
	bed_press(&bed, 620, "trunk leg_l leg_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(700));
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 2);
	assert_int_equal(bed_expect(&bed, BH_EVENT_EDGE_SIT, 1, 600, 620)->side, BH_SIDE_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	bed_free(&bed);
}

static void ninety_seconds_are_legs_over_the_edge(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(505));
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_YES);
	assert_int_equal(bed_state(&bed)->legs_side, BH_SIDE_RIGHT);
	bh_detect_advance(bed.detect, bed_ns(589));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	bh_detect_advance(bed.detect, bed_ns(590));
	event = bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 500, -1);
	assert_int_equal(event->detected_ns, bed_ns(590));
	assert_int_equal(event->side, BH_SIDE_RIGHT);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_LEGS_OVER_EDGE);
	bed_press(&bed, 1000, "trunk leg_l leg_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1020));
	bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 500, 1000);
	bed_expect(&bed, BH_EVENT_EDGE_SIT, 0, 500, 1000);
	bed_expect(&bed, BH_EVENT_LYING, 0, 100, 500);
	bed_expect(&bed, BH_EVENT_LYING, 1, 1000, -1);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_NO);
	bed_free(&bed);
}

static void a_sit_that_leaves_the_bed_ends_with_it(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "edge_r", BH_LOAD_FULL);
	bed_press(&bed, 700, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(800));
	bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 500, 700);
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, 700, -1);
	bed_free(&bed);
}

static void a_direct_exit_is_no_sit(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "edge_r", BH_LOAD_FULL);
	bed_press(&bed, 504, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(800));
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	bed_expect(&bed, BH_EVENT_BED_EXIT, 0, 504, -1);
	bed_free(&bed);
}

static void lying_at_the_edge_is_no_sit(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "trunk edge_r", BH_LOAD_FULL); /* curled up, legs off their pads */
	bh_detect_advance(bed.detect, bed_ns(1000));
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	bed_free(&bed);
}

static void a_pad_never_seen_open_may_be_stuck(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_six_pads(&mat), 0, &plain);
	bed_press(&bed, 0, "edge_r", BH_LOAD_FULL); /* nobody is there */
	bh_detect_advance(bed.detect, bed_ns(300));
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	bed_press(&bed, 400, "edge_r trunk leg_l leg_r", BH_LOAD_FULL);
	bed_press(&bed, 900, "edge_r", BH_LOAD_FULL); /* gone again */
	bh_detect_advance(bed.detect, bed_ns(1200));
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_UNKNOWN);
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	bed_press(&bed, 1300, "trunk leg_l leg_r", BH_LOAD_FULL); /* it does open */
	bed_press(&bed, 1500, "edge_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1600));
	bed_expect(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 1500, -1);
	bed_free(&bed);
}

static void one_leg_out_has_a_side(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed_press(&bed, 500, "trunk leg_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(509));
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_OUT), 0);
	assert_int_equal(bed_state(&bed)->leg_out, BH_YES);
	bh_detect_advance(bed.detect, bed_ns(510));
	assert_int_equal(bed_expect(&bed, BH_EVENT_LEG_OUT, 0, 500, -1)->side, BH_SIDE_LEFT);
	bed_press(&bed, 600, "trunk leg_l leg_r", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(610));
	bed_expect(&bed, BH_EVENT_LEG_OUT, 0, 500, 600);
	bed_free(&bed);
}

static void a_bed_without_leg_zones_does_not_know(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	memset(&mat, 0, sizeof(mat));
	mat.kind = BH_MAT_CONTACT;
	bed_zone(&mat, "left", 250, 500, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(&mat, "right", 750, 500, BH_AT_TRUNK | BH_AT_LEGS);
	bed_make(&bed, &mat, 0, &plain);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	bed_press(&bed, 100, "left", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(4000));
	bed_press(&bed, 4000, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(5000));
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 0);
	for (size_t i = 0; i < bed.n; i++) {
		if (bed.records[i].kind == BH_RECORD_STATE) {
			assert_int_equal(bed.records[i].u.state.legs_over_edge, BH_UNKNOWN);
			assert_int_equal(bed.records[i].u.state.leg_out, BH_UNKNOWN);
		}
		if (bed.records[i].kind == BH_RECORD_EPOCH)
			assert_int_equal(bed.records[i].u.epoch.leg_movements, BH_EPOCH_UNKNOWN);
	}
	bed_free(&bed);
}

static void load_cells_see_the_edge_in_the_centre_of_pressure(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_cells(&mat), 0, &plain);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 900, 80000, 480, 450);
	bed_lie(&bed, 900, 1100, 64000, 120, 550);
	bed_lie(&bed, 1100, 1200, 80000, 480, 450);
	assert_int_equal(
		bed_expect_near(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 900, 1100, BED_LAG_S)->side,
		BH_SIDE_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	bed_expect_near(&bed, BH_EVENT_LYING, 1, 1100, -1, BED_LAG_S);
	bed_free(&bed);
}

static void a_cat_on_the_bed_does_not_hide_a_sit(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_cells(&mat), 0, &plain);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 900, 80000, 480, 450);
	bed_lie(&bed, 900, 1100, 87000, 160, 550);
	bed_expect_near(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 900, -1, BED_LAG_S);
	/* Two people are not one who sits. */
	bed_lie(&bed, 1100, 1300, 140000, 160, 550);
	bed_expect_near(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 900, 1100, BED_LAG_S);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 1);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_seconds_are_a_sit),
		cmocka_unit_test(ninety_seconds_are_legs_over_the_edge),
		cmocka_unit_test(a_sit_that_leaves_the_bed_ends_with_it),
		cmocka_unit_test(a_direct_exit_is_no_sit),
		cmocka_unit_test(lying_at_the_edge_is_no_sit),
		cmocka_unit_test(a_pad_never_seen_open_may_be_stuck),
		cmocka_unit_test(one_leg_out_has_a_side),
		cmocka_unit_test(a_bed_without_leg_zones_does_not_know),
		cmocka_unit_test(load_cells_see_the_edge_in_the_centre_of_pressure),
		cmocka_unit_test(a_cat_on_the_bed_does_not_hide_a_sit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
