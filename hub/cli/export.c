/* SPDX-License-Identifier: MIT */
/* bedside export: the documented views into a file, night by night. */
#include "hub/cli/history.h"
#include "hub/cli/progress.h"
#include "hub/cli/rows.h"
#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"
#include "hub/core/night.h"
#include "hub/core/suggest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SQL_MAX 4096
#define TABLES_MAX 16

static const struct bh_cli_option options[] = {
	{ "table", "NAME", "what: nights (the default), events, ...; --table help lists them" },
	{ "csv", NULL, "comma-separated values with a head line (RFC 4180; the default)" },
	{ "since", "DATE", BH_CLI_SINCE_NIGHT },
	{ "until", "DATE", BH_CLI_UNTIL_NIGHT },
	{ "bed", "ID", "only this bed" },
	{ "output", "FILE", "into this file, which appears when it is whole; else on stdout" },
	{ NULL, NULL, NULL },
};

static const struct bh_cli_letter letters[] = { { 'o', "output" }, { 0, NULL } };

/* ISO 8601 with the offset of then and there, of a view's local time and its UTC milliseconds. */
#define OFFSET(text, ms) "(CAST(strftime('%s', " text ") AS INTEGER) - " ms " / 1000)"
#define TIME(text, ms)                                                                             \
	"replace(" text ", ' ', 'T') || printf('.%03d%s%02d:%02d', " ms " % 1000, CASE WHEN "          \
	OFFSET(text, ms) " < 0 THEN '-' ELSE '+' END, abs(" OFFSET(text, ms) ") / 3600, abs("           \
	OFFSET(text, ms) ") % 3600 / 60) AS " text
#define NIGHT(column)                                                                              \
	"CASE WHEN " column " > 0 THEN printf('%04d-%02d-%02d', " column " / 10000, " column           \
	" / 100 % 100, " column " % 100) END AS night"

/** What can be exported: a view of hub/store/README.md, without the hub's own numbers. */
struct export {
	const char *name;
	const char *columns;
	const char *from;
	const char *night; /* NULL: rows have none, and all of them are exported */
	const char *bed;
	const char *order;
	const char *text;
};

static const struct export tables[] = {
	{ "nights",
	  NIGHT("night") ", bed, " TIME("first_enter", "first_enter_ms") ", "
	  TIME("last_exit", "last_exit_ms") ", in_bed_min, restless_min, quiet_min, exits, "
	  "legs_over_edge, legs_over_edge_min, position_changes, leg_movements, faults, "
	  "coverage_permille, complete, temp_left_c, temp_right_c, temp_delta_c, origin, "
	  TIME("sleep_onset", "sleep_onset_ms") ", asleep_min, wake_after_onset_min, awakenings, "
	  "sleep_efficiency_percent, fragmentation, sleep_regularity, plm_index_asleep, "
	  "plm_index_awake, plm_series, plm_interval_s, plm_left, plm_right, plm_both",
	  "nights n", "n.night", "n.bed", "bed", "Nights, summarised" },
	{ "events",
	  NIGHT("night") ", bed, type, side, " TIME("started", "start_ms") ", "
	  TIME("ended", "end_ms") ", minutes, value, unit, value_name, sensor, "
	  "confidence_permille, end_cause, class, origin, taken_back",
	  "events n", "n.night", "n.bed", "start_ms, id", "What happened, with start and end" },
	{ "epochs",
	  NIGHT("night") ", bed, " TIME("started", "start_ms") ", position, contact_left, "
	  "contact_right, coverage_permille, occupied_permille, moving_permille, activity, "
	  "leg_movements, load_permille, temp_left_c, temp_right_c, temp_room_c, origin, sleep",
	  "epochs n", "n.night", "n.bed", "start_ms, bed", "Every 30 seconds" },
	{ "diary",
	  NIGHT("night") ", bed, " TIME("at", "at_ms") ", key, value, nullif(side, 'unknown') AS "
	  "side, site, origin",
	  "diary n", "n.night", "n.bed", "at_ms, id", "The diary; note --import takes it" },
	{ "profile", "bed, key, value, " TIME("at", "at_ms") ", origin", "profile n", NULL, "n.bed", "bed, key",
	  "The profile; profile --import takes it" },
	{ "findings",
	  NIGHT("night") ", bed, rule, class, band, score, held, red_flag, nights_used, "
	  "nights_window, coverage_permille, says, no_data_reason, rule_hash, origin",
	  "findings n", "n.night", "n.bed", "bed, rule", "What the rules said of each night" },
	{ "evidence",
	  NIGHT("n.night") ", n.bed, n.rule, line, truth, weight, counted, text, missing, n.origin",
	  "findings n JOIN evidence v ON v.finding = n.finding", "n.night", "n.bed",
	  "n.bed, n.rule, line", "The lines for and against each finding" },
	{ "faults",
	  NIGHT("night") ", bed, sensor, fault, " TIME("started", "start_ms") ", "
	  TIME("ended", "end_ms") ", minutes, end_cause, origin",
	  "faults n", "n.night", "n.bed", "start_ms, id", "When a sensor did not work" },
	{ "calibrations",
	  "bed, kind, cause, " TIME("at", "at_ms") ", version, quality, n_values, complete, origin",
	  "calibrations n", NULL, "n.bed", "calibration", "Calibrations" },
};
#define N_TABLES (sizeof(tables) / sizeof(tables[0]))

