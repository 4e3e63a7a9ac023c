/* SPDX-License-Identifier: MIT */
/* Patterns: events with conditions, sequences, counts (rules/LANGUAGE.md, "Patterns"). */
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <string.h>

/* A day has no longer gaps that a rule could mean. */
#define WITHIN_MAX_MS (INT64_C(24) * 3600 * 1000)
#define COUNT_MAX 10000

static int parse_chain(struct bh_parser *parser);
static int parse_step(struct bh_parser *parser);

static int new_pattern(struct bh_parser *parser, enum bh_pattern_kind kind, struct bh_place at)
{
	struct bh_rule *rule = parser->rule;
	struct bh_pattern *pattern;

	if (rule->n_patterns == BH_PATTERNS_MAX)
		return bh_parse_fail_at(parser, at, "a rule may have at most %d patterns",
					BH_PATTERNS_MAX);
	pattern = &rule->patterns[rule->n_patterns];
	*pattern = (struct bh_pattern){ .kind = kind, .a = -1, .b = -1, .without = -1, .at = at };
	return rule->n_patterns++;
}

static int pattern_named(const struct bh_rule *rule, const char *name)
{
	for (int i = 0; i < rule->n_patterns; i++)
		if (rule->patterns[i].name && strcmp(rule->patterns[i].name, name) == 0)
			return i;
	return -ENOENT;
}

static int unknown_pattern(struct bh_parser *parser, const char *name, bool states)
{
	struct bh_words words = { .n = 0 };

	bh_words_add_events(&words);
	for (int i = 0; i < parser->rule->n_patterns; i++)
		bh_words_add(&words, parser->rule->patterns[i].name);
	if (states) {
		bh_words_add_states(&words);
		for (int i = 0; i < parser->rule->n_nightsets; i++)
			bh_words_add(&words, parser->rule->nightsets[i].name);
	}
	return bh_parse_unknown(parser, states ? "state" : "event", name, words.names);
}

static int parse_within(struct bh_parser *parser, const char *after, int64_t *ret)
{
	int r = bh_parse_expect(parser, "within", after);

	if (r == 0)
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "the longest gap", ret);
	if (r == 0 && *ret > WITHIN_MAX_MS)
		return bh_parse_fail(parser, "a gap of more than 24h is not inside one night");
	return r;
}

int bh_parse_state(struct bh_parser *parser, struct bh_state_ref *ret)
{
	struct bh_rule *rule = parser->rule;
	struct bh_state_ref state = { .at = parser->token.at };
	enum bh_event_type type;
	int r = bh_parse_take(parser, "not");

	if (r < 0)
		return r;
	state.negate = r > 0;
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a state is expected here, like asleep or lying");
	state.kind = BH_STATE_END;
	for (int i = 0; i < rule->n_nightsets; i++) {
		if (strcmp(rule->nightsets[i].name, parser->token.text) == 0) {
			state.kind = BH_STATE_NIGHTS;
			state.index = i;
		}
	}
	if (state.negate && state.kind != BH_STATE_NIGHTS)
		return bh_parse_fail(parser, "'not' goes only before a set of nights");
	if (state.kind == BH_STATE_END && pattern_named(rule, parser->token.text) >= 0) {
		state.kind = BH_STATE_PATTERN;
		state.index = pattern_named(rule, parser->token.text);
	}
	if (state.kind == BH_STATE_END && bh_event_type_from_name(parser->token.text, &type) == 0) {
		if (bh_event_info(type)->shape != BH_SHAPE_INTERVAL)
			return bh_parse_fail(parser, "'%s' is a moment and lasts no time",
					     parser->token.text);
		state.kind = BH_STATE_EVENT;
		state.index = (int)type;
	}
	if (state.kind == BH_STATE_END && bh_state_from_name(parser->token.text, &state.kind) < 0)
		return unknown_pattern(parser, parser->token.text, true);
	*ret = state;
	return bh_parse_advance(parser);
}

