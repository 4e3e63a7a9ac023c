/* SPDX-License-Identifier: MIT */
/*
 * Contact pads: which are closed, which are stuck, and whether this bed's pads hold (closed as long
 * as someone lies on them) or only pulse (they chatter when the sleeper moves and stay open
 * between). Both exist in real homes; the pads show which they are within minutes of use.
 */
#ifndef BH_DETECT_PADS_H
#define BH_DETECT_PADS_H

#include "hub/detect/body.h"
#include "hub/detect/pulses.h"

/** One pad. */
struct bh_pad {
	bool closed;
	bool stuck;
	bool seen_open; /**< once, since the pads are read: it may be stuck otherwise */
	bool alone_from_empty; /**< it closed by itself on an empty bed, and has not opened since */
	int64_t since_ns; /**< of the last toggle */
	/* How long it was closed with others, and by itself until it opened. */
	int64_t company_ns, alone_ns;
};

struct bh_pads {
	const struct bh_mat *mat;
	uint32_t can;
	unsigned int n;
	bool have_frame;
	struct bh_pad pad[BH_PADS_MAX];
	/* All working pads together. */
	bool closed;
	int64_t closed_since_ns, open_since_ns;
	int64_t toggled_ns; /**< the last toggle of any pad */
	bool from_edge; /**< the last closed pads were those of someone on the edge */
	struct bh_pulses pulses;
	/* Hold or pulse. */
	bool pulsing;
	int64_t held_ns, gaps_ns;
	uint32_t closures;
};

void bh_pads_init(struct bh_pads *pads, const struct bh_mat *mat, uint32_t can);

/** @brief Take the pads of a frame. */
void bh_pads_take(struct bh_pads *pads, const struct bh_frame *frame);

/** @brief The body the pads show at @p now_ns. */
void bh_pads_body(struct bh_pads *pads, int64_t now_ns, struct bh_body *ret);

/**
 * @brief Look for pads that stay closed for longer than a body can make them; once a tick.
 * @param ret_side Side of the stuck pads.
 * @param ret_since_ns Since when what they show is not known: where pads hold, of a pad that was closed
 * by itself the last toggle of any pad; else, and always where pads pulse, @p now_ns. Of several pads
 * that fail in one call the moment of the last one looked at counts.
 * @return At least one pad is stuck.
 */
bool bh_pads_stuck(struct bh_pads *pads, int64_t now_ns, enum bh_side *ret_side,
		   int64_t *ret_since_ns);

/** @return When a closed pad may be stuck next; INT64_MAX if none is closed. */
int64_t bh_pads_due(const struct bh_pads *pads);

/** @brief A fault: what the pads did meanwhile is not known. */
void bh_pads_break(struct bh_pads *pads);

#endif
