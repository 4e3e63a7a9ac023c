/* SPDX-License-Identifier: MIT */
#include "hub/detect/features.h"

#include <string.h>

#define MIDDLE_PERMILLE 500
/* Sporadic impossible samples are one frame long (science.md 2.2): the median of three takes them
 * out. Frames further apart than this would come too late by it. */
#define MEDIAN_NS (BH_NS_PER_S / 4)
/* Ten averages a second are enough for a leg (1 to 3 Hz), and each is quieter than its frames. */
#define SLOT_NS (90 * BH_NS_PER_MS)
/* What moves: a high pass of two stages at 1 Hz takes out breath (0.2 to 0.3 Hz) and creep. Its time
 * constant is 1 / (2 pi) s. */
#define SLOW_NS (159 * BH_NS_PER_MS)
/* Sums are smoothed over a third of a second; slower frames are taken as they are. */
#define SMOOTH_NS (BH_NS_PER_S / 3)
/* A sheet under the mattress stands at half its range with nobody on it. No body loads every zone
 * of a mat by a twentieth of its range. */
#define OFFSET_PERMILLE 50
#define OFFSET_ZONES 8
/* Sums are kept finer than the mat's unit, so that smoothing does not stop at its steps. */
#define FINE BH_CHANGE_FINE
#define GAIN_ONE 1024
/* Under a body of any size no single zone of a mat this fine carries half the load: one that does has
 * jumped. */
#define FINE_ZONES 32
#define ALONE_DIVISOR 2
/* The empty level goes a 32nd of the way: its noise is an eighth of the reading's. */
#define FOLLOW_DIVISOR 32

static void learn_role(struct bh_zone_role *role, const struct bh_zone *zone)
{
	role->x = zone->x_permille;
	role->y = zone->y_permille;
	role->half = zone->x_permille > MIDDLE_PERMILLE ? BH_HALF_RIGHT : BH_HALF_LEFT;
	role->legs = (zone->places & BH_AT_LEGS) && !(zone->places & BH_AT_TRUNK);
	role->foot = (zone->places & BH_AT_LEGS) || zone->y_permille > MIDDLE_PERMILLE;
	role->edge_left = zone->places & BH_AT_EDGE_LEFT;
	role->edge_right = zone->places & BH_AT_EDGE_RIGHT;
}

void bh_features_init(struct bh_feature_maker *maker, const struct bh_mat *mat)
{
	memset(maker, 0, sizeof(*maker));
	maker->kind = mat->kind;
	maker->n = mat->n_zones;
	for (unsigned int i = 0; i < maker->n; i++)
		learn_role(&maker->role[i], &mat->zone[i]);
}

void bh_features_break(struct bh_feature_maker *maker)
{
	maker->frames = 0;
	maker->slot_frames = 0;
	memset(maker->slot, 0, sizeof(maker->slot));
	memset(maker->slow, 0, sizeof(maker->slow));
}

int64_t bh_isqrt(int64_t value)
{
	int64_t root = 0;

	for (int64_t bit = INT64_C(1) << 30; bit > 0; bit >>= 1)
		if ((root + bit) * (root + bit) <= value)
			root += bit;
	return root;
}

