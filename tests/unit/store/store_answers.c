/* SPDX-License-Identifier: MIT */
/* What people say: whose it is, all of it or nothing, and never twice. */
#include "fixture.h"

#include "hub/store/private.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

static struct bh_remark entry(uint8_t bed, const char *key, const char *value, enum bh_side side,
			    const char *site)
{
	struct bh_remark said = { .kind = BH_SAID_DIARY,
				.u.diary = { .night = EVENING_NIGHT,
					     .at_ms = EVENING_MS,
					     .side = side,
					     .bed = bed } };

	snprintf(said.u.diary.key, sizeof(said.u.diary.key), "%s", key);
	snprintf(said.u.diary.value, sizeof(said.u.diary.value), "%s", value);
	snprintf(said.u.diary.site, sizeof(said.u.diary.site), "%s", site);
	return said;
}

static struct bh_remark answer(uint8_t bed, const char *key, const char *value)
{
	struct bh_remark said = { .kind = BH_SAID_PROFILE,
				.u.profile = { .bed = bed, .at_ms = EVENING_MS } };

	snprintf(said.u.profile.key, sizeof(said.u.profile.key), "%s", key);
	snprintf(said.u.profile.value, sizeof(said.u.profile.value), "%s", value);
	return said;
}

static int64_t begin_two_beds(struct bh_store *store)
{
	struct bh_store_bed beds[2] = { bed_of("left"), bed_of("right") };
	struct bh_store_run run = run_of(BH_ORIGIN_MEASURED, "");
	int64_t id = 0;

	beds[1].bed = 1;
	assert_int_equal(bh_store_run_begin(store, &run, beds, 2, &id), 0);
	return id;
}

static void test_each_bed_has_a_person_of_its_own(void **state)
{
	struct bh_store *store = open_writer(*state);
	const struct bh_remark said[] = {
		answer(0, "age", "71"),
		answer(1, "age", "68"),
		answer(1, "diabetes", "no"),
		entry(0, "pain", "6", BH_SIDE_LEFT, "calf"),
		entry(1, "pain", "2", BH_SIDE_LEFT, "calf"),
	};
	struct bh_store_past past;

	begin_two_beds(store);
	assert_int_equal(bh_store_say(store, said, 5), 5);
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.n_profile, 1);
	assert_string_equal(past.history.profile[0].value, "71");
	assert_int_equal(past.history.n_diary, 1);
	assert_string_equal(past.history.diary[0].value, "6");
	assert_string_equal(past.history.diary[0].site, "calf");
	bh_store_past_free(&past);
	assert_int_equal(bh_store_past(store, 1, 0, 0, &past), 0);
	assert_int_equal(past.history.n_profile, 2);
	assert_int_equal(past.history.n_diary, 1);
	assert_string_equal(past.history.diary[0].value, "2");
	bh_store_past_free(&past);
	bh_store_close(store);
}

static void test_the_same_again_changes_nothing(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_remark said[] = {
		entry(0, "pain", "6", BH_SIDE_LEFT, "calf"), entry(0, "pain", "6", BH_SIDE_LEFT, "foot"),
		entry(0, "pain", "6", BH_SIDE_RIGHT, ""),    answer(0, "age", "71"),
	};

	begin_run(store, BH_ORIGIN_MEASURED, "");
	assert_int_equal(bh_store_say(store, said, 4), 4);
	assert_int_equal(bh_store_say(store, said, 4), 0);
	said[0] = entry(0, "pain", "7", BH_SIDE_LEFT, "calf"); /* corrected */
	assert_int_equal(bh_store_say(store, said, 4), 1);
	assert_string_equal(ask(store, "SELECT group_concat(value || side || site, ' ') FROM (SELECT * "
				       "FROM diary ORDER BY id)"),
			    "7leftcalf 6leftfoot 6right");
	said[0].kind = BH_SAID_UNSAID;
	said[3] = answer(0, "age", "");
	assert_int_equal(bh_store_say(store, said, 1), 1);
	assert_int_equal(bh_store_say(store, &said[3], 1), 1);
	assert_string_equal(ask(store, "SELECT count(*) FROM diary"), "2");
	assert_string_equal(ask(store, "SELECT count(*) FROM profile"), "0");
	bh_store_close(store);
}

/* Pressed once too often, the button of Home Assistant leaves the nights before alone. */
static void test_the_last_of_a_night_is_taken_back(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_remark said[] = { entry(0, "pain", "6", BH_SIDE_LEFT, ""),
				    entry(0, "pain", "2", BH_SIDE_RIGHT, ""),
				    entry(0, "urge", "yes", BH_SIDE_UNKNOWN, "") };
	struct bh_remark last = { .kind = BH_SAID_UNSAID,
				  .u.diary = { .night = EVENING_NIGHT, .at_ms = EVENING_MS } };

	begin_run(store, BH_ORIGIN_MEASURED, "");
	said[2].u.diary.night = EVENING_NIGHT - 1; /* written last, of the night before */
	assert_int_equal(bh_store_say(store, said, 3), 3);
	assert_int_equal(bh_store_say(store, &last, 1), 1);
	assert_string_equal(ask(store, "SELECT group_concat(key || value) FROM (SELECT * FROM diary "
				       "ORDER BY id)"),
			    "pain6,urgeyes");
	assert_int_equal(bh_store_say(store, &last, 1), 1);
	assert_int_equal(bh_store_say(store, &last, 1), 0);
	assert_string_equal(ask(store, "SELECT key FROM diary"), "urge");
	last.u.diary.night = 0;
	assert_int_equal(bh_store_say(store, &last, 1), -EINVAL);
	bh_store_close(store);
}

