/* SPDX-License-Identifier: MIT */
/* A rule's score on one night, and what each line gave to it. */
#ifndef BH_RULES_SCORE_H
#define BH_RULES_SCORE_H

#include "rules/scope.h"

/** What became of an evidence line. */
struct bh_line {
	enum bh_truth truth;
	int32_t weight_milli; /**< what it gives, or would give if it were known and true */
	bool counted;
	char missing[BH_EVIDENCE_TEXT_MAX];
};

/**
 * @brief The rule's score before hold and keep; kept in run->raw.
 * @param lines One per evidence line, or NULL if nobody asks.
 */
const struct bh_raw *bh_score(struct bh_run *run, int rule, int night, struct bh_line *lines);

/** @brief Why there is not enough data for a rule on a night. */
void bh_score_no_data(struct bh_run *run, int rule, int night, char *ret, size_t size);

/** @brief What the parent's own evidence adds to a child, thousandths. */
int32_t bh_score_from_parent(struct bh_run *run, int rule, int night);

/**
 * @brief The band that is shown: held back until it was there for `hold` nights, kept for `keep`
 * nights after.
 */
enum bh_band bh_score_shown(struct bh_run *run, int rule, int night);

#endif
