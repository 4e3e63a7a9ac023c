/* SPDX-License-Identifier: MIT */
/* The readers: what they give back is what was put, for the asked bed, span and types only. */
#include "fixture.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

struct seen {
	size_t n;
	struct bh_stored_event event[64];
	struct bh_night night[8];
	struct bh_past_epoch epoch[64];
	struct bh_finding finding[4];
};

static int see_event(void *ctx, const struct bh_stored_event *event)
{
	struct seen *seen = ctx;

	seen->event[seen->n++] = *event;
	return 0;
}

static int see_night(void *ctx, const struct bh_night *night)
{
	struct seen *seen = ctx;

	seen->night[seen->n++] = *night;
	return 0;
}

static int see_epoch(void *ctx, const struct bh_past_epoch *epoch)
{
	struct seen *seen = ctx;

	seen->epoch[seen->n++] = *epoch;
	return 0;
}

static int see_finding(void *ctx, const struct bh_finding *finding)
{
	struct seen *seen = ctx;

	seen->finding[seen->n++] = *finding;
	return 0;
}

#define MINUTES(n) (HOUR_NS + (n)*BH_NS_PER_MIN)
#define WALL_OF_MINUTE(n) (EVENING_MS + (n)*INT64_C(60000))

/* Two evenings of one measured run: in bed, one leg episode, an open sensor fault, four epochs. */
static struct bh_store *two_evenings(const struct place *place)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	uint64_t seq = 1;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &record);
	for (int64_t minute = 0; minute <= 1440; minute += 1440) {
		record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, seq++,
				      MINUTES(minute), MINUTES(minute + 60));
		put(store, &record);
		record = event_record(BH_PHASE_INSTANT, BH_EVENT_LEGS_OVER_EDGE, seq++,
				      MINUTES(minute + 20), MINUTES(minute + 27));
		put(store, &record);
		record = epoch_record(MINUTES(minute));
		put(store, &record);
		record = epoch_record(MINUTES(minute) + BH_EPOCH_NS);
		put(store, &record);
	}
	record = event_record(BH_PHASE_OPEN, BH_EVENT_SENSOR_FAULT, seq++, MINUTES(1500),
			      BH_MONO_NONE);
	record.u.event.sensor = 2;
	record.u.event.value = BH_FAULT_DETACHED;
	put(store, &record);
	assert_int_equal(bh_store_commit(store), 0);
	return store;
}

static void test_events_of_a_span(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_event_query query = { .bed = -1 };
	struct seen seen = { .n = 0 };

	assert_int_equal(bh_store_events(store, &query, see_event, &seen), 0);
	assert_int_equal(seen.n, 5);
	assert_int_equal(seen.event[1].event.type, BH_EVENT_LEGS_OVER_EDGE);
	assert_int_equal(seen.event[1].start_ms, WALL_OF_MINUTE(20));
	assert_int_equal(seen.event[1].end_ms, WALL_OF_MINUTE(27));
	assert_int_equal(seen.event[1].utc_offset_s, 3600);
	assert_int_equal(seen.event[1].night, EVENING_NIGHT);
	assert_int_equal(seen.event[1].event.confidence_permille, 900);
	assert_int_equal(seen.event[1].event.sensor, BH_SENSOR_NONE);
	assert_string_equal(seen.event[4].sensor, "calf-right");
	assert_int_equal(seen.event[4].event.sensor, 2);
	assert_int_equal(seen.event[4].event.phase, BH_PHASE_OPEN);
	assert_true(seen.event[4].end_ms == BH_WALL_UNKNOWN);

	query = (struct bh_event_query){ .bed = 0,
					 .from_ms = WALL_OF_MINUTE(20),
					 .to_ms = WALL_OF_MINUTE(1460),
					 .types = UINT64_C(1) << BH_EVENT_LEGS_OVER_EDGE };
	seen.n = 0;
	assert_int_equal(bh_store_events(store, &query, see_event, &seen), 0);
	assert_int_equal(seen.n, 1); /* the end is exclusive */

	query = (struct bh_event_query){ .bed = -1, .limit = 2 };
	seen.n = 0;
	assert_int_equal(bh_store_events(store, &query, see_event, &seen), 0);
	assert_int_equal(seen.n, 2);
	assert_int_equal(seen.event[0].event.type, BH_EVENT_LEGS_OVER_EDGE);
	assert_int_equal(seen.event[1].event.type, BH_EVENT_SENSOR_FAULT);
	bh_store_close(store);
}

