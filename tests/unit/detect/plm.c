/* SPDX-License-Identifier: MIT */
/*
 * Periodic leg movements: hand-made recordings whose answers a published scorer gave, and random
 * ones scored a second time by a slow program written from the rules' text alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/detect/plm.h"

#include <math.h>
#include <string.h>

#define MAX 400

struct recording {
	struct bh_leg_movement m[MAX];
	size_t n;
};

static int64_t ns(double seconds)
{
	return (int64_t)llround(seconds * 1000.0) * BH_NS_PER_MS;
}

static void move(struct recording *r, enum bh_side leg, double on_s, double length_s)
{
	size_t i = r->n++;

	for (; i > 0 && r->m[i - 1].on_ns > ns(on_s); i--)
		r->m[i] = r->m[i - 1];
	r->m[i] = (struct bh_leg_movement){ .leg = leg,
					    .on_ns = ns(on_s),
					    .off_ns = ns(on_s) + ns(length_s) };
}

/* Left leg, two seconds each. */
static void at(struct recording *r, double on_s)
{
	move(r, BH_SIDE_LEFT, on_s, 2);
}

static void every(struct recording *r, enum bh_side leg, double from_s, double step_s, int n)
{
	for (int i = 0; i < n; i++)
		move(r, leg, from_s + step_s * i, 2);
}

static struct bh_plm_counts score(struct recording *r)
{
	struct bh_plm_counts counts;

	r->n = bh_plm_join(r->m, r->n, &bh_plm_wasm_2016);
	bh_plm_series(r->m, r->n, &bh_plm_wasm_2016);
	bh_plm_count(r->m, r->n, &counts);
	return counts;
}

static void expect(struct recording *r, uint32_t candidates, uint32_t periodic)
{
	struct bh_plm_counts counts = score(r);

	assert_int_equal(counts.candidates, candidates);
	assert_int_equal(counts.periodic, periodic);
}

static void one_leg(void **unused)
{
	struct recording r = { .n = 0 };
	static const struct {
		double step;
		int n;
		uint32_t periodic;
	} steady[] = {
		{ 20, 4, 4 },	 /* A1 */
		{ 20, 3, 0 },	 /* A2 */
		{ 10, 4, 4 },	 /* A3 */
		{ 9.99, 4, 0 },	 /* A4 */
		{ 90, 4, 4 },	 /* A5 */
		{ 90.01, 4, 0 }, /* A6 */
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(steady) / sizeof(steady[0]); i++) {
		r.n = 0;
		every(&r, BH_SIDE_LEFT, 100, steady[i].step, steady[i].n);
		expect(&r, (uint32_t)steady[i].n, steady[i].periodic);
	}
}

static void a_long_movement_breaks_a_series(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	/* A7: ten seconds are not too long. */
	every(&r, BH_SIDE_LEFT, 100, 20, 5);
	r.m[2].off_ns = r.m[2].on_ns + ns(10.0);
	expect(&r, 5, 5);
	/* A8: a little more is. */
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 5);
	r.m[2].off_ns = r.m[2].on_ns + ns(10.5);
	expect(&r, 4, 0);
	/* A9: four before and four after it make two series. */
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 4);
	move(&r, BH_SIDE_LEFT, 180, 10.5);
	every(&r, BH_SIDE_LEFT, 200, 20, 4);
	assert_int_equal(score(&r).series, 2);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 4);
	move(&r, BH_SIDE_LEFT, 180, 10.5);
	every(&r, BH_SIDE_LEFT, 200, 20, 4);
	expect(&r, 8, 8);
}

