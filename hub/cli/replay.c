/* SPDX-License-Identifier: MIT */
#include "drivers/capture.h"
#include "hub/cli/findings.h"
#include "hub/cli/output.h"
#include "hub/cli/play.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/night.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A night in a second at the slowest, a year in an hour at the fastest that still waits. */
#define SPEED_MAX 1000000.0
#define NIGHTS_MAX 3660

static const struct bh_cli_option options[] = {
	{ "speed", "N|max", "times real time; max (the default) does not wait, 1 plays as it was" },
	{ NULL, NULL, NULL },
};

struct replaying {
	struct bh_cli *cli;
	struct bh_store *store;
	const char *path;
	struct bh_rule_set *rules;
	double speed;
};

static int parse_speed(const struct bh_cli_args *args, double *ret)
{
	const char *text = bh_cli_value(args, "speed");
	char *end;

	*ret = 0;
	if (!text || strcmp(text, "max") == 0)
		return BH_EXIT_OK;
	*ret = strtod(text, &end);
	if (end == text || *end != '\0' || !(*ret > 0 && *ret <= SPEED_MAX))
		return bh_cli_misuse("replay", "--speed %.40s: write max or a number up to %.0f", text,
				     SPEED_MAX);
	return BH_EXIT_OK;
}

/* ---- what came of it ---- */

struct faults {
	struct bh_table *table;
	json_t *list;
};

static int each_fault(void *ctx, const struct bh_stored_event *stored)
{
	struct faults *faults = ctx;
	const char *name = bh_fault_name((enum bh_fault)stored->event.value);
	char start[BH_CLI_TIME_MAX], lasts[BH_CLI_TIME_MAX];
	const char *const cells[] = {
		bh_cli_time_text(stored->start_ms, stored->utc_offset_s, start),
		stored->end_ms == BH_WALL_UNKNOWN ?
			NULL :
			bh_cli_span_text(stored->end_ms - stored->start_ms, lasts),
		stored->sensor, name, bh_fault_text((enum bh_fault)stored->event.value)
	};
	json_t *object;

	if (faults->table)
		return bh_table_add(faults->table, cells);
	object = json_object();
	bh_json_text(object, "sensor", stored->sensor);
	bh_json_text(object, "fault", name);
	bh_json_time(object, "start", stored->start_ms, stored->utc_offset_s);
	bh_json_time(object, "end", stored->end_ms, stored->utc_offset_s);
	return json_array_append_new(faults->list, object);
}

static int load_faults(const struct replaying *replaying, const struct bh_replay_result *result,
		       struct faults *faults)
{
	struct bh_event_query query = { .bed = -1,
					.from_ms = result->from_ms,
					.to_ms = result->to_ms + 1,
					.types = UINT64_C(1) << BH_EVENT_SENSOR_FAULT };

	if (result->from_ms == BH_WALL_UNKNOWN)
		return 0;
	return bh_store_events(replaying->store, &query, each_fault, faults);
}

/* @return Number of nights the capture touched, and the last of them. */
static int count_nights(const struct replaying *replaying, const struct bh_replay_result *result,
			int32_t *ret_last)
{
	int32_t *dates = calloc(NIGHTS_MAX, sizeof(*dates));
	int n = 0;

	if (dates && result->from_ms != BH_WALL_UNKNOWN)
		n = bh_store_night_dates(replaying->store, 0, bh_night_date(result->from_ms),
					 bh_night_date(result->to_ms), dates, NIGHTS_MAX);
	if (n > 0)
		*ret_last = dates[n - 1];
	free(dates);
	return n > 0 ? n : 0;
}

static void print_events(const struct replaying *replaying, const struct bh_replay_result *result)
{
	static const struct bh_table_column columns[] = { { "EVENT", false, false },
							  { "COUNT", true, false },
							  { "MEANS", false, true },
							  { NULL, false, false } };
	struct bh_table *table = bh_table_new(&replaying->cli->terminal, columns);
	const struct bh_event_info *info;

	for (size_t i = 0; table && (info = bh_event_info_at(i)) != NULL; i++) {
		char count[24];
		const char *const cells[] = { info->name, count, info->text };

		if (result->events[info->type] == 0)
			continue;
		snprintf(count, sizeof(count), "%" PRIu64, result->events[info->type]);
		bh_table_add(table, cells);
	}
	if (table)
		bh_table_finish(table);
}

