/* SPDX-License-Identifier: MIT */
/* A night's figures and the sleep of its epochs: kept whole, unknown stays unknown. */
#include "fixture.h"

#include "hub/store/private.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define MINUTE_MS 60000
#define WRITER_MINUTES 4

static struct bh_night the_night;

static int see(void *ctx, const struct bh_night *night)
{
	(void)ctx;
	the_night = *night;
	return 0;
}

static struct bh_store *epochs_of_four_minutes(const struct place *place)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record = clock_record(BH_CLOCK_START, 0, EVENING_MS);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	for (int i = 0; i < 2 * WRITER_MINUTES; i++) {
		record = epoch_record(i * BH_EPOCH_NS);
		put(store, &record);
	}
	return store;
}

/* Every number another, so that none can stand in another's column. */
static struct bh_night numbered_night(void)
{
	struct bh_night night = bh_night_unknown;
	int32_t *const numbers[] = {
		&night.restless_periods, &night.restless_first_third_min,
		&night.restless_last_third_min, &night.walk_breaks, &night.toilet_like,
		&night.sleep.bed_min, &night.sleep.unknown_min, &night.sleep.latency_min,
		&night.sleep.asleep_min, &night.sleep.wake_after_onset_min,
		&night.sleep.awake_in_bed_min, &night.sleep.awakenings,
		&night.sleep.efficiency_permille, &night.sleep.fragmentation_milli,
		&night.sleep.regularity_milli, &night.plm.candidates, &night.plm.asleep,
		&night.plm.awake, &night.plm.index_asleep_milli, &night.plm.index_awake_milli,
		&night.plm.series, &night.plm.pi_ferri_permille, &night.plm.pi_ratio_permille,
		&night.plm.interval_ms, &night.plm.missed_permille, &night.plm.left,
		&night.plm.right, &night.plm.both,
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		*numbers[i] = 1000 + (int32_t)i;
	night.sleep.onset_ms = EVENING_MS + 17 * MINUTE_MS;
	night.date = EVENING_NIGHT;
	assert_int_equal(bh_night_bounds(night.date, &night.start_ms, &night.end_ms), 0);
	return night;
}

static void test_every_figure_comes_back(void **state)
{
	struct bh_store *store = epochs_of_four_minutes(*state);
	struct bh_night night = numbered_night();

	assert_int_equal(bh_store_put_night(store, &night), 0);
	assert_int_equal(bh_store_nights(store, 0, 0, 0, see, NULL), 0);
	assert_memory_equal(&the_night.sleep, &night.sleep, sizeof(night.sleep));
	assert_memory_equal(&the_night.plm, &night.plm, sizeof(night.plm));
	assert_int_equal(the_night.restless_periods, 1000);
	assert_int_equal(the_night.toilet_like, 1004);
	/* By the names of the view, with local times and units. */
	assert_string_equal(ask(store, "SELECT sleep_onset || ' ' || asleep_min || ' ' || "
				       "sleep_efficiency_percent || ' ' || sleep_regularity FROM nights"),
			    "2026-11-22 23:17:00 1008 101.2 1.014");
	assert_string_equal(ask(store, "SELECT plm_index_asleep || ' ' || plm_pi_ferri || ' ' || "
				       "plm_interval_s || ' ' || plm_missed_percent || ' ' || plm_both "
				       "FROM nights"),
			    "1.018 1.021 1.023 102.4 1027");
	bh_store_close(store);
}

static void test_unknown_is_null(void **state)
{
	struct bh_store *store = epochs_of_four_minutes(*state);
	struct bh_night night = bh_night_unknown;

	night.date = EVENING_NIGHT;
	assert_int_equal(bh_night_bounds(night.date, &night.start_ms, &night.end_ms), 0);
	assert_int_equal(bh_store_put_night(store, &night), 0);
	assert_int_equal(bh_store_nights(store, 0, 0, 0, see, NULL), 0);
	assert_memory_equal(&the_night.sleep, &bh_night_unknown.sleep, sizeof(night.sleep));
	assert_memory_equal(&the_night.plm, &bh_night_unknown.plm, sizeof(night.plm));
	assert_string_equal(ask(store, "SELECT coalesce(sleep_onset, asleep_min, plm_asleep, "
				       "plm_index_asleep, plm_left, sleep_regularity, 'nothing') FROM nights"),
			    "nothing");
	bh_store_close(store);
}

static struct bh_night_sleep_marks marks_of(int64_t start_ms, const char *minutes)
{
	struct bh_night_sleep_marks marks = { .date = EVENING_NIGHT, .start_ms = start_ms };

