/* SPDX-License-Identifier: MIT */
/* Home Assistant's device-based discovery message of one bed, from one table of entities. */
#ifndef BH_MQTT_DISCOVERY_H
#define BH_MQTT_DISCOVERY_H

#include "hub/mqtt/mqtt.h"

/**
 * @brief The payload for <discovery_prefix>/device/bedside_<hub>_<bed>/config.
 * @return A string to free(), or NULL when out of memory.
 */
char *bh_discovery_payload(const struct bh_config *config, const struct bh_mqtt_bed *bed,
			   bool simulated, const char *version);

#endif
