/* SPDX-License-Identifier: MIT */
/*
 * Time in Bedside.
 *
 * mono_ns  int64_t nanoseconds on one monotonic time line (CLOCK_MONOTONIC live, the capture's own
 *          time in a replay). All arithmetic and every detector uses it. Never negative.
 * wall_ms  int64_t milliseconds UTC since 1970. Only at the edges: store, MQTT, screen.
 *
 * A Pi has no clock battery, so wall time may be unknown for hours after boot. Unknown is a value
 * of its own, BH_WALL_UNKNOWN, and never a wrong time.
 */
#ifndef BH_CORE_TIME_TYPES_H
#define BH_CORE_TIME_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#define BH_NS_PER_US INT64_C(1000)
#define BH_NS_PER_MS INT64_C(1000000)
#define BH_NS_PER_S INT64_C(1000000000)
#define BH_NS_PER_MIN (INT64_C(60) * BH_NS_PER_S)
#define BH_NS_PER_H (INT64_C(3600) * BH_NS_PER_S)
#define BH_MS_PER_S INT64_C(1000)

/** Monotonic time that is not known (an open interval has no end). */
#define BH_MONO_NONE INT64_MIN
/** Wall time that is not known yet. */
#define BH_WALL_UNKNOWN INT64_MIN

/**
 * @brief One pair of readings that ties the monotonic line to wall time.
 *
 * wall_ms is BH_WALL_UNKNOWN until the clock is synchronised (or, in a replay, known from the
 * capture).
 */
struct bh_clock_anchor {
	int64_t mono_ns;
	int64_t wall_ms;
};

/* A clock is set once or twice in a recording; more would not be a clock. */
#define BH_CLOCK_STEPS_MAX 8

/** When the clock of a recording was set, in order of time: each anchor holds from its moment on. */
struct bh_clock_steps {
	uint8_t n;
	struct bh_clock_anchor at[BH_CLOCK_STEPS_MAX]; /**< wall time known in each */
};

/**
 * @brief Wall time of a monotonic time.
 * @return Milliseconds UTC, or BH_WALL_UNKNOWN if the anchor or @p mono_ns is unknown.
 */
static inline int64_t bh_wall_from_mono(const struct bh_clock_anchor *anchor, int64_t mono_ns)
{
	int64_t delta_ns;

	if (anchor->wall_ms == BH_WALL_UNKNOWN || mono_ns == BH_MONO_NONE)
		return BH_WALL_UNKNOWN;
	/* Floor, not truncation: a time before the anchor must not round towards it. */
	delta_ns = mono_ns - anchor->mono_ns;
	return anchor->wall_ms + delta_ns / BH_NS_PER_MS - (delta_ns % BH_NS_PER_MS < 0 ? 1 : 0);
}

#endif
