/* SPDX-License-Identifier: MIT */
#include "hub/detect/occupancy.h"

#include <string.h>

void bh_occupancy_init(struct bh_occupancy *occupancy, int64_t not_returned_ns)
{
	memset(occupancy, 0, sizeof(*occupancy));
	occupancy->not_returned_ns = not_returned_ns;
}

void bh_occupancy_fast(struct bh_occupancy *occupancy, const struct bh_body *body, int64_t now_ns)
{
	if (!body->readable)
		occupancy->fast = BH_UNKNOWN;
	else if (body->fast_on_since_ns != BH_MONO_NONE &&
		 now_ns - body->fast_on_since_ns >= body->fast_on_ns)
		occupancy->fast = BH_YES;
	else if (body->fast_off_since_ns != BH_MONO_NONE &&
		 now_ns - body->fast_off_since_ns >= body->fast_off_ns)
		occupancy->fast = BH_NO;
}

static struct bh_said said_of(const struct bh_body *body)
{
	return (struct bh_said){ .confidence_permille = body->confidence_permille,
				 .sensor = BH_SENSOR_NONE };
}

static void enter(struct bh_occupancy *occupancy, const struct bh_body *body, struct bh_emit *emit)
{
	struct bh_said said = said_of(body);
	/* Where pads only pulse, the burst may have begun before the last exit was believed. */
	int64_t start_ns = body->on_since_ns;

	if (occupancy->in_bed == BH_NO) {
		if (start_ns < occupancy->since_ns)
			start_ns = occupancy->since_ns;
		bh_emit_close(emit, BH_EVENT_BED_EXIT, start_ns, BH_END_NORMAL);
		bh_emit_instant(emit, BH_EVENT_BED_ENTER, start_ns, start_ns, &said);
	}
	bh_emit_open(emit, BH_EVENT_BED_OCCUPIED, start_ns, &said);
	occupancy->in_bed = BH_YES;
	occupancy->since_ns = start_ns;
}

static void leave(struct bh_occupancy *occupancy, const struct bh_body *body, struct bh_emit *emit)
{
	struct bh_said said = said_of(body);
	int64_t start_ns = body->off_since_ns;

	/* An absence whose beginning was not seen has no length to tell. */
	occupancy->absence_told = occupancy->in_bed != BH_YES;
	if (occupancy->in_bed == BH_YES) {
		if (start_ns < occupancy->since_ns)
			start_ns = occupancy->since_ns;
		bh_emit_close(emit, BH_EVENT_BED_OCCUPIED, start_ns, BH_END_NORMAL);
		bh_emit_open(emit, BH_EVENT_BED_EXIT, start_ns, &said);
	}
	occupancy->in_bed = BH_NO;
	occupancy->since_ns = start_ns;
}

static void tell_absence(struct bh_occupancy *occupancy, struct bh_emit *emit)
{
	int64_t away_ns = emit->now_ns - occupancy->since_ns;
	struct bh_said said = { .confidence_permille = 1000, .sensor = BH_SENSOR_NONE };

	if (occupancy->absence_told || occupancy->not_returned_ns == 0 ||
	    away_ns < occupancy->not_returned_ns)
		return;
	away_ns /= BH_NS_PER_MS;
	said.value = away_ns < INT32_MAX ? (int32_t)away_ns : INT32_MAX;
	bh_emit_instant(emit, BH_EVENT_NOT_RETURNED, emit->now_ns, emit->now_ns, &said);
	occupancy->absence_told = true;
}

bool bh_occupancy_leaves(const struct bh_occupancy *occupancy, const struct bh_body *body,
			 int64_t now_ns)
{
	return body->readable && occupancy->in_bed != BH_NO && body->off &&
	       body->off_since_ns != BH_MONO_NONE &&
	       now_ns - body->off_since_ns >= body->off_needed_ns;
}

void bh_occupancy_tick(struct bh_occupancy *occupancy, const struct bh_body *body,
		       struct bh_emit *emit)
{
	if (!body->readable)
		return;
	if (occupancy->in_bed != BH_YES && body->on &&
	    emit->now_ns - body->on_since_ns >= body->on_needed_ns)
		enter(occupancy, body, emit);
	else if (bh_occupancy_leaves(occupancy, body, emit->now_ns))
		leave(occupancy, body, emit);
	if (occupancy->in_bed == BH_NO)
		tell_absence(occupancy, emit);
}

void bh_occupancy_lose(struct bh_occupancy *occupancy, struct bh_emit *emit, int64_t since_ns)
{
	bh_emit_close(emit, BH_EVENT_BED_OCCUPIED, since_ns, BH_END_FAULT);
	bh_emit_close(emit, BH_EVENT_BED_EXIT, since_ns, BH_END_FAULT);
	occupancy->in_bed = BH_UNKNOWN;
	occupancy->fast = BH_UNKNOWN;
}

int64_t bh_occupancy_due(const struct bh_occupancy *occupancy)
{
	if (occupancy->in_bed != BH_NO || occupancy->absence_told ||
	    occupancy->not_returned_ns == 0)
		return INT64_MAX;
	return occupancy->since_ns + occupancy->not_returned_ns;
}

int64_t bh_occupancy_since(const struct bh_occupancy *occupancy)
{
	return occupancy->in_bed == BH_YES ? occupancy->since_ns : BH_MONO_NONE;
}
