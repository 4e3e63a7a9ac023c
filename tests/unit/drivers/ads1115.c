/* SPDX-License-Identifier: MIT */
/* Pressure strips, on converters that are slow, reset, saturated, or not there. */
#include "drivers/ads1115.h"
#include "tests/fakes/bench.h"
#include "tests/fakes/fake_i2c.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MS BH_NS_PER_MS
#define S BH_NS_PER_S

/* Two strips on the first chip, one on the second; the third sinks as it is loaded. */
#define MAT                                                                                        \
	"zones:\n"                                                                                 \
	"  - { name: left, address: 0x48, input: 0, at: trunk, x: 250, empty: 200, full: 2200 }\n" \
	"  - { name: right, address: 0x48, input: 3, at: trunk, x: 750, empty: 200, full: 2200 "   \
	"}\n"                                                                                      \
	"  - { name: legs, address: 0x4a, input: 1, at: legs, empty: 3000, full: 1000 }\n"

static struct {
	struct bh_bench bench;
	struct bh_fake_i2c i2c;
	struct bh_fake_ads1115 *first;
	struct bh_fake_ads1115 *second;
} the;

static void begin(const char *yaml)
{
	if (bh_bench_begin(&the.bench, "ads1115", yaml) < 0)
		fail_msg("%s", the.bench.text);
	bh_fake_i2c_init(&the.i2c, &the.bench.bus);
	the.i2c.now_ns = 1 * S;
	the.first = bh_fake_i2c_add(&the.i2c, 0x48);
	the.second = bh_fake_i2c_add(&the.i2c, 0x4a);
	the.first->input_uv[0] = 700000;   /* a quarter of its span */
	the.first->input_uv[3] = 2200000;  /* full */
	the.second->input_uv[1] = 2000000; /* half */
}

static void begin_open(const char *yaml)
{
	begin(yaml);
	if (bh_bench_open(&the.bench) < 0)
		fail_msg("%s", the.bench.text);
}

static void end(void)
{
	bh_bench_end(&the.bench);
	assert_int_equal(the.i2c.n_open, 0);
}

/* As the hub does: read when the driver is due, until it gives a frame or fails. */
static int scan(unsigned int *ret_calls)
{
	int r = 0;

	for (*ret_calls = 0; r == 0 && *ret_calls < 100; (*ret_calls)++) {
		if (bh_bench_due(&the.bench) > the.i2c.now_ns)
			the.i2c.now_ns = bh_bench_due(&the.bench);
		r = bh_bench_read(&the.bench, the.i2c.now_ns);
	}
	return r;
}

static int frame(void)
{
	unsigned int calls;

	return scan(&calls);
}

static void test_loads_in_permille_of_each_span(void **state)
{
	(void)state;
	begin_open(MAT);
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.n_zones, 3);
	assert_in_range(the.bench.frame.load[0], 249, 250);
	assert_in_range(the.bench.frame.load[1], 999, 1000);
	assert_in_range(the.bench.frame.load[2], 499, 501);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NONE);
	assert_int_equal(the.bench.frame.mat_sensor, BH_BENCH_SENSOR);
	assert_int_equal(the.bench.frame.changed, BH_PART_MAT);
	assert_int_equal(the.bench.frame.mono_ns, the.i2c.now_ns);
	assert_int_equal(the.bench.mat.kind, BH_MAT_STRIPS);
	assert_true(the.bench.setup.capabilities & BH_CAN_LOAD);
	assert_true(the.bench.setup.capabilities & BH_CAN_SIDE);
	end();
}

static void test_every_gain_and_rate_reads_the_same_load(void **state)
{
	static const int gains[] = { 6144, 4096, 2048, 1024, 512, 256 };
	static const int rates[] = { 8, 16, 32, 64, 128, 250, 475, 860 };
	char yaml[256];

	(void)state;
	for (size_t g = 0; g < 6; g++) {
		for (size_t i = 0; i < 8; i++) {
			snprintf(yaml, sizeof(yaml),
				 "gain: %d\nrate: %d\nperiod: 1s\nzones: [ { name: a, at: trunk, "
				 "address: 0x48, input: 2, empty: 50, full: 250 } ]\n",
				 gains[g], rates[i]);
			begin_open(yaml);
			the.first->input_uv[2] = 150000;
			assert_int_equal(frame(), 1);
			assert_in_range(the.bench.frame.load[0], 498, 500);
			/* The conversion took what its rate takes, ten percent of slowness included. */
			assert_in_range(the.i2c.now_ns - 1 * S, S / rates[i],
					S / rates[i] * 112 / 100 + 30000);
			end();
		}
	}
}

