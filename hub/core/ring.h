/* SPDX-License-Identifier: MIT */
/*
 * A bounded queue of records between two threads: one puts, one takes. When it fills, epochs and
 * states give way before events, and what was dropped is counted.
 */
#ifndef BH_CORE_RING_H
#define BH_CORE_RING_H

#include "hub/core/record.h"

#include <stddef.h>
#include <stdint.h>

struct bh_ring;

/** Counters since the start. */
struct bh_ring_stats {
	uint64_t put;
	uint64_t dropped_samples; /**< epochs and states */
	uint64_t dropped_events;  /**< events and clock records */
	size_t used;
	size_t capacity;
};

/**
 * @brief A ring of @p capacity records; the last eighth is kept for events and clock records.
 * @return 0, -EINVAL (capacity below 16) or -ENOMEM.
 */
int bh_ring_new(size_t capacity, struct bh_ring **ret);
void bh_ring_free(struct bh_ring *ring);

/**
 * @brief Put without waiting. Any thread; never allocates.
 * @return 0, or -ENOBUFS when it was dropped (and counted).
 */
int bh_ring_put(struct bh_ring *ring, const struct bh_record *record);

/**
 * @brief Put, waiting for room: for replays, where nothing may be lost.
 * @return 0, or -ESHUTDOWN when the ring was shut while waiting.
 */
int bh_ring_put_wait(struct bh_ring *ring, const struct bh_record *record);

/**
 * @brief Take up to @p cap records, waiting at most @p timeout_ms (-1: for ever) for the first.
 * @return Number taken, 0 on time-out, -ESHUTDOWN when the ring is shut and empty.
 */
int bh_ring_take(struct bh_ring *ring, struct bh_record *ret, size_t cap, int timeout_ms);

/** @brief Make a waiting take return 0 now: something else needs its thread. Any thread. */
void bh_ring_wake(struct bh_ring *ring);

/**
 * @brief A file descriptor (eventfd) that polls readable while the ring is not empty.
 * Owned by the ring.
 */
int bh_ring_fd(struct bh_ring *ring);

/** @brief No more puts; takers drain what is left and then get -ESHUTDOWN. */
void bh_ring_shut(struct bh_ring *ring);

struct bh_ring_stats bh_ring_stats(struct bh_ring *ring);

#endif
