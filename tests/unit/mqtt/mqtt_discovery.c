/* SPDX-License-Identifier: MIT */
#include "hub/core/state.h"
#include "hub/mqtt/discovery.h"
#include "hub/mqtt/answers.h"
#include "hub/mqtt/command.h"
#include "hub/mqtt/entity.h"
#include "hub/mqtt/payload.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ALL (BH_CAN_ALL & ~BH_CAN_TEMP_ABSOLUTE)

static struct bh_config config;
static struct bh_mqtt_bed bed;

static int set_up(void **state)
{
	(void)state;
	memset(&config, 0, sizeof(config));
	strcpy(config.hub_id, "4f2a9c");
	strcpy(config.mqtt.prefix, "bedside");
	strcpy(config.mqtt.discovery_prefix, "homeassistant");
	config.n_beds = 1;
	config.beds[0].n_sensors = 3;
	config.beds[0].sensors[0].is_mat = true;
	config.beds[0].sensors[1].slot = BH_TEMP_LEFT;
	config.beds[0].sensors[2].slot = BH_TEMP_RIGHT;
	bed = (struct bh_mqtt_bed){ .id = "bed",
				    .name = "Bedroom",
				    .capabilities = ALL,
				    .n_sensors = 3,
				    .sensors = { "mat", "left", "right" } };
	return 0;
}

static json_t *payload(bool simulated)
{
	char *text = bh_discovery_payload(&config, &bed, simulated, "1.2.3");
	json_t *root = json_loads(text, 0, NULL);

	assert_non_null(root);
	free(text);
	return root;
}

static json_t *component(json_t *root, const char *key)
{
	return json_object_get(json_object_get(root, "cmps"), key);
}

static const char *text_of(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Field of "{{ value_json.FIELD }}". */
static void field_of(const char *template, char ret[64])
{
	assert_int_equal(sscanf(template, "{{ value_json.%63[a-z_] }}", ret), 1);
}

static char *example(enum bh_topic topic)
{
	const struct bh_state state = { .bed = 0 };
	const struct bh_night night = { .date = 20260101 };

	if (topic == BH_TOPIC_STATE)
		return bh_payload_state(&state, ALL, 0, false);
	if (topic == BH_TOPIC_NIGHT)
		return bh_payload_night(&night, false);
	if (topic == BH_TOPIC_FINDINGS)
		return bh_payload_findings(NULL, 0, "none", false, false);
	if (topic == BH_TOPIC_FAULT)
		return bh_payload_fault(&state, &bed);
	if (topic == BH_TOPIC_CALIBRATION)
		return bh_payload_calibration((struct bh_calibration_status[BH_CALIBRATION_KINDS]){ 0 },
					      ALL, 0);
	if (topic == BH_TOPIC_CONFIG)
		return bh_payload_config(1);
	if (topic == BH_TOPIC_DIARY)
		return bh_payload_diary(0, NULL, 0);
	if (topic == BH_TOPIC_PROFILE)
		return bh_payload_profile(NULL, 0);
	return NULL;
}

static void assert_finds_its_field(const struct bh_entity *entity)
{
	char field[64];
	char *text = entity->topic == BH_ENTITY_HUB_INFO ? bh_payload_info("1", 1, 0, false)
							 : example(entity->retained);
	json_t *object;

	assert_non_null(text);
	object = json_loads(text, 0, NULL);
	field_of(entity->template, field);
	if (!json_object_get(object, field))
		fail_msg("%s: no \"%s\" in %s", entity->key, field, text);
	json_decref(object);
	free(text);
}

/* A template whose field is not in the message would show "unknown" for ever, silently. */
static void every_template_finds_its_field(void **state)
{
	struct bh_answer_entity answer;
	const struct bh_entity *entity;
	int seen = 0;

	(void)state;
	for (size_t i = 0; (entity = bh_entity_at(i)); i++) {
		if (!entity->template)
			continue;
		assert_finds_its_field(entity);
		seen++;
	}
	for (size_t i = 0; bh_answer_entity_at(i, &answer); i++) {
		if (!answer.entity.template)
			continue;
		assert_finds_its_field(&answer.entity);
		seen++;
	}
	assert_in_range(seen, 10, 100);
}

static void keys_and_ids_are_unique(void **state)
{
	const struct bh_entity *a;
	const struct bh_entity *b;

	(void)state;
	for (size_t i = 0; (a = bh_entity_at(i)); i++) {
		for (size_t k = i + 1; (b = bh_entity_at(k)); k++) {
			assert_string_not_equal(a->key, b->key);
			if (a->id && b->id && strcmp(a->platform, b->platform) == 0)
				assert_string_not_equal(a->id, b->id);
		}
	}
}

/* Every question has its entity, whose command the hub takes; no key is one of the other entities'. */
static void every_question_can_be_answered(void **state)
{
	static const char *const values[] = { BH_BUTTON_PRESS, "5", "yes", "2026-03-01" };
	struct bh_answer_entity answer;
	const struct bh_entity *entity;
	size_t n = 0;

	(void)state;
	for (; bh_answer_entity_at(n, &answer); n++) {
		struct bh_command command;
		const char *error;
		bool taken = false;

		for (size_t i = 0; (entity = bh_entity_at(i)); i++)
			assert_string_not_equal(entity->key, answer.key);
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]) && !taken; i++)
			taken = bh_command_parse(answer.set, values[i], strlen(values[i]), &command,
						 &error) == 0;
		if (!taken && answer.words[0]) { /* its own first word */
			answer.words[strcspn(answer.words, "|")] = '\0';
			taken = bh_command_parse(answer.set, answer.words, strlen(answer.words),
						 &command, &error) == 0;
		}
		if (!taken)
			fail_msg("set/%s takes nothing that its entity sends", answer.set);
	}
	assert_in_range(n, 40, 200);
}

