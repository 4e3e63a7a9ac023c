/* SPDX-License-Identifier: MIT */
/* Each gate of each tip, from both sides: forbidden, allowed, not known. */
#include "hub/report/tips.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ITEMS_MAX 16

/* A person about whom everything is known and nothing forbids any tip. */
static const char *const harmless[][2] = {
	{ "heart_failure", "no" }, { "kidney_disease", "no" },	  { "dialysis", "no" },
	{ "ace_inhibitor", "no" }, { "diuretic_sparing", "no" },  { "vascular", "no" },
	{ "nocturia", "no" },	   { "arteries_checked", "yes" },
};
#define HARMLESS (sizeof(harmless) / sizeof(harmless[0]))

struct person {
	struct bh_profile_item item[ITEMS_MAX];
	struct bh_tip_facts facts;
};

static void make(struct person *person)
{
	memset(person, 0, sizeof(*person));
	for (size_t i = 0; i < HARMLESS; i++) {
		strcpy(person->item[i].key, harmless[i][0]);
		strcpy(person->item[i].value, harmless[i][1]);
	}
	person->facts = (struct bh_tip_facts){ .profile = person->item,
					       .n_profile = HARMLESS,
					       .arterial = BH_BAND_NOT_SEEN };
}

/* Another answer; NULL takes it away. */
static void answer(struct person *person, const char *key, const char *value)
{
	for (size_t i = 0; i < HARMLESS; i++) {
		if (strcmp(person->item[i].key, key) != 0)
			continue;
		strcpy(person->item[i].value, value ? value : "");
		if (!value)
			strcpy(person->item[i].key, "age");
		return;
	}
	fail_msg("no such key: %s", key);
}

static struct bh_tip_advice ask(enum bh_tip tip, const struct person *person)
{
	struct bh_tip_advice advice;

	bh_tip_advise(tip, &person->facts, &advice);
	return advice;
}

static void test_nothing_forbids(void **state)
{
	struct person person;

	(void)state;
	make(&person);
	for (int tip = 0; tip < BH_TIPS; tip++) {
		struct bh_tip_advice advice = ask((enum bh_tip)tip, &person);

		assert_int_equal(advice.state, BH_TIP_GIVEN);
		assert_int_equal(advice.n_reasons, 0);
		assert_null(advice.also);
		assert_true(strlen(advice.text) > 20);
	}
}

struct gate {
	enum bh_tip tip;
	const char *key;
};

/* science notes, section 5; written out, not taken from tips.def. */
static const struct gate forbids[] = {
	{ BH_TIP_HYDRATION, "heart_failure" },
	{ BH_TIP_HYDRATION, "kidney_disease" },
	{ BH_TIP_HYDRATION, "dialysis" },
	{ BH_TIP_ELECTROLYTES, "kidney_disease" },
	{ BH_TIP_ELECTROLYTES, "dialysis" },
	{ BH_TIP_ELECTROLYTES, "ace_inhibitor" },
	{ BH_TIP_ELECTROLYTES, "diuretic_sparing" },
	{ BH_TIP_ELEVATION, "vascular" },
	{ BH_TIP_COMPRESSION, "vascular" },
};
#define FORBIDS (sizeof(forbids) / sizeof(forbids[0]))

static void test_a_yes_holds_the_tip_back_and_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORBIDS; i++) {
		struct person person;
		struct bh_tip_advice advice;

		make(&person);
		answer(&person, forbids[i].key, "yes");
		advice = ask(forbids[i].tip, &person);
		assert_int_equal(advice.state, BH_TIP_HELD_BACK);
		assert_int_equal(advice.n_reasons, 1);
		assert_int_equal(advice.reason[0].why, BH_TIP_PROFILE_YES);
		assert_non_null(advice.reason[0].key);
		assert_string_equal(advice.reason[0].key->key, forbids[i].key);
	}
}

