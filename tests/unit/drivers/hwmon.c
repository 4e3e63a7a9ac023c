/* SPDX-License-Identifier: MIT */
/* Thermometers that read well, read nonsense, or go. */
#include "tests/fakes/bench.h"
#include "tests/fakes/fake_hwmon.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S BH_NS_PER_S

static struct {
	struct bh_bench bench;
	struct bh_fake_hwmon hwmon;
	struct bh_fake_hwmon_input *leg;
} the;

static void begin(const char *yaml)
{
	if (bh_bench_begin(&the.bench, "hwmon", yaml) < 0)
		fail_msg("%s", the.bench.text);
	bh_fake_hwmon_init(&the.hwmon, &the.bench.bus);
	the.leg = bh_fake_hwmon_add(&the.hwmon, "lm75-i2c-1-48", "temp1", 31250);
}

static void begin_open(void)
{
	begin("chip: lm75-i2c-1-48\n");
	assert_int_equal(bh_bench_open(&the.bench), 0);
}

static const struct bh_temperature *reading(int32_t mdegc)
{
	static int64_t now_ns;

	now_ns += 30 * S;
	the.leg->mdegc = mdegc;
	assert_int_equal(bh_bench_read(&the.bench, now_ns), 1);
	assert_int_equal(the.bench.frame.mono_ns, now_ns);
	assert_int_equal(the.bench.frame.temp[BH_TEMP_LEFT].mono_ns, now_ns);
	return &the.bench.frame.temp[BH_TEMP_LEFT];
}

static void check_good(int32_t mdegc)
{
	const struct bh_temperature *temp = reading(mdegc);

	assert_int_equal(temp->fault, BH_FAULT_NONE);
	assert_int_equal(temp->mdegc, mdegc);
}

static void check_fault(int32_t mdegc, enum bh_fault fault)
{
	const struct bh_temperature *temp = reading(mdegc);

	assert_int_equal(temp->fault, fault);
	assert_int_equal(temp->mdegc, BH_TEMP_UNKNOWN);
}

static void test_reading(void **state)
{
	(void)state;
	begin_open();
	assert_int_equal(the.bench.driver->fd(the.bench.state), -ENOTSUP);
	assert_int_equal(the.bench.setup.period_ns, 30 * S);
	assert_int_equal(the.bench.setup.silent_ns, 90 * S);
	assert_int_equal(the.bench.setup.capabilities, BH_CAN_TEMP_LEFT);
	check_good(31250);
	assert_int_equal(the.bench.frame.temp[BH_TEMP_LEFT].sensor, BH_BENCH_SENSOR);
	assert_int_equal(the.bench.frame.changed, BH_PART_TEMPERATURE);
	/* Its own slot only. */
	assert_int_equal(the.bench.frame.temp[BH_TEMP_RIGHT].fault, BH_FAULT_NO_DATA);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NO_DATA);
	check_good(-54900);
	check_good(124900);
	bh_bench_end(&the.bench);
}

static void test_impossible_readings_are_faults(void **state)
{
	(void)state;
	begin_open();
	check_fault(-55100, BH_FAULT_OUT_OF_RANGE);
	check_fault(125100, BH_FAULT_OUT_OF_RANGE);
	/* The top code of 9, 12 and 16 bits. */
	check_fault(127500, BH_FAULT_SATURATED);
	check_fault(127937, BH_FAULT_SATURATED);
	check_fault(127996, BH_FAULT_SATURATED);
	check_good(31250);
	bh_bench_end(&the.bench);
}

static void test_power_on_value_is_no_reading(void **state)
{
	(void)state;
	begin_open();
	check_fault(85000, BH_FAULT_JUNK);
	check_good(31250);
	check_fault(85000, BH_FAULT_JUNK);
	check_good(31300);
	/* Something really that hot passes by it step by step. */
	check_good(84900);
	check_good(85000);
	/* After the sensor was plugged in again nothing is known of before. */
	the.bench.driver->close(the.bench.state);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	check_fault(85000, BH_FAULT_JUNK);
	bh_bench_end(&the.bench);
}

static void test_all_zeros_and_all_ones_are_no_reading(void **state)
{
	(void)state;
	begin_open();
	check_good(31250);
	check_fault(0, BH_FAULT_JUNK);
	check_fault(-62, BH_FAULT_JUNK);
	check_fault(-500, BH_FAULT_JUNK);
	/* An open window in winter: zero is come to in steps. */
	check_good(4000);
	check_good(0);
	check_good(-62);
	bh_bench_end(&the.bench);
}

