/* SPDX-License-Identifier: MIT */
#include "hub/detect/weight.h"

#include "hub/core/epoch.h"

#include <string.h>

/* science.md section 0: on above 20 % of the body load for 5 s, off below 10 % for 10 s. */
#define ON_PERMILLE 200
#define OFF_PERMILLE 100
#define ON_NS (5 * BH_NS_PER_S)
/* An empty bed may be read once in ten seconds: one reading, however long it stands, is nobody. */
#define ON_FRAMES 3
#define OFF_NS (10 * BH_NS_PER_S)
/* Between the two is nobody whose load is known: what stays there for a minute is a cat, or what was
 * laid down on leaving. */
#define LIGHT_NS BH_NS_PER_MIN
/* For lights: a body on its way out or in passes a third and a half of its weight in a moment; no
 * one lies or sits with less. */
#define FAST_ON_PERMILLE 450
#define FAST_OFF_PERMILLE 350
#define FAST_NS (BH_NS_PER_S / 5)
/* Who sat on the edge a moment ago and weighs nothing has left; who lay there may be turning over, and
 * throws most of their weight up and down: of them only the smoothed load is believed. */
#define SAT_NS (2 * BH_NS_PER_S)
/* Lighter than empty by a tenth of the body: noise and drift are smaller. */
#define BELOW_PERMILLE 100
#define BELOW_NS (10 * BH_NS_PER_S)

/* A zero taken from one frame has that frame's noise, and zero itself is not what the noise of an empty
 * mat adds up to: so many frames of a bed that nobody is in settle it (four times the 32 that
 * following takes). */
#define SETTLE_FRAMES 128

/* Until someone has lain still for a minute: a light adult, and for strips and matrix a load that
 * one twentieth of the mat at full scale would give. */
#define ASSUMED_GRAMS 50000
#define ASSUMED_PERMILLE_PER_ZONE 50
#define LEARN_FIRST_S 60
/* Where the zero was taken from the first frame the scale is not known either: forty times the mean
 * unrest of the empty mat, so that the threshold of a fifth stands eight times above it. */
#define ASSUMED_NOISES 40
#define NOISE_SCALE 256
#define NOISE_FIRST 10
#define NOISE_DIVISOR 256
/* Then with a time constant of a quarter of an hour: a night follows the sleeper, an hour of a
 * visitor does not replace them. */
#define LEARN_DIVISOR 900

/* Lying: most of the load, its centre inside the bed. Load cells weigh true; strips and matrix
 * respond to where the load falls (5-25 % part to part, drift), so they get a wider gate. */
#define LYING_PERMILLE_CELLS 800
#define LYING_PERMILLE_MAT 500
/* Edge: science.md section 0, centre in the outer fifth, spread collapsed, load from 60 % on. */
#define EDGE_PERMILLE_MIN_CELLS 600
#define EDGE_PERMILLE_MIN_MAT 300
/* Legs that hang free leave all of the weight on the bed, and a cat may lie beside. */
#define EDGE_PERMILLE_MAX_CELLS 1200
#define EDGE_WIDTH_PERMILLE 200
/* Coarse mats cannot see the outer fifth: there it is the outermost zones. Sitting spreads over less
 * than 130 permille of the length; lying over 145 and more, also with a leg out of bed, when the shares
 * of the legs look much as they do in a sit. */
#define EDGE_MAT_PERMILLE 150
#define EDGE_SPREAD_PERMILLE 138

#define CONFIDENCE_CELLS 950
#define CONFIDENCE_MAT 900

void bh_weight_break(struct bh_weight *weight)
{
	weight->on = BH_LASTING_NEVER;
	weight->off = BH_LASTING_NEVER;
	weight->light = BH_LASTING_NEVER;
	weight->fast_on = BH_LASTING_NEVER;
	weight->fast_off = BH_LASTING_NEVER;
	weight->below = BH_LASTING_NEVER;
	weight->sat_ns = BH_MONO_NONE;
}

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
	weight->noise = NOISE_FIRST * NOISE_SCALE;
	weight->x_min = 1000;
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		int32_t x = mat->zone[i].x_permille;

		weight->x_min = x < weight->x_min ? x : weight->x_min;
		weight->x_max = x > weight->x_max ? x : weight->x_max;
	}
	bh_weight_break(weight);
}

static bool is_known(const struct bh_weight *weight)
{
	return weight->fixed || weight->learned_s >= LEARN_FIRST_S;
}

/* The load is as far out as the mat can tell. */
static bool is_outer(const struct bh_weight *weight, const struct bh_features *f)
{
	int32_t margin = (weight->x_max - weight->x_min) * EDGE_MAT_PERMILLE / 1000;

	if (f->x_permille < EDGE_WIDTH_PERMILLE || f->x_permille > 1000 - EDGE_WIDTH_PERMILLE)
		return true;
	/* Strips across the bed: only the length tells. */
	if (!(weight->can & (BH_CAN_EDGE | BH_CAN_SIDE)))
		return true;
	return weight->kind != BH_MAT_LOAD_CELLS &&
	       (f->x_permille <= weight->x_min + margin || f->x_permille >= weight->x_max - margin);
}

