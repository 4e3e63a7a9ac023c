/* SPDX-License-Identifier: MIT */
/* bedside rules explain: what a night's findings rest on. */
#include "hub/cli/explain.h"

#include "hub/cli/findings.h"
#include "hub/cli/output.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/times.h"
#include "hub/core/night.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct explanation {
	struct bh_cli *cli;
	const struct bh_cli_history *history;
	const struct bh_rule_set *set;
	const char *only; /* a rule's id, NULL: all */
	bool simulated;
	char tell_apart[BH_SAYS_MAX]; /* what would tell the two likeliest patterns apart, or empty */
};

static void print_sources(const struct bh_cli *cli, const struct bh_rule *rule)
{
	const char *source;

	for (size_t i = 0; (source = bh_rule_source_at(rule, i)) != NULL; i++) {
		if (i == 0)
			puts("  sources:");
		bh_cli_wrapped(cli, "    - ", source);
	}
}

/* A finding stays as it was said; the rule may have changed since. */
static void print_rule(const struct explanation *explanation, const struct bh_finding *finding)
{
	const struct bh_rule *rule = bh_rule_set_find(explanation->set, finding->rule);
	struct bh_rule_info info;

	if (!rule) {
		puts("  This rule is no longer among the rules in force.");
		return;
	}
	bh_rule_info(rule, &info);
	if (strcmp(info.hash, finding->rule_hash) != 0)
		puts("  The rule has changed since this was said.");
	if (info.cause && explanation->cli->config->show_cause_names)
		printf("  clinicians call the described pattern: %s\n", info.cause);
	print_sources(explanation->cli, rule);
}

static int json_explain(const struct explanation *explanation, const struct bh_finding *finding)
{
	const struct bh_rule *rule = bh_rule_set_find(explanation->set, finding->rule);
	json_t *object = bh_json_finding(finding), *sources = json_array();
	const char *source;

	for (size_t i = 0; rule && (source = bh_rule_source_at(rule, i)) != NULL; i++)
		json_array_append_new(sources, json_string(source));
	bh_json_text(object, "bed", bh_cli_bed_id(explanation->history, finding->bed));
	json_object_set_new(object, "sources", sources);
	bh_json_text(object, "tell_apart",
		     explanation->tell_apart[0] ? explanation->tell_apart : NULL);
	json_object_set_new(object, "simulated", json_boolean(explanation->simulated));
	return bh_json_line(object);
}

static int print_findings(const struct explanation *explanation,
			  const struct bh_cli_findings *findings, int32_t date)
{
	char text[BH_CLI_TIME_MAX];
	bool any = false;

	if (!explanation->cli->json && !explanation->only && findings->n > 0) {
		bh_cli_verdict_print(explanation->cli, findings);
		putchar('\n');
	}
	for (size_t i = 0; i < findings->n; i++) {
		const struct bh_finding *finding = &findings->finding[i];

		if (explanation->only && strcmp(finding->rule, explanation->only) != 0)
			continue;
		if (explanation->cli->json) {
			json_explain(explanation, finding);
		} else {
			if (any)
				putchar('\n');
			bh_cli_finding_print(explanation->cli, explanation->set, finding);
			print_rule(explanation, finding);
		}
		any = true;
	}
	if (any)
		return BH_EXIT_OK;
	return bh_cli_fail_text(BH_EXIT_DATA,
				"%s: no rule was evaluated for the night of %s: let bedsided or "
				"bedside replay write it with rules in force",
				explanation->history->path, bh_cli_date_text(date, text));
}

static int explain_night(struct explanation *explanation, const struct bh_cli_args *args)
{
	const struct bh_cli_history *history = explanation->history;
	int bed = bh_cli_one_bed(history);
	struct bh_cli_findings findings;
	int64_t start_ms, end_ms;
	int32_t date;
	int r, code = bh_cli_night(history, args, "rules explain", &date);

	if (code != BH_EXIT_OK)
		return code;
	bh_night_bounds(date, &start_ms, &end_ms);
	explanation->simulated = bh_cli_simulated(history, start_ms, end_ms);
	r = bh_cli_findings_load(history, bed, date, &findings);
	if (r < 0)
		return bh_cli_history_fail(history, r);
	bh_cli_banner(explanation->cli, explanation->simulated);
	bh_rules_tell_apart(explanation->set, findings.finding, findings.n, explanation->tell_apart,
			    sizeof(explanation->tell_apart));
	code = print_findings(explanation, &findings, date);
	if (code == BH_EXIT_OK && !explanation->cli->json && explanation->tell_apart[0]) {
		putchar('\n');
		bh_cli_wrapped(explanation->cli, "", explanation->tell_apart);
	}
	free(findings.finding);
	return code;
}

int bh_cli_explain(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	struct explanation explanation = { .cli = cli, .history = &history };
	struct bh_rule_set *set;
	int code;

	if (args->n_words > 2)
		return bh_cli_misuse("rules explain", "unexpected word '%.40s'", args->words[2]);
	code = bh_cli_rules_load(cli, &set);
	if (code != BH_EXIT_OK)
		return code;
	explanation.set = set;
	explanation.only = args->n_words == 2 ? args->words[1] : NULL;
	if (explanation.only && !bh_rule_set_find(set, explanation.only))
		code = bh_cli_rules_unknown(set, "rules explain", explanation.only);
	if (code == BH_EXIT_OK)
		code = bh_cli_history_open(cli, args, &history);
	if (code == BH_EXIT_OK) {
		code = explain_night(&explanation, args);
		bh_cli_history_close(&history);
	}
	bh_rule_set_free(set);
	return code;
}