static void test_epochs_of_a_span(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_epoch put_in = epoch_record(MINUTES(0) + BH_EPOCH_NS).u.epoch;
	struct seen seen = { .n = 0 };

	assert_int_equal(bh_store_epochs(store, 0, WALL_OF_MINUTE(0) + 30000, WALL_OF_MINUTE(1440),
					 see_epoch, &seen),
			 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.epoch[0].start_ms, WALL_OF_MINUTE(0) + 30000);
	/* Up to the last field: what pads the struct to its size has no value. */
	assert_memory_equal(&seen.epoch[0].epoch.position, &put_in.position,
			    offsetof(struct bh_epoch, temp_mdegc) + sizeof(put_in.temp_mdegc) -
				    offsetof(struct bh_epoch, position));
	bh_store_close(store);
}

static struct bh_night a_night(int32_t date)
{
	struct bh_night night = { .date = date,
				  .complete = true,
				  .coverage_permille = 987,
				  .in_bed_min = 470,
				  .exits = 2,
				  .legs_over_edge = 3,
				  .legs_over_edge_min = 41,
				  .leg_movements = BH_EPOCH_UNKNOWN,
				  .first_enter_ms = EVENING_MS,
				  .last_exit_ms = BH_WALL_UNKNOWN,
				  .temp_left_mdegc = 33100,
				  .temp_right_mdegc = 31000,
				  .temp_delta_mdegc = 2100 };

	assert_int_equal(bh_night_bounds(date, &night.start_ms, &night.end_ms), 0);
	return night;
}

