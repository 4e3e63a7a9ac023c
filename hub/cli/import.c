/* SPDX-License-Identifier: MIT */
#include "hub/cli/import.h"

#include "hub/cli/csv.h"
#include "hub/cli/output.h"
#include "hub/cli/times.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column { AT, KEY, VALUE, SIDE, SITE, NIGHT, BED, COLUMNS };
static const char *const column_names[COLUMNS + 1] = {
	[AT] = "at",	 [KEY] = "key",	    [VALUE] = "value", [SIDE] = "side",
	[SITE] = "site", [NIGHT] = "night", [BED] = "bed",     [COLUMNS] = NULL,
};
/* The longest list of keys. */
#define KEYS_MAX 64

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

static int take_key(const struct import *import, const struct bh_csv_record *record,
		    const struct bh_answer_info **ret, struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, KEY);
	bool profile = import->kind == BH_SAID_PROFILE;
	const struct bh_answer_info *info = profile ? bh_profile_info(field->text) :
						      bh_diary_info(field->text);
	const char *names[KEYS_MAX + 1] = { NULL };
	const char *near;

	if (info) {
		*ret = info;
		return 0;
	}
	for (size_t i = 0; i < KEYS_MAX; i++) {
		info = profile ? bh_profile_info_at(i) : bh_diary_info_at(i);
		if (!info)
			break;
		names[i] = info->key;
	}
	near = bh_suggest(field->text, names);
	bh_error_set(err, -EINVAL, "", 0, 0, "no such key '%.40s': %s%s", field->text,
		     near ? "did you mean " :
			    profile ? "bedside profile help lists them" : "bedside note help lists them",
		     near ? near : "");
	return at_field(import, field, err);
}

static int take_value(const struct import *import, const struct bh_csv_record *record,
		      const struct bh_answer_info *info, char *ret, size_t size,
		      struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, VALUE);
	char takes[BH_ANSWER_TAKES_MAX];

	if (field->text[0] && strlen(field->text) < size && bh_answer_check(info, field->text) == 0) {
		strcpy(ret, field->text);
		return 0;
	}
	if (field->text[0] && info->kind == BH_ANSWER_TEXT)
		bh_error_set(err, -EINVAL, "", 0, 0, "%s: longer than %zu bytes: shorten it",
			     info->key, size - 1);
	else
		bh_error_set(err, -EINVAL, "", 0, 0, "%s '%.40s': must be %s", info->key,
			     field->text, bh_answer_takes(info, takes));
	return at_field(import, field, err);
}

static int take_time(const struct import *import, const struct bh_csv_record *record,
		     int64_t *ret_ms, struct bh_error *err)
{
	const struct bh_csv_field *field = field_of(import, record, AT);

	if (strspn(field->text, "0123456789-") < strlen("2026-11-22") ||
	    bh_cli_time_parse(field->text, import->now_ms, ret_ms, err) < 0)
		bh_error_set(err, -EINVAL, "", 0, 0,
			     "'%.40s' is not a time: write it as 2026-11-22T23:10:05+01:00 or "
			     "2026-11-22 23:10",
			     field->text);
	else if (*ret_ms > import->now_ms + BH_SAY_AHEAD_MS)
		bh_error_set(err, -EINVAL, "", 0, 0, "%.40s lies in the future: correct the time",
			     field->text);
	else
		return 0;
	return at_field(import, field, err);
}

static int take_leg(const struct import *import, const struct bh_csv_record *record,
		    const struct bh_answer_info *info, struct bh_diary_item *ret, struct bh_error *err)
{
	const struct bh_csv_field *side = field_of(import, record, SIDE);
	const struct bh_csv_field *site = field_of(import, record, SITE);

	if (side && side->text[0] && strcmp(side->text, BH_ANSWER_UNKNOWN) != 0 && info->of == BH_OF_BODY) {
		bh_error_set(err, -EINVAL, "", 0, 0, "%s has no side: leave it empty", info->key);
		return at_field(import, side, err);
	}
	if (side && side->text[0] && bh_side_from_name(side->text, &ret->side) < 0) {
		bh_error_set(err, -EINVAL, "", 0, 0, "side '%.40s': must be left, right or both",
			     side->text);
		return at_field(import, side, err);
	}
	if (!site || !site->text[0])
		return 0;
	if (info->of == BH_OF_BODY || !bh_answer_is_word(bh_answer_sites(), site->text)) {
		bh_error_set(err, -EINVAL, "", 0, 0,
			     info->of != BH_OF_BODY ? "site '%.40s': must be one of %s" :
					 "site '%.40s': %s has none: leave it empty",
			     site->text, info->of != BH_OF_BODY ? bh_answer_sites() : info->key);
		return at_field(import, site, err);
	}
	snprintf(ret->site, sizeof(ret->site), "%s", site->text);
	return 0;
}

static int take_entry(const struct import *import, const struct bh_csv_record *record,
		      struct bh_diary_item *ret, struct bh_error *err)
{
	const struct bh_answer_info *info;
	int r = take_time(import, record, &ret->at_ms, err);

	if (r == 0)
		r = take_key(import, record, &info, err);
	if (r == 0)
		r = take_value(import, record, info, ret->value, sizeof(ret->value), err);
	if (r == 0)
		r = take_leg(import, record, info, ret, err);
	if (r < 0)
		return r;
	snprintf(ret->key, sizeof(ret->key), "%s", info->key);
	if (bh_cli_entry_night(text_of(import, record, NIGHT), ret->at_ms, &ret->night, err) < 0)
		return at_field(import, field_of(import, record, NIGHT), err);
	return 0;
}

static int take_answer(const struct import *import, const struct bh_csv_record *record,
		       struct bh_profile_item *ret, struct bh_error *err)
{
	const struct bh_answer_info *info;
	int r = take_key(import, record, &info, err);

	if (r == 0)
		r = take_value(import, record, info, ret->value, sizeof(ret->value), err);
	if (r == 0 && text_of(import, record, AT)[0])
		r = take_time(import, record, &ret->at_ms, err);
	if (r == 0)
		snprintf(ret->key, sizeof(ret->key), "%s", info->key);
	return r;
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
	r = take_bed(import, record, ret->saying.bed, err);
	if (r < 0)
		return r;
	return import->kind == BH_SAID_PROFILE ?
		       take_answer(import, record, &ret->saying.said.u.profile, err) :
		       take_entry(import, record, &ret->saying.said.u.diary, err);
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

static int report(struct bh_cli *cli, const struct import *import, int changed)
{
	const char *what = import->kind == BH_SAID_PROFILE ? "answer" : "entr";
	const char *many = import->kind == BH_SAID_PROFILE ? "s" : "ies";
	const char *one = import->kind == BH_SAID_PROFILE ? "" : "y";

	if (cli->json) {
		json_t *object = json_pack("{s:s, s:I}", "file", import->path, "read",
					   (json_int_t)import->n_rows);

		bh_json_number(object, "changed", changed, -1);
		return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
	}
	printf("%zu %s%s of %s", import->n_rows, what, import->n_rows == 1 ? one : many,
	       import->path);
	if (changed < 0)
		printf(" handed to the hub; what was there already is not doubled\n");
	else if ((size_t)changed < import->n_rows)
		printf(" imported, %zu of them were there already\n",
		       import->n_rows - (size_t)changed);
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
	return code == BH_EXIT_OK ? report(cli, import, said.changed) : code;
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
