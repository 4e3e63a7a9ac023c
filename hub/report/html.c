/* SPDX-License-Identifier: MIT */
#include "hub/report/html.h"

#include "hub/core/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* C0 but for blank space, DEL and C1: HTML knows none of them. */
static bool is_control(const unsigned char *s)
{
	return (s[0] < 0x20 && s[0] != '\t' && s[0] != '\n') || s[0] == 0x7f ||
	       (s[0] == 0xc2 && s[1] < 0xa0);
}

static void escape(FILE *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	while (*s) {
		size_t n = bh_utf8_character((const char *)s);

		if (n == 0 || is_control(s))
			fputs(REPLACEMENT, out);
		else if (*s == '<')
			fputs("&lt;", out);
		else if (*s == '>')
			fputs("&gt;", out);
		else if (*s == '&')
			fputs("&amp;", out);
		else if (*s == '"')
			fputs("&quot;", out);
		else if (*s == '\'')
			fputs("&#39;", out);
		else
			fwrite(s, 1, n, out);
		s += n > 0 ? n : 1;
	}
}

/* One conversion after its %. @return What follows it. */
static const char *convert(FILE *out, const char *at, va_list *args)
{
	int width = 0, longs = 0;
	bool sizes = false;

	while (*at >= '0' && *at <= '9')
		width = 10 * width + (*at++ - '0');
	while (*at == 'l' || *at == 'z') {
		longs += *at == 'l';
		sizes |= *at == 'z';
		at++;
	}
	if (*at == '%')
		fputc('%', out);
	else if (*at == 's')
		escape(out, va_arg(*args, const char *));
	else if (*at == 'u')
		fprintf(out, "%0*zu", width,
			sizes ? va_arg(*args, size_t) : (size_t)va_arg(*args, unsigned int));
	else if (*at == 'd' && longs == 0)
		fprintf(out, "%0*d", width, va_arg(*args, int));
	else if (*at == 'd' && longs == 1)
		fprintf(out, "%0*ld", width, va_arg(*args, long));
	else if (*at == 'd')
		fprintf(out, "%0*lld", width, va_arg(*args, long long));
	else
		assert(!"bh_html: a conversion that it does not know");
	return at + 1;
}

void bh_html(FILE *out, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		size_t n = strcspn(format, "%");

		fwrite(format, 1, n, out);
		format += n;
		if (*format == '%')
			format = convert(out, format + 1, &args);
	}
	va_end(args);
}
