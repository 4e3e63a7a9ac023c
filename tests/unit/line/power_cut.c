/* SPDX-License-Identifier: MIT */
/*
 * The power goes in the night and comes back: pads on a fake chip, the line as the daemon runs it, a real
 * history. At the cut the disk keeps what was committed; the machine comes up with another boot and
 * another monotonic line. What nobody saw is a gap: not an empty bed, not a quiet sleeper.
 */
#include "hub/core/night.h"
#include "hub/line/historian.h"
#include "hub/line/line.h"
#include "tests/fakes/fake_gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define MIN BH_NS_PER_MIN
#define CHIP "pinctrl-bcm2711"
/* 22 November 2026, 21:00 UTC; the tests count minutes from here. */
#define EVENING_MS INT64_C(1795381200000)
#define EVENTS_MAX 400
/* What was not committed yet is lost with the power. */
#define COMMIT_MIN 5

static const char bed_yaml[] =
	"beds:\n"
	"  - id: bed\n"
	"    mat:\n"
	"      driver: contact\n"
	"      zones:\n"
	"        - { name: hips, line: GPIO17, at: trunk }\n"
	"        - { name: legs, line: GPIO27, at: legs }\n";

struct hub {
	char dir[64];
	char db[96];
	int boots;
	struct bh_config *config;
	struct bh_bus bus;
	struct bh_fake_gpio gpio;
	struct bh_line *line;
	struct bh_store *store;
	struct bh_historian *historian;
	int64_t minute_0_ns; /* of this boot's line, may be negative */
	int64_t now_ns;
};

static struct hub the;

static void put(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	assert_int_equal(bh_historian_put(the.historian, record), 0);
}

static int begin(void **state)
{
	struct bh_error err;

	(void)state;
	memset(&the, 0, sizeof(the));
	setenv("TZ", "UTC", 1);
	tzset();
	snprintf(the.dir, sizeof(the.dir), "/tmp/bedside-power-XXXXXX");
	assert_non_null(mkdtemp(the.dir));
	bh_fake_gpio_init(&the.gpio, BH_FAKE_GPIO_V2, &the.bus);
	bh_fake_gpio_add(&the.gpio, CHIP, 17, "GPIO17", true);
	bh_fake_gpio_add(&the.gpio, CHIP, 27, "GPIO27", true);
	assert_int_equal(bh_config_parse("bed.yaml", bed_yaml, strlen(bed_yaml), &the.config, &err),
			 0);
	snprintf(the.db, sizeof(the.db), "%s/0.db", the.dir);
	return 0;
}

static void let_go(void)
{
	bh_historian_free(the.historian);
	bh_store_close(the.store);
	bh_line_free(the.line);
}

static int end(void **state)
{
	char command[128];

	(void)state;
	let_go();
	bh_config_free(the.config);
	bh_fake_gpio_close(&the.gpio);
	snprintf(command, sizeof(command), "rm -rf %s", the.dir);
	return system(command);
}

/* The machine comes up @p minute after 21:00, in a boot of its own. */
static void power_on(int minute)
{
	struct bh_store_run run = { .version = "1" };
	struct bh_store_bed bed = { .id = "bed", .name = "Bed" };
	struct bh_historian_config config = { .n_beds = 1, .commit_ns = COMMIT_MIN * MIN,
					      .live = true };
	struct bh_record clock = { .kind = BH_RECORD_CLOCK };
	struct bh_sink sink = { .put = put };
	struct bh_error err;

	the.now_ns = 30 * S; /* since the boot */
	the.minute_0_ns = the.now_ns - minute * MIN;
	assert_int_equal(bh_line_new(the.config, &the.bus, &sink, NULL, &the.line, &err), 0);
	assert_int_equal(bh_store_open(the.db, BH_STORE_WRITE, &the.store, &err), 0);
	snprintf(run.boot_id, sizeof(run.boot_id), "boot-%d", the.boots++);
	run.started_mono_ns = the.now_ns;
	bed.capabilities = bh_line_capabilities(the.line, 0);
	assert_int_equal(bh_store_run_begin(the.store, &run, &bed, 1, &config.run), 0);
	config.store = the.store;
	assert_int_equal(bh_historian_new(&config, &the.historian), 0);
	clock.u.clock = (struct bh_clock){
		.change = BH_CLOCK_START,
		.anchor = { the.now_ns, EVENING_MS + minute * INT64_C(60000) },
	};
	put(NULL, &clock);
	bh_line_start(the.line, the.now_ns);
}

/* Nothing is finished; the disk has what was committed, and the next boot reads that. */
static void power_off(void)
{
	char command[512], next[sizeof(the.db)];

	snprintf(next, sizeof(next), "%s/%d.db", the.dir, the.boots);
	snprintf(command, sizeof(command), "cp %s %s && cp %s-wal %s-wal", the.db, next, the.db, next);
	assert_int_equal(system(command), 0);
	let_go();
	memcpy(the.db, next, sizeof(next));
}

