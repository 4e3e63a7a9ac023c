/* SPDX-License-Identifier: MIT */
/* bedside rules diff: on which nights of one's own past two versions of rules say different things. */
#include "hub/cli/output.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/rules_past.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"

#include <errno.h>
#include <stdio.h>

static const struct bh_table_column columns[] = {
	{ "NIGHT", false, false }, { "RULE", false, false }, { "OLD SAYS", false, true },
	{ "NEW SAYS", false, true }, { NULL, false, false },
};

struct diff {
	struct bh_cli *cli;
	const struct bh_cli_history *history;
	const struct bh_rule_set *sets[2];
	struct bh_table *table;
	bool simulated;
	size_t n;
};

static json_t *json_side(const struct bh_finding *finding)
{
	json_t *object;

	if (!finding)
		return json_null();
	object = json_object();
	bh_json_text(object, "band", bh_band_name(finding->band));
	json_object_set_new(object, "red_flag", json_boolean(finding->red_flag));
	bh_json_text(object, "rule_hash", finding->rule_hash);
	return object;
}

static int each_difference(void *ctx, const struct bh_finding *before,
			   const struct bh_finding *after)
{
	const struct bh_finding *either = before ? before : after;
	struct diff *diff = ctx;
	char date[BH_CLI_TIME_MAX], texts[2][96];
	int r;

	diff->n++;
	bh_cli_date_text(either->night, date);
	if (diff->cli->json) {
		json_t *object = json_object();

		bh_json_text(object, "night", date);
		bh_json_text(object, "bed", bh_cli_bed_id(diff->history, either->bed));
		bh_json_text(object, "rule", either->rule);
		json_object_set_new(object, "old", json_side(before));
		json_object_set_new(object, "new", json_side(after));
		json_object_set_new(object, "simulated", json_boolean(diff->simulated));
		r = bh_json_line(object);
	} else {
		const char *const cells[] = {
			date, either->rule,
			before ? bh_cli_rules_outcome(before, texts[0], sizeof(texts[0])) :
				 "(no such rule)",
			after ? bh_cli_rules_outcome(after, texts[1], sizeof(texts[1])) :
				"(no such rule)",
		};

		r = bh_table_add(diff->table, cells);
	}
	return r < 0 ? r : 0;
}

static int each_piece(void *ctx, const struct bh_history *past, int32_t from, int32_t to)
{
	struct diff *diff = ctx;

	return bh_rules_diff(diff->sets[0], diff->sets[1], past, from, to, each_difference, diff);
}

static int run(struct diff *diff, const struct bh_cli_rules_span *span)
{
	char from[BH_CLI_TIME_MAX], to[BH_CLI_TIME_MAX];
	int r;

	diff->simulated = span->simulated;
	bh_cli_banner(diff->cli, span->simulated);
	if (!diff->cli->json) {
		diff->table = bh_table_new(&diff->cli->terminal, columns);
		if (!diff->table)
			return -ENOMEM;
	}
	r = bh_cli_rules_walk(diff->history, span, diff->sets[0], diff->sets[1], each_piece, diff);
	if (r < 0 || diff->cli->json) {
		bh_table_free(diff->table);
		return r;
	}
	r = bh_table_finish(diff->table);
	if (r < 0)
		return r;
	if (diff->n == 0)
		printf("Nothing differs: from %s to %s both say the same of every night.\n",
		       bh_cli_date_text(span->from, from), bh_cli_date_text(span->to, to));
	else
		printf("\n%zu difference%s from %s to %s.\n", diff->n, diff->n == 1 ? "" : "s",
		       bh_cli_date_text(span->from, from), bh_cli_date_text(span->to, to));
	return 0;
}

static int with_rules(struct diff *diff, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	struct bh_cli_rules_span span;
	int r, code = bh_cli_history_open(diff->cli, args, &history);

	if (code != BH_EXIT_OK)
		return code;
	diff->history = &history;
	code = bh_cli_rules_span(&history, args, "rules diff", &span);
	if (code == BH_EXIT_OK) {
		r = run(diff, &span);
		if (r < 0)
			code = bh_cli_history_fail(&history, r);
	}
	bh_cli_history_close(&history);
	return code;
}

int bh_cli_rules_diff(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct diff diff = { .cli = cli };
	struct bh_rule_set *before, *after;
	int code;

	if (args->n_words != 3)
		return bh_cli_misuse("rules diff", "name two: bedside rules diff OLD NEW, each a file "
						   "of rules or a folder of them");
	code = bh_cli_rules_load_with(cli, args->words[1], &before);
	if (code != BH_EXIT_OK)
		return code;
	code = bh_cli_rules_load_with(cli, args->words[2], &after);
	if (code == BH_EXIT_OK) {
		diff.sets[0] = before;
		diff.sets[1] = after;
		code = with_rules(&diff, args);
		bh_rule_set_free(after);
	}
	bh_rule_set_free(before);
	return code;
}
