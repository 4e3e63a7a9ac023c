/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/payload.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Home Assistant's recorder drops an entity's attributes above this. */
#define ATTRIBUTES_MAX 16384

/* 2026-11-23 01:10:00 UTC. */
#define NIGHT_MS INT64_C(1795396200000)

static const struct bh_mqtt_bed bed = { .id = "bed",
					.n_sensors = 2,
					.sensors = { "mat", "left-leg" } };

static json_t *read_json(char *text)
{
	json_t *object = json_loads(text, 0, NULL);

	assert_non_null(object);
	free(text);
	return object;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int set_zone(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	return 0;
}

static void times_are_local_with_offset(void **state)
{
	char buf[BH_ISO8601_MAX];

	(void)state;
	assert_string_equal(bh_iso8601(NIGHT_MS, buf), "2026-11-23T02:10:00.000+01:00");
	assert_string_equal(bh_iso8601(INT64_C(1782000000123), buf),
			    "2026-06-21T02:00:00.123+02:00");
	assert_string_equal(bh_iso8601(-1, buf), "1970-01-01T00:59:59.999+01:00");
	assert_null(bh_iso8601(BH_WALL_UNKNOWN, buf));
	setenv("TZ", "America/St_Johns", 1);
	tzset();
	assert_string_equal(bh_iso8601(NIGHT_MS, buf), "2026-11-22T21:40:00.000-03:30");
	set_zone(state);
}

static void an_interval_ends_at_its_end(void **state)
{
	const struct bh_event event = { .seq = 12,
					.type = BH_EVENT_LEGS_OVER_EDGE,
					.phase = BH_PHASE_CLOSE,
					.end_cause = BH_END_FAULT,
					.side = BH_SIDE_BOTH,
					.bed = 1,
					.sensor = BH_SENSOR_NONE,
					.confidence_permille = 905,
					.start_ns = 0,
					.end_ns = 95 * BH_NS_PER_S };
	const struct bh_event_message message = { .event = &event,
						  .bed = &bed,
						  .run = 3,
						  .start_ms = NIGHT_MS - 95000,
						  .end_ms = NIGHT_MS,
						  .age_ms = 4100 };
	json_t *object = read_json(bh_payload_event(&message));

	(void)state;
	assert_string_equal(text_of(object, "event_type"), "legs_over_edge_ended");
	assert_string_equal(text_of(object, "id"), "3.1.12");
	assert_string_equal(text_of(object, "at"), "2026-11-23T02:10:00.000+01:00");
	assert_string_equal(text_of(object, "side"), "both");
	assert_string_equal(text_of(object, "end"), "fault");
	assert_int_equal(json_integer_value(json_object_get(object, "age_s")), 4);
	assert_int_equal(json_integer_value(json_object_get(object, "duration_s")), 95);
	assert_null(json_object_get(object, "sensor"));
	assert_null(json_object_get(object, "value"));
	assert_null(json_object_get(object, "late"));
	assert_null(json_object_get(object, "simulated"));
	json_decref(object);
}

static void what_is_not_known_is_null(void **state)
{
	const struct bh_event event = { .seq = 1,
					.type = BH_EVENT_JOLT,
					.phase = BH_PHASE_INSTANT,
					.value = BH_VALUE_UNKNOWN,
					.sensor = BH_SENSOR_NONE };
	const struct bh_event_message message = { .event = &event,
						  .bed = &bed,
						  .run = 3,
						  .start_ms = BH_WALL_UNKNOWN,
						  .end_ms = BH_WALL_UNKNOWN,
						  .age_ms = -1,
						  .late = true,
						  .simulated = true };
	json_t *object = read_json(bh_payload_event(&message));

	(void)state;
	assert_true(json_is_null(json_object_get(object, "at")));
	assert_true(json_is_null(json_object_get(object, "age_s")));
	assert_true(json_is_null(json_object_get(object, "value")));
	assert_true(json_is_true(json_object_get(object, "late")));
	assert_true(json_is_true(json_object_get(object, "simulated")));
	assert_null(json_object_get(object, "side"));
	json_decref(object);
}

static void numbers_of_missing_sensors_are_left_out(void **state)
{
	struct bh_state now = { .movement_permille = BH_EPOCH_UNKNOWN,
				.temp_mdegc = { 30123, BH_TEMP_UNKNOWN, -500 } };
	json_t *object = read_json(
		bh_payload_state(&now, BH_CAN_MOVEMENT | BH_CAN_TEMP_LEFT, BH_WALL_UNKNOWN, false));

	(void)state;
	assert_int_equal(json_object_size(object), 3);
	assert_true(json_is_null(json_object_get(object, "movement")));
	assert_true(json_is_null(json_object_get(object, "at")));
	assert_true(json_real_value(json_object_get(object, "leg_left_c")) == 30.123);
	json_decref(object);

	object = read_json(bh_payload_state(
		&now, BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT | BH_CAN_TEMP_ROOM, NIGHT_MS, true));
	assert_true(json_is_null(json_object_get(object, "leg_delta_c")));
	assert_true(json_is_null(json_object_get(object, "leg_right_c")));
	assert_true(json_real_value(json_object_get(object, "room_c")) == -0.5);
	assert_true(json_is_true(json_object_get(object, "simulated")));
	json_decref(object);

	now.temp_mdegc[BH_TEMP_RIGHT] = 31123;
	object = read_json(
		bh_payload_state(&now, BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT, NIGHT_MS, false));
	assert_true(json_real_value(json_object_get(object, "leg_delta_c")) == -1.0);
	json_decref(object);
}

static struct bh_finding *longest_findings(size_t n)
{
	struct bh_finding *findings = calloc(n, sizeof(*findings));

	assert_non_null(findings);
	for (size_t i = 0; i < n; i++) {
		struct bh_finding *finding = &findings[i];

		memset(finding->rule, 'r', sizeof(finding->rule) - 1);
		memset(finding->says, 's', sizeof(finding->says) - 1);
		memset(finding->no_data_reason, 'n', sizeof(finding->no_data_reason) - 1);
		finding->band = BH_BAND_STRONG;
		finding->class = BH_RULE_NEUROLOGICAL;
		finding->n_evidence = BH_EVIDENCE_MAX;
		for (int e = 0; e < BH_EVIDENCE_MAX; e++) {
			memset(finding->evidence[e].text, 'e', BH_EVIDENCE_TEXT_MAX - 1);
			finding->evidence[e].truth = BH_TRUTH_TRUE;
			finding->evidence[e].counted = true;
		}
	}
	return findings;
}

static void the_longest_findings_fit_the_recorder(void **state)
{
	struct bh_finding *findings = longest_findings(64);
	char *payload;

	(void)state;
	for (int i = 0; i < 64; i += 2)
		findings[i].red_flag = true;
	for (int i = 0; i < 32; i++)
		findings[i].band = BH_BAND_NO_DATA;
	payload = bh_payload_findings(findings, 64, "mixed", true, true);
	assert_non_null(payload);
	assert_in_range(strlen(payload), 1, ATTRIBUTES_MAX);
	free(payload);
	free(findings);
}

static void what_asks_for_attention_comes_first(void **state)
{
	struct bh_finding *findings = longest_findings(64);
	json_t *object;
	json_t *first;

	(void)state;
	findings[63].red_flag = true;
	findings[63].band = BH_BAND_NO_DATA;
	strcpy(findings[63].says, "One leg suddenly reads much colder.");
	object = read_json(bh_payload_findings(findings, 64, "mixed", false, false));
	assert_string_equal(text_of(object, "attention"), "ON");
	first = json_array_get(json_object_get(object, "findings"), 0);
	assert_string_equal(text_of(first, "says"), "One leg suddenly reads much colder.");
	json_decref(object);
	free(findings);
}

/* A rule's second red flag is as much an emergency as its first. */
static void every_red_flag_of_a_rule_is_said(void **state)
{
	struct bh_finding finding = { .rule = "leg_hanging",
				      .red_flag = true,
				      .says = "One leg is suddenly cold: call emergency services.",
				      .n_evidence = 2,
				      .evidence = { { .text = "One leg is suddenly cold: call emergency services.",
						      .truth = BH_TRUTH_TRUE },
						    { .text = "A black spot on a foot: see a doctor.",
						      .truth = BH_TRUTH_TRUE } } };
	json_t *object = read_json(bh_payload_findings(&finding, 1, "none", false, false));

	(void)state;
	assert_string_equal(text_of(json_array_get(json_object_get(object, "findings"), 0), "says"),
			    "One leg is suddenly cold: call emergency services. A black spot on a foot: "
			    "see a doctor.");
	json_decref(object);
}

/* Longer than fits: what is said is said whole, and that there is more. */
static void red_flags_that_do_not_fit_are_not_cut(void **state)
{
	struct bh_finding finding = { .rule = "many", .red_flag = true, .n_evidence = 8 };
	const char *says;
	json_t *object;

	(void)state;
	for (int i = 0; i < 8; i++) {
		memset(finding.evidence[i].text, '1' + i, BH_EVIDENCE_TEXT_MAX - 1);
		finding.evidence[i].truth = BH_TRUTH_TRUE;
	}
	strcpy(finding.says, finding.evidence[0].text);
	object = read_json(bh_payload_findings(&finding, 1, "none", false, false));
	says = text_of(json_array_get(json_object_get(object, "findings"), 0), "says");
	assert_true(strlen(says) < BH_SAYS_MAX);
	assert_non_null(strstr(says, finding.evidence[2].text));
	assert_null(strchr(says, '4'));
	assert_non_null(strstr(says, " There is more: bedside night."));
	json_decref(object);
}

/* "none" of three patterns that were looked for is not the same as of eleven. */
static void what_could_not_be_looked_for_is_said(void **state)
{
	const struct bh_finding findings[] = {
		{ .band = BH_BAND_NOT_SEEN },
		{ .band = BH_BAND_NO_DATA,
		  .no_data_reason = "this bed cannot tell how someone lies (sensor posture)" }
	};
	json_t *object = read_json(bh_payload_findings(findings, 2, "none", false, false));

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(object, "patterns")), 2);
	assert_int_equal(json_integer_value(json_object_get(object, "patterns_looked_for")), 1);
	assert_string_equal(text_of(object, "not_looked_for"),
			    "1 of 2 patterns could not be looked for: this bed cannot tell how someone "
			    "lies (1).");
	json_decref(object);
	object = read_json(bh_payload_findings(findings, 1, "none", false, false));
	assert_true(json_is_null(json_object_get(object, "not_looked_for")));
	json_decref(object);
}

