/* SPDX-License-Identifier: MIT */
/* Made-up nights for embedded tests: the same history that the store would give. */
#ifndef BH_RULES_FABRICATE_H
#define BH_RULES_FABRICATE_H

#include "hub/core/history.h"
#include "rules/arena.h"
#include "rules/ast.h"

/**
 * @brief The nights and answers of a test; everything lives in @p arena.
 *
 * Each night goes to bed at 23:00 and lies asleep until 07:00 unless its items say otherwise; items
 * follow each other. Nights begin on 2026-03-02, at UTC.
 *
 * @return 0; -E2BIG if a night does not fit between 23:00 and noon; -ENOMEM.
 */
int bh_fabricate(const struct bh_test_block *test, struct bh_arena *arena, struct bh_history *ret);

#endif
