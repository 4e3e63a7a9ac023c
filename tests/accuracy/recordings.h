/* SPDX-License-Identifier: MIT */
/*
 * Reading the tables of a recording: where they lie, their columns by name, and one clear line about
 * whatever is wrong with them. Nothing here knows how many people, nights or files there are.
 */
#ifndef BH_TESTS_ACCURACY_RECORDINGS_H
#define BH_TESTS_ACCURACY_RECORDINGS_H

#include <stddef.h>

#include <zlib.h>

/* Exit code of ctest for "no data here". */
#define RECORDINGS_SKIPPED 77
/* The tables have up to twenty columns and short lines. */
#define RECORDINGS_COLUMNS_MAX 64
#define RECORDINGS_LINE_MAX 4096
#define RECORDINGS_PATH_MAX 4096

/**
 * @brief The path of FILE in @p folder, or in $BEDSIDE_DATA/KIND if @p folder is NULL. Prints why and
 * exits with 77 if neither is there.
 */
void recordings_path(const char *folder, const char *kind, const char *file, char *buf,
		     size_t size);

/** A table of comma-separated values with a line of names above. Plain or gzip. */
struct recordings_table {
	char path[RECORDINGS_PATH_MAX];
	gzFile f;
	int line;			    /**< of the file, from 1 */
	int n_fields;			    /**< of every line */
	int column[RECORDINGS_COLUMNS_MAX]; /**< which field holds each wanted column */
	char *field[RECORDINGS_COLUMNS_MAX];
	char text[RECORDINGS_LINE_MAX];
};

/**
 * @brief Open a table and find its columns.
 * @param columns The names wanted, ended by NULL; their order is that of recordings_text() and the
 * others. The file may have more, in any order. A name after '?' may be missing: its text is "".
 */
void recordings_open(struct recordings_table *table, const char *folder, const char *kind,
		     const char *file, const char *const *columns);
/** @brief The same with the path as it is. */
void recordings_open_path(struct recordings_table *table, const char *path,
			  const char *const *columns);
/** @return 1, or 0 at the end: then the file is closed. Empty lines are passed over. */
int recordings_next(struct recordings_table *table);

/* One cell of the line; a cell that is no number, or no whole one, ends the program with a line. */
const char *recordings_text(const struct recordings_table *table, int column);
double recordings_number(const struct recordings_table *table, int column);
long recordings_whole(const struct recordings_table *table, int column);

/** @brief Print "path:line: what" and exit with failure. */
_Noreturn void recordings_bad(const struct recordings_table *table, const char *what);

/** @brief realloc() that ends the program if there is no memory. */
void *recordings_grow(void *array, size_t n, size_t size);

#endif
