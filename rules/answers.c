/* SPDX-License-Identifier: MIT */
/* Profile and diary as conditions see them. */
#include "rules/run.h"

#include "rules/compare.h"

#include <string.h>

/* A diary that was kept on this many nights of the window and never says yes, says no. */
#define DIARY_KEPT_NIGHTS 3

enum bh_truth bh_truth_of(bool yes)
{
	return yes ? BH_TRUTH_TRUE : BH_TRUTH_FALSE;
}

const char *bh_profile_value(const struct bh_history *history, const char *key)
{
	for (size_t i = 0; i < history->n_profile; i++) {
		const struct bh_profile_item *item = &history->profile[i];

		if (strcmp(item->key, key) == 0)
			return item->value[0] && strcmp(item->value, "unknown") != 0 ? item->value
										     : NULL;
	}
	return NULL;
}

enum bh_truth bh_profile_flag(const struct bh_history *history, const char *key)
{
	const char *value = bh_profile_value(history, key);

	if (value && strcmp(value, "yes") == 0)
		return BH_TRUTH_TRUE;
	if (value && strcmp(value, "no") == 0)
		return BH_TRUTH_FALSE;
	return BH_TRUTH_UNKNOWN;
}

/* First item on or after a day. */
static size_t diary_from(const struct bh_run *run, int32_t day)
{
	size_t low = 0, high = run->history->n_diary;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (run->diary_day[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct bh_diary_item *const *bh_diary_between(const struct bh_run *run, int32_t from,
						    int32_t to, size_t *ret_n)
{
	size_t first = diary_from(run, from);

	*ret_n = diary_from(run, to + 1) - first;
	return run->diary + first;
}

bool bh_answer_fits(const struct bh_expr *compare, const char *value)
{
	int64_t milli;

	if (compare->b->kind == BH_EXPR_WORD)
		return (strcmp(value, compare->b->word) == 0) == (compare->op == BH_EQUAL);
	return bh_answer_number(value, &milli) == 0 &&
	       bh_compare_holds(milli, compare->op, compare->b->value);
}

enum bh_truth bh_diary_truth(const struct bh_run *run, const struct bh_expr *expr, int32_t from,
			     int32_t to)
{
	bool compares = expr->kind == BH_EXPR_COMPARE;
	const char *key = (compares ? expr->a : expr)->answer->key;
	bool answered = false;
	int32_t last_day = INT32_MIN;
	int kept = 0;
	size_t n;
	const struct bh_diary_item *const *items = bh_diary_between(run, from, to, &n);

	for (size_t i = 0; i < n; i++) {
		const struct bh_diary_item *item = items[i];
		int32_t day = run->diary_day[(size_t)(items - run->diary) + i];

		kept += day != last_day ? 1 : 0;
		last_day = day;
		if (strcmp(item->key, key) != 0 || strcmp(item->value, "unknown") == 0)
			continue;
		if (compares ? bh_answer_fits(expr, item->value) : strcmp(item->value, "no") != 0)
			return BH_TRUTH_TRUE;
		answered = true;
	}
	if (answered || (!compares && kept >= DIARY_KEPT_NIGHTS))
		return BH_TRUTH_FALSE;
	return BH_TRUTH_UNKNOWN;
}

enum bh_side bh_diary_painside(const struct bh_run *run, int32_t from, int32_t to)
{
	int left = 0, right = 0;
	size_t n;
	const struct bh_diary_item *const *items = bh_diary_between(run, from, to, &n);

	for (size_t i = 0; i < n; i++) {
		if (strcmp(items[i]->key, "pain") != 0 || strcmp(items[i]->value, "0") == 0)
			continue;
		left += items[i]->side == BH_SIDE_LEFT ? 1 : 0;
		right += items[i]->side == BH_SIDE_RIGHT ? 1 : 0;
	}
	if (left == right)
		return BH_SIDE_UNKNOWN;
	return left > right ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
}
