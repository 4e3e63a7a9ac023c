/* SPDX-License-Identifier: MIT */
#include "hub/cli/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>

struct bh_table {
	struct libscols_table *table;
	size_t n_columns;
	size_t n_rows;
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
		if (terminal->color)
			scols_cell_set_color(scols_column_get_header(column), "bold");
		table->n_columns++;
	}
	return 0;
}

struct bh_table *bh_table_new(const struct bh_cli_terminal *terminal,
			      const struct bh_table_column *columns)
{
	struct bh_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	scols_init_debug(0);
	table->table = scols_new_table();
	if (!table->table || add_columns(table, terminal, columns) < 0) {
		bh_table_free(table);
		return NULL;
	}
	scols_table_set_stream(table->table, stdout);
	scols_table_enable_colors(table->table, terminal->color);
	scols_table_enable_nowrap(table->table, false);
	scols_table_set_termforce(table->table, terminal->tty ? SCOLS_TERMFORCE_ALWAYS :
								SCOLS_TERMFORCE_NEVER);
	if (terminal->tty)
		scols_table_set_termwidth(table->table, (size_t)terminal->width);
	return table;
}

int bh_table_add(struct bh_table *table, const char *const *cells)
{
	struct libscols_line *line = scols_table_new_line(table->table, NULL);

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < table->n_columns; i++)
		if (scols_line_set_data(line, i, cells[i] ? cells[i] : "-") < 0)
			return -ENOMEM;
	table->n_rows++;
	return 0;
}

int bh_table_finish(struct bh_table *table)
{
	int r = (int)table->n_rows;

	if (table->n_rows > 0 && scols_print_table(table->table) < 0)
		r = -EIO;
	bh_table_free(table);
	return r;
}

void bh_table_free(struct bh_table *table)
{
	if (!table)
		return;
	scols_unref_table(table->table);
	free(table);
}
