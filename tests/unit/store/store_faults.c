/* SPDX-License-Identifier: MIT */
/*
 * Every write, read and allocation fails in turn, once and for good. Whatever happens: no crash, a
 * negative errno, nothing that was taken is lost, and the file is sound.
 */
#include "fixture.h"
#include "rigged.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)

/* What the store said it took, and of that what it said was committed. */
struct tally {
	int events, epochs, nights, findings;
};

struct night_of_trouble {
	struct bh_store *store;
	struct tally taken;
	struct tally committed;
	int errors;
};

/* The store may say no, but only with an errno that says what is wrong. */
static bool took(struct night_of_trouble *trouble, int r)
{
	if (r >= 0)
		return true;
	trouble->errors++;
	if (r != -ENOSPC && r != -EIO && r != -ENOMEM && r != -EACCES && r != -EBUSY)
		fail_msg("an error of %d (%s)", r, strerror(-r));
	return false;
}

static void put_epochs(struct night_of_trouble *trouble, int64_t first, int n)
{
	struct bh_record record;

	for (int i = 0; i < n; i++) {
		record = epoch_record(MINUTES(first) + i * BH_EPOCH_NS);
		if (took(trouble, bh_store_put(trouble->store, &record)))
			trouble->taken.epochs++;
	}
}

static void put_event(struct night_of_trouble *trouble, enum bh_event_phase phase, uint64_t seq,
		      int64_t from, int64_t to)
{
	struct bh_record record = event_record(phase, BH_EVENT_LEGS_OVER_EDGE, seq, MINUTES(from),
					       phase == BH_PHASE_OPEN ? BH_MONO_NONE : MINUTES(to));

	/* A close whose open was refused makes the row; one whose open was taken ends it. */
	if (took(trouble, bh_store_put(trouble->store, &record)) && phase != BH_PHASE_CLOSE)
		trouble->taken.events++;
}

static void commit(struct night_of_trouble *trouble)
{
	if (took(trouble, bh_store_commit(trouble->store)))
		trouble->committed = trouble->taken;
}

static void put_conclusions(struct night_of_trouble *trouble)
{
	struct bh_night night = { .date = EVENING_NIGHT };
	struct bh_finding finding = { .rule = "leg-hanging",
				      .night = EVENING_NIGHT,
				      .n_evidence = 2 };

	if (took(trouble, bh_store_put_night(trouble->store, &night)))
		trouble->taken.nights = 1;
	if (took(trouble, bh_store_put_finding(trouble->store, &finding)))
		trouble->taken.findings = 1;
}

/* An evening whose clock is found late, in three transactions. */
static void live_through(struct night_of_trouble *trouble)
{
	struct bh_record start = clock_record(BH_CLOCK_START, MINUTES(0), BH_WALL_UNKNOWN);
	struct bh_record sync = clock_record(BH_CLOCK_SYNC, MINUTES(20), EVENING_MS);
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed bed = bed_of("left");
	int64_t id;

	if (!took(trouble, bh_store_run_begin(trouble->store, &run, &bed, 1, &id)))
		return;
	took(trouble, bh_store_put(trouble->store, &start));
	put_epochs(trouble, 0, 20);
	put_event(trouble, BH_PHASE_INSTANT, 1, 3, 5);
	commit(trouble);
	put_event(trouble, BH_PHASE_OPEN, 2, 12, 0);
	took(trouble, bh_store_put(trouble->store, &sync));
	put_epochs(trouble, 20, 20);
	commit(trouble);
	put_event(trouble, BH_PHASE_INSTANT, 3, 32, 33);
	put_conclusions(trouble);
	commit(trouble);
}

static int number(struct bh_store *store, const char *sql)
{
	return atoi(ask(store, sql));
}

static void assert_holds(struct bh_store *store, const struct tally *tally)
{
	assert_int_equal(number(store, "SELECT count(*) FROM events"), tally->events);
	assert_int_equal(number(store, "SELECT count(*) FROM epochs"), tally->epochs);
	assert_int_equal(number(store, "SELECT count(*) FROM nights"), tally->nights);
	assert_int_equal(number(store, "SELECT count(*) FROM findings"), tally->findings);
	assert_int_equal(number(store, "SELECT count(*) FROM evidence"), tally->findings * 2);
}

static void remove_files(const struct place *place)
{
	static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
	char name[128];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", place->path, ends[i]);
		unlink(name);
	}
}

static void check_file(const struct place *place, const struct tally *tally)
{
	struct bh_store *store = open_writer(place);

	assert_string_equal(ask(store, "PRAGMA integrity_check"), "ok");
	assert_holds(store, tally);
	assert_int_equal(number(store, "SELECT count(*) FROM events WHERE end_cause = 'open'"), 0);
	bh_store_close(store);
}

