/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/recordings.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void recordings_path(const char *folder, const char *kind, const char *file, char *buf, size_t size)
{
	const char *data = getenv("BEDSIDE_DATA");
	struct stat st;

	if (folder) {
		snprintf(buf, size, "%s/%s", folder, file);
		return;
	}
	if (!data || !*data) {
		printf("skipped: no data (BEDSIDE_DATA is not set)\n");
		exit(RECORDINGS_SKIPPED);
	}
	snprintf(buf, size, "%s/%s", data, kind);
	if (stat(buf, &st) < 0 || !S_ISDIR(st.st_mode)) {
		printf("skipped: no data (BEDSIDE_DATA has no folder %s)\n", kind);
		exit(RECORDINGS_SKIPPED);
	}
	snprintf(buf, size, "%s/%s/%s", data, kind, file);
}

_Noreturn void recordings_bad(const struct recordings_table *table, const char *what)
{
	fprintf(stderr, "%s:%d: %s\n", table->path, table->line, what);
	exit(EXIT_FAILURE);
}

void *recordings_grow(void *array, size_t n, size_t size)
{
	void *grown = reallocarray(array, n, size);

	if (!grown) {
		fprintf(stderr, "out of memory for %zu things of a recording\n", n);
		exit(EXIT_FAILURE);
	}
	return grown;
}

/* Split the line at commas. @return Number of fields. */
static int split(struct recordings_table *table)
{
	int n = 0;

	for (char *p = table->text; p;) {
		if (n == RECORDINGS_COLUMNS_MAX)
			recordings_bad(table, "more columns than any table of these has");
		table->field[n++] = p;
		p = strchr(p, ',');
		if (p)
			*p++ = '\0';
	}
	return n;
}

/* @return The fields of the next line that is not empty, 0 at the end. */
static int read_line(struct recordings_table *table)
{
	for (;;) {
		size_t length;
		int err;

		table->line++;
		if (!gzgets(table->f, table->text, sizeof(table->text))) {
			gzerror(table->f, &err);
			if (err != Z_OK && err != Z_STREAM_END)
				recordings_bad(table, "cannot be read to its end: a torn file?");
			return 0;
		}
		length = strlen(table->text);
		if (length + 1 == sizeof(table->text))
			recordings_bad(table, "a line longer than any table of these has");
		table->text[strcspn(table->text, "\r\n")] = '\0';
		if (table->text[0] != '\0')
			return split(table);
	}
}

void recordings_open(struct recordings_table *table, const char *folder, const char *kind,
		     const char *file, const char *const *columns)
{
	char path[RECORDINGS_PATH_MAX];

	recordings_path(folder, kind, file, path, sizeof(path));
	recordings_open_path(table, path, columns);
}

void recordings_open_path(struct recordings_table *table, const char *path,
			  const char *const *columns)
{
	memset(table, 0, sizeof(*table));
	snprintf(table->path, sizeof(table->path), "%s", path);
	table->f = gzopen(table->path, "rb");
	if (!table->f) {
		fprintf(stderr, "%s: %s\n", table->path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	table->n_fields = read_line(table);
	if (table->n_fields == 0)
		recordings_bad(table, "empty");
	for (int i = 0; columns[i]; i++) {
		bool optional = columns[i][0] == '?';
		int k = 0;

		assert(i < RECORDINGS_COLUMNS_MAX);
		while (k < table->n_fields && strcmp(table->field[k], columns[i] + optional) != 0)
			k++;
		if (k == table->n_fields && !optional) {
			fprintf(stderr, "%s:%d: no column '%s'\n", table->path, table->line,
				columns[i]);
			exit(EXIT_FAILURE);
		}
		table->column[i] = k < table->n_fields ? k : -1;
	}
}

int recordings_next(struct recordings_table *table)
{
	int n = read_line(table);

	if (n == 0) {
		gzclose(table->f);
		return 0;
	}
	if (n != table->n_fields) {
		fprintf(stderr, "%s:%d: %d fields under %d names\n", table->path, table->line, n,
			table->n_fields);
		exit(EXIT_FAILURE);
	}
	return 1;
}

const char *recordings_text(const struct recordings_table *table, int column)
{
	return table->column[column] < 0 ? "" : table->field[table->column[column]];
}

double recordings_number(const struct recordings_table *table, int column)
{
	const char *text = recordings_text(table, column);
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end != '\0' || !isfinite(value)) {
		fprintf(stderr, "%s:%d: '%s' is not a number\n", table->path, table->line, text);
		exit(EXIT_FAILURE);
	}
	return value;
}

long recordings_whole(const struct recordings_table *table, int column)
{
	double value = recordings_number(table, column);

	/* A table may write whole numbers as 1.0. */
	if (rint(value) != value || fabs(value) > 1e15)
		recordings_bad(table, "not a whole number");
	return (long)value;
}
