/* SPDX-License-Identifier: MIT */
#include "hub/detect/features.h"

#include <string.h>

/* The empty level moves by 1/16 of the distance a step: noise averages out, drift is followed. */
#define EMPTY_STEP_DIVISOR 16
#define MIDDLE_PERMILLE 500

void bh_features_init(struct bh_feature_maker *maker, const struct bh_mat *mat)
{
	memset(maker, 0, sizeof(*maker));
	maker->mat = mat;
}

void bh_features_break(struct bh_feature_maker *maker)
{
	maker->have_before = false;
}

int64_t bh_isqrt(int64_t value)
{
	int64_t root = 0;

	for (int64_t bit = INT64_C(1) << 30; bit > 0; bit >>= 1)
		if ((root + bit) * (root + bit) <= value)
			root += bit;
	return root;
}

/* Sums over the zones from which everything else follows. */
struct sums {
	int64_t x, y, yy;
	int64_t legs[BH_HALVES], edge[BH_HALVES];
};

static enum bh_half half_of(const struct bh_zone *zone)
{
	return zone->x_permille > MIDDLE_PERMILLE ? BH_HALF_RIGHT : BH_HALF_LEFT;
}

static void add_load(struct sums *sums, struct bh_features *f, const struct bh_zone *zone,
		     int64_t load)
{
	f->total += load;
	f->loaded++;
	sums->x += load * zone->x_permille;
	sums->y += load * zone->y_permille;
	sums->yy += load * zone->y_permille * zone->y_permille;
	if ((zone->places & BH_AT_LEGS) && !(zone->places & BH_AT_TRUNK))
		sums->legs[half_of(zone)] += load;
	if (zone->places & BH_AT_EDGE_LEFT)
		sums->edge[BH_HALF_LEFT] += load;
	if (zone->places & BH_AT_EDGE_RIGHT)
		sums->edge[BH_HALF_RIGHT] += load;
}

static void add_change(struct bh_features *f, const struct bh_zone *zone, int64_t change)
{
	int64_t square = change * change;
	bool foot = (zone->places & BH_AT_LEGS) || zone->y_permille > MIDDLE_PERMILLE;

	f->change += square;
	f->change_half[half_of(zone)] += square;
	if (foot) {
		f->change_foot += square;
		f->change_foot_half[half_of(zone)] += square;
	}
}

static void finish(struct bh_features *f, const struct sums *sums)
{
	if (f->total == 0)
		return;
	f->x_permille = (int32_t)(sums->x / f->total);
	f->y_permille = (int32_t)(sums->y / f->total);
	f->spread_permille =
		(int32_t)bh_isqrt(sums->yy / f->total - (int64_t)f->y_permille * f->y_permille);
	for (int half = 0; half < BH_HALVES; half++) {
		f->legs_permille[half] = (int32_t)(sums->legs[half] * 1000 / f->total);
		f->edge_permille[half] = (int32_t)(sums->edge[half] * 1000 / f->total);
	}
}

void bh_features_make(struct bh_feature_maker *maker, const struct bh_frame *frame,
		      struct bh_features *ret)
{
	const struct bh_mat *mat = maker->mat;
	bool graded = mat->kind != BH_MAT_LOAD_CELLS;
	struct sums sums = { 0 };

	*ret = (struct bh_features){ .mono_ns = frame->mono_ns, .first = !maker->have_before };
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		const struct bh_zone *zone = &mat->zone[i];
		int32_t load = frame->load[i];

		if (load > maker->empty[i])
			add_load(&sums, ret, zone, load - maker->empty[i]);
		if (graded && load >= BH_LOAD_FULL)
			ret->full++;
		if (maker->have_before && load != maker->before[i])
			add_change(ret, zone, load - maker->before[i]);
		maker->before[i] = load;
	}
	maker->have_before = true;
	finish(ret, &sums);
}

void bh_features_follow_empty(struct bh_feature_maker *maker)
{
	if (!maker->have_before)
		return;
	for (unsigned int i = 0; i < maker->mat->n_zones; i++)
		maker->empty[i] += (maker->before[i] - maker->empty[i]) / EMPTY_STEP_DIVISOR;
}
