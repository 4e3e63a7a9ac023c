/* SPDX-License-Identifier: MIT */
#include "hub/cli/findings.h"
#include "hub/cli/output.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ten years. */
#define NIGHTS_MAX 3660
#define CELL_MAX BH_CLI_TIME_MAX

static const struct bh_cli_option options[] = {
	{ "since", "DATE", BH_CLI_SINCE_NIGHT },
	{ "until", "DATE", BH_CLI_UNTIL_NIGHT },
	{ "bed", "ID", "only this bed" },
	{ "limit", "N", "only the newest N" },
	{ NULL, NULL, NULL },
};

static const struct bh_table_column columns[] = {
	{ "NIGHT", false, false }, { "BED", false, false },	{ "FROM", false, false },
	{ "TO", false, false },	   { "IN BED", true, false },	{ "ASLEEP", true, false },
	{ "RESTLESS", true, false },
	{ "EXITS", true, false },  { "LEGS OVER", true, false }, { "LEG MOVES", true, false },
	{ "PLM/H", true, false },
	{ "LEFT C", true, false }, { "RIGHT C", true, false },	{ "FAULTS", true, false },
	{ "PATTERN", false, false }, { NULL, false, false },
};
/* On a narrow terminal what a night is looked up for first stays. */
static const char *const spare[] = { "BED", "LEFT C", "RIGHT C", "FAULTS",    "PLM/H",
				    "LEG MOVES", "RESTLESS", "EXITS", NULL };
/* A bed's number is a byte. */
#define BEDS (UINT8_MAX + 1)
#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]) - 1)

struct nights {
	struct bh_night *night;
	size_t n;
	size_t capacity;
};

static int keep_night(void *ctx, const struct bh_night *night)
{
	struct nights *nights = ctx;

	if (nights->n == nights->capacity) {
		size_t capacity = nights->capacity ? nights->capacity * 2 : 64;
		struct bh_night *more = reallocarray(nights->night, capacity, sizeof(*more));

		if (!more)
			return -ENOMEM;
		nights->night = more;
		nights->capacity = capacity;
	}
	nights->night[nights->n++] = *night;
	return 0;
}

/* What the rules said of a night: for machines, and for people. */
struct pattern {
	const char *name; /* NULL: none were evaluated */
	char words[CELL_MAX];
	size_t rules;
	size_t looked;	  /* of them, those that had the data for it */
	char unlooked[BH_UNLOOKED_MAX];
};

static int read_pattern(const struct bh_cli_history *history, const struct bh_night *night,
			struct pattern *ret)
{
	struct bh_cli_findings findings;
	enum bh_verdict verdict;
	int r = bh_cli_findings_load(history, night->bed, night->date, &findings);

	*ret = (struct pattern){ .name = NULL };
	if (r < 0 || findings.n == 0)
		return r;
	verdict = bh_rules_verdict(findings.finding, findings.n);
	ret->name = bh_verdict_name(verdict);
	ret->rules = findings.n;
	ret->looked = bh_findings_looked(findings.finding, findings.n);
	bh_findings_unlooked(findings.finding, findings.n, ret->unlooked);
	if (ret->looked == ret->rules)
		snprintf(ret->words, sizeof(ret->words), "%s", bh_verdict_like(verdict));
	else
		snprintf(ret->words, sizeof(ret->words), "%s (%zu of %zu)", bh_verdict_like(verdict),
			 ret->looked, ret->rules);
	free(findings.finding);
	return 0;
}

static const char *number_text(int32_t value, char buf[static CELL_MAX])
{
	if (value == BH_EPOCH_UNKNOWN)
		return NULL;
	snprintf(buf, CELL_MAX, "%" PRId32, value);
	return buf;
}

static const char *minutes_text(int32_t minutes, char buf[static CELL_MAX])
{
	if (minutes == BH_EPOCH_UNKNOWN)
		return NULL;
	snprintf(buf, CELL_MAX, "%" PRId32 ":%02" PRId32, minutes / 60, minutes % 60);
	return buf;
}

static const char *tenths_text(int32_t milli, char buf[static CELL_MAX])
{
	if (milli == BH_EPOCH_UNKNOWN)
		return NULL;
	snprintf(buf, CELL_MAX, "%.1f", milli / 1000.0);
	return buf;
}

static const char *legs_text(const struct bh_night *night, char buf[static CELL_MAX])
{
	char span[CELL_MAX];

	if (night->legs_over_edge == BH_EPOCH_UNKNOWN)
		return NULL;
	if (night->legs_over_edge == 0)
		return "0";
	snprintf(buf, CELL_MAX, "%" PRId32 "x %.20s", night->legs_over_edge,
		 minutes_text(night->legs_over_edge_min, span));
	return buf;
}

static const char *edge_text(int64_t wall_ms, char buf[static BH_CLI_TIME_MAX])
{
	return wall_ms == BH_WALL_UNKNOWN ? NULL :
					    bh_cli_clock_text(wall_ms, bh_utc_offset_s(wall_ms), buf);
}

