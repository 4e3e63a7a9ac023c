/* SPDX-License-Identifier: MIT */
/*
 * The inside of a signal path, shared by detect.c (the walk), intake.c (frames to body and
 * movement) and show.c (the fast state). Nobody else includes it.
 */
#ifndef BH_DETECT_PATH_H
#define BH_DETECT_PATH_H

#include "hub/detect/body.h"
#include "hub/detect/breaks.h"
#include "hub/detect/detect.h"
#include "hub/detect/edge.h"
#include "hub/detect/emit.h"
#include "hub/detect/epochs.h"
#include "hub/detect/faults.h"
#include "hub/detect/features.h"
#include "hub/detect/gap.h"
#include "hub/detect/interference.h"
#include "hub/detect/jolt.h"
#include "hub/detect/legs.h"
#include "hub/detect/movement.h"
#include "hub/detect/occupancy.h"
#include "hub/detect/pads.h"
#include "hub/detect/position.h"
#include "hub/detect/rest.h"
#include "hub/detect/rezero.h"
#include "hub/detect/series.h"
#include "hub/detect/silence.h"
#include "hub/detect/stir.h"
#include "hub/detect/stuck_zone.h"
#include "hub/detect/swapped.h"
#include "hub/detect/warmth.h"
#include "hub/detect/weight.h"

/* A loss of edges is shown for a minute. */
#define BH_OVERFLOW_NS BH_NS_PER_MIN

struct bh_detect {
	struct bh_mat mat;
	uint32_t able;	   /**< what the bed can tell while nothing is wrong with it */
	uint32_t withheld; /**< of it what cannot be told now: a sensor is at fault in part */
	uint32_t can;	   /**< the rest */
	struct bh_sink sink;
	struct bh_emit emit;
	int64_t frame_ns; /**< of the last frame, or BH_MONO_NONE */
	int64_t tick_ns;  /**< the last tick run, or BH_MONO_NONE */
	uint64_t lost;

	/* The mat. */
	struct bh_feature_maker features;
	struct bh_rezero rezero;
	struct bh_pads pads;
	struct bh_weight weight;
	struct bh_mover mover;	   /**< of the whole body; pads: of everything */
	struct bh_mover leg_mover; /**< of the foot end, as a change */
	struct bh_stir stir;	   /**< and as a place, where zones are few */
	struct bh_body body;
	int64_t mat_ns;		 /**< of the last good reading, or BH_MONO_NONE */
	enum bh_fault mat_fault; /**< BH_FAULT_NONE: the mat can be read */
	int64_t mat_bad_ns;	 /**< since when it cannot */
	int64_t overflow_ns;	 /**< when readings were last lost, or BH_MONO_NONE */
	bool mat_lost;		 /**< and that has ended what was going on */
	struct bh_silence silence; /**< of mats that weigh */
	struct bh_interference interference;
	struct bh_stuck_zone stuck_zone;
	bool deaf;		 /**< nobody listens */
	bool unheard;		 /**< the mat is not read since nobody listened: not its fault */
	uint8_t mat_sensor;
	enum bh_fault temp_fault[BH_TEMP_SLOTS];
	uint8_t temp_sensor[BH_TEMP_SLOTS];
	int32_t temp_excess[BH_TEMP_SLOTS]; /**< what each shows too much, by calibration */

	/* The detectors. */
	struct bh_occupancy occupancy;
	struct bh_rest rest;
	struct bh_edge edge;
	struct bh_position_level level;
	struct bh_position_keeper position;
	struct bh_legs legs;
	struct bh_jolt jolt;
	struct bh_series series;
	struct bh_breaks breaks;
	struct bh_leg_warmth warmth;
	struct bh_swapped swapped;
	struct bh_faults faults;
	struct bh_gap gap;
	int64_t temps_read_ns; /**< when a thermometer last had something to say, or BH_MONO_NONE */
	struct bh_epochs epochs;

	struct bh_state state;
};

/* intake.c */

/** @brief Take the mat's part of a frame: its fault, or the body and the movement it shows. */
void bh_intake_mat(struct bh_detect *d, const struct bh_frame *frame);
/** @brief Take the thermometers' part. */
void bh_intake_temperatures(struct bh_detect *d, const struct bh_frame *frame);
/** @brief The mat cannot be read since @p since_ns. */
void bh_intake_mat_fails(struct bh_detect *d, enum bh_fault fault, int64_t since_ns);
/** @brief What the frames show of the mat's faults decides what the bed can tell; each second. */
void bh_intake_withhold(struct bh_detect *d, int64_t now_ns);
/** @brief Open and close sensor_fault as things stand. */
void bh_intake_tell_faults(struct bh_detect *d, int64_t now_ns);
/** @brief A movement that time has ended (pads). */
void bh_intake_pass(struct bh_detect *d, int64_t now_ns);

/* show.c */

/** @return How the sleeper lies or sits as far as the mat can tell. */
enum bh_position bh_show_position(const struct bh_detect *d);
/** @brief Write the fast state, and put it if it changed. */
void bh_show(struct bh_detect *d, int64_t now_ns);

#endif
