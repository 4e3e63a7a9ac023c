/* SPDX-License-Identifier: MIT */
/* Rules over many nights: hold and keep, the past, red flags, parents, what is missing. */
#include "rules/rule.h"
#include "tests/unit/rules/past.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define HEAD "class muscular status testing purpose \"p\" source \"s\" says \"t\" prior 0.5\n"

static struct past past;
static struct bh_finding findings[BH_RULES_MAX];

static struct bh_rule_set *load(const char *text)
{
	struct bh_error err = { 0 };
	struct bh_rule_set *set;
	char line[700];

	assert_int_equal(bh_rule_set_new(&set), 0);
	if (bh_rule_set_add_text(set, "t", text, strlen(text), &err) < 0 ||
	    bh_rule_set_finish(set, &err) < 0) {
		bh_error_print(&err, line, sizeof(line));
		fail_msg("%s", line);
	}
	return set;
}

static struct bh_rule_set *load_library(void)
{
	struct bh_error err = { 0 };
	struct bh_rule_set *set;

	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_true(bh_rule_set_add_builtin(set, &err) > 0);
	assert_int_equal(bh_rule_set_finish(set, &err), 0);
	return set;
}

/* The finding of one rule on the last night. */
static const struct bh_finding *evaluate(const struct bh_rule_set *set, const char *rule)
{
	int n = bh_rules_evaluate(set, &past.history, past.nights[past.n_nights - 1].night.date,
				  findings, BH_RULES_MAX);

	assert_int_equal(n, (int)bh_rule_set_size(set));
	for (int i = 0; i < n; i++)
		if (strcmp(findings[i].rule, rule) == 0)
			return &findings[i];
	fail_msg("no finding of %s", rule);
	return NULL;
}

static int begin(void **state)
{
	(void)state;
	past_init(&past);
	return 0;
}

static int end(void **state)
{
	(void)state;
	past_free(&past);
	return 0;
}

/* One letter per night: n no data, - not seen, s some, l likeness, S strong; ' after a band that
 * hold or keep made. */
static int write_band(void *ctx, const struct bh_finding *finding)
{
	static const char letters[] = { 'n', '-', 's', 'l', 'S' };
	char *to = (char *)ctx + strlen(ctx);

	*to++ = letters[finding->band];
	if (finding->held)
		*to++ = '\'';
	*to = '\0';
	return 0;
}

/* Nights: "x" has a jolt, "." has none, "_" was not spent in bed. */
static void play(const char *nights, const char *keep, char *ret)
{
	char text[512];
	struct bh_rule_set *set;

	snprintf(text, sizeof(text),
		 "rule x " HEAD "needs nights >= 1 of 1\nmeasure n = count(jolt)\n"
		 "evidence \"a\" when n >= 1 weight +2 else -2\n%s",
		 keep);
	set = load(text);
	past_init(&past);
	for (; *nights; nights++) {
		past_night(&past, *nights == '_' ? 0 : 8 * 60);
		if (*nights == 'x')
			past_event(&past, BH_EVENT_JOLT, 120, 1);
	}
	ret[0] = '\0';
	assert_int_equal(bh_rules_backtest(set, "x", &past.history, 0, 0, write_band, ret), 0);
	past_free(&past);
	bh_rule_set_free(set);
}

