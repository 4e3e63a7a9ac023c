/* SPDX-License-Identifier: MIT */
/*
 * The entities of a bed in Home Assistant, one row each: discovery, dashboards' test and README go by
 * this table. `key` is part of the identity in Home Assistant: never rename one.
 */
#ifndef BH_MQTT_ENTITY_H
#define BH_MQTT_ENTITY_H

#include "hub/core/event.h"
#include "hub/mqtt/topic.h"

/* Readings older than this are unknown in Home Assistant, also after its restart: expire_after and
 * MQTT 5's message expiry are the same number. */
#define BH_STATE_EXPIRY_S 300
#define BH_ORIGIN_NAME "bedsided"

/* Bits of bh_entity.sensors: which sensors must work for the entity to be available. */
#define BH_NEEDS_SLOT(slot) (1u << (slot))
#define BH_NEEDS_MAT (1u << BH_TEMP_SLOTS)

/** Where an entity's state comes from. */
enum bh_entity_topic {
	BH_ENTITY_RETAINED, /**< bh_entity.retained */
	BH_ENTITY_EVENT,
	BH_ENTITY_HUB_STATUS,
	BH_ENTITY_HUB_INFO,
	BH_ENTITY_STATELESS, /**< a button */
};

/** Lists of states come from the tables that name them. */
enum bh_entity_options {
	BH_OPTIONS_NONE,
	BH_OPTIONS_POSITION,
	BH_OPTIONS_SIDE,
	BH_OPTIONS_VERDICT,
	BH_OPTIONS_WORDS, /**< bh_entity.words */
};

struct bh_entity {
	const char *key; /**< in "cmps" and unique_id */
	const char *platform;
	const char *id;	  /**< tail of default_entity_id; NULL: the device itself */
	const char *name; /**< NULL: the device's name */
	const char *device_class;
	const char *icon;
	const char *category; /**< "diagnostic", "config" or NULL */
	const char *unit;
	const char *state_class;
	const char *template;
	enum bh_entity_topic topic;
	enum bh_topic retained;
	enum bh_entity_options options;
	enum bh_command_kind command; /**< where commands is set */
	uint32_t needs;		      /**< BH_CAN_* bits of the bed */
	uint32_t sensors;	      /**< BH_NEEDS_* */
	int decimals;		      /**< shown, where there is a unit */
	const char *set;     /**< last level of the command's topic, where `command` has many */
	const char *words;   /**< separated by '|' */
	const char *pattern; /**< of a text */
	double step;	     /**< of a number; 0: the usual one */
	int min;
	int max;	 /**< 0: no range */
	bool calibrated; /**< only for beds that a calibration is needed for */
	bool attributes; /**< the topic's JSON as attributes too */
	bool expires;	 /**< after BH_STATE_EXPIRY_S */
	bool commands;	 /**< takes bh_entity.command */
	bool disabled;	 /**< until someone enables it */
};

/** @return Row @p i, or NULL past the end. */
const struct bh_entity *bh_entity_at(size_t i);

/** @return A bed of these BH_CAN_* has it. */
bool bh_entity_applies(const struct bh_entity *entity, uint32_t capabilities);

/** @return Is this event sent to the broker at all? DETAIL events are too many. */
bool bh_entity_publishes(const struct bh_event_info *info);

#endif