struct job {
	const struct bh_cli *cli;
	const struct bh_cli_history *history;
	const struct export *table;
	int32_t from, to; /* yyyymmdd, to 0: no limit */
	FILE *file;
	bool csv_head; /* written */
	size_t rows;
	int32_t night; /* found by next_night() */
};

/* ---- which table ---- */

static int list_tables(const struct bh_cli *cli)
{
	static const struct bh_table_column columns[] = { { "TABLE", false, false },
							  { "HOLDS", false, true },
							  { NULL, false, false } };
	struct bh_table *table = bh_table_new(&cli->terminal, columns);

	for (size_t i = 0; table && i < N_TABLES; i++) {
		const char *const cells[] = { tables[i].name, tables[i].text };

		bh_table_add(table, cells);
	}
	return table && bh_table_finish(table) >= 0 ? BH_EXIT_OK : BH_EXIT_FAILURE;
}

static int find_table(const char *name, const struct export **ret)
{
	const char *names[TABLES_MAX + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < N_TABLES && i < TABLES_MAX; i++) {
		names[i] = tables[i].name;
		if (strcmp(tables[i].name, name) == 0) {
			*ret = &tables[i];
			return BH_EXIT_OK;
		}
	}
	near = bh_suggest(name, names);
	return bh_cli_misuse("export", "--table %.40s: %s%s", name,
			     near ? "did you mean " : "--table help lists them", near ? near : "");
}

/* ---- rows ---- */

static int each_row(void *ctx, const struct bh_store_row *row)
{
	struct job *job = ctx;

	if (bh_interrupted())
		return -ECANCELED;
	job->rows++;
	if (job->cli->json)
		return bh_row_json(job->file, row);
	if (!job->csv_head)
		bh_row_csv_head(job->file, row);
	job->csv_head = true;
	return bh_row_csv(job->file, row);
}

static int take_night(void *ctx, const struct bh_store_row *row)
{
	struct job *job = ctx;

	job->night = (int32_t)strtol(row->values[0], NULL, 10);
	return 0;
}

/* " AND bed = 'left'", of an id that the history knows. */
static void bed_condition(const struct job *job, char *buf, size_t size)
{
	buf[0] = '\0';
	if (job->history->bed >= 0)
		snprintf(buf, size, " AND %s = '%s'", job->table->bed,
			 bh_cli_bed_id(job->history, job->history->bed));
}

