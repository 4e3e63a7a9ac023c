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

/**
 * @brief How a night was slept, as movement shows it. Wake is under-detected, so sleep is an upper
 * bound (hub/detect/sleep.h). Members are BH_EPOCH_UNKNOWN where they are not known.
 */
struct bh_night_sleep {
	int64_t onset_ms;	      /**< first minute asleep, UTC; or BH_WALL_UNKNOWN */
	int32_t bed_min;	      /**< from first entering to last leaving (TIB) */
	int32_t unknown_min;	      /**< of them, without data */
	int32_t latency_min;	      /**< from first entering to the first minute asleep (SOL) */
	int32_t asleep_min;	      /**< TST */
	int32_t wake_after_onset_min; /**< WASO: up to the last minute asleep, out of bed included */
	int32_t awake_in_bed_min;     /**< wake with someone in bed, before sleep included */
	int32_t awakenings;	      /**< bouts of wake between the first and the last minute asleep */
	int32_t efficiency_permille;  /**< asleep_min of what is known of bed_min */
	int32_t fragmentation_milli;  /**< fragmentation index, thousandths */
	int32_t regularity_milli;     /**< sleep regularity index of the week that ends with this
					   night, thousandths of -100..100 */
};

/**
 * @brief Periodic leg movements of a night (WASM 2016, hub/detect/plm.h), both legs joined, as far as
 * they reach the mattress. Members are BH_EPOCH_UNKNOWN where they are not known.
 */
struct bh_night_plm {
	int32_t candidates;	    /**< movements that may be periodic, asleep */
	int32_t asleep;		    /**< periodic ones that began asleep (PLMS) ... */
	int32_t awake;		    /**< ... and awake in bed (PLMW) */
	int32_t index_asleep_milli; /**< PLMS an hour of asleep_min, thousandths; minutes in
					 which legs were not known are left out */
	int32_t index_awake_milli;  /**< PLMW an hour of awake_in_bed_min, likewise */
	int32_t series;
	int32_t pi_ferri_permille;  /**< periodicity index of Ferri 2006, asleep */
	int32_t pi_ratio_permille;  /**< periodic ones of the candidates, asleep */
	int32_t interval_ms;	    /**< mean log interval (geometric mean of 10..90 s), asleep */
	int32_t missed_permille;    /**< movements that the sensor is thought to miss: interval_ms is
					 too long by as much */
	int32_t left, right, both;  /**< periodic ones by leg; unknown where the mat tells no side */
};

/** A night of one bed: local noon to local noon, named by the date of its evening. */
struct bh_night {
	int32_t date;	       /**< yyyymmdd of the evening */
	uint8_t bed;
	int64_t start_ms;      /**< wall time of its noon, UTC */
	int64_t end_ms;	       /**< wall time of the next noon, UTC; 23 to 25 h later */
	bool complete;	       /**< the closing noon has passed */
	int32_t coverage_permille; /**< covered share of the time between first enter and last exit,
					and of a gap that hides either */
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
	int64_t first_enter_ms;	   /**< BH_WALL_UNKNOWN if the bed stayed empty, or a gap hides it */
	int64_t last_exit_ms;	   /**< BH_WALL_UNKNOWN if still in bed, or a gap hides it */
	int32_t temp_left_mdegc;   /**< medians over quiet, covered epochs with contact */
	int32_t temp_right_mdegc;
	int32_t temp_delta_mdegc;  /**< median of left minus right */
	/* Restlessness: periods, and minutes of the first and last third between entering and leaving. */
	int32_t restless_periods;
	int32_t restless_first_third_min;
	int32_t restless_last_third_min;
	int32_t walk_breaks;
	int32_t toilet_like;
	struct bh_night_sleep sleep;
	struct bh_night_plm plm;
};

/** A night of which nothing is known: what to start from. */
extern const struct bh_night bh_night_unknown;

#endif
