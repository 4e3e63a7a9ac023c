/* SPDX-License-Identifier: MIT */
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/night.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A type of event is named on the command line, the newest 10 000 rows are a long read. */
#define TYPE_WORD_MAX 32
#define LIMIT_MAX 10000000

static const struct bh_cli_option options[] = {
	{ "since", "TIME", "from this time on: 2026-11-22, \"2026-11-22 23:10\", yesterday, 12h" },
	{ "until", "TIME", "up to this time" },
	{ "night", "DATE", "one night: the date of its evening, last, or -1 for the one before" },
	{ "type", "NAME,...", "only these types (bedside events --type help lists them)" },
	{ "bed", "ID", "only this bed" },
	{ "limit", "N", "only the newest N" },
	{ NULL, NULL, NULL },
};

struct listing {
	const struct bh_cli *cli;
	const struct bh_cli_history *history;
	struct bh_table *table;
	bool simulated;
};

static int list_types(const struct bh_cli *cli)
{
	static const struct bh_table_column columns[] = { { "TYPE", false, false },
							  { "MEANS", false, true },
							  { NULL, false, false } };
	struct bh_table *table = bh_table_new(&cli->terminal, columns);
	const struct bh_event_info *info;

	for (size_t i = 0; table && (info = bh_event_info_at(i)) != NULL; i++) {
		const char *const cells[] = { info->name, info->text };

		bh_table_add(table, cells);
	}
	return table && bh_table_finish(table) >= 0 ? BH_EXIT_OK : BH_EXIT_FAILURE;
}

static int unknown_type(const char *word)
{
	const char *names[BH_EVENT_TYPE_END + 1] = { NULL };
	const struct bh_event_info *info;
	const char *near;

	for (size_t i = 0; i < BH_EVENT_TYPE_END && (info = bh_event_info_at(i)) != NULL; i++)
		names[i] = info->name;
	near = bh_suggest(word, names);
	return bh_cli_fail_text(BH_EXIT_USAGE, "--type %.32s: no such event: %s%s", word,
				near ? "did you mean " : "--type help lists them", near ? near : "");
}

/* "restless,bed_exit" -> bits. @return 0 or an exit code after the error was printed. */
static int parse_types(const char *text, uint64_t *ret)
{
	uint64_t types = 0;

	while (*text) {
		char word[TYPE_WORD_MAX];
		size_t length = strcspn(text, ",");
		enum bh_event_type type;

		snprintf(word, sizeof(word), "%.*s", (int)length, text);
		if (length >= sizeof(word) || bh_event_type_from_name(word, &type) < 0)
			return unknown_type(word);
		types |= UINT64_C(1) << type;
		text += length + (text[length] == ',');
	}
	*ret = types;
	return BH_EXIT_OK;
}

static int parse_times(const struct bh_cli_args *args, struct bh_event_query *query)
{
	const char *since = bh_cli_value(args, "since"), *until = bh_cli_value(args, "until");
	int64_t now_ms = bh_cli_now_ms();
	struct bh_error err;
	int64_t limit = 0;

	if (since && bh_cli_time_parse(since, now_ms, &query->from_ms, &err) < 0)
		return bh_cli_misused("events --since", &err);
	if (until && bh_cli_time_parse(until, now_ms, &query->to_ms, &err) < 0)
		return bh_cli_misused("events --until", &err);
	if (since && until && query->from_ms >= query->to_ms)
		return bh_cli_misuse("events", "--since %.40s is not before --until %.40s", since,
				     until);
	if (bh_cli_number(args, "limit", 1, LIMIT_MAX, &limit, &err) < 0)
		return bh_cli_misused("events", &err);
	query->limit = (size_t)limit;
	return BH_EXIT_OK;
}

static const struct bh_table_column columns[] = {
	{ "START", false, false }, { "LASTS", true, false },  { "EVENT", false, false },
	{ "SIDE", false, false },  { "VALUE", true, false },  { "BED", false, false },
	{ "NOTE", false, true },   { NULL, false, false },
};