static void test_hold_and_keep_over_nights(void **state)
{
	static const struct {
		const char *keep;
		const char *nights;
		const char *shown;
	} rows[] = {
		{ "", "..x.xx..", "--l-ll--" },
		/* the first night that can tell stands; from then on two in a row */
		{ "hold 2 nights", "x..x.xx.", "l---'--'l-" },
		{ "hold 3 nights", ".xxxx.", "--'-'ll-" },
		{ "keep 2 nights", ".x....x", "-ll'l'--l" },
		{ "hold 2 nights keep 2 nights", ".xx...x.", "--'ll'l'--'-" },
		/* a night without data is said to be one, even while a pattern is kept */
		{ "keep 3 nights", ".x_..", "-lnl'l'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char shown[64];

		play(rows[i].nights, rows[i].keep, shown);
		if (strcmp(shown, rows[i].shown) != 0)
			print_error("%s, %s\n", rows[i].keep, rows[i].nights);
		assert_string_equal(shown, rows[i].shown);
	}
}

static void test_backtest_says_what_evaluation_said(void **state)
{
	struct bh_rule_set *set = load_library();
	char tested[256] = "", said[256] = "", later[256] = "";

	(void)state;
	for (int i = 0; i < 40; i++) {
		past_night(&past, 8 * 60);
		for (int k = 0; k < (i / 8) % 3; k++)
			past_event(&past, BH_EVENT_JOLT, 60 + 40 * k, 1);
		write_band(said, evaluate(set, "cramp_like"));
	}
	assert_int_equal(
		bh_rules_backtest(set, "cramp_like", &past.history, 0, 0, write_band, tested), 0);
	assert_string_equal(tested, said);
	assert_int_equal(strncmp(said, "nnnnnn-", 7), 0);
	assert_non_null(strchr(said, 's'));
	assert_int_equal(bh_rules_backtest(set, "cramp_like", &past.history,
					   past.nights[39].night.date, 0, write_band, later),
			 0);
	assert_string_equal(later, said + strlen(said) - strlen(later));
	assert_int_equal(bh_rules_backtest(set, "cramps", &past.history, 0, 0, write_band, later),
			 -ENOENT);
	bh_rule_set_free(set);
}

struct differences {
	int n;
	int32_t first;
	int only_after;
};

static int count_difference(void *ctx, const struct bh_finding *before,
			    const struct bh_finding *after)
{
	struct differences *differences = ctx;

	if (!before) {
		differences->only_after++;
		return 0;
	}
	assert_string_equal(before->rule, after->rule);
	if (differences->n++ == 0)
		differences->first = after->night;
	return 0;
}

static void test_diff_shows_the_nights_that_change(void **state)
{
	static const char text[] =
		"rule x " HEAD "needs nights >= 1 of 1\nmeasure n = count(jolt)\n"
		"evidence \"a\" when n >= %d weight +2 else -2\n%s";
	char before_text[512], after_text[1024];
	struct differences differences = { 0 };
	struct bh_rule_set *before, *after;

	(void)state;
	snprintf(before_text, sizeof(before_text), text, 1, "");
	snprintf(after_text, sizeof(after_text), text, 2,
		 "rule y " HEAD "needs nights >= 1 of 1 measure n = count(jolt) "
		 "evidence \"a\" when n >= 1 weight +1");
	before = load(before_text);
	after = load(after_text);
	for (int i = 0; i < 10; i++) {
		past_night(&past, 8 * 60);
		for (int k = 0; k < (i == 3 || i == 5 ? 1 : i == 7 ? 2 : 0); k++)
			past_event(&past, BH_EVENT_JOLT, 60 + 40 * k, 1);
	}
	assert_int_equal(
		bh_rules_diff(before, after, &past.history, 0, 0, count_difference, &differences),
		0);
	assert_int_equal(differences.n, 2);
	assert_int_equal(differences.first, past.nights[3].night.date);
	assert_int_equal(differences.only_after, 10);
	bh_rule_set_free(before);
	bh_rule_set_free(after);
}

static void test_a_child_takes_its_parents_evidence(void **state)
{
	static const char text[] =
		"rule mother " HEAD "needs nights >= 1 of 7 measure n = count(jolt)\n"
		"evidence \"a\" when n >= 2 weight +1.5 else -1\n"
		"rule child " HEAD
		"needs nights >= 1 of 7 measure n = count(jolt) parent mother above 0\n"
		"evidence \"b\" when profile.statin weight +0.5\n";
	struct bh_rule_set *set = load(text);
	const struct bh_finding *child;

	(void)state;
	past_night(&past, 8 * 60);
	past_event(&past, BH_EVENT_JOLT, 60, 1);
	past_answer(&past, "statin", "yes");
	child = evaluate(set, "child");
	assert_int_equal(child->band, BH_BAND_NOT_SEEN);
	assert_int_equal(child->score_milli, -1000); /* no more than the parent's own */
	assert_int_equal(child->evidence[0].truth, BH_TRUTH_FALSE);
	past_night(&past, 8 * 60);
	past_event(&past, BH_EVENT_JOLT, 60, 1);
	child = evaluate(set, "child");
	assert_int_equal(child->score_milli, 1500 + 500);
	assert_int_equal(child->band, BH_BAND_LIKENESS);
	assert_int_equal(child->n_evidence, 2);
	assert_int_equal(child->evidence[0].weight_milli, 1500);
	assert_true(child->evidence[0].counted);
	bh_rule_set_free(set);
}

static void test_what_is_missing_is_said(void **state)
{
	static const char text[] =
		"rule x " HEAD "needs nights >= 2 of 7 coverage 80% sensor occupancy\n"
		"measure n = nights_with(leg_out) measure t = median(temp_left)\n"
		"evidence \"out {n} and more ({n} or {t})\" when n >= 40% weight +1\n"
		"evidence \"warm {t}\" when t > 30C weight +1\n"
		"evidence \"asked\" when profile.statin weight +1\n"
		"evidence \"noted\" when diary.urge weight +1\n"
		"evidence \"jolts\" when nights_with(jolt) > 0% weight +1\n";
	struct bh_rule_set *set = load(text);
	const struct bh_finding *found;

	(void)state;
	past_night(&past, 8 * 60);
	found = evaluate(set, "x");
	assert_int_equal(found->band, BH_BAND_NO_DATA);
	assert_string_equal(found->no_data_reason,
			    "1 of 2 nights needed (four hours in bed, 80 % of them measured)");
	for (int i = 0; i < 2; i++) {
		past_night(&past, 8 * 60)->capabilities &= ~BH_CAN_LEGS;
		past.nights[past.n_nights - 1].not_looked_for = UINT64_C(1) << BH_EVENT_JOLT;
	}
	past.nights[0].capabilities &= ~BH_CAN_LEGS;
	past.nights[0].not_looked_for = UINT64_C(1) << BH_EVENT_JOLT;
	found = evaluate(set, "x");
	/* Enough nights, and nothing the bed senses is known on them: no pattern was looked for. */
	assert_int_equal(found->band, BH_BAND_NO_DATA);
	assert_int_equal(found->nights_used, 3);
	assert_string_equal(found->says, "This pattern cannot be looked for: this bed cannot tell "
					 "whether the legs are on the mat (sensor legs).");
	for (int i = 0; i < 5; i++) {
		assert_int_equal(found->evidence[i].truth, BH_TRUTH_UNKNOWN);
		assert_false(found->evidence[i].counted);
	}
	assert_string_equal(found->evidence[0].text, "out how many and more");
	assert_string_equal(found->evidence[0].missing,
			    "this bed cannot tell whether the legs are on the mat (sensor legs)");
	assert_non_null(strstr(found->evidence[1].missing, "sensor temp_left"));
	assert_non_null(strstr(found->evidence[2].missing, "Takes a statin (profile statin)"));
	assert_non_null(strstr(found->evidence[3].missing, "(urge)"));
	assert_non_null(strstr(found->evidence[4].missing, "did not look for jolt"));
	bh_rule_set_free(set);
}

static void test_an_interval_nobody_ended_has_no_longest_time(void **state)
{
	static const char text[] =
		"rule x " HEAD
		"needs nights >= 1 of 1 measure n = count(restless lasting 3m..60m)\n"
		"measure m = count(restless lasting 3m..)\n"
		"evidence \"{n}\" when n >= 1 weight +1 evidence \"{m}\" when m >= 1 weight +1\n";
	struct bh_rule_set *set = load(text);
	struct bh_past_event *event;

	(void)state;
	past_night(&past, 8 * 60);
	event = past_event(&past, BH_EVENT_RESTLESS, 60, 9);
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "1");
	event->end_cause = BH_END_STOPPED;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "0");
	assert_string_equal(findings[0].evidence[1].text, "1");
	event->end_cause = BH_END_OPEN;
	event->end_ms = BH_WALL_UNKNOWN; /* to the last moment known: seven hours later */
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "0");
	assert_string_equal(findings[0].evidence[1].text, "1");
	bh_rule_set_free(set);
}

