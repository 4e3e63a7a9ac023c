/* SPDX-License-Identifier: MIT */
#include "hub/cli/history.h"

#include "hub/cli/say.h"
#include "hub/cli/times.h"
#include "hub/core/suggest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Ten years of nights. */
#define NIGHTS_MAX 3660

static int find_bed(struct bh_cli_history *history, const char *wanted)
{
	const char *ids[BH_BEDS_MAX + 1] = { NULL };
	const char *near;

	for (size_t i = 0; i < history->n_beds; i++) {
		const struct bh_store_bed *bed = &history->beds[i];

		ids[i] = bed->id;
		if (strcmp(bed->id, wanted) == 0 || strcmp(bed->name, wanted) == 0) {
			history->bed = bed->bed;
			return BH_EXIT_OK;
		}
	}
	for (size_t i = 0; i < history->n_names; i++) {
		const struct bh_store_bed_name *bed = &history->names[i];

		if (strcmp(bed->id, wanted) == 0 || strcmp(bed->name, wanted) == 0) {
			history->bed = bed->bed;
			return BH_EXIT_OK;
		}
	}
	near = bh_suggest(wanted, ids);
	if (!near)
		near = ids[0] ? ids[0] : "none yet";
	return bh_cli_fail_text(BH_EXIT_USAGE, "--bed %.40s: %s has no such bed: try '%s'", wanted,
				history->path, near);
}

static int read_beds(struct bh_cli_history *history)
{
	int n = bh_store_beds(history->store, history->beds, BH_BEDS_MAX);

	if (n < 0)
		return n;
	history->n_beds = (size_t)n;
	n = bh_store_bed_names(history->store, history->names, BH_STORE_BEDS_EVER);
	if (n < 0)
		return n;
	history->n_names = (size_t)n;
	return 0;
}

int bh_cli_demo_path(const struct bh_config *builtin, char *ret)
{
	const char *slash = strrchr(builtin->database, '/');
	int length = snprintf(ret, BH_PATH_MAX, "%.*s/demo.db",
			      slash ? (int)(slash - builtin->database) : 0, builtin->database);

	return length < BH_PATH_MAX ? 0 : -ENAMETOOLONG;
}

/* Who has just seen a demonstration means its history. */
static int no_history(const struct bh_cli *cli, const struct bh_error *err)
{
	char demo[BH_PATH_MAX];

	if (!cli->config->built_in || bh_cli_demo_path(cli->config, demo) < 0 ||
	    access(demo, F_OK) < 0)
		return bh_cli_fail(BH_EXIT_UNAVAILABLE, err);
	return bh_cli_fail_text(BH_EXIT_UNAVAILABLE,
				"%s: no history yet: run bedsided, or see the demo's: --db %s",
				cli->config->database, demo);
}

int bh_cli_history_open(struct bh_cli *cli, const struct bh_cli_args *args,
			struct bh_cli_history *ret)
{
	struct bh_error err = { .text = "" };
	const char *bed = bh_cli_value(args, "bed");
	int r;

	*ret = (struct bh_cli_history){ .path = cli->db_path, .bed = -1 };
	if (!ret->path) {
		r = bh_cli_config(cli, false);
		if (r != BH_EXIT_OK)
			return r;
		ret->path = cli->config->database;
	}
	r = bh_store_open(ret->path, BH_STORE_READ, &ret->store, &err);
	if (r == -ENOENT && !cli->db_path)
		return no_history(cli, &err);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	r = read_beds(ret);
	if (r < 0)
		r = bh_cli_history_fail(ret, r);
	else
		r = bed ? find_bed(ret, bed) : BH_EXIT_OK;
	if (r != BH_EXIT_OK)
		bh_cli_history_close(ret);
	return r;
}

void bh_cli_history_close(struct bh_cli_history *history)
{
	bh_store_close(history->store);
	history->store = NULL;
}

static const struct bh_store_bed *bed_of(const struct bh_cli_history *history, int bed)
{
	for (size_t i = 0; i < history->n_beds; i++)
		if (history->beds[i].bed == bed)
			return &history->beds[i];
	return NULL;
}

static const struct bh_store_bed_name *name_of(const struct bh_cli_history *history, int bed)
{
	for (size_t i = 0; i < history->n_names; i++)
		if (history->names[i].bed == bed)
			return &history->names[i];
	return NULL;
}

const char *bh_cli_bed_id(const struct bh_cli_history *history, int bed)
{
	const struct bh_store_bed_name *found = name_of(history, bed);

	return found ? found->id : BH_CLI_NO_BED;
}

