/* SPDX-License-Identifier: MIT */
/*
 * Mats that weigh (load cells, strips, matrix): the learned load of the sleeper, and the body in
 * relation to it.
 */
#ifndef BH_DETECT_WEIGHT_H
#define BH_DETECT_WEIGHT_H

#include "hub/detect/body.h"
#include "hub/detect/features.h"
#include "hub/detect/lasting.h"

struct bh_weight {
	enum bh_mat_kind kind;
	uint32_t can;
	bool fixed;	     /**< the body load was set by a person */
	int64_t body_load;   /**< learned, or assumed while learned_s is 0 */
	int32_t learned_s;   /**< seconds of still lying it rests on */
	int64_t sum_learned; /**< of the first minute */
	int64_t fine_load; /**< body load in parts of a unit, so that a slow follow moves at all */
	int32_t x_min, x_max; /**< centres of the outermost zones, permille */
	struct bh_lasting on, off, light, fast_on, fast_off, below;
	int64_t noise; /**< such a mat: its restlessness while empty, in 256ths of its unit */
	struct bh_features last;
	uint32_t settled;   /**< frames that have settled the zero of a mat without a known unit */
	int64_t sat_ns;	    /**< when someone last sat on the edge, or BH_MONO_NONE */
	uint32_t on_frames; /**< frames in a row above the threshold */
};

/** @param body_load From the configuration; 0: learn. */
void bh_weight_init(struct bh_weight *weight, const struct bh_mat *mat, uint32_t can,
		    int32_t body_load);

/**
 * @brief The body in the numbers of a frame.
 * @param offset The mat's zero was taken from its first frame, so nothing is known of its scale.
 */
void bh_weight_take(struct bh_weight *weight, const struct bh_features *f, bool offset,
		    struct bh_body *ret);

/**
 * @return After a frame: the bed's zero has not settled and nobody is on it, so it may follow this
 * frame. Before a first sleeper was seen, less than a fifth of any body is nobody.
 */
bool bh_weight_zero_unsettled(struct bh_weight *weight);

/** @brief The bed has another zero, by calibration (@p exact) or from one frame. */
void bh_weight_zero_is_new(struct bh_weight *weight, bool exact);

/** @return For ten seconds the bed has been lighter than empty: what was taken for empty was not. */
bool bh_weight_wrong_zero(const struct bh_weight *weight, int64_t now_ns);

/** @brief One second of lying still: the load seen last is the sleeper's. */
void bh_weight_learn(struct bh_weight *weight);

/** @brief A gap or a fault: how long anything lasted is not known. */
void bh_weight_break(struct bh_weight *weight);

#endif
