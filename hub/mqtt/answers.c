/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/answers.h"

#include "hub/mqtt/command.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hours stood are told in halves. */
#define STEP_OF_HOURS 0.5

/* The entity of a key; side UNKNOWN: of no side. */
struct slot {
	const struct bh_answer_info *info;
	enum bh_side side;
	bool profile;
};

/* A free text has its own entity, the night note. */
static bool has_entity(const struct bh_answer_info *info)
{
	return info->kind != BH_ANSWER_TEXT;
}

static bool slot_at(size_t i, struct slot *ret)
{
	const struct bh_answer_info *info;
	size_t at = 0;

	for (size_t row = 0; (info = bh_diary_info_at(row)) != NULL; row++) {
		size_t sides = info->of == BH_OF_SIDE ? 2 : 1;

		if (!has_entity(info))
			continue;
		if (i < at + sides) {
			*ret = (struct slot){ .info = info };
			if (sides == 2)
				ret->side = i == at ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
			return true;
		}
		at += sides;
	}
	info = bh_profile_info_at(i - at);
	*ret = (struct slot){ .info = info, .profile = true };
	return info != NULL;
}

/* "dark_urine", left: "dark urine left". */
static void put_name(const struct slot *slot, char *buf, size_t size)
{
	snprintf(buf, size, "%s %s%s%s", slot->profile ? "Profile" : "Diary", slot->info->key,
		 slot->side ? " " : "", slot->side ? bh_side_name(slot->side) : "");
	for (; *buf; buf++)
		if (*buf == '_')
			*buf = ' ';
}

static void set_kind(const struct slot *slot, struct bh_answer_entity *ret)
{
	struct bh_entity *entity = &ret->entity;
	const struct bh_answer_info *info = slot->info;

	switch (info->kind) {
	case BH_ANSWER_FLAG:
		if (!slot->profile) {
			entity->platform = "button";
			entity->topic = BH_ENTITY_STATELESS;
			entity->template = NULL;
			break;
		}
		entity->platform = "select";
		snprintf(ret->words, sizeof(ret->words), "yes|no|%s", BH_ANSWER_UNKNOWN);
		break;
	case BH_ANSWER_WORD:
		entity->platform = "select";
		snprintf(ret->words, sizeof(ret->words), "%s|%s", info->words, BH_ANSWER_UNKNOWN);
		break;
	case BH_ANSWER_NUMBER:
		entity->platform = "number";
		bh_answer_range(info, &entity->min, &entity->max);
		entity->step = slot->profile || slot->side ? 1 : STEP_OF_HOURS;
		break;
	case BH_ANSWER_DATE:
	case BH_ANSWER_TEXT:
		entity->platform = "text";
		entity->pattern = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$";
		/* A text entity has no word for "not known" but the empty one. */
		snprintf(ret->template, sizeof(ret->template), "{{ value_json.%s or '' }}", info->key);
		break;
	}
	if (ret->words[0]) {
		entity->options = BH_OPTIONS_WORDS;
		entity->words = ret->words;
	}
}

bool bh_answer_entity_at(size_t i, struct bh_answer_entity *ret)
{
	struct slot slot;
	char tail[BH_NAME_MAX + 8];

	memset(ret, 0, sizeof(*ret));
	if (!slot_at(i, &slot))
		return false;
	snprintf(tail, sizeof(tail), "%s%s%s", slot.info->key, slot.side ? "_" : "",
		 slot.side ? bh_side_name(slot.side) : "");
	snprintf(ret->key, sizeof(ret->key), "%s%s",
		 slot.profile ? BH_PROFILE_PREFIX : BH_DIARY_PREFIX, tail);
	memcpy(ret->id, ret->key, sizeof(ret->id));
	memcpy(ret->set, ret->key, sizeof(ret->set));
	put_name(&slot, ret->name, sizeof(ret->name));
	snprintf(ret->template, sizeof(ret->template), "{{ value_json.%s }}", tail);
	ret->entity = (struct bh_entity){
		.key = ret->key,
		.id = ret->id,
		.name = ret->name,
		.set = ret->set,
		.template = ret->template,
		.topic = BH_ENTITY_RETAINED,
		.retained = slot.profile ? BH_TOPIC_PROFILE : BH_TOPIC_DIARY,
		.icon = slot.profile ? "mdi:account-question" : "mdi:notebook-edit",
		.category = slot.profile ? "config" : NULL,
		.decimals = -1,
		.commands = true,
		.command = BH_COMMAND_SAY,
	};
	set_kind(&slot, ret);
	return true;
}

/* ---- messages ---- */

static json_t *value_of(const struct bh_answer_info *info, const char *value)
{
	int64_t milli;

	if (!value[0] || strcmp(value, BH_ANSWER_UNKNOWN) == 0)
		return json_null();
	if (info->kind != BH_ANSWER_NUMBER)
		return json_string(value);
	if (bh_answer_number(value, &milli) < 0)
		return json_null();
	return milli % 1000 == 0 ? json_integer(milli / 1000) : json_real((double)milli / 1000);
}

static char *dump(json_t *object)
{
	char *text = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;

	json_decref(object);
	return text;
}

char *bh_payload_profile(const struct bh_profile_item *items, size_t n)
{
	json_t *object = json_object();
	const struct bh_answer_info *info;

	for (size_t i = 0; (info = bh_profile_info_at(i)) != NULL; i++)
		json_object_set_new(object, info->key, json_null());
	for (size_t i = 0; i < n; i++) {
		info = bh_profile_info(items[i].key);
		if (info)
			json_object_set_new(object, info->key, value_of(info, items[i].value));
	}
	return dump(object);
}

static void set_side(json_t *object, const struct bh_answer_info *info, enum bh_side side,
		     const char *value)
{
	char key[BH_NAME_MAX + 8];

	snprintf(key, sizeof(key), "%s_%s", info->key, bh_side_name(side));
	json_object_set_new(object, key, value_of(info, value));
}

static void set_entry(json_t *object, const struct bh_answer_info *info, enum bh_side side,
		      const char *value)
{
	json_object_set_new(object, info->key, value_of(info, value));
	if (info->of != BH_OF_SIDE)
		return;
	if (side == BH_SIDE_LEFT || side == BH_SIDE_BOTH)
		set_side(object, info, BH_SIDE_LEFT, value);
	if (side == BH_SIDE_RIGHT || side == BH_SIDE_BOTH)
		set_side(object, info, BH_SIDE_RIGHT, value);
}

char *bh_payload_diary(int32_t night, const struct bh_diary_item *items, size_t n)
{
	json_t *object = json_object();
	const struct bh_answer_info *info;
	char date[24];

	snprintf(date, sizeof(date), "%04d-%02d-%02d", night / 10000, night / 100 % 100, night % 100);
	json_object_set_new(object, "night", night ? json_string(date) : json_null());
	json_object_set_new(object, "entries", json_integer((json_int_t)n));
	for (size_t i = 0; (info = bh_diary_info_at(i)) != NULL; i++)
		set_entry(object, info, BH_SIDE_BOTH, "");
	for (size_t i = 0; i < n; i++) {
		info = bh_diary_info(items[i].key);
		if (info)
			set_entry(object, info, items[i].side, items[i].value);
	}
	return dump(object);
}