static void a_short_interval_breaks_a_series(void **unused)
{
	static const double a10[] = { 100, 120, 140, 160, 165, 185, 205, 225 };
	static const double a11[] = { 100, 120, 140, 145, 165, 185, 205 };
	static const double a12[] = { 100, 120, 140, 160, 165, 185, 205 };
	struct recording r = { .n = 0 };
	struct bh_plm_counts counts;

	(void)unused;
	for (size_t i = 0; i < 8; i++)
		at(&r, a10[i]);
	counts = score(&r);
	assert_int_equal(counts.candidates, 8);
	assert_int_equal(counts.periodic, 8);
	assert_int_equal(counts.series, 2);
	assert_int_equal(counts.pi_ferri_permille, 857);
	r.n = 0;
	for (size_t i = 0; i < 7; i++)
		at(&r, a11[i]);
	counts = score(&r);
	assert_int_equal(counts.candidates, 7);
	assert_int_equal(counts.periodic, 4);
	assert_int_equal(counts.pi_ferri_permille, 500);
	r.n = 0;
	for (size_t i = 0; i < 7; i++)
		at(&r, a12[i]);
	expect(&r, 7, 4);
}

static void half_a_second_is_the_shortest(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	every(&r, BH_SIDE_LEFT, 100, 20, 5); /* A13 */
	r.m[1].off_ns = r.m[1].on_ns + ns(0.49);
	expect(&r, 4, 4);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 5); /* A14 */
	r.m[1].off_ns = r.m[1].on_ns + ns(0.50);
	expect(&r, 5, 5);
}

static void two_legs(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	every(&r, BH_SIDE_LEFT, 100, 20, 4); /* B1 */
	every(&r, BH_SIDE_RIGHT, 102.49, 20, 4);
	expect(&r, 4, 4);
	assert_int_equal(r.m[0].leg, BH_SIDE_BOTH);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 4); /* B2 */
	every(&r, BH_SIDE_RIGHT, 102.50, 20, 4);
	expect(&r, 8, 0);
	r.n = 0;
	at(&r, 100); /* B3 */
	at(&r, 102.49);
	every(&r, BH_SIDE_LEFT, 120, 20, 3);
	expect(&r, 4, 4);
	r.n = 0;
	move(&r, BH_SIDE_LEFT, 100, 8); /* B4 */
	move(&r, BH_SIDE_RIGHT, 107, 8);
	every(&r, BH_SIDE_LEFT, 125, 20, 4);
	expect(&r, 5, 5);
	r.n = 0;
	move(&r, BH_SIDE_LEFT, 100, 8); /* B5: 15.1 s together */
	move(&r, BH_SIDE_RIGHT, 107, 8.1);
	every(&r, BH_SIDE_LEFT, 125, 20, 4);
	expect(&r, 4, 4);
}

static void more_than_four_joined_are_too_many(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	at(&r, 100); /* B6 */
	move(&r, BH_SIDE_RIGHT, 102.2, 2);
	at(&r, 104.4);
	move(&r, BH_SIDE_RIGHT, 106.6, 2);
	every(&r, BH_SIDE_LEFT, 125, 20, 3);
	expect(&r, 4, 4);
	r.n = 0;
	at(&r, 100); /* B7 */
	move(&r, BH_SIDE_RIGHT, 102.2, 2);
	at(&r, 104.4);
	move(&r, BH_SIDE_RIGHT, 106.6, 2);
	at(&r, 108.8);
	every(&r, BH_SIDE_LEFT, 125, 20, 4);
	expect(&r, 4, 4);
	r.n = 0;
	at(&r, 80); /* B8: joined with one that is too long */
	move(&r, BH_SIDE_LEFT, 100, 11);
	move(&r, BH_SIDE_RIGHT, 105, 2);
	every(&r, BH_SIDE_LEFT, 125, 20, 4);
	expect(&r, 5, 4);
}

static void breathing_takes_its_movements(void **unused)
{
	const int64_t breath_end_ns = ns(140);
	struct recording r = { .n = 0 };

	(void)unused;
	every(&r, BH_SIDE_LEFT, 100, 20, 5); /* C1 */
	expect(&r, 5, 5);
	r.n = bh_plm_without_breathing(r.m, r.n, &breath_end_ns, 1);
	assert_int_equal(bh_plm_series(r.m, r.n, &bh_plm_wasm_2016), 4);
}

static void alternating_legs(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	every(&r, BH_SIDE_LEFT, 100, 20, 4); /* D1 */
	every(&r, BH_SIDE_RIGHT, 110, 20, 4);
	expect(&r, 8, 8);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 18, 4); /* D2 */
	every(&r, BH_SIDE_RIGHT, 109, 18, 4);
	expect(&r, 8, 0);
}

