/* SPDX-License-Identifier: MIT */
/*
 * The table of what was asked: reads "source.name value" lines (tests/accuracy/run --names prints
 * them) and prints each figure beside what issue 3 asks, with its 95 % interval:
 *
 *   accuracy_table < NAMES
 *
 * A source is a program; of a simulated one "program.MAT.HOW" (undisturbed, disturbed, dead, missing).
 */
#include "tests/accuracy/asked.h"
#include "tests/accuracy/figures.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MATS_MAX 32
/* Two kinds of nights stand beside each other. */
#define GROUPS 2
#define NAME_MAX_LENGTH 160

struct line {
	char *name, *value;
};

struct names {
	struct line *line;
	size_t n;
	const char *mat[MATS_MAX];
	int n_mats;
};

/* How one figure came out. */
struct outcome {
	enum { TOLD, NOT_TOLD, NO_CASE, ABSENT } what;
	double value, n;
	bool has_interval;
	struct figures_interval interval;
};

struct marks {
	int reached, fell_short, not_told, no_case, absent;
};

static const char *find(const struct names *names, const char *source, const char *name)
{
	char wanted[NAME_MAX_LENGTH];

	snprintf(wanted, sizeof(wanted), "%s.%s", source, name);
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->line[i].name, wanted) == 0)
			return names->line[i].value;
	return NULL;
}

/* PREFIX and SUFFIX together are the name. */
static bool number(const struct names *names, const char *source, const char *prefix,
		   const char *suffix, double *ret)
{
	char name[NAME_MAX_LENGTH];
	const char *text;

	snprintf(name, sizeof(name), "%s%s", prefix, suffix);
	text = find(names, source, name);
	if (!text)
		return false;
	*ret = strtod(text, NULL);
	return true;
}

static bool tell_f1(const struct names *names, const char *source, const char *prefix,
		    struct outcome *ret)
{
	double pairs, told, truth;
	struct figures_tally tally;

	if (!number(names, source, prefix, "found", &pairs) ||
	    !number(names, source, prefix, "told", &told) ||
	    !number(names, source, prefix, "true", &truth))
		return false;
	tally = (struct figures_tally){ (long)pairs, (long)told, (long)truth };
	ret->value = figures_f1(&tally);
	ret->n = truth;
	ret->interval = figures_f1_interval(&tally);
	return true;
}

/* NAME of OF, or a mean over OF cases. */
static bool tell_share(const struct names *names, const char *source,
		       const struct asked_figure *asked, struct outcome *ret)
{
	if (!number(names, source, asked->name, "", &ret->value) ||
	    !number(names, source, asked->of, "", &ret->n))
		return false;
	if (asked->how == ASKED_SHARE && ret->n > 0)
		ret->value /= ret->n;
	ret->interval = figures_wilson(ret->value, ret->n);
	return true;
}

/* What a mat can tell, `simulated` says: @p capable is that source. */
static struct outcome tell(const struct names *names, const char *source, const char *capable,
			   const struct asked_figure *asked)
{
	struct outcome told = { .what = TOLD, .has_interval = true };
	bool there = false;
	double known = 1;

	if (asked->known)
		number(names, capable, asked->known, "", &known);
	switch (asked->how) {
	case ASKED_F1:
		there = tell_f1(names, source, asked->name, &told);
		break;
	case ASKED_SHARE:
	case ASKED_MEAN:
		there = tell_share(names, source, asked, &told);
		break;
	case ASKED_NUMBER:
		there = number(names, source, asked->name, "", &told.value);
		told.has_interval =
			number(names, source, asked->name, "_low", &told.interval.low) &&
			number(names, source, asked->name, "_high", &told.interval.high);
		if (!asked->of || !number(names, source, asked->of, "", &told.n))
			told.n = 0;
		break;
	}
	if (told.n <= 0 && (told.has_interval || asked->of))
		told.what = NO_CASE;
	if (!there)
		told.what = ABSENT;
	if (known == 0)
		told.what = NOT_TOLD;
	return told;
}

static int digits(double value, bool share)
{
	if (!share && (value >= 100 || value == (int)value))
		return 0;
	return share || value < 1 ? 3 : 2;
}

