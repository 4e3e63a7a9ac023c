/* SPDX-License-Identifier: MIT */
#include "rules/lex.h"

#include <errno.h>
#include <string.h>

/* Nine digits before the point: thirty years in seconds; in thousandths far inside 64 bits. */
#define WHOLE_DIGITS_MAX 9
#define DECIMALS_MAX 3
#define STRING_MAX 2000 /* a page of text is not a sentence */
#define NAME_MAX_LETTERS 64

static const struct suffix {
	const char *text;
	enum bh_quantity quantity;
	int32_t factor; /* times thousandths, over a thousand for times */
} suffixes[] = {
	{ "s", BH_QUANTITY_TIME, 1 },	 { "m", BH_QUANTITY_TIME, 60 },
	{ "h", BH_QUANTITY_TIME, 3600 }, { "n", BH_QUANTITY_NIGHTS, 1 },
	{ "C", BH_QUANTITY_CELSIUS, 1 }, { "%", BH_QUANTITY_SHARE, 1 },
};

const char *bh_quantity_name(enum bh_quantity quantity)
{
	static const char *const names[] = {
		[BH_QUANTITY_NUMBER] = "a plain number",
		[BH_QUANTITY_SHARE] = "a share, like 40%",
		[BH_QUANTITY_CELSIUS] = "a temperature, like 2.2C",
		[BH_QUANTITY_TIME] = "a time, like 20m",
		[BH_QUANTITY_NIGHTS] = "nights, like 7n",
	};

	return names[quantity];
}

static int fail(struct bh_lexer *lexer, struct bh_place at, const char *what)
{
	return bh_error_set(lexer->err, -EINVAL, lexer->name, at.line, at.column, "%s", what);
}

static int peek(const struct bh_lexer *lexer, size_t ahead)
{
	return lexer->pos + ahead < lexer->length ? (unsigned char)lexer->text[lexer->pos + ahead]
						  : -1;
}

static void step(struct bh_lexer *lexer)
{
	if (lexer->text[lexer->pos++] == '\n') {
		lexer->at.line++;
		lexer->at.column = 1;
	} else {
		lexer->at.column++;
	}
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void skip_blank(struct bh_lexer *lexer)
{
	for (;;) {
		int c = peek(lexer, 0);

		if (c == '#') {
			while (c != '\n' && c >= 0) {
				step(lexer);
				c = peek(lexer, 0);
			}
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			step(lexer);
		} else {
			return;
		}
	}
}

static int lex_name(struct bh_lexer *lexer, struct bh_token *token)
{
	size_t length;

	while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0)) ||
	       (peek(lexer, 0) == '-' && is_letter(peek(lexer, 1))))
		step(lexer);
	length = lexer->pos - token->begin;
	if (length > NAME_MAX_LETTERS)
		return fail(lexer, token->at, "this name is longer than 64 letters");
	token->kind = BH_TOKEN_NAME;
	token->text = bh_arena_strndup(lexer->arena, lexer->text + token->begin, length);
	return token->text ? 0 : -ENOMEM;
}

static int lex_string(struct bh_lexer *lexer, struct bh_token *token)
{
	char buf[STRING_MAX];
	size_t n = 0;

	step(lexer);
	for (;;) {
		int c = peek(lexer, 0);

		if (c < 0 || c == '\n')
			return fail(lexer, token->at, "this text has no closing \"");
		if (c == '"')
			break;
		if (c < ' ' || c == 0x7f)
			return fail(lexer, lexer->at, "control character inside a text");
		if (c == '\\') {
			step(lexer);
			c = peek(lexer, 0);
			if (c != '"' && c != '\\')
				return fail(lexer, lexer->at,
					    "after \\ only \" or \\ may stand in a text");
		}
		if (n == sizeof(buf))
			return fail(lexer, token->at, "this text is longer than 2000 bytes");
		buf[n++] = (char)c;
		step(lexer);
	}
	step(lexer);
	token->kind = BH_TOKEN_STRING;
	token->text = bh_arena_strndup(lexer->arena, buf, n);
	return token->text ? 0 : -ENOMEM;
}

