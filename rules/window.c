/* SPDX-License-Identifier: MIT */
/* Measures over a window of nights (rules/LANGUAGE.md, "Measures"). */
#include "rules/measure.h"

#include "rules/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_PER_H INT64_C(3600000)
/* A position is compared after an hour in it: below, one movement makes it the worst. */
#define DWELL_MIN_S 3600

void bh_window_init(struct bh_window *window, struct bh_run *run, int rule, int night)
{
	const struct bh_rule *of = run->set->rules[rule];

	*window = (struct bh_window){
		.run = run,
		.rule = rule,
		.night = night,
		.from_day = run->day[night] - of->needs_window + 1,
		.to_day = run->day[night],
	};
	while (night > 0 && run->day[night - 1] >= window->from_day)
		night--;
	for (; night <= window->night && window->n_nights < BH_NIGHTS_MAX; night++) {
		enum bh_validity validity = bh_run_validity(run, rule, night);

		window->n_nights++;
		window->n_refused[validity]++;
		if (validity == BH_NIGHT_VALID)
			window->valid[window->n_valid++] = night;
	}
}

uint32_t bh_window_can(const struct bh_window *window)
{
	return window->run->history->nights[window->night].capabilities;
}

uint32_t bh_window_lacks(const struct bh_window *window)
{
	const struct bh_rule *rule = window->run->set->rules[window->rule];
	uint32_t lacks = rule->needs_sensors & ~bh_window_can(window);

	if (window->n_valid >= rule->needs_nights ||
	    2 * window->n_refused[BH_NIGHT_SENSOR] < window->n_nights - window->n_valid)
		return 0;
	return lacks & (~lacks + 1); /* the first is enough to say */
}

struct bh_scope bh_window_scope(struct bh_window *window)
{
	return (struct bh_scope){
		.run = window->run,
		.rule = window->run->set->rules[window->rule],
		.window = window,
		.from_day = window->live ? window->to_day - 1 : window->from_day,
		.to_day = window->to_day,
	};
}

const struct bh_leaf *bh_window_leaf(const struct bh_window *window, int leaf)
{
	return &window->run->set->rules[window->rule]->leaves[leaf];
}

/* ---- what is missing ---- */

void bh_measure_missing(const struct bh_window *window, struct bh_value *value, const char *format,
			...)
{
	va_list ap;

	value->known = false;
	if (!window->run->explain)
		return;
	va_start(ap, format);
	vsnprintf(value->why, sizeof(value->why), format, ap);
	va_end(ap);
}

static void measure_lacks(const struct bh_window *window, struct bh_value *value, uint32_t bit)
{
	if (window->run->explain)
		bh_reason_lacks(bit, bh_window_can(window), value->why, sizeof(value->why));
}

/* Too few nights could tell: say why of the last that could not. */
void bh_measure_missing_nights(struct bh_value *value, const struct bh_window *window,
			       const struct bh_nightly *last, int known, int needed)
{
	const struct bh_rule *rule = window->run->set->rules[window->rule];
	const struct bh_answer_info *answer;
	uint32_t lacks = last ? 0 : bh_window_lacks(window);

	if (lacks) {
		measure_lacks(window, value, lacks);
		return;
	}
	switch (last ? (enum bh_why)last->why : BH_WHY_KNOWN) {
	case BH_WHY_SENSOR:
		/* The bed can by now, and could not on earlier nights. */
		if (bh_window_can(window) & (UINT32_C(1) << last->what)) {
			bh_measure_missing(window, value, "measured on %d of %d %s needed", known,
					   needed, bh_nights_word(needed));
			return;
		}
		measure_lacks(window, value, UINT32_C(1) << last->what);
		return;
	case BH_WHY_NOT_LOOKED_FOR:
		bh_measure_missing(window, value, "the hub did not look for %s on %d of the nights",
				   bh_event_info((enum bh_event_type)last->what)->name,
				   needed - known);
		return;
	case BH_WHY_STATE:
		bh_measure_missing(window, value, "sleep or position known on %d of %d %s needed",
				   known, needed, bh_nights_word(needed));
		return;
	case BH_WHY_ANSWER:
		answer = bh_expr_answer(rule->nightsets[last->what].when);
		bh_measure_missing(window, value, "%s%s%s on %d of %d %s needed",
				   answer ? BH_LACKS_DIARY : "what sets the nights apart",
				   answer ? answer->key : "", answer ? ")" : "", known, needed,
				   bh_nights_word(needed));
		return;
	case BH_WHY_SHORT:
		bh_measure_missing(window, value, "long enough on %d of %d %s needed", known,
				   needed, bh_nights_word(needed));
		return;
	case BH_WHY_NO_VALUE:
		bh_measure_missing(window, value, "measured on %d of %d %s needed", known, needed,
				   bh_nights_word(needed));
		return;
	case BH_WHY_KNOWN:
		break;
	}
	bh_measure_missing(window, value, "%d of %d %s needed", known, needed,
			   bh_nights_word(needed));
}

