/* SPDX-License-Identifier: MIT */
/* Sleep and wake from activity: the formulas' published vectors, rescoring, and what a night adds up
 * to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/detect/sleep.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Thirty minutes of the science notes, section 3, as GGIR scores them. */
static const int32_t half_hour[30] = { 0,  0, 0, 0, 0, 0, 12, 0, 0,  0, 0, 30, 80, 120, 60,
				       10, 0, 0, 0, 0, 0, 0,  0, 55, 0, 0, 0,  0,  0,	0 };

static void cole_kripke(void **unused)
{
	static const double d[30] = { 0,     0,	    0,	  0,	 .80,	.89,   2.76,  .91,
				      .70,   2.66,  8.85, 20.86, 33.58, 40.53, 29.92, 21.32,
				      19.20, 16.54, 6.90, 1.06,	 0,	3.69,  4.07,  12.65,
				      4.18,  3.19,  2.97, 5.83,	 0,	0 };

	(void)unused;
	for (size_t i = 0; i < 30; i++)
		assert_int_equal((bh_cole_kripke_milli(half_hour, 30, i, &bh_counts_plain) + 5) /
					 10,
				 lround(d[i] * 100));
}

static void sadeh(void **unused)
{
	static const double ps[] = { 3.32, .50, -1.24, -2.55, -1.88, -.57, 1.11, 1.06 };

	(void)unused;
	for (size_t i = 10; i <= 17; i++)
		assert_int_equal(
			lround((double)bh_sadeh_micro(half_hour, 30, i, &bh_counts_plain) / 1e4),
			lround(ps[i - 10] * 100));
}

static void oakley(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 30; i++)
		assert_int_equal(bh_oakley_centi(half_hour, 30, i) > BH_OAKLEY_WAKE * 100,
				 (i >= 11 && i <= 14) || i == 23);
}

/* "s" and "w" a minute, "?" unknown. */
static size_t minutes(const char *text, enum bh_sleep *ret)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		ret[i] = text[i] == 's'	  ? BH_SLEEP_ASLEEP
			 : text[i] == 'w' ? BH_SLEEP_AWAKE
					  : BH_SLEEP_UNKNOWN;
	return n;
}

static void expect_rescored(const char *before, const char *after)
{
	enum bh_sleep minute[200], expected[200];
	size_t n = minutes(before, minute);

	assert_int_equal(minutes(after, expected), n);
	bh_webster_rescore(minute, n);
	assert_memory_equal(minute, expected, n * sizeof(minute[0]));
}

static void webster(void **unused)
{
	(void)unused;
	expect_rescored("wwwsssssssss", "wwwsssssssss");
	expect_rescored("wwwwsssssssss", "wwwwwssssssss");
	expect_rescored("wwwwwwwwwsssssssssssss", "wwwwwwwwwwssssssssssss");
	expect_rescored("wwwwwwwwwwsssssssssssss", "wwwwwwwwwwwwwssssssssss");
	expect_rescored("wwwwwwwwwwwwwwwsssssssssssss", "wwwwwwwwwwwwwwwwwwwsssssssss");
	/* Up to 6 between wakes of 10; 7 are too many, and so are wakes of 9. */
	expect_rescored("wwwwwwwwwwsssssswwwwwwwwww", "wwwwwwwwwwwwwwwwwwwwwwwwww");
	expect_rescored("wwwwwwwwwwssssssswwwwwwwwww", "wwwwwwwwwwwwwsssswwwwwwwwww");
	expect_rescored("wwwwwwwwwwsssssswwwwwwwww", "wwwwwwwwwwwwwssswwwwwwwww");
	/* Up to 10 between wakes of 20. */
	expect_rescored("wwwwwwwwwwwwwwwwwwwwsssssssssswwwwwwwwwwwwwwwwwwww",
			"wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww");
	/* What was rescored is no wake to the next rule. */
	expect_rescored("wwwwswwwsssss", "wwwwwwwwsssss");
	/* Unknown is not wake. */
	expect_rescored("wwww?sssss", "wwww?sssss");
}