static void print_value(double value, bool share)
{
	bool nearly_all = share && value < 1 && value >= .9995;
	bool nearly_none = share && value > 0 && value < .0005;
	char text[32];

	/* What is not all must not look like all, nor what is not none like none. */
	if (nearly_all || nearly_none)
		snprintf(text, sizeof(text), "%.4f",
			 value > .9999	 ? .9999
			 : value < .0001 ? .0001
					 : value);
	else
		snprintf(text, sizeof(text), "%.*f", digits(value, share), value);
	printf(" %6s", text);
}

static void print_interval(const struct outcome *told, bool share)
{
	char text[32] = "";

	if (told->has_interval)
		snprintf(text, sizeof(text), "%.*f-%.*f", share || told->value < 1 ? 3 : 2,
			 told->interval.low, share || told->value < 1 ? 3 : 2, told->interval.high);
	printf(" %-11s", text);
}

static const char *mark(const struct outcome *told, double wanted, bool at_most,
			struct marks *marks)
{
	if (told->what == NOT_TOLD) {
		marks->not_told++;
		return "not told by this mat";
	}
	if (told->what == ABSENT) {
		marks->absent += wanted >= 0;
		return "not measured";
	}
	if (told->what == NO_CASE) {
		marks->no_case += wanted >= 0;
		return "no case";
	}
	if (wanted < 0)
		return "";
	if (at_most ? told->value <= wanted : told->value >= wanted) {
		marks->reached++;
		return "reached";
	}
	marks->fell_short++;
	return "short";
}

/* The last column of a line is not filled up with blanks. */
static void print_outcome(const struct outcome *told, const struct asked_figure *asked,
			  double wanted, bool last, struct marks *marks)
{
	const char *verdict = mark(told, wanted, asked->at_most, marks);
	bool share = asked->how != ASKED_NUMBER;
	char n[32] = "";

	if (told->what != TOLD) {
		printf(" %*s %s", 6, "", verdict);
		if (!last)
			printf("%*s", 26 - (int)strlen(verdict), "");
		return;
	}
	if (told->n > 0)
		snprintf(n, sizeof(n), "%.0f", told->n);
	print_value(told->value, share);
	print_interval(told, share);
	printf(" %6s", n);
	if (!last)
		printf(" %-7s", verdict);
	else if (*verdict)
		printf(" %s", verdict);
}

static void print_wanted(double wanted, bool at_most, bool share)
{
	char text[32] = "";

	if (wanted >= 0)
		snprintf(text, sizeof(text), "%s %.*f",
			 at_most ? "<=" : ">=", wanted < 1 || share ? 2 : digits(wanted, false),
			 wanted);
	printf(" %-8s", text);
}

/* Why a program gave nothing, once under its rows. */
static void print_reason(const struct names *names, const char *source)
{
	const char *skipped = find(names, source, "skipped"),
		   *failed = find(names, source, "failed");

	if (skipped)
		printf("    %s skipped: %s\n", source, skipped);
	if (failed)
		printf("    %s failed: %s\n", source, failed);
}

static void print_recordings(const struct names *names, struct marks *marks)
{
	const char *source = "";

	printf("%-52s %-8s %6s %-11s %6s\n", "RECORDINGS AND TESTS", "asked", "told", "95 %", "of");
	for (size_t i = 0; i < asked_of_recordings_n; i++) {
		const struct asked_figure *asked = &asked_of_recordings[i];
		struct outcome told = tell(names, asked->source, asked->source, asked);

		if (strcmp(source, asked->source) != 0)
			print_reason(names, asked->source);
		source = asked->source;
		printf("  %-50s", asked->text);
		print_wanted(asked->wanted[0], asked->at_most, asked->how != ASKED_NUMBER);
		print_outcome(&told, asked, asked->wanted[0], true, marks);
		putchar('\n');
	}
}