/* ---- arms about positions ---- */

static bool is_worst(const struct bh_arm *arm)
{
	return arm->has_state && arm->state.kind == BH_STATE_WORST_POSITION;
}

static bool is_others(const struct bh_arm *arm)
{
	return arm->has_state && arm->state.kind == BH_STATE_OTHER_POSITIONS;
}

static bool by_position(const struct bh_leaf *leaf)
{
	return is_worst(&leaf->arm[0]) || is_others(&leaf->arm[0]) || is_worst(&leaf->arm[1]) ||
	       is_others(&leaf->arm[1]);
}

/* ---- sums over the window ---- */

struct sums {
	int nights;    /**< that could tell */
	int with;      /**< with a match in the first arm */
	int in_arm[2]; /**< on which the arm's state held at all */
	int64_t n[2];
	int64_t e[2];
	int64_t by_position[2][BH_POSITIONS];
	int64_t dwell_s[BH_POSITIONS];
	const struct bh_nightly *refused; /**< the last that could not */
};

static void add_positions(const struct bh_nightly *night, struct sums *ret)
{
	for (int p = 0; p < BH_POSITIONS; p++) {
		ret->by_position[0][p] += night->by_position[0][p];
		ret->by_position[1][p] += night->by_position[1][p];
		ret->dwell_s[p] += night->dwell_s[p];
	}
}

static void add_up(struct bh_window *window, int leaf, struct sums *ret)
{
	*ret = (struct sums){ 0 };
	for (int i = 0; i < window->n_valid; i++) {
		const struct bh_nightly *night =
			bh_run_nightly(window->run, window->rule, leaf, window->valid[i]);

		if (night->why != BH_WHY_KNOWN) {
			ret->refused = night;
			continue;
		}
		ret->nights++;
		ret->with += night->n[0] > 0 ? 1 : 0;
		for (int arm = 0; arm < 2; arm++) {
			ret->n[arm] += night->n[arm];
			ret->e[arm] += night->e[arm];
			ret->in_arm[arm] += night->e[arm] > 0 ? 1 : 0;
		}
		if (by_position(bh_window_leaf(window, leaf)))
			add_positions(night, ret);
	}
}

bool bh_measure_enough(const struct bh_window *window, const struct bh_leaf *leaf, int nights,
		       const struct bh_nightly *refused, struct bh_value *ret)
{
	const struct bh_rule *rule = window->run->set->rules[window->rule];
	int needed = leaf->at_least_nights ? leaf->at_least_nights : rule->needs_nights;

	if (nights >= needed)
		return true;
	bh_measure_missing_nights(ret, window, refused, nights, needed);
	return false;
}

/* The position with the most per hour, of those lain in for an hour; -1 if there are not two. */
static int worst_position(const struct sums *sums, int arm)
{
	int worst = -1, lain = 0;
	int64_t worst_rate = -1;

	for (int p = 0; p < BH_POSITIONS; p++) {
		int64_t rate;

		if (sums->dwell_s[p] < DWELL_MIN_S)
			continue;
		lain++;
		rate = (2 * sums->by_position[arm][p] + 1) * 1000000 / sums->dwell_s[p];
		if (rate > worst_rate) {
			worst_rate = rate;
			worst = p;
		}
	}
	return lain >= 2 ? worst : -1;
}

/* Replace the counts of arms that are about the worst or the other positions. */
static bool resolve_positions(const struct bh_window *window, const struct bh_leaf *leaf,
			      struct sums *sums, struct bh_value *ret)
{
	int of = leaf->kind == BH_LEAF_RATIO_OF ? 1 : 0;
	int worst;

	if (!by_position(leaf))
		return true;
	worst = worst_position(sums, of);
	if (worst < 0) {
		bh_measure_missing(window, ret, "an hour in at least two positions");
		return false;
	}
	for (int arm = 0; arm < 2; arm++) {
		bool others = is_others(&leaf->arm[arm]);

		if (!others && !is_worst(&leaf->arm[arm]))
			continue;
		sums->n[arm] = sums->e[arm] = 0;
		for (int p = 0; p < BH_POSITIONS; p++) {
			if ((p == worst) == others)
				continue;
			sums->n[arm] += sums->by_position[arm][p];
			sums->e[arm] += sums->dwell_s[p] * BH_MS_PER_S;
		}
		sums->in_arm[arm] = sums->nights;
	}
	return true;
}

/* ---- the measures ---- */

static void share(struct bh_value *ret, int64_t num, int64_t den)
{
	ret->known = true;
	ret->num = num;
	ret->den = den;
	ret->milli = num * 100000 / den;
}

