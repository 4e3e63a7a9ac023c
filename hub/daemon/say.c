/* SPDX-License-Identifier: MIT */
#include "hub/daemon/say.h"

#include "hub/core/night.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REASON_MAX 256

struct item {
	const json_t *json;
	char reason[REASON_MAX]; /* why it is refused */
};

static const char *text_of(const struct item *item, const char *key)
{
	const char *text = json_string_value(json_object_get(item->json, key));

	return text ? text : "";
}

static int refuse(struct item *item, const char *reason)
{
	snprintf(item->reason, sizeof(item->reason), "%s", reason);
	return -EINVAL;
}

static int take_bed(struct item *item, const struct bh_config *config, uint8_t *ret)
{
	const char *id = text_of(item, "bed");

	for (uint8_t i = 0; i < config->n_beds; i++) {
		if (strcmp(config->beds[i].id, id) == 0) {
			*ret = i;
			return 0;
		}
	}
	return refuse(item, "no such bed");
}

/* The value of @p info, unless the item says otherwise it may be empty. */
static int take_value(struct item *item, const struct bh_answer_info *info, bool may_be_empty,
		      char *ret, size_t size)
{
	const char *value = text_of(item, "value");
	char takes[BH_ANSWER_TAKES_MAX];

	if (!info)
		return refuse(item, "no such key");
	if (strlen(value) < size && ((may_be_empty && value[0] == '\0') ||
				     (value[0] != '\0' && bh_answer_check(info, value) == 0))) {
		strcpy(ret, value);
		return 0;
	}
	snprintf(item->reason, sizeof(item->reason), "%s takes %s", info->key,
		 bh_answer_takes(info, takes));
	return -EINVAL;
}

static int take_leg(struct item *item, const struct bh_answer_info *info, struct bh_diary_item *ret)
{
	const char *side = text_of(item, "side"), *site = text_of(item, "site");

	if (side[0] && (info->of == BH_OF_BODY || bh_side_from_name(side, &ret->side) < 0))
		return refuse(item, "no such side, or an entry that has none");
	if (site[0] && (info->of == BH_OF_BODY || strlen(site) >= sizeof(ret->site) ||
			!bh_answer_is_word(bh_answer_sites(), site)))
		return refuse(item, "no such site, or an entry that has none");
	strcpy(ret->site, site);
	return 0;
}

static int take_time(struct item *item, struct bh_diary_item *ret)
{
	const json_t *at = json_object_get(item->json, "at_ms");
	const json_t *night = json_object_get(item->json, "night");
	int64_t start_ms, end_ms;

	ret->at_ms = json_is_integer(at) ? json_integer_value(at) : BH_WALL_UNKNOWN;
	if (at && (!json_is_integer(at) || ret->at_ms <= 0))
		return refuse(item, "at_ms is not a time");
	ret->night = (int32_t)json_integer_value(night);
	if (night && bh_night_bounds(ret->night, &start_ms, &end_ms) < 0)
		return refuse(item, "night is not a date yyyymmdd");
	return 0;
}

/* 0: nobody knows when. */
static int take_said_at(struct item *item, struct bh_profile_item *ret)
{
	const json_t *at = json_object_get(item->json, "at_ms");

	ret->at_ms = at ? json_integer_value(at) : BH_WALL_UNKNOWN;
	return at && (!json_is_integer(at) || ret->at_ms < 0) ? refuse(item, "at_ms is not a time") : 0;
}

static int take_item(struct item *item, const struct bh_config *config, struct bh_remark *ret)
{
	const char *what = text_of(item, "what"), *key = text_of(item, "key");
	const struct bh_answer_info *info = bh_diary_info(key);
	int r;

	*ret = (struct bh_remark){ .kind = BH_SAID_DIARY };
	if (strcmp(what, "profile") == 0) {
		struct bh_profile_item *profile = &ret->u.profile;

		ret->kind = BH_SAID_PROFILE;
		info = bh_profile_info(key);
		r = take_bed(item, config, &profile->bed);
		if (r == 0)
			r = take_value(item, info, true, profile->value, sizeof(profile->value));
		if (r == 0)
			snprintf(profile->key, sizeof(profile->key), "%s", info->key);
		return r == 0 ? take_said_at(item, profile) : r;
	}
	if (strcmp(what, "unsay") == 0)
		ret->kind = BH_SAID_UNSAID;
	else if (strcmp(what, "diary") != 0)
		return refuse(item, "\"what\" is diary, unsay or profile");
	r = take_bed(item, config, &ret->u.diary.bed);
	if (r == 0)
		r = take_value(item, info, ret->kind == BH_SAID_UNSAID, ret->u.diary.value,
			       sizeof(ret->u.diary.value));
	if (r == 0)
		r = take_leg(item, info, &ret->u.diary);
	if (r == 0)
		r = take_time(item, &ret->u.diary);
	if (r == 0)
		snprintf(ret->u.diary.key, sizeof(ret->u.diary.key), "%s", info->key);
	return r;
}

static json_t *refusal(const char *error)
{
	return json_pack("{s:b, s:s}", "ok", 0, "error", error);
}

static json_t *outcome(int r, int32_t night)
{
	switch (r) {
	case 0:
		return json_pack("{s:b, s:i}", "ok", 1, "night", (int)night);
	case -EAGAIN:
		return refusal("the time is not known yet: try again when the clock is synchronised");
	}
	return refusal("too much waits for the disk: try again");
}

json_t *bh_say_json(struct bh_session *session, const json_t *request)
{
	const json_t *items = json_object_get(request, "items");
	size_t n = json_array_size(items);
	char text[REASON_MAX + 32];
	struct bh_remark *said;
	int r;

	if (n == 0)
		return refusal("say what: \"items\" is an array of at least one");
	said = calloc(n, sizeof(*said));
	if (!said)
		return refusal("out of memory");
	for (size_t i = 0; i < n; i++) {
		struct item item = { .json = json_array_get(items, i) };

		if (take_item(&item, bh_session_config(session), &said[i]) == 0)
			continue;
		free(said);
		snprintf(text, sizeof(text), "item %zu: %s", i + 1, item.reason);
		return refusal(text);
	}
	r = bh_session_say(session, said, n);
	if (r < 0)
		free(said);
	return outcome(r, bh_session_night(session));
}
