/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/command.h"

#include <errno.h>
#include <math.h>
#include <mosquitto.h>
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
	return keys[kind];
}

/* A text of at most BH_NOTE_MAX bytes, whole characters, no control characters. */
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

int bh_command_parse(const char *key, const void *payload, size_t length, struct bh_command *ret,
		     const char **ret_error)
{
	struct bh_command command = { 0 };
	size_t kind = 0;
	int r = 0;

	while (kind < N_KEYS && strcmp(keys[kind], key) != 0)
		kind++;
	if (kind == N_KEYS)
		return -ENOENT;
	command.kind = (enum bh_command_kind)kind;
	switch (command.kind) {
	case BH_COMMAND_MARK:
		r = read_text(payload, length, command.text, ret_error);
		if (r == 0 && strcmp(command.text, BH_BUTTON_PRESS) == 0)
			command.text[0] = '\0';
		break;
	case BH_COMMAND_NOTE:
		r = read_text(payload, length, command.text, ret_error);
		if (r == 0 && command.text[strspn(command.text, " ")] == '\0') {
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