static void test_scans_keep_to_their_period(void **state)
{
	int64_t first_ns;

	(void)state;
	begin_open("period: 50ms\n" MAT);
	assert_int_equal(frame(), 1);
	first_ns = the.i2c.now_ns;
	for (int i = 1; i <= 20; i++) {
		assert_int_equal(frame(), 1);
		assert_int_equal(the.i2c.now_ns, first_ns + i * 50 * MS);
	}
	/* Held up for a second: the missed scans are not made up for. */
	the.i2c.now_ns += 1 * S;
	assert_int_equal(frame(), 1);
	assert_true(bh_bench_due(&the.bench) > the.i2c.now_ns);
	assert_int_equal(the.bench.setup.period_ns, 50 * MS);
	end();
}

static void test_chips_convert_at_the_same_time_and_nothing_waits(void **state)
{
	static const char sixteen[] =
		"zones:\n"
		"  - { name: a0, at: head, address: 0x48, input: 0, empty: 0, full: 3000 }\n"
		"  - { name: a1, at: head, address: 0x48, input: 1, empty: 0, full: 3000 }\n"
		"  - { name: a2, at: head, address: 0x48, input: 2, empty: 0, full: 3000 }\n"
		"  - { name: a3, at: head, address: 0x48, input: 3, empty: 0, full: 3000 }\n"
		"  - { name: b0, at: trunk, address: 0x4a, input: 0, empty: 0, full: 3000 }\n"
		"  - { name: b1, at: trunk, address: 0x4a, input: 1, empty: 0, full: 3000 }\n"
		"  - { name: b2, at: trunk, address: 0x4a, input: 2, empty: 0, full: 3000 }\n"
		"  - { name: b3, at: trunk, address: 0x4a, input: 3, empty: 0, full: 3000 }\n"
		"  - { name: c0, at: legs, address: 0x49, input: 0, empty: 0, full: 3000 }\n"
		"  - { name: c1, at: legs, address: 0x49, input: 1, empty: 0, full: 3000 }\n"
		"  - { name: c2, at: legs, address: 0x49, input: 2, empty: 0, full: 3000 }\n"
		"  - { name: c3, at: legs, address: 0x49, input: 3, empty: 0, full: 3000 }\n"
		"  - { name: d0, at: edge_left, address: 0x4b, input: 0, empty: 0, full: 3000 }\n"
		"  - { name: d1, at: edge_left, address: 0x4b, input: 1, empty: 0, full: 3000 }\n"
		"  - { name: d2, at: edge_right, address: 0x4b, input: 2, empty: 0, full: 3000 }\n"
		"  - { name: d3, at: edge_right, address: 0x4b, input: 3, empty: 0, full: 3000 }\n";
	unsigned int calls, before;

	(void)state;
	begin(sixteen);
	bh_fake_i2c_add(&the.i2c, 0x49);
	bh_fake_i2c_add(&the.i2c, 0x4b);
	for (int chip = 0; chip < 4; chip++)
		for (int input = 0; input < 4; input++)
			the.i2c.chips[chip].input_uv[input] = (chip * 4 + input + 1) * 150000;
	assert_int_equal(bh_bench_open(&the.bench), 0);
	before = the.i2c.n_transfers;
	assert_int_equal(scan(&calls), 1);
	/* Four rounds of conversions, not sixteen; and each call is short: its transfers, no more. */
	assert_int_equal(calls, 5);
	assert_int_equal(the.i2c.n_transfers - before, 16 * 3);
	assert_in_range(the.i2c.now_ns - 1 * S, 4 * S / 860, 4 * S / 860 * 115 / 100);
	/* Chips were added in the order 48, 4a, 49, 4b: each zone has its own input. */
	for (int i = 0; i < 16; i++)
		assert_in_range(the.bench.frame.load[i], (i + 1) * 50 - 1, (i + 1) * 50);
	end();
}

static void test_slow_chip_is_waited_for_and_stopped_chip_is_not(void **state)
{
	unsigned int calls;

	(void)state;
	begin_open(MAT);
	the.i2c.slow_percent = 40;
	assert_int_equal(frame(), 1);
	assert_in_range(the.bench.frame.load[0], 249, 250);
	the.second->stopped = true;
	assert_int_equal(scan(&calls), -ETIMEDOUT);
	assert_true(calls < 10);
	the.second->stopped = false;
	assert_int_equal(frame(), 1);
	end();
}

