/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/restless.h"

#include "tests/accuracy/figures.h"

#include <string.h>

/* As many nights of one person as positions.c takes. */
#define NIGHTS_MAX 60
#define DAY_MINUTES 1440
/* The last night may go on a little. */
#define MINUTES_MAX ((NIGHTS_MAX + 1) * DAY_MINUTES)
#define HALF_NS (BH_NS_PER_MIN / 2)

/* Of each minute since the first noon, what lies in restless periods. */
static int64_t told_ns[MINUTES_MAX], true_ns[MINUTES_MAX];
static bool left_out[MINUTES_MAX];
static long told, truth, found, nights;

void restless_begin(void)
{
	memset(told_ns, 0, sizeof(told_ns));
	memset(true_ns, 0, sizeof(true_ns));
	memset(left_out, 0, sizeof(left_out));
}

static void add(int64_t *sum_ns, int64_t from_ns, int64_t to_ns)
{
	for (int64_t m = from_ns / BH_NS_PER_MIN; m < MINUTES_MAX && m * BH_NS_PER_MIN < to_ns;
	     m++) {
		int64_t begin_ns = m * BH_NS_PER_MIN, end_ns = begin_ns + BH_NS_PER_MIN;

		sum_ns[m] += (to_ns < end_ns ? to_ns : end_ns) -
			     (from_ns > begin_ns ? from_ns : begin_ns);
	}
}

/* Movement is counted over five minutes: beside a gap nobody can tell yet. */
static void leave_out(int64_t from_ns, int64_t to_ns)
{
	int64_t from = from_ns / BH_NS_PER_MIN - 5, to = to_ns / BH_NS_PER_MIN + 5;

	for (int64_t m = from > 0 ? from : 0; m <= to && m < MINUTES_MAX; m++)
		left_out[m] = true;
}

void restless_take(const struct bh_record *record)
{
	const struct bh_event *event = &record->u.event;

	if (record->kind == BH_RECORD_EVENT && event->type == BH_EVENT_RESTLESS &&
	    event->phase == BH_PHASE_CLOSE)
		add(told_ns, event->start_ns, event->end_ns);
}

static void take_truth(const struct draw_night *night, int i)
{
	size_t n;
	const struct bh_sim_truth *t = bh_simulation_truth(night->simulation, i, &n);

	nights++;
	for (size_t k = 0; k < n; k++) {
		if (t[k].kind == BH_SIM_TRUTH_DATA_GAP)
			leave_out(t[k].start_ns, t[k].end_ns);
		if (t[k].kind == BH_SIM_TRUTH_RESTLESS && t[k].mech)
			add(true_ns, t[k].start_ns, t[k].end_ns);
	}
	if (night->missing)
		leave_out(night->missing[i].from_ns, night->missing[i].to_ns);
}

void restless_settle(const struct draw_night *night)
{
	int n = bh_simulation_night(night->simulation) + 1;

	for (int i = 0; i < n; i++)
		take_truth(night, i);
	for (size_t m = 0; m < MINUTES_MAX; m++) {
		bool is_told = told_ns[m] >= HALF_NS, is_true = true_ns[m] >= HALF_NS;

		if (left_out[m])
			continue;
		told += is_told;
		truth += is_true;
		found += is_told && is_true;
	}
}

void restless_print(void)
{
	figures_print_count("restless_minutes_true", truth);
	figures_print_count("restless_minutes_told", told);
	figures_print_count("restless_minutes_found", found);
	figures_print_count("restless_nights", nights);
}
