/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/figures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* 97.5 % of a normal distribution lie below. */
#define Z 1.959963984540054

void figures_print(const char *name, double value)
{
	printf("%s %.3f\n", name, value);
}

void figures_print_count(const char *name, long value)
{
	printf("%s %ld\n", name, value);
}

double figures_f1(const struct figures_tally *tally)
{
	long both = tally->told + tally->truth;

	return both ? 2.0 * (double)tally->pairs / (double)both : 0;
}

void figures_print_tally(const char *prefix, const struct figures_tally *tally)
{
	double pairs = (double)tally->pairs;

	printf("%strue %ld\n", prefix, tally->truth);
	printf("%stold %ld\n", prefix, tally->told);
	printf("%sfound %ld\n", prefix, tally->pairs);
	printf("%sprecision %.3f\n", prefix, tally->told ? pairs / (double)tally->told : 0);
	printf("%srecall %.3f\n", prefix, tally->truth ? pairs / (double)tally->truth : 0);
	printf("%sf1 %.3f\n", prefix, figures_f1(tally));
}

struct figures_interval figures_wilson(double share, double n)
{
	struct figures_interval interval = { 0, 1 };
	double middle, half;

	if (n <= 0)
		return interval;
	middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n);
	half = Z / (1 + Z * Z / n) * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n));
	/* All or none: the end is exact, whatever is left of rounding. */
	interval.low = share <= 0 ? 0 : middle - half;
	interval.high = share >= 1 ? 1 : middle + half;
	return interval;
}

struct figures_interval figures_f1_interval(const struct figures_tally *tally)
{
	return figures_wilson(figures_f1(tally), (double)(tally->told + tally->truth) / 2);
}

double figures_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

void figures_add(struct figures_moments *moments, double at)
{
	if (moments->n == moments->cap) {
		moments->cap = moments->cap ? moments->cap * 2 : 256;
		moments->at = reallocarray(moments->at, moments->cap, sizeof(moments->at[0]));
		if (!moments->at)
			abort();
	}
	moments->at[moments->n++] = at;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void figures_sort(struct figures_moments *moments)
{
	/* An empty list has no array to sort. */
	if (moments->n > 0)
		qsort(moments->at, moments->n, sizeof(moments->at[0]), by_time);
}

void figures_forget(struct figures_moments *moments)
{
	free(moments->at);
	*moments = (struct figures_moments){ .n = 0 };
}

static double at_rank(const struct figures_moments *sorted, double share)
{
	double rank = ceil(share * (double)sorted->n - 1e-9);
	size_t i = rank < 1 ? 0 : (size_t)rank - 1;

	return sorted->at[i < sorted->n ? i : sorted->n - 1];
}

double figures_quantile(const struct figures_moments *sorted, double q,
			struct figures_interval *ret_interval)
{
	struct figures_interval share = figures_wilson(q, (double)sorted->n);

	if (sorted->n == 0) {
		if (ret_interval)
			*ret_interval = (struct figures_interval){ 0, 0 };
		return 0;
	}
	if (ret_interval)
		*ret_interval = (struct figures_interval){ at_rank(sorted, share.low),
							   at_rank(sorted, share.high) };
	return at_rank(sorted, q);
}

/* With one tolerance for all, taking in time order the earliest partner that still fits pairs as
 * many as there can be. */
long figures_match(struct figures_moments *found, struct figures_moments *truth, double tolerance,
		   void (*alone)(void *ctx, double at, bool is_true), void *ctx)
{
	long n = 0;

	figures_sort(found);
	figures_sort(truth);
	for (size_t i = 0, k = 0; i < found->n || k < truth->n;) {
		bool no_found = i == found->n, no_truth = k == truth->n;

		if (!no_found && !no_truth && fabs(found->at[i] - truth->at[k]) <= tolerance) {
			n++;
			i++;
			k++;
		} else if (no_truth || (!no_found && found->at[i] < truth->at[k])) {
			if (alone)
				alone(ctx, found->at[i], false);
			i++;
		} else {
			if (alone)
				alone(ctx, truth->at[k], true);
			k++;
		}
	}
	return n;
}
