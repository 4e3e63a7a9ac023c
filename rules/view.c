/* SPDX-License-Identifier: MIT */
#include "rules/view.h"

#include "rules/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
/* An epoch counts for what it was for most of its time. */
#define MOST_PERMILLE 500
/*
 * Where no sleep scoring was stored: asleep is a run of at least five minutes that each move less
 * than two seconds (science.md 2.4, "no movement for >= 5 min"; section 0, `quiet`).
 */
#define STILL_PERMILLE 33
#define STILL_EPOCHS 10

/* ---- spans ---- */

static int by_start(const void *a, const void *b)
{
	const struct bh_span *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

void bh_spans_tidy(struct bh_spans *spans)
{
	size_t n = 0;

	if (spans->n > 1)
		qsort(spans->items, spans->n, sizeof(*spans->items), by_start);
	for (size_t i = 0; i < spans->n; i++) {
		struct bh_span span = spans->items[i];

		if (span.end <= span.start)
			continue;
		if (n > 0 && span.start <= spans->items[n - 1].end) {
			if (span.end > spans->items[n - 1].end)
				spans->items[n - 1].end = span.end;
		} else {
			spans->items[n++] = span;
		}
	}
	spans->n = n;
}

const struct bh_span *bh_spans_at(const struct bh_spans *spans, int64_t at_ms)
{
	size_t low = 0, high = spans->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spans->items[middle].end <= at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low < spans->n && spans->items[low].start <= at_ms ? &spans->items[low] : NULL;
}

int64_t bh_spans_length(const struct bh_spans *spans)
{
	int64_t length = 0;

	for (size_t i = 0; i < spans->n; i++)
		length += spans->items[i].end - spans->items[i].start;
	return length;
}

static int spans_alloc(struct bh_view *view, struct bh_spans *spans, size_t n)
{
	spans->n = 0;
	spans->items = bh_arena_alloc(view->arena, (n ? n : 1) * sizeof(*spans->items));
	return spans->items ? 0 : -ENOMEM;
}

static void spans_add(struct bh_spans *spans, int64_t start, int64_t end)
{
	spans->items[spans->n++] = (struct bh_span){ start, end };
}

/* ---- events ---- */

int64_t bh_view_end(const struct bh_view *view, const struct bh_past_event *event)
{
	return event->end_ms == BH_WALL_UNKNOWN ? view->last_ms : event->end_ms;
}

static int64_t last_moment(const struct bh_past_night *past)
{
	int64_t last = past->night.start_ms;

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];
		int64_t end = event->end_ms == BH_WALL_UNKNOWN ? event->start_ms : event->end_ms;

		if (end > last)
			last = end;
	}
	if (past->n_epochs > 0 && past->epochs[past->n_epochs - 1].start_ms + EPOCH_MS > last)
		last = past->epochs[past->n_epochs - 1].start_ms + EPOCH_MS;
	return last;
}

static int index_events(struct bh_view *view)
{
	const struct bh_past_night *past = view->past;
	const struct bh_past_event **all, **next;

	all = bh_arena_alloc(view->arena, (past->n_events + 1) * sizeof(*all));
	if (!all)
		return -ENOMEM;
	for (size_t i = 0; i < past->n_events; i++)
		if ((size_t)past->events[i].type < BH_EVENT_TYPE_END)
			view->n_by_type[past->events[i].type]++;
	next = all;
	for (size_t type = 0; type < BH_EVENT_TYPE_END; type++) {
		view->by_type[type] = next;
		next += view->n_by_type[type];
		view->n_by_type[type] = 0;
	}
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if ((size_t)event->type < BH_EVENT_TYPE_END &&
		    event->start_ms != BH_WALL_UNKNOWN && !bh_past_event_taken_back(event))
			view->by_type[event->type][view->n_by_type[event->type]++] = event;
	}
	return 0;
}

int bh_view_event_spans(struct bh_view *view, enum bh_event_type type, struct bh_spans *ret)
{
	if (spans_alloc(view, ret, view->n_by_type[type]) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < view->n_by_type[type]; i++)
		spans_add(ret, view->by_type[type][i]->start_ms,
			  bh_view_end(view, view->by_type[type][i]));
	bh_spans_tidy(ret);
	ret->known = true;
	return 0;
}

/* ---- sleep ---- */

static bool epoch_in_bed(const struct bh_epoch *epoch)
{
	return epoch->coverage_permille >= MOST_PERMILLE &&
	       epoch->occupied_permille >= MOST_PERMILLE;
}

static bool epoch_still(const struct bh_epoch *epoch)
{
	return epoch_in_bed(epoch) && epoch->moving_permille != BH_EPOCH_UNKNOWN &&
	       epoch->moving_permille <= STILL_PERMILLE;
}

