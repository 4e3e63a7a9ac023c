/* SPDX-License-Identifier: MIT */
#include "hub/cli/night.h"

#include "hub/cli/findings.h"
#include "hub/cli/night_figures.h"
#include "hub/cli/output.h"
#include "hub/cli/timeline.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* As wide as tracks.c can, as narrow as the labels allow. */
#define WIDTH_MIN 60
#define WIDTH_MAX 200

static const struct bh_cli_option options[] = {
	{ "night", "DATE", "the date of its evening, last (the default), or -1 for the one before" },
	{ "bed", "ID", "this bed (the first is the default)" },
	{ "width", "N", "as many columns, whatever the terminal says" },
	{ "unicode", NULL, "block letters also into a pipe" },
	{ NULL, NULL, NULL },
};

static json_t *json_epoch(const struct bh_past_epoch *past)
{
	const struct bh_epoch *epoch = &past->epoch;
	json_t *object = json_object();

	bh_json_number(object, "start_ms", past->start_ms, BH_WALL_UNKNOWN);
	bh_json_text(object, "sleep",
		     past->sleep == BH_SLEEP_UNKNOWN ? NULL : bh_sleep_name(past->sleep));
	bh_json_text(object, "position", bh_position_name(epoch->position));
	bh_json_number(object, "coverage_permille", epoch->coverage_permille, BH_EPOCH_UNKNOWN);
	bh_json_number(object, "occupied_permille", epoch->occupied_permille, BH_EPOCH_UNKNOWN);
	bh_json_number(object, "moving_permille", epoch->moving_permille, BH_EPOCH_UNKNOWN);
	bh_json_number(object, "temp_left_mdegc", epoch->temp_mdegc[BH_TEMP_LEFT], BH_EPOCH_UNKNOWN);
	bh_json_number(object, "temp_right_mdegc", epoch->temp_mdegc[BH_TEMP_RIGHT],
		       BH_EPOCH_UNKNOWN);
	bh_json_number(object, "temp_room_mdegc", epoch->temp_mdegc[BH_TEMP_ROOM], BH_EPOCH_UNKNOWN);
	return object;
}

static int print_json(const struct bh_cli_history *history, const struct bh_past_night *past)
{
	json_t *object = bh_json_night(history, &past->night), *epochs = json_array();

	for (size_t i = 0; i < past->n_epochs; i++)
		json_array_append_new(epochs, json_epoch(&past->epochs[i]));
	json_object_set_new(object, "epochs", epochs);
	return bh_json_line(object);
}

int bh_cli_night_print(const struct bh_cli *cli, const struct bh_cli_history *history, int bed,
		       int32_t date)
{
	struct bh_store_past past;
	struct bh_timeline timeline;
	char text[BH_CLI_TIME_MAX];
	int r = bh_store_past(history->store, bed, date, date, &past);

	if (r < 0)
		return bh_cli_history_fail(history, r);
	if (past.history.n_nights == 0) {
		bh_store_past_free(&past);
		return bh_cli_fail_text(BH_EXIT_DATA,
					"%s: nothing is known of the night of %s: bedside nights "
					"lists those there are",
					history->path, bh_cli_date_text(date, text));
	}
	if (cli->json) {
		r = print_json(history, &past.history.nights[0]);
	} else {
		timeline = (struct bh_timeline){ .past = &past.history.nights[0],
						 .capabilities = bh_cli_bed_capabilities(history, bed),
						 .bed = bh_cli_bed_name(history, bed) };
		bh_timeline_print(&timeline, &cli->terminal, stdout);
		putchar('\n');
		bh_night_figures_print(&past.history.nights[0].night, cli->terminal.width,
				       stdout);
	}
	bh_store_past_free(&past);
	return r < 0 ? bh_cli_history_fail(history, r) : BH_EXIT_OK;
}

static int print_night(const struct bh_cli *cli, const struct bh_cli_history *history, int32_t date)
{
	struct bh_cli_findings findings;
	int bed = bh_cli_one_bed(history);
	int64_t start_ms, end_ms;
	int code;

	bh_night_bounds(date, &start_ms, &end_ms);
	bh_cli_banner(cli, bh_cli_simulated(history, start_ms, end_ms));
	code = bh_cli_night_print(cli, history, bed, date);
	if (code != BH_EXIT_OK || cli->json)
		return code;
	if (bh_cli_findings_load(history, bed, date, &findings) == 0 && findings.n > 0) {
		putchar('\n');
		bh_cli_verdict_print(cli, &findings);
		puts("The evidence, line by line: bedside rules explain");
		free(findings.finding);
	}
	return code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	int64_t width = cli->terminal.width;
	struct bh_cli_history history;
	struct bh_error err;
	int32_t date;
	int code;

	if (args->n_words > 0)
		return bh_cli_misuse("night", "unexpected word '%.40s' (a night is --night DATE)",
				     args->words[0]);
	if (bh_cli_number(args, "width", WIDTH_MIN, WIDTH_MAX, &width, &err) < 0)
		return bh_cli_misused("night", &err);
	cli->terminal.width = (int)width;
	cli->terminal.utf8 |= bh_cli_value(args, "unicode") != NULL;
	code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	code = bh_cli_night(&history, args, "night", &date);
	if (code == BH_EXIT_OK)
		code = print_night(cli, &history, date);
	bh_cli_history_close(&history);
	return code;
}

const struct bh_cli_verb bh_cli_verb_night = {
	.name = "night",
	.summary = "One night across the terminal",
	.text = "A row for each thing the bed can tell, an hour scale above, the night's sum at the end\n"
		"of each row. What the sensors could not see is marked as not known.",
	.options = options,
	.run = run,
};