	snprintf(marks.minute, sizeof(marks.minute), "%s", minutes);
	return marks;
}

#define SLEEP_OF_EPOCHS                                                                            \
	"SELECT group_concat(coalesce(sleep, '-'), ' ') FROM (SELECT sleep FROM epochs ORDER BY "  \
	"start_ms)"

static void test_epochs_take_the_sleep_of_their_minute(void **state)
{
	struct bh_store *store = epochs_of_four_minutes(*state);
	/* From the second minute on: awake, asleep; the fourth is past the end. */
	struct bh_night_sleep_marks marks = marks_of(EVENING_MS + MINUTE_MS, "12");
	struct bh_store_past past;
	int changes;

	assert_int_equal(bh_store_put_sleep(store, &marks), 0);
	assert_string_equal(ask(store, SLEEP_OF_EPOCHS), "- - awake awake asleep asleep - -");
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.nights[0].epochs[1].sleep, BH_SLEEP_UNKNOWN);
	assert_int_equal(past.history.nights[0].epochs[2].sleep, BH_SLEEP_AWAKE);
	assert_int_equal(past.history.nights[0].epochs[5].sleep, BH_SLEEP_ASLEEP);
	bh_store_past_free(&past);
	/* The same again writes nothing; another look takes back what it no longer knows. */
	changes = sqlite3_total_changes(store->db);
	assert_int_equal(bh_store_put_sleep(store, &marks), 0);
	assert_int_equal(sqlite3_total_changes(store->db), changes);
	marks = marks_of(EVENING_MS, "0012");
	assert_int_equal(bh_store_put_sleep(store, &marks), 0);
	assert_string_equal(ask(store, SLEEP_OF_EPOCHS), "- - - - awake awake asleep asleep");
	marks.bed = 7;
	assert_int_equal(bh_store_put_sleep(store, &marks), -EINVAL);
	bh_store_close(store);
}

