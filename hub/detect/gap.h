/* SPDX-License-Identifier: MIT */
/*
 * No data at all: nobody listened, or no sensor of the bed had anything to say. A night with holes
 * must be told from a night in which nothing happened.
 */
#ifndef BH_DETECT_GAP_H
#define BH_DETECT_GAP_H

#include "hub/detect/emit.h"

struct bh_gap {
	struct bh_event event; /**< open while there is none */
};

void bh_gap_init(struct bh_gap *gap);

/**
 * @brief Tell how things stand.
 * @param none_since_ns Since when there is nothing to read; BH_MONO_NONE: there is something.
 */
void bh_gap_tell(struct bh_gap *gap, struct bh_emit *emit, int64_t none_since_ns);

void bh_gap_end(struct bh_gap *gap, struct bh_emit *emit, int64_t end_ns, enum bh_end_cause cause);

#endif
