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

/**
 * @brief What Home Assistant must be told once when entities went away: the new payload, with the
 * platform alone for every component that only @p retained (the last message on the broker) has.
 * @return Components removed; 0: nothing to tell and @p ret untouched, also when @p retained is not
 * JSON; -ENOMEM. @p ret is to be freed.
 */
int bh_discovery_removal(const char *retained, const char *payload, char **ret);

/** @return Do both say the same, whatever the order of their keys? */
bool bh_discovery_same(const char *a, const char *b);

#endif
