/* SPDX-License-Identifier: MIT */
#include "rules/compare.h"

#include <errno.h>
#include <string.h>

static const char *const names[] = {
	[BH_LESS] = "<",       [BH_LESS_EQUAL] = "<=",	  [BH_EQUAL] = "==",
	[BH_NOT_EQUAL] = "!=", [BH_GREATER_EQUAL] = ">=", [BH_GREATER] = ">",
};

const char *bh_compare_name(enum bh_compare op)
{
	return names[op];
}

int bh_compare_from_name(const char *name, enum bh_compare *ret)
{
	/* Who writes one sign means two. */
	if (strcmp(name, "=") == 0)
		name = names[BH_EQUAL];
	for (int op = BH_LESS; op <= BH_GREATER; op++) {
		if (strcmp(names[op], name) == 0) {
			*ret = (enum bh_compare)op;
			return 0;
		}
	}
	return -ENOENT;
}

bool bh_compare_holds(int64_t a, enum bh_compare op, int64_t b)
{
	switch (op) {
	case BH_LESS:
		return a < b;
	case BH_LESS_EQUAL:
		return a <= b;
	case BH_EQUAL:
		return a == b;
	case BH_NOT_EQUAL:
		return a != b;
	case BH_GREATER_EQUAL:
		return a >= b;
	case BH_GREATER:
		return a > b;
	}
	return false;
}
