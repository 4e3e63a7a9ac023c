/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/discovery.h"

#include "hub/core/state.h"
#include "hub/mqtt/answers.h"
#include "hub/mqtt/command.h"
#include "hub/mqtt/entity.h"
#include "hub/mqtt/payload.h"
#include "hub/mqtt/topic.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* Longest unique id or entity id: hub, bed and key with their joints. */
#define ID_MAX 160

struct context {
	const struct bh_config *config;
	const struct bh_mqtt_bed *bed;
	char status[BH_TOPIC_MAX];
};

static void set_string(json_t *object, const char *key, const char *value)
{
	if (value)
		json_object_set_new(object, key, json_string(value));
}

static void set_topic(json_t *object, const char *key, const struct context *context,
		      const char *tail)
{
	char topic[BH_TOPIC_MAX];

	bh_topic_bed(context->config, context->bed, tail, topic);
	set_string(object, key, topic);
}

/* Add the status topic of the sensors that @p entity depends on. */
static void add_sensors(json_t *list, const struct context *context, const struct bh_entity *entity)
{
	const struct bh_bed_config *bed = &context->config->beds[context->bed->bed];
	char topic[BH_TOPIC_MAX];

	for (unsigned int i = 0; i < bed->n_sensors && i < context->bed->n_sensors; i++) {
		const struct bh_sensor_config *sensor = &bed->sensors[i];

		if (sensor->is_mat ? !(entity->sensors & BH_NEEDS_MAT)
				   : !(entity->sensors & BH_NEEDS_SLOT(sensor->slot)))
			continue;
		bh_topic_retained(context->config, context->bed, BH_TOPIC_SENSOR + i, topic);
		json_array_append_new(list, json_pack("{s:s}", "t", topic));
	}
}

/* Entities that hang on the hub alone inherit the device's list; Connection has none at all, so that
 * it can show "disconnected". */
static void set_availability(json_t *object, const struct context *context,
			     const struct bh_entity *entity)
{
	json_t *list;

	if (entity->topic == BH_ENTITY_HUB_STATUS) {
		json_object_set_new(object, "avty", json_array());
		return;
	}
	if (!entity->sensors)
		return;
	list = json_pack("[{s:s}]", "t", context->status);
	add_sensors(list, context, entity);
	json_object_set_new(object, "avty", list);
	set_string(object, "avty_mode", "all");
}

static void set_event_types(json_t *object, uint32_t capabilities)
{
	json_t *types = json_array();
	const struct bh_event_info *info;
	char name[BH_EVENT_NAME_MAX];

	for (size_t i = 0; (info = bh_event_info_at(i)); i++) {
		/* Where not all restlessness is known, what is comes as an event, too. */
		if (!bh_entity_publishes(info) ||
		    (info->needs & ~BH_CAN_RESTLESSNESS & ~capabilities) != 0)
			continue;
		if (info->shape == BH_SHAPE_INTERVAL) {
			bh_event_message_type(info, BH_PHASE_OPEN, name);
			json_array_append_new(types, json_string(name));
			bh_event_message_type(info, BH_PHASE_CLOSE, name);
			json_array_append_new(types, json_string(name));
		}
		bh_event_message_type(info, BH_PHASE_INSTANT, name);
		json_array_append_new(types, json_string(name));
	}
	json_object_set_new(object, "event_types", types);
}

static void add_words(json_t *list, const char *words)
{
	while (*words) {
		size_t n = strcspn(words, "|");

		json_array_append_new(list, json_stringn(words, n));
		words += words[n] ? n + 1 : n;
	}
}

static void set_options(json_t *object, const struct bh_entity *entity)
{
	json_t *list;

	if (entity->options == BH_OPTIONS_NONE)
		return;
	list = json_array();
	switch (entity->options) {
	case BH_OPTIONS_WORDS:
		add_words(list, entity->words);
		break;
	case BH_OPTIONS_POSITION:
		for (unsigned int i = BH_POSITION_UNKNOWN + 1; i < BH_POSITION_END; i++)
			json_array_append_new(list, json_string(bh_position_name(i)));
		break;
	case BH_OPTIONS_SIDE:
		for (unsigned int i = BH_SIDE_LEFT; i <= BH_SIDE_BOTH; i++)
			json_array_append_new(list, json_string(bh_side_name(i)));
		break;
	case BH_OPTIONS_VERDICT:
		for (unsigned int i = 0; i < BH_VERDICT_END; i++)
			json_array_append_new(list, json_string(bh_verdict_name(i)));
		break;
	case BH_OPTIONS_NONE:
		break;
	}
	json_object_set_new(object, "options", list);
}

static void set_topics(json_t *object, const struct context *context,
		       const struct bh_entity *entity)
{
	char topic[BH_TOPIC_MAX];
	char tail[BH_NAME_MAX * 2];

	switch (entity->topic) {
	case BH_ENTITY_HUB_STATUS:
		set_string(object, "stat_t", context->status);
		set_string(object, "pl_on", BH_PAYLOAD_ONLINE);
		set_string(object, "pl_off", BH_PAYLOAD_OFFLINE);
		break;
	case BH_ENTITY_HUB_INFO:
		bh_topic_hub(context->config, "info", topic);
		set_string(object, "stat_t", topic);
		break;
	case BH_ENTITY_EVENT:
		set_topic(object, "stat_t", context, "event");
		break;
	case BH_ENTITY_STATELESS:
		break;
	case BH_ENTITY_RETAINED:
		set_topic(object, "stat_t", context, bh_topic_tail(entity->retained));
		if (entity->attributes)
			set_topic(object, "json_attr_t", context, bh_topic_tail(entity->retained));
		break;
	}
	if (entity->commands) {
		snprintf(tail, sizeof(tail), "set/%s",
			 entity->set ? entity->set : bh_command_key(entity->command));
		set_topic(object, "cmd_t", context, tail);
	}
}