static void rules_are_named_only_where_it_is_wanted(void **state)
{
	struct bh_finding finding = { .rule = "spinal_stenosis",
				      .class = BH_RULE_NEUROLOGICAL,
				      .band = BH_BAND_LIKENESS,
				      .says = "Restless in one posture on 5 of 7 nights." };
	char *payload = bh_payload_findings(&finding, 1, "neurological_like", false, false);

	(void)state;
	assert_null(strstr(payload, "stenosis"));
	assert_non_null(strstr(payload, "neurological"));
	free(payload);
	payload = bh_payload_findings(&finding, 1, "neurological_like", true, false);
	assert_non_null(strstr(payload, "spinal_stenosis"));
	free(payload);

	/* What was looked for and not seen is no finding for people. */
	finding.band = BH_BAND_NOT_SEEN;
	payload = bh_payload_findings(&finding, 1, "none", false, false);
	assert_null(strstr(payload, "5 of 7"));
	free(payload);
}

static void a_night_is_named_by_its_evening(void **state)
{
	const struct bh_night night = { .date = 20260107,
					.coverage_permille = 987,
					.exits = BH_EPOCH_UNKNOWN,
					.restless_min = 12,
					.first_enter_ms = NIGHT_MS,
					.last_exit_ms = BH_WALL_UNKNOWN };
	json_t *object = read_json(bh_payload_night(&night, false));

	(void)state;
	assert_string_equal(text_of(object, "night"), "2026-01-07");
	assert_true(json_is_null(json_object_get(object, "exits")));
	assert_true(json_is_null(json_object_get(object, "last_exit")));
	assert_int_equal(json_integer_value(json_object_get(object, "restless_min")), 12);
	assert_true(json_real_value(json_object_get(object, "coverage")) == 98.7);
	json_decref(object);
}