static void test_call_before_its_time_does_nothing(void **state)
{
	unsigned int before;

	(void)state;
	begin_open(MAT);
	assert_int_equal(bh_bench_read(&the.bench, the.i2c.now_ns), 0);
	before = the.i2c.n_transfers;
	for (int i = 0; i < 100; i++)
		assert_int_equal(bh_bench_read(&the.bench, the.i2c.now_ns + i), 0);
	assert_int_equal(the.i2c.n_transfers, before);
	end();
}

static void test_no_answer_is_told_and_heals(void **state)
{
	static const int errors[] = { ENXIO, EREMOTEIO, ETIMEDOUT, EIO };

	(void)state;
	begin_open(MAT);
	assert_int_equal(frame(), 1);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		the.second->error = errors[i];
		assert_int_equal(frame(), -errors[i]);
		/* No busy loop on a dead bus: the next try waits for its turn. */
		assert_true(bh_bench_due(&the.bench) >= the.i2c.now_ns + 90 * MS);
	}
	the.second->error = 0;
	assert_int_equal(frame(), 1);
	the.first->fail_next = 1;
	assert_int_equal(frame(), -EREMOTEIO);
	assert_int_equal(frame(), 1);
	assert_in_range(the.bench.frame.load[2], 499, 501);
	end();
}

static void test_chip_that_was_reset_gives_no_reading(void **state)
{
	(void)state;
	begin_open(MAT);
	assert_int_equal(bh_bench_read(&the.bench, the.i2c.now_ns), 0);
	/* A loose supply wire, between the start of the conversion and its collection. */
	bh_fake_ads1115_reset(the.first);
	assert_int_equal(frame(), -EIO);
	assert_int_equal(frame(), 1);
	the.second->corrupt = true;
	assert_int_equal(frame(), -EIO);
	the.second->corrupt = false;
	assert_int_equal(frame(), 1);
	end();
}

static void test_saturated_input_is_a_fault_not_a_load(void **state)
{
	(void)state;
	begin_open("gain: 2048\nzones: [ { name: a, at: trunk, address: 0x48, input: 0, "
		   "empty: 0, full: 2000 } ]\n");
	the.first->input_uv[0] = 2047000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NONE);
	the.first->input_uv[0] = 3300000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_SATURATED);
	the.first->input_uv[0] = -3300000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_SATURATED);
	the.first->input_uv[0] = 1000000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NONE);
	end();
}

static void test_loads_a_little_outside_the_span(void **state)
{
	(void)state;
	begin_open(MAT);
	/* 100 mV below empty: it crept. 2600 mV: a heavier sleeper than at calibration. */
	the.first->input_uv[0] = 100000;
	the.first->input_uv[3] = 2600000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NONE);
	assert_int_equal(the.bench.frame.load[0], 0);
	assert_in_range(the.bench.frame.load[1], 1199, 1200);
	/* Half a span above full, or a fifth below empty: wiring, not load. */
	the.first->input_uv[3] = 3300000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_OUT_OF_RANGE);
	the.first->input_uv[3] = 300000;
	the.second->input_uv[1] = 3500000;
	assert_int_equal(frame(), 1);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_OUT_OF_RANGE);
	end();
}

static void test_open_says_which_chip_and_what_to_do(void **state)
{
	(void)state;
	begin("bus: 7\n" MAT);
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	assert_string_equal(the.bench.text,
			    "there is no I2C bus 7: switch it on (dtparam=i2c_arm=on)");
	end();
	begin(MAT);
	the.second->removed = true;
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	assert_string_equal(the.bench.text,
			    "no chip answers at 0x4a of I2C bus 1: check its wiring "
			    "and ADDR pin");
	assert_int_equal(the.i2c.n_open, 0);
	the.second->removed = false;
	the.second->busy_holder = EBUSY;
	assert_int_equal(bh_bench_open(&the.bench), -EBUSY);
	assert_string_equal(the.bench.text,
			    "a kernel driver has the chip at 0x4a of I2C bus 1: unbind it");
	assert_int_equal(the.i2c.n_open, 0);
	the.second->busy_holder = 0;
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_int_equal(frame(), 1);
	end();
}

static void test_unplugged_chip_comes_back(void **state)
{
	(void)state;
	begin_open(MAT);
	assert_int_equal(frame(), 1);
	the.first->removed = true;
	assert_int_equal(frame(), -ENXIO);
	the.bench.driver->close(the.bench.state);
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	the.first->removed = false;
	bh_fake_ads1115_reset(the.first);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_int_equal(frame(), 1);
	assert_in_range(the.bench.frame.load[0], 249, 250);
	end();
}

