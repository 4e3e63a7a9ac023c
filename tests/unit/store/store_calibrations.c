/* SPDX-License-Identifier: MIT */
/* Calibrations in the history: kept whole or not at all, found again, and never those of another. */
#include "fixture.h"

#include "hub/store/private.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)

static struct bh_record part_of(enum bh_calibration_kind kind, enum bh_calibration_cause cause,
				int64_t at_ns, int n_values, int first, int64_t value)
{
	struct bh_record record = { .kind = BH_RECORD_CALIBRATION,
				    .u.calibration = { .kind = kind,
						       .cause = cause,
						       .version = BH_CALIBRATION_VERSION,
						       .at_ns = at_ns,
						       .mat_hash = 7,
						       .quality = 12,
						       .n_values = (uint16_t)n_values,
						       .first = (uint16_t)first } };
	struct bh_calibration *part = &record.u.calibration;

	while (part->n < BH_CALIBRATION_PART && first + part->n < n_values)
		part->value[part->n++] = value;
	return record;
}

/* What a reader of the history finds. */
struct found {
	int parts;
	int64_t sum[BH_CALIBRATION_KINDS];
	struct bh_stored_calibration last[BH_CALIBRATION_KINDS];
};

static void find(void *ctx, const struct bh_stored_calibration *calibration)
{
	struct found *found = ctx;
	const struct bh_calibration *part = &calibration->part;

	found->parts++;
	if (part->first == 0)
		found->sum[part->kind] = 0;
	for (int i = 0; i < part->n; i++)
		found->sum[part->kind] += part->value[i];
	found->last[part->kind] = *calibration;
}

static struct found all_of(struct bh_store *store, bool simulated)
{
	struct found found = { 0 };

	assert_int_equal(bh_store_calibrations(store, 0, simulated, find, &found), 0);
	return found;
}

static void put_anchor(struct bh_store *store)
{
	struct bh_record clock = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);

	put(store, &clock);
}

static void test_a_calibration_is_found_again(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record;
	struct found found;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put_anchor(store);
	for (int first = 0; first < 40; first += BH_CALIBRATION_PART) {
		record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(1), 40, first, 5);
		assert_int_equal(put(store, &record), 1); /* somebody waits */
	}
	record = part_of(BH_CALIBRATION_THERMOMETERS, BH_CALIBRATED_ASKED, MINUTES(2), 2, 0, -150);
	put(store, &record);
	bh_store_close(store);

	store = open_reader(*state);
	found = all_of(store, false);
	assert_int_equal(found.parts, 4);
	assert_int_equal(found.sum[BH_CALIBRATION_EMPTY], 200);
	assert_int_equal(found.last[BH_CALIBRATION_EMPTY].at_ms, EVENING_MS + 60000);
	assert_int_equal(found.last[BH_CALIBRATION_EMPTY].part.mat_hash, 7);
	assert_int_equal(found.last[BH_CALIBRATION_EMPTY].part.n_values, 40);
	assert_int_equal(found.sum[BH_CALIBRATION_THERMOMETERS], -300);
	assert_string_equal(ask(store, "SELECT kind || ' ' || cause || ' ' || at || ' ' || version || "
				       "' ' || complete FROM calibrations WHERE kind = 'empty'"),
			    "empty asked 2026-11-22 23:01:00 1 1");
	assert_string_equal(ask(store, "SELECT sum(value) FROM calibration_values"), "-100");
	bh_store_close(store);
}

static void test_newer_replaces_older_and_drift_goes_on_from_it(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record;
	struct found found;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put_anchor(store);
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(1), 4, 0, 100);
	put(store, &record);
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_FOLLOWED, MINUTES(2), 4, 0, 110);
	assert_int_equal(put(store, &record), 0);
	found = all_of(store, false);
	assert_int_equal(found.parts, 2);
	assert_int_equal(found.sum[BH_CALIBRATION_EMPTY], 440);
	assert_int_equal(found.last[BH_CALIBRATION_EMPTY].part.cause, BH_CALIBRATED_FOLLOWED);

	/* What was followed before a new calibration says nothing any more. */
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(3), 4, 0, 50);
	put(store, &record);
	found = all_of(store, false);
	assert_int_equal(found.parts, 1);
	assert_int_equal(found.sum[BH_CALIBRATION_EMPTY], 200);
	bh_store_close(store);
}

