/* SPDX-License-Identifier: MIT */
#include "hub/detect/faint.h"

#include <string.h>

/* Half a second to four, in samples: a leg movement lasts half a second to ten. */
static const unsigned int window[BH_FAINT_WINDOWS] = { 5, 10, 20, BH_FAINT_SAMPLES };
#define SHORTEST 0
#define LONGEST (BH_FAINT_WINDOWS - 1)
/* Whose noise stands for a movement's. */
#define MIDDLE 2

#define BASE_FINE 64
#define NOISE_FINE 1024
/* The base follows in eight seconds what was four seconds ago: not what may yet be found to move. Half
 * of it is good enough to begin with: what moves soon after a turn is heard, too. */
#define BASE_SAMPLES 80
#define BASE_ENOUGH 40
/* The noise is that of a minute; after the first quarter of it a sample in five is enough. */
#define SETTLED_SAMPLES 600
#define NOISE_EVERY 5
#define NOISE_DENSE 160
#define NOISE_KEPT 250
/* What is known of it counts for so many samples after a turn. */
#define NOISE_PRIOR 40
/* Four tenths of a unit: a zone that bears nothing has no noise to learn from, and one day its readings
 * flicker between two units. */
#define NOISE_MIN 48
/* Of normal noise one square in 370 passes nine times its mean: what is beyond it moved unheard, and one
 * turn of the trunk would deafen the hub for minutes. */
#define NOISE_CLIP_TIMES 9
/* Squares are compared in variances of their zone, 64ths: a thigh that feels the breath does not hide a
 * calf that does not. */
#define VARIANCE_ONE 64
/* A sum of n squares of normal noise passes n + 4.3 sqrt(2 n) + 15 of its variances once in 120,000 to
 * 240,000 samples, for n of 1 to 8; and with 20 once in millions. Of what lies between, on simulated
 * nights, five in six is false. */
#define SPREAD_TIMES_3 13
#define MOST_TIMES 15
#define MOST_TIMES_EACH 20
/* At the trunk breath and heart show: what is not five times their noise is theirs. */
#define TRUNK_TIMES 25
/* Slower samples do not show when a leg began. */
#define SLOWEST_NS (BH_NS_PER_S / 4)
/* Longer it is no leg movement: it lies elsewhere now. */
#define LONGEST_NS (21 * BH_NS_PER_S / 2)
/* Over when for so long less than a third of it was left, by four variances. */
#define LEFT_DIVISOR 3
#define OVER_VARIANCES (4 * VARIANCE_ONE)
#define OVER_NS (2 * BH_NS_PER_S / 5)
/* Of the weakest that takes longer than a movement may last. It fits best where it ended, then. */
#define OVER_LATE_NS (3 * BH_NS_PER_S / 2)

void bh_faint_init(struct bh_faint *faint, const struct bh_feature_maker *maker)
{
	int64_t foot = 0;

	memset(faint, 0, sizeof(*faint));
	faint->n = maker->n;
	for (unsigned int i = 0; i < faint->n; i++) {
		faint->zone[i].foot = maker->role[i].foot;
		faint->zone[i].half = maker->role[i].half;
		foot += maker->role[i].foot;
	}
	faint->limit = (foot + MOST_TIMES_EACH) * VARIANCE_ONE +
		       SPREAD_TIMES_3 * bh_isqrt(2 * foot * VARIANCE_ONE * VARIANCE_ONE) / 3;
}

void bh_faint_anew(struct bh_faint *faint)
{
	faint->settled = 0;
	if (faint->learned > NOISE_PRIOR)
		faint->learned = NOISE_PRIOR;
	faint->moving = false;
}

static int32_t base_of(const struct bh_faint_zone *z)
{
	return z->base / BASE_FINE;
}

void bh_faint_again(struct bh_faint *faint, int64_t now_ns)
{
	faint->moving = false;
	for (unsigned int k = 0; k < BH_FAINT_SAMPLES; k++)
		faint->at_ns[k] = now_ns;
	for (unsigned int i = 0; faint->settled > 0 && i < faint->n; i++) {
		struct bh_faint_zone *z = &faint->zone[i];

		for (unsigned int k = 0; k < BH_FAINT_SAMPLES; k++)
			z->load[k] = base_of(z);
		for (unsigned int w = 0; w < BH_FAINT_WINDOWS; w++)
			z->sum[w] = (int64_t)window[w] * base_of(z);
	}
}

