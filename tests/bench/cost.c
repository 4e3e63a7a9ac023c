/* SPDX-License-Identifier: MIT */
/*
 * What a frame costs the signal path, beside the least that any program must do with it: the change
 * of each zone since the last frame, and their sum. usage: bench_cost : prints "name value" lines.
 */
#include "hub/core/time_types.h"
#include "hub/detect/detect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Half a minute at 10 Hz, over and over: a sleeper who breathes and now and then moves. */
#define FRAMES 300
#define PERIOD_NS (BH_NS_PER_S / 10)
#define MOVING_EVERY 60
#define MOVING_FRAMES 8
/* Best of so many: the machine is shared. */
#define ROUNDS 7

static uint32_t random_state = 1;

/* xorshift32: repeatable, and cheap. */
static int32_t noise(int32_t amplitude)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return (int32_t)(random_state % (uint32_t)(2 * amplitude + 1)) - amplitude;
}

static int64_t cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
}

static void ignore(void *ctx, const struct bh_record *record)
{
	(void)record;
	++*(uint64_t *)ctx;
}

static void make_mat(struct bh_mat *mat, enum bh_mat_kind kind, uint16_t rows, uint16_t cols)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = kind;
	mat->n_zones = (uint16_t)(rows * cols);
	if (kind == BH_MAT_MATRIX) {
		mat->rows = rows;
		mat->cols = cols;
	}
	for (uint16_t z = 0; z < mat->n_zones; z++) {
		struct bh_zone *zone = &mat->zone[z];

		zone->x_permille = (int16_t)((z % cols * 2 + 1) * 500 / cols);
		zone->y_permille = (int16_t)((z / cols * 2 + 1) * 500 / rows);
		zone->places = zone->y_permille < 200   ? BH_AT_HEAD
			       : zone->y_permille < 550 ? BH_AT_TRUNK
							: BH_AT_LEGS;
		if (zone->x_permille < 150)
			zone->places |= BH_AT_EDGE_LEFT;
		if (zone->x_permille > 850)
			zone->places |= BH_AT_EDGE_RIGHT;
		snprintf(zone->name, sizeof(zone->name), "z%u", z);
	}
}

static void make_frames(struct bh_frame *frames, const struct bh_mat *mat)
{
	for (int f = 0; f < FRAMES; f++) {
		int32_t amplitude = f % MOVING_EVERY < MOVING_FRAMES ? 200 : 4;

		bh_frame_init(&frames[f], mat);
		frames[f].changed = BH_PART_MAT;
		frames[f].mat_fault = BH_FAULT_NONE;
		for (uint16_t z = 0; z < mat->n_zones; z++) {
			int middle = abs(mat->zone[z].x_permille - 500) < 250;

			frames[f].load[z] = (middle ? 400 : 5) + abs(noise(amplitude));
		}
	}
}

static int64_t floor_ns(struct bh_frame *frames, uint16_t n_zones, int repeat)
{
	static volatile int64_t sink;
	int64_t start = cpu_ns();

	for (int i = 0; i < repeat * FRAMES; i++) {
		const int32_t *now = frames[i % FRAMES].load;
		const int32_t *before = frames[(i + FRAMES - 1) % FRAMES].load;
		int64_t change = 0;

		for (uint16_t z = 0; z < n_zones; z++)
			change += abs(now[z] - before[z]);
		sink = change;
	}
	(void)sink;
	return (cpu_ns() - start) / (repeat * FRAMES);
}

static int64_t path_ns(const struct bh_mat *mat, struct bh_frame *frames, int repeat)
{
	struct bh_detect_config config = { 0 };
	uint64_t records = 0;
	struct bh_sink sink = { .put = ignore, .ctx = &records };
	struct bh_detect *detect;
	int64_t mono_ns = BH_NS_PER_S, start, used;

	if (bh_detect_new(mat, bh_mat_capabilities(mat), &config, &sink, &detect) < 0)
		abort();
	start = cpu_ns();
	for (int i = 0; i < repeat * FRAMES; i++) {
		struct bh_frame *frame = &frames[i % FRAMES];

		frame->mono_ns = mono_ns;
		bh_detect_frame(detect, frame);
		mono_ns += PERIOD_NS;
	}
	used = cpu_ns() - start;
	bh_detect_free(detect);
	if (records == 0)
		abort();
	return used / (repeat * FRAMES);
}

static void measure(const char *name, enum bh_mat_kind kind, uint16_t rows, uint16_t cols, int repeat)
{
	static struct bh_mat mat;
	struct bh_frame *frames = calloc(FRAMES, sizeof(*frames));
	int64_t path = INT64_MAX, floor = INT64_MAX;

	if (!frames)
		abort();
	make_mat(&mat, kind, rows, cols);
	make_frames(frames, &mat);
	for (int round = 0; round < ROUNDS; round++) {
		int64_t f = floor_ns(frames, mat.n_zones, repeat);
		int64_t p = path_ns(&mat, frames, repeat);

		floor = f < floor ? f : floor;
		path = p < path ? p : path;
	}
	printf("frame_%s_ns %lld\n", name, (long long)path);
	printf("frame_%s_floor_ns %lld\n", name, (long long)floor);
	free(frames);
}

int main(void)
{
	measure("strips_16", BH_MAT_STRIPS, 8, 2, 200);
	measure("matrix_64x32", BH_MAT_MATRIX, 64, 32, 8);
	return 0;
}
