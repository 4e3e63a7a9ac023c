/* SPDX-License-Identifier: MIT */
/* What the accuracy programs share: finding the data, reading its tables, printing figures. */
#ifndef BH_TESTS_ACCURACY_FIGURES_H
#define BH_TESTS_ACCURACY_FIGURES_H

#include <stddef.h>
#include <stdio.h>

/* Exit code of ctest for "no data here". */
#define FIGURES_SKIPPED 77

/**
 * @brief Open a table of a recording: FOLDER/FILE, or $BEDSIDE_DATA/KIND/FILE if folder is NULL. A
 * name that ends in .gz is read through gzip by the caller, not here.
 * @return An open file; prints a line and exits if there is none (77 when no data was named).
 */
FILE *figures_open(const char *folder, const char *kind, const char *file);

/** @brief The path that figures_open() would open. */
void figures_path(const char *folder, const char *kind, const char *file, char *buf, size_t size);

/** @brief Split a line at commas in place. @return Number of fields, at most @p cap. */
int figures_split(char *line, char **fields, int cap);

/** @brief Print "name value" with three decimals. */
void figures_print(const char *name, double value);
void figures_print_count(const char *name, long value);

/** @brief Print precision, recall and F1 with a prefix ("exit_"). */
void figures_print_f1(const char *prefix, long found_true, long found, long truth);

/** @return Seconds of processor time since the program started. */
double figures_seconds(void);

/** Longest list of moments that a recording has. */
#define FIGURES_MOMENTS_MAX 4096

/** Moments, seconds. */
struct figures_moments {
	double at[FIGURES_MOMENTS_MAX];
	int n;
};

void figures_add(struct figures_moments *moments, double at);

/**
 * @brief Pairs of one found and one true moment no further apart than @p tolerance, each used once,
 * as many as there can be.
 */
int figures_match(const struct figures_moments *found, const struct figures_moments *truth,
		  double tolerance);

#endif
