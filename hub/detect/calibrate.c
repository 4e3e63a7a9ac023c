/* SPDX-License-Identifier: MIT */
#include "hub/detect/calibrate.h"

#include <string.h>

/* How long a person tries before it is refused: several times what it takes. */
#define PATIENCE_NS (15 * BH_NS_PER_MIN)
#define PATIENCE_BATH_NS (45 * BH_NS_PER_MIN)

/* ---- numbers ---- */

void bh_spread_add(struct bh_spread *spread, int64_t value)
{
	int64_t d;

	if (spread->n == 0)
		spread->base = value;
	d = value - spread->base;
	spread->n++;
	spread->sum += d;
	spread->squares += d * d;
}

int64_t bh_spread_mean(const struct bh_spread *spread)
{
	if (spread->n == 0)
		return spread->base;
	return spread->base +
	       (spread->sum + (spread->sum < 0 ? -spread->n : spread->n) / 2) / spread->n;
}

int64_t bh_spread_deviation(const struct bh_spread *spread)
{
	int64_t mean;

	if (spread->n < 2)
		return 0;
	mean = spread->sum / spread->n;
	return bh_isqrt((spread->squares - 2 * mean * spread->sum + spread->n * mean * mean) /
			spread->n);
}

/* ---- the walk ---- */

static bool fits(const struct bh_calibrate_setup *setup)
{
	struct bh_calibration_status none = { .at_ms = BH_WALL_UNKNOWN };

	return bh_calibration_health(setup->kind, setup->capabilities, &none, BH_WALL_UNKNOWN) !=
	       BH_CALIBRATION_NOT_NEEDED;
}

static enum bh_calibration_step first_step(enum bh_calibration_kind kind)
{
	switch (kind) {
	case BH_CALIBRATION_EMPTY:
		return BH_STEP_KEEP_OFF;
	case BH_CALIBRATION_PERSON:
	case BH_CALIBRATION_LEGS:
		return BH_STEP_LIE_STILL;
	case BH_CALIBRATION_THERMOMETERS:
		return BH_STEP_BATH;
	case BH_CALIBRATION_NONE:
		break;
	}
	return BH_STEP_NONE;
}

void bh_calibrate_begin(struct bh_calibrate *c, const struct bh_calibrate_setup *setup)
{
	bool body = setup->kind == BH_CALIBRATION_PERSON || setup->kind == BH_CALIBRATION_LEGS;

	memset(c, 0, sizeof(*c));
	c->setup = *setup;
	c->setup.empty = NULL; /* the caller's, copied below */
	c->began_ns = c->since_ns = c->last_ns = BH_MONO_NONE;
	c->progress.kind = setup->kind;
	c->progress.step = first_step(setup->kind);
	c->progress.running = true;
	bh_features_init(&c->maker, setup->mat);
	bh_features_give_empty(&c->maker, setup->empty);
	bh_mover_init(&c->mover, setup->mat->kind, true);
	if (!fits(setup))
		bh_calibrate_refuse(c, BH_REFUSAL_NOT_FOR_BED);
	else if (body && !setup->empty_known)
		bh_calibrate_refuse(c, BH_REFUSAL_NO_EMPTY);
}

void bh_calibrate_refuse(struct bh_calibrate *c, enum bh_refusal refusal)
{
	c->progress.running = false;
	c->progress.refusal = refusal;
	c->progress.step = BH_STEP_NONE;
}

void bh_calibrate_accept(struct bh_calibrate *c, uint16_t n_values, int64_t quality)
{
	c->n_values = n_values;
	c->quality = quality < INT32_MAX ? (int32_t)quality : INT32_MAX;
	c->progress.running = false;
	c->progress.refusal = BH_REFUSAL_NONE;
	c->progress.step = BH_STEP_NONE;
	c->progress.done_permille = 1000;
}

