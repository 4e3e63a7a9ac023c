/* SPDX-License-Identifier: MIT */
/* Diaries and profiles from CSV files: every line is right, or nothing is taken. */
#ifndef BH_CLI_IMPORT_H
#define BH_CLI_IMPORT_H

#include "hub/cli/say.h"

/**
 * @brief `note --import` (columns at, key, value; side, site, night and bed may be left out) and
 * `profile --import` (key, value; at and bed may be left out). Every bad line is told, one line each.
 * @param bed --bed, for lines without one, or NULL.
 * @return enum bh_exit.
 */
int bh_cli_import(struct bh_cli *cli, const char *path, enum bh_remark_kind kind, const char *bed);

#endif
