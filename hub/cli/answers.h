/* SPDX-License-Identifier: MIT */
/* The keys of profile and diary (hub/core/answer.h) on the command line. */
#ifndef BH_CLI_ANSWERS_H
#define BH_CLI_ANSWERS_H

#include "hub/cli/cli.h"

/** @brief `bedside note help`, `bedside profile help`: every key, what it takes and means. */
int bh_cli_list_answers(const struct bh_cli *cli, bool profile);

#endif
