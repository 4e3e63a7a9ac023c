/* SPDX-License-Identifier: MIT */
/* Statements: a rule is a block of lines that each begin with a keyword. */
#include "rules/parse.h"
#include "rules/words.h"
#include "rules/rule.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Bounds of science.md section 4. */
#define WEIGHT_MAX_MILLI 2300
#define PRIOR_MIN_MILLI 1
#define PRIOR_MAX_MILLI 500
#define PARENT_ABOVE_MAX_MILLI 5000
#define HOLD_MAX 14
#define KEEP_MAX 60
/* Filled-in measures take some room beside the words. */
#define EVIDENCE_WORDS_MAX (BH_EVIDENCE_TEXT_MAX - 40)
#define SAYS_WORDS_MAX (BH_SAYS_MAX - 60)

static int said_twice(struct bh_parser *parser, struct bh_place at, const char *what)
{
	return bh_parse_fail_at(parser, at, "'%s' stands twice in this rule", what);
}

static int parse_class(struct bh_parser *parser, struct bh_place at)
{
	struct bh_words words = { .n = 0 };

	if (parser->rule->class != BH_RULE_NO_CLASS)
		return said_twice(parser, at, "class");
	for (int class = BH_RULE_CIRCULATION; class <= BH_RULE_MUSCULAR; class ++) {
		bh_words_add(&words, bh_rule_class_name((enum bh_rule_class) class));
		if (!bh_parse_is(parser, words.names[words.n - 1]))
			continue;
		parser->rule->class = (enum bh_rule_class) class;
		return bh_parse_advance(parser);
	}
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "circulation, neurological or muscular is expected");
	return bh_parse_unknown(parser, "class", parser->token.text, words.names);
}

static int parse_status(struct bh_parser *parser, struct bh_place at)
{
	static const char *const names[] = { "production", "research", "testing", NULL };

	if (parser->rule->has_status)
		return said_twice(parser, at, "status");
	parser->rule->has_status = true;
	for (size_t i = 0; names[i]; i++) {
		if (!bh_parse_is(parser, names[i]))
			continue;
		parser->rule->status = names[i];
		return bh_parse_advance(parser);
	}
	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "production, research or testing is expected");
	return bh_parse_unknown(parser, "status", parser->token.text, names);
}

static int parse_once(struct bh_parser *parser, struct bh_place at, const char *what, size_t max,
		      const char **field)
{
	if (*field)
		return said_twice(parser, at, what);
	return bh_parse_string(parser, what, max, field);
}

static int parse_text_list(struct bh_parser *parser, struct bh_place at, const char *what,
			   struct bh_text **tail)
{
	struct bh_text *text = bh_parse_alloc(parser, sizeof(*text));

	if (!text)
		return -ENOMEM;
	while (*tail)
		tail = &(*tail)->next;
	*tail = text;
	text->at = at;
	return bh_parse_string(parser, what, BH_SAYS_MAX, &text->text);
}

static int parse_sensors(struct bh_parser *parser)
{
	struct bh_words words = { .n = 0 };
	int n = 0;

	for (uint32_t bit = 1; bh_capability_name(bit); bit <<= 1)
		bh_words_add(&words, bh_capability_name(bit));
	while (parser->token.kind == BH_TOKEN_NAME && !bh_is_keyword(parser->token.text)) {
		uint32_t bit;
		int r;

		if (strcmp(parser->token.text, "coverage") == 0 ||
		    strcmp(parser->token.text, "sensor") == 0)
			break;
		if (bh_capability_from_name(parser->token.text, &bit) < 0)
			return bh_parse_unknown(parser, "sensor", parser->token.text, words.names);
		parser->rule->needs_sensors |= bit;
		r = bh_parse_advance(parser);
		if (r < 0)
			return r;
		n++;
	}
	if (n == 0)
		return bh_parse_fail(parser, "what the bed must tell is expected after 'sensor', "
					     "like legs or leg_movement");
	return 0;
}

/* profile a or b, profile c */
static int parse_needs_profile(struct bh_parser *parser)
{
	struct bh_need **tail = &parser->rule->needs_profile;
	int r;

	while (*tail)
		tail = &(*tail)->next;
	do {
		struct bh_words words = { .n = 0 };
		struct bh_need *need = bh_parse_alloc(parser, sizeof(*need));
		const struct bh_answer_info *info;

		if (!need)
			return -ENOMEM;
		if (parser->token.kind != BH_TOKEN_NAME)
			return bh_parse_fail(parser, "a profile key is expected");
		for (size_t i = 0; (info = bh_profile_info_at(i)) != NULL; i++)
			bh_words_add(&words, info->key);
		need->answer = bh_profile_info(parser->token.text);
		if (!need->answer)
			return bh_parse_unknown(parser, "profile key", parser->token.text,
						words.names);
		r = bh_parse_advance(parser);
		*tail = need;
		tail = &need->next;
		if (r == 0)
			r = bh_parse_take(parser, "or");
		need->or_next = r > 0;
	} while (r > 0);
	return r;
}

