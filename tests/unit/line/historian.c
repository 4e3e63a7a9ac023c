/* SPDX-License-Identifier: MIT */
/* The historian on a real history: which nights are closed, and when. */
#include "hub/core/night.h"
#include "hub/line/night_look.h"

#include "history.h"

#include <signal.h>
#include <sys/resource.h>

/* The writer's turns: one night is closed in each. */
static void turns(int64_t now_ns)
{
	for (int i = 0; i < 4; i++)
		assert_int_equal(bh_historian_tick(the.historian, now_ns), 0);
}

struct night_list {
	int n;
	struct bh_night nights[8];
};

static int collect(void *ctx, const struct bh_night *night)
{
	struct night_list *list = ctx;

	list->nights[list->n++] = *night;
	return 0;
}

static struct night_list nights(void)
{
	struct night_list list = { 0 };

	assert_int_equal(bh_store_nights(the.store, -1, 0, 0, collect, &list), 0);
	return list;
}

static void test_noon_closes_a_night_without_any_record(void **state)
{
	struct night_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, 108 * HOUR);
	assert_int_equal(bh_historian_tick(the.historian, 114 * HOUR), 0); /* 11:00 */
	assert_int_equal(nights().n, 0);
	assert_int_equal(bh_historian_tick(the.historian, 115 * HOUR), 0); /* 12:00 */
	list = nights();
	assert_int_equal(list.n, 1);
	assert_int_equal(list.nights[0].date, 20261122);
	assert_true(list.nights[0].complete);
	assert_int_equal(list.nights[0].in_bed_min, 420);
}

static void test_night_before_the_clock_was_known(void **state)
{
	struct night_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, BH_WALL_UNKNOWN);
	in_bed(101 * HOUR, 108 * HOUR);
	assert_int_equal(bh_historian_tick(the.historian, 119 * HOUR), 0);
	assert_int_equal(nights().n, 0);
	/* The next afternoon a time server answers: the night gets its time, and its summary. */
	tell_clock(BH_CLOCK_SYNC, 120 * HOUR, EVENING_MS + 20 * 3600 * BH_MS_PER_S);
	turns(120 * HOUR);
	list = nights();
	assert_int_equal(list.n, 1);
	assert_int_equal(list.nights[0].date, 20261122);
	assert_true(list.nights[0].complete);
	assert_int_equal(list.nights[0].in_bed_min, 420);
}

static void test_power_cut_over_noon(void **state)
{
	struct night_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, 108 * HOUR);
	close_history();
	open_history();
	assert_int_equal(nights().n, 0);
	tell_clock(BH_CLOCK_START, 1 * HOUR, EVENING_MS + 24 * 3600 * BH_MS_PER_S);
	turns(1 * HOUR);
	list = nights();
	assert_int_equal(list.n, 1);
	assert_int_equal(list.nights[0].date, 20261122);
	assert_true(list.nights[0].complete);
}

static void test_clock_set_back_closes_nothing(void **state)
{
	struct night_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, 102 * HOUR);
	/* Two days back. */
	tell_clock(BH_CLOCK_STEP, 103 * HOUR, EVENING_MS - 45 * 3600 * BH_MS_PER_S);
	turns(103 * HOUR);
	assert_int_equal(nights().n, 0);
	in_bed(104 * HOUR, 105 * HOUR);
	assert_int_equal(bh_historian_finish(the.historian), 0);
	list = nights();
	assert_int_equal(list.n, 1);
	assert_int_equal(list.nights[0].date, 20261120);
	assert_false(list.nights[0].complete);
}

