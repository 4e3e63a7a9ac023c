/* SPDX-License-Identifier: MIT */
/* The history is the outbox: each row counts the messages it has and those the broker took. */
#include "hub/store/private.h"

#include <errno.h>

int bh_store_apply_acked(struct bh_store *store, const struct bh_acked *acked)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_ACKED, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, acked->run);
	sqlite3_bind_int(stmt, 2, acked->number);
	sqlite3_bind_int64(stmt, 3, (int64_t)acked->seq);
	r = bh_stmt_run(stmt);
	return r < 0 || sqlite3_changes(store->db) > 0 ? r : -ENOENT;
}

int bh_store_apply_late_acked(struct bh_store *store, const struct bh_late_acked *acked)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_LATE_ACKED, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, acked->row);
	sqlite3_bind_int(stmt, 2, acked->whole);
	r = bh_stmt_run(stmt);
	return r < 0 || sqlite3_changes(store->db) > 0 ? r : -ENOENT;
}

int bh_store_outbox_acked(struct bh_store *store, int64_t run, uint8_t bed, uint64_t seq)
{
	struct bh_acked acked = { .run = run, .number = bh_bed_number(store, bed), .seq = seq };

	return bh_store_do(store, BH_OP_ACKED, &acked, sizeof(acked));
}

int bh_store_outbox_late_acked(struct bh_store *store, int64_t row, bool whole)
{
	struct bh_late_acked acked = { .row = row, .whole = whole };

	return bh_store_do(store, BH_OP_LATE_ACKED, &acked, sizeof(acked));
}

int bh_store_outbox(struct bh_store *store, int64_t after_row, struct bh_outbox_event *ret,
		    size_t cap)
{
	struct bh_stored_event event;
	int n = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_OUTBOX, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, after_row);
	while ((size_t)n < cap && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_event(store, stmt, &event);
		if (event.event.bed == BH_BED_NONE)
			continue;
		ret[n++] = (struct bh_outbox_event){ .row = event.row,
						     .run = event.run,
						     .event = event.event,
						     .start_ms = event.start_ms,
						     .end_ms = event.end_ms,
						     .simulated = event.origin == BH_ORIGIN_SIMULATED };
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : n;
}
