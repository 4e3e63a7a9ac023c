/* SPDX-License-Identifier: MIT */
/* The built-in library: it loads, its embedded tests pass, and no text says what it must not. */
#include "rules/rule.h"

#include <ctype.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_embedded_test_passes),
	};

	return cmocka_run_group_tests_name("rule_library", tests, load, unload);
}
