/* SPDX-License-Identifier: MIT */
#include "hub/cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_MAX_BYTES (BH_ERROR_PLACE_MAX + 2 * BH_ERROR_TEXT_MAX)

/* A file's name may hold anything; a terminal and a log get one line of it. */
static void print_line(const char *text)
{
	char line[LINE_MAX_BYTES];
	size_t n = 0;

	for (; text[n] && n < sizeof(line) - 1; n++) {
		unsigned char c = (unsigned char)text[n];

		line[n] = c < 0x20 || c == 0x7f ? '?' : text[n];
	}
	line[n] = '\0';
	fflush(stdout);
	fprintf(stderr, "bedside: %s\n", line);
}

int bh_cli_fail(enum bh_exit code, const struct bh_error *err)
{
	char line[LINE_MAX_BYTES];

	bh_error_print(err, line, sizeof(line));
	print_line(line);
	return (int)code;
}

int bh_cli_fail_text(enum bh_exit code, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	print_line(line);
	return (int)code;
}

int bh_cli_misuse(const char *verb, const char *format, ...)
{
	char text[BH_ERROR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	/* "events --since" names the place; what helps is the verb's. */
	return bh_cli_fail_text(BH_EXIT_USAGE, "%s%s%s (see bedside %.*s%s--help)", verb,
				verb[0] ? ": " : "", text, (int)strcspn(verb, " "), verb,
				verb[0] ? " " : "");
}

int bh_cli_misused(const char *verb, const struct bh_error *err)
{
	char text[LINE_MAX_BYTES];

	bh_error_print(err, text, sizeof(text));
	return bh_cli_misuse(verb, "%s", text);
}

/* The one table of what an errno means for the exit code; @p wrong: what it is that does not hold. */
static enum bh_exit exit_of(int r, enum bh_exit wrong)
{
	switch (-r) {
	case EINVAL:
	case EPROTO:
	case EUCLEAN:
	case EILSEQ:
		return wrong;
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case EACCES:
	case EPERM:
	case EROFS:
	case EBUSY:
		return BH_EXIT_UNAVAILABLE;
	}
	return BH_EXIT_FAILURE;
}

enum bh_exit bh_cli_exit_config(int r)
{
	return exit_of(r, BH_EXIT_CONFIG);
}

enum bh_exit bh_cli_exit_data(int r)
{
	return exit_of(r, BH_EXIT_DATA);
}

enum bh_exit bh_cli_exit_write(int r)
{
	return exit_of(r, BH_EXIT_FAILURE);
}
