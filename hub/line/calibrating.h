/* SPDX-License-Identifier: MIT */
/*
 * The calibrations of a line: those in force, and the one under way. One at a time a hub: a person
 * has two hands. Fed by the line with the same frames as the signal paths; one thread, allocates at
 * its start only.
 */
#ifndef BH_LINE_CALIBRATING_H
#define BH_LINE_CALIBRATING_H

#include "hub/core/record.h"
#include "hub/detect/calibrate.h"
#include "hub/detect/detect.h"
#include "hub/store/store.h"

struct bh_calibrating;

/** @param sink Takes the parts of what was accepted. @return 0 or -ENOMEM. */
int bh_calibrating_new(const struct bh_sink *sink, struct bh_calibrating **ret);
/** Accepts NULL. */
void bh_calibrating_free(struct bh_calibrating *calibrating);

/** @brief A bed there is; its parts outlive this. */
void bh_calibrating_bed(struct bh_calibrating *calibrating, uint8_t bed, struct bh_detect *detect,
			const struct bh_mat *mat, uint32_t capabilities);
/** @brief Put in force what @p store knows of the first @p n_beds beds. @return 0 or -errno. */
int bh_calibrating_load(struct bh_calibrating *calibrating, struct bh_store *store,
			unsigned int n_beds, bool simulated);

/**
 * @brief Begin one. What was known of the last one is forgotten.
 * @param setup kind, bed, changed and patient; the rest is filled in here.
 * @return 0 (bh_calibrating_progress() tells whether it was refused at once), -EBUSY.
 */
int bh_calibrating_begin(struct bh_calibrating *calibrating,
			 const struct bh_calibrate_setup *setup);
/** @brief Abandon it without a trace. */
void bh_calibrating_cancel(struct bh_calibrating *calibrating);
/** @brief There are no more data: what is under way is refused. */
void bh_calibrating_end(struct bh_calibrating *calibrating);
/** @brief How far it is, or how it ended. @p ret_bed may be NULL. */
struct bh_calibration_progress bh_calibrating_progress(const struct bh_calibrating *calibrating,
						       uint8_t *ret_bed);

/** From the line: a frame that the bed's signal path has taken; time that passed. */
void bh_calibrating_frame(struct bh_calibrating *calibrating, uint8_t bed,
			  const struct bh_frame *frame);
void bh_calibrating_pass(struct bh_calibrating *calibrating, uint8_t bed, int64_t now_ns);

/** @brief A drift was followed: for the status. */
void bh_calibrating_followed(struct bh_calibrating *calibrating, const struct bh_calibration *part);
/** @param anchor Wall time of the line now. */
struct bh_calibration_status bh_calibrating_status(const struct bh_calibrating *calibrating,
						   uint8_t bed, enum bh_calibration_kind kind,
						   const struct bh_clock_anchor *anchor);
/** @return BH_CAN_* that the bed has by calibration. */
uint32_t bh_calibrating_capabilities(const struct bh_calibrating *calibrating, uint8_t bed);
/** @return It changed since the last call: what is shown of it should be renewed. */
bool bh_calibrating_changed(struct bh_calibrating *calibrating);

#endif