static void indices(void **unused)
{
	struct recording r = { .n = 0 };
	struct bh_plm_counts counts;

	(void)unused;
	every(&r, BH_SIDE_LEFT, 100, 20, 4);
	counts = score(&r);
	assert_int_equal(counts.pi_ferri_permille, 1000);
	assert_int_equal(counts.pi_ratio_permille, 1000);
	assert_int_equal(counts.interval_ms, 20000);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 10, 4); /* strictly more than 10 s */
	assert_int_equal(score(&r).pi_ferri_permille, 0);
	/* 10 s and 40 s have 20 s as their geometric mean. */
	r.n = 0;
	at(&r, 100);
	at(&r, 110);
	at(&r, 150);
	assert_int_equal(score(&r).interval_ms, 20000);
	r.n = 0;
	counts = score(&r);
	assert_int_equal(counts.pi_ferri_permille, BH_PLM_UNKNOWN);
	assert_int_equal(counts.pi_ratio_permille, BH_PLM_UNKNOWN);
	assert_int_equal(counts.interval_ms, BH_PLM_UNKNOWN);
}

static void the_older_rules_measure_on(void **unused)
{
	struct recording r = { .n = 0 };

	(void)unused;
	/* A movement 4 s after the second one is left out, a long one is not counted: one series. */
	every(&r, BH_SIDE_LEFT, 100, 20, 6);
	at(&r, 124);
	r.m[4].off_ns = r.m[4].on_ns + ns(11);
	r.n = bh_plm_join(r.m, r.n, &bh_plm_aasm);
	assert_int_equal(bh_plm_series(r.m, r.n, &bh_plm_aasm), 5);
	/* Legs that start less than 5 s apart are one movement. */
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 4);
	every(&r, BH_SIDE_RIGHT, 104.9, 20, 4);
	r.n = bh_plm_join(r.m, r.n, &bh_plm_aasm);
	assert_int_equal(r.n, 4);
	r.n = 0;
	every(&r, BH_SIDE_LEFT, 100, 20, 4);
	every(&r, BH_SIDE_RIGHT, 105, 20, 4);
	assert_int_equal(bh_plm_join(r.m, r.n, &bh_plm_aasm), 8);
	assert_int_equal(bh_plm_series(r.m, 8, &bh_plm_aasm), 8);
}

static void logarithms(void **unused)
{
	(void)unused;
	for (int64_t v = 1; v < (INT64_C(1) << 40); v = v * 5 / 4 + 1)
		assert_true(fabs(bh_ln_micro(v) - 1e6 * log((double)v)) < 4.0);
}

/* The slow program: whole seconds as text says, sets of movements, everything compared with
 * everything, no step shared with the scorer. */
struct slow {
	double on, off;
	int leg, parts;
	int clm;
};

/* "Join events when next.onset < prev.offset + 0.5": until nothing joins any more. */
static int slow_join(struct slow *s, int n, int same_leg)
{
	for (int again = 1; again;) {
		again = 0;
		for (int a = 0; a < n && !again; a++) {
			int next = -1;

			for (int b = 0; b < n; b++) {
				if (b == a || (same_leg && s[b].leg != s[a].leg) ||
				    s[b].on < s[a].on || (s[b].on == s[a].on && b < a))
					continue;
				if (next < 0 || s[b].on < s[next].on)
					next = b;
			}
			if (next < 0 || s[next].on >= s[a].off + 0.5 - 1e-9)
				continue;
			if (s[next].off > s[a].off)
				s[a].off = s[next].off;
			s[a].parts += same_leg ? 0 : s[next].parts;
			s[a].clm = s[a].clm && s[next].clm;
			s[next] = s[--n];
			again = 1;
		}
	}
	return n;
}

