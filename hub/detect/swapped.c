/* SPDX-License-Identifier: MIT */
#include "hub/detect/swapped.h"

#include "hub/core/time_types.h"

/* Off the legs for an hour, a thermometer has the temperature of the room, wherever it lies. */
#define OFF_LEGS_NS BH_NS_PER_H
#define LOOK_EVERY_NS (10 * BH_NS_PER_MIN)
/* An hour of looks that agree. */
#define VOTES 6
/* Thermometers that differ by less than this look the same in either place: the bath leaves up to a
 * tenth of a degree (science.md 2.5), and exchanged they must stand out from it on both sides. */
#define BATH_MIN_MDEGC 200
/* How near the difference must be to what is expected, as a part of twice the bath's. */
#define NEAR_DIVISOR 4

void bh_swapped_init(struct bh_swapped *swapped)
{
	*swapped = (struct bh_swapped){ .looked_ns = BH_MONO_NONE };
}

static int32_t size_of(int32_t value)
{
	return value < 0 ? -value : value;
}

void bh_swapped_look(struct bh_swapped *swapped, int64_t now_ns, int64_t empty_ns, int32_t delta,
		     int32_t bath)
{
	int32_t exchanged = -2 * bath, near = size_of(exchanged) / NEAR_DIVISOR;

	if (size_of(bath) < BATH_MIN_MDEGC || empty_ns < OFF_LEGS_NS) {
		swapped->votes = 0;
		return;
	}
	if (swapped->looked_ns != BH_MONO_NONE && now_ns - swapped->looked_ns < LOOK_EVERY_NS)
		return;
	swapped->looked_ns = now_ns;
	if (size_of(delta - exchanged) < near)
		swapped->votes = swapped->votes > 0 ? swapped->votes + 1 : 1;
	else if (size_of(delta) < near)
		swapped->votes = swapped->votes < 0 ? swapped->votes - 1 : -1;
	else
		swapped->votes = 0;
	if (swapped->votes >= VOTES)
		swapped->on = true;
	if (swapped->votes <= -VOTES)
		swapped->on = false;
}
