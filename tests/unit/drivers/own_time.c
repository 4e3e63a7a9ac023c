/* SPDX-License-Identifier: MIT */
/* The drivers that bring their own time: a capture and a simulation as sensors. */
#include "tests/fakes/bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct bh_bench bench;
static char path[64];

static void write_capture(const char *text)
{
	FILE *file;
	int fd;

	strcpy(path, "/tmp/bedside-replay-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void begin_replay(void)
{
	char yaml[128];

	snprintf(yaml, sizeof(yaml), "file: %s\n", path);
	if (bh_bench_begin(&bench, "replay", yaml) < 0 || bh_bench_open(&bench) < 0)
		fail_msg("%s", bench.text);
}

#define HEAD                                                                                       \
	"# bedside-capture: 1\n# mat: contact\n# zone: trunk trunk 500 350\n"                       \
	"# temperature: bedroom room\n# provenance: measured, by me\n"                             \
	"# origin: 2026-11-22T22:00:00Z\nt_s,trunk,bedroom_c\n"

static void a_capture_is_a_sensor(void **state)
{
	int64_t done, total;

	(void)state;
	write_capture(HEAD "5,1,18.5\n6,0,\n");
	begin_replay();
	assert_int_equal(bench.setup.capabilities & BH_CAN_TEMP_ROOM, BH_CAN_TEMP_ROOM);
	assert_int_equal(bench.mat.n_zones, 1);
	assert_false(bench.setup.simulated);
	assert_string_equal(bench.setup.provenance, "by me");
	assert_int_equal(bench.setup.anchor.wall_ms, INT64_C(1795384800000));
	assert_int_equal(bench.driver->fd(bench.state), -ENOTSUP);
	for (int again = 0; again < 2; again++) { /* reopened, it begins again */
		assert_int_equal(bh_bench_read(&bench, 0), 1);
		assert_int_equal(bench.frame.mono_ns, 5 * BH_NS_PER_S);
		assert_int_equal(bench.frame.changed, BH_PART_MAT | BH_PART_TEMPERATURE);
		assert_int_equal(bench.frame.load[0], BH_LOAD_FULL);
		assert_int_equal(bench.frame.mat_sensor, BH_BENCH_SENSOR);
		assert_int_equal(bench.frame.temp[BH_TEMP_ROOM].mdegc, 18500);
		assert_int_equal(bench.frame.temp[BH_TEMP_ROOM].sensor, BH_BENCH_SENSOR);
		assert_int_equal(bh_bench_read(&bench, 0), 1);
		assert_int_equal(bench.frame.changed, BH_PART_MAT);
		assert_int_equal(bench.frame.load[0], 0);
		assert_int_equal(bh_bench_read(&bench, 0), -ENODATA);
		assert_null(bench.driver->complaint(bench.state));
		bench.driver->progress(bench.state, &done, &total);
		assert_true(total > 0 && done == total);
		bench.driver->close(bench.state);
		bench.driver->close(bench.state); /* closed already */
		assert_int_equal(bench.driver->open(bench.state, &bench.bus, NULL), 0);
	}
	bh_bench_end(&bench);
	unlink(path);
}

static void a_torn_capture_says_where(void **state)
{
	const struct bh_error *complaint;

	(void)state;
	write_capture(HEAD "5,1,18.5\n4,0,\n");
	begin_replay();
	assert_int_equal(bh_bench_read(&bench, 0), 1);
	assert_int_equal(bh_bench_read(&bench, 0), -EINVAL);
	complaint = bench.driver->complaint(bench.state);
	assert_non_null(complaint);
	assert_string_equal(complaint->place, path);
	assert_int_equal(complaint->line, 9);
	assert_non_null(strstr(complaint->text, "backwards"));
	bh_bench_end(&bench);
	unlink(path);
}

static void a_simulation_is_a_sensor(void **state)
{
	int64_t last = -1, done, total;
	int frames = 0;

	(void)state;
	if (bh_bench_begin(&bench, "simulate",
			   "sleeper: leg-hanging\nmat: zones\nnights: 1\nseed: 5\nstart: 20261122\n"
			   "utc_offset: 3600\nconfounders: pet,partner\n") < 0 ||
	    bh_bench_open(&bench) < 0)
		fail_msg("%s", bench.text);
	assert_true(bench.setup.simulated);
	assert_int_equal(bench.mat.n_zones, 16);
	/* Noon of that day an hour east of Greenwich. */
	assert_int_equal(bench.setup.anchor.wall_ms, INT64_C(1795345200000));
	assert_true(bench.driver->flags & BH_DRIVER_SIMULATED);
	while (bh_bench_read(&bench, 0) == 1) {
		assert_true(bench.frame.mono_ns >= last);
		/* The hub takes ten seconds without a reading for silence. */
		assert_true(last < 0 || bench.frame.mono_ns - last < 10 * BH_NS_PER_S);
		last = bench.frame.mono_ns;
		if (bench.frame.changed & BH_PART_MAT)
			assert_int_equal(bench.frame.mat_sensor, BH_BENCH_SENSOR);
		frames++;
	}
	assert_true(frames > 200000);
	/* In seconds: a day from noon to noon, and the last frame is not ten minutes before its end. */
	bench.driver->progress(bench.state, &done, &total);
	assert_int_equal(total, 24 * 3600);
	assert_in_range(done, total - 600, total);
	bh_bench_end(&bench);
}

static void refuses_with_the_line(void **state)
{
	static const struct {
		const char *driver, *yaml, *says;
	} wrong[] = {
		{ "replay", "speed: 1\n", "speed" },
		{ "replay", "{}\n", "needs \"file:\"" },
		{ "replay", "file: /nowhere/a.cap\n", "/nowhere/a.cap: cannot open the capture" },
		{ "simulate", "sleeper: nobody\n", ":1:10: no sleeper is called \"nobody\"" },
		{ "simulate", "mat: sofa\n", ":1:6: no simulated mat is called \"sofa\"" },
		{ "simulate", "confounders: dragon\n", ":1:14: \"dragon\" names no confounder" },
		{ "simulate", "nights: 0\n", ":1:9: " },
		{ "simulate", "start: 20261301\n", "not a date" },
		{ "simulate", "bed: 1\n", "bed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (bh_bench_begin(&bench, wrong[i].driver, wrong[i].yaml) >= 0 ||
		    !strstr(bench.text, wrong[i].says))
			fail_msg("%zu: %s", i, bench.text);
		bh_bench_end(&bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_is_a_sensor),
		cmocka_unit_test(a_torn_capture_says_where),
		cmocka_unit_test(a_simulation_is_a_sensor),
		cmocka_unit_test(refuses_with_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
