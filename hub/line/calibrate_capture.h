/* SPDX-License-Identifier: MIT */
/* Calibrating from a capture, without a daemon: for tests, and for a bed that was recorded. */
#ifndef BH_LINE_CALIBRATE_CAPTURE_H
#define BH_LINE_CALIBRATE_CAPTURE_H

#include "hub/line/calibrating.h"
#include "hub/config/config.h"

/**
 * @brief Look for the first stretch of the recordings of @p config that calibrates @p kind of bed
 * @p bed; keep it in @p store if there is one, and nothing otherwise.
 * @return 0 (@p ret tells whether it was refused), -EINVAL (a bad source), or another negative errno,
 * with a line in @p err.
 */
int bh_calibrate_capture(const struct bh_config *config, struct bh_store *store,
			 const struct bh_calibrate_setup *setup, struct bh_calibration_progress *ret,
			 struct bh_error *err);

#endif
