/* SPDX-License-Identifier: MIT */
#include "hub/core/error.h"

#include "hub/core/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a person wrote may be quoted in a text: a line break or an escape sequence in it must not
 * reach a terminal or split a line of the journal. A "%.40s" may end within a character, and what
 * is no UTF-8 is no text for JSON. */
static void one_line(char *text)
{
	char *to = text;

	while (*text) {
		size_t n = bh_utf8_character(text);

		if (n == 0) {
			*to++ = '?';
			/* Bytes 10xxxxxx are what is left of the same character. */
			do
				text++;
			while (((unsigned char)*text & 0xc0u) == 0x80u);
		} else if (n == 1) {
			*to++ = (unsigned char)*text < ' ' || *text == 0x7f ? '?' : *text;
			text++;
		} else {
			memmove(to, text, n);
			to += n;
			text += n;
		}
	}
	*to = '\0';
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
