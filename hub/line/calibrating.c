/* SPDX-License-Identifier: MIT */
#include "hub/line/calibrating.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

/* One kind of one bed. Times of this run are kept as such: wall time may become known later. */
struct known {
	bool known;
	bool in_force;
	int32_t quality;
	int64_t at_ns, at_ms;
	int64_t followed_ns, followed_ms;
	enum bh_refusal refusal;
};

struct bed {
	struct bh_detect *detect;
	const struct bh_mat *mat;
	uint32_t capabilities;
	struct known known[BH_CALIBRATION_KINDS];
};

struct bh_calibrating {
	struct bh_sink sink;
	struct bed beds[BH_BEDS_MAX];
	struct bh_calibrate calibrate;
	bool changed;
};

int bh_calibrating_new(const struct bh_sink *sink, struct bh_calibrating **ret)
{
	struct bh_calibrating *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	c->sink = *sink;
	for (unsigned int i = 0; i < BH_BEDS_MAX; i++)
		for (unsigned int kind = 0; kind < BH_CALIBRATION_KINDS; kind++)
			c->beds[i].known[kind] = (struct known){ .at_ns = BH_MONO_NONE,
								 .at_ms = BH_WALL_UNKNOWN,
								 .followed_ns = BH_MONO_NONE,
								 .followed_ms = BH_WALL_UNKNOWN };
	*ret = c;
	return 0;
}

void bh_calibrating_free(struct bh_calibrating *calibrating)
{
	free(calibrating);
}

void bh_calibrating_bed(struct bh_calibrating *c, uint8_t bed, struct bh_detect *detect,
			const struct bh_mat *mat, uint32_t capabilities)
{
	assert(bed < BH_BEDS_MAX);
	c->beds[bed].detect = detect;
	c->beds[bed].mat = mat;
	c->beds[bed].capabilities = capabilities;
}

/* ---- what the history knows ---- */

static uint16_t values_of(const struct bed *bed, enum bh_calibration_kind kind)
{
	switch (kind) {
	case BH_CALIBRATION_EMPTY:
		return bed->mat->n_zones;
	case BH_CALIBRATION_PERSON:
		return 1;
	case BH_CALIBRATION_LEGS:
	case BH_CALIBRATION_THERMOMETERS:
		return 2;
	case BH_CALIBRATION_NONE:
		break;
	}
	return 0;
}

/* Made for this mat, in the way of today? */
static bool fits(const struct bed *bed, const struct bh_calibration *part)
{
	uint32_t hash = part->kind == BH_CALIBRATION_THERMOMETERS
				? 0
				: bh_calibration_mat_hash(bed->mat);

	return part->version == BH_CALIBRATION_VERSION && part->mat_hash == hash &&
	       part->n_values == values_of(bed, part->kind);
}

static void take_stored(void *ctx, const struct bh_stored_calibration *stored)
{
	struct bh_calibrating *c = ctx;
	struct bed *bed = &c->beds[stored->part.bed];
	struct known *known = &bed->known[stored->part.kind];

	if (stored->part.cause == BH_CALIBRATED_ASKED) {
		known->known = true;
		known->in_force = fits(bed, &stored->part);
		known->quality = stored->part.quality;
		known->at_ms = stored->at_ms;
	} else if (known->in_force && fits(bed, &stored->part)) {
		known->followed_ms = stored->at_ms;
	} else {
		return;
	}
	if (known->in_force)
		bh_detect_calibrate(bed->detect, &stored->part);
}

int bh_calibrating_load(struct bh_calibrating *c, struct bh_store *store, unsigned int n_beds,
			bool simulated)
{
	int r = 0;

	for (unsigned int i = 0; i < n_beds && r == 0; i++)
		r = bh_store_calibrations(store, (int)i, simulated, take_stored, c);
	c->changed = true;
	return r;
}

/* ---- the one under way ---- */

void bh_calibrating_cancel(struct bh_calibrating *c)
{
	c->calibrate.progress = (struct bh_calibration_progress){ 0 };
}

struct bh_calibration_progress bh_calibrating_progress(const struct bh_calibrating *c,
						       uint8_t *ret_bed)
{
	if (ret_bed)
		*ret_bed = c->calibrate.setup.bed;
	return c->calibrate.progress;
}

