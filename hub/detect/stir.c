/* SPDX-License-Identifier: MIT */
#include "hub/detect/stir.h"

#include <stdlib.h>
#include <string.h>

#define PATTERN_ONE 16384
#define GAIN_ONE 1024
/* A third of a leg's rise: quieter than single samples, and no later. */
#define SMOOTH_MS 150
/* Where the sleeper lies follows creep and temperature, but not a leg. */
#define LIE_MS 4000
#define SLOW_MS 500
#define SHAKING_MS 1000
/* The pattern is of the last minute of stillness, at 10 Hz. */
#define LEARN_MAX 600
/* Two breaths: before, what is left of the first of them would look like a leg. */
#define SETTLE_NS (8 * BH_NS_PER_S)
/* Pulls below it are rounding. */
#define PULL_MIN 4096
#define PULL_BITS 24

#define QUIET_PERCENT 20
#define SAMPLE_NS (BH_NS_PER_S / 2)
/* Ten minutes of samples, of which ten seconds must be in. */
#define SAMPLES_KEPT 1200
#define SAMPLES_NEEDED 20
/* A quarter of a unit in one zone is rounding. */
#define LEVEL_MIN 16
/* Of the quiet level. A fifth of the noise lies below it; 30 times it is 3 to 4 times its root mean
 * square, which noise passes once an hour. */
#define ON_TIMES 30
/* Where what is weaker is heard by its mean (faint.h). */
#define ON_TIMES_FOOT 60
#define OFF_TIMES 12
/* A reading lies no further from the median of the last three than noise: what does has jumped. */
#define NOISE_UNITS 3
/* Over when it has been back for so long, or still in another place: a leg that swings slowly looks
 * still for a second or two. The whole body does not, and what it leaves behind is learned anew. */
#define BACK_NS (BH_NS_PER_S / 2)
#define STILL_NS (4 * BH_NS_PER_S)
#define STILL_BODY_NS BH_NS_PER_S
/* A movement that grew slowly is dated no further back than this. */
#define RISE_MAX_NS BH_NS_PER_S
/* A calf and foot of 6 % of the body, moved 4 cm on a bed of 90 cm, shift 3 permille of its load from
 * cell to cell; between two zones that meet under it they shift tenfold. */
#define BODY_PERMILLE_CELLS 10
#define BODY_PERMILLE_ZONES 60

static void learn_anew(struct bh_stir *stir, int64_t now_ns)
{
	stir->learned = 0;
	stir->settled_ns = now_ns;
	bh_faint_anew(&stir->faint);
}

void bh_stir_init(struct bh_stir *stir, const struct bh_feature_maker *maker)
{
	bool cells = maker->kind == BH_MAT_LOAD_CELLS;

	memset(stir, 0, sizeof(*stir));
	stir->foot_only = !cells;
	stir->body_permille = cells ? BODY_PERMILLE_CELLS : BODY_PERMILLE_ZONES;
	if (maker->kind != BH_MAT_CONTACT && maker->n <= BH_STIR_ZONES_MAX)
		stir->n = maker->n;
	for (unsigned int i = 0; i < stir->n; i++) {
		stir->zone[i].foot = maker->role[i].foot;
		stir->zone[i].half = maker->role[i].half;
	}
	stir->faint_too = stir->n > 0 && maker->kind == BH_MAT_STRIPS;
	if (stir->faint_too)
		bh_faint_init(&stir->faint, maker);
	bh_levels_init(&stir->levels, SAMPLES_KEPT);
	stir->next_sample_ns = BH_MONO_NONE;
}

void bh_stir_break(struct bh_stir *stir)
{
	stir->ready = false;
	stir->moving = false;
	stir->moved = false;
}

bool bh_stir_can(const struct bh_stir *stir)
{
	return stir->n > 0;
}

bool bh_stir_second(struct bh_stir *stir)
{
	bool moved = stir->moved;

	stir->moved = false;
	return moved;
}

/* Gain of a low pass for a step of dt. */
static int32_t gain(int64_t dt_ms, int32_t tau_ms)
{
	return (int32_t)(dt_ms * GAIN_ONE / (dt_ms + tau_ms));
}

static int32_t follow(int32_t from, int32_t to, int32_t by)
{
	return from + (int32_t)((int64_t)(to - from) * by / GAIN_ONE);
}

/* The sleeper lies here now. */
static void lie_here(struct bh_stir *stir)
{
	for (unsigned int i = 0; i < stir->n; i++) {
		struct bh_stir_zone *z = &stir->zone[i];

		z->lay = z->load;
		z->slow = z->load;
	}
}

static void start(struct bh_stir *stir, const struct bh_feature_maker *maker, int64_t now_ns)
{
	int32_t even = (int32_t)(PATTERN_ONE / bh_isqrt(stir->n));

	for (unsigned int i = 0; i < stir->n; i++) {
		stir->zone[i].load = maker->load[i] * BH_CHANGE_FINE;
		stir->zone[i].pull = 0;
		stir->zone[i].breath = even;
	}
	lie_here(stir);
	learn_anew(stir, now_ns);
	stir->ready = true;
	stir->moving = false;
	stir->last_ns = now_ns;
	stir->calm_ns = now_ns;
}

