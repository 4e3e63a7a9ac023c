/* SPDX-License-Identifier: MIT */
/* Red flags on record: each for itself, and whether the night's newest finding still has it. */
#include "fixture.h"

#include "hub/store/private.h"

#include <stdio.h>
#include <time.h>

#define SORE "A sore or black spot on a foot."
#define SUDDEN "A leg that is suddenly cold."
/* By the public view. */
#define FLAGS                                                                                      \
	"SELECT coalesce(group_concat(x, '; '), 'none') FROM (SELECT says || ' ' || CASE stands WHEN 1 "   \
	"THEN 'stands' ELSE 'gone' END AS x FROM red_flags ORDER BY says)"

static struct bh_store *begin_evening(const struct place *place)
{
	struct bh_record clock = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	struct bh_store *store = open_writer(place);

	begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &clock);
	return store;
}

static struct bh_finding finding_of(const char *first, const char *second)
{
	const char *const says[] = { first, second };
	struct bh_finding finding = { .rule = "leg-hanging", .night = EVENING_NIGHT, .n_evidence = 1 };

	finding.evidence[0] = (struct bh_evidence){ .text = "feet uncovered on 3 nights",
						    .truth = BH_TRUTH_TRUE,
						    .weight_milli = -800,
						    .counted = true };
	snprintf(finding.says, sizeof(finding.says), "%s", first ? first : "Nothing of the kind.");
	for (int i = 0; i < 2 && says[i]; i++) {
		struct bh_evidence *line = &finding.evidence[finding.n_evidence++];

		*line = (struct bh_evidence){ .truth = BH_TRUTH_TRUE };
		snprintf(line->text, sizeof(line->text), "%s", says[i]);
		finding.red_flag = true;
	}
	return finding;
}

static void look(struct bh_store *store, const char *first, const char *second)
{
	struct bh_finding finding = finding_of(first, second);

	assert_int_equal(bh_store_put_finding(store, &finding), 0);
}

static int list_flag(void *ctx, const struct bh_store_red_flag *flag)
{
	size_t n = strlen(ctx);

	snprintf((char *)ctx + n, 256 - n, "%s %s; ", flag->says, flag->stands ? "stands" : "gone");
	return 0;
}

/* What pages and verbs are told. */
static const char *told(struct bh_store *store)
{
	static char text[256];

	text[0] = '\0';
	assert_int_equal(bh_store_red_flags(store, 0, EVENING_NIGHT, list_flag, text), 0);
	return text;
}

/* The rule's order puts the emergency first, whenever it came. */
static void test_a_second_flag_leaves_the_first_standing(void **state)
{
	struct bh_store *store = begin_evening(*state);

	look(store, SORE, NULL);
	assert_string_equal(told(store), SORE " stands; ");
	look(store, SUDDEN, SORE);
	assert_string_equal(told(store), SUDDEN " stands; " SORE " stands; ");
	assert_string_equal(ask(store, FLAGS), SUDDEN " stands; " SORE " stands");
	look(store, SORE, NULL);
	assert_string_equal(told(store), SUDDEN " gone; " SORE " stands; ");
	assert_string_equal(ask(store, FLAGS), SUDDEN " gone; " SORE " stands");
	bh_store_close(store);
}

static void test_a_later_flag_behind_the_first_is_on_record(void **state)
{
	struct bh_store *store = begin_evening(*state);

	look(store, SUDDEN, NULL);
	look(store, SUDDEN, SORE);
	assert_string_equal(told(store), SUDDEN " stands; " SORE " stands; ");
	/* A line that speaks for the pattern is no red flag. */
	assert_string_equal(ask(store, "SELECT count(*) FROM red_flags"), "2");
	look(store, NULL, NULL);
	assert_string_equal(told(store), SUDDEN " gone; " SORE " gone; ");
	assert_string_equal(ask(store, FLAGS), SUDDEN " gone; " SORE " gone");
	bh_store_close(store);
}

