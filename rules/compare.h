/* SPDX-License-Identifier: MIT */
/* The comparisons of the language: how they are written, and when they hold. */
#ifndef BH_RULES_COMPARE_H
#define BH_RULES_COMPARE_H

#include "rules/ast.h"

const char *bh_compare_name(enum bh_compare op);
/** @return 0 and the comparison written so, or -ENOENT. */
int bh_compare_from_name(const char *name, enum bh_compare *ret);
bool bh_compare_holds(int64_t a, enum bh_compare op, int64_t b);

#endif
