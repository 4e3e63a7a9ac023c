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
/* Skin that is uncovered falls by two to four degrees before it steadies (science.md section 6). What
 * falls by more in that time was on no leg: the thermometer has come off. */
#define SKIN_FALL_MDEGC 5000
/* Back on a leg it rises by more than that leg ever does from one minute to the next. */
#define BACK_ON_MDEGC 2000
/* So long a fall is watched before it is told: a thermometer that comes off falls on, and one blanket
 * uncovers both legs within minutes. */
#define UNCOVER_WAIT_NS (5 * BH_NS_PER_MIN)
/* A level this near its highest, or its lowest, is still there. */
#define STEADY_MDEGC 200
/* The median of five minutes is as old as its middle. */
#define MEDIAN_LAG_NS (LEVEL_NS / 2)
/* Someone who is up this many minutes does not lie. */
#define UP_MINUTES 2
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
	warmth->up_ns = BH_MONO_NONE;
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

static void end_fall(struct bh_leg_warmth *warmth, struct bh_thermometer *t, int64_t end_ns,
		     enum bh_end_cause cause)
{
	if (!t->cool)
		return;
	t->cool = false;
	warmth->warm_ns = end_ns;
	warmth->warm_cause = cause;
}

static void fade(struct bh_leg_warmth *warmth, int64_t now_ns)
{
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		if (t->used == 0 || now_ns - t->at_ns[t->newest] < LEVEL_NS)
			continue;
		t->used = 0;
		end_fall(warmth, t, now_ns, BH_END_FAULT);
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

static unsigned int highest_minute(const struct bh_thermometer *t)
{
	unsigned int highest = 0;

	for (unsigned int i = 1; i < t->minutes; i++)
		if (t->minute[i] > t->minute[highest])
			highest = i;
	return highest;
}

static void begin_fall(struct bh_thermometer *t, int32_t highest, int64_t now_ns)
{
	unsigned int began = 0;

	while (t->minute[began] < highest - STEADY_MDEGC)
		began++;
	t->cool = true;
	t->cool_since_ns = now_ns - (int64_t)began * BH_NS_PER_MIN - MEDIAN_LAG_NS;
	t->cool_seen_ns = now_ns;
	t->highest = highest;
	t->lowest = t->level;
	t->lowest_ns = now_ns;
}

/* Has this leg cooled towards the room, or its thermometer come off, or has either been mended? */
static void see_cooling(struct bh_leg_warmth *warmth, struct bh_thermometer *t, int64_t now_ns)
{
	int32_t room = warmth->at[BH_TEMP_ROOM].level;
	int32_t highest = t->minute[highest_minute(t)], fall = highest - t->level;

	if ((t->cool || t->came_off) && t->level < t->lowest)
		t->lowest = t->level;
	if (t->cool && t->level - t->lowest <= STEADY_MDEGC)
		t->lowest_ns = now_ns;
	if ((t->cool && t->level - t->lowest >= UNCOVER_RISE_MDEGC) ||
	    (t->came_off && t->level - t->lowest >= BACK_ON_MDEGC)) {
		end_fall(warmth, t, t->lowest_ns - MEDIAN_LAG_NS, BH_END_NORMAL);
		t->came_off = false;
		t->minutes = 0;
	} else if (fall > SKIN_FALL_MDEGC && !t->came_off) {
		end_fall(warmth, t, now_ns, BH_END_FAULT);
		t->came_off = true;
		t->lowest = t->level;
	} else if (!t->cool && !t->came_off && fall >= UNCOVER_FALL_MDEGC &&
		   (room == BH_TEMP_UNKNOWN || t->level > room)) {
		begin_fall(t, highest, now_ns);
	}
}

/* What both legs amount to: one event, of one leg or of both. */
static void tell_uncover(struct bh_leg_warmth *warmth, struct bh_emit *emit)
{
	struct bh_said said = { .confidence_permille = CONFIDENCE, .sensor = BH_SENSOR_NONE };
	int64_t since_ns = INT64_MAX, seen_ns = INT64_MAX;

	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++) {
		const struct bh_thermometer *t = &warmth->at[i];
		enum bh_side side = i == BH_TEMP_LEFT ? BH_SIDE_LEFT : BH_SIDE_RIGHT;

		if (!t->cool)
			continue;
		said.side = said.side == BH_SIDE_UNKNOWN ? side : BH_SIDE_BOTH;
		if (t->highest - t->lowest > said.value)
			said.value = t->highest - t->lowest;
		if (t->cool_since_ns < since_ns)
			since_ns = t->cool_since_ns;
		if (t->cool_seen_ns < seen_ns)
			seen_ns = t->cool_seen_ns;
	}
	if (said.side == BH_SIDE_UNKNOWN) {
		bh_emit_close_own(emit, &warmth->uncover, warmth->warm_ns, warmth->warm_cause);
		return;
	}
	if (warmth->uncover.seq == 0) {
		if (emit->now_ns - seen_ns >= UNCOVER_WAIT_NS)
			bh_emit_open_own(emit, &warmth->uncover, BH_EVENT_UNCOVER, since_ns, &said);
		return;
	}
	if (said.side != warmth->uncover.side)
		warmth->uncover.side = BH_SIDE_BOTH;
	if (said.value > warmth->uncover.value)
		warmth->uncover.value = said.value;
}

