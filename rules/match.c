/* SPDX-License-Identifier: MIT */
#include "rules/near.h"

#include "rules/compare.h"

#include <errno.h>
#include <string.h>

/*
 * What held when something began is what held just before: the movement that ends a position is
 * counted for the position it ended.
 */
#define JUST_BEFORE_MS 1000
/* Two detectors may place the same moment this far apart (the window of `restless` is a minute). */
#define SLACK_MS 60000
#define MINUTES_PER_DAY 1440

/* ---- states ---- */

static int spans_of_matches(struct bh_night_of_rule *night, int pattern, struct bh_spans *ret)
{
	const struct bh_matches *matches = &night->matches[pattern];

	ret->items = bh_arena_alloc(night->view->arena, (matches->n + 1) * sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	ret->n = matches->n;
	ret->known = matches->known;
	for (size_t i = 0; i < matches->n; i++)
		ret->items[i] = (struct bh_span){ matches->items[i].start, matches->items[i].end };
	bh_spans_tidy(ret);
	return 0;
}

/* The whole night, if it belongs to the set. */
static int spans_of_nights(struct bh_night_of_rule *night, const struct bh_state_ref *state,
			   struct bh_spans *ret)
{
	const struct bh_night *of = &night->view->past->night;
	enum bh_truth truth = night->nights[state->index];
	enum bh_truth wanted = state->negate ? BH_TRUTH_FALSE : BH_TRUTH_TRUE;

	ret->items = bh_arena_alloc(night->view->arena, sizeof(*ret->items));
	if (!ret->items)
		return -ENOMEM;
	ret->items[0] = (struct bh_span){ of->start_ms, of->end_ms };
	ret->n = truth == wanted ? 1 : 0;
	ret->known = truth != BH_TRUTH_UNKNOWN;
	return 0;
}

static bool looked_for(const struct bh_past_night *past, enum bh_event_type type)
{
	return !(past->not_looked_for & (UINT64_C(1) << type));
}

int bh_match_state(struct bh_night_of_rule *night, const struct bh_state_ref *state,
		   struct bh_spans *ret)
{
	const struct bh_past_night *past = night->view->past;
	const struct bh_spans *made;
	int r;

	switch (state->kind) {
	case BH_STATE_EVENT: {
		enum bh_event_type type = (enum bh_event_type)state->index;
		uint32_t needs = bh_event_info(type)->needs;

		r = bh_view_event_spans(night->view, type, ret);
		ret->known = (past->capabilities & needs) == needs && looked_for(past, type);
		return r;
	}
	case BH_STATE_PATTERN:
		return spans_of_matches(night, state->index, ret);
	case BH_STATE_NIGHTS:
		return spans_of_nights(night, state, ret);
	case BH_STATE_IN_BED:
	case BH_STATE_AWAKE_IN_BED:
	case BH_STATE_AWAKE_BEFORE_SLEEP:
	case BH_STATE_ASLEEP:
	case BH_STATE_FIRST_THIRD:
	case BH_STATE_LAST_THIRD:
	case BH_STATE_COVERED:
	case BH_STATE_POSITION:
	case BH_STATE_SUPINE:
	case BH_STATE_ON_LEFT:
	case BH_STATE_ON_RIGHT:
	case BH_STATE_PRONE:
	case BH_STATE_ON_SIDE:
		break;
	case BH_STATE_WORST_POSITION:
	case BH_STATE_OTHER_POSITIONS:
	case BH_STATE_END:
		*ret = (struct bh_spans){ .known = false };
		return 0;
	}
	made = bh_view_state(night->view, state->kind);
	if (!made)
		return -ENOMEM;
	*ret = *made;
	return 0;
}

bool bh_match_in(const struct bh_match *match, const struct bh_spans *spans)
{
	return bh_spans_at(spans, match->start - JUST_BEFORE_MS) != NULL;
}

/* ---- filters ---- */

static int match_one(struct bh_night_of_rule *night, int index);

/* An interval that the bed has not ended lasted at least so long; its end is unknown. */
static bool lasts(const struct bh_match *match, int64_t low_ms, int64_t high_ms)
{
	int64_t length = match->end - match->start;

	if (!match->ended && high_ms != INT64_MAX)
		return false;
	return length >= low_ms && length <= high_ms;
}

static bool in_clock(const struct bh_past_night *past, int64_t at_ms, int from_min, int to_min)
{
	int64_t minute = (at_ms / BH_MS_PER_S + past->utc_offset_s) / 60 % MINUTES_PER_DAY;

	if (minute < 0)
		minute += MINUTES_PER_DAY;
	if (from_min <= to_min)
		return minute >= from_min && minute < to_min;
	return minute >= from_min || minute < to_min;
}

static bool held_for(const struct bh_match *match, const struct bh_spans *spans,
		     const struct bh_filter *filter)
{
	const struct bh_span *span = bh_spans_at(spans, match->start - JUST_BEFORE_MS);
	int64_t length = span ? match->start - span->start : 0;

	return span && length >= filter->low_ms && length <= filter->high_ms;
}

static bool passes(const struct bh_night_of_rule *night, const struct bh_filter *filter,
		   const struct bh_match *match, const struct bh_near *near,
		   const struct bh_spans *spans)
{
	switch (filter->kind) {
	case BH_FILTER_SIDE:
		return bh_compare_holds((int64_t)match->side, filter->op, filter->value);
	case BH_FILTER_VALUE:
		return match->value != BH_VALUE_UNKNOWN &&
		       bh_compare_holds(match->value, filter->op, filter->value);
	case BH_FILTER_CONFIDENCE:
		return bh_compare_holds(match->confidence_permille, filter->op, filter->value);
	case BH_FILTER_LASTING:
		return lasts(match, filter->low_ms, filter->high_ms);
	case BH_FILTER_WHILE:
		return held_for(match, spans, filter);
	case BH_FILTER_BETWEEN:
		return in_clock(night->view->past, match->start, filter->from_min, filter->to_min);
	case BH_FILTER_NOT_WITHIN:
		return !bh_near_during(near, match->start - filter->within_ms,
				       match->end + filter->within_ms);
	case BH_FILTER_FOLLOWED:
		return bh_near_begins(near, match->end - SLACK_MS, match->end + filter->within_ms);
	case BH_FILTER_PRECEDED:
		return bh_near_ends(near, match->start - filter->within_ms,
				    match->start + SLACK_MS);
	}
	return false;
}

static void lacks(struct bh_matches *matches, const struct bh_matches *because)
{
	if (because->known)
		return;
	matches->known = false;
	matches->lacks |= because->lacks;
	if (because->not_looked_for >= 0)
		matches->not_looked_for = because->not_looked_for;
}

static void needs(struct bh_matches *matches, const struct bh_past_night *past, uint32_t bits)
{
	if ((past->capabilities & bits) == bits)
		return;
	matches->known = false;
	matches->lacks |= bits & ~past->capabilities;
}

static int apply_filter(struct bh_night_of_rule *night, struct bh_matches *matches,
			const struct bh_filter *filter)
{
	struct bh_near near = { 0 };
	struct bh_spans spans = { 0 };
	size_t n = 0;

	if (filter->kind == BH_FILTER_SIDE)
		needs(matches, night->view->past, BH_CAN_SIDE);
	if (filter->kind == BH_FILTER_NOT_WITHIN || filter->kind == BH_FILTER_FOLLOWED ||
	    filter->kind == BH_FILTER_PRECEDED) {
		/* The neighbour is read after the pattern it belongs to, so it may not be made yet. */
		if (match_one(night, filter->pattern) < 0 ||
		    bh_near_index(night->view->arena, &night->matches[filter->pattern], &near) < 0)
			return -ENOMEM;
		lacks(matches, &night->matches[filter->pattern]);
	}
	if (filter->kind == BH_FILTER_WHILE) {
		if (bh_match_state(night, &filter->state, &spans) < 0)
			return -ENOMEM;
		matches->known &= spans.known;
	}
	for (size_t i = 0; i < matches->n; i++)
		if (passes(night, filter, &matches->items[i], &near, &spans))
			matches->items[n++] = matches->items[i];
	matches->n = n;
	return 0;
}

/* ---- patterns ---- */

static int room(struct bh_night_of_rule *night, struct bh_matches *matches, size_t n)
{
	matches->items = bh_arena_alloc(night->view->arena, (n + 1) * sizeof(*matches->items));
	return matches->items ? 0 : -ENOMEM;
}

static bool ended_in_bed(const struct bh_past_event *event)
{
	return event->end_ms != BH_WALL_UNKNOWN &&
	       (event->end_cause == BH_END_NORMAL || event->end_ms == event->start_ms);
}

static int match_event(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
		       struct bh_matches *ret)
{
	struct bh_view *view = night->view;
	size_t n = view->n_by_type[pattern->type];

	if (room(night, ret, n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct bh_past_event *event = view->by_type[pattern->type][i];

		ret->items[ret->n++] = (struct bh_match){
			.start = event->start_ms,
			.end = bh_view_end(view, event),
			.value = event->value,
			.confidence_permille = event->confidence_permille,
			.side = event->side,
			.ended = ended_in_bed(event),
		};
	}
	needs(ret, view->past, bh_event_info(pattern->type)->needs);
	/* event.def asks for no mat here, but without a leg's temperature nobody can tell. */
	if (pattern->type == BH_EVENT_UNCOVER &&
	    !(view->past->capabilities & (BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT)))
		needs(ret, view->past, BH_CAN_TEMP_LEFT);
	if (!looked_for(view->past, pattern->type)) {
		ret->known = false;
		ret->not_looked_for = (int)pattern->type;
	}
	return 0;
}

static int match_refer(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
		       struct bh_matches *ret)
{
	const struct bh_matches *of = &night->matches[pattern->a];

	if (room(night, ret, of->n) < 0)
		return -ENOMEM;
	memcpy(ret->items, of->items, of->n * sizeof(*of->items));
	ret->n = of->n;
	lacks(ret, of);
	return 0;
}

/* Nothing follows itself; what begins with a moment, though, follows it. */
static bool comes_after(const struct bh_match *match, const struct bh_match *first)
{
	if (match->start != first->start)
		return match->start > first->start;
	return first->end == first->start && match->end > match->start;
}

static int match_then(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
		      struct bh_matches *ret)
{
	const struct bh_matches *first = &night->matches[pattern->a];
	const struct bh_matches *second = &night->matches[pattern->b];
	struct bh_near without = { 0 };
	size_t next = 0;

	if (room(night, ret, first->n) < 0 ||
	    (pattern->without >= 0 &&
	     bh_near_index(night->view->arena, &night->matches[pattern->without], &without) < 0))
		return -ENOMEM;
	lacks(ret, first);
	lacks(ret, second);
	if (pattern->without >= 0)
		lacks(ret, &night->matches[pattern->without]);
	for (size_t i = 0; i < first->n; i++) {
		const struct bh_match *a = &first->items[i], *b;
		size_t j = bh_near_begun_before(second->items, second->n, a->end - SLACK_MS);

		/* Each is the sequel of one only, and nothing follows itself. */
		j = j < next ? next : j;
		while (j < second->n && !comes_after(&second->items[j], a))
			j++;
		if (j == second->n)
			continue;
		b = &second->items[j];
		if (b->start - a->end > pattern->within_ms ||
		    bh_near_during(&without, a->end, b->start))
			continue;
		next = j + 1;
		ret->items[ret->n++] = (struct bh_match){
			.start = a->start,
			.end = b->end > a->end ? b->end : a->end,
			.value = b->value,
			.confidence_permille = b->confidence_permille < a->confidence_permille
						       ? b->confidence_permille
						       : a->confidence_permille,
			.side = b->side != BH_SIDE_UNKNOWN ? b->side : a->side,
			.ended = b->ended,
		};
	}
	return 0;
}

/* Two ways of seeing the same: overlapping matches are one, and one known way is enough. */
static int match_or(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
		    struct bh_matches *ret)
{
	const struct bh_matches *a = &night->matches[pattern->a];
	const struct bh_matches *b = &night->matches[pattern->b];
	size_t n = 0;

	if (room(night, ret, a->n + b->n) < 0)
		return -ENOMEM;
	memcpy(ret->items, a->items, a->n * sizeof(*a->items));
	memcpy(ret->items + a->n, b->items, b->n * sizeof(*b->items));
	ret->n = a->n + b->n;
	bh_near_sort(ret);
	for (size_t i = 0; i < a->n + b->n; i++) {
		const struct bh_match *match = &ret->items[i];

		if (n > 0 && match->start < ret->items[n - 1].end) {
			if (match->end > ret->items[n - 1].end)
				ret->items[n - 1].end = match->end;
			continue;
		}
		ret->items[n++] = *match;
	}
	ret->n = n;
	if (!a->known && !b->known) {
		lacks(ret, a);
		lacks(ret, b);
	}
	return 0;
}

static int match_count(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
		       struct bh_matches *ret)
{
	const struct bh_matches *of = &night->matches[pattern->a];
	size_t k = (size_t)pattern->at_least, i = 0;

	if (room(night, ret, of->n / k) < 0)
		return -ENOMEM;
	lacks(ret, of);
	while (i + k <= of->n) {
		size_t last = i + k - 1;

		if (of->items[last].start - of->items[i].start > pattern->within_ms) {
			i++;
			continue;
		}
		/* It goes on as long as there are still so many in that time. */
		while (last + 1 < of->n &&
		       of->items[last + 1].start - of->items[last + 2 - k].start <=
			       pattern->within_ms)
			last++;
		ret->items[ret->n] = of->items[i];
		ret->items[ret->n++].end = of->items[last].end;
		i = last + 1;
	}
	return 0;
}

static int match_around(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
			struct bh_matches *ret)
{
	const struct bh_matches *of = &night->matches[pattern->a];
	bool after = pattern->kind == BH_PATTERN_AFTER;

	if (room(night, ret, of->n) < 0)
		return -ENOMEM;
	lacks(ret, of);
	for (size_t i = 0; i < of->n; i++) {
		struct bh_match match = of->items[i];

		match.start = after ? match.end : match.start - pattern->within_ms;
		match.end = match.start + pattern->within_ms;
		ret->items[ret->n++] = match;
	}
	bh_near_sort(ret);
	return 0;
}

static int match_pattern(struct bh_night_of_rule *night, const struct bh_pattern *pattern,
			 struct bh_matches *ret)
{
	switch (pattern->kind) {
	case BH_PATTERN_EVENT:
		return match_event(night, pattern, ret);
	case BH_PATTERN_REFER:
		return match_refer(night, pattern, ret);
	case BH_PATTERN_THEN:
		return match_then(night, pattern, ret);
	case BH_PATTERN_OR:
		return match_or(night, pattern, ret);
	case BH_PATTERN_COUNT:
		return match_count(night, pattern, ret);
	case BH_PATTERN_AFTER:
	case BH_PATTERN_BEFORE:
		return match_around(night, pattern, ret);
	}
	return 0;
}

static int match_one(struct bh_night_of_rule *night, int index)
{
	const struct bh_pattern *pattern = &night->rule->patterns[index];
	struct bh_matches *matches = &night->matches[index];
	int r;

	if (matches->items)
		return 0;
	matches->known = true;
	matches->not_looked_for = -1;
	r = match_pattern(night, pattern, matches);
	for (const struct bh_filter *filter = pattern->filters; r == 0 && filter;
	     filter = filter->next)
		r = apply_filter(night, matches, filter);
	return r;
}

int bh_match_rule(struct bh_night_of_rule *night)
{
	const struct bh_rule *rule = night->rule;
	int r = 0;

	night->matches = bh_arena_alloc(night->view->arena,
					(size_t)(rule->n_patterns + 1) * sizeof(*night->matches));
	if (!night->matches)
		return -ENOMEM;
	for (int i = 0; r == 0 && i < rule->n_patterns; i++)
		r = match_one(night, i);
	return r;
}