const char *bh_cli_bed_name(const struct bh_cli_history *history, int bed)
{
	const struct bh_store_bed_name *found = name_of(history, bed);

	return found ? found->name : BH_CLI_NO_BED;
}

uint32_t bh_cli_bed_capabilities(const struct bh_cli_history *history, int bed)
{
	const struct bh_store_bed *found = bed_of(history, bed);

	return found ? found->capabilities : 0;
}

int bh_cli_one_bed(const struct bh_cli_history *history)
{
	if (history->bed >= 0)
		return history->bed;
	return history->n_beds > 0 ? history->beds[0].bed : 0;
}

const char *bh_cli_no_night(const struct bh_cli_history *history)
{
	if (history->n_beds > 0)
		return "a night is told when it is over, at noon; bedside status tells of now";
	return "run bedsided or bedside replay, or `bedside demo` for a history of its own";
}

/* The newest night but @p back. */
static int night_back(const struct bh_cli_history *history, long back, int32_t *ret)
{
	int32_t *dates = calloc(NIGHTS_MAX, sizeof(*dates));
	int n = -ENOMEM;

	if (dates)
		n = bh_store_night_dates(history->store, bh_cli_one_bed(history), 0, 0, dates,
					 NIGHTS_MAX);
	if (n > back)
		*ret = dates[n - 1 - back];
	free(dates);
	if (n < 0)
		return bh_cli_history_fail(history, n);
	if (n > back)
		return BH_EXIT_OK;
	return bh_cli_fail_text(BH_EXIT_DATA, "%s: holds %d night%s of bed '%s': %s", history->path, n,
				n == 1 ? "" : "s", bh_cli_bed_id(history, bh_cli_one_bed(history)),
				n == 0 ? bh_cli_no_night(history) : "go back less far");
}

int bh_cli_night(const struct bh_cli_history *history, const struct bh_cli_args *args,
		 const char *verb, int32_t *ret)
{
	const char *text = bh_cli_value(args, "night");
	struct bh_error err;
	char *end;
	long back;

	if (!text || strcmp(text, "last") == 0)
		return night_back(history, 0, ret);
	back = strtol(text, &end, 10);
	if (text[0] == '-' && *end == '\0' && back < 0 && back > -NIGHTS_MAX)
		return night_back(history, -back, ret);
	if (bh_cli_date_parse(text, ret, &err) < 0)
		return bh_cli_misused(verb, &err);
	return BH_EXIT_OK;
}

int bh_cli_nights_span(const struct bh_cli_args *args, const char *verb, int32_t *ret_from,
		       int32_t *ret_to)
{
	const char *since = bh_cli_value(args, "since"), *until = bh_cli_value(args, "until");
	int64_t now_ms = bh_cli_now_ms();
	struct bh_error err;

	if (since && bh_cli_night_parse(since, now_ms, ret_from, &err) < 0)
		return bh_cli_misuse(verb, "--since: %s", err.text);
	if (until && bh_cli_night_parse(until, now_ms, ret_to, &err) < 0)
		return bh_cli_misuse(verb, "--until: %s", err.text);
	if (since && until && *ret_from > *ret_to)
		return bh_cli_misuse(verb, "--since %.40s is after --until %.40s", since, until);
	return BH_EXIT_OK;
}

bool bh_cli_simulated(const struct bh_cli_history *history, int64_t from_ms, int64_t to_ms)
{
	return bh_store_has_origin(history->store, BH_ORIGIN_SIMULATED, from_ms, to_ms) > 0;
}

bool bh_cli_of_nobody(const struct bh_cli_history *history)
{
	return bh_cli_simulated(history, 0, 0) &&
	       bh_store_has_origin(history->store, BH_ORIGIN_MEASURED, 0, 0) == 0 &&
	       bh_store_has_origin(history->store, BH_ORIGIN_REPLAYED, 0, 0) == 0;
}

void bh_cli_banner(const struct bh_cli *cli, bool simulated)
{
	if (!simulated || cli->json)
		return;
	printf("%sSIMULATED: a made-up sleeper, not a person. Nothing here is clinical.%s\n\n",
	       cli->terminal.color ? "\x1b[1;33m" : "", cli->terminal.color ? "\x1b[0m" : "");
}

int bh_cli_history_fail(const struct bh_cli_history *history, int r)
{
	return bh_cli_fail_text(bh_cli_exit_data(r), "%s: cannot be read: %s: bedside doctor checks it", history->path,
				strerror(-r));
}
