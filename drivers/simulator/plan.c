/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/plan.h"

#include "drivers/simulator/answers.h"
#include "drivers/simulator/night.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Physics of the night's noon: the day a clock changes has 23 or 25 hours. */
static int64_t noon_of(const struct bh_person *person, int night)
{
	int64_t noon = (int64_t)night * BH_H(24);

	if (person->change_night >= 0 && night > person->change_night)
		noon += person->change_h * BH_H(1);
	return noon;
}

/* Over a third of leg movements move muscles but not the mattress: 35 to 39 percent (Terrill 2013). */
#define LOST_SHARE 0.37

void bh_add_span(struct bh_spans *spans, int64_t start_ns, int64_t end_ns)
{
	if (end_ns <= start_ns || spans->n == BH_SPANS_MAX)
		return;
	spans->span[spans->n++] = (struct bh_span){ start_ns, end_ns };
}

bool bh_in_spans(const struct bh_spans *spans, int64_t ns)
{
	for (size_t i = 0; i < spans->n; i++) {
		if (ns >= spans->span[i].start_ns && ns < spans->span[i].end_ns)
			return true;
	}
	return false;
}

void bh_add_truth(struct bh_making *making, enum bh_sim_truth_kind kind, enum bh_side side, bool mech,
		  int32_t value, int64_t start_ns, int64_t end_ns)
{
	struct bh_plan *plan = making->plan;

	assert(end_ns >= start_ns);
	assert(plan->n_truths < BH_TRUTHS_MAX);
	plan->truth[plan->n_truths++] = (struct bh_sim_truth){
		.kind = kind, .mech = mech, .side = side, .value = value,
		.start_ns = start_ns, .end_ns = end_ns,
	};
}

void bh_add_phase(struct bh_making *making, const struct bh_phase *phase)
{
	struct bh_plan *plan = making->plan;

	assert(plan->n_phases < BH_PHASES_MAX);
	assert(plan->n_phases == 0 || phase->start_ns >= plan->phase[plan->n_phases - 1].start_ns);
	plan->phase[plan->n_phases] = *phase;
	plan->phase[plan->n_phases].shape = (uint32_t)bh_random_bits(&making->random);
	plan->n_phases++;
}

void bh_add_movement(struct bh_making *making, enum bh_move kind, enum bh_side side, int64_t start_ns,
		     int64_t dur_ns, double force_g)
{
	struct bh_plan *plan = making->plan;

	assert(plan->n_movements < BH_MOVEMENTS_MAX);
	plan->movement[plan->n_movements] = (struct bh_movement){
		.start_ns = start_ns, .end_ns = start_ns + dur_ns, .kind = kind, .side = side,
		.force_g = (int32_t)force_g,
		.shape = (uint32_t)(plan->n_movements * 2654435761u) ^ (uint32_t)(start_ns / 1000000),
	};
	plan->n_movements++;
}

const struct bh_phase *bh_phase_at(const struct bh_plan *plan, int64_t ns)
{
	const struct bh_phase *phase = &plan->phase[0];

	for (size_t i = 1; i < plan->n_phases && plan->phase[i].start_ns <= ns; i++)
		phase = &plan->phase[i];
	return phase;
}

enum bh_side bh_draw_side(struct bh_random *random)
{
	return bh_random_chance(random, .5) ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
}

void bh_add_leg_movement(struct bh_making *making, struct bh_random *random, enum bh_side side,
			 int64_t start_ns, int64_t dur_ns)
{
	bool mech = !bh_random_chance(random, LOST_SHARE);
	/* 0.2 to 3 N at the mattress (section 6). */
	double force = bh_random_lognormal(random, 90, .6);

	force = force < 20 ? 20 : force > 300 ? 300 : force;
	bh_add_truth(making, BH_SIM_TRUTH_LEG_MOVEMENT, side, mech, (int32_t)force, start_ns,
		     start_ns + dur_ns);
	if (mech)
		bh_add_movement(making, BH_MOVE_LEG, side, start_ns, dur_ns, force);
}

static int by_start(const void *a, const void *b)
{
	const struct bh_sim_truth *x = a, *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->end_ns != y->end_ns)
		return x->end_ns < y->end_ns ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	return x->value < y->value ? -1 : x->value > y->value;
}

