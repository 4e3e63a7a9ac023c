/* SPDX-License-Identifier: MIT */
#include "hub/cli/simulation.h"

#include "hub/cli/table.h"
#include "hub/cli/times.h"
#include "hub/core/suggest.h"

#include <string.h>

/* More names than any of the three tables has. */
#define NAMES_MAX 32

/* One of the simulator's tables, as rows. */
struct choice {
	const char *option;
	bool (*row)(unsigned int i, const char **ret_name, const char **ret_text);
	int (*take)(const char *name, struct bh_simulation_config *config);
};

static bool sleeper_row(unsigned int i, const char **ret_name, const char **ret_text)
{
	const struct bh_sleeper_info *info = bh_sleeper_info((enum bh_sleeper)i);

	if (info) {
		*ret_name = info->name;
		*ret_text = info->text;
	}
	return info != NULL;
}

static bool mat_row(unsigned int i, const char **ret_name, const char **ret_text)
{
	const struct bh_sim_mat_info *info = bh_sim_mat_info((enum bh_sim_mat)i);

	if (info) {
		*ret_name = info->name;
		*ret_text = info->text;
	}
	return info != NULL;
}

static bool confounder_row(unsigned int i, const char **ret_name, const char **ret_text)
{
	const struct bh_confounder_info *info =
		i < BH_CONFOUNDERS ? bh_confounder_info(i) : NULL;

	if (info) {
		*ret_name = info->name;
		*ret_text = info->text;
	}
	return info != NULL;
}

static int take_sleeper(const char *name, struct bh_simulation_config *config)
{
	return bh_sleeper_from_name(name, &config->sleeper);
}

static int take_mat(const char *name, struct bh_simulation_config *config)
{
	return bh_sim_mat_from_name(name, &config->mat);
}

static int take_confounders(const char *names, struct bh_simulation_config *config)
{
	return bh_confounders_from_text(names, &config->confounders);
}

static const struct choice choices[] = { { "sleeper", sleeper_row, take_sleeper },
					 { "mat", mat_row, take_mat },
					 { "confounders", confounder_row, take_confounders } };

static int list(const struct bh_cli *cli, const struct choice *choice)
{
	static const struct bh_table_column columns[] = { { "NAME", false, false },
							  { "MEANS", false, true },
							  { NULL, false, false } };
	struct bh_table *table = bh_table_new(&cli->terminal, columns);
	const char *cells[2];

	for (unsigned int i = 0; table && choice->row(i, &cells[0], &cells[1]); i++)
		bh_table_add(table, cells);
	return table && bh_table_finish(table) >= 0 ? BH_EXIT_OK : BH_EXIT_FAILURE;
}

static int unknown(const struct choice *choice, const char *verb, const char *typed)
{
	const char *names[NAMES_MAX + 1] = { NULL };
	const char *text, *near;

	for (unsigned int i = 0; i < NAMES_MAX && choice->row(i, &names[i], &text); i++)
		;
	near = bh_suggest(typed, names);
	if (near)
		return bh_cli_misuse(verb, "--%s %.40s: did you mean %s?", choice->option, typed, near);
	return bh_cli_misuse(verb, "--%s %.40s: there is none: --%s help lists them",
			     choice->option, typed, choice->option);
}

static int read_choices(const char *verb, const struct bh_cli *cli, const struct bh_cli_args *args,
			struct bh_simulation_config *config, bool *ret_listed)
{
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const char *text = bh_cli_value(args, choices[i].option);

		if (!text)
			continue;
		if (strcmp(text, "help") == 0) {
			*ret_listed = true;
			return list(cli, &choices[i]);
		}
		if (choices[i].take(text, config) < 0)
			return unknown(&choices[i], verb, text);
	}
	return BH_EXIT_OK;
}

int bh_cli_simulation(const char *verb, const struct bh_cli *cli, const struct bh_cli_args *args,
		      struct bh_simulation_config *config, bool *ret_listed)
{
	int64_t seed = (int64_t)config->seed, nights = config->nights;
	const char *start = bh_cli_value(args, "start");
	struct bh_error err;
	int code;

	*ret_listed = false;
	code = read_choices(verb, cli, args, config, ret_listed);
	if (code != BH_EXIT_OK || *ret_listed)
		return code;
	if (bh_cli_number(args, "seed", 0, INT64_MAX, &seed, &err) < 0 ||
	    bh_cli_number(args, "nights", 1, BH_SIM_NIGHTS_MAX, &nights, &err) < 0)
		return bh_cli_misused(verb, &err);
	if (start && bh_cli_date_parse(start, &config->start_date, &err) < 0)
		return bh_cli_misused(verb, &err);
	config->seed = (uint64_t)seed;
	config->nights = (int)nights;
	return BH_EXIT_OK;
}
