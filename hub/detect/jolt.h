/* SPDX-License-Identifier: MIT */
/*
 * Jolts: out of stillness a sudden strong burst of leg movement that lasts, as a cramp looks from
 * outside. What it was, a bed cannot know.
 */
#ifndef BH_DETECT_JOLT_H
#define BH_DETECT_JOLT_H

#include "hub/detect/emit.h"
#include "hub/detect/levels.h"
#include "hub/detect/movement.h"

/* Of so many seconds before it must most be calm. */
#define BH_JOLT_CALM_SECONDS 600

/** Movements with hardly a pause between them. */
struct bh_jolt_burst {
	int64_t on_ns, off_ns;
	unsigned int restless; /**< seconds that were not calm, of those before it */
	int64_t moving_ns;     /**< of it, with movement */
	int64_t energy_foot_half[BH_HALVES];
	int64_t peak;
	int32_t x_from, y_from, x_to, y_to; /**< centre of load before it and at its end */
};

struct bh_jolt {
	bool open; /**< a burst is under way */
	struct bh_jolt_burst burst;
	/* The last seconds: those that were not calm, and how many they were when nothing moved. */
	bool stirred[BH_JOLT_CALM_SECONDS];
	unsigned int newest, n_stirred, n_before;
	/* Peaks of the sleeper's own leg movements. */
	struct bh_levels peaks;
};

void bh_jolt_init(struct bh_jolt *jolt);

/** @brief A leg movement of the sleeper had this peak. */
void bh_jolt_learn(struct bh_jolt *jolt, int64_t peak);

/**
 * @brief A second of the bed has passed.
 * @param calm Someone lay there and did not move. Seconds nobody saw are not calm.
 * @param under_way A movement is: from here on it is not what was before it.
 */
void bh_jolt_second(struct bh_jolt *jolt, bool calm, bool under_way);

/** @brief A movement ended. */
void bh_jolt_take(struct bh_jolt *jolt, const struct bh_movement *movement, int64_t body_load,
		  struct bh_emit *emit);

/**
 * @brief Judge a burst that is over; once a tick.
 * @param risen The sleeper sits on the edge now, or is gone.
 */
void bh_jolt_pass(struct bh_jolt *jolt, bool risen, int64_t body_load, struct bh_emit *emit);

/** @brief Time in bed ended: so did the burst. */
void bh_jolt_end(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit);

#endif
