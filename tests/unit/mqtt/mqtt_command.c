/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/command.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int parse(const char *key, const char *payload, struct bh_command *ret)
{
	const char *error = NULL;
	int r = bh_command_parse(key, payload, strlen(payload), ret, &error);

	if (r == -EINVAL)
		assert_non_null(error);
	return r;
}

static void minutes_are_clamped(void **state)
{
	static const struct {
		const char *payload;
		int32_t minutes;
	} rows[] = { { "15", 15 },     { "20.0", 20 },	{ " 7 ", 7 },
		     { "0", 0 },       { "-30", 0 },	{ "1440", 1440 },
		     { "1441", 1440 }, { "1e9", 1440 }, { "14.6", 15 } };
	struct bh_command command;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse("not_returned_min", rows[i].payload, &command), 0);
		assert_int_equal(command.kind, BH_COMMAND_NOT_RETURNED_MIN);
		assert_int_equal(command.value, rows[i].minutes);
	}
}

static void nonsense_is_refused(void **state)
{
	static const char *const rows[] = { "",	   "soon", "15 min",
					    "nan", "inf",  "1 2",
					    "--3", "0x",   "1111111111111111111111111111111111" };
	struct bh_command command = { .value = 42 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(parse("not_returned_min", rows[i], &command), -EINVAL);
	assert_int_equal(parse("note", "", &command), -EINVAL);
	assert_int_equal(parse("note", " \t\n", &command), -EINVAL);
	assert_int_equal(parse("note", "bad \xff utf8", &command), -EINVAL);
	assert_int_equal(parse("reboot", "now", &command), -ENOENT);
	assert_int_equal(parse("", "now", &command), -ENOENT);
	assert_int_equal(command.value, 42);
}

static void a_nul_in_a_payload_is_a_blank(void **state)
{
	const char *error;
	struct bh_command command;

	(void)state;
	assert_int_equal(bh_command_parse("note", "a\0b", 3, &command, &error), 0);
	assert_string_equal(command.text, "a b");
	assert_int_equal(bh_command_parse("not_returned_min", "1\0002", 3, &command, &error), 0);
	assert_int_equal(command.value, 1);
}

static void a_press_has_no_text(void **state)
{
	struct bh_command command;

	(void)state;
	assert_int_equal(parse("mark", BH_BUTTON_PRESS, &command), 0);
	assert_string_equal(command.text, "");
	assert_int_equal(parse("mark", "turned by nurse", &command), 0);
	assert_string_equal(command.text, "turned by nurse");
}

static void long_texts_are_cut_at_a_character(void **state)
{
	char payload[401];
	struct bh_command command;

	(void)state;
	memset(payload, 'x', 400);
	payload[400] = '\0';
	assert_int_equal(parse("note", payload, &command), 0);
	assert_int_equal(strlen(command.text), BH_NOTE_MAX);

	/* 254 letters and a euro sign of three bytes: it does not fit, and is left out whole. */
	memcpy(payload + 254, "\xe2\x82\xac", 3);
	assert_int_equal(parse("note", payload, &command), 0);
	assert_int_equal(strlen(command.text), 254);
}

static void what_is_said_is_what_the_tables_take(void **state)
{
	struct bh_command command;

	(void)state;
	assert_int_equal(parse("diary_pain_left", "6", &command), 0);
	assert_int_equal(command.kind, BH_COMMAND_SAY);
	assert_int_equal(command.said.kind, BH_SAID_DIARY);
	assert_string_equal(command.said.u.diary.key, "pain");
	assert_string_equal(command.said.u.diary.value, "6");
	assert_int_equal(command.said.u.diary.side, BH_SIDE_LEFT);
	assert_int_equal(command.said.u.diary.at_ms, BH_WALL_UNKNOWN);
	assert_int_equal(parse("diary_dark_urine", BH_BUTTON_PRESS, &command), 0);
	assert_string_equal(command.said.u.diary.key, "dark_urine");
	assert_string_equal(command.said.u.diary.value, "yes");
	assert_int_equal(parse("diary_pain", "{\"value\":\"3\",\"side\":\"both\",\"site\":\"shin\"}",
			       &command), 0);
	assert_int_equal(command.said.u.diary.side, BH_SIDE_BOTH);
	assert_string_equal(command.said.u.diary.site, "shin");
	assert_int_equal(parse("profile_age", "71", &command), 0);
	assert_int_equal(command.said.kind, BH_SAID_PROFILE);
	assert_string_equal(command.said.u.profile.value, "71");
	assert_int_equal(parse("profile_age", "", &command), 0); /* taken back */
	assert_string_equal(command.said.u.profile.value, "");
	assert_int_equal(parse("undo", BH_BUTTON_PRESS, &command), 0);
	assert_int_equal(command.said.kind, BH_SAID_UNSAID);
	assert_string_equal(command.said.u.diary.key, "");
}

/* As at a terminal, in a file and on the control socket (hub/core/said.h). */
static void what_is_not_said_is_left_out(void **state)
{
	struct bh_command command;

	(void)state;
	assert_int_equal(parse("diary_urge", "{\"value\":\"yes\",\"side\":\"unknown\"}", &command), 0);
	assert_int_equal(command.said.u.diary.side, BH_SIDE_UNKNOWN);
	assert_int_equal(parse("diary_urge", "{\"value\":\"PRESS\",\"side\":\"\",\"site\":\"\"}",
			       &command), 0);
	assert_string_equal(command.said.u.diary.value, "yes");
	assert_int_equal(parse("diary_pain_left", "{\"value\":\"3\",\"site\":\"\"}", &command), 0);
	assert_int_equal(command.said.u.diary.side, BH_SIDE_LEFT);
	assert_string_equal(command.said.u.diary.site, "");
	assert_int_equal(parse("diary_pain_left", "{\"value\":\"3\",\"side\":\"right\"}", &command), 0);
	assert_int_equal(command.said.u.diary.side, BH_SIDE_RIGHT);
	/* What a text field lets through costs nobody his entry. */
	assert_int_equal(parse("diary_note", "woke at 3,\nlegs\x07on fire", &command), 0);
	assert_string_equal(command.said.u.diary.value, "woke at 3, legs on fire");
}

static void a_refusal_says_which_part(void **state)
{
	static const struct {
		const char *payload, *why;
	} rows[] = {
		{ "{\"value\":\"11\"}", "not a value" },
		{ "{\"value\":\"3\\u0007\"}", "not a value" },
		{ "{\"value\":\"3\",\"side\":\"top\"}", "no such side" },
		{ "{\"value\":\"3\",\"site\":\"nose\"}", "no such site" },
		{ "{\"value\":\"3\",\"night\":20261122}", "not an object" },
	};
	struct bh_command command;
	const char *error;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(bh_command_parse("diary_pain", rows[i].payload, strlen(rows[i].payload),
						  &command, &error), -EINVAL);
		if (!strstr(error, rows[i].why))
			fail_msg("%s: %s", rows[i].payload, error);
	}
}

