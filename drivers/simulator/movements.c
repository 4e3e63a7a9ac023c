/* SPDX-License-Identifier: MIT */
/* How the body moves in the phases of a night: the movement processes of science.md section 6. */
#include "drivers/simulator/night.h"

/* Longer series are cut: sixty movements are half an hour. */
#define SERIES_MAX 80
/* 4 + Exp(12), less what awakenings cut short. */
#define SERIES_MEAN 15
/* In a calm stretch this share of leg movements is left. */
#define CALM_SHARE 0.15

static bool lying_through(const struct bh_making *making, int64_t start_ns, int64_t end_ns)
{
	return bh_phase_at(making->plan, start_ns)->body == BH_BODY_LYING &&
	       bh_phase_at(making->plan, end_ns)->body == BH_BODY_LYING &&
	       !bh_in_spans(&making->still, start_ns);
}

static bool leg_movement(struct bh_making *making, enum bh_side side, int64_t at, double dur_s)
{
	if (!lying_through(making, at, at + BH_S(dur_s)))
		return false;
	bh_add_leg_movement(making, &making->random, side, at, BH_S(dur_s));
	return true;
}

static double isolated_duration(struct bh_random *random)
{
	double s = bh_random_lognormal(random, 2, .5);

	return s < .5 ? .5 : s > 9.5 ? 9.5 : s;
}

/* One leg movement that belongs to nothing; 15 percent have a satellite 1 to 3 s later. */
static void isolated(struct bh_making *making, int64_t at)
{
	struct bh_random *random = &making->random;
	enum bh_side side = bh_draw_side(random);
	double dur_s = isolated_duration(random), after_s;

	if (bh_in_spans(&making->calm, at) && !bh_random_chance(random, CALM_SHARE))
		return;
	if (!leg_movement(making, side, at, dur_s) || !bh_random_chance(random, .15))
		return;
	after_s = bh_random_between(random, 1, 3);
	if (after_s < dur_s + .6)
		after_s = dur_s + .6;
	leg_movement(making, side, at + BH_S(after_s), isolated_duration(random));
}

/* A series of periodic leg movements. */
static void series(struct bh_making *making, int64_t at)
{
	struct bh_random *random = &making->random;
	/* A third of series each: left, right, both. */
	double u = bh_random_uniform(random) * 3;
	enum bh_side side = u < 1 ? BH_SIDE_LEFT : u < 2 ? BH_SIDE_RIGHT : BH_SIDE_BOTH;
	int length = 4 + (int)bh_random_exponential(random, 12), n = 0;
	int64_t start = at, end = at;

	if (length > SERIES_MAX)
		length = SERIES_MAX;
	for (; n < length; n++) {
		double dur_s = bh_random_normal_in(random, 3.2, .9, .5, 9.5), gap_s;
		enum bh_side leg = side;

		if (side == BH_SIDE_BOTH && !bh_random_chance(random, .6))
			leg = bh_draw_side(random);
		if (!bh_in_spans(&making->asleep, at) || bh_in_spans(&making->calm, at) ||
		    !leg_movement(making, leg, at, dur_s))
			break;
		end = at + BH_S(dur_s);
		do {
			gap_s = bh_random_lognormal(random, making->person->plm_interval_s, .38);
		} while (gap_s > 89 || gap_s < dur_s + .6);
		at += BH_S(gap_s);
	}
	if (n >= 4)
		bh_add_truth(making, BH_SIM_TRUTH_PLM_SERIES, side, true, n, start, end);
}

static double asleep_hours(const struct bh_making *making)
{
	int64_t sum = 0;

	for (size_t i = 0; i < making->asleep.n; i++)
		sum += making->asleep.span[i].end_ns - making->asleep.span[i].start_ns;
	return (double)sum / (double)BH_H(1);
}

