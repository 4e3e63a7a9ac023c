/* SPDX-License-Identifier: MIT */
/* What the posture classifier must not depend on: the mat, its unit, weight, place in bed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/detect/posture.h"
#include "tests/unit/detect/lying_body.h"

static const enum bh_position all[] = { BH_POSITION_SUPINE, BH_POSITION_LEFT, BH_POSITION_RIGHT };

#define N_ALL (sizeof(all) / sizeof(all[0]))

static struct bh_mat mat;
static int32_t load[BH_ZONES_MAX];

static void lay_out(int rows, int cols)
{
	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, (uint16_t)rows, (uint16_t)cols);
}

static enum bh_position judged(const int32_t *empty)
{
	struct bh_posture_features features;
	struct bh_posture posture;

	assert_true(bh_posture_features_make(&mat, load, empty, &features));
	bh_posture_judge(bh_posture_weights_for(mat.n_zones), &features, &posture);
	assert_in_range(posture.confidence_permille, 0, 1000);
	return posture.position;
}

static void mats_of_any_size_say_the_same(void **unused)
{
	static const int size[][2] = { { 64, 32 }, { 32, 16 }, { 27, 14 },
				       { 16, 8 },  { 12, 8 },  { 8, 8 },
				       { 6, 4 },   { 5, 5 },   { 4, 4 } };

	(void)unused;
	for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
		lay_out(size[i][0], size[i][1]);
		for (size_t k = 0; k < N_ALL; k++) {
			body_lie(&mat, all[k], 0, 0, 100, load);
			if (judged(NULL) != all[k])
				fail_msg("%s on %dx%d is taken for %s", bh_position_name(all[k]),
					 size[i][0], size[i][1], bh_position_name(judged(NULL)));
		}
	}
}

static void weight_and_place_do_not_matter(void **unused)
{
	(void)unused;
	lay_out(32, 16);
	for (size_t k = 0; k < N_ALL; k++) {
		for (int percent = 40; percent <= 300; percent += 130) {
			body_lie(&mat, all[k], 0, 0, percent, load);
			assert_int_equal(judged(NULL), all[k]);
		}
		for (int dx = -80; dx <= 80; dx += 40) {
			body_lie(&mat, all[k], dx, dx / 2, 100, load);
			assert_int_equal(judged(NULL), all[k]);
		}
	}
}

static void the_empty_bed_is_taken_off(void **unused)
{
	static int32_t empty[BH_ZONES_MAX];

	(void)unused;
	lay_out(16, 8);
	for (size_t k = 0; k < N_ALL; k++) {
		body_lie(&mat, all[k], 0, 0, 100, load);
		for (int i = 0; i < mat.n_zones; i++) {
			empty[i] = 300 + i % 7 * 20;
			load[i] += empty[i];
		}
		assert_int_equal(judged(empty), all[k]);
	}
}

static void a_mirror_turns_left_to_right_exactly(void **unused)
{
	struct bh_posture_features features;
	struct bh_posture left, right;

	(void)unused;
	lay_out(16, 8);
	for (int dx = -60; dx <= 60; dx += 20) {
		body_lie(&mat, BH_POSITION_LEFT, dx, 0, 100, load);
		assert_true(bh_posture_features_make(&mat, load, NULL, &features));
		bh_posture_judge(bh_posture_weights_for(mat.n_zones), &features, &left);
		for (int i = 0; i < BH_POSTURE_ODD; i++)
			features.odd[i] = -features.odd[i];
		bh_posture_judge(bh_posture_weights_for(mat.n_zones), &features, &right);
		assert_int_equal(left.position, BH_POSITION_LEFT);
		assert_int_equal(right.position, BH_POSITION_RIGHT);
		assert_int_equal(left.confidence_permille, right.confidence_permille);
	}
}

static void nothing_to_see_is_said(void **unused)
{
	struct bh_posture_features features;

	(void)unused;
	lay_out(16, 8);
	memset(load, 0, sizeof(load));
	assert_false(bh_posture_features_make(&mat, load, NULL, &features));
	/* Below the empty bed is nothing too. */
	body_lie(&mat, BH_POSITION_SUPINE, 0, 0, 100, load);
	assert_false(bh_posture_features_make(&mat, load, load, &features));
	mat.kind = BH_MAT_STRIPS;
	assert_false(bh_posture_features_make(&mat, load, NULL, &features));
	lay_out(1, 64);
	assert_false(bh_posture_features_make(&mat, load, NULL, &features));
	lay_out(2, 1024);
	assert_false(bh_posture_features_make(&mat, load, NULL, &features));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mats_of_any_size_say_the_same),
		cmocka_unit_test(weight_and_place_do_not_matter),
		cmocka_unit_test(the_empty_bed_is_taken_off),
		cmocka_unit_test(a_mirror_turns_left_to_right_exactly),
		cmocka_unit_test(nothing_to_see_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
