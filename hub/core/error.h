/* SPDX-License-Identifier: MIT */
/*
 * Errors in Bedside: functions return 0 or a count on success and a negative errno on failure, and
 * leave their outputs untouched on failure. Functions that read what a person wrote also fill a
 * struct bh_error, so that the person gets one line with the place and the remedy. Library code
 * never logs: the programs (hub/daemon, hub/cli) print the error once, at the top.
 */
#ifndef BH_CORE_ERROR_H
#define BH_CORE_ERROR_H

#include <stddef.h>

/* Long enough for a path below PATH_MAX in practice; longer ones are cut at the front by "...". */
#define BH_ERROR_PLACE_MAX 256
#define BH_ERROR_TEXT_MAX 384

/**
 * @brief What went wrong, where, and what to do about it.
 *
 * place may be empty; line and column are 1-based, 0 if not known.
 */
struct bh_error {
	char place[BH_ERROR_PLACE_MAX]; /**< file, table, topic or device */
	int line;
	int column;
	char text[BH_ERROR_TEXT_MAX]; /**< what is wrong and the remedy, one line, no full stop needed */
};

/**
 * @brief Fill @p err; @p err may be NULL. Place and text are UTF-8 whatever is quoted in them: control
 * characters, and characters that are cut or none, become '?'.
 * @param code Negative errno.
 * @return @p code, so that a caller can write `return bh_error_set(err, -EINVAL, ...);`.
 */
int bh_error_set(struct bh_error *err, int code, const char *place, int line, int column,
		 const char *format, ...) __attribute__((format(printf, 6, 7)));

/**
 * @brief Write "place:line:column: text" (parts that are unknown are left out).
 * @return Length of the whole text as snprintf counts it.
 */
int bh_error_print(const struct bh_error *err, char *buf, size_t size);

/* Exit codes of both programs; the man pages list them from here. */
enum bh_exit {
	BH_EXIT_OK = 0,
	BH_EXIT_FAILURE = 1,	 /**< the work could not be done (I/O, broker, device) */
	BH_EXIT_USAGE = 2,	 /**< the command line is wrong */
	BH_EXIT_CONFIG = 3,	 /**< a configuration or rule file is wrong */
	BH_EXIT_DATA = 4,	 /**< a capture or database is wrong, or newer than this program */
	BH_EXIT_UNAVAILABLE = 5, /**< a file, device or database is missing or may not be read */
};

#endif
