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

/** Movements with hardly a pause between them. */
struct bh_jolt_burst {
	int64_t on_ns, off_ns;
	int64_t calm_ns; /**< how long it had been calm before */
	int64_t energy, energy_foot;
	int64_t energy_foot_half[BH_HALVES];
	int64_t peak;
};

struct bh_jolt {
	bool open;	       /**< a burst is under way */
	int64_t calm_since_ns; /**< end of the last movement that broke the calm, or BH_MONO_NONE */
	int64_t last_off_ns;   /**< end of the last movement, or BH_MONO_NONE */
	struct bh_jolt_burst burst;
	/* Peaks of the sleeper's own leg movements. */
	struct bh_levels peaks;
};

void bh_jolt_init(struct bh_jolt *jolt);

/** @brief A leg movement of the sleeper had this peak. */
void bh_jolt_learn(struct bh_jolt *jolt, int64_t peak);

/**
 * @brief A movement ended.
 * @param in_bed_ns Since when someone is in bed.
 */
void bh_jolt_take(struct bh_jolt *jolt, const struct bh_movement *movement, int64_t in_bed_ns,
		  int64_t body_load, struct bh_emit *emit);

/** @brief Judge a burst that is over; once a tick. */
void bh_jolt_pass(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit);

/** @brief Time in bed ended: so did the burst. */
void bh_jolt_end(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit);

#endif