static bool on_edge(const struct bh_weight *weight, const struct bh_features *f, int64_t share)
{
	if (!is_outer(weight, f))
		return false;
	if (weight->kind == BH_MAT_LOAD_CELLS)
		return share >= EDGE_PERMILLE_MIN_CELLS &&
		       (share <= EDGE_PERMILLE_MAX_CELLS || !is_known(weight));
	return share >= EDGE_PERMILLE_MIN_MAT && f->spread_permille <= EDGE_SPREAD_PERMILLE;
}

static enum bh_side side_of(const struct bh_weight *weight, const struct bh_features *f)
{
	if (!(weight->can & BH_CAN_SIDE))
		return BH_SIDE_UNKNOWN;
	return f->x_permille < 500 ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
}

static void assume_scale(struct bh_weight *weight, const struct bh_features *f)
{
	int64_t unrest = (f->total + f->below) * NOISE_SCALE;

	if (f->total * 1000 < weight->body_load * ON_PERMILLE)
		weight->noise += (unrest - weight->noise) / NOISE_DIVISOR;
	weight->body_load = weight->noise * ASSUMED_NOISES / NOISE_SCALE + 1;
}

bool bh_weight_zero_unsettled(struct bh_weight *weight)
{
	if (weight->kind == BH_MAT_LOAD_CELLS || weight->settled >= SETTLE_FRAMES ||
	    weight->on_frames > 0)
		return false;
	weight->settled++;
	return true;
}

void bh_weight_zero_is_new(struct bh_weight *weight, bool exact)
{
	weight->settled = exact ? SETTLE_FRAMES : 0;
	bh_weight_break(weight);
}

bool bh_weight_wrong_zero(const struct bh_weight *weight, int64_t now_ns)
{
	return bh_lasting_for(&weight->below, BELOW_NS, now_ns);
}

void bh_weight_take(struct bh_weight *weight, const struct bh_features *f, bool offset,
		    struct bh_body *ret)
{
	bool cells = weight->kind == BH_MAT_LOAD_CELLS;
	bool sat = weight->sat_ns != BH_MONO_NONE && f->mono_ns - weight->sat_ns <= SAT_NS;
	int64_t share, now;
	bool light;

	if (offset && !is_known(weight))
		assume_scale(weight, f);
	share = f->total * 1000 / weight->body_load;
	now = f->now * 1000 / weight->body_load;
	weight->last = *f;
	bh_lasting_tell(&weight->on, share >= ON_PERMILLE, f->mono_ns);
	bh_lasting_tell(&weight->light, share < ON_PERMILLE && is_known(weight), f->mono_ns);
	light = bh_lasting_for(&weight->light, LIGHT_NS, f->mono_ns);
	bh_lasting_tell(&weight->off, share < OFF_PERMILLE || light, f->mono_ns);
	if (light)
		weight->off.since_ns = weight->light.since_ns;
	bh_lasting_tell(&weight->fast_on, now >= FAST_ON_PERMILLE, f->mono_ns);
	bh_lasting_tell(&weight->fast_off, (sat ? now : share) < FAST_OFF_PERMILLE, f->mono_ns);
	bh_lasting_tell(&weight->below, f->below * 1000 >= weight->body_load * BELOW_PERMILLE,
			f->mono_ns);
	weight->on_frames = share >= ON_PERMILLE ? weight->on_frames + 1 : 0;
	*ret = (struct bh_body){
		.readable = true,
		.on = weight->on_frames >= ON_FRAMES,
		.off = share < OFF_PERMILLE || light,
		.on_since_ns = weight->on_frames >= ON_FRAMES ? weight->on.since_ns : BH_MONO_NONE,
		.off_since_ns = weight->off.since_ns,
		.on_needed_ns = ON_NS,
		.off_needed_ns = OFF_NS,
		.fast_on_since_ns =
			weight->on_frames >= ON_FRAMES ? weight->fast_on.since_ns : BH_MONO_NONE,
		.fast_off_since_ns = weight->fast_off.since_ns,
		.fast_on_ns = FAST_NS,
		.fast_off_ns = FAST_NS,
		.load_permille = is_known(weight) ? (int32_t)(share < INT16_MAX ? share : INT16_MAX)
						  : BH_EPOCH_UNKNOWN,
		.confidence_permille = cells ? CONFIDENCE_CELLS : CONFIDENCE_MAT,
	};
	if (weight->can & BH_CAN_LEGS)
		ret->edge = on_edge(weight, f, share) ? BH_YES : BH_NO;
	if (ret->edge == BH_YES) {
		ret->edge_side = side_of(weight, f);
		weight->sat_ns = f->mono_ns;
	}
	ret->lying = ret->on && ret->edge != BH_YES &&
		     share >= (cells ? LYING_PERMILLE_CELLS : LYING_PERMILLE_MAT);
}

void bh_weight_learn(struct bh_weight *weight)
{
	if (weight->fixed)
		return;
	if (weight->learned_s < LEARN_FIRST_S) {
		weight->sum_learned += weight->last.total;
		if (++weight->learned_s < LEARN_FIRST_S)
			return;
		weight->fine_load = weight->sum_learned * LEARN_DIVISOR / LEARN_FIRST_S;
	} else {
		weight->fine_load += weight->last.total - weight->fine_load / LEARN_DIVISOR;
	}
	weight->body_load = weight->fine_load / LEARN_DIVISOR + 1;
}
