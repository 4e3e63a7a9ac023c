/* SPDX-License-Identifier: MIT */
/* Embedded tests run through the same evaluation as real nights. */
#include "rules/compare.h"
#include "rules/evaluate.h"
#include "rules/fabricate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool fits(const struct bh_expect *expect, const struct bh_finding *finding)
{
	switch (expect->kind) {
	case BH_EXPECT_SCORE:
		return finding->band != BH_BAND_NO_DATA &&
		       bh_compare_holds(finding->score_milli, expect->op, expect->value);
	case BH_EXPECT_BAND:
		return finding->band >= expect->low && finding->band <= expect->high;
	case BH_EXPECT_NO_DATA:
		return finding->band == BH_BAND_NO_DATA;
	case BH_EXPECT_REDFLAG:
		return finding->red_flag;
	case BH_EXPECT_NO_REDFLAG:
		return !finding->red_flag;
	}
	return false;
}

static void describe(const struct bh_expect *expect, const struct bh_finding *finding, char *ret,
		     size_t size)
{
	char wanted[64] = "";
	int32_t score = finding->score_milli;

	switch (expect->kind) {
	case BH_EXPECT_SCORE:
		snprintf(wanted, sizeof(wanted), "score %s %.3f", bh_compare_name(expect->op),
			 (double)expect->value / 1000.0);
		break;
	case BH_EXPECT_BAND:
		snprintf(wanted, sizeof(wanted), "band %s..%s", bh_band_name(expect->low),
			 bh_band_name(expect->high));
		break;
	case BH_EXPECT_NO_DATA:
		snprintf(wanted, sizeof(wanted), "no-data");
		break;
	case BH_EXPECT_REDFLAG:
		snprintf(wanted, sizeof(wanted), "a red flag");
		break;
	case BH_EXPECT_NO_REDFLAG:
		snprintf(wanted, sizeof(wanted), "no red flag");
		break;
	}
	snprintf(ret, size, "expected %s, got band %s, score %.3f%s%s%.100s", wanted,
		 bh_band_name(finding->band), (double)score / 1000.0,
		 finding->red_flag ? ", a red flag" : "", finding->no_data_reason[0] ? ": " : "",
		 finding->no_data_reason);
}

static int run_one(const struct bh_rule_set *set, int index, const struct bh_test_block *test,
		   struct bh_rule_test *ret)
{
	struct bh_arena arena = { 0 };
	struct bh_history history;
	struct bh_finding finding;
	struct bh_run run;
	int r = bh_fabricate(test, &arena, &history);

	if (r == -E2BIG || (r == 0 && history.n_nights == 0)) {
		snprintf(ret->detail, sizeof(ret->detail), "%s",
			 r ? "a night does not fit between 23:00 and noon" : "there are no nights");
		bh_arena_free(&arena);
		return 0;
	}
	if (r < 0) {
		bh_arena_free(&arena);
		return r;
	}
	r = bh_run_init(&run, set, &history, index);
	if (r == 0)
		bh_evaluate_rule(&run, index, (int)history.n_nights - 1, true, &finding);
	if (run.no_memory)
		r = -ENOMEM;
	bh_run_free(&run);
	ret->passed = r == 0;
	for (const struct bh_expect *expect = test->expects; r == 0 && ret->passed && expect;
	     expect = expect->next) {
		ret->passed = fits(expect, &finding);
		if (!ret->passed)
			describe(expect, &finding, ret->detail, sizeof(ret->detail));
	}
	bh_arena_free(&arena);
	return r;
}

int bh_rules_test(const struct bh_rule_set *set, const char *rule_id,
		  int (*each)(void *ctx, const struct bh_rule_test *result), void *ctx)
{
	int failures = 0;

	if (!set->finished)
		return -EINVAL;
	if (rule_id && bh_rule_set_index(set, rule_id) < 0)
		return -ENOENT;
	for (size_t i = 0; i < set->n; i++) {
		const struct bh_rule *rule = set->rules[i];

		if (rule_id && strcmp(rule->id, rule_id) != 0)
			continue;
		for (const struct bh_test_block *test = rule->tests; test; test = test->next) {
			struct bh_rule_test result = { .rule = rule->id,
						       .name = test->name,
						       .line = test->at.line };
			int r = run_one(set, (int)i, test, &result);

			if (r < 0)
				return r;
			failures += result.passed ? 0 : 1;
			if (each && each(ctx, &result) != 0)
				return failures;
		}
	}
	return failures;
}
