/* SPDX-License-Identifier: MIT */
#include "hub/core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a person wrote may be quoted in a text: a line break or an escape sequence in it must not
 * reach a terminal or split a line of the journal. */
static void one_line(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

int bh_error_set(struct bh_error *err, int code, const char *place, int line, int column,
		 const char *format, ...)
{
	va_list ap;
	size_t length;

	if (!err)
		return code;
	place = place ? place : "";
	length = strlen(place);
	if (length < sizeof(err->place))
		snprintf(err->place, sizeof(err->place), "%s", place);
	else /* the end of a path says more than its beginning */
		snprintf(err->place, sizeof(err->place), "...%s",
			 place + length - (sizeof(err->place) - 4));
	err->line = line;
	err->column = column;
	va_start(ap, format);
	vsnprintf(err->text, sizeof(err->text), format, ap);
	va_end(ap);
	one_line(err->place);
	one_line(err->text);
	return code;
}

int bh_error_print(const struct bh_error *err, char *buf, size_t size)
{
	if (!err->place[0])
		return snprintf(buf, size, "%s", err->text);
	if (err->line > 0 && err->column > 0)
		return snprintf(buf, size, "%s:%d:%d: %s", err->place, err->line, err->column,
				err->text);
	if (err->line > 0)
		return snprintf(buf, size, "%s:%d: %s", err->place, err->line, err->text);
	return snprintf(buf, size, "%s: %s", err->place, err->text);
}
