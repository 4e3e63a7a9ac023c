/* SPDX-License-Identifier: MIT */
#include "hub/cli/cli.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* What a pipe or a terminal that does not say is taken for. */
#define WIDTH_PRESET 80
/* Narrower than this no table or timeline fits; wider, the eye loses the line. */
#define WIDTH_MIN 60
#define WIDTH_MAX 200

static int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int width = 0;

	if (columns)
		width = atoi(columns);
	if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width <= 0)
		return WIDTH_PRESET;
	return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

void bh_cli_terminal(struct bh_cli_terminal *ret, bool no_color)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	ret->tty = isatty(STDOUT_FILENO);
	ret->color = ret->tty && !no_color && !(no && no[0]) && term && strcmp(term, "dumb") != 0;
	/* A pipe gets plain text, whatever the locale: it is for programs. */
	ret->utf8 = ret->tty && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	ret->width = terminal_width();
}
