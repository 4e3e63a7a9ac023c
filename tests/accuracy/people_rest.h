/* SPDX-License-Identifier: MIT */
/* Lying, quiet and restless of made-up seconds, by the detector that a bed has. */
#ifndef BH_TESTS_ACCURACY_PEOPLE_REST_H
#define BH_TESTS_ACCURACY_PEOPLE_REST_H

#include "hub/core/event.h"

#include <stddef.h>
#include <stdint.h>

/**
 * @brief Give @p each every interval of @p n seconds in bed from @p from_ms on.
 * @param moved, lying One byte a second: there was movement; the body lay along the bed.
 */
void people_rest(const uint8_t *moved, const uint8_t *lying, size_t n, int64_t from_ms,
		 void (*each)(void *ctx, enum bh_event_type type, int64_t start_ms, int64_t end_ms,
			      int32_t value),
		 void *ctx);

#endif
