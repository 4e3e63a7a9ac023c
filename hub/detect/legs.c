/* SPDX-License-Identifier: MIT */
#include "hub/detect/legs.h"

#include "hub/detect/features.h"

/* science.md section 0 and 2.2. */
#define LEG_MIN_NS (BH_NS_PER_S / 2)
#define LEG_MAX_NS (10 * BH_NS_PER_S)
#define LARGE_MIN_NS (3 * BH_NS_PER_S)
#define LARGE_MAX_NS (45 * BH_NS_PER_S)
#define FOOT_SHARE_PERMILLE 600
/* A leg that lies elsewhere along the bed shifts as much from the cells of the head as to those of the
 * foot. */
#define FOOT_SHARE_CELLS_PERMILLE 500
/* One side has most of the energy of the foot end, else both. */
#define SIDE_SHARE_PERMILLE 650

/* science.md 2.2: smaller than 12 % of the sleeper's own flexions is no leg movement. */
#define FLEXION_PERCENT 12

#define CONFIDENCE_GRADED 800
#define CONFIDENCE_CONTACT 500

void bh_legs_init(struct bh_legs *legs, const struct bh_mat *mat, uint32_t can)
{
	legs->kind = mat->kind;
	legs->can = can;
}

/* Where the side is not known, either leg may have been it. */
static bool too_small(const struct bh_legs *legs, const struct bh_movement *m, enum bh_side side)
{
	int64_t left = legs->flexion[BH_HALF_LEFT], right = legs->flexion[BH_HALF_RIGHT];
	int64_t own = side == BH_SIDE_LEFT    ? left
		      : side == BH_SIDE_RIGHT ? right
					      : (left < right ? left : right);

	return m->shaking * 100 < own * FLEXION_PERCENT;
}

static int32_t share_of(int64_t part, int64_t whole)
{
	/* Energies of a matrix can pass 2^53: divide first. */
	return whole >= 1000 ? (int32_t)(part / (whole / 1000)) : part > 0 ? 1000 : 0;
}

static enum bh_side side_of(const struct bh_legs *legs, const struct bh_movement *m)
{
	int64_t left = m->energy_foot_half[BH_HALF_LEFT];
	int64_t right = m->energy_foot_half[BH_HALF_RIGHT];

	if (!(legs->can & BH_CAN_SIDE))
		return BH_SIDE_UNKNOWN;
	if (share_of(left, left + right) >= SIDE_SHARE_PERMILLE)
		return BH_SIDE_LEFT;
	if (share_of(right, left + right) >= SIDE_SHARE_PERMILLE)
		return BH_SIDE_RIGHT;
	return BH_SIDE_BOTH;
}

/* Root of the peak energy as a share of the body load: how hard it shook the bed. Not known of pads that
 * only close or open. */
static int32_t size_of(const struct bh_legs *legs, const struct bh_movement *m, int64_t body_load)
{
	int64_t size;

	if (legs->kind == BH_MAT_CONTACT || body_load <= 0)
		return BH_VALUE_UNKNOWN;
	size = bh_isqrt(m->peak) * 1000 / (body_load * BH_CHANGE_FINE);
	return size < 1000 ? (int32_t)size : 1000;
}

/* How much of the energy above that of stillness is at the foot end. */
static int32_t foot_share(const struct bh_movement *m)
{
	int64_t foot = m->energy_foot - m->quiet_foot, all = m->energy - m->quiet_energy;

	return all > 0 && foot > 0 ? share_of(foot, all) : 0;
}

enum bh_movement_kind bh_legs_judge(const struct bh_legs *legs, const struct bh_movement *m,
				    bool foot, int64_t body_load, struct bh_said *ret)
{
	int64_t length_ns = m->off_ns - m->on_ns;
	bool cells = foot && legs->kind == BH_MAT_LOAD_CELLS;
	/* Where legs are not told apart every movement is the body's. */
	bool leg = (legs->can & BH_CAN_LEG_MOVEMENT) && !m->body &&
		   foot_share(m) >= (cells ? FOOT_SHARE_CELLS_PERMILLE : FOOT_SHARE_PERMILLE);

	*ret = (struct bh_said){
		.value = size_of(legs, m, body_load),
		.confidence_permille =
			legs->kind == BH_MAT_CONTACT ? CONFIDENCE_CONTACT : CONFIDENCE_GRADED,
		.sensor = BH_SENSOR_NONE,
	};
	if (foot && leg && length_ns >= LEG_MIN_NS && length_ns <= LEG_MAX_NS &&
	    !too_small(legs, m, side_of(legs, m))) {
		ret->side = side_of(legs, m);
		return BH_MOVEMENT_LEG;
	}
	if ((!foot || legs->kind == BH_MAT_CONTACT) && !leg && length_ns >= LARGE_MIN_NS &&
	    length_ns <= LARGE_MAX_NS)
		return BH_MOVEMENT_LARGE;
	return BH_MOVEMENT_OTHER;
}
