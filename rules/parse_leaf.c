/* SPDX-License-Identifier: MIT */
/* Measure functions (rules/LANGUAGE.md, "Measures"). */
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <string.h>

#define EVENTS_MAX 100000

static int parse_arm(struct bh_parser *parser, struct bh_arm *ret)
{
	int r;

	ret->pattern = bh_parse_pattern(parser);
	if (ret->pattern < 0)
		return ret->pattern;
	r = bh_parse_take(parser, "in");
	if (r > 0) {
		ret->has_state = true;
		r = bh_parse_state(parser, &ret->state);
	}
	return r;
}

/* ", at least 10m, 3 nights, 8 events" */
static int parse_at_least(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r = bh_parse_expect(parser, "at", "','");
	int number;

	if (r == 0)
		r = bh_parse_expect(parser, "least", "'at'");
	while (r == 0) {
		if (parser->token.kind == BH_TOKEN_NUMBER &&
		    parser->token.quantity == BH_QUANTITY_TIME) {
			r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "a time",
					      &leaf->at_least_ms);
		} else if (parser->token.kind == BH_TOKEN_NUMBER &&
			   parser->token.quantity == BH_QUANTITY_NIGHTS) {
			r = bh_parse_nights(parser, "a number of nights", 1, BH_NIGHTS_MAX,
					    &leaf->at_least_nights);
		} else {
			r = bh_parse_whole(parser, "a time, nights or events", 1, EVENTS_MAX,
					   &number);
			if (r < 0)
				return r;
			if (number <= BH_NIGHTS_MAX &&
			    (bh_parse_is(parser, "nights") || bh_parse_is(parser, "night")))
				leaf->at_least_nights = number;
			else if (bh_parse_is(parser, "events") || bh_parse_is(parser, "event"))
				leaf->at_least_events = number;
			else
				return bh_parse_fail(parser, "'nights' or 'events' is expected "
							     "after the number");
			r = bh_parse_advance(parser);
		}
		if (r < 0)
			return r;
		r = bh_parse_take(parser, ",");
		if (r <= 0)
			return r;
		r = 0;
	}
	return r;
}

/* The rest of "name(...": at-least clauses and the parenthesis. */
static int parse_end(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r = bh_parse_take(parser, ",");

	if (r > 0)
		r = parse_at_least(parser, leaf);
	return r < 0 ? r : bh_parse_expect(parser, ")", "the measure");
}

static int parse_signal(struct bh_parser *parser, struct bh_leaf *leaf)
{
	struct bh_words words = { .n = 0 };
	int r;

	bh_words_add_signals(&words);
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a signal is expected here, like asym_abs");
	if (bh_signal_from_name(parser->token.text, &leaf->signal) < 0)
		return bh_parse_unknown(parser, "signal", parser->token.text, words.names);
	leaf->of_signal = true;
	leaf->quantity = bh_signal_quantity(leaf->signal);
	r = bh_parse_advance(parser);
	if (r == 0)
		r = bh_parse_take(parser, ".");
	if (r <= 0)
		return r;
	if (leaf->signal != BH_SIGNAL_ASYM_ABS && leaf->signal != BH_SIGNAL_ASYM_DELTA)
		return bh_parse_fail(parser, "only asym_abs and asym_delta have a side");
	leaf->painside = true;
	return bh_parse_expect(parser, "painside", "'.'");
}

static int parse_rate(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r;

	leaf->arm[0].pattern = bh_parse_pattern(parser);
	r = leaf->arm[0].pattern < 0 ? leaf->arm[0].pattern : parse_end(parser, leaf);
	if (r == 0 && (r = bh_parse_take(parser, "/")) > 0)
		r = bh_parse_expect(parser, "h", "'/'");
	if (r == 0)
		r = bh_parse_expect(parser, "in", "'rate(...)/h'");
	if (r == 0)
		r = bh_parse_state(parser, &leaf->arm[0].state);
	leaf->arm[0].has_state = true;
	return r;
}

static int parse_two_arms(struct bh_parser *parser, struct bh_leaf *leaf, const char *between)
{
	int r = parse_arm(parser, &leaf->arm[0]);

	if (r == 0)
		r = bh_parse_expect(parser, between, "the first pattern");
	if (r == 0)
		r = parse_arm(parser, &leaf->arm[1]);
	if (r == 0 && leaf->kind == BH_LEAF_RATIO &&
	    (!leaf->arm[0].has_state || !leaf->arm[1].has_state))
		return bh_parse_fail(parser, "both sides of a ratio need 'in' and a state, so that "
					     "they can be compared per hour or night");
	return r < 0 ? r : parse_end(parser, leaf);
}

