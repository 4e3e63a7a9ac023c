/* SPDX-License-Identifier: MIT */
#include "hub/cli/times.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* 2026-11-22 12:00:00 UTC, 13:00 in Berlin. */
#define NOW INT64_C(1795348800000)
#define MIN (60 * BH_MS_PER_S)
#define H (60 * MIN)

static int berlin(void **state)
{
	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return 0;
}

static void test_moments(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} right[] = {
		{ "2026-11-22", NOW - 13 * H },
		{ "2026-11-22 13:00", NOW },
		{ "2026-11-22T13:00:05", NOW + 5000 },
		{ "2026-11-22T12:00:00Z", NOW },
		{ "2026-11-22T12:00Z", NOW },
		{ "2026-11-22 14:30:00 +02:30", NOW },
		{ "2026-11-22T07:00:00-0500", NOW },
		/* In summer local noon is an hour earlier. */
		{ "2026-07-01 12:00", INT64_C(1782900000000) },
		{ "today", NOW - 13 * H },
		{ "yesterday", NOW - 37 * H },
		{ "90min", NOW - 90 * MIN },
		{ "12h", NOW - 12 * H },
		{ "3d", NOW - 72 * H },
		{ "30s", NOW - 30000 },
	};
	struct bh_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		int64_t ms = -1;

		if (bh_cli_time_parse(right[i].text, NOW, &ms, &err) != 0 || ms != right[i].ms)
			fail_msg("%s gave %lld", right[i].text, (long long)ms);
	}
}

static void test_not_moments(void **state)
{
	static const char *const wrong[] = { "",	 "soon",     "2026-13-01", "2026-02-31",
					     "2026-11-22 25:00", "22.11.2026", "12",
					     "2026-11-22 12:00 CET", "2026-11-22 12:00 +99:00",
					     "-3d",	 "3w",	     "1e3h",	   "999999999999999999d" };
	struct bh_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		int64_t ms = 7;

		if (bh_cli_time_parse(wrong[i], NOW, &ms, &err) != -EINVAL)
			fail_msg("'%s' was taken for %lld", wrong[i], (long long)ms);
		assert_int_equal(ms, 7);
		assert_non_null(strstr(err.text, "write 2026-11-22"));
	}
}

static void test_nights(void **state)
{
	struct bh_error err;
	int32_t date = 0;

	(void)state;
	assert_int_equal(bh_cli_date_parse("2026-11-22", &date, &err), 0);
	assert_int_equal(date, 20261122);
	assert_int_equal(bh_cli_date_parse("2026-02-30", &date, &err), -EINVAL);
	assert_int_equal(bh_cli_date_parse("2026-11-22x", &date, &err), -EINVAL);
	assert_int_equal(bh_cli_date_parse("last", &date, &err), -EINVAL);
	assert_int_equal(date, 20261122);
}

/* NOW is 13:00 in Berlin: the night of the 22nd has begun. */
static void test_nights_ago(void **state)
{
	struct bh_error err;
	int32_t date = 0;

	(void)state;
	assert_int_equal(bh_cli_night_parse("2026-11-20", NOW, &date, &err), 0);
	assert_int_equal(date, 20261120);
	assert_int_equal(bh_cli_night_parse("7d", NOW, &date, &err), 0);
	assert_int_equal(date, 20261115);
	assert_int_equal(bh_cli_night_parse("7d", NOW - 2 * H, &date, &err), 0);
	assert_int_equal(date, 20261114);
	assert_int_equal(bh_cli_night_parse("12h", NOW, &date, &err), -EINVAL);
	assert_int_equal(bh_cli_night_parse("d", NOW, &date, &err), -EINVAL);
	assert_int_equal(bh_cli_night_parse("-7d", NOW, &date, &err), -EINVAL);
	assert_int_equal(date, 20261114);
	assert_non_null(strstr(err.text, "7d"));
}

static void test_texts(void **state)
{
	char buf[BH_CLI_TIME_MAX];

	(void)state;
	assert_string_equal(bh_cli_time_text(NOW, 3600, buf), "2026-11-22 13:00:00");
	assert_string_equal(bh_cli_clock_text(NOW, -5400, buf), "10:30");
	assert_string_equal(bh_cli_time_text(BH_WALL_UNKNOWN, 0, buf), "unknown");
	assert_string_equal(bh_cli_time_json(NOW + 7, 3600, buf), "2026-11-22T13:00:00.007+01:00");
	assert_string_equal(bh_cli_time_json(NOW, -5400, buf), "2026-11-22T10:30:00.000-01:30");
	assert_null(bh_cli_time_json(BH_WALL_UNKNOWN, 0, buf));
	assert_string_equal(bh_cli_date_text(20261122, buf), "2026-11-22");
	assert_string_equal(bh_cli_span_text(45000, buf), "45 s");
	assert_string_equal(bh_cli_span_text(12 * MIN, buf), "12 min");
	assert_string_equal(bh_cli_span_text(2 * H + 5 * MIN, buf), "2 h 05 min");
	/* Rounded, it is an hour, not 60 min. */
	assert_string_equal(bh_cli_span_text(H - 10000, buf), "1 h 00 min");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_not_moments),
		cmocka_unit_test(test_nights),
		cmocka_unit_test(test_nights_ago),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, berlin, NULL);
}
