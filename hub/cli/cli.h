/* SPDX-License-Identifier: MIT */
/*
 * What every verb of `bedside` shares: the command line as read, the terminal, errors.
 *
 * A verb prints its answer on stdout and nothing else there; notes and progress go to stderr. With
 * --json every line of stdout is one whole JSON object: rows are one object each, a verb with one
 * answer prints one line. A failure is one line on stderr and an exit code of enum bh_exit.
 */
#ifndef BH_CLI_CLI_H
#define BH_CLI_CLI_H

#include "hub/config/config.h"
#include "hub/core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest verb has 7 options of its own; the rest are global. */
#define BH_CLI_OPTIONS_MAX 24

/** One long option of a verb, and its line of --help. */
struct bh_cli_option {
	const char *name;     /**< without the dashes; NULL ends a table */
	const char *argument; /**< "FILE", NULL for a flag */
	const char *help;
};

/** A short form of an option, where people expect one: -o for --output. */
struct bh_cli_letter {
	char letter; /**< 0 ends a table */
	const char *name;
};

/** The command line of one verb. */
struct bh_cli_args {
	const struct bh_cli_option *options[BH_CLI_OPTIONS_MAX];
	const char *values[BH_CLI_OPTIONS_MAX]; /**< NULL: not given; "" for a flag */
	size_t n_options;
	int n_words;
	char *const *words; /**< what is not an option */
};

/** How stdout is to be written to. */
struct bh_cli_terminal {
	bool tty;
	bool color;
	bool utf8;
	int width;
};

struct bh_cli {
	const char *config_path; /**< --config, NULL: the usual place or the built-in one */
	const char *db_path;	 /**< --db, NULL: the configuration's */
	bool json;
	struct bh_cli_terminal terminal;
	struct bh_config *config; /**< read when first needed */
};

/** One verb: a row of verbs.def. */
struct bh_cli_verb {
	const char *name;
	const char *words;   /**< "CAPTURE..." for the usage line */
	const char *summary; /**< one line for `bedside --help` */
	const char *text;    /**< a paragraph for `bedside VERB --help`, may be NULL */
	const struct bh_cli_option *parts; /**< what its first word may be, by name; may be NULL */
	const struct bh_cli_option *options;
	const struct bh_cli_letter *letters; /**< NULL: none */
	/** @return enum bh_exit. */
	int (*run)(struct bh_cli *cli, const struct bh_cli_args *args);
};

/** @return Verb @p i of verbs.def, or NULL past the end. */
const struct bh_cli_verb *bh_cli_verb_at(size_t i);
/** @return The verb called @p name; or NULL, after it was said that there is none. */
const struct bh_cli_verb *bh_cli_verb_find(const char *name);
/** @brief The whole program but for exit(). @return enum bh_exit. */
int bh_cli_main(int argc, char **argv);

/**
 * @brief Read the options of @p options (and the global ones) out of @p argv, whose first is skipped.
 * @param letters Short forms of them, may be NULL.
 * @param stop_at_word End at the first word: what follows is the verb's.
 * @return 0, or -EINVAL with one line in @p err.
 */
int bh_cli_parse(const struct bh_cli_option *options, const struct bh_cli_letter *letters, int argc,
		 char **argv, bool stop_at_word, struct bh_cli_args *ret, struct bh_error *err);
/** @return The value of option @p name ("" for a flag), or NULL if it was not given. */
const char *bh_cli_value(const struct bh_cli_args *args, const char *name);
/** @brief A whole number of option @p name. @return 1, 0 if not given, -EINVAL with @p err. */
int bh_cli_number(const struct bh_cli_args *args, const char *name, int64_t min, int64_t max,
		  int64_t *ret, struct bh_error *err);

void bh_cli_help(void);
void bh_cli_help_verb(const struct bh_cli_verb *verb);

/** @brief Print @p err as one line on stderr. @return @p code. */
int bh_cli_fail(enum bh_exit code, const struct bh_error *err);
/** @brief The same for an error that has no place. */
int bh_cli_fail_text(enum bh_exit code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** @brief Wrong use of @p verb: the text and where to read on. @return BH_EXIT_USAGE. */
int bh_cli_misuse(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** @brief The same with what bh_cli_number() and the like say. */
int bh_cli_misused(const char *verb, const struct bh_error *err);
/** @return The exit code of reading a configuration or rule (-EINVAL, -ENOENT, -EACCES ...). */
enum bh_exit bh_cli_exit_config(int r);
/** @return The exit code of reading a capture or database. */
enum bh_exit bh_cli_exit_data(int r);
/** @return The exit code of writing a file (-ENOSPC, -EACCES ...). */
enum bh_exit bh_cli_exit_write(int r);

/** @brief Look at stdout, the locale, NO_COLOR and COLUMNS. */
void bh_cli_terminal(struct bh_cli_terminal *ret, bool no_color);

/**
 * @brief The configuration: --config, or /etc/bedside/bedside.yaml, or the built-in one.
 * @param secrets Read the broker's password, too.
 * @return 0, or an exit code after the error was printed. Owned by @p cli.
 */
int bh_cli_config(struct bh_cli *cli, bool secrets);
/** @brief The built-in one, whatever stands in /etc. @return 0 or an exit code, as above. */
int bh_cli_config_builtin(struct bh_cli *cli);

#endif
