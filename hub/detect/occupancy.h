/* SPDX-License-Identifier: MIT */
/*
 * Someone is in bed or not: bed_occupied, bed_enter, bed_exit, not_returned.
 *
 * Enter and exit are told only where the other state was seen before: a hub that starts under a
 * sleeper, or a mat that comes back after a fault, opens bed_occupied and says nothing of entering.
 */
#ifndef BH_DETECT_OCCUPANCY_H
#define BH_DETECT_OCCUPANCY_H

#include "hub/detect/body.h"
#include "hub/detect/emit.h"

struct bh_occupancy {
	enum bh_tri in_bed;	 /**< confirmed */
	enum bh_tri fast;	 /**< for lights */
	int64_t since_ns;	 /**< of in_bed */
	int64_t not_returned_ns; /**< 0: never */
	bool absence_told;
};

void bh_occupancy_init(struct bh_occupancy *occupancy, int64_t not_returned_ns);

/** @brief Follow the fast state; on frames and ticks. */
void bh_occupancy_fast(struct bh_occupancy *occupancy, const struct bh_body *body, int64_t now_ns);

/** @return The next bh_occupancy_tick() will tell an exit (or, first of all, an empty bed). */
bool bh_occupancy_leaves(const struct bh_occupancy *occupancy, const struct bh_body *body,
			 int64_t now_ns);

/** @brief Decide; once a tick. */
void bh_occupancy_tick(struct bh_occupancy *occupancy, const struct bh_body *body,
		       struct bh_emit *emit);

/** @brief The mat cannot be read any more since @p since_ns. */
void bh_occupancy_lose(struct bh_occupancy *occupancy, struct bh_emit *emit, int64_t since_ns);

/** @return Since when someone is in bed; BH_MONO_NONE: nobody is, or it is not known. */
int64_t bh_occupancy_since(const struct bh_occupancy *occupancy);

/** @return When something is due while the bed stays empty: INT64_MAX if nothing. */
int64_t bh_occupancy_due(const struct bh_occupancy *occupancy);

#endif
