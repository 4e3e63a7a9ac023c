/* SPDX-License-Identifier: MIT */
/* Words of a rule text, each with its line and column. */
#ifndef BH_RULES_LEX_H
#define BH_RULES_LEX_H

#include "hub/core/error.h"
#include "rules/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Where something stands in its text, 1-based; columns count bytes. */
struct bh_place {
	int line;
	int column;
};

enum bh_token_kind {
	BH_TOKEN_END,
	BH_TOKEN_NAME, /**< letters, digits, '_', and '-' between letters */
	BH_TOKEN_STRING,
	BH_TOKEN_NUMBER,
	BH_TOKEN_TIME, /**< HH:MM; value is minutes after midnight */
	BH_TOKEN_MARK, /**< punctuation; text holds it */
};

/** What a number counts, from its suffix. */
enum bh_quantity {
	BH_QUANTITY_NUMBER,  /**< thousandths */
	BH_QUANTITY_SHARE,   /**< thousandths of a percent */
	BH_QUANTITY_CELSIUS, /**< thousandths of a degree */
	BH_QUANTITY_TIME,    /**< milliseconds */
	BH_QUANTITY_NIGHTS,  /**< thousandths of a night */
};

struct bh_token {
	enum bh_token_kind kind;
	enum bh_quantity quantity; /**< of a NUMBER */
	int64_t value;		   /**< of a NUMBER or TIME */
	const char *text;	   /**< NAME, STRING (unescaped), MARK; in the arena */
	struct bh_place at;
	size_t begin; /**< bytes of the text, for the rule's hash */
	size_t end;
};

struct bh_lexer {
	const char *name; /**< of the text, for errors */
	const char *text;
	size_t length;
	size_t pos;
	struct bh_place at;
	struct bh_arena *arena;
	struct bh_error *err;
};

/** @brief The next word. @return 0, or -EINVAL or -ENOMEM with the place in lexer->err. */
int bh_lex(struct bh_lexer *lexer, struct bh_token *ret);

/** @return "number", "share (%)", ... for messages. */
const char *bh_quantity_name(enum bh_quantity quantity);

#endif
