/* SPDX-License-Identifier: MIT */
/* Comma-separated values after RFC 4180, with the place of every field. */
#ifndef BH_CLI_CSV_H
#define BH_CLI_CSV_H

#include "hub/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* More columns than any table of ours has. */
#define BH_CSV_FIELDS_MAX 32

/** One field; the text is without quotes and belongs to the reader until it is closed. */
struct bh_csv_field {
	char *text;
	int line;
	int column; /**< of its first byte */
};

/** One record. */
struct bh_csv_record {
	int line;
	size_t n;
	struct bh_csv_field field[BH_CSV_FIELDS_MAX];
};

struct bh_csv;

/**
 * @brief Read a whole file. A byte order mark is skipped; lines end with LF or CR LF.
 * @return 0; -ENOENT, -EACCES ...; -EFBIG; -EINVAL (not UTF-8); with @p err.
 */
int bh_csv_open(const char *path, struct bh_csv **ret, struct bh_error *err);
/**
 * @brief The next record; empty lines are skipped.
 * @return 1, 0 at the end, or -EINVAL with the place in @p err: the record is skipped, and reading goes
 * on behind its line. After -EILSEQ nothing more can be read (a quote that is never closed).
 */
int bh_csv_next(struct bh_csv *csv, struct bh_csv_record *ret, struct bh_error *err);
/** Accepts NULL. */
void bh_csv_close(struct bh_csv *csv);

/** @brief Write one field (NULL: empty), quoted where it must be, and what follows it. */
void bh_csv_write(FILE *file, const char *text, bool last);

#endif
