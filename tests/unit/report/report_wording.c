/* SPDX-License-Identifier: MIT */
/* Everything a page can say, read for what no text may say to a person. */
#include "tests/unit/report/sample.h"
#include "tests/unit/wording.h"

#include "hub/core/answer.h"
#include "hub/report/tips.h"
#include "rules/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sample sample;

/* Blanks what is not said by the page: its style sheet, and the questions of the profile, which name
 * what a person knows of himself ("Kidney disease"). */
static void blank(char *page, const char *from_text, const char *to_text)
{
	for (char *from = strstr(page, from_text); from; from = strstr(from, from_text)) {
		char *to = to_text ? strstr(from, to_text) : from + strlen(from_text);

		assert_non_null(to);
		memset(from, ' ', (size_t)(to - from));
	}
}

static int read_page(char *page)
{
	const struct bh_answer_info *info;
	const char *said;
	int found = 0;

	blank(page, "<style>", "</style>");
	for (size_t i = 0; (info = bh_profile_info_at(i)) != NULL; i++)
		blank(page, info->text, NULL);
	/* Says that it is none. */
	blank(page, "Likeness is not a probability", NULL);
	said = wording_forbidden(page);
	if (said) {
		print_error("a page says '%s'\n", said);
		found++;
	}
	free(page);
	return found;
}

static void answer_everything(const char *value)
{
	static const char *const keys[] = { "heart_failure", "vascular", "statin" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		strcpy(sample.profile[0].key, keys[i]);
		strcpy(sample.profile[0].value, value);
		assert_int_equal(read_page(sample_night_page(&sample)), 0);
	}
}

static void test_every_verdict_and_class(void **state)
{
	(void)state;
	for (int verdict = 0; verdict < BH_VERDICT_END; verdict++) {
		for (int band = BH_BAND_NO_DATA; band <= BH_BAND_STRONG; band++) {
			for (size_t i = 0; i < 3; i++)
				sample.finding[i].band = (enum bh_band)band;
			sample.night.patterns.verdict = (enum bh_verdict)verdict;
			sample.row[0].verdict = (enum bh_verdict)verdict;
			sample.period.patterns.verdict = (enum bh_verdict)verdict;
			assert_int_equal(read_page(sample_night_page(&sample)), 0);
			assert_int_equal(read_page(sample_period_page(&sample)), 0);
		}
	}
}

static void test_every_answer(void **state)
{
	(void)state;
	answer_everything("yes");
	answer_everything("no");
	answer_everything("unknown");
	strcpy(sample.finding[0].evidence[2].text, "profile: veins");
	answer_everything("no");
	sample.finding[0].red_flag = true;
	answer_everything("yes");
}

static void test_everything_given(void **state)
{
	(void)state;
	sample.night.patterns.n = 0;
	sample.night.head.simulated = true;
	sample.past.night.complete = false;
	for (int health = 0; health <= BH_CALIBRATION_OTHER_MAT; health++) {
		sample.calibration[0].health = (enum bh_calibration_health)health;
		assert_int_equal(read_page(sample_night_page(&sample)), 0);
	}
}

/* A share of the time may be said in percent, a likeness never. */
static void test_no_percentage_of_a_pattern(void **state)
{
	char *page = sample_night_page(&sample);
	char *from = strstr(page, "<h2>Patterns compared</h2>"), *to;
	int percentages = 0;

	(void)state;
	assert_non_null(from);
	to = strstr(from, "<section");
	assert_non_null(to);
	*to = '\0';
	for (char *at = strchr(from, '%'); at; at = strchr(at + 1, '%')) {
		percentages++;
		assert_memory_equal(at, "% of the time", strlen("% of the time"));
	}
	assert_true(percentages > 0);
	free(page);
}

static void test_the_guard_sees_a_word(void **state)
{
	(void)state;
	strcpy(sample.finding[0].says, "This is a Diagnosis.");
	assert_int_equal(read_page(sample_night_page(&sample)), 1);
	assert_int_equal(read_page(sample_period_page(&sample)), 1);
}

/* The gates of the tips know two rules of the library by name. */
static void test_the_rules_that_gates_name_are_there(void **state)
{
	struct bh_error err = { .text = "" };
	struct bh_rule_set *set;
	struct bh_rule_info info;

	(void)state;
	assert_int_equal(bh_rule_set_new(&set), 0);
	assert_true(bh_rule_set_add_builtin(set, &err) > 0);
	assert_non_null(bh_rule_set_find(set, BH_TIPS_ARTERIAL_RULE));
	bh_rule_info(bh_rule_set_find(set, BH_TIPS_ARTERIAL_RULE), &info);
	assert_int_equal(info.class, BH_RULE_CIRCULATION);
	assert_non_null(strstr(info.cause, "artery"));
	assert_non_null(bh_rule_set_find(set, BH_TIPS_VENOUS_RULE));
	bh_rule_info(bh_rule_set_find(set, BH_TIPS_VENOUS_RULE), &info);
	assert_int_equal(info.class, BH_RULE_CIRCULATION);
	assert_non_null(strstr(info.cause, "ven"));
	bh_rule_set_free(set);
}

static int make(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	sample_make(&sample);
	return 0;
}

#define a_test(f) cmocka_unit_test_setup(f, make)

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(test_every_verdict_and_class),
		a_test(test_every_answer),
		a_test(test_everything_given),
		a_test(test_no_percentage_of_a_pattern),
		a_test(test_the_guard_sees_a_word),
		a_test(test_the_rules_that_gates_name_are_there),
	};

	return cmocka_run_group_tests_name("report_wording", tests, NULL, NULL);
}