static void summaries(void **unused)
{
	struct bh_sleep_summary sum;
	enum bh_sleep epoch[64];
	size_t n;

	(void)unused;
	/* scikit-digital-health's vector. */
	n = minutes("wwwssssssswwssswwwwwssswwwwwww", epoch);
	bh_sleep_summarise(epoch, n, 60, &sum);
	assert_int_equal(sum.asleep_s, 13 * 60);
	assert_int_equal(sum.latency_s, 3 * 60);
	assert_int_equal(sum.wake_after_onset_s, 7 * 60);
	assert_int_equal(sum.awakenings, 2);
	assert_int_equal(sum.sleep_to_wake_permille, 3000 / 13);
	assert_int_equal(sum.wake_to_sleep_permille, 4000 / 17);
	/* YASA's, in half minutes. */
	n = minutes("wwssssssssssssssssww", epoch);
	bh_sleep_summarise(epoch, n, 30, &sum);
	assert_int_equal(sum.in_bed_s, 600);
	assert_int_equal(sum.latency_s, 60);
	assert_int_equal(sum.asleep_s, 480);
	assert_int_equal(sum.wake_after_onset_s, 0);
	assert_int_equal(sum.efficiency_permille, 800);
	assert_int_equal(sum.maintenance_permille, 1000);
	/* No sleep has no latency. */
	n = minutes("wwww??", epoch);
	bh_sleep_summarise(epoch, n, 60, &sum);
	assert_int_equal(sum.latency_s, BH_EPOCH_UNKNOWN);
	assert_int_equal(sum.maintenance_permille, BH_EPOCH_UNKNOWN);
	assert_int_equal(sum.known_s, 240);
}

static void fragmentation(void **unused)
{
	/* 4 of 10 minutes mobile, 3 immobile bouts of which 1 is a minute long. */
	static const int32_t activity[] = { 5, 0, 0, 3, 0, 9, 9, 0, 0, 0 };
	static const int32_t unknown[] = { BH_EPOCH_UNKNOWN };

	(void)unused;
	assert_int_equal(bh_fragmentation_milli(activity, 10), 40000 + 33333);
	assert_int_equal(bh_fragmentation_milli(unknown, 1), BH_EPOCH_UNKNOWN);
}

static void regularity(void **unused)
{
	static enum bh_sleep day[7][1440];
	const enum bh_sleep *days[7];

	(void)unused;
	for (int d = 0; d < 7; d++) {
		days[d] = day[d];
		for (int i = 0; i < 1440; i++)
			day[d][i] = i < 480 ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
	}
	assert_int_equal(bh_sleep_regularity_milli(days, 7, 1440), 100000);
	/* Every second day upside down: never the same. */
	for (int d = 1; d < 7; d += 2)
		for (int i = 0; i < 1440; i++)
			day[d][i] = i < 480 ? BH_SLEEP_AWAKE : BH_SLEEP_ASLEEP;
	assert_int_equal(bh_sleep_regularity_milli(days, 7, 1440), -100000);
	/* 144 of 1440 minutes differ in every pair: 80. */
	for (int d = 0; d < 7; d++)
		for (int i = 0; i < 1440; i++)
			day[d][i] = i < 480 + (d % 2 ? 144 : 0) ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
	assert_int_equal(bh_sleep_regularity_milli(days, 7, 1440), 80000);
	/* An hour that a day does not have is left out on both sides, not counted as different. */
	for (int i = 120; i < 180; i++)
		day[3][i] = BH_SLEEP_UNKNOWN;
	for (int i = 480; i < 624; i++)
		for (int d = 0; d < 7; d++)
			day[d][i] = BH_SLEEP_AWAKE;
	assert_int_equal(bh_sleep_regularity_milli(days, 7, 1440), 100000);
	assert_int_equal(bh_sleep_regularity_milli(days, 5, 1440), BH_EPOCH_UNKNOWN);
}

#define EPOCHS 240

