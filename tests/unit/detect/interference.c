/* SPDX-License-Identifier: MIT */
/* A pump or a fan that shakes the bed is a fault of the mat and no restless sleeper. */
#include "tests/unit/detect/bed.h"

#include "hub/core/epoch.h"

#include <math.h>

static const struct bh_detect_config plain = { .bed = 0 };

#define BODY_G 80000
#define TURN 6.283185307179586

/* What swings, and how the noise goes on. */
struct shake {
	double pump_g, pump_hz;
	double heart_g, heart_hz;
	double breath_g;
	uint32_t noise;
};

/* Up to +-10 g a cell. */
static double noise_g(struct shake *shake)
{
	shake->noise = shake->noise * 1664525u + 1013904223u;
	return (double)(shake->noise >> 16) / 3276.8 - 10;
}

/* Four cells ten times a second, with somebody on them or nobody. */
static void let(struct bed *bed, struct shake *shake, double from_s, double to_s, double body_g)
{
	for (int i = 0; from_s + i / 10.0 < to_s - 0.0005; i++) {
		double at = from_s + i / 10.0;
		double body =
			body_g + (body_g > 0) * (shake->heart_g * sin(TURN * shake->heart_hz * at) +
						 shake->breath_g * sin(TURN * 0.25 * at));

		for (int zone = 0; zone < 4; zone++)
			bed->frame.load[zone] =
				(int32_t)lround(body / 4 + noise_g(shake) +
						shake->pump_g * sin(TURN * shake->pump_hz * at));
		bed_frame(bed, at);
	}
}

static void cells(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_cells(&mat), 0, &plain);
}

static int32_t fault(const struct bed *bed)
{
	const struct bh_event *event = bed_event(bed, BH_EVENT_SENSOR_FAULT, 0);

	return event && event->phase == BH_PHASE_OPEN ? event->value : BH_FAULT_NONE;
}

static void a_pump_shows_in_the_empty_bed(void **unused)
{
	/* 10 g on each of four cells are as much as a two-thousandth of the body. */
	static const struct {
		double g, hz;
		enum bh_fault fault;
	} cases[] = {
		{ 60, 3.1, BH_FAULT_INTERFERENCE },
		{ 15, 1.2, BH_FAULT_INTERFERENCE },
		{ 60, 4.7, BH_FAULT_INTERFERENCE },
		{ 4, 3.1, BH_FAULT_NONE },
		{ 0, 1, BH_FAULT_NONE },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct shake shake = { .pump_g = cases[i].g, .pump_hz = cases[i].hz };
		struct bed bed;

		cells(&bed);
		let(&bed, &shake, 0, 55, 0);
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0); /* not at once */
		let(&bed, &shake, 55, 300, 0);
		assert_int_equal(fault(&bed), cases[i].fault);
		/* Switched off: healed a minute later, and dated to when it was. */
		shake.pump_g = 0;
		let(&bed, &shake, 300, 500, 0);
		assert_int_equal(fault(&bed), BH_FAULT_NONE);
		if (cases[i].fault != BH_FAULT_NONE)
			bed_expect_near(&bed, BH_EVENT_SENSOR_FAULT, 0, 0, 294, 20);
		assert_int_equal(bed_state(&bed)->faults, 0);
		bed_free(&bed);
	}
}

static int32_t leg_movements_known(const struct bed *bed, double from_s, double to_s)
{
	int32_t known = 0;

	for (size_t i = 0; i < bed->n; i++) {
		const struct bh_epoch *epoch = &bed->records[i].u.epoch;

		if (bed->records[i].kind == BH_RECORD_EPOCH && epoch->start_ns >= bed_ns(from_s) &&
		    epoch->start_ns < bed_ns(to_s))
			known += epoch->leg_movements != BH_EPOCH_UNKNOWN;
	}
	return known;
}

static void a_pump_under_a_sleeper_is_no_restlessness(void **unused)
{
	struct shake shake = { .heart_g = 40, .heart_hz = 1.1, .breath_g = 60 };
	struct bed bed;

	(void)unused;
	cells(&bed);
	let(&bed, &shake, 0, 100, 0);
	let(&bed, &shake, 100, 1500, BODY_G);
	assert_int_equal(fault(&bed), BH_FAULT_NONE);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	shake.pump_g = 60;
	shake.pump_hz = 3.1;
	let(&bed, &shake, 1500, 3600, BODY_G);
	assert_int_equal(fault(&bed), BH_FAULT_INTERFERENCE);
	assert_int_equal(bed_count(&bed, BH_EVENT_RESTLESS), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_PLM_SERIES), 0);
	/* Movements of a leg drown in it: not none, but not known. In bed is. */
	assert_int_equal(leg_movements_known(&bed, 1800, 3600), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	shake.pump_g = 0;
	let(&bed, &shake, 3600, 4000, BODY_G);
	assert_int_equal(fault(&bed), BH_FAULT_NONE);
	assert_true(leg_movements_known(&bed, 3720, 3960) > 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 1);
	bed_free(&bed);
}

