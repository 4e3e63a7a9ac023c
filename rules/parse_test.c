/* SPDX-License-Identifier: MIT */
/* Embedded tests: nights made of events, answers, and what the rule must say of them. */
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define GIVEN_NIGHTS_MAX 200
#define GIVEN_TIMES_MAX 1000
/* A made-up night lasts at most this long, so that it fits between two noons. */
#define GIVEN_LENGTH_MAX_MS (INT64_C(12) * 3600 * 1000)

static int append(struct bh_parser *parser, struct bh_given **tail, const struct bh_given *given)
{
	struct bh_given *copy = bh_parse_alloc(parser, sizeof(*copy));

	if (!copy)
		return -ENOMEM;
	*copy = *given;
	while (*tail)
		tail = &(*tail)->next;
	*tail = copy;
	return 0;
}

/* "x3": how often. @return 1 if it was there. */
static int parse_times(struct bh_parser *parser, int *ret)
{
	const char *text = parser->token.text;
	long times;

	if (parser->token.kind != BH_TOKEN_NAME || text[0] != 'x' || text[1] < '0' || text[1] > '9')
		return 0;
	times = strtol(text + 1, NULL, 10);
	if (strspn(text + 1, "0123456789") != strlen(text + 1) || times < 1 ||
	    times > GIVEN_TIMES_MAX)
		return bh_parse_fail(parser, "write x1 to x%d", GIVEN_TIMES_MAX);
	*ret = (int)times;
	return bh_parse_advance(parser) < 0 ? -EINVAL : 1;
}

static int parse_length(struct bh_parser *parser, int64_t *ret)
{
	int r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "a duration", ret);

	if (r == 0 && *ret > GIVEN_LENGTH_MAX_MS)
		return bh_parse_fail(parser, "a test night is at most 12h long");
	return r;
}

static int parse_side(struct bh_parser *parser, struct bh_given *given)
{
	int r = bh_parse_expect(parser, "=", "'side'");

	if (r < 0)
		return r;
	if (parser->token.kind != BH_TOKEN_NAME ||
	    bh_side_from_name(parser->token.text, &given->side) < 0)
		return bh_parse_fail(parser, "left, right or both is expected");
	return bh_parse_advance(parser);
}

/* A number, or the name of a position where the event has one. */
static int parse_value(struct bh_parser *parser, struct bh_given *given)
{
	enum bh_position position;
	int r = bh_parse_expect(parser, "=", "'value'");

	if (r < 0)
		return r;
	given->has_value = true;
	if (parser->token.kind == BH_TOKEN_NAME &&
	    bh_position_from_name(parser->token.text, &position) == 0) {
		given->value = (int64_t)position;
		return bh_parse_advance(parser);
	}
	r = bh_parse_signed(parser, BH_QUANTITY_NUMBER, "the value", &given->value);
	given->value /= 1000;
	return r;
}

/* [side=left, value=40] */
static int parse_keys(struct bh_parser *parser, struct bh_given *given)
{
	static const char *const keys[] = { "side", "value", NULL };
	int r;

	do {
		if ((r = bh_parse_take(parser, "side")) > 0)
			r = parse_side(parser, given);
		else if (r == 0 && (r = bh_parse_take(parser, "value")) > 0)
			r = parse_value(parser, given);
		else if (r == 0 && parser->token.kind == BH_TOKEN_NAME)
			r = bh_parse_unknown(parser, "part of an event", parser->token.text, keys);
		else if (r == 0)
			r = bh_parse_fail(parser, "side=... or value=... is expected");
		if (r == 0)
			r = bh_parse_take(parser, ",");
	} while (r > 0);
	return r < 0 ? r : bh_parse_expect(parser, "]", "the parts of the event");
}

