/* SPDX-License-Identifier: MIT */
#include "hub/detect/weight.h"

#include "hub/core/epoch.h"

#include <string.h>

/* science.md section 0: on above 20 % of the body load for 5 s, off below 10 % for 10 s. */
#define ON_PERMILLE 200
#define OFF_PERMILLE 100
#define ON_NS (5 * BH_NS_PER_S)
#define OFF_NS (10 * BH_NS_PER_S)
/* For lights: half a second, so that one frame of a spike does not switch them. */
#define FAST_NS (BH_NS_PER_S / 2)

/* Until someone has lain still for a minute: a light adult, and for strips and matrix a load that
 * one twentieth of the mat at full scale would give. */
#define ASSUMED_GRAMS 50000
#define ASSUMED_PERMILLE_PER_ZONE 50
#define LEARN_FIRST_S 60
/* Then with a time constant of a quarter of an hour: a night follows the sleeper, an hour of a
 * visitor does not replace them. */
#define LEARN_DIVISOR 900

/* Lying: most of the load, its centre inside the bed. Load cells weigh true; strips and matrix
 * respond to where the load falls (5-25 % part to part, drift), so they get a wider gate. */
#define LYING_PERMILLE_CELLS 800
#define LYING_PERMILLE_MAT 500
/* Edge: science.md section 0, load 60-105 %, centre in the outer fifth, spread collapsed. */
#define EDGE_PERMILLE_MIN_CELLS 600
#define EDGE_PERMILLE_MIN_MAT 300
#define EDGE_PERMILLE_MAX_CELLS 1050
#define EDGE_WIDTH_PERMILLE 200
#define EDGE_ZONE_SHARE_PERMILLE 600
#define EDGE_SPREAD_PERMILLE 170
#define EDGE_LEGS_PERMILLE 60
/* One leg out: its half of the leg zones carries less than a fifth of what the other half does,
 * and the other half carries what a leg does. */
#define LEG_ON_PERMILLE 50
#define LEG_OFF_DIVISOR 5

#define CONFIDENCE_CELLS 950
#define CONFIDENCE_MAT 900

void bh_weight_init(struct bh_weight *weight, const struct bh_mat *mat, uint32_t can,
		    int32_t body_load)
{
	memset(weight, 0, sizeof(*weight));
	weight->kind = mat->kind;
	weight->can = can;
	weight->fixed = body_load > 0;
	weight->body_load = body_load > 0 ? body_load
			    : mat->kind == BH_MAT_LOAD_CELLS
				    ? ASSUMED_GRAMS
				    : (int64_t)ASSUMED_PERMILLE_PER_ZONE * mat->n_zones;
	weight->on = BH_LASTING_NEVER;
	weight->off = BH_LASTING_NEVER;
}

void bh_weight_break(struct bh_weight *weight)
{
	weight->on = BH_LASTING_NEVER;
	weight->off = BH_LASTING_NEVER;
}

static bool is_known(const struct bh_weight *weight)
{
	return weight->fixed || weight->learned_s >= LEARN_FIRST_S;
}

static bool on_edge(const struct bh_weight *weight, const struct bh_features *f, int64_t share)
{
	bool outer =
		f->x_permille < EDGE_WIDTH_PERMILLE || f->x_permille > 1000 - EDGE_WIDTH_PERMILLE;

	if (weight->kind == BH_MAT_LOAD_CELLS)
		return outer && share >= EDGE_PERMILLE_MIN_CELLS &&
		       (share <= EDGE_PERMILLE_MAX_CELLS || !is_known(weight));
	if (weight->can & (BH_CAN_EDGE | BH_CAN_SIDE))
		outer |= f->edge_permille[BH_HALF_LEFT] + f->edge_permille[BH_HALF_RIGHT] >=
			 EDGE_ZONE_SHARE_PERMILLE;
	else
		outer = true; /* strips across the bed: only the length tells */
	return outer && share >= EDGE_PERMILLE_MIN_MAT &&
	       f->spread_permille <= EDGE_SPREAD_PERMILLE &&
	       f->legs_permille[BH_HALF_LEFT] + f->legs_permille[BH_HALF_RIGHT] <=
		       EDGE_LEGS_PERMILLE;
}

static enum bh_side side_of(const struct bh_weight *weight, const struct bh_features *f)
{
	if (!(weight->can & BH_CAN_SIDE))
		return BH_SIDE_UNKNOWN;
	return f->x_permille < 500 ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
}

static void see_legs(const struct bh_weight *weight, const struct bh_features *f,
		     struct bh_body *body)
{
	int32_t left = f->legs_permille[BH_HALF_LEFT], right = f->legs_permille[BH_HALF_RIGHT];

	body->leg_off = BH_UNKNOWN;
	if (weight->kind == BH_MAT_LOAD_CELLS || !(weight->can & BH_CAN_LEGS) ||
	    !(weight->can & BH_CAN_SIDE))
		return;
	body->leg_off = BH_NO;
	if (!body->lying)
		return;
	if (right >= LEG_ON_PERMILLE && left * LEG_OFF_DIVISOR < right)
		body->leg_off_side = BH_SIDE_LEFT;
	else if (left >= LEG_ON_PERMILLE && right * LEG_OFF_DIVISOR < left)
		body->leg_off_side = BH_SIDE_RIGHT;
	if (body->leg_off_side != BH_SIDE_UNKNOWN)
		body->leg_off = BH_YES;
}

void bh_weight_take(struct bh_weight *weight, const struct bh_features *f, struct bh_body *ret)
{
	int64_t share = f->total * 1000 / weight->body_load;
	bool cells = weight->kind == BH_MAT_LOAD_CELLS;

	weight->last = *f;
	bh_lasting_tell(&weight->on, share >= ON_PERMILLE, f->mono_ns);
	bh_lasting_tell(&weight->off, share < OFF_PERMILLE, f->mono_ns);
	*ret = (struct bh_body){
		.readable = true,
		.on = share >= ON_PERMILLE,
		.off = share < OFF_PERMILLE,
		.on_since_ns = weight->on.since_ns,
		.off_since_ns = weight->off.since_ns,
		.on_needed_ns = ON_NS,
		.off_needed_ns = OFF_NS,
		.fast_on_ns = FAST_NS,
		.fast_off_ns = FAST_NS,
		.load_permille = is_known(weight) ? (int32_t)(share < INT16_MAX ? share : INT16_MAX)
						  : BH_EPOCH_UNKNOWN,
		.confidence_permille = cells ? CONFIDENCE_CELLS : CONFIDENCE_MAT,
	};
	if (weight->can & BH_CAN_LEGS)
		ret->edge = on_edge(weight, f, share) ? BH_YES : BH_NO;
	if (ret->edge == BH_YES)
		ret->edge_side = side_of(weight, f);
	ret->lying = ret->on && ret->edge != BH_YES &&
		     share >= (cells ? LYING_PERMILLE_CELLS : LYING_PERMILLE_MAT);
	see_legs(weight, f, ret);
}

void bh_weight_learn(struct bh_weight *weight)
{
	if (weight->fixed)
		return;
	if (weight->learned_s < LEARN_FIRST_S) {
		weight->sum_learned += weight->last.total;
		if (++weight->learned_s == LEARN_FIRST_S)
			weight->body_load = weight->sum_learned / LEARN_FIRST_S;
		return;
	}
	weight->body_load += (weight->last.total - weight->body_load) / LEARN_DIVISOR;
}