static bool lists(json_t *types, const struct bh_event_info *info, enum bh_event_phase phase)
{
	char name[BH_EVENT_NAME_MAX];
	json_t *type;
	size_t i;

	bh_event_message_type(info, phase, name);
	json_array_foreach(types, i,
			   type) if (strcmp(json_string_value(type), name) == 0) return true;
	return false;
}

static void every_published_event_is_listed(void **state)
{
	const struct bh_event_info *info;
	json_t *root = payload(false);
	json_t *types = json_object_get(component(root, "event"), "event_types");

	(void)state;
	for (size_t i = 0; (info = bh_event_info_at(i)); i++) {
		bool published = info->class != BH_CLASS_DETAIL;

		assert_int_equal(lists(types, info, BH_PHASE_INSTANT), published);
		assert_int_equal(lists(types, info, BH_PHASE_OPEN),
				 published && info->shape == BH_SHAPE_INTERVAL);
		assert_int_equal(lists(types, info, BH_PHASE_CLOSE),
				 published && info->shape == BH_SHAPE_INTERVAL);
	}
	json_decref(root);
}

static void an_entity_exists_for_what_the_bed_can_tell(void **state)
{
	json_t *root;

	(void)state;
	bed.capabilities = BH_CAN_OCCUPANCY | BH_CAN_LEGS | BH_CAN_TEMP_LEFT;
	root = payload(false);
	assert_non_null(component(root, "occ"));
	assert_non_null(component(root, "legs"));
	assert_non_null(component(root, "tl"));
	assert_null(component(root, "legout")); /* needs sides as well */
	assert_null(component(root, "tr"));
	assert_null(component(root, "td"));
	assert_null(component(root, "move"));
	json_decref(root);
	/* Pads: that somebody is restless is told, as a state and as an event; how long it was is not. */
	bed.capabilities = ALL & ~(uint32_t)BH_CAN_RESTLESSNESS;
	root = payload(false);
	assert_non_null(component(root, "restless"));
	assert_null(component(root, "restmin"));
	assert_true(lists(json_object_get(component(root, "event"), "event_types"),
			  bh_event_info(BH_EVENT_RESTLESS), BH_PHASE_OPEN));
	json_decref(root);
	bed.capabilities = ALL;
}