/* As the sensing loop and the writer do, until @p minute after 21:00. */
static void until(int minute)
{
	int64_t until_ns = the.minute_0_ns + minute * MIN;
	int64_t wrote_ns = the.now_ns;

	while (the.now_ns < until_ns) {
		int64_t next_ns = bh_line_step(the.line, the.now_ns);

		the.now_ns = next_ns < until_ns ? next_ns : until_ns;
		if (the.now_ns - wrote_ns < 10 * S)
			continue;
		wrote_ns = the.now_ns;
		assert_int_equal(bh_historian_tick(the.historian, the.now_ns), 0);
	}
	bh_line_step(the.line, the.now_ns);
	assert_int_equal(bh_historian_tick(the.historian, the.now_ns), 0);
}

static void bed_is(bool occupied)
{
	bh_fake_gpio_set(&the.gpio, "GPIO17", the.now_ns, !occupied);
	bh_fake_gpio_set(&the.gpio, "GPIO27", the.now_ns, !occupied);
}

/* ---- what is told afterwards ---- */

struct told {
	size_t n;
	struct bh_stored_event events[EVENTS_MAX];
	struct bh_night night;
};

static int take_event(void *ctx, const struct bh_stored_event *event)
{
	struct told *told = ctx;

	assert_true(told->n < EVENTS_MAX);
	told->events[told->n++] = *event;
	return 0;
}

static int take_night(void *ctx, const struct bh_night *night)
{
	struct told *told = ctx;

	told->night = *night;
	return 0;
}

/* At noon the night is closed. */
static const struct told *tell(void)
{
	static const struct bh_event_query all = { .bed = 0 };
	static struct told told;

	until(15 * 60 + 10);
	memset(&told, 0, sizeof(told));
	assert_int_equal(bh_store_events(the.store, &all, take_event, &told), 0);
	assert_int_equal(bh_store_nights(the.store, 0, 20261122, 20261122, take_night, &told), 0);
	assert_true(told.night.complete);
	return &told;
}

static const struct bh_stored_event *nth(const struct told *told, enum bh_event_type type, int n)
{
	for (size_t i = 0; i < told->n; i++)
		if (told->events[i].event.type == type && n-- == 0)
			return &told->events[i];
	return NULL;
}

static double minute(int64_t wall_ms)
{
	return (double)(wall_ms - EVENING_MS) / 60000;
}

/* The gap reaches from the last commit before @p off to the start at @p on, and nothing is told of it. */
static void assert_gap(const struct told *told, int off, int on)
{
	const struct bh_stored_event *gap = nth(told, BH_EVENT_DATA_GAP, 0);

	assert_non_null(gap);
	assert_null(nth(told, BH_EVENT_DATA_GAP, 1));
	assert_true(minute(gap->start_ms) <= off && minute(gap->start_ms) >= off - COMMIT_MIN - 1);
	assert_true(minute(gap->end_ms) == on);
	for (size_t i = 0; i < told->n; i++) {
		const struct bh_stored_event *event = &told->events[i];

		if (event == gap || event->event.phase == BH_PHASE_INSTANT)
			continue;
		if (event->start_ms < gap->end_ms && event->end_ms > gap->start_ms)
			fail_msg("%s from %.1f to %.1f", bh_event_info(event->event.type)->name,
				 minute(event->start_ms), minute(event->end_ms));
	}
}

static void test_in_bed_all_the_time(void **state)
{
	const struct told *told;

	(void)state;
	power_on(0);
	until(60);
	bed_is(true);
	until(6 * 60);
	power_off();
	power_on(6 * 60 + 20);
	until(10 * 60);
	bed_is(false);
	told = tell();
	assert_gap(told, 6 * 60, 6 * 60 + 20);
	/* Nobody got into bed when the hub came back: somebody was there. */
	assert_null(nth(told, BH_EVENT_BED_ENTER, 1));
	assert_true(minute(nth(told, BH_EVENT_BED_OCCUPIED, 1)->start_ms) < 6 * 60 + 21);
	assert_int_equal(told->night.exits, 0);
	assert_in_range(told->night.in_bed_min, 540 - 26, 540 - 19);
	assert_in_range(told->night.coverage_permille, 1000 - 26 * 1000 / 540,
			1000 - 19 * 1000 / 540);
	/* A formula cannot score the minutes beside a hole either. */
	assert_in_range(told->night.sleep.unknown_min, 20, 26 + 2 * 4);
	assert_int_equal(told->night.sleep.bed_min, 540);
}

/* Up at 03:00, the power goes at 03:02, comes back at 03:20; back in bed at 03:25. */
static void test_out_of_bed_when_the_power_goes(void **state)
{
	const struct bh_stored_event *exit;
	const struct told *told;

	(void)state;
	power_on(0);
	until(60);
	bed_is(true);
	until(6 * 60);
	bed_is(false);
	until(6 * 60 + 2);
	power_off();
	power_on(6 * 60 + 20);
	until(6 * 60 + 25);
	bed_is(true);
	until(10 * 60);
	bed_is(false);
	told = tell();
	assert_gap(told, 6 * 60 + 2, 6 * 60 + 20);
	/* The exit was committed at once; how long it lasted nobody knows. */
	exit = nth(told, BH_EVENT_BED_EXIT, 0);
	assert_true(minute(exit->start_ms) >= 6 * 60 && minute(exit->end_ms) <= 6 * 60 + 2);
	assert_int_equal(exit->event.end_cause, BH_END_CRASHED);
	assert_in_range(told->night.in_bed_min, 515 - 1, 515 + 1);
	/* The bed is not called empty while nobody listened, and an empty bed gives no epochs. */
	assert_in_range(told->night.coverage_permille, 1000 - 26 * 1000 / 540,
			1000 - 18 * 1000 / 540);
	assert_in_range(told->night.sleep.unknown_min, 18, 26 + 2 * 4);
}

