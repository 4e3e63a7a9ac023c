/* SPDX-License-Identifier: MIT */
/* bedside report: the night page and the period page. */
#include "hub/cli/output.h"
#include "hub/cli/report_data.h"
#include "hub/cli/rules_load.h"
#include "hub/cli/times.h"
#include "hub/cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct bh_cli_option options[] = {
	{ "night", "DATE",
	  "one night: the date of its evening, last (the default), or -1 for the one before" },
	{ "since", "DATE", "a period: " BH_CLI_SINCE_NIGHT },
	{ "until", "DATE", "... " BH_CLI_UNTIL_NIGHT " (the last)" },
	{ "bed", "ID", "this bed (the first is the default)" },
	{ "output", "FILE", "write the page here; - is standard output" },
	{ NULL, NULL, NULL },
};

static const struct bh_cli_letter letters[] = { { 'o', "output" }, { 0, NULL } };

/* What is to be written. */
struct report {
	struct bh_cli *cli;
	struct bh_report_data data;
	const char *path; /* NULL: standard output */
	bool period;
	struct bh_report_night night;
	struct bh_report_period nights;
};

static int write_page(const struct report *report, FILE *out)
{
	return report->period ? bh_report_period(out, &report->nights)
			      : bh_report_night(out, &report->night);
}

static int fail_write(const char *path, int error)
{
	return bh_cli_fail_text(bh_cli_exit_write(-error),
				"%s: cannot be written: %s: name another file with -o", path,
				strerror(error));
}

/* A device or a pipe is written to as it is. */
static int write_through(const struct report *report)
{
	FILE *out = fopen(report->path, "w");
	int r;

	if (!out)
		return fail_write(report->path, errno);
	r = write_page(report, out);
	if (fclose(out) != 0 || r < 0)
		return fail_write(report->path, EIO);
	return BH_EXIT_OK;
}

/* Whole or not at all, and for its owner's eyes only: a page is about somebody's health. */
static int write_file(const struct report *report)
{
	char name[BH_PATH_MAX + 8];
	FILE *out;
	int fd, error = 0;

	if (snprintf(name, sizeof(name), "%s.XXXXXX", report->path) >= (int)sizeof(name))
		return fail_write(report->path, ENAMETOOLONG);
	fd = mkstemp(name);
	if (fd < 0)
		return fail_write(report->path, errno);
	out = fdopen(fd, "w");
	if (!out) {
		error = errno;
		close(fd);
	} else {
		if (write_page(report, out) < 0)
			error = errno ? errno : EIO;
		/* On the disk before it takes the place of yesterday's page. */
		if (!error && (fflush(out) != 0 || fsync(fd) < 0))
			error = errno;
		if (fclose(out) != 0 && !error)
			error = errno;
	}
	if (!error && rename(name, report->path) < 0)
		error = errno;
	if (!error)
		return BH_EXIT_OK;
	unlink(name);
	return fail_write(report->path, error);
}

static int say_written(const struct report *report)
{
	size_t nights = report->period ? report->nights.n_rows : 1;
	char date[BH_CLI_TIME_MAX];
	json_t *object;

	if (!report->cli->json) {
		fprintf(stderr, "bedside: wrote %s: open it in a browser, or print it\n",
			report->path);
		return BH_EXIT_OK;
	}
	object = json_object();
	bh_json_text(object, "file", report->path);
	bh_json_text(object, "page", report->period ? "period" : "night");
	bh_json_text(object, "bed", bh_cli_bed_id(report->data.history, report->data.bed));
	bh_json_text(object, "from",
		     bh_cli_date_text(report->period ? report->nights.from
						     : report->night.past->night.date,
				      date));
	json_object_set_new(object, "nights", json_integer((json_int_t)nights));
	json_object_set_new(object, "simulated",
			    json_boolean(report->period ? report->nights.head.simulated
							: report->night.head.simulated));
	return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
}

