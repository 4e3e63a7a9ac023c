/* SPDX-License-Identifier: MIT */
/* The line on fake buses: what a person sees when sensors are unplugged, fail and come back. */
#include "hub/line/line.h"
#include "tests/fakes/fake_gpio.h"
#include "tests/fakes/fake_hwmon.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define CHIP "pinctrl-bcm2711"
#define RECORDS_MAX 4096

static const char bed_yaml[] =
	"beds:\n"
	"  - id: bed\n"
	"    mat:\n"
	"      driver: contact\n"
	"      zones:\n"
	"        - { name: hips, line: GPIO17, at: trunk }\n"
	"        - { name: legs, line: GPIO27, at: legs }\n"
	"    thermometers:\n"
	"      - { leg: left, driver: hwmon, chip: lm75-i2c-1-48, period: 30s }\n";

/* A bed on fake buses, and what came out of it. */
struct fixture {
	struct bh_config *config;
	struct bh_line *line;
	struct bh_bus bus;
	struct bh_fake_gpio gpio;
	struct bh_fake_hwmon hwmon;
	struct bh_fake_hwmon_input *thermometer;
	int64_t now_ns;
	unsigned int n_steps;
	char log[4096];
	size_t n_records;
	struct bh_record records[RECORDS_MAX];
};

static struct fixture the;

static void put(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	assert_true(the.n_records < RECORDS_MAX);
	the.records[the.n_records++] = *record;
}

static void on_sensor(void *ctx, const char *bed, const char *sensor, enum bh_fault fault,
		      const char *detail)
{
	size_t used = strlen(the.log);

	(void)ctx;
	(void)detail;
	snprintf(the.log + used, sizeof(the.log) - used, "%s/%s=%s ", bed, sensor, bh_fault_name(fault));
}

static int begin(void **state)
{
	struct bh_sink sink = { .put = put };
	struct bh_line_hooks hooks = { .sensor = on_sensor };
	struct bh_error err;
	char text[1024];

	(void)state;
	memset(&the, 0, sizeof(the));
	bh_fake_gpio_init(&the.gpio, BH_FAKE_GPIO_V2, &the.bus);
	bh_fake_gpio_add(&the.gpio, CHIP, 17, "GPIO17", true);
	bh_fake_gpio_add(&the.gpio, CHIP, 27, "GPIO27", true);
	bh_fake_hwmon_init(&the.hwmon, &the.bus);
	the.thermometer = bh_fake_hwmon_add(&the.hwmon, "lm75-i2c-1-48", "temp1", 31000);
	if (bh_config_parse("bed.yaml", bed_yaml, strlen(bed_yaml), &the.config, &err) < 0 ||
	    bh_line_new(the.config, &the.bus, &sink, &hooks, &the.line, &err) < 0) {
		bh_error_print(&err, text, sizeof(text));
		fail_msg("%s", text);
	}
	the.now_ns = 1000 * S;
	bh_line_start(the.line, the.now_ns);
	return 0;
}

static int end(void **state)
{
	(void)state;
	bh_line_free(the.line);
	bh_config_free(the.config);
	bh_fake_gpio_close(&the.gpio);
	return 0;
}

/* Let time pass as the sensing loop does: wake when the line asks for it. Fds that have something are
 * served by the step itself. */
static void pass(int64_t span_ns)
{
	int64_t until_ns = the.now_ns + span_ns;

	while (the.now_ns < until_ns) {
		int64_t next_ns = bh_line_step(the.line, the.now_ns);

		the.n_steps++;
		assert_true(next_ns > the.now_ns); /* or it would spin */
		the.now_ns = next_ns < until_ns ? next_ns : until_ns;
	}
	bh_line_step(the.line, the.now_ns);
}

/* Closed pads pull their line low. The edge is stamped now; the loop hears of it at once. */
static void pad(const char *line, bool closed)
{
	struct bh_line_fd fds[8];
	uint64_t generation;
	unsigned int n;

	bh_fake_gpio_set(&the.gpio, line, the.now_ns, !closed);
	n = bh_line_fds(the.line, fds, 8, &generation);
	for (unsigned int i = 0; i < n; i++)
		bh_line_readable(the.line, fds[i].slot, the.now_ns);
}

