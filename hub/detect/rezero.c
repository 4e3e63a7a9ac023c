/* SPDX-License-Identifier: MIT */
#include "hub/detect/rezero.h"

#include <string.h>

/* A fiftieth of the body load: a tenth of what tells an empty bed from an occupied one. */
#define FAR_DIVISOR 50
#define EVERY_NS BH_NS_PER_H

void bh_rezero_init(struct bh_rezero *rezero, const struct bh_mat *mat, uint8_t bed)
{
	memset(rezero, 0, sizeof(*rezero));
	rezero->mat = mat;
	rezero->bed = bed;
	rezero->noted_ns = BH_MONO_NONE;
}

void bh_rezero_noted(struct bh_rezero *rezero, const int32_t *empty, int32_t quality)
{
	memcpy(rezero->noted, empty, rezero->mat->n_zones * sizeof(*empty));
	rezero->quality = quality;
}

static void put(const struct bh_rezero *rezero, const int32_t *empty,
		enum bh_calibration_cause cause, int64_t now_ns, const struct bh_sink *sink)
{
	unsigned int n = rezero->mat->n_zones;

	for (unsigned int first = 0; first < n; first += BH_CALIBRATION_PART) {
		struct bh_record record = { .kind = BH_RECORD_CALIBRATION };
		struct bh_calibration *part = &record.u.calibration;

		part->kind = BH_CALIBRATION_EMPTY;
		part->cause = cause;
		part->bed = rezero->bed;
		part->version = BH_CALIBRATION_VERSION;
		part->at_ns = now_ns;
		part->mat_hash = bh_calibration_mat_hash(rezero->mat);
		part->quality = rezero->quality;
		part->n_values = (uint16_t)n;
		part->first = (uint16_t)first;
		for (unsigned int i = first; i < n && part->n < BH_CALIBRATION_PART; i++)
			part->value[part->n++] = empty[i];
		sink->put(sink->ctx, &record);
	}
}

void bh_rezero_tell(struct bh_rezero *rezero, const int32_t *empty, int64_t body_load,
		    enum bh_calibration_cause cause, int64_t now_ns, const struct bh_sink *sink)
{
	int64_t gone = 0;

	/* Evidence is rare, and moves the level at once: each is told. */
	if (cause == BH_CALIBRATED_FOLLOWED && rezero->noted_ns != BH_MONO_NONE &&
	    now_ns - rezero->noted_ns < EVERY_NS)
		return;
	for (unsigned int i = 0; i < rezero->mat->n_zones; i++)
		gone += empty[i] > rezero->noted[i] ? empty[i] - rezero->noted[i]
						    : rezero->noted[i] - empty[i];
	if (gone * FAR_DIVISOR < body_load)
		return;
	put(rezero, empty, cause, now_ns, sink);
	bh_rezero_noted(rezero, empty, rezero->quality);
	rezero->noted_ns = now_ns;
}
