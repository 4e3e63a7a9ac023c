/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/figures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void figures_path(const char *folder, const char *kind, const char *file, char *buf, size_t size)
{
	const char *data = getenv("BEDSIDE_DATA");

	if (folder) {
		snprintf(buf, size, "%s/%s", folder, file);
		return;
	}
	if (!data || !*data) {
		printf("skipped: no data (BEDSIDE_DATA is not set)\n");
		exit(FIGURES_SKIPPED);
	}
	snprintf(buf, size, "%s/%s/%s", data, kind, file);
}

FILE *figures_open(const char *folder, const char *kind, const char *file)
{
	char path[4096];
	FILE *f;

	figures_path(folder, kind, file, path, sizeof(path));
	f = fopen(path, "r");
	if (!f) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(5);
	}
	return f;
}

int figures_split(char *line, char **fields, int cap)
{
	int n = 0;

	line[strcspn(line, "\r\n")] = '\0';
	for (char *p = line; p && n < cap;) {
		fields[n++] = p;
		p = strchr(p, ',');
		if (p)
			*p++ = '\0';
	}
	return n;
}

void figures_print(const char *name, double value)
{
	printf("%s %.3f\n", name, value);
}

void figures_print_count(const char *name, long value)
{
	printf("%s %ld\n", name, value);
}

void figures_print_f1(const char *prefix, long found_true, long found, long truth)
{
	double precision = found ? (double)found_true / (double)found : 0;
	double recall = truth ? (double)found_true / (double)truth : 0;

	printf("%sprecision %.3f\n", prefix, precision);
	printf("%srecall %.3f\n", prefix, recall);
	printf("%sf1 %.3f\n", prefix,
	       precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0);
}

double figures_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

void figures_add(struct figures_moments *moments, double at)
{
	if (moments->n == FIGURES_MOMENTS_MAX) {
		fprintf(stderr, "more than %d moments\n", FIGURES_MOMENTS_MAX);
		exit(4);
	}
	moments->at[moments->n++] = at;
}

static int by_time(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* With one tolerance for all, taking in time order the earliest partner that still fits pairs as
 * many as there can be. */
int figures_match(const struct figures_moments *found, const struct figures_moments *truth,
		  double tolerance)
{
	struct figures_moments f = *found, t = *truth;
	int n = 0;

	qsort(f.at, (size_t)f.n, sizeof(f.at[0]), by_time);
	qsort(t.at, (size_t)t.n, sizeof(t.at[0]), by_time);
	for (int i = 0, k = 0; i < f.n && k < t.n;) {
		if (fabs(f.at[i] - t.at[k]) <= tolerance) {
			n++;
			i++;
			k++;
		} else if (f.at[i] < t.at[k]) {
			i++;
		} else {
			k++;
		}
	}
	return n;
}
