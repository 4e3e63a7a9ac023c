/* SPDX-License-Identifier: MIT */
/* The historian on a real history: which nights are closed, and when. */
#include "hub/core/night.h"
#include "hub/line/historian.h"
#include "hub/line/night_look.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define HOUR (3600 * S)
/* 22 November 2026, 21:00 in Amsterdam. */
#define EVENING_MS INT64_C(1795377600000)

struct fixture {
	char dir[64];
	char path[96];
	struct bh_store *store;
	struct bh_historian *historian;
	uint64_t seq;
};

static struct fixture the;

static void open_history(void)
{
	struct bh_store_run run = { .boot_id = "test", .version = "1" };
	struct bh_store_bed bed = { .id = "bed", .name = "Bed", .capabilities = BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT |
						    BH_CAN_LEG_MOVEMENT };
	struct bh_historian_config config = { .n_beds = 1, .commit_ns = 300 * S, .live = true };
	struct bh_error err;

	assert_int_equal(bh_store_open(the.path, BH_STORE_WRITE, &the.store, &err), 0);
	assert_int_equal(bh_store_run_begin(the.store, &run, &bed, 1, &config.run), 0);
	config.store = the.store;
	assert_int_equal(bh_historian_new(&config, &the.historian), 0);
	the.seq = 0;
}

/* The power goes: nothing is finished. */
static void close_history(void)
{
	bh_historian_free(the.historian);
	bh_store_close(the.store);
}

static int begin(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Amsterdam", 1);
	tzset();
	snprintf(the.dir, sizeof(the.dir), "/tmp/bedside-historian-XXXXXX");
	assert_non_null(mkdtemp(the.dir));
	snprintf(the.path, sizeof(the.path), "%s/h.db", the.dir);
	open_history();
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	close_history();
	snprintf(command, sizeof(command), "rm -rf %s", the.dir);
	return system(command);
}

static void tell_clock(enum bh_clock_change change, int64_t mono_ns, int64_t wall_ms)
{
	struct bh_record record = { .kind = BH_RECORD_CLOCK };

	record.u.clock.change = change;
	record.u.clock.anchor = (struct bh_clock_anchor){ .mono_ns = mono_ns, .wall_ms = wall_ms };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
}

/* The writer's turns: one night is closed in each. */
static void turns(int64_t now_ns)
{
	for (int i = 0; i < 4; i++)
		assert_int_equal(bh_historian_tick(the.historian, now_ns), 0);
}

static void in_bed(int64_t from_ns, int64_t to_ns)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	record.u.event = (struct bh_event){ .seq = ++the.seq, .type = BH_EVENT_BED_OCCUPIED,
					    .phase = to_ns == BH_MONO_NONE ? BH_PHASE_OPEN
									   : BH_PHASE_INSTANT,
					    .end_cause = BH_END_NORMAL,
					    .sensor = BH_SENSOR_NONE, .confidence_permille = 900,
					    .start_ns = from_ns, .end_ns = to_ns,
					    .detected_ns = to_ns == BH_MONO_NONE ? from_ns : to_ns };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
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

/* ---- red flags while someone is in bed ---- */

static void epoch(int64_t start_ns, int occupied_permille)
{
	struct bh_record record = { .kind = BH_RECORD_EPOCH };

	record.u.epoch = (struct bh_epoch){ .start_ns = start_ns,
					    .coverage_permille = 1000,
					    .occupied_permille = (int16_t)occupied_permille };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
}

/* Half minutes from @p from_ns on, with the writer's turn after each. */
static void lie(int64_t from_ns, int epochs, int occupied_permille)
{
	for (int i = 0; i < epochs; i++) {
		epoch(from_ns + i * BH_EPOCH_NS, occupied_permille);
		assert_int_equal(bh_historian_tick(the.historian, from_ns + (i + 1) * BH_EPOCH_NS),
				 0);
	}
}

static struct bh_diary_item noted(const char *key)
{
	struct bh_diary_item item = { .bed = 0, .night = 20261122,
				      .at_ms = EVENING_MS + 3600 * BH_MS_PER_S };

	snprintf(item.key, sizeof(item.key), "%s", key);
	snprintf(item.value, sizeof(item.value), "yes");
	return item;
}

struct flag_list {
	int n;
	struct bh_finding finding[8];
};