static void test_nights_come_back_whole_and_are_replaced(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_night night = a_night(EVENING_NIGHT);
	struct seen seen = { .n = 0 };
	int32_t dates[4];

	assert_int_equal(bh_store_put_night(store, &night), 0);
	night.exits = 3;
	assert_int_equal(bh_store_put_night(store, &night), 0);
	assert_int_equal(bh_store_nights(store, 0, 0, 0, see_night, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.night[0].exits, 3);
	assert_int_equal(seen.night[0].leg_movements, BH_EPOCH_UNKNOWN);
	assert_true(seen.night[0].last_exit_ms == BH_WALL_UNKNOWN);
	assert_true(seen.night[0].end_ms == night.end_ms);
	assert_string_equal(ask(store, "SELECT first_enter FROM nights"), "2026-11-22 23:00:00");
	assert_string_equal(ask(store, "SELECT leg_movements IS NULL FROM nights"), "1");
	assert_string_equal(ask(store, "SELECT temp_delta_c FROM nights"), "2.1");
	assert_string_equal(ask(store, "SELECT simulated FROM nights"), "0");
	assert_int_equal(bh_store_night_dates(store, 0, 0, 0, dates, 4), 2);
	assert_int_equal(dates[0], EVENING_NIGHT);
	assert_int_equal(dates[1], EVENING_NIGHT + 1);
	assert_int_equal(bh_store_night_dates(store, 0, EVENING_NIGHT + 1, 0, dates, 4), 1);
	bh_store_close(store);
}

static void test_findings_come_back_with_their_evidence(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_finding finding = { .rule = "leg-hanging",
				      .class = BH_RULE_CIRCULATION,
				      .band = BH_BAND_LIKENESS,
				      .score_milli = 1250,
				      .night = EVENING_NIGHT,
				      .nights_used = 7,
				      .nights_window = 14,
				      .coverage_permille = 950,
				      .says = "3 nights in 7",
				      .rule_hash = "00ff",
				      .n_evidence = 2 };
	struct seen *seen = calloc(1, sizeof(*seen));

	finding.evidence[0] = (struct bh_evidence){ .text = "legs hung on 3 nights",
						    .truth = BH_TRUTH_TRUE,
						    .weight_milli = 1600,
						    .counted = true };
	finding.evidence[1] = (struct bh_evidence){ .text = "cooler foot",
						    .missing = "no left thermometer",
						    .weight_milli = 700 };
	assert_non_null(seen);
	assert_int_equal(bh_store_put_finding(store, &finding), 0);
	assert_int_equal(bh_store_put_finding(store, &finding), 0); /* replaces */
	finding.night++;
	finding.band = BH_BAND_STRONG;
	assert_int_equal(bh_store_put_finding(store, &finding), 0);
	assert_int_equal(bh_store_findings(store, 0, EVENING_NIGHT, see_finding, seen), 0);
	assert_int_equal(seen->n, 1);
	assert_int_equal(seen->finding[0].n_evidence, 2);
	assert_string_equal(seen->finding[0].evidence[1].missing, "no left thermometer");
	assert_int_equal(seen->finding[0].evidence[0].truth, BH_TRUTH_TRUE);
	assert_true(seen->finding[0].evidence[0].counted);
	assert_int_equal(seen->finding[0].score_milli, 1250);
	seen->n = 0;
	assert_int_equal(bh_store_findings(store, -1, 0, see_finding, seen), 0);
	assert_int_equal(seen->n, 1);
	assert_int_equal(seen->finding[0].band, BH_BAND_STRONG);
	assert_string_equal(ask(store, "SELECT count(*) FROM evidence"), "4");
	assert_string_equal(ask(store, "SELECT band FROM findings WHERE night = 20261122"),
			    "likeness");
	free(seen);
	bh_store_close(store);
}

static void test_past_deals_rows_out_to_their_nights(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_night night = a_night(EVENING_NIGHT);
	struct bh_profile_item profile = { .key = "vascular", .value = "yes" };
	struct bh_diary_item diary = { .night = EVENING_NIGHT,
				       .at_ms = WALL_OF_MINUTE(30),
				       .key = "pain",
				       .value = "4",
				       .side = BH_SIDE_LEFT };
	struct bh_past_query some = { .bed = 0,
				      .types = UINT64_C(1) << BH_EVENT_LEGS_OVER_EDGE,
				      .no_epochs = true };
	struct bh_store_past past;

	assert_int_equal(bh_store_put_night(store, &night), 0);
	assert_int_equal(bh_store_put_profile(store, &profile), 0);
	assert_int_equal(bh_store_put_diary(store, &diary), 0);
	assert_int_equal(bh_store_put_diary(store, &diary), 0); /* the same entry again */
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.n_nights, 2);
	assert_int_equal(past.history.nights[0].night.exits, 2);
	assert_int_equal(past.history.nights[0].n_events, 2);
	assert_int_equal(past.history.nights[0].n_epochs, 2);
	assert_int_equal(past.history.nights[0].epochs[1].epoch.temp_mdegc[BH_TEMP_RIGHT], 31250);
	/* Not summarised: its bounds, and numbers unknown rather than zero. */
	assert_int_equal(past.history.nights[1].night.date, EVENING_NIGHT + 1);
	assert_int_equal(past.history.nights[1].night.exits, BH_EPOCH_UNKNOWN);
	assert_int_equal(past.history.nights[1].n_events, 3);
	assert_int_equal(past.history.nights[1].events[1].type, BH_EVENT_LEGS_OVER_EDGE);
	assert_int_equal(past.history.nights[1].utc_offset_s, 3600);
	assert_int_equal(past.history.n_profile, 1);
	assert_string_equal(past.history.profile[0].value, "yes");
	assert_int_equal(past.history.n_diary, 1);
	assert_int_equal(past.history.diary[0].side, BH_SIDE_LEFT);
	bh_store_past_free(&past);

	assert_int_equal(bh_store_past_query(store, &some, &past), 0);
	assert_int_equal(past.history.nights[0].n_events, 1);
	assert_int_equal(past.history.nights[0].n_epochs, 0);
	bh_store_past_free(&past);
	bh_store_close(store);
}

/* ---- capabilities of a night ---- */

#define ALL_OF_THE_BED (BH_CAN_OCCUPANCY | BH_CAN_LEGS | BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT)

/* One night in bed from minute 0 to 400 (or until the mat fails), with one fault of a sensor. */
static uint32_t capabilities_with(const struct place *place, uint8_t sensor, int64_t from,
				  int64_t to, int in_bed_until)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	struct bh_store_past past;
	uint32_t capabilities;

	begin_run(store, BH_ORIGIN_REPLAYED, "one.cap"); /* each call replaces the last */
	put(store, &record);
	if (in_bed_until > 0) {
		record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 1, MINUTES(0),
				      MINUTES(in_bed_until));
		if (sensor == 0)
			record.u.event.end_cause = BH_END_FAULT;
		put(store, &record);
	}
	record = epoch_record(MINUTES(0));
	put(store, &record);
	record = event_record(to < 0 ? BH_PHASE_OPEN : BH_PHASE_INSTANT, BH_EVENT_SENSOR_FAULT, 2,
			      MINUTES(from), to < 0 ? BH_MONO_NONE : MINUTES(to));
	record.u.event.sensor = sensor;
	record.u.event.value = BH_FAULT_SILENT;
	put(store, &record);
	assert_int_equal(bh_store_past(store, 0, EVENING_NIGHT, EVENING_NIGHT, &past), 0);
	assert_int_equal(past.history.n_nights, 1);
	capabilities = past.history.nights[0].capabilities;
	bh_store_past_free(&past);
	bh_store_close(store);
	return capabilities;
}

