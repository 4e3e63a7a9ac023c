/* SPDX-License-Identifier: MIT */
#include "hub/cli/wrap.h"

#include <string.h>

static size_t width_of(const char *text, size_t length)
{
	size_t n = 0;

	for (size_t i = 0; i < length; i++)
		n += ((unsigned char)text[i] & 0xc0u) != 0x80u;
	return n;
}

size_t bh_wrap_width(const char *text)
{
	return width_of(text, strlen(text));
}

void bh_wrap_at(FILE *out, int width, size_t indent, const char *text)
{
	size_t column = indent;

	for (;;) {
		size_t word, wide;

		text += strspn(text, " \n");
		word = strcspn(text, " \n");
		if (word == 0)
			break;
		wide = width_of(text, word);
		if (column > indent && column + 1 + wide > (size_t)width) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fwrite(text, 1, word, out);
		column += wide;
		text += word;
	}
	fputc('\n', out);
}

void bh_wrap(FILE *out, int width, const char *first, const char *text)
{
	if (!text[0])
		return;
	fputs(first, out);
	bh_wrap_at(out, width, bh_wrap_width(first), text);
}
