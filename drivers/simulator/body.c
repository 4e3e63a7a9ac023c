/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/body.h"

#include <assert.h>

/* Shares of body weight. */
#define HEAD_SHARE 0.081
#define TRUNK_SHARE 0.497
#define ARM_SHARE 0.050
#define THIGH_SHARE 0.100
#define CALF_SHARE 0.061 /* with the foot */
/* Lengths as shares of height. */
#define HEAD_AT 0.42 /* middle of the head above the hip */
#define CHEST_AT 0.26
#define THIGH_LENGTH 0.245
#define SHANK_LENGTH 0.246
/* On its side the lower leg carries part of the upper one. */
#define LOWER_LEG_LOAD 1.2
#define DEGREE (3.14159265358979323846 / 180)

struct posing {
	const struct bh_person *person;
	struct bh_pose *pose;
	struct bh_random random;
	double x, y, sin, cos; /* the hip on the bed, the turn of the body's axis */
	double mirror;	       /* -1: lying on the right side, prone with the head to the other side */
};

static double bh_cos(double x)
{
	return bh_sin(x + 90 * DEGREE);
}

/* u to the sleeper's right, v from the hip towards the feet, in the body's own frame. */
static void put(struct posing *at, enum bh_segment segment, double u, double v, double radius,
		double share)
{
	struct bh_pose *pose = at->pose;

	assert(pose->n < BH_PATCHES_MAX);
	u *= at->mirror;
	pose->patch[pose->n++] = (struct bh_patch){
		.x = at->x + u * at->cos - v * at->sin,
		.y = at->y + u * at->sin + v * at->cos,
		.radius = radius,
		.weight = share * at->person->mass_kg * 1000,
		.segment = segment,
	};
}

static double between(struct posing *at, double low, double high)
{
	return bh_random_between(&at->random, low, high);
}

/* Which leg is on the side -1 (left) or +1 (right) of the body; on the right side of the body the
 * picture is mirrored. */
static enum bh_segment thigh(const struct posing *at, int side)
{
	return side * at->mirror < 0 ? BH_SEGMENT_THIGH_LEFT : BH_SEGMENT_THIGH_RIGHT;
}

static enum bh_segment calf(const struct posing *at, int side)
{
	return side * at->mirror < 0 ? BH_SEGMENT_CALF_LEFT : BH_SEGMENT_CALF_RIGHT;
}

/* A leg from hip over knee to heel; angles from the body's axis, positive to the right. */
struct leg {
	int side;
	double hip_u, hip_v;
	double thigh_angle, shank_angle;
	double load;	  /* how much of its own weight it bears on the mattress */
	double heel_load; /* how much of the calf's weight stands on the heel */
};

static void put_leg(struct posing *at, const struct leg *leg)
{
	double h = at->person->height_m;
	double knee_u = leg->hip_u + THIGH_LENGTH * h * bh_sin(leg->thigh_angle);
	double knee_v = leg->hip_v + THIGH_LENGTH * h * bh_cos(leg->thigh_angle);
	double heel_u = knee_u + SHANK_LENGTH * h * bh_sin(leg->shank_angle);
	double heel_v = knee_v + SHANK_LENGTH * h * bh_cos(leg->shank_angle);
	double thigh_share = THIGH_SHARE * leg->load, calf_share = CALF_SHARE * leg->load;

	for (int i = 0; i < 3; i++) {
		static const double along[] = { .2, .5, .85 }, part[] = { .45, .35, .2 };

		put(at, thigh(at, leg->side), leg->hip_u + along[i] * (knee_u - leg->hip_u),
		    leg->hip_v + along[i] * (knee_v - leg->hip_v), .055, thigh_share * part[i]);
	}
	for (int i = 0; i < 2; i++) {
		static const double along[] = { .25, .55 };

		put(at, calf(at, leg->side), knee_u + along[i] * (heel_u - knee_u),
		    knee_v + along[i] * (heel_v - knee_v), .04,
		    calf_share * (1 - leg->heel_load) / 2);
	}
	put(at, calf(at, leg->side), heel_u, heel_v, .028, calf_share * leg->heel_load);
}