static int parse_needs(struct bh_parser *parser, struct bh_place at)
{
	struct bh_rule *rule = parser->rule;
	int64_t coverage;
	int r;

	if (rule->has_needs)
		return said_twice(parser, at, "needs");
	rule->has_needs = true;
	r = bh_parse_expect(parser, "nights", "'needs'");
	if (r == 0)
		r = bh_parse_expect(parser, ">=", "'nights'");
	if (r == 0)
		r = bh_parse_whole(parser, "the number of nights", 1, BH_NIGHTS_MAX,
				   &rule->needs_nights);
	if (r == 0)
		r = bh_parse_expect(parser, "of", "the number of nights");
	if (r == 0)
		r = bh_parse_whole(parser, "the window in nights", rule->needs_nights,
				   BH_NIGHTS_MAX, &rule->needs_window);
	while (r == 0) {
		if ((r = bh_parse_take(parser, "coverage")) > 0) {
			r = bh_parse_quantity(parser, BH_QUANTITY_SHARE, "the coverage", &coverage);
			if (r == 0 && coverage > 100000)
				return bh_parse_fail(parser, "a coverage is at most 100%%");
			if (r == 0)
				rule->needs_coverage_permille = (int)(coverage / 100);
		} else if (r == 0 && (r = bh_parse_take(parser, "sensor")) > 0) {
			r = parse_sensors(parser);
		} else if (r == 0 && (r = bh_parse_take(parser, "profile")) > 0) {
			r = parse_needs_profile(parser);
		} else {
			break;
		}
	}
	return r;
}

static int parse_prior(struct bh_parser *parser, struct bh_place at)
{
	struct bh_place number = parser->token.at;
	int64_t prior;
	int r;

	if (parser->rule->has_prior)
		return said_twice(parser, at, "prior");
	parser->rule->has_prior = true;
	r = bh_parse_quantity(parser, BH_QUANTITY_NUMBER, "the prior", &prior);
	if (r < 0)
		return r;
	if (prior < PRIOR_MIN_MILLI || prior > PRIOR_MAX_MILLI)
		return bh_parse_fail_at(parser, number, "a prior is from 0.001 to 0.5");
	parser->rule->prior_milli =
		(int32_t)lround(1000.0 * log((double)prior / (double)(1000 - prior)));
	return 0;
}

static int parse_parent(struct bh_parser *parser, struct bh_place at)
{
	int64_t above;
	int r;

	if (parser->rule->parent)
		return said_twice(parser, at, "parent");
	parser->rule->parent_at = parser->token.at;
	r = bh_parse_name(parser, "the parent rule's id", &parser->rule->parent);
	if (r == 0)
		r = bh_parse_expect(parser, "above", "the parent rule's id");
	if (r == 0)
		r = bh_parse_signed(parser, BH_QUANTITY_NUMBER, "the parent's score", &above);
	if (r < 0)
		return r;
	if (above > PARENT_ABOVE_MAX_MILLI || above < -PARENT_ABOVE_MAX_MILLI)
		return bh_parse_fail(parser, "the parent's score is from -5 to 5");
	parser->rule->parent_above_milli = (int32_t)above;
	return 0;
}

/* The name of a let, a measure or a set of nights: not taken, not a keyword, not an event. */
static int parse_new_name(struct bh_parser *parser, const char *what, const char **ret)
{
	const struct bh_rule *rule = parser->rule;
	const char *name = parser->token.text;
	enum bh_event_type type;
	enum bh_state_kind state;
	enum bh_signal signal;
	enum bh_leaf_kind leaf;
	bool taken = false;

	if (parser->token.kind != BH_TOKEN_NAME)
		return bh_parse_fail(parser, "a name is expected after '%s'", what);
	if (bh_is_keyword(name))
		return bh_parse_fail(parser, "'%s' is a word of the language; choose another name",
				     name);
	if (bh_event_type_from_name(name, &type) == 0 || bh_state_from_name(name, &state) == 0 ||
	    bh_signal_from_name(name, &signal) == 0 || bh_leaf_from_name(name, &leaf) == 0)
		return bh_parse_fail(parser, "'%s' already means something; choose another name",
				     name);
	for (int i = 0; i < rule->n_patterns; i++)
		taken |= rule->patterns[i].name && strcmp(rule->patterns[i].name, name) == 0;
	for (int i = 0; i < rule->n_measures; i++)
		taken |= strcmp(rule->measures[i].name, name) == 0;
	for (int i = 0; i < rule->n_nightsets; i++)
		taken |= strcmp(rule->nightsets[i].name, name) == 0;
	if (taken)
		return bh_parse_fail(parser, "'%s' is already defined above", name);
	*ret = name;
	return bh_parse_advance(parser);
}

