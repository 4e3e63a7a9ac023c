/* SPDX-License-Identifier: MIT */
/*
 * The weights of the posture classifier from recordings: ridge regression on its terms. One frame of
 * each file, from its middle: frames of one file are all but the same; seen at three resolutions, at
 * offsets of the blocks, and with more or less of the faint load around the body, some with a sensor's
 * noise. Coarse mats and mats of few zones also see it in beds drawn at random: longer and wider than
 * the recorded mat, the body a little aside and aslant, zones that show more or less than they bear;
 * coarse ones also smeared as a mattress smears what is felt through it.
 */
#ifndef BH_TESTS_ACCURACY_POSTURE_FIT_H
#define BH_TESTS_ACCURACY_POSTURE_FIT_H

#include "hub/detect/posture.h"
#include "tests/accuracy/posture_data.h"

/** The mats that one set of weights is for: bh_posture_fine, bh_posture_coarse, bh_posture_few. */
enum posture_mats { POSTURE_FINE, POSTURE_COARSE, POSTURE_FEW, POSTURE_MATS_END };

/** What all examples of one kind of mats add up to: one of the two forms of the classifier. */
struct posture_sum;
struct posture_sums {
	enum posture_mats mats;
	struct posture_sum *supine, *side;
};

/** @brief Add up all files for @p mats, for any number of fits. Free it. */
void posture_sums_make(const struct posture_data *data, enum posture_mats mats,
		       struct posture_sums *ret);
void posture_sums_free(struct posture_sums *sums);

/**
 * @brief Fit on all files of @p sums, made from @p data, but those of @p without (a person; 0: on all).
 * The same data gives the same weights. Exits with a message if they cannot be held in
 * bh_posture_weights.
 */
void posture_fit(const struct posture_data *data, const struct posture_sums *sums, int without,
		 struct bh_posture_weights *ret);

#endif
