/* SPDX-License-Identifier: MIT */
/* bedside rules backtest: what a rule would have said each night, beside what was said. */
#include "hub/cli/output.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/rules_past.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct bh_table_column columns[] = {
	{ "NIGHT", false, false },  { "RULE", false, false },	 { "NIGHTS", true, false },
	{ "WOULD SAY", false, true }, { "WAS SAID", false, true }, { "CHANGED", false, false },
	{ NULL, false, false },
};

struct backtest {
	const struct bh_cli *cli;
	const struct bh_cli_history *history;
	const struct bh_rule_set *set;
	const char *rule; /* one rule's id, or */
	const char *file; /* every rule of this file or folder */
	struct bh_table *table;
	struct bh_finding *said; /* scratch: what the history holds of the night and rule */
	bool was_said;
	bool simulated;
	size_t nights, unsaid, changed;
};

static int keep_said(void *ctx, const struct bh_finding *finding)
{
	struct backtest *backtest = ctx;

	if (strcmp(finding->rule, backtest->said->rule) != 0)
		return 0;
	*backtest->said = *finding;
	backtest->was_said = true;
	return 0;
}

/* What was stored that night under the rule's id. @return 0 or the store's negative errno. */
static int find_said(struct backtest *backtest, const struct bh_finding *would)
{
	*backtest->said = (struct bh_finding){ 0 };
	snprintf(backtest->said->rule, sizeof(backtest->said->rule), "%s", would->rule);
	backtest->was_said = false;
	return bh_store_findings(backtest->history->store, would->bed, would->night, keep_said,
				 backtest);
}

static json_t *json_outcome(const struct bh_finding *finding)
{
	json_t *object = json_object();

	bh_json_text(object, "band", bh_band_name(finding->band));
	json_object_set_new(object, "held", json_boolean(finding->held));
	json_object_set_new(object, "red_flag", json_boolean(finding->red_flag));
	json_object_set_new(object, "nights_used", json_integer(finding->nights_used));
	json_object_set_new(object, "nights_window", json_integer(finding->nights_window));
	bh_json_text(object, "rule_hash", finding->rule_hash);
	return object;
}

static int print_json(const struct backtest *backtest, const struct bh_finding *would, bool changed)
{
	json_t *object = json_object();
	char date[BH_CLI_TIME_MAX];

	bh_json_text(object, "night", bh_cli_date_text(would->night, date));
	bh_json_text(object, "bed", bh_cli_bed_id(backtest->history, would->bed));
	bh_json_text(object, "rule", would->rule);
	json_object_set_new(object, "would_say", json_outcome(would));
	json_object_set_new(object, "was_said",
			    backtest->was_said ? json_outcome(backtest->said) : json_null());
	json_object_set_new(object, "changed",
			    backtest->was_said ? json_boolean(changed) : json_null());
	json_object_set_new(object, "simulated", json_boolean(backtest->simulated));
	return bh_json_line(object);
}

static int print_row(const struct backtest *backtest, const struct bh_finding *would, bool changed)
{
	char date[BH_CLI_TIME_MAX], nights[32], now[96], then[96];
	const char *const cells[] = {
		bh_cli_date_text(would->night, date),
		would->rule,
		nights,
		bh_cli_rules_outcome(would, now, sizeof(now)),
		backtest->was_said ? bh_cli_rules_outcome(backtest->said, then, sizeof(then)) : NULL,
		changed ? "changed" : "",
	};

	snprintf(nights, sizeof(nights), "%d of %d", (int)would->nights_used,
		 (int)would->nights_window);
	return bh_table_add(backtest->table, cells);
}

static bool is_asked(const struct backtest *backtest, const char *id)
{
	struct bh_rule_info info;
	size_t n;

	if (!backtest->file)
		return true;
	bh_rule_info(bh_rule_set_find(backtest->set, id), &info);
	n = strlen(backtest->file);
	return strncmp(info.file, backtest->file, n) == 0 &&
	       (info.file[n] == '\0' || info.file[n] == '/' || backtest->file[n - 1] == '/');
}

