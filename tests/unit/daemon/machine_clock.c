/* SPDX-License-Identifier: MIT */
/*
 * What the daemon makes of the machine's clocks, which the test turns: a Pi that does not know the time,
 * a time server's answer, steps forth and back, a process that is preempted between two looks.
 */
#include "hub/daemon/clock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/timex.h>
#include <time.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define MS BH_NS_PER_MS
/* 22 November 2026, 22:00 UTC. */
#define EVENING_NS (INT64_C(1795384800000) * MS)
#define HOUR_MS INT64_C(3600000)

int __wrap_clock_gettime(clockid_t id, struct timespec *ret);
int __wrap_adjtimex(struct timex *timex);

static struct {
	int64_t mono_ns;
	int64_t wall_ns;
	int adjtimex;	      /* what the kernel says of its time */
	int64_t preempted_ns; /* how long the next look at the wall clock is held up */
	int looks;
} machine;

static void pass(int64_t ns)
{
	machine.mono_ns += ns;
	machine.wall_ns += ns;
}

int __wrap_clock_gettime(clockid_t id, struct timespec *ret)
{
	int64_t ns;

	if (id == CLOCK_REALTIME) {
		machine.looks++;
		pass(machine.preempted_ns);
		machine.preempted_ns = 0;
	}
	ns = id == CLOCK_REALTIME ? machine.wall_ns : machine.mono_ns;
	*ret = (struct timespec){ .tv_sec = ns / S, .tv_nsec = ns % S };
	pass(1000); /* nothing takes no time */
	return 0;
}

int __wrap_adjtimex(struct timex *timex)
{
	(void)timex;
	if (machine.adjtimex >= 0)
		return machine.adjtimex;
	errno = EPERM;
	return -1;
}

static struct bh_clock_watch watch;
static struct bh_clock told;

static void begin(bool trusted, int adjtimex)
{
	machine.mono_ns = 100 * S;
	machine.wall_ns = EVENING_NS;
	machine.adjtimex = adjtimex;
	machine.preempted_ns = 0;
	machine.looks = 0;
	bh_clock_begin(&watch, trusted, &told);
	assert_int_equal(told.change, BH_CLOCK_START);
}

/* A minute of looks. @return How often something was told; the last is in `told`. */
static int look_for_a_minute(void)
{
	int n = 0;

	for (int i = 0; i < 60; i++) {
		pass(1 * S);
		n += bh_clock_check(&watch, bh_clock_mono_ns(), &told);
	}
	return n;
}

/* The wall time that was told is that of now, to a tenth of a second. */
static void assert_told_now(void)
{
	int64_t wall_ms = bh_wall_from_mono(&told.anchor, machine.mono_ns);

	assert_true(llabs(wall_ms - machine.wall_ns / MS) <= 100);
}

static void a_clock_that_runs_is_told_once(void **state)
{
	(void)state;
	begin(false, TIME_OK);
	assert_told_now();
	assert_int_equal(look_for_a_minute(), 0);
	/* What the kernel evens out by milliseconds is not a step. */
	machine.wall_ns += 50 * MS;
	assert_int_equal(look_for_a_minute(), 0);
}

static void without_a_server_the_time_is_not_known(void **state)
{
	static const int unknown[] = { TIME_ERROR, -1 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin(false, unknown[i]);
		assert_int_equal(told.anchor.wall_ms, BH_WALL_UNKNOWN);
		assert_int_equal(look_for_a_minute(), 0);
		/* It answers, and the clock had been years behind: no step, but the first time of all. */
		machine.wall_ns += 5 * 365 * 24 * HOUR_MS * MS;
		machine.adjtimex = TIME_OK;
		assert_int_equal(look_for_a_minute(), 1);
		assert_int_equal(told.change, BH_CLOCK_SYNC);
		assert_int_equal(told.step_ms, 0);
		assert_told_now();
		/* Losing the server does not make the time unknown again. */
		machine.adjtimex = TIME_ERROR;
		assert_int_equal(look_for_a_minute(), 0);
	}
	/* An owner who has a clock battery says so. */
	begin(true, TIME_ERROR);
	assert_told_now();
}

static void a_step_is_told_once_with_its_length(void **state)
{
	static const int64_t steps_ms[] = { HOUR_MS, -HOUR_MS, 150, -150 };

	(void)state;
	begin(false, TIME_OK);
	for (size_t i = 0; i < sizeof(steps_ms) / sizeof(steps_ms[0]); i++) {
		machine.wall_ns += steps_ms[i] * MS;
		assert_int_equal(look_for_a_minute(), 1);
		assert_int_equal(told.change, BH_CLOCK_STEP);
		assert_int_equal(told.step_ms, steps_ms[i]);
		assert_told_now();
	}
}

/* Two clocks are read one after the other: what comes in between is no step. */
static void a_process_held_up_between_two_looks_sees_no_step(void **state)
{
	(void)state;
	begin(false, TIME_OK);
	for (int i = 0; i < 20; i++) {
		pass(1 * S);
		machine.preempted_ns = 2 * S;
		assert_false(bh_clock_check(&watch, bh_clock_mono_ns(), &told));
	}
}

static void it_looks_once_a_second(void **state)
{
	(void)state;
	begin(false, TIME_OK);
	machine.looks = 0;
	for (int i = 0; i < 1000; i++) {
		pass(10 * MS);
		bh_clock_check(&watch, bh_clock_mono_ns(), &told);
	}
	assert_in_range(machine.looks, 9, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clock_that_runs_is_told_once),
		cmocka_unit_test(without_a_server_the_time_is_not_known),
		cmocka_unit_test(a_step_is_told_once_with_its_length),
		cmocka_unit_test(a_process_held_up_between_two_looks_sees_no_step),
		cmocka_unit_test(it_looks_once_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
