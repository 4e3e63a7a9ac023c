/* SPDX-License-Identifier: MIT */
/* Conditions and numbers (rules/LANGUAGE.md, "Conditions"): not before and before or. */
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <string.h>

static int parse_or(struct bh_parser *parser, struct bh_expr **ret);

static struct bh_expr *new_expr(struct bh_parser *parser, enum bh_expr_kind kind,
				struct bh_place at)
{
	struct bh_expr *expr = bh_parse_alloc(parser, sizeof(*expr));

	if (expr) {
		expr->kind = kind;
		expr->at = at;
	}
	return expr;
}

static int need_truth(struct bh_parser *parser, const struct bh_expr *expr)
{
	if (expr->truth)
		return 0;
	return bh_parse_fail_at(parser, expr->at,
				"this is a number, not a condition; compare it, as in >= 40%%");
}

static int need_number(struct bh_parser *parser, const struct bh_expr *expr)
{
	if (!expr->truth && expr->kind != BH_EXPR_WORD)
		return 0;
	return bh_parse_fail_at(parser, expr->at, "this is not a number");
}

static int unknown_word(struct bh_parser *parser, const char *word)
{
	struct bh_words words = { .n = 0 };

	bh_words_add_leaves(&words);
	bh_words_add_signals(&words);
	for (int i = 0; i < parser->rule->n_measures; i++)
		bh_words_add(&words, parser->rule->measures[i].name);
	bh_words_add(&words, "profile");
	bh_words_add(&words, "diary");
	bh_words_add(&words, "season");
	bh_words_add(&words, "abs");
	bh_words_add(&words, "surely");
	return bh_parse_unknown(parser, "measure", word, words.names);
}

static int parse_answer(struct bh_parser *parser, bool diary, struct bh_place at,
			struct bh_expr **ret)
{
	struct bh_expr *expr = new_expr(parser, diary ? BH_EXPR_DIARY : BH_EXPR_PROFILE, at);
	int r;

	if (!expr)
		return -ENOMEM;
	r = bh_parse_answer_key(parser, diary, &expr->answer);
	if (r < 0)
		return r;
	expr->truth = expr->answer->kind == BH_ANSWER_FLAG;
	expr->quantity = BH_QUANTITY_NUMBER;
	if (expr->answer->kind == BH_ANSWER_DATE || expr->answer->kind == BH_ANSWER_TEXT)
		return bh_parse_fail_at(parser, at, "'%s' is %s", expr->answer->key,
					expr->answer->kind == BH_ANSWER_DATE
						? "a date: use it in before_after()"
						: "free text, which no rule reads");
	*ret = expr;
	return 0;
}

/* rule.ID.MEASURE */
static int parse_rule_measure(struct bh_parser *parser, struct bh_place at, struct bh_expr **ret)
{
	struct bh_expr *expr = new_expr(parser, BH_EXPR_RULE, at);
	int r;

	if (!expr)
		return -ENOMEM;
	r = bh_parse_expect(parser, ".", "'rule'");
	if (r == 0)
		r = bh_parse_name(parser, "a rule's id", &expr->word);
	if (r == 0)
		r = bh_parse_expect(parser, ".", "the rule's id");
	if (r == 0)
		r = bh_parse_name(parser, "the name of one of its measures", &expr->measure);
	if (r == 0 && parser->in_nights)
		return bh_parse_fail_at(parser, at,
					"another rule's measure is about a window, not "
					"about one night");
	*ret = expr;
	return r;
}

static int parse_abs(struct bh_parser *parser, struct bh_place at, struct bh_expr **ret)
{
	struct bh_expr *expr = new_expr(parser, BH_EXPR_ABS, at);
	int r;

	if (!expr)
		return -ENOMEM;
	r = bh_parse_expect(parser, "(", "'abs'");
	if (r == 0)
		r = parse_or(parser, &expr->a);
	if (r == 0)
		r = bh_parse_expect(parser, ")", "the number");
	if (r == 0)
		r = need_number(parser, expr->a);
	if (r < 0)
		return r;
	expr->quantity = expr->a->quantity;
	*ret = expr;
	return 0;
}

