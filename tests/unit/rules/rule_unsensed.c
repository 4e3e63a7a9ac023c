/* SPDX-License-Identifier: MIT */
/* What rules say of a bed that cannot sense what they look for. */
#include "rules/rule.h"
#include "tests/unit/rules/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define HEAD "class muscular status testing purpose \"p\" source \"s\" says \"t\" prior 0.5\n"

static struct past past;
static struct bh_finding findings[BH_RULES_MAX];
static struct bh_rule_set *set;

static int begin(void **state)
{
	struct bh_error err = { 0 };

	(void)state;
	past_init(&past);
	return bh_rule_set_new(&set) < 0 || bh_rule_set_add_builtin(set, &err) < 0 ||
			       bh_rule_set_finish(set, &err) < 0
		       ? -1
		       : 0;
}

static int end(void **state)
{
	(void)state;
	past_free(&past);
	bh_rule_set_free(set);
	return 0;
}

static const struct bh_finding *evaluate(const char *rule)
{
	int n = bh_rules_evaluate(set, &past.history, past.nights[past.n_nights - 1].night.date,
				  findings, BH_RULES_MAX);

	for (int i = 0; i < n; i++)
		if (strcmp(findings[i].rule, rule) == 0)
			return &findings[i];
	fail_msg("no finding of %s", rule);
	return NULL;
}

static void test_a_bed_without_the_sensor_says_so(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		past_night(&past, 8 * 60)->capabilities &= ~BH_CAN_LEGS;
	assert_string_equal(evaluate("leg_hanging")->says,
			    "This pattern cannot be looked for: this bed cannot tell whether the "
			    "legs are on the mat (sensor legs).");
	assert_string_equal(evaluate("leg_hanging")->no_data_reason,
			    "this bed cannot tell whether the legs are on the mat (sensor legs)");
	assert_string_equal(evaluate("leg_hanging")->evidence[0].missing,
			    "this bed cannot tell whether the legs are on the mat (sensor legs)");
	assert_string_equal(evaluate("cramp_salts")->no_data_reason,
			    "not answered yet: Kidney disease (profile kidney_disease)");
	past_answer(&past, "diuretic_loop", "no");
	assert_int_equal(evaluate("cramp_salts")->band, BH_BAND_NOT_SEEN);
}

/* A bed that tells movement, but neither of legs nor of the body, has nothing to look at for veins. */
static void test_answers_alone_are_no_pattern(void **state)
{
	(void)state;
	for (int i = 0; i < 8; i++)
		past_night(&past, 8 * 60)->not_looked_for =
			UINT64_C(1) << BH_EVENT_LEG_MOVEMENT | UINT64_C(1) << BH_EVENT_LARGE_MOVEMENT;
	past_answer(&past, "veins", "yes");
	assert_int_equal(evaluate("early_restless")->band, BH_BAND_NO_DATA);
	assert_non_null(strstr(evaluate("early_restless")->no_data_reason, "did not look for"));
	for (int i = 0; i < 8; i++)
		past.nights[i].not_looked_for = UINT64_C(1) << BH_EVENT_LEG_MOVEMENT;
	assert_int_equal(evaluate("early_restless")->band, BH_BAND_NOT_SEEN);
	/* Pads tell a few movements of the body: no sign of a calm night. */
	for (int i = 0; i < 8; i++)
		past.nights[i].capabilities &= ~(BH_CAN_LEG_MOVEMENT | BH_CAN_RESTLESSNESS);
	assert_int_equal(evaluate("early_restless")->band, BH_BAND_NO_DATA);
	for (int i = 0; i < evaluate("early_restless")->n_evidence; i++)
		assert_false(strstr(evaluate("early_restless")->evidence[i].text, "restless early") &&
			     evaluate("early_restless")->evidence[i].counted);
}

static void assert_bands(const char *text, enum bh_band want)
{
	struct bh_error err = { 0 };

	bh_rule_set_free(set);
	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_int_equal(bh_rule_set_add_text(set, "t", text, strlen(text), &err), 0);
	assert_int_equal(bh_rule_set_finish(set, &err), 0);
	assert_int_equal(evaluate("x")->band, want);
}

/* A pad tells that somebody moved, not how much: that is neither strong nor weak. And what a failed sensor
 * had shown did not happen. */
static void test_neither_the_unknown_nor_what_was_taken_back_counts(void **state)
{
	static const char seen[] = "rule x " HEAD "needs nights >= 1 of 1\nmeasure n = count(jolt)\n"
				   "evidence \"a\" when n >= 1 weight +2 else -2\n";
	static const char weak[] = "rule x " HEAD "needs nights >= 1 of 1\n"
				   "let weak = jolt [value < 50%]\nmeasure n = count(weak)\n"
				   "evidence \"a\" when n >= 1 weight +2 else -2\n";
	struct bh_past_event *jolt;

	(void)state;
	past_night(&past, 8 * 60);
	jolt = past_event(&past, BH_EVENT_JOLT, 100, 0);
	assert_bands(seen, BH_BAND_LIKENESS);
	assert_bands(weak, BH_BAND_LIKENESS);
	jolt->value = BH_VALUE_UNKNOWN;
	assert_bands(seen, BH_BAND_LIKENESS);
	assert_bands(weak, BH_BAND_NOT_SEEN);
	jolt->end_cause = BH_END_FAULT;
	assert_bands(seen, BH_BAND_NOT_SEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_bed_without_the_sensor_says_so, begin, end),
		cmocka_unit_test_setup_teardown(test_answers_alone_are_no_pattern, begin, end),
		cmocka_unit_test_setup_teardown(
			test_neither_the_unknown_nor_what_was_taken_back_counts, begin, end),
	};

	return cmocka_run_group_tests_name("rule_unsensed", tests, NULL, NULL);
}