static int collect_flag(void *ctx, const struct bh_finding *finding)
{
	struct flag_list *list = ctx;

	if (finding->red_flag)
		list->finding[list->n++] = *finding;
	return 0;
}

static struct flag_list flags(void)
{
	struct flag_list list = { 0 };

	assert_int_equal(bh_store_findings(the.store, 0, 20261122, collect_flag, &list), 0);
	return list;
}

static struct bh_rule_set *library(void)
{
	struct bh_error err = { .text = "" };
	struct bh_rule_set *set;

	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_true(bh_rule_set_add_builtin(set, &err) > 0);
	assert_int_equal(bh_rule_set_finish(set, &err), 0);
	bh_historian_set_rules(the.historian, set);
	return set;
}

static void test_a_red_flag_does_not_wait_for_bed_out(void **state)
{
	struct bh_diary_item item = noted("sudden");
	struct bh_rule_set *set = library();
	struct flag_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, BH_MONO_NONE);
	lie(101 * HOUR, 20, 1000);
	assert_int_equal(flags().n, 0);
	/* Into the history past the hub, as an import does: the next look is within five minutes. */
	assert_int_equal(bh_store_put_diary(the.store, &item), 0);
	for (int i = 0; i < 10 && flags().n == 0; i++)
		lie(101 * HOUR + 600 * S + i * BH_EPOCH_NS, 1, 1000);
	list = flags();
	assert_int_equal(list.n, 1);
	assert_int_equal(list.finding[0].night, 20261122);
	assert_non_null(strstr(list.finding[0].says, "call emergency services"));
	assert_false(bh_store_dirty(the.store)); /* an alarm is on the disk at once */
	bh_rule_set_free(set);
}

static void test_an_empty_bed_is_not_looked_at(void **state)
{
	struct bh_diary_item item = noted("sudden");
	struct bh_rule_set *set = library();

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, 102 * HOUR);
	lie(102 * HOUR, 20, 0);
	assert_int_equal(bh_store_put_diary(the.store, &item), 0);
	lie(102 * HOUR + 600 * S, 40, 0);
	assert_int_equal(flags().n, 0);
	bh_rule_set_free(set);
}

static void test_what_is_said_is_looked_at_at_once(void **state)
{
	struct bh_remark said = { .kind = BH_SAID_DIARY, .u.diary = noted("sudden") };
	struct bh_rule_set *set = library();

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, 102 * HOUR);
	lie(102 * HOUR, 2, 0);
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	assert_int_equal(bh_historian_tick(the.historian, 102 * HOUR + 61 * S), 0);
	assert_int_equal(flags().n, 1);
	bh_rule_set_free(set);
}

static void leave(int64_t at_ns)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	record.u.event = (struct bh_event){ .seq = ++the.seq, .type = BH_EVENT_BED_EXIT,
					    .phase = BH_PHASE_OPEN, .end_cause = BH_END_OPEN,
					    .sensor = BH_SENSOR_NONE, .confidence_permille = 900,
					    .start_ns = at_ns, .end_ns = BH_MONO_NONE,
					    .detected_ns = at_ns };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
}

static int collect_raised(void *ctx, const struct bh_store_red_flag *flag)
{
	struct bh_store_red_flag *last = ctx;

	assert_int_equal(last->raised_ms, 0); /* one */
	*last = *flag;
	return 0;
}

static void test_a_red_flag_stays_on_record(void **state)
{
	struct bh_remark said = { .kind = BH_SAID_DIARY, .u.diary = noted("sudden") };
	struct bh_store_red_flag raised = { .raised_ms = 0 };
	struct bh_rule_set *set = library();

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, BH_MONO_NONE);
	lie(101 * HOUR, 20, 1000);
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	lie(101 * HOUR + 600 * S, 1, 1000);
	assert_int_equal(flags().n, 1);
	/* A mistake, taken back: the bed is left, and every rule looked at again. */
	said.kind = BH_SAID_UNSAID;
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	leave(101 * HOUR + 660 * S);
	lie(101 * HOUR + 660 * S, 2, 0);
	assert_int_equal(flags().n, 0);
	assert_int_equal(bh_store_red_flags(the.store, 0, 20261122, collect_raised, &raised), 0);
	assert_false(raised.stands);
	assert_non_null(strstr(raised.says, "call emergency services"));
	assert_in_range(raised.raised_ms, EVENING_MS + 4200 * BH_MS_PER_S,
			EVENING_MS + 4260 * BH_MS_PER_S);
	bh_rule_set_free(set);
}

