/* SPDX-License-Identifier: MIT */
/*
 * Simulated nights: a person drawn from a seed, nights of that person, what of each reaches the
 * mattress, and what a mat and three thermometers make of it (science.md section 6). Simulated
 * accuracy is not clinical accuracy: these are our assumptions played back to us.
 *
 * Time is the simulation's own: mono_ns 0 is local noon of the first evening. A night is a pure
 * function of (config, number of the night), so nights can be planned in any order, and no more than
 * one is ever held in memory. The same config gives the same bytes on every machine (random.h).
 *
 * Sampled mats give frames at their rate from ten minutes before the bed is entered until ten
 * minutes after it is left for the day, and one frame in 5 s else; contact mats give a frame on
 * change and once in 10 min; thermometers are read every 30 s, day and night.
 */
#ifndef BH_SIMULATOR_SIMULATOR_H
#define BH_SIMULATOR_SIMULATOR_H

#include "drivers/capture.h"
#include "hub/core/error.h"
#include "hub/core/event.h"
#include "hub/core/finding.h"
#include "hub/core/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bh_sleeper {
#define SLEEPER(ENUM, name, class, text) BH_SLEEPER_##ENUM,
#include "drivers/simulator/sleeper.def"
#undef SLEEPER
	BH_SLEEPER_END,
};

/** Bits of bh_simulation_config.confounders. */
enum bh_confounder {
#define CONFOUNDER(bit, ENUM, name, text) BH_CONFOUNDER_##ENUM = 1 << bit,
#include "drivers/simulator/confounder.def"
#undef CONFOUNDER
};
#define BH_CONFOUNDERS 14

enum bh_sim_mat {
#define SIM_MAT(ENUM, name, kind, rate_hz, text) BH_SIM_MAT_##ENUM,
#include "drivers/simulator/sim_mat.def"
#undef SIM_MAT
	BH_SIM_MAT_END,
};

struct bh_sleeper_info {
	const char *name;
	enum bh_rule_class class; /**< what a rule should find */
	const char *text;
};
struct bh_confounder_info {
	const char *name;
	const char *text;
};
struct bh_sim_mat_info {
	const char *name;
	enum bh_mat_kind kind;
	int rate_hz; /**< 0: on change */
	const char *text;
};

/** @return The row, or NULL past the end. */
const struct bh_sleeper_info *bh_sleeper_info(enum bh_sleeper sleeper);
const struct bh_sim_mat_info *bh_sim_mat_info(enum bh_sim_mat mat);
/** @param i 0..BH_CONFOUNDERS-1; its bit is 1 << i. */
const struct bh_confounder_info *bh_confounder_info(unsigned int i);
/** @return 0, or -ENOENT. */
int bh_sleeper_from_name(const char *name, enum bh_sleeper *ret);
int bh_sim_mat_from_name(const char *name, enum bh_sim_mat *ret);
/** @brief Bits from names joined by commas; "" is none. @return 0, or -ENOENT. */
int bh_confounders_from_text(const char *text, uint32_t *ret);

/* Ten years: what a history is planned for. */
#define BH_SIM_NIGHTS_MAX 3653
/* A Monday of spring, when cramps are as frequent as over the year; no clocks change for months. */
#define BH_SIM_START_DATE 20260413

struct bh_simulation_config {
	enum bh_sleeper sleeper;
	uint32_t confounders; /**< bits of enum bh_confounder */
	enum bh_sim_mat mat;
	uint64_t seed;	      /**< the person; the sleeper is part of it */
	int nights;	      /**< 1..BH_SIM_NIGHTS_MAX */
	int32_t start_date;   /**< evening of the first night, yyyymmdd */
	int32_t utc_offset_s; /**< of local time, seconds east */
};

/** @brief The healthy sleeper on contact pads, seed 1, 14 nights. */
void bh_simulation_config_init(struct bh_simulation_config *config);

enum bh_sim_truth_kind {
#define TRUTH_EVENT(ENUM) BH_SIM_TRUTH_##ENUM,
#define TRUTH_OWN(ENUM, name) BH_SIM_TRUTH_##ENUM,
#include "drivers/simulator/truth.def"
#undef TRUTH_EVENT
#undef TRUTH_OWN
	BH_SIM_TRUTH_KIND_END,
};

/**
 * @brief One thing that truly happened.
 *
 * Every row is what the body did; `mech` says whether it reached the mattress (over a third of leg
 * movements do not). Score detectors on the rows with mech, rules on the sleeper.
 */
struct bh_sim_truth {
	enum bh_sim_truth_kind kind;
	bool mech;
	enum bh_side side;
	int32_t value;	  /**< unit of the event (event.def); of others: truth.def */
	int64_t start_ns;
	int64_t end_ns;
};

/** @return The name: that of event.def where there is one. */
const char *bh_sim_truth_name(enum bh_sim_truth_kind kind);
/** @return The event type of @p kind, or 0. */
int bh_sim_truth_event_type(enum bh_sim_truth_kind kind);

struct bh_simulation;

/** @return 0, -EINVAL with a line in @p err, or -ENOMEM. Free with bh_simulation_free(). */
int bh_simulation_new(const struct bh_simulation_config *config, struct bh_simulation **ret,
		      struct bh_error *err);
/** Accepts NULL. */
void bh_simulation_free(struct bh_simulation *simulation);
/** @return Geometry, names, wall time of mono_ns 0; what the head of its capture says. */
const struct bh_capture_info *bh_simulation_info(const struct bh_simulation *simulation);
/**
 * @brief The next frame; the caller started @p frame with bh_frame_init(). Allocates nothing.
 * @return 1, or 0 after the last.
 */
int bh_simulation_frame(struct bh_simulation *simulation, struct bh_frame *frame);
/** @return Number of the night that the last frame belongs to, from 0. */
int bh_simulation_night(const struct bh_simulation *simulation);
/**
 * @brief Truth of one night, by start time; valid until the next call with another night.
 * Does not disturb the frames.
 */
const struct bh_sim_truth *bh_simulation_truth(struct bh_simulation *simulation, int night,
					       size_t *ret_n);

/**
 * @brief What this person would answer: the profile (in the order of profile.def), and the diary of
 * the first @p nights nights, kept on nine mornings of ten. Every key of profile.def is answered, so
 * that "no" is known; `nights` of @p ret stays empty.
 * @return 0, or -ENOMEM. The arrays belong to the simulation until the next call or its end.
 */
int bh_simulation_answers(struct bh_simulation *simulation, int nights, struct bh_history *ret);

/**
 * @brief Write DIR/SLEEPER-MAT-SEED.cap.gz and DIR/SLEEPER-MAT-SEED-truth.csv.
 * @param progress Called once a simulated night; returning false stops the work. May be NULL.
 * @return 0, -ECANCELED, or an error with its place.
 */
int bh_simulate_write(const struct bh_simulation_config *config, const char *dir,
		      bool (*progress)(void *ctx, int night, int nights), void *ctx,
		      struct bh_error *err);

#endif