static void print_faults(const struct replaying *replaying, const struct bh_replay_result *result)
{
	static const struct bh_table_column columns[] = {
		{ "FAULT FROM", false, false }, { "LASTS", true, false }, { "SENSOR", false, false },
		{ "FAULT", false, false },	{ "MEANS", false, true }, { NULL, false, false }
	};
	struct faults faults = { .table = bh_table_new(&replaying->cli->terminal, columns) };

	if (!faults.table || result->events[BH_EVENT_SENSOR_FAULT] == 0) {
		bh_table_free(faults.table);
		return;
	}
	load_faults(replaying, result, &faults);
	putchar('\n');
	bh_table_finish(faults.table);
}

static void print_findings(const struct replaying *replaying, int32_t night)
{
	struct bh_cli_history history = { .path = replaying->path, .store = replaying->store };
	struct bh_cli_findings findings;

	if (bh_cli_findings_load(&history, 0, night, &findings) < 0)
		return;
	if (findings.n > 0) {
		putchar('\n');
		bh_cli_verdict_print(replaying->cli, &findings);
		for (size_t i = 0; i < findings.n; i++)
			if (findings.finding[i].band >= BH_BAND_SOME)
				bh_cli_finding_print(replaying->cli, replaying->rules,
						     &findings.finding[i]);
	}
	free(findings.finding);
}

static void print_result(const struct replaying *replaying, const char *capture,
			 const struct bh_replay_result *result)
{
	char from[BH_CLI_TIME_MAX], to[BH_CLI_TIME_MAX];
	int32_t last = 0;
	int nights = count_nights(replaying, result, &last);

	bh_cli_banner(replaying->cli, result->simulated);
	printf("%s into %s: run %" PRId64 ", %d night%s, %s to %s%s\n\n", capture, replaying->path,
	       result->run, nights, nights == 1 ? "" : "s",
	       bh_cli_time_text(result->from_ms, bh_utc_offset_s(result->from_ms), from),
	       bh_cli_time_text(result->to_ms, bh_utc_offset_s(result->to_ms), to),
	       result->ended_early ? " (ended early)" : "");
	print_events(replaying, result);
	print_faults(replaying, result);
	if (last)
		print_findings(replaying, last);
}

static int print_json(const struct replaying *replaying, const char *capture,
		      const struct bh_replay_result *result)
{
	struct bh_cli_history history = { .path = replaying->path, .store = replaying->store };
	struct bh_cli_findings findings = { 0 };
	struct faults faults = { .list = json_array() };
	json_t *object = json_object(), *events = json_object(), *list = json_array();
	const struct bh_event_info *info;
	int32_t last = 0;
	int nights = count_nights(replaying, result, &last);

	for (size_t i = 0; (info = bh_event_info_at(i)) != NULL; i++)
		json_object_set_new(events, info->name,
				    json_integer((json_int_t)result->events[info->type]));
	load_faults(replaying, result, &faults);
	if (last)
		bh_cli_findings_load(&history, 0, last, &findings);
	for (size_t i = 0; i < findings.n; i++)
		json_array_append_new(list, bh_json_finding(&findings.finding[i]));
	bh_json_text(object, "capture", capture);
	bh_json_text(object, "db", replaying->path);
	json_object_set_new(object, "run", json_integer(result->run));
	bh_json_time(object, "from", result->from_ms, bh_utc_offset_s(result->from_ms));
	bh_json_time(object, "to", result->to_ms, bh_utc_offset_s(result->to_ms));
	json_object_set_new(object, "nights", json_integer(nights));
	json_object_set_new(object, "epochs", json_integer((json_int_t)result->epochs));
	json_object_set_new(object, "events", events);
	json_object_set_new(object, "faults", faults.list);
	json_object_set_new(object, "findings", list);
	bh_json_text(object, "pattern",
		     findings.n ? bh_verdict_name(bh_rules_verdict(findings.finding, findings.n)) :
				  NULL);
	json_object_set_new(object, "ended_early", json_boolean(result->ended_early));
	json_object_set_new(object, "simulated", json_boolean(result->simulated));
	free(findings.finding);
	return bh_json_line(object);
}

