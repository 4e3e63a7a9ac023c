/* SPDX-License-Identifier: MIT */
/*
 * The weights of the posture classifier from recordings: ridge regression on its terms, solved by
 * kernels (there are fewer examples than terms). One frame of each file, from its middle: frames of
 * one file are all but the same; seen at three resolutions, at offsets of the blocks, and with more or
 * less of the faint load around the body, some with a sensor's noise; for coarse mats also smeared as a
 * mattress smears what is felt through it. For mats of few zones other views, of such mats only.
 */
#ifndef BH_TESTS_ACCURACY_POSTURE_FIT_H
#define BH_TESTS_ACCURACY_POSTURE_FIT_H

#include "hub/detect/posture.h"
#include "tests/accuracy/posture_data.h"

/** The mats that one set of weights is for: bh_posture_fine, bh_posture_coarse, bh_posture_few. */
enum posture_mats { POSTURE_FINE, POSTURE_COARSE, POSTURE_FEW, POSTURE_MATS_END };

/**
 * @brief Fit for @p mats on all files but those of @p without (a person; 0: on all). The same data
 * gives the same weights. Exits with a message if they cannot be held in bh_posture_weights.
 */
void posture_fit(const struct posture_data *data, int without, enum posture_mats mats,
		 struct bh_posture_weights *ret);

#endif
