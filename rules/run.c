/* SPDX-License-Identifier: MIT */
#include "rules/run.h"

#include "rules/day.h"
#include "rules/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A valid night has at least four hours in bed (science.md section 0). */
#define IN_BED_MIN 240
/* The baseline is the median of the first seven nights that have one, frozen (section 0). */
#define BASELINE_NIGHTS 7

/* ---- which rules ---- */

static void want(struct bh_run *run, int rule);

static void want_in_expr(struct bh_run *run, const struct bh_expr *expr)
{
	if (!expr)
		return;
	if (expr->kind == BH_EXPR_RULE)
		want(run, expr->index);
	want_in_expr(run, expr->a);
	want_in_expr(run, expr->b);
}

/* A rule, its parent, and the rules whose measures it reads; bh_rule_set_finish() has found no
 * cycle. */
static void want(struct bh_run *run, int index)
{
	const struct bh_rule *rule = run->set->rules[index];

	if (run->wanted[index])
		return;
	run->wanted[index] = true;
	if (rule->parent_index >= 0)
		want(run, rule->parent_index);
	for (int i = 0; i < rule->n_measures; i++)
		want_in_expr(run, rule->measures[i].expr);
	for (const struct bh_evidence_line *line = rule->evidence; line; line = line->next) {
		want_in_expr(run, line->when);
		want_in_expr(run, line->unless);
	}
	for (const struct bh_redflag *flag = rule->redflags; flag; flag = flag->next)
		want_in_expr(run, flag->when);
}

/* ---- start ---- */

static int by_day(const void *a, const void *b)
{
	const struct bh_diary_item *const *x = a, *const *y = b;

	if ((*x)->night != (*y)->night)
		return (*x)->night < (*y)->night ? -1 : 1;
	return (*x)->at_ms < (*y)->at_ms ? -1 : (*x)->at_ms > (*y)->at_ms;
}

static int sort_diary(struct bh_run *run)
{
	const struct bh_history *history = run->history;

	run->diary = bh_arena_alloc(&run->kept, (history->n_diary + 1) * sizeof(*run->diary));
	run->diary_day =
		bh_arena_alloc(&run->kept, (history->n_diary + 1) * sizeof(*run->diary_day));
	if (!run->diary || !run->diary_day)
		return -ENOMEM;
	for (size_t i = 0; i < history->n_diary; i++)
		run->diary[i] = &history->diary[i];
	if (history->n_diary > 1)
		qsort(run->diary, history->n_diary, sizeof(*run->diary), by_day);
	for (size_t i = 0; i < history->n_diary; i++)
		run->diary_day[i] = bh_day_of_date(run->diary[i]->night);
	return 0;
}

int bh_run_init(struct bh_run *run, const struct bh_rule_set *set, const struct bh_history *history,
		int only)
{
	size_t n = history->n_nights;

	memset(run, 0, sizeof(*run));
	run->set = set;
	run->history = history;
	for (size_t i = 0; i < set->n; i++) {
		if (only < 0 || (size_t)only == i)
			want(run, (int)i);
		run->first_slot[i] = run->n_slots;
		run->n_slots += set->rules[i]->n_leaves;
	}
	run->day = bh_arena_alloc(&run->kept, (n + 1) * sizeof(*run->day));
	run->nightly = bh_arena_alloc(&run->kept, (n + 1) * sizeof(*run->nightly));
	run->validity = bh_arena_alloc(&run->kept, n * set->n + 1);
	run->raw = bh_arena_alloc(&run->kept, (n * set->n + 1) * sizeof(*run->raw));
	if (!run->day || !run->nightly || !run->validity || !run->raw)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		run->day[i] = bh_day_of_date(history->nights[i].night.date);
	return sort_diary(run);
}

void bh_run_free(struct bh_run *run)
{
	bh_arena_free(&run->kept);
	bh_arena_free(&run->scratch);
}

/* ---- nights ---- */