/* From half past midnight to five: too little is known of such a night, and it says so. */
static void test_off_for_half_the_night(void **state)
{
	const struct told *told;

	(void)state;
	power_on(0);
	until(60);
	bed_is(true);
	until(210);
	power_off();
	power_on(480);
	until(600);
	bed_is(false);
	told = tell();
	assert_gap(told, 210, 480);
	assert_true(told->night.coverage_permille <= 500);
	assert_true(told->night.in_bed_min <= 270);
	assert_int_equal(told->night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(told->night.sleep.efficiency_permille, BH_EPOCH_UNKNOWN);
}

/* The hub is off from 22:00 to 03:00, and somebody is in bed when it is back: since when, nobody knows. */
static void test_off_when_the_bed_was_entered(void **state)
{
	const struct bh_stored_event *gap;
	const struct told *told;

	(void)state;
	power_on(0);
	until(60);
	power_off();
	power_on(360);
	/* As found when the power is back. */
	bed_is(true);
	until(600);
	bed_is(false);
	told = tell();
	/* A silent bed's sign of life is kept each quarter of an hour. */
	gap = nth(told, BH_EVENT_DATA_GAP, 0);
	assert_in_range(minute(gap->start_ms), 60 - 16, 60);
	assert_true(told->night.first_enter_ms == BH_WALL_UNKNOWN);
	assert_true(minute(told->night.last_exit_ms) >= 599.9);
	assert_in_range(told->night.in_bed_min, 239, 240);
	assert_in_range(told->night.coverage_permille, 240 * 1000 / 557, 240 * 1000 / 540);
	assert_int_equal(told->night.restless_last_third_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(told->night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
}

/* It goes at 05:00 under a sleeper and is back at 11:30, to an empty bed. */
static void test_off_when_the_bed_was_left(void **state)
{
	const struct told *told;

	(void)state;
	power_on(0);
	until(120);
	bed_is(true);
	until(480);
	power_off();
	power_on(870);
	bed_is(false);
	told = tell();
	assert_gap(told, 480, 870);
	assert_true(minute(told->night.first_enter_ms) < 120.1);
	assert_true(told->night.last_exit_ms == BH_WALL_UNKNOWN);
	assert_in_range(told->night.coverage_permille, (360 - COMMIT_MIN - 1) * 1000 / 750,
			360 * 1000 / 750);
	assert_int_equal(told->night.restless_last_third_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(told->night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
}

/* Two outages beside the night, with an empty bed before and after them, hide nothing of it. */
static void test_off_while_the_bed_was_empty(void **state)
{
	const struct told *told;

	(void)state;
	power_on(0);
	bed_is(false);
	until(10);
	power_off();
	power_on(60);
	until(62);
	bed_is(true);
	until(540);
	bed_is(false);
	until(545);
	power_off();
	power_on(700);
	told = tell();
	assert_non_null(nth(told, BH_EVENT_DATA_GAP, 1));
	assert_true(minute(told->night.first_enter_ms) < 62.1);
	assert_true(minute(told->night.last_exit_ms) < 540.1);
	assert_in_range(told->night.coverage_permille, 995, 1000);
}

/* An empty bed tells nothing, and yet no more than a quarter of an hour of it is not known. */
static void test_the_hub_was_there_beside_an_empty_bed(void **state)
{
	const struct bh_stored_event *gap;
	const struct told *told;

	(void)state;
	power_on(0);
	until(44);
	power_off();
	power_on(60);
	bed_is(true);
	until(600);
	bed_is(false);
	told = tell();
	gap = nth(told, BH_EVENT_DATA_GAP, 0);
	assert_non_null(gap);
	assert_true(minute(gap->start_ms) >= 44 - 15 && minute(gap->start_ms) <= 44);
	assert_true(minute(gap->end_ms) == 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_in_bed_all_the_time, begin, end),
		cmocka_unit_test_setup_teardown(test_out_of_bed_when_the_power_goes, begin, end),
		cmocka_unit_test_setup_teardown(test_off_for_half_the_night, begin, end),
		cmocka_unit_test_setup_teardown(test_off_when_the_bed_was_entered, begin, end),
		cmocka_unit_test_setup_teardown(test_off_when_the_bed_was_left, begin, end),
		cmocka_unit_test_setup_teardown(test_off_while_the_bed_was_empty, begin, end),
		cmocka_unit_test_setup_teardown(test_the_hub_was_there_beside_an_empty_bed, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