void bh_calibrate_again(struct bh_calibrate *c, enum bh_refusal obstacle)
{
	c->since_ns = BH_MONO_NONE;
	c->frames = 0;
	c->total = c->half[0] = c->half[1] = (struct bh_spread){ 0 };
	for (unsigned int i = 0; i < c->setup.mat->n_zones; i++)
		c->zone[i].level = (struct bh_spread){ 0 };
	c->bath[0].n = c->bath[1].n = 0;
	c->progress.done_permille = 0;
	c->progress.refusal = obstacle;
}

static void run_out(struct bh_calibrate *c)
{
	enum bh_refusal why = c->progress.refusal;

	bh_calibrate_refuse(c, why != BH_REFUSAL_NONE ? why : BH_REFUSAL_NO_READINGS);
}

void bh_calibrate_pass(struct bh_calibrate *c, int64_t now_ns)
{
	int64_t patience_ns =
		c->setup.kind == BH_CALIBRATION_THERMOMETERS ? PATIENCE_BATH_NS : PATIENCE_NS;

	if (!c->progress.running)
		return;
	if (c->began_ns == BH_MONO_NONE)
		c->began_ns = now_ns;
	if (!c->setup.patient && now_ns - c->began_ns >= patience_ns)
		run_out(c);
}

void bh_calibrate_frame(struct bh_calibrate *c, const struct bh_frame *frame, bool occupied)
{
	bool thermometers = c->setup.kind == BH_CALIBRATION_THERMOMETERS;

	bh_calibrate_pass(c, frame->mono_ns);
	if (!c->progress.running ||
	    !(frame->changed & (thermometers ? BH_PART_TEMPERATURE : BH_PART_MAT)))
		return;
	if (!thermometers && frame->mat_fault != BH_FAULT_NONE) {
		bh_features_break(&c->maker);
		bh_mover_break(&c->mover);
		bh_calibrate_again(c, BH_REFUSAL_FAULT);
		return;
	}
	switch (c->setup.kind) {
	case BH_CALIBRATION_EMPTY:
		bh_calibrate_empty(c, frame);
		break;
	case BH_CALIBRATION_PERSON:
		bh_calibrate_person(c, frame);
		break;
	case BH_CALIBRATION_LEGS:
		bh_calibrate_legs(c, frame);
		break;
	case BH_CALIBRATION_THERMOMETERS:
		bh_calibrate_bath(c, frame, occupied);
		break;
	case BH_CALIBRATION_NONE:
		break;
	}
	c->last_ns = frame->mono_ns;
}

void bh_calibrate_stop(struct bh_calibrate *c)
{
	if (c->progress.running)
		bh_calibrate_refuse(c, c->progress.refusal != BH_REFUSAL_NONE ? c->progress.refusal
									      : BH_REFUSAL_STOPPED);
}

bool bh_calibrate_is_done(const struct bh_calibrate *c)
{
	return !c->progress.running && c->n_values > 0;
}

uint16_t bh_calibrate_part(const struct bh_calibrate *c, uint16_t first, struct bh_calibration *ret)
{
	uint16_t left;

	if (!bh_calibrate_is_done(c) || first >= c->n_values)
		return 0;
	left = (uint16_t)(c->n_values - first);
	memset(ret, 0, sizeof(*ret));
	ret->kind = c->setup.kind;
	ret->cause = BH_CALIBRATED_ASKED;
	ret->bed = c->setup.bed;
	ret->version = BH_CALIBRATION_VERSION;
	ret->at_ns = c->last_ns;
	if (c->setup.kind != BH_CALIBRATION_THERMOMETERS)
		ret->mat_hash = bh_calibration_mat_hash(c->setup.mat);
	ret->quality = c->quality;
	ret->n_values = c->n_values;
	ret->first = first;
	ret->n = left < BH_CALIBRATION_PART ? left : BH_CALIBRATION_PART;
	memcpy(ret->value, &c->value[first], ret->n * sizeof(ret->value[0]));
	return (uint16_t)(first + ret->n);
}
