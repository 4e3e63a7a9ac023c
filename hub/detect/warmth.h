/* SPDX-License-Identifier: MIT */
/*
 * Leg temperatures: levels as medians over five minutes, contact with the leg, a leg that cools
 * towards the room, and a thermometer that has come off. Differences and slopes are taken from the
 * levels that the epochs keep.
 */
#ifndef BH_DETECT_WARMTH_H
#define BH_DETECT_WARMTH_H

#include "hub/core/state.h"
#include "hub/detect/emit.h"
#include "hub/detect/lasting.h"

/* Five minutes at one reading every 10 s; sparser readings keep fewer. */
#define BH_WARMTH_KEPT 32
/* Levels of the last ten minutes, one a minute, and the one before them. */
#define BH_WARMTH_MINUTES 11

struct bh_thermometer {
	int64_t at_ns[BH_WARMTH_KEPT];
	int32_t mdegc[BH_WARMTH_KEPT];
	unsigned int newest, used;
	int32_t level;	     /**< median of the last five minutes, or BH_TEMP_UNKNOWN */
	enum bh_tri contact; /**< touches the leg; unknown without a level */
	/* While someone lies in bed. */
	int32_t minute[BH_WARMTH_MINUTES]; /**< newest first */
	unsigned int minutes;
	struct bh_event uncover; /**< open while uncovered */
	int32_t highest, lowest; /**< of the open uncovering */
	int64_t lowest_ns;
	struct bh_lasting like_room;
	bool detached;
};

struct bh_leg_warmth {
	struct bh_thermometer at[BH_TEMP_SLOTS];
	int64_t in_bed_ns; /**< since when someone is in bed, or BH_MONO_NONE */
};

void bh_leg_warmth_init(struct bh_leg_warmth *warmth);

/** @brief Take a reading or a fault of one thermometer. */
void bh_leg_warmth_take(struct bh_leg_warmth *warmth, enum bh_temp_slot slot,
			const struct bh_temperature *reading);

/**
 * @brief Once a tick: levels fade when readings stop; uncover opens and closes.
 * @param in_bed_ns Since when someone is in bed; BH_MONO_NONE: nobody, or not known.
 */
void bh_leg_warmth_tick(struct bh_leg_warmth *warmth, int64_t in_bed_ns, struct bh_emit *emit);

/** @brief Time in bed ended at @p end_ns. */
void bh_leg_warmth_end(struct bh_leg_warmth *warmth, struct bh_emit *emit, int64_t end_ns,
		       enum bh_end_cause cause);

/** @return When a level will fade if no reading comes; INT64_MAX if there is none. */
int64_t bh_leg_warmth_due(const struct bh_leg_warmth *warmth);

/** @return BH_CONTACT_* bits. */
uint8_t bh_leg_warmth_contact(const struct bh_leg_warmth *warmth);

#endif