static void test_a_faulty_sensor_takes_its_capabilities_away(void **state)
{
	const uint32_t no_left = ALL_OF_THE_BED & ~BH_CAN_TEMP_LEFT;
	const uint32_t no_mat = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;

	/* 400 min in bed: up to 80 of them are forgiven. */
	assert_int_equal(capabilities_with(*state, 1, 100, 179, 400), ALL_OF_THE_BED);
	assert_int_equal(capabilities_with(*state, 1, 100, 181, 400), no_left);
	assert_int_equal(capabilities_with(*state, 1, 100, -1, 400), no_left); /* still faulty */
	/* Taken off after getting up: the night is not touched. */
	assert_int_equal(capabilities_with(*state, 1, 400, 800, 400), ALL_OF_THE_BED);
	/* The mat fails at minute 100: whether somebody lay there until 300, nobody knows. */
	assert_int_equal(capabilities_with(*state, 0, 100, 300, 100), no_mat);
	assert_int_equal(capabilities_with(*state, 0, 100, 120, 100), ALL_OF_THE_BED);
	/* The mat is dead from the start: no time in bed is known at all. */
	assert_int_equal(capabilities_with(*state, 0, 0, -1, 0), no_mat);
}

/* One night in bed from minute 0 to 400, with two faults of one sensor, 60 minutes each. */
static uint32_t capabilities_with_two(const struct place *place, int64_t first, int64_t second)
{
	struct bh_store *store = open_writer(place);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	const int64_t from[] = { first, second };
	struct bh_store_past past;
	uint32_t capabilities;

	begin_run(store, BH_ORIGIN_REPLAYED, "one.cap"); /* each call replaces the last */
	put(store, &record);
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 1, MINUTES(0), MINUTES(400));
	put(store, &record);
	for (size_t i = 0; i < sizeof(from) / sizeof(from[0]); i++) {
		record = event_record(BH_PHASE_INSTANT, BH_EVENT_SENSOR_FAULT, (uint64_t)(2 + i), MINUTES(from[i]),
				      MINUTES(from[i] + 60));
		record.u.event.sensor = 1;
		record.u.event.value = BH_FAULT_SILENT;
		put(store, &record);
	}
	assert_int_equal(bh_store_past(store, 0, EVENING_NIGHT, EVENING_NIGHT, &past), 0);
	capabilities = past.history.nights[0].capabilities;
	bh_store_past_free(&past);
	bh_store_close(store);
	return capabilities;
}

/* A capture is one sensor with several series, and a power cut silences them all at once. */
static void test_faults_at_the_same_time_count_once(void **state)
{
	const uint32_t no_left = ALL_OF_THE_BED & ~BH_CAN_TEMP_LEFT;

	assert_int_equal(capabilities_with_two(*state, 100, 100), ALL_OF_THE_BED);
	assert_int_equal(capabilities_with_two(*state, 100, 119), ALL_OF_THE_BED); /* 79 minutes */
	assert_int_equal(capabilities_with_two(*state, 100, 121), no_left);
	assert_int_equal(capabilities_with_two(*state, 100, 300), no_left);
}

/* Up for good at 400; at 500 a pad closes by itself, and is found to be stuck: nobody came back, and the night
 * before is what it was. */
