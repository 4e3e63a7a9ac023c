/* SPDX-License-Identifier: MIT */
#include "hub/cli/import.h"

#include "hub/cli/csv.h"
#include "hub/cli/history.h"
#include "hub/cli/output.h"
#include "hub/cli/times.h"
#include "hub/core/said.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { AT, KEY, VALUE, SIDE, SITE, NIGHT, BED, ORIGIN, COLUMNS };
static const char *const column_names[COLUMNS + 1] = {
	[AT] = "at",	 [KEY] = "key",	    [VALUE] = "value", [SIDE] = "side",
	[SITE] = "site", [NIGHT] = "night", [BED] = "bed",     [ORIGIN] = "origin",
	[COLUMNS] = NULL,
};

struct row {
	struct bh_saying saying;
	int line;
};

struct import {
	const char *path;
	enum bh_remark_kind kind;
	const char *bed; /* --bed */
	struct bh_cli_persons persons;
	int64_t now_ms;
	int place[COLUMNS]; /* of each column in a record, -1: not there */
	size_t n_columns;
	struct row *rows;
	size_t n_rows, cap;
	size_t bad;
	struct bh_error last; /* told when the next one comes, or with the end */
};

/* ---- telling ---- */

static void tell_last(struct import *import, bool is_last)
{
	char text[BH_ERROR_TEXT_MAX];

	if (import->bad == 0)
		return;
	if (is_last) {
		snprintf(text, sizeof(text), "%.300s (nothing was imported)", import->last.text);
		memcpy(import->last.text, text, sizeof(text));
	}
	bh_cli_fail(BH_EXIT_DATA, &import->last);
}

static void complain(struct import *import, const struct bh_error *err)
{
	tell_last(import, false);
	import->last = *err;
	import->bad++;
}

/* A complaint about one field; @p err holds the text, and gets the place. */
static int at_field(const struct import *import, const struct bh_csv_field *field,
		    struct bh_error *err)
{
	snprintf(err->place, sizeof(err->place), "%s", import->path);
	err->line = field->line;
	err->column = field->column;
	return -EINVAL;
}

/* ---- the head ---- */

static bool is_wanted(const struct import *import, enum column column)
{
	if (import->kind == BH_SAID_PROFILE)
		return column != SIDE && column != SITE && column != NIGHT;
	return true;
}

static int find_column(const struct import *import, const struct bh_csv_field *field,
		       struct bh_error *err)
{
	const char *names[COLUMNS + 1] = { NULL };
	char list[96] = "";
	const char *near;
	size_t n = 0;

	for (int i = 0; i < COLUMNS; i++) {
		if (!is_wanted(import, (enum column)i))
			continue;
		if (strcmp(column_names[i], field->text) == 0)
			return i;
		names[n++] = column_names[i];
		strncat(list, n > 1 ? ", " : "", sizeof(list) - strlen(list) - 1);
		strncat(list, column_names[i], sizeof(list) - strlen(list) - 1);
	}
	near = bh_suggest(field->text, names);
	bh_error_set(err, -EINVAL, "", 0, 0, "unknown column '%.40s': %s%s", field->text,
		     near ? "did you mean " : "known are ", near ? near : list);
	return at_field(import, field, err);
}

static int read_head(struct import *import, const struct bh_csv_record *head, struct bh_error *err)
{
	bool needs_at = import->kind == BH_SAID_DIARY;

	import->n_columns = head->n;
	for (int i = 0; i < COLUMNS; i++)
		import->place[i] = -1;
	for (size_t i = 0; i < head->n; i++) {
		int column = find_column(import, &head->field[i], err);

		if (column < 0)
			return column;
		if (import->place[column] >= 0) {
			bh_error_set(err, -EINVAL, "", 0, 0, "column '%s' is there twice: keep one",
				     column_names[column]);
			return at_field(import, &head->field[i], err);
		}
		import->place[column] = (int)i;
	}
	for (int i = AT; i <= VALUE; i++)
		if (import->place[i] < 0 && (i != AT || needs_at))
			return bh_error_set(err, -EINVAL, import->path, head->line, 0,
					    "no column '%s': the first line names the columns, such "
					    "as %s",
					    column_names[i], needs_at ? "at,key,value" : "key,value");
	return 0;
}

/* ---- one line ---- */

static const struct bh_csv_field *field_of(const struct import *import,
					   const struct bh_csv_record *record, enum column column)
{
	return import->place[column] >= 0 ? &record->field[import->place[column]] : NULL;
}

static const char *text_of(const struct import *import, const struct bh_csv_record *record,
			   enum column column)
{
	const struct bh_csv_field *field = field_of(import, record, column);

	return field ? field->text : "";
}