static int parse_event(struct bh_parser *parser, struct bh_given *given)
{
	int r = bh_parse_advance(parser);

	given->kind = BH_GIVEN_EVENT;
	given->times = 1;
	if (r == 0 && (r = bh_parse_take(parser, "[")) > 0)
		r = parse_keys(parser, given);
	if (r == 0 && parser->token.kind == BH_TOKEN_NUMBER)
		r = parse_length(parser, &given->length_ms);
	if (r == 0)
		r = parse_times(parser, &given->times);
	if (r > 0) {
		r = bh_parse_take(parser, "every");
		if (r > 0)
			r = parse_length(parser, &given->every_ms);
	}
	if (r == 0 && given->every_ms && given->every_ms < given->length_ms)
		return bh_parse_fail(parser,
				     "they would overlap: 'every' is shorter than one lasts");
	if (r == 0 && given->every_ms * given->times > GIVEN_LENGTH_MAX_MS)
		return bh_parse_fail(parser, "together they last longer than 12h");
	return r < 0 ? r : 0;
}

/* "=" and a value in a unit, after a setting's name */
static int parse_setting(struct bh_parser *parser, enum bh_quantity quantity, const char *what,
			 int64_t *ret)
{
	int r = bh_parse_advance(parser);

	if (r == 0)
		r = bh_parse_expect(parser, "=", what);
	return r < 0 ? r : bh_parse_signed(parser, quantity, what, ret);
}

static int parse_missing(struct bh_parser *parser, struct bh_given *given)
{
	uint32_t bit;
	int r = bh_parse_advance(parser);

	given->kind = BH_GIVEN_MISSING;
	if (r == 0)
		r = bh_parse_expect(parser, "=", "'missing'");
	if (r < 0)
		return r;
	if (parser->token.kind != BH_TOKEN_NAME ||
	    bh_capability_from_name(parser->token.text, &bit) < 0)
		return bh_parse_fail(parser, "what the bed cannot tell is expected, like legs");
	given->value = (int64_t)bit;
	return bh_parse_advance(parser);
}

static int parse_answer(struct bh_parser *parser, const struct bh_answer_info **ret_answer,
			const char **ret_value, enum bh_side *ret_side, bool diary)
{
	int r = bh_parse_answer_key(parser, diary, ret_answer);

	if (r == 0)
		r = bh_parse_expect(parser, "=", "the key");
	if (r == 0)
		r = bh_parse_answer_value(parser, *ret_answer, ret_value);
	if (r == 0 && diary && (bh_parse_is(parser, "left") || bh_parse_is(parser, "right"))) {
		bh_side_from_name(parser->token.text, ret_side);
		r = bh_parse_advance(parser);
	}
	return r;
}

static int unknown_item(struct bh_parser *parser)
{
	static const char *const others[] = { "awake",	   "asleep",	 "at",
					      "temp_left", "temp_right", "temp_room",
					      "coverage",  "missing",	 "diary" };
	struct bh_words words = { .n = 0 };

	bh_words_add_events(&words);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		bh_words_add(&words, others[i]);
	return bh_parse_unknown(parser, "event", parser->token.text, words.names);
}

static int temp_slot(const char *name)
{
	static const char *const slots[BH_TEMP_SLOTS] = {
		[BH_TEMP_LEFT] = "temp_left",
		[BH_TEMP_RIGHT] = "temp_right",
		[BH_TEMP_ROOM] = "temp_room",
	};

	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		if (strcmp(slots[i], name) == 0)
			return i;
	return -ENOENT;
}

static int parse_clock(struct bh_parser *parser, struct bh_given *given)
{
	int r = bh_parse_advance(parser);

	given->kind = BH_GIVEN_AT;
	if (r == 0 && parser->token.kind != BH_TOKEN_TIME)
		return bh_parse_fail(parser, "a time of day is expected after 'at'");
	if (r < 0)
		return r;
	given->value = parser->token.value;
	return bh_parse_advance(parser);
}