static int rate_of_measure(const struct bh_parser *parser, const char *name)
{
	const struct bh_rule *rule = parser->rule;

	for (int i = 0; i < rule->n_measures; i++) {
		const struct bh_expr *expr = rule->measures[i].expr;

		if (strcmp(rule->measures[i].name, name) == 0 && expr->kind == BH_EXPR_LEAF &&
		    rule->leaves[expr->index].kind == BH_LEAF_RATE)
			return expr->index;
	}
	return -ENOENT;
}

static int parse_median(struct bh_parser *parser, struct bh_leaf *leaf)
{
	struct bh_place at = parser->token.at;
	enum bh_signal signal;
	const char *name;
	int r;

	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a signal, a rate or the measure of one is expected");
	name = parser->token.text;
	leaf->quantity = BH_QUANTITY_NUMBER;
	if (bh_signal_from_name(name, &signal) == 0) {
		r = parse_signal(parser, leaf);
	} else if (strcmp(name, "rate") == 0) {
		r = bh_parse_advance(parser);
		leaf->inner = r < 0 ? r : bh_parse_leaf(parser, name, at);
		r = leaf->inner < 0 ? leaf->inner : 0;
	} else if (rate_of_measure(parser, name) >= 0) {
		leaf->inner = rate_of_measure(parser, name);
		r = bh_parse_advance(parser);
	} else {
		return bh_parse_fail(parser, "'%s' is neither a signal nor the measure of a rate",
				     name);
	}
	return r < 0 ? r : parse_end(parser, leaf);
}

/* slope(sig, 7n), slope(sig in P, 10m), change(sig, 7n), change(sig in S, 2h) */
static int parse_trend(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r = parse_signal(parser, leaf);

	if (r == 0)
		r = bh_parse_take(parser, "in");
	if (r > 0 && leaf->kind == BH_LEAF_SLOPE) {
		leaf->arm[0].pattern = bh_parse_pattern(parser);
		r = leaf->arm[0].pattern < 0 ? leaf->arm[0].pattern : 0;
	} else if (r > 0) {
		leaf->arm[0].has_state = true;
		r = bh_parse_state(parser, &leaf->arm[0].state);
	}
	if (r == 0)
		r = bh_parse_expect(parser, ",", "the signal");
	if (r < 0)
		return r;
	if (parser->token.kind == BH_TOKEN_NUMBER && parser->token.quantity == BH_QUANTITY_TIME)
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "a time", &leaf->per_ms);
	else
		r = bh_parse_nights(parser, "a time or nights", 1, BH_NIGHTS_MAX / 2,
				    &leaf->per_nights);
	if (r < 0)
		return r;
	if (leaf->per_ms == 0 && leaf->per_nights == 0)
		return bh_parse_fail_at(parser, leaf->at, "a trend is over a time above 0");
	if (leaf->per_ms && (leaf->signal == BH_SIGNAL_PLMI || leaf->signal == BH_SIGNAL_PI_FERRI))
		return bh_parse_fail_at(parser, leaf->at, "'%s' is one number a night; use nights",
					bh_signal_name(leaf->signal));
	if (leaf->kind == BH_LEAF_SLOPE && (leaf->per_ms > 0) != (leaf->arm[0].pattern >= 0))
		return bh_parse_fail_at(
			parser, leaf->at,
			"a slope is over nights, slope(x, 7n), or inside a pattern, "
			"slope(x in p, 10m)");
	if (leaf->kind == BH_LEAF_CHANGE && leaf->per_nights && leaf->arm[0].has_state)
		return bh_parse_fail_at(parser, leaf->at, "a change over nights is in no state");
	return parse_end(parser, leaf);
}

static int parse_confirmed(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r = parse_signal(parser, leaf);

	if (r == 0)
		r = bh_parse_compare(parser, &leaf->op);
	if (r == 0)
		r = bh_parse_signed(parser, leaf->quantity, "the bound", &leaf->value);
	if (r == 0)
		r = bh_parse_expect(parser, ",", "the comparison");
	if (r == 0)
		r = bh_parse_nights(parser, "how many nights in a row", 2, BH_NIGHTS_MAX,
				    &leaf->per_nights);
	return r < 0 ? r : bh_parse_expect(parser, ")", "the nights");
}

