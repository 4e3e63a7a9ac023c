/* SPDX-License-Identifier: MIT */
/*
 * Sitting on the edge, legs over the edge, one leg out of bed.
 *
 * A sit becomes legs_over_edge when it has lasted 90 s: shorter ones belong to getting up and lying
 * down. Its start is then dated back to the start of the sit; it ends with the sit. What the body
 * calls doubted is told when it is over, if it ended as a sit does: by its own sensor.
 */
#ifndef BH_DETECT_EDGE_H
#define BH_DETECT_EDGE_H

#include "hub/core/state.h"
#include "hub/detect/body.h"
#include "hub/detect/emit.h"
#include "hub/detect/lasting.h"

struct bh_edge {
	struct bh_lasting sits, sits_not;
	struct bh_lasting leg_off, leg_on;
	struct bh_lasting fast_sits, fast_sits_not, fast_off, fast_on;
	/** A doubted sit that lasted, to be told when its sensor opens: its beginning, and its end;
	 *  BH_MONO_NONE: there is none, it lasts. */
	int64_t untold_ns, untold_end_ns;
	struct bh_said untold;
	enum bh_side side, leg_side;
	enum bh_tri fast_legs; /**< fast state: legs over the edge */
	enum bh_tri fast_leg_out;
};

void bh_edge_init(struct bh_edge *edge);

/** @brief Follow the body; on frames and ticks. */
void bh_edge_take(struct bh_edge *edge, const struct bh_body *body, int64_t now_ns);

/** @brief Decide; once a tick. */
void bh_edge_tick(struct bh_edge *edge, const struct bh_body *body, bool in_bed, bool lying,
		  struct bh_emit *emit);

/** @return How long the sit under way has lasted; 0 if there is none. */
int64_t bh_edge_sat_ns(const struct bh_edge *edge, int64_t now_ns);

/** @brief Time in bed ended at @p end_ns. */
void bh_edge_end(struct bh_edge *edge, struct bh_emit *emit, int64_t end_ns,
		 enum bh_end_cause cause);

#endif
