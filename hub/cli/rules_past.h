/* SPDX-License-Identifier: MIT */
/* Rules on the history of one bed: `rules backtest` and `rules diff`. */
#ifndef BH_CLI_RULES_PAST_H
#define BH_CLI_RULES_PAST_H

#include "hub/cli/history.h"
#include "rules/rule.h"

/** The nights that a verb looks at. */
struct bh_cli_rules_span {
	int32_t from; /**< yyyymmdd, inclusive; there is a night */
	int32_t to;
	bool simulated;
};

/**
 * @brief The nights of --since and --until that the history holds.
 * @return 0, or an exit code after the error was printed; no night is BH_EXIT_DATA.
 */
int bh_cli_rules_span(const struct bh_cli_history *history, const struct bh_cli_args *args,
		      const char *verb, struct bh_cli_rules_span *ret);

/**
 * @brief Read the span in pieces, each with the nights before it that @p set (and @p other, NULL: none)
 * look back on, so that ten years need the memory of months.
 * @param each Gets a piece, and the nights of it that are asked for; non-zero stops.
 * @return 0, what @p each returned, or the store's negative errno.
 */
int bh_cli_rules_walk(const struct bh_cli_history *history, const struct bh_cli_rules_span *span,
		      const struct bh_rule_set *set, const struct bh_rule_set *other,
		      int (*each)(void *ctx, const struct bh_history *past, int32_t from, int32_t to),
		      void *ctx);

/** @brief "some likeness", with what else is to be said of it: "some likeness, red flag". */
const char *bh_cli_rules_outcome(const struct bh_finding *finding, char *buf, size_t size);

/** @brief bedside rules backtest RULE. @return enum bh_exit. */
int bh_cli_rules_backtest(struct bh_cli *cli, const struct bh_cli_args *args);
/** @brief bedside rules diff OLD NEW. @return enum bh_exit. */
int bh_cli_rules_diff(struct bh_cli *cli, const struct bh_cli_args *args);

#endif