/* A full disk: SQLite may not make any file longer. */
static void fill_disk(bool full)
{
	struct rlimit limit = { .rlim_cur = full ? 4096 : RLIM_INFINITY, .rlim_max = RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_full_disk_is_asked_ever_more_rarely_and_loses_nothing(void **state)
{
	int failures = 0;
	int64_t now_ns;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	assert_int_equal(bh_historian_tick(the.historian, 100 * HOUR), 0);
	assert_int_equal(bh_store_commit(the.store), 0);
	fill_disk(true);
	in_bed(100 * HOUR, 101 * HOUR);
	/* Ten minutes with a tick a second: commits are due after five. */
	for (now_ns = 101 * HOUR; now_ns < 101 * HOUR + 600 * S; now_ns += S) {
		failures += bh_historian_tick(the.historian, now_ns) < 0;
		if (bh_historian_waits(the.historian))
			assert_true(bh_historian_due_ns(the.historian) > now_ns);
	}
	fill_disk(false);
	/* 1, 2, 4 ... 32 s apart, then every minute: sixteen in ten minutes, not six hundred. */
	assert_in_range(failures, 10, 17);
	now_ns += 60 * S;
	assert_int_equal(bh_historian_tick(the.historian, now_ns), 0);
	assert_false(bh_historian_waits(the.historian));
	assert_false(bh_store_dirty(the.store));
	turns(115 * HOUR);
	assert_int_equal(nights().nights[0].in_bed_min, 60);
}

/* Eight hours of epochs from 22:00 on, the first ten minutes restless, and six leg movements in a row. */
static void sleep_a_night(int64_t enter_ns)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	record.u.event = (struct bh_event){ .seq = ++the.seq, .type = BH_EVENT_BED_ENTER,
					    .phase = BH_PHASE_INSTANT, .sensor = BH_SENSOR_NONE,
					    .start_ns = enter_ns, .end_ns = enter_ns,
					    .detected_ns = enter_ns };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
	for (int i = 0; i < 960; i++) {
		record = (struct bh_record){ .kind = BH_RECORD_EPOCH };
		record.u.epoch = (struct bh_epoch){ .start_ns = enter_ns + i * BH_EPOCH_NS,
						    .coverage_permille = 1000,
						    .occupied_permille = 1000,
						    .activity = i < 20 ? 100 : 0 };
		assert_int_equal(bh_historian_put(the.historian, &record), 0);
	}
	for (int i = 0; i < 6; i++) {
		int64_t on_ns = enter_ns + 2 * HOUR + i * 30 * S;

		record = (struct bh_record){ .kind = BH_RECORD_EVENT };
		record.u.event = (struct bh_event){ .seq = ++the.seq, .type = BH_EVENT_LEG_MOVEMENT,
						    .phase = BH_PHASE_INSTANT,
						    .sensor = BH_SENSOR_NONE, .start_ns = on_ns,
						    .end_ns = on_ns + 2 * S,
						    .detected_ns = on_ns + 3 * S };
		assert_int_equal(bh_historian_put(the.historian, &record), 0);
	}
	in_bed(enter_ns, enter_ns + 8 * HOUR);
}

static int sum_of_sleep(void *ctx, const struct bh_past_epoch *epoch)
{
	int *count = ctx;

	count[epoch->sleep]++;
	return 0;
}

static void test_a_closed_night_has_its_sleep(void **state)
{
	int count[3] = { 0 };
	struct bh_night first;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	sleep_a_night(101 * HOUR);
	turns(115 * HOUR);
	first = nights().nights[0];
	assert_true(first.complete);
	assert_int_equal(first.sleep.bed_min, 480);
	/* Ten minutes, four that the formula hears, three by Webster's rules. */
	assert_int_equal(first.sleep.latency_min, 17);
	assert_int_equal(first.sleep.asleep_min, 463);
	assert_int_equal(first.plm.asleep, 6);
	assert_int_equal(first.plm.index_asleep_milli, 6 * 60000 / 463);
	assert_int_equal(bh_store_epochs(the.store, 0, 0, 0, sum_of_sleep, count), 0);
	assert_int_equal(count[BH_SLEEP_ASLEEP], 926);
	assert_int_equal(count[BH_SLEEP_AWAKE], 34);
	assert_int_equal(count[BH_SLEEP_UNKNOWN], 0);
}

static void test_looking_twice_leaves_the_same_rows(void **state)
{
	struct bh_look look = { .bed = 0, .date = 20261122, .now_ms = BH_WALL_UNKNOWN,
				.complete = true, .settled = true };
	struct bh_night first, second;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	sleep_a_night(101 * HOUR);
	turns(115 * HOUR);
	first = nights().nights[0];
	look.store = the.store;
	assert_int_equal(bh_look_at_night(&look), 0);
	assert_int_equal(nights().n, 1);
	second = nights().nights[0];
	assert_memory_equal(&first.sleep, &second.sleep, sizeof(first.sleep));
	assert_memory_equal(&first.plm, &second.plm, sizeof(first.plm));
	assert_int_equal(first.in_bed_min, second.in_bed_min);
}

static void test_a_night_cut_short_has_no_sleep(void **state)
{
	struct bh_night night;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	sleep_a_night(101 * HOUR);
	/* Back in bed, and then the power goes. */
	in_bed(110 * HOUR, BH_MONO_NONE);
	close_history();
	open_history();
	tell_clock(BH_CLOCK_START, 1 * HOUR, EVENING_MS + 24 * 3600 * BH_MS_PER_S);
	turns(1 * HOUR);
	night = nights().nights[0];
	assert_true(night.complete);
	assert_int_equal(night.sleep.asleep_min, BH_EPOCH_UNKNOWN);
	assert_int_equal(night.plm.index_asleep_milli, BH_EPOCH_UNKNOWN);
}

/* What a recording says last, and whether its night is complete then. */
static bool complete_after(bool live, int64_t last_ns)
{
	void *nothing = NULL;

	assert_int_equal(end(&nothing), 0);
	assert_int_equal(begin(&nothing), 0);
	close_history();
	open_history_of(live);
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, last_ns);
	assert_int_equal(bh_historian_finish(the.historian), 0);
	return nights().nights[0].complete;
}

/* The last reading of a recorded night lies in its last half minute, and never at noon itself. */
static void test_a_recording_that_ends_at_noon_is_complete(void **state)
{
	(void)state;
	assert_true(complete_after(false, 115 * HOUR - 30 * S));
	assert_true(complete_after(false, 115 * HOUR - S));
	assert_false(complete_after(false, 115 * HOUR - 31 * S));
	/* A hub that stops then may have slept through the rest: its next start says. */
	assert_false(complete_after(true, 115 * HOUR - S));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_noon_closes_a_night_without_any_record, begin, end),
		cmocka_unit_test_setup_teardown(test_night_before_the_clock_was_known, begin, end),
		cmocka_unit_test_setup_teardown(test_power_cut_over_noon, begin, end),
		cmocka_unit_test_setup_teardown(test_a_recording_that_ends_at_noon_is_complete, begin,
						end),
		cmocka_unit_test_setup_teardown(
			test_full_disk_is_asked_ever_more_rarely_and_loses_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_a_closed_night_has_its_sleep, begin, end),
		cmocka_unit_test_setup_teardown(test_looking_twice_leaves_the_same_rows, begin, end),
		cmocka_unit_test_setup_teardown(test_a_night_cut_short_has_no_sleep, begin, end),
		cmocka_unit_test_setup_teardown(test_clock_set_back_closes_nothing, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