static void put_supine(struct posing *at)
{
	double h = at->person->height_m;

	put(at, BH_SEGMENT_HEAD, between(at, -.05, .05), -HEAD_AT * h, .07, HEAD_SHARE);
	for (int side = -1; side <= 1; side += 2) {
		double spread = between(at, 0, .14), reach = between(at, .02, .14);
		bool up = bh_random_chance(&at->random, .15), bent = bh_random_chance(&at->random, .12);
		bool on_belly = bh_random_chance(&at->random, .3);

		put(at, BH_SEGMENT_TRUNK, side * .07, -CHEST_AT * h, .07, .100);
		put(at, BH_SEGMENT_TRUNK, side * .06, 0, .07, .1285);
		put(at, BH_SEGMENT_ARMS, side * .19, -.22 * h, .045, ARM_SHARE * .55);
		put(at, BH_SEGMENT_ARMS, on_belly ? side * .05 : side * (.19 + reach),
		    up ? -.38 * h : -.08 * h, .05, ARM_SHARE * .45);
		double shank = bent ? -side * between(at, .8, 1.4) : side * spread * 1.2;

		put_leg(at, &(struct leg){ .side = side, .hip_u = side * .08, .hip_v = .02 * h,
					   .thigh_angle = side * spread * (bent ? 5 : 1),
					   .shank_angle = shank, .load = 1,
					   .heel_load = between(at, .4, .65) });
	}
	put(at, BH_SEGMENT_TRUNK, 0, -.14 * h, .08, .04);
}

/* On the left side; mirrored for the right. Forward is to the left. */
static void put_on_side(struct posing *at)
{
	double h = at->person->height_m, roll = between(at, -.06, .06), hip = between(at, 10, 70);
	double reach = between(at, -.26, -.10), raised = between(at, .20, .38);
	double over = between(at, -.22, .02), lowered = between(at, .08, .26);

	put(at, BH_SEGMENT_HEAD, between(at, -.06, .01), -HEAD_AT * h, .06, HEAD_SHARE);
	put(at, BH_SEGMENT_TRUNK, roll, -(CHEST_AT + .01) * h, .06, .19);
	put(at, BH_SEGMENT_TRUNK, roll * .6, -.15 * h, .065, .10);
	put(at, BH_SEGMENT_TRUNK, 0, 0, .06, .207);
	put(at, BH_SEGMENT_ARMS, reach, -raised * h, .05, ARM_SHARE);
	put(at, BH_SEGMENT_ARMS, over, -lowered * h, .06, ARM_SHARE);
	for (int side = -1; side <= 1; side += 2) {
		bool lower = side < 0;
		double flex = hip + (lower ? 0 : between(at, -20, 30)), knee;

		flex = flex < 0 ? 0 : flex > 95 ? 95 : flex;
		knee = flex + between(at, 5, 45);
		put_leg(at, &(struct leg){ .side = side, .hip_u = roll * .3, .hip_v = .03 * h,
					   .thigh_angle = -flex * DEGREE,
					   .shank_angle = (knee - flex) * DEGREE,
					   .load = lower ? LOWER_LEG_LOAD : 2 - LOWER_LEG_LOAD,
					   .heel_load = between(at, .2, .4) });
	}
}

static void put_prone(struct posing *at)
{
	double h = at->person->height_m;
	bool frog = bh_random_chance(&at->random, .35);

	put(at, BH_SEGMENT_HEAD, between(at, .0, .06), -(HEAD_AT + .01) * h, .06, HEAD_SHARE);
	put(at, BH_SEGMENT_TRUNK, 0, -.10 * h, .085, .117);
	for (int side = -1; side <= 1; side += 2) {
		double spread = between(at, 0, .16), aside = between(at, .16, .30);
		double raised = between(at, .22, .46), abducted = between(at, .5, 1.1);
		double bent = between(at, .0, .5);
		bool out = frog && side > 0;

		put(at, BH_SEGMENT_TRUNK, side * .06, -.24 * h, .075, .12);
		put(at, BH_SEGMENT_TRUNK, side * .05, .01 * h, .05, .07);
		put(at, BH_SEGMENT_ARMS, side * aside, -raised * h, .05, ARM_SHARE);
		put_leg(at, &(struct leg){ .side = side, .hip_u = side * .07, .hip_v = .03 * h,
					   .thigh_angle = side * (out ? abducted : spread),
					   .shank_angle = out ? -side * bent : side * spread,
					   .load = 1, .heel_load = between(at, .35, .6) });
	}
}

