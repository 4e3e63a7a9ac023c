/* SPDX-License-Identifier: MIT */
/*
 * A look at one night of the history: sum it up, keep what was found, ask the rules. The historian
 * says when. The same look at the same rows leaves the same rows.
 */
#ifndef BH_LINE_NIGHT_LOOK_H
#define BH_LINE_NIGHT_LOOK_H

#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"
#include "rules/rule.h"

struct bh_look {
	struct bh_store *store;
	const struct bh_rule_set *rules; /**< NULL: none */
	struct bh_mqtt *mqtt;		 /**< NULL: nobody to tell */
	uint8_t bed;
	int32_t date;
	int64_t now_ms;	 /**< what is still open counts up to now; BH_WALL_UNKNOWN: to the noon */
	bool complete;	 /**< the closing noon has passed: sum up the week too */
	bool settled;	 /**< the bed was left, or the night is over: mark the epochs, ask the rules */
	bool newest;	 /**< the night that the broker shows */
};

/** @brief Look. @return 0 (also for a night without rows) or a negative errno of the store. */
int bh_look_at_night(const struct bh_look *look);

#endif
