/* SPDX-License-Identifier: MIT */
#include "hub/config/node.h"
#include "hub/core/suggest.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bh_document *document;
static struct bh_error error;

static const struct bh_node *parse(const char *text)
{
	bh_document_free(document);
	document = NULL;
	assert_int_equal(bh_document_parse("t.yaml", text, strlen(text), &document, &error), 0);
	return bh_document_root(document);
}

static void refused(const char *text, size_t length, int line, int column, const char *says)
{
	struct bh_document *none = NULL;

	memset(&error, 0, sizeof(error));
	if (bh_document_parse("t.yaml", text, length, &none, &error) != -EINVAL)
		fail_msg("not refused: %s", text);
	assert_null(none);
	if (error.line != line || error.column != column || !strstr(error.text, says))
		fail_msg("%s\n  gave %d:%d %s\n  want %d:%d ... %s", text, error.line, error.column,
			 error.text, line, column, says);
	assert_null(strchr(error.text, '\n'));
}

static int close_document(void **state)
{
	(void)state;
	bh_document_free(document);
	document = NULL;
	return 0;
}

static void test_places(void **state)
{
	const struct bh_node *root = parse("a: 1\nlist:\n  - x\n  - { b: two }\n");
	const struct bh_node *list = bh_node_get(root, "list");

	(void)state;
	assert_int_equal(bh_node_length(list), 2);
	assert_string_equal(bh_node_text(bh_node_at(list, 0)), "x");
	assert_int_equal(bh_node_line(bh_node_at(list, 1)), 4);
	assert_int_equal(bh_node_column(bh_node_at(list, 1)), 5);
	assert_int_equal(bh_node_column(bh_node_get(bh_node_at(list, 1), "b")), 10);
	assert_string_equal(bh_node_file(list), "t.yaml");
	assert_null(bh_node_get(root, "absent"));
}

#define REFUSED(text, line, column, says) refused(text, sizeof(text) - 1, line, column, says)

static void test_refused(void **state)
{
	(void)state;
	REFUSED("a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a', first given in line 1");
	REFUSED("a: &x 1\n", 1, 4, "anchors");
	REFUSED("a: &x [1]\n", 1, 4, "anchors");
	REFUSED("a: *x\n", 1, 4, "aliases");
	REFUSED("a: !!int 1\n", 1, 4, "tags");
	REFUSED("a: 1\n---\nb: 2\n", 2, 1, "second YAML document");
	REFUSED("a: \"\\0\"\n", 1, 4, "NUL");
	REFUSED("[1]: 2\n", 1, 1, "key must be a plain word");
	REFUSED("a:\n\t- b\n", 2, 1, "indentation");
	REFUSED("a: [1, 2\n", 2, 1, "not valid YAML");
	REFUSED("a: \xff\xfe\n", 1, 4, "not UTF-8");
	REFUSED("a: 1\nbc: \x80\n", 2, 5, "not UTF-8");
	REFUSED("", 0, 0, "empty");
	REFUSED("# only a comment\n", 0, 0, "empty");
	REFUSED("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", 1, 14, "nested too deeply");
}

static void test_too_large(void **state)
{
	size_t size = 300 * 1024;
	char *text = malloc(size);

	(void)state;
	assert_non_null(text);
	memset(text, '#', size);
	refused(text, size, 0, 0, "larger than 256 KiB");
	for (size_t i = 1; i < 20000; i += 2)
		memcpy(text + i, "1,", 2);
	text[0] = '[';
	refused(text, 20000, 1, 16384, "too many values");
	free(text);
}

static void test_numbers(void **state)
{
	const struct bh_node *root =
		parse("dec: 72\nhex: 0x48\nneg: -5\nwide: 99999999999999999999\nfloat: 1.5\nempty:\n"
		      "octal: 010\nlist: [1]\nplus: +3\n");
	int64_t value = -1;

	(void)state;
	assert_int_equal(bh_node_int(root, "dec", 0, 100, &value, &error), 1);
	assert_int_equal(value, 72);
	assert_int_equal(bh_node_int(root, "hex", 0, 100, &value, &error), 1);
	assert_int_equal(value, 0x48);
	assert_int_equal(bh_node_int(root, "neg", -10, 100, &value, &error), 1);
	assert_int_equal(value, -5);
	/* Ten, as a person reads it, not eight. */
	assert_int_equal(bh_node_int(root, "octal", 0, 100, &value, &error), 1);
	assert_int_equal(value, 10);
	assert_int_equal(bh_node_int(root, "absent", 0, 100, &value, &error), 0);
	assert_int_equal(value, 10);
	assert_int_equal(bh_node_int(root, "neg", 0, 100, &value, &error), -EINVAL);
	assert_string_equal(error.text, "'neg' must be between 0 and 100, not -5");
	assert_int_equal(error.line, 3);
	assert_int_equal(bh_node_int(root, "wide", 0, 100, &value, &error), -EINVAL);
	assert_int_equal(bh_node_int(root, "float", 0, 100, &value, &error), -EINVAL);
	assert_int_equal(bh_node_int(root, "plus", 0, 100, &value, &error), -EINVAL);
	assert_int_equal(bh_node_int(root, "empty", 0, 100, &value, &error), -EINVAL);
	assert_non_null(strstr(error.text, "has no value"));
	assert_int_equal(bh_node_int(root, "list", 0, 100, &value, &error), -EINVAL);
	assert_int_equal(value, 10);
}

