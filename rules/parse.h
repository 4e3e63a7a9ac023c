/* SPDX-License-Identifier: MIT */
/* The parser: one file per part of the language, all working on one struct bh_parser. */
#ifndef BH_RULES_PARSE_H
#define BH_RULES_PARSE_H

#include "rules/ast.h"

struct bh_parser {
	struct bh_lexer lexer;
	struct bh_token token; /**< the next word */
	struct bh_place last;  /**< just behind the last word taken */
	int last_line;
	size_t last_end;
	int depth;	/**< nesting of expressions and patterns */
	bool in_nights; /**< inside "nights x = ...": one night, not the window */
	struct bh_arena *arena;
	struct bh_error *err;
	struct bh_rule *rule;
};

/** @brief Rules of one text, in order. @return Their number or a negative errno. */
int bh_parse_text(const char *name, const char *text, size_t length, struct bh_arena *arena,
		  struct bh_rule **ret, int cap, struct bh_error *err);

/* ---- words ---- */

/** @brief Take the next word. */
int bh_parse_advance(struct bh_parser *parser);
bool bh_parse_is(const struct bh_parser *parser, const char *text);
/** @brief Take @p text if it is next. @return 1, 0 or a negative errno. */
int bh_parse_take(struct bh_parser *parser, const char *text);
int bh_parse_expect(struct bh_parser *parser, const char *text, const char *after);
/** @brief A fault at the next word, or behind the last if that ended its line. @return -EINVAL. */
int bh_parse_fail(struct bh_parser *parser, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int bh_parse_fail_at(struct bh_parser *parser, struct bh_place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/** @brief "unknown WHAT 'x'; did you mean 'y'?" at the next word. @return -EINVAL. */
int bh_parse_unknown(struct bh_parser *parser, const char *what, const char *word,
		     const char *const *names);
void *bh_parse_alloc(struct bh_parser *parser, size_t size);

int bh_parse_name(struct bh_parser *parser, const char *what, const char **ret);
int bh_parse_string(struct bh_parser *parser, const char *what, size_t max, const char **ret);
/** @brief A number of @p quantity, with sign if @p sign; in thousandths or milliseconds. */
int bh_parse_quantity(struct bh_parser *parser, enum bh_quantity quantity, const char *what,
		      int64_t *ret);
int bh_parse_signed(struct bh_parser *parser, enum bh_quantity quantity, const char *what,
		    int64_t *ret);
/** @brief A whole number without unit in [low, high]. */
int bh_parse_whole(struct bh_parser *parser, const char *what, int low, int high, int *ret);
/** @brief "14n" or "14 nights". */
int bh_parse_nights(struct bh_parser *parser, const char *what, int low, int high, int *ret);
int bh_parse_compare(struct bh_parser *parser, enum bh_compare *ret);
/** @brief "30m..", "3m..60m", "..90s". */
int bh_parse_range(struct bh_parser *parser, int64_t *ret_low_ms, int64_t *ret_high_ms);
/** @brief Is the next word an answer's value that fits? Takes it. */
int bh_parse_answer_value(struct bh_parser *parser, const struct bh_answer_info *answer,
			  const char **ret);
/** @brief "profile.KEY" or "diary.KEY", after its first word. */
int bh_parse_answer_key(struct bh_parser *parser, bool diary, const struct bh_answer_info **ret);

/* ---- parts ---- */

/** @brief A pattern, added to the rule. @return Its index or a negative errno. */
int bh_parse_pattern(struct bh_parser *parser);
int bh_parse_state(struct bh_parser *parser, struct bh_state_ref *ret);
/** @brief A condition or number. */
int bh_parse_expr(struct bh_parser *parser, struct bh_expr **ret);
/** @brief A condition; a bare number is refused. */
int bh_parse_condition(struct bh_parser *parser, struct bh_expr **ret);
/** @brief A measure function whose name has been taken. @return Index of its leaf or -errno. */
int bh_parse_leaf(struct bh_parser *parser, const char *name, struct bh_place at);
int bh_parse_test(struct bh_parser *parser, struct bh_place at);
/** @brief The name of a band of a score, "not-seen" to "strong". */
int bh_parse_one_band(struct bh_parser *parser, enum bh_band *ret);
/** @brief The statement that begins with @p word, which has been taken. @return 1 if it is none. */
int bh_parse_statement(struct bh_parser *parser, const char *word, struct bh_place at);
/** @brief What can only be said of a whole rule. */
int bh_check_rule(struct bh_parser *parser, struct bh_rule *rule);

#endif
