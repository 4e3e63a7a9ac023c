/* SPDX-License-Identifier: MIT */
/* The contact driver's options: every mistake is refused at its place, with the remedy. */
#include "tests/fakes/bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct bh_bench bench;

/* A zone of @p count in all, one a line. */
static const char *many_zones(int count)
{
	static char yaml[8192];
	size_t used = (size_t)snprintf(yaml, sizeof(yaml), "zones:\n");

	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(yaml + used, sizeof(yaml) - used,
					 "  - { name: z%d, line: L%d, at: trunk }\n", i, i);
	return yaml;
}

static void test_mistakes_are_refused_with_place_and_remedy(void **state)
{
	static const struct {
		const char *yaml;
		const char *text;
	} mistakes[] = {
		{ "active: low\n",
		  "1:1: this mat has no 'zones': add a list with one line a zone" },
		{ "zones: []\n", "1:8: this mat has no 'zones': add a list with one line a zone" },
		{ "zones: 3\n",
		  "1:8: 'zones' must be a list: lines that begin with \"- \", or [a, b]" },
		{ "zones:\n  - GPIO17\n",
		  "2:5: a zone is a section such as { name: hips, at: trunk, ... }" },
		{ "zones:\n  - { line: GPIO17, at: trunk }\n",
		  "2:5: this zone has no 'name': give it one" },
		{ "zones:\n  - { name: hi ps, line: GPIO17, at: trunk }\n",
		  "2:13: 'name' of a zone is made of a-z, 0-9, '-' and '_'" },
		{ "zones:\n  - { name: hips, line: GPIO17 }\n",
		  "2:5: zone 'hips' has no 'at': say what it covers, such as trunk or "
		  "edge_left+legs" },
		{ "zones:\n  - { name: hips, line: GPIO17, at: belly }\n",
		  "2:37: 'at' must be head, trunk, legs, edge_left or edge_right, or several "
		  "joined by '+'" },
		{ "zones:\n  - { name: hips, at: trunk }\n",
		  "2:5: this zone has no 'line': name a GPIO line, such as GPIO17" },
		{ "zones:\n  - { name: hips, line: 17, at: trunk }\n",
		  "2:25: line 17 has no chip: add 'chip' with its label, or name the line, such "
		  "as GPIO17" },
		{ "chip: c\nzones:\n  - { name: hips, line: 4000, at: trunk }\n",
		  "3:25: a line number is at most 1023" },
		{ "zones:\n  - { name: hips, line: GPIO17, at: trunk, x: 1001 }\n",
		  "2:47: 'x' must be between 0 and 1000, not 1001" },
		{ "zones:\n  - { name: hips, line: A, at: trunk }\n"
		  "  - { name: hips, line: B, at: legs }\n",
		  "3:13: two zones are called 'hips': names are unique" },
		{ "zones:\n  - { name: hips, line: A, at: trunk }\n"
		  "  - { name: legs, line: A, at: legs }\n",
		  "3:25: zone 'hips' has this line already: one pad a line" },
		{ "zones:\n  - { name: hips, line: A, at: trunk, colour: red }\n",
		  "2:39: unknown key 'colour': known here are name, at, x, y, line or chip" },
		{ "debonce: 50ms\nzones: []\n",
		  "1:1: unknown key 'debonce': did you mean 'debounce'?" },
		{ "debounce: 50\nzones: []\n",
		  "1:11: 'debounce' must be a whole number with a unit, such as 500ms, 90s, "
		  "15min or 2h, not '50'" },
		{ "debounce: 1s\nzones: []\n",
		  "1:11: 'debounce' must be between 0s and 500ms, not 1s" },
		{ "active: down\nzones: []\n", "1:9: 'active' must be low or high, not 'down'" },
		{ "bias: up\nzones: []\n",
		  "1:7: 'bias' must be as-is, pull-up or pull-down, not 'up'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		char text[sizeof(bench.text)];

		snprintf(text, sizeof(text), "bedside.yaml:%s", mistakes[i].text);
		assert_int_equal(bh_bench_begin(&bench, "contact", mistakes[i].yaml), -EINVAL);
		assert_string_equal(bench.text, text);
		bh_bench_end(&bench);
	}
	assert_int_equal(bh_bench_begin(&bench, "contact", many_zones(32)), 0);
	bh_bench_end(&bench);
	assert_int_equal(bh_bench_begin(&bench, "contact", many_zones(33)), -EINVAL);
	assert_string_equal(bench.text, "bedside.yaml:34:5: this driver reads at most 32 zones: "
					"remove this one and what follows");
	bh_bench_end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes_are_refused_with_place_and_remedy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
