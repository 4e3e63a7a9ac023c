/* SPDX-License-Identifier: MIT */
/* The options that say who is simulated: --sleeper, --mat, --confounders, --seed, --nights, --start. */
#ifndef BH_CLI_SIMULATION_H
#define BH_CLI_SIMULATION_H

#include "drivers/simulator/simulator.h"
#include "hub/cli/cli.h"

/**
 * @brief Read those of them that the verb has into @p config.
 * @param ret_listed "--sleeper help" and the like were answered: there is nothing more to do.
 * @return 0 or an exit code after the error was printed.
 */
int bh_cli_simulation(const char *verb, const struct bh_cli *cli, const struct bh_cli_args *args,
		      struct bh_simulation_config *config, bool *ret_listed);

#endif