static void a_calibration_that_is_needed_is_a_problem_until_it_is_done(void **state)
{
	struct bh_calibration_status status[BH_CALIBRATION_KINDS];
	json_t *object;

	(void)state;
	for (int i = 0; i < BH_CALIBRATION_KINDS; i++)
		status[i] = (struct bh_calibration_status){ .at_ms = BH_WALL_UNKNOWN,
							    .followed_ms = BH_WALL_UNKNOWN };
	object = read_json(bh_payload_calibration(status, BH_CAN_LOAD, 0));
	assert_string_equal(text_of(object, "problem"), "ON");
	assert_string_equal(text_of(json_object_get(object, "empty"), "health"), "missing");
	assert_string_equal(text_of(json_object_get(object, "person"), "health"), "optional");
	assert_null(json_object_get(object, "thermometers"));
	json_decref(object);
	status[BH_CALIBRATION_EMPTY].known = status[BH_CALIBRATION_EMPTY].in_force = true;
	object = read_json(bh_payload_calibration(status, BH_CAN_LOAD, 0));
	assert_string_equal(text_of(object, "problem"), "OFF");
	json_decref(object);
	status[BH_CALIBRATION_EMPTY].refusal = BH_REFUSAL_MOVEMENT;
	object = read_json(bh_payload_calibration(status, BH_CAN_LOAD, 0));
	assert_string_equal(text_of(object, "problem"), "ON");
	assert_string_equal(text_of(json_object_get(object, "empty"), "refused"),
			    bh_refusal_text(BH_REFUSAL_MOVEMENT));
	json_decref(object);
}

