/* SPDX-License-Identifier: MIT */
/* What every part of the parser uses: taking words, numbers with units, naming faults. */
#include "hub/core/suggest.h"
#include "rules/compare.h"
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int bh_parse_advance(struct bh_parser *parser)
{
	parser->last = parser->lexer.at;
	parser->last_end = parser->lexer.pos;
	parser->last_line = parser->lexer.at.line;
	return bh_lex(&parser->lexer, &parser->token);
}

int bh_parse_fail(struct bh_parser *parser, const char *format, ...)
{
	struct bh_place at = parser->token.at;
	char text[BH_ERROR_TEXT_MAX];
	va_list ap;

	/* What is missing is missing where the line ends, not where the next one begins. */
	if (parser->last_line && at.line > parser->last_line)
		at = parser->last;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return bh_parse_fail_at(parser, at, "%s", text);
}

int bh_parse_fail_at(struct bh_parser *parser, struct bh_place at, const char *format, ...)
{
	char text[BH_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return bh_error_set(parser->err, -EINVAL, parser->lexer.name, at.line, at.column, "%s",
			    text);
}

int bh_parse_unknown(struct bh_parser *parser, const char *what, const char *word,
		     const char *const *names)
{
	const char *near = bh_suggest(word, names);

	if (near)
		return bh_parse_fail_at(parser, parser->token.at,
					"unknown %s '%s'; did you mean '%s'?", what, word, near);
	return bh_parse_fail_at(parser, parser->token.at, "unknown %s '%s'; see rules/LANGUAGE.md",
				what, word);
}

void *bh_parse_alloc(struct bh_parser *parser, size_t size)
{
	void *ret = bh_arena_alloc(parser->arena, size);

	if (!ret)
		bh_parse_fail_at(parser, parser->token.at, "out of memory");
	return ret;
}

bool bh_parse_is(const struct bh_parser *parser, const char *text)
{
	return (parser->token.kind == BH_TOKEN_NAME || parser->token.kind == BH_TOKEN_MARK) &&
	       strcmp(parser->token.text, text) == 0;
}

int bh_parse_take(struct bh_parser *parser, const char *text)
{
	int r;

	if (!bh_parse_is(parser, text))
		return 0;
	r = bh_parse_advance(parser);
	return r < 0 ? r : 1;
}

int bh_parse_expect(struct bh_parser *parser, const char *text, const char *after)
{
	int r = bh_parse_take(parser, text);

	if (r == 0)
		return bh_parse_fail(parser, "'%s' is expected after %s", text, after);
	return r < 0 ? r : 0;
}

int bh_parse_name(struct bh_parser *parser, const char *what, const char **ret)
{
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "%s is expected here", what);
	*ret = parser->token.text;
	return bh_parse_advance(parser);
}

int bh_parse_string(struct bh_parser *parser, const char *what, size_t max, const char **ret)
{
	if (parser->token.kind != BH_TOKEN_STRING)
		return bh_parse_fail(parser, "%s is expected here, in \"quotes\"", what);
	if (strlen(parser->token.text) > max)
		return bh_parse_fail(parser, "%s may have at most %zu bytes", what, max);
	if (!parser->token.text[0])
		return bh_parse_fail(parser, "%s is empty", what);
	*ret = parser->token.text;
	return bh_parse_advance(parser);
}

int bh_parse_quantity(struct bh_parser *parser, enum bh_quantity quantity, const char *what,
		      int64_t *ret)
{
	if (parser->token.kind != BH_TOKEN_NUMBER)
		return bh_parse_fail(parser, "%s is expected here (%s)", what,
				     bh_quantity_name(quantity));
	if (parser->token.quantity != quantity)
		return bh_parse_fail(parser, "%s must be %s", what, bh_quantity_name(quantity));
	*ret = parser->token.value;
	return bh_parse_advance(parser);
}

int bh_parse_signed(struct bh_parser *parser, enum bh_quantity quantity, const char *what,
		    int64_t *ret)
{
	bool negative = bh_parse_is(parser, "-");
	int r = 0;

	if (negative || bh_parse_is(parser, "+"))
		r = bh_parse_advance(parser);
	if (r == 0)
		r = bh_parse_quantity(parser, quantity, what, ret);
	if (r == 0 && negative)
		*ret = -*ret;
	return r;
}

/* A whole number in thousandths, or a fault. */
static int whole_of(struct bh_parser *parser, const char *what, int low, int high, int *ret)
{
	int64_t milli = parser->token.value;

	if (milli % 1000 != 0 || milli / 1000 < low || milli / 1000 > high)
		return bh_parse_fail(parser, "%s must be a whole number from %d to %d", what, low,
				     high);
	*ret = (int)(milli / 1000);
	return bh_parse_advance(parser);
}