static int parse_let(struct bh_parser *parser)
{
	const char *name;
	int index, r = parse_new_name(parser, "let", &name);

	if (r == 0)
		r = bh_parse_expect(parser, "=", "the name");
	if (r < 0)
		return r;
	index = bh_parse_pattern(parser);
	if (index >= 0)
		parser->rule->patterns[index].name = name;
	return index < 0 ? index : 0;
}

static int parse_measure(struct bh_parser *parser)
{
	struct bh_rule *rule = parser->rule;
	struct bh_measure measure = { .at = parser->token.at };
	int r = parse_new_name(parser, "measure", &measure.name);

	if (r == 0)
		r = bh_parse_expect(parser, "=", "the name");
	if (r == 0)
		r = bh_parse_expr(parser, &measure.expr);
	if (r < 0)
		return r;
	if (measure.expr->truth || measure.expr->kind == BH_EXPR_NUMBER)
		return bh_parse_fail_at(parser, measure.expr->at,
					"a measure is a number taken from the nights");
	if (rule->n_measures == BH_MEASURES_MAX)
		return bh_parse_fail_at(parser, measure.at, "a rule may have at most %d measures",
					BH_MEASURES_MAX);
	rule->measures[rule->n_measures++] = measure;
	return 0;
}

static int parse_nightset(struct bh_parser *parser)
{
	struct bh_rule *rule = parser->rule;
	struct bh_nightset set = { 0 };
	int r = parse_new_name(parser, "nights", &set.name);

	if (r == 0)
		r = bh_parse_expect(parser, "=", "the name");
	parser->in_nights = true;
	if (r == 0)
		r = bh_parse_condition(parser, &set.when);
	parser->in_nights = false;
	if (r < 0)
		return r;
	if (rule->n_nightsets == BH_NIGHTSETS_MAX)
		return bh_parse_fail(parser, "a rule may have at most %d sets of nights",
				     BH_NIGHTSETS_MAX);
	rule->nightsets[rule->n_nightsets++] = set;
	return 0;
}

static int group_named(struct bh_parser *parser, const char *name)
{
	struct bh_rule *rule = parser->rule;

	for (int i = 0; i < rule->n_groups; i++)
		if (strcmp(rule->groups[i].name, name) == 0)
			return i;
	if (rule->n_groups == BH_GROUPS_MAX)
		return bh_parse_fail(parser, "a rule may have at most %d groups", BH_GROUPS_MAX);
	rule->groups[rule->n_groups].name = name;
	return rule->n_groups++;
}

/* group risk at most 1.2 */
static int parse_group(struct bh_parser *parser, struct bh_place at)
{
	const char *name;
	int64_t cap;
	int group, r = bh_parse_name(parser, "a group's name", &name);

	if (r == 0)
		r = bh_parse_expect(parser, "at", "the group's name");
	if (r == 0)
		r = bh_parse_expect(parser, "most", "'at'");
	if (r == 0)
		r = bh_parse_quantity(parser, BH_QUANTITY_NUMBER, "the cap", &cap);
	if (r < 0)
		return r;
	if (cap == 0 || cap > WEIGHT_MAX_MILLI)
		return bh_parse_fail(parser, "a group's cap is more than 0 and at most 2.3");
	group = group_named(parser, name);
	if (group < 0)
		return group;
	if (parser->rule->groups[group].cap_milli)
		return said_twice(parser, at, "group");
	parser->rule->groups[group].cap_milli = (int32_t)cap;
	return 0;
}

static int parse_weight(struct bh_parser *parser, int32_t *ret)
{
	struct bh_place at = parser->token.at;
	int64_t weight;
	int r = bh_parse_signed(parser, BH_QUANTITY_NUMBER, "a weight", &weight);

	if (r < 0)
		return r;
	if (weight == 0)
		return bh_parse_fail_at(parser, at, "a weight of 0 says nothing");
	if (weight > WEIGHT_MAX_MILLI || weight < -WEIGHT_MAX_MILLI)
		return bh_parse_fail_at(parser, at,
					"a weight is from -2.3 to +2.3: no single line "
					"may decide alone");
	*ret = (int32_t)weight;
	return 0;
}

