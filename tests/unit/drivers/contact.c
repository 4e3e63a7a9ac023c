/* SPDX-License-Identifier: MIT */
/* Contact pads, on lines that bounce, lose edges and are unplugged. */
#include "tests/fakes/bench.h"
#include "tests/fakes/fake_gpio.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MS BH_NS_PER_MS
#define S BH_NS_PER_S

#define CHIP "pinctrl-bcm2711"
#define EXPANDER "mcp23017"

#define MAT                                                                                        \
	"chip: " CHIP "\n"                                                                         \
	"zones:\n"                                                                                 \
	"  - { name: hips, line: GPIO17, at: trunk }\n"                                            \
	"  - { name: legs, line: 27, at: legs, x: 400, y: 800 }\n"                                 \
	"  - { name: edge, line: GPB3, chip: " EXPANDER ", at: edge_left+trunk }\n"

/* The two kernels, and a mat of three open pads on two chips that was read once at 1 s. */
struct fixture {
	struct bh_bench bench;
	struct bh_fake_gpio gpio;
};

static struct fixture the;

static void begin(enum bh_fake_gpio_abi abi, const char *yaml)
{
	if (bh_bench_begin(&the.bench, "contact", yaml) < 0)
		fail_msg("%s", the.bench.text);
	bh_fake_gpio_init(&the.gpio, abi, &the.bench.bus);
	/* Pulled up: an open pad is high, a closed one low. */
	bh_fake_gpio_add(&the.gpio, CHIP, 17, "GPIO17", true);
	bh_fake_gpio_add(&the.gpio, CHIP, 27, "GPIO27", true);
	bh_fake_gpio_add(&the.gpio, EXPANDER, 11, "GPB3", true);
}

static void end(void)
{
	bh_bench_end(&the.bench);
	bh_fake_gpio_close(&the.gpio);
}

static void begin_open(enum bh_fake_gpio_abi abi)
{
	begin(abi, MAT);
	if (bh_bench_open(&the.bench) < 0)
		fail_msg("%s", the.bench.text);
	assert_int_equal(bh_bench_read(&the.bench, 1 * S), 1);
}

static void close_pad(const char *line, int64_t mono_ns)
{
	bh_fake_gpio_set(&the.gpio, line, mono_ns, false);
}

static void open_pad(const char *line, int64_t mono_ns)
{
	bh_fake_gpio_set(&the.gpio, line, mono_ns, true);
}

#define assert_loads(hips, legs, edge)                                                             \
	do {                                                                                       \
		assert_int_equal(the.bench.frame.load[0], hips);                                   \
		assert_int_equal(the.bench.frame.load[1], legs);                                   \
		assert_int_equal(the.bench.frame.load[2], edge);                                   \
	} while (0)

/* The next frame comes when the driver says so, and bears @time_ns. */
#define assert_frame_at(time_ns)                                                                   \
	do {                                                                                       \
		assert_int_equal(bh_bench_read(&the.bench, bh_bench_due(&the.bench)), 1);          \
		assert_int_equal(the.bench.frame.mono_ns, time_ns);                                \
	} while (0)

#define assert_nothing_at(now_ns) assert_int_equal(bh_bench_read(&the.bench, now_ns), 0)

static void test_geometry(void **state)
{
	const struct bh_zone *zone = the.bench.mat.zone;

	(void)state;
	begin(BH_FAKE_GPIO_V2, MAT);
	assert_int_equal(the.bench.mat.kind, BH_MAT_CONTACT);
	assert_int_equal(the.bench.mat.n_zones, 3);
	assert_string_equal(zone[1].name, "legs");
	assert_int_equal(zone[1].x_permille, 400);
	assert_int_equal(zone[1].y_permille, 800);
	assert_int_equal(zone[2].places, BH_AT_EDGE_LEFT | BH_AT_TRUNK);
	assert_true(zone[2].x_permille < 100);
	assert_true(zone[0].y_permille < zone[1].y_permille);
	assert_int_equal(the.bench.setup.capabilities, BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT |
							       BH_CAN_EDGE | BH_CAN_LEGS |
							       BH_CAN_HANGING);
	assert_int_equal(the.bench.setup.silent_ns, 0);
	end();
}