/* ---- filters ---- */

static int add_filter(struct bh_parser *parser, struct bh_filter **tail,
		      const struct bh_filter *filter)
{
	struct bh_filter *copy = bh_parse_alloc(parser, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *filter;
	copy->next = NULL;
	while (*tail)
		tail = &(*tail)->next;
	*tail = copy;
	return 0;
}

static int parse_value(struct bh_parser *parser, const struct bh_pattern *pattern,
		       struct bh_filter *filter)
{
	const struct bh_event_info *info = NULL;
	enum bh_position position;
	int r;

	if (pattern->kind == BH_PATTERN_EVENT)
		info = bh_event_info(pattern->type);
	filter->kind = BH_FILTER_VALUE;
	switch (info ? info->unit : BH_UNIT_NONE) {
	case BH_UNIT_POSITION:
		if (parser->token.kind != BH_TOKEN_NAME ||
		    bh_position_from_name(parser->token.text, &position) < 0)
			return bh_parse_fail(parser, "a position is expected: supine, left, right, "
						     "prone or lying");
		filter->value = (int64_t)position;
		return bh_parse_advance(parser);
	case BH_UNIT_MS:
		return bh_parse_quantity(parser, BH_QUANTITY_TIME, "the value", &filter->value);
	case BH_UNIT_MDEGC:
		return bh_parse_signed(parser, BH_QUANTITY_CELSIUS, "the value", &filter->value);
	case BH_UNIT_PERMILLE:
		r = bh_parse_quantity(parser, BH_QUANTITY_SHARE, "the value", &filter->value);
		filter->value /= 100; /* thousandths of a percent to permille */
		return r;
	case BH_UNIT_COUNT:
		r = bh_parse_quantity(parser, BH_QUANTITY_NUMBER, "the value", &filter->value);
		filter->value /= 1000;
		return r;
	case BH_UNIT_NONE:
	case BH_UNIT_FAULT:
		break;
	}
	return bh_parse_fail(parser, "this has no value to compare; event.def lists which have");
}

/* One "key op value" between brackets. */
static int parse_key(struct bh_parser *parser, int index)
{
	static const char *const keys[] = { "side", "dur", "value", "confidence", NULL };
	struct bh_pattern *pattern = &parser->rule->patterns[index];
	struct bh_filter filter = { .high_ms = INT64_MAX };
	struct bh_place at = parser->token.at;
	enum bh_side side;
	const char *key;
	int64_t length;
	int r;

	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "side, dur, value or confidence is expected here");
	key = parser->token.text;
	if (strcmp(key, "side") && strcmp(key, "dur") && strcmp(key, "value") &&
	    strcmp(key, "confidence"))
		return bh_parse_unknown(parser, "condition", key, keys);
	r = bh_parse_advance(parser);
	if (r == 0)
		r = bh_parse_compare(parser, &filter.op);
	if (r < 0)
		return r;
	if (strcmp(key, "side") == 0) {
		filter.kind = BH_FILTER_SIDE;
		if (filter.op != BH_EQUAL && filter.op != BH_NOT_EQUAL)
			return bh_parse_fail_at(parser, at, "a side is == or !=, not more or less");
		if (parser->token.kind != BH_TOKEN_NAME ||
		    bh_side_from_name(parser->token.text, &side) < 0)
			return bh_parse_fail(parser, "left, right, both or unknown is expected");
		filter.value = (int64_t)side;
		r = bh_parse_advance(parser);
	} else if (strcmp(key, "dur") == 0) {
		filter.kind = BH_FILTER_LASTING;
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "the duration", &length);
		if (r < 0)
			return r;
		if (filter.op == BH_GREATER || filter.op == BH_GREATER_EQUAL)
			filter.low_ms = length + (filter.op == BH_GREATER ? 1 : 0);
		else if (filter.op == BH_LESS || filter.op == BH_LESS_EQUAL)
			filter.high_ms = length - (filter.op == BH_LESS ? 1 : 0);
		else
			return bh_parse_fail_at(parser, at, "a duration is compared by < <= > >=");
	} else if (strcmp(key, "value") == 0) {
		r = parse_value(parser, pattern, &filter);
	} else {
		filter.kind = BH_FILTER_CONFIDENCE;
		r = bh_parse_quantity(parser, BH_QUANTITY_SHARE, "the confidence", &filter.value);
		filter.value /= 100;
	}
	return r < 0 ? r : add_filter(parser, &pattern->filters, &filter);
}

