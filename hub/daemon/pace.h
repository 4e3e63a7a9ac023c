/* SPDX-License-Identifier: MIT */
/*
 * The line's time and the machine's: the same for live sensors; for a line with its own time a
 * constant factor apart. Set once, then read by every thread.
 */
#ifndef BH_DAEMON_PACE_H
#define BH_DAEMON_PACE_H

#include <stdbool.h>
#include <stdint.h>

/** speed 0: as fast as it goes. */
struct bh_pace {
	bool own_time;
	double speed;
	int64_t mono_ns; /**< machine's time of line_ns */
	int64_t line_ns;
};

/** @return The line's time at the machine's @p mono_ns; INT64_MAX at full speed. */
static inline int64_t bh_pace_line_ns(const struct bh_pace *pace, int64_t mono_ns)
{
	if (!pace->own_time)
		return mono_ns;
	if (pace->speed <= 0)
		return INT64_MAX;
	return pace->line_ns + (int64_t)((double)(mono_ns - pace->mono_ns) * pace->speed);
}

/** @return The machine's time at which the line's @p line_ns comes; 0 at full speed. */
static inline int64_t bh_pace_mono_ns(const struct bh_pace *pace, int64_t line_ns)
{
	if (!pace->own_time || line_ns == INT64_MAX)
		return line_ns;
	if (pace->speed <= 0)
		return 0;
	return pace->mono_ns + (int64_t)((double)(line_ns - pace->line_ns) / pace->speed);
}

#endif
