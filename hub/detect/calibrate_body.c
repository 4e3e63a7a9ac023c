/* SPDX-License-Identifier: MIT */
/* The sleeper: a minute of lying still; and ten ankle flexions of each leg (science.md 2.2). */
#include "hub/detect/calibrate.h"

#include <string.h>

#define STILL_NS BH_NS_PER_MIN
#define FRAMES_MIN 20
#define GAP_NS (10 * BH_NS_PER_S)
/* Above the restlessness of the empty mat by this many times: a coat on the bed is no sleeper. */
#define NOISES 10
/* A person on load cells, after the frame was taken off. */
#define BODY_GRAMS_MIN 20000
#define BODY_GRAMS_MAX 300000
/* Breathing moves the total by a few permille; turning moves a mat's by a tenth. */
#define STILL_PERMILLE 80
/* Inside the edges (science.md section 0: the outer fifth). */
#define EDGE_PERMILLE 200

/* Long enough to know the quiet level (ten seconds), then the leg. */
#define QUIET_NS (15 * BH_NS_PER_S)
/* A flexion and its return; shorter is a spike, longer a turn. */
#define FLEXION_MIN_NS (BH_NS_PER_S / 4)
#define FLEXION_MAX_NS (5 * BH_NS_PER_S)
/* Begins at twice what a movement does (movement.c), for a flexion on request is strong, and one noise
 * in some minutes must not count as one; over when it has sunk below an eighth of its own peak. */
#define ON_TIMES 12
#define OFF_TIMES 2
#define OFF_DIVISOR 8
#define CALM_NS (BH_NS_PER_S / 2)
/* Ten in one's own time; then a pause to change legs. */
#define FLEXIONS_NS (2 * BH_NS_PER_MIN)
#define CHANGE_NS (3 * BH_NS_PER_S)
/* The second largest may have this many times the energy of the second smallest. */
#define UNEQUAL_TIMES 12
#define OTHER_LEG_MAX 7
#define SIDE_SHARE_PERMILLE 650

/* @return Why there is no person lying here, or NONE. */
static enum bh_refusal who_lies(const struct bh_calibrate *c, const struct bh_features *f)
{
	bool cells = c->setup.mat->kind == BH_MAT_LOAD_CELLS;
	int64_t noise = c->setup.empty_quality > 1 ? c->setup.empty_quality : 1;

	if (f->total < NOISES * noise * bh_isqrt(c->setup.mat->n_zones) ||
	    (cells && f->total < BODY_GRAMS_MIN))
		return BH_REFUSAL_NOBODY;
	if (cells && f->total > BODY_GRAMS_MAX)
		return BH_REFUSAL_NOT_A_BODY;
	if ((c->setup.capabilities & BH_CAN_SIDE) &&
	    (f->x_permille < EDGE_PERMILLE || f->x_permille > 1000 - EDGE_PERMILLE))
		return BH_REFUSAL_NOT_LYING;
	return BH_REFUSAL_NONE;
}

/* What a frame shows. Frames faster than 10 Hz are averaged, so most of them show nothing yet. */
enum seen { SEEN_NOTHING_YET, SEEN_PERSON, SEEN_OTHER };

/* @return Whether there is a person in the numbers of the frame; if not, the stretch begins anew. */
static enum seen take_body(struct bh_calibrate *c, const struct bh_frame *frame,
			   struct bh_features *f)
{
	enum bh_refusal why = BH_REFUSAL_NONE;

	if (c->last_ns != BH_MONO_NONE && frame->mono_ns - c->last_ns > GAP_NS) {
		bh_features_break(&c->maker);
		bh_mover_break(&c->mover);
		why = BH_REFUSAL_NO_READINGS;
	}
	if (!bh_features_make(&c->maker, frame, f) && why == BH_REFUSAL_NONE)
		return SEEN_NOTHING_YET;
	if (why == BH_REFUSAL_NONE)
		why = who_lies(c, f);
	if (why == BH_REFUSAL_NONE)
		return SEEN_PERSON;
	bh_calibrate_again(c, why);
	return SEEN_OTHER;
}

void bh_calibrate_person(struct bh_calibrate *c, const struct bh_frame *frame)
{
	struct bh_features f;
	int64_t mean, off;

	if (take_body(c, frame, &f) != SEEN_PERSON)
		return;
	if (c->since_ns == BH_MONO_NONE)
		c->since_ns = frame->mono_ns;
	bh_spread_add(&c->total, f.total);
	c->frames++;
	mean = bh_spread_mean(&c->total);
	off = f.total - mean;
	if ((off < 0 ? -off : off) * 1000 > mean * STILL_PERMILLE) {
		bh_calibrate_again(c, BH_REFUSAL_MOVEMENT);
		return;
	}
	c->progress.done_permille = (int32_t)((frame->mono_ns - c->since_ns) * 1000 / STILL_NS);
	if (frame->mono_ns - c->since_ns < STILL_NS)
		return;
	if (c->frames < FRAMES_MIN) {
		bh_calibrate_again(c, BH_REFUSAL_NO_READINGS);
		return;
	}
	c->value[0] = mean;
	bh_calibrate_accept(c, 1, bh_spread_deviation(&c->total));
}

/* ---- legs ---- */

static unsigned int leg_of(const struct bh_calibrate *c)
{
	return c->progress.step == BH_STEP_FLEX_RIGHT;
}

static void begin_leg(struct bh_calibrate *c, enum bh_calibration_step step, int64_t now_ns)
{
	c->progress.step = step;
	c->progress.count = 0;
	c->other_leg = 0;
	c->step_ns = now_ns;
}

