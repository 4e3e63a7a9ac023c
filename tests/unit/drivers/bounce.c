/* SPDX-License-Identifier: MIT */
/*
 * Nights of simulated pads as the edges that real contacts make: each change bounces for 5 to 40 ms
 * (science notes, section 6), and now and then a pad that does not move makes and breaks for a moment.
 * The contact driver must give back what the pads did: every change, once, when it began, and no other.
 */
#include "drivers/simulator/random.h"
#include "drivers/simulator/simulator.h"
#include "tests/fakes/bench.h"
#include "tests/fakes/fake_gpio.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS BH_NS_PER_MS
#define CHIP "pinctrl-bcm2711"
#define PADS 4
#define CHANGES_MAX 20000
#define EDGES_MAX (CHANGES_MAX * 20)
#define BOUNCES_MAX 8
/* The preset of the option `debounce`. */
#define QUIET_NS (50 * MS)
#define BOUNCE_MAX_NS (40 * MS)
/* The simulator looks at pads at its own pace; no two changes of one are closer than this. */
#define APART_NS (100 * MS)

static const char mat[] =
	"chip: " CHIP "\n"
	"zones:\n"
	"  - { name: p0, line: 0, at: trunk }\n"
	"  - { name: p1, line: 1, at: legs }\n"
	"  - { name: p2, line: 2, at: edge_left }\n"
	"  - { name: p3, line: 3, at: edge_right }\n";

static const char *const lines[PADS] = { "L0", "L1", "L2", "L3" };

struct change {
	int64_t ns;
	bool closed;
};

/* What each pad did, and what the driver made of it. */
struct pads {
	size_t n[PADS];
	struct change change[PADS][CHANGES_MAX];
};

struct edge {
	int64_t ns;
	int pad;
	bool closed;
	size_t order;
};

static struct pads did, told;
static struct edge edges[EDGES_MAX];
static size_t n_edges;
static struct bh_bench bench;
static struct bh_fake_gpio gpio;

static void note(struct pads *pads, int pad, int64_t ns, bool closed)
{
	assert_true(pads->n[pad] < CHANGES_MAX);
	pads->change[pad][pads->n[pad]++] = (struct change){ ns, closed };
}

/* Seven nights of somebody who gets up and hangs the legs over the edge. */
static void simulate(uint64_t seed)
{
	static struct bh_frame frame;
	struct bh_simulation_config config;
	struct bh_simulation *simulation;
	bool closed[PADS] = { false };
	struct bh_error err;

	memset(&did, 0, sizeof(did));
	bh_simulation_config_init(&config);
	config.sleeper = BH_SLEEPER_LEG_HANGING;
	config.seed = seed;
	config.nights = 7;
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), 0);
	bh_frame_init(&frame, &bh_simulation_info(simulation)->mat);
	assert_int_equal(frame.n_zones, PADS);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		for (int pad = 0; pad < PADS && frame.mat_fault == BH_FAULT_NONE; pad++) {
			if (closed[pad] == (frame.load[pad] > 0))
				continue;
			closed[pad] = !closed[pad];
			note(&did, pad, frame.mono_ns, closed[pad]);
		}
	}
	bh_simulation_free(simulation);
}

static void add_edge(int pad, int64_t ns, bool closed)
{
	assert_true(n_edges < EDGES_MAX);
	edges[n_edges] = (struct edge){ ns, pad, closed, n_edges };
	n_edges++;
}

/* A change: there, and back and there again until it rests. */
static void bounce(struct bh_random *random, int pad, const struct change *change)
{
	int64_t length_ns = (int64_t)(bh_random_between(random, 5, 40) * 1000) * BH_NS_PER_US;
	int n = (int)bh_random_between(random, 1, BOUNCES_MAX);
	int64_t step_ns = length_ns / (2 * n);

	add_edge(pad, change->ns, change->closed);
	for (int i = 0; i < n; i++) {
		int64_t at_ns = change->ns + 2 * i * step_ns;
		int64_t back_ns = at_ns + 1 + (int64_t)(bh_random_uniform(random) * (double)step_ns);

		add_edge(pad, back_ns, !change->closed);
		add_edge(pad, at_ns + 2 * step_ns, change->closed);
	}
}

/* A tremor in the middle of a rest: it ends as it began. */
static void spike(struct bh_random *random, int pad, const struct change *change)
{
	int64_t rest_ns = change[1].ns - change[0].ns;
	int64_t at_ns = change->ns + rest_ns / 2;

	if (rest_ns < BH_NS_PER_S || !bh_random_chance(random, .2))
		return;
	add_edge(pad, at_ns, !change->closed);
	add_edge(pad, at_ns + (int64_t)(bh_random_between(random, .1, 10) * 1000) * BH_NS_PER_US,
		 change->closed);
}

