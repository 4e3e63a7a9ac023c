/* SPDX-License-Identifier: MIT */
/*
 * Movement from changes of load, never from presence. On when the energy of change passes six times
 * its own quiet level, off when nothing passes four times that level for half a second (science: the
 * 8/2 microvolt rule of EMG, mirrored). Contact pads: a toggle is a movement.
 */
#ifndef BH_DETECT_MOVEMENT_H
#define BH_DETECT_MOVEMENT_H

#include "hub/detect/features.h"
#include "hub/detect/levels.h"

/* A second of averages at 10 Hz, with room. */
#define BH_MOVEMENT_WINDOW_MAX 16

/** A movement of the body, from on to off. */
struct bh_movement {
	int64_t on_ns;
	int64_t off_ns;
	int64_t energy; /**< sum of change over it */
	int64_t energy_foot;
	int64_t energy_foot_half[BH_HALVES];
	int64_t peak;		/**< largest energy of a window */
	int64_t shaking;	/**< largest mean square change at the foot end over a second */
	bool body;		/**< larger than legs can be */
	int64_t quiet_energy;	/**< what stillness would have had in the same time, of all zones */
	int64_t quiet_foot;	/**< and of the foot end */
	int32_t x_from, y_from; /**< centre of load before it */
	int32_t x_to, y_to;	/**< and at its end */
};

struct bh_mover {
	bool contact;
	bool foot; /**< listens to the foot end alone, where breath and heart do not show */
	/* The window. */
	int64_t window_ns[BH_MOVEMENT_WINDOW_MAX];
	int64_t window[BH_MOVEMENT_WINDOW_MAX];
	unsigned int first, used;
	int64_t sum;
	int64_t empty_ns; /**< when it was last emptied */
	/* The quiet level: 20th percentile of the energy over about ten minutes in bed. */
	struct bh_levels levels;
	int64_t still_all, still_foot; /**< slow means of both energies while still */
	int64_t next_sample_ns;
	int64_t quiet_level; /**< N0; 0 while not known */
	/* The movement under way. */
	bool moving;
	int64_t strong_ns; /**< last sample (pads: toggle) with movement */
	struct bh_movement now;
	int32_t x_still, y_still;
	/* What the second saw. */
	bool moved;
};

/** @param foot Listen to the foot end alone. */
void bh_mover_init(struct bh_mover *mover, enum bh_mat_kind kind, bool foot);

/**
 * @brief Take the numbers of a frame.
 * @param in_bed The quiet level is learned only while someone lies there.
 * @return true if a movement ended; it is in @p ret.
 */
bool bh_mover_take(struct bh_mover *mover, const struct bh_features *f, bool in_bed,
		   struct bh_movement *ret);

/** @brief Let time pass without a frame. @return As bh_mover_take(). */
bool bh_mover_pass(struct bh_mover *mover, int64_t now_ns, struct bh_movement *ret);

/** @return There was movement since the last call. */
bool bh_mover_second(struct bh_mover *mover);

/** @brief A gap or a fault: what was under way is not known. */
void bh_mover_break(struct bh_mover *mover);

#endif