static int write_report(const struct report *report)
{
	struct stat stat_buf;
	int code;

	if (!report->path)
		return write_page(report, stdout) < 0 ? fail_write("standard output", EIO)
						      : BH_EXIT_OK;
	code = stat(report->path, &stat_buf) == 0 && !S_ISREG(stat_buf.st_mode)
		       ? write_through(report)
		       : write_file(report);
	return code == BH_EXIT_OK ? say_written(report) : code;
}

static int fail_load(const struct report *report, int r, int32_t date)
{
	const char *path = report->data.history->path;
	char text[BH_CLI_TIME_MAX];

	if (r == -ENOENT && report->period)
		return bh_cli_fail_text(BH_EXIT_DATA,
					"%s: holds none of these nights: bedside nights lists "
					"those there are",
					path);
	if (r == -ENOENT)
		return bh_cli_fail_text(BH_EXIT_DATA,
					"%s: nothing is known of the night of %s: bedside nights "
					"lists those there are",
					path, bh_cli_date_text(date, text));
	if (r == -E2BIG)
		return bh_cli_misuse(
			"report", "more than %d nights: a page is for a shorter time, say --until",
			BH_REPORT_NIGHTS_MAX);
	return bh_cli_history_fail(report->data.history, r);
}

static int parse_period(const struct bh_cli_args *args, int32_t *ret_from, int32_t *ret_to)
{
	if (bh_cli_value(args, "night"))
		return bh_cli_misuse("report", "--night and --since: choose one night or a period");
	if (!bh_cli_value(args, "since"))
		return bh_cli_misuse("report", "--until: a period begins with --since DATE");
	return bh_cli_nights_span(args, "report", ret_from, ret_to);
}

static int load(struct report *report, const struct bh_cli_args *args)
{
	int32_t from = 0, to = 0;
	int r, code = report->period ? parse_period(args, &from, &to)
				     : bh_cli_night(report->data.history, args, "report", &from);

	if (code != BH_EXIT_OK)
		return code;
	r = report->period ? bh_report_data_period(&report->data, from, to, &report->nights)
			   : bh_report_data_night(&report->data, from, &report->night);
	return r < 0 ? fail_load(report, r, from) : BH_EXIT_OK;
}

static int make(struct report *report, const struct bh_cli_args *args)
{
	struct bh_cli_history history;
	struct bh_rule_set *rules;
	int code = bh_cli_rules_load(report->cli, &rules);

	if (code != BH_EXIT_OK)
		return code;
	code = bh_cli_history_open(report->cli, args, &history);
	if (code == BH_EXIT_OK) {
		report->data = (struct bh_report_data){ .cli = report->cli,
							.history = &history,
							.rules = rules,
							.bed = bh_cli_one_bed(&history) };
		code = load(report, args);
		if (code == BH_EXIT_OK)
			code = write_report(report);
		bh_report_data_free(&report->data);
		bh_cli_history_close(&history);
	}
	bh_rule_set_free(rules);
	return code;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct report report = { .cli = cli,
				 .path = bh_cli_value(args, "output"),
				 .period = bh_cli_value(args, "since") ||
					   bh_cli_value(args, "until") };

	if (args->n_words > 0)
		return bh_cli_misuse("report",
				     "unexpected word '%.40s' (where to write is -o FILE)",
				     args->words[0]);
	if (report.path && !*report.path)
		return bh_cli_misuse("report", "-o: name a file");
	if (report.path && strcmp(report.path, "-") == 0) {
		report.path = NULL;
	} else if (!report.path && cli->terminal.tty) {
		return bh_cli_misuse("report", "a page is for a browser: say where to write it, "
					       "-o page.html, or -o - for standard output");
	}
	if (!report.path && cli->json)
		return bh_cli_misuse("report",
				     "--json: a page is HTML; with -o FILE, --json tells what was "
				     "written");
	return make(&report, args);
}

const struct bh_cli_verb bh_cli_verb_report = {
	.name = "report",
	.summary = "A page of one night or of a period, to read, print and take along",
	.text = "One HTML file without scripts, for a browser, a phone or paper: what the bed saw, "
		"what was\n"
		"matched with the evidence for and against, what the data are worth, tips with "
		"what holds\n"
		"them back, and questions to take to the doctor.",
	.options = options,
	.letters = letters,
	.run = run,
};
