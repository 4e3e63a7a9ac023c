/* SPDX-License-Identifier: MIT */
/* Errors are one line a person can act on, whatever was quoted in them. */
#include "hub/core/error.h"
#include "hub/core/utf8.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_print(void **state)
{
	struct bh_error err;
	char text[64];

	(void)state;
	assert_int_equal(bh_error_set(&err, -EINVAL, "a.yaml", 3, 7, "no '%s'", "id"), -EINVAL);
	bh_error_print(&err, text, sizeof(text));
	assert_string_equal(text, "a.yaml:3:7: no 'id'");
	bh_error_set(&err, -EINVAL, "a.yaml", 3, 0, "no id");
	bh_error_print(&err, text, sizeof(text));
	assert_string_equal(text, "a.yaml:3: no id");
	bh_error_set(&err, -EINVAL, NULL, 0, 0, "no id");
	bh_error_print(&err, text, sizeof(text));
	assert_string_equal(text, "no id");
	assert_int_equal(bh_error_set(NULL, -EIO, "a", 0, 0, "b"), -EIO);
}

static void test_hostile_quotes(void **state)
{
	struct bh_error err;

	(void)state;
	bh_error_set(&err, -EINVAL, "a\nb", 1, 1, "unknown '%s'", "\033[2J\r\n\x7f\xc3\xa9");
	assert_string_equal(err.place, "a?b");
	assert_string_equal(err.text, "unknown '?[2J???\xc3\xa9'");
}

static void test_a_cut_character(void **state)
{
	char text[2 * BH_ERROR_TEXT_MAX] = "x";
	struct bh_error err;

	(void)state;
	/* As every caller quotes: the bound falls within the second character. */
	bh_error_set(&err, -EINVAL, "", 0, 0, "no '%.3s'", "\xc3\xa9\xc3\xa9");
	assert_string_equal(err.text, "no '\xc3\xa9?'");
	bh_error_set(&err, -EINVAL, "", 0, 0, "no '%.6s'", "\xc3\xa9\xc3\xa9 \xf0\x9f\x8c\x99");
	assert_string_equal(err.text, "no '\xc3\xa9\xc3\xa9 ?'");
	bh_error_set(&err, -EINVAL, "a\xff" "b", 0, 0, "caf\xe9: \xed\xa0\x80 \xe2\x82\xac");
	assert_string_equal(err.place, "a?b");
	assert_string_equal(err.text, "caf?: ? \xe2\x82\xac");
	/* A text that is too long is cut, too. */
	for (size_t i = 1; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 3);
	for (size_t skip = 0; skip < 2; skip++) {
		bh_error_set(&err, -EINVAL, "", 0, 0, "%s", text + skip);
		assert_true(bh_utf8_is(err.text));
		assert_true(strlen(err.text) >= BH_ERROR_TEXT_MAX - 2);
	}
}

static void test_long_place(void **state)
{
	char path[2 * BH_ERROR_PLACE_MAX];
	struct bh_error err;

	(void)state;
	memset(path, 'x', sizeof(path));
	strcpy(path + sizeof(path) - sizeof("/bed.yaml"), "/bed.yaml");
	bh_error_set(&err, -ENOENT, path, 0, 0, "no such file");
	assert_int_equal(strlen(err.place), BH_ERROR_PLACE_MAX - 1);
	assert_memory_equal(err.place, "...x", 4);
	assert_string_equal(err.place + strlen(err.place) - strlen("/bed.yaml"), "/bed.yaml");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_hostile_quotes),
		cmocka_unit_test(test_a_cut_character),
		cmocka_unit_test(test_long_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