static void test_levels_at_start_are_the_first_frame(void **state)
{
	(void)state;
	begin(BH_FAKE_GPIO_V1, MAT);
	bh_fake_gpio_set_unseen(&the.gpio, "GPIO27", false);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_true(bh_bench_due(&the.bench) <= 0);
	assert_int_equal(bh_bench_read(&the.bench, 5 * S), 1);
	assert_loads(0, BH_LOAD_FULL, 0);
	assert_int_equal(the.bench.frame.mono_ns, 5 * S);
	assert_int_equal(the.bench.frame.changed, BH_PART_MAT);
	assert_int_equal(the.bench.frame.mat_fault, BH_FAULT_NONE);
	assert_int_equal(the.bench.frame.mat_sensor, BH_BENCH_SENSOR);
	assert_nothing_at(5 * S);
	end();
}

static void test_active_high(void **state)
{
	(void)state;
	begin(BH_FAKE_GPIO_V2, "active: high\nbias: pull-down\n"
			       "zones: [ { name: hips, line: GPIO17, at: trunk } ]\n");
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_int_equal(bh_bench_read(&the.bench, 1 * S), 1);
	assert_int_equal(the.bench.frame.load[0], BH_LOAD_FULL);
	end();
}

static void check_change_bears_time_of_its_edge(enum bh_fake_gpio_abi abi)
{
	begin_open(abi);
	close_pad("GPIO17", 2 * S);
	assert_nothing_at(2 * S + 1 * MS);
	assert_int_equal(bh_bench_due(&the.bench), 2 * S + 50 * MS);
	assert_nothing_at(2 * S + 49 * MS);
	assert_frame_at(2 * S);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_int_equal(the.bench.frame.lost, 0);
	assert_nothing_at(2 * S + 60 * MS);
	end();
}

static void test_change_bears_time_of_its_edge(void **state)
{
	(void)state;
	check_change_bears_time_of_its_edge(BH_FAKE_GPIO_V1);
	check_change_bears_time_of_its_edge(BH_FAKE_GPIO_V2);
}

static void test_bouncing_is_one_change_at_its_first_edge(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	for (int i = 0; i < 5; i++) {
		close_pad("GPIO17", 2 * S + i * 4 * MS);
		open_pad("GPIO17", 2 * S + i * 4 * MS + 1 * MS);
	}
	close_pad("GPIO17", 2 * S + 20 * MS);
	assert_nothing_at(2 * S + 25 * MS);
	/* The quiet time runs from the last bounce. */
	assert_int_equal(bh_bench_due(&the.bench), 2 * S + 70 * MS);
	assert_frame_at(2 * S);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_nothing_at(3 * S);
	end();
}

static void test_spike_is_no_change(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V1);
	close_pad("GPIO17", 2 * S);
	open_pad("GPIO17", 2 * S + 2 * MS);
	assert_nothing_at(2 * S + 3 * MS);
	assert_nothing_at(bh_bench_due(&the.bench));
	assert_loads(0, 0, 0);
	end();
}

static void test_backlog_gives_every_change_in_order(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	/* The loop was held up for two seconds; the kernel kept the edges. */
	close_pad("GPIO17", 2 * S);
	close_pad("GPIO27", 2 * S + 400 * MS);
	open_pad("GPIO27", 2 * S + 900 * MS);
	open_pad("GPIO17", 3 * S);
	assert_int_equal(bh_bench_read(&the.bench, 4 * S), 1);
	assert_int_equal(the.bench.frame.mono_ns, 2 * S);
	assert_loads(BH_LOAD_FULL, 0, 0);
	/* A hub that stops here must come back by itself: the kernel has nothing more to wake it. */
	assert_true(bh_bench_due(&the.bench) <= 4 * S);
	assert_int_equal(bh_bench_read(&the.bench, 4 * S), 1);
	assert_int_equal(the.bench.frame.mono_ns, 2 * S + 400 * MS);
	assert_loads(BH_LOAD_FULL, BH_LOAD_FULL, 0);
	assert_int_equal(bh_bench_read(&the.bench, 4 * S), 1);
	assert_int_equal(the.bench.frame.mono_ns, 2 * S + 900 * MS);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_int_equal(bh_bench_read(&the.bench, 4 * S), 1);
	assert_int_equal(the.bench.frame.mono_ns, 3 * S);
	assert_loads(0, 0, 0);
	assert_nothing_at(4 * S);
	end();
}

