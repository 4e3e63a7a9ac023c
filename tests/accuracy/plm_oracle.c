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

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#define MOVEMENTS_MAX 100000
#define NIGHTS_MAX 512
#define NIGHT_NAME 32

struct night {
	char name[NIGHT_NAME];
	struct bh_leg_movement *m;
	size_t n;
};

struct nights {
	struct night night[NIGHTS_MAX];
	size_t n;
};

static struct night *night_named(struct nights *nights, const char *name)
{
	for (size_t i = 0; i < nights->n; i++)
		if (strcmp(nights->night[i].name, name) == 0)
			return &nights->night[i];
	if (nights->n == NIGHTS_MAX) {
		fprintf(stderr, "more than %d nights\n", NIGHTS_MAX);
		exit(4);
	}
	snprintf(nights->night[nights->n].name, NIGHT_NAME, "%s", name);
	nights->night[nights->n].m = calloc(MOVEMENTS_MAX, sizeof(struct bh_leg_movement));
	if (!nights->night[nights->n].m)
		abort();
	return &nights->night[nights->n++];
}

static gzFile open_table(const char *folder, const char *file)
{
	char path[4096];
	gzFile f;

	figures_path(folder, "plm_oracle", file, path, sizeof(path));
	f = gzopen(path, "rb");
	if (!f) {
		fprintf(stderr, "%s: cannot be opened\n", path);
		exit(5);
	}
	return f;
}

static int64_t ns_of(const char *seconds)
{
	return (int64_t)(atof(seconds) * 1000.0 + 0.5) * BH_NS_PER_MS;
}

static struct bh_leg_movement *add(struct night *night, const char *on, const char *off)
{
	struct bh_leg_movement *m = &night->m[night->n++];

	if (night->n == MOVEMENTS_MAX) {
		fprintf(stderr, "night %s: more than %d movements\n", night->name, MOVEMENTS_MAX);
		exit(4);
	}
	m->on_ns = ns_of(on);
	m->off_ns = ns_of(off);
	return m;
}

/* The columns are found by name, so that a table with more of them can be read too. */
static int column(char **field, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(field[i], name) == 0)
			return i;
	fprintf(stderr, "no column %s\n", name);
	exit(4);
}

static void read_events(const char *folder, struct nights *nights)
{
	gzFile f = open_table(folder, "events.csv.gz");
	char line[512], *field[16];
	int n, night, on, off, leg;

	if (!gzgets(f, line, sizeof(line)))
		exit(4);
	n = figures_split(line, field, 16);
	night = column(field, n, "night");
	on = column(field, n, "onset_s");
	off = column(field, n, "offset_s");
	leg = column(field, n, "leg");
	while (gzgets(f, line, sizeof(line))) {
		if (figures_split(line, field, 16) != n)
			continue;
		add(night_named(nights, field[night]), field[on], field[off])->leg =
			atoi(field[leg]) == 1 ? BH_SIDE_RIGHT : BH_SIDE_LEFT;
	}
	gzclose(f);
}

static void read_oracle(const char *folder, struct nights *nights)
{
	gzFile f = open_table(folder, "oracle.csv.gz");
	char line[512], *field[16];
	int n, night, on, off, is_plm;

	if (!gzgets(f, line, sizeof(line)))
		exit(4);
	n = figures_split(line, field, 16);
	night = column(field, n, "night");
	on = column(field, n, "onset_s");
	off = column(field, n, "offset_s");
	is_plm = column(field, n, "is_plm");
	while (gzgets(f, line, sizeof(line)))
		if (figures_split(line, field, 16) == n)
			add(night_named(nights, field[night]), field[on], field[off])->periodic =
				atoi(field[is_plm]) != 0;
	gzclose(f);
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

int main(int argc, char **argv)
{
	static struct nights ours, oracle;
	const char *folder = argc > 1 ? argv[1] : NULL;
	long movements = 0, equal = 0, periodic = 0, nights_equal = 0;

	read_events(folder, &ours);
	read_oracle(folder, &oracle);
	for (size_t k = 0; k < oracle.n; k++) {
		struct night *o = &oracle.night[k], *m = night_named(&ours, o->name);
		long same = 0;

		score(m);
		for (size_t i = 0; i < o->n; i++) {
			periodic += o->m[i].periodic;
			same += i < m->n && m->m[i].on_ns == o->m[i].on_ns &&
				m->m[i].off_ns == o->m[i].off_ns &&
				m->m[i].periodic == o->m[i].periodic;
		}
		movements += (long)(o->n > m->n ? o->n : m->n);
		equal += same;
		nights_equal += same == (long)o->n && o->n == m->n;
	}
	figures_print_count("nights", (long)oracle.n);
	figures_print_count("nights_equal", nights_equal);
	figures_print_count("movements", movements);
	figures_print_count("movements_equal", equal);
	figures_print_count("movements_periodic", periodic);
	figures_print("agreement", movements ? (double)equal / (double)movements : 0);
	for (size_t k = 0; k < ours.n; k++)
		free(ours.night[k].m);
	for (size_t k = 0; k < oracle.n; k++)
		free(oracle.night[k].m);
	return EXIT_SUCCESS;
}
