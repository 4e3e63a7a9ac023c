/* SPDX-License-Identifier: MIT */
/* Every example of rules/LANGUAGE.md loads, and its tests pass. */
#include "rules/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define README RULES_DIR "/LANGUAGE.md"
#define TEXT_MAX 65536
/* What an example that is only a part stands in. */
#define HEAD                                                                                       \
	"rule example class muscular status testing purpose \"p\" source \"s\" says \"x\" "        \
	"needs nights >= 3 of 14 coverage 80% prior 0.5\n"
#define TAIL "\nevidence \"z\" when profile.spine weight +1\n"

static int print_failure(void *ctx, const struct bh_rule_test *result)
{
	(void)ctx;
	if (!result->passed)
		print_error("%s: %s\n", result->name, result->detail);
	return 0;
}

/* An example is a whole rule if it has the statement that begins one. */
static int load_example(const char *example, int number)
{
	static char text[TEXT_MAX];
	struct bh_error err = { 0 };
	struct bh_rule_set *set;
	char name[32], line[700];
	bool whole = strstr(example, "\nrule ") || strncmp(example, "rule ", 5) == 0;
	int r;

	snprintf(text, sizeof(text), "%s%s%s", whole ? "" : HEAD, example, whole ? "" : TAIL);
	snprintf(name, sizeof(name), "example-%d", number);
	assert_int_equal(bh_rule_set_new(&set), 0);
	r = bh_rule_set_add_text(set, name, text, strlen(text), &err);
	if (r == 0)
		r = bh_rule_set_finish(set, &err);
	if (r < 0) {
		bh_error_print(&err, line, sizeof(line));
		print_error("%s\n", line);
	} else {
		r = bh_rules_test(set, NULL, print_failure, NULL);
	}
	bh_rule_set_free(set);
	return r;
}

static void test_every_example_holds(void **state)
{
	static char text[TEXT_MAX];
	FILE *file = fopen(README, "r");
	int n = 0, faults = 0;
	char *at, *end;

	(void)state;
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	for (at = strstr(text, "\n```rule\n"); at; at = strstr(end + 1, "\n```rule\n")) {
		at += strlen("\n```rule\n");
		end = strstr(at, "\n```");
		assert_non_null(end);
		*end = '\0';
		faults += load_example(at, ++n) == 0 ? 0 : 1;
	}
	assert_true(n >= 5);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_example_holds) };

	return cmocka_run_group_tests_name("rule_readme", tests, NULL, NULL);
}
