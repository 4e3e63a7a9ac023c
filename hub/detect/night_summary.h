/* SPDX-License-Identifier: MIT */
/* One night's numbers from its events and epochs: pure arithmetic, used live and for re-analysis. */
#ifndef BH_DETECT_NIGHT_SUMMARY_H
#define BH_DETECT_NIGHT_SUMMARY_H

#include "hub/detect/plm.h"
#include "hub/detect/sleep.h"

/*
 * A night of which more than this share of the time in bed has no data has no sleep and no index. A
 * valid night is covered to 80 % (science notes section 0); what is missing is missing at a time of
 * its own, a toilet trip or the restless end of a night, so the rest cannot stand for it.
 */
#define BH_NIGHT_MISSING_MAX_PERMILLE 200
/* An hourly rate of less than an hour asleep, or of ten minutes awake, says how the minutes fell. */
#define BH_PLM_ASLEEP_MIN 60
#define BH_PLM_AWAKE_MIN 10
/* Periodicity and mean interval are of at least so many intervals (science notes section 2.1). */
#define BH_PLM_INTERVALS_MIN 20
/*
 * Of the movements that electrodes on the leg see, 39 % move nothing else (Terrill 2013): no mattress
 * feels them. What a sensor misses beyond that is not in it.
 */
#define BH_PLM_MISSED_PERMILLE 390

/** A night looked at closely; make it with bh_night_look(). */
struct bh_night_look {
	struct bh_night night;
	struct bh_sleep_night minutes; /**< n is 0 if sleep could not be scored */
};

/**
 * @brief Fill every number of @p ret from the events and epochs of @p past.
 *
 * date, bed, start_ms, end_ms and complete are taken from past->night. Values whose capability is
 * missing from past->capabilities become BH_EPOCH_UNKNOWN; so do sleep and periodic movements where
 * entering or leaving was not seen or too much of the night is missing. The regularity is left
 * unknown: it is of a week.
 * @return 0 or -ENOMEM.
 */
int bh_night_look(const struct bh_past_night *past, struct bh_night_look *ret);

/** Nights that a sleep regularity looks at: every day of the week once. */
#define BH_REGULARITY_NIGHTS 7

/**
 * @brief Sleep regularity index of the nights of @p date and the six before (bh_sleep_regularity_milli),
 * by local clock (the process's TZ), from the epochs' sleep; out of bed is wake, what nobody saw is
 * unknown. One night more before them tells of the first afternoon.
 * @return Thousandths, or BH_EPOCH_UNKNOWN: under five days' pairs, or no memory.
 */
int32_t bh_night_regularity(const struct bh_past_night *nights, size_t n, int32_t date);

/* ---- night_legs.c, night_sleep.c: parts of bh_night_look() ---- */

/**
 * @brief The night's leg movements, joined and scored in series (WASM 2016); times in nanoseconds
 * since the night's noon. @return 0 and an array to free(), or -ENOMEM.
 */
int bh_night_legs(const struct bh_past_night *past, struct bh_leg_movement **ret, size_t *ret_n);
/** @return @p occupied began with an entering: the bed had been seen empty. */
bool bh_night_saw_entering(const struct bh_past_night *past, const struct bh_past_event *occupied);
/** @brief Periodic movements by sleep and wake; unknown where sleep is. */
void bh_night_plm(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
		  const struct bh_night_sleep *sleep, const struct bh_leg_movement *legs, size_t n,
		  struct bh_night_plm *ret);
/** @brief Sum up scored minutes. */
void bh_night_sleep(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
		    struct bh_night_sleep *ret);

#endif
