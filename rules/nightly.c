/* SPDX-License-Identifier: MIT */
/* What one night contributes to each measure of a rule. */
#include "rules/scope.h"

#include "rules/day.h"
#include "rules/words.h"

#include <errno.h>

static const enum bh_state_kind position_states[BH_POSITIONS] = {
	BH_STATE_SUPINE,
	BH_STATE_ON_LEFT,
	BH_STATE_ON_RIGHT,
	BH_STATE_PRONE,
};

static uint8_t number_of_bit(uint32_t bits)
{
	uint8_t n = 0;

	while (n < 31 && !(bits & (UINT32_C(1) << n)))
		n++;
	return n;
}

static void unknown(struct bh_nightly *ret, enum bh_why why, uint8_t what)
{
	if (ret->why == BH_WHY_KNOWN) {
		ret->why = (uint8_t)why;
		ret->what = what;
	}
}

/* Was this night able to show the pattern at all? */
static void check_matches(const struct bh_matches *matches, struct bh_nightly *ret)
{
	if (matches->known)
		return;
	if (matches->lacks)
		unknown(ret, BH_WHY_SENSOR, number_of_bit(matches->lacks));
	else if (matches->not_looked_for >= 0)
		unknown(ret, BH_WHY_NOT_LOOKED_FOR, (uint8_t)matches->not_looked_for);
	else
		unknown(ret, BH_WHY_STATE, 0);
}

static void check_state(const struct bh_night_of_rule *night, const struct bh_state_ref *state,
			const struct bh_spans *spans, struct bh_nightly *ret)
{
	uint32_t needs = bh_state_needs(state->kind);
	uint32_t lacks = needs & ~night->view->past->capabilities;

	if (spans->known)
		return;
	if (lacks)
		unknown(ret, BH_WHY_SENSOR, number_of_bit(lacks));
	else if (state->kind == BH_STATE_NIGHTS)
		unknown(ret, BH_WHY_ANSWER, (uint8_t)state->index);
	else
		unknown(ret, BH_WHY_STATE, 0);
}

/* Matches and dwell by position, for the worst position of a window. */
static int count_positions(struct bh_night_of_rule *night, const struct bh_matches *matches,
			   int arm, struct bh_nightly *ret)
{
	for (int p = 0; p < BH_POSITIONS; p++) {
		const struct bh_spans *spans = bh_view_state(night->view, position_states[p]);

		if (!spans)
			return -ENOMEM;
		if (!spans->known)
			unknown(ret, BH_WHY_SENSOR, number_of_bit(BH_CAN_POSTURE));
		ret->dwell_s[p] = (int32_t)(bh_spans_length(spans) / BH_MS_PER_S);
		for (size_t i = 0; i < matches->n; i++)
			ret->by_position[arm][p] += bh_match_in(&matches->items[i], spans) ? 1 : 0;
	}
	return 0;
}

static int count_arm(struct bh_night_of_rule *night, const struct bh_leaf *leaf, int arm,
		     struct bh_nightly *ret)
{
	const struct bh_arm *of = &leaf->arm[arm];
	const struct bh_matches *matches = &night->matches[of->pattern];
	struct bh_spans spans = { .known = true };
	int r;

	check_matches(matches, ret);
	if (of->has_state && (of->state.kind == BH_STATE_WORST_POSITION ||
			      of->state.kind == BH_STATE_OTHER_POSITIONS))
		return count_positions(night, matches, arm, ret);
	if (!of->has_state) {
		ret->n[arm] = (int32_t)matches->n;
		return 0;
	}
	r = bh_match_state(night, &of->state, &spans);
	if (r < 0)
		return r;
	check_state(night, &of->state, &spans, ret);
	ret->e[arm] = bh_spans_length(&spans);
	if (of->state.kind == BH_STATE_NIGHTS && spans.n > 0) {
		/* Nights are compared by the hour in bed: a short one had less time for anything. */
		const struct bh_spans *bed = bh_view_state(night->view, BH_STATE_IN_BED);

		if (!bed)
			return -ENOMEM;
		ret->e[arm] = bh_spans_length(bed);
	}
	for (size_t i = 0; i < matches->n; i++)
		ret->n[arm] += bh_match_in(&matches->items[i], &spans) ? 1 : 0;
	return 0;
}

