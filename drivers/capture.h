/* SPDX-License-Identifier: MIT */
/*
 * The capture format, version 1: text, self-describing, gzip read as is. The whole of it with an
 * example of each kind: drivers/CAPTURES.md.
 *
 *   # bedside-capture: 1
 *   # mat: contact                      contact | strips | matrix | load_cells | none
 *   # zone: left edge_left 100 500      name, places joined by "+", x and y permille; one a line
 *   # matrix: 64x32                     rows x cols, instead of zone lines; columns r0c0, r0c1 ...
 *   # origin: 2026-11-22T22:00:00Z      wall time of t_s = 0; or "# t_s: unix" (t_s is seconds since 1970)
 *   # clock: 9000 2026-11-23T00:31:00Z the clock was set: from t_s 9000 on it shows this; in order of time
 *   # provenance: simulated             measured | simulated, then free text
 *   # temperature: left_leg left        name and slot (left, right, room); one a line; column left_leg_c
 *   t_s,left,right                      wide: one row a frame
 *   t_s,channel,value                   long: one row a change
 *
 * Contacts are 0 (open) and 1 (closed); other loads are whole numbers in the unit of the mat kind
 * (mat.h), temperatures degrees with up to three decimals. An empty field means no reading, "!gone"
 * (any name of fault.def) a sensor that has that fault from now on. Times are seconds with up to
 * nine decimals and never run backwards. Other "# key: value" lines are comments.
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
	uint32_t capabilities;	       /**< of the mat and of the thermometers */
	struct bh_clock_anchor anchor; /**< wall time of the capture's line, unknown if it does not say */
	struct bh_clock_steps steps;   /**< when the clock that it was recorded by was set */
	bool simulated;		       /**< false: measured */
	char provenance[64];	       /**< free text after "measured" or "simulated"; may be empty */
	char temperature[BH_TEMP_SLOTS][BH_NAME_MAX]; /**< name of each slot; empty: not recorded */
};

/**
 * @brief Open a capture, plain or gzip, and read its head.
 * @return 0; -ENOENT, -EACCES, -EISDIR or another error of the file system; -EINVAL with file:line in
 * @p err; -ENOMEM. The caller owns @p ret: bh_capture_close().
 */
int bh_capture_open(const char *path, struct bh_capture **ret, struct bh_error *err);
/**
 * @brief The same from plain text in memory, which must outlive the capture. @p name stands for the
 * path in errors.
 */
int bh_capture_open_memory(const char *name, const void *text, size_t size, struct bh_capture **ret,
			   struct bh_error *err);
/** @return The head; owned by the capture. */
const struct bh_capture_info *bh_capture_info(const struct bh_capture *capture);
/**
 * @brief The next frame, written over @p frame, which the caller started with bh_frame_init().
 *
 * `changed` says which parts have a reading in this row; the other parts keep what they had.
 * Rows of one time stamp of a long capture make one frame, unless a channel comes twice: then the
 * second starts another frame of the same time. All zones of a long capture are 0 until a row says
 * otherwise. A row that gives some zones and leaves others empty is torn: BH_FAULT_JUNK.
 * `mat_sensor` and the sensor of each temperature are the caller's and are left alone. Allocates
 * nothing.
 *
 * @return 1; 0 at the end; -EINVAL with file:line in @p err (time running backwards, a bad number);
 * -EIO (unreadable or truncated file). After an error the capture gives the same error again.
 */
int bh_capture_read(struct bh_capture *capture, struct bh_frame *frame, struct bh_error *err);
/** @brief Bytes read of the file and its size, for progress. The size is 0 if it is not known. */
void bh_capture_progress(const struct bh_capture *capture, int64_t *ret_done, int64_t *ret_size);
/** Accepts NULL. */
void bh_capture_close(struct bh_capture *capture);

struct bh_capture_writer;
/**
 * @brief Start a wide capture; a path that ends in ".gz" is compressed.
 * @return 0; -EINVAL (a geometry that the format cannot hold); -ENOMEM; an error of the file system.
 */
int bh_capture_create(const char *path, const struct bh_capture_info *info,
		      struct bh_capture_writer **ret, struct bh_error *err);
/**
 * @brief Write the parts of @p frame that are in `changed`; of the temperatures those of its time.
 * Allocates nothing.
 * @return 0, -EIO, or -ENOSPC.
 */
int bh_capture_write(struct bh_capture_writer *writer, const struct bh_frame *frame);
/** @brief Flush and close. @return 0, or the first write error. Accepts NULL. */
int bh_capture_finish(struct bh_capture_writer *writer);

/** @return "left", "right" or "room": how captures and options name a slot. */
const char *bh_temp_slot_name(enum bh_temp_slot slot);

#endif
