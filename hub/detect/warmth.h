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
/* Levels of ten minutes of skin, one a minute: a thermometer on it lags a minute and a half
 * (science.md section 6), so that what the skin does in ten minutes it shows in twelve. And the one
 * before them. */
#define BH_WARMTH_MINUTES 13

struct bh_thermometer {
	int64_t at_ns[BH_WARMTH_KEPT];
	int32_t mdegc[BH_WARMTH_KEPT];
	unsigned int newest, used;
	int32_t level;	     /**< median of the last five minutes, or BH_TEMP_UNKNOWN */
	enum bh_tri contact; /**< touches the leg; unknown without a level */
	/* While someone lies in bed. */
	int32_t minute[BH_WARMTH_MINUTES]; /**< newest first */
	unsigned int minutes;
	bool cool;		 /**< it has fallen as an uncovered leg does, and not risen since */
	int64_t cool_since_ns;	 /**< when the fall began */
	int64_t cool_seen_ns;	 /**< when it was large enough */
	int32_t highest, lowest; /**< of this fall */
	int64_t lowest_ns;	 /**< when it was last there */
	bool came_off;		 /**< it has fallen as no leg does, and not risen since */
	struct bh_lasting like_room;
	bool detached;
};

struct bh_leg_warmth {
	struct bh_thermometer at[BH_TEMP_SLOTS];
	bool swapped;		 /**< left and right are exchanged: there is contact, but of which leg? */
	int64_t in_bed_ns;	 /**< since when someone is in bed, or BH_MONO_NONE */
	unsigned int up_minutes; /**< in bed and not lying */
	int64_t up_ns;		 /**< when they last were so, or BH_MONO_NONE */
	struct bh_event uncover; /**< open while a leg or both are uncovered */
	int64_t warm_ns;	 /**< when the last leg that was uncovered ceased to be */
	enum bh_end_cause warm_cause;
};

void bh_leg_warmth_init(struct bh_leg_warmth *warmth);

/** @brief Take a reading or a fault of one thermometer. */
void bh_leg_warmth_take(struct bh_leg_warmth *warmth, enum bh_temp_slot slot,
			const struct bh_temperature *reading);

/**
 * @brief Once a tick: levels fade when readings stop; uncover opens and closes.
 * @param in_bed_ns Since when someone is in bed; BH_MONO_NONE: nobody, or not known.
 * @param lying They lie: legs that hang cool too, and uncover nothing.
 */
void bh_leg_warmth_tick(struct bh_leg_warmth *warmth, int64_t in_bed_ns, bool lying,
			struct bh_emit *emit);

/** @brief Time in bed ended at @p end_ns. */
void bh_leg_warmth_end(struct bh_leg_warmth *warmth, struct bh_emit *emit, int64_t end_ns,
		       enum bh_end_cause cause);

/** @return The thermometer has come off its leg: it follows the room, or fell as no leg does. */
bool bh_leg_warmth_loose(const struct bh_leg_warmth *warmth, enum bh_temp_slot slot);

/** @return When a level will fade if no reading comes; INT64_MAX if there is none. */
int64_t bh_leg_warmth_due(const struct bh_leg_warmth *warmth);

/** @return BH_CONTACT_* bits; a thermometer that has come off has no contact. */
uint8_t bh_leg_warmth_contact(const struct bh_leg_warmth *warmth);

#endif
