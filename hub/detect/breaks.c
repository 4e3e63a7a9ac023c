/* SPDX-License-Identifier: MIT */
#include "hub/detect/breaks.h"

#include <string.h>

/* science.md section 0. */
#define WALK_RESTLESS_NS (5 * BH_NS_PER_MIN)
#define WALK_LEG_MOVEMENTS 6
#define WALK_MIN_NS (3 * BH_NS_PER_MIN)
#define WALK_MAX_NS (20 * BH_NS_PER_MIN)
#define WALK_RECENT_NS (5 * BH_NS_PER_MIN)
#define CALMER_PERMILLE 500
#define CALMER_S (BH_BREAKS_MINUTES * 60)
#define TOILET_MIN_NS (2 * BH_NS_PER_MIN)
#define TOILET_MAX_NS (12 * BH_NS_PER_MIN)
#define TOILET_CALM_NS (10 * BH_NS_PER_MIN)
#define TOILET_SIT_MAX_NS (90 * BH_NS_PER_S)
/* A sit that ended longer ago than this did not lead to the exit. */
#define SAT_RECENT_NS (15 * BH_NS_PER_S)

#define CONFIDENCE 700

void bh_breaks_init(struct bh_breaks *breaks)
{
	memset(breaks, 0, sizeof(*breaks));
	breaks->restless_ns = BH_MONO_NONE;
	breaks->sat_at_ns = BH_MONO_NONE;
	breaks->exit_ns = BH_MONO_NONE;
	breaks->return_ns = BH_MONO_NONE;
}

void bh_breaks_break(struct bh_breaks *breaks)
{
	bh_breaks_init(breaks);
}

void bh_breaks_blind(struct bh_breaks *breaks)
{
	/* Of an absence under way it is judged after the return. */
	if (breaks->return_ns != BH_MONO_NONE)
		breaks->urge = false;
}

void bh_breaks_leg_movement(struct bh_breaks *breaks)
{
	breaks->legs_now++;
}

static void push_minute(struct bh_breaks *breaks)
{
	for (unsigned int i = BH_BREAKS_MINUTES - 1; i > 0; i--) {
		breaks->moved[i] = breaks->moved[i - 1];
		breaks->legs[i] = breaks->legs[i - 1];
	}
	breaks->moved[0] = breaks->moved_now;
	breaks->legs[0] = breaks->legs_now;
	breaks->moved_now = 0;
	breaks->legs_now = 0;
	if (breaks->minutes < BH_BREAKS_MINUTES)
		breaks->minutes++;
}

/* Calmer: at most half the movement of before, over the first quarter of an hour after it. */
static void judge_walk(struct bh_breaks *breaks, struct bh_emit *emit)
{
	struct bh_said said = { .confidence_permille = CONFIDENCE, .sensor = BH_SENSOR_NONE };
	uint64_t before = (uint64_t)breaks->before_moved * breaks->after_s;
	uint64_t after = (uint64_t)breaks->after_moved * breaks->before_minutes * 60;

	breaks->judged = true;
	if (breaks->urge && after * 1000 <= before * CALMER_PERMILLE)
		bh_emit_instant(emit, BH_EVENT_WALK_BREAK, breaks->exit_ns, breaks->return_ns,
				&said);
}

void bh_breaks_second(struct bh_breaks *breaks, bool moved, bool restless, int64_t sit_ns,
		      struct bh_emit *emit)
{
	breaks->moved_now = (uint16_t)(breaks->moved_now + moved);
	if (restless) {
		if (breaks->restless_ns == BH_MONO_NONE ||
		    emit->now_ns - breaks->restless_ns > BH_NS_PER_S)
			breaks->restless_since_ns = emit->now_ns;
		breaks->restless_ns = emit->now_ns;
	}
	if (sit_ns > 0) {
		breaks->sat_ns = sit_ns;
		breaks->sat_at_ns = emit->now_ns;
	}
	if (emit->now_ns % BH_NS_PER_MIN == 0)
		push_minute(breaks);
	if (breaks->return_ns == BH_MONO_NONE || breaks->judged)
		return;
	breaks->after_moved += moved;
	if (++breaks->after_s == CALMER_S)
		judge_walk(breaks, emit);
}

void bh_breaks_exit(struct bh_breaks *breaks, int64_t exit_ns)
{
	uint32_t legs = breaks->legs_now;
	bool sat;

	breaks->before_moved = breaks->moved_now;
	breaks->before_minutes = breaks->minutes + 1;
	for (unsigned int i = 0; i < breaks->minutes; i++) {
		breaks->before_moved += breaks->moved[i];
		legs += breaks->legs[i];
	}
	breaks->exit_ns = exit_ns;
	breaks->return_ns = BH_MONO_NONE;
	breaks->urge = legs >= WALK_LEG_MOVEMENTS ||
		       (breaks->restless_ns != BH_MONO_NONE &&
			exit_ns - breaks->restless_ns <= WALK_RECENT_NS &&
			breaks->restless_ns - breaks->restless_since_ns >= WALK_RESTLESS_NS);
	breaks->calm = breaks->restless_ns == BH_MONO_NONE ||
		       exit_ns - breaks->restless_ns >= TOILET_CALM_NS;
	sat = breaks->sat_at_ns != BH_MONO_NONE && exit_ns - breaks->sat_at_ns <= SAT_RECENT_NS;
	breaks->calm = breaks->calm && !(sat && breaks->sat_ns >= TOILET_SIT_MAX_NS);
}

void bh_breaks_return(struct bh_breaks *breaks, int64_t return_ns, struct bh_emit *emit)
{
	struct bh_said said = { .confidence_permille = CONFIDENCE, .sensor = BH_SENSOR_NONE };
	int64_t exit_ns = breaks->exit_ns, away_ns;

	if (exit_ns == BH_MONO_NONE)
		return;
	away_ns = return_ns - exit_ns;
	if (breaks->calm && away_ns >= TOILET_MIN_NS && away_ns <= TOILET_MAX_NS)
		bh_emit_instant(emit, BH_EVENT_TOILET_LIKE, exit_ns, return_ns, &said);
	breaks->return_ns = return_ns;
	breaks->judged = away_ns < WALK_MIN_NS || away_ns > WALK_MAX_NS;
	breaks->after_moved = 0;
	breaks->after_s = 0;
	breaks->minutes = 0;
	breaks->moved_now = 0;
	breaks->legs_now = 0;
	breaks->restless_ns = BH_MONO_NONE;
}
