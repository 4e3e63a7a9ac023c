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
/* Who sits on one pad moves: of simulated sits the longest is 55 min, and the longest without a
 * toggle of any pad 38 min in 720 nights. */
#define STUCK_ALONE_NS BH_NS_PER_H
/* Who gets in sits down, and within minutes lies down: another pad so soon after the first was closed by
 * the same body. */
#define GETS_IN_NS (5 * BH_NS_PER_MIN)
/* A sleeper may lie on the pad of the trunk alone, for hours without a toggle; not one of whom the
 * pads have shown, over half a night, that they nearly always close another with it. */
#define COMPANY_NEEDED_NS (3 * BH_NS_PER_H)
#define COMPANY_PER_ALONE 20
#define COMPANY_KEPT_NS (48 * BH_NS_PER_H)

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
	pads->toggled_ns = BH_MONO_NONE;
	bh_pulses_init(&pads->pulses);
}

void bh_pads_break(struct bh_pads *pads)
{
	pads->have_frame = false;
	pads->closed_since_ns = BH_MONO_NONE;
	pads->open_since_ns = BH_MONO_NONE;
	pads->toggled_ns = BH_MONO_NONE;
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

/* The only working pad that is closed, or NULL. */
static struct bh_pad *alone(struct bh_pads *pads)
{
	struct bh_pad *ret = NULL;

	for (unsigned int i = 0; i < pads->n; i++) {
		if (!pads->pad[i].closed || pads->pad[i].stuck)
			continue;
		if (ret)
			return NULL;
		ret = &pads->pad[i];
	}
	return ret;
}

/* Since the last toggle pads were closed together or one by itself: learn which do what. A pad that is
 * closed by itself is believed only when it opens: a stuck one would not. */
static void learn_company(struct bh_pads *pads, const struct bh_frame *frame)
{
	int64_t for_ns = frame->mono_ns - pads->toggled_ns;
	struct bh_pad *only = alone(pads);

	if (pads->toggled_ns == BH_MONO_NONE)
		return;
	for (unsigned int i = 0; i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];

		if (!only && pad->closed && !pad->stuck)
			pad->company_ns += for_ns;
		if (pad == only && frame->load[i] <= 0)
			pad->alone_ns += for_ns;
		if (pad->company_ns + pad->alone_ns > COMPANY_KEPT_NS) {
			pad->company_ns /= 2;
			pad->alone_ns /= 2;
		}
	}
}

static bool any_toggles(const struct bh_pads *pads, const struct bh_frame *frame)
{
	bool any = false;

	for (unsigned int i = 0; i < pads->n; i++)
		any |= pads->pad[i].closed != (frame->load[i] > 0);
	return any;
}

/* The first reading, or the first after a fault. A pad that was stuck before it still is. */
static void take_first(struct bh_pads *pads, const struct bh_frame *frame)
{
	for (unsigned int i = 0; i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];
		bool closed = frame->load[i] > 0;

		pad->seen_open |= !closed;
		pad->stuck &= closed;
		pad->alone_from_empty &= closed;
		if (pad->stuck)
			continue;
		pad->closed = closed;
		pad->since_ns = frame->mono_ns;
	}
	pads->toggled_ns = frame->mono_ns;
	pads->have_frame = true;
}

/* Pad @p i has toggled: those that closed by themselves a moment before belong to the same body. */
static void vouch(struct bh_pads *pads, unsigned int i, int64_t now_ns)
{
	for (unsigned int k = 0; k < pads->n; k++)
		if (k == i || now_ns - pads->pad[k].since_ns < GETS_IN_NS)
			pads->pad[k].alone_from_empty = false;
}

static void take_toggles(struct bh_pads *pads, const struct bh_frame *frame)
{
	bool was_empty = !pads->closed && pads->open_since_ns != BH_MONO_NONE &&
			 frame->mono_ns - pads->open_since_ns >= HOLD_OFF_NS;
	struct bh_pad *only;

	learn_company(pads, frame);
	for (unsigned int i = 0; i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];

		if (pad->closed == (frame->load[i] > 0))
			continue;
		bh_pulses_toggle(&pads->pulses, i, frame->mono_ns);
		pad->closed = !pad->closed;
		pad->seen_open |= !pad->closed;
		vouch(pads, i, frame->mono_ns);
		pad->stuck = false;
		pad->since_ns = frame->mono_ns;
	}
	only = alone(pads);
	if (only && was_empty)
		only->alone_from_empty = true;
	pads->toggled_ns = frame->mono_ns;
}

