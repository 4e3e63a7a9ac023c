/* SPDX-License-Identifier: MIT */
/*
 * The fast state of a bed: what lights and cards show. It may change its mind; events do not.
 */
#ifndef BH_CORE_STATE_H
#define BH_CORE_STATE_H

#include "hub/core/event.h"

/** True, false, or not known. Unknown is the zero value on purpose. */
enum bh_tri { BH_UNKNOWN = 0, BH_NO, BH_YES };

/** One bed now. */
struct bh_state {
	int64_t mono_ns;	   /**< when this became true */
	uint8_t bed;
	enum bh_tri occupied;
	enum bh_tri restless;
	enum bh_tri legs_over_edge;
	enum bh_side legs_side;	   /**< the edge of legs_over_edge, else the leg that is out */
	enum bh_tri leg_out;
	enum bh_position position;
	int32_t movement_permille; /**< share of the last minute moving, or BH_EPOCH_UNKNOWN */
	int32_t temp_mdegc[BH_TEMP_SLOTS]; /**< 5-min medians, BH_TEMP_UNKNOWN where none */
	uint32_t faults;	   /**< bit i: sensor i of the bed has a fault */
	enum bh_fault fault[BH_SENSORS_MAX];
};

#endif