static int add_row(const struct bh_cli_history *history, const struct bh_night *night,
		   const struct pattern *pattern, struct bh_table *table)
{
	char cell[N_COLUMNS][BH_CLI_TIME_MAX];
	const char *const cells[N_COLUMNS] = {
		bh_cli_date_text(night->date, cell[0]),
		bh_cli_bed_id(history, night->bed),
		edge_text(night->first_enter_ms, cell[2]),
		edge_text(night->last_exit_ms, cell[3]),
		minutes_text(night->in_bed_min, cell[4]),
		minutes_text(night->sleep.asleep_min, cell[5]),
		minutes_text(night->restless_min, cell[6]),
		number_text(night->exits, cell[7]),
		legs_text(night, cell[8]),
		number_text(night->leg_movements, cell[9]),
		tenths_text(night->plm.index_asleep_milli, cell[10]),
		tenths_text(night->temp_left_mdegc, cell[11]),
		tenths_text(night->temp_right_mdegc, cell[12]),
		number_text(night->faults, cell[13]),
		pattern->name ? pattern->words : NULL,
	};

	return bh_table_add(table, cells);
}

static int print_json(const struct bh_cli_history *history, const struct bh_night *night,
		      const struct pattern *pattern)
{
	json_t *object = bh_json_night(history, night);

	bh_json_text(object, "pattern", pattern->name);
	bh_json_number(object, "patterns", pattern->name ? (int64_t)pattern->rules : -1, -1);
	bh_json_number(object, "patterns_looked_for", pattern->name ? (int64_t)pattern->looked : -1,
		       -1);
	bh_json_text(object, "not_looked_for", pattern->unlooked[0] ? pattern->unlooked : NULL);
	return bh_json_line(object);
}

/* By bed: the newest night shown that could not look for every pattern. */
struct explained {
	const struct bh_night *night[BEDS];
	bool shown[BEDS];
};

/* Why "(3 of 11)", once a bed: the nights before are told by their numbers, and tonight has no findings
 * yet. */
static int print_unlooked(const struct bh_cli *cli, const struct bh_cli_history *history,
			  const struct explained *explained)
{
	int n_beds = 0, r = 0;

	for (int bed = 0; bed < BEDS; bed++)
		n_beds += explained->shown[bed];
	for (int bed = 0; bed < BEDS && r >= 0; bed++) {
		char whose[BH_NAME_MAX + sizeof(": ")] = "";
		struct pattern pattern;

		if (!explained->night[bed])
			continue;
		r = read_pattern(history, explained->night[bed], &pattern);
		if (r < 0)
			break;
		if (n_beds > 1) /* as its rows name it */
			snprintf(whose, sizeof(whose), "%s: ", bh_cli_bed_id(history, bed));
		putchar('\n');
		bh_cli_wrapped(cli, whose, pattern.unlooked);
	}
	return r;
}

static int print_nights(const struct bh_cli *cli, const struct bh_cli_history *history,
			const struct nights *nights, size_t first)
{
	struct bh_table *table = cli->json ? NULL : bh_table_new(&cli->terminal, columns);
	struct explained explained = { .night = { NULL } };
	int r = cli->json || table ? 0 : -ENOMEM;

	if (table)
		bh_table_spare(table, spare);
	for (size_t i = first; i < nights->n && r >= 0; i++) {
		const struct bh_night *night = &nights->night[i];
		struct pattern pattern;

		r = read_pattern(history, night, &pattern);
		if (r == 0)
			r = cli->json ? print_json(history, night, &pattern) :
					add_row(history, night, &pattern, table);
		explained.shown[night->bed] = true;
		if (pattern.unlooked[0])
			explained.night[night->bed] = night;
	}
	if (r < 0 || cli->json) {
		bh_table_free(table);
		return r;
	}
	r = bh_table_finish(table);
	return r > 0 ? print_unlooked(cli, history, &explained) : r;
}

/* @return 0 or an exit code after the error was printed. */
static int parse_nights(const struct bh_cli_args *args, int32_t *ret_from, int32_t *ret_to,
			int64_t *ret_limit)
{
	struct bh_error err;
	int code = bh_cli_nights_span(args, "nights", ret_from, ret_to);

	if (code != BH_EXIT_OK)
		return code;
	if (bh_cli_number(args, "limit", 1, NIGHTS_MAX, ret_limit, &err) < 0)
		return bh_cli_misused("nights", &err);
	return BH_EXIT_OK;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	int32_t from = 0, to = 0;
	int64_t limit = NIGHTS_MAX;
	struct nights nights = { 0 };
	struct bh_cli_history history;
	size_t first;
	int r, code;

	if (args->n_words > 0)
		return bh_cli_misuse("nights", "unexpected word '%.40s'", args->words[0]);
	code = parse_nights(args, &from, &to, &limit);
	if (code == BH_EXIT_OK)
		code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	r = bh_store_nights(history.store, history.bed, from, to, keep_night, &nights);
	first = nights.n > (size_t)limit ? nights.n - (size_t)limit : 0;
	if (r == 0 && nights.n == 0) {
		fprintf(stderr, "bedside: %s: no night %s%s\n", history.path,
			from || to ? "in that time" : "yet: ",
			from || to ? "" : bh_cli_no_night(&history));
	} else if (r == 0) {
		bh_cli_banner(cli, bh_cli_simulated(&history, nights.night[first].start_ms,
						    nights.night[nights.n - 1].end_ms));
		r = print_nights(cli, &history, &nights, first);
	}
	if (r < 0)
		code = bh_cli_history_fail(&history, r);
	free(nights.night);
	bh_cli_history_close(&history);
	return code;
}

const struct bh_cli_verb bh_cli_verb_nights = {
	.name = "nights",
	.summary = "The nights, one row each",
	.text = "A night runs from noon to noon and is named by the date of its evening. \"-\" means\n"
		"that the bed cannot tell, which is not the same as none. ASLEEP is what movement\n"
		"shows, PLM/H the periodic leg movements an hour of it. Look closer: bedside night.",
	.options = options,
	.run = run,
};