static int parse_evidence(struct bh_parser *parser, struct bh_place at)
{
	struct bh_evidence_line *line = bh_parse_alloc(parser, sizeof(*line));
	struct bh_evidence_line **tail = &parser->rule->evidence;
	const char *group = NULL;
	int r;

	if (!line)
		return -ENOMEM;
	line->at = at;
	line->group = -1;
	while (*tail)
		tail = &(*tail)->next;
	*tail = line;
	parser->rule->n_evidence++;
	r = bh_parse_string(parser, "the evidence's text", EVIDENCE_WORDS_MAX, &line->text);
	if (r == 0)
		r = bh_parse_expect(parser, "when", "the evidence's text");
	if (r == 0)
		r = bh_parse_condition(parser, &line->when);
	if (r == 0 && (r = bh_parse_take(parser, "unless")) > 0)
		r = bh_parse_condition(parser, &line->unless);
	if (r == 0)
		r = bh_parse_expect(parser, "weight", "the condition");
	if (r == 0)
		r = parse_weight(parser, &line->weight_milli);
	if (r == 0 && (r = bh_parse_take(parser, "else")) > 0)
		r = parse_weight(parser, &line->else_milli);
	if (r == 0 && (r = bh_parse_take(parser, "group")) > 0)
		r = bh_parse_name(parser, "a group's name", &group);
	if (r == 0 && group)
		r = line->group = group_named(parser, group);
	if (r >= 0 && (r = bh_parse_take(parser, "cite")) > 0)
		r = bh_parse_string(parser, "the citation", BH_SAYS_MAX, &line->cite);
	return r < 0 ? r : 0;
}

static int parse_redflag(struct bh_parser *parser, struct bh_place at)
{
	struct bh_redflag *flag = bh_parse_alloc(parser, sizeof(*flag));
	struct bh_redflag **tail = &parser->rule->redflags;
	int r;

	if (!flag)
		return -ENOMEM;
	flag->at = at;
	while (*tail)
		tail = &(*tail)->next;
	*tail = flag;
	r = bh_parse_string(parser, "the red flag's text", EVIDENCE_WORDS_MAX, &flag->text);
	if (r == 0)
		r = bh_parse_expect(parser, "when", "the red flag's text");
	if (r == 0)
		r = bh_parse_condition(parser, &flag->when);
	if (r == 0)
		r = bh_parse_expect(parser, "notify", "the condition");
	return r < 0 ? r : bh_parse_expect(parser, "now", "'notify'");
}

static int parse_cap(struct bh_parser *parser, struct bh_place at)
{
	if (parser->rule->has_cap)
		return said_twice(parser, at, "cap");
	parser->rule->has_cap = true;
	return bh_parse_one_band(parser, &parser->rule->cap);
}

static int parse_flapping(struct bh_parser *parser, struct bh_place at, const char *what, int max,
			  int *field)
{
	if (*field)
		return said_twice(parser, at, what);
	return bh_parse_nights(parser, "a number of nights", 1, max, field);
}

int bh_parse_statement(struct bh_parser *parser, const char *word, struct bh_place at)
{
	struct bh_rule *rule = parser->rule;

	if (strcmp(word, "class") == 0)
		return parse_class(parser, at);
	if (strcmp(word, "status") == 0)
		return parse_status(parser, at);
	if (strcmp(word, "purpose") == 0 && !rule->purpose)
		rule->purpose_at = parser->token.at;
	if (strcmp(word, "says") == 0 && !rule->says)
		rule->says_at = parser->token.at;
	if (strcmp(word, "purpose") == 0)
		return parse_once(parser, at, word, BH_SAYS_MAX, &rule->purpose);
	if (strcmp(word, "says") == 0)
		return parse_once(parser, at, word, SAYS_WORDS_MAX, &rule->says);
	if (strcmp(word, "cause") == 0)
		return parse_once(parser, at, word, BH_EVIDENCE_TEXT_MAX, &rule->cause);
	if (strcmp(word, "source") == 0)
		return parse_text_list(parser, at, word, &rule->sources);
	if (strcmp(word, "never") == 0)
		return parse_text_list(parser, at, word, &rule->nevers);
	if (strcmp(word, "needs") == 0)
		return parse_needs(parser, at);
	if (strcmp(word, "prior") == 0)
		return parse_prior(parser, at);
	if (strcmp(word, "parent") == 0)
		return parse_parent(parser, at);
	if (strcmp(word, "cap") == 0)
		return parse_cap(parser, at);
	if (strcmp(word, "let") == 0)
		return parse_let(parser);
	if (strcmp(word, "nights") == 0)
		return parse_nightset(parser);
	if (strcmp(word, "measure") == 0)
		return parse_measure(parser);
	if (strcmp(word, "group") == 0)
		return parse_group(parser, at);
	if (strcmp(word, "evidence") == 0)
		return parse_evidence(parser, at);
	if (strcmp(word, "redflag") == 0)
		return parse_redflag(parser, at);
	if (strcmp(word, "hold") == 0)
		return parse_flapping(parser, at, word, HOLD_MAX, &rule->hold_nights);
	if (strcmp(word, "keep") == 0)
		return parse_flapping(parser, at, word, KEEP_MAX, &rule->keep_nights);
	if (strcmp(word, "test") == 0)
		return bh_parse_test(parser, at);
	return 1;
}
