/* SPDX-License-Identifier: MIT */
/*
 * A pump or a fan that shakes the bed: a line in the spectrum that stays where it is, in the empty bed
 * too. It is told from a sleeper because bodies are not so steady: a heart wanders and movements end.
 * While it lasts movements of a leg drown in it.
 */
#ifndef BH_DETECT_INTERFERENCE_H
#define BH_DETECT_INTERFERENCE_H

#include "hub/core/time_types.h"

#include <stdbool.h>
#include <stdint.h>

/* One look: 12.8 s at 10 Hz. */
#define BH_INTERFERENCE_SAMPLES 128

struct bh_interference {
	int64_t sample[BH_INTERFERENCE_SAMPLES]; /**< change of the load since the sample before */
	unsigned int used;
	int64_t slot_sum; /**< of the readings that make the next sample */
	int slot_n;
	int64_t last_ns; /**< of the last sample, or BH_MONO_NONE */
	int64_t last_load;
	bool moved;	  /**< something moved in this look: without a line it says nothing */
	int line;	  /**< where the line stands, in steps of 1/12.8 Hz */
	int seen, missed; /**< looks in a row with it, and without any */
	int64_t since_ns; /**< when it was first seen */
	int64_t gone_ns;  /**< when it was first missed */
	bool on;
	bool told; /**< and that has been said: by the caller */
};

void bh_interference_init(struct bh_interference *interference);

/** @brief A hole in the readings: the look begins anew. */
void bh_interference_break(struct bh_interference *interference);

/**
 * @brief Add a reading of the whole mat's load, unit of the mat, as it came: a median would bend what
 * swings.
 */
void bh_interference_add(struct bh_interference *interference, int64_t load);

/**
 * @brief What was added is a sample.
 * @param empty Nobody is in bed: every line is one. Else only above what a heart can be.
 * @param moving A movement is under way.
 * @param body_load Of the sleeper, unit of the mat: what is large.
 */
void bh_interference_take(struct bh_interference *interference, int64_t now_ns, bool empty,
			  bool moving, int64_t body_load);

/** @return What moves now is a line, though it may not have lasted long enough to be told. */
bool bh_interference_shakes(const struct bh_interference *interference);

#endif