static int by_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void make_edges(uint64_t seed)
{
	struct bh_random random;

	n_edges = 0;
	bh_random_start(&random, seed, 0, 0, 0);
	for (int pad = 0; pad < PADS; pad++) {
		for (size_t i = 0; i < did.n[pad]; i++) {
			assert_true(i == 0 || did.change[pad][i].ns - did.change[pad][i - 1].ns >=
						      APART_NS);
			bounce(&random, pad, &did.change[pad][i]);
			if (i + 1 < did.n[pad])
				spike(&random, pad, &did.change[pad][i]);
		}
	}
	qsort(edges, n_edges, sizeof(edges[0]), by_time);
}

/* Everything there is to read at @p now_ns. */
static void read_all(int64_t now_ns, bool closed[PADS])
{
	while (bh_bench_read(&bench, now_ns) == 1) {
		assert_int_equal(bench.frame.lost, 0);
		for (int pad = 0; pad < PADS; pad++) {
			if (closed[pad] == (bench.frame.load[pad] > 0))
				continue;
			closed[pad] = !closed[pad];
			note(&told, pad, bench.frame.mono_ns, closed[pad]);
		}
	}
}

/* The loop wakes @p late_ns after an edge, and when the driver says. */
static void drive(enum bh_fake_gpio_abi abi, int64_t late_ns)
{
	bool closed[PADS] = { false };
	int64_t wake_ns = INT64_MAX;
	size_t i = 0;

	memset(&told, 0, sizeof(told));
	if (bh_bench_begin(&bench, "contact", mat) < 0)
		fail_msg("%s", bench.text);
	bh_fake_gpio_init(&gpio, abi, &bench.bus);
	for (int pad = 0; pad < PADS; pad++)
		bh_fake_gpio_add(&gpio, CHIP, pad, lines[pad], true);
	if (bh_bench_open(&bench) < 0)
		fail_msg("%s", bench.text);
	assert_int_equal(bh_bench_read(&bench, 0), 1);
	while (i < n_edges || wake_ns != INT64_MAX) {
		int64_t due_ns = bh_bench_due(&bench) < wake_ns ? bh_bench_due(&bench) : wake_ns;

		if (i < n_edges && edges[i].ns <= due_ns) {
			bh_fake_gpio_set(&gpio, lines[edges[i].pad], edges[i].ns, !edges[i].closed);
			if (wake_ns == INT64_MAX)
				wake_ns = edges[i].ns + late_ns;
			i++;
			continue;
		}
		if (due_ns == wake_ns)
			wake_ns = INT64_MAX;
		read_all(due_ns, closed);
	}
	read_all(bh_bench_due(&bench), closed);
	bh_bench_end(&bench);
	bh_fake_gpio_close(&gpio);
}

static void compare(void)
{
	size_t exact = 0, all = 0;

	for (int pad = 0; pad < PADS; pad++) {
		assert_int_equal(told.n[pad], did.n[pad]);
		for (size_t i = 0; i < did.n[pad]; i++) {
			const struct change *want = &did.change[pad][i], *got = &told.change[pad][i];

			assert_int_equal(got->closed, want->closed);
			/* Time may not run backwards: where another pad began later and rested sooner,
			 * this one bears the time of that. */
			assert_true(got->ns >= want->ns && got->ns <= want->ns + BOUNCE_MAX_NS + QUIET_NS);
			exact += got->ns == want->ns;
			all++;
		}
	}
	assert_true(all > 500);
	assert_true(exact > all * 9 / 10);
}

static void bounce_is_one_change_when_it_began(void **state)
{
	static const int64_t late_ns[] = { 0, 3 * MS, 20 * MS };

	(void)state;
	for (uint64_t seed = 1; seed <= 3; seed++) {
		simulate(seed);
		make_edges(seed);
		/* As many edges as bounces make, not as changes do. */
		assert_true(n_edges > 5 * (did.n[0] + did.n[1] + did.n[2] + did.n[3]));
		for (size_t i = 0; i < sizeof(late_ns) / sizeof(late_ns[0]); i++) {
			drive(BH_FAKE_GPIO_V2, late_ns[i]);
			compare();
		}
		drive(BH_FAKE_GPIO_V1, 0);
		compare();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bounce_is_one_change_when_it_began),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
