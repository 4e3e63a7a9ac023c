/* SPDX-License-Identifier: MIT */
/* Opening: who may, what is refused with which words, and what a crash left. */
#include "fixture.h"

#include "hub/store/private.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)
/* "nobody" and "nogroup" of Debian. */
#define NOBODY 65534

static int open_fails(const char *path, enum bh_store_mode mode, const char *says)
{
	struct bh_store *store = NULL;
	struct bh_error err = { .line = 0 };
	int r = bh_store_open(path, mode, &store, &err);

	assert_null(store);
	if (!strstr(err.text, says))
		fail_msg("\"%s\" does not say \"%s\"", err.text, says);
	assert_true(err.place[0] == '/');
	return r;
}

static void write_file(const char *path, const char *text, size_t size)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void exec_on(const struct place *place, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* ---- what is refused ---- */

static void test_reading_what_is_not_there(void **state)
{
	const struct place *place = *state;

	assert_int_equal(open_fails(place->path, BH_STORE_READ, "bedside demo"), -ENOENT);
	write_file(place->path, "", 0);
	assert_int_equal(open_fails(place->path, BH_STORE_READ, "bedside demo"), -ENOENT);
	assert_int_equal(open_fails(place->folder, BH_STORE_READ, "not a file"), -EUCLEAN);
}

static void test_a_file_of_another_kind_is_refused_and_left_alone(void **state)
{
	const struct place *place = *state;
	static const char text[] =
		"t_s,load\n0,1\n and much more of it, so that it is longer than "
		"any header of a database: one hundred bytes at the least, two, "
		"three hundred; whatever SQLite may look at before it decides.\n";
	char after[sizeof(text)] = "";
	FILE *file;

	write_file(place->path, text, sizeof(text));
	assert_int_equal(open_fails(place->path, BH_STORE_READ, "not a Bedside history"), -EUCLEAN);
	assert_int_equal(open_fails(place->path, BH_STORE_WRITE, "not a Bedside history"),
			 -EUCLEAN);
	file = fopen(place->path, "r");
	assert_non_null(file);
	assert_int_equal(fread(after, 1, sizeof(after), file), sizeof(after));
	fclose(file);
	assert_memory_equal(after, text, sizeof(text));
}

static void test_a_database_of_another_program_is_refused(void **state)
{
	const struct place *place = *state;

	exec_on(place, "CREATE TABLE states (id INTEGER); PRAGMA user_version = 1");
	assert_int_equal(open_fails(place->path, BH_STORE_WRITE, "another program"), -EUCLEAN);
	assert_int_equal(open_fails(place->path, BH_STORE_READ, "another program"), -EUCLEAN);
}

static void test_a_newer_history_is_refused_with_its_version(void **state)
{
	const struct place *place = *state;
	char sql[64];
	char says[64];

	bh_store_close(open_writer(place));
	snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", bh_n_migrations + 1);
	snprintf(says, sizeof(says), "format %d, this program knows %d", bh_n_migrations + 1,
		 bh_n_migrations);
	exec_on(place, sql);
	assert_int_equal(open_fails(place->path, BH_STORE_WRITE, says), -EPROTO);
	assert_int_equal(open_fails(place->path, BH_STORE_READ, "upgrade this program"), -EPROTO);
}

static void test_a_damaged_history_is_found(void **state)
{
	const struct place *place = *state;
	char junk[4096];
	struct bh_store *store = open_writer(place);
	struct bh_error err;
	int fd;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	for (int i = 0; i < 2000; i++) {
		struct bh_record record = epoch_record((int64_t)i * BH_EPOCH_NS);

		put(store, &record);
	}
	assert_int_equal(bh_store_check(store, &err), 0);
	bh_store_close(store);
	memset(junk, 0x5a, sizeof(junk));
	/* The last page holds rows; the first holds the header. */
	fd = open(place->path, O_RDWR);
	assert_int_equal(pwrite(fd, junk, sizeof(junk), lseek(fd, 0, SEEK_END) - 4096), 4096);
	close(fd);
	store = open_reader(place);
	assert_int_equal(bh_store_check(store, &err), -EUCLEAN);
	assert_non_null(strstr(err.text, "restore a copy"));
	bh_store_close(store);
	fd = open(place->path, O_RDWR);
	assert_int_equal(pwrite(fd, junk, 100, 0), 100);
	close(fd);
	assert_int_equal(open_fails(place->path, BH_STORE_WRITE, "damaged"), -EUCLEAN);
}

static void test_one_writer_only(void **state)
{
	const struct place *place = *state;
	struct bh_store *store = open_writer(place);
	struct bh_store *reader;
	char pid[32];

	snprintf(pid, sizeof(pid), "process %ld", (long)getpid());
	assert_int_equal(open_fails(place->path, BH_STORE_WRITE, pid), -EBUSY);
	reader = open_reader(place);
	assert_int_equal(bh_store_put(reader, &(struct bh_record){ .kind = BH_RECORD_EPOCH }),
			 -EROFS);
	bh_store_close(reader);
	bh_store_close(store);
	bh_store_close(open_writer(place)); /* the lock went with its owner */
}

static void test_one_writer_also_through_a_link(void **state)
{
	const struct place *place = *state;
	struct bh_store *store = open_writer(place);
	char link[96];

	snprintf(link, sizeof(link), "%s/link.db", place->folder);
	assert_int_equal(symlink(place->path, link), 0);
	assert_int_equal(open_fails(link, BH_STORE_WRITE, "writes this history"), -EBUSY);
	bh_store_close(store);
}

/* ---- modes and other users ---- */

static unsigned int mode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

static void test_files_are_for_the_owner_and_the_group(void **state)
{
	const struct place *place = *state;
	struct place below = { .folder = "" };
	char name[160];
	mode_t old = umask(077);
	struct bh_store *store;

	assert_true(snprintf(below.folder, sizeof(below.folder), "%.40s/var", place->folder) < 60);
	assert_true(snprintf(below.path, sizeof(below.path), "%s/h.db", below.folder) < 70);
	store = open_writer(&below);
	begin_run(store, BH_ORIGIN_MEASURED, "");
	umask(old);
	assert_int_equal(mode_of(below.folder), 02750);
	assert_int_equal(mode_of(below.path), 0640);
	snprintf(name, sizeof(name), "%s-wal", below.path);
	assert_int_equal(mode_of(name), 0640);
	snprintf(name, sizeof(name), "%s-shm", below.path);
	assert_int_equal(mode_of(name), 0640);
	snprintf(name, sizeof(name), "%s.lock", below.path);
	assert_int_equal(mode_of(name), 0640);
	bh_store_close(store);
	snprintf(name, sizeof(name), "rm -r %s", below.folder);
	assert_int_equal(system(name), 0);
}

/*
 * Runs this program again as nobody in group @p group, to do @p errand on the history. Another
 * program, since SQLite must not be carried across a fork.
 */
static int as_nobody(gid_t group, const char *errand, const struct place *place)
{
	char *const args[] = { (char[]){ "store_open" }, strdup(errand), strdup(place->path),
			       NULL };
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0 && self >= 0 && args[1] && args[2]);
	if (child == 0) {
		if (setgroups(0, NULL) < 0 || setgid(group) < 0 || setuid(NOBODY) < 0)
			_exit(126);
		fexecve(self, args, environ);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	close(self);
	free(args[1]);
	free(args[2]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The other side: 0 if the one event was read, or the positive errno of the opening. */
static int run_errand(const char *errand, const char *path)
{
	enum bh_store_mode mode = strcmp(errand, "write") == 0 ? BH_STORE_WRITE : BH_STORE_READ;
	struct bh_store *store = NULL;
	struct bh_store_facts facts;
	struct bh_error err = { .text = "" };
	int r = bh_store_open(path, mode, &store, &err);

	if (r < 0) {
		printf("%s as nobody: %s\n", errand, err.text);
		return -r;
	}
	r = bh_store_facts(store, &facts);
	bh_store_close(store);
	return r < 0 || facts.events != 1 ? 125 : 0;
}

/* The group of the folder reads whether the hub runs, stopped in order, was killed, or somebody
 * used the sqlite3 shell and took the WAL away; nobody else does. */
static void test_the_group_reads_without_writing_in_the_folder(void **state)
{
	const struct place *place = *state;
	struct bh_store *store;
	struct bh_record record =
		event_record(BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(0), MINUTES(0));
	char name[120];

	if (geteuid() != 0)
		skip();
	store = open_writer(place);
	assert_int_equal(chown(place->folder, 0, NOBODY), 0);
	assert_int_equal(chmod(place->folder, 02750), 0);
	assert_int_equal(chown(place->path, 0, NOBODY), 0);
	bh_store_close(store);
	/* As after an installation: the folder first, the files in its group. */
	snprintf(name, sizeof(name), "rm %s/*", place->folder);
	assert_int_equal(system(name), 0);
	store = open_writer(place);
	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	assert_int_equal(bh_store_commit(store), 0);
	assert_int_equal(as_nobody(NOBODY, "read", place), 0);
	assert_int_equal(as_nobody(NOBODY, "write", place), EACCES);
	assert_int_equal(as_nobody(12345, "read", place), EACCES);
	bh_store_close(store);
	snprintf(name, sizeof(name), "%s-shm", place->path);
	assert_int_equal(access(name, F_OK), 0); /* left there for the group */
	assert_int_equal(as_nobody(NOBODY, "read", place), 0);
	exec_on(place, "PRAGMA wal_checkpoint(TRUNCATE)"); /* takes -wal and -shm away */
	assert_int_equal(access(name, F_OK), -1);
	assert_int_equal(as_nobody(NOBODY, "read", place), 0);
}

/* ---- after a crash ---- */

static void leave_open(const struct place *place, bool clock_known)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	record = clock_record(BH_CLOCK_START, HOUR_NS, clock_known ? EVENING_MS : BH_WALL_UNKNOWN);
	put(store, &record);
	record = event_record(BH_PHASE_OPEN, BH_EVENT_BED_OCCUPIED, 1, MINUTES(0), BH_MONO_NONE);
	put(store, &record);
	record = epoch_record(MINUTES(30)); /* the last sign of life: it ends at 30:30 */
	put(store, &record);
	if (bh_store_commit(store) < 0)
		_exit(1);
	record = epoch_record(MINUTES(50)); /* never committed */
	put(store, &record);
	_exit(0);
}

static void crash(const struct place *place, bool clock_known)
{
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		leave_open(place, clock_known);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void test_open_intervals_of_a_crash_end_at_the_last_sign_of_life(void **state)
{
	struct bh_store *store;
	struct bh_store_facts facts;

	crash(*state, true);
	store = open_reader(*state);
	assert_int_equal(bh_store_facts(store, &facts), 0);
	assert_int_equal(facts.open_events, 1); /* a reader changes nothing */
	bh_store_close(store);
	store = open_writer(*state);
	assert_string_equal(ask(store, "SELECT end_cause FROM events"), "crashed");
	assert_string_equal(ask(store, "SELECT ended FROM events"), "2026-11-22 23:30:30");
	assert_string_equal(ask(store, "SELECT minutes FROM events"), "30.5");
	assert_string_equal(ask(store, "SELECT end_cause FROM runs"), "crashed");
	assert_string_equal(ask(store, "SELECT last_life FROM runs"), "2026-11-22 23:30:30");
	assert_int_equal(bh_store_facts(store, &facts), 0);
	assert_int_equal(facts.open_events, 0);
	assert_int_equal(facts.epochs, 1);
	/* The end is news for the broker: two messages. */
	assert_int_equal(facts.outbox_waiting, 1);
	bh_store_close(store);
	store = open_reader(*state);
	assert_string_equal(ask(store, "SELECT end_cause FROM runs"), "crashed");
	bh_store_close(store);
}

static void test_a_crash_before_the_clock_was_known(void **state)
{
	struct bh_store *store;

	crash(*state, false);
	store = open_writer(*state);
	assert_string_equal(ask(store, "SELECT end_cause || ' ' || minutes FROM events"),
			    "crashed 30.5");
	assert_string_equal(ask(store, "SELECT ended IS NULL FROM events"), "1");
	bh_store_close(store);
}

static void test_an_orderly_end_is_told_from_a_crash(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record = epoch_record(MINUTES(0));

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	bh_store_close(store); /* commits */
	store = open_reader(*state);
	assert_string_equal(ask(store, "SELECT end_cause FROM runs"), "stopped");
	assert_string_equal(ask(store, "SELECT count(*) FROM epochs"), "1");
	bh_store_close(store);
}

/* ---- migrations ---- */

static sqlite3 *open_raw(const struct place *place)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(place->path, &db), SQLITE_OK);
	return db;
}

static int version_of(sqlite3 *db)
{
	struct bh_error err;

	return bh_schema_version(db, 1000, "test", &err);
}

/* The released list, and one step more as the next release would add it. */
static int with_one_more(struct bh_migration *list, const char *sql)
{
	for (int i = 0; i < bh_n_migrations; i++)
		list[i] = bh_migrations[i];
	list[bh_n_migrations].sql = sql;
	return bh_n_migrations + 1;
}

static void test_a_step_keeps_rows_and_makes_the_views_anew(void **state)
{
	const struct place *place = *state;
	struct bh_migration list[32];
	int n = with_one_more(list, "ALTER TABLE event_row ADD COLUMN note TEXT;"
				    "UPDATE event_row SET note = 'from ' || seq;");
	struct bh_store *store = open_writer(place);
	struct bh_record record = event_record(BH_PHASE_INSTANT, BH_EVENT_MARK, 9, 0, 0);
	struct bh_error err = { .text = "" };
	sqlite3 *db;
	sqlite3_stmt *stmt;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	bh_store_close(store);
	db = open_raw(place);
	if (bh_schema_migrate(db, list, n, place->path, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(version_of(db), n);
	assert_int_equal(sqlite3_prepare_v2(db,
					    "SELECT e.type, r.note FROM events e JOIN event_row r "
					    "ON r.id = e.id",
					    -1, &stmt, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(stmt, 0), "mark");
	assert_string_equal((const char *)sqlite3_column_text(stmt, 1), "from 9");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void test_a_step_that_fails_leaves_the_file_as_it_was(void **state)
{
	const struct place *place = *state;
	struct bh_migration list[32];
	int n = with_one_more(list, "CREATE TABLE half (x INTEGER) STRICT; SELECT no_such_column");
	struct bh_error err = { .text = "" };
	struct bh_store *store;
	sqlite3 *db;

	bh_store_close(open_writer(place));
	db = open_raw(place);
	assert_true(bh_schema_migrate(db, list, n, place->path, &err) < 0);
	assert_non_null(strstr(err.text, "no_such_column"));
	assert_int_equal(version_of(db), bh_n_migrations);
	sqlite3_close(db);
	store = open_writer(place);
	assert_string_equal(ask(store, "SELECT count(*) FROM sqlite_master WHERE name = 'half'"),
			    "0");
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "0"); /* the view is there */
	bh_store_close(store);
}

static void test_an_ordinary_start_writes_no_names(void **state)
{
	const struct place *place = *state;
	sqlite3 *db;
	struct bh_error err;

	bh_store_close(open_writer(place));
	db = open_raw(place);
	assert_int_equal(bh_schema_fill(db, "test", &err), 0);
	assert_int_equal(sqlite3_total_changes(db), 0);
	sqlite3_close(db);
}

static void test_the_fault_index_and_view_mean_sensor_faults(void **state)
{
	struct bh_store *store = open_writer(*state);

	assert_int_equal(BH_EVENT_SENSOR_FAULT, 20); /* in schema.sql, views.sql, statement.c */
	assert_string_equal(ask(store, "SELECT group_concat(id) FROM event_types WHERE "
				       "class = 'fault'"),
			    "20");
	bh_store_close(store);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(reading_what_is_not_there),
		TEST(a_file_of_another_kind_is_refused_and_left_alone),
		TEST(a_database_of_another_program_is_refused),
		TEST(a_newer_history_is_refused_with_its_version),
		TEST(a_damaged_history_is_found),
		TEST(one_writer_only),
		TEST(one_writer_also_through_a_link),
		TEST(files_are_for_the_owner_and_the_group),
		TEST(the_group_reads_without_writing_in_the_folder),
		TEST(open_intervals_of_a_crash_end_at_the_last_sign_of_life),
		TEST(a_crash_before_the_clock_was_known),
		TEST(an_orderly_end_is_told_from_a_crash),
		TEST(a_step_keeps_rows_and_makes_the_views_anew),
		TEST(a_step_that_fails_leaves_the_file_as_it_was),
		TEST(an_ordinary_start_writes_no_names),
		TEST(the_fault_index_and_view_mean_sensor_faults),
	};

	if (argc == 3)
		return run_errand(argv[1], argv[2]);
	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