/* How strong the pattern is in a reading: of its distance from where the sleeper lay, or from where
 * it has just been. */
static int64_t strength(const struct bh_stir *stir, bool from_slow)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < stir->n; i++) {
		const struct bh_stir_zone *z = &stir->zone[i];

		sum += (int64_t)(z->load - (from_slow ? z->slow : z->lay)) * z->breath;
	}
	return sum / PATTERN_ONE;
}

/*
 * One step towards the direction in which the loads of still moments vary most: the mean of strength
 * times load turns towards it step by step (power iteration as the samples come; Oja 1982).
 */
static void learn_pattern(struct bh_stir *stir, int64_t strength)
{
	int64_t most = 0, norm = 0;
	int shift = 0;

	if (stir->learned < LEARN_MAX)
		stir->learned++;
	for (unsigned int i = 0; i < stir->n; i++) {
		struct bh_stir_zone *z = &stir->zone[i];

		z->pull +=
			(strength * (z->load - z->lay) * BH_CHANGE_FINE - z->pull) / stir->learned;
		most = llabs(z->pull) > most ? llabs(z->pull) : most;
	}
	if (most < PULL_MIN)
		return;
	while (most >> shift >= INT64_C(1) << PULL_BITS)
		shift++;
	for (unsigned int i = 0; i < stir->n; i++)
		norm += (stir->zone[i].pull >> shift) * (stir->zone[i].pull >> shift);
	norm = bh_isqrt(norm);
	for (unsigned int i = 0; i < stir->n; i++)
		stir->zone[i].breath =
			(int32_t)((stir->zone[i].pull >> shift) * PATTERN_ONE / norm);
}

/** What is left of a reading without breath and heart, as sums of squares. */
struct rest {
	int64_t all, foot, foot_half[BH_HALVES];
	int64_t change; /* since half a second ago, of the zones that count */
	int64_t own;	/* of the zones that count */
};

static void take_breath_out(const struct bh_stir *stir, int64_t strong, struct rest *ret)
{
	int64_t strong_change = strength(stir, true);

	*ret = (struct rest){ 0 };
	for (unsigned int i = 0; i < stir->n; i++) {
		const struct bh_stir_zone *z = &stir->zone[i];
		int64_t away = z->load - z->lay - strong * z->breath / PATTERN_ONE;
		int64_t change = z->load - z->slow - strong_change * z->breath / PATTERN_ONE;

		ret->all += away * away;
		if (z->foot) {
			ret->foot += away * away;
			ret->foot_half[z->half] += away * away;
		}
		if (z->foot || !stir->foot_only)
			ret->change += change * change;
	}
	ret->own = stir->foot_only ? ret->foot : ret->all;
}

static bool is_settled(const struct bh_stir *stir, int64_t now_ns)
{
	return now_ns - stir->settled_ns >= SETTLE_NS;
}

static void learn_quiet(struct bh_stir *stir, int64_t energy, int64_t now_ns)
{
	int64_t level;

	if (!is_settled(stir, now_ns) ||
	    (stir->next_sample_ns != BH_MONO_NONE && now_ns < stir->next_sample_ns))
		return;
	stir->next_sample_ns = now_ns + SAMPLE_NS;
	bh_levels_add(&stir->levels, energy);
	if (stir->levels.n < SAMPLES_NEEDED)
		return;
	level = bh_levels_at(&stir->levels, QUIET_PERCENT);
	stir->quiet_level = level > LEVEL_MIN ? level : LEVEL_MIN;
}

static bool is_strong(const struct bh_stir *stir, int64_t energy)
{
	if (!stir->faint_too)
		return energy > ON_TIMES * stir->quiet_level;
	/* A zone that bears nothing has no noise, and then a fifth of it says little of the rest. */
	return energy > ON_TIMES_FOOT * stir->quiet_level && bh_faint_is_strong(&stir->faint, energy);
}

/* Nothing moves: does it begin now? */
static bool begins(struct bh_stir *stir, const struct bh_features *f, int64_t energy, int64_t dt_ms)
{
	bool settled = is_settled(stir, f->mono_ns);
	int32_t by = gain(dt_ms, settled ? LIE_MS : SLOW_MS);

	if (stir->quiet_level > 0 && settled && is_strong(stir, energy)) {
		stir->moving = true;
		stir->now = (struct bh_movement){ .on_ns = stir->calm_ns,
						  .x_from = stir->x_still,
						  .y_from = stir->y_still };
		if (f->mono_ns - stir->calm_ns > RISE_MAX_NS)
			stir->now.on_ns = f->mono_ns - RISE_MAX_NS;
		if (stir->faint.moving && stir->faint.now.on_ns < stir->now.on_ns)
			stir->now.on_ns = stir->faint.now.on_ns;
		stir->away_ns = f->mono_ns;
		stir->changed_ns = f->mono_ns;
		return true;
	}
	for (unsigned int i = 0; i < stir->n; i++)
		stir->zone[i].lay = follow(stir->zone[i].lay, stir->zone[i].load, by);
	if (energy <= OFF_TIMES * stir->quiet_level || stir->quiet_level == 0)
		stir->calm_ns = f->mono_ns;
	stir->x_still = f->x_permille;
	stir->y_still = f->y_permille;
	return false;
}

