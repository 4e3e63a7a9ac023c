/* SPDX-License-Identifier: MIT */
/* What the rules say of one person's past after so many nights, with and without answers. */
#ifndef BH_TESTS_ACCURACY_RULES_JUDGE_H
#define BH_TESTS_ACCURACY_RULES_JUDGE_H

#include "rules/rule.h"
#include "tests/accuracy/people.h"

enum inputs { ALL_INPUTS, SENSORS_ONLY, N_INPUTS };

/* After how many nights: the table's, and what dehydration needs. */
#define N_SPANS 5
#define SPAN_7 2
#define SPAN_21 4
extern const int judge_spans[N_SPANS];

struct outcome {
	bool known;	  /**< there were that many nights */
	uint32_t found;	  /**< bit per rule of the set: its band is `some` or more */
	uint32_t classes; /**< bit per class that a band of `likeness` or more speaks for */
	enum bh_verdict verdict;
};

/** Of one person; plain data, so that a process can hand it to another. */
struct result {
	bool done;
	struct person person;
	struct outcome at[N_SPANS][N_INPUTS];
	int nights;	     /**< looked at, with all inputs */
	int red_flag_nights; /**< of them: with a red flag */
	struct telling telling;
	/* Of the one rule asked about, after the last night with all inputs. */
	int32_t score_milli;
	uint8_t truth[BH_EVIDENCE_MAX]; /**< enum bh_truth */
};

/** @brief Where a rule stands in the set: its bit of outcome.found. @return -1 for no such rule. */
int judge_rule_index(const struct bh_rule_set *rules, const char *id);

/**
 * @brief Fill outcomes and red flags of @p ret from @p history.
 * @param why Id of the rule whose evidence is kept, too; NULL: none.
 * @return 0 or a negative errno.
 */
int judge(const struct bh_rule_set *rules, const char *why, const struct bh_history *history,
	  struct result *ret);

#endif
