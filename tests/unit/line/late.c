/* SPDX-License-Identifier: MIT */
/* A hub that gets no processor for a while: what it did not hear is nobody's silence. */
#include "hub/line/line.h"
#include "tests/fakes/fake_i2c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define RECORDS_MAX 4096

static const char bed_yaml[] =
	"beds:\n"
	"  - id: bed\n"
	"    mat:\n"
	"      driver: ads1115\n"
	"      period: 100ms\n"
	"      zones:\n"
	"        - { name: hips, at: trunk, address: 0x48, input: 0, empty: 200, full: 2200 }\n"
	"        - { name: legs, at: legs, address: 0x48, input: 1, empty: 200, full: 2200 }\n";

static struct {
	struct bh_config *config;
	struct bh_line *line;
	struct bh_bus bus;
	struct bh_fake_i2c i2c;
	struct bh_fake_ads1115 *chip;
	int64_t now_ns;
	size_t n_records;
	struct bh_record records[RECORDS_MAX];
} the;

static void put(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	assert_true(the.n_records < RECORDS_MAX);
	the.records[the.n_records++] = *record;
}

static int begin(void **state)
{
	struct bh_sink sink = { .put = put };
	struct bh_error err;
	char text[1024];

	(void)state;
	memset(&the, 0, sizeof(the));
	bh_fake_i2c_init(&the.i2c, &the.bus);
	the.chip = bh_fake_i2c_add(&the.i2c, 0x48);
	the.chip->input_uv[0] = 200000;
	the.chip->input_uv[1] = 200000;
	if (bh_config_parse("bed.yaml", bed_yaml, strlen(bed_yaml), &the.config, &err) < 0 ||
	    bh_line_new(the.config, &the.bus, &sink, NULL, &the.line, &err) < 0) {
		bh_error_print(&err, text, sizeof(text));
		fail_msg("%s", text);
	}
	the.now_ns = the.i2c.now_ns = 1000 * S;
	bh_line_start(the.line, the.now_ns);
	return 0;
}

static int end(void **state)
{
	(void)state;
	bh_line_free(the.line);
	bh_config_free(the.config);
	return 0;
}

/* As the sensing loop: wake when the line asks for it. */
static void pass(int64_t span_ns)
{
	int64_t until_ns = the.now_ns + span_ns;

	while (the.now_ns < until_ns) {
		int64_t next_ns = bh_line_step(the.line, the.now_ns);

		the.now_ns = next_ns < until_ns ? next_ns : until_ns;
		the.i2c.now_ns = the.now_ns;
	}
}

/* Somebody else has the processor. */
static void sleep_through(int64_t span_ns)
{
	the.now_ns += span_ns;
	the.i2c.now_ns = the.now_ns;
}

static void lie_down(void)
{
	the.chip->input_uv[0] = 1200000;
	the.chip->input_uv[1] = 900000;
}

static unsigned int count(enum bh_event_type type, const struct bh_event **ret)
{
	unsigned int n = 0;

	for (size_t i = 0; i < the.n_records; i++) {
		const struct bh_event *event = &the.records[i].u.event;

		if (the.records[i].kind != BH_RECORD_EVENT || event->type != type)
			continue;
		n += event->phase != BH_PHASE_CLOSE;
		if (ret)
			*ret = event;
	}
	return n;
}

static const struct bh_state *bed(void)
{
	return bh_detect_state(bh_line_detect(the.line, 0));
}

static void test_lateness_is_no_silence(void **state)
{
	const struct bh_event *gap = NULL;

	(void)state;
	pass(60 * S);
	lie_down();
	pass(60 * S);
	assert_int_equal(bed()->occupied, BH_YES);
	sleep_through(45 * S);
	pass(60 * S);
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, NULL), 0);
	assert_int_equal(bed()->faults, 0);
	assert_int_equal(bed()->occupied, BH_YES);
	assert_int_equal(count(BH_EVENT_BED_EXIT, NULL), 0);
	/* And the history says that it does not know. */
	assert_int_equal(count(BH_EVENT_DATA_GAP, &gap), 1);
	assert_in_range(gap->start_ns, 1119 * S, 1121 * S);
	assert_in_range(gap->end_ns, 1164 * S, 1166 * S);
}

/* A processor that is short for minutes: each turn comes seconds late, and each brings a reading. */
static void test_a_starved_hub_has_no_silent_mat(void **state)
{
	(void)state;
	pass(60 * S);
	lie_down();
	pass(60 * S);
	for (int i = 0; i < 60; i++) {
		sleep_through(8 * S);
		pass(S / 2);
	}
	pass(60 * S);
	assert_int_equal(count(BH_EVENT_SENSOR_FAULT, NULL), 0);
	assert_int_equal(bed()->occupied, BH_YES);
}

static void test_a_mat_that_is_gone_is_told_after_lateness(void **state)
{
	(void)state;
	pass(60 * S);
	sleep_through(45 * S);
	the.chip->removed = true;
	pass(60 * S);
	assert_true(count(BH_EVENT_SENSOR_FAULT, NULL) > 0);
	assert_int_equal(bed()->faults, 1);
	assert_int_equal(bed()->occupied, BH_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lateness_is_no_silence, begin, end),
		cmocka_unit_test_setup_teardown(test_a_starved_hub_has_no_silent_mat, begin, end),
		cmocka_unit_test_setup_teardown(test_a_mat_that_is_gone_is_told_after_lateness,
						begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
