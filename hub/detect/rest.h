/* SPDX-License-Identifier: MIT */
/* Lying, quiet and restless: intervals of time in bed, from seconds with and without movement. */
#ifndef BH_DETECT_REST_H
#define BH_DETECT_REST_H

#include "hub/detect/body.h"
#include "hub/detect/emit.h"
#include "hub/detect/lasting.h"

/* Restlessness looks at five minutes, second by second. */
#define BH_REST_SECONDS 300
#define BH_REST_MINUTES 5

struct bh_rest {
	bool exact;
	struct bh_lasting lying, not_lying;
	bool is_lying;
	int64_t lying_since_ns;
	int64_t blind_ns;      /**< the last second whose movement is not known, or BH_MONO_NONE */
	int64_t last_moved_ns; /**< end of the last second with movement, or BH_MONO_NONE */
	int64_t calm_since_ns; /**< the last second that was not calm */
	/* Ring of seconds, the newest at `newest`, and counts of its five minutes, newest first. */
	uint8_t moved[BH_REST_SECONDS];
	unsigned int newest;
	uint16_t minute[BH_REST_MINUTES];
	uint32_t restless_moved; /**< of the open restless interval */
};

/** @param exact No second counts as moving in which nothing did: toggles of pads begin and end at once. */
void bh_rest_init(struct bh_rest *rest, bool exact);

/** @brief Follow the body; on frames and ticks. */
void bh_rest_take(struct bh_rest *rest, const struct bh_body *body, int64_t now_ns);

/**
 * @brief One second has passed.
 * @param in_bed_ns Since when occupancy is confirmed; BH_MONO_NONE: it is not.
 * @param moved There was movement in this second.
 */
void bh_rest_tick(struct bh_rest *rest, const struct bh_body *body, int64_t in_bed_ns, bool moved,
		  struct bh_emit *emit);

/**
 * @brief Movement cannot be known in the second that ends at @p now_ns. What was quiet or restless
 * ends there as of a fault, and neither begins before it. Before bh_rest_tick() of that second.
 */
void bh_rest_blind(struct bh_rest *rest, struct bh_emit *emit, int64_t now_ns);

/** @brief Time in bed ended at @p end_ns: out of bed, or the mat was lost. */
void bh_rest_end(struct bh_rest *rest, struct bh_emit *emit, int64_t end_ns,
		 enum bh_end_cause cause);

/** @return Share of the last minute moving, permille. */
int32_t bh_rest_movement_permille(const struct bh_rest *rest);

#endif