static void test_durations(void **state)
{
	const struct bh_node *root = parse("a: 500ms\nb: 90s\nc: 15min\nd: 2h\ne: 0s\nf: 30\ng: 1.5h\n"
					   "h: 3 h\ni: 5days\nj: 9999999999999h\nk: -3s\n");
	static const struct {
		const char *key;
		int64_t ns;
	} right[] = { { "a", 500 * BH_NS_PER_MS }, { "b", 90 * BH_NS_PER_S },
		      { "c", 15 * BH_NS_PER_MIN }, { "d", 2 * BH_NS_PER_H }, { "e", 0 } };
	static const char *const wrong[] = { "f", "g", "h", "i", "j", "k" };
	int64_t ns = 1;

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(bh_node_duration(root, right[i].key, 0, 3 * BH_NS_PER_H, &ns, &error),
				 1);
		assert_int_equal(ns, right[i].ns);
	}
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(bh_node_duration(root, wrong[i], 0, INT64_MAX, &ns, &error),
				 -EINVAL);
	assert_int_equal(bh_node_duration(root, "d", BH_NS_PER_S, 90 * BH_NS_PER_MIN, &ns, &error),
			 -EINVAL);
	assert_string_equal(error.text, "'d' must be between 1s and 90min, not 2h");
	assert_int_equal(ns, 0);
}

static void test_words(void **state)
{
	static const char *const choices[] = { "red", "green", "blue", NULL };
	const struct bh_node *root = parse("yes: yes\nt: true\nq: \"\"\nlong: 123456789\n"
					   "ctl: \"a\\x1bb\"\nc: green\nd: mauve\n");
	bool flag = false;
	char text[8] = "kept";
	int choice = 7;

	(void)state;
	assert_int_equal(bh_node_bool(root, "yes", &flag, &error), -EINVAL);
	assert_int_equal(bh_node_bool(root, "t", &flag, &error), 1);
	assert_true(flag);
	assert_int_equal(bh_node_string(root, "q", text, sizeof(text), &error), -EINVAL);
	assert_int_equal(bh_node_string(root, "long", text, sizeof(text), &error), -EINVAL);
	assert_non_null(strstr(error.text, "at most 7"));
	assert_int_equal(bh_node_string(root, "ctl", text, sizeof(text), &error), -EINVAL);
	assert_string_equal(text, "kept");
	assert_int_equal(bh_node_choice(root, "c", choices, &choice, &error), 1);
	assert_int_equal(choice, 1);
	assert_int_equal(bh_node_choice(root, "d", choices, &choice, &error), -EINVAL);
	assert_string_equal(error.text, "'d' must be red, green or blue, not 'mauve'");
}

static void test_unknown_key(void **state)
{
	static const char *const known[] = { "debounce", "lines", "bias", NULL };
	const struct bh_node *root = parse("lines: [1]\n  \ndebonuce: 5ms\n");

	(void)state;
	assert_int_equal(bh_node_only(root, known, &error), -EINVAL);
	assert_string_equal(error.text, "unknown key 'debonuce': did you mean 'debounce'?");
	assert_int_equal(error.line, 3);
	assert_int_equal(error.column, 1);
	root = parse("colour: 1\n");
	assert_int_equal(bh_node_only(root, known, &error), -EINVAL);
	assert_string_equal(error.text, "unknown key 'colour': known here are debounce, lines or bias");
	root = parse("bias: 1\nlines: 2\n");
	assert_int_equal(bh_node_only(root, known, &error), 0);
}

static void test_suggest(void **state)
{
	static const char *const names[] = { "status", "events", "nights", "replay", NULL };

	(void)state;
	assert_string_equal(bh_suggest("evnets", names), "events");
	assert_string_equal(bh_suggest("night", names), "nights");
	assert_string_equal(bh_suggest("rpelay", names), "replay");
	assert_null(bh_suggest("banana", names));
	assert_null(bh_suggest("", names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_places, close_document),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test_teardown(test_numbers, close_document),
		cmocka_unit_test_teardown(test_durations, close_document),
		cmocka_unit_test_teardown(test_words, close_document),
		cmocka_unit_test_teardown(test_unknown_key, close_document),
		cmocka_unit_test(test_suggest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