static void replay(struct bh_store *store)
{
	struct bh_record clock = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);
	struct bh_record epoch = epoch_record(HOUR_NS);

	begin_run(store, BH_ORIGIN_REPLAYED, "home.cap");
	put(store, &clock);
	put(store, &epoch);
}

/* A capture of the same night, played twice. */
static void test_what_was_measured_is_not_replaced(void **state)
{
	struct bh_store *store = begin_evening(*state);

	look(store, SORE, NULL);
	replay(store);
	look(store, SUDDEN, SORE);
	assert_string_equal(ask(store, "SELECT group_concat(says || origin, ' ') FROM (SELECT says, origin "
				       "FROM red_flags ORDER BY says, origin)"),
			    SUDDEN "replayed " SORE "measured " SORE "replayed");
	assert_string_equal(told(store), SORE " stands; " SUDDEN " stands; ");
	replay(store);
	assert_string_equal(ask(store, "SELECT group_concat(says || origin, ' ') FROM red_flags"),
			    SORE "measured");
	bh_store_close(store);
}

/* A replay that knew it first does not hide that it was measured. */
static void test_what_was_replayed_hides_nothing(void **state)
{
	struct bh_store *store = open_writer(*state);

	replay(store);
	look(store, SORE, NULL);
	bh_store_close(store);
	store = begin_evening(*state);
	look(store, SORE, NULL);
	replay(store);
	assert_string_equal(ask(store, "SELECT group_concat(says || origin, ' ') FROM red_flags"),
			    SORE "measured");
	bh_store_close(store);
}

/* A file as formats 3 to 5 left it: a night with two red flags, and the run's bed without a mat. */
static void test_older_histories_keep_their_red_flags(void **state)
{
	static const char rows[] =
		OLD_BED OLD_RUN
		"INSERT INTO run_bed_row (run, bed, capabilities) VALUES (3, 0, 1);"
		"INSERT INTO finding_row VALUES (8, 20261122, 0, 'leg-hanging', 1, 1, 0, 1, 0, 3, 14, "
		"950, 0, '" SUDDEN "', '', '00ff');"
		"INSERT INTO evidence_row VALUES (8, 0, 2, -800, 1, 'feet uncovered', ''), "
		"(8, 1, 2, 0, 0, '" SUDDEN "', ''), (8, 2, 2, 0, 0, '" SORE "', '');";
	static const char kept[] = "INSERT INTO red_flag_row (night, bed, rule, says, origin) VALUES "
				   "(20261122, 0, 'leg-hanging', '" SUDDEN "', 0), "
				   "(20261122, 0, 'leg-hanging', '" SORE "', 0)";
	char all[sizeof(rows) + sizeof(kept)];
	const struct place *place = *state;
	uint32_t mat = 99;

	for (int version = 3; version <= 5; version++) {
		struct bh_store *store;

		remove(place->path);
		/* Format 5 kept them itself. */
		snprintf(all, sizeof(all), "%s%s", rows, version == 5 ? kept : "");
		make_old(place, version, all);
		store = open_writer(place);
		assert_int_equal(atoi(ask(store, "PRAGMA user_version")), bh_n_migrations);
		assert_string_equal(ask(store, FLAGS), SUDDEN " stands; " SORE " stands");
		assert_string_equal(ask(store, "SELECT raised IS NULL FROM red_flags"), "1");
		assert_int_equal(bh_store_mat_hash(store, 0, false, INT64_MAX, &mat), 0);
		assert_int_equal(mat, 0);
		bh_store_close(store);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, place_make, place_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_second_flag_leaves_the_first_standing),
		TEST(a_later_flag_behind_the_first_is_on_record),
		TEST(what_was_measured_is_not_replaced),
		TEST(what_was_replayed_hides_nothing),
		TEST(older_histories_keep_their_red_flags),
	};

	setenv("TZ", "Europe/Paris", 1);
	tzset();
	return cmocka_run_group_tests_name("store_red_flags", tests, NULL, NULL);
}