void bh_pads_take(struct bh_pads *pads, const struct bh_frame *frame)
{
	if (!pads->have_frame)
		take_first(pads, frame);
	else if (any_toggles(pads, frame))
		take_toggles(pads, frame);
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

static bool any_stuck(const struct bh_pads *pads)
{
	bool any = false;

	for (unsigned int i = 0; i < pads->n; i++)
		any |= pads->pad[i].stuck;
	return any;
}

/*
 * Is it odd that the body is on this pad alone? Where pads of the trunk and of the legs lie apart, who
 * gets in closes more than one, who lies on the legs also lies on the trunk, and who sits moves. Beside a
 * stuck pad nobody knows what is alone.
 */
static bool is_odd_alone(const struct bh_pads *pads, const struct bh_pad *pad)
{
	uint8_t places = pads->mat->zone[pad - pads->pad].places;

	if (pads->pulsing || !(pads->can & BH_CAN_LEGS) || any_stuck(pads))
		return false;
	if (!pad->seen_open || pad->alone_from_empty || !(places & BH_AT_TRUNK) ||
	    !(pads->can & BH_CAN_EDGE))
		return true;
	return pad->company_ns >= COMPANY_NEEDED_NS &&
	       pad->alone_ns * COMPANY_PER_ALONE <= pad->company_ns;
}

int64_t bh_pads_due(const struct bh_pads *pads)
{
	int64_t due_ns = INT64_MAX;

	for (unsigned int i = 0; i < pads->n; i++)
		if (pads->pad[i].closed && !pads->pad[i].stuck)
			due_ns = min_ns(due_ns, pads->pad[i].since_ns + stuck_after_ns(pads));
	return due_ns;
}

/* A pad has failed at @p now_ns. What it showed by itself was nobody, since anything last toggled. */
static int64_t fail(struct bh_pads *pads, struct bh_pad *pad, int64_t now_ns)
{
	int64_t since_ns = pad == alone(pads) && !pads->pulsing ? pads->toggled_ns : now_ns;

	pad->stuck = true;
	see_union(pads, since_ns);
	return since_ns;
}

bool bh_pads_stuck(struct bh_pads *pads, int64_t now_ns, enum bh_side *ret_side,
		   int64_t *ret_since_ns)
{
	int64_t limit_ns = stuck_after_ns(pads);
	bool left = false, right = false, any = false;
	struct bh_pad *only = alone(pads);

	*ret_since_ns = now_ns;
	if (only && pads->have_frame && now_ns - pads->toggled_ns >= STUCK_ALONE_NS &&
	    is_odd_alone(pads, only))
		*ret_since_ns = fail(pads, only, now_ns);
	for (unsigned int i = 0; pads->have_frame && i < pads->n; i++) {
		struct bh_pad *pad = &pads->pad[i];

		if (pad->closed && !pad->stuck && now_ns - pad->since_ns >= limit_ns)
			*ret_since_ns = fail(pads, pad, now_ns);
		any |= pad->stuck;
		left |= pad->stuck && pads->mat->zone[i].x_permille < 500;
		right |= pad->stuck && pads->mat->zone[i].x_permille > 500;
	}
	*ret_side = side_of(left, right);
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
	bool has_left = false, has_right = false, sits = false, doubted = false;
	enum bh_tri yes = any_never_open(pads) ? BH_UNKNOWN : BH_YES;

	for (unsigned int i = 0; i < pads->n; i++) {
		const struct bh_zone *zone = &pads->mat->zone[i];
		bool closed = pads->pad[i].closed && !pads->pad[i].stuck;
		bool legs = (zone->places & BH_AT_LEGS) && !(zone->places & BH_AT_TRUNK);

		has_left |= legs && zone->x_permille < 500;
		has_right |= legs && zone->x_permille > 500;
		if (!closed)
			continue;
		doubted |= pads->pad[i].alone_from_empty;
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
		body->edge_doubted = doubted;
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
