/* SPDX-License-Identifier: MIT */
#include "rules/score.h"

#include "rules/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A child without its parent stays just below "some likeness". */
#define BELOW_SOME_MILLI (-1)

/* ---- is there enough data? ---- */

/* @return The answer that is missing, or NULL: of answers joined by `or` one is enough. */
static const struct bh_answer_info *missing_answer(const struct bh_run *run,
						   const struct bh_rule *rule)
{
	const struct bh_answer_info *first = NULL;
	bool answered = false;

	for (const struct bh_need *need = rule->needs_profile; need; need = need->next) {
		if (!first)
			first = need->answer;
		answered |= bh_profile_value(run->history, need->answer->key) != NULL;
		if (need->or_next)
			continue;
		if (!answered)
			return first;
		first = NULL;
		answered = false;
	}
	return NULL;
}

/*
 * Whether any of a rule's measures is known: answers alone are no pattern of a bed. A child stands on what
 * its parent sensed. @return True; or false with why the first is not known in @p ret_first, if not NULL.
 */
static bool senses(struct bh_window *window, const struct bh_rule *rule, struct bh_value *ret_first)
{
	struct bh_scope scope = bh_window_scope(window);
	struct bh_value value;

	if (rule->parent_index >= 0 || rule->n_measures == 0)
		return true;
	for (int i = 0; i < rule->n_measures; i++) {
		bh_value_clear(&value);
		bh_scope_value(&scope, rule->measures[i].expr, &value);
		if (value.known)
			return true;
		if (i == 0 && ret_first)
			*ret_first = value;
	}
	return false;
}

void bh_score_no_data(struct bh_run *run, int index, int night, char *ret, size_t size)
{
	const struct bh_rule *rule = run->set->rules[index];
	const struct bh_answer_info *answer = missing_answer(run, rule);
	struct bh_window window;
	struct bh_value unsensed;
	uint32_t lacks;

	bh_window_init(&window, run, index, night);
	lacks = bh_window_lacks(&window);
	if (lacks) {
		bh_reason_lacks(lacks, bh_window_can(&window), ret, size);
		return;
	}
	if (window.n_valid < rule->needs_nights)
		snprintf(ret, size,
			 "%d of %d %s needed (four hours in bed, %d %% of them measured)",
			 window.n_valid, rule->needs_nights, bh_nights_word(rule->needs_nights),
			 rule->needs_coverage_permille / 10);
	else if (answer)
		snprintf(ret, size, BH_LACKS_PROFILE "%s (profile %s)", answer->text, answer->key);
	else if (rule->parent)
		snprintf(ret, size, "not enough data for the pattern it belongs to (%s)",
			 rule->parent);
	else if (!senses(&window, rule, &unsensed))
		snprintf(ret, size, "%s", unsensed.why);
	else
		ret[0] = '\0';
}

static bool has_data(struct bh_run *run, const struct bh_rule *rule, struct bh_window *window)
{
	return window->n_valid >= rule->needs_nights && !missing_answer(run, rule) &&
	       senses(window, rule, NULL);
}

/* ---- lines ---- */

static void judge_line(const struct bh_scope *scope, const struct bh_evidence_line *line,
		       struct bh_line *ret)
{
	const struct bh_answer_info *answer;
	char *missing = scope->run->explain ? ret->missing : NULL;

	ret->truth = BH_TRUTH_UNKNOWN;
	ret->weight_milli = line->weight_milli;
	ret->counted = false;
	ret->missing[0] = '\0';
	if (line->unless && bh_scope_truth(scope, line->unless, NULL, 0) == BH_TRUTH_TRUE) {
		answer = bh_expr_answer(line->unless);
		snprintf(ret->missing, sizeof(ret->missing), BH_LACKS_NOTHING "%s",
			 answer ? answer->text : "another line excludes it");
		return;
	}
	ret->truth = bh_scope_truth(scope, line->when, missing, sizeof(ret->missing));
	if (ret->truth != BH_TRUTH_UNKNOWN)
		ret->missing[0] = '\0';
	if (ret->truth == BH_TRUTH_FALSE)
		ret->weight_milli = line->else_milli;
}

static bool gives(const struct bh_line *line)
{
	return line->truth != BH_TRUTH_UNKNOWN && line->weight_milli != 0;
}