/* surely(CONDITION): unknown counts as false, said in so many words */
static int parse_surely(struct bh_parser *parser, struct bh_place at, struct bh_expr **ret)
{
	struct bh_expr *expr = new_expr(parser, BH_EXPR_SURELY, at);
	int r;

	if (!expr)
		return -ENOMEM;
	expr->truth = true;
	r = bh_parse_expect(parser, "(", "'surely'");
	if (r == 0)
		r = parse_or(parser, &expr->a);
	if (r == 0)
		r = bh_parse_expect(parser, ")", "the condition");
	if (r == 0)
		r = need_truth(parser, expr->a);
	*ret = expr;
	return r;
}

/* .low and .high of a before_after */
static int parse_bound(struct bh_parser *parser, struct bh_expr **ret)
{
	const struct bh_rule *rule = parser->rule;
	const struct bh_expr *base = *ret;
	struct bh_expr *expr;
	int r = bh_parse_take(parser, ".");

	if (r <= 0)
		return r;
	expr = new_expr(parser, BH_EXPR_LOW, parser->token.at);
	if (!expr)
		return -ENOMEM;
	if (base->kind == BH_EXPR_MEASURE)
		base = rule->measures[base->index].expr;
	if (base->kind != BH_EXPR_LEAF || rule->leaves[base->index].kind != BH_LEAF_BEFORE_AFTER)
		return bh_parse_fail(parser, "only before_after() has .low and .high");
	if (bh_parse_is(parser, "high"))
		expr->kind = BH_EXPR_HIGH;
	else if (!bh_parse_is(parser, "low"))
		return bh_parse_fail(parser, "'low' or 'high' is expected after '.'");
	expr->a = *ret;
	expr->quantity = BH_QUANTITY_NUMBER;
	*ret = expr;
	return bh_parse_advance(parser);
}

static int leaf_expr(struct bh_parser *parser, int leaf, struct bh_place at, struct bh_expr **ret)
{
	struct bh_expr *expr;

	if (leaf < 0)
		return leaf;
	expr = new_expr(parser, BH_EXPR_LEAF, at);
	if (!expr)
		return -ENOMEM;
	expr->index = leaf;
	expr->quantity = parser->rule->leaves[leaf].quantity;
	expr->truth = parser->rule->leaves[leaf].kind == BH_LEAF_CONFIRMED;
	*ret = expr;
	return 0;
}

/* Inside "nights", a signal is that night's; elsewhere it is the median of the window. */
static int parse_signal(struct bh_parser *parser, enum bh_signal signal, struct bh_place at,
			struct bh_expr **ret)
{
	struct bh_rule *rule = parser->rule;
	struct bh_expr *expr;

	if (!parser->in_nights) {
		if (rule->n_leaves == BH_LEAVES_MAX)
			return bh_parse_fail_at(parser, at, "a rule may have at most %d measures",
						BH_LEAVES_MAX);
		rule->leaves[rule->n_leaves] = (struct bh_leaf){
			.kind = BH_LEAF_MEDIAN,
			.slot = rule->n_leaves,
			.of_signal = true,
			.signal = signal,
			.inner = -1,
			.quantity = bh_signal_quantity(signal),
			.at = at,
		};
		return leaf_expr(parser, rule->n_leaves++, at, ret);
	}
	expr = new_expr(parser, BH_EXPR_SIGNAL, at);
	if (!expr)
		return -ENOMEM;
	expr->index = (int)signal;
	expr->quantity = bh_signal_quantity(signal);
	*ret = expr;
	return 0;
}