/* Length of the run of epochs from @p i that are still and follow each other. */
static size_t still_run(const struct bh_past_night *past, size_t i)
{
	size_t n = 0;

	while (i + n < past->n_epochs && epoch_still(&past->epochs[i + n].epoch) &&
	       (n == 0 ||
		past->epochs[i + n].start_ms - past->epochs[i + n - 1].start_ms == EPOCH_MS))
		n++;
	return n;
}

static void score_by_stillness(struct bh_view *view)
{
	const struct bh_past_night *past = view->past;

	for (size_t i = 0; i < past->n_epochs;) {
		size_t run = still_run(past, i);
		const struct bh_epoch *epoch = &past->epochs[i].epoch;

		if (run == 0) {
			view->sleep[i] =
				epoch_in_bed(epoch) && epoch->moving_permille != BH_EPOCH_UNKNOWN
					? BH_SLEEP_AWAKE
					: BH_SLEEP_UNKNOWN;
			i++;
			continue;
		}
		for (size_t k = 0; k < run; k++)
			view->sleep[i + k] = run >= STILL_EPOCHS ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
		i += run;
	}
}

static int score_sleep(struct bh_view *view)
{
	const struct bh_past_night *past = view->past;
	bool stored = false;

	view->sleep = bh_arena_alloc(view->arena, (past->n_epochs + 1) * sizeof(*view->sleep));
	if (!view->sleep)
		return -ENOMEM;
	for (size_t i = 0; i < past->n_epochs; i++) {
		view->sleep[i] = epoch_in_bed(&past->epochs[i].epoch) ? past->epochs[i].sleep
								      : BH_SLEEP_UNKNOWN;
		stored |= past->epochs[i].sleep != BH_SLEEP_UNKNOWN;
	}
	if (!stored)
		score_by_stillness(view);
	for (size_t i = 0; i < past->n_epochs; i++)
		view->sleep_known |= view->sleep[i] != BH_SLEEP_UNKNOWN;
	return 0;
}

/*
 * First epoch of the first five minutes asleep and still; n_epochs if there are none. Actigraphy
 * formulas take lying awake for sleep, legs that move every few seconds, too: what is asked here is
 * when the legs came to rest.
 */
static size_t sleep_onset(const struct bh_view *view)
{
	const struct bh_past_night *past = view->past;
	size_t run = 0;

	for (size_t i = 0; i < past->n_epochs; i++) {
		run = view->sleep[i] == BH_SLEEP_ASLEEP && epoch_still(&past->epochs[i].epoch)
			      ? run + 1
			      : 0;
		if (run == STILL_EPOCHS)
			return i + 1 - STILL_EPOCHS;
	}
	return past->n_epochs;
}

/* One more epoch, joined to the last if it follows it: epochs come in order. */
static void extend(struct bh_spans *spans, int64_t start)
{
	if (spans->n > 0 && spans->items[spans->n - 1].end == start)
		spans->items[spans->n - 1].end += EPOCH_MS;
	else
		spans_add(spans, start, start + EPOCH_MS);
}

static int make_sleep_state(struct bh_view *view, enum bh_state_kind kind, struct bh_spans *ret)
{
	const struct bh_past_night *past = view->past;
	enum bh_sleep wanted = kind == BH_STATE_ASLEEP ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
	bool before = kind == BH_STATE_AWAKE_BEFORE_SLEEP; /* all of it is awake */
	size_t end;

	if (!view->sleep && score_sleep(view) < 0)
		return -ENOMEM;
	end = before ? sleep_onset(view) : past->n_epochs;
	if (spans_alloc(view, ret, end) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < end; i++)
		if (before ? view->sleep[i] != BH_SLEEP_UNKNOWN : view->sleep[i] == wanted)
			extend(ret, past->epochs[i].start_ms);
	ret->known &= view->sleep_known;
	return 0;
}

/* ---- the other states ---- */