static void start(struct bh_faint *faint, const int32_t *load, int64_t now_ns)
{
	for (unsigned int i = 0; i < faint->n; i++)
		faint->zone[i].base = load[i] * BASE_FINE;
	faint->settled = 1;
	bh_faint_again(faint, now_ns);
}

static void push(struct bh_faint *faint, const int32_t *load, int64_t now_ns)
{
	unsigned int next = (faint->newest + 1) % BH_FAINT_SAMPLES, leaves[BH_FAINT_WINDOWS];

	for (unsigned int w = 0; w < BH_FAINT_WINDOWS; w++)
		leaves[w] = (next + BH_FAINT_SAMPLES - window[w]) % BH_FAINT_SAMPLES;
	for (unsigned int i = 0; i < faint->n; i++) {
		struct bh_faint_zone *z = &faint->zone[i];

		for (unsigned int w = 0; w < BH_FAINT_WINDOWS; w++)
			z->sum[w] += load[i] - z->load[leaves[w]];
		z->load[next] = load[i];
	}
	faint->at_ns[next] = now_ns;
	faint->newest = next;
}

/* Square of how far the sum of a window is from that of the base, by its length: of white noise the
 * same for all lengths. */
static int64_t square(const struct bh_faint_zone *z, unsigned int w)
{
	int64_t away = z->sum[w] - (int64_t)window[w] * z->base / BASE_FINE;

	return away * away / window[w];
}

static int64_t noise_of(const struct bh_faint_zone *z, unsigned int w)
{
	int64_t noise = z->noise[w] / NOISE_FINE;

	return noise > NOISE_MIN ? noise : NOISE_MIN;
}

static void set_strong(struct bh_faint *faint)
{
	int64_t sum = 0, squares = 0, most = 0;

	for (unsigned int i = 0; i < faint->n; i++) {
		int64_t noise = noise_of(&faint->zone[i], SHORTEST);

		if (!faint->zone[i].foot)
			continue;
		sum += noise;
		squares += noise * noise;
		most = noise > most ? noise : most;
	}
	faint->strong = sum + SPREAD_TIMES_3 * bh_isqrt(2 * squares) / 3 + MOST_TIMES * most;
}

static void learn_noise(struct bh_faint *faint)
{
	bool known = faint->learned >= NOISE_PRIOR;

	if (faint->learned < NOISE_KEPT)
		faint->learned++;
	for (unsigned int i = 0; i < faint->n; i++) {
		struct bh_faint_zone *z = &faint->zone[i];

		for (unsigned int w = 0; w < BH_FAINT_WINDOWS; w++) {
			int64_t now = square(z, w), most = NOISE_CLIP_TIMES * noise_of(z, w);

			now = known && now > most ? most : now;
			z->noise[w] += (now * NOISE_FINE - z->noise[w]) / (int64_t)faint->learned;
		}
	}
	set_strong(faint);
}

/* Nothing moves. */
static void learn(struct bh_faint *faint)
{
	bool begun = faint->settled < BASE_SAMPLES;
	unsigned int oldest = (faint->newest + 1) % BH_FAINT_SAMPLES;
	int32_t by = begun ? (int32_t)faint->settled : BASE_SAMPLES;

	for (unsigned int i = 0; i < faint->n; i++) {
		struct bh_faint_zone *z = &faint->zone[i];

		z->base += (z->load[begun ? faint->newest : oldest] * BASE_FINE - z->base) / by;
	}
	if (faint->settled >= BH_FAINT_SAMPLES &&
	    (faint->settled < NOISE_DENSE || faint->newest % NOISE_EVERY == 0))
		learn_noise(faint);
	if (faint->settled < SETTLED_SAMPLES)
		faint->settled++;
}

static bool begins(const struct bh_faint *faint)
{
	if (faint->settled < BASE_ENOUGH)
		return false;
	for (unsigned int w = 0; w < BH_FAINT_WINDOWS; w++) {
		int64_t sum = 0;

		for (unsigned int i = 0; i < faint->n; i++)
			if (faint->zone[i].foot)
				sum += square(&faint->zone[i], w) * VARIANCE_ONE /
				       noise_of(&faint->zone[i], w);
		if (sum > faint->limit)
			return true;
	}
	return false;
}

bool bh_faint_is_strong(const struct bh_faint *faint, int64_t energy)
{
	return energy * window[SHORTEST] > faint->strong;
}

