/* SPDX-License-Identifier: MIT */
#include "hub/core/history.h"

const struct bh_night bh_night_unknown = {
	.coverage_permille = BH_EPOCH_UNKNOWN,
	.in_bed_min = BH_EPOCH_UNKNOWN,
	.restless_min = BH_EPOCH_UNKNOWN,
	.quiet_min = BH_EPOCH_UNKNOWN,
	.exits = BH_EPOCH_UNKNOWN,
	.legs_over_edge = BH_EPOCH_UNKNOWN,
	.legs_over_edge_min = BH_EPOCH_UNKNOWN,
	.position_changes = BH_EPOCH_UNKNOWN,
	.leg_movements = BH_EPOCH_UNKNOWN,
	.faults = BH_EPOCH_UNKNOWN,
	.first_enter_ms = BH_WALL_UNKNOWN,
	.last_exit_ms = BH_WALL_UNKNOWN,
	.temp_left_mdegc = BH_EPOCH_UNKNOWN,
	.temp_right_mdegc = BH_EPOCH_UNKNOWN,
	.temp_delta_mdegc = BH_EPOCH_UNKNOWN,
	.restless_periods = BH_EPOCH_UNKNOWN,
	.restless_first_third_min = BH_EPOCH_UNKNOWN,
	.restless_last_third_min = BH_EPOCH_UNKNOWN,
	.walk_breaks = BH_EPOCH_UNKNOWN,
	.toilet_like = BH_EPOCH_UNKNOWN,
	.sleep = {
		.onset_ms = BH_WALL_UNKNOWN,
		.bed_min = BH_EPOCH_UNKNOWN,
		.unknown_min = BH_EPOCH_UNKNOWN,
		.latency_min = BH_EPOCH_UNKNOWN,
		.asleep_min = BH_EPOCH_UNKNOWN,
		.wake_after_onset_min = BH_EPOCH_UNKNOWN,
		.awake_in_bed_min = BH_EPOCH_UNKNOWN,
		.awakenings = BH_EPOCH_UNKNOWN,
		.efficiency_permille = BH_EPOCH_UNKNOWN,
		.fragmentation_milli = BH_EPOCH_UNKNOWN,
		.regularity_milli = BH_EPOCH_UNKNOWN,
	},
	.plm = {
		.candidates = BH_EPOCH_UNKNOWN,
		.asleep = BH_EPOCH_UNKNOWN,
		.awake = BH_EPOCH_UNKNOWN,
		.index_asleep_milli = BH_EPOCH_UNKNOWN,
		.index_awake_milli = BH_EPOCH_UNKNOWN,
		.series = BH_EPOCH_UNKNOWN,
		.pi_ferri_permille = BH_EPOCH_UNKNOWN,
		.pi_ratio_permille = BH_EPOCH_UNKNOWN,
		.interval_ms = BH_EPOCH_UNKNOWN,
		.missed_permille = BH_EPOCH_UNKNOWN,
		.left = BH_EPOCH_UNKNOWN,
		.right = BH_EPOCH_UNKNOWN,
		.both = BH_EPOCH_UNKNOWN,
	},
};

const char *bh_sleep_name(enum bh_sleep sleep)
{
	switch (sleep) {
	case BH_SLEEP_UNKNOWN:
		break;
	case BH_SLEEP_AWAKE:
		return "awake";
	case BH_SLEEP_ASLEEP:
		return "asleep";
	}
	return "unknown";
}
