/* SPDX-License-Identifier: MIT */
#include "hub/detect/warmth.h"

#include "hub/core/epoch.h"

#include <string.h>

/* science.md section 2.5. */
#define LEVEL_NS (5 * BH_NS_PER_MIN)
#define CONTACT_MDEGC 2000
/* Without a room thermometer: skin under a blanket is above 27 C, bedrooms seldom are. */
#define CONTACT_ALONE_MDEGC 27000

/* science.md section 0: a fall of 2 C in ten minutes while lying. Over when it has risen again. */
#define UNCOVER_FALL_MDEGC 2000
#define UNCOVER_RISE_MDEGC 700
/* It follows the room: within 1 C of it for ten minutes, by someone who has been in bed for half an
 * hour. Bare skin stays well above the room; a thermometer beside the leg does not. */
#define DETACHED_MDEGC 1000
#define DETACHED_NS (10 * BH_NS_PER_MIN)
#define DETACHED_IN_BED_NS (30 * BH_NS_PER_MIN)
#define CONFIDENCE 800

void bh_leg_warmth_init(struct bh_leg_warmth *warmth)
{
	memset(warmth, 0, sizeof(*warmth));
	warmth->in_bed_ns = BH_MONO_NONE;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		warmth->at[i].level = BH_TEMP_UNKNOWN;
		warmth->at[i].like_room = BH_LASTING_NEVER;
	}
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

static void see_contact(struct bh_leg_warmth *warmth, struct bh_thermometer *t)
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

void bh_leg_warmth_take(struct bh_leg_warmth *warmth, enum bh_temp_slot slot,
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

static void fade(struct bh_leg_warmth *warmth, int64_t now_ns)
{
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		if (t->used == 0 || now_ns - t->at_ns[t->newest] < LEVEL_NS)
			continue;
		t->used = 0;
		t->level = BH_TEMP_UNKNOWN;
		t->contact = BH_UNKNOWN;
		t->minutes = 0;
	}
}

static void push_minute(struct bh_thermometer *t)
{
	for (unsigned int i = BH_WARMTH_MINUTES - 1; i > 0; i--)
		t->minute[i] = t->minute[i - 1];
	t->minute[0] = t->level;
	if (t->minutes < BH_WARMTH_MINUTES)
		t->minutes++;
}

static void see_uncover(const struct bh_leg_warmth *warmth, int slot, struct bh_thermometer *t,
			struct bh_emit *emit)
{
	int32_t room = warmth->at[BH_TEMP_ROOM].level;
	struct bh_said said = { .side = slot == BH_TEMP_LEFT ? BH_SIDE_LEFT : BH_SIDE_RIGHT,
				.confidence_permille = CONFIDENCE,
				.sensor = BH_SENSOR_NONE };
	unsigned int highest = 0;

	for (unsigned int i = 1; i < t->minutes; i++)
		if (t->minute[i] > t->minute[highest])
			highest = i;
	if (t->uncover.seq == 0) {
		if (t->minute[highest] - t->level < UNCOVER_FALL_MDEGC ||
		    (room != BH_TEMP_UNKNOWN && t->level <= room))
			return;
		t->highest = t->minute[highest];
		t->lowest = t->level;
		t->lowest_ns = emit->now_ns;
		said.value = t->highest - t->lowest;
		bh_emit_open_own(emit, &t->uncover, BH_EVENT_UNCOVER,
				 emit->now_ns - (int64_t)highest * BH_NS_PER_MIN, &said);
		return;
	}
	if (t->level < t->lowest) {
		t->lowest = t->level;
		t->lowest_ns = emit->now_ns;
		t->uncover.value = t->highest - t->lowest;
	} else if (t->level - t->lowest >= UNCOVER_RISE_MDEGC) {
		bh_emit_close_own(emit, &t->uncover, t->lowest_ns, BH_END_NORMAL);
		t->minutes = 0;
	}
}

static void see_detached(const struct bh_leg_warmth *warmth, struct bh_thermometer *t,
			 int64_t now_ns)
{
	int32_t room = warmth->at[BH_TEMP_ROOM].level;
	bool like_room = room != BH_TEMP_UNKNOWN && t->level - room < DETACHED_MDEGC &&
			 room - t->level < DETACHED_MDEGC;

	bh_lasting_tell(&t->like_room, like_room, now_ns);
	if (now_ns - warmth->in_bed_ns >= DETACHED_IN_BED_NS &&
	    bh_lasting_for(&t->like_room, DETACHED_NS, now_ns))
		t->detached = true;
	if (t->contact == BH_YES)
		t->detached = false;
}

void bh_leg_warmth_tick(struct bh_leg_warmth *warmth, int64_t in_bed_ns, struct bh_emit *emit)
{
	fade(warmth, emit->now_ns);
	warmth->in_bed_ns = in_bed_ns;
	if (in_bed_ns == BH_MONO_NONE || emit->now_ns % BH_NS_PER_MIN != 0)
		return;
	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		if (t->level == BH_TEMP_UNKNOWN)
			continue;
		push_minute(t);
		see_detached(warmth, t, emit->now_ns);
		if (!t->detached)
			see_uncover(warmth, i, t, emit);
		else
			bh_emit_close_own(emit, &t->uncover, emit->now_ns, BH_END_FAULT);
	}
}

void bh_leg_warmth_end(struct bh_leg_warmth *warmth, struct bh_emit *emit, int64_t end_ns,
		       enum bh_end_cause cause)
{
	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		bh_emit_close_own(emit, &t->uncover, end_ns, cause);
		t->minutes = 0;
		t->like_room = BH_LASTING_NEVER;
	}
}

int64_t bh_leg_warmth_due(const struct bh_leg_warmth *warmth)
{
	int64_t due_ns = INT64_MAX;

	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		const struct bh_thermometer *t = &warmth->at[i];

		if (t->used > 0 && t->at_ns[t->newest] + LEVEL_NS < due_ns)
			due_ns = t->at_ns[t->newest] + LEVEL_NS;
	}
	return due_ns;
}

uint8_t bh_leg_warmth_contact(const struct bh_leg_warmth *warmth)
{
	uint8_t contact = 0;

	if (warmth->at[BH_TEMP_LEFT].contact == BH_YES)
		contact |= BH_CONTACT_LEFT;
	if (warmth->at[BH_TEMP_RIGHT].contact == BH_YES)
		contact |= BH_CONTACT_RIGHT;
	return contact;
}
