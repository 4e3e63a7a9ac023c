/* SPDX-License-Identifier: MIT */
/*
 * Events on their way: at most BH_INFLIGHT_MAX published and not yet acknowledged.
 * Bounded on purpose: the history is the outbox, not the heap.
 */
#ifndef BH_MQTT_WINDOW_H
#define BH_MQTT_WINDOW_H

#include "hub/mqtt/mqtt.h"

/* libmosquitto's own default; unlimited was measured four times slower. */
#define BH_INFLIGHT_MAX 20
/* Late events leave room for live ones: someone gets up while the past is being delivered. */
#define BH_INFLIGHT_LATE_MAX 15

/** One event that the broker has not acknowledged yet. */
struct bh_flight {
	bool used;
	bool late;
	int mid; /**< libmosquitto's message id of this connection */
	int64_t run;
	uint64_t seq;
	int64_t row; /**< late events only */
	uint8_t bed;
};

struct bh_window {
	struct bh_flight flights[BH_INFLIGHT_MAX];
	unsigned int n_flights;
};

/** @return A free place, or NULL when BH_INFLIGHT_MAX are on their way. */
struct bh_flight *bh_window_take(struct bh_window *window);
/** @brief It was not sent after all. */
void bh_window_put_back(struct bh_window *window, struct bh_flight *flight);
/** @brief The broker answered @p mid. @return false if it is no event of ours. */
bool bh_window_answered(struct bh_window *window, int mid, struct bh_flight *ret);
/** @brief The connection broke: nothing is on its way any more. */
void bh_window_clear(struct bh_window *window);

#endif
