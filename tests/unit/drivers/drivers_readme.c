/* SPDX-License-Identifier: MIT */
/* The registry, and that drivers/OPTIONS.md documents every option of every driver. */
#include "drivers/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_drivers_are_found_by_name(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct bh_driver *driver; (driver = bh_driver_at(n)); n++) {
		assert_ptr_equal(bh_driver_find(driver->name), driver);
		assert_int_equal(strspn(driver->name, "abcdefghijklmnopqrstuvwxyz0123456789"),
				 strlen(driver->name));
		assert_true(driver->part & (BH_PART_MAT | BH_PART_TEMPERATURE));
	}
	assert_true(n >= 3);
	assert_non_null(bh_driver_find("contact"));
	assert_non_null(bh_driver_find("ads1115"));
	assert_non_null(bh_driver_find("hwmon"));
	assert_null(bh_driver_find("hx"));
	assert_null(bh_driver_find(""));
	assert_null(bh_driver_at(SIZE_MAX));
}

static void test_an_unknown_driver_is_told_with_its_remedy(void **state)
{
	static const char yaml[] = "beds:\n  - id: b\n    mat: { driver: contakt }\n"
				   "  - id: c\n    mat: { driver: seismograph }\n"
				   "  - id: d\n    mat: { driver: contact }\n";
	struct bh_config *config;
	struct bh_error err = { 0 };

	(void)state;
	assert_int_equal(bh_config_parse("b.yaml", yaml, sizeof(yaml) - 1, &config, &err), 0);
	assert_null(bh_driver_of(&config->beds[0].sensors[0], &err));
	assert_int_equal(err.line, 3);
	assert_string_equal(err.text, "unknown driver 'contakt': did you mean 'contact'?");
	assert_null(bh_driver_of(&config->beds[1].sensors[0], &err));
	assert_string_equal(err.text,
			    "unknown driver 'seismograph': bedside doctor --drivers lists them");
	assert_ptr_equal(bh_driver_of(&config->beds[2].sensors[0], &err), bh_driver_find("contact"));
	bh_config_free(config);
}

static char *read_readme(void)
{
	static char text[65536];
	FILE *file = fopen(BH_DRIVERS_README, "r");
	size_t n;

	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	return text;
}

static void print_rows(FILE *out, const struct bh_driver_option *option, const char *before)
{
	for (; option && option->key; option++)
		fprintf(out, "| `%s%s` | %s | %s | %s |\n", before, option->key, option->kind,
			option->preset ? option->preset : "required", option->help);
}

static void test_readme_has_every_option(void **state)
{
	const char *readme = read_readme();
	const struct bh_driver *driver;
	int missing = 0;

	(void)state;
	for (size_t i = 0; (driver = bh_driver_at(i)); i++) {
		char *section = NULL;
		size_t size = 0;
		FILE *out = open_memstream(&section, &size);

		assert_non_null(out);
		fprintf(out,
			"### `%s`: %s\n\n| option | kind | default | meaning "
			"|\n|---|---|---|---|\n",
			driver->name, driver->summary);
		print_rows(out, driver->options, "");
		print_rows(out, driver->zone_options, "zones[].");
		fclose(out);
		if (!strstr(readme, section)) {
			fprintf(stderr, "drivers/OPTIONS.md does not have this section:\n\n%s",
				section);
			missing++;
		}
		free(section);
	}
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drivers_are_found_by_name),
		cmocka_unit_test(test_an_unknown_driver_is_told_with_its_remedy),
		cmocka_unit_test(test_readme_has_every_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