static void test_half_a_calibration_is_none(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put_anchor(store);
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(1), 40, 0, 5);
	put(store, &record);
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(1), 40, 32, 5);
	put(store, &record);
	assert_int_equal(all_of(store, false).parts, 0);
	assert_string_equal(ask(store, "SELECT complete FROM calibrations"), "0");
	record = part_of(BH_CALIBRATION_EMPTY, BH_CALIBRATED_ASKED, MINUTES(1), 40, 16, 5);
	put(store, &record);
	assert_int_equal(all_of(store, false).parts, 3);

	record.u.calibration.first = 30; /* beyond its own end */
	assert_int_equal(bh_store_put(store, &record), -EINVAL);
	record = part_of(BH_CALIBRATION_NONE, BH_CALIBRATED_ASKED, MINUTES(1), 2, 0, 5);
	assert_int_equal(bh_store_put(store, &record), -EINVAL);
	bh_store_close(store);
}

static void test_simulated_and_measured_never_mix(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record;

	begin_run(store, BH_ORIGIN_SIMULATED, "healthy seed 1");
	put_anchor(store);
	record = part_of(BH_CALIBRATION_PERSON, BH_CALIBRATED_ASKED, MINUTES(1), 1, 0, 70000);
	put(store, &record);
	assert_int_equal(all_of(store, false).parts, 0);
	assert_int_equal(all_of(store, true).sum[BH_CALIBRATION_PERSON], 70000);

	/* The same simulation again replaces the nights, not the calibration. */
	begin_run(store, BH_ORIGIN_SIMULATED, "healthy seed 1");
	assert_string_equal(ask(store, "SELECT count(*) FROM runs"), "1");
	assert_int_equal(all_of(store, true).sum[BH_CALIBRATION_PERSON], 70000);
	bh_store_close(store);
}

static void test_a_calibration_before_the_clock_was_known(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, BH_WALL_UNKNOWN);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	record = part_of(BH_CALIBRATION_PERSON, BH_CALIBRATED_ASKED, MINUTES(1), 1, 0, 70000);
	put(store, &record);
	assert_true(all_of(store, false).last[BH_CALIBRATION_PERSON].at_ms == BH_WALL_UNKNOWN);
	record = clock_record(BH_CLOCK_SYNC, MINUTES(10), EVENING_MS);
	put(store, &record);
	assert_int_equal(all_of(store, false).last[BH_CALIBRATION_PERSON].at_ms,
			 EVENING_MS - 9 * 60000);
	bh_store_close(store);
}

/* The true difference between the legs is known from the first time in bed after the bath. */
static void test_nights_after_the_bath_can_tell_the_difference(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed bed = bed_of("left");
	struct bh_store_past past;
	struct bh_record record;
	int64_t id;

	bed.capabilities |= BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	assert_int_equal(bh_store_run_begin(store, &run, &bed, 1, &id), 0);
	put_anchor(store);
	for (int night = 0; night < 2; night++) {
		record = epoch_record(MINUTES(60) + night * 24 * HOUR_NS);
		put(store, &record);
	}
	record = part_of(BH_CALIBRATION_THERMOMETERS, BH_CALIBRATED_ASKED, MINUTES(10 * 60), 2, 0, 9);
	put(store, &record);
	record = epoch_record(MINUTES(60) + 48 * HOUR_NS);
	put(store, &record);
	assert_int_equal(bh_store_commit(store), 0);
	assert_int_equal(bh_store_past(store, 0, EVENING_NIGHT, EVENING_NIGHT + 1, &past), 0);
	assert_int_equal(past.history.n_nights, 2);
	assert_int_equal(past.history.nights[0].capabilities & BH_CAN_TEMP_ABSOLUTE, 0);
	assert_int_equal(past.history.nights[1].capabilities & BH_CAN_TEMP_ABSOLUTE,
			 BH_CAN_TEMP_ABSOLUTE);
	bh_store_past_free(&past);
	bh_store_close(store);
}

static void run_with_mat(struct bh_store *store, enum bh_origin origin, const char *provenance,
			 uint32_t mat_hash)
{
	struct bh_store_run run = run_of(origin, provenance);
	struct bh_store_bed bed = bed_of("left");
	int64_t id;

	bed.mat_hash = mat_hash;
	assert_int_equal(bh_store_run_begin(store, &run, &bed, 1, &id), 0);
	put_anchor(store);
	assert_int_equal(bh_store_commit(store), 0);
}

