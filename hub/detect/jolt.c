/* SPDX-License-Identifier: MIT */
#include "hub/detect/jolt.h"

#include <string.h>

/* science.md section 0: ten quiet minutes, then a strong burst of up to ten minutes. Quiet are ten
 * minutes with less than two moving seconds each on average: most sleepers turn once in them, and a
 * turn is 3 to 20 s. Its 5 s are 23 here: turns that end where they began are no shorter, they are
 * stronger than any leg, and the filter hears them up to 2 s longer. Its share at the foot end is not
 * asked for: a leg that is pulled up puts its weight on the trunk, and what is left at the foot is
 * no more than of a turn. */
#define STIRRED_BELOW (BH_JOLT_CALM_SECONDS / 60 * 2)
#define MIN_NS (23 * BH_NS_PER_S)
#define MAX_NS (10 * BH_NS_PER_MIN)
#define PEAK_PERCENT 75
/* It goes on: pauses are at most a quarter of it. */
#define MOVING_PERMILLE 950
/* Before four leg movements are known there is no upper quarter of them. */
#define PEAKS_NEEDED 4
#define PEAKS_KEPT 2000
/* A burst swings: pauses shorter than this belong to it. */
#define JOIN_NS BH_NS_PER_S
/* 2 cm of a bed 90 cm wide, 4 cm of one 2 m long. */
#define TURN_X_PERMILLE 22
#define TURN_Y_PERMILLE 20
#define SIDE_SHARE_PERMILLE 650
#define CONFIDENCE 600

/* Of the time before nothing is known. */
static void know_no_calm(struct bh_jolt *jolt)
{
	memset(jolt->stirred, true, sizeof(jolt->stirred));
	jolt->n_stirred = jolt->n_before = BH_JOLT_CALM_SECONDS;
}

void bh_jolt_init(struct bh_jolt *jolt)
{
	memset(jolt, 0, sizeof(*jolt));
	bh_levels_init(&jolt->peaks, PEAKS_KEPT);
	know_no_calm(jolt);
}

void bh_jolt_learn(struct bh_jolt *jolt, int64_t peak)
{
	bh_levels_add(&jolt->peaks, peak);
}

static int32_t share_of(int64_t part, int64_t whole)
{
	return whole >= 1000 ? (int32_t)(part / (whole / 1000)) : 0;
}

static enum bh_side side_of(const struct bh_jolt_burst *burst)
{
	int64_t left = burst->energy_foot_half[BH_HALF_LEFT];
	int64_t right = burst->energy_foot_half[BH_HALF_RIGHT];

	if (share_of(left, left + right) >= SIDE_SHARE_PERMILLE)
		return BH_SIDE_LEFT;
	return share_of(right, left + right) >= SIDE_SHARE_PERMILLE ? BH_SIDE_RIGHT
								    : BH_SIDE_UNKNOWN;
}

/* A turn ends in another place; a cramp ends where it was, or on the feet. */
static bool turned(const struct bh_jolt_burst *burst)
{
	int32_t x = burst->x_to - burst->x_from, y = burst->y_to - burst->y_from;

	return x > TURN_X_PERMILLE || x < -TURN_X_PERMILLE || y > TURN_Y_PERMILLE ||
	       y < -TURN_Y_PERMILLE;
}

static void judge(struct bh_jolt *jolt, bool risen, int64_t body_load, struct bh_emit *emit)
{
	const struct bh_jolt_burst *burst = &jolt->burst;
	int64_t length_ns = burst->off_ns - burst->on_ns, size;
	struct bh_said said = { .confidence_permille = CONFIDENCE, .sensor = BH_SENSOR_NONE };

	jolt->open = false;
	if (length_ns < MIN_NS || length_ns > MAX_NS || burst->restless >= STIRRED_BELOW ||
	    burst->moving_ns * 1000 < length_ns * MOVING_PERMILLE || (turned(burst) && !risen) ||
	    jolt->peaks.n < PEAKS_NEEDED || burst->peak < bh_levels_at(&jolt->peaks, PEAK_PERCENT))
		return;
	size = body_load > 0 ? bh_isqrt(burst->peak) * 1000 / (body_load * BH_CHANGE_FINE)
			     : BH_VALUE_UNKNOWN;
	said.value = size < 1000 ? (int32_t)size : 1000;
	said.side = side_of(burst);
	bh_emit_instant(emit, BH_EVENT_JOLT, burst->on_ns, burst->off_ns, &said);
}

void bh_jolt_pass(struct bh_jolt *jolt, bool risen, int64_t body_load, struct bh_emit *emit)
{
	if (jolt->open && emit->now_ns - jolt->burst.off_ns >= JOIN_NS)
		judge(jolt, risen, body_load, emit);
}

void bh_jolt_end(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit)
{
	if (jolt->open)
		judge(jolt, true, body_load, emit);
	know_no_calm(jolt);
}

void bh_jolt_second(struct bh_jolt *jolt, bool calm, bool under_way)
{
	jolt->newest = (jolt->newest + 1) % BH_JOLT_CALM_SECONDS;
	jolt->n_stirred -= jolt->stirred[jolt->newest];
	jolt->stirred[jolt->newest] = !calm;
	jolt->n_stirred += !calm;
	if (!under_way && !jolt->open)
		jolt->n_before = jolt->n_stirred;
}

void bh_jolt_take(struct bh_jolt *jolt, const struct bh_movement *movement, int64_t body_load,
		  struct bh_emit *emit)
{
	struct bh_jolt_burst *burst = &jolt->burst;

	if (jolt->open && movement->on_ns - burst->off_ns >= JOIN_NS)
		judge(jolt, false, body_load, emit);
	if (!jolt->open) {
		*burst = (struct bh_jolt_burst){ .on_ns = movement->on_ns,
						 .restless = jolt->n_before,
						 .x_from = movement->x_from,
						 .y_from = movement->y_from };
		jolt->open = true;
	}
	burst->off_ns = movement->off_ns;
	burst->x_to = movement->x_to;
	burst->y_to = movement->y_to;
	burst->moving_ns += movement->off_ns - movement->on_ns;
	for (int half = 0; half < BH_HALVES; half++)
		burst->energy_foot_half[half] += movement->energy_foot_half[half];
	if (movement->peak > burst->peak)
		burst->peak = movement->peak;
}