static int each_finding(void *ctx, const struct bh_finding *would)
{
	struct backtest *backtest = ctx;
	bool changed;
	int r;

	if (!is_asked(backtest, would->rule))
		return 0;
	r = find_said(backtest, would);
	if (r < 0)
		return r;
	changed = backtest->was_said && (would->band != backtest->said->band ||
					 would->red_flag != backtest->said->red_flag);
	backtest->nights++;
	backtest->unsaid += !backtest->was_said;
	backtest->changed += changed;
	r = backtest->cli->json ? print_json(backtest, would, changed) :
				  print_row(backtest, would, changed);
	return r < 0 ? r : 0;
}

static int each_piece(void *ctx, const struct bh_history *past, int32_t from, int32_t to)
{
	struct backtest *backtest = ctx;

	return bh_rules_backtest(backtest->set, backtest->rule, past, from, to, each_finding,
				 backtest);
}

static int finish(struct backtest *backtest)
{
	int r = bh_table_finish(backtest->table);

	if (r < 0)
		return r;
	printf("\n%zu evaluation%s, %zu changed", backtest->nights,
	       backtest->nights == 1 ? "" : "s", backtest->changed);
	if (backtest->unsaid > 0)
		printf(", %zu without anything stored to compare with", backtest->unsaid);
	puts(".");
	return 0;
}

static int run(struct backtest *backtest, const struct bh_cli_rules_span *span)
{
	int r = 0;

	backtest->simulated = span->simulated;
	bh_cli_banner(backtest->cli, span->simulated);
	backtest->said = calloc(1, sizeof(*backtest->said));
	if (!backtest->cli->json)
		backtest->table = bh_table_new(&backtest->cli->terminal, columns);
	if (!backtest->said || (!backtest->cli->json && !backtest->table))
		r = -ENOMEM;
	if (r == 0)
		r = bh_cli_rules_walk(backtest->history, span, backtest->set, NULL, each_piece,
				      backtest);
	if (r == 0 && backtest->table)
		r = finish(backtest);
	else
		bh_table_free(backtest->table);
	free(backtest->said);
	return r;
}

/* A rule's id has neither dot nor slash: what has one is a file. */
static bool is_path(const char *word)
{
	return strpbrk(word, "./") != NULL;
}

static int with_rules(struct backtest *backtest, struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	struct bh_cli_rules_span span;
	int r, code = BH_EXIT_OK;

	if (backtest->rule && !bh_rule_set_find(backtest->set, backtest->rule))
		return bh_cli_rules_unknown(backtest->set, "rules backtest", backtest->rule);
	code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	backtest->history = &history;
	code = bh_cli_rules_span(&history, args, "rules backtest", &span);
	if (code == BH_EXIT_OK) {
		r = run(backtest, &span);
		if (r < 0)
			code = bh_cli_history_fail(&history, r);
	}
	bh_cli_history_close(&history);
	return code;
}

int bh_cli_rules_backtest(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *with = bh_cli_value(args, "rules");
	struct backtest backtest = { .cli = cli };
	struct bh_rule_set *set;
	int code;

	if (args->n_words != 2)
		return bh_cli_misuse("rules backtest", "name one rule: its id, or a file that holds it");
	if (!is_path(args->words[1]))
		backtest.rule = args->words[1];
	else if (with)
		return bh_cli_misuse("rules backtest",
				     "with --rules the rule is an id, not the file '%.80s'",
				     args->words[1]);
	else
		with = backtest.file = args->words[1];
	code = bh_cli_rules_load_with(cli, with, &set);
	if (code != BH_EXIT_OK)
		return code;
	backtest.set = set;
	code = with_rules(&backtest, cli, args);
	bh_rule_set_free(set);
	return code;
}