static void an_entity_hangs_on_its_own_sensors(void **state)
{
	json_t *root = payload(false);
	json_t *mat = json_object_get(component(root, "occ"), "avty");
	json_t *both = json_object_get(component(root, "td"), "avty");

	(void)state;
	assert_int_equal(json_array_size(mat), 2);
	assert_string_equal(text_of(json_array_get(mat, 0), "t"), "bedside/4f2a9c/status");
	assert_string_equal(text_of(json_array_get(mat, 1), "t"),
			    "bedside/4f2a9c/bed/sensor/mat/status");
	assert_int_equal(json_array_size(both), 3);
	assert_null(json_object_get(component(root, "event"), "avty"));
	assert_int_equal(json_array_size(json_object_get(component(root, "conn"), "avty")), 0);
	json_decref(root);
}

static void simulated_input_says_so(void **state)
{
	json_t *root = payload(true);
	json_t *device = json_object_get(root, "dev");

	(void)state;
	assert_string_equal(text_of(device, "name"), "Bedside Bedroom (simulated)");
	assert_non_null(strstr(text_of(device, "mdl"), "simulated"));
	assert_string_equal(text_of(device, "sw"), "1.2.3");
	json_decref(root);
}

static void a_lost_entity_is_sent_with_its_platform_alone(void **state)
{
	char *full = bh_discovery_payload(&config, &bed, false, "1");
	char *less;
	char *removal = NULL;
	char *unchanged = (char *)(uintptr_t)1;
	json_t *root;

	(void)state;
	bed.capabilities = ALL & ~(uint32_t)BH_CAN_TEMP_LEFT;
	less = bh_discovery_payload(&config, &bed, false, "1");
	bed.capabilities = ALL;
	assert_int_equal(bh_discovery_removal(full, less, &removal), 2); /* left, difference */
	root = json_loads(removal, 0, NULL);
	assert_int_equal(json_object_size(component(root, "tl")), 1);
	assert_string_equal(text_of(component(root, "tl"), "p"), "sensor");
	assert_string_equal(text_of(component(root, "tr"), "p"), "sensor");
	assert_non_null(json_object_get(component(root, "tr"), "uniq_id"));
	json_decref(root);

	/* Once is enough, and gaining an entity removes none. */
	assert_int_equal(bh_discovery_removal(removal, full, &unchanged), 0);
	assert_int_equal(bh_discovery_removal(less, full, &unchanged), 0);
	assert_int_equal(bh_discovery_removal("", full, &unchanged), 0);
	assert_int_equal(bh_discovery_removal("{\"cmps\":[1]}", full, &unchanged), 0);
	assert_int_equal(bh_discovery_removal("{\"cmps\":{\"x\":{\"p\":7}}}", full, &unchanged), 0);
	assert_ptr_equal(unchanged, (char *)(uintptr_t)1);
	free(full);
	free(less);
	free(removal);
}

static void order_does_not_make_a_difference(void **state)
{
	(void)state;
	assert_true(bh_discovery_same("{\"a\":1,\"b\":[2]}", "{ \"b\": [2], \"a\": 1 }"));
	assert_false(bh_discovery_same("{\"a\":1}", "{\"a\":2}"));
	assert_false(bh_discovery_same("", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template_finds_its_field),
		cmocka_unit_test(keys_and_ids_are_unique),
		cmocka_unit_test(every_question_can_be_answered),
		cmocka_unit_test(every_published_event_is_listed),
		cmocka_unit_test(an_entity_exists_for_what_the_bed_can_tell),
		cmocka_unit_test(an_entity_hangs_on_its_own_sensors),
		cmocka_unit_test(simulated_input_says_so),
		cmocka_unit_test(a_lost_entity_is_sent_with_its_platform_alone),
		cmocka_unit_test(order_does_not_make_a_difference),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
