/* SPDX-License-Identifier: MIT */
/* What will interrupt the night, and about when: rates of science.md section 6. */
#include "drivers/simulator/night.h"

#include <stdlib.h>

static void add_break(struct bh_making *making, enum bh_break_kind kind, int64_t at_ns)
{
	if (making->n_breaks == BH_BREAKS_MAX || at_ns >= making->plan->rise_ns - BH_MIN(15))
		return;
	making->brk[making->n_breaks++] = (struct bh_break){ .at_ns = at_ns, .kind = kind };
}

/* Times of a density that falls in a straight line over the night, so that its first third has
 * @p early times as many as its last. */
static int64_t draw_early(struct bh_making *making, double early)
{
	const struct bh_plan *plan = making->plan;
	double length = (double)(plan->rise_ns - plan->bed_ns), last, u;

	if (early > 4.9)
		early = 4.9;
	last = (5 - early) / (5 * early - 1);
	do {
		u = bh_random_uniform(&making->random);
	} while (last <= 1 && !bh_random_chance(&making->random, 1 - u * (1 - last)));
	return plan->bed_ns + (int64_t)(u * length);
}

static int64_t draw_between(struct bh_making *making, double from_min, double until_end_min)
{
	const struct bh_plan *plan = making->plan;
	int64_t from = plan->bed_ns + BH_MIN(from_min), to = plan->rise_ns - BH_MIN(until_end_min);

	return from + (int64_t)(bh_random_uniform(&making->random) * (double)(to - from));
}

static void draw_hangings(struct bh_making *making)
{
	int n = bh_random_poisson(&making->random, making->person->hanging_rate);
	int64_t at = making->plan->bed_ns;

	for (int i = 0; i < n; i++) {
		/* Ten minutes: about what the hanging itself takes before the next wait begins. */
		at += BH_MIN(bh_random_lognormal(&making->random, 75, .6)) + (i ? BH_MIN(10) : 0);
		add_break(making, BH_BREAK_HANG, at);
	}
}

static int by_time(const void *a, const void *b)
{
	const struct bh_break *x = a, *y = b;

	if (x->at_ns != y->at_ns)
		return x->at_ns < y->at_ns ? -1 : 1;
	return (int)x->kind - (int)y->kind;
}

void bh_draw_breaks(struct bh_making *making)
{
	const struct bh_person *person = making->person;
	struct bh_random *random = &making->random;
	int n;

	draw_hangings(making);
	n = bh_random_poisson(random, person->toilet_rate);
	for (int i = 0; i < n; i++)
		add_break(making, BH_BREAK_TOILET, draw_between(making, 60, 20));
	n = bh_random_poisson(random, making->jolt_rate);
	for (int i = 0; i < n; i++)
		add_break(making, BH_BREAK_JOLT, draw_between(making, 45, 20));
	n = bh_random_poisson(random, person->walk_rate);
	for (int i = 0; i < n; i++) /* in the first four hours */
		add_break(making, BH_BREAK_WALK,
			  making->plan->bed_ns + BH_MIN(bh_random_between(random, 15, 240)));
	n = bh_random_poisson(random, making->restless_rate);
	for (int i = 0; i < n; i++)
		add_break(making, BH_BREAK_RESTLESS, draw_early(making, person->restless_early));
	if (person->confounders & BH_CONFOUNDER_INSOMNIA) {
		n = bh_random_poisson(&making->disturbance, 3);
		for (int i = 0; i < n; i++)
			add_break(making, BH_BREAK_LIE_AWAKE, draw_between(making, 60, 30));
	}
	qsort(making->brk, making->n_breaks, sizeof(making->brk[0]), by_time);
}