static int parse_keys(struct bh_parser *parser, int index)
{
	int r;

	do {
		r = parse_key(parser, index);
		if (r == 0)
			r = bh_parse_take(parser, ",");
	} while (r > 0);
	return r < 0 ? r : bh_parse_expect(parser, "]", "the conditions in brackets");
}

static int parse_lasting(struct bh_parser *parser, int index)
{
	struct bh_filter filter = { .kind = BH_FILTER_LASTING };
	int r = bh_parse_range(parser, &filter.low_ms, &filter.high_ms);

	return r < 0 ? r : add_filter(parser, &parser->rule->patterns[index].filters, &filter);
}

static int parse_while(struct bh_parser *parser, int index)
{
	struct bh_filter filter = { .kind = BH_FILTER_WHILE, .high_ms = INT64_MAX };
	int r = bh_parse_state(parser, &filter.state);

	if (r == 0 && (filter.state.kind == BH_STATE_WORST_POSITION ||
		       filter.state.kind == BH_STATE_OTHER_POSITIONS))
		return bh_parse_fail_at(parser, filter.state.at,
					"'%s' is known only over the window: use it after 'in'",
					bh_state_name(filter.state.kind));
	if (r == 0)
		r = bh_parse_take(parser, "for");
	if (r > 0)
		r = bh_parse_range(parser, &filter.low_ms, &filter.high_ms);
	return r < 0 ? r : add_filter(parser, &parser->rule->patterns[index].filters, &filter);
}

static int parse_between(struct bh_parser *parser, int index)
{
	struct bh_filter filter = { .kind = BH_FILTER_BETWEEN };
	int *minutes[2] = { &filter.from_min, &filter.to_min };

	for (int i = 0; i < 2; i++) {
		int r = i == 1 ? bh_parse_expect(parser, "-", "the first time") : 0;

		if (r == 0 && parser->token.kind != BH_TOKEN_TIME)
			return bh_parse_fail(parser, "two times are expected, like 22:00-02:00");
		if (r < 0)
			return r;
		*minutes[i] = (int)parser->token.value;
		r = bh_parse_advance(parser);
		if (r < 0)
			return r;
	}
	return add_filter(parser, &parser->rule->patterns[index].filters, &filter);
}

/* An event or let with brackets and lasting only, as stands after of, by and without. */
static int parse_plain(struct bh_parser *parser)
{
	struct bh_place at = parser->token.at;
	enum bh_event_type type;
	const char *name;
	int index, r = bh_parse_name(parser, "an event or the name of a let", &name);

	if (r < 0)
		return r;
	if (bh_event_type_from_name(name, &type) == 0) {
		index = new_pattern(parser, BH_PATTERN_EVENT, at);
		if (index >= 0)
			parser->rule->patterns[index].type = type;
	} else if (pattern_named(parser->rule, name) >= 0) {
		index = new_pattern(parser, BH_PATTERN_REFER, at);
		if (index >= 0)
			parser->rule->patterns[index].a = pattern_named(parser->rule, name);
	} else {
		parser->token.at = at;
		return unknown_pattern(parser, name, false);
	}
	while (index >= 0) {
		r = bh_parse_take(parser, "[");
		if (r > 0)
			r = parse_keys(parser, index);
		else if (r == 0 && (r = bh_parse_take(parser, "lasting")) > 0)
			r = parse_lasting(parser, index);
		else
			break;
		if (r < 0)
			return r;
	}
	return r < 0 ? r : index;
}

