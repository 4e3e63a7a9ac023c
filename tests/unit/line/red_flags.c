/* SPDX-License-Identifier: MIT */
/* The historian on a real history: when the rules are asked, and red flags while someone is in bed. */
#include "history.h"

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

static int count(void *ctx, const struct bh_finding *finding)
{
	(void)finding;
	++*(int *)ctx;
	return 0;
}

/* Of every rule, whatever it found. */
static int findings(void)
{
	int n = 0;

	assert_int_equal(bh_store_findings(the.store, 0, 20261122, count, &n), 0);
	return n;
}

/* Beside a dead strip nobody knows in the morning that the bed was left: the stay ends of a fault. */
static void test_every_rule_is_asked_when_a_fault_ends_the_stay(void **state)
{
	struct bh_record lost = { .kind = BH_RECORD_EVENT };
	struct bh_rule_set *set = library();

	(void)state;
	tell_clock(BH_CLOCK_START, 100 * HOUR, EVENING_MS);
	in_bed(101 * HOUR, BH_MONO_NONE);
	lie(101 * HOUR, 20, 1000);
	assert_int_equal(findings(), 0);
	lost.u.event = (struct bh_event){ .seq = the.seq, .type = BH_EVENT_BED_OCCUPIED,
					  .phase = BH_PHASE_CLOSE, .end_cause = BH_END_FAULT,
					  .sensor = BH_SENSOR_NONE, .confidence_permille = 900,
					  .start_ns = 101 * HOUR, .end_ns = 101 * HOUR + 600 * S,
					  .detected_ns = 101 * HOUR + 602 * S };
	assert_int_equal(bh_historian_put(the.historian, &lost), 0);
	assert_int_equal(bh_historian_tick(the.historian, 101 * HOUR + 603 * S), 0);
	assert_true(findings() > 0);
	bh_rule_set_free(set);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_red_flag_does_not_wait_for_bed_out),
		TEST(an_empty_bed_is_not_looked_at),
		TEST(what_is_said_is_looked_at_at_once),
		TEST(a_red_flag_stays_on_record),
		TEST(a_red_flag_is_told_once_a_night),
		TEST(a_red_flag_behind_another_is_kept),
		TEST(every_rule_is_asked_when_a_fault_ends_the_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
