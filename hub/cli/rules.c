/* SPDX-License-Identifier: MIT */
/* bedside rules list | check | test: the rules themselves. The words about a history are in explain.c,
 * rules_backtest.c and rules_diff.c. */
#include "hub/cli/explain.h"
#include "hub/cli/output.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/rules_past.h"
#include "hub/cli/table.h"
#include "hub/cli/verbs.h"
#include "hub/core/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct bh_cli_option options[] = {
	{ "night", "DATE", "explain: the date of its evening, last (the default), or -1, ..." },
	{ "since", "DATE", "backtest, diff: " BH_CLI_SINCE_NIGHT },
	{ "until", "DATE", "backtest, diff: " BH_CLI_UNTIL_NIGHT },
	{ "rules", "PATH", "backtest: find the rule in this file or folder first" },
	{ "bed", "ID", "explain, backtest, diff: this bed (the first is the default)" },
	{ NULL, NULL, NULL },
};

static const struct bh_table_column list_columns[] = {
	{ "RULE", false, false },     { "CLASS", false, false }, { "STATUS", false, false },
	{ "NIGHTS", true, false },    { "LINES", true, false },	 { "TESTS", true, false },
	{ "PURPOSE", false, true },   { NULL, false, false },
};

static int list_json(const struct bh_rule_info *info)
{
	json_t *object = json_object();

	bh_json_text(object, "rule", info->id);
	bh_json_text(object, "class", bh_rule_class_name(info->class));
	bh_json_text(object, "status", info->status);
	bh_json_text(object, "purpose", info->purpose);
	bh_json_text(object, "parent", info->parent);
	bh_json_text(object, "file", info->file);
	json_object_set_new(object, "line", json_integer(info->line));
	bh_json_text(object, "hash", info->hash);
	json_object_set_new(object, "nights_needed", json_integer(info->nights_needed));
	json_object_set_new(object, "nights_window", json_integer(info->nights_window));
	json_object_set_new(object, "evidence", json_integer((json_int_t)info->n_evidence));
	json_object_set_new(object, "sources", json_integer((json_int_t)info->n_sources));
	json_object_set_new(object, "tests", json_integer((json_int_t)info->n_tests));
	return bh_json_line(object);
}

static int list_row(struct bh_table *table, const struct bh_rule_info *info)
{
	char nights[32], lines[16], tests[16];
	const char *const cells[] = { info->id,
				      bh_rule_class_name(info->class),
				      info->status,
				      nights,
				      lines,
				      tests,
				      info->purpose };

	snprintf(nights, sizeof(nights), "%d of %d", info->nights_needed, info->nights_window);
	snprintf(lines, sizeof(lines), "%zu", info->n_evidence);
	snprintf(tests, sizeof(tests), "%zu", info->n_tests);
	return bh_table_add(table, cells);
}

/* By class, as the findings; in each as the files have them. */
static int list_class(const struct bh_cli *cli, const struct bh_rule_set *set,
		      enum bh_rule_class class, struct bh_table *table)
{
	int r = 0;

	for (size_t i = 0; i < bh_rule_set_size(set) && r >= 0; i++) {
		struct bh_rule_info info;

		bh_rule_info(bh_rule_set_at(set, i), &info);
		if (info.class == class)
			r = cli->json ? list_json(&info) : list_row(table, &info);
	}
	return r;
}

static int list(struct bh_cli *cli, const struct bh_cli_args *args)
{
	static const char *const spare[] = { "LINES", "TESTS", "STATUS", NULL };
	struct bh_rule_set *set;
	struct bh_table *table = NULL;
	int code, r = 0;

	if (args->n_words > 1)
		return bh_cli_misuse("rules list", "unexpected word '%.40s'", args->words[1]);
	code = bh_cli_rules_load(cli, &set);
	if (code != BH_EXIT_OK)
		return code;
	if (!cli->json)
		table = bh_table_new(&cli->terminal, list_columns);
	if (!cli->json && !table)
		r = -ENOMEM;
	if (table)
		bh_table_spare(table, spare);
	for (int class = BH_RULE_NO_CLASS; class <= BH_RULE_MUSCULAR && r >= 0; class++)
		r = list_class(cli, set, (enum bh_rule_class)class, table);
	if (table && r >= 0)
		r = bh_table_finish(table);
	else
		bh_table_free(table);
	bh_rule_set_free(set);
	return r < 0 ? bh_cli_fail_text(BH_EXIT_FAILURE, "rules list: %s", strerror(-r)) : BH_EXIT_OK;
}

static void report_checked(const struct bh_cli *cli, const char *path,
			   const struct bh_rule_set *set)
{
	for (size_t i = 0; i < bh_rule_set_size(set); i++) {
		struct bh_rule_info info;

		bh_rule_info(bh_rule_set_at(set, i), &info);
		if (strcmp(info.file, path) != 0)
			continue;
		if (cli->json)
			list_json(&info);
		else
			printf("%s:%d: rule %s is right: %zu evidence lines, %zu tests\n", path,
			       info.line, info.id, info.n_evidence, info.n_tests);
	}
}