static int slow_score(struct slow *s, int n, int *candidates)
{
	int periodic = 0;

	n = slow_join(s, n, 1);
	for (int i = 0; i < n;)
		if (s[i].off - s[i].on < 0.5 - 1e-9)
			s[i] = s[--n];
		else
			i++;
	for (int i = 0; i < n; i++)
		s[i].clm = s[i].off - s[i].on <= 10.0 + 1e-9;
	n = slow_join(s, n, 0);
	for (int i = 0; i < n; i++) {
		if (s[i].parts > 4 || s[i].off - s[i].on > (s[i].parts > 1 ? 15.0 : 10.0) + 1e-9)
			s[i].clm = 0;
	}
	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && s[k].on < s[k - 1].on; k--) {
			struct slow t = s[k];

			s[k] = s[k - 1];
			s[k - 1] = t;
		}
	*candidates = 0;
	for (int i = 0; i < n; i++) {
		int first = i, last = i;

		*candidates += s[i].clm;
		if (!s[i].clm)
			continue;
		/* The longest run of good intervals around this movement. */
		while (first > 0 && s[first - 1].clm && s[first].on - s[first - 1].on > 10 - 1e-9 &&
		       s[first].on - s[first - 1].on < 90 + 1e-9)
			first--;
		while (last + 1 < n && s[last + 1].clm && s[last + 1].on - s[last].on > 10 - 1e-9 &&
		       s[last + 1].on - s[last].on < 90 + 1e-9)
			last++;
		periodic += last - first + 1 >= 4;
	}
	return periodic;
}

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static void a_thousand_random_recordings(void **unused)
{
	uint32_t random = 2016;
	long all_periodic = 0, all_joined = 0, all_rejected = 0;

	(void)unused;
	for (int k = 0; k < 1000; k++) {
		struct recording r = { .n = 0 };
		struct slow slow[MAX];
		struct bh_plm_counts counts;
		double on = 0;
		int n = 20 + (int)(next_random(&random) % 60), candidates, periodic;

		for (int i = 0; i < n; i++) {
			static const int gaps[] = { 400, 3000, 12000, 30000, 95000 };
			/* Hundredths of a second, often on the boundaries. */
			int gap = (int)(next_random(&random) %
					(uint32_t)gaps[next_random(&random) % 5]);
			int length = (int)(next_random(&random) %
					   (next_random(&random) % 8 ? 400u : 1200u));

			if (next_random(&random) % 4 == 0)
				gap = next_random(&random) % 2 ? 1000 : 9000;
			on += gap / 100.0 / (next_random(&random) % 3 ? 10 : 1);
			if (next_random(&random) % 16 == 0)
				length = next_random(&random) % 2 ? 50 : 1000;
			slow[i] = (struct slow){ .on = on,
						 .off = on + length / 100.0,
						 .leg = (int)(next_random(&random) % 2),
						 .parts = 1 };
			on = floor(on * 100 + 0.5) / 100;
			slow[i].on = on;
			slow[i].off = floor((on + length / 100.0) * 100 + 0.5) / 100;
			move(&r, slow[i].leg ? BH_SIDE_RIGHT : BH_SIDE_LEFT, slow[i].on,
			     slow[i].off - slow[i].on);
		}
		counts = score(&r);
		periodic = slow_score(slow, n, &candidates);
		assert_int_equal(counts.candidates, candidates);
		assert_int_equal(counts.periodic, periodic);
		all_periodic += periodic;
		all_joined += n - (long)r.n;
		all_rejected += (long)r.n - candidates;
	}
	/* They are not all trivial. */
	assert_true(all_periodic > 5000);
	assert_true(all_joined > 5000);
	assert_true(all_rejected > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_leg),
		cmocka_unit_test(a_long_movement_breaks_a_series),
		cmocka_unit_test(a_short_interval_breaks_a_series),
		cmocka_unit_test(half_a_second_is_the_shortest),
		cmocka_unit_test(two_legs),
		cmocka_unit_test(more_than_four_joined_are_too_many),
		cmocka_unit_test(breathing_takes_its_movements),
		cmocka_unit_test(alternating_legs),
		cmocka_unit_test(indices),
		cmocka_unit_test(the_older_rules_measure_on),
		cmocka_unit_test(logarithms),
		cmocka_unit_test(a_thousand_random_recordings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
