/* SPDX-License-Identifier: MIT */
/*
 * Nights in which the wall clock does not run straight, through the whole line into a real history:
 * it is set forth or back, it becomes known late, or summer time begins or ends. Detection lives on the
 * monotonic line, so the same things happened, as long as before, each in its right night.
 */
#include "drivers/simulator/simulator.h"
#include "hub/core/night.h"
#include "hub/line/replay.h"

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

#define NIGHTS_MAX 16
#define RULES_MAX 64
#define EVENTS_MAX 8000
#define MINUTE_MS (60 * BH_MS_PER_S)

struct told {
	struct bh_night nights[NIGHTS_MAX];
	size_t n_nights;
	struct bh_finding findings[RULES_MAX];
	size_t n_findings;
	struct bh_stored_event events[EVENTS_MAX];
	size_t n_events;
};

static struct told straight, stepped;
static struct bh_rule_set *rules;
static char dir[64], capture[96];

static int begin(void **state)
{
	struct bh_error err;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/bedside-wall-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(capture, sizeof(capture), "%s/bed.cap", dir);
	assert_int_equal(bh_rule_set_new(&rules), 0);
	assert_true(bh_rule_set_add_builtin(rules, &err) >= 0);
	assert_true(bh_rule_set_finish(rules, &err) >= 0);
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	bh_rule_set_free(rules);
	snprintf(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void live_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

static int take_night(void *ctx, const struct bh_night *night)
{
	struct told *told = ctx;

	assert_true(told->n_nights < NIGHTS_MAX);
	told->nights[told->n_nights++] = *night;
	return 0;
}

static int take_finding(void *ctx, const struct bh_finding *finding)
{
	struct told *told = ctx;

	assert_true(told->n_findings < RULES_MAX);
	told->findings[told->n_findings++] = *finding;
	return 0;
}

static int take_event(void *ctx, const struct bh_stored_event *event)
{
	struct told *told = ctx;

	assert_true(told->n_events < EVENTS_MAX);
	told->events[told->n_events++] = *event;
	return 0;
}

/* The capture of @p simulation, with the head @p info. */
static void record(struct bh_simulation *simulation, const struct bh_capture_info *info)
{
	static struct bh_frame frame;
	struct bh_capture_writer *writer;
	struct bh_error err;

	assert_int_equal(bh_capture_create(capture, info, &writer, &err), 0);
	bh_frame_init(&frame, &info->mat);
	while (bh_simulation_frame(simulation, &frame) > 0)
		assert_int_equal(bh_capture_write(writer, &frame), 0);
	assert_int_equal(bh_capture_finish(writer), 0);
}

/* What the capture becomes in a history of its own. */
static void replay_capture(struct told *ret)
{
	static const struct bh_event_query all = { .bed = 0 };
	struct bh_replay replay = { .rules = rules };
	struct bh_replay_result result;
	struct bh_config *config;
	struct bh_error err = { .text = "" };
	char database[96];

	memset(ret, 0, sizeof(*ret));
	snprintf(database, sizeof(database), "%s/bed.db", dir);
	unlink(database);
	if (bh_replay_config(NULL, capture, &config, &err) < 0 ||
	    bh_store_open(database, BH_STORE_WRITE, &replay.store, &err) < 0)
		fail_msg("%s", err.text);
	replay.config = config;
	if (bh_replay_run(&replay, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(bh_store_nights(replay.store, 0, 0, 0, take_night, ret), 0);
	assert_int_equal(bh_store_findings(replay.store, 0, 0, take_finding, ret), 0);
	assert_int_equal(bh_store_events(replay.store, &all, take_event, ret), 0);
	bh_store_close(replay.store);
	bh_config_free(config);
}

static int by_seq(const void *a, const void *b)
{
	const struct bh_stored_event *x = a, *y = b;

	return (x->event.seq > y->event.seq) - (x->event.seq < y->event.seq);
}

/* The same things happened, in the same order, as long as before: no clock changes that. */
static void assert_same_events(void)
{
	assert_int_equal(stepped.n_events, straight.n_events);
	assert_true(straight.n_events > 100);
	qsort(straight.events, straight.n_events, sizeof(straight.events[0]), by_seq);
	qsort(stepped.events, stepped.n_events, sizeof(stepped.events[0]), by_seq);
	for (size_t i = 0; i < straight.n_events; i++) {
		const struct bh_stored_event *a = &straight.events[i], *b = &stepped.events[i];

		assert_int_equal(a->event.seq, b->event.seq);
		assert_int_equal(a->event.type, b->event.type);
		assert_int_equal(a->event.value, b->event.value);
		assert_int_equal(a->event.start_ns, b->event.start_ns);
		assert_int_equal(a->event.end_ns, b->event.end_ns);
		assert_int_equal(a->end_ms - a->start_ms, b->end_ms - b->start_ms);
	}
}

/* What is counted and added up of a night. */
static void assert_same_sums(const struct bh_night *a, const struct bh_night *b)
{
	assert_int_equal(a->date, b->date);
	assert_int_equal(a->in_bed_min, b->in_bed_min);
	assert_int_equal(a->restless_min, b->restless_min);
	assert_int_equal(a->quiet_min, b->quiet_min);
	assert_int_equal(a->exits, b->exits);
	assert_int_equal(a->legs_over_edge, b->legs_over_edge);
	assert_int_equal(a->legs_over_edge_min, b->legs_over_edge_min);
	assert_int_equal(a->position_changes, b->position_changes);
	assert_int_equal(a->walk_breaks, b->walk_breaks);
	assert_int_equal(a->toilet_like, b->toilet_like);
	assert_int_equal(a->temp_left_mdegc, b->temp_left_mdegc);
}

static void assert_same_nights(void)
{
	assert_int_equal(stepped.n_nights, straight.n_nights);
	for (size_t i = 0; i < straight.n_nights; i++)
		assert_same_sums(&straight.nights[i], &stepped.nights[i]);
}

/* ---- a clock that is set ---- */

/* The same nights by a clock that is set in the middle one, and by one that is not. */
static void tell_stepped(uint64_t seed, struct bh_clock_anchor *ret_step, int64_t *ret_step_ms)
{
	static struct bh_capture_info info;
	struct bh_simulation_config config;
	struct bh_simulation *simulation;
	struct bh_error err;

	live_in("Europe/Berlin");
	bh_simulation_config_init(&config);
	config.sleeper = BH_SLEEPER_LEG_HANGING;
	config.confounders = BH_CONFOUNDER_CLOCK_STEP;
	config.seed = seed;
	config.nights = 9;
	config.utc_offset_s = 7200;
	for (int with = 0; with < 2; with++) {
		assert_int_equal(bh_simulation_new(&config, &simulation, &err), 0);
		info = *bh_simulation_info(simulation);
		assert_int_equal(info.steps.n, 1);
		*ret_step = info.steps.at[0];
		info.steps.n = (uint8_t)with;
		record(simulation, &info);
		bh_simulation_free(simulation);
		replay_capture(with ? &stepped : &straight);
	}
	*ret_step_ms = ret_step->wall_ms - bh_wall_from_mono(&info.anchor, ret_step->mono_ns);
}

/* And no event that began before the step is moved by it. */
static void assert_told_by_the_clock_of_its_start(int64_t step_ns, int64_t step_ms)
{
	long before = 0, after = 0;

	for (size_t i = 0; i < stepped.n_events; i++) {
		bool later = stepped.events[i].event.start_ns >= step_ns;

		assert_int_equal(stepped.events[i].start_ms,
				 straight.events[i].start_ms + (later ? step_ms : 0));
		before += !later;
		after += later;
	}
	assert_true(before > 50 && after > 50);
}

static void assert_same_findings(void)
{
	assert_true(straight.n_findings > 0);
	assert_int_equal(stepped.n_findings, straight.n_findings);
	for (size_t i = 0; i < straight.n_findings; i++) {
		assert_string_equal(stepped.findings[i].rule, straight.findings[i].rule);
		if (stepped.findings[i].band != straight.findings[i].band)
			fail_msg("%s: band %d, by a clock that ran straight %d",
				 straight.findings[i].rule, stepped.findings[i].band,
				 straight.findings[i].band);
	}
}

static void a_clock_that_is_set_changes_no_length_and_loses_nothing(void **unused)
{
	/* One is set forth by 68 minutes, one back by 42. */
	static const uint64_t seeds[] = { 5, 1 };
	struct bh_clock_anchor step;
	int64_t step_ms[2];

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		tell_stepped(seeds[i], &step, &step_ms[i]);
		assert_true(llabs(step_ms[i]) >= 2 * MINUTE_MS);
		assert_same_events();
		assert_told_by_the_clock_of_its_start(step.mono_ns, step_ms[i]);
		assert_same_nights();
		assert_same_findings();
	}
	assert_int_equal(step_ms[0] / MINUTE_MS, 67);
	assert_int_equal(step_ms[1] / MINUTE_MS, -41);
}

#define PADS                                                                                       \
	"# bedside-capture: 1\n# provenance: measured, by hand\n# mat: contact\n"                 \
	"# zone: trunk trunk 500 350\n# zone: legs legs 500 750\n"

static void write_capture(const char *text)
{
	FILE *file = fopen(capture, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static const struct bh_stored_event *first(const struct told *told, enum bh_event_type type)
{
	for (size_t i = 0; i < told->n_events; i++)
		if (told->events[i].event.type == type)
			return &told->events[i];
	fail_msg("no %s", bh_event_info(type)->name);
	return NULL;
}

/* A Pi without a clock battery: the time server answers an hour after the bed was entered. */
static void a_clock_that_is_known_late_tells_the_time_of_what_was_before(void **unused)
{
	(void)unused;
	live_in("UTC");
	write_capture(PADS "# clock: 4200 2026-11-22T23:10:00Z\nt_s,trunk,legs\n"
			   "0,0,0\n600,1,1\n3000,1,0\n3003,1,1\n9000,0,0\n12000,0,0\n");
	replay_capture(&stepped);
	assert_int_equal(stepped.n_nights, 1);
	assert_int_equal(stepped.nights[0].date, 20261122);
	/* 600 s after 22:00:00. */
	assert_int_equal(first(&stepped, BH_EVENT_BED_OCCUPIED)->start_ms,
			 INT64_C(1795385400000));
	assert_int_equal(stepped.nights[0].in_bed_min, 140);
}

/* ---- summer time ---- */

struct season {
	int32_t start_date; /* of three nights, the middle one of them the change */
	int32_t utc_offset_s;
	int hours; /* of the middle night */
};

static const struct season seasons[] = {
	{ 20261023, 7200, 25 }, /* until 25 October, 03:00 */
	{ 20270326, 3600, 23 }, /* from 28 March, 02:00 */
};

static void record_season(const struct season *season, int64_t ret_in_bed_ms[3])
{
	struct bh_simulation_config config;
	const struct bh_sim_truth *truth;
	struct bh_simulation *simulation;
	struct bh_error err;
	size_t n;

	bh_simulation_config_init(&config);
	config.sleeper = BH_SLEEPER_LEG_HANGING;
	config.confounders = BH_CONFOUNDER_DST;
	config.seed = 3;
	config.nights = 3;
	config.start_date = season->start_date;
	config.utc_offset_s = season->utc_offset_s;
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), 0);
	record(simulation, bh_simulation_info(simulation));
	for (int night = 0; night < 3; night++) {
		ret_in_bed_ms[night] = 0;
		truth = bh_simulation_truth(simulation, night, &n);
		for (size_t i = 0; i < n; i++)
			if (truth[i].kind == BH_SIM_TRUTH_BED_OCCUPIED)
				ret_in_bed_ms[night] +=
					(truth[i].end_ns - truth[i].start_ns) / BH_NS_PER_MS;
	}
	bh_simulation_free(simulation);
}

static void a_night_of_23_or_25_hours_is_one_night(void **unused)
{
	int64_t in_bed_ms[3];

	(void)unused;
	for (size_t k = 0; k < 2; k++) {
		const struct season *season = &seasons[k];

		record_season(season, in_bed_ms);
		live_in("UTC");
		replay_capture(&straight);
		live_in("Europe/Berlin");
		replay_capture(&stepped);
		assert_same_events();
		for (size_t i = 0; i < stepped.n_events; i++)
			assert_int_equal(stepped.events[i].start_ms, straight.events[i].start_ms);
		assert_int_equal(stepped.n_nights, 3);
		for (int i = 0; i < 3; i++) {
			const struct bh_night *night = &stepped.nights[i];
			int64_t hours = (night->end_ms - night->start_ms) / (60 * MINUTE_MS);

			assert_int_equal(night->date, bh_night_add(season->start_date, i));
			assert_int_equal(hours, i == 1 ? season->hours : 24);
			/* As long as the sleeper truly was in bed, to two minutes. */
			assert_true(llabs(night->in_bed_min * MINUTE_MS - in_bed_ms[i]) <=
				    2 * MINUTE_MS);
			assert_true(night->coverage_permille >= 990);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_is_set_changes_no_length_and_loses_nothing),
		cmocka_unit_test(a_clock_that_is_known_late_tells_the_time_of_what_was_before),
		cmocka_unit_test(a_night_of_23_or_25_hours_is_one_night),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
