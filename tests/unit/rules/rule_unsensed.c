/* SPDX-License-Identifier: MIT */
/* What rules say of a bed that cannot sense what they look for. */
#include "rules/rule.h"
#include "tests/unit/rules/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_a_bed_without_the_sensor_says_so, begin, end),
		cmocka_unit_test_setup_teardown(test_answers_alone_are_no_pattern, begin, end),
	};

	return cmocka_run_group_tests_name("rule_unsensed", tests, NULL, NULL);
}
