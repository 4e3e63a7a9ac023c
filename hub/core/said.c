/* SPDX-License-Identifier: MIT */
#include "hub/core/history.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

void bh_remark_date(struct bh_remark *said, size_t n, int64_t now_ms)
{
	for (size_t i = 0; i < n; i++) {
		struct bh_diary_item *diary = &said[i].u.diary;

		if (said[i].kind == BH_SAID_PROFILE) {
			if (said[i].u.profile.at_ms == BH_WALL_UNKNOWN)
				said[i].u.profile.at_ms = now_ms;
			continue;
		}
		if (diary->at_ms == BH_WALL_UNKNOWN)
			diary->at_ms = now_ms;
		if (diary->night == 0)
			diary->night = bh_night_date(diary->at_ms);
	}
}