#define ZONE(rest) "zones:\n  - { name: a, at: trunk, " rest " }\n"

static void test_mistakes_are_refused_with_place_and_remedy(void **state)
{
	static const struct {
		const char *yaml;
		const char *text;
	} mistakes[] = {
		{ "period: 100ms\n",
		  "1:1: this mat has no 'zones': add a list with one line a zone" },
		{ "gain: 4000\n" ZONE("input: 0"),
		  "1:7: 'gain' must be 6144, 4096, 2048, 1024, 512 or 256, not '4000'" },
		{ "rate: 100\n" ZONE("input: 0"),
		  "1:7: 'rate' must be 8, 16, 32, 64, 128, 250, 475 or 860, not '100'" },
		{ "period: 1ms\n" ZONE("input: 0"),
		  "1:9: 'period' must be between 10ms and 10s, not 1ms" },
		{ "bus: i2c-1\n" ZONE("input: 0"),
		  "1:6: 'bus' must be a whole number, not 'i2c-1'" },
		{ ZONE("input: 0, empty: 0, full: 100"),
		  "2:5: this zone has no 'address': give the chip's, from 0x48 to 0x4b" },
		{ ZONE("address: 0x4c, input: 0, empty: 0, full: 100"),
		  "2:36: 'address' of an ADS1115 is 0x48, 0x49, 0x4a or 0x4b, as its ADDR pin is "
		  "wired" },
		{ ZONE("address: 0x48, empty: 0, full: 100"),
		  "2:5: this zone has no 'input': give a number from 0 to 3" },
		{ ZONE("address: 0x48, input: 4, empty: 0, full: 100"),
		  "2:49: 'input' must be between 0 and 3, not 4" },
		{ ZONE("address: 0x48, input: 0, full: 100"),
		  "2:5: this zone has no 'empty': measure the strip with nothing on it, in mV" },
		{ ZONE("address: 0x48, input: 0, empty: 0"),
		  "2:5: this zone has no 'full': measure the strip fully loaded, in mV" },
		{ ZONE("address: 0x48, input: 0, empty: 0, full: 5000"),
		  "2:68: 'full' must be between 0 and 4096, not 5000" },
		{ ZONE("address: 0x48, input: 0, empty: 90, full: 90"),
		  "2:69: 'empty' and 'full' are both 90 mV: measure the strip unloaded and "
		  "loaded" },
		{ ZONE("address: 0x48, input: 0, empty: 0, full: 90") "  - { name: b, at: legs, "
								      "address: 0x48, input: 0, "
								      "empty: 0, full: 90 }\n",
		  "3:48: zone 'a' has this input already: one strip an input" },
		{ ZONE("adress: 0x48, input: 0, empty: 0, full: 90"),
		  "2:27: unknown key 'adress': did you mean 'address'?" },
		{ "rate: 8\n" ZONE("address: 0x48, input: 0, empty: 0, full: 90"),
		  "1:1: reading this mat once takes up to 139 ms, longer than 'period': raise it, "
		  "or 'rate'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char text[sizeof(the.bench.text)];

		snprintf(text, sizeof(text), "bedside.yaml:%s", mistakes[i].text);
		assert_int_equal(bh_bench_begin(&the.bench, "ads1115", mistakes[i].yaml), -EINVAL);
		assert_string_equal(the.bench.text, text);
		bh_bench_end(&the.bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loads_in_permille_of_each_span),
		cmocka_unit_test(test_every_gain_and_rate_reads_the_same_load),
		cmocka_unit_test(test_scans_keep_to_their_period),
		cmocka_unit_test(test_chips_convert_at_the_same_time_and_nothing_waits),
		cmocka_unit_test(test_slow_chip_is_waited_for_and_stopped_chip_is_not),
		cmocka_unit_test(test_call_before_its_time_does_nothing),
		cmocka_unit_test(test_no_answer_is_told_and_heals),
		cmocka_unit_test(test_chip_that_was_reset_gives_no_reading),
		cmocka_unit_test(test_saturated_input_is_a_fault_not_a_load),
		cmocka_unit_test(test_loads_a_little_outside_the_span),
		cmocka_unit_test(test_open_says_which_chip_and_what_to_do),
		cmocka_unit_test(test_unplugged_chip_comes_back),
		cmocka_unit_test(test_mistakes_are_refused_with_place_and_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