static void test_errors_are_told_and_heal(void **state)
{
	(void)state;
	begin_open();
	check_good(31250);
	the.leg->error = -EIO;
	assert_int_equal(bh_bench_read(&the.bench, 1000 * S), -EIO);
	assert_int_equal(the.bench.frame.changed, 0);
	the.leg->error = -EREMOTEIO;
	check_fault(31250, BH_FAULT_GONE);
	the.leg->error = 0;
	check_good(31300);
	bh_bench_end(&the.bench);
}

static void test_unplugged_chip_comes_back(void **state)
{
	(void)state;
	begin_open();
	the.leg->removed = true;
	assert_int_equal(bh_bench_read(&the.bench, 1000 * S), -ENODEV);
	the.bench.driver->close(the.bench.state);
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	assert_string_equal(the.bench.text, "there is no temp1 of chip 'lm75-i2c-1-48'; `sensors` "
					    "lists what there is");
	the.leg->removed = false;
	assert_int_equal(bh_bench_open(&the.bench), 0);
	check_good(30000);
	bh_bench_end(&the.bench);
}

static void test_wild_card_must_mean_one_chip(void **state)
{
	(void)state;
	begin("chip: lm75-i2c-*-48\nperiod: 5s\n");
	assert_int_equal(the.bench.setup.period_ns, 5 * S);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	check_good(31000);
	bh_fake_hwmon_add(&the.hwmon, "lm75-i2c-3-48", "temp1", 25000);
	/* Which leg would it be? */
	assert_int_equal(bh_bench_open(&the.bench), -ENOTUNIQ);
	assert_string_equal(the.bench.text,
			    "more than one chip matches 'lm75-i2c-*-48': name one of "
			    "them as `sensors` prints it");
	bh_bench_end(&the.bench);
}

static void test_slot_of_the_configuration(void **state)
{
	(void)state;
	begin("chip: lm75-i2c-1-48\n");
	the.bench.config.slot = BH_TEMP_ROOM;
	assert_int_equal(the.bench.driver->configure(the.bench.state, &the.bench.config, 1,
						     &the.bench.setup, &the.bench.err),
			 0);
	assert_int_equal(the.bench.setup.capabilities, BH_CAN_TEMP_ROOM);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_int_equal(bh_bench_read(&the.bench, 1 * S), 1);
	assert_int_equal(the.bench.frame.temp[BH_TEMP_ROOM].mdegc, 31250);
	assert_int_equal(the.bench.frame.temp[BH_TEMP_ROOM].sensor, 1);
	bh_bench_end(&the.bench);
}

static void test_mistakes_are_refused_with_place_and_remedy(void **state)
{
	static const struct {
		const char *yaml;
		const char *text;
	} mistakes[] = {
		{ "feature: temp1\n",
		  "1:1: this thermometer has no 'chip': name it as `sensors` prints it, such as "
		  "lm75-i2c-1-48" },
		{ "chip: c\nfeature: fan1\n",
		  "2:10: 'feature' must be a temperature input: temp1, temp2 and so on" },
		{ "chip: c\nfeature: temp1_input\n",
		  "2:10: 'feature' must be a temperature input: temp1, temp2 and so on" },
		{ "chip: c\nperiod: 100ms\n",
		  "2:9: 'period' must be between 1s and 10min, not 100ms" },
		{ "chip: c\nadress: 0x48\n",
		  "2:1: unknown key 'adress': known here are chip, feature or period" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char text[sizeof(the.bench.text)];

		snprintf(text, sizeof(text), "bedside.yaml:%s", mistakes[i].text);
		assert_int_equal(bh_bench_begin(&the.bench, "hwmon", mistakes[i].yaml), -EINVAL);
		assert_string_equal(the.bench.text, text);
		bh_bench_end(&the.bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_impossible_readings_are_faults),
		cmocka_unit_test(test_power_on_value_is_no_reading),
		cmocka_unit_test(test_all_zeros_and_all_ones_are_no_reading),
		cmocka_unit_test(test_errors_are_told_and_heal),
		cmocka_unit_test(test_unplugged_chip_comes_back),
		cmocka_unit_test(test_wild_card_must_mean_one_chip),
		cmocka_unit_test(test_slot_of_the_configuration),
		cmocka_unit_test(test_mistakes_are_refused_with_place_and_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
