/* SPDX-License-Identifier: MIT */
#include "hub/detect/movement.h"

#include <string.h>

/* One second: the heart (about 1 Hz) shakes a bed as often, and a shorter window would beat with
 * it. */
#define WINDOW_NS BH_NS_PER_S
#define OFF_NS (BH_NS_PER_S / 2)
#define ON_TIMES 6
/* Between them a sample by itself: over when none has passed four times the level for half a second.
 * Twice the level, as for the mean of a window, single samples pass with every heartbeat. */
#define STRONG_TIMES 4
/* After a movement the window fills anew before another may begin. */
#define FILLED_NS (7 * BH_NS_PER_S / 10)
#define QUIET_PERCENT 20
#define SAMPLE_NS (BH_NS_PER_S / 2)
/* Means of stillness over about ten seconds of frames. */
#define STILL_DIVISOR 100
/* Ten minutes of samples: then every bin is halved, so older noise fades. */
#define SAMPLES_KEPT 1200
/* Before ten seconds in bed there is no level to compare with, and nothing counts as movement. */
#define SAMPLES_NEEDED 20
/* A change of a quarter of a unit in one zone (16 of 256) is rounding, not noise. */
#define LEVEL_MIN 16
/* Contact pads: toggles closer than this are one movement (science 2.2: a pair within 10 s). */
#define CONTACT_JOIN_NS (2 * BH_NS_PER_S)

void bh_mover_init(struct bh_mover *mover, enum bh_mat_kind kind, bool foot)
{
	memset(mover, 0, sizeof(*mover));
	mover->contact = kind == BH_MAT_CONTACT;
	mover->foot = foot;
	bh_levels_init(&mover->levels, SAMPLES_KEPT);
	mover->next_sample_ns = BH_MONO_NONE;
	mover->strong_ns = BH_MONO_NONE;
}

void bh_mover_break(struct bh_mover *mover)
{
	mover->first = 0;
	mover->used = 0;
	mover->sum = 0;
	mover->empty_ns = 0;
	mover->moving = false;
	mover->moved = false;
	mover->strong_ns = BH_MONO_NONE;
}

bool bh_mover_second(struct bh_mover *mover)
{
	bool moved = mover->moved;

	mover->moved = false;
	return moved;
}

static void learn_quiet(struct bh_mover *mover, int64_t energy)
{
	int64_t level;

	bh_levels_add(&mover->levels, energy);
	if (mover->levels.n < SAMPLES_NEEDED)
		return;
	level = bh_levels_at(&mover->levels, QUIET_PERCENT);
	mover->quiet_level = level > LEVEL_MIN ? level : LEVEL_MIN;
}

static void window_push(struct bh_mover *mover, int64_t now_ns, int64_t change)
{
	unsigned int last;

	while (mover->used > 0 && (mover->used == BH_MOVEMENT_WINDOW_MAX ||
				   now_ns - mover->window_ns[mover->first] >= WINDOW_NS)) {
		mover->sum -= mover->window[mover->first];
		mover->first = (mover->first + 1) % BH_MOVEMENT_WINDOW_MAX;
		mover->used--;
	}
	last = (mover->first + mover->used) % BH_MOVEMENT_WINDOW_MAX;
	mover->window_ns[last] = now_ns;
	mover->window[last] = change;
	mover->sum += change;
	mover->used++;
}

/* What moved before must not start a movement again. */
static void empty_window(struct bh_mover *mover, int64_t now_ns)
{
	mover->first = 0;
	mover->used = 0;
	mover->sum = 0;
	mover->empty_ns = now_ns;
}

/* The window passed the threshold: since when was there movement in it? */
static int64_t first_strong(const struct bh_mover *mover)
{
	for (unsigned int i = 0; i < mover->used; i++) {
		unsigned int k = (mover->first + i) % BH_MOVEMENT_WINDOW_MAX;

		if (mover->window[k] > STRONG_TIMES * mover->quiet_level)
			return mover->window_ns[k];
	}
	return mover->window_ns[mover->first];
}

