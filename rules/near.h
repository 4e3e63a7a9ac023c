/* SPDX-License-Identifier: MIT */
/* Matches of one pattern, ready to be asked what was near a moment. */
#ifndef BH_RULES_NEAR_H
#define BH_RULES_NEAR_H

#include "rules/match.h"

/** Matches by start, the latest end among those up to each, and all ends sorted. */
struct bh_near {
	const struct bh_match *items;
	const int64_t *latest;
	const int64_t *ends;
	size_t n;
};

/** @return 0 or -ENOMEM. */
int bh_near_index(struct bh_arena *arena, const struct bh_matches *matches, struct bh_near *ret);
/** @brief Sort by start. */
void bh_near_sort(struct bh_matches *matches);
/** @return How many of @p n matches sorted by start begin before @p at. */
size_t bh_near_begun_before(const struct bh_match *items, size_t n, int64_t at);
/** @brief Is any of them under way between two moments? Touching is not. */
bool bh_near_during(const struct bh_near *near, int64_t from, int64_t to);
/** @brief Does any of them begin, or end, in [from, to]? */
bool bh_near_begins(const struct bh_near *near, int64_t from, int64_t to);
bool bh_near_ends(const struct bh_near *near, int64_t from, int64_t to);

#endif
