/* SPDX-License-Identifier: MIT */
/*
 * kill -9 at random moments of a writer in full flight: the file is sound, what was acknowledged is
 * there, and no interval stays open after the next start.
 */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KILLS 20
/* Long enough for dozens of commits, short enough that most kills fall into the midst of them. */
#define LATEST_US 60000
#define SEED 20261123u

/* One small transaction after the other: epochs, an interval that opens in one and closes in the
 * next. After each commit its number is written to @p fd: the acknowledgement. */
static void write_until_killed(const char *path, int fd)
{
	struct bh_store *store = NULL;
	struct bh_error err;
	struct bh_record record;
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	struct bh_store_bed bed = bed_of("left");
	int64_t id;

	if (bh_store_open(path, BH_STORE_WRITE, &store, &err) < 0 ||
	    bh_store_run_begin(store, &run, &bed, 1, &id) < 0)
		_exit(2);
	record = clock_record(BH_CLOCK_START, 0, EVENING_MS);
	if (bh_store_put(store, &record) < 0)
		_exit(3);
	for (uint64_t i = 1;; i++) {
		int64_t now_ns = (int64_t)i * BH_EPOCH_NS;

		record = epoch_record(now_ns);
		if (bh_store_put(store, &record) < 0)
			_exit(4);
		record = event_record(BH_PHASE_CLOSE, BH_EVENT_BED_EXIT, i - 1,
				      now_ns - BH_EPOCH_NS, now_ns);
		if (i > 1 && bh_store_put(store, &record) < 0)
			_exit(5);
		record = event_record(BH_PHASE_OPEN, BH_EVENT_BED_EXIT, i, now_ns, BH_MONO_NONE);
		if (bh_store_put(store, &record) < 0 || bh_store_commit(store) < 0)
			_exit(6);
		if (write(fd, &i, sizeof(i)) != (ssize_t)sizeof(i))
			_exit(7);
	}
}

/* Every other life is timed from its first acknowledgement on, so that kills fall among commits on a
 * slow machine, too; the others may die before or while opening.
 * @return The newest acknowledged transaction of one life, 0 if it died before its first. */
static uint64_t live_and_die(const struct place *place, useconds_t life_us, bool from_first_ack)
{
	struct timespec life = { .tv_sec = 0, .tv_nsec = (long)life_us * 1000 };
	uint64_t acked = 0;
	uint64_t last = 0;
	int status = 0;
	int ends[2];
	pid_t child;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[0]);
		write_until_killed(place->path, ends[1]);
	}
	close(ends[1]);
	if (from_first_ack && read(ends[0], &acked, sizeof(acked)) == (ssize_t)sizeof(acked))
		last = acked;
	/* Not a wait for something to come true: the power fails at any moment, and this is that moment. */
	nanosleep(&life, NULL);
	assert_int_equal(kill(child, SIGKILL), 0);
	while (read(ends[0], &acked, sizeof(acked)) == (ssize_t)sizeof(acked))
		last = acked;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status)); /* killed, not ended by an error of its own */
	return last;
}

static long number(struct bh_store *store, const char *sql)
{
	return atol(ask(store, sql));
}

static void check_life(const struct place *place, uint64_t acked)
{
	struct bh_store *store = open_writer(place);
	char sql[200];

	assert_string_equal(ask(store, "PRAGMA integrity_check"), "ok");
	assert_string_equal(ask(store, "SELECT count(*) FROM pragma_foreign_key_check"), "0");
	assert_int_equal(number(store, "SELECT count(*) FROM events WHERE end_cause = 'open'"), 0);
	if (acked > 0) {
		snprintf(sql, sizeof(sql),
			 "SELECT count(*) FROM events WHERE run = (SELECT max(run) FROM runs) AND "
			 "seq <= %llu",
			 (unsigned long long)acked);
		assert_int_equal(number(store, sql), acked);
		snprintf(sql, sizeof(sql),
			 "SELECT count(*) FROM epochs WHERE run = (SELECT max(run) FROM runs) AND "
			 "start_ns <= %llu",
			 (unsigned long long)acked * 30000000000ull);
		assert_int_equal(number(store, sql), acked);
		assert_string_equal(ask(store, "SELECT end_cause FROM runs ORDER BY run DESC"),
				    "crashed");
	}
	/* Only the last interval of a life was cut short. */
	assert_int_equal(number(store, "SELECT max(n) FROM (SELECT count(*) AS n FROM events WHERE "
				       "end_cause = 'crashed' GROUP BY run)"),
			 1);
	bh_store_close(store);
}

static void test_kill_at_random_moments(void **state)
{
	const struct place *place = *state;
	unsigned int seed = SEED;
	uint64_t acked;
	uint64_t all = 0;
	int lives = 0;

	bh_store_close(open_writer(place));
	for (int i = 0; i < KILLS; i++) {
		acked = live_and_die(place, (useconds_t)(rand_r(&seed) % LATEST_US),
				     i % 2 == 1);
		lives += acked > 0;
		all += acked;
		if (all > 0)
			check_life(place, acked);
	}
	print_message("%d of %d lives acknowledged %llu transactions\n", lives, KILLS,
		      (unsigned long long)all);
	assert_true(lives >= KILLS / 4); /* else the kills came too early to mean anything */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_kill_at_random_moments, place_make,
						place_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