/* 22:00 has just been seen up to its colon. */
static int lex_time(struct bh_lexer *lexer, struct bh_token *token, int64_t hours)
{
	int minutes;

	step(lexer);
	minutes = (peek(lexer, 0) - '0') * 10 + peek(lexer, 1) - '0';
	step(lexer);
	step(lexer);
	if (hours > 23 || minutes > 59)
		return fail(lexer, token->at, "no such time of day; write 00:00 to 23:59");
	token->kind = BH_TOKEN_TIME;
	token->value = hours * 60 + minutes;
	return 0;
}

static int lex_suffix(struct bh_lexer *lexer, struct bh_token *token)
{
	char text[2] = "";
	size_t n = 0;

	if (peek(lexer, 0) != '%' && !is_letter(peek(lexer, 0)))
		return 0;
	while ((n == 0 && peek(lexer, 0) == '%') ||
	       (text[0] != '%' && (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0))))) {
		if (n == 0)
			text[0] = (char)peek(lexer, 0);
		n++;
		step(lexer);
	}
	for (size_t i = 0; n == 1 && i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (strcmp(suffixes[i].text, text) != 0)
			continue;
		token->quantity = suffixes[i].quantity;
		if (token->quantity == BH_QUANTITY_TIME)
			token->value = token->value * suffixes[i].factor;
		return 0;
	}
	return fail(lexer, token->at,
		    "unknown unit; units are s, m, h (time), n (nights), C (degrees) and %");
}

static int lex_number(struct bh_lexer *lexer, struct bh_token *token)
{
	int64_t value = 0;
	int digits = 0, decimals = 0;

	for (; is_digit(peek(lexer, 0)); step(lexer)) {
		if (++digits > WHOLE_DIGITS_MAX)
			return fail(lexer, token->at, "this number is too large");
		value = value * 10 + (peek(lexer, 0) - '0');
	}
	if (peek(lexer, 0) == ':' && is_digit(peek(lexer, 1)) && is_digit(peek(lexer, 2)))
		return lex_time(lexer, token, value);
	if (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))) {
		step(lexer);
		for (; is_digit(peek(lexer, 0)); step(lexer)) {
			if (++decimals > DECIMALS_MAX)
				return fail(lexer, token->at,
					    "at most three decimals are kept; shorten this number");
			value = value * 10 + (peek(lexer, 0) - '0');
		}
	}
	for (; decimals < DECIMALS_MAX; decimals++)
		value *= 10;
	token->kind = BH_TOKEN_NUMBER;
	token->quantity = BH_QUANTITY_NUMBER;
	token->value = value;
	return lex_suffix(lexer, token);
}

static int lex_mark(struct bh_lexer *lexer, struct bh_token *token)
{
	static const char *const marks[] = { "..", ">=", "<=", "==", "!=", ">", "<",
					     "=",  "(",	 ")",  "[",  "]",  "{", "}",
					     ",",  ":",	 ".",  "+",  "-",  "/", "%" };

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i]);

		if (peek(lexer, 0) != marks[i][0] || (n == 2 && peek(lexer, 1) != marks[i][1]))
			continue;
		while (n-- > 0)
			step(lexer);
		token->kind = BH_TOKEN_MARK;
		token->text = marks[i];
		return 0;
	}
	return fail(lexer, token->at, "this character has no meaning here; texts stand in \"...\"");
}

int bh_lex(struct bh_lexer *lexer, struct bh_token *ret)
{
	struct bh_token token = { 0 };
	int c, r;

	skip_blank(lexer);
	token.at = lexer->at;
	token.begin = lexer->pos;
	c = peek(lexer, 0);
	if (c < 0)
		r = 0; /* BH_TOKEN_END */
	else if (is_letter(c))
		r = lex_name(lexer, &token);
	else if (is_digit(c))
		r = lex_number(lexer, &token);
	else if (c == '"')
		r = lex_string(lexer, &token);
	else
		r = lex_mark(lexer, &token);
	if (r < 0)
		return r;
	token.end = lexer->pos;
	*ret = token;
	return 0;
}
