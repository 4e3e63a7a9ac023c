/* SPDX-License-Identifier: MIT */
/* Options: one table a verb, from which parsing, --help and the man page test come. */
#include "hub/cli/cli.h"

#include "hub/cli/wrap.h"

#include "hub/core/suggest.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* getopt returns an option's index above what it returns for errors and words. */
#define FIRST_OPTION 256

static const struct bh_cli_option globals[] = {
	{ "config", "FILE", "configuration (/etc/bedside/bedside.yaml, or a simulated bed)" },
	{ "db", "FILE", "history to read or write, instead of the configuration's" },
	{ "json", NULL, "one JSON object a line instead of text" },
	{ "no-color", NULL, "no colours (also: the variable NO_COLOR)" },
	{ "help", NULL, "this text" },
	{ "version", NULL, "version of this program" },
	{ NULL, NULL, NULL },
};

static const struct bh_cli_letter global_letters[] = { { 'h', "help" }, { 0, NULL } };

static void add_options(const struct bh_cli_option *options, struct bh_cli_args *args)
{
	for (; options && options->name && args->n_options < BH_CLI_OPTIONS_MAX; options++)
		args->options[args->n_options++] = options;
}

static const char *nearest_option(const struct bh_cli_args *args, const char *typed)
{
	const char *names[BH_CLI_OPTIONS_MAX + 1] = { NULL };
	char name[64];

	for (size_t i = 0; i < args->n_options; i++)
		names[i] = args->options[i]->name;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(typed, "="), typed);
	return bh_suggest(name, names);
}

static int refuse_option(const struct bh_cli_args *args, const char *word, struct bh_error *err)
{
	const char *near = strncmp(word, "--", 2) == 0 ? nearest_option(args, word + 2) : NULL;

	if (near)
		return bh_error_set(err, -EINVAL, word, 0, 0, "unknown option: did you mean --%s?",
				    near);
	if (word[0] == '-' && word[1] >= '0' && word[1] <= '9')
		return bh_error_set(err, -EINVAL, word, 0, 0,
				    "a number below 0 is not taken here");
	return bh_error_set(err, -EINVAL, word, 0, 0, "unknown option: --help lists them");
}

static char letter_of(const struct bh_cli_letter *letters, const char *name)
{
	for (; letters && letters->letter; letters++)
		if (strcmp(letters->name, name) == 0)
			return letters->letter;
	return '\0';
}

/* getopt's tables: an option is known by its letter, or by its place among the long ones. */
static void make_tables(const struct bh_cli_args *args, const struct bh_cli_letter *letters,
			bool stop_at_word, struct option *longs, char *shorts)
{
	size_t n = (size_t)sprintf(shorts, "%s:", stop_at_word ? "+" : "");

	for (size_t i = 0; i < args->n_options; i++) {
		const struct bh_cli_option *option = args->options[i];
		char letter = letter_of(letters, option->name);

		if (!letter)
			letter = letter_of(global_letters, option->name);
		longs[i].name = option->name;
		longs[i].has_arg = option->argument ? required_argument : no_argument;
		longs[i].val = letter ? letter : FIRST_OPTION + (int)i;
		if (letter)
			shorts[n++] = letter;
		if (letter && option->argument)
			shorts[n++] = ':';
	}
	shorts[n] = '\0';
}

/* @return The place of the option that getopt calls @p c, or -1. */
static int place_of(const struct option *longs, int c)
{
	for (int i = 0; longs[i].name; i++)
		if (longs[i].val == c)
			return i;
	return -1;
}

int bh_cli_parse(const struct bh_cli_option *options, const struct bh_cli_letter *letters, int argc,
		 char **argv, bool stop_at_word, struct bh_cli_args *ret, struct bh_error *err)
{
	struct option longs[BH_CLI_OPTIONS_MAX + 1] = { 0 };
	/* "+:", two for each option, the end */
	char shorts[2 * BH_CLI_OPTIONS_MAX + 3];
	int c;

	memset(ret, 0, sizeof(*ret));
	add_options(options, ret);
	add_options(globals, ret);
	make_tables(ret, letters, stop_at_word, longs, shorts);
	opterr = 0;
	optind = 0; /* glibc: start anew, also in the middle of a permutation */
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *word = argv[optind - 1];
		int place = place_of(longs, c), refused = place_of(longs, optopt);

		if (c == ':')
			return bh_error_set(err, -EINVAL, word, 0, 0, "needs a value: %s %s", word,
					    refused >= 0 ? ret->options[refused]->argument : "VALUE");
		if (place < 0 && refused >= 0)
			return bh_error_set(err, -EINVAL, word, 0, 0,
					    "takes no value: write --%s alone",
					    ret->options[refused]->name);
		if (place < 0)
			return refuse_option(ret, word, err);
		ret->values[place] = optarg ? optarg : "";
	}
	ret->n_words = argc - optind;
	ret->words = argv + optind;
	return 0;
}

