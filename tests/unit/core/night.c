/* SPDX-License-Identifier: MIT */
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define MS_PER_H (INT64_C(3600) * BH_MS_PER_S)

static int64_t utc_ms(int year, int month, int day, int hour, int minute)
{
	struct tm tm = { .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day,
			 .tm_hour = hour, .tm_min = minute };

	return (int64_t)timegm(&tm) * BH_MS_PER_S;
}

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Amsterdam", 1);
	tzset();
	return 0;
}

static void test_noon_to_noon(void **state)
{
	int64_t start_ms, end_ms;

	(void)state;
	/* 22 Nov 2026, 12:00 in Amsterdam is 11:00 UTC. */
	assert_int_equal(bh_night_date(utc_ms(2026, 11, 22, 11, 0)), 20261122);
	assert_int_equal(bh_night_date(utc_ms(2026, 11, 22, 11, 0) - 1), 20261121);
	assert_int_equal(bh_night_date(utc_ms(2026, 11, 23, 10, 59)), 20261122);
	assert_int_equal(bh_night_date(utc_ms(2026, 12, 31, 23, 30)), 20261231);
	assert_int_equal(bh_night_date(utc_ms(2027, 1, 1, 5, 0)), 20261231);
	assert_int_equal(bh_night_date(BH_WALL_UNKNOWN), 0);
	assert_int_equal(bh_night_bounds(20261122, &start_ms, &end_ms), 0);
	assert_true(start_ms == utc_ms(2026, 11, 22, 11, 0));
	assert_true(end_ms == utc_ms(2026, 11, 23, 11, 0));
}

static void test_daylight_saving(void **state)
{
	int64_t start_ms, end_ms;

	(void)state;
	/* The clock goes back in the night of 24 October 2026 and forward in that of 27 March 2027. */
	assert_int_equal(bh_night_bounds(20261024, &start_ms, &end_ms), 0);
	assert_true(end_ms - start_ms == 25 * MS_PER_H);
	assert_int_equal(bh_night_bounds(20270327, &start_ms, &end_ms), 0);
	assert_true(end_ms - start_ms == 23 * MS_PER_H);
	assert_int_equal(bh_utc_offset_s(start_ms), 3600);
	assert_int_equal(bh_utc_offset_s(end_ms), 7200);
	/* Every moment of a year lies in exactly the night whose bounds hold it. */
	for (int64_t at_ms = utc_ms(2026, 6, 1, 0, 0); at_ms < utc_ms(2027, 6, 1, 0, 0);
	     at_ms += 17 * 60 * BH_MS_PER_S) {
		assert_int_equal(bh_night_bounds(bh_night_date(at_ms), &start_ms, &end_ms), 0);
		assert_true(start_ms <= at_ms && at_ms < end_ms);
	}
}

static void test_add(void **state)
{
	(void)state;
	assert_int_equal(bh_night_add(20261231, 1), 20270101);
	assert_int_equal(bh_night_add(20280301, -1), 20280229);
	assert_int_equal(bh_night_add(20261024, 2), 20261026);
}

static void test_no_such_date(void **state)
{
	int64_t start_ms = 5, end_ms = 6;

	(void)state;
	assert_int_equal(bh_night_bounds(20260231, &start_ms, &end_ms), -EINVAL);
	assert_int_equal(bh_night_bounds(0, &start_ms, &end_ms), -EINVAL);
	assert_int_equal(bh_night_bounds(20261301, &start_ms, &end_ms), -EINVAL);
	assert_true(start_ms == 5 && end_ms == 6);
}

static void test_a_moment_beyond_the_calendar_has_no_night(void **state)
{
	int64_t start_ms, end_ms;

	(void)state;
	assert_int_equal(bh_night_bounds(99991230, &start_ms, &end_ms), 0);
	assert_int_equal(bh_night_date(end_ms - 1), 99991230);
	assert_int_equal(bh_night_date(end_ms), 0);
	assert_int_equal(bh_night_date(INT64_MAX), 0);
	assert_int_equal(bh_night_date(BH_WALL_UNKNOWN + 1), 0);
	assert_int_equal(bh_night_date(utc_ms(1899, 12, 31, 12, 0)), 0);
	assert_int_equal(bh_night_date(utc_ms(1969, 12, 31, 23, 0)), 19691231);
}

static bool stands_at(const struct bh_past_night *past, int64_t start_ms, int32_t occupied_permille)
{
	struct bh_past_epoch epoch = { .start_ms = start_ms,
				       .epoch = { .coverage_permille = 1000,
						  .occupied_permille = occupied_permille } };

	return bh_epoch_stands(past, &epoch);
}

/* In bed for an hour, and the pad that said so an hour longer had stuck; then in bed once more. */
static void test_an_epoch_stands_until_it_is_taken_back(void **state)
{
	struct bh_past_event event[] = {
		{ .type = BH_EVENT_BED_OCCUPIED, .end_ms = MS_PER_H, .end_cause = BH_END_FAULT },
		{ .type = BH_EVENT_BED_OCCUPIED, .start_ms = 3 * MS_PER_H, .end_ms = BH_WALL_UNKNOWN },
	};
	struct bh_past_night past = { .events = event, .n_events = 2 };
	int64_t epoch_ms = BH_EPOCH_NS / BH_NS_PER_MS;

	(void)state;
	assert_true(stands_at(&past, MS_PER_H - epoch_ms, 1000));
	assert_false(stands_at(&past, MS_PER_H, 1000));
	/* An empty bed was never taken back. */
	assert_true(stands_at(&past, MS_PER_H, 0));
	assert_false(stands_at(&past, 3 * MS_PER_H - epoch_ms, 1000));
	assert_true(stands_at(&past, 3 * MS_PER_H, 1000));
	/* Who got up took nothing back. */
	event[0].end_cause = BH_END_NORMAL;
	assert_true(stands_at(&past, MS_PER_H, 1000));
}

static void test_wall_from_mono(void **state)
{
	struct bh_clock_anchor anchor = { .mono_ns = 10 * BH_NS_PER_S, .wall_ms = 1000000 };
	struct bh_clock_anchor unknown = { .mono_ns = 0, .wall_ms = BH_WALL_UNKNOWN };

	(void)state;
	assert_true(bh_wall_from_mono(&anchor, 12 * BH_NS_PER_S) == 1002000);
	assert_true(bh_wall_from_mono(&anchor, 10 * BH_NS_PER_S + 999999) == 1000000);
	/* A nanosecond before the anchor is in the millisecond before it. */
	assert_true(bh_wall_from_mono(&anchor, 10 * BH_NS_PER_S - 1) == 999999);
	assert_true(bh_wall_from_mono(&anchor, BH_MONO_NONE) == BH_WALL_UNKNOWN);
	assert_true(bh_wall_from_mono(&unknown, BH_NS_PER_S) == BH_WALL_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_noon_to_noon),
		cmocka_unit_test(test_daylight_saving),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_no_such_date),
		cmocka_unit_test(test_a_moment_beyond_the_calendar_has_no_night),
		cmocka_unit_test(test_an_epoch_stands_until_it_is_taken_back),
		cmocka_unit_test(test_wall_from_mono),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
