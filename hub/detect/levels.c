/* SPDX-License-Identifier: MIT */
#include "hub/detect/levels.h"

#include <string.h>

void bh_levels_init(struct bh_levels *levels, uint32_t kept)
{
	memset(levels, 0, sizeof(*levels));
	levels->kept = kept;
}

static unsigned int bin_of(int64_t energy)
{
	unsigned int octave;

	if (energy < 1)
		energy = 1;
	octave = 63u - (unsigned int)__builtin_clzll((unsigned long long)energy);
	if (octave < 2)
		return octave * 4;
	return octave * 4 + (unsigned int)((energy >> (octave - 2)) & 3);
}

/* The middle of a bin. */
static int64_t energy_of(unsigned int bin)
{
	unsigned int octave = bin / 4;

	if (octave < 3)
		return octave < 2 ? INT64_C(1) << octave : 4 + bin % 4;
	return (INT64_C(9) + bin % 4 * 2) << (octave - 3);
}

void bh_levels_add(struct bh_levels *levels, int64_t energy)
{
	levels->bin[bin_of(energy)]++;
	if (++levels->n < levels->kept)
		return;
	levels->n = 0;
	for (unsigned int i = 0; i < BH_LEVELS_BINS; i++) {
		levels->bin[i] /= 2;
		levels->n += levels->bin[i];
	}
}

int64_t bh_levels_at(const struct bh_levels *levels, unsigned int percent)
{
	uint32_t below = 0;

	for (unsigned int i = 0; i < BH_LEVELS_BINS; i++) {
		below += levels->bin[i];
		if (below > 0 && below * 100 >= levels->n * percent)
			return energy_of(i);
	}
	return 0;
}