static unsigned int count(enum bh_event_type type, enum bh_event_phase phase)
{
	unsigned int n = 0;

	for (size_t i = 0; i < the.n_records; i++)
		n += the.records[i].kind == BH_RECORD_EVENT &&
		     the.records[i].u.event.type == type && the.records[i].u.event.phase == phase;
	return n;
}

static const struct bh_event *last(enum bh_event_type type)
{
	for (size_t i = the.n_records; i > 0; i--)
		if (the.records[i - 1].kind == BH_RECORD_EVENT &&
		    the.records[i - 1].u.event.type == type)
			return &the.records[i - 1].u.event;
	return NULL;
}

static void lie_down(void)
{
	pad("GPIO17", true);
	pass(2 * S);
	pad("GPIO27", true);
	pass(120 * S);
}

static void test_enter_legs_over_edge_exit(void **state)
{
	(void)state;
	pass(15 * S);
	assert_true(bh_line_ready(the.line));
	lie_down();
	assert_int_equal(count(BH_EVENT_BED_ENTER, BH_PHASE_INSTANT), 1);
	pad("GPIO27", false); /* legs off, hips still on the bed */
	pass(300 * S);
	assert_int_equal(bh_detect_state(bh_line_detect(the.line, 0))->legs_over_edge, BH_YES);
	assert_int_equal(count(BH_EVENT_LEGS_OVER_EDGE, BH_PHASE_OPEN), 1);
	pad("GPIO27", true);
	pass(60 * S);
	assert_int_equal(count(BH_EVENT_LEGS_OVER_EDGE, BH_PHASE_CLOSE), 1);
	assert_true(last(BH_EVENT_LEGS_OVER_EDGE)->end_ns - last(BH_EVENT_LEGS_OVER_EDGE)->start_ns >
		    290 * S);
	assert_string_equal(the.log, "bed/mat=none bed/left-leg=none ");
}

static void test_unplugged_chip_is_a_fault_and_heals(void **state)
{
	(void)state;
	pass(15 * S);
	lie_down();
	bh_fake_gpio_unplug(&the.gpio, CHIP);
	pass(60 * S);
	assert_string_equal(the.log, "bed/mat=none bed/left-leg=none bed/mat=gone ");
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, BH_PHASE_OPEN), 1);
	assert_int_equal(last(BH_EVENT_SENSOR_FAULT)->value, BH_FAULT_GONE);
	/* Not an empty bed: nobody is said to have left. */
	assert_int_equal(count(BH_EVENT_BED_EXIT, BH_PHASE_OPEN), 0);
	assert_int_equal(bh_detect_state(bh_line_detect(the.line, 0))->occupied, BH_UNKNOWN);
	bh_fake_gpio_plug(&the.gpio);
	pass(15 * S); /* longer than the longest back-off */
	assert_string_equal(the.log, "bed/mat=none bed/left-leg=none bed/mat=gone bed/mat=none ");
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, BH_PHASE_CLOSE), 1);
	pass(60 * S);
	assert_int_equal(bh_detect_state(bh_line_detect(the.line, 0))->occupied, BH_YES);
}

static void test_one_bad_answer_is_no_fault_three_are(void **state)
{
	(void)state;
	pass(15 * S);
	the.thermometer->error = -EIO;
	pass(45 * S); /* one or two readings fail */
	the.thermometer->error = 0;
	pass(60 * S);
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, BH_PHASE_OPEN), 0);
	the.thermometer->error = -EIO;
	pass(120 * S);
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, BH_PHASE_OPEN), 1);
	assert_int_equal(last(BH_EVENT_SENSOR_FAULT)->value, BH_FAULT_BUS);
	the.thermometer->error = 0;
	the.thermometer->mdegc = 31500;
	pass(60 * S);
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, BH_PHASE_CLOSE), 1);
	assert_string_equal(the.log,
			    "bed/mat=none bed/left-leg=none bed/left-leg=bus bed/left-leg=none ");
}

