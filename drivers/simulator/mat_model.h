/* SPDX-License-Identifier: MIT */
/*
 * From patches of weight to what a mat's zones bear and what its sensors say of it.
 */
#ifndef BH_SIMULATOR_MAT_MODEL_H
#define BH_SIMULATOR_MAT_MODEL_H

#include "drivers/simulator/body.h"

/** Geometry of a mat: rectangles, or a grid over the bed, or cells at the corners. */
struct bh_mat_model {
	enum bh_sim_mat which;
	const struct bh_mat *mat;
	double spread_m; /**< what the mattress adds to the radius of a patch */
	double x0[BH_ZONES_MAX], x1[BH_ZONES_MAX], y0[BH_ZONES_MAX], y1[BH_ZONES_MAX];
};

/** @brief Geometry, names and places of @p which into @p mat, which the model keeps pointing to. */
void bh_mat_model_init(struct bh_mat_model *model, enum bh_sim_mat which, struct bh_mat *mat);
/** @brief Add grams of each zone under @p patch to @p load. */
void bh_mat_model_add(const struct bh_mat_model *model, const struct bh_patch *patch, float *load);
/** @brief Grams of each zone under a pose. */
void bh_mat_model_load(const struct bh_mat_model *model, const struct bh_pose *pose, float *ret);

#endif
