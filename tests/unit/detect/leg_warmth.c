/* SPDX-License-Identifier: MIT */
/* Leg temperatures: levels, contact, a leg that cools, a thermometer that came off. */
#include "tests/unit/detect/bed.h"

#include <math.h>

static const struct bh_detect_config plain = { .bed = 0 };
static const uint32_t thermometers = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT | BH_CAN_TEMP_ROOM;

static void read_one(struct bed *bed, double at_s, enum bh_temp_slot slot, int32_t mdegc)
{
	bed->frame.temp[slot] = (struct bh_temperature){ .mdegc = mdegc,
							 .mono_ns = bed_ns(at_s),
							 .sensor = (uint8_t)(slot + 1) };
	bed->frame.mono_ns = bed_ns(at_s);
	bed->frame.changed = BH_PART_TEMPERATURE;
	assert_int_equal(bh_detect_frame(bed->detect, &bed->frame), 0);
}

/* Readings every 30 s from one time to another; the left leg from one temperature to another. */
static void lie_with(struct bed *bed, double from_s, double to_s, double left_from, double left_to)
{
	for (double at = from_s; at < to_s; at += 30) {
		double share = (at - from_s) / (to_s - from_s);

		read_one(bed, at, BH_TEMP_ROOM, 18500);
		read_one(bed, at, BH_TEMP_LEFT,
			 (int32_t)((left_from + share * (left_to - left_from)) * 1000));
		read_one(bed, at, BH_TEMP_RIGHT, 33000);
	}
}

static void in_bed(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_two_pads(&mat), thermometers, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
	bed_press(bed, 60, "trunk legs", BH_LOAD_FULL);
}

static void levels_are_medians(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 400, 33, 33);
	read_one(&bed, 401, BH_TEMP_LEFT, 85000); /* a thermometer's value at power on */
	assert_int_equal(bed_state(&bed)->temp_mdegc[BH_TEMP_LEFT], 33000);
	/* Readings stop: after five minutes there is none. */
	bh_detect_advance(bed.detect, bed_ns(700));
	assert_int_equal(bed_state(&bed)->temp_mdegc[BH_TEMP_LEFT], 33000);
	bh_detect_advance(bed.detect, bed_ns(702));
	assert_int_equal(bed_state(&bed)->temp_mdegc[BH_TEMP_LEFT], BH_TEMP_UNKNOWN);
	bed_free(&bed);
}

static void epochs_keep_level_and_contact(void **unused)
{
	struct bed bed;
	const struct bh_epoch *last = NULL;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 1000, 33, 33);
	bh_detect_advance(bed.detect, bed_ns(1020));
	for (size_t i = 0; i < bed.n; i++)
		if (bed.records[i].kind == BH_RECORD_EPOCH)
			last = &bed.records[i].u.epoch;
	assert_non_null(last);
	assert_int_equal(last->temp_mdegc[BH_TEMP_LEFT], 33000);
	assert_int_equal(last->temp_mdegc[BH_TEMP_RIGHT], 33000);
	assert_int_equal(last->temp_mdegc[BH_TEMP_ROOM], 18500);
	assert_int_equal(last->contact, BH_CONTACT_LEFT | BH_CONTACT_RIGHT);
	bed_free(&bed);
}

static void a_fall_of_two_degrees_in_ten_minutes_is_uncovering(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	lie_with(&bed, 3000, 3600, 33, 31.4); /* 1.6 C in ten minutes: no */
	lie_with(&bed, 3600, 4800, 31.4, 31.4);
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 0);
	lie_with(&bed, 4800, 5400, 31.4, 27);
	lie_with(&bed, 5400, 6300, 27, 27);
	lie_with(&bed, 6300, 7200, 27, 31);
	event = bed_event(&bed, BH_EVENT_UNCOVER, 0);
	assert_non_null(event);
	assert_int_equal(event->phase, BH_PHASE_CLOSE);
	assert_int_equal(event->side, BH_SIDE_LEFT);
	assert_in_range(event->value, 4200, 4500);
	/* It began with the fall, seen through five minutes' median. */
	assert_in_range(event->start_ns, bed_ns(4740), bed_ns(5100));
	assert_in_range(event->end_ns, bed_ns(5400), bed_ns(6400));
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 1);
	bed_free(&bed);
}

/*
 * A leg as skin and thermometer are: skin nears a new temperature with one time constant, the
 * thermometer follows the skin with another; readings of sixteenths of a degree each 30 s.
 */