static void test_an_unknown_answer_is_not_a_no(void **state)
{
	static const char *const unknown[] = { NULL, "unknown", "" };

	(void)state;
	for (size_t i = 0; i < FORBIDS; i++) {
		for (size_t k = 0; k < sizeof(unknown) / sizeof(unknown[0]); k++) {
			struct person person;
			struct bh_tip_advice given, advice;

			make(&person);
			given = ask(forbids[i].tip, &person);
			answer(&person, forbids[i].key, unknown[k]);
			advice = ask(forbids[i].tip, &person);
			assert_int_equal(advice.state, BH_TIP_ASK_FIRST);
			assert_int_equal(advice.reason[0].why, BH_TIP_PROFILE_UNKNOWN);
			assert_string_equal(advice.reason[0].key->key, forbids[i].key);
			assert_string_not_equal(advice.text, given.text);
		}
	}
}

static void test_a_yes_does_not_reach_other_tips(void **state)
{
	(void)state;
	for (size_t i = 0; i < FORBIDS; i++) {
		struct person person;

		make(&person);
		answer(&person, forbids[i].key, "yes");
		for (int tip = 0; tip < BH_TIPS; tip++) {
			bool forbidden = false;

			for (size_t k = 0; k < FORBIDS; k++)
				forbidden |= (int)forbids[k].tip == tip &&
					     strcmp(forbids[k].key, forbids[i].key) == 0;
			assert_int_equal(ask((enum bh_tip)tip, &person).state == BH_TIP_GIVEN,
					 !forbidden);
		}
	}
}

static void test_compression_needs_checked_arteries(void **state)
{
	struct person person;
	struct bh_tip_advice advice;

	(void)state;
	make(&person);
	answer(&person, "arteries_checked", "no");
	advice = ask(BH_TIP_COMPRESSION, &person);
	assert_int_equal(advice.state, BH_TIP_HELD_BACK);
	assert_int_equal(advice.reason[0].why, BH_TIP_PROFILE_NO);
	answer(&person, "arteries_checked", NULL);
	advice = ask(BH_TIP_COMPRESSION, &person);
	assert_int_equal(advice.state, BH_TIP_HELD_BACK);
	assert_int_equal(advice.reason[0].why, BH_TIP_PROFILE_UNKNOWN);
	assert_int_equal(ask(BH_TIP_ELEVATION, &person).state, BH_TIP_GIVEN);
}

static void test_an_arterial_pattern_holds_elevation_and_compression_back(void **state)
{
	static const enum bh_tip gated[] = { BH_TIP_ELEVATION, BH_TIP_COMPRESSION };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		for (int band = BH_BAND_NO_DATA; band <= BH_BAND_STRONG; band++) {
			struct person person;
			enum bh_tip_state expected = band >= BH_BAND_SOME      ? BH_TIP_HELD_BACK
						     : band == BH_BAND_NO_DATA ? BH_TIP_ASK_FIRST
									       : BH_TIP_GIVEN;

			make(&person);
			person.facts.arterial = (enum bh_band)band;
			assert_int_equal(ask(gated[i], &person).state, expected);
			assert_int_equal(ask(BH_TIP_STRETCHING, &person).state, BH_TIP_GIVEN);
		}
	}
}

static void test_a_red_flag_comes_first(void **state)
{
	struct person person;

	(void)state;
	make(&person);
	person.facts.red_flag = true;
	for (int tip = 0; tip < BH_TIPS; tip++)
		assert_int_equal(ask((enum bh_tip)tip, &person).state,
				 tip == BH_TIP_MEDICATION ? BH_TIP_GIVEN : BH_TIP_HELD_BACK);
}

static void test_all_reasons_are_said(void **state)
{
	struct person person;
	struct bh_tip_advice advice;

	(void)state;
	make(&person);
	answer(&person, "vascular", "yes");
	answer(&person, "arteries_checked", "no");
	person.facts.arterial = BH_BAND_STRONG;
	person.facts.red_flag = true;
	advice = ask(BH_TIP_COMPRESSION, &person);
	assert_int_equal(advice.state, BH_TIP_HELD_BACK);
	assert_int_equal(advice.n_reasons, 4);
}

static void test_drinking_and_getting_up_at_night(void **state)
{
	struct person person;

	(void)state;
	make(&person);
	answer(&person, "nocturia", "yes");
	assert_non_null(ask(BH_TIP_HYDRATION, &person).also);
	answer(&person, "nocturia", NULL);
	assert_null(ask(BH_TIP_HYDRATION, &person).also);
	answer(&person, "heart_failure", "yes");
	assert_null(ask(BH_TIP_HYDRATION, &person).also);
}

