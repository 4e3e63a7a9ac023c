/* SPDX-License-Identifier: MIT */
/* Runs: their beginning, what they supersede, the end of those that died, what lies between them. */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>

static int run_id(struct bh_store *store, enum bh_stmt which, int64_t id)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, which, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, id);
	return bh_stmt_run(stmt);
}

int bh_store_close_dead(struct bh_store *store)
{
	int r = run_id(store, BH_STMT_CLOSE_DEAD, BH_END_CRASHED);

	return r < 0 ? r : run_id(store, BH_STMT_END_DEAD, BH_END_CRASHED);
}

int bh_store_run_ended(struct bh_store *store)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RUN_END, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int(stmt, 2, BH_END_STOPPED);
	return bh_stmt_run(stmt);
}

int bh_store_put_gaps(struct bh_store *store, int64_t run)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RUN_GAPS, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int(stmt, 2, BH_ORIGIN_MEASURED);
	/* Less than an epoch is only a part of one that is not covered. */
	sqlite3_bind_int64(stmt, 3, BH_EPOCH_NS);
	sqlite3_bind_int(stmt, 4, BH_EVENT_DATA_GAP);
	sqlite3_bind_int(stmt, 5, BH_END_NORMAL);
	sqlite3_bind_int(stmt, 6, BH_SIDE_UNKNOWN);
	return bh_stmt_run(stmt);
}

static int insert_run(struct bh_store *store, const struct bh_store_run *run, int64_t *ret)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RUN_INSERT, &r);

	if (!stmt)
		return r;
	bh_bind_text(stmt, 1, run->boot_id);
	sqlite3_bind_int(stmt, 2, (int)run->origin);
	bh_bind_text(stmt, 3, run->provenance);
	bh_bind_text(stmt, 4, run->version);
	bh_bind_text(stmt, 5, run->config_hash);
	sqlite3_bind_int64(stmt, 6, run->started_mono_ns);
	r = bh_stmt_run(stmt);
	if (r == 0)
		*ret = sqlite3_last_insert_rowid(store->db);
	return r;
}

/* What was measured is never replaced: it was told. */
static int delete_red_flags(struct bh_store *store, int64_t old)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_OLD_RED_FLAGS, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, old);
	sqlite3_bind_int(stmt, 2, BH_ORIGIN_MEASURED);
	return bh_stmt_run(stmt);
}

static int delete_run(struct bh_store *store, int64_t old)
{
	int r = run_id(store, BH_STMT_OLD_NIGHTS, old);

	if (r == 0)
		r = run_id(store, BH_STMT_OLD_FINDINGS, old);
	if (r == 0)
		r = delete_red_flags(store, old);
	if (r == 0)
		r = run_id(store, BH_STMT_OLD_EPOCHS, old);
	return r < 0 ? r : run_id(store, BH_STMT_OLD_RUN, old);
}

static int find_old_replay(struct bh_store *store, const struct bh_store_run *run, int64_t id,
			   int64_t *ret)
{
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_OLD_REPLAY, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, (int)run->origin);
	bh_bind_text(stmt, 2, run->provenance);
	sqlite3_bind_int64(stmt, 3, id);
	*ret = 0;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	return bh_stmt_done(stmt, rc);
}

/* The same capture again replaces what it gave before, with the nights and findings made of it, so
 * that no night counts twice. A measured run is never replaced. */
static int supersede(struct bh_store *store, const struct bh_store_run *run, int64_t id)
{
	int64_t old = 0;
	int r = 0;

	if (run->origin == BH_ORIGIN_MEASURED || run->provenance[0] == '\0')
		return 0;
	do {
		r = find_old_replay(store, run, id, &old);
		if (r == 0 && old != 0)
			r = delete_run(store, old);
	} while (r == 0 && old != 0);
	return r;
}

int bh_store_run_begin(struct bh_store *store, const struct bh_store_run *run,
		       const struct bh_store_bed *beds, size_t n_beds, int64_t *ret_run)
{
	struct bh_bed_map map;
	int64_t id = 0;
	int r;

	if (!store->writable)
		return -EROFS;
	r = bh_store_commit(store);
	if (r == 0)
		r = bh_store_begin(store);
	if (r < 0)
		return r;
	if (store->run != 0)
		r = bh_store_run_ended(store);
	if (r == 0)
		r = bh_store_close_dead(store);
	if (r == 0)
		r = insert_run(store, run, &id);
	if (r == 0)
		r = supersede(store, run, id);
	if (r == 0)
		r = bh_bed_map_put(store, id, beds, n_beds, &map);
	if (r == 0)
		r = bh_store_end(store);
	if (r < 0) {
		bh_store_roll_back(store);
		return r;
	}
	store->run = id;
	store->origin = run->origin;
	store->owes_broker = run->owes_broker;
	memcpy(store->boot_id, run->boot_id, sizeof(store->boot_id));
	store->life_ns = store->kept_life_ns = run->started_mono_ns;
	store->anchors = store->committed_anchors = (struct bh_anchors){ .n = 0 };
	store->beds = map;
	*ret_run = id;
	return 0;
}
