/* SPDX-License-Identifier: MIT */
/* The inside of a rule set. */
#ifndef BH_RULES_SET_H
#define BH_RULES_SET_H

#include "rules/ast.h"
#include "rules/rule.h"

struct bh_rule_set {
	struct bh_rule *rules[BH_RULES_MAX];
	size_t n;
	bool finished;
	struct bh_arena *arenas; /**< one per text, freed with the set */
	size_t n_arenas;
};

/** @return Index of a rule, or -ENOENT. */
int bh_rule_set_index(const struct bh_rule_set *set, const char *id);

#endif
