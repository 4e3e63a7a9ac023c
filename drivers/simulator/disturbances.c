/* SPDX-License-Identifier: MIT */
/* What else happens in and around the bed: the confounders of science.md section 6. */
#include "drivers/simulator/night.h"

static bool has(const struct bh_making *making, enum bh_confounder confounder)
{
	return making->person->confounders & (uint32_t)confounder;
}

static int64_t any_time(struct bh_making *making)
{
	const struct bh_plan *plan = making->plan;

	return plan->bed_ns + (int64_t)(bh_random_uniform(&making->disturbance) *
					(double)(plan->rise_ns - plan->bed_ns));
}

/* Someone beside who moves as often as any sleeper; six times a night it wakes the sleeper, who
 * then moves within the minute (Walters). */
static void draw_partner(struct bh_making *making)
{
	struct bh_random *random = &making->disturbance;
	double hours = (double)(making->plan->rise_ns - making->plan->bed_ns) / (double)BH_H(1);
	int n = bh_random_poisson(random, 4 * hours);

	for (int i = 0; i < n; i++) {
		int64_t at = any_time(making), dur = BH_S(bh_random_between(random, 1, 6));

		bh_add_truth(making, BH_SIM_TRUTH_PARTNER_MOVEMENT, BH_SIDE_UNKNOWN, true, 0, at, at + dur);
		bh_add_movement(making, BH_MOVE_PARTNER, BH_SIDE_UNKNOWN, at, dur,
				bh_random_lognormal(random, 60, .6));
		if (!bh_random_chance(random, .2))
			continue;
		at += BH_S(bh_random_between(random, 2, 60));
		dur = BH_S(bh_random_between(random, 1, 5));
		if (bh_phase_at(making->plan, at)->body == BH_BODY_LYING &&
		    bh_phase_at(making->plan, at + dur)->body == BH_BODY_LYING)
			bh_add_leg_movement(making, random, bh_draw_side(random), at, dur);
	}
}

/* A cat of 3 to 8 kg: jumps up, walks, lies for a while, leaves. */
static void draw_pet(struct bh_making *making)
{
	struct bh_random *random = &making->disturbance;
	int n = (int)(bh_random_uniform(random) * 4);
	double kg = bh_random_between(random, 3, 8);

	for (int i = 0; i < n; i++) {
		int64_t start = any_time(making), at = start;
		int steps = 2 + bh_random_poisson(random, 3);

		for (int j = 0; j < steps; j++) {
			int64_t dur = BH_S(bh_random_between(random, 1, 4));

			bh_add_movement(making, BH_MOVE_PET, BH_SIDE_UNKNOWN, at, dur, kg * 1000);
			at += dur;
		}
		if (bh_random_chance(random, .6)) {
			int64_t dur = BH_MIN(bh_random_between(random, 3, 40));

			bh_add_movement(making, BH_MOVE_PET, BH_SIDE_UNKNOWN, at, dur, kg * 1000);
			at += dur;
		}
		bh_add_truth(making, BH_SIM_TRUTH_PET, BH_SIDE_UNKNOWN, true, (int32_t)(kg * 1000), start, at);
	}
}

/* Four bouts of twenty pauses in breathing, each ended by a movement (Manconi 2014: 4, 24, 42 s). */
static void draw_breathing(struct bh_making *making)
{
	struct bh_random *random = &making->disturbance;

	for (int bout = 0; bout < 4; bout++) {
		int64_t start = any_time(making), at = start;
		int n = 0;

		for (; n < 20 && bh_in_spans(&making->asleep, at); n++) {
			int64_t dur = BH_S(bh_random_normal_in(random, 3, .8, 1, 8));

			if (bh_phase_at(making->plan, at + dur)->body != BH_BODY_LYING)
				break;
			bh_add_leg_movement(making, random, BH_SIDE_BOTH, at, dur);
			at += BH_S(bh_random_lognormal(random, 38, .3));
		}
		if (n > 0)
			bh_add_truth(making, BH_SIM_TRUTH_BREATHING_BOUT, BH_SIDE_UNKNOWN, true, n, start, at);
	}
}

static void add_gap(struct bh_making *making, int64_t start_ns, int64_t end_ns)
{
	struct bh_plan *plan = making->plan;

	plan->gap[plan->n_gaps++] = (struct bh_gap){ start_ns, end_ns };
	bh_add_truth(making, BH_SIM_TRUTH_DATA_GAP, BH_SIDE_UNKNOWN, true, 0, start_ns, end_ns);
}

/* By minutes either way: a clock that was slow, or one that was fast. */
static void step_clock(struct bh_making *making, int64_t at_ns, double minutes)
{
	struct bh_random random;
	int64_t step_ms = BH_MIN(minutes) / BH_NS_PER_MS;

	bh_random_start(&random, making->person->key, BH_STREAM_CLOCK, 0, 0);
	if (bh_random_chance(&random, .5))
		step_ms = -step_ms;
	at_ns -= at_ns % BH_NS_PER_MS; /* clocks are told in milliseconds */
	bh_add_truth(making, BH_SIM_TRUTH_CLOCK_STEP, BH_SIDE_UNKNOWN, true, (int32_t)step_ms, at_ns,
		     at_ns);
}

void bh_draw_disturbances(struct bh_making *making, int nights)
{
	struct bh_random *random = &making->disturbance;
	int night = making->plan->night;
	int64_t at;

	if (has(making, BH_CONFOUNDER_PARTNER))
		draw_partner(making);
	if (has(making, BH_CONFOUNDER_PET))
		draw_pet(making);
	if (has(making, BH_CONFOUNDER_BREATHING))
		draw_breathing(making);
	at = any_time(making);
	if (has(making, BH_CONFOUNDER_CLOCK_STEP) && night == nights / 2)
		step_clock(making, at, bh_random_between(random, 2, 90));
	if (has(making, BH_CONFOUNDER_LOST_NIGHTS) && bh_random_chance(random, .3))
		add_gap(making, making->plan->start_ns, making->plan->end_ns);
	else if (has(making, BH_CONFOUNDER_POWER_CUT) && night == nights / 3)
		add_gap(making, at, at + BH_MIN(bh_random_between(random, 5, 90)));
}
