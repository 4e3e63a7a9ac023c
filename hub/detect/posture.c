/* SPDX-License-Identifier: MIT */
#include "hub/detect/posture.h"

/* The fit aims at 1 for the true posture and 0 for the others, 1/3 taken off all three. */
#define SURE 1.0f

/* What runs once a second over thousands of terms goes by so many at a time. */
#define LANES 4

/* @return Behind what was written: @p a times each of @p b. */
static float *products(float *ret, float a, const float *b, int n)
{
	int i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int k = 0; k < LANES; k++)
			ret[i + k] = a * b[i + k];
	for (; i < n; i++)
		ret[i] = a * b[i];
	return ret + n;
}

void bh_posture_terms(const struct bh_posture_features *f, float supine[BH_POSTURE_SUPINE_TERMS],
		      float side[BH_POSTURE_SIDE_TERMS])
{
	*supine++ = 1;
	supine = products(supine, 1, f->even, BH_POSTURE_EVEN);
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		supine = products(supine, f->even[i], &f->even[i], BH_POSTURE_EVEN - i);
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		supine = products(supine, f->odd[i], &f->odd[i], BH_POSTURE_ODD - i);
	side = products(side, 1, f->odd, BH_POSTURE_ODD);
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		side = products(side, f->even[i], f->odd, BH_POSTURE_ODD);
}

const struct bh_posture_weights *bh_posture_weights_for(unsigned int n_zones)
{
	if (n_zones >= BH_POSTURE_FINE)
		return &bh_posture_fine;
	return n_zones >= BH_POSTURE_COARSE ? &bh_posture_coarse : &bh_posture_few;
}

/* In several sums: one alone waits for each addition before the next. */
static float weigh(const int16_t *weights, const float *terms, int n)
{
	float sum[LANES] = { 0 };
	int i = 0;

	for (; i + LANES <= n; i += LANES)
		for (int k = 0; k < LANES; k++)
			sum[k] += (float)weights[i + k] * terms[i + k];
	for (; i < n; i++)
		sum[0] += (float)weights[i] * terms[i];
	return (sum[0] + sum[1] + sum[2] + sum[3]) / BH_POSTURE_ONE;
}

void bh_posture_judge(const struct bh_posture_weights *weights,
		      const struct bh_posture_features *features, struct bh_posture *ret)
{
	float supine_terms[BH_POSTURE_SUPINE_TERMS], side_terms[BH_POSTURE_SIDE_TERMS];
	float supine, side, on_side, apart;

	bh_posture_terms(features, supine_terms, side_terms);
	supine = weigh(weights->supine, supine_terms, BH_POSTURE_SUPINE_TERMS);
	side = weigh(weights->side, side_terms, BH_POSTURE_SIDE_TERMS);
	/* The three scores sum to nothing, and left and right differ by `side`. */
	on_side = ((side < 0 ? -side : side) - supine) / 2;
	if (supine >= on_side) {
		ret->position = BH_POSITION_SUPINE;
		apart = supine - on_side;
	} else {
		float next = supine > on_side - (side < 0 ? -side : side)
				     ? supine
				     : on_side - (side < 0 ? -side : side);

		ret->position = side > 0 ? BH_POSITION_LEFT : BH_POSITION_RIGHT;
		apart = on_side - next;
	}
	ret->confidence_permille = (int16_t)(apart >= SURE ? 1000 : apart * 1000 / SURE);
}
