/* SPDX-License-Identifier: MIT */
/* Findings: what each rule says of a night, line by line. */
#include "rules/evaluate.h"

#include "rules/text.h"
#include "rules/words.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Shown for a pattern that was looked for and not found: absence is no all-clear. */
#define NOT_SEEN_TEXT "This pattern was not seen on the %d %s looked at. That rules nothing out."
#define NO_DATA_TEXT "Not enough data yet: %s."
/* Waiting does not help there. */
#define NO_SENSOR_TEXT "This pattern cannot be looked for: %s."
#define NOT_CALIBRATED_TEXT "This pattern cannot be looked for yet: %s."
/* For a measure that is not known, in a line that is listed as not known, and in any other text. */
#define HOW_MANY "how many"
#define SOME_NUMBER "an unknown number of"

static struct bh_evidence *next_evidence(struct bh_finding *finding)
{
	struct bh_evidence *evidence = &finding->evidence[finding->n_evidence++];

	memset(evidence, 0, sizeof(*evidence));
	return evidence;
}

static void add_parent(struct bh_run *run, int index, int night, bool texts,
		       struct bh_finding *finding)
{
	const struct bh_rule *rule = run->set->rules[index];
	const struct bh_raw *parent = bh_score(run, rule->parent_index, night, NULL);
	struct bh_evidence *evidence = next_evidence(finding);

	evidence->truth = parent->no_data
				  ? BH_TRUTH_UNKNOWN
				  : bh_truth_of(parent->score_milli > rule->parent_above_milli);
	evidence->weight_milli = parent->no_data ? 0 : bh_score_from_parent(run, index, night);
	evidence->counted = !parent->no_data;
	if (texts)
		snprintf(evidence->text, sizeof(evidence->text),
			 "the evidence of the pattern it belongs to (%s)", rule->parent);
}

static void add_lines(struct bh_window *window, const struct bh_rule *rule,
		      const struct bh_line *lines, bool texts, struct bh_finding *finding)
{
	int i = 0;

	for (const struct bh_evidence_line *line = rule->evidence; line; line = line->next, i++) {
		struct bh_evidence *evidence = next_evidence(finding);

		evidence->truth = lines[i].truth;
		evidence->weight_milli = lines[i].weight_milli;
		evidence->counted = lines[i].counted;
		if (!texts)
			continue;
		bh_text_fill(window, line->text,
			     evidence->truth == BH_TRUTH_UNKNOWN ? HOW_MANY : SOME_NUMBER,
			     evidence->text, sizeof(evidence->text));
		memcpy(evidence->missing, lines[i].missing, sizeof(evidence->missing));
	}
}

/*
 * Red flags bypass the score and the number of nights, and are about now: a diary entry of last
 * week does not raise one again every night.
 */
static void add_red_flags(struct bh_window *window, const struct bh_rule *rule,
			  struct bh_finding *finding)
{
	struct bh_scope scope;

	window->live = true;
	scope = bh_window_scope(window);
	for (const struct bh_redflag *flag = rule->redflags; flag; flag = flag->next) {
		struct bh_evidence *evidence;

		if (bh_scope_truth(&scope, flag->when, NULL, 0) != BH_TRUTH_TRUE)
			continue;
		evidence = next_evidence(finding);
		evidence->truth = BH_TRUTH_TRUE;
		bh_text_fill(window, flag->text, SOME_NUMBER, evidence->text,
			     sizeof(evidence->text));
		if (!finding->red_flag)
			snprintf(finding->says, sizeof(finding->says), "%s", evidence->text);
		finding->red_flag = true;
	}
}

static void say_no_data(struct bh_finding *finding)
{
	const char *reason = finding->no_data_reason;
	size_t calibration = strlen(BH_LACKS_CALIBRATION), sensor = strlen(BH_LACKS_SENSOR);

	if (strncmp(reason, BH_LACKS_CALIBRATION, calibration) == 0)
		snprintf(finding->says, sizeof(finding->says), NOT_CALIBRATED_TEXT,
			 reason + calibration);
	else
		snprintf(finding->says, sizeof(finding->says),
			 strncmp(reason, BH_LACKS_SENSOR, sensor) == 0 ? NO_SENSOR_TEXT :
									 NO_DATA_TEXT,
			 reason);
}

static void add_words(struct bh_window *window, const struct bh_rule *rule,
		      struct bh_finding *finding)
{
	if (finding->band == BH_BAND_NO_DATA) {
		bh_score_no_data(window->run, window->rule, window->night,
				 finding->no_data_reason, sizeof(finding->no_data_reason));
		say_no_data(finding);
	} else if (finding->band == BH_BAND_NOT_SEEN) {
		snprintf(finding->says, sizeof(finding->says), NOT_SEEN_TEXT,
			 (int)finding->nights_used, bh_nights_word((int)finding->nights_used));
	} else {
		bh_text_fill(window, rule->says, SOME_NUMBER, finding->says, sizeof(finding->says));
	}
}

