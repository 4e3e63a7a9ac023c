/* SPDX-License-Identifier: MIT */
/*
 * Cole-Kripke and Sadeh against the answers of the maker's own program, minute by minute:
 *
 *   actigraph [FOLDER]     FOLDER holds *-sleep-awake.csv (timestamp,axis1,...,sadeh,cole-kripke)
 */
#include "hub/detect/sleep.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/recordings.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct day {
	int32_t *axis1;
	char *sadeh, *cole_kripke;
	size_t n;
};

static char verdict(const struct recordings_table *table, int column)
{
	const char *text = recordings_text(table, column);

	if (strcmp(text, "S") != 0 && strcmp(text, "W") != 0)
		recordings_bad(table, "a minute is S or W");
	return text[0];
}

static void read_day(const char *path, struct day *day)
{
	static const char *const columns[] = { "axis1", "sadeh", "cole-kripke", NULL };
	static struct recordings_table table;

	recordings_open_path(&table, path, columns);
	day->n = 0;
	while (recordings_next(&table)) {
		size_t i = day->n++;

		day->axis1 = recordings_grow(day->axis1, day->n, sizeof(*day->axis1));
		day->sadeh = recordings_grow(day->sadeh, day->n, 1);
		day->cole_kripke = recordings_grow(day->cole_kripke, day->n, 1);
		day->axis1[i] = (int32_t)recordings_whole(&table, 0);
		day->sadeh[i] = verdict(&table, 1);
		day->cole_kripke[i] = verdict(&table, 2);
	}
}

int main(int argc, char **argv)
{
	struct day day = { .n = 0 };
	char pattern[4096];
	long minutes = 0, sadeh = 0, cole_kripke = 0;
	glob_t files;

	recordings_path(argc > 1 ? argv[1] : NULL, "actigraph", "*-sleep-awake.csv", pattern,
			sizeof(pattern));
	if (glob(pattern, 0, NULL, &files) != 0) {
		fprintf(stderr, "%s: no such file\n", pattern);
		return EXIT_FAILURE;
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
	free(day.axis1);
	free(day.sadeh);
	free(day.cole_kripke);
	return EXIT_SUCCESS;
}
