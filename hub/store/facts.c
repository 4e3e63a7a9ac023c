/* SPDX-License-Identifier: MIT */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static int get_facts(struct bh_store *store, struct bh_store_facts *facts)
{
	int rc;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_FACTS, &r);

	if (!stmt)
		return r;
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		facts->events = sqlite3_column_int64(stmt, 0);
		facts->epochs = sqlite3_column_int64(stmt, 1);
		facts->nights = sqlite3_column_int64(stmt, 2);
		facts->findings = sqlite3_column_int64(stmt, 3);
		facts->open_events = sqlite3_column_int64(stmt, 4);
		facts->outbox_waiting = sqlite3_column_int64(stmt, 5);
		facts->last_life_ms = bh_column_wall(stmt, 6);
		facts->last_origin = (enum bh_origin)sqlite3_column_int(stmt, 7);
	}
	return bh_stmt_done(stmt, rc);
}

int bh_store_facts(struct bh_store *store, struct bh_store_facts *ret)
{
	struct bh_store_facts facts = { .schema = bh_n_migrations };
	struct stat st;
	int r;

	if (stat(sqlite3_db_filename(store->db, "main"), &st) < 0)
		return -errno;
	facts.bytes = st.st_size;
	r = get_facts(store, &facts);
	if (r == 0)
		*ret = facts;
	return r;
}

int bh_store_check(struct bh_store *store, struct bh_error *err)
{
	const char *place = sqlite3_db_filename(store->db, "main");
	const char *says;
	sqlite3_stmt *stmt = NULL;
	int r = 0;
	int rc = sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		says = (const char *)sqlite3_column_text(stmt, 0);
		if (!says || strcmp(says, "ok") != 0)
			r = bh_error_set(err, -EUCLEAN, place, 0, 0,
					 "damaged (%s); move it aside and restore a copy, or keep "
					 "what is readable with `sqlite3 FILE .recover`",
					 says ? says : "no answer");
	} else {
		r = bh_error_set(err, rc == SQLITE_CORRUPT ? -EUCLEAN : bh_store_errno(rc), place,
				 0, 0, "cannot be checked: %s", sqlite3_errmsg(store->db));
	}
	sqlite3_finalize(stmt);
	return r;
}
