/* SPDX-License-Identifier: MIT */
/* Three-valued: what is not known is neither true nor false, and says why. */
#include "rules/scope.h"

#include "rules/compare.h"
#include "rules/day.h"
#include "rules/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(char *why, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void say(char *why, size_t size, const char *format, ...)
{
	va_list ap;

	if (!why || size == 0)
		return;
	va_start(ap, format);
	vsnprintf(why, size, format, ap);
	va_end(ap);
}

static enum bh_truth not_of(enum bh_truth truth)
{
	return truth == BH_TRUTH_UNKNOWN ? truth : bh_truth_of(truth == BH_TRUTH_FALSE);
}

/* Another rule's measure, on the same night. */
static void rule_value(const struct bh_scope *scope, const struct bh_expr *expr,
		       struct bh_value *ret)
{
	struct bh_window window;
	struct bh_scope there;

	bh_window_init(&window, scope->run, expr->index, scope->window->night);
	there = bh_window_scope(&window);
	bh_scope_value(&there, there.rule->measures[expr->value].expr, ret);
}

static void signal_value(const struct bh_scope *scope, enum bh_signal signal, struct bh_value *ret)
{
	struct bh_number number;

	if (bh_signal_night(scope->view, signal, &number) < 0) {
		scope->run->no_memory = true;
		return;
	}
	ret->known = number.known;
	ret->milli = number.milli;
	if (signal == BH_SIGNAL_ASYM_DELTA) {
		struct bh_number baseline = bh_run_baseline(scope->run);

		ret->known &= baseline.known;
		ret->milli -= baseline.milli;
	}
	if (!ret->known && scope->run->explain)
		say(ret->why, sizeof(ret->why), "no %s that night", bh_signal_name(signal));
}

static void answer_value(const struct bh_scope *scope, const struct bh_expr *expr,
			 struct bh_value *ret)
{
	const char *value = bh_profile_value(scope->run->history, expr->answer->key);

	ret->known = value && bh_answer_number(value, &ret->milli) == 0;
	if (!ret->known && scope->run->explain)
		say(ret->why, sizeof(ret->why), BH_LACKS_PROFILE "%s (profile %s)",
		    expr->answer->text, expr->answer->key);
}

void bh_scope_value(const struct bh_scope *scope, const struct bh_expr *expr, struct bh_value *ret)
{
	bh_value_clear(ret);
	switch (expr->kind) {
	case BH_EXPR_NUMBER:
		ret->known = true;
		ret->milli = expr->value;
		break;
	case BH_EXPR_MEASURE:
		bh_scope_value(scope, scope->rule->measures[expr->index].expr, ret);
		break;
	case BH_EXPR_LEAF:
		bh_window_value(scope->window, expr->index, ret);
		break;
	case BH_EXPR_SIGNAL:
		signal_value(scope, (enum bh_signal)expr->index, ret);
		break;
	case BH_EXPR_PROFILE:
		answer_value(scope, expr, ret);
		break;
	case BH_EXPR_RULE:
		rule_value(scope, expr, ret);
		break;
	case BH_EXPR_ABS:
		bh_scope_value(scope, expr->a, ret);
		ret->milli = llabs(ret->milli);
		break;
	case BH_EXPR_LOW:
		bh_scope_value(scope, expr->a, ret);
		ret->milli = ret->low;
		break;
	case BH_EXPR_HIGH:
		bh_scope_value(scope, expr->a, ret);
		ret->milli = ret->high;
		break;
	case BH_EXPR_WORD:
	case BH_EXPR_DIARY:
	case BH_EXPR_SEASON:
	case BH_EXPR_COMPARE:
	case BH_EXPR_AND:
	case BH_EXPR_OR:
	case BH_EXPR_NOT:
	case BH_EXPR_SURELY:
		break; /* conditions: the parser lets none stand for a number */
	}
}

static enum bh_truth diary_truth(const struct bh_scope *scope, const struct bh_expr *expr,
				 char *why, size_t size)
{
	const struct bh_answer_info *answer =
		(expr->kind == BH_EXPR_COMPARE ? expr->a : expr)->answer;
	enum bh_truth truth = bh_diary_truth(scope->run, expr, scope->from_day, scope->to_day);

	if (truth == BH_TRUTH_UNKNOWN)
		say(why, size, BH_LACKS_DIARY "%s): %s", answer->key, answer->text);
	return truth;
}

