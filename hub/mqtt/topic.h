/* SPDX-License-Identifier: MIT */
/* Topic names of one hub, in one place. Below <prefix>/<hub id>: status, info; below .../<bed id>:
 * one per enum bh_topic, event, backlog, result, set/<key>. */
#ifndef BH_MQTT_TOPIC_H
#define BH_MQTT_TOPIC_H

#include "hub/mqtt/mqtt.h"

/* prefix, hub id and bed id are below BH_NAME_MAX each, the longest tail is sensor/<name>/status. */
#define BH_TOPIC_MAX 192

/** Retained topics of a bed. */
enum bh_topic {
	BH_TOPIC_OCCUPIED,
	BH_TOPIC_RESTLESS,
	BH_TOPIC_LEGS_OVER_EDGE,
	BH_TOPIC_LEG_OUT,
	BH_TOPIC_LEG_SIDE,
	BH_TOPIC_POSITION,
	BH_TOPIC_STATE, /**< numbers, at most one message a minute */
	BH_TOPIC_NIGHT,
	BH_TOPIC_FINDINGS,
	BH_TOPIC_FAULT,
	BH_TOPIC_CALIBRATION,
	BH_TOPIC_CONFIG,
	BH_TOPIC_NOTE,
	BH_TOPIC_DIARY,
	BH_TOPIC_PROFILE,
	BH_TOPIC_SENSOR, /**< the first of BH_SENSORS_MAX: sensor/<name>/status */
	BH_TOPIC_RETAINED = BH_TOPIC_SENSOR + BH_SENSORS_MAX,
};

/** @return The last part of a topic before BH_TOPIC_SENSOR: "occupied" ... */
const char *bh_topic_tail(enum bh_topic topic);

/** <prefix>/<hub>/<tail>: "status", "info". */
void bh_topic_hub(const struct bh_config *config, const char *tail, char ret[BH_TOPIC_MAX]);
/** <prefix>/<hub>/<bed>/<tail>: "event", "backlog", "result", "set/<key>" ... */
void bh_topic_bed(const struct bh_config *config, const struct bh_mqtt_bed *bed, const char *tail,
		  char ret[BH_TOPIC_MAX]);
/** A retained topic of a bed. */
void bh_topic_retained(const struct bh_config *config, const struct bh_mqtt_bed *bed,
		       enum bh_topic topic, char ret[BH_TOPIC_MAX]);
/** <discovery prefix>/device/bedside_<hub>_<bed>/config. */
void bh_topic_discovery(const struct bh_config *config, const char *bed_id, char ret[BH_TOPIC_MAX]);
/** Home Assistant's own birth and will: <discovery prefix>/status. */
void bh_topic_home_assistant(const struct bh_config *config, char ret[BH_TOPIC_MAX]);

#endif
