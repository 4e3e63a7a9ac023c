/* SPDX-License-Identifier: MIT */
/* Writing HTML so that what comes from outside can only come in escaped. */
#ifndef BH_REPORT_HTML_H
#define BH_REPORT_HTML_H

#include <stdio.h>

/**
 * @brief Write @p format, which is markup, with its arguments, which are text.
 *
 * %s is escaped for text and for quoted attributes alike; control characters and bytes that are not
 * UTF-8 become U+FFFD. Numbers: %d %u %zu %ld %lld (of PRId32, PRId64) with zero-padded width, no
 * other conversion (a bug of ours otherwise). Failures stay in ferror(@p out).
 */
void bh_html(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
