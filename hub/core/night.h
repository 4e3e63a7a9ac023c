/* SPDX-License-Identifier: MIT */
/*
 * Which night a moment belongs to. A night runs from local noon to local noon and is named by its
 * evening's date, so a daylight-saving night has 23 or 25 hours. Local means the process's TZ.
 */
#ifndef BH_CORE_NIGHT_H
#define BH_CORE_NIGHT_H

#include "hub/core/history.h"

#include <stdbool.h>
#include <stdint.h>

/** @return yyyymmdd of the evening of the night that holds @p wall_ms; 0 if it is unknown, or before
 *  1900 or after the night of 9999-12-30. */
int32_t bh_night_date(int64_t wall_ms);

/** @brief First and last moment (exclusive) of a night. @return 0, or -EINVAL for no such date. */
int bh_night_bounds(int32_t date, int64_t *ret_start_ms, int64_t *ret_end_ms);

/** @return The night @p nights later (or earlier). */
int32_t bh_night_add(int32_t date, int nights);

/**
 * @brief The hours that a picture of the night shows, by local clock: from the full one before getting
 * in to the full one after getting up, or after the last that is known.
 * @return false: nobody came; the outputs are untouched.
 */
bool bh_night_hours(const struct bh_past_night *past, int64_t *ret_from_ms, int64_t *ret_to_ms);

/** @return Somebody is in bed: the last leaving is yet to come, and not merely unseen. */
bool bh_night_in_bed(const struct bh_past_night *past);

/**
 * @return Minutes from the last one asleep to the last leaving: with latency_min, asleep_min and
 * wake_after_onset_min they are bed_min. BH_EPOCH_UNKNOWN where one of them is, or minutes are without data.
 */
int32_t bh_night_risen_min(const struct bh_night_sleep *sleep);

/** @return Somebody was in bed, but nobody saw when the bed was first entered. */
bool bh_night_entering_unseen(const struct bh_past_night *past);

/**
 * @return What the epoch says of someone in bed was not taken back: no interval in bed ended, of a
 * fault, before it while it said so still. One that does not stand is time in which nobody looked,
 * whatever its coverage.
 */
bool bh_epoch_stands(const struct bh_past_night *past, const struct bh_past_epoch *epoch);

/** @return Seconds east of UTC at @p wall_ms. */
int32_t bh_utc_offset_s(int64_t wall_ms);

#endif
