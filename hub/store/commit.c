/* SPDX-License-Identifier: MIT */
/*
 * The open transaction. SQLite rolls a whole transaction back when its COMMIT, or a statement that
 * has to spill to the disk, meets a full disk or an I/O error. We promise more: what was taken is
 * not lost while we live. So every operation is also kept in memory until its commit, and done
 * again when SQLite had to let go of it.
 */
#include "hub/store/private.h"

#include <errno.h>

/* How wrong the beginning of a gap may be that a power cut makes while nothing happens. An empty house
 * is written down a hundred times a day by it: a card does not notice. */
#define LIFE_NS (15 * BH_NS_PER_MIN)

static int apply(struct bh_store *store, enum bh_op op, const void *data)
{
	switch (op) {
	case BH_OP_RECORD:
		return bh_store_apply_record(store, data);
	case BH_OP_NIGHT:
		return bh_store_apply_night(store, data);
	case BH_OP_SLEEP:
		return bh_store_apply_sleep(store, data);
	case BH_OP_FINDING:
		return bh_store_apply_finding(store, data);
	case BH_OP_SAID:
		return bh_store_apply_said(store, data);
	case BH_OP_ACKED:
		return bh_store_apply_acked(store, data);
	case BH_OP_LATE_ACKED:
		return bh_store_apply_late_acked(store, data);
	}
	return -EINVAL;
}

static int simple(struct bh_store *store, enum bh_stmt which)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, which, &r);

	return stmt ? bh_stmt_run(stmt) : r;
}

/* Back to the last commit; begin() then does the pending operations again. */
void bh_store_roll_back(struct bh_store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		simple(store, BH_STMT_ROLLBACK);
	/* A ROLLBACK that could not even be prepared leaves the transaction to sqlite3_exec. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	store->anchors = store->committed_anchors;
}

int bh_store_begin(struct bh_store *store)
{
	const void *data;
	enum bh_op op;
	size_t offset = 0;
	size_t next;
	int r;

	if (!sqlite3_get_autocommit(store->db))
		return 0;
	/* Whatever is pending now was in a transaction that SQLite gave up. */
	store->anchors = store->committed_anchors;
	r = simple(store, BH_STMT_BEGIN);
	if (r < 0)
		return r;
	while ((next = bh_pending_next(&store->pending, offset, &op, &data)) > 0) {
		r = apply(store, op, data);
		if (r < 0) {
			bh_store_roll_back(store);
			return r;
		}
		offset = next;
	}
	return 0;
}

int bh_store_do(struct bh_store *store, enum bh_op op, const void *data, size_t size)
{
	size_t before;
	int r;

	if (!store->writable)
		return -EROFS;
	if (store->pending.used + size > BH_PENDING_MAX) {
		r = bh_store_commit(store);
		if (r < 0)
			return r;
	}
	r = bh_store_begin(store);
	if (r < 0)
		return r;
	before = store->pending.used;
	r = bh_pending_add(&store->pending, op, data, size);
	if (r < 0)
		return r;
	r = apply(store, op, data);
	if (r < 0) {
		store->pending.used = before;
		/* A row that is there already, or is not, has changed nothing. */
		if (r != -EEXIST && r != -ENOENT)
			bh_store_roll_back(store);
		return r;
	}
	store->dirty = true;
	return r;
}

static int put_life(struct bh_store *store)
{
	int64_t wall_ms = bh_anchors_wall(&store->anchors, store->life_ns);
	int r = 0;
	sqlite3_stmt *stmt;

	if (store->run == 0)
		return 0;
	stmt = bh_stmt(store, BH_STMT_RUN_LIFE, &r);
	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int64(stmt, 2, store->life_ns);
	bh_bind_wall(stmt, 3, wall_ms);
	if (wall_ms != BH_WALL_UNKNOWN)
		sqlite3_bind_int(stmt, 4, bh_utc_offset_s(wall_ms));
	return bh_stmt_run(stmt);
}

int bh_store_end(struct bh_store *store)
{
	int r = simple(store, BH_STMT_COMMIT);

	if (r < 0) {
		bh_store_roll_back(store);
		return r;
	}
	store->committed_anchors = store->anchors;
	store->kept_life_ns = store->life_ns;
	store->pending.used = 0;
	store->dirty = false;
	return 0;
}

int bh_store_commit(struct bh_store *store)
{
	int r;

	if (!store->dirty)
		return 0;
	r = bh_store_begin(store);
	if (r < 0)
		return r;
	r = put_life(store);
	if (r == 0)
		return bh_store_end(store);
	bh_store_roll_back(store);
	return r;
}

bool bh_store_alive(struct bh_store *store, int64_t mono_ns)
{
	if (store->run == 0)
		return false;
	if (mono_ns > store->life_ns)
		store->life_ns = mono_ns;
	if (store->life_ns - store->kept_life_ns < LIFE_NS)
		return false;
	store->dirty = true;
	return true;
}

bool bh_store_dirty(const struct bh_store *store)
{
	return store->dirty;
}
