/* SPDX-License-Identifier: MIT */
/*
 * Nights in which the wall clock does not run straight, through the whole line into a real history:
 * it is set forth or back, it becomes known late, or summer time begins or ends. Detection lives on the
 * monotonic line, so the same things happened, as long as before, each in its right night.
 */
#include "hub/core/night.h"
#include "tests/unit/line/told.h"

#define MINUTE_MS (60 * BH_MS_PER_S)

static struct told straight, stepped;

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

	told_live_in("Europe/Berlin");
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
		told_record(simulation, &info, NULL);
		bh_simulation_free(simulation);
		told_replay(0, with ? &stepped : &straight);
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
	FILE *file = fopen(told_capture, "w");

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
	told_live_in("UTC");
	write_capture(PADS "# clock: 4200 2026-11-22T23:10:00Z\nt_s,trunk,legs\n"
			   "0,0,0\n600,1,1\n3000,1,0\n3003,1,1\n9000,0,0\n12000,0,0\n");
	told_replay(0, &stepped);
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
	told_record(simulation, bh_simulation_info(simulation), NULL);
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
		told_live_in("UTC");
		told_replay(0, &straight);
		told_live_in("Europe/Berlin");
		told_replay(0, &stepped);
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

	return cmocka_run_group_tests(tests, told_begin, told_end);
}
