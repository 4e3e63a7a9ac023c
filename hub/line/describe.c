/* SPDX-License-Identifier: MIT */
#include "hub/line/describe.h"

#include "hub/core/version.h"

#include <stdio.h>
#include <string.h>

unsigned int bh_describe_beds(const struct bh_line *line, const struct bh_config *config,
			      struct bh_store_bed *ret_store, struct bh_mqtt_bed *ret_mqtt)
{
	for (uint8_t i = 0; i < config->n_beds; i++) {
		const struct bh_bed_config *bed = &config->beds[i];
		struct bh_store_bed *stored = &ret_store[i];
		struct bh_mqtt_bed *device = &ret_mqtt[i];

		memset(stored, 0, sizeof(*stored));
		memset(device, 0, sizeof(*device));
		stored->bed = device->bed = i;
		stored->capabilities = device->capabilities = bh_line_capabilities(line, i);
		stored->mat_hash = bh_line_mat_hash(line, i);
		stored->n_sensors = device->n_sensors = bed->n_sensors;
		snprintf(stored->id, sizeof(stored->id), "%s", bed->id);
		snprintf(stored->name, sizeof(stored->name), "%s", bed->name);
		snprintf(device->id, sizeof(device->id), "%s", bed->id);
		snprintf(device->name, sizeof(device->name), "%s", bed->name);
		for (uint8_t s = 0; s < bed->n_sensors; s++) {
			snprintf(stored->sensors[s], BH_NAME_MAX, "%s", bed->sensors[s].name);
			snprintf(device->sensors[s], BH_NAME_MAX, "%s", bed->sensors[s].name);
			stored->sensor_capabilities[s] = bh_line_sensor_capabilities(line, i, s);
		}
	}
	return config->n_beds;
}

void bh_describe_run(const struct bh_line *line, const struct bh_config *config, const char *boot_id,
		     int64_t started_ns, bool owes_broker, struct bh_store_run *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->origin = BH_ORIGIN_MEASURED;
	if (bh_line_simulated(line))
		ret->origin = BH_ORIGIN_SIMULATED;
	else if (bh_line_own_time(line, NULL))
		ret->origin = BH_ORIGIN_REPLAYED;
	snprintf(ret->boot_id, sizeof(ret->boot_id), "%s", boot_id);
	snprintf(ret->provenance, sizeof(ret->provenance), "%s", bh_line_provenance(line));
	snprintf(ret->version, sizeof(ret->version), "%s", BH_VERSION);
	snprintf(ret->config_hash, sizeof(ret->config_hash), "%s", config->hash);
	ret->started_mono_ns = started_ns;
	ret->owes_broker = owes_broker;
}