const char *bh_cli_value(const struct bh_cli_args *args, const char *name)
{
	for (size_t i = 0; i < args->n_options; i++)
		if (strcmp(args->options[i]->name, name) == 0)
			return args->values[i];
	return NULL;
}

int bh_cli_number(const struct bh_cli_args *args, const char *name, int64_t min, int64_t max,
		  int64_t *ret, struct bh_error *err)
{
	const char *text = bh_cli_value(args, name);
	int64_t value;
	char *end;

	if (!text)
		return 0;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno == ERANGE || value < min || value > max)
		return bh_error_set(err, -EINVAL, "", 0, 0,
				    "--%s %.40s: must be a whole number from %" PRId64 " to %" PRId64,
				    name, text, min, max);
	*ret = value;
	return 1;
}

/* ---- --help ---- */

/* What terminals have had for ever; a manual is not read in lines across a wide screen. */
#define HELP_WIDTH 80
/* An option and its argument; longer ones have their text on the next line. */
#define OPTION_WIDTH 20
#define VERB_WIDTH 10

static int help_width(void)
{
	struct bh_cli_terminal terminal;

	bh_cli_terminal(&terminal, false);
	return terminal.width < HELP_WIDTH ? terminal.width : HELP_WIDTH;
}

static void print_row(int width, int left_width, const char *left, const char *text)
{
	char first[64];

	snprintf(first, sizeof(first), "  %-*s ", left_width, left);
	if (bh_wrap_width(left) > (size_t)left_width) {
		puts(first);
		snprintf(first, sizeof(first), "  %-*s ", left_width, "");
	}
	bh_wrap(stdout, width, first, text);
}

static void print_options(const struct bh_cli_option *options, const struct bh_cli_letter *letters)
{
	for (; options && options->name; options++) {
		char left[48], letter[] = "-?, ";

		letter[1] = letter_of(letters, options->name);
		if (!letter[1])
			letter[0] = '\0';
		snprintf(left, sizeof(left), "%s--%s%s%s", letter, options->name,
			 options->argument ? " " : "", options->argument ? options->argument : "");
		print_row(help_width(), OPTION_WIDTH, left, options->help);
	}
}

void bh_cli_help(void)
{
	const struct bh_cli_verb *verb;
	int width = help_width();

	puts("Usage: bedside [OPTION...] VERB [OPTION...] [WORD...]\n");
	bh_wrap(stdout, width, "",
		"What a bed mat and leg thermometers saw of the nights. Begin with: bedside demo");
	putchar('\n');
	for (size_t i = 0; (verb = bh_cli_verb_at(i)) != NULL; i++)
		print_row(width, VERB_WIDTH, verb->name, verb->summary);
	puts("\nEvery verb takes:");
	print_options(globals, global_letters);
	putchar('\n');
	bh_wrap(stdout, width, "",
		"More: bedside VERB --help, man bedside. Bedside observes and arranges; it does not "
		"diagnose, and the absence of a finding does not mean that all is well.");
}

void bh_cli_help_verb(const struct bh_cli_verb *verb)
{
	char first[64], words[256], summary[128];
	int width = help_width();

	snprintf(first, sizeof(first), "Usage: bedside %s ", verb->name);
	snprintf(words, sizeof(words), "[OPTION...] %s", verb->words ? verb->words : "");
	bh_wrap(stdout, width, first, words);
	putchar('\n');
	snprintf(summary, sizeof(summary), "%s.", verb->summary);
	bh_wrap(stdout, width, "", summary);
	if (verb->text) {
		putchar('\n');
		bh_wrap(stdout, width, "", verb->text);
	}
	if (verb->parts)
		putchar('\n');
	for (const struct bh_cli_option *part = verb->parts; part && part->name; part++)
		print_row(width, VERB_WIDTH, part->name, part->help);
	if (verb->options && verb->options->name) {
		puts("\nOptions:");
		print_options(verb->options, verb->letters);
	}
	puts("\nEvery verb takes:");
	print_options(globals, global_letters);
}
