/* SPDX-License-Identifier: MIT */
#include "hub/detect/stuck_zone.h"

#include <string.h>

/* Every cell under a bed bears the body and its breath: 30 g and more, many steps of its reading. */
#define CELL_HELD_S (5 * 60)
#define CELL_MOVED_S 5
/* A strip under the body does so too; beside it nothing needs to change for hours, so that one that
 * has borne a body before is missed only after most of a night. */
#define UNDER_HELD_S (10 * 60)
#define UNDER_MOVED_S 10
#define BESIDE_HELD_S (3 * 60 * 60)
#define BESIDE_MOVED_S 120
/* The part of the body that a zone under it bears. */
#define PART_DIVISOR 50
/* A stuck zone with more than this looks like somebody: occupancy believes a tenth (science.md 0). */
#define LOADED_DIVISOR 20

void bh_stuck_zone_init(struct bh_stuck_zone *stuck, const struct bh_mat *mat)
{
	memset(stuck, 0, sizeof(*stuck));
	stuck->zone = -1;
	stuck->n = mat->n_zones;
	stuck->cells = mat->kind == BH_MAT_LOAD_CELLS;
	stuck->used = mat->kind != BH_MAT_CONTACT && mat->kind != BH_MAT_NONE &&
		      mat->n_zones <= BH_STUCK_ZONES_MAX && mat->n_zones > 1;
}

void bh_stuck_zone_take(struct bh_stuck_zone *stuck, const int32_t *load, const int32_t *empty,
			int64_t body_load)
{
	for (unsigned int i = 0; stuck->used && i < stuck->n; i++) {
		if ((load[i] - empty[i]) * (int64_t)PART_DIVISOR > body_load)
			stuck->carried[i] = true;
		if (load[i] == stuck->load[i])
			continue;
		stuck->load[i] = load[i];
		stuck->held_s[i] = stuck->moved_s[i] = 0;
		if (stuck->zone == (int)i)
			stuck->zone = -1;
	}
}

static bool is_stuck(const struct bh_stuck_zone *stuck, unsigned int i, int64_t above,
		     int64_t body_load)
{
	uint16_t held = stuck->held_s[i], moved = stuck->moved_s[i];

	if (stuck->cells)
		return held >= CELL_HELD_S && moved >= CELL_MOVED_S;
	/* At the end of its range a strip shows the same whatever the body does: who sits on it for an
	 * hour has not broken it. */
	if (stuck->load[i] >= BH_LOAD_FULL)
		return false;
	if (above * PART_DIVISOR > body_load)
		return held >= UNDER_HELD_S && moved >= UNDER_MOVED_S;
	return stuck->carried[i] && held >= BESIDE_HELD_S && moved >= BESIDE_MOVED_S;
}

void bh_stuck_zone_second(struct bh_stuck_zone *stuck, const int32_t *empty, bool moved,
			  int64_t body_load)
{
	for (unsigned int i = 0; stuck->used && i < stuck->n; i++) {
		int64_t above = stuck->load[i] - empty[i];

		if (stuck->held_s[i] < UINT16_MAX)
			stuck->held_s[i]++;
		if (moved && stuck->moved_s[i] < UINT16_MAX)
			stuck->moved_s[i]++;
		if (stuck->zone >= 0 || !is_stuck(stuck, i, above, body_load))
			continue;
		stuck->zone = (int)i;
		stuck->loaded = above * LOADED_DIVISOR > body_load;
	}
}
