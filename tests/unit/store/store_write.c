/* SPDX-License-Identifier: MIT */
/* Records in, rows out: what a reader sees of what was put, and when. */
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)

/* A history whose clock is known from the start: hour 1 is EVENING_MS. */
static struct bh_store *begin_evening(const struct place *place)
{
	struct bh_store *store = open_writer(place);
	struct bh_record clock = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &clock);
	return store;
}

static void put_event(struct bh_store *store, enum bh_event_phase phase, enum bh_event_type type,
		      uint64_t seq, int64_t start_ns, int64_t end_ns)
{
	struct bh_record record = event_record(phase, type, seq, start_ns, end_ns);

	put(store, &record);
}

static void test_interval_keeps_its_row_from_open_to_close(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_record open =
		event_record(BH_PHASE_OPEN, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(1), BH_MONO_NONE);
	struct bh_record close =
		event_record(BH_PHASE_CLOSE, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(1), MINUTES(8));

	/* An alarm wants its commit at once, at both ends. */
	assert_int_equal(put(store, &open), 1);
	assert_true(bh_store_dirty(store));
	assert_int_equal(bh_store_commit(store), 0);
	assert_false(bh_store_dirty(store));
	assert_string_equal(ask(store, "SELECT ended IS NULL FROM events"), "1");
	assert_int_equal(put(store, &close), 1);
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "1");
	assert_string_equal(ask(store, "SELECT started FROM events WHERE type = 'legs_over_edge'"),
			    "2026-11-22 23:01:00");
	assert_string_equal(ask(store, "SELECT ended FROM events"), "2026-11-22 23:08:00");
	assert_string_equal(ask(store, "SELECT minutes FROM events"), "7.0");
	assert_string_equal(ask(store, "SELECT side FROM events"), "right");
	assert_string_equal(ask(store, "SELECT bed FROM events"), "left");
	assert_string_equal(ask(store, "SELECT night FROM events"), "20261122");
	assert_string_equal(ask(store, "SELECT end_cause FROM events"), "normal");
	bh_store_close(store);
}

static void test_only_alarms_and_faults_want_a_commit(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_record record;
	uint64_t seq = 1;

	for (size_t i = 0; bh_event_info_at(i); i++) {
		const struct bh_event_info *info = bh_event_info_at(i);

		record = event_record(BH_PHASE_INSTANT, info->type, seq++, MINUTES(1), MINUTES(2));
		assert_int_equal(put(store, &record),
				 info->class == BH_CLASS_ALARM || info->class == BH_CLASS_FAULT);
	}
	record = epoch_record(MINUTES(0));
	assert_int_equal(put(store, &record), 0);
	bh_store_close(store);
}

static void test_end_without_its_start_tells_the_whole_interval(void **state)
{
	struct bh_store *store = begin_evening(*state);

	put_event(store, BH_PHASE_CLOSE, BH_EVENT_RESTLESS, 7, MINUTES(3), MINUTES(9));
	assert_string_equal(ask(store, "SELECT minutes FROM events WHERE seq = 7"), "6.0");
	bh_store_close(store);
}

static void test_nonsense_is_refused_and_leaves_the_rest(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_record good =
		event_record(BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(1), MINUTES(1));
	struct bh_record bad = good;

	put(store, &good);
	assert_int_equal(bh_store_put(store, &bad), -EEXIST); /* the same (run, bed, seq) */
	bad.u.event.seq = 2;
	bad.u.event.bed = 1; /* not configured */
	assert_int_equal(bh_store_put(store, &bad), -EINVAL);
	bad = event_record(BH_PHASE_CLOSE, BH_EVENT_RESTLESS, 3, MINUTES(2), MINUTES(1));
	assert_int_equal(bh_store_put(store, &bad), -EINVAL); /* ends before it starts */
	bad = epoch_record(MINUTES(1) + 1);
	assert_int_equal(bh_store_put(store, &bad), -EINVAL); /* not on the 30 s grid */
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "1");
	bh_store_close(store);
}