static void a_night_of_epochs(void **unused)
{
	static struct bh_past_epoch epochs[EPOCHS];
	static struct bh_sleep_night night;
	struct bh_past_event events[] = {
		{ .type = BH_EVENT_BED_OCCUPIED, .start_ms = 600000, .end_ms = 600000 + 3600000 },
		{ .type = BH_EVENT_BED_EXIT,
		  .start_ms = 600000 + 3600000,
		  .end_ms = 600000 + 4500000 },
		{ .type = BH_EVENT_BED_OCCUPIED,
		  .start_ms = 600000 + 4500000,
		  .end_ms = 600000 + 7200000 },
	};
	struct bh_past_night past = { .night = { .start_ms = 0, .end_ms = 86400000 },
				      .capabilities = BH_CAN_MOVEMENT | BH_CAN_OCCUPANCY,
				      .events = events,
				      .n_events = 3,
				      .epochs = epochs,
				      .n_epochs = 0 };
	struct bh_sleep_summary sum;

	(void)unused;
	/* Two hours: ten minutes restless, then still; out from 60 to 75 without epochs; a hole
	 * without data from 100 to 110. */
	for (int i = 0; i < EPOCHS; i++) {
		int minute = i / 2;
		struct bh_past_epoch *p = &epochs[past.n_epochs];

		if ((minute >= 60 && minute < 75) || (minute >= 100 && minute < 110))
			continue;
		p->start_ms = 600000 + i * 30000;
		p->epoch = (struct bh_epoch){ .coverage_permille = 1000,
					      .occupied_permille = 1000,
					      .activity = minute < 10 ? 50 : 0 };
		past.n_epochs++;
	}
	assert_int_equal(bh_sleep_score(&past, NULL, 0, &night), 0);
	assert_int_equal(night.n, 120);
	assert_int_equal(night.activity[5], 100);
	assert_int_equal(night.minute[5], BH_SLEEP_AWAKE);
	assert_int_equal(night.minute[40], BH_SLEEP_ASLEEP);
	assert_int_equal(night.minute[65], BH_SLEEP_AWAKE);
	assert_int_equal(night.minute[105], BH_SLEEP_UNKNOWN);
	bh_sleep_summarise(night.minute, night.n, 60, &sum);
	assert_int_equal(sum.in_bed_s, 7200);
	/* The hole, and the minutes around it whose formula looks into it. */
	assert_int_equal(night.minute[97], BH_SLEEP_ASLEEP);
	assert_int_equal(night.minute[98], BH_SLEEP_UNKNOWN);
	assert_int_equal(night.minute[113], BH_SLEEP_UNKNOWN);
	assert_int_equal(night.minute[114], BH_SLEEP_ASLEEP);
	assert_int_equal(sum.known_s, 7200 - 960);
	/* 10 restless minutes, 4 more that the formula still hears, and Webster's 3 after 10 of wake. */
	assert_in_range(sum.latency_s, 10 * 60, 18 * 60);
	past.capabilities = BH_CAN_OCCUPANCY;
	assert_int_equal(bh_sleep_score(&past, NULL, 0, &night), -ENODATA);
}

/* Being there is told five seconds after getting in, so the minute of :57 has no epoch. */
static void who_gets_in_late_in_a_minute_falls_asleep_too(void **unused)
{
	static struct bh_past_epoch epochs[EPOCHS];
	static struct bh_sleep_night night;
	struct bh_past_event in_bed = { .type = BH_EVENT_BED_OCCUPIED,
					.start_ms = 600000 + 57000,
					.end_ms = 660000 + 7200000 };
	struct bh_past_night past = { .night = { .start_ms = 0, .end_ms = 86400000 },
				      .capabilities = BH_CAN_MOVEMENT | BH_CAN_OCCUPANCY,
				      .events = &in_bed,
				      .n_events = 1,
				      .epochs = epochs,
				      .n_epochs = EPOCHS };
	struct bh_sleep_summary sum;

	(void)unused;
	for (int i = 0; i < EPOCHS; i++) {
		epochs[i].start_ms = 660000 + i * 30000;
		epochs[i].epoch = (struct bh_epoch){ .coverage_permille = 1000,
						     .occupied_permille = 1000,
						     .activity = i < 20 ? 50 : 0 };
	}
	assert_int_equal(bh_sleep_score(&past, NULL, 0, &night), 0);
	assert_int_equal(night.start_ms, 660000);
	bh_sleep_summarise(night.minute, night.n, 60, &sum);
	assert_int_equal(sum.known_s, sum.in_bed_s);
	assert_in_range(sum.latency_s, 10 * 60, 18 * 60);
	in_bed.end_ms = in_bed.start_ms + 2000; /* and out before the minute is */
	assert_int_equal(bh_sleep_score(&past, NULL, 0, &night), 0);
	assert_int_equal(night.n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cole_kripke),
		cmocka_unit_test(sadeh),
		cmocka_unit_test(oakley),
		cmocka_unit_test(webster),
		cmocka_unit_test(summaries),
		cmocka_unit_test(fragmentation),
		cmocka_unit_test(regularity),
		cmocka_unit_test(a_night_of_epochs),
		cmocka_unit_test(who_gets_in_late_in_a_minute_falls_asleep_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
