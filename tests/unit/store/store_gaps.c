/* SPDX-License-Identifier: MIT */
/* What the history tells of the time between two runs: nobody listened then, and that is on record. */
#include "tests/unit/store/fixture.h"

#include <stdio.h>
#include <time.h>

#define MINUTES(n) ((n) * BH_NS_PER_MIN)
#define AT_MS(minute) (EVENING_MS + (minute) * INT64_C(60000))
/* Of both beds and all runs, in order of time. */
#define GAPS                                                                                       \
	"SELECT coalesce(group_concat(x, '; '), 'none') FROM (SELECT bed || ': ' || coalesce(started, "  \
	"'some time') || ', ' || minutes || ' min, night ' || night || ', ' || end_cause AS x FROM "   \
	"events WHERE type = 'data_gap' ORDER BY start_ms, bed)"

static void begin(struct bh_store *store, const char *boot, int64_t started_ns, const char *beds)
{
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed list[2] = { bed_of(beds[0] == 'l' ? "left" : "right"), bed_of("right") };
	int64_t id;

	snprintf(run.boot_id, sizeof(run.boot_id), "%s", boot);
	run.started_mono_ns = started_ns;
	assert_int_equal(bh_store_run_begin(store, &run, list, strlen(beds), &id), 0);
}

static void tell_clock(struct bh_store *store, enum bh_clock_change change, int64_t mono_ns,
		       int64_t wall_ms)
{
	struct bh_record record = clock_record(change, mono_ns, wall_ms);

	put(store, &record);
}

/* Somebody lies in the bed since the minute @p from, and at @p to the power goes. */
static void lie_until(struct bh_store **store, const struct place *place, int64_t from, int64_t to)
{
	struct bh_record occupied = event_record(BH_PHASE_OPEN, BH_EVENT_BED_OCCUPIED, 1,
						 MINUTES(from), BH_MONO_NONE);
	struct bh_record epoch = epoch_record(MINUTES(to) - BH_EPOCH_NS);

	put(*store, &occupied);
	put(*store, &epoch);
	assert_int_equal(bh_store_commit(*store), 0);
	bh_store_close(*store);
	*store = open_writer(place);
}

static void test_a_power_cut_is_on_record(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	lie_until(&store, *state, 10, 60);
	begin(store, "boot-2", MINUTES(1), "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(1), AT_MS(80));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 20.0 min, night 20261122, normal");
	/* What lasted when the power went ends where the gap begins. */
	assert_string_equal(ask(store, "SELECT ended || ' ' || end_cause FROM events WHERE type = "
				       "'bed_occupied'"),
			    "2026-11-23 00:00:00 crashed");
	/* A broker is not poured over with it: it is a detail. */
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT messages FROM event_row WHERE type = 21"), "0");
	/* A clock that is set later says nothing new. */
	tell_clock(store, BH_CLOCK_STEP, MINUTES(2), AT_MS(300));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 20.0 min, night 20261122, normal");
	bh_store_close(store);
}

/* The program was stopped for an hour: one boot, one monotonic line, whatever the clock did. */
static void test_of_one_boot_the_monotonic_line_tells(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	lie_until(&store, *state, 10, 60);
	begin(store, "boot-1", MINUTES(120), "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(120), AT_MS(500));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 60.0 min, night 20261122, normal");
	bh_store_close(store);
}

static void test_without_a_clock_its_time_comes_later(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, BH_WALL_UNKNOWN);
	lie_until(&store, *state, 10, 60);
	begin(store, "boot-1", MINUTES(75), "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(75), BH_WALL_UNKNOWN);
	assert_string_equal(ask(store, GAPS), "left: some time, 15.0 min, night 0, normal");
	tell_clock(store, BH_CLOCK_SYNC, MINUTES(90), AT_MS(90));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 15.0 min, night 20261122, normal");
	bh_store_close(store);
}

/* After a power cut a Pi does not know how long it was dark until a time server answers. */
static void test_after_another_boot_its_length_comes_with_the_clock(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	lie_until(&store, *state, 10, 60);
	begin(store, "boot-2", MINUTES(1), "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(1), BH_WALL_UNKNOWN);
	assert_string_equal(ask(store, GAPS), "none");
	/* Started again before the answer: the first start of that boot ended the gap. */
	lie_until(&store, *state, 2, 3);
	begin(store, "boot-2", MINUTES(3), "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(3), BH_WALL_UNKNOWN);
	assert_string_equal(ask(store, GAPS), "none");
	tell_clock(store, BH_CLOCK_SYNC, MINUTES(10), AT_MS(100));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 31.0 min, night 20261122, normal");
	bh_store_close(store);
}

static void test_no_gap_is_told_where_none_is_known(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record clock = clock_record(BH_CLOCK_START, 0, AT_MS(900));

	begin(store, "boot-1", 0, "l"); /* the first run of all */
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	lie_until(&store, *state, 10, 60);
	/* A reload takes seconds. */
	begin(store, "boot-1", MINUTES(60) + 29 * BH_NS_PER_S, "l");
	tell_clock(store, BH_CLOCK_START, MINUTES(61), AT_MS(61));
	lie_until(&store, *state, 62, 70);
	/* A recording and a simulation are not the hub's life. */
	begin_run(store, BH_ORIGIN_REPLAYED, "a.cap");
	put(store, &clock);
	begin_run(store, BH_ORIGIN_SIMULATED, "healthy, seed 1");
	put(store, &clock);
	assert_string_equal(ask(store, GAPS), "none");
	/* A clock that had run ahead: how long it was is not known. */
	begin(store, "boot-2", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(65));
	assert_string_equal(ask(store, GAPS), "none");
	bh_store_close(store);
}

/* Nobody listened to a bed that was not configured; of a new bed there is no past. */
static void test_each_bed_has_its_own_gap(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	lie_until(&store, *state, 10, 60);
	begin(store, "boot-2", 0, "r");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(80));
	assert_string_equal(ask(store, GAPS), "none");
	lie_until(&store, *state, 10, 20);
	begin(store, "boot-3", 0, "lr");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(120));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 00:00:00, 60.0 min, night 20261122, normal; "
			    "right: 2026-11-23 00:40:00, 20.0 min, night 20261122, normal");
	bh_store_close(store);
}

/* An empty bed tells nothing for hours, and the hub was there all the same. */
static void test_a_silent_bed_is_no_gap(void **state)
{
	struct bh_store *store = open_writer(*state);

	begin(store, "boot-1", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(0));
	assert_int_equal(bh_store_commit(store), 0);
	for (int minute = 1; minute <= 600; minute++) {
		if (bh_store_alive(store, MINUTES(minute)))
			assert_int_equal(bh_store_commit(store), 0);
	}
	bh_store_close(store);
	store = open_writer(*state);
	begin(store, "boot-2", 0, "l");
	tell_clock(store, BH_CLOCK_START, 0, AT_MS(610));
	assert_string_equal(ask(store, GAPS),
			    "left: 2026-11-23 09:00:00, 10.0 min, night 20261122, normal");
	bh_store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_power_cut_is_on_record),
		TEST(of_one_boot_the_monotonic_line_tells),
		TEST(without_a_clock_its_time_comes_later),
		TEST(after_another_boot_its_length_comes_with_the_clock),
		TEST(no_gap_is_told_where_none_is_known),
		TEST(each_bed_has_its_own_gap),
		TEST(a_silent_bed_is_no_gap),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests_name("store_gaps", tests, NULL, NULL);
}
