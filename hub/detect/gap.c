/* SPDX-License-Identifier: MIT */
#include "hub/detect/gap.h"

#include "hub/core/epoch.h"

#include <string.h>

void bh_gap_init(struct bh_gap *gap)
{
	memset(gap, 0, sizeof(*gap));
}

void bh_gap_tell(struct bh_gap *gap, struct bh_emit *emit, int64_t none_since_ns)
{
	static const struct bh_said said = { .confidence_permille = 1000,
					     .sensor = BH_SENSOR_NONE };

	if (none_since_ns == BH_MONO_NONE) {
		bh_emit_close_own(emit, &gap->event, emit->now_ns, BH_END_NORMAL);
		return;
	}
	/* Less than an epoch is only a part of one that is not covered. */
	if (gap->event.seq == 0 && emit->now_ns - none_since_ns >= BH_EPOCH_NS)
		bh_emit_open_own(emit, &gap->event, BH_EVENT_DATA_GAP, none_since_ns, &said);
}

void bh_gap_end(struct bh_gap *gap, struct bh_emit *emit, int64_t end_ns, enum bh_end_cause cause)
{
	bh_emit_close_own(emit, &gap->event, end_ns, cause);
}