/* The part of @p spans between two moments. */
static int make_part(struct bh_view *view, const struct bh_spans *spans, int64_t from, int64_t to,
		     struct bh_spans *ret)
{
	if (spans_alloc(view, ret, spans->n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < spans->n; i++) {
		int64_t start = spans->items[i].start > from ? spans->items[i].start : from;
		int64_t end = spans->items[i].end < to ? spans->items[i].end : to;

		if (start < end)
			spans_add(ret, start, end);
	}
	return 0;
}

static int make_third(struct bh_view *view, bool first, struct bh_spans *ret)
{
	const struct bh_spans *bed = bh_view_state(view, BH_STATE_IN_BED);
	int64_t start, end, third;

	if (!bed)
		return -ENOMEM;
	if (bed->n == 0)
		return spans_alloc(view, ret, 0);
	start = bed->items[0].start;
	end = bed->items[bed->n - 1].end;
	third = (end - start) / 3;
	return first ? make_part(view, bed, start, start + third, ret)
		     : make_part(view, bed, end - third, end, ret);
}

/* Lying, without the times when a leg lay bare. */
static int make_covered(struct bh_view *view, struct bh_spans *ret)
{
	struct bh_spans lying, bare;
	size_t b = 0;

	if (bh_view_event_spans(view, BH_EVENT_LYING, &lying) < 0 ||
	    bh_view_event_spans(view, BH_EVENT_UNCOVER, &bare) < 0 ||
	    spans_alloc(view, ret, lying.n + bare.n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < lying.n; i++) {
		int64_t from = lying.items[i].start, end = lying.items[i].end;

		while (b > 0 && bare.items[b - 1].end > from)
			b--;
		for (; b < bare.n && bare.items[b].start < end; b++) {
			if (bare.items[b].end <= from)
				continue;
			if (bare.items[b].start > from)
				spans_add(ret, from, bare.items[b].start);
			from = bare.items[b].end;
		}
		if (from < end)
			spans_add(ret, from, end);
	}
	return 0;
}

static bool is_position(enum bh_state_kind kind, int32_t value)
{
	switch (kind) {
	case BH_STATE_POSITION:
		return value >= BH_POSITION_SUPINE && value <= BH_POSITION_PRONE;
	case BH_STATE_SUPINE:
		return value == BH_POSITION_SUPINE;
	case BH_STATE_ON_LEFT:
		return value == BH_POSITION_LEFT;
	case BH_STATE_ON_RIGHT:
		return value == BH_POSITION_RIGHT;
	case BH_STATE_PRONE:
		return value == BH_POSITION_PRONE;
	case BH_STATE_ON_SIDE:
		return value == BH_POSITION_LEFT || value == BH_POSITION_RIGHT;
	case BH_STATE_EVENT:
	case BH_STATE_PATTERN:
	case BH_STATE_NIGHTS:
	case BH_STATE_IN_BED:
	case BH_STATE_AWAKE_IN_BED:
	case BH_STATE_AWAKE_BEFORE_SLEEP:
	case BH_STATE_ASLEEP:
	case BH_STATE_FIRST_THIRD:
	case BH_STATE_LAST_THIRD:
	case BH_STATE_COVERED:
	case BH_STATE_WORST_POSITION:
	case BH_STATE_OTHER_POSITIONS:
	case BH_STATE_END:
		break;
	}
	return false;
}

/* Each dwell is a span of its own: "any_position for 45m" asks how long one lasted. */
static int make_position(struct bh_view *view, enum bh_state_kind kind, struct bh_spans *ret)
{
	size_t n = view->n_by_type[BH_EVENT_POSITION];

	if (spans_alloc(view, ret, n) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct bh_past_event *event = view->by_type[BH_EVENT_POSITION][i];

		if (is_position(kind, event->value))
			spans_add(ret, event->start_ms, bh_view_end(view, event));
	}
	return 0;
}

static int make_state(struct bh_view *view, enum bh_state_kind kind, struct bh_spans *ret)
{
	int r = 0;

	ret->known = (view->past->capabilities & bh_state_needs(kind)) == bh_state_needs(kind);
	switch (kind) {
	case BH_STATE_IN_BED:
		r = bh_view_event_spans(view, BH_EVENT_BED_OCCUPIED, ret);
		ret->known = (view->past->capabilities & BH_CAN_OCCUPANCY) != 0;
		return r;
	case BH_STATE_AWAKE_IN_BED:
	case BH_STATE_AWAKE_BEFORE_SLEEP:
	case BH_STATE_ASLEEP:
		return make_sleep_state(view, kind, ret);
	case BH_STATE_FIRST_THIRD:
		return make_third(view, true, ret);
	case BH_STATE_LAST_THIRD:
		return make_third(view, false, ret);
	case BH_STATE_COVERED:
		return make_covered(view, ret);
	case BH_STATE_POSITION:
	case BH_STATE_SUPINE:
	case BH_STATE_ON_LEFT:
	case BH_STATE_ON_RIGHT:
	case BH_STATE_PRONE:
	case BH_STATE_ON_SIDE:
		return make_position(view, kind, ret);
	case BH_STATE_EVENT:
	case BH_STATE_PATTERN:
	case BH_STATE_NIGHTS:
	case BH_STATE_WORST_POSITION:
	case BH_STATE_OTHER_POSITIONS:
	case BH_STATE_END:
		break;
	}
	return r;
}

const struct bh_spans *bh_view_state(struct bh_view *view, enum bh_state_kind kind)
{
	if (!view->made[kind] && make_state(view, kind, &view->states[kind]) < 0)
		return NULL;
	view->made[kind] = true;
	return &view->states[kind];
}

int bh_view_init(struct bh_view *view, const struct bh_past_night *past, struct bh_arena *arena)
{
	memset(view, 0, sizeof(*view));
	view->past = past;
	view->arena = arena;
	view->last_ms = last_moment(past);
	return index_events(view);
}
