/* SPDX-License-Identifier: MIT */
/* What comes from outside comes out as text, whatever it is. */
#include "hub/report/html.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *text;
static size_t length;

static FILE *begin(void)
{
	FILE *out;

	free(text);
	text = NULL;
	out = open_memstream(&text, &length);
	assert_non_null(out);
	return out;
}

#define assert_written(expected, ...)                                                              \
	do {                                                                                       \
		FILE *out_ = begin();                                                              \
		bh_html(out_, __VA_ARGS__);                                                        \
		assert_int_equal(fclose(out_), 0);                                                 \
		assert_string_equal(text, expected);                                               \
	} while (0)

static void test_markup_of_a_name_is_text(void **state)
{
	(void)state;
	assert_written("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>", "<p>%s</p>",
		       "<script>alert(1)</script>");
	assert_written("<a title=\"&quot; onclick=&quot;x&#39;\">", "<a title=\"%s\">",
		       "\" onclick=\"x'");
	assert_written("a &amp;lt; b", "%s", "a &lt; b");
	assert_written("-->&lt;!--", "-->%s", "<!--");
}

static void test_umlauts_and_emoji_stay(void **state)
{
	(void)state;
	assert_written("Jürgens Bett 🛏", "%s", "Jürgens Bett 🛏");
}

static void test_what_is_not_utf8_is_replaced(void **state)
{
	(void)state;
	assert_written("a\xef\xbf\xbd"
		       "b",
		       "%s",
		       "a\xff"
		       "b");
	/* Overlong '<', a surrogate, beyond the last character, a sequence cut short. */
	assert_written("\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xc0\xbc");
	assert_written("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "%s", "\xed\xa0\x80");
	assert_written("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "%s",
		       "\xf4\x90\x80\x80");
	assert_written("\xef\xbf\xbd&lt;", "%s", "\xe2<");
	assert_written("\xef\xbf\xbd", "%s", "\xc3");
}

static void test_control_characters_are_replaced(void **state)
{
	(void)state;
	assert_written("a\tb\nc", "%s", "a\tb\nc");
	assert_written("\xef\xbf\xbd[31m", "%s", "\x1b[31m");
	assert_written("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd", "%s", "\x01\x7f\xc2\x85");
}

static void test_numbers(void **state)
{
	(void)state;
	assert_written("-3 7 12.034%", "%d %u %d.%03d%%", -3, 7u, 12, 34);
	assert_written("42 -9000000000 9000000000", "%zu %" PRId64 " %lld", (size_t)42,
		       INT64_C(-9000000000), 9000000000LL);
	assert_written("-5", "%" PRId32, INT32_C(-5));
}

static int clean(void **state)
{
	(void)state;
	free(text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup_of_a_name_is_text),
		cmocka_unit_test(test_umlauts_and_emoji_stay),
		cmocka_unit_test(test_what_is_not_utf8_is_replaced),
		cmocka_unit_test(test_control_characters_are_replaced),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("report_html", tests, NULL, clean);
}
