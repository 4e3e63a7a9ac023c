/* SPDX-License-Identifier: MIT */
/* The empty bed: five minutes in which nothing moves, nothing drifts and nobody lies there. */
#include "hub/detect/calibrate.h"

/* A sleeper is not as still as an empty bed for so long. */
#define STRETCH_NS (5 * BH_NS_PER_MIN)
#define FRAMES_MIN 30
/* An empty bed may be read once in ten seconds; a longer hole may hide a visit. */
#define GAP_NS (30 * BH_NS_PER_S)
/* Half a kilogram, and 1.5 % of a strip's span: the creep of half an hour after leaving is less. */
#define DRIFT_GRAMS 500
#define DRIFT_PERMILLE 15
/* A movement: further from the mean than noise goes, and more than a cat's paw. */
#define MOVED_DEVIATIONS 8
#define MOVED_GRAMS 1000
#define MOVED_PERMILLE 15
/* Load cells make 3 to 20 g of noise, breathing makes 200 and more; strips and cells 0.5 to 3
 * permille. */
#define NOISE_GRAMS 60
#define NOISE_PERMILLE 10
/* science.md section 0: somebody is there from a fifth of the body load on. */
#define OCCUPIED_DIVISOR 5

static int32_t median(int32_t a, int32_t b, int32_t c)
{
	int32_t low = a < b ? a : b, high = a < b ? b : a;

	return c < low ? low : c > high ? high : c;
}

/* The frame's loads without samples that are one frame long (science.md 2.2). */
static int64_t take_zones(struct bh_calibrate *c, const struct bh_frame *frame)
{
	int64_t total = 0;

	for (unsigned int i = 0; i < c->setup.mat->n_zones; i++) {
		struct bh_calibrate_zone *zone = &c->zone[i];
		int32_t load = frame->load[i];

		if (c->frames >= 2) {
			int32_t level = median(load, zone->raw[0], zone->raw[1]);

			bh_spread_add(&zone->level, level);
			total += level;
		}
		zone->raw[1] = zone->raw[0];
		zone->raw[0] = load;
	}
	return total;
}

static int64_t worst_noise(const struct bh_calibrate *c)
{
	int64_t worst = 0;

	for (unsigned int i = 0; i < c->setup.mat->n_zones; i++) {
		int64_t deviation = bh_spread_deviation(&c->zone[i].level);

		if (deviation > worst)
			worst = deviation;
	}
	return worst;
}

static bool is_occupied(const struct bh_calibrate *c)
{
	int64_t above = bh_spread_mean(&c->total);

	for (unsigned int i = 0; i < c->setup.mat->n_zones; i++)
		above -= c->maker.empty[i];
	return !c->setup.changed && above * OCCUPIED_DIVISOR > c->setup.body_load;
}

static void judge(struct bh_calibrate *c)
{
	bool cells = c->setup.mat->kind == BH_MAT_LOAD_CELLS;
	int64_t drift = bh_spread_mean(&c->half[1]) - bh_spread_mean(&c->half[0]);
	int64_t noise = worst_noise(c);

	if (c->frames < FRAMES_MIN) {
		bh_calibrate_again(c, BH_REFUSAL_NO_READINGS);
	} else if (noise > (cells ? NOISE_GRAMS : NOISE_PERMILLE)) {
		bh_calibrate_again(c, BH_REFUSAL_NOISE);
	} else if ((drift < 0 ? -drift : drift) > (cells ? DRIFT_GRAMS : DRIFT_PERMILLE)) {
		bh_calibrate_again(c, BH_REFUSAL_DRIFT);
	} else if (is_occupied(c)) {
		bh_calibrate_again(c, BH_REFUSAL_OCCUPIED);
	} else {
		for (unsigned int i = 0; i < c->setup.mat->n_zones; i++)
			c->value[i] = bh_spread_mean(&c->zone[i].level);
		bh_calibrate_accept(c, c->setup.mat->n_zones, noise);
	}
}

static bool has_moved(const struct bh_calibrate *c, int64_t total)
{
	int64_t limit = c->setup.mat->kind == BH_MAT_LOAD_CELLS ? MOVED_GRAMS : MOVED_PERMILLE;
	int64_t off = total - bh_spread_mean(&c->total);

	limit += MOVED_DEVIATIONS * bh_spread_deviation(&c->total);
	return c->total.n > 0 && (off < 0 ? -off : off) > limit;
}

void bh_calibrate_empty(struct bh_calibrate *c, const struct bh_frame *frame)
{
	int64_t now_ns = frame->mono_ns;
	int64_t total;

	if (c->since_ns != BH_MONO_NONE && now_ns - c->last_ns > GAP_NS)
		bh_calibrate_again(c, BH_REFUSAL_NO_READINGS);
	if (c->since_ns == BH_MONO_NONE)
		c->since_ns = now_ns;
	total = take_zones(c, frame);
	if (++c->frames <= 2)
		return;
	if (has_moved(c, total)) {
		bh_calibrate_again(c, BH_REFUSAL_MOVEMENT);
		return;
	}
	bh_spread_add(&c->total, total);
	bh_spread_add(&c->half[now_ns - c->since_ns >= STRETCH_NS / 2], total);
	c->progress.done_permille = (int32_t)((now_ns - c->since_ns) * 1000 / STRETCH_NS);
	if (now_ns - c->since_ns >= STRETCH_NS)
		judge(c);
}
