/* SPDX-License-Identifier: MIT */
/*
 * Faults of the bed's sensors as events: what the drivers report, and what only the signal shows
 * (stuck pads, silence, saturation, frames of no plausible shape). One open fault a sensor.
 */
#ifndef BH_DETECT_FAULTS_H
#define BH_DETECT_FAULTS_H

#include "hub/core/state.h"
#include "hub/detect/emit.h"

/* The mat and the thermometers, each a place that can be faulty. */
enum bh_fault_place { BH_FAULT_PLACE_MAT = BH_TEMP_SLOTS, BH_FAULT_PLACES };

struct bh_fault_state {
	enum bh_fault fault;
	uint8_t sensor;
	struct bh_event event;
};

struct bh_faults {
	struct bh_fault_state at[BH_FAULT_PLACES]; /**< by enum bh_temp_slot, then the mat */
};

void bh_faults_init(struct bh_faults *faults);

/**
 * @brief The sensor at @p place has @p fault (BH_FAULT_NONE: works) since @p since_ns. Opens and
 * closes sensor_fault on changes. @p sensor is its index in the configuration.
 */
void bh_faults_set(struct bh_faults *faults, struct bh_emit *emit, unsigned int place,
		   uint8_t sensor, enum bh_fault fault, enum bh_side side, int64_t since_ns);

/** @brief Write the faults into the fast state. */
void bh_faults_show(const struct bh_faults *faults, struct bh_state *state);

/** @brief Close every open fault. */
void bh_faults_end(struct bh_faults *faults, struct bh_emit *emit, int64_t end_ns,
		   enum bh_end_cause cause);

#endif
