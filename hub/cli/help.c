/* SPDX-License-Identifier: MIT */
/* bedside help: --help, where people type it first. */
#include "hub/cli/verbs.h"

#include <stddef.h>

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const struct bh_cli_verb *verb;

	(void)cli;
	if (args->n_words > 1)
		return bh_cli_misuse("help", "unexpected word '%.40s': one verb at a time",
				     args->words[1]);
	if (args->n_words == 0) {
		bh_cli_help();
		return BH_EXIT_OK;
	}
	verb = bh_cli_verb_find(args->words[0]);
	if (!verb)
		return BH_EXIT_USAGE;
	bh_cli_help_verb(verb);
	return BH_EXIT_OK;
}

const struct bh_cli_verb bh_cli_verb_help = {
	.name = "help",
	.words = "[VERB]",
	.summary = "What there is, or how one verb is used",
	.run = run,
};