/* ---- the work ---- */

/* A capture whose text is damaged is wrong input, not a failing disk: it has a line. */
static int fail_capture(const char *capture, int r, struct bh_error *err)
{
	if (!err->place[0])
		snprintf(err->place, sizeof(err->place), "%s", capture);
	return bh_cli_fail(r == -EIO && err->line > 0 ? BH_EXIT_DATA : bh_cli_exit_data(r), err);
}

static int replay_one(const struct replaying *replaying, const char *capture)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_replay_result result = { 0 };
	struct bh_play play = { .rules = replaying->rules,
				.store = replaying->store,
				.title = capture,
				.speed = replaying->speed };
	struct bh_config *config;
	int r = bh_replay_config(replaying->cli->config, capture, &config, &err);

	if (r < 0)
		return fail_capture(capture, r, &err);
	play.config = config;
	r = bh_cli_play(&play, &result, &err);
	bh_config_free(config);
	if (r < 0)
		return fail_capture(capture, r, &err);
	if (replaying->cli->json)
		print_json(replaying, capture, &result);
	else
		print_result(replaying, capture, &result);
	return BH_EXIT_OK;
}

static int replay_all(struct replaying *replaying, const struct bh_cli_args *args)
{
	struct bh_error err = { .text = "" };
	int code = bh_cli_rules_load(replaying->cli, &replaying->rules);
	int r;

	if (code != BH_EXIT_OK)
		return code;
	r = bh_store_open(replaying->path, BH_STORE_WRITE, &replaying->store, &err);
	if (r < 0)
		code = bh_cli_fail(bh_cli_exit_data(r), &err);
	for (int i = 0; i < args->n_words && code == BH_EXIT_OK; i++)
		code = replay_one(replaying, args->words[i]);
	bh_store_close(replaying->store);
	bh_rule_set_free(replaying->rules);
	return code;
}

/* A misspelt name must not cost an empty history or half a replay. */
static int check_captures(const struct bh_cli_args *args)
{
	for (int i = 0; i < args->n_words; i++) {
		struct bh_error err = { .text = "out of memory" };
		struct bh_capture *capture;
		int r = bh_capture_open(args->words[i], &capture, &err);

		if (r < 0)
			return fail_capture(args->words[i], r, &err);
		bh_capture_close(capture);
	}
	return BH_EXIT_OK;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct replaying replaying = { .cli = cli };
	int code = parse_speed(args, &replaying.speed);

	if (code != BH_EXIT_OK)
		return code;
	if (args->n_words == 0)
		return bh_cli_misuse("replay", "no capture: bedside replay --db FILE CAPTURE...");
	/* Without either it would be written into the history of a hub that is not there. */
	if (!cli->db_path && !cli->config_path)
		return bh_cli_misuse("replay", "say where to write: --db FILE (made if missing)");
	code = bh_cli_config(cli, replaying.speed > 0);
	if (code == BH_EXIT_OK)
		code = check_captures(args);
	if (code != BH_EXIT_OK)
		return code;
	replaying.path = cli->db_path ? cli->db_path : cli->config->database;
	return replay_all(&replaying, args);
}

const struct bh_cli_verb bh_cli_verb_replay = {
	.name = "replay",
	.words = "CAPTURE...",
	.summary = "Run captures through the whole line into a history",
	.text = "The same detectors and rules as live, on the capture's own time. Paced (--speed), it also\n"
		"publishes to the configuration's broker.",
	.options = options,
	.run = run,
};
