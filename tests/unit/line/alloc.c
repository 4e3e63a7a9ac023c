/* SPDX-License-Identifier: MIT */
/*
 * No allocation after start: a night on pads and a thermometer through drivers, line, detectors and
 * into the rings, before and after a chip was unplugged. What a bus library takes when a device is
 * opened, at the start or again after an unplugging, does not count.
 */
#include "hub/core/ring.h"
#include "hub/line/line.h"
#include "tests/fakes/fake_gpio.h"
#include "tests/fakes/fake_hwmon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define CHIP "pinctrl-bcm2711"
#define EVENING_S 1000
#define UNPLUGGED_S (EVENING_S + 10000)
#define PLUGGED_S (UNPLUGGED_S + 600)
#define BACK_S (PLUGGED_S + 60)
#define MORNING_S (EVENING_S + 28800)
#define RING 256

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);

static unsigned int n_allocations;

void *__wrap_malloc(size_t size)
{
	n_allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	n_allocations++;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	n_allocations++;
	return __real_realloc(old, size);
}

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

static struct bh_bus bus;
static struct bh_fake_gpio gpio;
static struct bh_fake_hwmon hwmon;
static unsigned int n_records;

static void put(void *ctx, const struct bh_record *record)
{
	struct bh_record taken[RING];

	n_records++;
	assert_int_equal(bh_ring_put(ctx, record), 0);
	if (n_records % (RING / 2) == 0)
		bh_ring_take(ctx, taken, RING, 0);
}

static void on_sensor(void *ctx, const char *bed, const char *sensor, enum bh_fault fault,
		      const char *detail)
{
	(void)ctx;
	(void)bed;
	(void)sensor;
	(void)fault;
	(void)detail;
}

/* Of a restless night: the calves move, hang, and come back. */
static void live(struct bh_line *line, int64_t from_s, int64_t to_s)
{
	for (int64_t second = from_s; second < to_s; second++) {
		int64_t now_ns = second * S;

		if (second > EVENING_S + 60 && second % 97 < 40)
			bh_fake_gpio_set(&gpio, "GPIO27", now_ns, second % 2 == 0);
		if (second % 7200 == 3600)
			bh_fake_gpio_set(&gpio, "GPIO27", now_ns, true);
		bh_line_step(line, now_ns);
	}
}

static void test_nothing_is_allocated_after_start(void **state)
{
	struct bh_line_hooks hooks = { .sensor = on_sensor };
	struct bh_config *config;
	struct bh_line *line;
	struct bh_ring *ring;
	struct bh_error err;
	struct bh_sink sink = { .put = put };
	unsigned int before;

	(void)state;
	bh_fake_gpio_init(&gpio, BH_FAKE_GPIO_V2, &bus);
	bh_fake_gpio_add(&gpio, CHIP, 17, "GPIO17", true);
	bh_fake_gpio_add(&gpio, CHIP, 27, "GPIO27", true);
	bh_fake_hwmon_init(&hwmon, &bus);
	bh_fake_hwmon_add(&hwmon, "lm75-i2c-1-48", "temp1", 31000);
	assert_int_equal(bh_ring_new(RING, &ring), 0);
	sink.ctx = ring;
	assert_int_equal(bh_config_parse("bed.yaml", bed_yaml, strlen(bed_yaml), &config, &err), 0);
	assert_int_equal(bh_line_new(config, &bus, &sink, &hooks, &line, &err), 0);
	assert_true(n_allocations > 0); /* the counter counts */
	bh_line_start(line, EVENING_S * S);
	bh_line_step(line, EVENING_S * S);
	before = n_allocations;
	bh_fake_gpio_set(&gpio, "GPIO17", (EVENING_S + 30) * S, false);
	live(line, EVENING_S + 31, UNPLUGGED_S);
	assert_int_equal(n_allocations, before);
	bh_fake_gpio_unplug(&gpio, CHIP);
	live(line, UNPLUGGED_S, PLUGGED_S);
	bh_fake_gpio_plug(&gpio);
	live(line, PLUGGED_S, BACK_S);
	before = n_allocations;
	live(line, BACK_S, MORNING_S);
	bh_line_stop(line, MORNING_S * S, BH_END_STOPPED);
	assert_int_equal(n_allocations, before);
	assert_true(n_records > 500);
	bh_line_free(line);
	bh_config_free(config);
	bh_ring_free(ring);
	bh_fake_gpio_close(&gpio);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_allocated_after_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
