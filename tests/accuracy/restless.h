/* SPDX-License-Identifier: MIT */
/*
 * Restless time of simulated sleepers, minute by minute.
 *
 * A minute counts as restless, truly or as told, if half of it or more lies in restless periods. Minutes of
 * a data gap, or next to one, are left out. The minutes of one period stand and fall together.
 */
#ifndef BH_TESTS_ACCURACY_RESTLESS_H
#define BH_TESTS_ACCURACY_RESTLESS_H

#include "tests/accuracy/draw.h"

/** @brief Another person's nights begin. */
void restless_begin(void);
void restless_take(const struct bh_record *record);
/** @brief The person's nights are over: score them. */
void restless_settle(const struct draw_night *night);
/** @brief Print restless_minutes_true, _told and _found (both), and restless_nights. */
void restless_print(void);

#endif