/* A moment of sleep; early ones are likelier: the density falls in a line from 1.6 to 0.4. */
static int64_t draw_asleep(struct bh_making *making, bool early)
{
	const struct bh_plan *plan = making->plan;

	for (int tries = 0; tries < 200; tries++) {
		double u = bh_random_uniform(&making->random);
		int64_t at = plan->bed_ns + (int64_t)(u * (double)(plan->rise_ns - plan->bed_ns));

		if (early && !bh_random_chance(&making->random, 1 - .75 * u))
			continue;
		if (bh_in_spans(&making->asleep, at))
			return at;
	}
	return plan->bed_ns;
}

/* Series begin where they like, also into one another, as in a real night's legs: it is that, and
 * isolated movements among them, that keeps the periodicity of the many below 1. */
static void draw_series(struct bh_making *making, double hours)
{
	double wanted = making->person->plm_index * bh_random_lognormal(&making->random, 1, .35) * hours;
	int n = bh_random_poisson(&making->random, wanted / SERIES_MEAN);

	for (int i = 0; i < n; i++)
		series(making, draw_asleep(making, true));
}

/* Lying awake before sleep: clusters with about 12 s from one to the next (Michaud 2001). */
static void draw_awake(struct bh_making *making, const struct bh_span *span, double per_h)
{
	struct bh_random *random = &making->random;
	/* Four to a cluster, which itself lasts a minute. */
	double between_s = 4 * 3600 / per_h - 60;
	int64_t at = span->start_ns;

	if (between_s < 10)
		between_s = 10;
	for (;;) {
		int n = 1 + bh_random_poisson(random, 3);

		at += BH_S(bh_random_exponential(random, between_s));
		for (int i = 0; i < n; i++) {
			double gap_s = bh_random_lognormal(random, 14, .4), dur_s;

			if (at >= span->end_ns)
				return;
			dur_s = isolated_duration(random);
			if (!bh_in_spans(&making->calm, at) || bh_random_chance(random, CALM_SHARE))
				leg_movement(making, bh_draw_side(random), at, dur_s);
			at += BH_S(gap_s < dur_s + .6 ? dur_s + .6 : gap_s);
		}
	}
}

static void large(struct bh_making *making, int64_t at)
{
	struct bh_random *random = &making->random;
	double dur_s = bh_random_lognormal(random, 5, .4);

	dur_s = dur_s < 3 ? 3 : dur_s > 20 ? 20 : dur_s;
	if (bh_in_spans(&making->calm, at) || !lying_through(making, at, at + BH_S(dur_s)))
		return;
	bh_add_truth(making, BH_SIM_TRUTH_LARGE_MOVEMENT, BH_SIDE_UNKNOWN, true, 0, at, at + BH_S(dur_s));
	bh_add_movement(making, BH_MOVE_BODY, BH_SIDE_UNKNOWN, at, BH_S(dur_s),
			bh_random_between(random, 800, 4000));
}

/* Restless: every seven seconds something, a third of it the whole body. */
static void draw_restless(struct bh_making *making, const struct bh_span *span)
{
	struct bh_random *random = &making->random;
	int64_t at = span->start_ns + BH_S(bh_random_exponential(random, 3));

	while (at < span->end_ns) {
		double dur_s = isolated_duration(random);

		if (bh_random_chance(random, .33))
			large(making, at);
		else
			leg_movement(making, bh_draw_side(random), at, dur_s);
		at += BH_S(dur_s + .6 + bh_random_exponential(random, 4));
	}
}

void bh_draw_movements(struct bh_making *making)
{
	struct bh_random *random = &making->random;
	double hours = asleep_hours(making);
	int n = bh_random_poisson(random, making->person->isolated_per_h * hours);

	for (int i = 0; i < n; i++)
		isolated(making, draw_asleep(making, false));
	n = bh_random_poisson(random, making->person->large_per_h * hours);
	for (int i = 0; i < n; i++)
		large(making, draw_asleep(making, false));
	draw_series(making, hours);
	for (size_t i = 0; i < making->before_sleep.n; i++)
		draw_awake(making, &making->before_sleep.span[i], making->person->awake_lm_per_h);
	for (size_t i = 0; i < making->sore.n; i++)
		draw_awake(making, &making->sore.span[i], 40);
	for (size_t i = 0; i < making->restless.n; i++)
		draw_restless(making, &making->restless.span[i]);
}