static int collect_standing(void *ctx, const struct bh_store_red_flag *flag)
{
	assert_true(flag->stands);
	assert_non_null(strstr(flag->says, *(int *)ctx == 0 ? "suddenly" : "sore"));
	++*(int *)ctx;
	return 0;
}

/* The finding goes on saying the emergency; the sore spot is on record all the same. */
static void test_a_red_flag_behind_another_is_kept(void **state)
{
	struct bh_remark said = { .kind = BH_SAID_DIARY, .u.diary = noted("sudden") };
	struct bh_rule_set *set = library();
	int n = 0;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, BH_MONO_NONE);
	lie(101 * HOUR, 2, 1000);
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	lie(101 * HOUR + 60 * S, 2, 1000);
	said.u.diary = noted("sore");
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	lie(101 * HOUR + 120 * S, 2, 1000);
	assert_int_equal(bh_store_red_flags(the.store, 0, 20261122, collect_standing, &n), 0);
	assert_int_equal(n, 2);
	bh_rule_set_free(set);
}

/* A row that was marked stays as it is: nothing is written, and nobody is told, a second time. */
static void test_a_red_flag_is_told_once_a_night(void **state)
{
	struct bh_remark said = { .kind = BH_SAID_DIARY, .u.diary = noted("sore") };
	struct bh_rule_set *set = library();
	struct flag_list list;

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, BH_MONO_NONE);
	lie(101 * HOUR, 2, 1000);
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	lie(101 * HOUR + 60 * S, 2, 1000);
	list = flags();
	assert_int_equal(list.n, 1);
	list.finding[0].coverage_permille = 7;
	assert_int_equal(bh_store_put_finding(the.store, &list.finding[0]), 0);
	lie(101 * HOUR + 120 * S, 60, 1000);
	assert_int_equal(flags().finding[0].coverage_permille, 7);
	/* Another one of the same rule is another one: it is an emergency. */
	said.u.diary = noted("sudden");
	assert_int_equal(bh_historian_say(the.historian, &said, 1), 1);
	lie(101 * HOUR + 1920 * S, 2, 1000);
	list = flags();
	assert_int_equal(list.n, 1);
	assert_int_not_equal(list.finding[0].coverage_permille, 7);
	assert_non_null(strstr(list.finding[0].says, "suddenly"));
	/* A restart does not tell it again. */
	list.finding[0].coverage_permille = 7;
	assert_int_equal(bh_store_put_finding(the.store, &list.finding[0]), 0);
	assert_int_equal(bh_store_commit(the.store), 0);
	close_history();
	open_history();
	bh_historian_set_rules(the.historian, set);
	tell_clock(BH_CLOCK_START, 10 * HOUR, EVENING_MS + 2 * 3600 * BH_MS_PER_S);
	in_bed(10 * HOUR, BH_MONO_NONE);
	lie(10 * HOUR, 20, 1000);
	assert_int_equal(flags().finding[0].coverage_permille, 7);
	bh_rule_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_noon_closes_a_night_without_any_record, begin, end),
		cmocka_unit_test_setup_teardown(test_night_before_the_clock_was_known, begin, end),
		cmocka_unit_test_setup_teardown(test_power_cut_over_noon, begin, end),
		cmocka_unit_test_setup_teardown(
			test_full_disk_is_asked_ever_more_rarely_and_loses_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_a_closed_night_has_its_sleep, begin, end),
		cmocka_unit_test_setup_teardown(test_looking_twice_leaves_the_same_rows, begin, end),
		cmocka_unit_test_setup_teardown(test_a_night_cut_short_has_no_sleep, begin, end),
		cmocka_unit_test_setup_teardown(test_clock_set_back_closes_nothing, begin, end),
		cmocka_unit_test_setup_teardown(test_a_red_flag_does_not_wait_for_bed_out, begin, end),
		cmocka_unit_test_setup_teardown(test_an_empty_bed_is_not_looked_at, begin, end),
		cmocka_unit_test_setup_teardown(test_what_is_said_is_looked_at_at_once, begin, end),
		cmocka_unit_test_setup_teardown(test_a_red_flag_stays_on_record, begin, end),
		cmocka_unit_test_setup_teardown(test_a_red_flag_is_told_once_a_night, begin, end),
		cmocka_unit_test_setup_teardown(test_a_red_flag_behind_another_is_kept, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
