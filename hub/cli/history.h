/* SPDX-License-Identifier: MIT */
/* Looking into the history: what the reading verbs share. */
#ifndef BH_CLI_HISTORY_H
#define BH_CLI_HISTORY_H

#include "hub/cli/cli.h"
#include "hub/store/store.h"

/** A history open for reading, and its beds. */
struct bh_cli_history {
	const char *path;
	struct bh_store *store;
	struct bh_store_bed beds[BH_BEDS_MAX];
	size_t n_beds;
	/** every bed it holds something of: also no longer configured, or only spoken of */
	struct bh_store_bed_name names[BH_STORE_BEDS_EVER];
	size_t n_names;
	int bed; /**< chosen by --bed, -1: every bed */
};

/**
 * @brief Open --db or the configuration's database, and find --bed.
 * @return 0, or an exit code after the error was printed. Close with bh_cli_history_close().
 */
int bh_cli_history_open(struct bh_cli *cli, const struct bh_cli_args *args,
			struct bh_cli_history *ret);
/**
 * @brief Where `bedside demo` keeps its history: beside the built-in configuration's own.
 * @param ret BH_PATH_MAX bytes.
 * @return 0, or -ENAMETOOLONG.
 */
int bh_cli_demo_path(const struct bh_config *builtin, char *ret);
void bh_cli_history_close(struct bh_cli_history *history);

/** @return Its id, BH_CLI_NO_BED for a bed the history does not know. */
const char *bh_cli_bed_id(const struct bh_cli_history *history, int bed);
const char *bh_cli_bed_name(const struct bh_cli_history *history, int bed);
/** @return Its BH_CAN_* bits, 0 if it is not known. */
uint32_t bh_cli_bed_capabilities(const struct bh_cli_history *history, int bed);
/** @return The one bed a verb looks at: --bed, or the first. */
int bh_cli_one_bed(const struct bh_cli_history *history);

/**
 * @brief The night of --night: a date, "last" (the default), or -1 for the one before it, and so on.
 * @return 0, or an exit code after the error was printed; a history without nights is
 * BH_EXIT_DATA.
 */
int bh_cli_night(const struct bh_cli_history *history, const struct bh_cli_args *args,
		 const char *verb, int32_t *ret);

/** The help of --since and --until where they are nights. */
#define BH_CLI_SINCE_NIGHT "from this night on: the date of its evening, or 7d (ago)"
#define BH_CLI_UNTIL_NIGHT "up to this night"
/**
 * @brief The nights of --since and --until.
 * @param ret_from Of these what is not given stays as it is.
 * @return 0, or an exit code after the error was printed: @p verb was misused.
 */
int bh_cli_nights_span(const struct bh_cli_args *args, const char *verb, int32_t *ret_from,
		       int32_t *ret_to);
/** @return What to do about a history without a night. */
const char *bh_cli_no_night(const struct bh_cli_history *history);

/** @brief Did simulated sleepers make anything of this span (0, 0: of all)? */
bool bh_cli_simulated(const struct bh_cli_history *history, int64_t from_ms, int64_t to_ms);
/** @brief Did nothing but simulated sleepers make this history? Then nobody gave its answers. */
bool bh_cli_of_nobody(const struct bh_cli_history *history);
/** @brief The line that says so; prints nothing otherwise. */
void bh_cli_banner(const struct bh_cli *cli, bool simulated);

/** @brief A failure of the store while reading. @return The exit code. */
int bh_cli_history_fail(const struct bh_cli_history *history, int r);

#endif