static void what_no_table_takes_is_refused(void **state)
{
	static const struct {
		const char *key, *payload;
		int expected;
	} rows[] = {
		{ "diary_pain", "11", -EINVAL },	   { "diary_pain", "", -EINVAL },
		{ "diary_relief", "hang|walk", -EINVAL },  { "diary_urge", "PRESSED", -EINVAL },
		{ "profile_age", "0", -EINVAL },	   { "profile_statin", "maybe", -EINVAL },
		{ "diary_pain", "{\"value\":6}", -EINVAL }, { "diary_pain", "{}", -EINVAL },
		{ "diary_urge", "{\"value\":\"yes\",\"site\":\"calf\"}", -EINVAL },
		{ "diary_pian", "6", -ENOENT },		   { "diary_fluids_left", "low", -ENOENT },
		{ "diary_pain_unknown", "6", -ENOENT },	   { "diary_", "6", -ENOENT },
		{ "diary_left", "6", -ENOENT },		   { "profile_pain", "6", -ENOENT },
		{ "profile_", "yes", -ENOENT },		   { "pain", "6", -ENOENT },
	};
	struct bh_command command = { .value = 42 };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(parse(rows[i].key, rows[i].payload, &command), rows[i].expected);
	assert_int_equal(command.value, 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes_are_clamped),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(a_nul_in_a_payload_is_a_blank),
		cmocka_unit_test(a_press_has_no_text),
		cmocka_unit_test(long_texts_are_cut_at_a_character),
		cmocka_unit_test(what_is_said_is_what_the_tables_take),
		cmocka_unit_test(what_is_not_said_is_left_out),
		cmocka_unit_test(a_refusal_says_which_part),
		cmocka_unit_test(what_no_table_takes_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