/* What is asked of a mat of this kind and rate; below 0: nothing. */
static double wanted_of(const struct names *names, const char *mat,
			const struct asked_figure *asked)
{
	static const char *const kinds[ASKED_KINDS] = { "contact", "strips", "matrix", "load_cells",
							"load_cells" };
	char source[NAME_MAX_LENGTH];
	const char *kind;
	double rate = 0;

	snprintf(source, sizeof(source), "simulated.%s.undisturbed", mat);
	kind = find(names, source, "kind");
	number(names, source, "rate_hz", "", &rate);
	for (int i = 0; kind && i < ASKED_KINDS; i++) {
		if (i == ASKED_CELLS && rate >= ASKED_FAST_HZ)
			continue;
		if (strcmp(kinds[i], kind) == 0)
			return asked->wanted[i];
	}
	return -1;
}

static void print_mat(const struct names *names, const char *mat, const char *const *groups,
		      const struct asked_figure *asked, struct marks *marks)
{
	double wanted = wanted_of(names, mat, asked);

	printf("  %-14s", mat);
	print_wanted(wanted, asked->at_most, asked->how != ASKED_NUMBER);
	for (int g = 0; g < GROUPS; g++) {
		char source[NAME_MAX_LENGTH], capable[NAME_MAX_LENGTH];
		struct outcome told;

		snprintf(source, sizeof(source), "%s.%s.%s", asked->source, mat, groups[g]);
		snprintf(capable, sizeof(capable), "simulated.%s.%s", mat, groups[g]);
		told = tell(names, source, capable, asked);
		if (g > 0 && told.what == NOT_TOLD)
			break;
		print_outcome(&told, asked, wanted, g > 0 || told.what == NOT_TOLD, marks);
	}
	putchar('\n');
}

static void print_simulated(const struct names *names, const char *const *groups,
			    const char *const *titles, const struct asked_figure *asked, size_t n,
			    struct marks *marks)
{
	printf("\n%-25s %6s %-26s %6s %s\n", "SIMULATED NIGHTS", "", titles[0], "", titles[1]);
	printf("%-16s %-8s %6s %-11s %6s %-7s %6s %-11s %6s\n", "", "asked", "told", "95 %", "of",
	       "", "told", "95 %", "of");
	for (size_t i = 0; i < n; i++) {
		printf("%s\n", asked[i].text);
		for (int m = 0; m < names->n_mats; m++)
			print_mat(names, names->mat[m], groups, &asked[i], marks);
	}
}

static void read_names(struct names *names)
{
	char *text = NULL;
	size_t size = 0;

	while (getline(&text, &size, stdin) > 0) {
		struct line *line;
		char *blank, *end;

		text[strcspn(text, "\n")] = '\0';
		blank = strchr(text, ' ');
		if (!blank)
			continue;
		*blank = '\0';
		names->line = reallocarray(names->line, names->n + 1, sizeof(*names->line));
		if (!names->line)
			abort();
		line = &names->line[names->n++];
		line->name = strdup(text);
		line->value = strdup(blank + 1);
		if (!line->name || !line->value)
			abort();
		end = strstr(line->name, ".undisturbed.mat");
		if (strncmp(line->name, "simulated.", 10) == 0 && end && names->n_mats < MATS_MAX)
			names->mat[names->n_mats++] = line->value;
	}
	free(text);
}

int main(void)
{
	static const char *const whole[GROUPS] = { "undisturbed", "disturbed" };
	static const char *const broken[GROUPS] = { "dead", "missing" };
	static const char *const broken_titles[GROUPS] = { "one sensor dead", "30 % missing" };
	struct names names = { .n = 0 };
	struct marks marks = { 0 };

	read_names(&names);
	print_recordings(&names, &marks);
	print_simulated(&names, whole, whole, asked_of_simulated, asked_of_simulated_n, &marks);
	print_simulated(&names, broken, broken_titles, asked_of_broken, asked_of_broken_n, &marks);
	printf("\n%d reached, %d short, %d not told by their mat, %d without a case, %d not "
	       "measured\n",
	       marks.reached, marks.fell_short, marks.not_told, marks.no_case, marks.absent);
	for (size_t i = 0; i < names.n; i++) {
		free(names.line[i].name);
		free(names.line[i].value);
	}
	free(names.line);
	return EXIT_SUCCESS;
}