static int32_t mean_coverage(const struct bh_window *window)
{
	const struct bh_history *history = window->run->history;
	int64_t sum = 0;
	int n = 0;

	for (int i = 0; i < window->n_valid; i++) {
		int32_t coverage = history->nights[window->valid[i]].night.coverage_permille;

		sum += coverage;
		n++;
	}
	return n ? (int32_t)(sum / n) : 0;
}

void bh_evaluate_rule(struct bh_run *run, int index, int night, bool texts, struct bh_finding *ret)
{
	const struct bh_rule *rule = run->set->rules[index];
	struct bh_line lines[BH_EVIDENCE_MAX];
	struct bh_window window;
	const struct bh_raw *raw;

	/* Evidence is cleared line by line: most rules leave most of it unused. */
	memset(ret, 0, offsetof(struct bh_finding, evidence));
	run->explain = texts;
	bh_window_init(&window, run, index, night);
	raw = bh_score(run, index, night, lines);
	snprintf(ret->rule, sizeof(ret->rule), "%s", rule->id);
	memcpy(ret->rule_hash, rule->hash, sizeof(ret->rule_hash));
	ret->class = rule->class;
	ret->bed = run->history->nights[night].night.bed;
	ret->night = run->history->nights[night].night.date;
	ret->nights_window = rule->needs_window;
	ret->nights_used = window.n_valid;
	ret->coverage_permille = mean_coverage(&window);
	ret->band = bh_score_shown(run, index, night);
	ret->held = !raw->no_data && ret->band != raw->band;
	ret->score_milli = raw->score_milli;
	if (rule->parent_index >= 0)
		add_parent(run, index, night, texts, ret);
	add_lines(&window, rule, lines, texts, ret);
	if (texts)
		add_words(&window, rule, ret);
	add_red_flags(&window, rule, ret);
}

/* ---- the public face ---- */

static int night_index(const struct bh_history *history, int32_t date)
{
	for (size_t i = history->n_nights; i-- > 0;)
		if (history->nights[i].night.date == date)
			return (int)i;
	return -ENOENT;
}

int bh_rules_evaluate(const struct bh_rule_set *set, const struct bh_history *history,
		      int32_t night, struct bh_finding *ret, size_t cap)
{
	int at = night_index(history, night), r;
	struct bh_run run;
	size_t n = set->n < cap ? set->n : cap;

	if (!set->finished)
		return -EINVAL;
	if (at < 0)
		return at;
	r = bh_run_init(&run, set, history, -1);
	for (size_t i = 0; r == 0 && i < n; i++)
		bh_evaluate_rule(&run, (int)i, at, true, &ret[i]);
	if (run.no_memory)
		r = -ENOMEM;
	bh_run_free(&run);
	return r < 0 ? r : (int)n;
}

int bh_rules_red_flags(const struct bh_rule_set *set, const struct bh_history *history,
		       int32_t night, struct bh_finding *ret, size_t cap)
{
	int at = night_index(history, night), r;
	struct bh_run run;
	size_t n = 0;

	if (!set->finished)
		return -EINVAL;
	if (at < 0)
		return at;
	r = bh_run_init(&run, set, history, -1);
	for (size_t i = 0; r == 0 && i < set->n && n < cap; i++) {
		if (!set->rules[i]->redflags)
			continue;
		bh_evaluate_rule(&run, (int)i, at, true, &ret[n]);
		n += ret[n].red_flag ? 1 : 0;
	}
	if (run.no_memory)
		r = -ENOMEM;
	bh_run_free(&run);
	return r < 0 ? r : (int)n;
}

enum bh_verdict bh_rules_verdict(const struct bh_finding *findings, size_t n)
{
	static const enum bh_verdict verdicts[] = {
		[BH_RULE_NO_CLASS] = BH_VERDICT_NONE,
		[BH_RULE_CIRCULATION] = BH_VERDICT_CIRCULATION,
		[BH_RULE_NEUROLOGICAL] = BH_VERDICT_NEUROLOGICAL,
		[BH_RULE_MUSCULAR] = BH_VERDICT_MUSCULAR,
	};
	enum bh_verdict verdict = BH_VERDICT_NO_DATA;
	enum bh_band strongest = BH_BAND_NOT_SEEN;

	for (size_t i = 0; i < n; i++) {
		const struct bh_finding *finding = &findings[i];

		if (finding->band == BH_BAND_NO_DATA)
			continue;
		if (verdict == BH_VERDICT_NO_DATA)
			verdict = BH_VERDICT_NONE;
		if (finding->band == BH_BAND_NOT_SEEN || finding->band < strongest)
			continue;
		if (finding->band > strongest)
			verdict = verdicts[finding->class];
		else if (verdict != verdicts[finding->class])
			verdict = BH_VERDICT_MIXED;
		strongest = finding->band;
	}
	return verdict;
}
