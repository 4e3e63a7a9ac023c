/* SPDX-License-Identifier: MIT */
/* What a night's findings come to, as people read it: the verdict, and what it leaves out. */
#include "hub/core/finding.h"
#include "hub/core/mat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bh_finding unlooked(const char *reason)
{
	struct bh_finding finding = { .band = BH_BAND_NO_DATA };

	snprintf(finding.no_data_reason, sizeof(finding.no_data_reason), "%s", reason);
	return finding;
}

static void test_what_could_not_be_looked_for(void **state)
{
	const struct bh_finding findings[] = {
		{ .band = BH_BAND_NOT_SEEN },
		unlooked("2 of 7 nights needed (four hours in bed, 80 % of them measured)"),
		unlooked(BH_LACKS_CALIBRATION "calibrate the thermometers for the true difference between "
					      "the legs (bedside calibrate thermometers) (sensor temp_absolute)"),
		unlooked(BH_LACKS_PROFILE "Diabetes (profile diabetes)"),
		unlooked(BH_LACKS_SENSOR "how someone lies (sensor posture)"),
		unlooked(BH_LACKS_SENSOR "how someone lies (sensor posture)"),
		{ .band = BH_BAND_LIKENESS },
	};
	char text[BH_UNLOOKED_MAX];

	(void)state;
	assert_int_equal(bh_findings_looked(findings, 7), 2);
	assert_string_equal(bh_findings_unlooked(findings, 7, text),
			    "5 of 7 patterns could not be looked for: this bed cannot tell how someone "
			    "lies (2); not yet: calibrate the thermometers for the true difference "
			    "between the legs (bedside calibrate thermometers) (1); not answered yet: Diabetes (1); 2 of 7 nights needed (1).");
}

static void test_nothing_is_said_where_nothing_is_left_out(void **state)
{
	const struct bh_finding findings[] = { { .band = BH_BAND_NOT_SEEN }, { .band = BH_BAND_SOME } };
	char text[BH_UNLOOKED_MAX];

	(void)state;
	assert_string_equal(bh_findings_unlooked(findings, 2, text), "");
	assert_string_equal(bh_findings_unlooked(findings, 0, text), "");
}

/* Whoever has both thermometers can have it; whoever has one cannot. */
static void test_what_a_calibration_supplies_is_not_lacking_for_good(void **state)
{
	uint32_t both = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	char text[BH_EVIDENCE_TEXT_MAX];
	const char *command = NULL;

	(void)state;
	bh_reason_lacks(BH_CAN_TEMP_ABSOLUTE, both | BH_CAN_LEGS, text, sizeof(text));
	assert_string_equal(text, "not yet: calibrate the thermometers for the true difference between "
				  "the legs (bedside calibrate thermometers) (sensor temp_absolute)");
	bh_reason_lacks(BH_CAN_TEMP_ABSOLUTE, BH_CAN_TEMP_LEFT, text, sizeof(text));
	assert_string_equal(text, "this bed cannot tell the true difference between the legs (sensor "
				  "temp_absolute)");
	bh_reason_lacks(BH_CAN_POSTURE, both, text, sizeof(text));
	assert_string_equal(text, "this bed cannot tell how someone lies (sensor posture)");
	assert_null(bh_capability_remedy(BH_CAN_TEMP_ABSOLUTE, both | BH_CAN_TEMP_ABSOLUTE, &command));
	assert_null(command);
}

/* "not seen: profile: ..." was read as if the bed had looked for it. */
static void test_what_was_answered_no_is_not_called_unseen(void **state)
{
	static const struct {
		struct bh_evidence line;
		const char *words;
	} rows[] = {
		{ { "profile: veins", BH_TRUTH_FALSE, -600, true, "" }, "you answered no to: veins" },
		{ { "profile: veins", BH_TRUTH_TRUE, 1100, true, "" }, "profile: veins" },
		{ { "you noted burning feet", BH_TRUTH_FALSE, -500, true, "" },
		  "not noted: burning feet" },
		{ { "a jolt", BH_TRUTH_FALSE, -500, true, "" }, "not seen: a jolt" },
		{ { "a jolt", BH_TRUTH_TRUE, -500, true, "" }, "a jolt" },
		/* Under "looked for and not seen", and under "not known". */
		{ { "profile: veins", BH_TRUTH_FALSE, 600, false, "" }, "profile: veins" },
		{ { "profile: veins", BH_TRUTH_UNKNOWN, 600, false, "" }, "profile: veins" },
	};
	char text[BH_EVIDENCE_WORDS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(bh_evidence_words(&rows[i].line, text), rows[i].words);
}

static void test_a_page_has_no_names_for_machines(void **state)
{
	char text[BH_SAYS_MAX];

	(void)state;
	assert_string_equal(bh_reason_words("It lacks how someone lies (sensor posture).", text),
			    "It lacks how someone lies.");
	assert_string_equal(bh_reason_words("Diabetes (profile diabetes)", text), "Diabetes");
	assert_string_equal(bh_reason_words("2 of 7 nights needed (four hours in bed)", text),
			    "2 of 7 nights needed (four hours in bed)");
	assert_string_equal(bh_reason_words("cut (sensor post", text), "cut (sensor post");
}

/* More and longer reasons than the line holds: it ends, and its number stays right. */
static void test_many_reasons_fit(void **state)
{
	struct bh_finding *findings = calloc(64, sizeof(*findings));
	char text[BH_UNLOOKED_MAX];

	(void)state;
	assert_non_null(findings);
	for (int i = 0; i < 64; i++) {
		memset(findings[i].no_data_reason, 'a' + i % 26, BH_EVIDENCE_TEXT_MAX - 1);
		findings[i].no_data_reason[0] = (char)('A' + i % 32);
	}
	bh_findings_unlooked(findings, 64, text);
	assert_memory_equal(text, "64 of 64 patterns could not be looked for: ", 43);
	assert_true(strlen(text) < sizeof(text));
	free(findings);
}

/* One spelling for machines and one for people, of the verdict and of the class it speaks of. */
static void test_a_class_is_spelled_as_its_verdict(void **state)
{
	static const struct {
		enum bh_rule_class class;
		enum bh_verdict verdict;
	} rows[] = { { BH_RULE_CIRCULATION, BH_VERDICT_CIRCULATION },
		     { BH_RULE_NEUROLOGICAL, BH_VERDICT_NEUROLOGICAL },
		     { BH_RULE_MUSCULAR, BH_VERDICT_MUSCULAR } };
	char text[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(bh_rule_class_like(rows[i].class), bh_verdict_like(rows[i].verdict));
		snprintf(text, sizeof(text), "A %s pattern was seen.", bh_verdict_like(rows[i].verdict));
		assert_string_equal(bh_verdict_text(rows[i].verdict), text);
		snprintf(text, sizeof(text), "%s_like", bh_rule_class_name(rows[i].class));
		assert_string_equal(bh_verdict_name(rows[i].verdict), text);
	}
	/* Of a program that knows more. */
	assert_string_equal(bh_verdict_name((enum bh_verdict)99), "not_enough_data");
	assert_string_equal(bh_rule_class_name((enum bh_rule_class)99), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_could_not_be_looked_for),
		cmocka_unit_test(test_nothing_is_said_where_nothing_is_left_out),
		cmocka_unit_test(test_many_reasons_fit),
		cmocka_unit_test(test_what_was_answered_no_is_not_called_unseen),
		cmocka_unit_test(test_what_a_calibration_supplies_is_not_lacking_for_good),
		cmocka_unit_test(test_a_page_has_no_names_for_machines),
		cmocka_unit_test(test_a_class_is_spelled_as_its_verdict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
