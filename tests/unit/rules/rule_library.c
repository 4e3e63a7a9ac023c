/* SPDX-License-Identifier: MIT */
/* The built-in library: it loads, its embedded tests pass, and no text says what it must not. */
#include "rules/ast.h"
#include "rules/rule.h"
#include "tests/unit/wording.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static struct bh_rule_set *set;

static int load(void **state)
{
	struct bh_error err = { 0 };
	char line[700];

	(void)state;
	if (bh_rule_set_new(&set) < 0)
		return -1;
	if (bh_rule_set_add_builtin(set, &err) < 0 || bh_rule_set_finish(set, &err) < 0) {
		bh_error_print(&err, line, sizeof(line));
		print_error("%s\n", line);
		return -1;
	}
	return 0;
}

static int unload(void **state)
{
	(void)state;
	bh_rule_set_free(set);
	return 0;
}

static int print_failure(void *ctx, const struct bh_rule_test *result)
{
	int *n = ctx;

	(*n)++;
	if (!result->passed)
		print_error("%s:%d: %s: %s\n", result->rule, result->line, result->name,
			    result->detail);
	return 0;
}

static void test_every_embedded_test_passes(void **state)
{
	int n = 0;

	(void)state;
	assert_int_equal(bh_rules_test(set, NULL, print_failure, &n), 0);
	assert_true(n > 0);
}

/* Nor a percentage: of a likelihood there is none to be had. */
static int refuse(const char *rule, const char *text)
{
	const char *said = wording_forbidden(text);
	int found = 0;

	if (said) {
		print_error("%s says '%s': %s\n", rule, said, text);
		found++;
	}
	if (strchr(text, '%')) {
		print_error("%s says a percentage: %s\n", rule, text);
		found++;
	}
	return found;
}

static void test_no_text_says_what_it_must_not(void **state)
{
	int found = 0;

	(void)state;
	for (size_t i = 0; i < bh_rule_set_size(set); i++) {
		const struct bh_rule *rule = bh_rule_set_at(set, i);
		struct bh_rule_evidence evidence;
		struct bh_rule_info info;

		bh_rule_info(rule, &info);
		found += refuse(info.id, info.id) + refuse(info.id, info.purpose) +
			 refuse(info.id, info.says);
		for (size_t k = 0; bh_rule_evidence_at(rule, k, &evidence) == 0; k++)
			found += refuse(info.id, evidence.text);
		for (const struct bh_redflag *flag = rule->redflags; flag; flag = flag->next)
			found += refuse(info.id, flag->text);
	}
	assert_int_equal(found, 0);
	/* The guard itself can find something. */
	assert_non_null(wording_forbidden("This Diagnosis"));
	assert_non_null(wording_forbidden("normal"));
	assert_null(wording_forbidden("Normally both legs are warm"));
}

static void test_every_rule_names_its_cause_and_the_next_step(void **state)
{
	(void)state;
	for (size_t i = 0; i < bh_rule_set_size(set); i++) {
		const struct bh_rule *rule = bh_rule_set_at(set, i);
		struct bh_rule_info info;

		bh_rule_info(rule, &info);
		assert_non_null(info.cause);
		assert_false(wording_says(info.says, info.cause));
		assert_true(wording_says(info.says, "clinician") ||
			    wording_says(info.says, "ask"));
		assert_true(info.n_tests >= 3);
		assert_true(info.n_sources >= 1);
		assert_int_equal(rule->hold_nights, 2);
	}
}

static void test_nine_causes(void **state)
{
	static const char *const files[] = {
		"dehydration.rule",	 "electrolyte-imbalance.rule", "leg-hanging.rule",
		"medication.rule",	 "muscle-cramps.rule",	       "nerve-compression.rule",
		"poor-circulation.rule", "restless-legs.rule",	       "spinal-stenosis.rule",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		bool there = false;

		for (size_t k = 0; k < bh_rule_set_size(set); k++)
			there |= strcmp(bh_rule_set_at(set, k)->file, files[i]) == 0;
		assert_true(there);
	}
	assert_int_equal(bh_rule_set_size(set), 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_embedded_test_passes),
		cmocka_unit_test(test_no_text_says_what_it_must_not),
		cmocka_unit_test(test_every_rule_names_its_cause_and_the_next_step),
		cmocka_unit_test(test_nine_causes),
	};

	return cmocka_run_group_tests_name("rule_library", tests, load, unload);
}