static void begin(struct bh_mover *mover, int64_t on_ns)
{
	mover->moving = true;
	mover->strong_ns = BH_MONO_NONE;
	mover->now = (struct bh_movement){ .on_ns = on_ns,
					   .x_from = mover->x_still,
					   .y_from = mover->y_still };
}

static void add(struct bh_mover *mover, const struct bh_features *f, int64_t level)
{
	mover->now.energy += f->change;
	mover->now.quiet_energy += mover->still_all / STILL_DIVISOR;
	mover->now.quiet_foot += mover->still_foot / STILL_DIVISOR;
	mover->now.energy_foot += f->change_foot;
	for (int half = 0; half < BH_HALVES; half++)
		mover->now.energy_foot_half[half] += f->change_foot_half[half];
	if (level > mover->now.peak)
		mover->now.peak = level;
	mover->now.shaking = mover->now.peak;
	mover->now.x_to = f->x_permille;
	mover->now.y_to = f->y_permille;
}

static bool end(struct bh_mover *mover, int64_t off_ns, struct bh_movement *ret)
{
	mover->moving = false;
	mover->now.off_ns = off_ns;
	*ret = mover->now;
	return true;
}

static bool take_contact(struct bh_mover *mover, const struct bh_features *f,
			 struct bh_movement *ret)
{
	bool ended = false;

	if (f->change == 0)
		return bh_mover_pass(mover, f->mono_ns, ret);
	if (mover->moving && f->mono_ns - mover->strong_ns >= CONTACT_JOIN_NS)
		ended = end(mover, mover->strong_ns, ret);
	if (!mover->moving)
		begin(mover, f->mono_ns);
	add(mover, f, f->change);
	mover->strong_ns = f->mono_ns;
	mover->moved = true;
	return ended;
}

bool bh_mover_take(struct bh_mover *mover, const struct bh_features *f, bool in_bed,
		   struct bh_movement *ret)
{
	int64_t energy, own = mover->foot ? f->change_foot : f->change;
	bool strong;

	if (f->first)
		return false;
	if (mover->contact)
		return take_contact(mover, f, ret);
	window_push(mover, f->mono_ns, own);
	energy = mover->sum / mover->used;
	if (mover->next_sample_ns == BH_MONO_NONE || f->mono_ns >= mover->next_sample_ns) {
		mover->next_sample_ns = f->mono_ns + SAMPLE_NS;
		if (in_bed)
			learn_quiet(mover, energy);
	}
	if (mover->quiet_level == 0)
		return false;
	strong = own > STRONG_TIMES * mover->quiet_level;
	if (!mover->moving && energy > ON_TIMES * mover->quiet_level &&
	    f->mono_ns - mover->empty_ns >= FILLED_NS)
		begin(mover, first_strong(mover));
	if (!mover->moving) {
		mover->x_still = f->x_permille;
		mover->y_still = f->y_permille;
		mover->still_all += f->change - mover->still_all / STILL_DIVISOR;
		mover->still_foot += f->change_foot - mover->still_foot / STILL_DIVISOR;
		return false;
	}
	add(mover, f, energy);
	mover->moved |= strong;
	if (strong || mover->strong_ns == BH_MONO_NONE)
		mover->strong_ns = f->mono_ns;
	if (f->mono_ns - mover->strong_ns < OFF_NS)
		return false;
	empty_window(mover, f->mono_ns);
	return end(mover, mover->strong_ns, ret);
}

bool bh_mover_pass(struct bh_mover *mover, int64_t now_ns, struct bh_movement *ret)
{
	if (!mover->contact || !mover->moving || now_ns - mover->strong_ns < CONTACT_JOIN_NS)
		return false;
	return end(mover, mover->strong_ns, ret);
}
