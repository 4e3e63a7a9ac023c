/* SPDX-License-Identifier: MIT */
/* Carrying what a person says to the running hub, or into a history that no hub writes. */
#ifndef BH_CLI_SAY_H
#define BH_CLI_SAY_H

#include "hub/cli/cli.h"
#include "hub/core/history.h"

/* More than ten years of a diary with ten entries a day. */
#define BH_SAYINGS_MAX 50000

/** One thing to say, with the bed by its id (in `said` it is not used). */
struct bh_saying {
	struct bh_remark said;
	char bed[BH_NAME_MAX];
};

/** What is shown for a bed that a history does not name; it is no id, and nobody can speak of it. */
#define BH_CLI_NO_BED "?"

/** The beds a person can speak of: those of the history of --db, or of the configuration. */
struct bh_cli_persons {
	size_t n; /**< 0: a history that knows no bed yet, which takes any */
	char bed[BH_BEDS_MAX][BH_NAME_MAX];
};

/** @return 0, or an exit code after the error was printed. */
int bh_cli_persons(struct bh_cli *cli, struct bh_cli_persons *ret);
/**
 * @brief The bed that is meant: @p wanted, or the only one if @p wanted is NULL or empty. With several
 * beds nobody is guessed at: what one person says must not be laid to another.
 * @return 0, or -EINVAL with what to do in @p err.
 */
int bh_cli_person(const struct bh_cli_persons *persons, const char *wanted,
		  char ret[static BH_NAME_MAX], struct bh_error *err);

/** What became of it. */
struct bh_cli_said {
	int changed;   /**< how many changed something; not known (0) if it is in memory */
	int32_t night; /**< of what was said without a time (yyyymmdd); 0: not known */
	bool in_memory; /**< the disk refuses: the hub keeps it and writes it when it can; was printed */
};

/**
 * @brief Say it all, or nothing: to the hub that runs, else into the history itself. With --db always
 * into that history.
 * @param ret May be NULL.
 * @return 0, or an exit code after the error was printed.
 */
int bh_cli_say(struct bh_cli *cli, const struct bh_saying *sayings, size_t n,
	       struct bh_cli_said *ret);

#endif