/* A file of version 3 as it was released. */
static void test_a_night_of_version_3_has_unknown_sleep(void **state)
{
	static const char rows[] =
		OLD_BED OLD_RUN
		"INSERT INTO epoch_row (night, bed, run, slot, contact, position) VALUES "
		"(20261122, 0, 3, 1, 0, 2);"
		"INSERT INTO night_row (night, bed, origin, start_ms, end_ms, utc_offset_s, complete, "
		"exits) VALUES (20261122, 0, 0, 1795345200000, 1795431600000, 3600, 1, 4);";
	const struct place *place = *state;
	struct bh_store *store;

	make_old(place, 3, rows);
	store = open_writer(place);
	assert_int_equal(atoi(ask(store, "PRAGMA user_version")), bh_n_migrations);
	assert_int_equal(bh_store_nights(store, 0, 0, 0, see, NULL), 0);
	assert_int_equal(the_night.exits, 4);
	assert_int_equal(the_night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
	assert_true(the_night.sleep.onset_ms == BH_WALL_UNKNOWN);
	assert_int_equal(the_night.plm.index_asleep_milli, BH_EPOCH_UNKNOWN);
	assert_string_equal(ask(store, "SELECT sleep IS NULL FROM epochs"), "1");
	bh_store_close(store);
}

/* A file of version 6: contact pads (1, 2: occupancy and movement) in run 3, cells (32) in run 4. */
static void test_what_version_6_counted_as_0_is_not_known(void **state)
{
	static const char rows[] =
		OLD_BED OLD_RUN
		"INSERT INTO run_row (id, boot_id, origin, provenance, version, config_hash, started_ns, "
		"last_life_ns, end_cause) VALUES (4, 'boot', 0, '', '0.1.0', 'abc', 0, 9, 2);"
		"INSERT INTO run_bed_row (run, bed, capabilities) VALUES (3, 0, 3), (4, 0, 35);"
		"INSERT INTO event_type VALUES (11, 'large_movement', 'interval', 'detail', 'permille', '');"
		"INSERT INTO event_row (id, run, bed, seq, type, end_cause, side, value, "
		"confidence_permille, start_ns, length_ns, detected_after_ns, start_ms, utc_offset_s, "
		"night, messages) VALUES "
		"(21, 3, 0, 1, 11, 1, 0, 0, 500, 0, 5, 5, 1795345200000, 3600, 20261122, 0), "
		"(22, 4, 0, 1, 11, 1, 0, 0, 800, 0, 5, 5, 1795345300000, 3600, 20261122, 0), "
		"(23, 4, 0, 2, 11, 1, 0, 70, 800, 0, 5, 5, 1795345400000, 3600, 20261122, 0);"
		"INSERT INTO night_row (night, bed, origin, start_ms, end_ms, utc_offset_s, complete, "
		"exits, position_changes) VALUES (20261122, 0, 0, 1795345200000, 1795431600000, 3600, 1, "
		"0, 0);";
	const struct place *place = *state;
	struct bh_store *store;

	make_old(place, 6, rows);
	store = open_writer(place);
	assert_int_equal(atoi(ask(store, "PRAGMA user_version")), bh_n_migrations);
	assert_string_equal(ask(store, "SELECT group_concat(id || ':' || coalesce(value, '-'), ' ') FROM "
				       "(SELECT id, value FROM events ORDER BY id)"),
			    "21:- 22:0 23:70");
	assert_string_equal(ask(store, "SELECT exits || coalesce(position_changes, '-') FROM nights"), "0-");
	/* Every index is there again. */
	assert_string_equal(ask(store, "SELECT count(*) FROM sqlite_master WHERE tbl_name = 'event_row' "
				       "AND type = 'index' AND name LIKE 'event%'"), "5");
	bh_store_close(store);
}

/* A file of version 7, of three beds: pads (occupancy, movement, legs), strips, and a sheet under the mattress. */
static void test_what_version_7_told_of_restlessness_on_pads_is_not_known(void **state)
{
	static const char rows[] =
		"INSERT INTO bed_row VALUES (0, 'pads', 'Pads', 11, 0), (1, 'strips', 'Strips', 171, 1), "
		"(2, 'sheet', 'Sheet', 107, 2);" OLD_RUN
		"INSERT INTO run_bed_row (run, bed, capabilities) VALUES (3, 0, 11), (3, 1, 171), (3, 2, 107);"
		"INSERT INTO sensor_row (id, bed, name, capabilities, place) VALUES (1, 1, 'mat', 171, 0);"
		"INSERT INTO night_row (night, bed, origin, start_ms, end_ms, utc_offset_s, complete, "
		"restless_min, restless_periods, walk_breaks, toilet_like) VALUES "
		"(20261122, 0, 0, 1795345200000, 1795431600000, 3600, 1, 0, 0, 0, 3), "
		"(20261122, 1, 0, 1795345200000, 1795431600000, 3600, 1, 7, 1, 0, 3), "
		"(20261122, 2, 0, 1795345200000, 1795431600000, 3600, 1, 5, 1, 0, 3);";
	const struct place *place = *state;
	struct bh_store *store;

	make_old(place, 7, rows);
	store = open_writer(place);
	assert_string_equal(ask(store, "SELECT group_concat(coalesce(restless_min, '-') || ':' || "
				       "coalesce(walk_breaks, '-') || ':' || toilet_like, ' ') "
				       "FROM (SELECT * FROM night_row ORDER BY bed)"),
			    "-:-:3 7:0:3 -:-:3");
	/* 4096 restlessness, 8192 hanging. */
	assert_string_equal(ask(store, "SELECT group_concat(capabilities - old, ' ') FROM "
				       "(SELECT capabilities, capabilities & 4095 AS old FROM run_bed_row "
				       "ORDER BY bed)"), "0 12288 8192");
	assert_string_equal(ask(store, "SELECT group_concat(capabilities & 12288, ' ') FROM "
				       "(SELECT * FROM bed_row ORDER BY id)"), "0 12288 8192");
	assert_string_equal(ask(store, "SELECT capabilities & 12288 FROM sensor_row"), "12288");
	bh_store_close(store);
}

/* An index over years of events is not sorted in the memory of a small Pi. */
static void test_a_migration_sorts_on_the_disk(void **state)
{
	static const char rows[] =
		OLD_BED OLD_RUN
		"INSERT INTO event_type VALUES (11, 'large_movement', 'interval', 'detail', 'permille', '');"
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) "
		"INSERT INTO event_row (id, run, bed, seq, type, end_cause, side, value, "
		"confidence_permille, start_ns, length_ns, detected_after_ns, start_ms, utc_offset_s, "
		"night, messages) SELECT i, 3, 0, i, 11, 1, 0, 7, 500, i * 60000000000, 5, 5, "
		"1795345200000 + i * 60000, 3600, 20261122 + i / 1000, 0 FROM n;";
	const struct place *place = *state;
	struct bh_store *store;
	sqlite3_int64 before;

	make_old(place, 6, rows);
	before = sqlite3_memory_used();
	sqlite3_memory_highwater(1);
	store = open_writer(place);
	print_message("%lld KiB at most\n", (sqlite3_memory_highwater(0) - before) / 1024);
	/* Page cache and sorter have 2 MiB each; 100,000 keys in memory take over 12. */
	assert_true(sqlite3_memory_highwater(0) - before < 6 * 1024 * 1024);
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "100000");
	assert_string_equal(ask(store, "PRAGMA integrity_check"), "ok");
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(every_figure_comes_back),
		TEST(unknown_is_null),
		TEST(epochs_take_the_sleep_of_their_minute),
		TEST(a_night_of_version_3_has_unknown_sleep),
		TEST(what_version_6_counted_as_0_is_not_known),
		TEST(what_version_7_told_of_restlessness_on_pads_is_not_known),
		TEST(a_migration_sorts_on_the_disk),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