/* One life with one failure. @return Whether the failure came. */
static bool suffer(const struct place *place, enum rigged what, int nth, bool lasting)
{
	struct night_of_trouble trouble = { .store = NULL };
	struct bh_error err = { .text = "" };
	bool opened;
	bool fired;

	remove_files(place);
	rig_arm(what, nth, lasting);
	opened = took(&trouble, bh_store_open(place->path, BH_STORE_WRITE, &trouble.store, &err));
	if (opened)
		live_through(&trouble);
	fired = rig_disarm();
	if (!opened) {
		assert_true(err.text[0] != '\0');
		bh_store_close(open_writer(place)); /* and now it can be opened */
		return true;
	}
	/* Trouble is over: what was taken can be committed now, all of it. */
	if (trouble.taken.epochs > 0) {
		assert_int_equal(bh_store_commit(trouble.store), 0);
		assert_holds(trouble.store, &trouble.taken);
	}
	bh_store_close(trouble.store);
	check_file(place, &trouble.taken);
	return fired;
}

static void suffer_each(const struct place *place, enum rigged what, bool lasting, int step)
{
	int n = 1;
	int lives = 0;

	for (; suffer(place, what, n, lasting); n += step)
		lives++;
	print_message("%d failures lived through\n", lives);
	assert_true(lives > 5);
}

static void test_every_write_fails_once(void **state)
{
	suffer_each(*state, RIGGED_WRITE, false, 1);
}

static void test_the_disk_is_full_from_any_write_on(void **state)
{
	suffer_each(*state, RIGGED_WRITE, true, 1);
}

static void test_every_read_fails_once(void **state)
{
	suffer_each(*state, RIGGED_READ, false, 1);
}

/* 77,000 lives take most of an hour: every 601st by default, all of them if the environment asks. */
static void test_every_allocation_fails_once(void **state)
{
	suffer_each(*state, RIGGED_MALLOC, false, getenv("BEDSIDE_THOROUGH") ? 1 : 601);
}

/* The process dies while the disk is full: what was committed is there. */
static void test_death_on_a_full_disk_keeps_what_was_committed(void **state)
{
	const struct place *place = *state;

	for (int n = 1; n < 400; n += 7) {
		struct night_of_trouble trouble = { .store = NULL };
		struct bh_error err;
		bool fired;

		remove_files(place);
		if (bh_store_open(place->path, BH_STORE_WRITE, &trouble.store, &err) < 0)
			fail_msg("%s", err.text);
		rig_arm(RIGGED_WRITE, n, true);
		live_through(&trouble);
		bh_store_close(trouble.store); /* cannot write any more either */
		fired = rig_disarm();
		check_file(place, fired ? &trouble.committed : &trouble.taken);
		if (!fired)
			break;
	}
}

static int no_event(void *ctx, const struct bh_stored_event *event)
{
	(void)ctx;
	(void)event;
	return 0;
}

static int no_finding(void *ctx, const struct bh_finding *finding)
{
	(void)ctx;
	(void)finding;
	return 0;
}

static void test_readers_live_through_every_failed_allocation(void **state)
{
	const struct place *place = *state;
	struct night_of_trouble trouble = { .store = open_writer(place) };
	struct bh_event_query query = { .bed = -1, .limit = 100 };
	bool fired = true;
	int r;

	live_through(&trouble);
	bh_store_close(trouble.store);
	for (int n = 1; fired; n++) {
		struct bh_store *store = NULL;
		struct bh_store_past past = { .memory = NULL };
		struct bh_store_facts facts;
		struct bh_error err;

		rig_arm(RIGGED_MALLOC, n, false);
		if (took(&trouble, bh_store_open(place->path, BH_STORE_READ, &store, &err))) {
			took(&trouble, bh_store_events(store, &query, no_event, NULL));
			took(&trouble, bh_store_findings(store, 0, 0, no_finding, NULL));
			took(&trouble, bh_store_facts(store, &facts));
			r = bh_store_past(store, 0, 0, 0, &past);
			if (took(&trouble, r))
				assert_int_equal(past.history.nights[0].n_epochs, 40);
			bh_store_past_free(&past);
		}
		fired = rig_disarm();
		bh_store_close(store);
	}
	assert_true(trouble.errors > 20);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(every_write_fails_once),
		TEST(the_disk_is_full_from_any_write_on),
		TEST(every_read_fails_once),
		TEST(every_allocation_fails_once),
		TEST(death_on_a_full_disk_keeps_what_was_committed),
		TEST(readers_live_through_every_failed_allocation),
	};

	rig();
	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
