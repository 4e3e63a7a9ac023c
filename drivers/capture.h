/* SPDX-License-Identifier: MIT */
/*
 * The capture format, version 1: text, self-describing, gzip read as is (drivers/README.md).
 *
 *   # bedside-capture: 1
 *   # mat: contact                      contact | strips | matrix | load_cells | none
 *   # zone: left edge_left 100 500      name, places joined by "+", x and y permille; one a line
 *   # matrix: 64x32                     rows x cols, instead of zone lines
 *   # origin: 2026-11-22T22:00:00Z      wall time of t_s = 0; or "# t_s: unix" (t_s is seconds since 1970)
 *   # provenance: simulated             measured | simulated, then free text
 *   # temperature: left_leg left        column name and slot (left, right, room); one a line
 *   t_s,left,right                      wide: one row a frame
 *   t_s,channel,value                   long: one row a change
 *
 * Loads are in the unit of the mat kind (mat.h), temperatures in degrees with up to three decimals
 * (column names end in _c). An empty field means no reading.
 */
#ifndef BH_DRIVERS_CAPTURE_H
#define BH_DRIVERS_CAPTURE_H

#include "hub/core/error.h"
#include "hub/core/frame.h"
#include "hub/core/mat.h"
#include "hub/core/time_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bh_capture;

/** What the head of a capture says. */
struct bh_capture_info {
	struct bh_mat mat;
	uint32_t capabilities;
	struct bh_clock_anchor anchor; /**< wall time of the capture's line, unknown if it does not say */
	bool simulated;
	char provenance[64];
};

/**
 * @brief Open a capture and read its head.
 * @return 0; -ENOENT, -EACCES; -EINVAL with file:line in @p err.
 */
int bh_capture_open(const char *path, struct bh_capture **ret, struct bh_error *err);
/** @return The head; owned by the capture. */
const struct bh_capture_info *bh_capture_info(const struct bh_capture *capture);
/**
 * @brief The next frame: rows of one time stamp of a long capture make one frame.
 * @return 1; 0 at the end; -EINVAL with file:line in @p err (time running backwards, a bad number).
 */
int bh_capture_read(struct bh_capture *capture, struct bh_frame *frame, struct bh_error *err);
/** @return Bytes read of the file and its size, for progress. */
void bh_capture_progress(const struct bh_capture *capture, int64_t *ret_done, int64_t *ret_size);
void bh_capture_close(struct bh_capture *capture);

struct bh_capture_writer;
/** @brief Start a wide capture. @return 0 or a negative errno. */
int bh_capture_create(const char *path, const struct bh_capture_info *info,
		      struct bh_capture_writer **ret, struct bh_error *err);
int bh_capture_write(struct bh_capture_writer *writer, const struct bh_frame *frame);
/** @return 0, or the first write error. Accepts NULL. */
int bh_capture_finish(struct bh_capture_writer *writer);

#endif
