/* SPDX-License-Identifier: MIT */
/*
 * When a mat that sends of itself has stopped sending. A mat in use keeps its own beat, and missing
 * ten beats of it is silence; an empty one may be read as seldom as once in ten seconds. Time in
 * which nobody listened is nobody's silence.
 */
#ifndef BH_DETECT_SILENCE_H
#define BH_DETECT_SILENCE_H

#include "hub/core/time_types.h"

#include <stdbool.h>

/** The longest that any mat is waited for: empty ones send at least once in ten seconds. */
#define BH_SILENT_NS (30 * BH_NS_PER_S)

struct bh_silence {
	int64_t heard_ns; /**< the last reading, or when listening began again; BH_MONO_NONE: never */
	int64_t beat_ns; /**< between readings, as a rule */
	int beats;	 /**< seen, up to what is enough to know it */
};

void bh_silence_init(struct bh_silence *silence);

/** @brief A reading has come. */
void bh_silence_heard(struct bh_silence *silence, int64_t now_ns);

/** @brief Nobody listened until @p now_ns. */
void bh_silence_deaf(struct bh_silence *silence, int64_t now_ns);

/** @return When the mat is silent if nothing comes; INT64_MAX if nothing ever came. */
int64_t bh_silence_due(const struct bh_silence *silence, bool in_use);

#endif