static int parse_item(struct bh_parser *parser, struct bh_given *given)
{
	enum bh_position position;
	const char *name = parser->token.text;
	int r;

	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "an event is expected, or } to end the night");
	if (strcmp(name, "awake") == 0 || strcmp(name, "asleep") == 0) {
		given->kind = strcmp(name, "awake") == 0 ? BH_GIVEN_AWAKE : BH_GIVEN_ASLEEP;
		r = bh_parse_advance(parser);
		if (r == 0 && parser->token.kind == BH_TOKEN_NUMBER)
			r = parse_length(parser, &given->length_ms);
		return r;
	}
	if (strcmp(name, "at") == 0)
		return parse_clock(parser, given);
	if (strcmp(name, "missing") == 0)
		return parse_missing(parser, given);
	if (strcmp(name, "coverage") == 0) {
		given->kind = BH_GIVEN_COVERAGE;
		return parse_setting(parser, BH_QUANTITY_SHARE, "'coverage'", &given->value);
	}
	if (temp_slot(name) >= 0) {
		given->kind = BH_GIVEN_TEMP;
		given->index = temp_slot(name);
		return parse_setting(parser, BH_QUANTITY_CELSIUS, "the thermometer", &given->value);
	}
	if ((r = bh_parse_take(parser, "diary")) != 0) {
		given->kind = BH_GIVEN_DIARY;
		return r < 0 ? r
			     : parse_answer(parser, &given->answer, &given->word, &given->side,
					    true);
	}
	if (bh_event_type_from_name(name, &given->type) == 0)
		return parse_event(parser, given);
	if (bh_position_from_name(name, &position) == 0 && position >= BH_POSITION_SUPINE &&
	    position <= BH_POSITION_PRONE) {
		given->kind = BH_GIVEN_POSITION;
		given->value = (int64_t)position;
		r = bh_parse_advance(parser);
		return r < 0 ? r : parse_length(parser, &given->length_ms);
	}
	return unknown_item(parser);
}

/* 5n{ items } x2 */
static int parse_nights_block(struct bh_parser *parser, struct bh_test_block *test)
{
	struct bh_given_nights *block = bh_parse_alloc(parser, sizeof(*block));
	struct bh_given_nights **tail = &test->nights;
	int r, total = 0;

	if (!block)
		return -ENOMEM;
	block->repeat = 1;
	r = bh_parse_nights(parser, "a number of nights", 1, GIVEN_NIGHTS_MAX, &block->nights);
	if (r == 0)
		r = bh_parse_expect(parser, "{", "the number of nights");
	while (r == 0 && !bh_parse_is(parser, "}")) {
		struct bh_given given = { .times = 1 };

		r = parse_item(parser, &given);
		if (r == 0)
			r = append(parser, &block->items, &given);
		if (r == 0)
			r = bh_parse_take(parser, ",");
		r = r < 0 ? r : 0;
	}
	if (r == 0)
		r = bh_parse_advance(parser);
	if (r == 0)
		r = parse_times(parser, &block->repeat);
	if (r < 0)
		return r;
	while (*tail) {
		total += (*tail)->nights;
		tail = &(*tail)->next;
	}
	if (total + block->nights > GIVEN_NIGHTS_MAX)
		return bh_parse_fail(parser, "a test has at most %d nights", GIVEN_NIGHTS_MAX);
	*tail = block;
	return 0;
}

static int parse_given(struct bh_parser *parser, struct bh_test_block *test)
{
	int r = 0;

	while (r == 0 && !bh_parse_is(parser, "expect")) {
		struct bh_given_answer *answer, **tail = &test->answers;

		if (parser->token.kind == BH_TOKEN_NUMBER) {
			r = parse_nights_block(parser, test);
		} else if (bh_parse_is(parser, "profile") || bh_parse_is(parser, "diary")) {
			answer = bh_parse_alloc(parser, sizeof(*answer));
			if (!answer)
				return -ENOMEM;
			answer->diary = bh_parse_is(parser, "diary");
			r = bh_parse_advance(parser);
			if (r == 0)
				r = parse_answer(parser, &answer->answer, &answer->value,
						 &answer->side, answer->diary);
			while (*tail)
				tail = &(*tail)->next;
			*tail = answer;
		} else {
			return bh_parse_fail(parser,
					     "nights (5n{ ... }), profile.KEY=VALUE, "
					     "diary.KEY=VALUE or 'expect' is expected here");
		}
		if (r == 0)
			r = bh_parse_take(parser, ",");
		r = r < 0 ? r : 0;
	}
	return r;
}

