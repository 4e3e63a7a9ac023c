/* SPDX-License-Identifier: MIT */
/* Measures that compare one night's number with another's: medians, trends, before and after. */
#include "rules/measure.h"

#include "rules/compare.h"
#include "rules/day.h"
#include "rules/poisson.h"

#include <stdio.h>

#define MS_PER_H INT64_C(3600000)
/* Nights on each side of a date that make a comparison (science.md 1.7). */
#define BEFORE_AFTER_MIN 7

/* One night's value for a median, trend or confirmation. */
static bool nights_value(struct bh_window *window, const struct bh_leaf *leaf, int night,
			 const struct bh_nightly **ret_nightly, int64_t *ret)
{
	const struct bh_leaf *inner = leaf->inner >= 0 ? bh_window_leaf(window, leaf->inner) : leaf;
	const struct bh_nightly *nightly =
		bh_run_nightly(window->run, window->rule, inner->slot, night);
	static const struct bh_nightly too_short = { .why = BH_WHY_SHORT };
	int64_t needed = inner->at_least_ms ? inner->at_least_ms : BH_RATE_MIN_MS;

	*ret_nightly = nightly;
	if (nightly->why != BH_WHY_KNOWN)
		return false;
	if (leaf->inner < 0) {
		*ret = nightly->e[0];
		return true;
	}
	if (nightly->e[0] < needed) {
		*ret_nightly = &too_short;
		return false;
	}
	*ret = (int64_t)nightly->n[0] * 1000 * (MS_PER_H / 1000) / (nightly->e[0] / 1000);
	return true;
}

static void median_value(struct bh_window *window, const struct bh_leaf *leaf, struct bh_value *ret)
{
	const struct bh_nightly *refused = NULL, *nightly;
	int nights = 0;
	int64_t values[BH_NIGHTS_MAX];

	for (int i = 0; i < window->n_valid; i++) {
		if (nights_value(window, leaf, window->valid[i], &nightly, &values[nights]))
			nights++;
		else
			refused = nightly;
	}
	if (bh_measure_enough(window, leaf, nights, refused, ret))
		bh_measure_number(ret, bh_median(values, (size_t)nights));
}

/* slope(x in p, t): the median of the nights' median slopes. */
static void slope_inside(struct bh_window *window, const struct bh_leaf *leaf, struct bh_value *ret)
{
	int64_t values[BH_NIGHTS_MAX];
	const struct bh_nightly *refused = NULL;
	int nights = 0;
	int64_t times = 0;
	int n = 0, needed = leaf->at_least_events ? leaf->at_least_events : 1;

	for (int i = 0; i < window->n_valid; i++) {
		const struct bh_nightly *nightly =
			bh_run_nightly(window->run, window->rule, leaf->slot, window->valid[i]);

		if (nightly->why != BH_WHY_KNOWN) {
			refused = nightly;
			continue;
		}
		nights++;
		times += nightly->n[0];
		if (nightly->n[0] > 0)
			values[n++] = nightly->e[0];
	}
	if (!bh_measure_enough(window, leaf, nights, refused, ret))
		return;
	if (times < needed)
		bh_measure_missing(window, ret, "it happened %lld of %d times needed",
				   (long long)times, needed);
	else
		bh_measure_number(ret, bh_median(values, (size_t)n));
}

/* Least squares over the nights of the window, per so many nights. */
static void slope_over_nights(struct bh_window *window, const struct bh_leaf *leaf,
			      struct bh_value *ret)
{
	int64_t sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0, spread, y;
	const struct bh_nightly *nightly;
	const struct bh_nightly *refused = NULL;
	int nights = 0;

	for (int i = 0; i < window->n_valid; i++) {
		int64_t x = window->run->day[window->valid[i]] - window->from_day;

		if (!nights_value(window, leaf, window->valid[i], &nightly, &y)) {
			refused = nightly;
			continue;
		}
		nights++;
		sum_x += x;
		sum_y += y;
		sum_xx += x * x;
		sum_xy += x * y;
	}
	if (!bh_measure_enough(window, leaf, nights, refused, ret))
		return;
	spread = nights * sum_xx - sum_x * sum_x;
	if (spread == 0)
		bh_measure_missing(window, ret, "more than one night");
	else
		bh_measure_number(ret,
				  (nights * sum_xy - sum_x * sum_y) * leaf->per_nights / spread);
}

/* Median of the last nights minus the median of as many before them. */
static void change_over_nights(struct bh_window *window, const struct bh_leaf *leaf,
			       struct bh_value *ret)
{
	int64_t values[2][BH_NIGHTS_MAX];
	int n[2] = { 0, 0 }, half = leaf->per_nights;
	const struct bh_nightly *nightly;

	for (int i = window->night; i >= 0; i--) {
		int back = window->to_day - window->run->day[i];
		int part = back >= half ? 1 : 0;

		if (back >= 2 * half)
			break;
		if (bh_run_validity(window->run, window->rule, i) == BH_NIGHT_VALID &&
		    nights_value(window, leaf, i, &nightly, &values[part][n[part]]))
			n[part]++;
	}
	if (2 * n[0] < half || 2 * n[1] < half)
		bh_measure_missing(window, ret,
				   "half of the last %d nights and of the %d before them", half,
				   half);
	else
		bh_measure_number(ret, bh_median(values[0], (size_t)n[0]) -
					       bh_median(values[1], (size_t)n[1]));
}

/* change(x, 2h) is about the night the window ends with. */
static void change_inside(struct bh_window *window, const struct bh_leaf *leaf,
			  struct bh_value *ret)
{
	const struct bh_nightly *nightly =
		bh_run_nightly(window->run, window->rule, leaf->slot, window->night);