static int parse_before_after(struct bh_parser *parser, struct bh_leaf *leaf)
{
	const struct bh_answer_info *answer;
	int r = parse_arm(parser, &leaf->arm[0]);

	if (r == 0)
		r = bh_parse_expect(parser, ",", "the pattern");
	if (r == 0)
		r = bh_parse_expect(parser, "profile", "','");
	if (r == 0)
		r = bh_parse_answer_key(parser, false, &answer);
	if (r < 0)
		return r;
	if (answer->kind != BH_ANSWER_DATE)
		return bh_parse_fail_at(parser, leaf->at, "'%s' is not a date", answer->key);
	leaf->since = answer->key;
	return parse_end(parser, leaf);
}

static int parse_one_arm(struct bh_parser *parser, struct bh_leaf *leaf)
{
	int r = parse_arm(parser, &leaf->arm[0]);

	if (r == 0)
		r = parse_end(parser, leaf);
	if (r == 0 && leaf->kind == BH_LEAF_NIGHTS_WITH)
		r = bh_parse_take(parser, "%");
	return r < 0 ? r : 0;
}

static int parse_arguments(struct bh_parser *parser, struct bh_leaf *leaf)
{
	leaf->quantity = BH_QUANTITY_NUMBER;
	switch (leaf->kind) {
	case BH_LEAF_NIGHTS_WITH:
		leaf->quantity = BH_QUANTITY_SHARE;
		return parse_one_arm(parser, leaf);
	case BH_LEAF_PER_WEEK:
	case BH_LEAF_COUNT:
		return parse_one_arm(parser, leaf);
	case BH_LEAF_RATE:
		return parse_rate(parser, leaf);
	case BH_LEAF_RATIO:
		return parse_two_arms(parser, leaf, ":");
	case BH_LEAF_RATIO_OF:
		leaf->quantity = BH_QUANTITY_SHARE;
		return parse_two_arms(parser, leaf, ",");
	case BH_LEAF_MEDIAN:
		return parse_median(parser, leaf);
	case BH_LEAF_SLOPE:
	case BH_LEAF_CHANGE:
		return parse_trend(parser, leaf);
	case BH_LEAF_CONFIRMED:
		return parse_confirmed(parser, leaf);
	case BH_LEAF_BEFORE_AFTER:
		return parse_before_after(parser, leaf);
	}
	return -EINVAL;
}

/* The worst position is found per pattern over the window, so only these know how to use it. */
static int check_positions(struct bh_parser *parser, const struct bh_leaf *leaf)
{
	for (int i = 0; i < 2; i++) {
		const struct bh_state_ref *state = &leaf->arm[i].state;

		if (!leaf->arm[i].has_state || (state->kind != BH_STATE_WORST_POSITION &&
						state->kind != BH_STATE_OTHER_POSITIONS))
			continue;
		if (leaf->kind == BH_LEAF_RATIO || leaf->kind == BH_LEAF_RATIO_OF)
			continue;
		return bh_parse_fail_at(parser, state->at,
					"'%s' can be used in ratio() and "
					"ratio_of() only",
					bh_state_name(state->kind));
	}
	return 0;
}

int bh_parse_leaf(struct bh_parser *parser, const char *name, struct bh_place at)
{
	struct bh_rule *rule = parser->rule;
	struct bh_leaf leaf = { .inner = -1, .at = at };
	int r = bh_parse_expect(parser, "(", "the name of a measure");

	if (r < 0)
		return r;
	if (++parser->depth > BH_NESTING_MAX)
		return bh_parse_fail(parser, "measures are nested more than %d deep",
				     BH_NESTING_MAX);
	leaf.arm[0].pattern = leaf.arm[1].pattern = -1;
	r = bh_leaf_from_name(name, &leaf.kind);
	if (r == 0)
		r = parse_arguments(parser, &leaf);
	if (r == 0)
		r = check_positions(parser, &leaf);
	if (r < 0)
		return r;
	parser->depth--;
	if (rule->n_leaves == BH_LEAVES_MAX)
		return bh_parse_fail_at(parser, at, "a rule may have at most %d measures",
					BH_LEAVES_MAX);
	leaf.slot = rule->n_leaves;
	rule->leaves[rule->n_leaves] = leaf;
	return rule->n_leaves++;
}
