/* SPDX-License-Identifier: MIT */
/*
 * Two leg thermometers that were exchanged after they were calibrated against each other. What each
 * shows too much (the bath) is then taken from the other one: off the legs, where both have the
 * temperature of the room, they differ by twice the difference of the bath.
 */
#ifndef BH_DETECT_SWAPPED_H
#define BH_DETECT_SWAPPED_H

#include "hub/core/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct bh_swapped {
	int64_t looked_ns; /**< last look, or BH_MONO_NONE */
	int votes; /**< looks in a row that say so (above 0), or that all is right (below) */
	bool on;
};

void bh_swapped_init(struct bh_swapped *swapped);

/**
 * @brief Look at both levels, at most each ten minutes.
 * @param empty_ns How long nobody has been in bed.
 * @param delta Left less right as shown, less the bath's; @p bath The bath's own: left less right.
 */
void bh_swapped_look(struct bh_swapped *swapped, int64_t now_ns, int64_t empty_ns, int32_t delta,
		     int32_t bath);

#endif
