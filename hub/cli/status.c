/* SPDX-License-Identifier: MIT */
/* bedside status: the beds now, from the daemon; else the history's last sign of life. */
#include "hub/cli/calibrations.h"
#include "hub/cli/history.h"
#include "hub/cli/hub.h"
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/event.h"
#include "hub/core/night.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CELL_MAX 48

/* ---- from the daemon ---- */

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "unknown";
}

static const char *degrees_of(const json_t *bed, const char *key, char buf[static CELL_MAX])
{
	const json_t *value = json_object_get(bed, key);

	if (!json_is_integer(value))
		return NULL;
	snprintf(buf, CELL_MAX, "%.1f C", (double)json_integer_value(value) / 1000.0);
	return buf;
}

static const char *legs_of(const json_t *bed, char buf[static CELL_MAX])
{
	const char *legs = text_of(bed, "legs_over_edge");
	enum bh_side side;

	if (strcmp(legs, "yes") != 0)
		return legs;
	if (bh_side_from_name(text_of(bed, "side"), &side) < 0 || side == BH_SIDE_UNKNOWN)
		return legs;
	snprintf(buf, CELL_MAX, "yes (%s)", bh_event_side_text(BH_EVENT_LEGS_OVER_EDGE, side));
	return buf;
}

static void print_beds(const struct bh_cli *cli, const json_t *beds)
{
	static const struct bh_table_column columns[] = {
		{ "BED", false, false },      { "IN BED", false, false },
		{ "RESTLESS", false, false }, { "LEGS OVER EDGE", false, false },
		{ "POSITION", false, false }, { "LEFT LEG", true, false },
		{ "RIGHT LEG", true, false }, { "ROOM", true, false },
		{ NULL, false, false }
	};
	struct bh_table *table = bh_table_new(&cli->terminal, columns);
	size_t i;
	const json_t *bed;

	json_array_foreach(beds, i, bed) {
		char legs[CELL_MAX], left[CELL_MAX], right[CELL_MAX], room[CELL_MAX];
		const char *const cells[] = { text_of(bed, "name"),
					      text_of(bed, "occupied"),
					      text_of(bed, "restless"),
					      legs_of(bed, legs),
					      text_of(bed, "position"),
					      degrees_of(bed, "temp_left_mdegc", left),
					      degrees_of(bed, "temp_right_mdegc", right),
					      degrees_of(bed, "temp_room_mdegc", room) };

		if (table)
			bh_table_add(table, cells);
	}
	if (table)
		bh_table_finish(table);
}

static void print_sensors(const struct bh_cli *cli, const json_t *beds)
{
	static const struct bh_table_column columns[] = { { "BED", false, false },
							  { "SENSOR", false, false },
							  { "DRIVER", false, false },
							  { "FAULT", false, false },
							  { NULL, false, false } };
	struct bh_table *table = bh_table_new(&cli->terminal, columns);
	size_t i, j;
	const json_t *bed, *sensor;

	json_array_foreach(beds, i, bed) {
		json_array_foreach(json_object_get(bed, "sensors"), j, sensor) {
			const char *const cells[] = { text_of(bed, "name"), text_of(sensor, "name"),
						      text_of(sensor, "driver"),
						      text_of(sensor, "fault") };

			if (table)
				bh_table_add(table, cells);
		}
	}
	putchar('\n');
	if (table)
		bh_table_finish(table);
}

static void print_daemon(const struct bh_cli *cli, const json_t *status)
{
	const json_t *mqtt = json_object_get(status, "mqtt");
	json_int_t lost = json_integer_value(json_object_get(status, "records_lost")) +
			  json_integer_value(json_object_get(status, "dropped_events"));

	bh_cli_banner(cli, json_is_true(json_object_get(status, "simulated")));
	print_beds(cli, json_object_get(status, "beds"));
	print_sensors(cli, json_object_get(status, "beds"));
	bh_cli_calibrations_print(cli, json_object_get(status, "beds"));
	printf("\nbedsided %s, run %" JSON_INTEGER_FORMAT "; clock %s; ", text_of(status, "version"),
	       json_integer_value(json_object_get(status, "run")),
	       json_is_true(json_object_get(status, "clock_known")) ? "known" : "not known yet");
	if (json_is_null(mqtt) || !mqtt)
		printf("no broker configured");
	else if (json_is_true(json_object_get(mqtt, "connected")))
		printf("broker connected");
	else
		printf("broker not connected: %s", text_of(mqtt, "last_error"));
	if (lost > 0)
		printf("; %" JSON_INTEGER_FORMAT " records lost", lost);
	putchar('\n');
}

/* ---- from the history ---- */