static void test_sleep_is_stillness_where_none_was_scored(void **state)
{
	static const char text[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "measure n = rate(leg_movement)/h in awake_before_sleep\n"
				   "evidence \"{n}\" when n >= 1 weight +1\n";
	struct bh_rule_set *set = load(text);

	(void)state;
	past_night(&past, 8 * 60);
	/* Twenty minutes that move a little more than two seconds a minute, then stillness. */
	for (int i = 0; i < 40; i++)
		past.epochs[0][i].epoch.moving_permille = 34;
	for (int i = 0; i < 10; i++)
		past_event(&past, BH_EVENT_LEG_MOVEMENT, 1 + 3 * i, 0);
	/* 1, 4 ... 19 min: seven of them in the twenty minutes awake */
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "21");
	/* Four still minutes in between are not sleep yet; five are. */
	for (int i = 10; i < 18; i++)
		past.epochs[0][i].epoch.moving_permille = 33;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "21");
	/* A stored scoring is believed: awake for the first half hour. */
	for (int i = 0; i < 960; i++)
		past.epochs[0][i].sleep = i < 60 ? BH_SLEEP_AWAKE : BH_SLEEP_ASLEEP;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "20");
	/* But for the evening: a formula takes legs that move every few minutes for sleep. Here it says
	 * asleep from the first minute; the legs came to rest after twenty. */
	for (int i = 0; i < 960; i++) {
		past.epochs[0][i].sleep = BH_SLEEP_ASLEEP;
		past.epochs[0][i].epoch.moving_permille = i < 40 ? 34 : 0;
	}
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "21");
	bh_rule_set_free(set);
}