/* An answer without a time was said nobody knows when; an entry has one. */
static int take_time(const struct import *import, const struct bh_csv_record *record,
		     int64_t *ret_ms, struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, AT);

	*ret_ms = 0;
	if (import->kind == BH_SAID_PROFILE && !text_of(import, record, AT)[0])
		return 0;
	if (strspn(field->text, "0123456789-") >= strlen("2026-11-22") &&
	    bh_cli_time_parse(field->text, import->now_ms, ret_ms, err) == 0)
		return 0;
	bh_error_set(err, -EINVAL, "", 0, 0,
		     "'%.40s' is not a time: write it as 2026-11-22T23:10:05+01:00 or "
		     "2026-11-22 23:10",
		     field->text);
	return at_field(import, field, err);
}

static int take_night(const struct import *import, const struct bh_csv_record *record, int32_t *ret,
		      struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, NIGHT);

	*ret = 0;
	if (!field || !field->text[0] || bh_cli_date_parse(field->text, ret, err) == 0)
		return 0;
	return at_field(import, field, err);
}

static int take_said(const struct import *import, const struct bh_csv_record *record,
		     struct bh_remark *ret, struct bh_error *err)
{
	static const enum column columns[] = {
		[BH_SAID_KEY] = KEY,   [BH_SAID_VALUE] = VALUE, [BH_SAID_SIDE] = SIDE,
		[BH_SAID_SITE] = SITE, [BH_SAID_AT] = AT,	[BH_SAID_NIGHT] = NIGHT,
	};
	struct bh_said_words words = { .kind = import->kind,
				       .key = text_of(import, record, KEY),
				       .value = text_of(import, record, VALUE),
				       .side = text_of(import, record, SIDE),
				       .site = text_of(import, record, SITE) };
	enum bh_said_field field;
	int r = take_time(import, record, &words.at_ms, err);

	if (r == 0)
		r = take_night(import, record, &words.night, err);
	if (r < 0)
		return r;
	if (bh_said_read(&words, import->now_ms, ret, &field, err) < 0)
		return at_field(import, field_of(import, record, columns[field]), err);
	return 0;
}

static int take_bed(const struct import *import, const struct bh_csv_record *record, char *ret,
		    struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, BED);
	bool given = field && field->text[0];

	if (bh_cli_person(&import->persons, given ? field->text : import->bed, ret, err) == 0)
		return 0;
	return at_field(import, field ? field : &record->field[0], err);
}

/* What a simulation answered is of nobody, and must not become a person's by the way. */
static int take_origin(const struct import *import, const struct bh_csv_record *record,
		       struct bh_error *err)
{
	if (strcmp(text_of(import, record, ORIGIN), bh_origin_name(BH_ORIGIN_SIMULATED)) != 0)
		return 0;
	bh_error_set(err, -EINVAL, "", 0, 0,
		     "simulated: nobody said this: leave the line out, or the column origin to try "
		     "it all the same");
	return at_field(import, field_of(import, record, ORIGIN), err);
}

static int take_row(const struct import *import, const struct bh_csv_record *record,
		    struct row *ret, struct bh_error *err)
{
	int r;

	*ret = (struct row){ .line = record->line, .saying.said.kind = import->kind };
	if (record->n != import->n_columns) {
		bh_error_set(err, -EINVAL, "", 0, 0,
			     "%zu fields where the first line names %zu: add or remove commas",
			     record->n, import->n_columns);
		return at_field(import, &record->field[record->n - 1], err);
	}
	r = take_origin(import, record, err);
	if (r == 0)
		r = take_bed(import, record, ret->saying.bed, err);
	if (r < 0)
		return r;
	return take_said(import, record, &ret->saying.said, err);
}

static int keep_row(struct import *import, const struct row *row, struct bh_error *err)
{
	struct row *rows;

	if (import->n_rows == BH_SAYINGS_MAX)
		return bh_error_set(err, -EFBIG, import->path, row->line, 0,
				    "more than %d lines: split the file", BH_SAYINGS_MAX);
	if (import->n_rows == import->cap) {
		import->cap = import->cap ? import->cap * 2 : 64;
		rows = realloc(import->rows, import->cap * sizeof(*rows));
		if (!rows)
			return bh_error_set(err, -ENOMEM, import->path, 0, 0, "out of memory");
		import->rows = rows;
	}
	import->rows[import->n_rows++] = *row;
	return 0;
}

/* ---- lines that contradict each other ---- */

static int compare_said(const struct row *a, const struct row *b)
{
	const struct bh_diary_item *x = &a->saying.said.u.diary, *y = &b->saying.said.u.diary;
	int c = strcmp(a->saying.bed, b->saying.bed);

	if (a->saying.said.kind == BH_SAID_PROFILE)
		return c ? c : strcmp(a->saying.said.u.profile.key, b->saying.said.u.profile.key);
	if (c == 0)
		c = x->night != y->night ? (x->night < y->night ? -1 : 1) : 0;
	if (c == 0)
		c = x->at_ms != y->at_ms ? (x->at_ms < y->at_ms ? -1 : 1) : 0;
	if (c == 0)
		c = strcmp(x->key, y->key);
	if (c == 0)
		c = (int)x->side - (int)y->side;
	return c ? c : strcmp(x->site, y->site);
}

