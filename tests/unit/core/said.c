/* SPDX-License-Identifier: MIT */
/* What a person may say, whichever way it comes. */
#include "hub/core/said.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define H_MS (INT64_C(3600) * BH_MS_PER_S)
/* 2026-11-22, 22:00 UTC: of the night of that evening. */
#define NOW_MS INT64_C(1795384800000)
#define NIGHT 20261122

static struct bh_said_words pain(void)
{
	return (struct bh_said_words){ .kind = BH_SAID_DIARY,
				       .key = "pain",
				       .value = "6",
				       .side = "left",
				       .site = "calf",
				       .at_ms = NOW_MS };
}

static void assert_refused(struct bh_said_words words, enum bh_said_field field, const char *why)
{
	enum bh_said_field found;
	struct bh_remark said;
	struct bh_error err;

	assert_int_equal(bh_said_read(&words, NOW_MS, &said, &found, &err), -EINVAL);
	assert_int_equal(found, field);
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
}

static struct bh_remark taken(struct bh_said_words words)
{
	enum bh_said_field field;
	struct bh_remark said;
	struct bh_error err = { .text = "" };

	if (bh_said_read(&words, NOW_MS, &said, &field, &err) < 0)
		fail_msg("%s", err.text);
	return said;
}

static void test_an_entry_is_taken_as_it_was_said(void **state)
{
	struct bh_said_words words = pain();
	struct bh_remark said = taken(words);

	(void)state;
	assert_string_equal(said.u.diary.value, "6");
	assert_int_equal(said.u.diary.side, BH_SIDE_LEFT);
	assert_string_equal(said.u.diary.site, "calf");
	assert_int_equal(said.u.diary.night, NIGHT);
	words.side = "unknown";
	assert_int_equal(taken(words).u.diary.side, BH_SIDE_UNKNOWN);
	words.at_ms = BH_WALL_UNKNOWN; /* which night, only the clock that keeps it knows */
	assert_int_equal(taken(words).u.diary.night, 0);
	words = (struct bh_said_words){ .kind = BH_SAID_DIARY, .key = "note", .side = "", .site = "",
					.value = "woke at 3,\r\nlegs on fire", .at_ms = NOW_MS };
	assert_string_equal(taken(words).u.diary.value, words.value);
}

static void test_what_is_wrong_is_said_with_its_part(void **state)
{
	struct bh_said_words words = pain();

	(void)state;
	words.key = "pian";
	assert_refused(words, BH_SAID_KEY, "did you mean pain");
	words = pain();
	words.value = "11";
	assert_refused(words, BH_SAID_VALUE, "a number from 0 to 10");
	words.value = "";
	assert_refused(words, BH_SAID_VALUE, "pain '': no value: must be a number from 0 to 10");
	words.key = "note";
	words.value = " \n";
	assert_refused(words, BH_SAID_VALUE, "note '': no value");
	words = (struct bh_said_words){ .kind = BH_SAID_PROFILE, .key = "age", .value = "" };
	assert_refused(words, BH_SAID_VALUE, "age '': no value: must be a number from 1 to 120, or unknown");
	words.takes_back = true;
	assert_string_equal(taken(words).u.profile.value, "");
	words = pain();
	words.value = "6\x07";
	assert_refused(words, BH_SAID_VALUE, "control character");
	words.value = "6\xff";
	assert_refused(words, BH_SAID_VALUE, "UTF-8");
	words = pain();
	words.side = "top";
	assert_refused(words, BH_SAID_SIDE, "left, right or both");
	words = pain();
	words.site = "nose";
	assert_refused(words, BH_SAID_SITE, "one of foot");
	words.key = "fluids";
	words.value = "low";
	words.side = "";
	words.site = "calf";
	assert_refused(words, BH_SAID_SITE, "fluids is not of a leg");
}

static void test_a_time_is_not_to_come(void **state)
{
	struct bh_said_words words = pain();

	(void)state;
	words.at_ms = NOW_MS + H_MS;
	assert_refused(words, BH_SAID_AT, "in the future");
	words.kind = BH_SAID_UNSAID; /* a clock was wrong: what it wrote can be taken back */
	assert_int_equal(taken(words).u.diary.at_ms, words.at_ms);
	words.at_ms = INT64_MAX; /* but no clock is as wrong as that */
	assert_refused(words, BH_SAID_AT, "not a time");
	words.night = NIGHT;
	assert_refused(words, BH_SAID_AT, "not a time");
	words = pain();
	words.at_ms = 0;
	assert_refused(words, BH_SAID_AT, "not a time");
	words = (struct bh_said_words){ .kind = BH_SAID_PROFILE, .key = "age", .value = "71" };
	assert_int_equal(taken(words).u.profile.at_ms, 0);
	words.at_ms = NOW_MS + H_MS;
	assert_refused(words, BH_SAID_AT, "in the future");
}

static void test_a_night_is_of_the_week_before(void **state)
{
	struct bh_said_words words = pain();

	(void)state;
	words.night = 20261115;
	assert_int_equal(taken(words).u.diary.night, 20261115);
	words.night = 20261114;
	assert_refused(words, BH_SAID_NIGHT, "night 2026-11-14");
	words.night = 20261123;
	assert_refused(words, BH_SAID_NIGHT, "correct one");
	words.night = 20261399;
	assert_refused(words, BH_SAID_NIGHT, "not a date");
	/* Without a time of its own it is said now. */
	words.at_ms = BH_WALL_UNKNOWN;
	words.night = 20261123;
	assert_refused(words, BH_SAID_NIGHT, "correct one");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_entry_is_taken_as_it_was_said),
		cmocka_unit_test(test_what_is_wrong_is_said_with_its_part),
		cmocka_unit_test(test_a_time_is_not_to_come),
		cmocka_unit_test(test_a_night_is_of_the_week_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
