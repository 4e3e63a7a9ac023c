/* SPDX-License-Identifier: MIT */
#include "hub/cli/verbs.h"
#include "hub/line/describe.h"
#include "hub/mqtt/mqtt.h"

#include <stdio.h>

/* The line is made to know the beds as the broker session does; nothing of it runs. */
static void put_nowhere(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	(void)record;
}

static int run(struct bh_cli *cli, const struct bh_cli_args *args)
{
	const struct bh_sink sink = { .put = put_nowhere };
	struct bh_store_bed stored[BH_BEDS_MAX];
	struct bh_mqtt_bed devices[BH_BEDS_MAX];
	struct bh_error err = { .text = "out of memory" };
	const struct bh_bus no_bus = { 0 };
	struct bh_line *line;
	unsigned int n_beds;
	int r, code;

	if (args->n_words > 0)
		return bh_cli_misuse("forget", "unexpected word '%.40s'", args->words[0]);
	code = bh_cli_config(cli, true);
	if (code != BH_EXIT_OK)
		return code;
	if (!cli->config->mqtt.enabled)
		return bh_cli_fail_text(BH_EXIT_CONFIG,
					"%s: no broker is configured, so there is nothing to forget: "
					"name the configuration with --config",
					cli->config->path);
	r = bh_line_new(cli->config, &no_bus, &sink, NULL, &line, &err);
	if (r < 0)
		return bh_cli_fail(bh_cli_exit_config(r), &err);
	n_beds = bh_describe_beds(line, cli->config, stored, devices);
	r = bh_mqtt_forget(cli->config, devices, n_beds, &err);
	bh_line_free(line);
	if (r < 0)
		return bh_cli_fail(BH_EXIT_FAILURE, &err);
	if (cli->json)
		printf("{\"forgotten\":%u}\n", n_beds);
	else
		printf("%u bed%s removed from the broker %s and so from Home Assistant. The history "
		       "stays.\n",
		       n_beds, n_beds == 1 ? "" : "s", cli->config->mqtt.host);
	return BH_EXIT_OK;
}

const struct bh_cli_verb bh_cli_verb_forget = {
	.name = "forget",
	.summary = "Remove this hub's beds from the broker and from Home Assistant",
	.text = "Clears every retained message of the configured beds. Stop bedsided first, or it will\n"
		"announce them again.",
	.options = NULL,
	.run = run,
};