static void see_detached(struct bh_leg_warmth *warmth, struct bh_thermometer *t, int64_t now_ns)
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
	if (t->detached)
		end_fall(warmth, t, now_ns, BH_END_FAULT);
}

void bh_leg_warmth_tick(struct bh_leg_warmth *warmth, int64_t in_bed_ns, bool lying,
			struct bh_emit *emit)
{
	bool lain;

	fade(warmth, emit->now_ns);
	warmth->in_bed_ns = in_bed_ns;
	if (in_bed_ns == BH_MONO_NONE || emit->now_ns % BH_NS_PER_MIN != 0)
		return;
	warmth->up_minutes = lying ? 0 : warmth->up_minutes + 1;
	if (warmth->up_minutes >= UP_MINUTES)
		warmth->up_ns = emit->now_ns;
	/* What the legs did while they hung is in the median for as long as it reaches. */
	lain = warmth->up_ns == BH_MONO_NONE || emit->now_ns - warmth->up_ns > LEVEL_NS;
	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		if (t->level == BH_TEMP_UNKNOWN)
			continue;
		if (!lain)
			t->minutes = 0;
		push_minute(t);
		see_cooling(warmth, t, emit->now_ns);
		see_detached(warmth, t, emit->now_ns);
	}
	tell_uncover(warmth, emit);
}

void bh_leg_warmth_end(struct bh_leg_warmth *warmth, struct bh_emit *emit, int64_t end_ns,
		       enum bh_end_cause cause)
{
	bh_emit_close_own(emit, &warmth->uncover, end_ns, cause);
	warmth->up_minutes = 0;
	warmth->up_ns = BH_MONO_NONE;
	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++) {
		struct bh_thermometer *t = &warmth->at[i];

		t->cool = t->came_off = false;
		t->minutes = 0;
		t->like_room = BH_LASTING_NEVER;
	}
}

bool bh_leg_warmth_loose(const struct bh_leg_warmth *warmth, enum bh_temp_slot slot)
{
	return warmth->at[slot].came_off || warmth->at[slot].detached;
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

	for (int i = BH_TEMP_LEFT; i <= BH_TEMP_RIGHT; i++)
		if (warmth->at[i].contact == BH_YES && !warmth->swapped &&
		    !bh_leg_warmth_loose(warmth, (enum bh_temp_slot)i))
			contact |= i == BH_TEMP_LEFT ? BH_CONTACT_LEFT : BH_CONTACT_RIGHT;
	return contact;
}
