/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/command.h"

#include "hub/core/said.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "120.0" and blanks around it; more is not a number of minutes. */
#define NUMBER_TEXT_MAX 32

static const char *const keys[] = {
	[BH_COMMAND_MARK] = "mark",
	[BH_COMMAND_NOTE] = "note",
	[BH_COMMAND_NOT_RETURNED_MIN] = "not_returned_min",
};
#define N_KEYS (sizeof(keys) / sizeof(keys[0]))

const char *bh_command_key(enum bh_command_kind kind)
{
	return kind < N_KEYS ? keys[kind] : NULL;
}

/* A text of at most BH_NOTE_MAX bytes, whole characters. A field of Home Assistant is one line, so a
 * control character that got into it is a blank: it is no reason to lose what somebody said. This is
 * of the way it came; what it may say is bh_said_read()'s. */
static int read_text(const char *payload, size_t length, char *ret, const char **ret_error)
{
	_Static_assert(sizeof(((struct bh_command *)0)->text) > BH_NOTE_MAX, "a note must fit");
	char text[BH_NOTE_MAX + 1];

	if (length > BH_NOTE_MAX) {
		length = BH_NOTE_MAX;
		/* Bytes 10xxxxxx continue a character: step back to where one begins. */
		while (length > 0 && ((unsigned char)payload[length] & 0xc0u) == 0x80u)
			length--;
	}
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)payload[i];

		text[i] = c < 0x20 || c == 0x7f ? ' ' : payload[i];
	}
	text[length] = '\0';
	if (mosquitto_validate_utf8(text, (int)length) != MOSQ_ERR_SUCCESS) {
		*ret_error = "the text is not UTF-8";
		return -EINVAL;
	}
	memcpy(ret, text, length + 1);
	return 0;
}

static int read_minutes(const char *payload, size_t length, int32_t *ret, const char **ret_error)
{
	char text[NUMBER_TEXT_MAX];
	double number;
	char *end;

	*ret_error = "not a number of minutes";
	if (length == 0 || length >= sizeof(text))
		return -EINVAL;
	memcpy(text, payload, length);
	text[length] = '\0';
	number = strtod(text, &end);
	if (end == text || end[strspn(end, " ")] != '\0' || !isfinite(number))
		return -EINVAL;
	if (number < BH_NOT_RETURNED_MIN_LOW)
		number = BH_NOT_RETURNED_MIN_LOW;
	if (number > BH_NOT_RETURNED_MIN_HIGH)
		number = BH_NOT_RETURNED_MIN_HIGH;
	*ret = (int32_t)lround(number);
	return 0;
}

/* ---- what a person says ---- */

/* "diary_pain_left": which row, and which side. @return NULL: no such key. */
static const struct bh_answer_info *find_entry(const char *key, enum bh_side *ret_side)
{
	char name[BH_NAME_MAX];
	const struct bh_answer_info *info = bh_diary_info(key);
	const char *tail = strrchr(key, '_');

	*ret_side = BH_SIDE_UNKNOWN;
	if (info || !tail || (size_t)(tail - key) >= sizeof(name))
		return info;
	snprintf(name, sizeof(name), "%.*s", (int)(tail - key), key);
	info = bh_diary_info(name);
	if (!info || info->of == BH_OF_BODY || bh_side_from_name(tail + 1, ret_side) < 0 ||
	    *ret_side == BH_SIDE_UNKNOWN)
		return NULL;
	return info;
}

/* Constants: the log shows each kind of refusal once, and nothing of what the person wrote. */
static const char *wrong(enum bh_said_field field)
{
	switch (field) {
	case BH_SAID_KEY:
		return "no such key";
	case BH_SAID_VALUE:
		return "not a value that this takes";
	case BH_SAID_SIDE:
		return "no such side, or an entry that has none";
	case BH_SAID_SITE:
		return "no such site of a leg, or an entry that has none";
	case BH_SAID_AT:
		return "not a time";
	case BH_SAID_NIGHT:
		return "not a night";
	}
	return NULL;
}

/* What came, as it is checked whichever way it comes. It is said now: that is no time to check. */
static int take(const struct bh_answer_info *info, struct bh_said_words *words, struct bh_remark *ret,
		const char **ret_error)
{
	enum bh_said_field field;
	int r;

	words->key = info->key;
	words->at_ms = BH_WALL_UNKNOWN;
	/* A button is one tap: yes. */
	if (info->kind == BH_ANSWER_FLAG && strcmp(words->value, BH_BUTTON_PRESS) == 0)
		words->value = "yes";
	r = bh_said_read(words, 0, ret, &field, NULL);
	if (r < 0)
		*ret_error = wrong(field);
	return r;
}