/* Every bed with its calibrations, in the daemon's shape. */
static json_t *json_beds(const struct bh_cli_history *history)
{
	json_t *beds = json_array();

	for (size_t i = 0; i < history->n_beds; i++) {
		const struct bh_store_bed *bed = &history->beds[i];
		json_t *object = json_object();
		json_t *kinds = bh_cli_calibrations(history->store, bed->bed, bed->capabilities,
						    0);

		bh_json_text(object, "id", bed->id);
		bh_json_text(object, "name", bed->name);
		json_object_set_new(object, "calibration", kinds ? kinds : json_null());
		json_array_append_new(beds, object);
	}
	return beds;
}

static void print_facts(const struct bh_cli *cli, const struct bh_cli_history *history,
			const struct bh_store_facts *facts)
{
	json_t *beds = json_beds(history);
	char life[BH_CLI_TIME_MAX];

	bh_cli_banner(cli, facts->last_origin == BH_ORIGIN_SIMULATED);
	printf("No daemon answers; this is the history %s.\n", history->path);
	for (size_t i = 0; i < history->n_beds; i++)
		printf("Bed '%s': %s\n", history->beds[i].id, history->beds[i].name);
	printf("Last sign of life: %s\n"
	       "Nights:   %6" PRId64 "\n"
	       "Events:   %6" PRId64 ", of which %" PRId64 " are still going on\n"
	       "Findings: %6" PRId64 ", one for each rule and night\n"
	       "Size:     %6.1f MB\n",
	       bh_cli_time_text(facts->last_life_ms, bh_utc_offset_s(facts->last_life_ms), life),
	       facts->nights, facts->events, facts->open_events, facts->findings,
	       (double)facts->bytes / 1e6);
	bh_cli_calibrations_print(cli, beds);
	json_decref(beds);
}

static json_t *json_facts(const struct bh_cli_history *history, const struct bh_store_facts *facts)
{
	json_t *object = json_object();

	bh_json_text(object, "db", history->path);
	bh_json_time(object, "last_life", facts->last_life_ms,
		     bh_utc_offset_s(facts->last_life_ms));
	json_object_set_new(object, "nights", json_integer(facts->nights));
	json_object_set_new(object, "events", json_integer(facts->events));
	json_object_set_new(object, "open_events", json_integer(facts->open_events));
	json_object_set_new(object, "findings", json_integer(facts->findings));
	json_object_set_new(object, "bytes", json_integer(facts->bytes));
	json_object_set_new(object, "schema", json_integer(facts->schema));
	json_object_set_new(object, "outbox_waiting", json_integer(facts->outbox_waiting));
	json_object_set_new(object, "simulated",
			    json_boolean(facts->last_origin == BH_ORIGIN_SIMULATED));
	json_object_set_new(object, "beds", json_beds(history));
	return object;
}

static int status_of_history(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	struct bh_store_facts facts;
	int r, code = bh_cli_history_open(cli, args, &history);

	if (code != BH_EXIT_OK)
		return code;
	r = bh_store_facts(history.store, &facts);
	if (r < 0)
		code = bh_cli_history_fail(&history, r);
	else if (cli->json)
		bh_json_line(json_pack("{s:n, s:o}", "daemon", "history",
				       json_facts(&history, &facts)));
	else
		print_facts(cli, &history, &facts);
	bh_cli_history_close(&history);
	return code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	json_t *status = NULL;
	int r, code;

	if (args->n_words > 0)
		return bh_cli_misuse("status", "unexpected word '%.40s'", args->words[0]);
	if (cli->db_path)
		return status_of_history(cli, args);
	code = bh_cli_config(cli, false);
	if (code != BH_EXIT_OK)
		return code;
	r = bh_hub_ask(cli->config->socket, "{\"command\":\"status\"}", BH_HUB_TOLD_S, &status);
	if (r == -EACCES)
		fprintf(stderr, "bedside: %s: only members of its group may ask the daemon: add "
				"yourself to group bedside\n",
			cli->config->socket);
	if (r == -ETIMEDOUT || r == -EPROTO)
		fprintf(stderr, "bedside: %s: the daemon does not answer: systemctl status bedsided\n",
			cli->config->socket);
	if (r < 0)
		return status_of_history(cli, args);
	if (cli->json)
		bh_json_line(json_pack("{s:O, s:n}", "daemon", status, "history"));
	else
		print_daemon(cli, status);
	json_decref(status);
	return BH_EXIT_OK;
}

const struct bh_cli_verb bh_cli_verb_status = {
	.name = "status",
	.summary = "The beds now, as the daemon sees them",
	.text = "Without a daemon, or with --db, what the history last knew.",
	.options = NULL,
	.run = run,
};