int bh_parse_one_band(struct bh_parser *parser, enum bh_band *ret)
{
	struct bh_words words = { .n = 0 };

	for (int band = BH_BAND_NOT_SEEN; band <= BH_BAND_STRONG; band++) {
		bh_words_add(&words, bh_band_name((enum bh_band)band));
		if (!bh_parse_is(parser, bh_band_name((enum bh_band)band)))
			continue;
		*ret = (enum bh_band)band;
		return bh_parse_advance(parser);
	}
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser,
				     "a band is expected: not-seen, some, likeness, strong");
	return bh_parse_unknown(parser, "band", parser->token.text, words.names);
}

static int parse_expectation(struct bh_parser *parser, struct bh_expect *expect)
{
	static const char *const names[] = { "score", "band", "no-data", "redflag", "no", NULL };
	int r;

	if ((r = bh_parse_take(parser, "score")) > 0) {
		expect->kind = BH_EXPECT_SCORE;
		r = bh_parse_compare(parser, &expect->op);
		return r < 0 ? r
			     : bh_parse_signed(parser, BH_QUANTITY_NUMBER, "a score",
					       &expect->value);
	}
	if (r == 0 && (r = bh_parse_take(parser, "band")) > 0) {
		expect->kind = BH_EXPECT_BAND;
		r = bh_parse_one_band(parser, &expect->low);
		expect->high = expect->low;
		if (r == 0 && (r = bh_parse_take(parser, "..")) > 0)
			r = bh_parse_one_band(parser, &expect->high);
		if (r == 0 && expect->low > expect->high)
			return bh_parse_fail(parser, "the first band is above the second");
		return r;
	}
	expect->kind = BH_EXPECT_NO_DATA;
	if (r == 0 && (r = bh_parse_take(parser, "no-data")) != 0)
		return r < 0 ? r : 0;
	expect->kind = BH_EXPECT_REDFLAG;
	if (r == 0 && (r = bh_parse_take(parser, "no")) > 0)
		expect->kind = BH_EXPECT_NO_REDFLAG;
	if (r == 0 && !bh_parse_is(parser, "redflag") && parser->token.kind == BH_TOKEN_NAME)
		return bh_parse_unknown(parser, "expectation", parser->token.text, names);
	return r < 0 ? r : bh_parse_expect(parser, "redflag", "'expect'");
}

int bh_parse_test(struct bh_parser *parser, struct bh_place at)
{
	struct bh_test_block *test = bh_parse_alloc(parser, sizeof(*test));
	struct bh_test_block **tail = &parser->rule->tests;
	int r;

	if (!test)
		return -ENOMEM;
	test->at = at;
	r = bh_parse_string(parser, "the test's name", BH_EVIDENCE_TEXT_MAX - 1, &test->name);
	if (r == 0)
		r = bh_parse_expect(parser, "given", "the test's name");
	if (r == 0)
		r = parse_given(parser, test);
	if (r == 0)
		r = bh_parse_expect(parser, "expect", "what is given");
	while (r == 0) {
		struct bh_expect *expect = bh_parse_alloc(parser, sizeof(*expect));
		struct bh_expect **end = &test->expects;

		if (!expect)
			return -ENOMEM;
		r = parse_expectation(parser, expect);
		while (*end)
			end = &(*end)->next;
		*end = expect;
		if (r == 0)
			r = bh_parse_take(parser, "and");
		if (r == 0)
			break;
		r = r < 0 ? r : 0;
	}
	while (*tail)
		tail = &(*tail)->next;
	*tail = test;
	parser->rule->n_tests++;
	return r;
}
