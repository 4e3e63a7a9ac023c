/* SPDX-License-Identifier: MIT */
/* The frames of one simulation, sample by sample: the moving body on the mat. */
#ifndef BH_SIMULATOR_STREAM_H
#define BH_SIMULATOR_STREAM_H

#include "drivers/simulator/sensing.h"
#include "drivers/simulator/warmth.h"

/* More movements at once than a sleeper, a partner and a cat make. */
#define BH_ACTIVE_MAX 12

/** A movement under way: how far each zone follows it. */
struct bh_active {
	const struct bh_movement *movement;
	double rate_hz, phase; /* how it swings */
	float delta[BH_ZONES_MAX];
};

struct bh_stream {
	const struct bh_plan *plan;
	struct bh_person person; /**< who lies there tonight */
	const struct bh_mat_model *model;
	struct bh_sensing sensing;
	struct bh_warmth warmth;
	int64_t period_ns;	 /**< of samples while someone may be in bed; contact mats: of looking */
	int64_t mat_ns, temp_ns; /**< next due */
	int64_t told_ns;	 /**< contact mats: last frame */
	size_t phase, movement;	 /**< the current one; the next one */
	bool blending;
	int64_t breath_ns;
	double breath_hz, breath_g, beat_hz, beat_g, fan_g;
	size_t n_active;
	struct bh_active active[BH_ACTIVE_MAX];
	struct bh_pose pose;
	float from[BH_ZONES_MAX], to[BH_ZONES_MAX], load[BH_ZONES_MAX];
	float trunk[BH_ZONES_MAX]; /**< where breath and heart show, per gram */
};

/** @brief Start at the noon of the first night; @p seed makes the noise. */
void bh_stream_init(struct bh_stream *stream, const struct bh_mat_model *model,
		    const struct bh_person *person, uint64_t seed);
/** @brief Go on with the night of @p plan, which must outlive it. */
void bh_stream_night(struct bh_stream *stream, const struct bh_plan *plan,
		     const struct bh_person *person);
/** @return 1 with a frame, 0 at the end of the night. */
int bh_stream_frame(struct bh_stream *stream, struct bh_frame *frame);

#endif
