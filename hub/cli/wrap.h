/* SPDX-License-Identifier: MIT */
/* Texts that are no wider than the terminal. Text is UTF-8; each character is one column wide. */
#ifndef BH_CLI_WRAP_H
#define BH_CLI_WRAP_H

#include <stddef.h>
#include <stdio.h>

/** @return Characters of @p text. */
size_t bh_wrap_width(const char *text);
/**
 * @brief Print @p text between words from column @p indent on, where the cursor stands already, and
 * end the line. Line feeds in it are blanks. A word longer than the line is left whole.
 */
void bh_wrap_at(FILE *out, int width, size_t indent, const char *text);
/** @brief The same behind @p first, which stands before it. Nothing for an empty text. */
void bh_wrap(FILE *out, int width, const char *first, const char *text);

#endif