/* Epochs of a span that tell how much moved. */
static int32_t movement_known(const struct bed *bed, double from_s, double to_s)
{
	int32_t known = 0;

	for (size_t i = 0; i < bed->n; i++) {
		const struct bh_epoch *epoch = &bed->records[i].u.epoch;

		if (bed->records[i].kind == BH_RECORD_EPOCH && epoch->start_ns >= bed_ns(from_s) &&
		    epoch->start_ns < bed_ns(to_s))
			known += epoch->moving_permille != BH_EPOCH_UNKNOWN &&
				 epoch->activity != BH_EPOCH_UNKNOWN;
	}
	return known;
}

/* Heaves for ten seconds of every minute: what else would be restless. */
static void let_turn(struct bed *bed, struct shake *shake, double from_s, double to_s)
{
	for (double at = from_s; at < to_s; at += 60) {
		let(bed, shake, at, at + 50, BODY_G);
		for (int k = 0; k < 10; k++)
			let(bed, shake, at + 50 + k, at + 51 + k, BODY_G + (k % 2 ? 9000 : -9000));
	}
}

static void turns_under_a_pump_are_not_known(void **unused)
{
	struct shake shake = { .heart_g = 40, .heart_hz = 1.1, .breath_g = 60 };
	const struct bh_event *quiet;
	struct bed bed;

	(void)unused;
	cells(&bed);
	let(&bed, &shake, 0, 100, 0);
	let(&bed, &shake, 100, 1500, BODY_G);
	assert_int_equal(bed_count(&bed, BH_EVENT_QUIET), 1);
	assert_int_equal(movement_known(&bed, 600, 1470), 29);
	shake.pump_g = 15; /* too little to be told as movement */
	shake.pump_hz = 3.1;
	let(&bed, &shake, 1500, 1800, BODY_G);
	assert_int_equal(fault(&bed), BH_FAULT_INTERFERENCE);
	/* What was quiet ends as of a fault where nobody can tell any more. */
	quiet = bed_event(&bed, BH_EVENT_QUIET, 0);
	assert_int_equal(quiet->phase, BH_PHASE_CLOSE);
	assert_int_equal(quiet->end_cause, BH_END_FAULT);
	let_turn(&bed, &shake, 1800, 3600);
	assert_int_equal(fault(&bed), BH_FAULT_INTERFERENCE);
	/* Neither a still sleeper nor a restless one, and no minute to score as sleep. */
	assert_int_equal(movement_known(&bed, 1800, 3600), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_QUIET), 1);
	assert_int_equal(bed_count(&bed, BH_EVENT_RESTLESS), 0);
	assert_int_equal(bed_state(&bed)->restless, BH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->movement_permille, BH_EPOCH_UNKNOWN);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	/* Switched off: quiet begins when movement can be told again, not before. */
	shake.pump_g = 0;
	let(&bed, &shake, 3600, 4800, BODY_G);
	assert_int_equal(fault(&bed), BH_FAULT_NONE);
	assert_int_equal(movement_known(&bed, 3900, 4770), 29);
	assert_int_equal(bed_count(&bed, BH_EVENT_QUIET), 2);
	bed_expect_near(&bed, BH_EVENT_QUIET, 1, 3600, -1, 120);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 1);
	bed_free(&bed);
}

/* The steadiest heart there is, a paced one, on a bed that shows it well. */
static void a_heart_is_no_pump(void **unused)
{
	struct shake shake = { .heart_g = 200, .breath_g = 100 };
	struct bed bed;

	(void)unused;
	for (shake.heart_hz = 0.8; shake.heart_hz < 2.3; shake.heart_hz += 0.35) {
		cells(&bed);
		let(&bed, &shake, 0, 100, 0);
		let(&bed, &shake, 100, 3600, BODY_G);
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
		bed_free(&bed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pump_shows_in_the_empty_bed),
		cmocka_unit_test(a_pump_under_a_sleeper_is_no_restlessness),
		cmocka_unit_test(turns_under_a_pump_are_not_known),
		cmocka_unit_test(a_heart_is_no_pump),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
