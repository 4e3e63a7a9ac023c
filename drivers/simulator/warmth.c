/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/warmth.h"

#include "drivers/simulator/night.h"

#include <string.h>

/* Time constants of science.md section 6. */
#define SKIN_WARMS_S (35 * 60.0)
#define SKIN_COOLS_S (8 * 60.0)
#define HANGING_COOLS_S (12 * 60.0)
#define WALKING_S (20 * 60.0)
#define ROOM_S (2 * 3600.0)
#define SENSOR_ON_SKIN_S 90.0
#define SENSOR_IN_BED_S (5 * 60.0)
#define STEP_S 30.0
/* Uncovered or hung, a foot falls by two to four degrees before it steadies. */
#define UNCOVERED_FALL 3.5
#define HANGING_FALL 3.0
#define ROOM_MEAN 18.5
#define PLATEAU_MEAN 33.5
#define AWAKE_SKIN 30.5
#define MORNING_FALL 0.4
/* Readings come in sixteenths of a degree, as from a DS18B20 or LM75. */
#define STEPS_PER_DEGREE 16
/* Readings whose checksum is wrong on the wire. */
#define WIRE_ERRORS 0.002

static double approach(double from, double to, double time_constant_s)
{
	return from + (to - from) * (1 - bh_exp(-STEP_S / time_constant_s));
}

void bh_sim_warmth_init(struct bh_warmth *warmth, const struct bh_person *person, uint64_t seed)
{
	memset(warmth, 0, sizeof(*warmth));
	warmth->person = person;
	bh_random_start(&warmth->random, seed, BH_STREAM_WARMTH, person->sleeper, person->confounders);
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		warmth->offset[i] = bh_random_normal(&warmth->random, 0, .07);
	for (int i = 0; i < BH_TEMP_SLOTS; i++) /* a tenth of a degree a year */
		warmth->drift[i] = bh_random_normal(&warmth->random, 0, .1 / 365);
	warmth->room = ROOM_MEAN;
	warmth->skin[0] = warmth->skin[1] = AWAKE_SKIN;
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		warmth->sensor[i] = ROOM_MEAN;
}

void bh_warmth_draw(const struct bh_person *person, int nights, struct bh_plan *plan,
		    struct bh_warmth_tonight *ret)
{
	double spread = person->sleeper == BH_SLEEPER_LEG_HANGING ? .55 : .29;
	struct bh_random random;
	int64_t from;

	bh_random_start(&random, person->key, BH_STREAM_WARMTH, (uint64_t)plan->night, 0);
	ret->room = bh_random_normal_in(&random, ROOM_MEAN, 2, 13, 27);
	ret->plateau = PLATEAU_MEAN + person->warmer_degc + bh_random_normal_in(&random, 0, .8, -2, 2);
	ret->asymmetry = person->asymmetry_degc + bh_random_normal(&random, 0, spread);
	from = plan->bed_ns + BH_MIN(bh_random_between(&random, 30, 300));
	ret->detached = (struct bh_gap){ from, from };
	ret->detached_side = bh_draw_side(&random);
	if ((person->confounders & BH_CONFOUNDER_DETACHED) && bh_random_chance(&random, .3)) {
		ret->detached.end_ns = plan->rise_ns;
		bh_plan_add_fault(plan, ret->detached_side, BH_FAULT_DETACHED, from, plan->rise_ns);
	}
	ret->swapped = (person->confounders & BH_CONFOUNDER_SWAPPED) && plan->night >= nights / 2;
	if (ret->swapped)
		bh_plan_add_fault(plan, BH_SIDE_BOTH, BH_FAULT_SWAPPED, plan->start_ns, plan->end_ns);
}

/* The skin of one leg after another step; leg 0 is the left. */
static double skin_next(const struct bh_warmth *warmth, const struct bh_plan *plan,
			const struct bh_phase *phase, int64_t now_ns, int leg)
{
	double plateau = warmth->tonight.plateau + (leg == 0 ? .5 : -.5) * warmth->tonight.asymmetry;
	double skin = warmth->skin[leg], least = warmth->room + 2;
	bool painful = warmth->person->pain_side == (leg == 0 ? BH_SIDE_LEFT : BH_SIDE_RIGHT);

	if (now_ns - plan->start_ns > BH_H(16)) /* after four in the morning */
		plateau -= MORNING_FALL;
	switch (phase->body) {
	case BH_BODY_OUT:
		return approach(skin, AWAKE_SKIN, WALKING_S);
	case BH_BODY_SITTING:
		plateau -= HANGING_FALL;
		skin = approach(skin, plateau > least ? plateau : least, HANGING_COOLS_S);
		return painful ? skin + warmth->person->cooling_less * STEP_S / 600 : skin;
	case BH_BODY_LYING:
		break;
	}
	if (now_ns >= plan->uncovered.start_ns && now_ns < plan->uncovered.end_ns) {
		plateau -= UNCOVERED_FALL;
		return approach(skin, plateau > least ? plateau : least, SKIN_COOLS_S);
	}
	return approach(skin, plateau, SKIN_WARMS_S);
}

static void read_slot(struct bh_warmth *warmth, int source, int64_t now_ns,
		      struct bh_temperature *temp)
{
	double degc = warmth->sensor[source] + warmth->offset[source] +
		      warmth->drift[source] * (double)now_ns / (double)BH_H(24) +
		      bh_random_normal(&warmth->random, 0, .06);

	if (bh_random_chance(&warmth->random, WIRE_ERRORS))
		return;
	temp->mono_ns = now_ns;
	/* A chip that lost its power says 85.0 once; its driver knows that for what it is. */
	if (temp->fault == BH_FAULT_GONE) {
		temp->fault = BH_FAULT_OUT_OF_RANGE;
		return;
	}
	temp->fault = BH_FAULT_NONE;
	temp->mdegc = (int32_t)(degc * STEPS_PER_DEGREE + .5) * 1000 / STEPS_PER_DEGREE;
}

void bh_warmth_step(struct bh_warmth *warmth, const struct bh_plan *plan, const struct bh_phase *phase,
		    int64_t now_ns, struct bh_temperature temp[BH_TEMP_SLOTS])
{
	bool worn = phase->body != BH_BODY_OUT;
	bool loose = now_ns >= warmth->tonight.detached.start_ns && now_ns < warmth->tonight.detached.end_ns;

	warmth->room = approach(warmth->room, warmth->tonight.room, ROOM_S);
	for (int leg = 0; leg < 2; leg++) {
		enum bh_side side = leg == 0 ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
		bool off = !worn || (loose && warmth->tonight.detached_side == side);
		double *sensor = &warmth->sensor[BH_TEMP_LEFT + leg];

		warmth->skin[leg] = skin_next(warmth, plan, phase, now_ns, leg);
		*sensor = approach(*sensor, off ? warmth->room : warmth->skin[leg],
				   off ? SENSOR_IN_BED_S : SENSOR_ON_SKIN_S);
	}
	warmth->sensor[BH_TEMP_ROOM] = approach(warmth->sensor[BH_TEMP_ROOM], warmth->room,
						SENSOR_IN_BED_S);
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++) {
		int source = slot;

		if (warmth->tonight.swapped && slot != BH_TEMP_ROOM)
			source = slot == BH_TEMP_LEFT ? BH_TEMP_RIGHT : BH_TEMP_LEFT;
		read_slot(warmth, source, now_ns, &temp[slot]);
	}
}
