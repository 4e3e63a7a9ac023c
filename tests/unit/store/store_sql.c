/* SPDX-License-Identifier: MIT */
/* A person's own SQL: what is refused, what the views show, and that one night is never a scan. */
#include "fixture.h"

#include "hub/store/private.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)

static struct bh_store *one_evening(const struct place *place)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);

	begin_run(store, BH_ORIGIN_SIMULATED, "healthy seed 1");
	put(store, &record);
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_POSITION, 1, MINUTES(0), MINUTES(9));
	record.u.event.value = BH_POSITION_SUPINE;
	put(store, &record);
	record = event_record(BH_PHASE_OPEN, BH_EVENT_SENSOR_FAULT, 2, MINUTES(9), BH_MONO_NONE);
	record.u.event.sensor = 1;
	record.u.event.value = BH_FAULT_DETACHED;
	put(store, &record);
	record = epoch_record(MINUTES(0));
	put(store, &record);
	assert_int_equal(bh_store_commit(store), 0);
	return store;
}

static int ignore(void *ctx, const struct bh_store_row *row)
{
	(void)ctx;
	(void)row;
	return 0;
}

static void assert_refused(struct bh_store *store, const char *sql, int code, const char *says)
{
	struct bh_error err = { .text = "" };
	int r = bh_store_sql(store, sql, ignore, NULL, &err);

	if (r != code || !strstr(err.text, says))
		fail_msg("%s: %d \"%s\"", sql, r, err.text);
}

static void test_nothing_can_be_written(void **state)
{
	static const char *const writes[] = {
		"DELETE FROM event_row",
		"UPDATE event_row SET night = 1",
		"INSERT INTO profile_row VALUES ('a', 'b')",
		"DROP VIEW events",
		"CREATE TEMP TABLE t (x)",
		"ATTACH '/tmp/other.db' AS other",
		"DETACH main",
		"BEGIN",
		"SAVEPOINT s",
		"VACUUM",
		"VACUUM INTO '/tmp/copy.db'",
		"REINDEX",
		"ANALYZE",
		"PRAGMA user_version = 7",
		"PRAGMA journal_mode = DELETE",
		"PRAGMA journal_mode(DELETE)",
		"PRAGMA writable_schema = 1",
		"PRAGMA wal_checkpoint",
		"PRAGMA foreign_keys = 0",
		"PRAGMA query_only = 0",
		"PRAGMA temp_store_directory = '/'",
		"SELECT load_extension('x')",
		"EXPLAIN DELETE FROM event_row",
	};
	struct bh_store *store = one_evening(*state);

	/* In the writer, where it could hurt, as well as in a reader. */
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < sizeof(writes) / sizeof(writes[0]); j++)
			assert_refused(store, writes[j], -EROFS, "only reading is allowed");
		assert_string_equal(ask(store, "SELECT count(*) FROM events"), "2");
		bh_store_close(store);
		store = open_reader(*state);
	}
	bh_store_close(store);
}

static void test_mistakes_are_told_in_one_line(void **state)
{
	struct bh_store *store = one_evening(*state);

	assert_refused(store, "SELECT * FROM evnts", -EINVAL, "no such table: evnts");
	assert_refused(store, "SELEC 1", -EINVAL, "syntax error");
	assert_refused(store, "", -EINVAL, "SELECT * FROM nights");
	assert_refused(store, " -- nothing", -EINVAL, "SELECT * FROM nights");
	assert_refused(store, "SELECT 1; DELETE FROM event_row", -EINVAL, "one statement");
	assert_refused(store, "SELECT length(randomblob(100000000))", -EINVAL, "too big");
	assert_string_equal(ask(store, "SELECT 1 ; "), "1");
	assert_int_equal(atoi(ask(store, "PRAGMA user_version")), bh_n_migrations);
	assert_string_equal(ask(store, "PRAGMA quick_check"), "ok");
	assert_string_equal(ask(store, "SELECT name FROM pragma_table_info('nights')"), "night");
	bh_store_close(store);
}

static const char endless[] = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
			      "SELECT count(*) FROM n";

struct stopper {
	struct bh_store *store;
	bool stop;
	pthread_mutex_t lock;
};

static void *stop_it(void *arg)
{
	struct stopper *stopper = arg;
	bool stop;

	/* An interrupt before the statement runs is no interrupt: again until it has ended. */
	do {
		bh_store_interrupt(stopper->store);
		sched_yield();
		pthread_mutex_lock(&stopper->lock);
		stop = stopper->stop;
		pthread_mutex_unlock(&stopper->lock);
	} while (!stop);
	return NULL;
}

