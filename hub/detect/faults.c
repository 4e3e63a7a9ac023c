/* SPDX-License-Identifier: MIT */
#include "hub/detect/faults.h"

#include <string.h>

void bh_faults_init(struct bh_faults *faults)
{
	memset(faults, 0, sizeof(*faults));
	for (unsigned int i = 0; i < BH_FAULT_PLACES; i++)
		faults->at[i].sensor = BH_SENSOR_NONE;
}

void bh_faults_set(struct bh_faults *faults, struct bh_emit *emit, unsigned int place,
		   uint8_t sensor, enum bh_fault fault, enum bh_side side, int64_t since_ns)
{
	struct bh_fault_state *at = &faults->at[place];
	struct bh_said said = {
		.side = side, .value = (int32_t)fault, .confidence_permille = 1000, .sensor = sensor
	};

	if (at->fault == fault && at->sensor == sensor)
		return;
	bh_emit_close_own(emit, &at->event, since_ns, BH_END_NORMAL);
	at->fault = fault;
	at->sensor = sensor;
	if (fault != BH_FAULT_NONE)
		bh_emit_open_own(emit, &at->event, BH_EVENT_SENSOR_FAULT, since_ns, &said);
}

void bh_faults_show(const struct bh_faults *faults, struct bh_state *state)
{
	state->faults = 0;
	memset(state->fault, 0, sizeof(state->fault));
	for (unsigned int i = 0; i < BH_FAULT_PLACES; i++) {
		const struct bh_fault_state *at = &faults->at[i];

		if (at->fault == BH_FAULT_NONE || at->sensor >= BH_SENSORS_MAX)
			continue;
		state->faults |= 1u << at->sensor;
		state->fault[at->sensor] = at->fault;
	}
}

void bh_faults_end(struct bh_faults *faults, struct bh_emit *emit, int64_t end_ns,
		   enum bh_end_cause cause)
{
	for (unsigned int i = 0; i < BH_FAULT_PLACES; i++)
		bh_emit_close_own(emit, &faults->at[i].event, end_ns, cause);
}
