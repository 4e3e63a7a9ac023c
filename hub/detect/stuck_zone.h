/* SPDX-License-Identifier: MIT */
/*
 * A zone of a mat that weighs and no longer follows the body: its reading stands still while the
 * others move. Pads have their own rule (pads.c), and of a mat of hundreds of zones one is not missed.
 */
#ifndef BH_DETECT_STUCK_ZONE_H
#define BH_DETECT_STUCK_ZONE_H

#include "hub/core/frame.h"

#include <stdbool.h>
#include <stdint.h>

#define BH_STUCK_ZONES_MAX 128

struct bh_stuck_zone {
	bool used;  /**< a mat of the kind that is watched */
	bool cells; /**< each of which bears the body */
	unsigned int n;
	int32_t load[BH_STUCK_ZONES_MAX];
	uint16_t held_s[BH_STUCK_ZONES_MAX];  /**< seconds in bed with the same reading */
	uint16_t moved_s[BH_STUCK_ZONES_MAX]; /**< of them with movement */
	bool carried[BH_STUCK_ZONES_MAX];     /**< has borne a part of the body */
	/* What it is like while it works: seconds in bed, and the longest with the same reading. */
	uint32_t worked_s[BH_STUCK_ZONES_MAX];
	uint16_t longest_s[BH_STUCK_ZONES_MAX];
	/* Seconds in a row in which the others show nobody, or too little to be somebody. */
	uint8_t alone_s[BH_STUCK_ZONES_MAX], light_s[BH_STUCK_ZONES_MAX];
	bool hides[BH_STUCK_ZONES_MAX]; /**< someone has sat there whom no other zone showed, or on: */
	uint8_t mirror[BH_STUCK_ZONES_MAX]; /**< the zone as far from the other edge, else itself */
	int zone;			      /**< which is stuck, or -1 */
	bool loaded; /**< it shows weight, whether anybody is there or not */
};

void bh_stuck_zone_init(struct bh_stuck_zone *stuck, const struct bh_mat *mat);

/** @brief Take a reading. @p empty is the load of each zone with nobody there. */
void bh_stuck_zone_take(struct bh_stuck_zone *stuck, const int32_t *load, const int32_t *empty,
			int64_t body_load);

/** @brief One second of someone lying there has passed, with movement or without. */
void bh_stuck_zone_second(struct bh_stuck_zone *stuck, const int32_t *empty, bool moved,
			  int64_t body_load);

/** @return A zone is stuck on which someone may sit whom no other shows: no load is no empty bed. */
bool bh_stuck_zone_hides(const struct bh_stuck_zone *stuck);

#endif
