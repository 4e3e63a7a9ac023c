/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/random.h"

#include <assert.h>
#include <string.h>

#define LN2 0.693147180559945309417
#define TWO_PI 6.28318530717958647693
#define PI 3.14159265358979323846

static uint64_t splitmix(uint64_t *state)
{
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

void bh_random_start(struct bh_random *random, uint64_t seed, uint64_t what, uint64_t which,
		     uint64_t when)
{
	uint64_t state = seed;

	state = splitmix(&state) ^ what;
	state = splitmix(&state) ^ which;
	state = splitmix(&state) ^ when;
	for (int i = 0; i < 4; i++)
		random->s[i] = splitmix(&state);
}

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

uint64_t bh_random_bits(struct bh_random *random)
{
	uint64_t *s = random->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

double bh_random_uniform(struct bh_random *random)
{
	return (double)(bh_random_bits(random) >> 11) * 0x1p-53;
}

double bh_random_between(struct bh_random *random, double low, double high)
{
	return low + (high - low) * bh_random_uniform(random);
}

bool bh_random_chance(struct bh_random *random, double probability)
{
	return bh_random_uniform(random) < probability;
}

/* x = m * 2^e with m in [sqrt(1/2), sqrt(2)); ln m by the series of atanh. */
double bh_sim_log(double x)
{
	uint64_t bits;
	int exponent;
	double m, y, y2, sum = 0;

	assert(x > 0);
	memcpy(&bits, &x, sizeof(bits));
	exponent = (int)((bits >> 52) & 0x7ff) - 1023;
	bits = (bits & UINT64_C(0x000fffffffffffff)) | UINT64_C(0x3ff0000000000000);
	memcpy(&m, &bits, sizeof(m));
	if (m > 1.41421356237309504880) {
		m /= 2;
		exponent++;
	}
	y = (m - 1) / (m + 1);
	y2 = y * y;
	for (int i = 21; i >= 1; i -= 2)
		sum = sum * y2 + 1.0 / i;
	return 2 * y * sum + exponent * LN2;
}

double bh_exp(double x)
{
	double r, sum = 1;
	uint64_t bits;
	int k;

	if (x < -700)
		return 0;
	if (x > 700)
		x = 700;
	k = (int)(x / LN2 + (x < 0 ? -0.5 : 0.5));
	r = x - k * LN2;
	for (int i = 14; i >= 1; i--)
		sum = 1 + sum * r / i;
	bits = (uint64_t)(k + 1023) << 52;
	memcpy(&r, &bits, sizeof(r));
	return sum * r;
}

double bh_sin(double x)
{
	double x2, sum = 1;

	x -= TWO_PI * (double)(int64_t)(x / TWO_PI);
	if (x > PI)
		x -= TWO_PI;
	else if (x < -PI)
		x += TWO_PI;
	if (x > PI / 2)
		x = PI - x;
	else if (x < -PI / 2)
		x = -PI - x;
	x2 = x * x;
	for (int i = 9; i >= 1; i--)
		sum = 1 - sum * x2 / ((2 * i) * (2 * i + 1));
	return x * sum;
}

/* The quantile of the normal distribution: Acklam's rational approximation, relative error 1e-9. */
static double quantile(double p)
{
	static const double a[] = { -3.969683028665376e+01, 2.209460984245205e+02,
				    -2.759285104469687e+02, 1.383577518672690e+02,
				    -3.066479806614716e+01, 2.506628277459239e+00 };
	static const double b[] = { -5.447609879822406e+01, 1.615858368580409e+02,
				    -1.556989798598866e+02, 6.680131188771972e+01,
				    -1.328068155288572e+01 };
	static const double c[] = { -7.784894002430293e-03, -3.223964580411365e-01,
				    -2.400758277161838e+00, -2.549732539343734e+00,
				    4.374664141464968e+00,  2.938163982698783e+00 };
	static const double d[] = { 7.784695709041462e-03, 3.224671290700398e-01,
				    2.445134137142996e+00, 3.754408661907416e+00 };
	double q, r;

	if (p < 0.02425 || p > 1 - 0.02425) {
		double tail = p < 0.5 ? p : 1 - p;

		q = __builtin_sqrt(-2 * bh_sim_log(tail));
		r = (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
		    ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
		return p < 0.5 ? r : -r;
	}
	q = p - 0.5;
	r = q * q;
	return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
	       (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

double bh_random_normal(struct bh_random *random, double mean, double sd)
{
	/* Never 0 or 1, whose quantiles are infinite. */
	double p = (double)((bh_random_bits(random) >> 12) | 1) * 0x1p-52;

	return mean + sd * quantile(p);
}

double bh_random_normal_in(struct bh_random *random, double mean, double sd, double low, double high)
{
	double x = bh_random_normal(random, mean, sd);

	return x < low ? low : x > high ? high : x;
}

double bh_random_lognormal(struct bh_random *random, double median, double sigma)
{
	return median * bh_exp(bh_random_normal(random, 0, sigma));
}

double bh_random_exponential(struct bh_random *random, double mean)
{
	return -mean * bh_sim_log(1 - bh_random_uniform(random));
}

int bh_random_poisson(struct bh_random *random, double mean)
{
	int n = 0;

	/* By the gaps between happenings: no product to underflow for a large mean. */
	for (double at = bh_random_exponential(random, 1); at < mean;
	     at += bh_random_exponential(random, 1))
		n++;
	return n;
}

const float *bh_noise_table(void)
{
	static float table[BH_NOISE_TABLE];
	static bool made;

	if (!made) {
		for (int i = 0; i < BH_NOISE_TABLE; i++)
			table[i] = (float)quantile((i + 0.5) / BH_NOISE_TABLE);
		made = true;
	}
	return table;
}
