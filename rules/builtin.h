/* SPDX-License-Identifier: MIT */
/* rules/library as bytes in the program; rules/embed.cmake writes them at build time. */
#ifndef BH_RULES_BUILTIN_H
#define BH_RULES_BUILTIN_H

#include <stddef.h>

struct bh_builtin_rules {
	const char *name; /**< of the file */
	const unsigned char *text;
	size_t length;
};

extern const struct bh_builtin_rules bh_builtin_rules[];
extern const size_t bh_builtin_rules_n;

#endif