/* "not within 5m of X", "followed by X within 5m", "preceded by X within 5m". */
static int parse_neighbour(struct bh_parser *parser, int index, enum bh_filter_kind kind)
{
	struct bh_filter filter = { .kind = kind };
	int r;

	if (kind == BH_FILTER_NOT_WITHIN) {
		r = parse_within(parser, "'not'", &filter.within_ms);
		if (r == 0)
			r = bh_parse_expect(parser, "of", "the time");
	} else {
		r = bh_parse_expect(parser, "by",
				    kind == BH_FILTER_FOLLOWED ? "'followed'" : "'preceded'");
	}
	if (r < 0)
		return r;
	filter.pattern = parse_plain(parser);
	if (filter.pattern < 0)
		return filter.pattern;
	if (kind != BH_FILTER_NOT_WITHIN)
		r = parse_within(parser, "what follows or precedes", &filter.within_ms);
	return r < 0 ? r : add_filter(parser, &parser->rule->patterns[index].filters, &filter);
}

static int parse_filters(struct bh_parser *parser, int index)
{
	for (;;) {
		int r;

		if ((r = bh_parse_take(parser, "[")) > 0)
			r = parse_keys(parser, index);
		else if (r == 0 && (r = bh_parse_take(parser, "lasting")) > 0)
			r = parse_lasting(parser, index);
		else if (r == 0 && (r = bh_parse_take(parser, "while")) > 0)
			r = parse_while(parser, index);
		else if (r == 0 && (r = bh_parse_take(parser, "between")) > 0)
			r = parse_between(parser, index);
		else if (r == 0 && (r = bh_parse_take(parser, "not")) > 0)
			r = parse_neighbour(parser, index, BH_FILTER_NOT_WITHIN);
		else if (r == 0 && (r = bh_parse_take(parser, "followed")) > 0)
			r = parse_neighbour(parser, index, BH_FILTER_FOLLOWED);
		else if (r == 0 && (r = bh_parse_take(parser, "preceded")) > 0)
			r = parse_neighbour(parser, index, BH_FILTER_PRECEDED);
		else
			return r < 0 ? r : index;
		if (r < 0)
			return r;
	}
}

/* ---- patterns ---- */

/* count(P) >= k in t */
static int parse_count(struct bh_parser *parser, struct bh_place at)
{
	enum bh_compare op;
	int inner, index, at_least, r = bh_parse_expect(parser, "(", "'count'");

	if (r < 0)
		return r;
	inner = bh_parse_pattern(parser);
	if (inner < 0)
		return inner;
	r = bh_parse_expect(parser, ")", "the pattern that is counted");
	if (r == 0)
		r = bh_parse_compare(parser, &op);
	if (r < 0)
		return r;
	if (op != BH_GREATER_EQUAL)
		return bh_parse_fail_at(parser, at, "inside a pattern a count is >= a number");
	r = bh_parse_whole(parser, "the count", 2, COUNT_MAX, &at_least);
	if (r == 0)
		r = bh_parse_expect(parser, "in", "the count");
	if (r < 0)
		return r;
	index = new_pattern(parser, BH_PATTERN_COUNT, at);
	if (index < 0)
		return index;
	parser->rule->patterns[index].a = inner;
	parser->rule->patterns[index].at_least = at_least;
	r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "the time in which they come",
			      &parser->rule->patterns[index].within_ms);
	return r < 0 ? r : index;
}

/* 20m after X, 20m before X */
static int parse_around(struct bh_parser *parser, struct bh_place at)
{
	int64_t length;
	bool after;
	int inner, index,
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "a pattern or time", &length);

	if (r < 0)
		return r;
	r = bh_parse_take(parser, "after");
	after = r > 0;
	if (r == 0)
		r = bh_parse_take(parser, "before");
	if (r == 0)
		return bh_parse_fail(parser, "'after' or 'before' is expected after the time");
	if (r < 0)
		return r;
	inner = parse_plain(parser);
	if (inner < 0)
		return inner;
	index = new_pattern(parser, after ? BH_PATTERN_AFTER : BH_PATTERN_BEFORE, at);
	if (index < 0)
		return index;
	parser->rule->patterns[index].a = inner;
	parser->rule->patterns[index].within_ms = length;
	return index;
}

