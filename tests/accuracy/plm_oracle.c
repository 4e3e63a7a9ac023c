/* SPDX-License-Identifier: MIT */
/*
 * Our scorer of periodic leg movements against a published one, movement by movement:
 *
 *   plm_oracle [FOLDER]     FOLDER holds events.csv.gz and oracle.csv.gz
 *
 * The oracle lists what is left after joining and dropping; a movement is equal if onset, offset and
 * the verdict are. It joins legs at a gap of exactly half a second too, which the rules' text does
 * not, and in a night with one leg recorded it joins nothing.
 */
#include "hub/detect/plm.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/recordings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NIGHT_NAME 64
/* What the oracle calls the rules that it was asked to keep: intervals of at least 10 s. */
#define CONFIG "wasm_min10"

struct night {
	char name[NIGHT_NAME];
	struct bh_leg_movement *m;
	size_t n;
};

struct nights {
	struct night *night;
	size_t n;
};

static struct night *night_named(const struct recordings_table *table, struct nights *nights,
				 const char *name)
{
	struct night *night;

	for (size_t i = 0; i < nights->n; i++)
		if (strcmp(nights->night[i].name, name) == 0)
			return &nights->night[i];
	if (strlen(name) >= NIGHT_NAME)
		recordings_bad(table, "a night's name is too long");
	nights->night = recordings_grow(nights->night, nights->n + 1, sizeof(*night));
	night = &nights->night[nights->n++];
	*night = (struct night){ .n = 0 };
	snprintf(night->name, NIGHT_NAME, "%s", name);
	return night;
}

static int64_t ns_of(double seconds)
{
	return (int64_t)(seconds * 1000.0 + 0.5) * BH_NS_PER_MS;
}

/* The columns night, onset_s, offset_s come first in both tables. */
static struct bh_leg_movement *add(const struct recordings_table *table, struct nights *nights)
{
	struct night *night = night_named(table, nights, recordings_text(table, 0));
	struct bh_leg_movement *m;

	night->m = recordings_grow(night->m, night->n + 1, sizeof(*night->m));
	m = &night->m[night->n++];
	*m = (struct bh_leg_movement){
		.on_ns = ns_of(recordings_number(table, 1)),
		.off_ns = ns_of(recordings_number(table, 2)),
	};
	if (m->off_ns < m->on_ns)
		recordings_bad(table, "ends before it starts");
	return m;
}

static void read_events(const char *folder, struct nights *nights)
{
	static const char *const columns[] = { "night", "onset_s", "offset_s", "leg", NULL };
	static struct recordings_table table;

	recordings_open(&table, folder, "plm_oracle", "events.csv.gz", columns);
	while (recordings_next(&table)) {
		long leg = recordings_whole(&table, 3);

		if (leg != 1 && leg != 2)
			recordings_bad(&table, "a leg is 1 (right) or 2 (left)");
		add(&table, nights)->leg = leg == 1 ? BH_SIDE_RIGHT : BH_SIDE_LEFT;
	}
}

static void read_oracle(const char *folder, struct nights *nights)
{
	static const char *const columns[] = { "night",	 "onset_s", "offset_s",
					       "is_plm", "?config", NULL };
	static struct recordings_table table;
	long others = 0;

	recordings_open(&table, folder, "plm_oracle", "oracle.csv.gz", columns);
	while (recordings_next(&table)) {
		const char *config = recordings_text(&table, 4);

		if (strcmp(config, "") == 0 || strcmp(config, CONFIG) == 0)
			add(&table, nights)->periodic = recordings_whole(&table, 3) != 0;
		else
			others++;
	}
	if (nights->n == 0)
		recordings_bad(&table, "no movement of " CONFIG);
	if (others > 0)
		fprintf(stderr, "%s: %ld movements of other rules than " CONFIG " passed over\n",
			table.path, others);
}

static int by_onset(const void *a, const void *b)
{
	const struct bh_leg_movement *x = a, *y = b;

	return (x->on_ns > y->on_ns) - (x->on_ns < y->on_ns);
}

static bool both_legs(const struct night *night)
{
	for (size_t i = 1; i < night->n; i++)
		if (night->m[i].leg != night->m[0].leg)
			return true;
	return false;
}

/* What the oracle's scorer does with a night. */
static void score(struct night *night)
{
	struct bh_plm_rules rules = bh_plm_wasm_2016;
	size_t left = 0;

	rules.join_inclusive = true;
	rules.join_one_leg = false;
	if (!both_legs(night))
		rules.join_ns = BH_PLM_NEVER;
	qsort(night->m, night->n, sizeof(*night->m), by_onset);
	night->n = bh_plm_join(night->m, night->n, &rules);
	bh_plm_series(night->m, night->n, &rules);
	for (size_t i = 0; i < night->n; i++)
		if (night->m[i].candidate)
			night->m[left++] = night->m[i];
	night->n = left;
}

static const struct night *same_night(const struct nights *nights, const char *name)
{
	static const struct night none = { .n = 0 };

	for (size_t i = 0; i < nights->n; i++)
		if (strcmp(nights->night[i].name, name) == 0)
			return &nights->night[i];
	return &none;
}

static long count_equal(const struct night *ours, const struct night *oracle)
{
	long equal = 0;

	for (size_t i = 0; i < oracle->n && i < ours->n; i++) {
		const struct bh_leg_movement *m = &ours->m[i], *o = &oracle->m[i];

		equal += m->on_ns == o->on_ns && m->off_ns == o->off_ns &&
			 m->periodic == o->periodic;
	}
	return equal;
}

static void forget(struct nights *nights)
{
	for (size_t i = 0; i < nights->n; i++)
		free(nights->night[i].m);
	free(nights->night);
}

int main(int argc, char **argv)
{
	static struct nights ours, oracle;
	const char *folder = argc > 1 ? argv[1] : NULL;
	long movements = 0, equal = 0, periodic = 0, nights = 0, nights_equal = 0;

	read_events(folder, &ours);
	read_oracle(folder, &oracle);
	for (size_t k = 0; k < ours.n; k++) {
		const struct night *o = same_night(&oracle, ours.night[k].name);
		struct night *m = &ours.night[k];
		long same;

		score(m);
		same = count_equal(m, o);
		movements += (long)(o->n > m->n ? o->n : m->n);
		equal += same;
		nights++;
		nights_equal += same == (long)o->n && o->n == m->n;
	}
	/* Nights that the oracle alone knows: nothing of them can be equal. */
	for (size_t k = 0; k < oracle.n; k++) {
		const struct night *o = &oracle.night[k];

		for (size_t i = 0; i < o->n; i++)
			periodic += o->m[i].periodic;
		if (same_night(&ours, o->name)->name[0] == '\0') {
			movements += (long)o->n;
			nights++;
		}
	}
	figures_print_count("nights", nights);
	figures_print_count("nights_equal", nights_equal);
	figures_print_count("movements", movements);
	figures_print_count("movements_equal", equal);
	figures_print_count("movements_periodic", periodic);
	figures_print("agreement", movements ? (double)equal / (double)movements : 0);
	forget(&ours);
	forget(&oracle);
	return EXIT_SUCCESS;
}
