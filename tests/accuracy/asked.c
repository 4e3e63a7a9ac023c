/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/asked.h"

#define ALL(x)                                                                                     \
	{                                                                                          \
		x, x, x, x, x                                                                      \
	}

const struct asked_figure asked_of_recordings[] = {
	{ "PLM oracle: movements equal", "plm_oracle", "movements_equal", "movements",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "PLM oracle: nights equal", "plm_oracle", "nights_equal", "nights", .how = ASKED_SHARE,
	  .wanted = { 1 } },
	{ "PLM: tests with golden vectors passed", "test_plm", "passed", "tests",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "PLM: 1,000 random recordings, slow program", "test_plm", "a_thousand_random_recordings",
	  .how = ASKED_NUMBER, .wanted = { 1 } },
	{ "ActiLife day: Cole-Kripke, minutes equal", "actigraph", "cole_kripke_equal", "minutes",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "ActiLife day: Sadeh, minutes equal", "actigraph", "sadeh_equal", "minutes",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "Sleep: tests with golden vectors passed", "test_sleep", "passed", "tests",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "Contact home: in bed, minutes, F1", "contact_home", "in_bed_", .how = ASKED_F1,
	  .wanted = { .92 } },
	{ "Contact home: entries and exits, recall", "contact_home", "moments_found",
	  "moments_true", .how = ASKED_SHARE, .wanted = { .9 } },
	{ "Contact home: entries and exits, precision", "contact_home", "moments_found",
	  "moments_told", .how = ASKED_SHARE, .wanted = { .8 } },
	{ "Contact home: stuck pads told within 24 h", "contact_home", "stuck_told", "stuck",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "Contact home: asleep, a pad stuck, nobody there", "contact_home", "stuck_asleep_minutes",
	  "stuck_minutes", .how = ASKED_SHARE, .at_most = true, .wanted = { 0 } },
	{ "Pressure map: full, mean of people left out", "pressure_map", "left_out_full_mean",
	  "scored_frames", .how = ASKED_MEAN, .wanted = { .98 } },
	{ "Pressure map: full, worst person", "pressure_map", "left_out_full_worst",
	  "frames_of_a_person", .how = ASKED_MEAN, .wanted = { .9 } },
	{ "Pressure map: 64 zones, mean of people left out", "pressure_map",
	  "left_out_64_zones_mean", "scored_frames", .how = ASKED_MEAN, .wanted = { .97 } },
	{ "Pressure map: 64 zones, worst person", "pressure_map", "left_out_64_zones_worst",
	  "frames_of_a_person", .how = ASKED_MEAN, .wanted = { .9 } },
	{ "Pressure map: junk frames refused", "pressure_map", "junk_frames_refused", "junk_frames",
	  .how = ASKED_SHARE, .wanted = { 1 } },
	{ "Pressure map: other frames refused", "pressure_map", "other_frames_refused",
	  "other_frames", .how = ASKED_SHARE, .at_most = true, .wanted = { 0 } },
	{ "Getting up: legs over the edge, F1", "bed_exit_timelines", "legs_over_edge_",
	  .how = ASKED_F1, .wanted = { .97 } },
	{ "Getting up: exits, F1", "bed_exit_timelines", "exits_", .how = ASKED_F1,
	  .wanted = { .97 } },
	{ "Getting up: direct exits with legs over the edge", "bed_exit_timelines",
	  "direct_exits_with_legs", "direct_exits", .how = ASKED_SHARE, .at_most = true,
	  .wanted = { 0 } },
	{ "Cost of a frame, 16 zones, ns", "bench_cost", "frame_strips_16_ns", .how = ASKED_NUMBER,
	  .at_most = true, .wanted = { 2000 } },
	{ "Cost of a frame, 64 x 32, ns", "bench_cost", "frame_matrix_64x32_ns",
	  .how = ASKED_NUMBER, .at_most = true, .wanted = { 60000 } },
	{ "No allocation after start (test_alloc)", "test_alloc", "passed", "tests",
	  .how = ASKED_SHARE, .wanted = { 1 } },
};
const size_t asked_of_recordings_n = sizeof(asked_of_recordings) / sizeof(asked_of_recordings[0]);

const struct asked_figure asked_of_simulated[] = {
	{ "bed exit, F1", "simulated", "bed_exit_", .known = "bed_exit_known", .how = ASKED_F1,
	  .wanted = ALL(.99) },
	{ "legs hanging over the edge, F1", "simulated", "legs_over_edge_",
	  .known = "legs_over_edge_known", .how = ASKED_F1, .wanted = ALL(.95) },
	{ "toilet trips taken for leg hanging", "simulated",
	  "toilet_trips_taken_for_legs_over_edge", "toilet_trips", "legs_over_edge_known",
	  .how = ASKED_SHARE, .at_most = true, .wanted = ALL(.01) },
	{ "leg movement, F1", "simulated", "leg_movement_", .known = "leg_movement_known",
	  .how = ASKED_F1, .wanted = { ASKED_NOTHING, .75, .75, .70, .85 } },
	{ "jolt, F1", "simulated", "jolt_", .known = "jolt_known", .how = ASKED_F1,
	  .wanted = ALL(.75) },
	{ "position, mean F1 of supine, left, right", "simulated", "position_macro_f1", "positions",
	  "position_known", .how = ASKED_MEAN, .wanted = ALL(.85) },
	{ "out of bed, fast state: median, s", "simulated", "bed_exit_latency_p50_s",
	  "bed_exit_latency_n", "bed_exit_known", .how = ASKED_NUMBER, .at_most = true,
	  .wanted = ALL(1) },
	{ "out of bed, fast state: 99th percentile, s (30: not at all)", "simulated",
	  "bed_exit_latency_p99_s", "bed_exit_latency_n", "bed_exit_known", .how = ASKED_NUMBER,
	  .at_most = true, .wanted = ALL(2) },
	{ "legs over the edge, fast state: 95th percentile, s (30: not at all)", "simulated",
	  "legs_over_edge_latency_p95_s", "legs_over_edge_latency_n", "legs_over_edge_known",
	  .how = ASKED_NUMBER, .at_most = true, .wanted = ALL(5) },
};
const size_t asked_of_simulated_n = sizeof(asked_of_simulated) / sizeof(asked_of_simulated[0]);

const struct asked_figure asked_of_broken[] = {
	{ "exits and legs over the edge told that are not so", "simulated", "wrong_alarms",
	  "alarms", .how = ASKED_SHARE, .at_most = true, .wanted = ALL(0) },
	{ "seconds without data in which the state claims to know", "simulated", "gap_known_s",
	  "gap_s", .how = ASKED_SHARE, .at_most = true, .wanted = ALL(0) },
};
const size_t asked_of_broken_n = sizeof(asked_of_broken) / sizeof(asked_of_broken[0]);
