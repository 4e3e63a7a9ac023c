/* SPDX-License-Identifier: MIT */
/*
 * One planned night: where the body is (phases), how it moves (movements), what is true (truth).
 * All times are mono_ns of the simulation; a night runs from its noon to the next.
 */
#ifndef BH_SIMULATOR_PLAN_H
#define BH_SIMULATOR_PLAN_H

#include "drivers/simulator/person.h"

/* A night of 10 h with a phase every 2 min and a movement every 4 s. What does not fit is not
 * planned; bh_plan_night() asserts that it never happens. */
#define BH_PHASES_MAX 512
#define BH_MOVEMENTS_MAX 8192
#define BH_TRUTHS_MAX 12288
#define BH_GAPS_MAX 4

enum bh_body { BH_BODY_OUT, BH_BODY_LYING, BH_BODY_SITTING };

/* Sampled mats are read at their rate so long before and after the bed is used. */
#define BH_ATTEND_NS (10 * BH_NS_PER_MIN)

/** Where the body is from start_ns until the next phase. */
struct bh_phase {
	int64_t start_ns;
	int64_t blend_ns;  /**< how long getting there takes */
	enum bh_body body;
	enum bh_position position; /**< lying */
	enum bh_side side;	   /**< sitting: of the bed */
	enum bh_side leg_out;	   /**< lying: the leg that hangs over the edge; UNKNOWN: none */
	bool legs_hang;		   /**< sitting: for relief, legs free */
	bool visitor;		   /**< someone else */
	uint32_t shape;		   /**< seed of how exactly the limbs lie */
};

enum bh_move {
	BH_MOVE_LEG,	 /**< a leg */
	BH_MOVE_BODY,	 /**< trunk and legs */
	BH_MOVE_JOLT,	 /**< a leg in cramp */
	BH_MOVE_PARTNER, /**< someone beside */
	BH_MOVE_PET,	 /**< a cat stands on the bed */
};

struct bh_movement {
	int64_t start_ns;
	int64_t end_ns;
	enum bh_move kind;
	enum bh_side side;
	int32_t force_g;  /**< at its peak; a pet: its weight */
	uint32_t shape;
};

/** A stretch of time: the hub is off, the feet are uncovered. */
struct bh_gap {
	int64_t start_ns;
	int64_t end_ns;
};

struct bh_plan {
	int night;
	int64_t start_ns; /**< noon */
	int64_t end_ns;	  /**< next noon: 23 to 25 h later */
	int64_t bed_ns;	  /**< first seat on the bed */
	int64_t rise_ns;  /**< left for the day */
	struct bh_gap uncovered; /**< the feet are out of the blanket; start == end: not tonight */
	size_t n_phases, n_movements, n_truths, n_gaps;
	struct bh_phase phase[BH_PHASES_MAX];
	struct bh_movement movement[BH_MOVEMENTS_MAX];
	struct bh_sim_truth truth[BH_TRUTHS_MAX];
	struct bh_gap gap[BH_GAPS_MAX];
};

/** @brief Plan night @p night of @p nights. The same arguments give the same plan. */
void bh_plan_night(const struct bh_person *person, int night, int nights, struct bh_plan *ret);

/** @brief Add a fault of a sensor to the truth; bh_plan_sort() is due after the last. */
void bh_plan_add_fault(struct bh_plan *plan, enum bh_side side, enum bh_fault fault, int64_t start_ns,
		       int64_t end_ns);
/** @brief Bring truth and movements into the order of time. */
void bh_plan_sort(struct bh_plan *plan);

#endif
