/* SPDX-License-Identifier: MIT */
/* How long to wait before the next attempt: doubling, capped, with jitter. Pure. */
#ifndef BH_MQTT_BACKOFF_H
#define BH_MQTT_BACKOFF_H

#include <stdint.h>

/* A broker that restarts is back within seconds: the first retry is quick, and with the longest wait
 * of 3 s a hub is connected again within 5 s of the broker's return. */
#define BH_BACKOFF_FIRST_MS 250
#define BH_BACKOFF_CAP_MS 3000
/* A refusal (wrong password, no access) needs a person: asking often only fills the broker's log. */
#define BH_BACKOFF_REFUSED_CAP_MS 60000

struct bh_backoff {
	uint64_t random; /**< state of the generator */
	unsigned int attempts;
};

/** @brief Seeded from the hub's id, so that hubs that lost one broker do not return in step. */
void bh_backoff_init(struct bh_backoff *backoff, const char *seed);
/** @brief It worked: the next wait is the first again. */
void bh_backoff_reset(struct bh_backoff *backoff);
/** @return Milliseconds to wait: between half and all of min(first * 2^n, @p cap_ms). */
int64_t bh_backoff_next_ms(struct bh_backoff *backoff, int64_t cap_ms);
/** @return A number in [low, high]. */
int64_t bh_backoff_between(struct bh_backoff *backoff, int64_t low, int64_t high);

#endif
