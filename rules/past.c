/* SPDX-License-Identifier: MIT */
/* Rules on one's own past: what they would have said each night, and where two sets differ. */
#include "rules/evaluate.h"

#include "rules/scope.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool in_span(int32_t date, int32_t from, int32_t to)
{
	return (from == 0 || date >= from) && (to == 0 || date <= to);
}

int bh_rules_backtest(const struct bh_rule_set *set, const char *rule_id,
		      const struct bh_history *history, int32_t from, int32_t to,
		      int (*each)(void *ctx, const struct bh_finding *finding), void *ctx)
{
	int only = rule_id ? bh_rule_set_index(set, rule_id) : -1, r;
	struct bh_finding finding;
	struct bh_run run;

	if (!set->finished)
		return -EINVAL;
	if (rule_id && only < 0)
		return -ENOENT;
	r = bh_run_init(&run, set, history, only);
	for (size_t night = 0; r == 0 && night < history->n_nights; night++) {
		if (!in_span(history->nights[night].night.date, from, to))
			continue;
		for (size_t i = 0; r == 0 && i < set->n; i++) {
			if (only >= 0 && (size_t)only != i)
				continue;
			bh_evaluate_rule(&run, (int)i, (int)night, false, &finding);
			r = run.no_memory ? -ENOMEM : each(ctx, &finding);
		}
	}
	bh_run_free(&run);
	return r;
}

/* Both outcomes of one rule and night; NULL where a set lacks the rule. */
static int compare_night(struct bh_run *before, struct bh_run *after, const char *id, int night,
			 struct bh_finding *findings,
			 int (*each)(void *ctx, const struct bh_finding *before,
				     const struct bh_finding *after),
			 void *ctx)
{
	struct bh_run *runs[2] = { before, after };
	const struct bh_finding *found[2] = { NULL, NULL };

	for (int i = 0; i < 2; i++) {
		int index = bh_rule_set_index(runs[i]->set, id);

		if (index < 0)
			continue;
		bh_evaluate_rule(runs[i], index, night, false, &findings[i]);
		found[i] = &findings[i];
	}
	if (before->no_memory || after->no_memory)
		return -ENOMEM;
	if (found[0] && found[1] && found[0]->band == found[1]->band &&
	    found[0]->red_flag == found[1]->red_flag)
		return 0;
	return each(ctx, found[0], found[1]);
}

int bh_rules_diff(const struct bh_rule_set *before, const struct bh_rule_set *after,
		  const struct bh_history *history, int32_t from, int32_t to,
		  int (*each)(void *ctx, const struct bh_finding *before,
			      const struct bh_finding *after),
		  void *ctx)
{
	struct bh_finding *findings = malloc(2 * sizeof(*findings));
	struct bh_run runs[2];
	int r, second;

	if (!findings)
		return -ENOMEM;
	r = before->finished && after->finished ? 0 : -EINVAL;
	memset(runs, 0, sizeof(runs));
	if (r == 0)
		r = bh_run_init(&runs[0], before, history, -1);
	if (r == 0)
		r = bh_run_init(&runs[1], after, history, -1);
	for (size_t night = 0; r == 0 && night < history->n_nights; night++) {
		if (!in_span(history->nights[night].night.date, from, to))
			continue;
		for (size_t i = 0; r == 0 && i < before->n; i++)
			r = compare_night(&runs[0], &runs[1], before->rules[i]->id, (int)night,
					  findings, each, ctx);
		for (size_t i = 0; r == 0 && i < after->n; i++) {
			second = bh_rule_set_index(before, after->rules[i]->id);
			if (second < 0)
				r = compare_night(&runs[0], &runs[1], after->rules[i]->id,
						  (int)night, findings, each, ctx);
		}
	}
	bh_run_free(&runs[0]);
	bh_run_free(&runs[1]);
	free(findings);
	return r;
}

/* ---- what would tell two patterns apart ---- */

static int by_score(const void *a, const void *b)
{
	const struct bh_finding *const *x = a, *const *y = b;

	return (*x)->score_milli > (*y)->score_milli ? -1 : (*x)->score_milli < (*y)->score_milli;
}

static bool lacks(const struct bh_evidence *evidence, const char *what)
{
	return strncmp(evidence->missing, what, strlen(what)) == 0;
}

/* What a person can say or do today goes before what only more nights bring, and both before a sensor that
 * the bed lacks: nobody can answer with one. */
enum supply { NOT_TO_BE_HAD = 0, BY_A_SENSOR, BY_NIGHTS, BY_CALIBRATION, BY_A_WORD };

static enum supply supply(const struct bh_evidence *evidence)
{
	if (evidence->truth != BH_TRUTH_UNKNOWN || !evidence->missing[0] ||
	    lacks(evidence, BH_LACKS_NOTHING))
		return NOT_TO_BE_HAD;
	if (lacks(evidence, BH_LACKS_SENSOR))
		return BY_A_SENSOR;
	if (lacks(evidence, BH_LACKS_CALIBRATION))
		return BY_CALIBRATION;
	return lacks(evidence, BH_LACKS_PROFILE) || lacks(evidence, BH_LACKS_DIARY) ? BY_A_WORD
										     : BY_NIGHTS;
}

static bool tells_more(const struct bh_evidence *evidence, const struct bh_evidence *than)
{
	if (!than || supply(evidence) != supply(than))
		return !than || supply(evidence) > supply(than);
	return abs(evidence->weight_milli) > abs(than->weight_milli);
}

/* The unknown line that would move this finding most, up or down, of those easiest to supply. */
static const struct bh_evidence *heaviest_unknown(const struct bh_finding *finding)
{
	const struct bh_evidence *heaviest = NULL;

	for (int i = 0; i < finding->n_evidence; i++) {
		const struct bh_evidence *evidence = &finding->evidence[i];

		if (supply(evidence) != NOT_TO_BE_HAD && tells_more(evidence, heaviest))
			heaviest = evidence;
	}
	return heaviest;
}

int bh_rules_tell_apart(const struct bh_rule_set *set, const struct bh_finding *findings, size_t n,
			char *buf, size_t size)
{
	const struct bh_finding *sorted[BH_RULES_MAX];
	const struct bh_evidence *best = NULL;
	size_t n_sorted = 0;

	for (size_t i = 0; i < n && n_sorted < BH_RULES_MAX; i++)
		if (findings[i].band >= BH_BAND_SOME && bh_rule_set_find(set, findings[i].rule))
			sorted[n_sorted++] = &findings[i];
	qsort(sorted, n_sorted, sizeof(*sorted), by_score);
	for (size_t i = 0; i < n_sorted && i < 2; i++) {
		const struct bh_evidence *unknown = heaviest_unknown(sorted[i]);

		if (unknown && tells_more(unknown, best))
			best = unknown;
	}
	if (n_sorted == 0)
		return snprintf(buf, size, "%s", "");
	if (!best)
		return snprintf(buf, size, "Nothing is missing that would tell more now: more nights may.");
	if (supply(best) == BY_A_SENSOR)
		return snprintf(buf, size, "No answer or diary entry would tell more now: %s.",
				best->missing);
	if (supply(best) == BY_CALIBRATION)
		return snprintf(buf, size, "No answer or diary entry would tell more now, but this would: %s.",
				best->missing + strlen(BH_LACKS_CALIBRATION));
	return snprintf(buf, size, "What would tell most now: %s.", best->missing);
}