/* The first or last night of the table in [from, to]; 0: none. */
static int find_night(struct job *job, int32_t from, bool last, struct bh_error *err)
{
	char sql[SQL_MAX];

	job->night = 0;
	snprintf(sql, sizeof(sql),
		 "SELECT %s FROM %s WHERE %s BETWEEN %" PRId32 " AND %" PRId32
		 " ORDER BY 1 %s LIMIT 1",
		 job->table->night, job->table->from, job->table->night, from,
		 job->to ? job->to : INT32_MAX, last ? "DESC" : "");
	return bh_store_sql(job->history->store, sql, take_night, job, err);
}

/* One night's rows, so that memory and the time of one statement stay small. */
static int write_night(struct job *job, int32_t night, struct bh_error *err)
{
	char sql[SQL_MAX], bed[BH_NAME_MAX + 32], when[64] = "1";

	bed_condition(job, bed, sizeof(bed));
	if (job->table->night)
		snprintf(when, sizeof(when), "%s = %" PRId32, job->table->night, night);
	snprintf(sql, sizeof(sql), "SELECT %s FROM %s WHERE %s%s ORDER BY %s", job->table->columns,
		 job->table->from, when, bed, job->table->order);
	return bh_store_sql(job->history->store, sql, each_row, job, err);
}

static int write_nights(struct job *job, struct bh_progress *progress, struct bh_error *err)
{
	int32_t first, last;
	int r = find_night(job, 1, true, err);

	last = job->night;
	/* What has no wall time yet belongs to no night. */
	if (r == 0 && job->from == 0)
		r = write_night(job, 0, err);
	if (r == 0)
		r = find_night(job, job->from ? job->from : 1, false, err);
	first = job->night;
	while (r == 0 && job->night != 0) {
		char note[BH_CLI_TIME_MAX];
		int32_t night = job->night;

		/* Months are even enough for a bar. */
		if (progress)
			bh_progress_draw(progress, night / 100 - first / 100,
					 last / 100 - first / 100 + 1, bh_cli_date_text(night, note));
		r = write_night(job, night, err);
		if (r == 0)
			r = find_night(job, night + 1, false, err);
	}
	return r;
}

static int each_head(void *ctx, const struct bh_store_row *row)
{
	struct job *job = ctx;

	bh_row_csv_head(job->file, row);
	job->csv_head = true;
	return 0;
}

/* An empty table has a head line all the same: what reads it finds its columns. */
static int write_head(struct job *job, struct bh_error *err)
{
	char sql[SQL_MAX];

	/* One row of nothing, for its names. */
	snprintf(sql, sizeof(sql),
		 "SELECT x.* FROM (SELECT 1) LEFT JOIN (SELECT %s FROM %s WHERE 0) x",
		 job->table->columns, job->table->from);
	return bh_store_sql(job->history->store, sql, each_head, job, err);
}

static int write_rows(struct job *job, struct bh_progress *progress, struct bh_error *err)
{
	int r = job->table->night ? write_nights(job, progress, err) : write_night(job, 0, err);

	return r == 0 && !job->cli->json && !job->csv_head ? write_head(job, err) : r;
}

/* ---- into a file ---- */

static int fail_write(const char *path, int error)
{
	return bh_cli_fail_text(bh_cli_exit_write(-error), "%s: cannot be written: %s", path,
				strerror(error));
}

static int fail_read(const struct job *job, int r, const struct bh_error *err)
{
	if (r == -ECANCELED)
		return bh_cli_fail_text(BH_EXIT_FAILURE, "export: interrupted; nothing was written");
	if (r == -ENOMEM || r == -EIO || !err->text[0])
		return bh_cli_history_fail(job->history, r);
	return bh_cli_fail_text(BH_EXIT_FAILURE, "%s: cannot be read: %s", job->history->path,
				err->text);
}

