/* SPDX-License-Identifier: MIT */
/* A configured line in the words of the store and of the broker session. */
#ifndef BH_LINE_DESCRIBE_H
#define BH_LINE_DESCRIBE_H

#include "hub/line/line.h"
#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"

/** @brief Fill one entry per bed of @p config; both arrays hold BH_BEDS_MAX. @return Number of beds. */
unsigned int bh_describe_beds(const struct bh_line *line, const struct bh_config *config,
			      struct bh_store_bed *ret_store, struct bh_mqtt_bed *ret_mqtt);

/** @brief What the history calls this run. @p boot_id as in /proc, or "replay". @p owes_broker: its
 *  events go to a broker, too. */
void bh_describe_run(const struct bh_line *line, const struct bh_config *config, const char *boot_id,
		     int64_t started_ns, bool owes_broker, struct bh_store_run *ret);

#endif
