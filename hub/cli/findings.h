/* SPDX-License-Identifier: MIT */
/* Findings for people: what was seen, what speaks for it, what against, what is missing. */
#ifndef BH_CLI_FINDINGS_H
#define BH_CLI_FINDINGS_H

#include "hub/cli/history.h"
#include "rules/rule.h"

/* Red flags of one night that were raised and do not stand any more; the first ones say enough. */
#define BH_CLI_GONE_MAX 8

/** The findings of one night, in memory. */
struct bh_cli_findings {
	struct bh_finding *finding;
	size_t n;
	struct bh_store_red_flag gone[BH_CLI_GONE_MAX];
	size_t n_gone;
};

/** @brief Load the findings of a night (0: the newest of each rule), by class and name. @return 0 or a
 *  negative errno. Free finding. */
int bh_cli_findings_load(const struct bh_cli_history *history, int bed, int32_t night,
			 struct bh_cli_findings *ret);

/** @brief The first lines: what the night's findings come to, and what could not be looked for. */
void bh_cli_verdict_print(const struct bh_cli *cli, const struct bh_cli_findings *findings);
/** @brief One finding with its evidence, wrapped to the terminal; what its rule in @p set is for. */
void bh_cli_finding_print(const struct bh_cli *cli, const struct bh_rule_set *set,
			  const struct bh_finding *finding);

/** @brief Print text wrapped at the terminal's width behind an indent; @p first stands before it. Nothing
 *  for an empty text. */
void bh_cli_wrapped(const struct bh_cli *cli, const char *first, const char *text);

#endif
