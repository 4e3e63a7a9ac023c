/* SPDX-License-Identifier: MIT */
/* The arithmetic under the measures, against numbers from elsewhere. */
#include "rules/day.h"
#include "rules/poisson.h"
#include "rules/signal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* Bounds by exact binomial sums in rational arithmetic; the same program gives the 95 % interval of
 * R's poisson.test(c(11, 21), c(800, 3011)) to eight digits. */
static void test_rate_ratio_bounds(void **state)
{
	static const struct {
		int64_t before, after;
		int64_t low, high;
	} rows[] = {
		{ 10, 20, 1002, 4173 }, { 2, 9, 1127, 29013 }, { 0, 5, 1219, INT64_MAX },
		{ 5, 0, 0, 821 },	{ 30, 30, 632, 1581 }, { 0, 0, 0, INT64_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bh_rate_ratio ratio =
			bh_poisson_ratio(rows[i].before, 10, rows[i].after, 10);

		assert_int_equal(ratio.low, rows[i].low);
		assert_int_equal(ratio.high, rows[i].high);
		assert_true(ratio.low <= ratio.ratio && ratio.ratio <= ratio.high);
	}
}

static void test_rate_ratio_uses_exposure(void **state)
{
	/* 20 in 40 nights after 10 in 10: half the rate. */
	struct bh_rate_ratio ratio = bh_poisson_ratio(10, 10, 20, 40);

	(void)state;
	assert_int_equal(ratio.ratio, 488); /* (20.5 / 40) / (10.5 / 10) */
	assert_int_equal(ratio.low, 251);   /* a quarter of the bounds for equal time */
	assert_int_equal(ratio.high, 1043);
}

static void test_large_counts_end_and_stay_narrow(void **state)
{
	struct bh_rate_ratio ratio = bh_poisson_ratio(50000, 60, 60000, 60);

	(void)state;
	/* normal approximation: 1.2 e^(+-1.645 sqrt(1/50000 + 1/60000)) = 1.188 to 1.212 */
	assert_in_range(ratio.low, 1187, 1189);
	assert_in_range(ratio.high, 1211, 1213);
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static void test_median_is_the_middle_of_the_sorted(void **state)
{
	int64_t items[101], sorted[101];
	uint32_t random = 1;

	(void)state;
	for (size_t n = 1; n <= 101; n++) {
		for (int round = 0; round < 20; round++) {
			int64_t expected;

			for (size_t i = 0; i < n; i++) {
				random = random * 1664525u + 1013904223u;
				/* few distinct values: ties are where selection goes wrong */
				items[i] = sorted[i] = (int64_t)(random >> 24) % (round + 1) - 5;
			}
			qsort(sorted, n, sizeof(sorted[0]), by_value);
			expected = n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
			assert_int_equal(bh_median(items, n), expected);
		}
	}
}

static void test_days_count_through_leap_years(void **state)
{
	(void)state;
	assert_int_equal(bh_day_of_date(19700101), 0);
	assert_int_equal(bh_day_of_date(20260301), 20513);
	assert_int_equal(bh_day_of_date(20240301) - bh_day_of_date(20240228), 2);
	assert_int_equal(bh_day_of_date(20260301) - bh_day_of_date(20260228), 1);
	for (int32_t day = -1000; day < 40000; day += 13)
		assert_int_equal(bh_day_of_date(bh_date_of_day(day)), day);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rate_ratio_bounds),
		cmocka_unit_test(test_rate_ratio_uses_exposure),
		cmocka_unit_test(test_large_counts_end_and_stay_narrow),
		cmocka_unit_test(test_median_is_the_middle_of_the_sorted),
		cmocka_unit_test(test_days_count_through_leap_years),
	};

	return cmocka_run_group_tests_name("rule_numbers", tests, NULL, NULL);
}
