/* SPDX-License-Identifier: MIT */
/*
 * A calibration: what was found of a bed's sensors on a day, how, and how well. A person asks for
 * one, or the signal path followed a drift; either is a record and is kept for ever.
 */
#ifndef BH_CORE_CALIBRATION_H
#define BH_CORE_CALIBRATION_H

#include "hub/core/mat.h"
#include "hub/core/time_types.h"

#include <stdbool.h>
#include <stdint.h>

enum bh_calibration_kind {
	BH_CALIBRATION_NONE = 0,
#define BH_CALIBRATION(id, ENUM, name, text) BH_CALIBRATION_##ENUM = id,
#include "hub/core/calibration.def"
#undef BH_CALIBRATION
};
#define BH_CALIBRATION_KINDS 5 /* kinds are 1..4: arrays by kind */

enum bh_calibration_step {
#define BH_CALIBRATION_STEP(ENUM, name, text) BH_STEP_##ENUM,
#include "hub/core/calibration.def"
#undef BH_CALIBRATION_STEP
};

enum bh_refusal {
#define BH_REFUSAL(ENUM, name, text) BH_REFUSAL_##ENUM,
#include "hub/core/calibration.def"
#undef BH_REFUSAL
};

/** Why there is a new one. On disk. */
enum bh_calibration_cause {
	BH_CALIBRATED_ASKED = 0,    /**< a person carried it out */
	BH_CALIBRATED_FOLLOWED = 1, /**< the empty level drifted while the bed was surely empty */
	BH_CALIBRATED_EVIDENCE = 2, /**< the level lay below empty: nobody cannot weigh less */
};

/* How the numbers were found; one of another way is not used. */
#define BH_CALIBRATION_VERSION 1
/* 2 KB a struct would not do: a record goes by value. More values come as more parts. */
#define BH_CALIBRATION_PART 16

/**
 * @brief One calibration, or a part of one.
 *
 * (run, bed, kind, at_ns) names it. Values by kind:
 *   EMPTY         load of each zone with nobody in bed, unit of the mat
 *   PERSON        [0] load of the sleeper above empty, unit of the mat
 *   LEGS          [0] left, [1] right: median peak energy of a flexion (science.md 2.2), unit of the
 *                 mat squared
 *   THERMOMETERS  [0] left, [1] right: what the thermometer shows too much, thousandths of a degree
 */
struct bh_calibration {
	enum bh_calibration_kind kind;
	enum bh_calibration_cause cause;
	uint8_t bed;
	uint8_t version;
	int64_t at_ns;
	uint32_t mat_hash;  /**< bh_calibration_mat_hash(): of the mat it is for; 0: of no mat */
	int32_t quality;    /**< what is left of error: EMPTY, PERSON restlessness of the readings (unit
				 of the mat); LEGS spread, permille of the median; THERMOMETERS mdegC */
	uint16_t n_values;  /**< of the whole calibration */
	uint16_t first;	    /**< index of value[0] */
	uint16_t n;	    /**< values here, 1..BH_CALIBRATION_PART */
	int64_t value[BH_CALIBRATION_PART];
};

/** How far a calibration has come. */
struct bh_calibration_progress {
	enum bh_calibration_kind kind; /**< NONE: none was begun */
	enum bh_calibration_step step;
	bool running;
	enum bh_refusal refusal; /**< running: the last obstacle; ended: why it was refused, or NONE */
	int32_t done_permille;
	int32_t count; /**< movements of the leg seen in this step */
};

/** Whether a bed's calibration of a kind can be relied on. */
enum bh_calibration_health {
	BH_CALIBRATION_NOT_NEEDED,
	BH_CALIBRATION_GOOD,
	BH_CALIBRATION_OPTIONAL,  /**< not done; it would make the bed's events better */
	BH_CALIBRATION_MISSING,	  /**< needed and never done */
	BH_CALIBRATION_REFUSED,	  /**< the last attempt was refused; an older one stays in force */
	BH_CALIBRATION_OLD,	  /**< more than a year */
	BH_CALIBRATION_OTHER_MAT, /**< made for another mat, or by an older way: not in force */
};

/** What is known of a bed's newest calibration of one kind. */
struct bh_calibration_status {
	bool known;		     /**< there is one, in force or not */
	bool in_force;
	int64_t at_ms;		     /**< when a person carried it out, or BH_WALL_UNKNOWN */
	int64_t followed_ms;	     /**< when its drift was last followed, or BH_WALL_UNKNOWN */
	int32_t quality;
	enum bh_refusal refusal;     /**< of the last attempt since the start, or NONE */
};

/** @return "empty", "person", "legs", "thermometers"; NULL for no such kind. */
const char *bh_calibration_name(enum bh_calibration_kind kind);
const char *bh_calibration_text(enum bh_calibration_kind kind);
/** @return 0 and the kind, or -ENOENT. */
int bh_calibration_from_name(const char *name, enum bh_calibration_kind *ret);
const char *bh_calibration_step_name(enum bh_calibration_step step);
const char *bh_calibration_step_text(enum bh_calibration_step step);
const char *bh_refusal_name(enum bh_refusal refusal);
const char *bh_refusal_text(enum bh_refusal refusal);
/** @return "asked", "followed", "evidence". */
const char *bh_calibration_cause_name(enum bh_calibration_cause cause);
/** @return "good", "missing", "old" ... */
const char *bh_calibration_health_name(enum bh_calibration_health health);

/** @return Never 0: kind, zones and their places; of BH_MAT_NONE 0. */
uint32_t bh_calibration_mat_hash(const struct bh_mat *mat);

/**
 * @brief How a bed stands with a kind.
 * @param capabilities BH_CAN_* of the bed as its sensors give them.
 * @param now_ms Wall time, or BH_WALL_UNKNOWN: then nothing is old.
 */
enum bh_calibration_health bh_calibration_health(enum bh_calibration_kind kind,
						 uint32_t capabilities,
						 const struct bh_calibration_status *status,
						 int64_t now_ms);
/** @return A bed of these BH_CAN_* has a kind that it needs: there is something to look after. */
bool bh_calibration_is_needed(uint32_t capabilities);
/** @return This health is a problem that a person should solve. */
bool bh_calibration_is_problem(enum bh_calibration_health health);

#endif