static int parse_named(struct bh_parser *parser, struct bh_expr **ret)
{
	struct bh_place at = parser->token.at;
	const char *name = parser->token.text;
	enum bh_leaf_kind leaf;
	enum bh_signal signal;
	struct bh_expr *expr;
	int r;

	for (int i = 0; i < parser->rule->n_measures && !parser->in_nights; i++) {
		if (strcmp(parser->rule->measures[i].name, name) != 0)
			continue;
		expr = new_expr(parser, BH_EXPR_MEASURE, at);
		if (!expr)
			return -ENOMEM;
		expr->index = i;
		expr->quantity = parser->rule->measures[i].expr->quantity;
		*ret = expr;
		r = bh_parse_advance(parser);
		return r < 0 ? r : parse_bound(parser, ret);
	}
	if (bh_signal_from_name(name, &signal) == 0) {
		r = bh_parse_advance(parser);
		return r < 0 ? r : parse_signal(parser, signal, at, ret);
	}
	if (bh_leaf_from_name(name, &leaf) == 0) {
		if (parser->in_nights)
			return bh_parse_fail(parser,
					     "'%s' is about a window; 'nights' knows only "
					     "one night's signals, diary and profile",
					     name);
		r = bh_parse_advance(parser);
		if (r == 0)
			r = leaf_expr(parser, bh_parse_leaf(parser, name, at), at, ret);
		return r < 0 ? r : parse_bound(parser, ret);
	}
	return unknown_word(parser, name);
}

static int parse_number(struct bh_parser *parser, struct bh_expr **ret)
{
	struct bh_expr *expr = new_expr(parser, BH_EXPR_NUMBER, parser->token.at);
	bool negative = bh_parse_is(parser, "-");
	int r = 0;

	if (!expr)
		return -ENOMEM;
	if (negative || bh_parse_is(parser, "+"))
		r = bh_parse_advance(parser);
	if (r < 0)
		return r;
	if (parser->token.kind != BH_TOKEN_NUMBER)
		return bh_parse_fail(parser, "a number is expected after the sign");
	expr->quantity = parser->token.quantity;
	expr->value = negative ? -parser->token.value : parser->token.value;
	*ret = expr;
	return bh_parse_advance(parser);
}

static int parse_operand(struct bh_parser *parser, struct bh_expr **ret)
{
	struct bh_place at = parser->token.at;
	int r;

	if (parser->token.kind == BH_TOKEN_NUMBER || bh_parse_is(parser, "-") ||
	    bh_parse_is(parser, "+"))
		return parse_number(parser, ret);
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a condition or number is expected here");
	if ((r = bh_parse_take(parser, "profile")) != 0)
		return r < 0 ? r : parse_answer(parser, false, at, ret);
	if ((r = bh_parse_take(parser, "diary")) != 0)
		return r < 0 ? r : parse_answer(parser, true, at, ret);
	if ((r = bh_parse_take(parser, "rule")) != 0)
		return r < 0 ? r : parse_rule_measure(parser, at, ret);
	if ((r = bh_parse_take(parser, "abs")) != 0)
		return r < 0 ? r : parse_abs(parser, at, ret);
	if ((r = bh_parse_take(parser, "surely")) != 0)
		return r < 0 ? r : parse_surely(parser, at, ret);
	if ((r = bh_parse_take(parser, "season")) != 0) {
		*ret = new_expr(parser, BH_EXPR_SEASON, at);
		return r < 0 ? r : *ret ? 0 : -ENOMEM;
	}
	return parse_named(parser, ret);
}

static bool takes_words(const struct bh_expr *expr)
{
	return expr->kind == BH_EXPR_SEASON ||
	       ((expr->kind == BH_EXPR_PROFILE || expr->kind == BH_EXPR_DIARY) &&
		expr->answer->kind == BH_ANSWER_WORD);
}

static int parse_word(struct bh_parser *parser, const struct bh_expr *left, struct bh_expr **ret)
{
	static const struct bh_answer_info season = { .key = "season",
						      .kind = BH_ANSWER_WORD,
						      .words = "spring|summer|autumn|winter",
						      .text = "" };
	struct bh_expr *expr = new_expr(parser, BH_EXPR_WORD, parser->token.at);

	if (!expr)
		return -ENOMEM;
	*ret = expr;
	return bh_parse_answer_value(parser, left->answer ? left->answer : &season, &expr->word);
}

static int check_quantities(struct bh_parser *parser, const struct bh_expr *compare)
{
	const struct bh_expr *a = compare->a, *b = compare->b;
	int r = need_number(parser, a);

	if (r == 0)
		r = need_number(parser, b);
	/* Another rule's measure is known only when all rules are: bh_rule_set_finish() checks it. */
	if (r < 0 || a->kind == BH_EXPR_RULE || b->kind == BH_EXPR_RULE)
		return r;
	if (a->quantity != b->quantity)
		return bh_parse_fail_at(parser, b->at, "this is %s, but it is compared with %s",
					bh_quantity_name(b->quantity),
					bh_quantity_name(a->quantity));
	return 0;
}

