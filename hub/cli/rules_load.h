/* SPDX-License-Identifier: MIT */
/* Rule sets for the verbs: those in force, and those in force with a file that is being tried. */
#ifndef BH_CLI_RULES_LOAD_H
#define BH_CLI_RULES_LOAD_H

#include "hub/cli/cli.h"
#include "rules/rule.h"

/** @brief The rules in force: built in, and the configuration's directories. Prints its errors.
 *  @return 0 or an exit code. Free with bh_rule_set_free(). */
int bh_cli_rules_load(struct bh_cli *cli, struct bh_rule_set **ret);

/** @brief The rules in force, and those of @p path (a rule file or a folder of them; NULL: no more) in
 *  place of theirs. Prints its errors. @return 0 or an exit code. Free with bh_rule_set_free(). */
int bh_cli_rules_load_with(struct bh_cli *cli, const char *path, struct bh_rule_set **ret);

/** @brief The built-in library and one file, as `rules check` reads it. Prints its errors.
 *  @return 0 or an exit code. Free with bh_rule_set_free(). */
int bh_cli_rules_load_file(const char *path, struct bh_rule_set **ret);

/** @brief No rule of the set has this id: say which is meant. @return BH_EXIT_USAGE. */
int bh_cli_rules_unknown(const struct bh_rule_set *set, const char *verb, const char *id);

#endif