static void sort(int64_t *values, unsigned int n)
{
	for (unsigned int i = 1; i < n; i++) {
		int64_t value = values[i];
		unsigned int k = i;

		for (; k > 0 && values[k - 1] > value; k--)
			values[k] = values[k - 1];
		values[k] = value;
	}
}

/* The foot of the other side had most of it. */
static bool is_other_leg(const struct bh_calibrate *c, const struct bh_movement *m)
{
	int64_t both = m->energy_foot_half[BH_HALF_LEFT] + m->energy_foot_half[BH_HALF_RIGHT];
	enum bh_half other = leg_of(c) ? BH_HALF_LEFT : BH_HALF_RIGHT;

	return (c->setup.capabilities & BH_CAN_SIDE) && both >= 1000 &&
	       m->energy_foot_half[other] / (both / 1000) >= SIDE_SHARE_PERMILLE;
}

static void finish_leg(struct bh_calibrate *c, int64_t now_ns)
{
	int64_t *peak = c->peak[leg_of(c)];
	int64_t spread;

	sort(peak, BH_FLEXIONS);
	if (c->other_leg > OTHER_LEG_MAX) {
		bh_calibrate_refuse(c, BH_REFUSAL_OTHER_LEG);
		return;
	}
	if (peak[BH_FLEXIONS - 2] > peak[1] * UNEQUAL_TIMES) {
		bh_calibrate_refuse(c, BH_REFUSAL_UNEQUAL);
		return;
	}
	c->value[leg_of(c)] = (peak[BH_FLEXIONS / 2 - 1] + peak[BH_FLEXIONS / 2]) / 2;
	spread = (peak[BH_FLEXIONS - 2] - peak[1]) * 1000 / c->value[leg_of(c)];
	if (spread > c->quality)
		c->quality = spread < INT32_MAX ? (int32_t)spread : INT32_MAX;
	if (leg_of(c))
		bh_calibrate_accept(c, 2, c->quality);
	else
		begin_leg(c, BH_STEP_FLEX_RIGHT, now_ns);
}

static void take_flexion(struct bh_calibrate *c, const struct bh_movement *m, int64_t now_ns)
{
	int64_t length_ns = m->off_ns - m->on_ns;
	int64_t from_ns = c->step_ns + (leg_of(c) ? CHANGE_NS : 0);

	if (c->progress.step == BH_STEP_LIE_STILL || m->on_ns < from_ns ||
	    length_ns < FLEXION_MIN_NS || length_ns > FLEXION_MAX_NS || m->peak < 1)
		return;
	c->other_leg += is_other_leg(c, m);
	c->peak[leg_of(c)][c->progress.count++] = m->peak;
	c->progress.done_permille =
		(int32_t)(leg_of(c) * BH_FLEXIONS + (unsigned int)c->progress.count) * 1000 /
		(2 * BH_FLEXIONS);
	if (c->progress.count == BH_FLEXIONS)
		finish_leg(c, now_ns);
}

/* @return A burst of movement ended; it is in c->burst. */
static bool follow_burst(struct bh_calibrate *c, const struct bh_features *f)
{
	struct bh_movement *burst = &c->burst, unused;
	int64_t energy, quiet, limit;

	bh_mover_take(&c->mover, f, true, &unused);
	quiet = c->mover.quiet_level;
	if (quiet == 0 || c->mover.used == 0)
		return false;
	energy = c->mover.sum / c->mover.used;
	if (burst->peak == 0) {
		/* What is left of one flexion in the window is no second one. */
		if (energy <= ON_TIMES * quiet || !c->armed) {
			c->armed |= energy <= ON_TIMES * quiet;
			return false;
		}
		c->armed = false;
		*burst = (struct bh_movement){ .on_ns = f->mono_ns };
		c->calm_ns = BH_MONO_NONE;
	}
	if (energy > burst->peak)
		burst->peak = energy;
	for (int half = 0; half < BH_HALVES; half++)
		burst->energy_foot_half[half] += f->change_foot_half[half];
	limit = burst->peak / OFF_DIVISOR;
	if (energy > (limit > OFF_TIMES * quiet ? limit : OFF_TIMES * quiet)) {
		c->calm_ns = BH_MONO_NONE;
		return false;
	}
	if (c->calm_ns == BH_MONO_NONE)
		c->calm_ns = f->mono_ns;
	burst->off_ns = c->calm_ns;
	return f->mono_ns - c->calm_ns >= CALM_NS;
}

void bh_calibrate_legs(struct bh_calibrate *c, const struct bh_frame *frame)
{
	struct bh_features f;
	bool waiting = c->progress.step == BH_STEP_LIE_STILL;

	switch (take_body(c, frame, &f)) {
	case SEEN_NOTHING_YET:
		return;
	case SEEN_OTHER:
		begin_leg(c, BH_STEP_LIE_STILL, frame->mono_ns);
		c->burst.peak = 0;
		return;
	case SEEN_PERSON:
		break;
	}
	if (c->since_ns == BH_MONO_NONE)
		c->since_ns = frame->mono_ns;
	if (follow_burst(c, &f)) {
		take_flexion(c, &c->burst, frame->mono_ns);
		c->burst.peak = 0;
	}
	if (!c->progress.running)
		return;
	if (waiting && c->burst.peak > 0) {
		bh_calibrate_again(c, BH_REFUSAL_MOVEMENT);
	} else if (waiting && frame->mono_ns - c->since_ns >= QUIET_NS) {
		c->progress.refusal = BH_REFUSAL_NONE;
		begin_leg(c, BH_STEP_FLEX_LEFT, frame->mono_ns);
	} else if (!waiting && frame->mono_ns - c->step_ns >= FLEXIONS_NS) {
		bh_calibrate_refuse(c, BH_REFUSAL_TOO_FEW);
	}
}
