/* SPDX-License-Identifier: MIT */
/*
 * What the history keeps of the signal: one epoch every 30 s, one summary a night.
 */
#ifndef BH_CORE_EPOCH_H
#define BH_CORE_EPOCH_H

#include "hub/core/event.h"

#include <stdint.h>

/* Actigraphy's common epoch; two make the minute that sleep formulas take. */
#define BH_EPOCH_NS (30 * BH_NS_PER_S)

/** A number of an epoch that is not known. */
#define BH_EPOCH_UNKNOWN INT32_MIN

/** Bits of bh_epoch.contact: the thermometer touches a leg. Unknown counts as not set. */
#define BH_CONTACT_LEFT 0x1u
#define BH_CONTACT_RIGHT 0x2u

/**
 * @brief 30 s of one bed. Values are BH_EPOCH_UNKNOWN where the bed cannot tell or the sensor failed.
 */
struct bh_epoch {
	int64_t start_ns;	    /**< multiple of BH_EPOCH_NS on the monotonic line */
	uint8_t bed;
	uint8_t contact;	    /**< BH_CONTACT_* */
	enum bh_position position;  /**< the longest of the epoch */
	int32_t coverage_permille;  /**< share of the epoch with a working mat, 0..1000 */
	int32_t occupied_permille;  /**< share of the covered time in bed */
	int32_t moving_permille;    /**< share of the covered time moving */
	int32_t activity;	    /**< movement count for sleep formulas, 0..150 an epoch */
	int32_t leg_movements;	    /**< leg movements that began in it */
	int32_t load_permille;	    /**< mean load, permille of the learned body load */
	int32_t temp_mdegc[BH_TEMP_SLOTS];
};

/** A night of one bed: local noon to local noon, named by the date of its evening. */
struct bh_night {
	int32_t date;	       /**< yyyymmdd of the evening */
	uint8_t bed;
	int64_t start_ms;      /**< wall time of its noon, UTC */
	int64_t end_ms;	       /**< wall time of the next noon, UTC; 23 to 25 h later */
	bool complete;	       /**< the closing noon has passed */
	int32_t coverage_permille; /**< covered share of the time between first enter and last exit */
	/* Minutes and counts; BH_EPOCH_UNKNOWN where the bed cannot tell. */
	int32_t in_bed_min;
	int32_t restless_min;
	int32_t quiet_min;
	int32_t exits;		   /**< absences with a return */
	int32_t legs_over_edge;
	int32_t legs_over_edge_min;
	int32_t position_changes;
	int32_t leg_movements;
	int32_t faults;
	int64_t first_enter_ms;	   /**< BH_WALL_UNKNOWN if the bed stayed empty */
	int64_t last_exit_ms;	   /**< BH_WALL_UNKNOWN if still in bed */
	int32_t temp_left_mdegc;   /**< medians over quiet, covered epochs with contact */
	int32_t temp_right_mdegc;
	int32_t temp_delta_mdegc;  /**< median of left minus right */
};

#endif