static int movement_by_start(const void *a, const void *b)
{
	const struct bh_movement *x = a, *y = b;

	if (x->start_ns != y->start_ns)
		return x->start_ns < y->start_ns ? -1 : 1;
	return x->shape < y->shape ? -1 : x->shape > y->shape;
}

void bh_plan_sort(struct bh_plan *plan)
{
	qsort(plan->truth, plan->n_truths, sizeof(plan->truth[0]), by_start);
	qsort(plan->movement, plan->n_movements, sizeof(plan->movement[0]), movement_by_start);
}

void bh_plan_add_fault(struct bh_plan *plan, enum bh_side side, enum bh_fault fault, int64_t start_ns,
		       int64_t end_ns)
{
	assert(plan->n_truths < BH_TRUTHS_MAX);
	plan->truth[plan->n_truths++] = (struct bh_sim_truth){
		.kind = BH_SIM_TRUTH_SENSOR_FAULT, .mech = true, .side = side, .value = (int32_t)fault,
		.start_ns = start_ns, .end_ns = end_ns,
	};
}

/* Rates that are not the same every night. */
static void draw_tonight(struct bh_making *making, int night)
{
	const struct bh_person *person = making->person;
	/* More cramps in summer than in winter, by a third around the mean (Garrison 2015). */
	double day = (double)((person->first_day + night) % 365);
	double season = 1 + bh_sin((day - 105) * 6.28318530717958647693 / 365) / 3;

	making->jolt_rate = person->jolt_rate * season;
	if (person->sleeper == BH_SLEEPER_DEHYDRATION)
		making->jolt_rate *= bh_low_fluid_day(person, night) ? 1.6 : .5;
	making->restless_rate = person->restless_rate;
	if (person->sleeper == BH_SLEEPER_VENOUS) /* the same on average: four days of ten are such */
		making->restless_rate *= bh_standing_day(person, night) ? 1.5 : .67;
	if (person->sleeper == BH_SLEEPER_MEDICATION && night >= person->since_night)
		making->jolt_rate *= 2.2;
}

/* Hot feet come out of the blanket some time after falling asleep, for hours. */
static void draw_uncovering(struct bh_making *making)
{
	struct bh_plan *plan = making->plan;
	bool tonight = bh_random_chance(&making->random, making->person->uncover_chance);
	int64_t from = plan->bed_ns + BH_MIN(bh_random_between(&making->random, 60, 150));
	int64_t to = from + BH_MIN(bh_random_between(&making->random, 60, 240));

	if (to > plan->rise_ns)
		to = plan->rise_ns;
	plan->uncovered = (struct bh_gap){ from, tonight ? to : from };
	if (tonight)
		bh_add_truth(making, BH_SIM_TRUTH_UNCOVER, BH_SIDE_BOTH, true, 0, from, to);
}

void bh_plan_night(const struct bh_person *person, int night, int nights, struct bh_plan *ret)
{
	struct bh_making making = { .person = person, .plan = ret };

	ret->night = night;
	ret->start_ns = noon_of(person, night);
	ret->end_ns = noon_of(person, night + 1);
	ret->n_phases = ret->n_movements = ret->n_truths = ret->n_gaps = 0;
	bh_random_start(&making.random, person->key, BH_STREAM_NIGHT, (uint64_t)night, 0);
	bh_random_start(&making.disturbance, person->key, BH_STREAM_CONFOUNDER, (uint64_t)night,
			person->confounders);
	draw_tonight(&making, night);
	ret->bed_ns = ret->start_ns +
		      BH_S(person->bedtime_s + bh_random_normal_in(&making.random, 0, 1200, -3600, 3600));
	ret->rise_ns = ret->bed_ns + BH_S(person->in_bed_s +
					  bh_random_normal_in(&making.random, 0, 1800, -3600, 3600));
	bh_draw_breaks(&making);
	bh_lay_out(&making);
	bh_draw_movements(&making);
	draw_uncovering(&making);
	bh_draw_disturbances(&making, nights);
	bh_tell(&making);
	bh_plan_sort(ret);
}
