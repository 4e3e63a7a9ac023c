/* SPDX-License-Identifier: MIT */
#include "hub/detect/pads.h"

#include "hub/core/epoch.h"

#include <string.h>

/* Pads that hold: as for mats that weigh (science.md section 0). */
#define HOLD_ON_NS (5 * BH_NS_PER_S)
#define HOLD_OFF_NS (10 * BH_NS_PER_S)
#define FAST_ON_NS (BH_NS_PER_S / 2)
/* Who sat on the edge and then is gone has left at once; who lay there may be turning over. */
#define FAST_OFF_NS BH_NS_PER_S
/* Nobody lies on one spot for half a day, and where pads pulse, not for four hours. */
#define STUCK_HOLD_NS (12 * BH_NS_PER_H)
#define STUCK_PULSE_NS (4 * BH_NS_PER_H)

/* Hold or pulse: closed time against the gaps between closures, each capped so that one long
 * absence or one stuck pad cannot decide, over about the last day of use. A bed whose pads hold is
 * closed all night but for a few absences. */
#define HELD_CAP_NS (2 * BH_NS_PER_H)
#define GAP_CAP_NS (5 * BH_NS_PER_MIN)
#define MEMORY_NS (8 * BH_NS_PER_H)
#define CLOSURES_NEEDED 8
#define PULSING_BELOW 2
#define HOLDING_ABOVE 6

#define CONFIDENCE_HOLD 900

void bh_pads_init(struct bh_pads *pads, const struct bh_mat *mat, uint32_t can)
{
	memset(pads, 0, sizeof(*pads));
	pads->mat = mat;
	pads->can = can;
	pads->n = mat->n_zones < BH_PADS_MAX ? mat->n_zones : BH_PADS_MAX;
	pads->closed_since_ns = BH_MONO_NONE;
	pads->open_since_ns = BH_MONO_NONE;
	bh_pulses_init(&pads->pulses);
}

void bh_pads_break(struct bh_pads *pads)
{
	pads->have_frame = false;
	pads->closed_since_ns = BH_MONO_NONE;
	pads->open_since_ns = BH_MONO_NONE;
	bh_pulses_break(&pads->pulses);
}

static int64_t min_ns(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void learn(struct bh_pads *pads, int64_t held_ns, int64_t gap_ns)
{
	pads->held_ns += min_ns(held_ns, HELD_CAP_NS);
	pads->gaps_ns += min_ns(gap_ns, GAP_CAP_NS);
	if (held_ns > 0)
		pads->closures++;
	if (pads->held_ns + pads->gaps_ns > MEMORY_NS) {
		pads->held_ns -= pads->held_ns / 4;
		pads->gaps_ns -= pads->gaps_ns / 4;
	}
	if (pads->closures < CLOSURES_NEEDED)
		return;
	if (pads->held_ns < pads->gaps_ns * PULSING_BELOW)
		pads->pulsing = true;
	else if (pads->held_ns > pads->gaps_ns * HOLDING_ABOVE)
		pads->pulsing = false;
}

/* The union of the working pads changed, or is seen for the first time. */
static void see_union(struct bh_pads *pads, int64_t now_ns)
{
	bool closed = false;

	for (unsigned int i = 0; i < pads->n; i++)
		closed |= pads->pad[i].closed && !pads->pad[i].stuck;
	if (closed == pads->closed &&
	    (closed ? pads->closed_since_ns : pads->open_since_ns) != BH_MONO_NONE)
		return;
	if (closed && pads->open_since_ns != BH_MONO_NONE)
		learn(pads, 0, now_ns - pads->open_since_ns);
	if (!closed && pads->closed_since_ns != BH_MONO_NONE)
		learn(pads, now_ns - pads->closed_since_ns, 0);
	pads->closed = closed;
	pads->closed_since_ns = closed ? now_ns : BH_MONO_NONE;
	pads->open_since_ns = closed ? BH_MONO_NONE : now_ns;
}

void bh_pads_take(struct bh_pads *pads, const struct bh_frame *frame)
{
	for (unsigned int i = 0; i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];
		bool closed = frame->load[i] > 0;

		pad->seen_open |= !closed;
		if (pads->have_frame && closed == pad->closed)
			continue;
		if (pads->have_frame)
			bh_pulses_toggle(&pads->pulses, i, frame->mono_ns);
		pad->closed = closed;
		pad->stuck = false;
		pad->since_ns = frame->mono_ns;
	}
	pads->have_frame = true;
	see_union(pads, frame->mono_ns);
}

static enum bh_side side_of(bool left, bool right)
{
	if (left && right)
		return BH_SIDE_BOTH;
	return left ? BH_SIDE_LEFT : right ? BH_SIDE_RIGHT : BH_SIDE_UNKNOWN;
}

static int64_t stuck_after_ns(const struct bh_pads *pads)
{
	return pads->pulsing ? STUCK_PULSE_NS : STUCK_HOLD_NS;
}

int64_t bh_pads_due(const struct bh_pads *pads)
{
	int64_t due_ns = INT64_MAX;

	for (unsigned int i = 0; i < pads->n; i++)
		if (pads->pad[i].closed && !pads->pad[i].stuck)
			due_ns = min_ns(due_ns, pads->pad[i].since_ns + stuck_after_ns(pads));
	return due_ns;
}

