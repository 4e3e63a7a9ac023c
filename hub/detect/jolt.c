/* SPDX-License-Identifier: MIT */
#include "hub/detect/jolt.h"

#include <string.h>

/* science.md section 0: ten quiet minutes, then a burst of 5 s to 10 min, mostly at the foot end,
 * stronger than 95 of 100 of the sleeper's own leg movements. */
#define CALM_NS (10 * BH_NS_PER_MIN)
#define MIN_NS (5 * BH_NS_PER_S)
#define MAX_NS (10 * BH_NS_PER_MIN)
#define FOOT_SHARE_PERMILLE 600
#define PEAK_PERCENT 95
/* Before twenty leg movements are known nothing is stronger than usual. */
#define PEAKS_NEEDED 20
#define PEAKS_KEPT 2000
/* A burst swings: pauses shorter than this belong to it. */
#define JOIN_NS (3 * BH_NS_PER_S)
#define BREAKS_CALM_NS (3 * BH_NS_PER_S / 2)
#define SIDE_SHARE_PERMILLE 650
#define CONFIDENCE 600

void bh_jolt_init(struct bh_jolt *jolt)
{
	memset(jolt, 0, sizeof(*jolt));
	bh_levels_init(&jolt->peaks, PEAKS_KEPT);
	jolt->calm_since_ns = BH_MONO_NONE;
	jolt->last_off_ns = BH_MONO_NONE;
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

static void judge(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit)
{
	const struct bh_jolt_burst *burst = &jolt->burst;
	int64_t length_ns = burst->off_ns - burst->on_ns, size;
	struct bh_said said = { .confidence_permille = CONFIDENCE, .sensor = BH_SENSOR_NONE };

	jolt->open = false;
	if (length_ns < MIN_NS || length_ns > MAX_NS || burst->calm_ns < CALM_NS ||
	    share_of(burst->energy_foot, burst->energy) < FOOT_SHARE_PERMILLE ||
	    jolt->peaks.n < PEAKS_NEEDED || burst->peak < bh_levels_at(&jolt->peaks, PEAK_PERCENT))
		return;
	size = body_load > 0 ? bh_isqrt(burst->peak) * 1000 / body_load : 0;
	said.value = size < 1000 ? (int32_t)size : 1000;
	said.side = side_of(burst);
	bh_emit_instant(emit, BH_EVENT_JOLT, burst->on_ns, burst->off_ns, &said);
}

void bh_jolt_pass(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit)
{
	if (jolt->open && emit->now_ns - jolt->burst.off_ns >= JOIN_NS)
		judge(jolt, body_load, emit);
}

void bh_jolt_end(struct bh_jolt *jolt, int64_t body_load, struct bh_emit *emit)
{
	if (jolt->open)
		judge(jolt, body_load, emit);
	jolt->calm_since_ns = BH_MONO_NONE;
	jolt->last_off_ns = BH_MONO_NONE;
}

/* Calm is broken as quiet is: by two moving seconds within a minute. */
static void follow_calm(struct bh_jolt *jolt, const struct bh_movement *movement)
{
	if (movement->off_ns - movement->on_ns >= BREAKS_CALM_NS ||
	    (jolt->last_off_ns != BH_MONO_NONE &&
	     movement->on_ns - jolt->last_off_ns < BH_NS_PER_MIN))
		jolt->calm_since_ns = movement->off_ns;
	jolt->last_off_ns = movement->off_ns;
}

void bh_jolt_take(struct bh_jolt *jolt, const struct bh_movement *movement, int64_t in_bed_ns,
		  int64_t body_load, struct bh_emit *emit)
{
	struct bh_jolt_burst *burst = &jolt->burst;
	int64_t calm_ns = jolt->calm_since_ns > in_bed_ns ? jolt->calm_since_ns : in_bed_ns;

	if (jolt->open && movement->on_ns - burst->off_ns >= JOIN_NS)
		judge(jolt, body_load, emit);
	if (!jolt->open) {
		*burst = (struct bh_jolt_burst){ .on_ns = movement->on_ns,
						 .calm_ns = movement->on_ns - calm_ns };
		jolt->open = true;
	}
	follow_calm(jolt, movement);
	burst->off_ns = movement->off_ns;
	burst->energy += movement->energy;
	burst->energy_foot += movement->energy_foot;
	for (int half = 0; half < BH_HALVES; half++)
		burst->energy_foot_half[half] += movement->energy_foot_half[half];
	if (movement->peak > burst->peak)
		burst->peak = movement->peak;
}
