/* SPDX-License-Identifier: MIT */
/* Night summaries. */
#include "hub/store/private.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* Numbers of a night, in the order of NIGHT_FIGURES in statement.c. */
static const size_t figures[] = {
	offsetof(struct bh_night, restless_periods),
	offsetof(struct bh_night, restless_first_third_min),
	offsetof(struct bh_night, restless_last_third_min),
	offsetof(struct bh_night, walk_breaks),
	offsetof(struct bh_night, toilet_like),
	offsetof(struct bh_night, sleep.bed_min),
	offsetof(struct bh_night, sleep.unknown_min),
	offsetof(struct bh_night, sleep.latency_min),
	offsetof(struct bh_night, sleep.asleep_min),
	offsetof(struct bh_night, sleep.wake_after_onset_min),
	offsetof(struct bh_night, sleep.awake_in_bed_min),
	offsetof(struct bh_night, sleep.awakenings),
	offsetof(struct bh_night, sleep.efficiency_permille),
	offsetof(struct bh_night, sleep.fragmentation_milli),
	offsetof(struct bh_night, sleep.regularity_milli),
	offsetof(struct bh_night, plm.candidates),
	offsetof(struct bh_night, plm.asleep),
	offsetof(struct bh_night, plm.awake),
	offsetof(struct bh_night, plm.index_asleep_milli),
	offsetof(struct bh_night, plm.index_awake_milli),
	offsetof(struct bh_night, plm.series),
	offsetof(struct bh_night, plm.pi_ferri_permille),
	offsetof(struct bh_night, plm.pi_ratio_permille),
	offsetof(struct bh_night, plm.interval_ms),
	offsetof(struct bh_night, plm.missed_permille),
	offsetof(struct bh_night, plm.left),
	offsetof(struct bh_night, plm.right),
	offsetof(struct bh_night, plm.both),
};
#define N_FIGURES (int)(sizeof(figures) / sizeof(figures[0]))
/* Where they stand: among the parameters of NIGHT_PUT, and among the columns of NIGHT_LIST. */
#define FIGURES_PARAMETER 27
#define ONSET_COLUMN (BH_NIGHT_OFFSET_COLUMN + 1)
#define FIGURES_COLUMN (ONSET_COLUMN + 1)

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

static void bind_figures(sqlite3_stmt *stmt, const struct bh_night *night)
{
	int32_t number;

	for (int i = 0; i < N_FIGURES; i++) {
		memcpy(&number, (const char *)night + figures[i], sizeof(number));
		bh_bind_number(stmt, FIGURES_PARAMETER + i, number);
	}
}

static void column_figures(sqlite3_stmt *stmt, struct bh_night *ret)
{
	int32_t number;

	for (int i = 0; i < N_FIGURES; i++) {
		number = bh_column_number(stmt, FIGURES_COLUMN + i);
		memcpy((char *)ret + figures[i], &number, sizeof(number));
	}
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
	bh_bind_wall(stmt, 25, night->sleep.onset_ms);
	bind_local(stmt, 26, night->sleep.onset_ms);
	bind_figures(stmt, night);
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
		.sleep.onset_ms = bh_column_wall(stmt, ONSET_COLUMN),
	};
	column_figures(stmt, ret);
}

int bh_store_put_night(struct bh_store *store, const struct bh_night *night)
{
	if (night->date == 0 || bh_bed_number(store, night->bed) == BH_BED_NONE)
		return -EINVAL;
	return bh_store_do(store, BH_OP_NIGHT, night, sizeof(*night));
}

int bh_store_apply_sleep(struct bh_store *store, const struct bh_night_sleep_marks *marks)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_SLEEP_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, marks->date);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, marks->bed));
	sqlite3_bind_int64(stmt, 3, marks->start_ms);
	bh_bind_text(stmt, 4, marks->minute);
	return bh_stmt_run(stmt);
}

int bh_store_put_sleep(struct bh_store *store, const struct bh_night_sleep_marks *marks)
{
	if (marks->date == 0 || bh_bed_number(store, marks->bed) == BH_BED_NONE)
		return -EINVAL;
	return bh_store_do(store, BH_OP_SLEEP, marks, sizeof(*marks));
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
