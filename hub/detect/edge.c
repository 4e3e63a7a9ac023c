/* SPDX-License-Identifier: MIT */
#include "hub/detect/edge.h"

/* science.md section 0: a sit is 10 s; sits under 90 s are exits and entries. */
#define SIT_NS (10 * BH_NS_PER_S)
#define OVER_EDGE_NS (90 * BH_NS_PER_S)
/* A lean of a few seconds does not end a sit. */
#define SIT_END_NS (5 * BH_NS_PER_S)
#define LEG_OUT_NS (10 * BH_NS_PER_S)
/* Lights want it within 5 s; half a second leaves out a touch of the edge in passing. */
#define FAST_NS (BH_NS_PER_S / 2)

void bh_edge_init(struct bh_edge *edge)
{
	*edge = (struct bh_edge){
		.sits = BH_LASTING_NEVER,
		.sits_not = BH_LASTING_NEVER,
		.leg_off = BH_LASTING_NEVER,
		.leg_on = BH_LASTING_NEVER,
		.fast_sits = BH_LASTING_NEVER,
		.fast_sits_not = BH_LASTING_NEVER,
		.fast_off = BH_LASTING_NEVER,
		.fast_on = BH_LASTING_NEVER,
		.untold_ns = BH_MONO_NONE,
		.untold_end_ns = BH_MONO_NONE,
	};
}

/* The condition holds until its opposite has held for a while: gaps shorter than that are bridged. */
static void follow(struct bh_lasting *holds, struct bh_lasting *not_holds, bool now,
		   int64_t bridge_ns, int64_t now_ns)
{
	bh_lasting_tell(not_holds, !now, now_ns);
	if (now)
		bh_lasting_tell(holds, true, now_ns);
	else if (bh_lasting_for(not_holds, bridge_ns, now_ns))
		bh_lasting_tell(holds, false, now_ns);
}

/* The fast state turns when its opposite has held for a moment, too. */
static enum bh_tri fast_of(enum bh_tri before, enum bh_tri now, struct bh_lasting *yes,
			   struct bh_lasting *no, int64_t now_ns)
{
	bh_lasting_tell(yes, now == BH_YES, now_ns);
	bh_lasting_tell(no, now == BH_NO, now_ns);
	if (now == BH_UNKNOWN)
		return BH_UNKNOWN;
	if (bh_lasting_for(yes, FAST_NS, now_ns))
		return BH_YES;
	if (bh_lasting_for(no, FAST_NS, now_ns) || before == BH_UNKNOWN)
		return BH_NO;
	return before;
}

void bh_edge_take(struct bh_edge *edge, const struct bh_body *body, int64_t now_ns)
{
	enum bh_tri fast = body->edge;

	follow(&edge->sits, &edge->sits_not, body->edge == BH_YES, SIT_END_NS, now_ns);
	follow(&edge->leg_off, &edge->leg_on, body->leg_off == BH_YES, SIT_END_NS, now_ns);
	if (body->edge == BH_YES)
		edge->side = body->edge_side;
	if (body->leg_off == BH_YES)
		edge->leg_side = body->leg_off_side;
	if (body->edge_doubted && bh_lasting_for(&edge->sits, OVER_EDGE_NS, now_ns))
		fast = BH_UNKNOWN;
	edge->fast_legs = fast_of(edge->fast_legs, fast, &edge->fast_sits, &edge->fast_sits_not,
				  now_ns);
	edge->fast_leg_out =
		fast_of(edge->fast_leg_out, body->leg_off, &edge->fast_off, &edge->fast_on, now_ns);
}

static void open_or_close(struct bh_emit *emit, enum bh_event_type type,
			  const struct bh_lasting *holds, const struct bh_lasting *not_holds,
			  int64_t needed_ns, const struct bh_said *said)
{
	struct bh_event *open = bh_emit_opened(emit, type);

	if (!open && bh_lasting_for(holds, needed_ns, emit->now_ns)) {
		bh_emit_open(emit, type, holds->since_ns, said);
	} else if (open && holds->since_ns == BH_MONO_NONE) {
		bh_emit_close(emit, type,
			      not_holds->since_ns == BH_MONO_NONE ? emit->now_ns
								  : not_holds->since_ns,
			      BH_END_NORMAL);
	}
}

