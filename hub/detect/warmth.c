/* SPDX-License-Identifier: MIT */
#include "hub/detect/warmth.h"

#include "hub/core/epoch.h"

#include <string.h>

/* science.md section 2.5. */
#define LEVEL_NS (5 * BH_NS_PER_MIN)
#define CONTACT_MDEGC 2000
/* Without a room thermometer: skin under a blanket is above 27 C, bedrooms seldom are. */
#define CONTACT_ALONE_MDEGC 27000

void bh_warmth_init(struct bh_warmth *warmth)
{
	memset(warmth, 0, sizeof(*warmth));
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		warmth->at[i].level = BH_TEMP_UNKNOWN;
}

static int32_t median(const int32_t *values, unsigned int n)
{
	int32_t sorted[BH_WARMTH_KEPT];

	for (unsigned int i = 0; i < n; i++) {
		unsigned int k = i;

		for (; k > 0 && sorted[k - 1] > values[i]; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = values[i];
	}
	return n % 2 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static void see_level(struct bh_thermometer *t, int64_t now_ns)
{
	int32_t recent[BH_WARMTH_KEPT];
	unsigned int n = 0;

	for (unsigned int i = 0; i < t->used; i++) {
		unsigned int k = (t->newest + BH_WARMTH_KEPT - i) % BH_WARMTH_KEPT;

		if (now_ns - t->at_ns[k] >= LEVEL_NS)
			break;
		recent[n++] = t->mdegc[k];
	}
	t->used = n;
	t->level = n ? median(recent, n) : BH_TEMP_UNKNOWN;
}

static void see_contact(struct bh_warmth *warmth, struct bh_thermometer *t)
{
	int32_t room = warmth->at[BH_TEMP_ROOM].level;
	bool touches;

	if (t->level == BH_TEMP_UNKNOWN) {
		t->contact = BH_UNKNOWN;
		return;
	}
	touches = room == BH_TEMP_UNKNOWN ? t->level > CONTACT_ALONE_MDEGC
					  : t->level - room > CONTACT_MDEGC;
	t->contact = touches ? BH_YES : BH_NO;
}

void bh_warmth_take(struct bh_warmth *warmth, enum bh_temp_slot slot,
		    const struct bh_temperature *reading)
{
	struct bh_thermometer *t = &warmth->at[slot];

	if (reading->fault != BH_FAULT_NONE || reading->mdegc == BH_TEMP_UNKNOWN ||
	    (t->used > 0 && reading->mono_ns <= t->at_ns[t->newest]))
		return;
	t->newest = (t->newest + 1) % BH_WARMTH_KEPT;
	t->at_ns[t->newest] = reading->mono_ns;
	t->mdegc[t->newest] = reading->mdegc;
	if (t->used < BH_WARMTH_KEPT)
		t->used++;
	see_level(t, reading->mono_ns);
	see_contact(warmth, t);
}

void bh_warmth_tick(struct bh_warmth *warmth, int64_t now_ns)
{
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		if (t->used == 0 || now_ns - t->at_ns[t->newest] < LEVEL_NS)
			continue;
		t->used = 0;
		t->level = BH_TEMP_UNKNOWN;
		t->contact = BH_UNKNOWN;
	}
}

uint8_t bh_warmth_contact(const struct bh_warmth *warmth)
{
	uint8_t contact = 0;

	if (warmth->at[BH_TEMP_LEFT].contact == BH_YES)
		contact |= BH_CONTACT_LEFT;
	if (warmth->at[BH_TEMP_RIGHT].contact == BH_YES)
		contact |= BH_CONTACT_RIGHT;
	return contact;
}

int64_t bh_warmth_due(const struct bh_warmth *warmth)
{
	int64_t due_ns = INT64_MAX;

	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		const struct bh_thermometer *t = &warmth->at[i];

		if (t->used > 0 && t->at_ns[t->newest] + LEVEL_NS < due_ns)
			due_ns = t->at_ns[t->newest] + LEVEL_NS;
	}
	return due_ns;
}