static void test_an_endless_query_can_be_stopped(void **state)
{
	struct bh_store *store = one_evening(*state);
	struct stopper stopper = { .store = store, .lock = PTHREAD_MUTEX_INITIALIZER };
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, stop_it, &stopper), 0);
	assert_refused(store, endless, -EINTR, "interrupted");
	pthread_mutex_lock(&stopper.lock);
	stopper.stop = true;
	pthread_mutex_unlock(&stopper.lock);
	pthread_join(thread, NULL);
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "2");
	bh_store_close(store);
}

static int first_two(void *ctx, const struct bh_store_row *row)
{
	int *n = ctx;

	assert_int_equal(row->n, 2);
	assert_string_equal(row->names[0], "a");
	assert_string_equal(row->names[1], "b");
	assert_int_equal(row->types[1], SQLITE_NULL);
	assert_null(row->values[1]);
	return ++*n == 2 ? 77 : 0;
}

static void test_the_caller_can_stop_at_a_row(void **state)
{
	struct bh_store *store = one_evening(*state);
	struct bh_error err;
	int n = 0;

	assert_int_equal(bh_store_sql(store,
				      "SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, NULL "
				      "UNION ALL SELECT 3, NULL",
				      first_two, &n, &err),
			 77);
	assert_int_equal(n, 2);
	bh_store_close(store);
}

/* ---- views ---- */

static void test_views_show_names(void **state)
{
	struct bh_store *store = one_evening(*state);

	assert_string_equal(ask(store, "SELECT value_name || ' ' || unit || ' ' || class FROM "
				       "events WHERE type = 'position'"),
			    "supine position detail");
	assert_string_equal(ask(store, "SELECT bed || ' ' || sensor || ' ' || fault || ' ' || "
				       "started || ' ' || end_cause FROM faults"),
			    "left calf-left detached 2026-11-22 23:09:00 open");
	assert_string_equal(ask(store, "SELECT simulated || origin FROM events"), "1simulated");
	assert_string_equal(ask(store, "SELECT position || contact_left || contact_right || ' ' || "
				       "temp_left_c || ' ' || started FROM epochs"),
			    "supine10 33.5 2026-11-22 23:00:00");
	assert_string_equal(ask(store, "SELECT temp_room_c IS NULL FROM epochs"), "1");
	assert_string_equal(ask(store, "SELECT provenance FROM runs"), "healthy seed 1");
	assert_string_equal(ask(store, "SELECT name FROM beds"), "Bed left");
	assert_string_equal(ask(store, "SELECT group_concat(sensor) FROM (SELECT * FROM sensors "
				       "ORDER BY sensor)"),
			    "calf-left,calf-right,mat");
	bh_store_close(store);
}

/* Every view works in a plain SQLite, without our functions: Datasette, Python, the shell. */
static void test_views_need_nothing_of_ours(void **state)
{
	const struct place *place = *state;
	sqlite3 *db;
	sqlite3_stmt *list;
	char sql[128];

	bh_store_close(one_evening(place));
	assert_int_equal(sqlite3_open_v2(place->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type='view'",
					    -1, &list, NULL),
			 SQLITE_OK);
	while (sqlite3_step(list) == SQLITE_ROW) {
		snprintf(sql, sizeof(sql), "SELECT * FROM %s", sqlite3_column_text(list, 0));
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	}
	sqlite3_finalize(list);
	sqlite3_close(db);
}

struct readme {
	char text[65536];
	char view[64];
	int missing;
};

static int look_for_column(void *ctx, const struct bh_store_row *row)
{
	struct readme *readme = ctx;
	char mark[96];
	const char *section;
	const char *end;
	const char *found;

	snprintf(mark, sizeof(mark), "| `%s` |", row->values[0]);
	section = strstr(readme->text, mark);
	end = section ? strchr(section, '\n') : NULL;
	snprintf(mark, sizeof(mark), "`%s`", row->values[1]);
	found = section ? strstr(section + strlen(row->values[0]) + 4, mark) : NULL;
	if (!found || found > end) {
		print_error("README.md does not tell of %s.%s\n", row->values[0], row->values[1]);
		readme->missing++;
	}
	return 0;
}

static void test_the_readme_tells_of_every_column(void **state)
{
	struct bh_store *store = one_evening(*state);
	struct readme *readme = calloc(1, sizeof(*readme));
	struct bh_error err = { .text = "" };
	FILE *file = fopen(STORE_README, "r");

	assert_non_null(readme);
	assert_non_null(file);
	assert_true(fread(readme->text, 1, sizeof(readme->text) - 1, file) > 0);
	fclose(file);
	assert_int_equal(bh_store_sql(store,
				      "SELECT v.name, c.name FROM sqlite_master v, "
				      "pragma_table_info(v.name) c WHERE v.type = 'view'",
				      look_for_column, readme, &err),
			 0);
	assert_int_equal(readme->missing, 0);
	free(readme);
	bh_store_close(store);
}

