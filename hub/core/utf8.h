/* SPDX-License-Identifier: MIT */
/* What is UTF-8 and what only looks like it: one answer for every text that comes from outside. */
#ifndef BH_CORE_UTF8_H
#define BH_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/**
 * @brief The character that begins at @p s, as RFC 3629 has it: no overlong forms, no surrogates,
 * nothing beyond U+10FFFF.
 * @param s NUL-terminated; never read beyond its NUL.
 * @return Its length, 1 to 4 bytes; 0 if none begins here, or at the final NUL.
 */
size_t bh_utf8_character(const char *s);

/** @return Whether all of @p s is UTF-8 (an empty text is). */
bool bh_utf8_is(const char *s);

#endif
