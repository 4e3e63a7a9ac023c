/* SPDX-License-Identifier: MIT */
#include "rules/poisson.h"

#include <math.h>

#define TAIL 0.05
/* Halvings of [0, 1]: below the thousandth that is kept, with room. */
#define HALVINGS 60
/* Terms this small beside the sum change nothing in a double. */
#define NEGLIGIBLE 1e-18

static double log_choose(double n, double k)
{
	return lgamma(n + 1.0) - lgamma(k + 1.0) - lgamma(n - k + 1.0);
}

/* P(X <= k) of a binomial. The ratio of neighbouring terms saves the logarithms. */
static double binomial_at_most(int64_t k, int64_t n, double p)
{
	double term, sum = 0.0;

	if (k >= n)
		return 1.0;
	term = exp(log_choose((double)n, (double)k) + (double)k * log(p) +
		   (double)(n - k) * log1p(-p));
	for (int64_t i = k; i >= 0 && term > sum * NEGLIGIBLE; i--) {
		sum += term;
		term *= (double)i * (1.0 - p) / ((double)(n - i + 1) * p);
	}
	return sum < 1.0 ? sum : 1.0;
}

/* The share at which P(X <= k) is @p wanted. */
static double share_where(int64_t k, int64_t n, double wanted)
{
	double low = 0.0, high = 1.0;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2.0;

		if (binomial_at_most(k, n, middle) > wanted)
			low = middle;
		else
			high = middle;
	}
	return (low + high) / 2.0;
}

static int64_t thousandths(double value)
{
	return value < 1e15 ? llround(value * 1000.0) : INT64_MAX;
}

struct bh_rate_ratio bh_poisson_ratio(int64_t before, int64_t exposure_before, int64_t after,
				      int64_t exposure_after)
{
	int64_t n = before + after;
	double scale = (double)exposure_before / (double)exposure_after;
	struct bh_rate_ratio ret = {
		.ratio = thousandths(((double)after + 0.5) / ((double)before + 0.5) * scale),
		.low = 0,
		.high = INT64_MAX,
	};

	if (after > 0) {
		double share = share_where(after - 1, n, 1.0 - TAIL);

		ret.low = thousandths(share / (1.0 - share) * scale);
	}
	if (before > 0) {
		double share = share_where(after, n, TAIL);

		ret.high = thousandths(share / (1.0 - share) * scale);
	}
	return ret;
}