static void add(struct bh_stir *stir, const struct bh_features *f, const struct rest *rest,
		int64_t body_load)
{
	struct bh_movement *now = &stir->now;

	now->energy += rest->all;
	now->energy_foot += rest->foot;
	for (int half = 0; half < BH_HALVES; half++)
		now->energy_foot_half[half] += rest->foot_half[half];
	if (rest->all > now->peak)
		now->peak = rest->all;
	if (stir->shaking > now->shaking)
		now->shaking = stir->shaking;
	now->body = body_load > 0 &&
		    bh_isqrt(now->peak) * 1000 > stir->body_permille * body_load * BH_CHANGE_FINE;
	now->x_to = f->x_permille;
	now->y_to = f->y_permille;
	stir->moved = true;
	if (rest->own > OFF_TIMES * stir->quiet_level)
		stir->away_ns = f->mono_ns;
	if (rest->change > OFF_TIMES * stir->quiet_level)
		stir->changed_ns = f->mono_ns;
}

static bool ends(struct bh_stir *stir, int64_t now_ns)
{
	if (now_ns - stir->away_ns >= BACK_NS) {
		stir->now.off_ns = stir->away_ns;
	} else if (now_ns - stir->changed_ns >= (stir->now.body ? STILL_BODY_NS : STILL_NS)) {
		stir->now.off_ns = stir->changed_ns;
		lie_here(stir);
		if (stir->now.body)
			learn_anew(stir, now_ns);
	} else {
		return false;
	}
	stir->moving = false;
	stir->calm_ns = now_ns;
	return true;
}

/* A movement too weak for one reading. Breath and heart are taken out at the trunk alone: at the foot
 * end there is less of them than the pattern has learned there of legs that moved. */
static bool hear_faint(struct bh_stir *stir, const struct bh_feature_maker *maker,
		       const struct bh_features *f, struct bh_movement *ret)
{
	int32_t load[BH_STIR_ZONES_MAX];
	int64_t strong = 0;

	for (unsigned int i = 0; i < stir->n; i++) {
		int32_t raw = maker->raw[0][i], median = maker->load[i];

		if (raw > median + NOISE_UNITS)
			raw = median + NOISE_UNITS;
		if (raw < median - NOISE_UNITS)
			raw = median - NOISE_UNITS;
		load[i] = raw * BH_CHANGE_FINE;
		strong += (int64_t)(load[i] - stir->zone[i].lay) * stir->zone[i].breath;
	}
	strong /= PATTERN_ONE;
	for (unsigned int i = 0; i < stir->n; i++)
		if (!stir->zone[i].foot)
			load[i] -= (int32_t)(strong * stir->zone[i].breath / PATTERN_ONE);
	return bh_faint_take(&stir->faint, load, f, stir->shaking, ret);
}

bool bh_stir_take(struct bh_stir *stir, const struct bh_feature_maker *maker,
		  const struct bh_features *f, bool in_bed, int64_t body_load,
		  struct bh_movement *ret)
{
	int64_t dt_ms = (f->mono_ns - stir->last_ns) / BH_NS_PER_MS, strong;
	struct rest rest;

	if (!stir->ready || f->first || (!in_bed && !stir->moving)) {
		start(stir, maker, f->mono_ns);
		return false;
	}
	stir->last_ns = f->mono_ns;
	for (unsigned int i = 0; i < stir->n; i++) {
		struct bh_stir_zone *z = &stir->zone[i];

		z->load = follow(z->load, maker->load[i] * BH_CHANGE_FINE, gain(dt_ms, SMOOTH_MS));
		z->slow = follow(z->slow, z->load, gain(dt_ms, SLOW_MS));
	}
	stir->shaking += (f->change_foot - stir->shaking) * gain(dt_ms, SHAKING_MS) / GAIN_ONE;
	strong = strength(stir, false);
	take_breath_out(stir, strong, &rest);
	if (in_bed)
		learn_quiet(stir, rest.own, f->mono_ns);
	if (!stir->moving) {
		learn_pattern(stir, strong);
		if (stir->faint_too && in_bed && hear_faint(stir, maker, f, ret))
			return true;
		if (!begins(stir, f, rest.own, dt_ms))
			return false;
	}
	add(stir, f, &rest, body_load);
	if (!ends(stir, f->mono_ns))
		return false;
	bh_faint_again(&stir->faint, f->mono_ns);
	*ret = stir->now;
	return true;
}
