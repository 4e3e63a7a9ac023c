/* SPDX-License-Identifier: MIT */
/* Rows of a SELECT as CSV (RFC 4180) or JSON, one object a line. */
#ifndef BH_CLI_ROWS_H
#define BH_CLI_ROWS_H

#include "hub/store/store.h"

#include <stdio.h>

/* SQLite's own codes of column types, as in struct bh_store_row. */
enum { BH_ROW_INTEGER = 1, BH_ROW_FLOAT = 2, BH_ROW_NULL = 5 };

/** @brief The names of the columns. */
void bh_row_csv_head(FILE *file, const struct bh_store_row *row);
/** @brief One row; NULL is empty. @return 0. */
int bh_row_csv(FILE *file, const struct bh_store_row *row);
/** @brief One row; NULL is null. @return 0, -ENOMEM or -EIO. */
int bh_row_json(FILE *file, const struct bh_store_row *row);

#endif