/* Who sat may lie now, or have left: that it was someone shows when the doubted pad opens. */
static void settle_doubt(struct bh_edge *edge, const struct bh_body *body, bool sits,
			 struct bh_emit *emit)
{
	if (!sits && edge->untold_end_ns == BH_MONO_NONE)
		edge->untold_end_ns = edge->sits_not.since_ns;
	if (body->edge_doubted)
		return;
	/* Who still sits is told as anyone. */
	if (edge->untold_end_ns != BH_MONO_NONE) {
		bh_emit_open(emit, BH_EVENT_LEGS_OVER_EDGE, edge->untold_ns, &edge->untold);
		bh_emit_close(emit, BH_EVENT_LEGS_OVER_EDGE, edge->untold_end_ns, BH_END_NORMAL);
	}
	edge->untold_ns = BH_MONO_NONE;
	edge->untold_end_ns = BH_MONO_NONE;
}

static void tell_legs(struct bh_edge *edge, const struct bh_body *body, struct bh_emit *emit,
		      const struct bh_said *said)
{
	bool sits = edge->sits.since_ns != BH_MONO_NONE;

	if (sits && body->edge_doubted && !bh_emit_is_open(emit, BH_EVENT_LEGS_OVER_EDGE)) {
		if (!bh_lasting_for(&edge->sits, OVER_EDGE_NS, emit->now_ns))
			return;
		edge->untold_ns = edge->sits.since_ns;
		edge->untold_end_ns = BH_MONO_NONE;
		edge->untold = *said;
		return;
	}
	if (edge->untold_ns != BH_MONO_NONE)
		settle_doubt(edge, body, sits, emit);
	open_or_close(emit, BH_EVENT_LEGS_OVER_EDGE, &edge->sits, &edge->sits_not, OVER_EDGE_NS,
		      said);
}

void bh_edge_tick(struct bh_edge *edge, const struct bh_body *body, bool in_bed, bool lying,
		  struct bh_emit *emit)
{
	struct bh_said said = { .side = edge->side,
				.confidence_permille = body->confidence_permille,
				.sensor = BH_SENSOR_NONE };

	bh_edge_take(edge, body, emit->now_ns);
	if (!in_bed)
		return;
	if (body->edge != BH_UNKNOWN) {
		open_or_close(emit, BH_EVENT_EDGE_SIT, &edge->sits, &edge->sits_not, SIT_NS, &said);
		tell_legs(edge, body, emit, &said);
	}
	if (body->leg_off != BH_UNKNOWN && (lying || bh_emit_opened(emit, BH_EVENT_LEG_OUT))) {
		said.side = edge->leg_side;
		open_or_close(emit, BH_EVENT_LEG_OUT, &edge->leg_off, &edge->leg_on, LEG_OUT_NS,
			      &said);
	}
}

/* What a fault leaves of an event it cut back; less than makes one is none. */
static void end_one(struct bh_emit *emit, enum bh_event_type type, int64_t least_ns, int64_t end_ns,
		    enum bh_end_cause cause)
{
	const struct bh_event *open = bh_emit_opened(emit, type);

	if (open && cause == BH_END_FAULT && end_ns - open->start_ns < least_ns)
		end_ns = open->start_ns;
	bh_emit_close(emit, type, end_ns, cause);
}

void bh_edge_end(struct bh_edge *edge, struct bh_emit *emit, int64_t end_ns,
		 enum bh_end_cause cause)
{
	end_one(emit, BH_EVENT_LEG_OUT, LEG_OUT_NS, end_ns, cause);
	end_one(emit, BH_EVENT_LEGS_OVER_EDGE, OVER_EDGE_NS, end_ns, cause);
	end_one(emit, BH_EVENT_EDGE_SIT, SIT_NS, end_ns, cause);
	bh_edge_init(edge);
}

int64_t bh_edge_sat_ns(const struct bh_edge *edge, int64_t now_ns)
{
	return edge->sits.since_ns == BH_MONO_NONE ? 0 : now_ns - edge->sits.since_ns;
}
