/* SPDX-License-Identifier: MIT */
/* Tables for people, by libsmartcols. */
#ifndef BH_CLI_TABLE_H
#define BH_CLI_TABLE_H

#include "hub/cli/cli.h"

struct bh_table;

/** A column. A pipe gets them all, as wide as they are. */
struct bh_table_column {
	const char *name; /**< NULL ends the list */
	bool right;
	bool wide; /**< wrapped between words on a terminal that is too narrow */
};

/** @return A table, or NULL when out of memory. */
struct bh_table *bh_table_new(const struct bh_cli_terminal *terminal,
			      const struct bh_table_column *columns);
/**
 * @brief Columns that a terminal too narrow for all can do without: of those that are not known in any
 * row, then of all of them, the first one first. What was left out is said below the table.
 * @param names NULL-terminated; must outlive the table.
 */
void bh_table_spare(struct bh_table *table, const char *const *names);
/** @brief A row; cells are copied, NULL prints "-" (not known). @return 0 or -ENOMEM. */
int bh_table_add(struct bh_table *table, const char *const *cells);
/** @brief Print on stdout and free. An empty table prints nothing. @return Rows or -errno. */
int bh_table_finish(struct bh_table *table);
/** Accepts NULL. */
void bh_table_free(struct bh_table *table);

#endif