static void lie(struct posing *at, const struct bh_phase *phase)
{
	double turn = bh_random_normal_in(&at->random, 0, 5, -12, 12) * DEGREE;

	at->x = bh_random_normal_in(&at->random, BH_BED_WIDTH_M / 2, .06, .33, BH_BED_WIDTH_M - .33);
	at->y = bh_random_normal_in(&at->random, .95, .04, .85, 1.05);
	if (phase->leg_out != BH_SIDE_UNKNOWN) /* near the edge the leg goes over */
		at->x = phase->leg_out == BH_SIDE_LEFT ? .27 : BH_BED_WIDTH_M - .27;
	at->sin = bh_sin(turn);
	at->cos = bh_cos(turn);
	switch (phase->position) {
	case BH_POSITION_LEFT:
	case BH_POSITION_RIGHT:
		at->mirror = phase->position == BH_POSITION_RIGHT ? -1 : 1;
		at->x += .06 * at->mirror; /* the back keeps to the other side of the bed */
		put_on_side(at);
		break;
	case BH_POSITION_PRONE:
		at->mirror = bh_random_chance(&at->random, .5) ? -1 : 1;
		put_prone(at);
		break;
	case BH_POSITION_UNKNOWN:
	case BH_POSITION_EMPTY:
	case BH_POSITION_SUPINE:
	case BH_POSITION_LYING:
	case BH_POSITION_SITTING_ON_EDGE:
	case BH_POSITION_LEGS_OVER_EDGE:
	case BH_POSITION_END:
		put_supine(at);
		break;
	}
}

/* The leg that hangs over the edge: its calf bears on nothing, its thigh lies at the edge. */
static void hang(struct bh_pose *pose, enum bh_side leg)
{
	enum bh_segment thigh_of = leg == BH_SIDE_LEFT ? BH_SEGMENT_THIGH_LEFT : BH_SEGMENT_THIGH_RIGHT;
	enum bh_segment calf_of = leg == BH_SIDE_LEFT ? BH_SEGMENT_CALF_LEFT : BH_SEGMENT_CALF_RIGHT;
	double edge_x = leg == BH_SIDE_LEFT ? .06 : BH_BED_WIDTH_M - .06;

	for (size_t i = 0; i < pose->n; i++) {
		struct bh_patch *patch = &pose->patch[i];

		if (patch->segment == calf_of)
			patch->weight = 0;
		else if (patch->segment == thigh_of)
			patch->x += .6 * (edge_x - patch->x);
	}
}

/* Seated: with the feet on the floor it carries 12 to 25 percent; legs that hang free almost none. */
static void sit(struct posing *at, const struct bh_phase *phase)
{
	double share = phase->legs_hang ? between(at, .95, 1) : between(at, .75, .88);
	double seat_m = between(at, .11, .15), reach = .04;

	at->x = phase->side == BH_SIDE_LEFT ? seat_m : BH_BED_WIDTH_M - seat_m;
	at->y = bh_random_normal_in(&at->random, .90, .10, .65, 1.08);
	at->sin = 0;
	at->cos = 1;
	at->mirror = phase->side == BH_SIDE_LEFT ? 1 : -1;
	for (int side = -1; side <= 1; side += 2) {
		put(at, BH_SEGMENT_TRUNK, 0, side * .085, .055, share * .36);
		put(at, side < 0 ? BH_SEGMENT_THIGH_LEFT : BH_SEGMENT_THIGH_RIGHT, -seat_m + reach,
		    side * .1, .04, share * .11);
		put(at, BH_SEGMENT_ARMS, .02, side * .18, .03, share * .03);
	}
}

void bh_pose_draw(const struct bh_person *person, const struct bh_phase *phase, struct bh_pose *ret)
{
	struct posing at = { .person = person, .pose = ret, .mirror = 1, .cos = 1 };

	ret->n = 0;
	bh_random_start(&at.random, person->key, BH_STREAM_SHAPE, phase->shape, 0);
	switch (phase->body) {
	case BH_BODY_OUT:
		break;
	case BH_BODY_LYING:
		lie(&at, phase);
		if (phase->leg_out != BH_SIDE_UNKNOWN)
			hang(ret, phase->leg_out);
		break;
	case BH_BODY_SITTING:
		sit(&at, phase);
		break;
	}
}
