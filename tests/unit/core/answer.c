/* SPDX-License-Identifier: MIT */
/* What a person may answer, and the names of what a bed can tell. */
#include "hub/core/answer.h"
#include "hub/core/mat.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void test_each_kind_takes_its_own_values(void **state)
{
	static const struct {
		const char *key;
		const char *value;
		int expected;
	} rows[] = {
		{ "vascular", "yes", 0 },
		{ "vascular", "no", 0 },
		{ "vascular", "unknown", 0 },
		{ "vascular", "maybe", -EINVAL },
		{ "vascular", "", -EINVAL },
		{ "age", "71", 0 },
		{ "age", "old", -EINVAL },
		{ "age", "7.", -EINVAL },
		{ "age", "1234567890", -EINVAL },
		{ "age", "0.999", -EINVAL },
		{ "age", "120", 0 },
		{ "age", "120.001", -EINVAL },
		{ "age", "-5", -EINVAL },
		{ "hemisphere", "south", 0 },
		{ "hemisphere", "nor", -EINVAL },
		{ "hemisphere", "north|south", -EINVAL },
		{ "cramp_drug_since", "2024-02-29", 0 },
		{ "cramp_drug_since", "2026-02-29", -EINVAL },
		{ "cramp_drug_since", "2026-2-03", -EINVAL },
		{ "cramp_drug_since", "2026-02-031", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct bh_answer_info *info = bh_profile_info(rows[i].key);

		assert_non_null(info);
		assert_int_equal(bh_answer_check(info, rows[i].value), rows[i].expected);
	}
	assert_null(bh_profile_info("vasculr"));
	assert_int_equal(bh_answer_check(bh_diary_info("relief"), "hang"), 0);
	assert_int_equal(bh_answer_check(bh_diary_info("note"), "slept badly"), 0);
}

static void test_every_key_says_what_it_takes(void **state)
{
	const struct bh_answer_info *info;
	char takes[BH_ANSWER_TAKES_MAX];
	int min, max;

	(void)state;
	assert_string_equal(bh_answer_takes(bh_diary_info("pain"), takes), "a number from 0 to 10");
	assert_string_equal(bh_answer_takes(bh_diary_info("relief"), takes),
			    "hang, walk, stretch, elevate, pillow or cool");
	assert_string_equal(bh_answer_takes(bh_profile_info("statin"), takes), "yes or no");
	for (size_t i = 0; (info = bh_profile_info_at(i)) || (info = bh_diary_info_at(i)); i++) {
		assert_true(strlen(bh_answer_takes(info, takes)) < sizeof(takes) - 1);
		if (info->kind != BH_ANSWER_NUMBER)
			continue;
		bh_answer_range(info, &min, &max);
		assert_true(min < max);
	}
	assert_int_equal(bh_diary_info("cramp")->of, BH_OF_SIDE);
	assert_int_equal(bh_diary_info("numb")->of, BH_OF_LEG);
	assert_int_equal(bh_diary_info("fluids")->of, BH_OF_BODY);
	assert_true(bh_answer_is_word(bh_answer_sites(), "calf"));
	assert_false(bh_answer_is_word(bh_answer_sites(), "calf|shin"));
}

static void test_numbers_are_thousandths(void **state)
{
	int64_t milli = 7;

	(void)state;
	assert_int_equal(bh_answer_number("-2.5", &milli), 0);
	assert_int_equal(milli, -2500);
	assert_int_equal(bh_answer_number("0.0001", &milli), -EINVAL);
	assert_int_equal(milli, -2500);
}

static void test_every_capability_has_a_name_of_its_own(void **state)
{
	uint32_t bit;

	(void)state;
	for (bit = 1; bit <= BH_CAN_HANGING; bit <<= 1) {
		uint32_t back = 0;

		assert_non_null(bh_capability_name(bit));
		assert_non_null(bh_capability_text(bit));
		assert_int_equal(bh_capability_from_name(bh_capability_name(bit), &back), 0);
		assert_int_equal(back, bit);
	}
	assert_null(bh_capability_name(bit));
	assert_null(bh_capability_name(BH_CAN_LEGS | BH_CAN_SIDE));
	assert_int_equal(bh_capability_from_name("leg", &bit), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind_takes_its_own_values),
		cmocka_unit_test(test_every_key_says_what_it_takes),
		cmocka_unit_test(test_numbers_are_thousandths),
		cmocka_unit_test(test_every_capability_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
