/* SPDX-License-Identifier: MIT */
/* The file's form: versions, migrations, and the names that its views show. */
#include "hub/store/private.h"

#include "hub/store/schema_sql.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* To add a column: append { bh_sql_migrate_N } here; README.md says how. Never edit one that was
 * released. */
const struct bh_migration bh_migrations[] = {
	{ bh_sql_schema },
	{ bh_sql_migrate_2 },
	{ bh_sql_migrate_3 },
	{ bh_sql_migrate_4 },
	{ bh_sql_migrate_5 },
	{ bh_sql_migrate_6 },
	{ bh_sql_migrate_7 },
	{ bh_sql_migrate_8 },
};
const int bh_n_migrations = (int)(sizeof(bh_migrations) / sizeof(bh_migrations[0]));

const char *bh_origin_name(enum bh_origin origin)
{
	switch (origin) {
	case BH_ORIGIN_MEASURED:
		return "measured";
	case BH_ORIGIN_REPLAYED:
		return "replayed";
	case BH_ORIGIN_SIMULATED:
		return "simulated";
	}
	return "unknown";
}

static int fail(sqlite3 *db, int rc, const char *place, struct bh_error *err)
{
	int r = bh_store_errno(rc);

	if (r == -EUCLEAN)
		return bh_error_set(err, r, place, 0, 0,
				    "not a Bedside history, or damaged (%s); move it aside, or "
				    "restore a copy",
				    sqlite3_errmsg(db));
	if (r == -ENOSPC)
		return bh_error_set(err, r, place, 0, 0, "the disk is full; free some space");
	return bh_error_set(err, r, place, 0, 0, "%s; check the disk and the file's permissions",
			    sqlite3_errmsg(db));
}

static int exec(sqlite3 *db, const char *sql, const char *place, struct bh_error *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fail(db, rc, place, err);
}

static int get_int(sqlite3 *db, const char *sql, int *ret, const char *place, struct bh_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	int value = 0;

	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int(stmt, 0);
	if (rc == SQLITE_OK)
		rc = sqlite3_finalize(stmt);
	if (rc != SQLITE_OK)
		return fail(db, rc, place, err);
	*ret = value;
	return 0;
}

int bh_schema_version(sqlite3 *db, int newest, const char *place, struct bh_error *err)
{
	int version = 0;
	int application = 0;
	int tables = 0;
	int r = get_int(db, "PRAGMA user_version", &version, place, err);

	if (r == 0)
		r = get_int(db, "PRAGMA application_id", &application, place, err);
	if (r == 0)
		r = get_int(db, "SELECT count(*) FROM sqlite_master", &tables, place, err);
	if (r < 0)
		return r;
	if (application == 0 && version == 0 && tables == 0)
		return 0;
	if (application != BH_STORE_APPLICATION_ID || version < 1)
		return bh_error_set(err, -EUCLEAN, place, 0, 0,
				    "a database of another program, not a Bedside history; name "
				    "another file with --db");
	if (version > newest)
		return bh_error_set(err, -EPROTO, place, 0, 0,
				    "written by a newer Bedside (format %d, this program knows "
				    "%d); upgrade this program",
				    version, newest);
	return version;
}

/* Views hold no data: made anew, so that their text is in one place whatever the file's age. */
static int drop_views(sqlite3 *db, const char *place, struct bh_error *err)
{
	static const char query[] = "SELECT name FROM sqlite_master WHERE type = 'view' LIMIT 1";
	char drop[128];
	sqlite3_stmt *stmt;
	bool more = true;
	int r = 0;
	int rc;

	while (more && r == 0) {
		rc = sqlite3_prepare_v2(db, query, -1, &stmt, NULL);
		if (rc != SQLITE_OK)
			return fail(db, rc, place, err);
		more = sqlite3_step(stmt) == SQLITE_ROW;
		if (more)
			snprintf(drop, sizeof(drop), "DROP VIEW \"%s\"",
				 (const char *)sqlite3_column_text(stmt, 0));
		rc = sqlite3_finalize(stmt);
		if (rc != SQLITE_OK)
			return fail(db, rc, place, err);
		if (more)
			r = exec(db, drop, place, err);
	}
	return r;
}

static int migrate_one(sqlite3 *db, const struct bh_migration *step, int to, const char *place,
		       struct bh_error *err)
{
	char pragma[96];
	int r = exec(db, "BEGIN IMMEDIATE", place, err);