/* Of a night with holes, of one whose begin nobody saw, or of few movements the summary gives no figure. */
static void test_a_figure_that_the_night_refused_stays_unknown(void **state)
{
	static const char text[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "measure n = median(plmi) measure p = median(pi_ferri)\n"
				   "evidence \"{n}\" when n >= 1 weight +1\n"
				   "evidence \"{p}\" when p >= 0 weight +1\n";
	struct bh_rule_set *set = load(text);
	struct bh_night *night;

	(void)state;
	night = &past_night(&past, 8 * 60)->night;
	past_event(&past, BH_EVENT_PLM_SERIES, 120, 30)->value = 30;
	for (int i = 0; i < 30; i++)
		past_event(&past, BH_EVENT_LEG_MOVEMENT, 120 + i, 0);
	/* Never summed up: worked out of its events. */
	assert_int_equal(evaluate(set, "x")->evidence[0].truth, BH_TRUTH_TRUE);
	assert_int_equal(findings[0].evidence[1].truth, BH_TRUTH_TRUE);
	/* A night summed up has one of the two at least: the mat told movement, or it was a whole night. */
	night->restless_periods = 0;
	assert_int_equal(evaluate(set, "x")->evidence[0].truth, BH_TRUTH_UNKNOWN);
	assert_int_equal(findings[0].evidence[1].truth, BH_TRUTH_UNKNOWN);
	night->restless_periods = BH_EPOCH_UNKNOWN;
	night->sleep.bed_min = 480;
	assert_int_equal(evaluate(set, "x")->evidence[0].truth, BH_TRUTH_UNKNOWN);
	/* Each figure by itself: an index may be known where the periodicity is not. */
	night->plm.index_asleep_milli = 4200;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "4.2");
	assert_int_equal(findings[0].evidence[1].truth, BH_TRUTH_UNKNOWN);
	bh_rule_set_free(set);
}

static void test_clock_times_are_local(void **state)
{
	static const char text[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "measure n = count(jolt between 01:00-02:00)\n"
				   "evidence \"{n}\" when n >= 1 weight +1\n";
	struct bh_rule_set *set = load(text);

	(void)state;
	past_night(&past, 8 * 60);
	past_event(&past, BH_EVENT_JOLT, 90, 1); /* 00:30 UTC */
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "0");
	past.nights[0].utc_offset_s = 3600;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "1");
	bh_rule_set_free(set);
}

static void test_red_flags_alone_and_now(void **state)
{
	struct bh_rule_set *set = load_library();
	int n;

	(void)state;
	past_night(&past, 2 * 60); /* far too little for any score */
	past_note(&past, "sudden", "yes");
	n = bh_rules_red_flags(set, &past.history, past.nights[0].night.date, findings,
			       BH_RULES_MAX);
	assert_int_equal(n, 1);
	assert_true(findings[0].red_flag);
	assert_int_equal(findings[0].band, BH_BAND_NO_DATA);
	assert_non_null(strstr(findings[0].says, "call emergency services"));
	for (int i = 0; i < 2; i++)
		past_night(&past, 8 * 60);
	n = bh_rules_red_flags(set, &past.history, past.nights[2].night.date, findings,
			       BH_RULES_MAX);
	assert_int_equal(n, 0);
	bh_rule_set_free(set);
}

