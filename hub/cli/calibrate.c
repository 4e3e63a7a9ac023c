/* SPDX-License-Identifier: MIT */
/* bedside calibrate: step by step with the running daemon, or from a capture. */
#include "drivers/capture.h"
#include "hub/cli/hub.h"
#include "hub/cli/output.h"
#include "hub/cli/progress.h"
#include "hub/cli/verbs.h"
#include "hub/line/calibrate_capture.h"
#include "hub/line/replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Often enough to count flexions along, seldom enough to cost nothing. */
#define POLL_MS 250
#define WORDS_MAX 128

static const struct bh_cli_option options[] = {
	{ "bed", "ID", "which bed (default: the first)" },
	{ "changed", NULL, "the bed itself is another: its old empty level says nothing" },
	{ "from", "CAPTURE", "calibrate from a capture into --db, without a daemon" },
	{ NULL, NULL, NULL },
};

static int tell_end(const struct bh_cli *cli, const char *bed, const char *kind,
		    enum bh_refusal refusal)
{
	bool ok = refusal == BH_REFUSAL_NONE;

	if (cli->json)
		bh_json_line(json_pack("{s:s, s:s, s:b, s:o}", "bed", bed, "kind", kind, "ok", ok,
				       "refused",
				       ok ? json_null() : json_string(bh_refusal_name(refusal))));
	else if (ok)
		printf("%s: %s: calibrated\n", bed, kind);
	if (ok)
		return BH_EXIT_OK;
	return bh_cli_fail_text(BH_EXIT_FAILURE, "%s: %s: refused: %s", bed, kind,
				bh_refusal_text(refusal));
}

/* ---- from a capture ---- */

/* The capture stands for the bed that --bed names. */
static int name_bed(const struct bh_cli *cli, const char *bed, struct bh_config *config)
{
	if (!bed)
		return BH_EXIT_OK;
	for (uint8_t i = 0; i < cli->config->n_beds; i++) {
		if (strcmp(cli->config->beds[i].id, bed) != 0)
			continue;
		memcpy(config->beds[0].id, cli->config->beds[i].id, sizeof(config->beds[0].id));
		memcpy(config->beds[0].name, cli->config->beds[i].name,
		       sizeof(config->beds[0].name));
		return BH_EXIT_OK;
	}
	return bh_cli_fail_text(BH_EXIT_USAGE, "no bed '%.40s' in %s", bed, cli->config->path);
}

static int calibrate_into(struct bh_cli *cli, const struct bh_config *config,
			  const struct bh_calibrate_setup *setup)
{
	const char *path = cli->db_path ? cli->db_path : cli->config->database;
	struct bh_calibration_progress progress;
	struct bh_error err = { .text = "" };
	struct bh_store *store;
	int r = bh_store_open(path, BH_STORE_WRITE, &store, &err);

	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	r = bh_calibrate_capture(config, store, setup, &progress, &err);
	bh_store_close(store);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	return tell_end(cli, config->beds[0].id, bh_calibration_name(setup->kind),
			progress.refusal);
}

static int from_capture(struct bh_cli *cli, const struct bh_cli_args *args,
			const struct bh_calibrate_setup *setup)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_capture *capture;
	struct bh_config *config;
	int code, r;

	if (!cli->db_path && !cli->config_path)
		return bh_cli_misuse("calibrate", "say where to write: --db FILE (made if missing)");
	code = bh_cli_config(cli, false);
	if (code != BH_EXIT_OK)
		return code;
	/* A misspelt name must not cost an empty history. */
	r = bh_capture_open(bh_cli_value(args, "from"), &capture, &err);
	if (r == 0) {
		bh_capture_close(capture);
		r = bh_replay_config(cli->config, bh_cli_value(args, "from"), &config, &err);
	}
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	code = name_bed(cli, bh_cli_value(args, "bed"), config);
	if (code == BH_EXIT_OK)
		code = calibrate_into(cli, config, setup);
	bh_config_free(config);
	return code;
}

/* ---- with the daemon ---- */

/* What was last said, so that it is said once. */
struct talk {
	const struct bh_cli *cli;
	char step[WORDS_MAX];
	char obstacle[WORDS_MAX];
	struct bh_progress bar;
};

static int no_daemon(const char *socket, int r)
{
	if (r == -EACCES)
		return bh_cli_fail_text(BH_EXIT_UNAVAILABLE, "%s: only members of its group may ask "
				"the daemon: add yourself to group bedside", socket);
	return bh_cli_fail_text(BH_EXIT_UNAVAILABLE, "%s: no daemon answers (%s): start bedsided, or "
				"give a capture with --from", socket, strerror(-r));
}

static const char *text_of(const json_t *answer, const char *key)
{
	const char *text = json_string_value(json_object_get(answer, key));

	return text ? text : "";
}

