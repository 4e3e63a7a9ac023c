/* SPDX-License-Identifier: MIT */
/*
 * A body as the posture classifier sees it: what lies on a matrix, drawn again on a small grid of
 * its own. The grid is centred on the load and scaled along the bed by how far the load spreads, and
 * its cells are shares, so that neither the mat's rows and columns, nor its unit, nor the sleeper's
 * weight and length, nor where in the bed they lie, reach the classifier.
 *
 * Across the bed the grid is a fixed part of the mat's width, because how wide a body lies is what
 * tells the back from the side: it fits mats as wide as one sleeper's bed, 70 to 110 cm.
 *
 * Floating point, but only + - * / and square root, which round alike everywhere, compiled with
 * -ffp-contract=off: the same reading gives the same bits on every machine.
 */
#ifndef BH_DETECT_POSTURE_FEATURES_H
#define BH_DETECT_POSTURE_FEATURES_H

#include "hub/core/mat.h"

#include <stdbool.h>

/* Ten rows show head, shoulders, hips, knees and feet apart; eight columns a bent knee. */
#define BH_POSTURE_ROWS 10
#define BH_POSTURE_COLS 8
/* Pairs of cells that mirror each other. */
#define BH_POSTURE_PAIRS (BH_POSTURE_ROWS * BH_POSTURE_COLS / 2)
/**
 * What a mirror does not change: sums of the pairs, the spread across and along the bed, then, of mats
 * of few zones, where the centre lies between the borders of its zone: across, and along twice.
 */
#define BH_POSTURE_EVEN (BH_POSTURE_PAIRS + 5)
/** What a mirror turns to its negative: differences of the pairs, left minus right, and that across. */
#define BH_POSTURE_ODD (BH_POSTURE_PAIRS + 1)

/* Below so many zones a mat has few. */
#define BH_POSTURE_COARSE 32

/* A mat of more rows or columns than this is none we know how to draw. */
#define BH_POSTURE_SIDE_MAX 128

struct bh_posture_features {
	float even[BH_POSTURE_EVEN];
	float odd[BH_POSTURE_ODD];
};

/**
 * @brief The features of one reading of a matrix.
 *
 * @param load rows x cols, row-major from head left, any unit >= 0.
 * @param empty the same with nobody in bed, taken off first; NULL: nothing is taken off.
 * @return false, and @p ret untouched, if the mat is no matrix of at least 2 x 2 and at most
 * BH_POSTURE_SIDE_MAX a side, or nothing lies on it.
 */
bool bh_posture_features_make(const struct bh_mat *mat, const int32_t *load, const int32_t *empty,
			      struct bh_posture_features *ret);

#endif
