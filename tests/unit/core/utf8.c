/* SPDX-License-Identifier: MIT */
/* The first and the last character of every length, and their neighbours that are none. */
#include "hub/core/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_characters(void **state)
{
	/* U+0001, 7F, 80, 7FF, 800, D7FF, E000, FFFF, 10000, 10FFFF */
	static const char *const good[] = { "\x01",	    "\x7f",	    "\xc2\x80",
					    "\xdf\xbf",	    "\xe0\xa0\x80", "\xed\x9f\xbf",
					    "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
					    "\xf4\x8f\xbf\xbf" };
	char text[8];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		strcpy(text, good[i]);
		strcat(text, "x");
		assert_int_equal(bh_utf8_character(text), strlen(good[i]));
		assert_true(bh_utf8_is(text));
		/* Cut short by the end of the text, and by another character. */
		text[strlen(good[i]) - 1] = '\0';
		assert_int_equal(bh_utf8_is(text), text[0] == '\0');
	}
	assert_int_equal(bh_utf8_character(""), 0);
}

static void test_what_only_looks_like_one(void **state)
{
	/* Latin-1; a byte of the middle; overlong NUL, slash, U+7FF, U+FFFF; the first and the last
	 * surrogate; U+110000; lead bytes that no character has; a character broken off. */
	static const char *const bad[] = { "\xf6r",	       "\x80",		   "\xc0\x80",
					   "\xc1\xbf",	       "\xe0\x80\xaf",	   "\xe0\x9f\xbf",
					   "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",	   "\xed\xbf\xbf",
					   "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
					   "\xe2\x82x" };
	char text[8];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(bh_utf8_character(bad[i]), 0);
		strcpy(text, "a");
		strcat(text, bad[i]);
		assert_false(bh_utf8_is(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_what_only_looks_like_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
