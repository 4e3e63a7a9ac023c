/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/topic.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

/* Prefix, hub, bed, sensor and the words between them. */
_Static_assert(4 * BH_NAME_MAX + 32 <= BH_TOPIC_MAX, "the longest topic must fit");

static const char *const tails[] = {
	[BH_TOPIC_OCCUPIED] = "occupied",
	[BH_TOPIC_RESTLESS] = "restless",
	[BH_TOPIC_LEGS_OVER_EDGE] = "legs_over_edge",
	[BH_TOPIC_LEG_OUT] = "leg_out",
	[BH_TOPIC_LEG_SIDE] = "leg_side",
	[BH_TOPIC_POSITION] = "position",
	[BH_TOPIC_STATE] = "state",
	[BH_TOPIC_NIGHT] = "night",
	[BH_TOPIC_FINDINGS] = "findings",
	[BH_TOPIC_FAULT] = "fault",
	[BH_TOPIC_CALIBRATION] = "calibration",
	[BH_TOPIC_CONFIG] = "config",
	[BH_TOPIC_NOTE] = "note",
	[BH_TOPIC_DIARY] = "diary",
	[BH_TOPIC_PROFILE] = "profile",
};

const char *bh_topic_tail(enum bh_topic topic)
{
	assert(topic < BH_TOPIC_SENSOR);
	return tails[topic];
}

static void __attribute__((format(printf, 2, 3)))
print(char ret[BH_TOPIC_MAX], const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(ret, BH_TOPIC_MAX, format, ap);
	va_end(ap);
}

void bh_topic_hub(const struct bh_config *config, const char *tail, char ret[BH_TOPIC_MAX])
{
	print(ret, "%s/%s/%s", config->mqtt.prefix, config->hub_id, tail);
}

void bh_topic_bed(const struct bh_config *config, const struct bh_mqtt_bed *bed, const char *tail,
		  char ret[BH_TOPIC_MAX])
{
	print(ret, "%s/%s/%s/%s", config->mqtt.prefix, config->hub_id, bed->id, tail);
}

void bh_topic_retained(const struct bh_config *config, const struct bh_mqtt_bed *bed,
		       enum bh_topic topic, char ret[BH_TOPIC_MAX])
{
	char name[BH_NAME_MAX];

	if (topic < BH_TOPIC_SENSOR) {
		bh_topic_bed(config, bed, tails[topic], ret);
		return;
	}
	/* A sensor's name may hold what a topic level may not: '/', '+', '#', blanks. */
	snprintf(name, sizeof(name), "%s", bed->sensors[topic - BH_TOPIC_SENSOR]);
	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '-')
			*c = '_';
	print(ret, "%s/%s/%s/sensor/%s/status", config->mqtt.prefix, config->hub_id, bed->id, name);
}

void bh_topic_discovery(const struct bh_config *config, const char *bed_id, char ret[BH_TOPIC_MAX])
{
	print(ret, "%s/device/bedside_%s_%s/config", config->mqtt.discovery_prefix, config->hub_id,
	      bed_id);
}

void bh_topic_home_assistant(const struct bh_config *config, char ret[BH_TOPIC_MAX])
{
	print(ret, "%s/status", config->mqtt.discovery_prefix);
}
