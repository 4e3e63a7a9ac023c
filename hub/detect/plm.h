/* SPDX-License-Identifier: MIT */
/*
 * Periodic leg movements, scored as sleep laboratories do: the rules of the World Association of
 * Sleep Medicine of 2016 (Ferri et al., Sleep Med 2016;26:86-95), and the older ones of the AASM.
 * Pure functions over one night's leg movements.
 */
#ifndef BH_DETECT_PLM_H
#define BH_DETECT_PLM_H

#include "hub/core/event.h"

#include <stddef.h>

#define BH_PLM_NEVER INT64_MIN

/** What the rules leave open, and where scorers differ. */
struct bh_plm_rules {
	int64_t join_ns;	/**< movements closer than this are one; BH_PLM_NEVER: none are */
	bool join_inclusive;	/**< a gap of exactly join_ns joins too */
	bool join_one_leg;	/**< first those of one leg; some detectors have done so before */
	bool join_onsets;	/**< two legs are one by their onsets, not by the gap (AASM) */
	int64_t onset_ns;	/**< ... closer than this */
	int64_t min_ns;		/**< shortest movement of a leg */
	int64_t max_ns;		/**< longest movement of one leg */
	int64_t joined_max_ns;	/**< longest movement of both legs together */
	unsigned int parts_max; /**< most movements joined into one */
	int64_t interval_min_ns, interval_max_ns; /**< onset to onset, both inclusive */
	unsigned int run_min;			  /**< movements that make a series */
	bool breaks; /**< a short interval or a movement too long ends the series (WASM); else it
				   is left out and the interval measured on */
};

extern const struct bh_plm_rules bh_plm_wasm_2016;
extern const struct bh_plm_rules bh_plm_aasm;

/** A movement of one leg, and what became of it. */
struct bh_leg_movement {
	int64_t on_ns, off_ns;
	enum bh_side leg; /**< LEFT, RIGHT; BOTH once joined, or from the start */
	uint16_t parts;	  /**< movements joined into this one */
	bool candidate;	  /**< may be part of a series */
	bool periodic;	  /**< is part of one */
	uint32_t series;  /**< number of the series, from 1; 0: none */
};

/** A night in numbers. Intervals are from onset to onset of neighbours, both candidates. */
struct bh_plm_counts {
	uint32_t candidates;
	uint32_t periodic;
	uint32_t series;
	uint32_t intervals;	     /**< between consecutive candidates */
	uint32_t intervals_in_range; /**< 10..90 s */
	int32_t pi_ferri_permille; /**< intervals of 10 < i <= 90 s in sequences of at least three, of
				      all intervals; BH_PLM_UNKNOWN without intervals */
	int32_t pi_ratio_permille; /**< periodic of candidates; BH_PLM_UNKNOWN without candidates */
	int32_t interval_ms;	   /**< geometric mean of the intervals in range; or unknown */
};

#define BH_PLM_UNKNOWN INT32_MIN

/**
 * @brief Join what belongs together (steps 1 to 3 of the rules), in place.
 *
 * @param movements Sorted by onset; leg, on_ns, off_ns set. On return the combined movements, parts
 * and candidate set; those too long or of too many parts stay, as no candidates: they break a series.
 * @return How many are left.
 */
size_t bh_plm_join(struct bh_leg_movement *movements, size_t n, const struct bh_plm_rules *rules);

/** @brief Find the series among joined movements (step 4). @return Number of periodic movements. */
size_t bh_plm_series(struct bh_leg_movement *movements, size_t n, const struct bh_plm_rules *rules);

/**
 * @brief Take out candidates that a breathing event explains: those that touch the time from 2 s
 * before its end to 10.25 s after it (WASM). Call bh_plm_series() again afterwards.
 * @return How many are left.
 */
size_t bh_plm_without_breathing(struct bh_leg_movement *movements, size_t n,
				const int64_t *breath_end_ns, size_t n_breaths);

/** @brief Count a scored night. */
void bh_plm_count(const struct bh_leg_movement *movements, size_t n, struct bh_plm_counts *ret);

/**
 * @brief Natural logarithm of @p value >= 1, in millionths, within 0.000004; integers only.
 */
int32_t bh_ln_micro(int64_t value);

#endif