static unsigned int mat_of(struct bh_store *store, bool simulated)
{
	uint32_t hash = 99;

	assert_int_equal(bh_store_mat_hash(store, 0, simulated, INT64_MAX, &hash), 0);
	return hash;
}

/* Pages and status say by it which calibration is of another mat. */
static void test_the_mat_of_the_bed_is_the_measured_one(void **state)
{
	struct bh_store *store = open_writer(*state);

	run_with_mat(store, BH_ORIGIN_REPLAYED, "guest.cap", 5);
	assert_int_equal(mat_of(store, false), 5); /* nothing else is known */
	run_with_mat(store, BH_ORIGIN_MEASURED, "", 0); /* of an older version */
	assert_int_equal(mat_of(store, false), 0);
	run_with_mat(store, BH_ORIGIN_MEASURED, "", 7);
	assert_int_equal(mat_of(store, false), 7);
	run_with_mat(store, BH_ORIGIN_REPLAYED, "guest.cap", 5);
	run_with_mat(store, BH_ORIGIN_SIMULATED, "healthy seed 1", 6);
	assert_int_equal(mat_of(store, false), 7);
	assert_int_equal(mat_of(store, true), 6);
	/* A run that did not know hides none. */
	run_with_mat(store, BH_ORIGIN_MEASURED, "", 0);
	run_with_mat(store, BH_ORIGIN_SIMULATED, "healthy seed 2", 0);
	assert_int_equal(mat_of(store, false), 7);
	assert_int_equal(mat_of(store, true), 6);
	run_with_mat(store, BH_ORIGIN_MEASURED, "", 8);
	assert_int_equal(mat_of(store, false), 8);
	bh_store_close(store);
}

/* A file of version 1 as it was released, with rows of every table that a night fills. */
static void test_a_history_of_version_1_keeps_its_rows(void **state)
{
	static const char rows[] =
		OLD_BED OLD_RUN
		"INSERT INTO sensor_row VALUES (1, 0, 'mat', 1, 0);"
		"INSERT INTO event_type VALUES (22, 'mark', 'instant', 'activity', 'none', 'a mark');"
		"INSERT INTO event_row (run, bed, seq, type, end_cause, side, value, "
		"confidence_permille, start_ns, length_ns, detected_after_ns, night, messages) "
		"VALUES (3, 0, 4, 22, 1, 0, 0, 1000, 5, 0, 0, 20261122, 1);"
		"INSERT INTO profile_row VALUES ('age', '71');";
	const struct place *place = *state;
	struct bh_error err = { .text = "" };
	struct bh_record record;
	struct bh_store *store;

	make_old(place, 1, rows);

	/* A reader does not change a file; it says who does. */
	assert_int_equal(bh_store_open(place->path, BH_STORE_READ, &store, &err), -EPROTO);
	assert_non_null(strstr(err.text, "start bedsided once"));

	store = open_writer(place);
	assert_int_equal(atoi(ask(store, "PRAGMA user_version")), bh_n_migrations);
	assert_string_equal(ask(store, "SELECT type || ' ' || run || '.' || seq || ' ' || bed || ' ' "
				       "|| night FROM events"),
			    "mark 3.4 left 20261122");
	assert_string_equal(ask(store, "SELECT value FROM profile WHERE key = 'age'"), "71");
	assert_string_equal(ask(store, "SELECT count(*) FROM calibrations"), "0");
	begin_run(store, BH_ORIGIN_MEASURED, "");
	put_anchor(store);
	record = part_of(BH_CALIBRATION_PERSON, BH_CALIBRATED_ASKED, MINUTES(1), 1, 0, 70000);
	put(store, &record);
	assert_int_equal(all_of(store, false).sum[BH_CALIBRATION_PERSON], 70000);
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(a_calibration_is_found_again),
		TEST(newer_replaces_older_and_drift_goes_on_from_it),
		TEST(half_a_calibration_is_none),
		TEST(simulated_and_measured_never_mix),
		TEST(a_calibration_before_the_clock_was_known),
		TEST(nights_after_the_bath_can_tell_the_difference),
		TEST(the_mat_of_the_bed_is_the_measured_one),
		TEST(a_history_of_version_1_keeps_its_rows),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
