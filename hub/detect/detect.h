/* SPDX-License-Identifier: MIT */
/*
 * The signal path of one bed: frames in, records out. Pure: no I/O, no clock reads, no allocation
 * after bh_detect_new(). The same frames give the same records, byte for byte, however they are
 * paced and however often bh_detect_advance() is called between them: timers run on a grid of whole
 * seconds of the monotonic line (BH_TICK_NS), not on calls.
 *
 * Definitions, thresholds and their sources: hub/detect/README.md.
 */
#ifndef BH_DETECT_DETECT_H
#define BH_DETECT_DETECT_H

#include "hub/core/frame.h"
#include "hub/core/record.h"

#include <stdbool.h>
#include <stdint.h>

/** The grid of every timer of the signal path. */
#define BH_TICK_NS BH_NS_PER_S

struct bh_detect;

/** What a person may set about a bed (bedside.yaml, beds[].detect). */
struct bh_detect_config {
	uint8_t bed;
	int64_t not_returned_ns; /**< an absence this long raises NOT_RETURNED; 0: never */
	/* Load mats: body load learned or calibrated, 0: learn. */
	int32_t body_load;
};

/**
 * @brief The signal path of a bed with @p mat.
 *
 * @param capabilities BH_CAN_* of the whole bed (bh_mat_capabilities() and the thermometers').
 * @param sink Where records go; called only from within the functions below.
 * @return 0, -EINVAL or -ENOMEM. @p mat is copied.
 */
int bh_detect_new(const struct bh_mat *mat, uint32_t capabilities,
		  const struct bh_detect_config *config, const struct bh_sink *sink,
		  struct bh_detect **ret);
void bh_detect_free(struct bh_detect *detect);

/**
 * @brief Take a frame. Time must not run backwards: a frame before the last is counted as lost and
 * dropped (@return -EILSEQ), so that a torn capture cannot wedge the timers.
 */
int bh_detect_frame(struct bh_detect *detect, const struct bh_frame *frame);

/** @brief Let time pass without a frame: runs every tick up to @p now_ns. Idempotent. */
void bh_detect_advance(struct bh_detect *detect, int64_t now_ns);

/**
 * @brief Nobody listened from @p from_ns to @p to_ns: the hub was late, or stood still. What pads did
 * is kept for it by the kernel; what other mats showed is not known, and no sensor's fault. Time is
 * let pass up to @p to_ns; for beds of pads nothing is done.
 */
void bh_detect_deaf(struct bh_detect *detect, int64_t from_ns, int64_t to_ns);

/**
 * @brief Nothing is being timed that is due within the next minute: the caller may wait up to ten
 * seconds before the next advance instead of one.
 */
bool bh_detect_idle(const struct bh_detect *detect);

/** @brief End: closes every open interval at @p now_ns with @p cause and emits the last epoch. */
void bh_detect_stop(struct bh_detect *detect, int64_t now_ns, enum bh_end_cause cause);

/** @brief Change how long an absence may last before NOT_RETURNED (0: never), from now on. */
void bh_detect_set_not_returned(struct bh_detect *detect, int64_t not_returned_ns);

/** @brief An event that did not come from the signal (a mark, a data gap) gets its seq here. */
void bh_detect_inject(struct bh_detect *detect, struct bh_event *event);

/**
 * @brief Put a part of a calibration in force: of this bed's own mat and thermometers, which the caller
 * has checked.
 */
void bh_detect_calibrate(struct bh_detect *detect, const struct bh_calibration *part);
/** @return The load of each zone with nobody in bed, as it is believed now. */
const int32_t *bh_detect_empty(const struct bh_detect *detect);
/** @return The sleeper's load, learned, calibrated or assumed, unit of the mat. */
int64_t bh_detect_body_load(const struct bh_detect *detect);

/** @return The fast state; valid until the next call. Its changes are also put as records. */
const struct bh_state *bh_detect_state(const struct bh_detect *detect);

#endif
