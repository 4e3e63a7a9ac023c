/* SPDX-License-Identifier: MIT */
/* One night's numbers from its events and epochs: pure arithmetic, used live and for re-analysis. */
#ifndef BH_DETECT_NIGHT_SUMMARY_H
#define BH_DETECT_NIGHT_SUMMARY_H

#include "hub/core/history.h"

/**
 * @brief Fill every number of @p ret from the events and epochs of @p past.
 *
 * date, bed, start_ms, end_ms and complete are taken from past->night. Values whose capability is
 * missing from past->capabilities become BH_EPOCH_UNKNOWN.
 */
void bh_night_summarise(const struct bh_past_night *past, struct bh_night *ret);

#endif
