/* SPDX-License-Identifier: MIT */
/*
 * Percentiles of energies, in quarter octaves, with fading memory and no allocation: fine enough for
 * thresholds that are multiples.
 */
#ifndef BH_DETECT_LEVELS_H
#define BH_DETECT_LEVELS_H

#include <stdint.h>

/* Four bins an octave over the 62 octaves of an int64. */
#define BH_LEVELS_BINS 256

struct bh_levels {
	uint16_t bin[BH_LEVELS_BINS];
	uint32_t n, kept;
};

/** @param kept When so many are in, every count is halved. At most 65535. */
void bh_levels_init(struct bh_levels *levels, uint32_t kept);
void bh_levels_add(struct bh_levels *levels, int64_t energy);
/** @return The level that @p percent of them do not pass, at least 1; 0 if there are none. */
int64_t bh_levels_at(const struct bh_levels *levels, unsigned int percent);

#endif
