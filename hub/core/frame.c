/* SPDX-License-Identifier: MIT */
#include "hub/core/frame.h"

#include "hub/core/event.h"

#include <string.h>

void bh_frame_init(struct bh_frame *frame, const struct bh_mat *mat)
{
	memset(frame, 0, sizeof(*frame));
	frame->mono_ns = BH_MONO_NONE;
	frame->n_zones = mat->n_zones;
	frame->mat_sensor = BH_SENSOR_NONE;
	frame->mat_fault = BH_FAULT_NO_DATA;
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		frame->temp[i] = (struct bh_temperature){
			.mdegc = BH_TEMP_UNKNOWN,
			.mono_ns = BH_MONO_NONE,
			.fault = BH_FAULT_NO_DATA,
			.sensor = BH_SENSOR_NONE,
		};
}