static int by_said(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int c = compare_said(x, y);

	return c ? c : x->line - y->line;
}

static int by_line(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->line - y->line;
}

static const char *value_of(const struct row *row)
{
	return row->saying.said.kind == BH_SAID_PROFILE ? row->saying.said.u.profile.value :
							  row->saying.said.u.diary.value;
}

static void find_contradictions(struct import *import)
{
	struct bh_error err;

	if (import->n_rows == 0)
		return;
	qsort(import->rows, import->n_rows, sizeof(*import->rows), by_said);
	for (size_t i = 1; i < import->n_rows; i++) {
		const struct row *before = &import->rows[i - 1], *row = &import->rows[i];

		if (compare_said(before, row) != 0 || strcmp(value_of(before), value_of(row)) == 0)
			continue;
		bh_error_set(&err, -EINVAL, import->path, row->line, 0,
			     "the same %s as line %d with another value: keep one%s",
			     import->kind == BH_SAID_PROFILE ? "key" : "time, key and side",
			     before->line,
			     import->kind == BH_SAID_PROFILE ? "" : ", or correct the time");
		complain(import, &err);
	}
	qsort(import->rows, import->n_rows, sizeof(*import->rows), by_line);
}

/* ---- the whole file ---- */

static int read_rows(struct import *import, struct bh_csv *csv)
{
	struct bh_csv_record record;
	struct bh_error err;
	struct row row;
	int r = bh_csv_next(csv, &record, &err);

	if (r == 0)
		return bh_cli_fail_text(BH_EXIT_DATA,
					"%s: empty: the first line names the columns, such as %s",
					import->path,
					import->kind == BH_SAID_PROFILE ? "key,value" :
									  "at,key,value");
	if (r > 0)
		r = read_head(import, &record, &err);
	if (r < 0)
		return bh_cli_fail(BH_EXIT_DATA, &err);
	while ((r = bh_csv_next(csv, &record, &err)) != 0 && r != -EILSEQ) {
		if (r > 0)
			r = take_row(import, &record, &row, &err);
		if (r == 0)
			r = keep_row(import, &row, &err);
		if (r == -EFBIG || r == -ENOMEM)
			return bh_cli_fail(BH_EXIT_DATA, &err);
		if (r < 0)
			complain(import, &err);
	}
	if (r < 0)
		complain(import, &err);
	find_contradictions(import);
	tell_last(import, true);
	return import->bad ? BH_EXIT_DATA : BH_EXIT_OK;
}

static int report(struct bh_cli *cli, const struct import *import, const struct bh_cli_said *said)
{
	const char *what = import->kind == BH_SAID_PROFILE ? "answer" : "entr";
	const char *many = import->kind == BH_SAID_PROFILE ? "s" : "ies";
	const char *one = import->kind == BH_SAID_PROFILE ? "" : "y";

	if (cli->json) {
		json_t *object = json_pack("{s:s, s:I}", "file", import->path, "read",
					   (json_int_t)import->n_rows);

		json_object_set_new(object, "changed",
				    said->in_memory ? json_null() : json_integer(said->changed));
		return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
	}
	printf("%zu %s%s of %s", import->n_rows, what, import->n_rows == 1 ? one : many,
	       import->path);
	if (!said->in_memory && (size_t)said->changed < import->n_rows)
		printf(" imported, %zu of them were there already\n",
		       import->n_rows - (size_t)said->changed);
	else
		printf(" imported\n");
	return BH_EXIT_OK;
}

static int say_rows(struct bh_cli *cli, const struct import *import)
{
	struct bh_saying *sayings = calloc(import->n_rows, sizeof(*sayings));
	struct bh_cli_said said;
	int code;

	if (!sayings)
		return bh_cli_fail_text(BH_EXIT_FAILURE, "out of memory");
	for (size_t i = 0; i < import->n_rows; i++)
		sayings[i] = import->rows[i].saying;
	code = bh_cli_say(cli, sayings, import->n_rows, &said);
	free(sayings);
	return code == BH_EXIT_OK ? report(cli, import, &said) : code;
}

int bh_cli_import(struct bh_cli *cli, const char *path, enum bh_remark_kind kind, const char *bed)
{
	struct import import = { .path = path, .kind = kind, .bed = bed };
	struct bh_error err = { .text = "out of memory" };
	struct bh_csv *csv;
	int r, code = bh_cli_persons(cli, &import.persons);

	if (code != BH_EXIT_OK)
		return code;
	import.now_ms = bh_cli_now_ms();
	r = bh_csv_open(path, &csv, &err);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_data(r), &err);
	code = read_rows(&import, csv);
	bh_csv_close(csv);
	if (code == BH_EXIT_OK && import.n_rows == 0)
		code = bh_cli_fail_text(BH_EXIT_DATA, "%s: no line below the column names: nothing "
						      "to import", path);
	if (code == BH_EXIT_OK)
		code = say_rows(cli, &import);
	free(import.rows);
	return code;
}
