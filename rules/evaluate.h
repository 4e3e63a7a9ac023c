/* SPDX-License-Identifier: MIT */
#ifndef BH_RULES_EVALUATE_H
#define BH_RULES_EVALUATE_H

#include "rules/score.h"

/** @brief A rule's finding on night @p night (an index); without @p texts, numbers only. */
void bh_evaluate_rule(struct bh_run *run, int rule, int night, bool texts, struct bh_finding *ret);

#endif