static enum bh_band arterial(const char *rule, enum bh_rule_class class, enum bh_band band)
{
	struct bh_finding finding = { .class = class, .band = band };
	struct bh_report_finding shown = { .finding = &finding };
	struct bh_report_patterns patterns = { .finding = &shown, .n = 1 };

	snprintf(finding.rule, sizeof(finding.rule), "%s", rule);
	return bh_tips_arterial(&patterns);
}

static void test_which_findings_are_arterial(void **state)
{
	struct bh_report_patterns none = { .n = 0 };

	(void)state;
	assert_int_equal(bh_tips_arterial(&none), BH_BAND_NO_DATA);
	assert_int_equal(arterial("leg_hanging", BH_RULE_CIRCULATION, BH_BAND_NOT_SEEN),
			 BH_BAND_NOT_SEEN);
	assert_int_equal(arterial("leg_hanging", BH_RULE_CIRCULATION, BH_BAND_SOME), BH_BAND_SOME);
	/* Veins are no arteries; raised legs are what helps them. */
	assert_int_equal(arterial("early_restless", BH_RULE_CIRCULATION, BH_BAND_STRONG),
			 BH_BAND_NO_DATA);
	/* A rule of one's own may speak for arteries, but cannot clear them. */
	assert_int_equal(arterial("my_rule", BH_RULE_CIRCULATION, BH_BAND_LIKENESS),
			 BH_BAND_LIKENESS);
	assert_int_equal(arterial("my_rule", BH_RULE_CIRCULATION, BH_BAND_NOT_SEEN),
			 BH_BAND_NO_DATA);
	assert_int_equal(arterial("restless_legs", BH_RULE_NEUROLOGICAL, BH_BAND_STRONG),
			 BH_BAND_NO_DATA);
}

/* Whoever takes none of them need not have them looked over; one unknown answer, and it may be. */
static void test_medicines_that_nobody_takes_are_not_looked_over(void **state)
{
	static const char *const medicines[] = {
		"diuretic_thiazide", "diuretic_loop",	  "diuretic_sparing", "ace_inhibitor",
		"statin",	     "long_beta_agonist", "restless_drug",
	};
	struct person person;
	struct bh_tip_advice given, none;

	(void)state;
	make(&person);
	given = ask(BH_TIP_MEDICATION, &person);
	assert_int_equal(given.state, BH_TIP_GIVEN);
	for (size_t i = 0; i < 7; i++) {
		strcpy(person.item[HARMLESS + i].key, medicines[i]);
		strcpy(person.item[HARMLESS + i].value, "no");
	}
	person.facts.n_profile = HARMLESS + 7;
	none = ask(BH_TIP_MEDICATION, &person);
	assert_int_equal(none.state, BH_TIP_NOT_NEEDED);
	assert_string_not_equal(none.text, given.text);
	assert_int_equal(ask(BH_TIP_STRETCHING, &person).state, BH_TIP_GIVEN);
	strcpy(person.item[HARMLESS + 6].value, "unknown");
	assert_int_equal(ask(BH_TIP_MEDICATION, &person).state, BH_TIP_GIVEN);
	strcpy(person.item[HARMLESS + 6].value, "yes");
	assert_int_equal(ask(BH_TIP_MEDICATION, &person).state, BH_TIP_GIVEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_forbids),
		cmocka_unit_test(test_a_yes_holds_the_tip_back_and_says_why),
		cmocka_unit_test(test_an_unknown_answer_is_not_a_no),
		cmocka_unit_test(test_a_yes_does_not_reach_other_tips),
		cmocka_unit_test(test_compression_needs_checked_arteries),
		cmocka_unit_test(test_an_arterial_pattern_holds_elevation_and_compression_back),
		cmocka_unit_test(test_a_red_flag_comes_first),
		cmocka_unit_test(test_all_reasons_are_said),
		cmocka_unit_test(test_drinking_and_getting_up_at_night),
		cmocka_unit_test(test_which_findings_are_arterial),
		cmocka_unit_test(test_medicines_that_nobody_takes_are_not_looked_over),
	};

	return cmocka_run_group_tests_name("report_tips", tests, NULL, NULL);
}