static int check(struct bh_cli *cli, const struct bh_cli_args *args)
{
	int worst = BH_EXIT_OK;

	if (args->n_words < 2)
		return bh_cli_misuse("rules check", "no file: bedside rules check FILE...");
	for (int i = 1; i < args->n_words; i++) {
		struct bh_rule_set *set;
		int code = bh_cli_rules_load_file(args->words[i], &set);

		if (code != BH_EXIT_OK) {
			worst = code;
			continue;
		}
		report_checked(cli, args->words[i], set);
		bh_rule_set_free(set);
	}
	return worst;
}

struct testing {
	const struct bh_cli *cli;
	const struct bh_rule_set *set;
	const char *file; /* NULL: every rule */
	size_t passed;
	size_t failed;
};

static int each_test(void *ctx, const struct bh_rule_test *test)
{
	struct testing *testing = ctx;
	struct bh_rule_info info;

	bh_rule_info(bh_rule_set_find(testing->set, test->rule), &info);
	if (testing->file && strcmp(info.file, testing->file) != 0)
		return 0;
	if (test->passed)
		testing->passed++;
	else
		testing->failed++;
	if (testing->cli->json) {
		json_t *object = json_object();

		bh_json_text(object, "rule", test->rule);
		bh_json_text(object, "test", test->name);
		json_object_set_new(object, "passed", json_boolean(test->passed));
		bh_json_text(object, "detail", test->passed ? NULL : test->detail);
		return bh_json_line(object);
	}
	printf("%s  %s: %s%s%s\n", test->passed ? "pass" : "FAIL", test->rule, test->name,
	       test->passed ? "" : ": ", test->passed ? "" : test->detail);
	return 0;
}

static int test_set(struct testing *testing)
{
	int r = bh_rules_test(testing->set, NULL, each_test, testing);

	if (r >= 0)
		return BH_EXIT_OK;
	return bh_cli_fail_text(BH_EXIT_FAILURE, "rules test: %s", strerror(-r));
}

static int test_files(struct testing *testing, const struct bh_cli_args *args)
{
	int code = BH_EXIT_OK;

	for (int i = 1; i < args->n_words && code == BH_EXIT_OK; i++) {
		struct bh_rule_set *set;

		code = bh_cli_rules_load_file(args->words[i], &set);
		if (code != BH_EXIT_OK)
			return code;
		testing->set = set;
		testing->file = args->words[i];
		code = test_set(testing);
		bh_rule_set_free(set);
	}
	return code;
}

static int test(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct testing testing = { .cli = cli };
	struct bh_rule_set *set;
	int code;

	if (args->n_words > 1) {
		code = test_files(&testing, args);
	} else {
		code = bh_cli_rules_load(cli, &set);
		if (code != BH_EXIT_OK)
			return code;
		testing.set = set;
		code = test_set(&testing);
		bh_rule_set_free(set);
	}
	if (code != BH_EXIT_OK)
		return code;
	if (!cli->json)
		printf("%zu passed, %zu failed\n", testing.passed, testing.failed);
	if (testing.failed > 0)
		return bh_cli_fail_text(BH_EXIT_CONFIG,
					"rules test: %zu of %zu tests failed: the rule or its test is "
					"wrong",
					testing.failed, testing.passed + testing.failed);
	return BH_EXIT_OK;
}

static const struct {
	const char *name;
	int (*run)(struct bh_cli *cli, const struct bh_cli_args *args);
} parts[] = {
	{ "list", list },
	{ "check", check },
	{ "test", test },
	{ "explain", bh_cli_explain },
	{ "backtest", bh_cli_rules_backtest },
	{ "diff", bh_cli_rules_diff },
};

#define WORDS "list, check, test, explain, backtest or diff"
#define N_PARTS (sizeof(parts) / sizeof(parts[0]))

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *names[N_PARTS + 1] = { NULL };
	const char *near;

	if (args->n_words == 0)
		return bh_cli_misuse("rules", "say which: " WORDS);
	for (size_t i = 0; i < N_PARTS; i++) {
		names[i] = parts[i].name;
		if (strcmp(parts[i].name, args->words[0]) == 0)
			return parts[i].run(cli, args);
	}
	near = bh_suggest(args->words[0], names);
	return bh_cli_misuse("rules", "unknown word '%.40s': %s%s", args->words[0],
			     near ? "did you mean " : "say " WORDS,
			     near ? near : "");
}

static const struct bh_cli_option words[] = {
	{ "list", NULL, "every rule in force: built in, then the configuration's directories" },
	{ "check", NULL, "read rule files as the hub would, and say where they are wrong" },
	{ "test", NULL, "run the tests that the rules carry" },
	{ "explain", NULL, "the evidence of a night for and against each rule, with its sources" },
	{ "backtest", NULL, "what a rule would have said each night, beside what was said; RULE is an id, "
			    "or a file that is not installed yet" },
	{ "diff", NULL, "the nights on which two files or folders of rules say different things" },
	{ NULL, NULL, NULL },
};

const struct bh_cli_verb bh_cli_verb_rules = {
	.name = "rules",
	.words = "list | check FILE... | test [FILE...] | explain [RULE] | backtest RULE | diff OLD NEW",
	.summary = "The rules: which there are, whether a file is right, why they said what they said",
	.parts = words,
	.options = options,
	.run = run,
};