static int parse_comparison(struct bh_parser *parser, struct bh_expr **ret)
{
	struct bh_place at;
	struct bh_expr *left, *expr;
	bool compares;
	int r = parse_operand(parser, &left);

	if (r < 0)
		return r;
	at = parser->token.at;
	compares = parser->token.kind == BH_TOKEN_MARK && strchr("<>=!", parser->token.text[0]);
	if (!compares) {
		if (takes_words(left))
			return bh_parse_fail(parser, "'==' or '!=' is expected after '%s'",
					     left->answer ? left->answer->key : "season");
		*ret = left;
		return 0;
	}
	if (left->truth)
		return bh_parse_fail(parser, "this is already a condition: write it alone, or with "
					     "'not' before it");
	expr = new_expr(parser, BH_EXPR_COMPARE, at);
	if (!expr)
		return -ENOMEM;
	expr->truth = true;
	expr->a = left;
	r = bh_parse_compare(parser, &expr->op);
	if (r < 0)
		return r;
	if (takes_words(left)) {
		if (expr->op != BH_EQUAL && expr->op != BH_NOT_EQUAL)
			return bh_parse_fail_at(parser, at, "words are compared by == or !=");
		r = parse_word(parser, left, &expr->b);
	} else {
		r = parse_operand(parser, &expr->b);
		if (r == 0)
			r = check_quantities(parser, expr);
	}
	*ret = expr;
	return r;
}

static int parse_not(struct bh_parser *parser, struct bh_expr **ret)
{
	struct bh_place at = parser->token.at;
	struct bh_expr *expr;
	int r;

	if (++parser->depth > BH_NESTING_MAX)
		return bh_parse_fail(parser, "conditions are nested more than %d deep",
				     BH_NESTING_MAX);
	if ((r = bh_parse_take(parser, "not")) > 0) {
		expr = new_expr(parser, BH_EXPR_NOT, at);
		if (!expr)
			return -ENOMEM;
		expr->truth = true;
		r = parse_not(parser, &expr->a);
		if (r == 0)
			r = need_truth(parser, expr->a);
		*ret = expr;
	} else if (r == 0 && (r = bh_parse_take(parser, "(")) > 0) {
		r = parse_or(parser, ret);
		if (r == 0)
			r = bh_parse_expect(parser, ")", "the condition in parentheses");
	} else if (r == 0) {
		r = parse_comparison(parser, ret);
	}
	parser->depth--;
	return r;
}

/* A and B and ..., or A or B or ...: both are chains to the left. */
static int parse_chain(struct bh_parser *parser, const char *word, enum bh_expr_kind kind,
		       int (*part)(struct bh_parser *parser, struct bh_expr **ret),
		       struct bh_expr **ret)
{
	int r = part(parser, ret);

	while (r == 0) {
		struct bh_place at = parser->token.at;
		struct bh_expr *expr;

		r = bh_parse_take(parser, word);
		if (r <= 0)
			break;
		expr = new_expr(parser, kind, at);
		if (!expr)
			return -ENOMEM;
		expr->truth = true;
		expr->a = *ret;
		r = part(parser, &expr->b);
		if (r == 0)
			r = need_truth(parser, expr->a);
		if (r == 0)
			r = need_truth(parser, expr->b);
		*ret = expr;
	}
	return r;
}

static int parse_and(struct bh_parser *parser, struct bh_expr **ret)
{
	return parse_chain(parser, "and", BH_EXPR_AND, parse_not, ret);
}

static int parse_or(struct bh_parser *parser, struct bh_expr **ret)
{
	return parse_chain(parser, "or", BH_EXPR_OR, parse_and, ret);
}

int bh_parse_expr(struct bh_parser *parser, struct bh_expr **ret)
{
	return parse_or(parser, ret);
}

int bh_parse_condition(struct bh_parser *parser, struct bh_expr **ret)
{
	int r = parse_or(parser, ret);

	return r < 0 ? r : need_truth(parser, *ret);
}