static void test_states_are_not_kept_and_dirty_nothing(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_record record = { .kind = BH_RECORD_STATE, .u.state.mono_ns = MINUTES(5) };

	assert_int_equal(bh_store_commit(store), 0);
	assert_int_equal(put(store, &record), 0);
	assert_false(bh_store_dirty(store));
	bh_store_close(store);
}

/* Memory is bounded however long nobody commits; nothing of it is lost or doubled. */
static void test_a_long_replay_commits_by_itself(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_store *reader;
	struct bh_record record;
	struct bh_store_facts facts;

	for (int i = 0; i < 60000; i++) {
		record = epoch_record(HOUR_NS + i * BH_EPOCH_NS);
		put(store, &record);
	}
	reader = open_reader(*state);
	assert_int_equal(bh_store_facts(reader, &facts), 0);
	assert_in_range(facts.epochs, 20000, 59999);
	bh_store_close(store);
	assert_int_equal(bh_store_facts(reader, &facts), 0);
	assert_int_equal(facts.epochs, 60000);
	bh_store_close(reader);
}

/* ---- the clock ---- */

static void test_rows_get_their_time_when_the_clock_is_known(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record = clock_record(BH_CLOCK_START, MINUTES(0), BH_WALL_UNKNOWN);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_BED_ENTER, 1, MINUTES(1), MINUTES(1));
	put_event(store, BH_PHASE_OPEN, BH_EVENT_BED_OCCUPIED, 2, MINUTES(1), BH_MONO_NONE);
	record = epoch_record(MINUTES(0));
	put(store, &record);
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM events WHERE started IS NULL AND "
				       "night = 0"),
			    "2");
	assert_string_equal(ask(store, "SELECT started IS NULL FROM runs"), "1");

	record = clock_record(BH_CLOCK_SYNC, MINUTES(90), EVENING_MS + 90 * 60000);
	put(store, &record);
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_BED_OCCUPIED, 2, MINUTES(1), MINUTES(120));
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM events WHERE night = 20261122"), "2");
	assert_string_equal(ask(store, "SELECT started FROM events WHERE seq = 1"),
			    "2026-11-22 23:01:00");
	assert_string_equal(ask(store, "SELECT ended FROM events WHERE seq = 2"),
			    "2026-11-23 01:00:00");
	assert_string_equal(ask(store, "SELECT started FROM epochs WHERE night = 20261122"),
			    "2026-11-22 23:00:00");
	assert_string_equal(ask(store, "SELECT started FROM runs"), "2026-11-22 22:00:00");
	bh_store_close(store);
}

/* The daemon was restarted before the clock was known: one boot, one monotonic line. */
static void test_earlier_runs_of_the_boot_get_their_time_too(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record sync = clock_record(BH_CLOCK_SYNC, MINUTES(90), EVENING_MS + 90 * 60000);
	struct bh_store_run other_boot = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed bed = bed_of("left");
	int64_t id;

	snprintf(other_boot.boot_id, sizeof(other_boot.boot_id), "boot-0");
	assert_int_equal(bh_store_run_begin(store, &other_boot, &bed, 1, &id), 0);
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(2), MINUTES(2));
	begin_run(store, BH_ORIGIN_MEASURED, "");
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(1), MINUTES(1));
	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &sync);
	assert_string_equal(ask(store, "SELECT started FROM events WHERE run = 2"),
			    "2026-11-22 23:01:00");
	/* Nobody can ever say when the other boot was: never a wrong time. */
	assert_string_equal(ask(store, "SELECT started IS NULL FROM events WHERE run = 1"), "1");
	bh_store_close(store);
}