bool bh_pads_stuck(struct bh_pads *pads, int64_t now_ns, enum bh_side *ret_side)
{
	int64_t limit_ns = stuck_after_ns(pads);
	bool left = false, right = false, any = false, changed = false;

	for (unsigned int i = 0; pads->have_frame && i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];

		if (pad->closed && !pad->stuck && now_ns - pad->since_ns >= limit_ns) {
			pad->stuck = true;
			changed = true;
		}
		any |= pad->stuck;
		left |= pad->stuck && pads->mat->zone[i].x_permille < 500;
		right |= pad->stuck && pads->mat->zone[i].x_permille > 500;
	}
	if (changed)
		see_union(pads, now_ns);
	*ret_side = side_of(left, right);
	return any;
}

static bool any_stuck(const struct bh_pads *pads)
{
	bool any = false;

	for (unsigned int i = 0; i < pads->n; i++)
		any |= pads->pad[i].stuck;
	return any;
}

/* A pad that was closed when it was first read may be stuck: who sits on it alone is not known. */
static bool any_never_open(const struct bh_pads *pads)
{
	bool any = false;

	for (unsigned int i = 0; i < pads->n; i++)
		any |= pads->pad[i].closed && !pads->pad[i].seen_open;
	return any;
}

static void see_places(const struct bh_pads *pads, struct bh_body *body)
{
	bool edge_left = false, edge_right = false, has_edges = pads->can & BH_CAN_EDGE;
	bool legs_left = false, legs_right = false, legs_middle = false, trunk = false;
	bool has_left = false, has_right = false, sits = false;
	enum bh_tri yes = any_never_open(pads) ? BH_UNKNOWN : BH_YES;

	for (unsigned int i = 0; i < pads->n; i++) {
		const struct bh_zone *zone = &pads->mat->zone[i];
		bool closed = pads->pad[i].closed && !pads->pad[i].stuck;
		bool legs = (zone->places & BH_AT_LEGS) && !(zone->places & BH_AT_TRUNK);

		has_left |= legs && zone->x_permille < 500;
		has_right |= legs && zone->x_permille > 500;
		if (!closed)
			continue;
		legs_left |= legs && zone->x_permille < 500;
		legs_right |= legs && zone->x_permille > 500;
		legs_middle |= legs && zone->x_permille == 500;
		trunk |= (zone->places & BH_AT_TRUNK) != 0;
		edge_left |= (zone->places & BH_AT_EDGE_LEFT) != 0;
		edge_right |= (zone->places & BH_AT_EDGE_RIGHT) != 0;
	}
	if ((pads->can & BH_CAN_LEGS) && !pads->pulsing && !any_stuck(pads)) {
		bool legs = legs_left || legs_right || legs_middle;
		/* Who lies at the edge with the legs drawn up still has the trunk on its pad. */

		sits = !legs && (has_edges ? edge_left != edge_right && !trunk : trunk);
		body->edge = sits ? yes : BH_NO;
		if (body->edge == BH_YES)
			body->edge_side = side_of(edge_left, edge_right);
	}
	body->lying = pads->closed && !sits;
	if (has_left && has_right && !pads->pulsing && !any_stuck(pads) &&
	    (pads->can & BH_CAN_SIDE)) {
		body->leg_off = BH_NO;
		if (trunk && legs_left != legs_right) {
			body->leg_off = yes;
			body->leg_off_side = legs_left ? BH_SIDE_RIGHT : BH_SIDE_LEFT;
		}
	}
}

/* A working pad of the sleeper's place is closed. */
static bool own_closed(const struct bh_pads *pads)
{
	for (unsigned int i = 0; i < pads->n; i++)
		if (pads->pad[i].closed && !pads->pad[i].stuck &&
		    bh_pulses_is_own(&pads->pulses, i))
			return true;
	return false;
}

void bh_pads_body(struct bh_pads *pads, int64_t now_ns, struct bh_body *ret)
{
	*ret = (struct bh_body){
		/* Beside a stuck pad open ones tell nothing: the body may lie on that one. */
		.readable = pads->have_frame && (pads->closed || pads->pulsing || !any_stuck(pads)),
		.on = pads->closed,
		.off = !pads->closed,
		.on_since_ns = pads->closed_since_ns,
		.off_since_ns = pads->open_since_ns,
		.on_needed_ns = HOLD_ON_NS,
		.off_needed_ns = HOLD_OFF_NS,
		.fast_on_since_ns = pads->closed_since_ns,
		.fast_off_since_ns = pads->open_since_ns,
		.fast_on_ns = FAST_ON_NS,
		.fast_off_ns = pads->from_edge ? 0 : FAST_OFF_NS,
		.load_permille = BH_EPOCH_UNKNOWN,
		.confidence_permille = CONFIDENCE_HOLD,
	};
	see_places(pads, ret);
	if (pads->closed)
		pads->from_edge = ret->edge == BH_YES;
	if (pads->pulsing)
		bh_pulses_body(&pads->pulses, own_closed(pads), now_ns, ret);
}