/* start of X, end of X: a moment */
static int parse_moment(struct bh_parser *parser, struct bh_place at, enum bh_pattern_kind kind)
{
	int inner, index, r = bh_parse_expect(parser, "of", "'start' or 'end'");

	if (r < 0)
		return r;
	inner = parse_plain(parser);
	if (inner < 0)
		return inner;
	index = new_pattern(parser, kind, at);
	if (index >= 0)
		parser->rule->patterns[index].a = inner;
	return index;
}

static int parse_group(struct bh_parser *parser, struct bh_place at)
{
	int inner, index, r;

	inner = bh_parse_pattern(parser);
	if (inner < 0)
		return inner;
	r = bh_parse_expect(parser, ")", "the pattern in parentheses");
	if (r < 0)
		return r;
	index = new_pattern(parser, BH_PATTERN_REFER, at);
	if (index >= 0)
		parser->rule->patterns[index].a = inner;
	return index;
}

static int parse_step(struct bh_parser *parser)
{
	struct bh_place at = parser->token.at;
	int index, r;

	if ((r = bh_parse_take(parser, "(")) > 0)
		index = parse_group(parser, at);
	else if (r == 0 && (r = bh_parse_take(parser, "count")) > 0)
		index = parse_count(parser, at);
	else if (r == 0 && (r = bh_parse_take(parser, "start")) > 0)
		index = parse_moment(parser, at, BH_PATTERN_BEFORE);
	else if (r == 0 && (r = bh_parse_take(parser, "end")) > 0)
		index = parse_moment(parser, at, BH_PATTERN_AFTER);
	else if (r == 0 && parser->token.kind == BH_TOKEN_NUMBER)
		index = parse_around(parser, at);
	else
		index = r < 0 ? r : parse_plain(parser);
	return index < 0 ? index : parse_filters(parser, index);
}

static int parse_chain(struct bh_parser *parser)
{
	int first = parse_step(parser);

	while (first >= 0) {
		struct bh_place at = parser->token.at;
		int64_t within = 0;
		int second, without = -1, index, r = bh_parse_take(parser, "then");

		if (r <= 0)
			return r < 0 ? r : first;
		second = parse_step(parser);
		if (second < 0)
			return second;
		r = parse_within(parser, "what comes then", &within);
		if (r == 0)
			r = bh_parse_take(parser, "without");
		if (r > 0)
			r = without = parse_plain(parser);
		if (r < 0)
			return r;
		index = new_pattern(parser, BH_PATTERN_THEN, at);
		if (index < 0)
			return index;
		parser->rule->patterns[index].a = first;
		parser->rule->patterns[index].b = second;
		parser->rule->patterns[index].without = without;
		parser->rule->patterns[index].within_ms = within;
		first = index;
	}
	return first;
}

int bh_parse_pattern(struct bh_parser *parser)
{
	int first;

	if (++parser->depth > BH_NESTING_MAX)
		return bh_parse_fail(parser, "patterns are nested more than %d deep",
				     BH_NESTING_MAX);
	first = parse_chain(parser);
	while (first >= 0) {
		struct bh_place at = parser->token.at;
		int second, index, r = bh_parse_take(parser, "or");

		if (r < 0)
			return r;
		if (r == 0)
			break;
		second = parse_chain(parser);
		if (second < 0)
			return second;
		index = new_pattern(parser, BH_PATTERN_OR, at);
		if (index < 0)
			return index;
		parser->rule->patterns[index].a = first;
		parser->rule->patterns[index].b = second;
		first = index;
	}
	parser->depth--;
	return first;
}