static int finish_file(struct job *job, const char *temporary, const char *path)
{
	bool bad = fflush(job->file) != 0 || ferror(job->file) || fsync(fileno(job->file)) < 0;
	int error = errno;

	fclose(job->file);
	if (!bad && rename(temporary, path) < 0) {
		bad = true;
		error = errno;
	}
	if (!bad)
		return BH_EXIT_OK;
	unlink(temporary);
	return fail_write(path, error);
}

/* Readable by its owner only: it is about somebody's health. */
static int to_file(struct job *job, const char *path)
{
	char temporary[BH_PATH_MAX];
	struct bh_error err = { .text = "" };
	struct bh_progress progress;
	struct stat st;
	int fd, r;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >= (int)sizeof(temporary))
		return fail_write(path, ENAMETOOLONG);
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return bh_cli_fail_text(BH_EXIT_UNAVAILABLE,
					"%s: not a file: name one with -o, or leave -o out for stdout",
					path);
	fd = mkstemp(temporary);
	if (fd < 0)
		return fail_write(path, errno);
	job->file = fdopen(fd, "w");
	if (!job->file) {
		close(fd);
		unlink(temporary);
		return fail_write(path, ENOMEM);
	}
	bh_interrupt_catch();
	bh_progress_begin(&progress, "exporting");
	r = write_rows(job, &progress, &err);
	bh_progress_end(&progress);
	if (r == 0)
		return finish_file(job, temporary, path);
	fclose(job->file);
	unlink(temporary);
	return fail_read(job, r, &err);
}

static int to_stdout(struct job *job)
{
	struct bh_error err = { .text = "" };
	int r;

	job->file = stdout;
	r = write_rows(job, NULL, &err);
	return r < 0 ? fail_read(job, r, &err) : BH_EXIT_OK;
}

/* ---- the verb ---- */

static int parse_nights(const struct bh_cli_args *args, struct job *job)
{
	const char *since = bh_cli_value(args, "since"), *until = bh_cli_value(args, "until");

	if ((since || until) && !job->table->night)
		return bh_cli_misuse("export", "%s has no nights: leave out --%s", job->table->name,
				     since ? "since" : "until");
	return bh_cli_nights_span(args, "export", &job->from, &job->to);
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const char *name = bh_cli_value(args, "table"), *path = bh_cli_value(args, "output");
	struct bh_cli_history history;
	struct job job = { .cli = cli, .history = &history, .table = &tables[0] };
	int code;

	if (args->n_words > 0)
		return bh_cli_misuse("export", "unexpected word '%.40s' (what is --table NAME)",
				     args->words[0]);
	if (bh_cli_value(args, "csv") && cli->json)
		return bh_cli_misuse("export", "--csv and --json: choose one");
	if (name && strcmp(name, "help") == 0)
		return list_tables(cli);
	code = name ? find_table(name, &job.table) : BH_EXIT_OK;
	if (code == BH_EXIT_OK)
		code = parse_nights(args, &job);
	if (code == BH_EXIT_OK)
		code = bh_cli_history_open(cli, args, &history);
	if (code != BH_EXIT_OK)
		return code;
	code = path ? to_file(&job, path) : to_stdout(&job);
	if (code == BH_EXIT_OK && job.rows == 0)
		fprintf(stderr, "bedside: %s: no %s%s\n", history.path, job.table->name,
			job.from || job.to ? " of those nights" :
				" yet: run bedsided, or `bedside demo` for a history of its own");
	bh_cli_history_close(&history);
	if (code == BH_EXIT_OK && path && job.rows > 0)
		fprintf(stderr, "bedside: %zu rows of %s in %s\n", job.rows, job.table->name, path);
	return code;
}

const struct bh_cli_verb bh_cli_verb_export = {
	.name = "export",
	.summary = "Nights, events, diary ... as a CSV or JSON file",
	.text = "CSV, or with --json one JSON object a line. Times are ISO 8601, local as they were there and\n"
		"then, with their offset from UTC; an empty field (null) is not known. A diary or profile that\n"
		"was exported can be imported elsewhere. The file appears when it is whole.",
	.options = options,
	.letters = letters,
	.run = run,
};