/* One weight per correlated group: the strongest; or, with a cap, all up to it. */
static int32_t sum_group(const struct bh_rule *rule, int group, struct bh_line *lines)
{
	const struct bh_evidence_line *line = rule->evidence;
	int32_t cap = rule->groups[group].cap_milli, sum = 0;
	struct bh_line *strongest = NULL;

	for (int i = 0; line; i++, line = line->next) {
		if (line->group != group || !gives(&lines[i]))
			continue;
		lines[i].counted = cap > 0;
		sum += lines[i].weight_milli;
		if (!strongest || abs(lines[i].weight_milli) > abs(strongest->weight_milli))
			strongest = &lines[i];
	}
	if (cap > 0)
		return sum > cap ? cap : sum < -cap ? -cap : sum;
	if (!strongest)
		return 0;
	strongest->counted = true;
	return strongest->weight_milli;
}

static int32_t sum_lines(const struct bh_rule *rule, struct bh_line *lines)
{
	const struct bh_evidence_line *line = rule->evidence;
	int32_t sum = 0;

	for (int i = 0; line; i++, line = line->next) {
		if (line->group >= 0 || !gives(&lines[i]))
			continue;
		lines[i].counted = true;
		sum += lines[i].weight_milli;
	}
	for (int group = 0; group < rule->n_groups; group++)
		sum += sum_group(rule, group, lines);
	return sum;
}

/* ---- score ---- */

int32_t bh_score_from_parent(struct bh_run *run, int index, int night)
{
	const struct bh_rule *rule = run->set->rules[index];

	if (rule->parent_index < 0)
		return 0;
	return bh_score(run, rule->parent_index, night, NULL)->score_milli -
	       run->set->rules[rule->parent_index]->prior_milli;
}

static void work_out(struct bh_run *run, int index, int night, struct bh_line *lines,
		     struct bh_raw *ret)
{
	const struct bh_rule *rule = run->set->rules[index];
	const struct bh_raw *parent = NULL;
	struct bh_window window;
	struct bh_scope scope;
	int i = 0;

	*ret = (struct bh_raw){ .known = true, .no_data = true };
	if (rule->parent_index >= 0)
		parent = bh_score(run, rule->parent_index, night, NULL);
	bh_window_init(&window, run, index, night);
	scope = bh_window_scope(&window);
	for (const struct bh_evidence_line *line = rule->evidence; line; line = line->next)
		judge_line(&scope, line, &lines[i++]);
	ret->score_milli = rule->prior_milli + sum_lines(rule, lines);
	ret->no_data = !has_data(run, rule, &window) || (parent && parent->no_data);
	if (ret->no_data) {
		ret->score_milli = 0;
		return;
	}
	if (parent) {
		ret->score_milli += bh_score_from_parent(run, index, night);
		if (parent->score_milli <= rule->parent_above_milli) {
			if (ret->score_milli > parent->score_milli)
				ret->score_milli = parent->score_milli;
			if (ret->score_milli > BELOW_SOME_MILLI)
				ret->score_milli = BELOW_SOME_MILLI;
		}
	}
	ret->band = bh_band_of_score(ret->score_milli);
	if (rule->has_cap && ret->band > rule->cap)
		ret->band = rule->cap;
}

const struct bh_raw *bh_score(struct bh_run *run, int rule, int night, struct bh_line *lines)
{
	struct bh_raw *raw = &run->raw[(size_t)night * run->set->n + (size_t)rule];
	struct bh_line own[BH_EVIDENCE_MAX];

	if (!raw->known || lines)
		work_out(run, rule, night, lines ? lines : own, raw);
	return raw;
}

/* ---- hold and keep ---- */

/*
 * The least band of the last `hold` nights up to one: the band that has lasted. Nights before there
 * was enough data have no say: the nights a rule needs have already passed by then.
 */
static enum bh_band lasting_band(struct bh_run *run, int index, int night)
{
	const struct bh_rule *rule = run->set->rules[index];
	enum bh_band least = bh_score(run, index, night, NULL)->band;

	if (bh_score(run, index, night, NULL)->no_data)
		return BH_BAND_NOT_SEEN;
	for (int i = 1; i < rule->hold_nights && i <= night; i++) {
		const struct bh_raw *raw = bh_score(run, index, night - i, NULL);

		if (raw->no_data)
			break;
		if (raw->band < least)
			least = raw->band;
	}
	return least;
}

enum bh_band bh_score_shown(struct bh_run *run, int index, int night)
{
	const struct bh_rule *rule = run->set->rules[index];
	enum bh_band most = BH_BAND_NOT_SEEN;

	if (bh_score(run, index, night, NULL)->no_data)
		return BH_BAND_NO_DATA;
	for (int i = night; i >= 0 && run->day[night] - run->day[i] <= rule->keep_nights; i--) {
		enum bh_band band = lasting_band(run, index, i);

		if (band > most)
			most = band;
	}
	return most;
}