static void test_time_never_runs_backwards(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	/* The hips begin first and bounce on; the legs settle before them. */
	close_pad("GPIO17", 2 * S);
	close_pad("GPIO27", 2 * S + 10 * MS);
	open_pad("GPIO17", 2 * S + 40 * MS);
	close_pad("GPIO17", 2 * S + 45 * MS);
	assert_nothing_at(2 * S + 50 * MS);
	assert_frame_at(2 * S + 10 * MS);
	assert_loads(0, BH_LOAD_FULL, 0);
	assert_frame_at(2 * S + 10 * MS);
	assert_loads(BH_LOAD_FULL, BH_LOAD_FULL, 0);
	end();
}

/* Five seconds of a pad that closes every 20 ms for @p closed_ms. @return Changes it made. */
static int chatter(int closed_ms)
{
	int64_t now_ns = 2 * S;
	int n_frames = 0;

	for (int i = 0; i < 250; i++, now_ns += 20 * MS) {
		close_pad("GPIO17", now_ns);
		open_pad("GPIO17", now_ns + closed_ms * MS);
		while (bh_bench_read(&the.bench, now_ns + closed_ms * MS) == 1)
			n_frames++;
	}
	return n_frames;
}

static void test_chatter_is_decided_by_the_longer_level(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	assert_int_equal(chatter(15), 1);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_int_equal(the.bench.frame.mono_ns, 2 * S);
	/* The chatter ends open, and that counts in the end. */
	assert_int_equal(bh_bench_read(&the.bench, bh_bench_due(&the.bench)), 0);
	while (bh_bench_due(&the.bench) < 10 * S)
		bh_bench_read(&the.bench, bh_bench_due(&the.bench));
	assert_loads(0, 0, 0);
	end();
	begin_open(BH_FAKE_GPIO_V2);
	assert_int_equal(chatter(5), 0);
	end();
}

/* More edges than the kernel keeps, the last of them lost. */
static void check_final_level_after_overflow(enum bh_fake_gpio_abi abi, uint32_t least_lost)
{
	begin_open(abi);
	for (int i = 0; i < 101; i++)
		bh_fake_gpio_set(&the.gpio, "GPIO17", 2 * S + i * MS / 10, i % 2 != 0);
	assert_nothing_at(2 * S + 11 * MS);
	assert_int_equal(bh_bench_read(&the.bench, bh_bench_due(&the.bench)), 1);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_true(the.bench.frame.lost >= least_lost);
	end();
}

static void test_final_level_is_right_after_overflow(void **state)
{
	(void)state;
	check_final_level_after_overflow(BH_FAKE_GPIO_V1, 1);
	/* The sequence numbers say exactly how many. */
	check_final_level_after_overflow(BH_FAKE_GPIO_V2, 101 - BH_FAKE_GPIO_BUFFER_V2);
	/* The newest were dropped, and the pad is open again: nothing has happened after all. */
	begin_open(BH_FAKE_GPIO_V1);
	for (int i = 0; i < 102; i++)
		bh_fake_gpio_set(&the.gpio, "GPIO17", 2 * S + i * MS / 10, i % 2 != 0);
	assert_nothing_at(2 * S + 11 * MS);
	assert_nothing_at(bh_bench_due(&the.bench));
	assert_loads(0, 0, 0);
	end();
}

static void test_edge_that_the_kernel_missed_is_found(void **state)
{
	int64_t due_ns;

	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	bh_fake_gpio_set_unseen(&the.gpio, "GPIO17", false);
	due_ns = bh_bench_due(&the.bench);
	assert_in_range(due_ns, 1 * S + 1, 11 * S);
	assert_nothing_at(due_ns);
	assert_int_equal(bh_bench_read(&the.bench, bh_bench_due(&the.bench)), 1);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_int_equal(the.bench.frame.lost, 1);
	end();
}

