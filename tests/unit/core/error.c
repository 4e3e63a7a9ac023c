/* SPDX-License-Identifier: MIT */
/* Errors are one line a person can act on, whatever was quoted in them. */
#include "hub/core/error.h"

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
		cmocka_unit_test(test_long_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
