/* SPDX-License-Identifier: MIT */
/*
 * The body as the mat shows it now: the common language of pads, strips, matrix and load cells.
 * pads.c and weight.c write it; the detectors of occupancy, lying and edge read only this.
 */
#ifndef BH_DETECT_BODY_H
#define BH_DETECT_BODY_H

#include "hub/core/state.h"

/**
 * @brief What the mat shows.
 *
 * on and off may both be false (between the two thresholds: whatever was true stays true). The
 * *_needed_ns say how long each must last before it is believed; they differ between mats that
 * hold (5 s and 10 s) and pads that only pulse.
 */
struct bh_body {
	bool readable;	      /**< false: nothing below means anything */
	bool on;	      /**< weight is on the bed */
	bool off;	      /**< no weight is on the bed */
	int64_t on_since_ns;  /**< BH_MONO_NONE unless on */
	int64_t off_since_ns; /**< BH_MONO_NONE unless off */
	int64_t on_needed_ns;
	int64_t off_needed_ns;
	/* The fast state: since when, and how long it must last. */
	int64_t fast_on_since_ns, fast_off_since_ns;
	int64_t fast_on_ns, fast_off_ns;
	bool lying;	  /**< the load lies along the bed */
	enum bh_tri edge; /**< the load sits on the edge, legs off the mat */
	enum bh_side edge_side; /**< of the bed */
	/** What shows it closed by itself on an empty bed: a sensor that fails does so, too. */
	bool edge_doubted;
	enum bh_tri leg_off; /**< one leg zone carries nothing, the other does */
	enum bh_side leg_off_side; /**< the leg */
	int32_t load_permille; /**< of the learned body load, or BH_EPOCH_UNKNOWN */
	int16_t confidence_permille;
};

#endif