/* {"value":"6","side":"left","site":"calf"}: for automations that know more than a button says.
 * @return Its words, which are the object's, as long as that lives. */
static int read_object(json_t *object, struct bh_said_words *ret, const char **ret_error)
{
	const char *value = "", *side = ret->side, *site = ret->site;

	if (json_unpack(object, "{s:s, s?s, s?s !}", "value", &value, "side", &side, "site", &site) < 0) {
		*ret_error = "not an object of value, side and site, all texts";
		return -EINVAL;
	}
	ret->value = value;
	ret->side = side;
	ret->site = site;
	return 0;
}

static int read_entry(const char *key, const char *text, struct bh_remark *ret, const char **ret_error)
{
	enum bh_side side;
	const struct bh_answer_info *info = find_entry(key, &side);
	struct bh_said_words words = { .kind = BH_SAID_DIARY, .value = text, .site = "" };
	json_t *object = NULL;
	int r = 0;

	if (!info)
		return -ENOENT;
	words.side = bh_side_name(side);
	if (text[0] == '{' && info->kind != BH_ANSWER_TEXT) {
		object = json_loads(text, 0, NULL);
		r = read_object(object, &words, ret_error);
	}
	if (r == 0)
		r = take(info, &words, ret, ret_error);
	json_decref(object);
	return r;
}

static int read_answer(const char *key, const char *text, struct bh_remark *ret,
		       const char **ret_error)
{
	struct bh_said_words words = { .kind = BH_SAID_PROFILE,
				       .value = text,
				       .takes_back = bh_said_is_blank(text) };
	const struct bh_answer_info *info = bh_profile_info(key);

	return info ? take(info, &words, ret, ret_error) : -ENOENT;
}

static int read_said(const char *key, const void *payload, size_t length, struct bh_command *ret,
		     const char **ret_error)
{
	char text[BH_NOTE_MAX + 1];
	int r;

	ret->kind = BH_COMMAND_SAY;
	if (strcmp(key, BH_UNDO_KEY) == 0) {
		/* Without a key: the entry of this night that was written last. */
		ret->said.kind = BH_SAID_UNSAID;
		ret->said.u.diary.at_ms = BH_WALL_UNKNOWN;
		return 0;
	}
	r = read_text(payload, length, text, ret_error);
	if (strncmp(key, BH_DIARY_PREFIX, strlen(BH_DIARY_PREFIX)) == 0)
		return r < 0 ? r : read_entry(key + strlen(BH_DIARY_PREFIX), text, &ret->said,
					      ret_error);
	if (strncmp(key, BH_PROFILE_PREFIX, strlen(BH_PROFILE_PREFIX)) == 0)
		return r < 0 ? r : read_answer(key + strlen(BH_PROFILE_PREFIX), text, &ret->said,
					       ret_error);
	return -ENOENT;
}

int bh_command_parse(const char *key, const void *payload, size_t length, struct bh_command *ret,
		     const char **ret_error)
{
	struct bh_command command = { 0 };
	size_t kind = 0;
	int r = 0;

	while (kind < N_KEYS && strcmp(keys[kind], key) != 0)
		kind++;
	if (kind == N_KEYS) {
		r = read_said(key, payload, length, &command, ret_error);
		if (r == 0)
			*ret = command;
		return r;
	}
	command.kind = (enum bh_command_kind)kind;
	switch (command.kind) {
	case BH_COMMAND_MARK:
		r = read_text(payload, length, command.text, ret_error);
		if (r == 0 && strcmp(command.text, BH_BUTTON_PRESS) == 0)
			command.text[0] = '\0';
		break;
	case BH_COMMAND_NOTE:
		r = read_text(payload, length, command.text, ret_error);
		if (r == 0 && bh_said_is_blank(command.text)) {
			*ret_error = "the note is empty";
			r = -EINVAL;
		}
		break;
	case BH_COMMAND_NOT_RETURNED_MIN:
		r = read_minutes(payload, length, &command.value, ret_error);
		break;
	case BH_COMMAND_SAY:
		break;
	}
	if (r < 0)
		return r;
	*ret = command;
	return 0;
}