static void test_a_frozen_baseline_is_used(void **state)
{
	static const char text[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "measure n = median(asym_delta)\n"
				   "evidence \"{n}\" when n > 1C weight +1\n";
	struct bh_rule_set *set = load(text);

	(void)state;
	past_night(&past, 8 * 60)->capabilities |= BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	past.nights[0].night.temp_delta_mdegc = 2500;
	assert_int_equal(evaluate(set, "x")->evidence[0].truth, BH_TRUTH_UNKNOWN);
	past.history.baseline_known = true;
	past.history.baseline_delta_mdegc = 300;
	assert_string_equal(evaluate(set, "x")->evidence[0].text, "2.2 \u00b0C");
	bh_rule_set_free(set);
}

static void test_a_rule_of_the_same_id_replaces(void **state)
{
	struct bh_rule_set *set = load_library();
	struct bh_rule_info before, after;
	struct bh_error err = { 0 };
	size_t n = bh_rule_set_size(set);
	static const char own[] = "rule cramp_like " HEAD "needs nights >= 2 of 7\n"
				  "measure n = count(jolt) evidence \"a\" when n >= 1 weight +1\n";

	(void)state;
	bh_rule_info(bh_rule_set_find(set, "cramp_like"), &before);
	assert_int_equal(before.nights_needed, 7);
	assert_int_equal(bh_rule_set_add_text(set, "own.rule", own, strlen(own), &err), 0);
	past_night(&past, 8 * 60);
	assert_int_equal(bh_rules_evaluate(set, &past.history, past.nights[0].night.date, findings,
					   BH_RULES_MAX),
			 -EINVAL); /* not finished */
	assert_int_equal(bh_rule_set_finish(set, &err), 0);
	bh_rule_info(bh_rule_set_find(set, "cramp_like"), &after);
	assert_int_equal(bh_rule_set_size(set), n);
	assert_int_equal(after.nights_needed, 2);
	assert_string_equal(after.file, "own.rule");
	assert_string_not_equal(before.hash, after.hash);
	assert_int_equal(bh_rules_evaluate(set, &past.history, 20200101, findings, BH_RULES_MAX),
			 -ENOENT);
	bh_rule_set_free(set);
}

static void test_reach_covers_hold_keep_and_dates(void **state)
{
	struct bh_rule_set *set = load_library();
	struct bh_profile_item date = { .key = "cramp_drug_since", .value = "2026-03-01" };

	(void)state;
	/* the longest of the library: fluids, 21 nights, hold 2, keep 5 */
	assert_int_equal(bh_rule_set_reach(set, NULL, 0), 28);
	assert_int_equal(bh_rule_set_reach(set, &date, 1), 121 + 2 + 5);
	bh_rule_set_free(set);
}

static void test_the_verdict_is_the_strongest_class(void **state)
{
	struct bh_finding two[2] = {
		{ .class = BH_RULE_CIRCULATION, .band = BH_BAND_NO_DATA },
		{ .class = BH_RULE_NEUROLOGICAL, .band = BH_BAND_NO_DATA },
	};

	(void)state;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_NO_DATA);
	two[0].band = BH_BAND_NOT_SEEN;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_NONE);
	two[0].band = BH_BAND_SOME;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_CIRCULATION);
	two[1].band = BH_BAND_SOME;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_MIXED);
	two[1].band = BH_BAND_STRONG;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_NEUROLOGICAL);
	two[0].class = BH_RULE_MUSCULAR;
	two[0].band = BH_BAND_STRONG;
	two[1].band = BH_BAND_NOT_SEEN;
	assert_int_equal(bh_rules_verdict(two, 2), BH_VERDICT_MUSCULAR);
}

static void test_what_would_tell_two_apart(void **state)
{
	struct bh_rule_set *set = load_library();
	char text[BH_EVIDENCE_TEXT_MAX];

	(void)state;
	for (int i = 0; i < 7; i++) {
		past_night(&past, 8 * 60);
		past_event(&past, BH_EVENT_JOLT, 100, 1);
	}
	assert_int_equal(evaluate(set, "cramp_like")->band, BH_BAND_SOME);
	assert_true(bh_rules_tell_apart(set, findings, bh_rule_set_size(set), text, sizeof(text)) >
		    0);
	assert_non_null(strstr(text, "a diary entry (cramp)"));
	assert_int_equal(bh_rules_tell_apart(set, findings, 0, text, sizeof(text)), 0);
	assert_string_equal(text, "");
	bh_rule_set_free(set);
}

