/* SPDX-License-Identifier: MIT */
#include "hub/detect/position.h"

#include <string.h>

/* Turning takes seconds, and on the way every position is passed. */
#define SETTLE_NS (10 * BH_NS_PER_S)
/* Nothing said for this long (sitting up, on the edge): the interval is over. */
#define UNTOLD_NS (10 * BH_NS_PER_S)
/* Two positions as good as even are no answer: below, noise turns sleepers over; far above, bodies
 * unlike the recorded ones are never told (simulated sheet and matrix, seeds 11 to 16). */
#define CONFIDENCE_MIN_PERMILLE 100

/* An eighth of each second: the average of about eight seconds. */
#define LEVEL_DIVISOR 8

/* A turn shows once the average has gone part of the way: a second of n weighs 1 - (7/8)^n. The soonest
 * after four, two fifths of it, and no change may be told before there was one. The first position of
 * a stay has no other before it in the average. */
#define LAG_NS (4 * BH_NS_PER_S)

void bh_position_average(struct bh_position_level *level, const int32_t *load, const int32_t *empty,
			 unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		int32_t above = (load[i] - empty[i]) * BH_LEVEL_ONE;

		level->load[i] = level->any
					 ? level->load[i] + (above - level->load[i]) / LEVEL_DIVISOR
					 : above;
	}
	level->any = true;
}

static void forget_next(struct bh_position_keeper *keeper)
{
	keeper->next = BH_POSITION_UNKNOWN;
	keeper->next_ns = BH_MONO_NONE;
	keeper->next_s = 0;
	keeper->next_sum = 0;
}

void bh_position_init(struct bh_position_keeper *keeper)
{
	memset(keeper, 0, sizeof(*keeper));
	keeper->told_ns = BH_MONO_NONE;
	keeper->silent_ns = BH_MONO_NONE;
	forget_next(keeper);
}

static void close(struct bh_position_keeper *keeper, struct bh_emit *emit, int64_t end_ns,
		  enum bh_end_cause cause)
{
	struct bh_event *open = bh_emit_opened(emit, BH_EVENT_POSITION);

	if (open)
		open->confidence_permille = (int16_t)(keeper->told_sum / keeper->told_s);
	bh_emit_close(emit, BH_EVENT_POSITION, end_ns, cause);
	keeper->settled = BH_POSITION_UNKNOWN;
}

/* When the position that has settled began. One that is open began longer ago than the lag, because it
 * took SETTLE_NS to settle. */
static int64_t started(const struct bh_position_keeper *keeper)
{
	if (keeper->settled == BH_POSITION_UNKNOWN)
		return keeper->next_ns;
	if (keeper->silent_ns != BH_MONO_NONE && keeper->silent_ns > keeper->next_ns - LAG_NS)
		return keeper->silent_ns;
	return keeper->next_ns - LAG_NS;
}

static void settle(struct bh_position_keeper *keeper, struct bh_emit *emit)
{
	const struct bh_said said = {
		.value = (int32_t)keeper->next,
		.confidence_permille = (int16_t)(keeper->next_sum / keeper->next_s),
		.sensor = BH_SENSOR_NONE,
	};
	int64_t start_ns = started(keeper);

	close(keeper, emit, start_ns, BH_END_NORMAL);
	bh_emit_open(emit, BH_EVENT_POSITION, start_ns, &said);
	if (keeper->last != BH_POSITION_UNKNOWN && keeper->last != keeper->next)
		bh_emit_instant(emit, BH_EVENT_POSITION_CHANGE, start_ns, start_ns, &said);
	keeper->settled = keeper->next;
	keeper->last = keeper->next;
	keeper->told_ns = emit->now_ns;
	keeper->told_s = keeper->next_s;
	keeper->told_sum = keeper->next_sum;
	forget_next(keeper);
}

/* A second that says something else than what is settled. */
static void consider(struct bh_position_keeper *keeper, const struct bh_posture *posture,
		     struct bh_emit *emit)
{
	if (posture->position != keeper->next) {
		forget_next(keeper);
		keeper->next = posture->position;
		keeper->next_ns = emit->now_ns;
	}
	keeper->next_s++;
	keeper->next_sum += posture->confidence_permille;
	if (emit->now_ns - keeper->next_ns >= SETTLE_NS)
		settle(keeper, emit);
}

void bh_position_tick(struct bh_position_keeper *keeper, const struct bh_posture *posture,
		      struct bh_emit *emit)
{
	if (posture && posture->confidence_permille >= CONFIDENCE_MIN_PERMILLE) {
		if (posture->position != keeper->settled) {
			consider(keeper, posture, emit);
			return;
		}
		forget_next(keeper);
		keeper->told_ns = emit->now_ns;
		keeper->told_s++;
		keeper->told_sum += posture->confidence_permille;
		return;
	}
	if (!posture) {
		forget_next(keeper);
		keeper->silent_ns = emit->now_ns;
	}
	if (keeper->settled != BH_POSITION_UNKNOWN && !posture &&
	    emit->now_ns - keeper->told_ns >= UNTOLD_NS)
		close(keeper, emit, keeper->told_ns, BH_END_NORMAL);
}

void bh_position_end(struct bh_position_keeper *keeper, struct bh_emit *emit, int64_t end_ns,
		     enum bh_end_cause cause)
{
	if (keeper->settled != BH_POSITION_UNKNOWN)
		close(keeper, emit, end_ns, cause);
	bh_position_init(keeper);
}