static int32_t median(int32_t a, int32_t b, int32_t c)
{
	int32_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

static void add_load(struct bh_load_sums *sums, const struct bh_zone_role *role, int64_t load)
{
	load *= FINE;
	sums->total += load;
	sums->x += load * role->x;
	sums->y += load * role->y;
	sums->yy += load * role->y * role->y;
	if (role->legs)
		sums->legs[role->half] += load;
	if (role->edge_left)
		sums->edge[BH_HALF_LEFT] += load;
	if (role->edge_right)
		sums->edge[BH_HALF_RIGHT] += load;
}

/* Take a zone that has jumped out of the sums. */
static void leave_out_alone(const struct bh_feature_maker *maker, struct bh_load_sums *sums)
{
	unsigned int most = 0;
	int64_t load;

	if (maker->n < FINE_ZONES)
		return;
	for (unsigned int i = 1; i < maker->n; i++)
		if (maker->load[i] - maker->empty[i] > maker->load[most] - maker->empty[most])
			most = i;
	load = maker->load[most] - maker->empty[most];
	if (sums->total > 0 && load * FINE * ALONE_DIVISOR > sums->total)
		add_load(sums, &maker->role[most], -load);
}

/* What of a zone's load moves faster than breath, in 16ths. */
static int64_t high_pass(struct bh_feature_maker *maker, unsigned int i, int32_t load, int32_t gain)
{
	int32_t value = load * FINE;

	if (gain == GAIN_ONE) { /* the first: all of it is slow */
		maker->slow[0][i] = value;
		maker->slow[1][i] = 0;
		return 0;
	}
	for (int stage = 0; stage < 2; stage++) {
		int32_t *slow = &maker->slow[stage][i];

		value -= *slow;
		*slow += (int32_t)((int64_t)value * gain / GAIN_ONE);
	}
	return value;
}

static void add_change(struct bh_features *f, const struct bh_zone_role *role, int64_t change)
{
	int64_t square = change * change;

	f->change += square;
	if (role->foot) {
		f->change_foot += square;
		f->change_foot_half[role->half] += square;
	}
}

static int64_t towards(int64_t from, int64_t to, int64_t dt_ns)
{
	return from + (to - from) * (dt_ns / BH_NS_PER_MS) / (SMOOTH_NS / BH_NS_PER_MS);
}

static void smooth(struct bh_load_sums *s, const struct bh_load_sums *now, int64_t dt_ns)
{
	if (dt_ns >= SMOOTH_NS) {
		*s = *now;
		return;
	}
	s->total = towards(s->total, now->total, dt_ns);
	s->x = towards(s->x, now->x, dt_ns);
	s->y = towards(s->y, now->y, dt_ns);
	s->yy = towards(s->yy, now->yy, dt_ns);
	for (int half = 0; half < BH_HALVES; half++) {
		s->legs[half] = towards(s->legs[half], now->legs[half], dt_ns);
		s->edge[half] = towards(s->edge[half], now->edge[half], dt_ns);
	}
}

static int32_t share(int64_t part, int64_t whole)
{
	return part > 0 ? (int32_t)(part * 1000 / whole) : 0;
}

static int32_t inside(int64_t permille)
{
	return permille < 0 ? 0 : permille > 1000 ? 1000 : (int32_t)permille;
}

static void finish(struct bh_features *f, const struct bh_load_sums *sums)
{
	int64_t variance;

	f->total = sums->total > 0 ? sums->total / FINE : 0;
	f->below = sums->total < 0 ? -sums->total / FINE : 0;
	if (f->total == 0)
		return;
	f->x_permille = inside(sums->x / sums->total);
	f->y_permille = inside(sums->y / sums->total);
	variance = sums->yy / sums->total - (int64_t)f->y_permille * f->y_permille;
	f->spread_permille = variance > 0 ? (int32_t)bh_isqrt(variance) : 0;
	for (int half = 0; half < BH_HALVES; half++) {
		f->legs_permille[half] = share(sums->legs[half], sums->total);
		f->edge_permille[half] = share(sums->edge[half], sums->total);
	}
}

/* Loads far above zero all over the mat, as no sleeper makes them. */
static bool stands_above_zero(const struct bh_feature_maker *maker, const int32_t *load)
{
	if (maker->n < OFFSET_ZONES ||
	    (maker->kind != BH_MAT_STRIPS && maker->kind != BH_MAT_MATRIX))
		return false;
	for (unsigned int i = 0; i < maker->n; i++)
		if (load[i] < OFFSET_PERMILLE)
			return false;
	return true;
}

/* The zero of the mat, at its very first frame. */
static void find_zero(struct bh_feature_maker *maker, const struct bh_frame *frame)
{
	maker->have_empty = true;
	maker->offset = stands_above_zero(maker, frame->load);
	if (maker->offset)
		memcpy(maker->empty, frame->load, maker->n * sizeof(frame->load[0]));
}

void bh_features_give_empty(struct bh_feature_maker *maker, const int32_t *empty)
{
	memmove(maker->empty, empty, maker->n * sizeof(*empty));
	memset(maker->empty_part, 0, sizeof(maker->empty_part));
	maker->have_empty = true;
	maker->offset = stands_above_zero(maker, empty);
	maker->sums = (struct bh_load_sums){ 0 };
}

/* Add a frame to the average under way, without its spikes. */
static void add_frame(struct bh_feature_maker *maker, const struct bh_frame *frame, int64_t dt_ns)
{
	bool filter = maker->kind != BH_MAT_CONTACT && maker->frames == 2 && dt_ns <= MEDIAN_NS;

	for (unsigned int i = 0; i < maker->n; i++) {
		int32_t load = frame->load[i];

		maker->slot[i] += filter ? median(load, maker->raw[0][i], maker->raw[1][i]) : load;
		maker->raw[1][i] = maker->raw[0][i];
		maker->raw[0][i] = load;
	}
	if (maker->frames < 2)
		maker->frames++;
	maker->slot_frames++;
	maker->last_ns = frame->mono_ns;
}

bool bh_features_make(struct bh_feature_maker *maker, const struct bh_frame *frame,
		      struct bh_features *ret)
{
	struct bh_load_sums now = { 0 };
	bool first = maker->frames == 0;
	int64_t dt_ns;
	int32_t gain;

	if (!maker->have_empty)
		find_zero(maker, frame);
	add_frame(maker, frame, first ? INT64_MAX : frame->mono_ns - maker->last_ns);
	dt_ns = frame->mono_ns - maker->slot_ns;
	if (!first && dt_ns < SLOT_NS && maker->kind != BH_MAT_CONTACT)
		return false;
	gain = first ? GAIN_ONE : (int32_t)(dt_ns * GAIN_ONE / (dt_ns + SLOW_NS));
	*ret = (struct bh_features){ .mono_ns = frame->mono_ns, .first = first };
	for (unsigned int i = 0; i < maker->n; i++) {
		int32_t load = maker->slot[i] / maker->slot_frames;
		int64_t change;

		if (load != maker->empty[i])
			add_load(&now, &maker->role[i], load - maker->empty[i]);
		if (maker->kind == BH_MAT_CONTACT)
			change = first ? 0 : load - maker->load[i];
		else
			change = high_pass(maker, i, load, gain);
		if (change)
			add_change(ret, &maker->role[i], change);
		maker->load[i] = load;
		maker->slot[i] = 0;
	}
	maker->slot_ns = frame->mono_ns;
	maker->slot_frames = 0;
	leave_out_alone(maker, &now);
	smooth(&maker->sums, &now, first ? INT64_MAX : dt_ns);
	finish(ret, &maker->sums);
	ret->now = now.total > 0 ? now.total / FINE : 0;
	return true;
}

/* A 32nd of the way finds the mean, which is what sums need: the noise of a zone that cannot read less
 * than nothing has another median. One unit at most: jumps of single zones do not move it. */
void bh_features_follow_empty(struct bh_feature_maker *maker)
{
	for (unsigned int i = 0; maker->frames && i < maker->n; i++) {
		int32_t way = maker->load[i] - maker->empty[i];

		if (way > FOLLOW_DIVISOR)
			way = FOLLOW_DIVISOR;
		if (way < -FOLLOW_DIVISOR)
			way = -FOLLOW_DIVISOR;
		maker->empty_part[i] += way;
		maker->empty[i] += maker->empty_part[i] / FOLLOW_DIVISOR;
		maker->empty_part[i] %= FOLLOW_DIVISOR;
	}
}

void bh_features_set_empty(struct bh_feature_maker *maker)
{
	memcpy(maker->empty, maker->load, maker->n * sizeof(maker->load[0]));
	memset(maker->empty_part, 0, sizeof(maker->empty_part));
	maker->sums = (struct bh_load_sums){ 0 };
}