static enum bh_truth season_truth(const struct bh_scope *scope, const struct bh_expr *expr,
				  char *why, size_t size)
{
	static const char *const north[] = { "winter", "spring", "summer", "autumn" };
	const char *half = bh_profile_value(scope->run->history, "hemisphere");
	int month = bh_date_of_day(scope->to_day) / 100 % 100;
	int quarter = month % 12 / 3;

	if (!half) {
		say(why, size, BH_LACKS_PROFILE "%s (profile %s)",
		    bh_profile_info("hemisphere")->text, "hemisphere");
		return BH_TRUTH_UNKNOWN;
	}
	if (strcmp(half, "south") == 0)
		quarter = (quarter + 2) % 4;
	return bh_truth_of((strcmp(north[quarter], expr->b->word) == 0) == (expr->op == BH_EQUAL));
}

static enum bh_truth profile_truth(const struct bh_scope *scope, const struct bh_expr *expr,
				   char *why, size_t size)
{
	const struct bh_expr *key = expr->kind == BH_EXPR_COMPARE ? expr->a : expr;
	const char *value = bh_profile_value(scope->run->history, key->answer->key);
	enum bh_truth truth = BH_TRUTH_UNKNOWN;

	if (value && expr->kind == BH_EXPR_COMPARE)
		truth = bh_truth_of(bh_answer_fits(expr, value));
	else if (value)
		truth = bh_profile_flag(scope->run->history, key->answer->key);
	if (truth == BH_TRUTH_UNKNOWN)
		say(why, size, BH_LACKS_PROFILE "%s (profile %s)", key->answer->text,
		    key->answer->key);
	return truth;
}

static enum bh_truth compare_truth(const struct bh_scope *scope, const struct bh_expr *expr,
				   char *why, size_t size)
{
	struct bh_value a, b;

	if (expr->a->kind == BH_EXPR_DIARY)
		return diary_truth(scope, expr, why, size);
	if (expr->a->kind == BH_EXPR_SEASON)
		return season_truth(scope, expr, why, size);
	if (expr->a->kind == BH_EXPR_PROFILE)
		return profile_truth(scope, expr, why, size);
	bh_scope_value(scope, expr->a, &a);
	bh_scope_value(scope, expr->b, &b);
	if (a.known && b.known)
		return bh_truth_of(bh_compare_holds(a.milli, expr->op, b.milli));
	say(why, size, "%s", a.known ? b.why : a.why);
	return BH_TRUTH_UNKNOWN;
}

/* A or B is not (not A and not B). */
static enum bh_truth join_truth(const struct bh_scope *scope, const struct bh_expr *expr, char *why,
				size_t size)
{
	bool any = expr->kind == BH_EXPR_OR;
	enum bh_truth decides = any ? BH_TRUTH_TRUE : BH_TRUTH_FALSE;
	char why_b[BH_EVIDENCE_TEXT_MAX];
	enum bh_truth a = bh_scope_truth(scope, expr->a, why, size), b;

	if (a == decides)
		return a;
	why_b[0] = '\0';
	b = bh_scope_truth(scope, expr->b, why ? why_b : NULL, sizeof(why_b));
	if (b == decides || a != BH_TRUTH_UNKNOWN) {
		if (b == BH_TRUTH_UNKNOWN)
			say(why, size, "%s", why_b);
		return b;
	}
	return BH_TRUTH_UNKNOWN;
}

enum bh_truth bh_scope_truth(const struct bh_scope *scope, const struct bh_expr *expr, char *why,
			     size_t size)
{
	switch (expr->kind) {
	case BH_EXPR_COMPARE:
		return compare_truth(scope, expr, why, size);
	case BH_EXPR_AND:
	case BH_EXPR_OR:
		return join_truth(scope, expr, why, size);
	case BH_EXPR_NOT:
		return not_of(bh_scope_truth(scope, expr->a, why, size));
	case BH_EXPR_SURELY:
		return bh_truth_of(bh_scope_truth(scope, expr->a, NULL, 0) == BH_TRUTH_TRUE);
	case BH_EXPR_PROFILE:
		return profile_truth(scope, expr, why, size);
	case BH_EXPR_DIARY:
		return diary_truth(scope, expr, why, size);
	case BH_EXPR_LEAF:
		return bh_window_confirmed(scope->window, expr->index, why, size);
	case BH_EXPR_NUMBER:
	case BH_EXPR_WORD:
	case BH_EXPR_MEASURE:
	case BH_EXPR_SIGNAL:
	case BH_EXPR_SEASON:
	case BH_EXPR_RULE:
	case BH_EXPR_ABS:
	case BH_EXPR_LOW:
	case BH_EXPR_HIGH:
		break; /* numbers: the parser lets none stand for a condition */
	}
	return BH_TRUTH_UNKNOWN;
}

const struct bh_answer_info *bh_expr_answer(const struct bh_expr *expr)
{
	const struct bh_answer_info *answer;

	if (!expr)
		return NULL;
	if (expr->answer)
		return expr->answer;
	answer = bh_expr_answer(expr->a);
	return answer ? answer : bh_expr_answer(expr->b);
}