static void test_a_clock_step_holds_from_there_on_only(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_record step = clock_record(BH_CLOCK_STEP, MINUTES(60),
					     EVENING_MS + (60 - 30) * 60000); /* 30 min back */

	step.u.clock.step_ms = -30 * 60000;
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(50), MINUTES(50));
	put_event(store, BH_PHASE_OPEN, BH_EVENT_RESTLESS, 2, MINUTES(55), BH_MONO_NONE);
	put(store, &step);
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_RESTLESS, 2, MINUTES(55), MINUTES(65));
	/* Known late, but begun before the step: the clock of then. */
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_WALK_BREAK, 3, MINUTES(58), MINUTES(63));
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_MARK, 4, MINUTES(70), MINUTES(70));
	assert_string_equal(ask(store, "SELECT started FROM events WHERE seq = 1"),
			    "2026-11-22 23:50:00");
	assert_string_equal(ask(store, "SELECT ended FROM events WHERE seq = 2"),
			    "2026-11-23 00:05:00");
	assert_string_equal(ask(store, "SELECT minutes FROM events WHERE seq = 2"), "10.0");
	assert_string_equal(ask(store, "SELECT started FROM events WHERE seq = 3"),
			    "2026-11-22 23:58:00");
	assert_string_equal(ask(store, "SELECT started FROM events WHERE seq = 4"),
			    "2026-11-22 23:40:00");
	assert_string_equal(ask(store, "SELECT step_ms FROM clock_steps WHERE change = 'step'"),
			    "-1800000");
	bh_store_close(store);
}

/* 2026-10-25 03:00 summer time becomes 02:00: in bed from 01:30 to 02:30, two hours long. */
static void test_local_times_over_the_end_of_summer_time(void **state)
{
	struct bh_store *store = open_writer(*state);
	int64_t half_past_one_ms = INT64_C(1792884600000);
	struct bh_record clock = clock_record(BH_CLOCK_START, MINUTES(0), half_past_one_ms);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &clock);
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 1, MINUTES(0), MINUTES(120));
	put_event(store, BH_PHASE_OPEN, BH_EVENT_LYING, 2, MINUTES(0), BH_MONO_NONE);
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_LYING, 2, MINUTES(0), MINUTES(120));
	assert_string_equal(ask(store, "SELECT started || ' ' || ended || ' ' || minutes FROM "
				       "events WHERE seq = 1"),
			    "2026-10-25 01:30:00 2026-10-25 02:30:00 120.0");
	assert_string_equal(ask(store, "SELECT ended FROM events WHERE seq = 2"),
			    "2026-10-25 02:30:00");
	assert_string_equal(ask(store, "SELECT DISTINCT night FROM events"), "20261024");
	bh_store_close(store);
}

/* ---- runs and beds ---- */

static void replay_once(struct bh_store *store, enum bh_origin origin, const char *provenance)
{
	struct bh_record record = clock_record(BH_CLOCK_START, MINUTES(0), EVENING_MS);
	struct bh_night night = { .date = EVENING_NIGHT, .exits = 1 };

	assert_int_equal(bh_night_bounds(night.date, &night.start_ms, &night.end_ms), 0);
	begin_run(store, origin, provenance);
	put(store, &record);
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_BED_EXIT, 1, MINUTES(5), MINUTES(9));
	record = epoch_record(MINUTES(0));
	put(store, &record);
	assert_int_equal(bh_store_put_night(store, &night), 0);
	assert_int_equal(bh_store_commit(store), 0);
}

static void test_the_same_replay_again_replaces_the_first(void **state)
{
	struct bh_store *store = open_writer(*state);

	replay_once(store, BH_ORIGIN_REPLAYED, "home.cap");
	replay_once(store, BH_ORIGIN_REPLAYED, "home.cap");
	assert_string_equal(ask(store, "SELECT group_concat(run) FROM runs"), "2");
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "1");
	assert_string_equal(ask(store, "SELECT count(*) FROM epochs"), "1");
	assert_string_equal(ask(store, "SELECT origin FROM nights"), "replayed");
	/* Another capture is another run, */
	replay_once(store, BH_ORIGIN_REPLAYED, "guest.cap");
	assert_string_equal(ask(store, "SELECT count(*) FROM runs"), "2");
	/* and what was measured stays, whatever it is called. */
	replay_once(store, BH_ORIGIN_MEASURED, "home");
	replay_once(store, BH_ORIGIN_MEASURED, "home");
	assert_string_equal(ask(store, "SELECT count(*) FROM runs WHERE origin = 'measured'"), "2");
	/* A night that rests in part on a simulation says so. */
	replay_once(store, BH_ORIGIN_SIMULATED, "healthy seed 7");
	assert_string_equal(ask(store, "SELECT simulated FROM nights"), "1");
	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_SIMULATED, 0, 0), 1);
	bh_store_close(store);
}

