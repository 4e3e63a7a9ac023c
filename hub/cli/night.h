/* SPDX-License-Identifier: MIT */
/* The night's picture, also for the end of a demo. */
#ifndef BH_CLI_NIGHT_H
#define BH_CLI_NIGHT_H

#include "hub/cli/history.h"
#include "hub/core/night.h"

/** @brief Print one night of one bed. @return 0, or an exit code after the error was printed. */
int bh_cli_night_print(const struct bh_cli *cli, const struct bh_cli_history *history, int bed,
		       int32_t date);

#endif