void bh_measure_number(struct bh_value *ret, int64_t milli)
{
	ret->known = true;
	ret->milli = milli;
}

/* ((a + 1/2) / ea) / ((b + 1/2) / eb), in thousandths; times in seconds keep it inside 64 bits. */
static void ratio_value(const struct bh_window *window, const struct bh_leaf *leaf,
			const struct sums *sums, struct bh_value *ret)
{
	int64_t a_s = sums->e[0] / BH_MS_PER_S, b_s = sums->e[1] / BH_MS_PER_S;

	if (sums->n[0] + sums->n[1] < leaf->at_least_events)
		bh_measure_missing(window, ret, "%lld of %d events needed",
				   (long long)(sums->n[0] + sums->n[1]), leaf->at_least_events);
	else if (a_s == 0 || b_s == 0 || sums->e[0] < leaf->at_least_ms ||
		 sums->e[1] < leaf->at_least_ms)
		bh_measure_missing(window, ret, "not enough time on one side of the comparison");
	else if (sums->in_arm[0] < leaf->at_least_nights || sums->in_arm[1] < leaf->at_least_nights)
		bh_measure_missing(window, ret, "%d and %d of %d nights needed on each side",
				   sums->in_arm[0], sums->in_arm[1], leaf->at_least_nights);
	else
		bh_measure_number(ret,
				  (2 * sums->n[0] + 1) * b_s * 1000 / ((2 * sums->n[1] + 1) * a_s));
}

static void ratio_of_value(const struct bh_window *window, const struct bh_leaf *leaf,
			   const struct sums *sums, struct bh_value *ret)
{
	int64_t needed = leaf->at_least_events ? leaf->at_least_events : 1;

	if (sums->n[1] < needed)
		bh_measure_missing(window, ret, "it happened %lld of %lld %s needed",
				   (long long)sums->n[1], (long long)needed,
				   needed == 1 ? "time" : "times");
	else
		share(ret, sums->n[0], sums->n[1]);
}

static void rate_value(const struct bh_window *window, const struct bh_leaf *leaf,
		       const struct sums *sums, struct bh_value *ret)
{
	int64_t needed = leaf->at_least_ms ? leaf->at_least_ms : BH_RATE_MIN_MS;

	if (sums->e[0] < needed)
		bh_measure_missing(window, ret, "%lld of %lld minutes needed",
				   (long long)(sums->e[0] / 60000), (long long)(needed / 60000));
	else
		bh_measure_number(ret, sums->n[0] * 1000 * (MS_PER_H / 1000) / (sums->e[0] / 1000));
}

static void counted_value(struct bh_window *window, const struct bh_leaf *leaf, int index,
			  struct bh_value *ret)
{
	struct sums sums;

	add_up(window, index, &sums);
	if (leaf->kind == BH_LEAF_RATIO) { /* its nights are counted per side */
		struct bh_leaf of = *leaf;

		of.at_least_nights = 1;
		if (!bh_measure_enough(window, &of, sums.nights, sums.refused, ret) ||
		    !resolve_positions(window, leaf, &sums, ret))
			return;
		ratio_value(window, leaf, &sums, ret);
		return;
	}
	if (!bh_measure_enough(window, leaf, sums.nights, sums.refused, ret) ||
	    !resolve_positions(window, leaf, &sums, ret))
		return;
	if (leaf->kind == BH_LEAF_NIGHTS_WITH)
		share(ret, sums.with, sums.nights);
	else if (leaf->kind == BH_LEAF_PER_WEEK)
		bh_measure_number(ret, sums.n[0] * 7000 / sums.nights);
	else if (leaf->kind == BH_LEAF_COUNT)
		bh_measure_number(ret, sums.n[0] * 1000);
	else if (leaf->kind == BH_LEAF_RATIO_OF)
		ratio_of_value(window, leaf, &sums, ret);
	else
		rate_value(window, leaf, &sums, ret);
}

void bh_window_value(struct bh_window *window, int index, struct bh_value *ret)
{
	const struct bh_leaf *leaf = bh_window_leaf(window, index);

	bh_value_clear(ret);
	switch (leaf->kind) {
	case BH_LEAF_NIGHTS_WITH:
	case BH_LEAF_PER_WEEK:
	case BH_LEAF_COUNT:
	case BH_LEAF_RATE:
	case BH_LEAF_RATIO:
	case BH_LEAF_RATIO_OF:
		counted_value(window, leaf, index, ret);
		break;
	case BH_LEAF_MEDIAN:
	case BH_LEAF_SLOPE:
	case BH_LEAF_CHANGE:
	case BH_LEAF_BEFORE_AFTER:
		bh_trend_value(window, leaf, ret);
		break;
	case BH_LEAF_CONFIRMED:
		break; /* a condition: bh_window_confirmed() */
	}
}
