/* SPDX-License-Identifier: MIT */
#include "hub/core/record.h"

int64_t bh_record_ns(const struct bh_record *record)
{
	switch (record->kind) {
	case BH_RECORD_EVENT:
		return record->u.event.detected_ns;
	case BH_RECORD_EPOCH:
		return record->u.epoch.start_ns + BH_EPOCH_NS;
	case BH_RECORD_STATE:
		return record->u.state.mono_ns;
	case BH_RECORD_CLOCK:
		return record->u.clock.anchor.mono_ns;
	case BH_RECORD_CALIBRATION:
		return record->u.calibration.at_ns;
	}
	return BH_MONO_NONE;
}
