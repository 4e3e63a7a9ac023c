/* SPDX-License-Identifier: MIT */
#include "hub/cli/cli.h"

#include "hub/cli/verbs.h"
#include "hub/core/suggest.h"
#include "hub/core/version.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define CONFIG_PRESET "/etc/bedside/bedside.yaml"
/* More verbs than DESIGN.md section 10 has. */
#define VERBS_MAX 32

static const struct bh_cli_verb *const verbs[] = {
#define VERB(name) &bh_cli_verb_##name,
#include "hub/cli/verbs.def"
#undef VERB
	NULL,
};

const struct bh_cli_verb *bh_cli_verb_at(size_t i)
{
	return i < sizeof(verbs) / sizeof(verbs[0]) ? verbs[i] : NULL;
}

static bool has_name(const struct bh_cli_option *options, const char *name)
{
	for (; options && options->name; options++)
		if (strcmp(options->name, name) == 0)
			return true;
	return false;
}

/* "undo", "import": the word or option of a verb that was typed as one. */
static bool say_where(const char *name)
{
	for (size_t i = 0; verbs[i]; i++) {
		bool word = has_name(verbs[i]->parts, name);

		if (!word && !has_name(verbs[i]->options, name))
			continue;
		bh_cli_misuse("", "unknown verb '%.40s': did you mean bedside %s %s%s?", name,
			      verbs[i]->name, word ? "" : "--", name);
		return true;
	}
	return false;
}

const struct bh_cli_verb *bh_cli_verb_find(const char *name)
{
	const char *names[VERBS_MAX + 1] = { NULL };
	const char *near;

	for (size_t i = 0; verbs[i] && i < VERBS_MAX; i++) {
		names[i] = verbs[i]->name;
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	}
	if (say_where(name))
		return NULL;
	near = bh_suggest(name, names);
	if (near)
		bh_cli_misuse("", "unknown verb '%.40s': did you mean '%s'?", name, near);
	else
		bh_cli_misuse("", "unknown verb '%.40s'", name);
	return NULL;
}

/* A word of the verb that was typed as an option: --list. */
static int refuse(const struct bh_cli_verb *verb, const struct bh_error *err)
{
	if (strncmp(err->place, "--", 2) == 0 && has_name(verb->parts, err->place + 2))
		return bh_cli_misuse(verb->name, "%s: is a word, not an option: bedside %s %s",
				     err->place, verb->name, err->place + 2);
	return bh_cli_misused(verb->name, err);
}

static void take_globals(struct bh_cli *cli, const struct bh_cli_args *args)
{
	if (bh_cli_value(args, "config"))
		cli->config_path = bh_cli_value(args, "config");
	if (bh_cli_value(args, "db"))
		cli->db_path = bh_cli_value(args, "db");
	if (bh_cli_value(args, "json"))
		cli->json = true;
}

/* What is written to a full disk or a closed pipe is lost: that is a failure, too. */
static int finish_output(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	if (errno == EPIPE)
		return code; /* `bedside events | head` has had enough */
	return bh_cli_fail_text(BH_EXIT_FAILURE, "stdout: cannot be written: %s", strerror(errno));
}

static int run_verb(struct bh_cli *cli, const char *name, int argc, char **argv, bool no_color)
{
	const struct bh_cli_verb *verb = bh_cli_verb_find(name);
	struct bh_cli_args args;
	struct bh_error err;

	if (!verb)
		return BH_EXIT_USAGE;
	if (bh_cli_parse(verb->options, verb->letters, argc, argv, false, &args, &err) < 0)
		return refuse(verb, &err);
	if (bh_cli_value(&args, "help")) {
		bh_cli_help_verb(verb);
		return BH_EXIT_OK;
	}
	take_globals(cli, &args);
	bh_cli_terminal(&cli->terminal, no_color || bh_cli_value(&args, "no-color") != NULL);
	return verb->run(cli, &args);
}

int bh_cli_main(int argc, char **argv)
{
	struct bh_cli cli = { 0 };
	struct bh_cli_args args;
	struct bh_error err;
	int code = BH_EXIT_OK;

	setlocale(LC_ALL, "");
	if (bh_cli_parse(NULL, NULL, argc, argv, true, &args, &err) < 0)
		return bh_cli_misused("", &err);
	take_globals(&cli, &args);
	if (bh_cli_value(&args, "help"))
		bh_cli_help();
	else if (bh_cli_value(&args, "version"))
		printf("bedside %s\n", BH_VERSION);
	else if (args.n_words == 0)
		code = bh_cli_misuse("", "no verb: begin with \"bedside demo\"");
	else
		code = run_verb(&cli, args.words[0], args.n_words, argv + (argc - args.n_words),
				bh_cli_value(&args, "no-color") != NULL);
	bh_config_free(cli.config);
	return finish_output(code);
}

int bh_cli_config(struct bh_cli *cli, bool secrets)
{
	const char *path = cli->config_path;
	struct bh_error err = { .place = "", .text = "out of memory" };
	int r;

	if (cli->config)
		return BH_EXIT_OK;
	/* Only where there is none: one that may not be read is told of, not replaced by a made-up bed. */
	if (!path && (access(CONFIG_PRESET, F_OK) == 0 || errno != ENOENT))
		path = CONFIG_PRESET;
	if (!path)
		r = bh_config_default(&cli->config, &err);
	else if (secrets)
		r = bh_config_read(path, &cli->config, &err);
	else
		r = bh_config_read_public(path, &cli->config, &err);
	return r < 0 ? bh_cli_fail(bh_cli_exit_config(r), &err) : BH_EXIT_OK;
}

int bh_cli_config_builtin(struct bh_cli *cli)
{
	struct bh_error err = { .text = "out of memory" };
	int r = bh_config_default(&cli->config, &err);

	return r < 0 ? bh_cli_fail(bh_cli_exit_config(r), &err) : BH_EXIT_OK;
}