/* ---- plans ---- */

static bool walks(const char *step)
{
	static const char *const big[] = { "SCAN e", "SCAN event_row", "SCAN epoch_row", "SCAN n",
					   "SCAN night_row" };
	/* Partial indexes over a handful of rows. */
	static const char *const small[] = { "event_fault", "event_open", "event_undelivered" };

	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (strstr(step, small[i]))
			return false;
	for (size_t i = 0; i < sizeof(big) / sizeof(big[0]); i++)
		if (strncmp(step, big[i], strlen(big[i])) == 0 &&
		    strchr(" ", step[strlen(big[i])]) != NULL)
			return true;
	return false;
}

/* The big tables are searched by an index, never walked. */
static void assert_no_scan(struct bh_store *store, const char *sql)
{
	char explain[4096];
	sqlite3_stmt *stmt;

	snprintf(explain, sizeof(explain), "EXPLAIN QUERY PLAN %s", sql);
	if (sqlite3_prepare_v2(store->db, explain, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(store->db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
		if (walks((const char *)sqlite3_column_text(stmt, 3)))
			fail_msg("%s\n%s", sql, sqlite3_column_text(stmt, 3));
	sqlite3_finalize(stmt);
}

static void test_one_night_is_never_a_scan(void **state)
{
	static const char *const queries[] = {
		"SELECT * FROM events WHERE night = 20261122",
		"SELECT * FROM events WHERE night = 20261122 AND type = 'restless'",
		"SELECT type, count(*) FROM events WHERE night >= 20261115 GROUP BY type",
		"SELECT * FROM epochs WHERE night = 20261122",
		"SELECT avg(temp_left_c) FROM epochs WHERE night BETWEEN 20261101 AND 20261122",
		"SELECT * FROM nights WHERE night >= 20261115",
		"SELECT * FROM nights WHERE night = 20261122 AND bed = 'left'",
		"SELECT * FROM faults",
		"SELECT * FROM faults WHERE night = 20261122",
		"SELECT max(night) FROM nights",
		"SELECT * FROM findings WHERE night = 20261122",
		"SELECT * FROM diary WHERE night = 20261122",
	};
	struct bh_store *store = one_evening(*state);

	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		assert_no_scan(store, queries[i]);
	bh_store_close(store);
}

/* Walks on purpose: counting for `status`, and replacing a replay, once a replay. The plan of
 * the last ones names children of a foreign key, which SQLite visits only if one is violated. */
static bool may_walk(enum bh_stmt which)
{
	static const enum bh_stmt walkers[] = { BH_STMT_FACTS,	      BH_STMT_OLD_NIGHTS,
						BH_STMT_OLD_FINDINGS, BH_STMT_OLD_RED_FLAGS,
						BH_STMT_OLD_EPOCHS,
						BH_STMT_OLD_RUN,      BH_STMT_RUN_INSERT,
						BH_STMT_BED_PUT,      BH_STMT_BED_NAME,
						BH_STMT_SENSOR_PUT };

	for (size_t i = 0; i < sizeof(walkers) / sizeof(walkers[0]); i++)
		if (walkers[i] == which)
			return true;
	return which == BH_STMT_BEGIN || which == BH_STMT_COMMIT || which == BH_STMT_ROLLBACK;
}

static void test_our_statements_do_not_scan(void **state)
{
	struct bh_store *store = one_evening(*state);
	sqlite3_stmt *stmt;
	int error = 0;

	for (int i = 0; i < BH_STMT_END; i++) {
		stmt = bh_stmt(store, (enum bh_stmt)i, &error);
		if (!stmt)
			fail_msg("statement %d: %s", i, sqlite3_errmsg(store->db));
		if (!may_walk((enum bh_stmt)i))
			assert_no_scan(store, sqlite3_sql(stmt));
	}
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(nothing_can_be_written),
		TEST(mistakes_are_told_in_one_line),
		TEST(an_endless_query_can_be_stopped),
		TEST(the_caller_can_stop_at_a_row),
		TEST(views_show_names),
		TEST(views_need_nothing_of_ours),
		TEST(the_readme_tells_of_every_column),
		TEST(one_night_is_never_a_scan),
		TEST(our_statements_do_not_scan),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
