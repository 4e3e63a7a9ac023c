/* SPDX-License-Identifier: MIT */
/* What a person said, from the history to the broker. */
#ifndef BH_LINE_SAID_H
#define BH_LINE_SAID_H

#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"

/**
 * @brief Tell the broker the profile of a bed's person and the diary of @p night (0: not known yet).
 * @return 0 or the store's negative errno.
 */
int bh_said_publish(struct bh_store *store, struct bh_mqtt *mqtt, uint8_t bed, int32_t night);

#endif
