/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/simulator.h"
#include "hub/cli/output.h"
#include "hub/cli/progress.h"
#include "hub/cli/simulation.h"
#include "hub/cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct bh_cli_option options[] = {
	{ "sleeper", "NAME", "who: healthy (the default), leg-hanging, ... (--sleeper help)" },
	{ "mat", "NAME", "on what: contact (the default), strips, ... (--mat help)" },
	{ "confounders", "NAME,...", "what disturbs: partner, pet, ... (--confounders help)" },
	{ "seed", "N", "which person of that kind (1)" },
	{ "nights", "N", "how many (14)" },
	{ "start", "DATE", "evening of the first" },
	{ "output", "DIR", "folder to write into, made if it is not there" },
	{ NULL, NULL, NULL },
};

static const struct bh_cli_letter letters[] = { { 'o', "output" }, { 0, NULL } };

static bool on_progress(void *ctx, int night, int nights)
{
	char note[32];

	snprintf(note, sizeof(note), "night %d of %d", night + 1, nights);
	bh_progress_draw(ctx, night, nights, note);
	return !bh_interrupted();
}

static int write_captures(struct bh_cli *cli, const struct bh_simulation_config *config,
			  const char *dir)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_progress progress;
	json_t *object;
	int r;

	bh_interrupt_catch();
	bh_progress_begin(&progress, "simulating");
	r = bh_simulate_write(config, dir, on_progress, &progress, &err);
	bh_progress_end(&progress);
	if (r == -ECANCELED)
		return bh_cli_fail_text(BH_EXIT_FAILURE, "simulate: interrupted");
	if (r < 0)
		return bh_cli_fail(r == -EINVAL ? BH_EXIT_USAGE : bh_cli_exit_data(r), &err);
	if (!cli->json) {
		printf("SIMULATED: %d nights of a %s sleeper (seed %llu) in %s\n"
		       "Play them: bedside replay --db FILE CAPTURE\n",
		       config->nights, bh_sleeper_info(config->sleeper)->name,
		       (unsigned long long)config->seed, dir);
		return BH_EXIT_OK;
	}
	object = json_object();
	bh_json_text(object, "directory", dir);
	bh_json_text(object, "sleeper", bh_sleeper_info(config->sleeper)->name);
	bh_json_text(object, "mat", bh_sim_mat_info(config->mat)->name);
	json_object_set_new(object, "seed", json_integer((json_int_t)config->seed));
	json_object_set_new(object, "nights", json_integer(config->nights));
	json_object_set_new(object, "simulated", json_true());
	return bh_json_line(object) < 0 ? BH_EXIT_FAILURE : BH_EXIT_OK;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	struct bh_simulation_config config;
	const char *dir;
	bool listed;
	int code;

	bh_simulation_config_init(&config);
	code = bh_cli_simulation("simulate", cli, args, &config, &listed);
	if (code != BH_EXIT_OK || listed)
		return code;
	dir = bh_cli_value(args, "output");
	if (!dir || args->n_words != 0)
		return bh_cli_misuse("simulate", "name one folder to write into: --output DIR");
	return write_captures(cli, &config, dir);
}

const struct bh_cli_verb bh_cli_verb_simulate = {
	.name = "simulate",
	.summary = "Write captures of made-up sleepers, with what truly happened beside them",
	.text = "The same options give the same bytes on every machine. What a detector makes of them says\n"
		"something about the simulation, not about people.",
	.options = options,
	.letters = letters,
	.run = run,
};
