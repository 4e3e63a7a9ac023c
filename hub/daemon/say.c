/* SPDX-License-Identifier: MIT */
#include "hub/daemon/say.h"

#include "hub/core/night.h"
#include "hub/core/said.h"
#include "hub/daemon/reply.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const json_t *item, const char *key)
{
	const char *text = json_string_value(json_object_get(item, key));

	return text ? text : "";
}

static int refuse(struct bh_error *err, const char *reason)
{
	return bh_error_set(err, -EINVAL, "", 0, 0, "%s", reason);
}

static int read_bed(const json_t *item, const struct bh_config *config, uint8_t *ret,
		    struct bh_error *err)
{
	const char *id = text_of(item, "bed");

	for (uint8_t i = 0; i < config->n_beds; i++) {
		if (strcmp(config->beds[i].id, id) == 0) {
			*ret = i;
			return 0;
		}
	}
	return refuse(err, "no such bed");
}

static int read_kind(const json_t *item, enum bh_remark_kind *ret, struct bh_error *err)
{
	const char *what = text_of(item, "what");

	if (strcmp(what, "profile") == 0)
		*ret = BH_SAID_PROFILE;
	else if (strcmp(what, "unsay") == 0)
		*ret = BH_SAID_UNSAID;
	else if (strcmp(what, "diary") == 0)
		*ret = BH_SAID_DIARY;
	else
		return refuse(err, "\"what\" is diary, unsay or profile");
	return 0;
}

static int read_number(const json_t *item, const char *key, int64_t missing, int64_t *ret,
		       struct bh_error *err)
{
	const json_t *number = json_object_get(item, key);

	if (number && !json_is_integer(number))
		return bh_error_set(err, -EINVAL, "", 0, 0, "%s is not a whole number", key);
	*ret = number ? json_integer_value(number) : missing;
	return 0;
}

static int read_item(const json_t *item, const struct bh_config *config, int64_t now_ms,
		     struct bh_remark *ret, struct bh_error *err)
{
	struct bh_said_words words = { .key = text_of(item, "key"),
				       .value = text_of(item, "value"),
				       .side = text_of(item, "side"),
				       .site = text_of(item, "site") };
	enum bh_said_field field;
	int64_t night = 0;
	uint8_t bed = 0;
	int r = read_kind(item, &words.kind, err);

	words.takes_back = words.kind == BH_SAID_PROFILE && words.value[0] == '\0';
	if (r == 0)
		r = read_bed(item, config, &bed, err);
	if (r == 0)
		r = read_number(item, "at_ms", BH_WALL_UNKNOWN, &words.at_ms, err);
	if (r == 0)
		r = read_number(item, "night", 0, &night, err);
	if (r == 0 && (night < INT32_MIN || night > INT32_MAX))
		r = refuse(err, "night is not a date yyyymmdd");
	words.night = (int32_t)night;
	if (r == 0)
		r = bh_said_read(&words, now_ms, ret, &field, err);
	if (r < 0)
		return r;
	if (ret->kind == BH_SAID_PROFILE)
		ret->u.profile.bed = bed;
	else
		ret->u.diary.bed = bed;
	return 0;
}

/* A note is an item of one kind. */
static json_t *items_of(const json_t *request)
{
	const char *name = text_of(request, "command");

	if (strcmp(name, "note") == 0)
		return json_pack("[{s:s, s:s, s:s, s:s}]", "what", "diary", "bed",
				 text_of(request, "bed"), "key", "note", "value",
				 text_of(request, "text"));
	return json_incref(json_object_get(request, "items"));
}

static int read_items(const json_t *items, const struct bh_config *config, int64_t now_ms,
		      struct bh_say_list *ret, struct bh_error *err)
{
	size_t n = json_array_size(items);
	struct bh_error why = { .text = "" };
	struct bh_remark *said;
	int r = 0;

	if (n == 0)
		return refuse(err, "say what: \"items\" is an array of at least one");
	said = calloc(n, sizeof(*said));
	if (!said)
		return -ENOMEM;
	for (size_t i = 0; i < n && r == 0; i++) {
		r = read_item(json_array_get(items, i), config, now_ms, &said[i], &why);
		if (r < 0)
			bh_error_set(err, r, "", 0, 0, "item %zu: %.300s", i + 1, why.text);
	}
	if (r < 0) {
		free(said);
		return r;
	}
	*ret = (struct bh_say_list){ .said = said, .n = n };
	return 0;
}

int bh_say_read(const struct bh_config *config, const char *request, int64_t now_ms,
		struct bh_say_list *ret, struct bh_error *err)
{
	json_t *object = json_loads(request, 0, NULL);
	const char *name = text_of(object, "command");
	json_t *items;
	int r;

	if (strcmp(name, "say") != 0 && strcmp(name, "note") != 0) {
		json_decref(object);
		return refuse(err, "so long a request is {\"command\":\"say\",\"items\":[...]}");
	}
	items = items_of(object);
	r = read_items(items, config, now_ms, ret, err);
	json_decref(items);
	json_decref(object);
	return r;
}

/* ---- answering ---- */

static json_t *refusal(int r, const struct bh_error *err)
{
	char text[128];
	const char *error = text;

	switch (r) {
	case -EINVAL:
		error = err->text[0] ? err->text
				     : "the history does not take it: look at its bed, key and time";
		break;
	case -EAGAIN:
		error = "the time is not known yet: try again when the clock is synchronised";
		break;
	case -ENOBUFS:
		error = "too much waits for the disk: try again";
		break;
	default:
		snprintf(text, sizeof(text), "the history cannot be written: %s: nothing is kept",
			 strerror(-r));
	}
	return bh_reply_refusal(error);
}

json_t *bh_say_answer(int r, int64_t now_ms, const struct bh_error *err)
{
	int night = (int)bh_night_date(now_ms);

	/* It is taken: who is refused says it again, and has it twice. */
	if (r == -EINPROGRESS)
		return json_pack("{s:b, s:i, s:s}", "ok", 1, "night", night, "kept", "memory");
	if (r < 0)
		return refusal(r, err);
	return json_pack("{s:b, s:i, s:i}", "ok", 1, "night", night, "changed", r);
}
