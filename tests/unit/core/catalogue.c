/* SPDX-License-Identifier: MIT */
/* The event, fault and name tables, errors, and what a mat can tell. */
#include "hub/core/error.h"
#include "hub/core/event.h"
#include "hub/core/finding.h"
#include "hub/core/mat.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_every_event_both_ways(void **state)
{
	const struct bh_event_info *info;
	enum bh_event_type type;
	int last = 0;

	(void)state;
	for (size_t i = 0; (info = bh_event_info_at(i)); i++) {
		assert_true((int)info->type > last); /* in id order, so no id twice */
		last = (int)info->type;
		assert_ptr_equal(bh_event_info(info->type), info);
		assert_int_equal(bh_event_type_from_name(info->name, &type), 0);
		assert_int_equal(type, info->type);
		assert_true(strspn(info->name, "abcdefghijklmnopqrstuvwxyz_") == strlen(info->name));
	}
	assert_int_equal(last, BH_EVENT_TYPE_END - 1);
	assert_int_equal(bh_event_type_from_name("no_such_event", &type), -ENOENT);
	assert_null(bh_event_info((enum bh_event_type)BH_EVENT_TYPE_END));
}

static void test_faults_are_named(void **state)
{
	(void)state;
	assert_string_equal(bh_fault_name(BH_FAULT_GONE), "gone");
	assert_non_null(strstr(bh_fault_text(BH_FAULT_STUCK), "same value"));
	assert_null(bh_fault_name((enum bh_fault)99));
}

static void test_positions_and_sides(void **state)
{
	enum bh_position position;
	enum bh_side side;

	(void)state;
	for (int i = 0; i < BH_POSITION_END; i++) {
		assert_int_equal(bh_position_from_name(bh_position_name((enum bh_position)i), &position), 0);
		assert_int_equal(position, i);
	}
	assert_int_equal(bh_side_from_name("right", &side), 0);
	assert_int_equal(side, BH_SIDE_RIGHT);
	assert_int_equal(bh_side_from_name("up", &side), -ENOENT);
	assert_string_equal(bh_position_name((enum bh_position)77), "unknown");
}

/* Both legs hang over one edge: read as a leg it would be the wrong one for many. */
static void test_what_a_side_is_the_side_of(void **state)
{
	(void)state;
	assert_string_equal(bh_event_side_text(BH_EVENT_LEGS_OVER_EDGE, BH_SIDE_LEFT), "left edge");
	assert_string_equal(bh_event_side_text(BH_EVENT_EDGE_SIT, BH_SIDE_RIGHT), "right edge");
	assert_string_equal(bh_event_side_text(BH_EVENT_LEG_OUT, BH_SIDE_RIGHT), "right leg");
	assert_string_equal(bh_event_side_text(BH_EVENT_LEG_MOVEMENT, BH_SIDE_BOTH), "both legs");
	assert_string_equal(bh_event_side_text(BH_EVENT_SENSOR_FAULT, BH_SIDE_LEFT), "left");
	assert_string_equal(bh_event_side_text(BH_EVENT_LEGS_OVER_EDGE, BH_SIDE_UNKNOWN), "");
	assert_string_equal(bh_event_side_text(BH_EVENT_LEG_OUT, (enum bh_side)99), "");
}

static void test_error_line(void **state)
{
	char long_path[BH_ERROR_PLACE_MAX + 50], text[1024];
	struct bh_error err;

	(void)state;
	assert_int_equal(bh_error_set(&err, -EINVAL, "a.yaml", 3, 7, "unknown key '%s'", "matt"), -EINVAL);
	bh_error_print(&err, text, sizeof(text));
	assert_string_equal(text, "a.yaml:3:7: unknown key 'matt'");
	bh_error_set(&err, -EINVAL, "a.cap", 12, 0, "time runs backwards");
	bh_error_print(&err, text, sizeof(text));
	assert_string_equal(text, "a.cap:12: time runs backwards");
	assert_int_equal(bh_error_set(NULL, -EIO, NULL, 0, 0, "nobody asks"), -EIO);
	/* Of a long path the end is kept. */
	memset(long_path, 'a', sizeof(long_path));
	strcpy(long_path + sizeof(long_path) - 6, "z.cap");
	bh_error_set(&err, -EINVAL, long_path, 0, 0, "x");
	assert_int_equal(strncmp(err.place, "...", 3), 0);
	assert_string_equal(err.place + strlen(err.place) - 5, "z.cap");
}

