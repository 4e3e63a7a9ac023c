/* SPDX-License-Identifier: MIT */
/* How a bed stands with its calibrations, from the history: in the shape in which the daemon tells it. */
#ifndef BH_CLI_CALIBRATIONS_H
#define BH_CLI_CALIBRATIONS_H

#include "hub/cli/history.h"
#include "hub/core/calibration.h"

#include <jansson.h>

/**
 * @brief {"empty": {health, in_force, problem, at_ms, followed_ms, quality, refused}, ...}: kinds that
 * the bed has a use for.
 * @param mat_hash bh_calibration_mat_hash() of the mat as configured now, to tell calibrations of
 * another; 0: the one that the history saw last.
 * @return A new object, or NULL when the history cannot be read.
 */
json_t *bh_cli_calibrations(struct bh_store *store, int bed, uint32_t capabilities,
			    uint32_t mat_hash);

/** @brief Is it of this mat (0: not known, then of any), in the way of today? */
bool bh_cli_calibration_fits(const struct bh_calibration *part, uint32_t mat_hash);

/** @brief The beds' calibrations ({id, name, calibration} each) as a table; nothing if there is none. */
void bh_cli_calibrations_print(const struct bh_cli *cli, const json_t *beds);

#endif