static int count_night(struct bh_run *run, int night)
{
	struct bh_nightly *counts =
		bh_arena_alloc(&run->kept, (size_t)(run->n_slots + 1) * sizeof(*counts));
	struct bh_view view;
	int r;

	if (!counts)
		return -ENOMEM;
	bh_arena_reset(&run->scratch);
	r = bh_view_init(&view, &run->history->nights[night], &run->scratch);
	for (size_t i = 0; r == 0 && i < run->set->n; i++)
		if (run->wanted[i])
			r = bh_nightly_count(run, run->set->rules[i], &view,
					     &counts[run->first_slot[i]]);
	bh_arena_reset(&run->scratch);
	if (r == 0)
		run->nightly[night] = counts;
	return r;
}

const struct bh_nightly *bh_run_nightly(struct bh_run *run, int rule, int leaf, int night)
{
	static const struct bh_nightly nothing = { .why = BH_WHY_NO_VALUE };

	if (!run->nightly[night] && count_night(run, night) < 0) {
		run->no_memory = true;
		return &nothing;
	}
	return &run->nightly[night][run->first_slot[rule] + leaf];
}

static int64_t minutes_in_bed(const struct bh_past_night *past)
{
	int64_t ms = 0;

	if (past->night.in_bed_min != BH_EPOCH_UNKNOWN)
		return past->night.in_bed_min;
	for (size_t i = 0; i < past->n_events; i++)
		if (past->events[i].type == BH_EVENT_BED_OCCUPIED &&
		    past->events[i].end_ms != BH_WALL_UNKNOWN)
			ms += past->events[i].end_ms - past->events[i].start_ms;
	return ms / (60 * BH_MS_PER_S);
}

static enum bh_validity judge(const struct bh_rule *rule, const struct bh_past_night *past)
{
	if ((past->capabilities & rule->needs_sensors) != rule->needs_sensors)
		return BH_NIGHT_SENSOR;
	if (minutes_in_bed(past) < IN_BED_MIN)
		return BH_NIGHT_SHORT;
	if (past->night.coverage_permille < rule->needs_coverage_permille)
		return BH_NIGHT_GAPS;
	return BH_NIGHT_VALID;
}

enum bh_validity bh_run_validity(struct bh_run *run, int rule, int night)
{
	uint8_t *validity = &run->validity[(size_t)night * run->set->n + (size_t)rule];

	if (*validity == BH_NIGHT_UNSEEN)
		*validity = (uint8_t)judge(run->set->rules[rule], &run->history->nights[night]);
	return (enum bh_validity) * validity;
}

/* The first seven nights with a difference. Nights are being counted meanwhile, so in a scratch of
 * its own. */
static int make_baseline(struct bh_run *run)
{
	uint32_t needs = bh_signal_needs(BH_SIGNAL_ASYM_DELTA);
	struct bh_arena scratch = { 0 };
	int64_t values[BASELINE_NIGHTS];
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < run->history->n_nights && n < BASELINE_NIGHTS; i++) {
		const struct bh_past_night *past = &run->history->nights[i];
		struct bh_number number = { .known = false };
		struct bh_view view;

		if ((past->capabilities & needs) != needs)
			continue;
		bh_arena_reset(&scratch);
		r = bh_view_init(&view, past, &scratch);
		if (r == 0)
			r = bh_signal_night(&view, BH_SIGNAL_ASYM_DELTA, &number);
		if (number.known)
			values[n++] = number.milli;
	}
	bh_arena_free(&scratch);
	run->baseline.known = n == BASELINE_NIGHTS;
	if (run->baseline.known)
		run->baseline.milli = bh_median(values, n);
	return r;
}

struct bh_number bh_run_baseline(struct bh_run *run)
{
	if (!run->baseline_made && run->history->baseline_known)
		run->baseline = (struct bh_number){ true, run->history->baseline_delta_mdegc };
	else if (!run->baseline_made && make_baseline(run) < 0)
		run->no_memory = true;
	run->baseline_made = true;
	return run->baseline;
}