static void test_a_superseding_begin_removes_what_was_concluded(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_finding finding = { .rule = "leg-hanging", .night = EVENING_NIGHT };

	replay_once(store, BH_ORIGIN_REPLAYED, "home.cap");
	assert_int_equal(bh_store_put_finding(store, &finding), 0);
	begin_run(store, BH_ORIGIN_REPLAYED, "home.cap");
	assert_string_equal(ask(store, "SELECT (SELECT count(*) FROM nights) + "
				       "(SELECT count(*) FROM findings) + "
				       "(SELECT count(*) FROM evidence)"),
			    "0");
	bh_store_close(store);
}

static int count_events(void *ctx, const struct bh_stored_event *event)
{
	(void)event;
	++*(int *)ctx;
	return 0;
}

/* Somebody put a second bed before the first in the configuration. */
static void test_a_bed_stays_itself_when_the_configuration_is_reordered(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed beds[2] = { bed_of("guest"), bed_of("left") };
	struct bh_store_bed back[4];
	struct bh_event_query query = { .bed = 1 };
	struct bh_record record = clock_record(BH_CLOCK_START, MINUTES(200), EVENING_MS);
	int64_t id;
	int n = 0;

	put_event(store, BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(1), MINUTES(1));
	assert_int_equal(bh_store_run_begin(store, &run, beds, 2, &id), 0);
	put(store, &record);
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_MARK, 1, MINUTES(201), MINUTES(201));
	record.u.event.bed = 1;
	put(store, &record);
	assert_string_equal(ask(store, "SELECT count(*) FROM events WHERE bed = 'left'"), "2");
	/* In the writer, bed 1 is the configuration's bed 1: both runs of "left". */
	assert_int_equal(bh_store_events(store, &query, count_events, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(bh_store_beds(store, back, 4), 2);
	assert_string_equal(back[0].id, "guest");
	assert_int_equal(back[0].bed, 0);
	assert_int_equal(back[0].sensor_capabilities[1], BH_CAN_TEMP_LEFT);
	bh_store_close(store);

	/* In a reader, a bed's number is what bh_store_beds() says. */
	store = open_reader(*state);
	assert_int_equal(bh_store_beds(store, back, 4), 2);
	query.bed = back[1].bed;
	n = 0;
	assert_string_equal(back[1].id, "left");
	assert_int_equal(bh_store_events(store, &query, count_events, &n), 0);
	assert_int_equal(n, 2);
	bh_store_close(store);
}

static void test_an_empty_answer_leaves_the_profile(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_profile_item item = { .key = "vascular", .value = "yes" };

	assert_int_equal(bh_store_put_profile(store, &item), 0);
	assert_string_equal(ask(store, "SELECT value FROM profile"), "yes");
	item.value[0] = '\0';
	assert_int_equal(bh_store_put_profile(store, &item), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM profile"), "0");
	bh_store_close(store);
}

/* ---- the outbox ---- */

static void test_outbox_holds_what_the_broker_has_not_taken(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_outbox_event out[8];
	struct bh_store_facts facts;

	put_event(store, BH_PHASE_INSTANT, BH_EVENT_BED_ENTER, 1, MINUTES(1), MINUTES(1));
	put_event(store, BH_PHASE_INSTANT, BH_EVENT_LEG_MOVEMENT, 2, MINUTES(2), MINUTES(2));
	put_event(store, BH_PHASE_OPEN, BH_EVENT_LEGS_OVER_EDGE, 3, MINUTES(3), BH_MONO_NONE);
	/* The detail is history only. */
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 2);
	assert_int_equal(out[0].event.seq, 1);
	assert_int_equal(out[1].event.phase, BH_PHASE_OPEN);
	assert_true(out[1].end_ms == BH_WALL_UNKNOWN);
	assert_int_equal(bh_store_outbox(store, out[0].row, out, 8), 1);

	assert_int_equal(bh_store_outbox_acked(store, 1, 0, 1), 0);
	assert_int_equal(bh_store_outbox_acked(store, 1, 0, 3), 0);
	assert_int_equal(bh_store_outbox_acked(store, 1, 0, 99), -ENOENT);
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 0);

	/* The end is a message of its own. */
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_LEGS_OVER_EDGE, 3, MINUTES(3), MINUTES(5));
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 1);
	assert_int_equal(out[0].event.phase, BH_PHASE_CLOSE);
	assert_int_equal(bh_store_facts(store, &facts), 0);
	assert_int_equal(facts.outbox_waiting, 1);
	assert_int_equal(bh_store_outbox_late_acked(store, out[0].row, true), 0);
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 0);
	assert_int_equal(bh_store_outbox_late_acked(store, 4711, true), -ENOENT);
	bh_store_close(store);
}

