/* SPDX-License-Identifier: MIT */
/*
 * A bed to lie on in tests: a signal path, the records it gave, and a hand on the mat. Times are
 * seconds since the start of the test, written as the tests speak of them.
 */
#ifndef BH_TESTS_UNIT_DETECT_BED_H
#define BH_TESTS_UNIT_DETECT_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/detect/detect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BED_RECORDS_MAX 200000
/* Tests start at a round minute so that epochs begin with them. */
#define BED_START_NS (INT64_C(36000) * BH_NS_PER_S)

struct bed {
	struct bh_mat mat;
	struct bh_detect *detect;
	struct bh_frame frame;
	struct bh_record *records;
	size_t n;
};

static inline int64_t bed_ns(double at_s)
{
	return BED_START_NS + (int64_t)(at_s * 1000.0 + 0.5) * BH_NS_PER_MS;
}

static inline void bed_put(void *ctx, const struct bh_record *record)
{
	struct bed *bed = ctx;

	assert_true(bed->n < BED_RECORDS_MAX);
	bed->records[bed->n++] = *record;
}

static inline void bed_make(struct bed *bed, const struct bh_mat *mat, uint32_t more_can,
			    const struct bh_detect_config *config)
{
	struct bh_sink sink = { .put = bed_put, .ctx = bed };

	bed->mat = *mat;
	bed->n = 0;
	bed->records = calloc(BED_RECORDS_MAX, sizeof(*bed->records));
	assert_non_null(bed->records);
	assert_int_equal(bh_detect_new(&bed->mat, bh_mat_capabilities(mat) | more_can, config,
				       &sink, &bed->detect),
			 0);
	bh_frame_init(&bed->frame, &bed->mat);
	bed->frame.mat_sensor = 0;
	bed->frame.mat_fault = BH_FAULT_NONE;
}

static inline void bed_free(struct bed *bed)
{
	bh_detect_free(bed->detect);
	free(bed->records);
}

/** Hand the frame as it stands over at a time. */
static inline void bed_frame(struct bed *bed, double at_s)
{
	bed->frame.mono_ns = bed_ns(at_s);
	bed->frame.changed = BH_PART_MAT;
	assert_int_equal(bh_detect_frame(bed->detect, &bed->frame), 0);
}

/** Set the named zones ("a b") to a load and all others to none, and hand it over. */
static inline void bed_press(struct bed *bed, double at_s, const char *zones, int32_t load)
{
	for (unsigned int i = 0; i < bed->mat.n_zones; i++) {
		const char *name = bed->mat.zone[i].name;
		size_t len = strlen(name);
		bool found = false;

		for (const char *p = zones; (p = strstr(p, name)) != NULL; p += len)
			found |= (p == zones || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' ');
		bed->frame.load[i] = found ? load : 0;
	}
	bed_frame(bed, at_s);
}

static inline void bed_zone(struct bh_mat *mat, const char *name, int x, int y, unsigned int places)
{
	struct bh_zone *zone = &mat->zone[mat->n_zones++];

	strncpy(zone->name, name, sizeof(zone->name) - 1);
	zone->x_permille = (int16_t)x;
	zone->y_permille = (int16_t)y;
	zone->places = (uint8_t)places;
}

/** Event number @p nth (0-based) of a type, in its last phase; NULL if there are fewer. */
static inline const struct bh_event *bed_event(const struct bed *bed, enum bh_event_type type,
					       unsigned int nth)
{
	const struct bh_event *found = NULL;
	uint64_t seq = 0;

	for (size_t i = 0; i < bed->n; i++) {
		const struct bh_event *event = &bed->records[i].u.event;

		if (bed->records[i].kind != BH_RECORD_EVENT || event->type != type)
			continue;
		if (!seq && event->phase != BH_PHASE_CLOSE && nth-- == 0)
			seq = event->seq;
		if (seq && event->seq == seq)
			found = event;
	}
	return found;
}

