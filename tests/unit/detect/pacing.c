/* SPDX-License-Identifier: MIT */
/*
 * The same frames give the same records, however they are paced; nothing is allocated on the way;
 * and time that passes over an empty bed costs nothing.
 */
#include "tests/unit/detect/bed.h"

#include <time.h>

static const struct bh_detect_config config = { .bed = 1, .not_returned_ns = 2 * BH_NS_PER_H };

static unsigned long allocations;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
	allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	allocations++;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
	allocations++;
	return __real_realloc(p, size);
}

/* A small generator of its own, so that every machine plays the same nights. */
static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

/* A restless, leg-hanging, faulty night on five pads: frames at odd times. */
static void play_pads(struct bed *bed, uint32_t pace)
{
	static const char *const shapes[] = { "trunk leg_l leg_r",
					      "trunk leg_l",
					      "trunk leg_r",
					      "edge_l",
					      "trunk edge_l",
					      "",
					      "edge_r",
					      "leg_l leg_r trunk" };
	uint32_t story = 7, pacing = pace;
	double at = 0, last = 0;

	for (int i = 0; i < 3000; i++) {
		uint32_t kind = next_random(&story) % 100;

		at += kind < 60	  ? (double)(next_random(&story) % 5000) / 1000
		      : kind < 98 ? (double)(next_random(&story) % 300000) / 1000
				  : (double)(next_random(&story) % 20000000) / 1000;
		if (pace) {
			double step = last;

			for (int k = 0; k < 3; k++) {
				step += (at - step) * (double)(next_random(&pacing) % 1000) / 1000;
				bh_detect_advance(bed->detect, bed_ns(step) < bed_ns(at)
								       ? bed_ns(step)
								       : bed_ns(at));
			}
		}
		bed->frame.mat_fault = kind == 99 ? BH_FAULT_BUS : BH_FAULT_NONE;
		bed->frame.temp[BH_TEMP_LEFT] = (struct bh_temperature){
			.mdegc = 30000 + (int32_t)(next_random(&story) % 4000),
			.mono_ns = bed_ns(at),
			.sensor = 1,
		};
		bed_press(bed, at, shapes[next_random(&story) % 8], BH_LOAD_FULL);
		bed->frame.changed = BH_PART_TEMPERATURE;
		assert_int_equal(bh_detect_frame(bed->detect, &bed->frame), 0);
		last = at;
	}
	bh_detect_stop(bed->detect, bed_ns(at + 7200), BH_END_STOPPED);
}

/* Load cells ten times a second, with gaps, a sleeper who turns and sits and goes. */
static void play_cells(struct bed *bed, uint32_t pace)
{
	uint32_t story = 11, pacing = pace;
	int grams = 0, x = 500, y = 500;
	double at = 0;

	for (int i = 0; i < 60000; i++) {
		uint32_t kind = next_random(&story) % 4000;

		at += 0.1;
		if (kind == 0)
			at += next_random(&story) % 1000;
		if (kind == 1)
			grams = 0;
		if (kind == 2 || kind == 5)
			grams = 70000, x = 450, y = 450;
		if (kind == 3)
			grams = 60000, x = 100, y = 500;
		if (kind > 3900)
			x += (int)(next_random(&story) % 41) - 20;
		x = x < 50 ? 50 : x > 950 ? 950 : x;
		if (pace && next_random(&pacing) % 3 == 0)
			bh_detect_advance(bed->detect,
					  bed_ns(at) - (int64_t)(next_random(&pacing) % 100) *
							       BH_NS_PER_MS);
		bed_weigh(bed, at, grams + (grams ? (int)(next_random(&story) % 30) : 0), x, y);
	}
	bh_detect_stop(bed->detect, bed_ns(at + 7200), BH_END_STOPPED);
}

static void same_records(const struct bed *a, const struct bed *b)
{
	assert_int_equal(a->n, b->n);
	for (size_t i = 0; i < a->n; i++) {
		assert_int_equal(a->records[i].kind, b->records[i].kind);
		assert_memory_equal(&a->records[i].u, &b->records[i].u,
				    a->records[i].kind == BH_RECORD_EVENT ? sizeof(struct bh_event)
				    : a->records[i].kind == BH_RECORD_EPOCH
					    ? sizeof(struct bh_epoch)
					    : sizeof(struct bh_state));
	}
}

static void pads_do_not_mind_the_pace(void **unused)
{
	struct bh_mat mat;
	struct bed calm, paced;

	(void)unused;
	bed_make(&calm, bed_six_pads(&mat), BH_CAN_TEMP_LEFT, &config);
	play_pads(&calm, 0);
	assert_true(bed_count(&calm, BH_EVENT_LEGS_OVER_EDGE) > 5);
	assert_true(bed_count(&calm, BH_EVENT_BED_EXIT) > 5);
	assert_true(bed_count(&calm, BH_EVENT_NOT_RETURNED) > 0);
	for (uint32_t pace = 1; pace <= 5; pace++) {
		bed_make(&paced, bed_six_pads(&mat), BH_CAN_TEMP_LEFT, &config);
		play_pads(&paced, pace);
		same_records(&calm, &paced);
		bed_free(&paced);
	}
	bed_free(&calm);
}

static void cells_do_not_mind_the_pace(void **unused)
{
	struct bh_mat mat;
	struct bed calm, paced;

	(void)unused;
	bed_make(&calm, bed_cells(&mat), 0, &config);
	play_cells(&calm, 0);
	assert_true(bed_count(&calm, BH_EVENT_SENSOR_FAULT) > 0);
	assert_true(bed_count(&calm, BH_EVENT_BED_EXIT) > 0);
	for (uint32_t pace = 1; pace <= 3; pace++) {
		bed_make(&paced, bed_cells(&mat), 0, &config);
		play_cells(&paced, pace);
		same_records(&calm, &paced);
		bed_free(&paced);
	}
	bed_free(&calm);
}

static void nothing_is_allocated_between_first_and_last_frame(void **unused)
{
	unsigned long before;
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_six_pads(&mat), BH_CAN_TEMP_LEFT, &config);
	before = allocations;
	assert_true(before > 0); /* the counter counts */
	play_pads(&bed, 3);
	assert_int_equal(allocations, before);
	bed_free(&bed);
	bed_make(&bed, bed_cells(&mat), 0, &config);
	before = allocations;
	play_cells(&bed, 3);
	assert_int_equal(allocations, before);
	bed_free(&bed);
}

static void an_empty_month_costs_nothing(void **unused)
{
	struct bh_mat mat;
	struct bed bed;
	size_t before;
	clock_t start;

	(void)unused;
	bed_make(&bed, bed_six_pads(&mat), 0, &config);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	bed_press(&bed, 10, "trunk", BH_LOAD_FULL);
	bed_press(&bed, 100, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(86400));
	assert_true(bh_detect_idle(bed.detect));
	before = bed.n;
	start = clock();
	bh_detect_advance(bed.detect, bed_ns(86400.0 * 3650));
	/* A tick a second would be 315 million of them. */
	assert_true(clock() - start < CLOCKS_PER_SEC);
	assert_int_equal(bed.n, before);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pads_do_not_mind_the_pace),
		cmocka_unit_test(cells_do_not_mind_the_pace),
		cmocka_unit_test(nothing_is_allocated_between_first_and_last_frame),
		cmocka_unit_test(an_empty_month_costs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
