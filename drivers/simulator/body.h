/* SPDX-License-Identifier: MIT */
/*
 * The body on the mattress: round patches of weight, one to three for each segment, from body
 * geometry and segment masses (Winter 2009). Metres on the bed: x from its left edge, y from its
 * head; left is the sleeper's, lying on the back.
 */
#ifndef BH_SIMULATOR_BODY_H
#define BH_SIMULATOR_BODY_H

#include "drivers/simulator/plan.h"

#define BH_BED_WIDTH_M 0.95
#define BH_BED_LENGTH_M 2.0
#define BH_PATCHES_MAX 48

enum bh_segment {
	BH_SEGMENT_HEAD,
	BH_SEGMENT_TRUNK,
	BH_SEGMENT_ARMS,
	BH_SEGMENT_THIGH_LEFT,
	BH_SEGMENT_THIGH_RIGHT,
	BH_SEGMENT_CALF_LEFT, /**< with the foot */
	BH_SEGMENT_CALF_RIGHT,
};

struct bh_patch {
	double x, y;
	double radius;	/**< spread of the weight, one standard deviation */
	double weight;	/**< grams */
	enum bh_segment segment;
};

struct bh_pose {
	size_t n;
	struct bh_patch patch[BH_PATCHES_MAX];
};

/** @brief How @p person bears on the mattress in @p phase. An empty bed has no patches. */
void bh_pose_draw(const struct bh_person *person, const struct bh_phase *phase, struct bh_pose *ret);

#endif
