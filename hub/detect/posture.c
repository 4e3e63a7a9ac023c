/* SPDX-License-Identifier: MIT */
#include "hub/detect/posture.h"

/* The fit aims at 1 for the true posture and 0 for the others, 1/3 taken off all three. */
#define SURE 1.0f

void bh_posture_terms(const struct bh_posture_features *f, float supine[BH_POSTURE_SUPINE_TERMS],
		      float side[BH_POSTURE_SIDE_TERMS])
{
	int n = 0;

	supine[n++] = 1;
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		supine[n++] = f->even[i];
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = i; j < BH_POSTURE_EVEN; j++)
			supine[n++] = f->even[i] * f->even[j];
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		for (int j = i; j < BH_POSTURE_ODD; j++)
			supine[n++] = f->odd[i] * f->odd[j];
	n = 0;
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		side[n++] = f->odd[i];
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = 0; j < BH_POSTURE_ODD; j++)
			side[n++] = f->even[i] * f->odd[j];
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
	float sum[4] = { 0 };
	int i = 0;

	for (; i + 4 <= n; i += 4)
		for (int k = 0; k < 4; k++)
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