/* It ended just now: put its parts in force and on record, or remember why not. */
static void finish(struct bh_calibrating *c)
{
	struct bed *bed = &c->beds[c->calibrate.setup.bed];
	struct known *known = &bed->known[c->calibrate.setup.kind];
	struct bh_record record = { .kind = BH_RECORD_CALIBRATION };
	uint16_t next = 0;

	c->changed = true;
	known->refusal = c->calibrate.progress.refusal;
	if (!bh_calibrate_is_done(&c->calibrate))
		return;
	while ((next = bh_calibrate_part(&c->calibrate, next, &record.u.calibration)) > 0) {
		bh_detect_calibrate(bed->detect, &record.u.calibration);
		c->sink.put(c->sink.ctx, &record);
	}
	known->known = known->in_force = true;
	known->quality = c->calibrate.quality;
	known->at_ns = c->calibrate.last_ns;
	known->followed_ns = BH_MONO_NONE;
	known->followed_ms = BH_WALL_UNKNOWN;
}

int bh_calibrating_begin(struct bh_calibrating *c, const struct bh_calibrate_setup *wanted)
{
	struct bh_calibrate_setup setup = *wanted;
	const struct bed *bed = &c->beds[setup.bed];
	const struct known *empty = &bed->known[BH_CALIBRATION_EMPTY];

	if (c->calibrate.progress.running)
		return -EBUSY;
	setup.mat = bed->mat;
	setup.capabilities = bed->capabilities;
	setup.empty = bh_detect_empty(bed->detect);
	setup.empty_known = empty->in_force;
	setup.empty_quality = empty->quality;
	setup.body_load = bh_detect_body_load(bed->detect);
	bh_calibrate_begin(&c->calibrate, &setup);
	if (!c->calibrate.progress.running)
		finish(c);
	return 0;
}

void bh_calibrating_frame(struct bh_calibrating *c, uint8_t bed, const struct bh_frame *frame)
{
	if (!c->calibrate.progress.running || c->calibrate.setup.bed != bed)
		return;
	bh_calibrate_frame(&c->calibrate, frame,
			   bh_detect_state(c->beds[bed].detect)->occupied == BH_YES);
	if (!c->calibrate.progress.running)
		finish(c);
}

void bh_calibrating_pass(struct bh_calibrating *c, uint8_t bed, int64_t now_ns)
{
	if (!c->calibrate.progress.running || c->calibrate.setup.bed != bed)
		return;
	bh_calibrate_pass(&c->calibrate, now_ns);
	if (!c->calibrate.progress.running)
		finish(c);
}

void bh_calibrating_end(struct bh_calibrating *c)
{
	if (!c->calibrate.progress.running)
		return;
	bh_calibrate_stop(&c->calibrate);
	finish(c);
}

/* ---- what is known ---- */

void bh_calibrating_followed(struct bh_calibrating *c, const struct bh_calibration *part)
{
	c->beds[part->bed].known[part->kind].followed_ns = part->at_ns;
	c->changed = true;
}

struct bh_calibration_status bh_calibrating_status(const struct bh_calibrating *c, uint8_t bed,
						   enum bh_calibration_kind kind,
						   const struct bh_clock_anchor *anchor)
{
	const struct known *known = &c->beds[bed].known[kind];

	return (struct bh_calibration_status){
		.known = known->known,
		.in_force = known->in_force,
		.quality = known->quality,
		.refusal = known->refusal,
		.at_ms = known->at_ns != BH_MONO_NONE ? bh_wall_from_mono(anchor, known->at_ns)
						      : known->at_ms,
		.followed_ms = known->followed_ns != BH_MONO_NONE
				       ? bh_wall_from_mono(anchor, known->followed_ns)
				       : known->followed_ms,
	};
}

uint32_t bh_calibrating_capabilities(const struct bh_calibrating *c, uint8_t bed)
{
	return c->beds[bed].known[BH_CALIBRATION_THERMOMETERS].in_force ? BH_CAN_TEMP_ABSOLUTE : 0;
}

bool bh_calibrating_changed(struct bh_calibrating *c)
{
	bool changed = c->changed;

	c->changed = false;
	return changed;
}
