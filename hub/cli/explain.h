/* SPDX-License-Identifier: MIT */
#ifndef BH_CLI_EXPLAIN_H
#define BH_CLI_EXPLAIN_H

#include "hub/cli/cli.h"

/** @brief bedside rules explain [RULE]. @return enum bh_exit. */
int bh_cli_explain(struct bh_cli *cli, const struct bh_cli_args *args);

#endif
