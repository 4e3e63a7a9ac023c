/* SPDX-License-Identifier: MIT */
/*
 * Finding a calibration: the same frames as the signal path's go in, a result or a refusal comes out.
 * Pure: no clock, no allocation. An obstacle (somebody moved, a fault) begins the stretch anew and is
 * shown; when patience ends, the last obstacle is the refusal. Nothing is ever guessed.
 *
 * Limits and their sources: hub/detect/README.md, "Calibration".
 */
#ifndef BH_DETECT_CALIBRATE_H
#define BH_DETECT_CALIBRATE_H

#include "hub/core/calibration.h"
#include "hub/core/frame.h"
#include "hub/detect/features.h"
#include "hub/detect/movement.h"

#include <stdbool.h>

/* science.md 2.2: ten flexions a leg. */
#define BH_FLEXIONS 10
/* Ten minutes at one reading every ten seconds, and the one before them. */
#define BH_BATH_KEPT 64

/** What there is to know before. */
struct bh_calibrate_setup {
	enum bh_calibration_kind kind;
	uint8_t bed;
	const struct bh_mat *mat; /**< outlives the calibration */
	uint32_t capabilities;
	const int32_t *empty;  /**< level in force, one a zone; copied */
	bool empty_known;      /**< it comes from a calibration */
	int32_t empty_quality; /**< bh_calibration.quality of that */
	int64_t body_load;     /**< in force, unit of the mat */
	bool changed;	       /**< EMPTY: the bed itself is another; its old level says nothing */
	bool patient;	       /**< wait for ever: a capture ends by itself */
};

/** Numbers around a base, so that squares stay small. */
struct bh_spread {
	int64_t base, n, sum, squares;
};

struct bh_calibrate_zone {
	int32_t raw[2]; /**< the last two frames */
	struct bh_spread level;
};

struct bh_bath {
	int64_t at_ns[BH_BATH_KEPT];
	int32_t mdegc[BH_BATH_KEPT];
	unsigned int first, n;
};

struct bh_calibrate {
	struct bh_calibrate_setup setup;
	struct bh_calibration_progress progress;
	int64_t began_ns; /**< of the first frame, or BH_MONO_NONE */
	int64_t since_ns; /**< of the stretch under way, or BH_MONO_NONE */
	int64_t last_ns;  /**< of the last frame of the stretch */
	unsigned int frames;
	/* EMPTY */
	struct bh_calibrate_zone zone[BH_ZONES_MAX];
	struct bh_spread total, half[2]; /**< PERSON uses total, too */
	/* PERSON and LEGS */
	struct bh_feature_maker maker;
	struct bh_mover mover;	  /**< for the quiet level and the energy */
	struct bh_movement burst; /**< under way: peak above 0 */
	bool armed;		  /**< it has been still since the last one */
	int64_t calm_ns;	  /**< since when the burst is over, or BH_MONO_NONE */
	int64_t step_ns;
	int64_t peak[2][BH_FLEXIONS];
	unsigned int other_leg;
	/* THERMOMETERS */
	struct bh_bath bath[2];
	/* The result. */
	int32_t quality;
	uint16_t n_values;
	int64_t value[BH_ZONES_MAX];
};

/**
 * @brief Begin. A bed that this kind is not for, or a missing empty bed, is refused at once: then
 * progress.running is false.
 */
void bh_calibrate_begin(struct bh_calibrate *calibrate, const struct bh_calibrate_setup *setup);

/**
 * @brief Take a frame, after the signal path.
 * @param occupied The fast state says that somebody is in bed.
 */
void bh_calibrate_frame(struct bh_calibrate *calibrate, const struct bh_frame *frame,
			bool occupied);

/** @brief Let time pass: patience ends also where no frame comes. */
void bh_calibrate_pass(struct bh_calibrate *calibrate, int64_t now_ns);

/** @brief The end of the data, or the person gave up. Does nothing to one that ended. */
void bh_calibrate_stop(struct bh_calibrate *calibrate);

/** @return It ended with a result. */
bool bh_calibrate_is_done(const struct bh_calibrate *calibrate);

/**
 * @brief The part of the result that begins with value @p first.
 * @return Index of the next part; 0 past the end, @p ret is then untouched.
 */
uint16_t bh_calibrate_part(const struct bh_calibrate *calibrate, uint16_t first,
			   struct bh_calibration *ret);

/** @return Square root of the variance; 0 for fewer than two numbers. */
int64_t bh_spread_deviation(const struct bh_spread *spread);
/** @return Mean, rounded; the base if there is no number. */
int64_t bh_spread_mean(const struct bh_spread *spread);
void bh_spread_add(struct bh_spread *spread, int64_t value);

/* calibrate_empty.c, calibrate_body.c, calibrate_bath.c: one kind each; called by calibrate.c. */
void bh_calibrate_empty(struct bh_calibrate *calibrate, const struct bh_frame *frame);
void bh_calibrate_person(struct bh_calibrate *calibrate, const struct bh_frame *frame);
void bh_calibrate_legs(struct bh_calibrate *calibrate, const struct bh_frame *frame);
void bh_calibrate_bath(struct bh_calibrate *calibrate, const struct bh_frame *frame, bool occupied);
/** @brief The stretch begins anew with the next frame. */
void bh_calibrate_again(struct bh_calibrate *calibrate, enum bh_refusal obstacle);
void bh_calibrate_refuse(struct bh_calibrate *calibrate, enum bh_refusal refusal);
void bh_calibrate_accept(struct bh_calibrate *calibrate, uint16_t n_values, int64_t quality);

#endif