static inline unsigned int bed_count(const struct bed *bed, enum bh_event_type type)
{
	unsigned int n = 0;

	while (bed_event(bed, type, n))
		n++;
	return n;
}

/** An event of a type from and to these seconds, up to @p slack_s later (an open one: to_s < 0). */
static inline const struct bh_event *bed_expect_near(const struct bed *bed, enum bh_event_type type,
						     unsigned int nth, double from_s, double to_s,
						     double slack_s)
{
	const struct bh_event *event = bed_event(bed, type, nth);

	if (!event)
		fail_msg("no %s number %u", bh_event_info(type)->name, nth);
	if (event->start_ns < bed_ns(from_s) || event->start_ns > bed_ns(from_s + slack_s))
		fail_msg("%s starts at %.3f, not %.3f", bh_event_info(type)->name,
			 (double)(event->start_ns - BED_START_NS) / 1e9, from_s);
	if (to_s < 0 ? event->end_ns != BH_MONO_NONE
		     : event->end_ns < bed_ns(to_s) || event->end_ns > bed_ns(to_s + slack_s))
		fail_msg("%s ends at %.3f, not %.3f", bh_event_info(type)->name,
			 (double)(event->end_ns - BED_START_NS) / 1e9, to_s);
	return event;
}

/** An event of a type from and to exactly these seconds. */
static inline const struct bh_event *bed_expect(const struct bed *bed, enum bh_event_type type,
						unsigned int nth, double from_s, double to_s)
{
	return bed_expect_near(bed, type, nth, from_s, to_s, 0);
}

/** The median of three and the smoothing of mats that weigh delay them by so much. */
#define BED_LAG_S 0.7

static inline const struct bh_state *bed_state(const struct bed *bed)
{
	return bh_detect_state(bed->detect);
}

/* The beds of the tests. */

/** Two pads, trunk and legs, no sides. */
static inline struct bh_mat *bed_two_pads(struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_CONTACT;
	bed_zone(mat, "trunk", 500, 350, BH_AT_TRUNK);
	bed_zone(mat, "legs", 500, 800, BH_AT_LEGS);
	return mat;
}

/** Six pads: trunk, both legs, both edges. */
static inline struct bh_mat *bed_six_pads(struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_CONTACT;
	bed_zone(mat, "trunk", 500, 350, BH_AT_TRUNK);
	bed_zone(mat, "leg_l", 350, 800, BH_AT_LEGS);
	bed_zone(mat, "leg_r", 650, 800, BH_AT_LEGS);
	bed_zone(mat, "edge_l", 50, 500, BH_AT_EDGE_LEFT);
	bed_zone(mat, "edge_r", 950, 500, BH_AT_EDGE_RIGHT);
	return mat;
}

/** Four load cells under the bed legs, grams. */
static inline struct bh_mat *bed_cells(struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_LOAD_CELLS;
	bed_zone(mat, "head_l", 0, 0, BH_AT_HEAD);
	bed_zone(mat, "head_r", 1000, 0, BH_AT_HEAD);
	bed_zone(mat, "foot_l", 0, 1000, BH_AT_LEGS);
	bed_zone(mat, "foot_r", 1000, 1000, BH_AT_LEGS);
	return mat;
}

/** Cells with a body of @p grams centred at x, y (permille). */
static inline void bed_weigh(struct bed *bed, double at_s, int grams, int x, int y)
{
	bed->frame.load[0] = grams * (1000 - x) / 1000 * (1000 - y) / 1000;
	bed->frame.load[1] = grams * x / 1000 * (1000 - y) / 1000;
	bed->frame.load[2] = grams * (1000 - x) / 1000 * y / 1000;
	bed->frame.load[3] = grams * x / 1000 * y / 1000;
	bed_frame(bed, at_s);
}

/** The same from one time to another (excluded), ten times a second. */
static inline void bed_lie(struct bed *bed, double from_s, double to_s, int grams, int x, int y)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++)
		bed_weigh(bed, from_s + i / 10.0, grams, x, y);
}

#endif