struct leg {
	double skin, sensor;
};

static void follow(struct bed *bed, enum bh_temp_slot slot, struct leg *leg, double from_s,
		   double to_s, double towards, double skin_s, double sensor_s)
{
	for (double at = from_s; at < to_s; at += 30) {
		leg->skin += (towards - leg->skin) * (1 - exp(-30 / skin_s));
		leg->sensor += (leg->skin - leg->sensor) * (1 - exp(-30 / sensor_s));
		read_one(bed, at, slot, (int32_t)(leg->sensor * 16 + .5) * 1000 / 16);
	}
}

#define UNCOVERED_S (8 * 60.0)
#define ON_SKIN_S 90.0
#define IN_BED_S (5 * 60.0)

/* science.md section 0: two degrees in ten minutes, of the skin: the thermometer lags. */
static void a_thermometer_that_lags_shows_uncovering(void **unused)
{
	/* In ten minutes an uncovered leg goes 71 % of its way. */
	static const struct {
		double fall_in_ten;
		unsigned int told;
	} cases[] = { { 1.8, 0 }, { 2.2, 1 } };

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct leg left = { 33, 33 };
		struct bed bed;

		in_bed(&bed);
		lie_with(&bed, 100, 3000, 33, 33);
		follow(&bed, BH_TEMP_LEFT, &left, 3000, 6000,
		       33 - cases[i].fall_in_ten / (1 - exp(-600 / UNCOVERED_S)), UNCOVERED_S,
		       ON_SKIN_S);
		assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), cases[i].told);
		bed_free(&bed);
	}
}

static void a_blanket_uncovers_both_legs_once(void **unused)
{
	struct leg left = { 33, 33 }, right = { 32, 32 };
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	for (double at = 3000; at < 6000; at += 30) {
		follow(&bed, BH_TEMP_LEFT, &left, at, at + 1, 29.5, UNCOVERED_S, ON_SKIN_S);
		follow(&bed, BH_TEMP_RIGHT, &right, at + 1, at + 2, 29, UNCOVERED_S, ON_SKIN_S);
	}
	for (double at = 6000; at < 9000; at += 30) {
		follow(&bed, BH_TEMP_LEFT, &left, at, at + 1, 33, 35 * 60, ON_SKIN_S);
		follow(&bed, BH_TEMP_RIGHT, &right, at + 1, at + 2, 32, 35 * 60, ON_SKIN_S);
	}
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 1);
	/* It ends when the legs are two tenths of a degree warmer again. */
	event = bed_expect_near(&bed, BH_EVENT_UNCOVER, 0, 2900, 6000, 200);
	assert_int_equal(event->side, BH_SIDE_BOTH);
	assert_int_equal(event->end_cause, BH_END_NORMAL);
	assert_in_range(event->value, 3000, 4000);
	bed_free(&bed);
}

/* Legs that hang over the edge cool as fast as uncovered ones. */
static void legs_that_hang_uncover_nothing(void **unused)
{
	struct leg left = { 33, 33 };
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	bed_press(&bed, 3000, "trunk", BH_LOAD_FULL);
	follow(&bed, BH_TEMP_LEFT, &left, 3001, 3900, 29.5, UNCOVERED_S, ON_SKIN_S);
	bed_press(&bed, 3900, "trunk legs", BH_LOAD_FULL);
	follow(&bed, BH_TEMP_LEFT, &left, 3901, 6000, 33, 35 * 60, ON_SKIN_S);
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEGS_OVER_EDGE), 1);
	bed_free(&bed);
}

/* It lies in the bed beside the leg and cools to the room: faster and further than any skin. */
static void a_thermometer_that_comes_off_uncovers_nothing(void **unused)
{
	struct leg left = { 33, 33 };
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	follow(&bed, BH_TEMP_LEFT, &left, 3000, 3600, 18.5, 1, IN_BED_S);
	event = bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0);
	assert_non_null(event);
	assert_int_equal(event->value, BH_FAULT_DETACHED);
	/* Six minutes after: half of them are the median's. */
	assert_true(event->start_ns <= bed_ns(3000 + 360));
	follow(&bed, BH_TEMP_LEFT, &left, 3600, 7200, 18.5, 1, IN_BED_S);
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 0);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_OPEN);
	/* Back on the leg. */
	follow(&bed, BH_TEMP_LEFT, &left, 7200, 8400, 33, 1, ON_SKIN_S);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_CLOSE);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 1);
	bed_free(&bed);
}

