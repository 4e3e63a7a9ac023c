/* SPDX-License-Identifier: MIT */
/* Night summaries. */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>

/* Reads one number; NULL leaves @p ret. */
static int get_number(sqlite3_stmt *stmt, int *ret)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		*ret = sqlite3_column_int(stmt, 0);
	return bh_stmt_done(stmt, rc);
}

/* A night is as real as the least real of its runs. */
static int origin_of_night(struct bh_store *store, int32_t date, int number, int *ret)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_NIGHT_ORIGIN, &r);

	if (!stmt)
		return r;
	*ret = (int)store->origin;
	sqlite3_bind_int(stmt, 1, date);
	sqlite3_bind_int(stmt, 2, number);
	return get_number(stmt, ret);
}

static void bind_local(sqlite3_stmt *stmt, int i, int64_t wall_ms)
{
	if (wall_ms != BH_WALL_UNKNOWN)
		sqlite3_bind_int(stmt, i, bh_utc_offset_s(wall_ms));
}

int bh_store_apply_night(struct bh_store *store, const struct bh_night *night)
{
	int number = bh_bed_number(store, night->bed);
	int origin = 0;
	int r = origin_of_night(store, night->date, number, &origin);
	sqlite3_stmt *stmt = r < 0 ? NULL : bh_stmt(store, BH_STMT_NIGHT_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, night->date);
	sqlite3_bind_int(stmt, 2, number);
	sqlite3_bind_int64(stmt, 3, night->start_ms);
	sqlite3_bind_int64(stmt, 4, night->end_ms);
	sqlite3_bind_int(stmt, 5, night->complete);
	bh_bind_number(stmt, 6, night->coverage_permille);
	bh_bind_number(stmt, 7, night->in_bed_min);
	bh_bind_number(stmt, 8, night->restless_min);
	bh_bind_number(stmt, 9, night->quiet_min);
	bh_bind_number(stmt, 10, night->exits);
	bh_bind_number(stmt, 11, night->legs_over_edge);
	bh_bind_number(stmt, 12, night->legs_over_edge_min);
	bh_bind_number(stmt, 13, night->position_changes);
	bh_bind_number(stmt, 14, night->leg_movements);
	bh_bind_number(stmt, 15, night->faults);
	bh_bind_wall(stmt, 16, night->first_enter_ms);
	bh_bind_wall(stmt, 17, night->last_exit_ms);
	bh_bind_number(stmt, 18, night->temp_left_mdegc);
	bh_bind_number(stmt, 19, night->temp_right_mdegc);
	bh_bind_number(stmt, 20, night->temp_delta_mdegc);
	sqlite3_bind_int(stmt, 21, bh_utc_offset_s(night->end_ms));
	bind_local(stmt, 22, night->first_enter_ms);
	bind_local(stmt, 23, night->last_exit_ms);
	sqlite3_bind_int(stmt, 24, origin);
	return bh_stmt_run(stmt);
}

void bh_column_night(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_night *ret)
{
	*ret = (struct bh_night){
		.date = sqlite3_column_int(stmt, 0),
		.bed = bh_bed_index(store, sqlite3_column_int(stmt, 1)),
		.start_ms = sqlite3_column_int64(stmt, 2),
		.end_ms = sqlite3_column_int64(stmt, 3),
		.complete = sqlite3_column_int(stmt, 4) != 0,
		.coverage_permille = bh_column_number(stmt, 5),
		.in_bed_min = bh_column_number(stmt, 6),
		.restless_min = bh_column_number(stmt, 7),
		.quiet_min = bh_column_number(stmt, 8),
		.exits = bh_column_number(stmt, 9),
		.legs_over_edge = bh_column_number(stmt, 10),
		.legs_over_edge_min = bh_column_number(stmt, 11),
		.position_changes = bh_column_number(stmt, 12),
		.leg_movements = bh_column_number(stmt, 13),
		.faults = bh_column_number(stmt, 14),
		.first_enter_ms = bh_column_wall(stmt, 15),
		.last_exit_ms = bh_column_wall(stmt, 16),
		.temp_left_mdegc = bh_column_number(stmt, 17),
		.temp_right_mdegc = bh_column_number(stmt, 18),
		.temp_delta_mdegc = bh_column_number(stmt, 19),
	};
}

int bh_store_put_night(struct bh_store *store, const struct bh_night *night)
{
	if (night->date == 0 || bh_bed_number(store, night->bed) == BH_BED_NONE)
		return -EINVAL;
	return bh_store_do(store, BH_OP_NIGHT, night, sizeof(*night));
}

int bh_store_nights(struct bh_store *store, int bed, int32_t from, int32_t to,
		    int (*each)(void *ctx, const struct bh_night *night), void *ctx)
{
	struct bh_night night;
	int stop = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_NIGHT_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, from);
	sqlite3_bind_int(stmt, 2, to ? to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, bed));
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_night(store, stmt, &night);
		if (night.bed != BH_BED_NONE)
			stop = each(ctx, &night);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}
