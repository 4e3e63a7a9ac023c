/* SPDX-License-Identifier: MIT */
/*
 * The past of a simulated person in two ways, for the accuracy of rules:
 *
 *   by frames  sensor frames of sixteen zones at 10 Hz through the whole line into a history
 *   by events  what truly reached the mattress, with misses and false events as often as the
 *              detectors had them by frames
 *
 * The second is a hundred times quicker, and stands for the first only as far as both agree.
 */
#ifndef BH_TESTS_ACCURACY_PEOPLE_H
#define BH_TESTS_ACCURACY_PEOPLE_H

#include "drivers/simulator/simulator.h"
#include "hub/core/history.h"
#include "hub/store/store.h"

struct person {
	enum bh_sleeper sleeper;
	uint32_t confounders;
	uint64_t seed;
	int nights;
};

/** How one type of event was told: sums over what was looked at. */
struct told {
	long truth;	     /**< events that reached the mattress */
	long found;	     /**< of them told */
	long false_told;     /**< told and not true */
	double false_s;	     /**< how long those lasted */
	double start_late_s; /**< sum over the found: told start minus true start */
	double end_late_s;
};

/** How a bed tells its events. Sums; add those of people together. */
struct telling {
	struct told type[BH_EVENT_TYPE_END];
	/** How long those lasted that were taken for each; [BH_POSITION_UNKNOWN]: for none. */
	double position_s[BH_POSITION_END][BH_POSITION_END];
	double in_bed_s;
	uint32_t capabilities;
	uint64_t not_looked_for;
};

/** Where the histories of people by frames are. */
struct histories {
	const char *folder;
	bool keep; /**< leave them there: the next who asks for the same person need not play it */
};

/** @brief Add @p more to @p sum. */
void telling_add(struct telling *sum, const struct telling *more);

/**
 * @brief By frames: play @p person through driver, detectors and store, and load the history.
 * @param histories Where the history is written, or was by an earlier call: then it is only read.
 * @param telling How the bed told what was true, set. Left empty for people whose hub loses or
 * corrects its clock: their events cannot be laid beside the truth by time.
 * @return 0 or a negative errno with a line in @p err. Free with bh_store_past_free().
 */
int past_by_frames(const struct person *person, const struct histories *histories,
		   struct bh_store_past *ret, struct telling *telling, struct bh_error *err);

struct made_past {
	struct bh_history history;
	void *memory; /**< private */
};

/**
 * @brief By events: the truth of @p person as a bed that tells as @p telling would have it.
 * @return 0 or a negative errno. Free with made_past_free().
 */
int past_by_events(const struct person *person, const struct telling *telling,
		   struct made_past *ret, struct bh_error *err);
void made_past_free(struct made_past *past);

/** @brief The answers of @p person, into @p history; they belong to @p simulation. */
int past_answers(struct bh_simulation *simulation, const struct person *person,
		 struct bh_history *history);

/** @brief The simulation of @p person on @p mat, at UTC. @return 0 or a negative errno. */
int person_simulation(const struct person *person, enum bh_sim_mat mat, struct bh_simulation **ret,
		      struct bh_error *err);

#endif