static void add_zone(struct bh_mat *mat, uint8_t places, int16_t x)
{
	mat->zone[mat->n_zones++] = (struct bh_zone){ .places = places, .x_permille = x };
}

static struct bh_mat mat;

static void test_what_pads_can_tell(void **state)
{
	(void)state;
	memset(&mat, 0, sizeof(mat));
	assert_int_equal(bh_mat_capabilities(&mat), 0);
	/* Two mats side by side, as in an ordinary home: somebody is there, and moves. */
	mat.kind = BH_MAT_CONTACT;
	add_zone(&mat, BH_AT_TRUNK | BH_AT_LEGS, 250);
	add_zone(&mat, BH_AT_TRUNK | BH_AT_LEGS, 750);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_OCCUPANCY);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_SIDE);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_LEGS);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_LOAD);
	/* The simplest bed: a pad under the hips and one under the calves. */
	mat.n_zones = 0;
	add_zone(&mat, BH_AT_TRUNK, 500);
	add_zone(&mat, BH_AT_LEGS, 500);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_LEGS);
	assert_false(bh_mat_capabilities(&mat) & (BH_CAN_SIDE | BH_CAN_EDGE));
	/* Legs drawn up look like legs that hang, and most of what moves does not show. */
	assert_false(bh_mat_capabilities(&mat) & (BH_CAN_HANGING | BH_CAN_RESTLESSNESS));
	add_zone(&mat, BH_AT_EDGE_LEFT, 100);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_HANGING);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_RESTLESSNESS);
	/* Two strips in the same places weigh. */
	mat.n_zones = 2;
	mat.kind = BH_MAT_STRIPS;
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_HANGING);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_RESTLESSNESS);
}

static void test_load_cells_need_four_corners(void **state)
{
	(void)state;
	memset(&mat, 0, sizeof(mat));
	mat.kind = BH_MAT_LOAD_CELLS;
	mat.n_zones = 2;
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_LEGS);
	mat.n_zones = 4;
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_LEGS);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_POSTURE);
}

static void test_legs_do_not_move_through_a_mattress(void **state)
{
	uint32_t above;

	(void)state;
	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, 12, 6);
	above = bh_mat_capabilities(&mat);
	assert_true(above & BH_CAN_LEG_MOVEMENT);
	mat.under_mattress = true;
	assert_int_equal(bh_mat_capabilities(&mat),
			 above & ~(BH_CAN_LEG_MOVEMENT | BH_CAN_RESTLESSNESS));
}

static void test_a_posture_needs_four_rows_and_columns(void **state)
{
	(void)state;
	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, 4, 4);
	assert_true(bh_mat_capabilities(&mat) & BH_CAN_POSTURE);
	bh_mat_lay_out_matrix(&mat, 3, 4);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_POSTURE);
	bh_mat_lay_out_matrix(&mat, 4, 3);
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_POSTURE);
	bh_mat_lay_out_matrix(&mat, 4, 4);
	mat.kind = BH_MAT_STRIPS;
	assert_false(bh_mat_capabilities(&mat) & BH_CAN_POSTURE);
}

static void test_bands(void **state)
{
	(void)state;
	assert_int_equal(bh_band_of_score(-1), BH_BAND_NOT_SEEN);
	assert_int_equal(bh_band_of_score(0), BH_BAND_SOME);
	assert_int_equal(bh_band_of_score(1100), BH_BAND_LIKENESS);
	assert_int_equal(bh_band_of_score(2199), BH_BAND_LIKENESS);
	assert_int_equal(bh_band_of_score(2200), BH_BAND_STRONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_event_both_ways),
		cmocka_unit_test(test_faults_are_named),
		cmocka_unit_test(test_positions_and_sides),
		cmocka_unit_test(test_what_a_side_is_the_side_of),
		cmocka_unit_test(test_error_line),
		cmocka_unit_test(test_what_pads_can_tell),
		cmocka_unit_test(test_load_cells_need_four_corners),
		cmocka_unit_test(test_legs_do_not_move_through_a_mattress),
		cmocka_unit_test(test_a_posture_needs_four_rows_and_columns),
		cmocka_unit_test(test_bands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