static void test_nobody_is_asked_for_a_sensor(void **state)
{
	static const char text[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "measure t = median(temp_left) measure n = count(jolt)\n"
				   "evidence \"jolts\" when n >= 0 weight +1\n"
				   "evidence \"warm\" when t > 30C weight +2\n%s";
	char rule[1024], told[BH_EVIDENCE_TEXT_MAX];
	struct bh_rule_set *set;

	(void)state;
	past_night(&past, 8 * 60);
	snprintf(rule, sizeof(rule), text, "");
	set = load(rule);
	assert_int_equal(evaluate(set, "x")->evidence[1].truth, BH_TRUTH_UNKNOWN);
	bh_rules_tell_apart(set, findings, 1, told, sizeof(told));
	assert_string_equal(told, "No answer or diary entry would tell more now: this bed cannot tell "
				  "the temperature of the left leg (sensor temp_left).");
	bh_rule_set_free(set);
	/* A calibration can be had: it goes before a sensor, and the person is told how. */
	past.nights[0].capabilities |= BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	past.nights[0].capabilities &= ~BH_CAN_TEMP_ABSOLUTE;
	set = load("rule x " HEAD "needs nights >= 1 of 1\n"
		   "measure t = median(asym_abs) measure n = count(jolt)\n"
		   "evidence \"jolts\" when n >= 0 weight +1\n"
		   "evidence \"cool\" when t < -2C weight +2\n");
	assert_string_equal(evaluate(set, "x")->evidence[1].missing,
			    "not yet: calibrate the thermometers for the true difference between the "
			    "legs (bedside calibrate thermometers) (sensor temp_absolute)");
	bh_rules_tell_apart(set, findings, 1, told, sizeof(told));
	assert_string_equal(told, "No answer or diary entry would tell more now, but this would: calibrate "
				  "the thermometers for the true difference between the legs (bedside "
				  "calibrate thermometers) (sensor temp_absolute).");
	bh_rule_set_free(set);
	past.nights[0].capabilities &= ~(BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT);
	snprintf(rule, sizeof(rule), text, "evidence \"asked\" when profile.statin weight +0.5\n");
	set = load(rule);
	evaluate(set, "x");
	bh_rules_tell_apart(set, findings, 1, told, sizeof(told));
	assert_string_equal(told, "What would tell most now: not answered yet: Takes a statin "
				  "(profile statin).");
	bh_rule_set_free(set);
	set = load("rule x " HEAD "needs nights >= 1 of 1\nmeasure n = count(jolt)\n"
		   "evidence \"jolts\" when n >= 0 weight +1\n");
	evaluate(set, "x");
	bh_rules_tell_apart(set, findings, 1, told, sizeof(told));
	assert_string_equal(told, "Nothing is missing that would tell more now: more nights may.");
	bh_rule_set_free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hold_and_keep_over_nights),
		cmocka_unit_test_setup_teardown(test_backtest_says_what_evaluation_said, begin,
						end),
		cmocka_unit_test_setup_teardown(test_diff_shows_the_nights_that_change, begin, end),
		cmocka_unit_test_setup_teardown(test_a_child_takes_its_parents_evidence, begin,
						end),
		cmocka_unit_test_setup_teardown(test_what_is_missing_is_said, begin, end),
		cmocka_unit_test_setup_teardown(test_an_interval_nobody_ended_has_no_longest_time,
						begin, end),
		cmocka_unit_test_setup_teardown(test_sleep_is_stillness_where_none_was_scored,
						begin, end),
		cmocka_unit_test_setup_teardown(test_a_figure_that_the_night_refused_stays_unknown,
						begin, end),
		cmocka_unit_test_setup_teardown(test_clock_times_are_local, begin, end),
		cmocka_unit_test_setup_teardown(test_red_flags_alone_and_now, begin, end),
		cmocka_unit_test_setup_teardown(test_a_frozen_baseline_is_used, begin, end),
		cmocka_unit_test_setup_teardown(test_a_rule_of_the_same_id_replaces, begin, end),
		cmocka_unit_test_setup_teardown(test_reach_covers_hold_keep_and_dates, begin, end),
		cmocka_unit_test(test_the_verdict_is_the_strongest_class),
		cmocka_unit_test_setup_teardown(test_what_would_tell_two_apart, begin, end),
		cmocka_unit_test_setup_teardown(test_nobody_is_asked_for_a_sensor, begin, end),
	};

	return cmocka_run_group_tests_name("rule_past", tests, NULL, NULL);
}
