/* SPDX-License-Identifier: MIT */
#include "hub/core/ring.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CAPACITY 16

static struct bh_record event_record(uint64_t seq)
{
	return (struct bh_record){ .kind = BH_RECORD_EVENT,
				   .u.event = { .seq = seq, .type = BH_EVENT_BED_ENTER } };
}

static struct bh_record epoch_record(int64_t start_ns)
{
	return (struct bh_record){ .kind = BH_RECORD_EPOCH, .u.epoch.start_ns = start_ns };
}

static bool is_readable(struct bh_ring *ring)
{
	struct pollfd fd = { .fd = bh_ring_fd(ring), .events = POLLIN };

	return poll(&fd, 1, 0) == 1;
}

static void test_order_and_fd(void **state)
{
	struct bh_record taken[CAPACITY];
	struct bh_ring *ring;

	(void)state;
	assert_int_equal(bh_ring_new(CAPACITY - 1, &ring), -EINVAL);
	assert_int_equal(bh_ring_new(CAPACITY, &ring), 0);
	assert_false(is_readable(ring));
	/* Round the end of the array more than once. */
	for (uint64_t seq = 1; seq <= 50; seq += 2) {
		struct bh_record a = event_record(seq), b = event_record(seq + 1);

		assert_int_equal(bh_ring_put(ring, &a), 0);
		assert_int_equal(bh_ring_put(ring, &b), 0);
		assert_true(is_readable(ring));
		assert_int_equal(bh_ring_take(ring, taken, CAPACITY, 0), 2);
		assert_int_equal(taken[0].u.event.seq, seq);
		assert_int_equal(taken[1].u.event.seq, seq + 1);
		assert_false(is_readable(ring));
	}
	assert_int_equal(bh_ring_take(ring, taken, CAPACITY, 0), 0);
	bh_ring_free(ring);
}

static void test_samples_give_way(void **state)
{
	struct bh_record taken[CAPACITY], epoch = epoch_record(1), event = event_record(7);
	struct bh_ring_stats stats;
	struct bh_ring *ring;
	unsigned int epochs = 0;

	(void)state;
	assert_int_equal(bh_ring_new(CAPACITY, &ring), 0);
	while (bh_ring_put(ring, &epoch) == 0)
		epochs++;
	assert_int_equal(epochs, CAPACITY - CAPACITY / 8);
	/* The reserve still takes events, until it is full too. */
	for (unsigned int i = epochs; i < CAPACITY; i++)
		assert_int_equal(bh_ring_put(ring, &event), 0);
	assert_int_equal(bh_ring_put(ring, &event), -ENOBUFS);
	stats = bh_ring_stats(ring);
	assert_int_equal(stats.dropped_samples, 1);
	assert_int_equal(stats.dropped_events, 1);
	assert_int_equal(stats.used, CAPACITY);
	assert_int_equal(bh_ring_take(ring, taken, CAPACITY, 0), CAPACITY);
	assert_int_equal(taken[CAPACITY - 1].u.event.seq, 7);
	bh_ring_free(ring);
}

static void test_shut(void **state)
{
	struct bh_record taken[CAPACITY], event = event_record(1);
	struct bh_ring *ring;

	(void)state;
	assert_int_equal(bh_ring_new(CAPACITY, &ring), 0);
	assert_int_equal(bh_ring_put(ring, &event), 0);
	bh_ring_shut(ring);
	assert_int_equal(bh_ring_put(ring, &event), -ENOBUFS);
	assert_int_equal(bh_ring_put_wait(ring, &event), -ESHUTDOWN);
	assert_int_equal(bh_ring_take(ring, taken, CAPACITY, -1), 1);
	assert_int_equal(bh_ring_take(ring, taken, CAPACITY, -1), -ESHUTDOWN);
	bh_ring_free(ring);
}

static void test_wake(void **state)
{
	struct bh_record taken[CAPACITY];
	struct bh_ring *ring;

	(void)state;
	assert_int_equal(bh_ring_new(CAPACITY, &ring), 0);
	bh_ring_wake(ring);
	/* Would wait for ever if the wake before it were forgotten. */
	assert_int_equal(bh_ring_take(ring, taken, CAPACITY, -1), 0);
	bh_ring_free(ring);
}

#define MANY 200000

static void *produce(void *arg)
{
	struct bh_ring *ring = arg;

	for (uint64_t seq = 1; seq <= MANY; seq++) {
		struct bh_record record = event_record(seq);

		if (bh_ring_put_wait(ring, &record) < 0)
			return NULL;
	}
	bh_ring_shut(ring);
	return NULL;
}

static void test_two_threads_lose_nothing(void **state)
{
	struct bh_record taken[CAPACITY];
	struct bh_ring *ring;
	pthread_t producer;
	uint64_t next = 1;
	int n;

	(void)state;
	assert_int_equal(bh_ring_new(CAPACITY, &ring), 0);
	assert_int_equal(pthread_create(&producer, NULL, produce, ring), 0);
	while ((n = bh_ring_take(ring, taken, CAPACITY, -1)) >= 0)
		for (int i = 0; i < n; i++)
			assert_int_equal(taken[i].u.event.seq, next++);
	assert_int_equal(n, -ESHUTDOWN);
	assert_int_equal(next, MANY + 1);
	pthread_join(producer, NULL);
	bh_ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_and_fd),
		cmocka_unit_test(test_samples_give_way),
		cmocka_unit_test(test_shut),
		cmocka_unit_test(test_wake),
		cmocka_unit_test(test_two_threads_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