/* One hub's only bed has short entity ids; several beds carry theirs. An entity keeps the id under
 * which Home Assistant first saw it, whatever is sent later. */
static void set_ids(json_t *object, const struct context *context, const struct bh_entity *entity)
{
	const char *bed = context->bed->id;
	char id[ID_MAX];

	snprintf(id, sizeof(id), "bedside_%s_%s_%s", context->config->hub_id, bed, entity->key);
	set_string(object, "uniq_id", id);
	snprintf(id, sizeof(id), "%s.bedside%s%s%s%s", entity->platform,
		 context->config->n_beds > 1 ? "_" : "", context->config->n_beds > 1 ? bed : "",
		 entity->id ? "_" : "", entity->id ? entity->id : "");
	set_string(object, "default_entity_id", id);
}

static json_t *component(const struct context *context, const struct bh_entity *entity)
{
	json_t *object = json_pack("{s:s}", "p", entity->platform);

	set_ids(object, context, entity);
	json_object_set_new(object, "name", entity->name ? json_string(entity->name) : json_null());
	set_string(object, "dev_cla", entity->device_class);
	set_string(object, "ic", entity->icon);
	set_string(object, "ent_cat", entity->category);
	set_string(object, "unit_of_meas", entity->unit);
	set_string(object, "stat_cla", entity->state_class);
	if (entity->unit && entity->decimals >= 0)
		json_object_set_new(object, "sug_dsp_prc", json_integer(entity->decimals));
	set_topics(object, context, entity);
	/* The root may carry it too, but Home Assistant does not hand it down. */
	json_object_set_new(object, "qos", json_integer(1));
	set_string(object, "val_tpl", entity->template);
	if (entity->expires)
		json_object_set_new(object, "exp_aft", json_integer(BH_STATE_EXPIRY_S));
	if (entity->disabled)
		json_object_set_new(object, "en", json_false());
	set_options(object, entity);
	if (entity->topic == BH_ENTITY_EVENT)
		set_event_types(object, context->bed->capabilities);
	if (entity->max > 0) {
		json_object_set_new(object, "min", json_integer(entity->min));
		json_object_set_new(object, "max", json_integer(entity->max));
	}
	if (strcmp(entity->platform, "number") == 0)
		set_string(object, "mode", "box");
	if (entity->step > 0)
		json_object_set_new(object, "step", json_real(entity->step));
	set_string(object, "ptrn", entity->pattern);
	set_availability(object, context, entity);
	return object;
}

static json_t *device(const struct context *context, bool simulated, const char *version)
{
	const char *hub = context->config->hub_id;
	char id[ID_MAX];
	char name[BH_NAME_MAX * 2];

	snprintf(id, sizeof(id), "bedside_%s_%s", hub, context->bed->id);
	snprintf(name, sizeof(name), "Bedside%s%s%s", context->bed->name[0] ? " " : "",
		 context->bed->name, simulated ? " (simulated)" : "");
	return json_pack("{s:[s], s:s, s:s, s:s, s:s, s:s}", "ids", id, "name", name, "mf",
			 "Bedside Hub project", "mdl",
			 simulated ? "bedsided on simulated input" : "bedsided", "sw", version,
			 "sn", hub);
}

char *bh_discovery_payload(const struct bh_config *config, const struct bh_mqtt_bed *bed,
			   bool simulated, const char *version)
{
	struct context context = { .config = config, .bed = bed };
	json_t *components = json_object();
	struct bh_answer_entity answer;
	const struct bh_entity *entity;
	json_t *root;
	char *text = NULL;

	bh_topic_hub(config, "status", context.status);
	for (size_t i = 0; (entity = bh_entity_at(i)); i++)
		if (bh_entity_applies(entity, bed->capabilities))
			json_object_set_new(components, entity->key, component(&context, entity));
	for (size_t i = 0; bh_answer_entity_at(i, &answer); i++)
		json_object_set_new(components, answer.key, component(&context, &answer.entity));
	root = json_pack("{s:o, s:{s:s, s:s}, s:[{s:s}], s:s, s:o}", "dev",
			 device(&context, simulated, version), "o", "name", BH_ORIGIN_NAME, "sw",
			 version, "avty", "t", context.status, "avty_mode", "all", "cmps",
			 components);
	if (root)
		text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}

int bh_discovery_removal(const char *retained, const char *payload, char **ret)
{
	json_t *before = json_loads(retained, 0, NULL);
	json_t *after = json_loads(payload, 0, NULL);
	json_t *components = json_object_get(after, "cmps");
	json_t *old;
	const char *key;
	char *text = NULL;
	int removed = 0;

	json_object_foreach(json_object_get(before, "cmps"), key, old)
	{
		json_t *platform = json_object_get(old, "p");

		if (!json_is_string(platform) || json_object_get(components, key))
			continue;
		json_object_set_new(components, key, json_pack("{s:O}", "p", platform));
		removed++;
	}
	if (removed > 0)
		text = json_dumps(after, JSON_COMPACT);
	json_decref(before);
	json_decref(after);
	if (removed > 0 && !text)
		return -ENOMEM;
	if (removed > 0)
		*ret = text;
	return removed;
}

bool bh_discovery_same(const char *a, const char *b)
{
	json_t *left = json_loads(a, 0, NULL);
	json_t *right = json_loads(b, 0, NULL);
	bool same = left && right && json_equal(left, right);

	json_decref(left);
	json_decref(right);
	return same;
}
