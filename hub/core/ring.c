/* SPDX-License-Identifier: MIT */
#include "hub/core/ring.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define CAPACITY_MIN 16
/* The share of the ring that samples may not take: events still find room when samples flood. */
#define RESERVE_DIVISOR 8

/* The lock is held for a memcpy, never over I/O, so that the sensing thread does not wait. */
struct bh_ring {
	pthread_mutex_t lock;
	pthread_cond_t filled;
	pthread_cond_t emptied;
	struct bh_record *records;
	size_t capacity;
	size_t head;
	size_t used;
	bool shut;
	bool woken;
	int fd;
	struct bh_ring_stats stats;
};

static bool is_sample(const struct bh_record *record)
{
	return record->kind == BH_RECORD_EPOCH || record->kind == BH_RECORD_STATE;
}

int bh_ring_new(size_t capacity, struct bh_ring **ret)
{
	pthread_condattr_t monotonic;
	struct bh_ring *ring;

	if (capacity < CAPACITY_MIN)
		return -EINVAL;
	ring = calloc(1, sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	ring->records = calloc(capacity, sizeof(*ring->records));
	if (!ring->records)
		goto err_free_ring;
	ring->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (ring->fd < 0)
		goto err_free_records;
	ring->capacity = capacity;
	pthread_mutex_init(&ring->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&ring->filled, &monotonic);
	pthread_cond_init(&ring->emptied, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret = ring;
	return 0;

err_free_records:
	free(ring->records);
err_free_ring:
	free(ring);
	return -ENOMEM;
}

void bh_ring_free(struct bh_ring *ring)
{
	if (!ring)
		return;
	pthread_cond_destroy(&ring->emptied);
	pthread_cond_destroy(&ring->filled);
	pthread_mutex_destroy(&ring->lock);
	close(ring->fd);
	free(ring->records);
	free(ring);
}

/* With the lock held. */
static bool has_room(const struct bh_ring *ring, const struct bh_record *record)
{
	size_t limit = ring->capacity;

	if (is_sample(record))
		limit -= ring->capacity / RESERVE_DIVISOR;
	return ring->used < limit;
}

/* With the lock held and room. */
static void append(struct bh_ring *ring, const struct bh_record *record)
{
	ring->records[(ring->head + ring->used) % ring->capacity] = *record;
	ring->used++;
	ring->stats.put++;
	if (ring->used == 1) {
		eventfd_write(ring->fd, 1);
		pthread_cond_signal(&ring->filled);
	}
}

int bh_ring_put(struct bh_ring *ring, const struct bh_record *record)
{
	int r = 0;

	pthread_mutex_lock(&ring->lock);
	if (!ring->shut && has_room(ring, record)) {
		append(ring, record);
	} else {
		if (is_sample(record))
			ring->stats.dropped_samples++;
		else
			ring->stats.dropped_events++;
		r = -ENOBUFS;
	}
	pthread_mutex_unlock(&ring->lock);
	return r;
}

int bh_ring_put_wait(struct bh_ring *ring, const struct bh_record *record)
{
	int r = 0;

	pthread_mutex_lock(&ring->lock);
	while (!ring->shut && ring->used == ring->capacity)
		pthread_cond_wait(&ring->emptied, &ring->lock);
	if (ring->shut)
		r = -ESHUTDOWN;
	else
		append(ring, record);
	pthread_mutex_unlock(&ring->lock);
	return r;
}

static struct timespec deadline_after(int timeout_ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += timeout_ms / 1000;
	at.tv_nsec += (long)(timeout_ms % 1000) * 1000000L;
	if (at.tv_nsec >= 1000000000L) {
		at.tv_sec++;
		at.tv_nsec -= 1000000000L;
	}
	return at;
}

/* With the lock held. Returns when there is something, the ring is shut, or the time is over. */
static void wait_filled(struct bh_ring *ring, int timeout_ms)
{
	struct timespec deadline;
	int r = 0;

	if (timeout_ms >= 0)
		deadline = deadline_after(timeout_ms);
	while (ring->used == 0 && !ring->shut && !ring->woken && r != ETIMEDOUT) {
		if (timeout_ms < 0)
			pthread_cond_wait(&ring->filled, &ring->lock);
		else
			r = pthread_cond_timedwait(&ring->filled, &ring->lock, &deadline);
	}
}

int bh_ring_take(struct bh_ring *ring, struct bh_record *ret, size_t cap, int timeout_ms)
{
	eventfd_t drained;
	size_t n;
	int r;

	pthread_mutex_lock(&ring->lock);
	wait_filled(ring, timeout_ms);
	ring->woken = false;
	n = ring->used < cap ? ring->used : cap;
	for (size_t i = 0; i < n; i++)
		ret[i] = ring->records[(ring->head + i) % ring->capacity];
	ring->head = (ring->head + n) % ring->capacity;
	ring->used -= n;
	if (n > 0) {
		if (ring->used == 0)
			eventfd_read(ring->fd, &drained);
		pthread_cond_broadcast(&ring->emptied);
	}
	r = n == 0 && ring->shut ? -ESHUTDOWN : (int)n;
	pthread_mutex_unlock(&ring->lock);
	return r;
}

void bh_ring_wake(struct bh_ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->woken = true;
	pthread_cond_signal(&ring->filled);
	pthread_mutex_unlock(&ring->lock);
}

int bh_ring_fd(struct bh_ring *ring)
{
	return ring->fd;
}

void bh_ring_shut(struct bh_ring *ring)
{
	pthread_mutex_lock(&ring->lock);
	ring->shut = true;
	eventfd_write(ring->fd, 1);
	pthread_cond_broadcast(&ring->filled);
	pthread_cond_broadcast(&ring->emptied);
	pthread_mutex_unlock(&ring->lock);
}

struct bh_ring_stats bh_ring_stats(struct bh_ring *ring)
{
	struct bh_ring_stats stats;

	pthread_mutex_lock(&ring->lock);
	stats = ring->stats;
	stats.used = ring->used;
	stats.capacity = ring->capacity;
	pthread_mutex_unlock(&ring->lock);
	return stats;
}
