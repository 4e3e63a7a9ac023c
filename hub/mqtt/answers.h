/* SPDX-License-Identifier: MIT */
/*
 * Profile and diary in Home Assistant: entities and messages made from the tables of answers
 * (hub/core/profile.def, diary.def), so that a new row there is all that a new question needs.
 *
 * A yes-or-no of the diary is a button (one tap is yes), a number a number, a choice a select; of what
 * is of one leg there is one for each. A question of the profile is a select, number or text.
 */
#ifndef BH_MQTT_ANSWERS_H
#define BH_MQTT_ANSWERS_H

#include "hub/mqtt/entity.h"

#define BH_ANSWER_NAME_MAX 64

/** An entity and its texts. */
struct bh_answer_entity {
	struct bh_entity entity; /**< its strings point into this struct */
	char key[BH_ANSWER_NAME_MAX];
	char id[BH_ANSWER_NAME_MAX];
	char name[BH_ANSWER_NAME_MAX];
	char set[BH_ANSWER_NAME_MAX];
	char template[2 * BH_ANSWER_NAME_MAX];
	char words[BH_ANSWER_TAKES_MAX];
};

/** @brief Entity @p i of diary and profile. @return false past the end. */
bool bh_answer_entity_at(size_t i, struct bh_answer_entity *ret);

/** {"age":71,"diabetes":"no","statin":null,...}. To free(), NULL when out of memory. */
char *bh_payload_profile(const struct bh_profile_item *items, size_t n);
/**
 * {"night":"2026-11-22","entries":3,"pain_left":6,"urge":"yes","relief":null,...} of entries by time: the
 * last of each key counts. Of what is of one leg there is KEY_left, KEY_right, and KEY of any. To free().
 */
char *bh_payload_diary(int32_t night, const struct bh_diary_item *items, size_t n);

#endif
