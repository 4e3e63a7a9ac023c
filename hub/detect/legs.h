/* SPDX-License-Identifier: MIT */
/* Which movements are leg movements, which are of the whole body; their side and size. */
#ifndef BH_DETECT_LEGS_H
#define BH_DETECT_LEGS_H

#include "hub/detect/emit.h"
#include "hub/detect/movement.h"

struct bh_legs {
	enum bh_mat_kind kind;
	uint32_t can;
	int64_t flexion
		[BH_HALVES]; /**< calibrated: peak energy of a flexion of each leg; 0: not known */
};

/** What a movement was taken for. */
enum bh_movement_kind { BH_MOVEMENT_OTHER, BH_MOVEMENT_LEG, BH_MOVEMENT_LARGE };

void bh_legs_init(struct bh_legs *legs, const struct bh_mat *mat, uint32_t can);

/**
 * @brief Judge a movement that ended.
 * @param foot It was heard at the foot end alone: it may be a leg's; else it may be the body's.
 * @param body_load Learned load of the sleeper, in the unit of the mat; sizes are relative to it.
 * @param ret What is to be said of it: side, size, confidence.
 */
enum bh_movement_kind bh_legs_judge(const struct bh_legs *legs, const struct bh_movement *movement,
				    bool foot, int64_t body_load, struct bh_said *ret);

#endif