	if (nightly->why != BH_WHY_KNOWN)
		bh_measure_missing_nights(ret, window, nightly, 0, 1);
	else
		bh_measure_number(ret, nightly->e[0]);
}

struct side {
	int nights;
	int64_t n;
	int64_t e;
};

static void before_after_value(struct bh_window *window, const struct bh_leaf *leaf,
			       struct bh_value *ret)
{
	struct bh_run *run = window->run;
	const char *since = bh_profile_value(run->history, leaf->since);
	int needed = leaf->at_least_nights ? leaf->at_least_nights : BEFORE_AFTER_MIN;
	struct side side[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	struct bh_rate_ratio ratio;
	int32_t date, day;

	if (!since || bh_answer_date(since, &date) < 0) {
		bh_measure_missing(window, ret, BH_LACKS_PROFILE "%s (profile %s)",
				   bh_profile_info(leaf->since)->text, leaf->since);
		return;
	}
	day = bh_day_of_date(date);
	if (window->to_day - day > BH_BEFORE_AFTER_NIGHTS) {
		bh_measure_missing(window, ret, "the change is more than %d nights ago",
				   BH_BEFORE_AFTER_NIGHTS);
		return;
	}
	for (int i = window->night; i >= 0 && run->day[i] >= day - BH_BEFORE_AFTER_NIGHTS; i--) {
		struct side *of = &side[run->day[i] >= day ? 1 : 0];
		const struct bh_nightly *nightly;

		if (bh_run_validity(run, window->rule, i) != BH_NIGHT_VALID)
			continue;
		nightly = bh_run_nightly(run, window->rule, leaf->slot, i);
		if (nightly->why != BH_WHY_KNOWN)
			continue;
		of->nights++;
		of->n += nightly->n[0];
		of->e += leaf->arm[0].has_state ? nightly->e[0] : 1;
	}
	if (side[0].nights < needed || side[1].nights < needed || side[0].e == 0 ||
	    side[1].e == 0) {
		bh_measure_missing(window, ret,
				   "%d nights before and %d after; %d of each are needed",
				   side[0].nights, side[1].nights, needed);
		return;
	}
	ratio = bh_poisson_ratio(side[0].n, side[0].e, side[1].n, side[1].e);
	bh_measure_number(ret, ratio.ratio);
	ret->low = ratio.low;
	ret->high = ratio.high;
}

/* +1: left is the painful leg, -1: right, 0: not known. */
static int pain_sign(const struct bh_window *window)
{
	switch (bh_diary_painside(window->run, window->from_day, window->to_day)) {
	case BH_SIDE_LEFT:
		return 1;
	case BH_SIDE_RIGHT:
		return -1;
	case BH_SIDE_UNKNOWN:
	case BH_SIDE_BOTH:
		break;
	}
	return 0;
}

/* A signal seen from the painful leg changes its sign with it. */
static void turn_to_pain(const struct bh_window *window, const struct bh_leaf *leaf,
			 struct bh_value *ret)
{
	int sign;

	if (!leaf->painside || !ret->known)
		return;
	sign = pain_sign(window);
	if (sign == 0)
		bh_measure_missing(window, ret, "which leg hurts (diary pain, with its side)");
	ret->milli *= sign;
}

void bh_trend_value(struct bh_window *window, const struct bh_leaf *leaf, struct bh_value *ret)
{
	if (leaf->kind == BH_LEAF_MEDIAN)
		median_value(window, leaf, ret);
	else if (leaf->kind == BH_LEAF_BEFORE_AFTER)
		before_after_value(window, leaf, ret);
	else if (leaf->kind == BH_LEAF_SLOPE && leaf->per_ms)
		slope_inside(window, leaf, ret);
	else if (leaf->kind == BH_LEAF_SLOPE)
		slope_over_nights(window, leaf, ret);
	else if (leaf->per_ms)
		change_inside(window, leaf, ret);
	else
		change_over_nights(window, leaf, ret);
	turn_to_pain(window, leaf, ret);
}

enum bh_truth bh_window_confirmed(struct bh_window *window, int index, char *why, size_t size)
{
	const struct bh_leaf *leaf = bh_window_leaf(window, index);
	int sign = leaf->painside ? pain_sign(window) : 1;
	int known_run = 0, true_run = 0;
	int32_t last_day = INT32_MIN;
	const struct bh_nightly *nightly, *refused = NULL;
	struct bh_value value;
	bool testable = false;

	for (int i = 0; i < window->n_valid && sign != 0; i++) {
		int32_t day = window->run->day[window->valid[i]];
		int64_t number_of_night;

		if (day != last_day + 1)
			known_run = true_run = 0;
		last_day = day;
		if (!nights_value(window, leaf, window->valid[i], &nightly, &number_of_night)) {
			refused = nightly;
			known_run = true_run = 0;
			continue;
		}
		known_run++;
		true_run = bh_compare_holds(sign * number_of_night, leaf->op, leaf->value)
				   ? true_run + 1
				   : 0;
		testable |= known_run >= leaf->per_nights;
		if (true_run >= leaf->per_nights &&
		    (!window->live || window->valid[i] == window->night))
			return BH_TRUTH_TRUE;
	}
	if (testable)
		return BH_TRUTH_FALSE;
	bh_value_clear(&value);
	if (sign == 0)
		bh_measure_missing(window, &value, "which leg hurts (diary pain, with its side)");
	else if (refused)
		bh_measure_missing_nights(&value, window, refused, 0, leaf->per_nights);
	else
		bh_measure_missing(window, &value, "%d nights in a row", leaf->per_nights);
	if (why && size)
		snprintf(why, size, "%s", value.why);
	return BH_TRUTH_UNKNOWN;
}
