/* SPDX-License-Identifier: MIT */
/*
 * Wall time of a run. An anchor holds from its moment on; what lies before the first known one is
 * timed by that one. When wall time becomes known, rows that had to do without get theirs: those of
 * this run, and those of earlier runs of the same boot, whose monotonic time line is the same. For how
 * long the hub was off before a run is known then too.
 */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>

int64_t bh_anchors_wall(const struct bh_anchors *anchors, int64_t mono_ns)
{
	const struct bh_clock_anchor *best = NULL;

	for (int i = 0; i < anchors->n; i++) {
		const struct bh_clock_anchor *at = &anchors->at[i];

		if (at->wall_ms == BH_WALL_UNKNOWN)
			continue;
		if (!best || at->mono_ns <= mono_ns)
			best = at;
	}
	return best ? bh_wall_from_mono(best, mono_ns) : BH_WALL_UNKNOWN;
}

static void add_anchor(struct bh_anchors *anchors, const struct bh_clock_anchor *anchor)
{
	if (anchors->n == BH_ANCHORS_MAX) {
		memmove(&anchors->at[0], &anchors->at[1],
			(BH_ANCHORS_MAX - 1) * sizeof(anchors->at[0]));
		anchors->n--;
	}
	anchors->at[anchors->n++] = *anchor;
	anchors->count++;
}

static int insert_clock(struct bh_store *store, const struct bh_clock *clock)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_CLOCK_INSERT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int(stmt, 2, store->anchors.count);
	sqlite3_bind_int(stmt, 3, (int)clock->change);
	sqlite3_bind_int64(stmt, 4, clock->anchor.mono_ns);
	bh_bind_wall(stmt, 5, clock->anchor.wall_ms);
	sqlite3_bind_int64(stmt, 6, clock->step_ms);
	return bh_stmt_run(stmt);
}

static int back_fill_rows(struct bh_store *store, enum bh_stmt which, int64_t run,
			  const struct bh_clock_anchor *anchor)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, which, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int64(stmt, 2, anchor->wall_ms);
	sqlite3_bind_int64(stmt, 3, anchor->mono_ns);
	return bh_stmt_run(stmt);
}

/* The runs are read to the end before rows change under the statement: there are seldom two. */
#define RUNS_OF_A_BOOT_MAX 64

static int runs_without_time(struct bh_store *store, int64_t *ret, int *ret_n)
{
	int n = 0;
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_BACKFILL_RUNS, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	bh_bind_text(stmt, 2, store->boot_id);
	sqlite3_bind_int(stmt, 3, BH_ORIGIN_MEASURED);
	sqlite3_bind_int(stmt, 4, (int)store->origin);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && n < RUNS_OF_A_BOOT_MAX)
		ret[n++] = sqlite3_column_int64(stmt, 0);
	*ret_n = n;
	return bh_stmt_done(stmt, rc);
}

static int back_fill(struct bh_store *store, const struct bh_clock_anchor *anchor)
{
	int64_t runs[RUNS_OF_A_BOOT_MAX];
	int n = 0;
	int r = runs_without_time(store, runs, &n);

	for (int i = 0; i < n && r == 0; i++) {
		r = back_fill_rows(store, BH_STMT_BACKFILL_EVENTS, runs[i], anchor);
		if (r == 0)
			r = back_fill_rows(store, BH_STMT_BACKFILL_EPOCHS, runs[i], anchor);
		if (r == 0)
			r = back_fill_rows(store, BH_STMT_BACKFILL_CALIBRATIONS, runs[i], anchor);
		if (r == 0)
			r = back_fill_rows(store, BH_STMT_RUN_STARTED, runs[i], anchor);
		if (r == 0)
			r = bh_store_put_gaps(store, runs[i]);
	}
	return r;
}

int bh_store_apply_clock(struct bh_store *store, const struct bh_clock *clock)
{
	int r;

	if (clock->change == BH_CLOCK_SYNC && clock->anchor.wall_ms == BH_WALL_UNKNOWN)
		return -EINVAL;
	add_anchor(&store->anchors, &clock->anchor);
	r = insert_clock(store, clock);
	/* A first anchor with wall time, or a step out of the unknown, tells as much as a sync. */
	if (r == 0 && clock->anchor.wall_ms != BH_WALL_UNKNOWN)
		return back_fill(store, &clock->anchor);
	return r < 0 ? r : bh_store_put_gaps(store, store->run);
}
