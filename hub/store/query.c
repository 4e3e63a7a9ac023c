/* SPDX-License-Identifier: MIT */
/* One read-only statement of a person's own. */
#include "hub/store/private.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* SQLite's own virtual-machine steps: some minutes of a Raspberry Pi. A query that needs more is a
 * join without a condition. */
#define STEPS_PER_CALL 1000000
#define CALLS_MAX 20000
/* A row of text wider than this is not a history's. */
#define LENGTH_MAX (16 << 20)
/* More columns than any view joined with any other has. */
#define COLUMNS_MAX 256

/* PRAGMAs that only tell. */
static const char *const telling[] = {
	"table_info",	     "table_xinfo",	 "table_list",	   "index_list",
	"index_info",	     "index_xinfo",	 "user_version",   "application_id",
	"page_count",	     "page_size",	 "quick_check",	   "integrity_check",
	"foreign_key_check", "foreign_key_list", "freelist_count", "database_list",
	"journal_mode",	     "compile_options",
};

static bool tells(const char *pragma, const char *value)
{
	/* With a value these would set something. */
	static const char *const settable[] = { "user_version", "application_id", "page_size",
						"journal_mode" };

	for (size_t i = 0; value && i < sizeof(settable) / sizeof(settable[0]); i++)
		if (sqlite3_stricmp(pragma, settable[i]) == 0)
			return false;
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++)
		if (sqlite3_stricmp(pragma, telling[i]) == 0)
			return true;
	return false;
}

/* What this is not told to allow is denied; *ctx says that it came to that. */
static int authorize(void *ctx, int action, const char *first, const char *second,
		     const char *database, const char *trigger)
{
	bool *denied = ctx;
	bool allowed = false;

	(void)database;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		allowed = true;
		break;
	case SQLITE_UPDATE:
		/* How a table-valued function declares its columns; a real UPDATE of the schema is
		 * refused by SQLite and by sqlite3_stmt_readonly(). */
		allowed = strcmp(first, "sqlite_master") == 0;
		break;
	case SQLITE_FUNCTION:
		allowed = sqlite3_stricmp(second, "load_extension") != 0;
		break;
	case SQLITE_PRAGMA:
		allowed = tells(first, second);
		break;
	}
	*denied |= !allowed;
	return allowed ? SQLITE_OK : SQLITE_DENY;
}

static int count_down(void *ctx)
{
	int *calls_left = ctx;

	return --*calls_left <= 0;
}

static bool is_blank(const char *text)
{
	for (; *text; text++)
		if (!isspace((unsigned char)*text) && *text != ';')
			return false;
	return true;
}

static int prepare(struct bh_store *store, const char *sql, sqlite3_stmt **ret,
		   struct bh_error *err)
{
	const char *rest = "";
	bool denied = false;
	int rc;

	sqlite3_set_authorizer(store->db, authorize, &denied);
	rc = sqlite3_prepare_v2(store->db, sql, -1, ret, &rest);
	sqlite3_set_authorizer(store->db, NULL, NULL);
	if (denied)
		return bh_error_set(err, -EROFS, "", 0, 0,
				    "only reading is allowed here; open the file with sqlite3 to "
				    "change it (with bedsided stopped)");
	if (rc != SQLITE_OK)
		return bh_error_set(err, rc == SQLITE_NOMEM ? -ENOMEM : -EINVAL, "", 0, 0, "%s",
				    sqlite3_errmsg(store->db));
	if (!*ret)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "no statement; try: SELECT * FROM nights");
	if (!is_blank(rest))
		return bh_error_set(err, -EINVAL, "", 0, 0, "one statement at a time, please");
	if (sqlite3_column_count(*ret) > COLUMNS_MAX)
		return bh_error_set(err, -EINVAL, "", 0, 0, "more than %d columns", COLUMNS_MAX);
	return sqlite3_stmt_readonly(*ret)
		       ? 0
		       : bh_error_set(err, -EROFS, "", 0, 0, "only reading is allowed here");
}

static int deliver(sqlite3_stmt *stmt, struct bh_store_row *row, const char **values, int *types,
		   int (*each)(void *ctx, const struct bh_store_row *row), void *ctx)
{
	for (int i = 0; i < row->n; i++) {
		types[i] = sqlite3_column_type(stmt, i);
		values[i] = (const char *)sqlite3_column_text(stmt, i);
		if (!values[i] && types[i] != SQLITE_NULL)
			return -ENOMEM;
	}
	return each(ctx, row);
}

static int run(struct bh_store *store, sqlite3_stmt *stmt, int *calls_left,
	       int (*each)(void *ctx, const struct bh_store_row *row), void *ctx,
	       struct bh_error *err)
{
	const char *names[COLUMNS_MAX];
	const char *values[COLUMNS_MAX];
	int types[COLUMNS_MAX];
	struct bh_store_row row = {
		.n = sqlite3_column_count(stmt), .names = names, .values = values, .types = types
	};
	int rc = SQLITE_DONE;
	int r = 0;

	for (int i = 0; i < row.n; i++) {
		names[i] = sqlite3_column_name(stmt, i);
		if (!names[i])
			return -ENOMEM;
	}
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		r = deliver(stmt, &row, values, types, each, ctx);
	if (r != 0 || rc == SQLITE_DONE)
		return r;
	if ((rc & 0xff) == SQLITE_INTERRUPT)
		return bh_error_set(err, *calls_left <= 0 ? -ETIME : -EINTR, "", 0, 0, "%s",
				    *calls_left <= 0 ? "the query takes too long; restrict it by "
						       "night"
						     : "interrupted");
	return bh_error_set(err, (rc & 0xff) == SQLITE_ERROR ? -EINVAL : bh_store_errno(rc), "", 0,
			    0, "%s", sqlite3_errmsg(store->db));
}

int bh_store_sql(struct bh_store *store, const char *sql,
		 int (*each)(void *ctx, const struct bh_store_row *row), void *ctx,
		 struct bh_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int calls_left = CALLS_MAX;
	int length = sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, LENGTH_MAX);
	int r;

	sqlite3_progress_handler(store->db, STEPS_PER_CALL, count_down, &calls_left);
	r = prepare(store, sql, &stmt, err);
	if (r == 0)
		r = run(store, stmt, &calls_left, each, ctx, err);
	sqlite3_finalize(stmt);
	sqlite3_progress_handler(store->db, 0, NULL, NULL);
	sqlite3_limit(store->db, SQLITE_LIMIT_LENGTH, length);
	return r;
}

void bh_store_interrupt(struct bh_store *store)
{
	sqlite3_interrupt(store->db);
}
