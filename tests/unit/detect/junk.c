/* SPDX-License-Identifier: MIT */
/* Frames of a matrix that no body and no empty bed can make, and frames that only look like it. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void make(struct bed *bed, int rows, int cols)
{
	static struct bh_mat mat;

	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, (uint16_t)rows, (uint16_t)cols);
	bed_make(bed, &mat, 0, &plain);
}

/* All rows from the first one given carry a little. */
static enum bh_fault shown(struct bed *bed, double at_s, int first_row)
{
	for (int i = 0; i < bed->mat.n_zones; i++)
		bed->frame.load[i] = i / bed->mat.cols >= first_row ? 5 : 0;
	bed_frame(bed, at_s);
	return bed_state(bed)->fault[0];
}

/* The first zones are at the end of their range, the others carry a little. */
static enum bh_fault full(struct bed *bed, double at_s, int zones)
{
	for (int i = 0; i < bed->mat.n_zones; i++)
		bed->frame.load[i] = i < zones ? BH_LOAD_FULL : 5;
	bed_frame(bed, at_s);
	return bed_state(bed)->fault[0];
}

static void a_first_frame_without_its_rows_is_junk(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 64, 32);
	assert_int_equal(shown(&bed, 0, 17), BH_FAULT_JUNK);
	assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
	assert_int_equal(shown(&bed, 1, 0), BH_FAULT_NONE);
	/* Later, nothing is what an empty mat shows. */
	assert_int_equal(shown(&bed, 2, 64), BH_FAULT_NONE);
	bed_free(&bed);
}

static void an_empty_mat_is_junk_for_one_frame_only(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 64, 32);
	assert_int_equal(shown(&bed, 0, 64), BH_FAULT_JUNK);
	assert_int_equal(shown(&bed, 1, 64), BH_FAULT_NONE);
	bed_free(&bed);
}

static void a_first_frame_with_a_few_empty_rows_is_read(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 64, 32);
	assert_int_equal(shown(&bed, 0, 16), BH_FAULT_NONE);
	bed_free(&bed);
	make(&bed, 12, 6);
	assert_int_equal(shown(&bed, 0, 12), BH_FAULT_NONE);
	bed_free(&bed);
}

/* A block of full zones, as under a hip, with the slope that a mattress gives it; nothing elsewhere. */
static void a_body_may_fill_many_zones_of_a_fine_mat(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 64, 32);
	shown(&bed, 0, 0);
	for (int r = 20; r < 40; r++)
		for (int c = 6; c < 26; c++)
			bed.frame.load[r * 32 + c] = c < 8 || c > 23 ? 400 : BH_LOAD_FULL;
	bed_frame(&bed, 1);
	assert_int_equal(bed_state(&bed)->fault[0], BH_FAULT_NONE);
	bed_free(&bed);
}

/* So many full zones alone among empty ones, eight a row from the head down. */
static enum bh_fault scattered(struct bed *bed, double at_s, int full)
{
	memset(bed->frame.load, 0, sizeof(bed->frame.load));
	for (int i = 0; i < full; i++)
		bed->frame.load[i / 8 * 32 + i % 8 * 4 + 1] = BH_LOAD_FULL;
	bed_frame(bed, at_s);
	return bed_state(bed)->fault[0];
}

/* Each such zone has two neighbours with nothing; a mat of 2048 may show 12 such pairs. */
static void full_zones_beside_nothing_are_a_scan_gone_wrong(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 64, 32);
	shown(&bed, 0, 0);
	assert_int_equal(scattered(&bed, 1, 6), BH_FAULT_NONE);
	assert_int_equal(scattered(&bed, 2, 7), BH_FAULT_JUNK);
	bed_free(&bed);
	/* A coarse mat has zones as large as what lies on it. */
	make(&bed, 12, 6);
	for (int i = 0; i < 72; i++)
		bed.frame.load[i] = i % 3 == 1 ? BH_LOAD_FULL : 0;
	bed_frame(&bed, 0);
	assert_int_equal(bed_state(&bed)->fault[0], BH_FAULT_NONE);
	bed_free(&bed);
}

static void a_coarse_mat_may_be_full_under_the_body(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 8, 8);
	assert_int_equal(full(&bed, 0, 32), BH_FAULT_NONE);
	assert_int_equal(full(&bed, 1, 33), BH_FAULT_JUNK);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_frame_without_its_rows_is_junk),
		cmocka_unit_test(an_empty_mat_is_junk_for_one_frame_only),
		cmocka_unit_test(a_first_frame_with_a_few_empty_rows_is_read),
		cmocka_unit_test(a_body_may_fill_many_zones_of_a_fine_mat),
		cmocka_unit_test(full_zones_beside_nothing_are_a_scan_gone_wrong),
		cmocka_unit_test(a_coarse_mat_may_be_full_under_the_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