static int64_t just_now_ns;

static void opens_just_now(struct bh_fake_gpio *gpio)
{
	gpio->before_levels = NULL;
	bh_fake_gpio_set(gpio, "GPIO17", just_now_ns, true);
}

static void test_edge_between_reading_edges_and_levels_is_not_lost(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	close_pad("GPIO17", 2 * S);
	assert_nothing_at(2 * S);
	just_now_ns = 2 * S + 50 * MS;
	the.gpio.before_levels = opens_just_now;
	/* It had held for its 50 ms; the opening edge begins a burst of its own. */
	assert_int_equal(bh_bench_read(&the.bench, just_now_ns), 1);
	assert_int_equal(the.bench.frame.mono_ns, 2 * S);
	assert_loads(BH_LOAD_FULL, 0, 0);
	assert_nothing_at(just_now_ns);
	assert_frame_at(2 * S + 50 * MS);
	assert_loads(0, 0, 0);
	assert_int_equal(the.bench.frame.lost, 0);
	end();
}

static void closes_just_before(struct bh_fake_gpio *gpio)
{
	gpio->before_levels = NULL;
	bh_fake_gpio_set(gpio, "GPIO17", just_now_ns, false);
}

static void opens_just_after(struct bh_fake_gpio *gpio)
{
	gpio->after_levels = NULL;
	bh_fake_gpio_set(gpio, "GPIO17", just_now_ns + 1, true);
}

static void test_levels_that_are_old_already_are_not_believed(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	just_now_ns = bh_bench_due(&the.bench);
	the.gpio.before_levels = closes_just_before;
	the.gpio.after_levels = opens_just_after;
	assert_nothing_at(just_now_ns);
	assert_nothing_at(bh_bench_due(&the.bench));
	close_pad("GPIO17", 30 * S);
	assert_nothing_at(30 * S);
	assert_frame_at(30 * S);
	assert_int_equal(the.bench.frame.lost, 0);
	end();
}

static void test_pads_that_settle_together_come_in_order(void **state)
{
	static const char *const lines[] = { "GPIO17", "GPIO27" };

	(void)state;
	for (int first = 0; first < 2; first++) {
		begin_open(BH_FAKE_GPIO_V1);
		close_pad(lines[first], 2 * S);
		close_pad(lines[1 - first], 2 * S + 10 * MS);
		assert_int_equal(bh_bench_read(&the.bench, 3 * S), 1);
		assert_int_equal(the.bench.frame.mono_ns, 2 * S);
		assert_int_equal(the.bench.frame.load[first], BH_LOAD_FULL);
		assert_int_equal(the.bench.frame.load[1 - first], 0);
		assert_int_equal(bh_bench_read(&the.bench, 3 * S), 1);
		assert_int_equal(the.bench.frame.mono_ns, 2 * S + 10 * MS);
		assert_loads(BH_LOAD_FULL, BH_LOAD_FULL, 0);
		end();
	}
}

static void test_edges_that_were_read_in_time_are_not_called_lost(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V1);
	for (int i = 0; i < 100; i++) {
		close_pad("GPIO17", 2 * S + i * 4 * MS);
		open_pad("GPIO17", 2 * S + i * 4 * MS + 2 * MS);
		assert_nothing_at(2 * S + i * 4 * MS + 2 * MS);
	}
	close_pad("GPIO17", 3 * S);
	assert_nothing_at(3 * S);
	assert_frame_at(3 * S);
	assert_int_equal(the.bench.frame.lost, 0);
	end();
}

static void test_idle_pads_cost_few_wake_ups(void **state)
{
	int64_t now_ns = 1 * S;
	unsigned int wake_ups = 0;

	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	while (now_ns < 1 * S + 60 * BH_NS_PER_S) {
		assert_true(bh_bench_due(&the.bench) > now_ns);
		now_ns = bh_bench_due(&the.bench);
		assert_nothing_at(now_ns);
		wake_ups++;
	}
	assert_in_range(wake_ups, 1, 6);
	end();
}

