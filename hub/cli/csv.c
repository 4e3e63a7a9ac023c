/* SPDX-License-Identifier: MIT */
#include "hub/cli/csv.h"

#include "hub/core/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Ten years of a diary are below 3 MB. */
#define FILE_BYTES_MAX ((size_t)32 << 20)
static const char byte_order_mark[] = "\xef\xbb\xbf";

struct bh_csv {
	char path[BH_ERROR_PLACE_MAX];
	char *text;
	char *at;
	char *line_start;
	int line;
};

/* ---- opening ---- */

static int read_all(FILE *file, const char *path, char **ret, size_t *ret_size, struct bh_error *err)
{
	struct stat st;
	char *text;

	if (fstat(fileno(file), &st) < 0)
		return bh_error_set(err, -errno, path, 0, 0, "cannot be read: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return bh_error_set(err, -EINVAL, path, 0, 0, "a folder: give the path of a CSV file");
	text = malloc(FILE_BYTES_MAX + 1);
	if (!text)
		return bh_error_set(err, -ENOMEM, path, 0, 0, "out of memory");
	*ret_size = fread(text, 1, FILE_BYTES_MAX + 1, file);
	if (ferror(file) || *ret_size > FILE_BYTES_MAX) {
		bool big = !ferror(file);

		free(text);
		return big ? bh_error_set(err, -EFBIG, path, 0, 0,
					  "larger than %zu MB: split it, or is it a CSV file at all?",
					  FILE_BYTES_MAX >> 20) :
			     bh_error_set(err, -EIO, path, 0, 0, "cannot be read");
	}
	text[*ret_size] = '\0';
	*ret = text;
	return 0;
}

static int check_text(const struct bh_csv *csv, size_t size, struct bh_error *err)
{
	const char *s = csv->text, *end = s + size, *start = s;
	int line = 1;

	while (s < end) {
		size_t n = bh_utf8_character(s);

		if (n == 0)
			return bh_error_set(err, -EINVAL, csv->path, line, (int)(s - start) + 1,
					    "not UTF-8 text: save the file as CSV in UTF-8");
		if (*s == '\n') {
			line++;
			start = s + 1;
		}
		s += n;
	}
	return 0;
}

int bh_csv_open(const char *path, struct bh_csv **ret, struct bh_error *err)
{
	struct bh_csv *csv;
	size_t size = 0;
	int r;
	FILE *file = fopen(path, "re");

	if (!file)
		return bh_error_set(err, -errno, path, 0, 0, "cannot be opened: %s: check the path",
				    strerror(errno));
	csv = calloc(1, sizeof(*csv));
	r = csv ? read_all(file, path, &csv->text, &size, err) : -ENOMEM;
	fclose(file);
	if (r == 0) {
		snprintf(csv->path, sizeof(csv->path), "%s", path);
		r = check_text(csv, size, err);
	}
	if (r < 0) {
		bh_csv_close(csv);
		return r;
	}
	csv->at = csv->text;
	if (strncmp(csv->at, byte_order_mark, strlen(byte_order_mark)) == 0)
		csv->at += strlen(byte_order_mark);
	csv->line_start = csv->at;
	csv->line = 1;
	*ret = csv;
	return 0;
}

void bh_csv_close(struct bh_csv *csv)
{
	if (!csv)
		return;
	free(csv->text);
	free(csv);
}

/* ---- records ---- */

static int column_of(const struct bh_csv *csv, const char *at)
{
	return (int)(at - csv->line_start) + 1;
}

static bool ends_line(const char *at)
{
	return *at == '\n' || *at == '\0' || (at[0] == '\r' && (at[1] == '\n' || at[1] == '\0'));
}

static void next_line(struct bh_csv *csv)
{
	if (*csv->at == '\r')
		csv->at++;
	if (*csv->at == '\n')
		csv->at++;
	csv->line_start = csv->at;
	csv->line++;
}

static int complain(struct bh_csv *csv, const char *at, struct bh_error *err, const char *text)
{
	bh_error_set(err, -EINVAL, csv->path, csv->line, column_of(csv, at), "%s", text);
	while (!ends_line(csv->at))
		csv->at++;
	next_line(csv);
	return -EINVAL;
}

/* A field in quotes, unquoted in its place: "" is one quote, and a line may end within. */
static int quoted_field(struct bh_csv *csv, struct bh_csv_field *ret, struct bh_error *err)
{
	char *out = ++csv->at;

	ret->text = out;
	while (*csv->at && !(csv->at[0] == '"' && csv->at[1] != '"')) {
		char c = *csv->at;

		csv->at += c == '"' ? 2 : 1;
		*out++ = c;
		if (c == '\n') {
			csv->line++;
			csv->line_start = csv->at;
		}
	}
	if (!*csv->at)
		return bh_error_set(err, -EILSEQ, csv->path, ret->line, ret->column,
				    "this quote is never closed: add the closing \"");
	csv->at++;
	if (*csv->at != ',' && !ends_line(csv->at))
		return complain(csv, csv->at, err,
				"text behind a closing quote: quote the whole field and double the "
				"quotes within");
	*out = '\0';
	return 0;
}

static int plain_field(struct bh_csv *csv, struct bh_csv_field *ret, struct bh_error *err)
{
	ret->text = csv->at;
	while (*csv->at != ',' && !ends_line(csv->at)) {
		if (*csv->at == '"')
			return complain(csv, csv->at, err,
					"a quote within a field: quote the whole field and double "
					"the quotes within");
		csv->at++;
	}
	return 0;
}

int bh_csv_next(struct bh_csv *csv, struct bh_csv_record *ret, struct bh_error *err)
{
	bool more = true;

	while (*csv->at && ends_line(csv->at))
		next_line(csv);
	if (!*csv->at)
		return 0;
	*ret = (struct bh_csv_record){ .line = csv->line };
	while (more) {
		struct bh_csv_field *field = &ret->field[ret->n];
		char *end;
		int r;

		if (ret->n == BH_CSV_FIELDS_MAX)
			return complain(csv, csv->at, err,
					"more columns than any table has: separate them by commas");
		field->line = csv->line;
		field->column = column_of(csv, csv->at);
		r = *csv->at == '"' ? quoted_field(csv, field, err) : plain_field(csv, field, err);
		if (r < 0)
			return r;
		ret->n++;
		end = csv->at;
		more = *end == ',';
		if (more)
			csv->at++;
		else if (*end)
			next_line(csv);
		*end = '\0';
	}
	return 1;
}

/* ---- writing ---- */

void bh_csv_write(FILE *file, const char *text, bool last)
{
	if (!text)
		text = "";
	if (strpbrk(text, ",\"\r\n")) {
		putc('"', file);
		for (; *text; text++) {
			if (*text == '"')
				putc('"', file);
			putc(*text, file);
		}
		putc('"', file);
	} else {
		fputs(text, file);
	}
	fputs(last ? "\r\n" : ",", file);
}
