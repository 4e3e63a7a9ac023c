/* SPDX-License-Identifier: MIT */
/* Position and change of position: intervals from what each second says (posture.h). */
#ifndef BH_DETECT_POSITION_H
#define BH_DETECT_POSITION_H

#include "hub/detect/emit.h"
#include "hub/detect/posture.h"

/** The load of each zone, averaged over seconds: noise goes, a lying body stays. */
struct bh_position_level {
	bool any;
	int32_t load[BH_ZONES_MAX]; /**< above the empty bed, unit of the mat times BH_LEVEL_ONE */
};
#define BH_LEVEL_ONE 64

struct bh_position_keeper {
	enum bh_position settled; /**< of the open interval; UNKNOWN: none is open */
	enum bh_position last;	  /**< the last settled since the bed was entered */
	int64_t told_ns;	  /**< when a second last said `settled` */
	int32_t told_s;		  /**< seconds of the interval that said so, */
	int64_t told_sum;	  /**< and the sum of their confidence */
	int64_t silent_ns;	  /**< when a second last said nothing: the average began anew */
	enum bh_position next;	  /**< another, not yet long enough; UNKNOWN: none */
	int64_t next_ns;	  /**< since when */
	int32_t next_s;
	int64_t next_sum;
};

/** @brief Another second of @p n zones; @p level of zeros begins with it. */
void bh_position_average(struct bh_position_level *level, const int32_t *load, const int32_t *empty,
			 unsigned int n);

void bh_position_init(struct bh_position_keeper *keeper);

/**
 * @brief One second has passed.
 * @param posture What it said, or NULL: nothing (not lying, not readable, the mat cannot tell).
 */
void bh_position_tick(struct bh_position_keeper *keeper, const struct bh_posture *posture,
		      struct bh_emit *emit);

/** @brief Time in bed ended at @p end_ns, or the mat was lost. */
void bh_position_end(struct bh_position_keeper *keeper, struct bh_emit *emit, int64_t end_ns,
		     enum bh_end_cause cause);

#endif
