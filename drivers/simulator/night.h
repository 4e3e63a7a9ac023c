/* SPDX-License-Identifier: MIT */
/* The making of one night's plan, shared by the files that make it. */
#ifndef BH_SIMULATOR_NIGHT_H
#define BH_SIMULATOR_NIGHT_H

#include "drivers/simulator/plan.h"

#define BH_S(seconds) ((int64_t)((seconds) * 1000.0) * BH_NS_PER_MS)
#define BH_MIN(minutes) BH_S((minutes) * 60.0)
#define BH_H(hours) BH_S((hours) * 3600.0)

/* Two trips an hour for ten hours. */
#define BH_BREAKS_MAX 64
#define BH_SPANS_MAX 256

/** Why lying is interrupted. */
enum bh_break_kind {
	BH_BREAK_WAKE,	   /**< awake and restless in bed, then another position */
	BH_BREAK_RESTLESS, /**< a restless bout */
	BH_BREAK_TOILET,
	BH_BREAK_WALK,
	BH_BREAK_HANG,
	BH_BREAK_JOLT,
	BH_BREAK_LIE_AWAKE, /**< awake, hardly moving */
};

struct bh_break {
	int64_t at_ns;
	enum bh_break_kind kind;
};

/** A stretch of time in which the sleeper is asleep, or restless, or calm after relief. */
struct bh_span {
	int64_t start_ns;
	int64_t end_ns;
};

struct bh_spans {
	size_t n;
	struct bh_span span[BH_SPANS_MAX];
};

struct bh_making {
	const struct bh_person *person;
	struct bh_plan *plan;
	struct bh_random random;	/* the body's */
	struct bh_random disturbance;	/* the confounders' */
	double jolt_rate;		/* tonight */
	double restless_rate;		/* tonight */
	size_t n_breaks;
	struct bh_break brk[BH_BREAKS_MAX];
	struct bh_spans asleep;
	struct bh_spans restless;
	struct bh_spans calm;		/* settled after relief: fewer movements */
	struct bh_spans still;		/* before a jolt: no movement at all */
	struct bh_spans sore;		/* after a jolt: more movements */
	struct bh_spans before_sleep;	/* lying awake before the first sleep */
};

/* plan.c: adding to a plan. */
void bh_add_span(struct bh_spans *spans, int64_t start_ns, int64_t end_ns);
bool bh_in_spans(const struct bh_spans *spans, int64_t ns);
void bh_add_truth(struct bh_making *making, enum bh_sim_truth_kind kind, enum bh_side side, bool mech,
		  int32_t value, int64_t start_ns, int64_t end_ns);
void bh_add_phase(struct bh_making *making, const struct bh_phase *phase);
void bh_add_movement(struct bh_making *making, enum bh_move kind, enum bh_side side, int64_t start_ns,
		     int64_t dur_ns, double force_g);
/** @brief Whether the body lies at @p ns, and in which position. */
const struct bh_phase *bh_phase_at(const struct bh_plan *plan, int64_t ns);
/** @brief A leg movement: truth, and a movement of the mattress if it is among those that reach it. */
void bh_add_leg_movement(struct bh_making *making, struct bh_random *random, enum bh_side side,
			 int64_t start_ns, int64_t dur_ns);
enum bh_side bh_draw_side(struct bh_random *random);

/* breaks.c: what will interrupt the night. */
void bh_draw_breaks(struct bh_making *making);
/* layout.c: phases, sleep and wake. */
void bh_lay_out(struct bh_making *making);
/* movements.c: how the body moves in them. */
void bh_draw_movements(struct bh_making *making);
/* disturbances.c: partner, pet, breathing, power, clock. */
void bh_draw_disturbances(struct bh_making *making, int nights);

/* tell.c: what it all amounts to. */
void bh_tell(struct bh_making *making);

#endif