static void test_one_that_is_not_whole_stops_all(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_remark said[] = { entry(0, "pain", "6", BH_SIDE_LEFT, ""),
				  entry(0, "urge", "yes", BH_SIDE_UNKNOWN, "") };
	struct bh_store *reader;

	begin_run(store, BH_ORIGIN_MEASURED, "");
	said[1].u.diary.night = 0;
	assert_int_equal(bh_store_say(store, said, 2), -EINVAL);
	said[1] = entry(3, "urge", "yes", BH_SIDE_UNKNOWN, ""); /* of no bed */
	assert_int_equal(bh_store_say(store, said, 2), -EINVAL);
	assert_int_equal(bh_store_commit(store), 0);
	reader = open_reader(*state);
	assert_string_equal(ask(reader, "SELECT count(*) FROM diary"), "0");
	assert_int_equal(bh_store_say(reader, said, 1), -EROFS);
	bh_store_close(reader);
	bh_store_close(store);
}

/* A person may answer before a hub has served the bed; the hub then finds the answers. */
static void test_a_bed_may_be_named_before_it_is_served(void **state)
{
	struct bh_store *store = open_writer(*state);
	struct bh_remark said = answer(0, "age", "71");
	int left = bh_store_name_bed(store, "left", "left");
	int right = bh_store_name_bed(store, "right", "right");
	struct bh_store_past past;

	assert_true(left >= 0 && right >= 0 && left != right);
	assert_int_equal(bh_store_name_bed(store, "right", "other"), right);
	said.u.profile.bed = (uint8_t)right;
	assert_int_equal(bh_store_say(store, &said, 1), 1);
	assert_int_equal(bh_store_commit(store), 0);
	bh_store_close(store);
	store = open_writer(*state);
	begin_two_beds(store);
	assert_int_equal(bh_store_past(store, 1, 0, 0, &past), 0);
	assert_int_equal(past.history.n_profile, 1);
	bh_store_past_free(&past);
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.n_profile, 0);
	bh_store_past_free(&past);
	bh_store_close(store);
}

/* ---- from a history of format 2, which did not know whose an answer is ---- */

static void make_format_2(const struct place *place, const char *beds)
{
	char rows[640];

	snprintf(rows, sizeof(rows),
		 "%s; INSERT INTO profile_row VALUES ('age', '71'), ('diabetes', 'no'); "
		 "INSERT INTO diary_row VALUES (20261122, 1795384800000, 'pain', 1, '6', 3600), "
		 "(20261121, 1795298400000, 'note', 0, 'slept badly', 3600)",
		 beds);
	make_old(place, 2, rows);
}

static void test_what_was_said_before_goes_to_the_first_bed(void **state)
{
	struct bh_store *store;

	make_format_2(*state, "INSERT INTO bed_row VALUES (3, 'old', 'Old', 0, NULL), "
			      "(4, 'right', 'Right', 0, 1), (7, 'left', 'Left', 0, 0)");
	store = open_writer(*state);
	assert_string_equal(ask(store, "SELECT group_concat(bed || ' ' || key || ' ' || value) "
				       "FROM profile"),
			    "left age 71,left diabetes no");
	assert_string_equal(ask(store, "SELECT group_concat(bed || night || key || side || value || "
				       "at) FROM (SELECT * FROM diary ORDER BY id)"),
			    "left20261121noteunknownslept badly2026-11-21 23:00:00,"
			    "left20261122painleft62026-11-22 23:00:00");
	bh_store_close(store);
}

static void test_answers_of_a_history_without_beds_wait_for_one(void **state)
{
	struct bh_store *store;
	struct bh_store_past past;

	make_format_2(*state, "SELECT 1");
	store = open_writer(*state);
	begin_run(store, BH_ORIGIN_MEASURED, "");
	assert_int_equal(bh_store_past(store, 0, 0, 0, &past), 0);
	assert_int_equal(past.history.n_profile, 2);
	assert_int_equal(past.history.n_diary, 2);
	bh_store_past_free(&past);
	bh_store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)
	const struct CMUnitTest tests[] = {
		TEST(each_bed_has_a_person_of_its_own),
		TEST(the_same_again_changes_nothing),
		TEST(the_last_of_a_night_is_taken_back),
		TEST(one_that_is_not_whole_stops_all),
		TEST(a_bed_may_be_named_before_it_is_served),
		TEST(what_was_said_before_goes_to_the_first_bed),
		TEST(answers_of_a_history_without_beds_wait_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
