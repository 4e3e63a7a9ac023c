/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/rules_judge.h"

#include "hub/core/night.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const int judge_spans[N_SPANS] = { 3, 5, 7, 14, 21 };

/* The findings of one night, until the next begins. */
struct judging {
	const struct bh_rule_set *rules;
	const char *why;
	struct result *result;
	enum inputs inputs;
	struct bh_finding *findings; /* one a rule */
	size_t n;
};

int judge_rule_index(const struct bh_rule_set *rules, const char *id)
{
	struct bh_rule_info info;

	for (size_t i = 0; i < bh_rule_set_size(rules); i++) {
		bh_rule_info(bh_rule_set_at(rules, i), &info);
		if (strcmp(info.id, id) == 0)
			return (int)i;
	}
	return -1;
}

static void keep_evidence(const struct bh_finding *finding, struct result *result)
{
	result->score_milli = finding->score_milli;
	for (int i = 0; i < finding->n_evidence; i++)
		result->truth[i] = (uint8_t)finding->evidence[i].truth;
}

/* A night stands for every span that it is inside of: a lost last night leaves the one before. */
static void finish_night(struct judging *judging)
{
	struct outcome outcome = { .known = true };
	bool red_flag = false;

	if (judging->n == 0)
		return;
	for (size_t i = 0; i < judging->n; i++) {
		const struct bh_finding *finding = &judging->findings[i];

		if (finding->band >= BH_BAND_SOME)
			outcome.found |= 1u << judge_rule_index(judging->rules, finding->rule);
		if (finding->band >= BH_BAND_LIKENESS)
			outcome.classes |= 1u << finding->class;
		red_flag |= finding->red_flag;
		if (judging->why && judging->inputs == ALL_INPUTS &&
		    strcmp(judging->why, finding->rule) == 0)
			keep_evidence(finding, judging->result);
	}
	outcome.verdict = bh_rules_verdict(judging->findings, judging->n);
	for (int i = 0; i < N_SPANS; i++)
		if (judging->result->person.nights >= judge_spans[i] &&
		    judging->findings[0].night < bh_night_add(BH_SIM_START_DATE, judge_spans[i]))
			judging->result->at[i][judging->inputs] = outcome;
	if (judging->inputs == ALL_INPUTS) {
		judging->result->nights++;
		judging->result->red_flag_nights += red_flag;
	}
	judging->n = 0;
}

static int take(void *ctx, const struct bh_finding *finding)
{
	struct judging *judging = ctx;

	if (judging->n > 0 && judging->findings[0].night != finding->night)
		finish_night(judging);
	judging->findings[judging->n++] = *finding;
	return 0;
}

int judge(const struct bh_rule_set *rules, const char *why, const struct bh_history *history,
	  struct result *ret)
{
	struct judging judging = { .rules = rules, .why = why, .result = ret };
	struct bh_history seen = *history;
	int r = 0;

	judging.findings = calloc(bh_rule_set_size(rules), sizeof(*judging.findings));
	if (!judging.findings)
		return -ENOMEM;
	for (int inputs = 0; r == 0 && inputs < N_INPUTS; inputs++) {
		judging.inputs = (enum inputs)inputs;
		if (inputs == SENSORS_ONLY) {
			seen.n_profile = 0;
			seen.n_diary = 0;
		}
		r = bh_rules_backtest(rules, NULL, &seen, 0, 0, take, &judging);
		finish_night(&judging);
	}
	free(judging.findings);
	return r;
}
