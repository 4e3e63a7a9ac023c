/* SPDX-License-Identifier: MIT */
#include "hub/cli/table.h"

#include "hub/cli/wrap.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Narrower than this a wrapped column reads worse than one that runs over the edge. */
#define WRAP_MIN 12
/* So much of it reads well: other columns are left out for it. */
#define WRAP_WELL 32

struct column {
	const char *name; /* once it is left out */
	struct libscols_column *column;
	size_t widest; /* cell or heading, characters */
	bool wide;
	bool known; /* in any row */
	bool left_out;
};

struct bh_table {
	struct libscols_table *table;
	struct column *columns;
	size_t n_columns;
	size_t n_rows;
	size_t width; /* of the terminal; 0: a pipe */
	const char *const *spare; /* NULL: none */
};

static int add_columns(struct bh_table *table, const struct bh_cli_terminal *terminal,
		       const struct bh_table_column *columns)
{
	for (; columns->name; columns++) {
		int flags = (columns->right ? SCOLS_FL_RIGHT : 0) |
			    (columns->wide && terminal->tty ? SCOLS_FL_WRAP : 0);
		struct libscols_column *column =
			scols_table_new_column(table->table, columns->name, 0, flags);

		if (!column)
			return -ENOMEM;
		if (columns->wide && terminal->tty) {
			scols_column_set_wrapfunc(column, scols_wrapnl_chunksize,
						  scols_wrapnl_nextchunk, NULL);
			scols_column_set_safechars(column, "\n");
		}
		if (terminal->color)
			scols_cell_set_color(scols_column_get_header(column), "bold");
		table->columns[table->n_columns++] = (struct column){
			.column = column, .widest = bh_wrap_width(columns->name), .wide = columns->wide
		};
	}
	return 0;
}

static size_t count(const struct bh_table_column *columns)
{
	size_t n = 0;

	while (columns[n].name)
		n++;
	return n;
}

struct bh_table *bh_table_new(const struct bh_cli_terminal *terminal,
			      const struct bh_table_column *columns)
{
	struct bh_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	scols_init_debug(0);
	table->table = scols_new_table();
	table->columns = calloc(count(columns) + 1, sizeof(*table->columns));
	if (!table->table || !table->columns || add_columns(table, terminal, columns) < 0) {
		bh_table_free(table);
		return NULL;
	}
	scols_table_set_stream(table->table, stdout);
	scols_table_enable_colors(table->table, terminal->color);
	scols_table_enable_nowrap(table->table, false);
	scols_table_set_termforce(table->table, terminal->tty ? SCOLS_TERMFORCE_ALWAYS :
								SCOLS_TERMFORCE_NEVER);
	if (terminal->tty) {
		table->width = (size_t)terminal->width;
		scols_table_set_termwidth(table->table, table->width);
	}
	return table;
}

void bh_table_spare(struct bh_table *table, const char *const *names)
{
	table->spare = names;
}

int bh_table_add(struct bh_table *table, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table->table, NULL);

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < table->n_columns; i++) {
		const char *cell = cells[i] ? cells[i] : "-";
		size_t width = bh_wrap_width(cell);

		if (scols_line_set_data(line, i, cell) < 0)
			return -ENOMEM;
		table->columns[i].known = table->columns[i].known || cells[i];
		if (width > table->columns[i].widest)
			table->columns[i].widest = width;
	}
	table->n_rows++;
	return 0;
}

/* ---- fitting a terminal ---- */

/* What the columns shown need, the wide ones wrapped at @p wrapped, with a blank between them. */
static size_t width_wrapped(const struct bh_table *table, size_t wrapped)
{
	size_t sum = 0;

	for (size_t i = 0; i < table->n_columns; i++) {
		const struct column *column = &table->columns[i];
		bool wraps = column->wide && column->widest > wrapped;

		if (!column->left_out)
			sum += (wraps ? wrapped : column->widest) + 1;
	}
	return sum > 0 ? sum - 1 : 0;
}

