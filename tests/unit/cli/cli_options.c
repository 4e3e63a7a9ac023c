/* SPDX-License-Identifier: MIT */
#include "hub/cli/cli.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct bh_cli_option options[] = { { "since", "TIME", "" },
						{ "limit", "N", "" },
						{ "csv", NULL, "" },
						{ NULL, NULL, NULL } };

#define PARSE(stop, args, err, ...)                                                                \
	bh_cli_parse(options, NULL,                                                                \
		     (int)(sizeof((char *[]){ __VA_ARGS__ }) / sizeof(char *)),                    \
		     (char *[]){ __VA_ARGS__ }, stop, args, err)

static void test_values(void **state)
{
	struct bh_cli_args args;
	struct bh_error err;
	int64_t n = 0;

	(void)state;
	assert_int_equal(PARSE(false, &args, &err, "v", "one", "--since", "3d", "--limit=7", "two",
			       "--csv", "--json"),
			 0);
	assert_string_equal(bh_cli_value(&args, "since"), "3d");
	assert_string_equal(bh_cli_value(&args, "csv"), "");
	assert_non_null(bh_cli_value(&args, "json"));
	assert_null(bh_cli_value(&args, "db"));
	assert_int_equal(bh_cli_number(&args, "limit", 1, 9, &n, &err), 1);
	assert_int_equal(n, 7);
	assert_int_equal(args.n_words, 2);
	assert_string_equal(args.words[1], "two");
}

/* What looks like an option is a value where one is wanted: --night -1. */
static void test_negative(void **state)
{
	struct bh_cli_args args;
	struct bh_error err;

	(void)state;
	assert_int_equal(PARSE(false, &args, &err, "v", "--since", "-1"), 0);
	assert_string_equal(bh_cli_value(&args, "since"), "-1");
}

static void test_stop(void **state)
{
	struct bh_cli_args args;
	struct bh_error err;

	(void)state;
	assert_int_equal(PARSE(true, &args, &err, "bedside", "--json", "events", "--frob"), 0);
	assert_int_equal(args.n_words, 2);
	assert_string_equal(args.words[0], "events");
}

/* The short forms: a verb's own, and -h of every one. */
static void test_letters(void **state)
{
	static const struct bh_cli_letter letters[] = { { 's', "since" }, { 0, NULL } };
	char *argv[] = { "v", "-s", "3d", "word", "-h" }, *bare[] = { "v", "-s" };
	struct bh_cli_args args;
	struct bh_error err;

	(void)state;
	assert_int_equal(bh_cli_parse(options, letters, 5, argv, false, &args, &err), 0);
	assert_string_equal(bh_cli_value(&args, "since"), "3d");
	assert_string_equal(bh_cli_value(&args, "help"), "");
	assert_int_equal(args.n_words, 1);
	assert_int_equal(bh_cli_parse(options, letters, 2, bare, false, &args, &err), -EINVAL);
	assert_string_equal(err.text, "needs a value: -s TIME");
}

static void test_mistakes(void **state)
{
	struct bh_cli_args args;
	struct bh_error err;
	int64_t n = 5;

	(void)state;
	assert_int_equal(PARSE(false, &args, &err, "v", "--limti", "3"), -EINVAL);
	assert_string_equal(err.place, "--limti");
	assert_string_equal(err.text, "unknown option: did you mean --limit?");
	assert_int_equal(PARSE(false, &args, &err, "v", "--limit"), -EINVAL);
	assert_string_equal(err.text, "needs a value: --limit N");
	assert_int_equal(PARSE(false, &args, &err, "v", "--csv=1"), -EINVAL);
	assert_string_equal(err.text, "takes no value: write --csv alone");
	assert_int_equal(PARSE(false, &args, &err, "v", "-q"), -EINVAL);
	assert_int_equal(PARSE(false, &args, &err, "v", "pain", "-1"), -EINVAL);
	assert_string_equal(err.place, "-1");
	assert_string_equal(err.text, "a number below 0 is not taken here");
	assert_int_equal(PARSE(false, &args, &err, "v", "--limit", "8x"), 0);
	assert_int_equal(bh_cli_number(&args, "limit", 1, 9, &n, &err), -EINVAL);
	assert_int_equal(n, 5);
	assert_int_equal(bh_cli_number(&args, "since", 1, 9, &n, &err), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
