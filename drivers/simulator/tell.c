/* SPDX-License-Identifier: MIT */
/* What the phases and movements of a night amount to, by the definitions of science.md section 0. */
#include "drivers/simulator/night.h"

/* A night of at most 25 hours by the minute. */
#define MINUTES_MAX (25 * 60)
/* Movement in seconds a minute, and how many minutes. */
#define QUIET_BELOW_S 2.0
#define QUIET_LEAST 5
#define RESTLESS_FROM_S 6.0
#define RESTLESS_MINUTES 3
#define RESTLESS_WINDOW 5
/* A minute in which the body does not lie from end to end. */
#define NOT_LYING (-1.0)

static void tell_positions(struct bh_making *making)
{
	struct bh_plan *plan = making->plan;

	for (size_t i = 0; i < plan->n_phases; i++) {
		const struct bh_phase *phase = &plan->phase[i];
		size_t j = i + 1;

		if (phase->body != BH_BODY_LYING)
			continue;
		while (j < plan->n_phases && plan->phase[j].body == BH_BODY_LYING &&
		       plan->phase[j].position == phase->position)
			j++;
		bh_add_truth(making, BH_SIM_TRUTH_POSITION, BH_SIDE_UNKNOWN, true,
			     (int32_t)phase->position, phase->start_ns,
			     j < plan->n_phases ? plan->phase[j].start_ns : plan->end_ns);
		i = j - 1;
	}
}

/* Stretches of one body state from the phases: occupied, lying. */
static void tell_stretches(struct bh_making *making, enum bh_sim_truth_kind kind, bool sitting_counts)
{
	const struct bh_plan *plan = making->plan;
	int64_t since = BH_MONO_NONE;

	for (size_t i = 0; i <= plan->n_phases; i++) {
		bool in = i < plan->n_phases &&
			  (plan->phase[i].body == BH_BODY_LYING ||
			   (sitting_counts && plan->phase[i].body == BH_BODY_SITTING));
		int64_t at = i < plan->n_phases ? plan->phase[i].start_ns : plan->end_ns;

		if (in && since == BH_MONO_NONE)
			since = at;
		if (!in && since != BH_MONO_NONE) {
			bh_add_truth(making, kind, BH_SIDE_UNKNOWN, true, 0, since, at);
			since = BH_MONO_NONE;
		}
	}
}

/* Seconds of movement that reached the mattress, by the minute of the night. */
static int count_minutes(const struct bh_plan *plan, double *ret)
{
	int n = (int)((plan->end_ns - plan->start_ns) / BH_NS_PER_MIN);

	for (int i = 0; i < n; i++)
		ret[i] = NOT_LYING;
	for (size_t i = 0; i < plan->n_truths; i++) {
		const struct bh_sim_truth *t = &plan->truth[i];

		if (t->kind != BH_SIM_TRUTH_LYING)
			continue;
		for (int64_t m = (t->start_ns - plan->start_ns + BH_NS_PER_MIN - 1) / BH_NS_PER_MIN;
		     m < (t->end_ns - plan->start_ns) / BH_NS_PER_MIN; m++)
			ret[m] = 0;
	}
	for (size_t i = 0; i < plan->n_truths; i++) {
		const struct bh_sim_truth *t = &plan->truth[i];
		int64_t m = (t->start_ns - plan->start_ns) / BH_NS_PER_MIN;

		if (t->mech && (t->kind == BH_SIM_TRUTH_LEG_MOVEMENT ||
				t->kind == BH_SIM_TRUTH_LARGE_MOVEMENT || t->kind == BH_SIM_TRUTH_JOLT) &&
		    m < n && ret[m] >= 0)
			ret[m] += (double)(t->end_ns - t->start_ns) / (double)BH_NS_PER_S;
	}
	return n;
}

static void tell_minutes(struct bh_making *making, enum bh_sim_truth_kind kind, int from, int to)
{
	int64_t start = making->plan->start_ns;

	bh_add_truth(making, kind, BH_SIDE_UNKNOWN, true, 0, start + from * BH_NS_PER_MIN,
		     start + to * BH_NS_PER_MIN);
}

static bool is_quiet(double seconds)
{
	return seconds >= 0 && seconds < QUIET_BELOW_S;
}

static void tell_quiet(struct bh_making *making, const double *seconds, int n)
{
	for (int i = 0; i < n;) {
		int j = i;

		while (j < n && is_quiet(seconds[j]))
			j++;
		if (j - i >= QUIET_LEAST)
			tell_minutes(making, BH_SIM_TRUTH_QUIET, i, j);
		i = j + 1;
	}
}

static bool begins_restless(const double *seconds, int n)
{
	int restless = 0;

	for (int i = 0; i < RESTLESS_WINDOW && i < n && seconds[i] >= 0; i++)
		restless += seconds[i] >= RESTLESS_FROM_S;
	return seconds[0] >= RESTLESS_FROM_S && restless >= RESTLESS_MINUTES;
}

static void tell_restless(struct bh_making *making, const double *seconds, int n)
{
	for (int i = 0; i < n;) {
		int quiet = 0, j = i;

		if (!begins_restless(seconds + i, n - i)) {
			i++;
			continue;
		}
		for (; j < n && seconds[j] >= 0 && quiet < QUIET_LEAST; j++)
			quiet = is_quiet(seconds[j]) ? quiet + 1 : 0;
		tell_minutes(making, BH_SIM_TRUTH_RESTLESS, i, j - quiet);
		i = j + 1;
	}
}

void bh_tell(struct bh_making *making)
{
	double seconds[MINUTES_MAX];
	int n;

	tell_positions(making);
	tell_stretches(making, BH_SIM_TRUTH_BED_OCCUPIED, true);
	tell_stretches(making, BH_SIM_TRUTH_LYING, false);
	for (size_t i = 0; i < making->asleep.n; i++)
		bh_add_truth(making, BH_SIM_TRUTH_ASLEEP, BH_SIDE_UNKNOWN, true, 0,
			     making->asleep.span[i].start_ns, making->asleep.span[i].end_ns);
	n = count_minutes(making->plan, seconds);
	tell_quiet(making, seconds, n);
	tell_restless(making, seconds, n);
}
