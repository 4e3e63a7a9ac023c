/* SPDX-License-Identifier: MIT */
/*
 * Geometry-free numbers of one frame: how much load, where its centre is, how far it spreads, how
 * it falls on legs and edges, and how much changed since the frame before. After this file nobody
 * asks how many zones the mat has.
 */
#ifndef BH_DETECT_FEATURES_H
#define BH_DETECT_FEATURES_H

#include "hub/core/frame.h"
#include "hub/core/time_types.h"

#include <stdbool.h>

/* Halves of the bed across, as indices. */
enum bh_half { BH_HALF_LEFT, BH_HALF_RIGHT, BH_HALVES };

/** Changes are kept in 16ths of the mat's unit. */
#define BH_CHANGE_FINE 16

/** One frame in numbers. Shares are permille of total; they and the centre are 0 if total is 0. */
struct bh_features {
	int64_t mono_ns;
	int64_t total;		 /**< load above the empty bed, unit of the mat, >= 0 */
	int64_t now;		 /**< the same of this moment alone: not smoothed */
	int64_t below;		 /**< how far the load lies below that of the empty bed */
	int32_t x_permille;	 /**< centre of load, 0 left edge .. 1000 right edge */
	int32_t y_permille;	 /**< 0 head .. 1000 foot */
	int32_t spread_permille; /**< root mean square distance from the centre, along the bed */
	int32_t legs_permille[BH_HALVES]; /**< share on leg zones, by half */
	int32_t edge_permille[BH_HALVES]; /**< share on edge zones */
	/* Sums of squared changes since the frame before, unit of the mat squared. */
	int64_t change;
	int64_t change_foot; /**< of zones of the foot half or leg zones */
	int64_t change_half[BH_HALVES];
	int64_t change_foot_half[BH_HALVES];
	bool first; /**< there was no frame before: the changes are 0 */
};

/** Sums over the zones from which everything else follows. */
struct bh_load_sums {
	int64_t total, x, y, yy;
	int64_t legs[BH_HALVES], edge[BH_HALVES];
};

/** What one zone is to the sums; made once. */
struct bh_zone_role {
	int32_t x, y;
	bool legs, foot, edge_left, edge_right;
	enum bh_half half;
};

/** The last frames, the loads of an empty bed, and the smoothed sums; one a bed. */
struct bh_feature_maker {
	enum bh_mat_kind kind;
	unsigned int n;
	struct bh_zone_role role[BH_ZONES_MAX];
	unsigned int frames; /**< seen since the last break, up to 2 */
	int64_t last_ns;
	int32_t raw[2][BH_ZONES_MAX]; /**< the last two frames as they came */
	int64_t slot_ns;	      /**< where the frames being averaged began */
	int32_t slot_frames;
	int32_t slot[BH_ZONES_MAX];	  /**< their sums, without spikes */
	int32_t load[BH_ZONES_MAX];	  /**< the last average */
	int32_t slow[2][BH_ZONES_MAX];	  /**< of the two high-pass stages, 16ths */
	int32_t empty[BH_ZONES_MAX];	  /**< load of each zone with nobody in bed */
	int32_t empty_part[BH_ZONES_MAX]; /**< what it has moved short of a unit, 32nds */
	bool have_empty;
	bool offset; /**< the mat's zero is not its empty bed: found at the first frame */
	struct bh_load_sums sums;
};

void bh_features_init(struct bh_feature_maker *maker, const struct bh_mat *mat);

/**
 * @brief The numbers of the bed after @p frame, whose mat part must be a reading. Frames faster than
 * 10 Hz are averaged.
 * @return false while an average is under way: @p ret is then untouched.
 */
bool bh_features_make(struct bh_feature_maker *maker, const struct bh_frame *frame,
		      struct bh_features *ret);

/** @brief Forget the frames before: after a gap a difference is not a movement. */
void bh_features_break(struct bh_feature_maker *maker);

/** @brief Move the empty level a small step, a unit at most, towards the last frame. Only for a
 * surely empty bed. */
void bh_features_follow_empty(struct bh_feature_maker *maker);

/** @brief The load of each zone of the empty bed is known: it was calibrated. */
void bh_features_give_empty(struct bh_feature_maker *maker, const int32_t *empty);

/** @brief The last frame is the empty bed: less than nobody cannot lie there. */
void bh_features_set_empty(struct bh_feature_maker *maker);

/** @return Integer square root, rounded down. */
int64_t bh_isqrt(int64_t value);

#endif
