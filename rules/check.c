/* SPDX-License-Identifier: MIT */
/* What can only be said of a whole rule: what is missing, what its words may not say. */
#include "rules/parse.h"
#include "rules/words.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

/* "measure" of "{measure}" in a text. */
#define MEASURE_NAME_MAX 64

static int missing(struct bh_parser *parser, const struct bh_rule *rule, const char *what)
{
	return bh_parse_fail_at(parser, rule->at, "rule '%s' has no '%s'", rule->id, what);
}

static int check_complete(struct bh_parser *parser, const struct bh_rule *rule)
{
	int redflags = 0;

	if (rule->class == BH_RULE_NO_CLASS)
		return missing(parser, rule, "class");
	if (!rule->has_status)
		return missing(parser, rule, "status");
	if (!rule->purpose)
		return missing(parser, rule, "purpose");
	if (!rule->sources)
		return bh_parse_fail_at(parser, rule->at,
					"rule '%s' has no 'source': each rule "
					"says where it comes from",
					rule->id);
	if (!rule->says)
		return missing(parser, rule, "says");
	if (!rule->has_needs)
		return missing(parser, rule, "needs");
	if (!rule->has_prior)
		return missing(parser, rule, "prior");
	if (!rule->evidence)
		return missing(parser, rule, "evidence");
	for (const struct bh_redflag *flag = rule->redflags; flag; flag = flag->next)
		redflags++;
	if (rule->n_evidence + redflags + (rule->parent ? 1 : 0) > BH_EVIDENCE_MAX)
		return bh_parse_fail_at(parser, rule->at,
					"rule '%s' has more than %d evidence lines and red flags",
					rule->id, BH_EVIDENCE_MAX - (rule->parent ? 1 : 0));
	if (rule->parent && strcmp(rule->parent, rule->id) == 0)
		return bh_parse_fail_at(parser, rule->parent_at, "a rule cannot be its own parent");
	return 0;
}

static bool is_measure(const struct bh_rule *rule, const char *name, size_t length)
{
	for (int i = 0; i < rule->n_measures; i++)
		if (strlen(rule->measures[i].name) == length &&
		    memcmp(rule->measures[i].name, name, length) == 0)
			return true;
	return false;
}

/* Every {name} of a text is a measure of the rule. */
static int check_filled(struct bh_parser *parser, const struct bh_rule *rule, const char *text,
			struct bh_place at)
{
	struct bh_words words = { .n = 0 };
	char name[MEASURE_NAME_MAX];

	for (int i = 0; i < rule->n_measures; i++)
		bh_words_add(&words, rule->measures[i].name);
	while ((text = strchr(text, '{')) != NULL) {
		size_t length = strcspn(++text, "}");

		if (text[length] != '}')
			return bh_parse_fail_at(parser, at, "'{' without '}' in this text");
		if (is_measure(rule, text, length))
			continue;
		if (length >= sizeof(name))
			length = sizeof(name) - 1;
		memcpy(name, text, length);
		name[length] = '\0';
		parser->token.at = at;
		return bh_parse_unknown(parser, "measure", name, words.names);
	}
	return 0;
}

static bool contains(const char *text, const char *word, size_t length)
{
	size_t n = strlen(text);

	for (size_t i = 0; i + length <= n; i++)
		if (strncasecmp(text + i, word, length) == 0)
			return true;
	return false;
}

static int check_words(struct bh_parser *parser, const struct bh_rule *rule, const char *text,
		       struct bh_place at)
{
	for (const struct bh_text *never = rule->nevers; never; never = never->next) {
		const char *word = never->text;

		while (*word) {
			size_t length = strcspn(word, ","), trimmed;

			while (length > 0 && isspace((unsigned char)*word)) {
				word++;
				length--;
			}
			for (trimmed = length; trimmed > 0; trimmed--)
				if (!isspace((unsigned char)word[trimmed - 1]))
					break;
			if (trimmed > 0 && contains(text, word, trimmed))
				return bh_parse_fail_at(parser, at,
							"the text says '%.*s', which this rule "
							"must never say (line %d)",
							(int)trimmed, word, never->at.line);
			word += length;
			if (*word == ',')
				word++;
		}
	}
	return 0;
}

static int check_text(struct bh_parser *parser, const struct bh_rule *rule, const char *text,
		      struct bh_place at)
{
	int r = check_filled(parser, rule, text, at);

	return r < 0 ? r : check_words(parser, rule, text, at);
}

int bh_check_rule(struct bh_parser *parser, struct bh_rule *rule)
{
	int r = check_complete(parser, rule);

	if (r == 0)
		r = check_text(parser, rule, rule->says, rule->says_at);
	if (r == 0)
		r = check_words(parser, rule, rule->purpose, rule->purpose_at);
	for (const struct bh_evidence_line *line = rule->evidence; r == 0 && line;
	     line = line->next)
		r = check_text(parser, rule, line->text, line->at);
	for (const struct bh_redflag *flag = rule->redflags; r == 0 && flag; flag = flag->next)
		r = check_text(parser, rule, flag->text, flag->at);
	return r;
}
