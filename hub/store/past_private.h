/* SPDX-License-Identifier: MIT */
/* What a bed could tell in a night: the runs' configuration, less the sensors that were faulty. */
#ifndef BH_STORE_PAST_PRIVATE_H
#define BH_STORE_PAST_PRIVATE_H

#include "hub/store/private.h"

#include <errno.h>

/** A run of the bed, or a fault of one of its sensors, with the capabilities it gives or takes. */
struct bh_past_span {
	int64_t start_ms;
	int64_t end_ms;
	int64_t sensor; /**< 0 for a run */
	uint32_t capabilities;
};

/** Spans of a bed. */
struct bh_past_spans {
	struct bh_past_span *runs;
	struct bh_past_span *faults; /**< by sensor, then start */
	size_t n_runs;
	size_t n_faults;
};

int bh_past_spans_load(struct bh_store *store, int bed, struct bh_past_spans *ret);
void bh_past_spans_free(struct bh_past_spans *spans);
/** @brief Fill past->capabilities. @return 0 or a negative errno. */
int bh_past_capabilities(struct bh_store *store, const struct bh_past_spans *spans,
			 struct bh_past_night *past);

/**
 * @brief Room for one more item in an array of @p n. Room doubles and is not kept, so an array must
 * only ever grow through this.
 * @return The array, moved perhaps, or NULL if there is no memory; @p array is then as it was.
 */
void *bh_past_grow(void *array, size_t n, size_t item_size);

/** Append @p item, or set @p r to -ENOMEM. */
#define BH_PAST_PUSH(r, array, n, item)                                                            \
	do {                                                                                       \
		void *grown_ = bh_past_grow((array), (n), sizeof(*(array)));                       \
		if (grown_) {                                                                      \
			(array) = grown_;                                                          \
			(array)[(n)++] = (item);                                                   \
		} else {                                                                           \
			(r) = -ENOMEM;                                                             \
		}                                                                                  \
	} while (0)

#endif