/* How an interval ended, if not in the bed; where an event came from. */
static void note_text(const struct bh_stored_event *stored, char *buf, size_t size)
{
	const struct bh_event *event = &stored->event;

	buf[0] = '\0';
	switch (event->end_cause) {
	case BH_END_OPEN:
		if (stored->end_ms == BH_WALL_UNKNOWN)
			snprintf(buf, size, "still on ");
		break;
	case BH_END_STOPPED:
		snprintf(buf, size, "until the %s ",
			 stored->origin == BH_ORIGIN_MEASURED ? "hub stopped" : "recording ended");
		break;
	case BH_END_FAULT:
		snprintf(buf, size, "%s ",
			 bh_taken_back(event->end_cause, stored->start_ms, stored->end_ms)
				 ? "taken back: the sensor had failed"
				 : "until the sensor failed");
		break;
	case BH_END_CRASHED:
		snprintf(buf, size, "until the %s broke off ",
			 stored->origin == BH_ORIGIN_MEASURED ? "hub" : "replay");
		break;
	case BH_END_NORMAL:
		break;
	}
	if (stored->sensor[0])
		strncat(buf, stored->sensor, size - strlen(buf) - 1);
}

static int add_row(struct listing *listing, const struct bh_stored_event *stored)
{
	const struct bh_event *event = &stored->event;
	const struct bh_event_info *info = bh_event_info(event->type);
	char start[BH_CLI_TIME_MAX], lasts[BH_CLI_TIME_MAX], value[BH_CLI_TIME_MAX], note[96];
	bool ends = stored->end_ms != BH_WALL_UNKNOWN && stored->start_ms != BH_WALL_UNKNOWN;
	const char *cells[] = {
		bh_cli_time_text(stored->start_ms, stored->utc_offset_s, start),
		info && info->shape == BH_SHAPE_INSTANT ? "" :
		ends ? bh_cli_span_text(stored->end_ms - stored->start_ms, lasts) : NULL,
		info ? info->name : "?",
		bh_event_side_text(event->type, event->side),
		bh_event_value_text(event, value, sizeof(value)),
		bh_cli_bed_id(listing->history, event->bed),
		note,
	};

	/* A dash is not known; most types have no value. */
	if (info && info->unit == BH_UNIT_NONE)
		cells[4] = "";
	note_text(stored, note, sizeof(note));
	return bh_table_add(listing->table, cells);
}

static int each_event(void *ctx, const struct bh_stored_event *stored)
{
	struct listing *listing = ctx;

	if (listing->cli->json)
		return bh_json_line(bh_json_event(listing->history, stored));
	listing->simulated |= stored->origin == BH_ORIGIN_SIMULATED;
	return add_row(listing, stored);
}

static int print_events(struct listing *listing, const struct bh_event_query *query)
{
	int r = 0;

	if (!listing->cli->json) {
		listing->table = bh_table_new(&listing->cli->terminal, columns);
		if (!listing->table)
			r = -ENOMEM;
	}
	if (r == 0)
		r = bh_store_events(listing->history->store, query, each_event, listing);
	if (r < 0) {
		bh_table_free(listing->table);
		return bh_cli_history_fail(listing->history, r);
	}
	if (listing->cli->json)
		return BH_EXIT_OK;
	bh_cli_banner(listing->cli, listing->simulated);
	r = bh_table_finish(listing->table);
	if (r == 0)
		fprintf(stderr, "bedside: %s: no such event in that time\n", listing->history->path);
	return r < 0 ? bh_cli_history_fail(listing->history, r) : BH_EXIT_OK;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *types = bh_cli_value(args, "type");
	struct bh_event_query query = { .bed = -1 };
	struct bh_cli_history history;
	struct listing listing = { .cli = cli, .history = &history };
	int32_t date;
	int code;

	if (args->n_words > 0)
		return bh_cli_misuse("events", "unexpected word '%.40s'", args->words[0]);
	if (types && strcmp(types, "help") == 0)
		return list_types(cli);
	code = types ? parse_types(types, &query.types) : BH_EXIT_OK;
	if (code == BH_EXIT_OK)
		code = parse_times(args, &query);
	if (code != BH_EXIT_OK)
		return code;
	code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	query.bed = history.bed;
	if (bh_cli_value(args, "night")) {
		code = bh_cli_night(&history, args, "events", &date);
		if (code == BH_EXIT_OK)
			bh_night_bounds(date, &query.from_ms, &query.to_ms);
	}
	if (code == BH_EXIT_OK)
		code = print_events(&listing, &query);
	bh_cli_history_close(&history);
	return code;
}

const struct bh_cli_verb bh_cli_verb_events = {
	.name = "events",
	.summary = "What happened, one row an event",
	.text = "Oldest first. Times are local, as they were there and then; with --json they carry the offset\n"
		"from UTC they were recorded at. \"-\" is not known.",
	.options = options,
	.run = run,
};