static void show(struct talk *talk, const json_t *answer)
{
	char note[64] = "";
	json_int_t count = json_integer_value(json_object_get(answer, "count"));
	const char *step = text_of(answer, "prompt"), *obstacle = text_of(answer, "obstacle");

	if (strcmp(step, talk->step) != 0 && step[0]) {
		bh_progress_end(&talk->bar);
		fprintf(stderr, "%s\n", step);
	}
	if (strcmp(obstacle, talk->obstacle) != 0 && obstacle[0]) {
		bh_progress_end(&talk->bar);
		fprintf(stderr, "bedside: beginning anew: %s\n", obstacle);
	}
	snprintf(talk->step, sizeof(talk->step), "%s", step);
	snprintf(talk->obstacle, sizeof(talk->obstacle), "%s", obstacle);
	if (count > 0)
		snprintf(note, sizeof(note), "%d of %d", (int)count, BH_FLEXIONS);
	bh_progress_draw(&talk->bar, json_integer_value(json_object_get(answer, "done_permille")),
			 1000, note);
}

static void pause_ms(int ms)
{
	struct timespec wait = { .tv_nsec = ms * BH_NS_PER_MS };

	nanosleep(&wait, NULL);
}

static int end_of(const struct talk *talk, const json_t *answer)
{
	const char *why = text_of(answer, "refused");
	const char *kind = text_of(answer, "kind");

	if (kind[0] == '\0')
		return bh_cli_fail_text(BH_EXIT_FAILURE, "the daemon has begun anew: try again");
	for (int i = 0; why[0] && i <= BH_REFUSAL_STOPPED; i++)
		if (strcmp(bh_refusal_name((enum bh_refusal)i), why) == 0)
			return tell_end(talk->cli, text_of(answer, "bed"), kind,
					(enum bh_refusal)i);
	return tell_end(talk->cli, text_of(answer, "bed"), kind, BH_REFUSAL_NONE);
}

static int follow(struct talk *talk, const char *socket)
{
	json_t *answer = NULL;
	int r, code = -1;

	bh_interrupt_catch();
	bh_progress_begin(&talk->bar, "calibrating");
	while (code < 0) {
		if (bh_interrupted()) {
			r = bh_hub_ask(socket, "{\"command\":\"calibrate_cancel\"}", BH_HUB_TOLD_S, &answer);
			if (r == 0)
				json_decref(answer);
			bh_progress_end(&talk->bar);
			return bh_cli_fail_text(BH_EXIT_FAILURE, "abandoned; nothing has changed");
		}
		r = bh_hub_ask(socket, "{\"command\":\"calibration\"}", BH_HUB_TOLD_S, &answer);
		if (r < 0) {
			bh_progress_end(&talk->bar);
			return no_daemon(socket, r);
		}
		if (json_is_true(json_object_get(answer, "running"))) {
			show(talk, answer);
			pause_ms(POLL_MS);
		} else {
			bh_progress_end(&talk->bar);
			code = end_of(talk, answer);
		}
		json_decref(answer);
	}
	return code;
}

static int with_daemon(struct bh_cli *cli, const struct bh_cli_args *args,
		       const struct bh_calibrate_setup *setup)
{
	const char *bed = bh_cli_value(args, "bed"), *socket;
	struct talk talk = { .cli = cli };
	json_t *request, *answer = NULL;
	char *text;
	int r, code = bh_cli_config(cli, false);

	if (code != BH_EXIT_OK)
		return code;
	socket = cli->config->socket;
	request = json_pack("{s:s, s:s, s:b}", "command", "calibrate", "kind",
			    bh_calibration_name(setup->kind), "changed", setup->changed);
	if (bed)
		json_object_set_new(request, "bed", json_string(bed));
	text = json_dumps(request, JSON_COMPACT);
	json_decref(request);
	r = text ? bh_hub_ask(socket, text, BH_HUB_TOLD_S, &answer) : -ENOMEM;
	free(text);
	if (r < 0)
		return no_daemon(socket, r);
	if (!json_is_true(json_object_get(answer, "ok")))
		code = bh_cli_fail_text(BH_EXIT_FAILURE, "%s", text_of(answer, "error"));
	json_decref(answer);
	return code == BH_EXIT_OK ? follow(&talk, socket) : code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_calibrate_setup setup = { .changed = bh_cli_value(args, "changed") != NULL };

	if (args->n_words != 1)
		return bh_cli_misuse("calibrate",
				     "say what: empty, person, legs or thermometers");
	if (bh_calibration_from_name(args->words[0], &setup.kind) < 0)
		return bh_cli_misuse("calibrate",
				     "'%.40s': say empty, person, legs or thermometers",
				     args->words[0]);
	return bh_cli_value(args, "from") ? from_capture(cli, args, &setup)
					  : with_daemon(cli, args, &setup);
}

const struct bh_cli_verb bh_cli_verb_calibrate = {
	.name = "calibrate",
	.words = "empty|person|legs|thermometers",
	.summary = "Calibrate a bed's sensors, step by step",
	.text = "Mats that weigh: `empty` first, then `person` (a minute of lying still) and `legs` (ten\n"
		"movements of each foot). A pair of leg thermometers: `thermometers`, both in one flask of\n"
		"water. Data that do not support it are refused and change nothing; Ctrl-C abandons it.",
	.options = options,
	.run = run,
};
