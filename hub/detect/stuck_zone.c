/* SPDX-License-Identifier: MIT */
#include "hub/detect/stuck_zone.h"

#include <stdlib.h>
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
/* A zone that is never still while it works, for a night, is missed as soon beside the body. Of simulated
 * strips none shows the same for longer than six seconds, but those at the end of their range; one that
 * reads nothing where nobody lies has done so while someone sat beside it. */
#define WORKED_S (6 * 60 * 60)
#define LONGER_THAN_EVER 60
/* Someone is there from a fifth of the body on, and gone below a tenth, or after a minute below the fifth
 * (weight.c). Who sits shows for longer than who passes. */
#define SOMEONE_DIVISOR 5
#define NOBODY_DIVISOR 10
#define SITS_S 3
#define LIGHT_S 60
/* The part of the body that a zone under it bears. */
#define PART_DIVISOR 50
/* A stuck zone with more than this looks like somebody: occupancy believes a tenth (science.md 0). */
#define LOADED_DIVISOR 20

/* Whoever sits on one edge of the bed may sit on the other. Places are rounded down: of six columns the
 * outer ones lie at 83 and 916. */
static void find_mirrors(struct bh_stuck_zone *stuck, const struct bh_mat *mat)
{
	for (unsigned int i = 0; i < stuck->n; i++) {
		stuck->mirror[i] = (uint8_t)i;
		for (unsigned int k = 0; k < stuck->n; k++)
			if (mat->zone[k].y_permille == mat->zone[i].y_permille &&
			    abs(mat->zone[k].x_permille + mat->zone[i].x_permille - 1000) <= 1)
				stuck->mirror[i] = (uint8_t)k;
	}
}

void bh_stuck_zone_init(struct bh_stuck_zone *stuck, const struct bh_mat *mat)
{
	memset(stuck, 0, sizeof(*stuck));
	stuck->zone = -1;
	stuck->n = mat->n_zones;
	stuck->cells = mat->kind == BH_MAT_LOAD_CELLS;
	stuck->used = mat->kind != BH_MAT_CONTACT && mat->kind != BH_MAT_NONE &&
		      mat->n_zones <= BH_STUCK_ZONES_MAX && mat->n_zones > 1;
	if (stuck->used)
		find_mirrors(stuck, mat);
}

void bh_stuck_zone_take(struct bh_stuck_zone *stuck, const int32_t *load, const int32_t *empty,
			int64_t body_load)
{
	for (unsigned int i = 0; stuck->used && i < stuck->n; i++) {
		if ((load[i] - empty[i]) * (int64_t)PART_DIVISOR > body_load)
			stuck->carried[i] = true;
		if (load[i] == stuck->load[i])
			continue;
		if (stuck->load[i] < BH_LOAD_FULL && stuck->held_s[i] > stuck->longest_s[i])
			stuck->longest_s[i] = stuck->held_s[i];
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
	if (above * PART_DIVISOR > body_load ||
	    (stuck->worked_s[i] >= WORKED_S && held >= stuck->longest_s[i] * LONGER_THAN_EVER))
		return held >= UNDER_HELD_S && moved >= UNDER_MOVED_S;
	return stuck->carried[i] && held >= BESIDE_HELD_S && moved >= BESIDE_MOVED_S;
}

static void count_second(uint8_t *in_a_row, bool holds, uint8_t enough)
{
	if (!holds)
		*in_a_row = 0;
	else if (*in_a_row < enough)
		(*in_a_row)++;
}

/* Does somebody sit on one zone so much alone that without it the bed would be taken for empty? */
static void look_for_sits(struct bh_stuck_zone *stuck, const int32_t *empty, int64_t body_load)
{
	int64_t sum = 0;

	for (unsigned int i = 0; i < stuck->n; i++)
		sum += stuck->load[i] - empty[i];
	for (unsigned int i = 0; i < stuck->n; i++) {
		int64_t rest = sum - (stuck->load[i] - empty[i]);
		bool shows = sum * SOMEONE_DIVISOR >= body_load && stuck->zone != (int)i;
		bool light = shows && rest * SOMEONE_DIVISOR < body_load;
		bool nobody = light && rest * NOBODY_DIVISOR < body_load;

		count_second(&stuck->light_s[i], light, LIGHT_S);
		count_second(&stuck->alone_s[i], nobody, SITS_S);
		if (stuck->alone_s[i] == SITS_S || stuck->light_s[i] == LIGHT_S)
			stuck->hides[i] = stuck->hides[stuck->mirror[i]] = true;
	}
}

void bh_stuck_zone_second(struct bh_stuck_zone *stuck, const int32_t *empty, bool moved,
			  int64_t body_load)
{
	if (stuck->used && !stuck->cells)
		look_for_sits(stuck, empty, body_load);
	for (unsigned int i = 0; stuck->used && i < stuck->n; i++) {
		int64_t above = stuck->load[i] - empty[i];

		if (stuck->held_s[i] < UINT16_MAX)
			stuck->held_s[i]++;
		if (stuck->held_s[i] < UNDER_HELD_S && stuck->worked_s[i] < WORKED_S)
			stuck->worked_s[i]++;
		if (moved && stuck->moved_s[i] < UINT16_MAX)
			stuck->moved_s[i]++;
		if (stuck->zone >= 0 || !is_stuck(stuck, i, above, body_load))
			continue;
		stuck->zone = (int)i;
		stuck->loaded = above * LOADED_DIVISOR > body_load;
	}
}

bool bh_stuck_zone_hides(const struct bh_stuck_zone *stuck)
{
	return stuck->zone >= 0 && stuck->hides[stuck->zone];
}