	if (r < 0)
		return r;
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d; PRAGMA application_id = %d", to,
		 BH_STORE_APPLICATION_ID);
	/* Views first: ALTER TABLE refuses to touch what a view names. */
	r = drop_views(db, place, err);
	if (r == 0)
		r = exec(db, step->sql, place, err);
	if (r == 0)
		r = exec(db, bh_sql_views, place, err);
	if (r == 0)
		r = exec(db, pragma, place, err);
	if (r == 0)
		r = exec(db, "COMMIT", place, err);
	if (r < 0 && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

int bh_schema_migrate(sqlite3 *db, const struct bh_migration *list, int n, const char *place,
		      struct bh_error *err)
{
	int version = bh_schema_version(db, n, place, err);
	int r = version < 0 ? version : 0;

	for (; r == 0 && version < n; version++)
		r = migrate_one(db, &list[version], version + 1, place, err);
	return r;
}

/* ---- names ---- */

struct fill {
	sqlite3 *db;
	sqlite3_stmt *name;
	sqlite3_stmt *type;
};

static int fill_name(struct fill *fill, const char *kind, int id, const char *name)
{
	bh_bind_text(fill->name, 1, kind);
	sqlite3_bind_int(fill->name, 2, id);
	bh_bind_text(fill->name, 3, name);
	return bh_stmt_run(fill->name);
}

static int fill_names(struct fill *fill)
{
	int r = 0;

	for (int i = BH_SIDE_UNKNOWN; i <= BH_SIDE_BOTH && r == 0; i++)
		r = fill_name(fill, "side", i, bh_side_name((enum bh_side)i));
	for (int i = BH_POSITION_UNKNOWN; i < BH_POSITION_END && r == 0; i++)
		r = fill_name(fill, "position", i, bh_position_name((enum bh_position)i));
	for (int i = BH_END_OPEN; i <= BH_END_CRASHED && r == 0; i++)
		r = fill_name(fill, "end", i, bh_end_cause_name((enum bh_end_cause)i));
	for (int i = BH_ORIGIN_MEASURED; i <= BH_ORIGIN_SIMULATED && r == 0; i++)
		r = fill_name(fill, "origin", i, bh_origin_name((enum bh_origin)i));
	for (int i = BH_RULE_NO_CLASS; i <= BH_RULE_MUSCULAR && r == 0; i++)
		r = fill_name(fill, "class", i, bh_rule_class_name((enum bh_rule_class)i));
	for (int i = BH_BAND_NO_DATA; i <= BH_BAND_STRONG && r == 0; i++)
		r = fill_name(fill, "band", i, bh_band_name((enum bh_band)i));
	for (int i = BH_TRUTH_UNKNOWN; i <= BH_TRUTH_TRUE && r == 0; i++)
		r = fill_name(fill, "truth", i, bh_truth_name((enum bh_truth)i));
	for (int i = 1; i < BH_CALIBRATION_KINDS && r == 0; i++)
		r = fill_name(fill, "calibration", i,
			      bh_calibration_name((enum bh_calibration_kind)i));
	/* Unknown is NULL in its rows. */
	for (int i = BH_SLEEP_AWAKE; i <= BH_SLEEP_ASLEEP && r == 0; i++)
		r = fill_name(fill, "sleep", i, bh_sleep_name((enum bh_sleep)i));
	for (int i = BH_CALIBRATED_ASKED; i <= BH_CALIBRATED_EVIDENCE && r == 0; i++)
		r = fill_name(fill, "calibrated", i,
			      bh_calibration_cause_name((enum bh_calibration_cause)i));
	return r;
}

static int fill_faults(struct fill *fill)
{
	static const int ids[] = {
#define BH_FAULT(id, ENUM, name, text) id,
#include "hub/core/fault.def"
#undef BH_FAULT
	};
	int r = 0;

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]) && r == 0; i++)
		r = fill_name(fill, "fault", ids[i], bh_fault_name((enum bh_fault)ids[i]));
	return r;
}

static const char *lower(const char *token, char *ret, size_t size)
{
	size_t i = 0;

	for (; token[i] && i + 1 < size; i++)
		ret[i] = (char)tolower((unsigned char)token[i]);
	ret[i] = '\0';
	return ret;
}

/* The names of shapes, classes and units are event.def's own words, in small letters. */
static int fill_types(struct fill *fill)
{
	static const struct {
		int id;
		const char *name, *shape, *class, *unit, *text;
	} rows[] = {
#define BH_EVENT(id, ENUM, name, shape, class, unit, needs, text)                                  \
	{ id, name, #shape, #class, #unit, text },
#include "hub/core/event.def"
#undef BH_EVENT
	};
	char shape[16], class[16], unit[16];
	int r = 0;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && r == 0; i++) {
		sqlite3_bind_int(fill->type, 1, rows[i].id);
		bh_bind_text(fill->type, 2, rows[i].name);
		bh_bind_text(fill->type, 3, lower(rows[i].shape, shape, sizeof(shape)));
		bh_bind_text(fill->type, 4, lower(rows[i].class, class, sizeof(class)));
		bh_bind_text(fill->type, 5, lower(rows[i].unit, unit, sizeof(unit)));
		bh_bind_text(fill->type, 6, rows[i].text);
		r = bh_stmt_run(fill->type);
	}
	return r;
}

/* Rows that already say the same are left alone, so an ordinary start writes nothing. */
int bh_schema_fill(sqlite3 *db, const char *place, struct bh_error *err)
{
	static const char name_sql[] =
		"INSERT INTO name_row (kind, id, name) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE "
		"SET name = excluded.name WHERE name <> excluded.name";
	static const char type_sql[] =
		"INSERT INTO event_type (id, name, shape, class, unit, text) VALUES (?1, ?2, ?3, "
		"?4, ?5, ?6) ON CONFLICT (id) DO UPDATE SET name = excluded.name, shape = "
		"excluded.shape, class = excluded.class, unit = excluded.unit, text = "
		"excluded.text "
		"WHERE (name, shape, class, unit, text) <> (excluded.name, excluded.shape, "
		"excluded.class, excluded.unit, excluded.text)";
	struct fill fill = { .db = db };
	int rc = sqlite3_prepare_v2(db, name_sql, -1, &fill.name, NULL);
	int r;

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(db, type_sql, -1, &fill.type, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	r = bh_store_errno(rc);
	if (r == 0)
		r = fill_names(&fill);
	if (r == 0)
		r = fill_faults(&fill);
	if (r == 0)
		r = fill_types(&fill);
	sqlite3_finalize(fill.name);
	sqlite3_finalize(fill.type);
	if (r == 0)
		return exec(db, "COMMIT", place, err);
	r = fail(db, sqlite3_extended_errcode(db), place, err);
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}