static struct column *find(struct bh_table *table, const char *name)
{
	for (size_t i = 0; i < table->n_columns; i++) {
		const char *heading =
			scols_cell_get_data(scols_column_get_header(table->columns[i].column));

		if (heading && strcmp(heading, name) == 0)
			return &table->columns[i];
	}
	return NULL;
}

static void leave_out(struct bh_table *table, bool known_too)
{
	for (size_t i = 0; table->spare && table->spare[i]; i++) {
		struct column *column = find(table, table->spare[i]);

		if (width_wrapped(table, WRAP_WELL) <= table->width)
			return;
		if (!column || column->left_out || (column->known && !known_too))
			continue;
		column->left_out = true;
		column->name = table->spare[i];
		scols_column_set_flags(column->column,
				       scols_column_get_flags(column->column) | SCOLS_FL_HIDDEN);
	}
}

/* Ends of words that lie within @p width become ends of lines. */
static void wrap(char *text, size_t width)
{
	size_t column = 0;
	char *blank = NULL;

	for (char *c = text; *c; c++) {
		if (((unsigned char)*c & 0xc0u) == 0x80u)
			continue;
		if (*c == ' ')
			blank = c;
		if (++column <= width || !blank)
			continue;
		*blank = '\n';
		column = bh_wrap_width(blank + 1) - bh_wrap_width(c);
		blank = NULL;
		column++;
	}
}

static int wrap_column(struct bh_table *table, size_t i, size_t width)
{
	struct libscols_iter *iter = scols_new_iter(SCOLS_ITER_FORWARD);
	struct libscols_line *line;
	int r = iter ? 0 : -ENOMEM;

	while (r == 0 && scols_table_next_line(table->table, iter, &line) == 0) {
		const char *data = scols_line_get_column_data(line, table->columns[i].column);
		char *text = strdup(data ? data : "");

		if (!text) {
			r = -ENOMEM;
			break;
		}
		wrap(text, width);
		r = scols_line_refer_data(line, i, text); /* the line's now */
	}
	scols_free_iter(iter);
	return r < 0 ? -ENOMEM : 0;
}

/* Wide columns share what the others leave, the first ones first as much as they need. */
static int wrap_columns(struct bh_table *table)
{
	size_t least = width_wrapped(table, WRAP_MIN);
	size_t room = table->width > least ? table->width - least : 0;
	int r = 0;

	for (size_t i = 0; i < table->n_columns && r == 0; i++) {
		struct column *column = &table->columns[i];
		size_t more = column->widest > WRAP_MIN ? column->widest - WRAP_MIN : 0;

		if (!column->wide || column->left_out || more == 0)
			continue;
		if (more > room)
			r = wrap_column(table, i, WRAP_MIN + room);
		room -= more > room ? room : more;
	}
	return r;
}

/* Its lines are no longer than the table may be. */
static void say_left_out(const struct bh_table *table)
{
	static const char begins[] = "Not shown at this width:";
	size_t column = 0;

	for (size_t i = 0; i < table->n_columns; i++) {
		size_t length = strlen(table->columns[i].name ? table->columns[i].name : "");

		if (!table->columns[i].left_out)
			continue;
		if (column == 0)
			column = (size_t)printf("\n%s", begins) - 1;
		else
			column += (size_t)printf(",");
		/* A blank before it, a comma or full stop behind it. */
		if (column + length + 2 > table->width)
			column = (size_t)printf("\n ") - 1;
		column += (size_t)printf(" %s", table->columns[i].name);
	}
	if (column > 0)
		puts(".");
}

int bh_table_finish(struct bh_table *table)
{
	int r = (int)table->n_rows;

	if (table->n_rows > 0 && table->width > 0) {
		leave_out(table, false);
		leave_out(table, true);
		if (wrap_columns(table) < 0)
			r = -ENOMEM;
	}
	if (table->n_rows > 0 && r >= 0 && scols_print_table(table->table) < 0)
		r = -EIO;
	if (r > 0)
		say_left_out(table);
	bh_table_free(table);
	return r;
}

void bh_table_free(struct bh_table *table)
{
	if (!table)
		return;
	scols_unref_table(table->table);
	free(table->columns);
	free(table);
}
