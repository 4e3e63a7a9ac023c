/* SPDX-License-Identifier: MIT */
/*
 * Cole-Kripke and Sadeh against the answers of the maker's own program, minute by minute:
 *
 *   actigraph [FOLDER]     FOLDER holds *-sleep-awake.csv (timestamp,axis1,...,sadeh,cole-kripke)
 */
#include "hub/detect/sleep.h"
#include "tests/accuracy/figures.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#define MINUTES_MAX 100000

struct day {
	int32_t axis1[MINUTES_MAX];
	char sadeh[MINUTES_MAX], cole_kripke[MINUTES_MAX];
	size_t n;
};

static int column(char **field, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (strcmp(field[i], name) == 0)
			return i;
	fprintf(stderr, "no column %s\n", name);
	exit(4);
}

static void read_day(const char *path, struct day *day)
{
	FILE *f = fopen(path, "r");
	char line[512], *field[16];
	int n, axis1, sadeh, cole_kripke;

	if (!f || !fgets(line, sizeof(line), f)) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(5);
	}
	n = figures_split(line, field, 16);
	axis1 = column(field, n, "axis1");
	sadeh = column(field, n, "sadeh");
	cole_kripke = column(field, n, "cole-kripke");
	day->n = 0;
	while (fgets(line, sizeof(line), f) && day->n < MINUTES_MAX) {
		if (figures_split(line, field, 16) != n)
			continue;
		day->axis1[day->n] = atoi(field[axis1]);
		day->sadeh[day->n] = field[sadeh][0];
		day->cole_kripke[day->n++] = field[cole_kripke][0];
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	static struct day day;
	char pattern[4096];
	long minutes = 0, sadeh = 0, cole_kripke = 0;
	glob_t files;

	figures_path(argc > 1 ? argv[1] : NULL, "actigraph", "*-sleep-awake.csv", pattern,
		     sizeof(pattern));
	if (glob(pattern, 0, NULL, &files) != 0) {
		fprintf(stderr, "%s: no such file\n", pattern);
		return 5;
	}
	for (size_t k = 0; k < files.gl_pathc; k++) {
		read_day(files.gl_pathv[k], &day);
		minutes += (long)day.n;
		for (size_t i = 0; i < day.n; i++) {
			int64_t d = bh_cole_kripke_milli(day.axis1, day.n, i,
							 &bh_counts_actilife_cole_kripke);
			int64_t ps = bh_sadeh_micro(day.axis1, day.n, i, &bh_counts_actilife_sadeh);

			cole_kripke += (d < 1000 ? 'S' : 'W') == day.cole_kripke[i];
			sadeh += (ps >= BH_SADEH_ASLEEP_ACTILIFE_MICRO ? 'S' : 'W') == day.sadeh[i];
		}
	}
	globfree(&files);
	figures_print_count("minutes", minutes);
	figures_print_count("cole_kripke_equal", cole_kripke);
	figures_print_count("sadeh_equal", sadeh);
	return EXIT_SUCCESS;
}
