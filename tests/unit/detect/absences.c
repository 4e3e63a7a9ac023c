/* SPDX-License-Identifier: MIT */
/* What an absence was, told from what lies before and after it; epochs around it. */
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void in_bed(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_six_pads(&mat), 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
	bed_press(bed, 60, "trunk leg_l leg_r", BH_LOAD_FULL);
}

/* A leg kicks every few seconds. */
static void be_restless(struct bed *bed, double from_s, double to_s, double every_s)
{
	for (double at = from_s; at + 1 < to_s; at += every_s) {
		bed_press(bed, at, "trunk leg_l", BH_LOAD_FULL);
		bed_press(bed, at + 0.6, "trunk leg_l leg_r", BH_LOAD_FULL);
	}
}

static void go(struct bed *bed, double out_s, double back_s)
{
	bed_press(bed, out_s, "", BH_LOAD_FULL);
	bed_press(bed, back_s, "trunk leg_l leg_r", BH_LOAD_FULL);
}

static void a_short_calm_absence_is_toilet_like(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	go(&bed, 7200, 7200 + 120);   /* two minutes */
	go(&bed, 14400, 14400 + 720); /* twelve */
	go(&bed, 21600, 21600 + 119); /* too short */
	go(&bed, 28800, 28800 + 721); /* too long */
	bh_detect_advance(bed.detect, bed_ns(40000));
	bed_expect(&bed, BH_EVENT_TOILET_LIKE, 0, 7200, 7320);
	bed_expect(&bed, BH_EVENT_TOILET_LIKE, 1, 14400, 15120);
	assert_int_equal(bed_count(&bed, BH_EVENT_TOILET_LIKE), 2);
	assert_int_equal(bed_count(&bed, BH_EVENT_WALK_BREAK), 0);
	bed_free(&bed);
}

static void after_a_long_sit_it_is_not(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	bed_press(&bed, 7000, "edge_l", BH_LOAD_FULL); /* 100 s on the edge */
	go(&bed, 7100, 7400);
	bed_press(&bed, 20000, "edge_l", BH_LOAD_FULL); /* 60 s */
	go(&bed, 20060, 20400);
	bh_detect_advance(bed.detect, bed_ns(30000));
	assert_int_equal(bed_count(&bed, BH_EVENT_TOILET_LIKE), 1);
	bed_expect(&bed, BH_EVENT_TOILET_LIKE, 0, 20060, 20400);
	bed_free(&bed);
}

static void restless_out_and_calmer_is_a_walk_break(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	be_restless(&bed, 3600, 4300, 7);
	go(&bed, 4300, 4900);
	/* It is told when it has been calmer for a quarter of an hour. */
	bh_detect_advance(bed.detect, bed_ns(4900 + 890));
	assert_int_equal(bed_count(&bed, BH_EVENT_WALK_BREAK), 0);
	bh_detect_advance(bed.detect, bed_ns(4900 + 920));
	bed_expect(&bed, BH_EVENT_WALK_BREAK, 0, 4300, 4900);
	assert_int_equal(bed_count(&bed, BH_EVENT_TOILET_LIKE), 0);
	bed_free(&bed);
}

static void as_restless_as_before_is_none(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	be_restless(&bed, 3600, 4300, 7);
	go(&bed, 4300, 4900);
	be_restless(&bed, 4910, 6000, 7);
	bh_detect_advance(bed.detect, bed_ns(7000));
	assert_int_equal(bed_count(&bed, BH_EVENT_WALK_BREAK), 0);
	bed_free(&bed);
}

static unsigned int epochs_between(const struct bed *bed, double from_s, double to_s)
{
	unsigned int n = 0;

	for (size_t i = 0; i < bed->n; i++)
		n += bed->records[i].kind == BH_RECORD_EPOCH &&
		     bed->records[i].u.epoch.start_ns >= bed_ns(from_s) &&
		     bed->records[i].u.epoch.start_ns < bed_ns(to_s);
	return n;
}

static void an_empty_bed_gives_epochs_for_half_an_hour(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	assert_int_equal(epochs_between(&bed, 0, 60), 0);
	go(&bed, 3600, 3600 + 7200);
	bh_detect_advance(bed.detect, bed_ns(20000));
	assert_int_equal(epochs_between(&bed, 60, 3600), 118);
	assert_in_range(epochs_between(&bed, 3600, 5400), 58, 60);
	assert_int_equal(epochs_between(&bed, 5460, 10800), 0);
	assert_int_equal(epochs_between(&bed, 10800, 11400), 20);
	bed_free(&bed);
}

static void an_epoch_counts_its_seconds(void **unused)
{
	const struct bh_epoch *epoch = NULL;
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	be_restless(&bed, 600.2, 630, 5); /* six moving seconds in one epoch */
	bh_detect_advance(bed.detect, bed_ns(700));
	for (size_t i = 0; i < bed.n; i++)
		if (bed.records[i].kind == BH_RECORD_EPOCH &&
		    bed.records[i].u.epoch.start_ns == bed_ns(600))
			epoch = &bed.records[i].u.epoch;
	assert_non_null(epoch);
	assert_int_equal(epoch->coverage_permille, 1000);
	assert_int_equal(epoch->occupied_permille, 1000);
	assert_int_equal(epoch->moving_permille, 200);
	assert_int_equal(epoch->activity, 30);
	assert_int_equal(epoch->position, BH_POSITION_LYING);
	assert_int_equal(epoch->load_permille, BH_EPOCH_UNKNOWN);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_calm_absence_is_toilet_like),
		cmocka_unit_test(after_a_long_sit_it_is_not),
		cmocka_unit_test(restless_out_and_calmer_is_a_walk_break),
		cmocka_unit_test(as_restless_as_before_is_none),
		cmocka_unit_test(an_empty_bed_gives_epochs_for_half_an_hour),
		cmocka_unit_test(an_epoch_counts_its_seconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
