/* SPDX-License-Identifier: MIT */
/*
 * Re-zeros on record: the empty level is followed in small steps, and once it has gone further than
 * noise since the last record, it is put as a calibration. Never silently, and not every minute.
 */
#ifndef BH_DETECT_REZERO_H
#define BH_DETECT_REZERO_H

#include "hub/core/record.h"
#include "hub/detect/features.h"

struct bh_rezero {
	const struct bh_mat *mat;
	uint8_t bed;
	int64_t noted_ns; /**< of the last record of this run, or BH_MONO_NONE */
	int32_t quality;  /**< of the calibration that it goes on from */
	int32_t noted[BH_ZONES_MAX];
};

void bh_rezero_init(struct bh_rezero *rezero, const struct bh_mat *mat, uint8_t bed);

/** @brief @p empty is on record now. */
void bh_rezero_noted(struct bh_rezero *rezero, const int32_t *empty, int32_t quality);

/**
 * @brief The empty level was followed, or set by evidence: put it, if it has gone far enough.
 * @param body_load What "far" is measured by.
 */
void bh_rezero_tell(struct bh_rezero *rezero, const int32_t *empty, int64_t body_load,
		    enum bh_calibration_cause cause, int64_t now_ns, const struct bh_sink *sink);

#endif
