/* SPDX-License-Identifier: MIT */
/*
 * Night and UTC offset of a moment, remembered: rows come in order of time, and libc's answer costs
 * as much as the insert itself. Offsets of all zones since 1972 are multiples of 15 minutes and
 * change on them, and so does the night.
 */
#include "hub/store/private.h"

#define QUARTER_MS INT64_C(900000)

struct bh_local bh_store_local(struct bh_store *store, int64_t wall_ms)
{
	struct bh_local *local = &store->local;

	if (wall_ms == BH_WALL_UNKNOWN)
		return (struct bh_local){ .night = 0 };
	if (wall_ms < 0 || wall_ms / QUARTER_MS != local->quarter || local->night == 0)
		*local = (struct bh_local){ .quarter = wall_ms / QUARTER_MS,
					    .night = bh_night_date(wall_ms),
					    .offset_s = bh_utc_offset_s(wall_ms) };
	return *local;
}