static void test_a_sensor_that_fails_on_an_empty_bed_leaves_the_night(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_record record = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	struct bh_store_past past;

	begin_run(store, BH_ORIGIN_REPLAYED, "one.cap");
	put(store, &record);
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 1, MINUTES(0), MINUTES(400));
	put(store, &record);
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 2, MINUTES(500), MINUTES(500));
	record.u.event.end_cause = BH_END_FAULT;
	put(store, &record);
	record = event_record(BH_PHASE_OPEN, BH_EVENT_SENSOR_FAULT, 3, MINUTES(500), BH_MONO_NONE);
	record.u.event.sensor = 0;
	record.u.event.value = BH_FAULT_STUCK;
	put(store, &record);
	assert_int_equal(bh_store_past(store, 0, EVENING_NIGHT, EVENING_NIGHT, &past), 0);
	assert_int_equal(past.history.nights[0].capabilities, ALL_OF_THE_BED);
	bh_store_past_free(&past);
	bh_store_close(store);
}

/* A fault of many days belongs to every night it covers, not only to that of its start. */
static void test_a_long_fault_reaches_the_nights_after_it_began(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_record record;
	struct bh_store_past past;

	/* The fixture's detached right thermometer is open since the second evening's end. */
	record = event_record(BH_PHASE_INSTANT, BH_EVENT_BED_OCCUPIED, 50, MINUTES(2880),
			      MINUTES(3300));
	put(store, &record);
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.n_nights, 3);
	assert_int_equal(past.history.nights[0].capabilities, ALL_OF_THE_BED);
	assert_int_equal(past.history.nights[1].capabilities, ALL_OF_THE_BED);
	assert_int_equal(past.history.nights[2].capabilities, ALL_OF_THE_BED & ~BH_CAN_TEMP_RIGHT);
	bh_store_past_free(&past);
	bh_store_close(store);
}

/* ---- readers beside a writer ---- */

static void test_a_reader_sees_each_commit_and_nothing_before_it(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_store *reader = open_reader(*state);
	struct bh_record record = epoch_record(MINUTES(3000));
	struct bh_store_facts facts;

	put(store, &record);
	assert_int_equal(bh_store_facts(reader, &facts), 0);
	assert_int_equal(facts.epochs, 4);
	assert_int_equal(bh_store_commit(store), 0);
	assert_int_equal(bh_store_facts(reader, &facts), 0);
	assert_int_equal(facts.epochs, 5);
	assert_int_equal(facts.events, 5);
	assert_int_equal(facts.open_events, 1);
	assert_int_equal(facts.last_life_ms, WALL_OF_MINUTE(3000) + 30000);
	assert_int_equal(facts.last_origin, BH_ORIGIN_MEASURED);
	assert_true(facts.bytes > 0);
	bh_store_close(store);
	/* The writer is gone; who was reading goes on. */
	assert_int_equal(bh_store_facts(reader, &facts), 0);
	assert_int_equal(facts.epochs, 5);
	bh_store_close(reader);
}

static void test_origin_of_a_span(void **state)
{
	struct bh_store *store = two_evenings(*state);

	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_SIMULATED, 0, 0), 0);
	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_MEASURED, 0, 0), 1);
	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_MEASURED, WALL_OF_MINUTE(20),
					     WALL_OF_MINUTE(30)),
			 1);
	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_MEASURED, WALL_OF_MINUTE(9000), 0),
			 0);
	assert_int_equal(bh_store_has_origin(store, BH_ORIGIN_MEASURED, 0, WALL_OF_MINUTE(-100)),
			 0);
	bh_store_close(store);
}

static int stop_at_once(void *ctx, const struct bh_stored_event *event)
{
	(void)event;
	++*(int *)ctx;
	return 42;
}

static void test_the_caller_can_stop_and_start_again(void **state)
{
	struct bh_store *store = two_evenings(*state);
	struct bh_event_query query = { .bed = -1 };
	int n = 0;

	assert_int_equal(bh_store_events(store, &query, stop_at_once, &n), 42);
	assert_int_equal(bh_store_events(store, &query, stop_at_once, &n), 42);
	assert_int_equal(n, 2);
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(events_of_a_span),
		TEST(epochs_of_a_span),
		TEST(nights_come_back_whole_and_are_replaced),
		TEST(findings_come_back_with_their_evidence),
		TEST(past_deals_rows_out_to_their_nights),
		TEST(a_faulty_sensor_takes_its_capabilities_away),
		TEST(faults_at_the_same_time_count_once),
		TEST(a_sensor_that_fails_on_an_empty_bed_leaves_the_night),
		TEST(a_long_fault_reaches_the_nights_after_it_began),
		TEST(a_reader_sees_each_commit_and_nothing_before_it),
		TEST(origin_of_a_span),
		TEST(the_caller_can_stop_and_start_again),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
