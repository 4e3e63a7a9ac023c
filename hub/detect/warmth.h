/* SPDX-License-Identifier: MIT */
/*
 * Leg temperatures: levels as medians over five minutes, contact with the leg.
 */
#ifndef BH_DETECT_WARMTH_H
#define BH_DETECT_WARMTH_H

#include "hub/core/state.h"
#include "hub/detect/emit.h"

/* Five minutes at one reading every 10 s; sparser readings keep fewer. */
#define BH_WARMTH_KEPT 32

struct bh_thermometer {
	int64_t at_ns[BH_WARMTH_KEPT];
	int32_t mdegc[BH_WARMTH_KEPT];
	unsigned int newest, used;
	int32_t level;	     /**< median of the last five minutes, or BH_TEMP_UNKNOWN */
	enum bh_tri contact; /**< touches the leg; unknown without a level */
};

struct bh_warmth {
	struct bh_thermometer at[BH_TEMP_SLOTS];
};

void bh_warmth_init(struct bh_warmth *warmth);

/** @brief Take a reading or a fault of one thermometer. */
void bh_warmth_take(struct bh_warmth *warmth, enum bh_temp_slot slot,
		    const struct bh_temperature *reading);

/** @brief Levels fade when readings stop; once a tick. */
void bh_warmth_tick(struct bh_warmth *warmth, int64_t now_ns);

/** @return When a level will fade if no reading comes; INT64_MAX if there is none. */
int64_t bh_warmth_due(const struct bh_warmth *warmth);

/** @return BH_CONTACT_* bits. */
uint8_t bh_warmth_contact(const struct bh_warmth *warmth);

#endif
