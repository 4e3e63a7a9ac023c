/* SPDX-License-Identifier: MIT */
#include "hub/cli/history.h"
#include "hub/cli/rows.h"
#include "hub/cli/table.h"
#include "hub/cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* More columns than this a terminal cannot show. */
#define COLUMNS_MAX 64

static const struct bh_cli_option options[] = {
	{ "csv", NULL, "comma-separated values with a head line (RFC 4180)" },
	{ NULL, NULL, NULL },
};

struct answer {
	const struct bh_cli *cli;
	struct bh_table *table;
	bool csv;
	size_t rows;
};

static int print_csv(const struct answer *answer, const struct bh_store_row *row)
{
	if (answer->rows == 0)
		bh_row_csv_head(stdout, row);
	return bh_row_csv(stdout, row);
}

static int add_row(struct answer *answer, const struct bh_store_row *row)
{
	int n = row->n < COLUMNS_MAX ? row->n : COLUMNS_MAX;

	if (!answer->table) {
		struct bh_table_column columns[COLUMNS_MAX + 1] = { { NULL, false, false } };

		for (int i = 0; i < n; i++) {
			columns[i].name = row->names[i];
			columns[i].right = row->types[i] == BH_ROW_INTEGER || row->types[i] == BH_ROW_FLOAT;
			columns[i].wide = !columns[i].right;
		}
		answer->table = bh_table_new(&answer->cli->terminal, columns);
		if (!answer->table)
			return -ENOMEM;
	}
	return bh_table_add(answer->table, row->values);
}

static int each_row(void *ctx, const struct bh_store_row *row)
{
	struct answer *answer = ctx;
	int r = answer->cli->json ? bh_row_json(stdout, row) :
		answer->csv	  ? print_csv(answer, row) :
				    add_row(answer, row);

	answer->rows++;
	return r;
}

static int fail_sql(int r, const struct bh_error *err)
{
	if (r == -EROFS)
		return bh_cli_fail_text(BH_EXIT_USAGE,
					"sql: this statement would write: the history is only read "
					"here; write SELECT ...");
	if (r == -EINVAL)
		return bh_cli_misused("sql", err);
	return bh_cli_fail(bh_cli_exit_data(r), err);
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct answer answer = { .cli = cli, .csv = bh_cli_value(args, "csv") != NULL };
	struct bh_error err = { .text = "cannot be read" };
	struct bh_cli_history history;
	int r, code;

	if (args->n_words != 1)
		return bh_cli_misuse("sql", args->n_words == 0 ?
						    "no statement: bedside sql \"SELECT ...\"" :
						    "more than one word: put the statement in quotes");
	if (answer.csv && cli->json)
		return bh_cli_misuse("sql", "--csv and --json: choose one");
	code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	r = bh_store_sql(history.store, args->words[0], each_row, &answer, &err);
	if (r == 0 && !cli->json && !answer.csv)
		bh_cli_banner(cli, bh_cli_simulated(&history, 0, 0));
	if (answer.table && r == 0)
		r = bh_table_finish(answer.table);
	else
		bh_table_free(answer.table);
	if (r < 0)
		code = fail_sql(r, &err);
	bh_cli_history_close(&history);
	return code;
}

const struct bh_cli_verb bh_cli_verb_sql = {
	.name = "sql",
	.words = "STATEMENT",
	.summary = "Ask the history in SQL",
	.text = "One statement that reads. The documented views have names that stay and local times:\n"
		"bedside sql \"SELECT name FROM sqlite_schema WHERE type = 'view'\"",
	.options = options,
	.run = run,
};
