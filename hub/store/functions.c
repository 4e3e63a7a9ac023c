/* SPDX-License-Identifier: MIT */
/* hub/core's time functions for our own SQL: never in views, which any SQLite must be able to read. */
#include "hub/store/private.h"

static bool any_null(int n, sqlite3_value **values)
{
	for (int i = 0; i < n; i++)
		if (sqlite3_value_type(values[i]) == SQLITE_NULL)
			return true;
	return false;
}

/* bh_wall(mono_ns, anchor_mono_ns, anchor_wall_ms) */
static void sql_wall(sqlite3_context *context, int n, sqlite3_value **values)
{
	struct bh_clock_anchor anchor;

	if (any_null(n, values)) {
		sqlite3_result_null(context);
		return;
	}
	anchor.mono_ns = sqlite3_value_int64(values[1]);
	anchor.wall_ms = sqlite3_value_int64(values[2]);
	sqlite3_result_int64(context, bh_wall_from_mono(&anchor, sqlite3_value_int64(values[0])));
}

/* bh_offset(wall_ms) */
static void sql_offset(sqlite3_context *context, int n, sqlite3_value **values)
{
	if (any_null(n, values))
		sqlite3_result_null(context);
	else
		sqlite3_result_int(context, bh_utc_offset_s(sqlite3_value_int64(values[0])));
}

/* bh_night(wall_ms); 0 for NULL, as in the tables */
static void sql_night(sqlite3_context *context, int n, sqlite3_value **values)
{
	if (any_null(n, values))
		sqlite3_result_int(context, 0);
	else
		sqlite3_result_int(context, bh_night_date(sqlite3_value_int64(values[0])));
}

int bh_store_functions(sqlite3 *db)
{
	int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	int rc = sqlite3_create_function(db, "bh_wall", 3, flags, NULL, sql_wall, NULL, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(db, "bh_offset", 1, flags, NULL, sql_offset, NULL,
					     NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_create_function(db, "bh_night", 1, flags, NULL, sql_night, NULL, NULL);
	return bh_store_errno(rc);
}
