/* SPDX-License-Identifier: MIT */
/*
 * Positions of simulated sleepers, second by second.
 *
 * Each second of a true position is asked what the fast state says. A second for which it says
 * nothing ("lying", unknown) counts as missed. The hub tells supine, left and right; a second of
 * someone lying prone counts against the precision of whatever it says. `positions` counts how often
 * someone lay down in one: the seconds of one position stand and fall together.
 */
#ifndef BH_TESTS_ACCURACY_POSITIONS_H
#define BH_TESTS_ACCURACY_POSITIONS_H

#include "tests/accuracy/draw.h"

/** @brief Another person's nights begin. */
void positions_begin(const struct bh_simulation_config *config);
/** @brief What does the state say up to @p now_ns? Before each frame. */
void positions_ask(const struct draw_night *night, int64_t now_ns);
void positions_take(const struct bh_record *record);
/** @brief The person's nights are over: score them. */
void positions_settle(const struct draw_night *night);
void positions_print(void);

#endif
