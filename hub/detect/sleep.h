/* SPDX-License-Identifier: MIT */
/*
 * Sleep and wake from activity, minute by minute: the published actigraphy formulas, and what a
 * night adds up to. This is not sleep staging. Under a mattress wake is under-detected (Walsh 2017:
 * specificity 53 %), so what is called sleep here is an upper bound.
 */
#ifndef BH_DETECT_SLEEP_H
#define BH_DETECT_SLEEP_H

#include "hub/core/history.h"
#include "hub/detect/plm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** How counts are read: a maker's scale. */
struct bh_counts {
	int32_t divisor; /**< counts are divided by it ... */
	int32_t cap;	 /**< ... and then cut at this; 0: not */
};

extern const struct bh_counts bh_counts_plain;
/** ActiLife before Cole-Kripke: hundredths, cut at 300. Before Sadeh: cut at 300. */
extern const struct bh_counts bh_counts_actilife_cole_kripke;
extern const struct bh_counts bh_counts_actilife_sadeh;

/** Sadeh's boundary: the paper's, and ActiLife's. */
#define BH_SADEH_ASLEEP_MICRO 0
#define BH_SADEH_ASLEEP_ACTILIFE_MICRO (-4000000)
/** Oakley's usual boundary (20: low, 40: medium, 80: high). */
#define BH_OAKLEY_WAKE 40

/**
 * @brief Cole and Kripke 1992, one-minute counts: D of minute @p i in thousandths; asleep below 1000.
 * D = 0.001 (106 A-4 + 54 A-3 + 58 A-2 + 76 A-1 + 230 A0 + 74 A+1 + 67 A+2); zero outside.
 */
int64_t bh_cole_kripke_milli(const int32_t *activity, size_t n, size_t i,
			     const struct bh_counts *counts);

/**
 * @brief Sadeh 1994: PS of minute @p i in millionths. PS = 7.601 - 0.065 mean of 11 minutes - 1.08
 * minutes of 50..99 of them - 0.056 standard deviation of the last 6 - 0.703 ln(A0 + 1).
 */
int64_t bh_sadeh_micro(const int32_t *activity, size_t n, size_t i, const struct bh_counts *counts);

/** @brief Oakley 1997, one-minute counts, in hundredths: 4, 20, 100, 20, 4. */
int64_t bh_oakley_centi(const int32_t *activity, size_t n, size_t i);

/**
 * @brief Webster 1982: sleep in scraps between long wakes is wake. In place, on minutes.
 * After 4, 10, 15 minutes of wake the next 1, 3, 4 of sleep are wake; up to 6 of sleep between two
 * wakes of 10, and up to 10 between two of 20, too.
 */
void bh_webster_rescore(enum bh_sleep *minute, size_t n);

/** A night in numbers; times in seconds, shares in permille; BH_EPOCH_UNKNOWN where undefined. */
struct bh_sleep_summary {
	int32_t in_bed_s;		/**< TIB: first to last epoch given */
	int32_t known_s;		/**< of it, with data */
	int32_t latency_s;		/**< SOL: to the first sleep */
	int32_t period_s;		/**< SPT: first to last sleep */
	int32_t asleep_s;		/**< TST */
	int32_t wake_after_onset_s;	/**< WASO: wake within the period */
	int32_t efficiency_permille;	/**< TST of TIB */
	int32_t maintenance_permille;	/**< TST of SPT */
	int32_t awakenings;		/**< bouts of wake within the period */
	int32_t sleep_to_wake_permille; /**< bouts of sleep per epoch of sleep */
	int32_t wake_to_sleep_permille; /**< bouts of wake per epoch of wake */
};

/** @brief Sum up a night from lights out to final rise. */
void bh_sleep_summarise(const enum bh_sleep *epoch, size_t n, int32_t epoch_s,
			struct bh_sleep_summary *ret);

/**
 * @brief Fragmentation index (Actiware): percent of minutes with movement plus percent of immobile
 * bouts that last one minute; in thousandths, or BH_EPOCH_UNKNOWN without minutes.
 */
int32_t bh_fragmentation_milli(const int32_t *activity, size_t n);

/**
 * @brief Sleep regularity index of days of minutes: -100 + 200 times the share of equal pairs 24 h
 * apart; pairs with an unknown are left out. In thousandths; BH_EPOCH_UNKNOWN below 5 days' pairs.
 *
 * @param day One pointer a day to @p minutes values by local clock; missing hours (daylight saving)
 * are BH_SLEEP_UNKNOWN.
 */
int32_t bh_sleep_regularity_milli(const enum bh_sleep *const *day, size_t days, size_t minutes);

/* A night has at most 25 hours. */
#define BH_SLEEP_MINUTES_MAX 1500

/** One night by the minute, for views and rules that want more than its sums. */
struct bh_sleep_night {
	int64_t start_ms; /**< of minute 0 */
	size_t n;
	int32_t activity[BH_SLEEP_MINUTES_MAX]; /**< BH_EPOCH_UNKNOWN: no data */
	bool occupied[BH_SLEEP_MINUTES_MAX];	/**< someone was in bed */
	bool up[BH_SLEEP_MINUTES_MAX]; /**< sat, hung the legs out, or was gone for a part of it */
	enum bh_sleep minute[BH_SLEEP_MINUTES_MAX];
};

/**
 * @brief Score one night of epochs, from first entering to last leaving, by Cole-Kripke with
 * Webster's rescoring; out of bed is wake, and so is what comes before the first ten minutes of sleep
 * of which at most one is wake.
 *
 * Beside a minute without data a formula sees only a part of what it needs: there a minute that would
 * be sleep is unknown.
 * @param legs The night's leg movements with their series (bh_night_legs()): bh_sleep_rhythm() takes
 * their seconds off.
 * @return 0; -ENODATA if the bed was not used or the bed cannot tell movement; -ENOMEM.
 */
int bh_sleep_score(const struct bh_past_night *past, const struct bh_leg_movement *legs,
		   size_t n_legs, struct bh_sleep_night *ret);

/** Seconds of each minute with movement that a rhythm of the legs explains, or does not, 0..60. */
struct bh_sleep_rhythm {
	uint8_t any_s[BH_SLEEP_MINUTES_MAX];  /**< of any series, and of what happens within one */
	uint8_t long_s[BH_SLEEP_MINUTES_MAX]; /**< of the legs of long series alone */
	/** Of large movements that no rhythm explains: they were counted, faint ones of legs may not
	 * have been, and are not to be taken off these. */
	uint8_t large_s[BH_SLEEP_MINUTES_MAX];
};

/**
 * @brief Find the movements that are no wakefulness: legs that move in a rhythm, by the AASM's rules,
 * which a missed or doubled movement does not end, and whatever moves while a series of the WASM's
 * goes on. Before sleep legs move in short clusters (Michaud 2001): only long series are proof of it.
 *
 * @param legs As bh_sleep_score(). @param start_ms Of minute 0.
 * @return 0 or -ENOMEM; nothing is explained then.
 */
int bh_sleep_rhythm(const struct bh_past_night *past, const struct bh_leg_movement *legs, size_t n,
		    int64_t start_ms, struct bh_sleep_rhythm *ret);

#endif
