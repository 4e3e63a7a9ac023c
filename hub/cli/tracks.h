/* SPDX-License-Identifier: MIT */
/* The rows of the timeline as cells: what is in each column, before anything is printed. */
#ifndef BH_CLI_TRACKS_H
#define BH_CLI_TRACKS_H

#include "hub/core/history.h"

#include <stdbool.h>

/* The widest terminal (terminal.c) less the labels. */
#define BH_COLUMNS_MAX 200
#define BH_LEVELS 8

/** What one cell shows; glyphs and colours are chosen when it is printed. */
enum bh_mark {
	BH_MARK_BLANK,
	BH_MARK_UNKNOWN,
	BH_MARK_PART,  /**< some of the column's time */
	BH_MARK_FULL,  /**< most of it */
	BH_MARK_LEFT,  /**< where a stretch begins: whose leg */
	BH_MARK_RIGHT,
	BH_MARK_BOTH,
	BH_MARK_POINT, /**< something happened here */
	BH_MARK_LEVEL, /**< 0..BH_LEVELS - 1 */
	BH_MARK_LETTER,
	BH_MARK_FAULT, /**< a sensor did not work */
};

struct bh_cell {
	enum bh_mark mark;
	int level;
	char letter;
};

/** How the night's hours lie on the columns. */
struct bh_scale {
	int64_t from_ms;
	int64_t to_ms;
	int columns;
};

/** @brief From the hour before getting in to the hour after getting up. @return false: nobody came. */
bool bh_scale_fit(const struct bh_past_night *past, int columns, struct bh_scale *ret);
/** @return The column of a moment, clamped to the scale. */
int bh_scale_column(const struct bh_scale *scale, int64_t at_ms);

/* Each fills scale->columns cells. */
void bh_track_in_bed(const struct bh_past_night *past, const struct bh_scale *scale,
		     struct bh_cell *ret);
/** Legs over the edge with their side; sitting on the edge as PART. */
void bh_track_legs(const struct bh_past_night *past, const struct bh_scale *scale,
		   struct bh_cell *ret);
/** Any other interval type: FULL and PART by share of the column; UNKNOWN where nobody could tell. */
void bh_track_interval(const struct bh_past_night *past, const struct bh_scale *scale,
		       enum bh_event_type type, struct bh_cell *ret);
/** A POINT where the bed was left, but for the last time: that is the end of the night. */
void bh_track_exits(const struct bh_past_night *past, const struct bh_scale *scale,
		    struct bh_cell *ret);
void bh_track_movement(const struct bh_past_night *past, const struct bh_scale *scale,
		       struct bh_cell *ret);
/** FAULT where a sensor was faulty. */
void bh_track_faults(const struct bh_past_night *past, const struct bh_scale *scale,
		     struct bh_cell *ret);
/** S, L, R, P; E on the edge; - lying: the longest position. UNKNOWN in bed where none was told. */
void bh_track_position(const struct bh_past_night *past, const struct bh_scale *scale,
		       struct bh_cell *ret);
/** One thermometer as levels of [min, max], see bh_track_temperature_range(). */
void bh_track_temperature(const struct bh_past_night *past, const struct bh_scale *scale,
			  enum bh_temp_slot slot, int32_t min_mdegc, int32_t max_mdegc,
			  struct bh_cell *ret);
/** @brief Range of both legs in bed, so that they can be compared; what is cooler, as while warming up,
 *  lies below. @return false: no reading. */
bool bh_track_temperature_range(const struct bh_past_night *past, const struct bh_scale *scale,
				int32_t *ret_min, int32_t *ret_max);

#endif