static void faults_name_their_sensor(void **state)
{
	struct bh_state now = { .faults = 1u << 1, .fault = { [1] = BH_FAULT_DETACHED } };
	json_t *object = read_json(bh_payload_fault(&now, &bed));
	json_t *sensors = json_object_get(object, "sensors");

	(void)state;
	assert_string_equal(text_of(object, "problem"), "ON");
	assert_string_equal(text_of(sensors, "left-leg"), bh_fault_text(BH_FAULT_DETACHED));
	assert_string_equal(text_of(sensors, "mat"), bh_fault_text(BH_FAULT_NONE));
	json_decref(object);
	now.faults = 0;
	object = read_json(bh_payload_fault(&now, &bed));
	assert_string_equal(text_of(object, "problem"), "OFF");
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_local_with_offset),
		cmocka_unit_test(an_interval_ends_at_its_end),
		cmocka_unit_test(what_is_not_known_is_null),
		cmocka_unit_test(numbers_of_missing_sensors_are_left_out),
		cmocka_unit_test(the_longest_findings_fit_the_recorder),
		cmocka_unit_test(what_asks_for_attention_comes_first),
		cmocka_unit_test(every_red_flag_of_a_rule_is_said),
		cmocka_unit_test(red_flags_that_do_not_fit_are_not_cut),
		cmocka_unit_test(what_could_not_be_looked_for_is_said),
		cmocka_unit_test(rules_are_named_only_where_it_is_wanted),
		cmocka_unit_test(a_night_is_named_by_its_evening),
		cmocka_unit_test(faults_name_their_sensor),
		cmocka_unit_test(a_calibration_that_is_needed_is_a_problem_until_it_is_done),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
