/* SPDX-License-Identifier: MIT */
/*
 * What leaves the signal path: records, by value, in order. The line makes them; the store and the
 * broker session each take them from a ring of their own.
 */
#ifndef BH_CORE_RECORD_H
#define BH_CORE_RECORD_H

#include "hub/core/calibration.h"
#include "hub/core/epoch.h"
#include "hub/core/state.h"

enum bh_record_kind {
	BH_RECORD_EVENT,
	BH_RECORD_EPOCH,
	BH_RECORD_STATE,
	BH_RECORD_CLOCK, /**< from now on this anchor holds */
	BH_RECORD_CALIBRATION, /**< a part of a calibration; parts follow each other */
};

/** Why the anchor changed. */
enum bh_clock_change {
	BH_CLOCK_START, /**< first anchor of a run; wall time may be unknown */
	BH_CLOCK_SYNC,	/**< wall time became known: rows of this run without one get theirs */
	BH_CLOCK_STEP,	/**< wall time jumped: from here on, not backwards */
};

struct bh_clock {
	struct bh_clock_anchor anchor;
	enum bh_clock_change change;
	int64_t step_ms; /**< how far it jumped; 0 unless BH_CLOCK_STEP */
};

struct bh_record {
	enum bh_record_kind kind;
	union {
		struct bh_event event;
		struct bh_epoch epoch;
		struct bh_state state;
		struct bh_clock clock;
		struct bh_calibration calibration;
	} u;
};

/** @return The newest moment that a record tells of: how far the line had come when it was made. */
int64_t bh_record_ns(const struct bh_record *record);

/**
 * @brief Where the signal path puts its records.
 *
 * put() is called from the thread that feeds the line, in order, and must not block on a disk or a
 * network, except in a replay, where waiting is what keeps memory bounded.
 */
struct bh_sink {
	void (*put)(void *ctx, const struct bh_record *record);
	void *ctx;
};

#endif