static void check_unplug(enum bh_fake_gpio_abi abi, const char *chip)
{
	struct pollfd fd;

	begin_open(abi);
	close_pad("GPIO17", 2 * S);
	bh_fake_gpio_unplug(&the.gpio, chip);
	fd = (struct pollfd){ .fd = the.bench.driver->fd(the.bench.state), .events = POLLIN };
	assert_int_equal(poll(&fd, 1, 0), 1);
	assert_int_equal(bh_bench_read(&the.bench, 3 * S), -ENODEV);
	the.bench.driver->close(the.bench.state);
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);

	/* It comes back with a pad closed meanwhile: the first frame says so, nothing old does. */
	bh_fake_gpio_plug(&the.gpio);
	bh_fake_gpio_set_unseen(&the.gpio, "GPIO17", true);
	bh_fake_gpio_set_unseen(&the.gpio, "GPB3", false);
	assert_int_equal(bh_bench_open(&the.bench), 0);
	assert_int_equal(bh_bench_read(&the.bench, 9 * S), 1);
	assert_int_equal(the.bench.frame.mono_ns, 9 * S);
	assert_loads(0, 0, BH_LOAD_FULL);
	assert_int_equal(the.bench.frame.lost, 0);
	end();
}

static void test_unplugged_chip_comes_back(void **state)
{
	(void)state;
	check_unplug(BH_FAKE_GPIO_V1, CHIP);
	check_unplug(BH_FAKE_GPIO_V2, EXPANDER);
}

static void test_chip_that_goes_without_a_word_is_noticed(void **state)
{
	(void)state;
	begin_open(BH_FAKE_GPIO_V2);
	the.gpio.hung_up = true;
	assert_int_equal(bh_bench_read(&the.bench, bh_bench_due(&the.bench)), -ENODEV);
	end();
}

static void test_open_says_which_zone_and_what_to_do(void **state)
{
	(void)state;
	begin(BH_FAKE_GPIO_V2, MAT);
	bh_fake_gpio_unplug(&the.gpio, EXPANDER);
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	assert_string_equal(the.bench.text,
			    "zone 'edge': there is no GPIO line GPB3 of chip " EXPANDER
			    "; gpioinfo lists what there is");
	bh_fake_gpio_plug(&the.gpio);
	the.gpio.lines[1].busy = true;
	assert_int_equal(bh_bench_open(&the.bench), -EBUSY);
	assert_string_equal(the.bench.text,
			    "zone 'legs': GPIO line 27 of chip " CHIP
			    " is in use by another program; gpioinfo says by which");
	the.gpio.lines[1].busy = false;
	bh_fake_gpio_add(&the.gpio, EXPANDER, 12, "GPB3", true);
	assert_int_equal(bh_bench_open(&the.bench), -ENOTUNIQ);
	the.bench.bus.gpio = NULL;
	assert_int_equal(bh_bench_open(&the.bench), -ENODEV);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_geometry),
		cmocka_unit_test(test_levels_at_start_are_the_first_frame),
		cmocka_unit_test(test_active_high),
		cmocka_unit_test(test_change_bears_time_of_its_edge),
		cmocka_unit_test(test_bouncing_is_one_change_at_its_first_edge),
		cmocka_unit_test(test_spike_is_no_change),
		cmocka_unit_test(test_backlog_gives_every_change_in_order),
		cmocka_unit_test(test_time_never_runs_backwards),
		cmocka_unit_test(test_chatter_is_decided_by_the_longer_level),
		cmocka_unit_test(test_final_level_is_right_after_overflow),
		cmocka_unit_test(test_edge_that_the_kernel_missed_is_found),
		cmocka_unit_test(test_edge_between_reading_edges_and_levels_is_not_lost),
		cmocka_unit_test(test_levels_that_are_old_already_are_not_believed),
		cmocka_unit_test(test_pads_that_settle_together_come_in_order),
		cmocka_unit_test(test_edges_that_were_read_in_time_are_not_called_lost),
		cmocka_unit_test(test_idle_pads_cost_few_wake_ups),
		cmocka_unit_test(test_unplugged_chip_comes_back),
		cmocka_unit_test(test_chip_that_goes_without_a_word_is_noticed),
		cmocka_unit_test(test_open_says_which_zone_and_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