static void a_leg_that_cools_out_of_bed_uncovers_nothing(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	bed_press(&bed, 3000, "", BH_LOAD_FULL);
	lie_with(&bed, 3001, 3600, 33, 26);
	assert_int_equal(bed_count(&bed, BH_EVENT_UNCOVER), 0);
	bed_free(&bed);
}

static void a_thermometer_like_the_room_has_come_off(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 3000, 33, 33);
	lie_with(&bed, 3000, 4500, 18.8, 18.8);
	event = bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0);
	assert_non_null(event);
	assert_int_equal(event->value, BH_FAULT_DETACHED);
	assert_int_equal(event->sensor, BH_TEMP_LEFT + 1);
	assert_int_equal(event->side, BH_SIDE_LEFT);
	assert_int_equal(bed_state(&bed)->faults, 1u << (BH_TEMP_LEFT + 1));
	lie_with(&bed, 4500, 5400, 33, 33);
	assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_CLOSE);
	assert_int_equal(bed_state(&bed)->faults, 0);
	bed_free(&bed);
}

static void a_faulty_thermometer_is_named(void **unused)
{
	struct bed bed;

	(void)unused;
	in_bed(&bed);
	lie_with(&bed, 100, 1000, 33, 33);
	bed.frame.temp[BH_TEMP_RIGHT].fault = BH_FAULT_BUS;
	bed.frame.mono_ns = bed_ns(1000);
	bed.frame.changed = BH_PART_TEMPERATURE;
	assert_int_equal(bh_detect_frame(bed.detect, &bed.frame), 0);
	assert_int_equal(bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 1000, -1)->value, BH_FAULT_BUS);
	assert_int_equal(bed_state(&bed)->fault[BH_TEMP_RIGHT + 1], BH_FAULT_BUS);
	/* The mat goes on. */
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

/* An empty bed for some hours; both thermometers have the room's 20 C and their own errors. */
static void hang_off(struct bed *bed, double from_s, double to_s, int32_t left, int32_t right)
{
	for (double at = from_s; at < to_s; at += 30) {
		read_one(bed, at, BH_TEMP_LEFT, 20000 + left);
		read_one(bed, at, BH_TEMP_RIGHT, 20000 + right);
	}
}

static void exchanged_thermometers_are_told_by_their_bath(void **unused)
{
	/* The bath finds half the difference in each; below 0.2 C nobody can know. */
	static const struct {
		int32_t excess;
		unsigned int told;
	} cases[] = { { 200, 2 }, { 101, 2 }, { 99, 0 } };

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bh_calibration bath = { .kind = BH_CALIBRATION_THERMOMETERS,
					       .n_values = 2,
					       .n = 2,
					       .value = { cases[i].excess, -cases[i].excess } };
		int32_t own = cases[i].excess;
		struct bh_mat mat;
		struct bed bed;

		bed_make(&bed, bed_two_pads(&mat), thermometers, &plain);
		bed_press(&bed, 0, "", BH_LOAD_FULL);
		bh_detect_calibrate(bed.detect, &bath);
		hang_off(&bed, 60, 20000, own, -own);
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
		hang_off(&bed, 20000, 22800, -own, own); /* not at once */
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
		hang_off(&bed, 22800, 26000, -own, own);
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), cases[i].told);
		if (cases[i].told) {
			const struct bh_event *event = bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0);

			assert_int_equal(event->value, BH_FAULT_SWAPPED);
			assert_int_equal(event->side, BH_SIDE_BOTH);
		}
		hang_off(&bed, 26000, 32000, own, -own); /* put right */
		assert_int_equal(bed_state(&bed)->faults, 0);
		bed_free(&bed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_are_medians),
		cmocka_unit_test(epochs_keep_level_and_contact),
		cmocka_unit_test(a_fall_of_two_degrees_in_ten_minutes_is_uncovering),
		cmocka_unit_test(a_thermometer_that_lags_shows_uncovering),
		cmocka_unit_test(a_blanket_uncovers_both_legs_once),
		cmocka_unit_test(legs_that_hang_uncover_nothing),
		cmocka_unit_test(a_thermometer_that_comes_off_uncovers_nothing),
		cmocka_unit_test(a_leg_that_cools_out_of_bed_uncovers_nothing),
		cmocka_unit_test(a_thermometer_like_the_room_has_come_off),
		cmocka_unit_test(a_faulty_thermometer_is_named),
		cmocka_unit_test(exchanged_thermometers_are_told_by_their_bath),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
