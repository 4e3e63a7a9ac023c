/* SPDX-License-Identifier: MIT */
/* In bed, out of it and on its edge, on strips and on a sheet whose zones cannot read less than zero. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

#define SHEET_ROWS 12
#define SHEET_COLS 6
/* What one zone of the sheet reads under a body, its noise, and what it reads when it jumps. */
#define SHEET_LOAD 60
#define SHEET_NOISE 16
#define SHEET_JUMP 900

/* Noise of a row of numbers that repeats itself after 2^32, -1..1 times the size. */
static int noise(uint32_t *state, int size)
{
	*state = *state * 1664525u + 1013904223u;
	return (int)((*state >> 16) % (unsigned int)(2 * size + 1)) - size;
}

/* A body over rows and columns of the sheet from one time to another, so many times a second; in every
 * tenth frame a zone jumps. */
static void sheet(struct bed *bed, double from_s, double to_s, double period_s, int rows, int cols)
{
	uint32_t state = (uint32_t)from_s;
	int n = (int)((to_s - from_s) / period_s + 0.5);

	for (int k = 0; k < n; k++) {
		for (int i = 0; i < SHEET_ROWS * SHEET_COLS; i++) {
			int load = i / SHEET_COLS < rows && i % SHEET_COLS < cols ? SHEET_LOAD : 0;

			load += noise(&state, 2 * SHEET_NOISE);
			bed->frame.load[i] = load < 0 ? 0 : load;
		}
		if (noise(&state, 10) > 8)
			bed->frame.load[(noise(&state, 35) + 35)] = SHEET_JUMP;
		bed_frame(bed, from_s + k * period_s);
	}
}

static void noise_that_cannot_go_below_zero_is_nobody(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, SHEET_ROWS, SHEET_COLS);
	bed_make(&bed, &mat, 0, &plain);
	sheet(&bed, 0, 7200, 5, 0, 0); /* read once in five seconds */
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	sheet(&bed, 7200, 9000, .1, SHEET_ROWS, 4);
	bed_expect_near(&bed, BH_EVENT_BED_ENTER, 0, 7200, 7200, 2);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	sheet(&bed, 9000, 9100, .1, 0, 0);
	sheet(&bed, 9100, 20000, 5, 0, 0);
	bed_expect_near(&bed, BH_EVENT_BED_EXIT, 0, 9000, -1, 2);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 1);
	assert_int_equal(bed_state(&bed)->occupied, BH_NO);
	bed_free(&bed);
}

static void a_hub_that_starts_under_a_sleeper_does_not_take_them_for_the_bed(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, SHEET_ROWS, SHEET_COLS);
	bed_make(&bed, &mat, 0, &plain);
	sheet(&bed, 0, 600, .1, SHEET_ROWS, 4);
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 0, -1, 2);
	sheet(&bed, 600, 700, .1, 0, 0);
	/* Only now is the empty bed seen, and its zero takes some seconds to settle. */
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 0, 600, 4);
	bed_free(&bed);
}

static struct bh_mat *strips(struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_STRIPS;
	bed_zone(mat, "shoulders_l", 250, 140, BH_AT_HEAD | BH_AT_TRUNK);
	bed_zone(mat, "shoulders_r", 750, 140, BH_AT_HEAD | BH_AT_TRUNK);
	bed_zone(mat, "hips_l", 250, 390, BH_AT_TRUNK);
	bed_zone(mat, "hips_r", 750, 390, BH_AT_TRUNK);
	bed_zone(mat, "thighs_l", 250, 600, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(mat, "thighs_r", 750, 600, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(mat, "calves_l", 250, 825, BH_AT_LEGS);
	bed_zone(mat, "calves_r", 750, 825, BH_AT_LEGS);
	return mat;
}

/* Loads in the order of the zones, ten times a second. */
static void press(struct bed *bed, double from_s, double to_s, const int *load)
{
	for (int k = 0; from_s + k / 10.0 < to_s - .0005; k++) {
		for (int i = 0; i < bed->mat.n_zones; i++)
			bed->frame.load[i] = load[i];
		bed_frame(bed, from_s + k / 10.0);
	}
}

static const int nobody[8];
static const int lies[8] = { 200, 150, 300, 250, 120, 110, 90, 80 };
static const int sits[8] = { 0, 0, 850, 0, 130, 0, 0, 0 };

/* The loads are those of a person lying by the edge with that leg out and the other drawn up. */
static void a_leg_out_of_bed_is_no_sit(void **unused)
{
	static const int leg_out[8] = { 285, 0, 645, 0, 155, 0, 6, 0 };
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, strips(&mat), 0, &plain);
	press(&bed, 0, 60, nobody);
	press(&bed, 60, 600, lies);
	press(&bed, 600, 1200, leg_out);
	assert_int_equal(bed_count(&bed, BH_EVENT_EDGE_SIT), 0);
	assert_int_equal(bed_state(&bed)->legs_over_edge, BH_NO);
	press(&bed, 1200, 1500, sits);
	press(&bed, 1500, 1600, lies);
	assert_int_equal(
		bed_expect_near(&bed, BH_EVENT_LEGS_OVER_EDGE, 0, 1200, 1500, BED_LAG_S)->side,
		BH_SIDE_LEFT);
	bed_free(&bed);
}

/* When, in tenths of a second after the last load, the lights know that the bed is empty. */
static int known_after(struct bed *bed, double at_s)
{
	for (int tenths = 0; tenths < 50; tenths++) {
		press(bed, at_s + tenths / 10.0, at_s + (tenths + 1) / 10.0, nobody);
		if (bed_state(bed)->occupied == BH_NO)
			return tenths;
	}
	return 50;
}

static void lights_believe_who_sat_before_who_lay(void **unused)
{
	struct bh_mat mat;
	struct bed bed;
	int sat, lay;

	(void)unused;
	bed_make(&bed, strips(&mat), 0, &plain);
	press(&bed, 0, 60, nobody);
	press(&bed, 60, 600, lies);
	press(&bed, 600, 620, sits);
	sat = known_after(&bed, 620);
	press(&bed, 700, 1200, lies);
	lay = known_after(&bed, 1200);
	assert_in_range(sat, 2, 3);
	assert_in_range(lay, sat + 2, 9);
	bed_free(&bed);
}

static void a_turn_that_throws_the_body_up_is_no_exit(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, strips(&mat), 0, &plain);
	press(&bed, 0, 60, nobody);
	press(&bed, 60, 80, sits);
	press(&bed, 80, 600, lies);
	bed.n = 0;
	for (int swing = 0; swing < 5; swing++) {
		press(&bed, 600 + swing, 600.3 + swing, nobody);
		press(&bed, 600.3 + swing, 601 + swing, lies);
	}
	for (size_t i = 0; i < bed.n; i++)
		if (bed.records[i].kind == BH_RECORD_STATE)
			assert_int_equal(bed.records[i].u.state.occupied, BH_YES);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_that_cannot_go_below_zero_is_nobody),
		cmocka_unit_test(a_hub_that_starts_under_a_sleeper_does_not_take_them_for_the_bed),
		cmocka_unit_test(a_leg_out_of_bed_is_no_sit),
		cmocka_unit_test(lights_believe_who_sat_before_who_lay),
		cmocka_unit_test(a_turn_that_throws_the_body_up_is_no_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
