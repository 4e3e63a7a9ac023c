/* SPDX-License-Identifier: MIT */
/* The statistics that the accuracy figures stand on, against values that others have published. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/accuracy/figures.h"

#include <math.h>

/* Newcombe 1998, Statistics in Medicine 17:857, table I, method 3. */
static void wilson_gives_the_published_intervals(void **unused)
{
	static const struct {
		double seen, n, low, high;
	} published[] = {
		{ 81, 263, 0.2553, 0.3662 },
		{ 15, 148, 0.0624, 0.1605 },
		{ 0, 20, 0.0000, 0.1611 },
		{ 1, 29, 0.0061, 0.1718 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		double n = published[i].n;
		struct figures_interval mirrored = figures_wilson(1 - published[i].seen / n, n);
		struct figures_interval interval = figures_wilson(published[i].seen / n, n);

		assert_true(fabs(interval.low - published[i].low) < 0.00005);
		assert_true(fabs(interval.high - published[i].high) < 0.00005);
		assert_true(fabs(1 - mirrored.high - published[i].low) < 0.00005);
		assert_true(fabs(1 - mirrored.low - published[i].high) < 0.00005);
	}
}

static void nothing_seen_leaves_all_possible(void **unused)
{
	struct figures_interval interval = figures_wilson(0, 0);

	(void)unused;
	assert_true(interval.low <= 0 && interval.high >= 1);
}

/* 12 told, 10 true, 8 pairs: F1 is 16/22, of 8 pairs and half of 6 alone. */
static void an_f1_is_a_share_of_pairs_and_half_the_others(void **unused)
{
	const struct figures_tally tally = { .pairs = 8, .told = 12, .truth = 10 };
	struct figures_interval interval = figures_f1_interval(&tally);
	struct figures_interval same = figures_wilson(8.0 / 11, 11);
	const struct figures_tally none = { 0 };

	(void)unused;
	assert_true(fabs(figures_f1(&tally) - 16.0 / 22) < 1e-12);
	assert_true(fabs(interval.low - same.low) < 1e-12);
	assert_true(fabs(interval.high - same.high) < 1e-12);
	assert_true(figures_f1(&none) == 0);
}

static void count_alone(void *ctx, double at, bool is_true)
{
	double *sum = ctx;

	sum[is_true] += at;
}

static void each_moment_has_one_partner_at_most(void **unused)
{
	struct figures_moments found = { .n = 0 }, truth = { .n = 0 };
	double alone[2] = { 0, 0 };

	(void)unused;
	/* Out of order; two found near one true moment; one true one that nobody found. */
	figures_add(&found, 50);
	figures_add(&found, 11);
	figures_add(&found, 9);
	figures_add(&truth, 48);
	figures_add(&truth, 10);
	figures_add(&truth, 1000);
	assert_int_equal(figures_match(&found, &truth, 2, count_alone, alone), 2);
	assert_true(alone[false] == 11);
	assert_true(alone[true] == 1000);
	/* Just outside is outside. */
	assert_int_equal(figures_match(&found, &truth, 1.5, NULL, NULL), 1);
	figures_forget(&found);
	assert_int_equal(figures_match(&found, &truth, 2, NULL, NULL), 0);
	figures_forget(&truth);
}

static void a_quantile_is_one_of_the_moments(void **unused)
{
	struct figures_moments moments = { .n = 0 };
	struct figures_interval interval;

	(void)unused;
	assert_true(figures_quantile(&moments, .5, NULL) == 0);
	for (int i = 1; i <= 100; i++)
		figures_add(&moments, i);
	assert_true(figures_quantile(&moments, .5, &interval) == 50);
	/* Wilson's interval of 50 of 100 is 0.4038 to 0.5962. */
	assert_true(interval.low == 41 && interval.high == 60);
	assert_true(figures_quantile(&moments, .99, &interval) == 99);
	assert_true(interval.high == 100);
	figures_forget(&moments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wilson_gives_the_published_intervals),
		cmocka_unit_test(nothing_seen_leaves_all_possible),
		cmocka_unit_test(an_f1_is_a_share_of_pairs_and_half_the_others),
		cmocka_unit_test(each_moment_has_one_partner_at_most),
		cmocka_unit_test(a_quantile_is_one_of_the_moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