int bh_parse_whole(struct bh_parser *parser, const char *what, int low, int high, int *ret)
{
	if (parser->token.kind != BH_TOKEN_NUMBER || parser->token.quantity != BH_QUANTITY_NUMBER)
		return bh_parse_fail(parser, "%s is expected here, a whole number from %d to %d",
				     what, low, high);
	return whole_of(parser, what, low, high, ret);
}

int bh_parse_nights(struct bh_parser *parser, const char *what, int low, int high, int *ret)
{
	int r;

	if (parser->token.kind != BH_TOKEN_NUMBER ||
	    (parser->token.quantity != BH_QUANTITY_NUMBER &&
	     parser->token.quantity != BH_QUANTITY_NIGHTS))
		return bh_parse_fail(parser, "%s is expected here, as 7n or 7 nights", what);
	if (parser->token.quantity == BH_QUANTITY_NIGHTS)
		return whole_of(parser, what, low, high, ret);
	r = whole_of(parser, what, low, high, ret);
	if (r < 0)
		return r;
	r = bh_parse_take(parser, "nights");
	if (r == 0)
		return bh_parse_expect(parser, "nights", "their number");
	return r < 0 ? r : 0;
}

int bh_parse_compare(struct bh_parser *parser, enum bh_compare *ret)
{
	if (parser->token.kind == BH_TOKEN_MARK &&
	    bh_compare_from_name(parser->token.text, ret) == 0)
		return bh_parse_advance(parser);
	return bh_parse_fail(parser, "a comparison is expected here: < <= == != >= >");
}

int bh_parse_range(struct bh_parser *parser, int64_t *ret_low_ms, int64_t *ret_high_ms)
{
	struct bh_place at = parser->token.at;
	int64_t low = 0, high = INT64_MAX;
	int r = 0;

	if (!bh_parse_is(parser, ".."))
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "the shortest time", &low);
	if (r == 0)
		r = bh_parse_take(parser, "..");
	if (r == 0)
		return bh_parse_fail(parser,
				     "'..' is expected: write 30m.. for at least, ..90s for "
				     "at most, 3m..60m for both");
	if (r > 0 && parser->token.kind == BH_TOKEN_NUMBER)
		r = bh_parse_quantity(parser, BH_QUANTITY_TIME, "the longest time", &high);
	if (r < 0)
		return r;
	if (low > high)
		return bh_parse_fail_at(parser, at, "the shortest time is longer than the longest");
	if (low == 0 && high == INT64_MAX)
		return bh_parse_fail_at(parser, at, "'..' alone bounds nothing");
	*ret_low_ms = low;
	*ret_high_ms = high;
	return 0;
}

static int unknown_answer(struct bh_parser *parser, bool diary, const char *key)
{
	struct bh_words words = { .n = 0 };
	const struct bh_answer_info *info;

	for (size_t i = 0; (info = diary ? bh_diary_info_at(i) : bh_profile_info_at(i)) != NULL;
	     i++)
		bh_words_add(&words, info->key);
	return bh_parse_unknown(parser, diary ? "diary key" : "profile key", key, words.names);
}

int bh_parse_answer_key(struct bh_parser *parser, bool diary, const struct bh_answer_info **ret)
{
	int r = bh_parse_expect(parser, ".", diary ? "'diary'" : "'profile'");

	if (r < 0)
		return r;
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a %s key is expected here",
				     diary ? "diary" : "profile");
	*ret = diary ? bh_diary_info(parser->token.text) : bh_profile_info(parser->token.text);
	if (!*ret)
		return unknown_answer(parser, diary, parser->token.text);
	return bh_parse_advance(parser);
}

int bh_parse_answer_value(struct bh_parser *parser, const struct bh_answer_info *answer,
			  const char **ret)
{
	static const char *const kinds[] = {
		[BH_ANSWER_FLAG] = "yes or no",
		[BH_ANSWER_NUMBER] = "a number",
		[BH_ANSWER_DATE] = "a date in quotes, \"2026-03-01\"",
		[BH_ANSWER_TEXT] = "a text in quotes",
	};
	const char *value = NULL;
	char number[32];

	if (parser->token.kind == BH_TOKEN_NAME || parser->token.kind == BH_TOKEN_STRING) {
		value = parser->token.text;
	} else if (parser->token.kind == BH_TOKEN_NUMBER &&
		   parser->token.quantity == BH_QUANTITY_NUMBER) {
		snprintf(number, sizeof(number), "%lld.%03d",
			 (long long)(parser->token.value / 1000),
			 (int)(parser->token.value % 1000));
		value = bh_arena_strndup(parser->arena, number, strlen(number));
		if (!value)
			return bh_parse_fail(parser, "out of memory");
	}
	if (!value || bh_answer_check(answer, value) < 0)
		return bh_parse_fail(parser, "'%s' takes %s", answer->key,
				     answer->kind == BH_ANSWER_WORD ? answer->words
								    : kinds[answer->kind]);
	*ret = value;
	return bh_parse_advance(parser);
}