static int count_signal(struct bh_run *run, struct bh_night_of_rule *night,
			const struct bh_leaf *leaf, struct bh_nightly *ret)
{
	uint32_t lacks = bh_signal_needs(leaf->signal) & ~night->view->past->capabilities;
	struct bh_number number;
	int r = bh_signal_night(night->view, leaf->signal, &number);

	if (r < 0)
		return r;
	if (lacks)
		unknown(ret, BH_WHY_SENSOR, number_of_bit(lacks));
	else if (!number.known)
		unknown(ret, BH_WHY_NO_VALUE, (uint8_t)leaf->signal);
	ret->e[0] = number.milli;
	if (leaf->signal == BH_SIGNAL_ASYM_DELTA && number.known) {
		struct bh_number baseline = bh_run_baseline(run);

		if (!baseline.known)
			unknown(ret, BH_WHY_NO_VALUE, (uint8_t)leaf->signal);
		ret->e[0] -= baseline.milli;
	}
	return 0;
}

static int count_change(struct bh_night_of_rule *night, const struct bh_leaf *leaf,
			struct bh_nightly *ret)
{
	uint32_t lacks = bh_signal_needs(leaf->signal) & ~night->view->past->capabilities;
	struct bh_spans spans = { .known = true };
	struct bh_number number;
	int r = 0;

	if (leaf->arm[0].has_state)
		r = bh_match_state(night, &leaf->arm[0].state, &spans);
	if (r == 0)
		r = bh_signal_change(night->view, leaf->signal,
				     leaf->arm[0].has_state ? &spans : NULL, leaf->per_ms, &number);
	if (r < 0)
		return r;
	if (lacks)
		unknown(ret, BH_WHY_SENSOR, number_of_bit(lacks));
	else if (!spans.known)
		unknown(ret, BH_WHY_STATE, 0);
	else if (!number.known)
		unknown(ret, BH_WHY_NO_VALUE, (uint8_t)leaf->signal);
	ret->e[0] = number.milli;
	return 0;
}

/* The median slope over the matches of a pattern. */
static int count_slopes(struct bh_night_of_rule *night, const struct bh_leaf *leaf,
			struct bh_nightly *ret)
{
	const struct bh_matches *matches = &night->matches[leaf->arm[0].pattern];
	uint32_t lacks = bh_signal_needs(leaf->signal) & ~night->view->past->capabilities;
	int64_t *slopes = bh_arena_alloc(night->view->arena, (matches->n + 1) * sizeof(*slopes));

	if (!slopes)
		return -ENOMEM;
	check_matches(matches, ret);
	if (lacks)
		unknown(ret, BH_WHY_SENSOR, number_of_bit(lacks));
	for (size_t i = 0; i < matches->n; i++) {
		struct bh_number slope;

		bh_signal_slope(night->view, leaf->signal, matches->items[i].start,
				matches->items[i].end, leaf->per_ms, &slope);
		if (slope.known)
			slopes[ret->n[0]++] = slope.milli;
	}
	if (ret->n[0] > 0)
		ret->e[0] = bh_median(slopes, (size_t)ret->n[0]);
	return 0;
}

static int count_leaf(struct bh_run *run, struct bh_night_of_rule *night,
		      const struct bh_leaf *leaf, struct bh_nightly *ret)
{
	int r;

	if (leaf->inner >= 0) /* the median of a rate reads the rate's own count */
		return 0;
	if (leaf->kind == BH_LEAF_CHANGE && leaf->per_ms)
		return count_change(night, leaf, ret);
	if (leaf->kind == BH_LEAF_SLOPE && leaf->per_ms)
		return count_slopes(night, leaf, ret);
	if (leaf->of_signal)
		return count_signal(run, night, leaf, ret);
	r = count_arm(night, leaf, 0, ret);
	if (r == 0 && leaf->arm[1].pattern >= 0)
		r = count_arm(night, leaf, 1, ret);
	return r;
}

int bh_nightly_count(struct bh_run *run, const struct bh_rule *rule, struct bh_view *view,
		     struct bh_nightly *ret)
{
	int32_t day = bh_day_of_date(view->past->night.date);
	struct bh_scope scope = {
		.run = run, .rule = rule, .view = view, .from_day = day, .to_day = day
	};
	struct bh_night_of_rule night = { .rule = rule, .view = view };
	int r;

	for (int i = 0; i < rule->n_nightsets; i++)
		night.nights[i] = bh_scope_truth(&scope, rule->nightsets[i].when, NULL, 0);
	r = bh_match_rule(&night);
	for (int i = 0; r == 0 && i < rule->n_leaves; i++)
		r = count_leaf(run, &night, &rule->leaves[i], &ret[i]);
	return r;
}