/* Since when? Since the sample from which on a step away from the base fits best. */
static void begin(struct bh_faint *faint, int64_t now_ns)
{
	int64_t away[BH_FAINT_ZONES_MAX] = { 0 }, best = -1;

	for (unsigned int k = 1; k <= BH_FAINT_SAMPLES; k++) {
		unsigned int at = (faint->newest + BH_FAINT_SAMPLES + 1 - k) % BH_FAINT_SAMPLES;
		int64_t sum = 0;

		for (unsigned int i = 0; i < faint->n; i++) {
			away[i] += faint->zone[i].load[at] - base_of(&faint->zone[i]);
			if (faint->zone[i].foot)
				sum += away[i] * away[i] * VARIANCE_ONE / k /
				       noise_of(&faint->zone[i], MIDDLE);
		}
		if (sum <= best)
			continue;
		best = sum;
		faint->samples = k;
		faint->now.on_ns = faint->at_ns[at];
		for (unsigned int i = 0; i < faint->n; i++)
			faint->zone[i].away = away[i];
	}
	faint->moving = true;
	faint->fit = faint->best_fit = 0;
	faint->best_ns = now_ns;
	faint->now.shaking = 0;
}

static void finish(struct bh_faint *faint, struct bh_movement *ret)
{
	int64_t n = faint->samples;

	*ret = faint->now;
	ret->off_ns = faint->best_ns;
	for (unsigned int i = 0; i < faint->n; i++) {
		const struct bh_faint_zone *z = &faint->zone[i];
		int64_t energy = z->away * z->away / n, noise = z->noise[MIDDLE] / NOISE_FINE;

		energy -= z->foot ? noise : noise * TRUNK_TIMES;
		if (energy <= 0)
			continue;
		ret->energy += energy;
		if (!z->foot)
			continue;
		ret->energy_foot += energy;
		ret->energy_foot_half[z->half] += energy;
	}
	ret->peak = ret->energy / n;
}

/* What is left of the movement in this sample, and is it enough to go on? */
static void follow(struct bh_faint *faint, const int32_t *load, int64_t now_ns)
{
	int64_t left = 0, whole = 0;

	for (unsigned int i = 0; i < faint->n; i++) {
		struct bh_faint_zone *z = &faint->zone[i];
		int64_t mean = z->away / (int64_t)faint->samples, away = load[i] - base_of(z);

		z->away += away;
		if (!z->foot)
			continue;
		left += away * mean * VARIANCE_ONE / noise_of(z, MIDDLE);
		whole += mean * mean * VARIANCE_ONE / noise_of(z, MIDDLE);
	}
	faint->samples++;
	faint->fit += left - whole / LEFT_DIVISOR;
	if (faint->fit < faint->best_fit)
		return;
	faint->best_fit = faint->fit;
	faint->best_ns = now_ns;
}

static bool is_over(const struct bh_faint *faint, int64_t now_ns)
{
	int64_t since_ns = now_ns - faint->best_ns;

	if (now_ns - faint->now.on_ns > LONGEST_NS)
		return since_ns >= OVER_LATE_NS;
	return faint->best_fit - faint->fit > OVER_VARIANCES && since_ns >= OVER_NS;
}

static bool go_on(struct bh_faint *faint, const int32_t *load, const struct bh_features *f,
		  int64_t shaking, struct bh_movement *ret)
{
	follow(faint, load, f->mono_ns);
	if (shaking > faint->now.shaking)
		faint->now.shaking = shaking;
	faint->now.x_to = f->x_permille;
	faint->now.y_to = f->y_permille;
	if (is_over(faint, f->mono_ns)) {
		finish(faint, ret);
		bh_faint_again(faint, f->mono_ns);
		return true;
	}
	if (f->mono_ns - faint->now.on_ns > LONGEST_NS) {
		for (unsigned int i = 0; i < faint->n; i++)
			faint->zone[i].base = (int32_t)(faint->zone[i].sum[LONGEST] * BASE_FINE /
							window[LONGEST]);
		bh_faint_again(faint, f->mono_ns);
	}
	return false;
}

bool bh_faint_take(struct bh_faint *faint, const int32_t *load, const struct bh_features *f,
		   int64_t shaking, struct bh_movement *ret)
{
	if (faint->settled > 0 && f->mono_ns - faint->at_ns[faint->newest] > SLOWEST_NS)
		bh_faint_anew(faint);
	if (faint->settled == 0)
		start(faint, load, f->mono_ns);
	push(faint, load, f->mono_ns);
	if (faint->moving)
		return go_on(faint, load, f, shaking, ret);
	if (begins(faint)) {
		begin(faint, f->mono_ns);
		return false;
	}
	learn(faint);
	faint->now.x_from = f->x_permille;
	faint->now.y_from = f->y_permille;
	return false;
}
