/* SPDX-License-Identifier: MIT */
/*
 * The straight line of one hub: beds with their drivers, frames and signal paths, feeding one sink.
 * The daemon runs it on the machine's clock, a replay on the capture's; it is the same line.
 *
 *   driver -> frame -> features -> detectors -> record -> sink
 *
 * The line reads no clock: time is an argument. It owns retry and back-off of sensors.
 */
#ifndef BH_LINE_LINE_H
#define BH_LINE_LINE_H

#include "drivers/driver.h"
#include "hub/config/config.h"
#include "hub/core/record.h"
#include "hub/detect/detect.h"
#include "hub/line/calibrating.h"

#include <stdbool.h>
#include <stdint.h>

struct bh_line;

/** What happened to a sensor, for the log: called on changes only. */
struct bh_line_hooks {
	void *ctx;
	void (*sensor)(void *ctx, const char *bed, const char *sensor, enum bh_fault fault,
		       const char *detail);
};

/**
 * @brief Configure every sensor and allocate all there is to allocate.
 * @return 0; -EINVAL with the place in @p err; -ENOMEM.
 */
int bh_line_new(const struct bh_config *config, const struct bh_bus *bus, const struct bh_sink *sink,
		const struct bh_line_hooks *hooks, struct bh_line **ret, struct bh_error *err);
void bh_line_free(struct bh_line *line);
/**
 * @brief Would bh_line_new() take this configuration? Opens no device; of a recording
 * it reads the head.
 * @param ret_simulated Does a simulation make any of its beds? May be NULL.
 * @return As bh_line_new().
 */
int bh_line_check(const struct bh_config *config, bool *ret_simulated, struct bh_error *err);

/** @brief Open what can be opened and start polling at @p now_ns. */
void bh_line_start(struct bh_line *line, int64_t now_ns);

/**
 * @brief Do everything that is due at @p now_ns: reopen, read due sensors, let time pass.
 *
 * A line with its own time takes every frame stamped up to @p now_ns and returns the time of the
 * next one, so `now = bh_line_step(line, now)` plays it at full speed.
 *
 * @return When it wants to be called next if no fd becomes readable first; INT64_MAX when it ended.
 */
int64_t bh_line_step(struct bh_line *line, int64_t now_ns);

/** @brief A sensor's fd is readable (or has hung up). @p slot as in bh_line_fds(). */
void bh_line_readable(struct bh_line *line, unsigned int slot, int64_t now_ns);

/** @brief Fds to poll now; they change when sensors open and close: `generation` tells. */
struct bh_line_fd {
	int fd;
	unsigned int slot;
};
unsigned int bh_line_fds(const struct bh_line *line, struct bh_line_fd *ret, unsigned int cap,
			 uint64_t *ret_generation);

/** @brief Every required sensor has given its first reading. */
bool bh_line_ready(const struct bh_line *line);
/** @brief Do the sensors bring their own time (replay, simulate)? Then @p ret_anchor (may be NULL) is
 *  the wall time of it as its clock shows it now, unknown if the source does not say. When that clock
 *  is set, the line puts a clock record into its sink. */
bool bh_line_own_time(const struct bh_line *line, struct bh_clock_anchor *ret_anchor);
/** @brief What an own-time line's history calls its source. */
const char *bh_line_provenance(const struct bh_line *line);
/** @brief Own-time lines: every source has ended. */
bool bh_line_ended(const struct bh_line *line);
/** @return Why an own-time source broke off before its end (a bad row), or NULL. Valid until stop. */
const struct bh_error *bh_line_complaint(const struct bh_line *line);
/** @brief How far own-time sources have come; both 0 if none can say. */
void bh_line_progress(const struct bh_line *line, int64_t *ret_done, int64_t *ret_total);
bool bh_line_simulated(const struct bh_line *line);

/** @return BH_CAN_* of the bed: what its sensors give, and what calibration adds. */
uint32_t bh_line_capabilities(const struct bh_line *line, unsigned int bed);
/** @return bh_calibration_mat_hash() of the bed's mat, 0 without one. */
uint32_t bh_line_mat_hash(const struct bh_line *line, unsigned int bed);
/** @return BH_CAN_* that are lost while sensor @p sensor of the bed is faulty. */
uint32_t bh_line_sensor_capabilities(const struct bh_line *line, unsigned int bed,
				     unsigned int sensor);
struct bh_detect *bh_line_detect(struct bh_line *line, unsigned int bed);
/** @return Calibrations in force and under way; owned by the line. */
struct bh_calibrating *bh_line_calibrating(struct bh_line *line);

/** @brief Close sensors and every open interval. */
void bh_line_stop(struct bh_line *line, int64_t now_ns, enum bh_end_cause cause);

#endif
