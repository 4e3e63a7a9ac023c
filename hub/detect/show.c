/* SPDX-License-Identifier: MIT */
/* The fast state: what lights and cards show. */
#include "hub/detect/path.h"

#include <string.h>

/* The share of the last minute moving is shown in steps of this: not a message a second. */
#define SHOW_MOVEMENT_NS (10 * BH_NS_PER_S)
/* A temperature shown follows the median in steps that matter. */
#define SHOW_MDEGC 50

enum bh_position bh_show_position(const struct bh_detect *d)
{
	if (d->occupancy.fast == BH_NO)
		return BH_POSITION_EMPTY;
	if (d->occupancy.fast == BH_UNKNOWN)
		return BH_POSITION_UNKNOWN;
	if (d->edge.fast_legs == BH_YES)
		return bh_emit_is_open(&d->emit, BH_EVENT_LEGS_OVER_EDGE)
			       ? BH_POSITION_LEGS_OVER_EDGE
			       : BH_POSITION_SITTING_ON_EDGE;
	if (!d->body.lying)
		return BH_POSITION_UNKNOWN;
	return d->position.settled != BH_POSITION_UNKNOWN ? d->position.settled : BH_POSITION_LYING;
}

static enum bh_tri open_tri(const struct bh_detect *d, enum bh_event_type type, uint32_t needs)
{
	if (!d->body.readable || d->occupancy.in_bed == BH_UNKNOWN || (d->can & needs) != needs)
		return BH_UNKNOWN;
	return bh_emit_is_open(&d->emit, type) ? BH_YES : BH_NO;
}

/* Pads that show no movement do not show stillness. */
static enum bh_tri shown_restless(const struct bh_detect *d)
{
	enum bh_tri restless = open_tri(d, BH_EVENT_RESTLESS, BH_CAN_MOVEMENT);
	bool unheard = !(d->can & BH_CAN_RESTLESSNESS) && d->occupancy.in_bed == BH_YES;

	return restless == BH_NO && unheard ? BH_UNKNOWN : restless;
}

static int32_t shown_temperature(int32_t shown, int32_t level)
{
	if (level == BH_TEMP_UNKNOWN || shown == BH_TEMP_UNKNOWN)
		return level;
	return level - shown >= SHOW_MDEGC || shown - level >= SHOW_MDEGC ? level : shown;
}

static int32_t shown_movement(const struct bh_detect *d, int64_t now_ns)
{
	if (!(d->can & BH_CAN_MOVEMENT) || !d->body.readable || d->occupancy.in_bed == BH_UNKNOWN)
		return BH_EPOCH_UNKNOWN;
	if (d->occupancy.in_bed == BH_NO)
		return 0;
	if (now_ns % SHOW_MOVEMENT_NS != 0 && d->state.movement_permille != BH_EPOCH_UNKNOWN)
		return d->state.movement_permille;
	return bh_rest_movement_permille(&d->rest);
}

void bh_show(struct bh_detect *d, int64_t now_ns)
{
	struct bh_record record = { .kind = BH_RECORD_STATE };
	struct bh_state *next = &record.u.state;
	bool there = d->occupancy.fast == BH_YES;

	/* Bytes, not members: what is compared below must have the same padding. */
	memcpy(next, &d->state, sizeof(*next));
	next->occupied = d->occupancy.fast;
	next->restless = shown_restless(d);
	next->legs_over_edge = there ? d->edge.fast_legs : BH_UNKNOWN;
	next->leg_out = there ? d->edge.fast_leg_out : BH_UNKNOWN;
	if (d->occupancy.fast == BH_NO && (d->can & BH_CAN_LEGS))
		next->legs_over_edge = BH_NO;
	if (d->occupancy.fast == BH_NO && (d->can & BH_CAN_LEGS) && (d->can & BH_CAN_SIDE))
		next->leg_out = BH_NO;
	next->legs_side = next->legs_over_edge == BH_YES ? d->edge.side
			  : next->leg_out == BH_YES	 ? d->edge.leg_side
							 : BH_SIDE_UNKNOWN;
	next->position = bh_show_position(d);
	next->movement_permille = shown_movement(d, now_ns);
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		next->temp_mdegc[i] =
			shown_temperature(d->state.temp_mdegc[i], d->warmth.at[i].level);
	bh_faults_show(&d->faults, next);
	if (d->state.mono_ns != BH_MONO_NONE && memcmp(next, &d->state, sizeof(*next)) == 0)
		return;
	next->mono_ns = now_ns;
	memcpy(&d->state, next, sizeof(*next));
	d->sink.put(d->sink.ctx, &record);
}