static void test_a_late_start_does_not_count_as_the_end(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_outbox_event out[8];

	put_event(store, BH_PHASE_OPEN, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(3), BH_MONO_NONE);
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 1);
	/* Taken live and late: still one message of two. */
	assert_int_equal(bh_store_outbox_acked(store, 1, 0, 1), 0);
	assert_int_equal(bh_store_outbox_late_acked(store, out[0].row, false), 0);
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(3), MINUTES(5));
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 1);
	bh_store_close(store);
}

static void test_outbox_outlives_the_hub(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_outbox_event out[8];

	put_event(store, BH_PHASE_INSTANT, BH_EVENT_BED_ENTER, 1, MINUTES(1), MINUTES(1));
	bh_store_close(store);
	store = open_writer(*state);
	begin_run(store, BH_ORIGIN_MEASURED, "");
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 1);
	assert_int_equal(out[0].run, 1);
	assert_false(out[0].simulated);
	bh_store_close(store);
}

static void test_a_hub_without_broker_owes_nothing(void **state)
{
	struct bh_store *store = begin_evening(*state);
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed bed = bed_of("left");
	struct bh_outbox_event out[8];
	int64_t id;

	run.owes_broker = false;
	assert_int_equal(bh_store_run_begin(store, &run, &bed, 1, &id), 0);
	put_event(store, BH_PHASE_OPEN, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(1), BH_MONO_NONE);
	put_event(store, BH_PHASE_CLOSE, BH_EVENT_LEGS_OVER_EDGE, 1, MINUTES(1), MINUTES(9));
	assert_int_equal(bh_store_outbox(store, 0, out, 8), 0);
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(interval_keeps_its_row_from_open_to_close),
		TEST(only_alarms_and_faults_want_a_commit),
		TEST(end_without_its_start_tells_the_whole_interval),
		TEST(nonsense_is_refused_and_leaves_the_rest),
		TEST(states_are_not_kept_and_dirty_nothing),
		TEST(a_long_replay_commits_by_itself),
		TEST(rows_get_their_time_when_the_clock_is_known),
		TEST(earlier_runs_of_the_boot_get_their_time_too),
		TEST(a_clock_step_holds_from_there_on_only),
		TEST(local_times_over_the_end_of_summer_time),
		TEST(the_same_replay_again_replaces_the_first),
		TEST(a_superseding_begin_removes_what_was_concluded),
		TEST(a_bed_stays_itself_when_the_configuration_is_reordered),
		TEST(an_empty_answer_leaves_the_profile),
		TEST(outbox_holds_what_the_broker_has_not_taken),
		TEST(a_late_start_does_not_count_as_the_end),
		TEST(outbox_outlives_the_hub),
		TEST(a_hub_without_broker_owes_nothing),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
