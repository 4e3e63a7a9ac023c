/* SPDX-License-Identifier: MIT */
/*
 * On the back, the left or the right side, from one reading of a matrix: two quadratic forms of the
 * features (posture_features.h). `supine` does not change when the body is mirrored, `side` changes
 * its sign: that left is right in a mirror need not be learned. Fitted by ridge regression on
 * recordings of real people (posture_weights.c).
 *
 * Nobody was recorded lying prone. Someone who does is told as one of the three, mostly supine.
 */
#ifndef BH_DETECT_POSTURE_H
#define BH_DETECT_POSTURE_H

#include "hub/core/event.h"
#include "hub/detect/posture_features.h"

/* One constant, the even features, their products with each other (i <= j), and those of the odd. */
#define BH_POSTURE_SUPINE_TERMS                                                                    \
	(1 + BH_POSTURE_EVEN + BH_POSTURE_EVEN * (BH_POSTURE_EVEN + 1) / 2 +                       \
	 BH_POSTURE_ODD * (BH_POSTURE_ODD + 1) / 2)
/* The odd features, and their products with the even ones (even by even). */
#define BH_POSTURE_SIDE_TERMS (BH_POSTURE_ODD + BH_POSTURE_EVEN * BH_POSTURE_ODD)

/** Weights are whole multiples of 1 / BH_POSTURE_ONE. */
#define BH_POSTURE_ONE 2048

struct bh_posture_weights {
	int16_t supine[BH_POSTURE_SUPINE_TERMS];
	int16_t side[BH_POSTURE_SIDE_TERMS];
};

/**
 * Fitted on the recordings named in posture_weights.c, for mats of at least BH_POSTURE_FINE zones, of at
 * least BH_POSTURE_COARSE, and of fewer. The coarse ones may lie under the mattress, and are fitted on
 * readings smeared by one too; of few zones each bears a whole part of the body, and what they show
 * has no likeness to a finer picture (pressure_map).
 */
extern const struct bh_posture_weights bh_posture_fine, bh_posture_coarse, bh_posture_few;
#define BH_POSTURE_FINE 256

/** @return The weights for a mat of so many zones. */
const struct bh_posture_weights *bh_posture_weights_for(unsigned int n_zones);

struct bh_posture {
	enum bh_position position; /**< BH_POSITION_SUPINE, LEFT or RIGHT */
	/** How far it stands out from the next one, 0..1000: a rank, not a probability. */
	int16_t confidence_permille;
};

/** @brief The terms that the weights are for, in their order: for the fit. */
void bh_posture_terms(const struct bh_posture_features *features,
		      float supine[BH_POSTURE_SUPINE_TERMS], float side[BH_POSTURE_SIDE_TERMS]);

void bh_posture_judge(const struct bh_posture_weights *weights,
		      const struct bh_posture_features *features, struct bh_posture *ret);

#endif
