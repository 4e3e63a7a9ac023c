/* SPDX-License-Identifier: MIT */
/* A text: rule after rule. */
#include "rules/parse.h"
#include "rules/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FNV_OFFSET UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static void hash_text(const char *text, size_t length, char ret[17])
{
	uint64_t hash = FNV_OFFSET;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * FNV_PRIME;
	snprintf(ret, 17, "%016" PRIx64, hash);
}

static int not_a_statement(struct bh_parser *parser, const char *word, struct bh_place at)
{
	static const char *const statements[] = {
		"rule",	    "class",   "status", "purpose", "source", "says",	"never",   "cause",
		"needs",    "prior",   "parent", "cap",	    "let",    "nights", "measure", "group",
		"evidence", "redflag", "hold",	 "keep",    "test",   NULL,
	};

	parser->token.at = at;
	return bh_parse_unknown(parser, "statement", word, statements);
}

/* The lines of one rule, behind its id. */
static int parse_body(struct bh_parser *parser)
{
	while (parser->token.kind != BH_TOKEN_END && !bh_parse_is(parser, "rule")) {
		struct bh_place at = parser->token.at;
		const char *word = parser->token.text;
		int r;

		if (parser->token.kind != BH_TOKEN_NAME)
			return bh_parse_fail_at(
				parser, at, "a statement is expected here, like evidence or let");
		r = bh_parse_advance(parser);
		if (r == 0)
			r = bh_parse_statement(parser, word, at);
		if (r != 0)
			return r < 0 ? r : not_a_statement(parser, word, at);
	}
	return 0;
}

static int parse_rule(struct bh_parser *parser, struct bh_rule **ret)
{
	struct bh_rule *rule = bh_parse_alloc(parser, sizeof(*rule));
	size_t begin = parser->token.begin;
	int r;

	if (!rule)
		return -ENOMEM;
	rule->at = parser->token.at;
	rule->parent_index = -1;
	rule->file = parser->lexer.name;
	parser->rule = rule;
	r = bh_parse_expect(parser, "rule", "the last rule");
	if (r == 0 && parser->token.kind == BH_TOKEN_NAME &&
	    strlen(parser->token.text) >= BH_RULE_ID_MAX)
		return bh_parse_fail(parser, "a rule's id has at most %d letters",
				     BH_RULE_ID_MAX - 1);
	if (r == 0 && (parser->token.kind != BH_TOKEN_NAME || bh_is_keyword(parser->token.text)))
		return bh_parse_fail(parser, "an id is expected after 'rule', like leg_hanging");
	if (r == 0)
		r = bh_parse_name(parser, "the rule's id", &rule->id);
	if (r == 0)
		r = parse_body(parser);
	if (r == 0)
		r = bh_check_rule(parser, rule);
	if (r < 0)
		return r;
	hash_text(parser->lexer.text + begin, parser->last_end - begin, rule->hash);
	*ret = rule;
	return 0;
}

int bh_parse_text(const char *name, const char *text, size_t length, struct bh_arena *arena,
		  struct bh_rule **ret, int cap, struct bh_error *err)
{
	struct bh_parser parser = {
		.lexer = { .text = text, .length = length, .at = { 1, 1 }, .arena = arena },
		.arena = arena,
		.err = err,
	};
	int n = 0, r;

	parser.lexer.err = err;
	parser.lexer.name = bh_arena_strndup(arena, name, strlen(name));
	if (!parser.lexer.name)
		return -ENOMEM;
	r = bh_lex(&parser.lexer, &parser.token);
	while (r == 0 && parser.token.kind != BH_TOKEN_END) {
		if (!bh_parse_is(&parser, "rule"))
			return bh_parse_fail_at(&parser, parser.token.at,
						"a rule begins with: rule <id>");
		if (n == cap)
			return bh_parse_fail(&parser, "there are more than %d rules", cap);
		r = parse_rule(&parser, &ret[n]);
		for (int i = 0; r == 0 && i < n; i++)
			if (strcmp(ret[i]->id, ret[n]->id) == 0)
				return bh_parse_fail_at(&parser, ret[n]->at,
							"there are two rules '%s' in this file",
							ret[n]->id);
		n++;
	}
	if (r == 0 && n == 0)
		return bh_parse_fail_at(
			&parser, parser.token.at,
			"there is no rule in this file; one begins with: rule <id>");
	return r < 0 ? r : n;
}