static void test_an_empty_bed_is_left_alone(void **state)
{
	(void)state;
	pass(600 * S);
	the.n_steps = 0;
	pass(3600 * S);
	/* Every ten seconds, and once each thirty for the thermometer. */
	assert_true(the.n_steps <= 3600 / 10 + 3600 / 30 + 2);
}

static void change_behind_the_back(struct bh_fake_gpio *gpio)
{
	static bool high;

	high = !high;
	bh_fake_gpio_set(gpio, "GPIO27", the.now_ns, high);
}

/* Every look at the levels comes too late: the pads ask to be read again at once, and again. */
static void test_pads_that_never_rest_do_not_spin_the_loop(void **state)
{
	(void)state;
	pass(15 * S);
	lie_down();
	the.gpio.before_levels = change_behind_the_back;
	pad("GPIO27", false);
	the.n_steps = 0;
	pass(2 * S); /* asserts that each step wants to be called later than now */
	assert_true(the.n_steps <= 2000);
	the.gpio.before_levels = NULL;
	pad("GPIO27", true);
	pass(60 * S);
	assert_int_equal(bh_detect_state(bh_line_detect(the.line, 0))->occupied, BH_YES);
}

static void test_missing_device_is_tried_again_ever_more_rarely(void **state)
{
	(void)state;
	bh_fake_gpio_unplug(&the.gpio, CHIP);
	pass(1 * S);
	assert_false(bh_line_ready(the.line));
	the.n_steps = 0;
	pass(600 * S);
	/* Every ten seconds, once each thirty for the thermometer, each second just after the fault. */
	assert_true(the.n_steps <= 600 / 10 + 600 / 30 + 25);
	bh_fake_gpio_plug(&the.gpio);
	pass(15 * S);
	assert_true(bh_line_ready(the.line));
}

static void test_bad_configurations(void **state)
{
	static const struct {
		const char *yaml;
		const char *says;
	} bad[] = {
		{ "beds:\n  - id: bed\n    mat: { driver: contcat, zones: [] }\n", "unknown driver 'contcat'" },
		{ "beds:\n  - id: bed\n    mat: { driver: hwmon, chip: lm75-i2c-1-48 }\n", "is no mat" },
		{ "beds:\n  - id: a\n    source: { driver: simulate }\n"
		  "  - id: b\n    mat: { driver: contact, zones: [ { name: z, line: GPIO1, at: trunk } ] }\n",
		  "not both" },
		{ "beds:\n  - id: a\n    mat: { driver: simulate }\n"
		  "    thermometers: [ { leg: left, driver: simulate } ]\n",
		  "one recording or simulation at a time" },
		{ "beds:\n  - id: a\n    source: { driver: simulate, seed: 8, confounders: clock-step }\n"
		  "  - id: b\n    source: { driver: simulate, seed: 8 }\n",
		  "their clocks set together" },
	};
	struct bh_sink sink = { .put = put };
	struct bh_bus bus = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bh_config *config;
		struct bh_line *line = NULL;
		struct bh_error err = { 0 };

		assert_int_equal(bh_config_parse("b.yaml", bad[i].yaml, strlen(bad[i].yaml), &config, &err), 0);
		assert_int_equal(bh_line_new(config, &bus, &sink, NULL, &line, &err), -EINVAL);
		assert_null(line);
		assert_non_null(strstr(err.text, bad[i].says));
		assert_string_equal(err.place, "b.yaml");
		assert_true(err.line >= 3);
		bh_config_free(config);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_enter_legs_over_edge_exit, begin, end),
		cmocka_unit_test_setup_teardown(test_unplugged_chip_is_a_fault_and_heals, begin, end),
		cmocka_unit_test_setup_teardown(test_one_bad_answer_is_no_fault_three_are, begin, end),
		cmocka_unit_test_setup_teardown(test_an_empty_bed_is_left_alone, begin, end),
		cmocka_unit_test_setup_teardown(test_pads_that_never_rest_do_not_spin_the_loop, begin, end),
		cmocka_unit_test_setup_teardown(test_missing_device_is_tried_again_ever_more_rarely, begin, end),
		cmocka_unit_test(test_bad_configurations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
