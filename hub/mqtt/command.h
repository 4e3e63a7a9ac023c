/* SPDX-License-Identifier: MIT */
/* What a person sends to set/<key>: checked and clamped here, before the hub sees it. Pure. */
#ifndef BH_MQTT_COMMAND_H
#define BH_MQTT_COMMAND_H

#include "hub/mqtt/mqtt.h"

/* What the configuration allows too; 0 is never. */
#define BH_NOT_RETURNED_MIN_LOW 0
#define BH_NOT_RETURNED_MIN_HIGH (24 * 60)
/* The longest text of Home Assistant's text entity. */
#define BH_NOTE_MAX 255
/** What Home Assistant's button sends. */
#define BH_BUTTON_PRESS "PRESS"

/* A diary entry is set/diary_KEY or, of one leg, set/diary_KEY_left; an answer set/profile_KEY. */
#define BH_DIARY_PREFIX "diary_"
#define BH_PROFILE_PREFIX "profile_"
/** Takes back the diary entry that was written last. */
#define BH_UNDO_KEY "undo"

/** @return "mark", "note", "not_returned_min": the last level of set/<key>; NULL for SAY,
 *  which has many. */
const char *bh_command_key(enum bh_command_kind kind);

/**
 * @brief Read one command. Minutes out of range are clamped, texts are cut at a character, control
 * characters become blanks; what bh_said_read() does not take of a diary entry or an answer is refused.
 * @param key The last level of the topic.
 * @return 0; -ENOENT no such command; -EINVAL with what is wrong in @p ret_error (a constant).
 */
int bh_command_parse(const char *key, const void *payload, size_t length, struct bh_command *ret,
		     const char **ret_error);

#endif
