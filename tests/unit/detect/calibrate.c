/* SPDX-License-Identifier: MIT */
/* Calibrations: what is accepted, and everything that is refused, as a person beside a bed sees it. */
#include "bed.h"

#include "hub/detect/calibrate.h"

#include <stdio.h>

#define HZ 10
#define FAR_NS (24 * BH_NS_PER_H)

/* A bed on four load cells, its thermometers, and a calibration under way. */
struct room {
	struct bh_mat mat;
	struct bh_frame frame;
	struct bh_calibrate calibrate;
	int32_t empty[4];
	int64_t now_ns;
	uint32_t dice;
};

static struct room room;

/* Triangular noise from -reach to +reach. */
static int32_t noise(int32_t reach)
{
	int32_t sum = 0;

	for (int i = 0; i < 2; i++) {
		room.dice = room.dice * 1664525u + 1013904223u;
		sum += (int32_t)((room.dice >> 16) % (uint32_t)(reach + 1));
	}
	return sum - reach;
}

static void make_room(enum bh_mat_kind kind)
{
	memset(&room, 0, sizeof(room));
	room.dice = 1;
	room.mat.kind = kind;
	bed_zone(&room.mat, "head_left", 0, 0, BH_AT_HEAD);
	bed_zone(&room.mat, "head_right", 1000, 0, BH_AT_HEAD);
	bed_zone(&room.mat, "foot_left", 0, 1000, BH_AT_LEGS);
	bed_zone(&room.mat, "foot_right", 1000, 1000, BH_AT_LEGS);
	bh_frame_init(&room.frame, &room.mat);
	room.frame.mat_fault = BH_FAULT_NONE;
	room.frame.mat_sensor = 0;
	for (int i = 0; i < 2; i++) {
		room.frame.temp[i].fault = BH_FAULT_NONE;
		room.frame.temp[i].sensor = 1;
	}
}

static struct bh_calibrate_setup setup_of(enum bh_calibration_kind kind)
{
	return (struct bh_calibrate_setup){ .kind = kind,
					    .bed = 0,
					    .mat = &room.mat,
					    .capabilities = bh_mat_capabilities(&room.mat) |
							    BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT,
					    .empty = room.empty,
					    .empty_known = true,
					    .empty_quality = 10,
					    .body_load = 70000 };
}

static void begin(enum bh_calibration_kind kind)
{
	struct bh_calibrate_setup setup = setup_of(kind);

	bh_calibrate_begin(&room.calibrate, &setup);
}

static void give(void)
{
	room.now_ns += BH_NS_PER_S / HZ;
	room.frame.mono_ns = room.now_ns;
	room.frame.changed = BH_PART_MAT;
	bh_calibrate_frame(&room.calibrate, &room.frame, false);
}

/* Loads with noise for a while, or until it ended. */
static void stay(double seconds, const int32_t load[4], int32_t reach)
{
	for (int i = 0; i < (int)(seconds * HZ) && room.calibrate.progress.running; i++) {
		for (int zone = 0; zone < 4; zone++)
			room.frame.load[zone] = load[zone] + noise(reach);
		give();
	}
}

static void assert_refused(enum bh_refusal refusal)
{
	struct bh_calibration part;

	assert_false(room.calibrate.progress.running);
	assert_string_equal(bh_refusal_name(room.calibrate.progress.refusal),
			    bh_refusal_name(refusal));
	assert_false(bh_calibrate_is_done(&room.calibrate));
	assert_int_equal(bh_calibrate_part(&room.calibrate, 0, &part), 0);
}

static struct bh_calibration result(void)
{
	struct bh_calibration part;

	if (!bh_calibrate_is_done(&room.calibrate))
		fail_msg("not accepted: %s", bh_refusal_name(room.calibrate.progress.refusal));
	assert_int_equal(bh_calibrate_part(&room.calibrate, 0, &part), room.calibrate.n_values);
	assert_int_equal(part.cause, BH_CALIBRATED_ASKED);
	assert_int_equal(part.version, BH_CALIBRATION_VERSION);
	return part;
}

/* ---- empty ---- */

static const int32_t frame_only[4] = { 9000, 9500, 8000, -700 };

static void test_empty_bed(void **state)
{
	struct bh_calibration part;

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	assert_int_equal(room.calibrate.progress.step, BH_STEP_KEEP_OFF);
	stay(299, frame_only, 20);
	assert_true(room.calibrate.progress.running);
	/* 27 kg of frame against a zero of nothing look like somebody: only a person can say. */
	stay(2, frame_only, 20);
	assert_int_equal(room.calibrate.progress.refusal, BH_REFUSAL_OCCUPIED);

	struct bh_calibrate_setup setup = setup_of(BH_CALIBRATION_EMPTY);
	setup.changed = true;
	bh_calibrate_begin(&room.calibrate, &setup);
	stay(310, frame_only, 20);
	part = result();
	for (int i = 0; i < 4; i++)
		assert_in_range(part.value[i] - frame_only[i] + 5, 0, 10);
	assert_int_equal(part.n_values, 4);
	assert_int_equal(part.mat_hash, bh_calibration_mat_hash(&room.mat));
	assert_in_range(part.quality, 1, 20);
}

static void test_empty_spikes_are_not_movements(void **state)
{
	struct bh_calibration part;

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	for (int i = 0; i < 31; i++) {
		stay(10, room.empty, 20);
		room.frame.load[1] = 8388607; /* the largest that a HX711 can say */
		give();
	}
	part = result();
	for (int i = 0; i < 4; i++)
		assert_in_range(part.value[i] + 5, 0, 10);
}

static void test_empty_refused_for_movement(void **state)
{
	static const int32_t cat[4] = { 1500, 1500, 500, 500 };

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	for (int i = 0; i < 3; i++) {
		stay(250, room.empty, 20);
		stay(50, cat, 20);
	}
	assert_true(room.calibrate.progress.running);
	assert_int_equal(room.calibrate.progress.refusal, BH_REFUSAL_MOVEMENT);
	bh_calibrate_pass(&room.calibrate, room.now_ns + 5 * BH_NS_PER_MIN);
	assert_refused(BH_REFUSAL_MOVEMENT);
}

static void test_empty_goes_on_after_a_movement(void **state)
{
	static const int32_t hand[4] = { 0, 0, 5000, 0 };

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	stay(200, room.empty, 20);
	stay(3, hand, 20);
	stay(298, room.empty, 20);
	assert_true(room.calibrate.progress.running);
	stay(10, room.empty, 20);
	result();
}

static void test_empty_refused_for_noise_drift_and_sleepers(void **state)
{
	static const int32_t sleeper[4] = { 17000, 18000, 15000, 16000 };
	int32_t load[4] = { 0 };

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	stay(1000, room.empty, 400);
	assert_refused(BH_REFUSAL_NOISE);

	begin(BH_CALIBRATION_EMPTY);
	stay(1000, sleeper, 20);
	assert_refused(BH_REFUSAL_OCCUPIED);

	begin(BH_CALIBRATION_EMPTY);
	for (int i = 0; i < 1000; i++) {
		load[0] += 4;
		stay(1, load, 20);
	}
	assert_false(bh_calibrate_is_done(&room.calibrate));
	assert_false(room.calibrate.progress.running);
}

static void test_empty_refused_without_readings(void **state)
{
	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	stay(100, room.empty, 20);
	room.frame.mat_fault = BH_FAULT_BUS;
	give();
	bh_calibrate_pass(&room.calibrate, FAR_NS);
	assert_refused(BH_REFUSAL_FAULT);

	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	bh_calibrate_pass(&room.calibrate, 0);
	bh_calibrate_pass(&room.calibrate, FAR_NS);
	assert_refused(BH_REFUSAL_NO_READINGS);
}

static void test_pads_need_none(void **state)
{
	(void)state;
	make_room(BH_MAT_CONTACT);
	begin(BH_CALIBRATION_EMPTY);
	assert_refused(BH_REFUSAL_NOT_FOR_BED);
	begin(BH_CALIBRATION_PERSON);
	assert_refused(BH_REFUSAL_NOT_FOR_BED);
	begin(BH_CALIBRATION_LEGS);
	assert_refused(BH_REFUSAL_NOT_FOR_BED);
}

static void test_stopped_and_abandoned(void **state)
{
	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_EMPTY);
	stay(100, room.empty, 20);
	bh_calibrate_stop(&room.calibrate);
	assert_refused(BH_REFUSAL_STOPPED);
}

/* ---- person ---- */

static const int32_t lying[4] = { 21000, 20000, 16000, 15000 };

static void test_person(void **state)
{
	struct bh_calibration part;

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_PERSON);
	stay(30, room.empty, 20);
	assert_int_equal(room.calibrate.progress.refusal, BH_REFUSAL_NOBODY);
	stay(61, lying, 300); /* breathing */
	part = result();
	assert_in_range(part.value[0], 71900, 72100);
}

static void test_person_refused(void **state)
{
	static const int32_t edge[4] = { 0, 35000, 0, 37000 };
	static const int32_t coat[4] = { 900, 800, 0, 0 };
	static const int32_t four[4] = { 80000, 80000, 80000, 80000 };
	struct bh_calibrate_setup setup;

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_PERSON);
	stay(1000, edge, 20);
	assert_refused(BH_REFUSAL_NOT_LYING);
	begin(BH_CALIBRATION_PERSON);
	stay(1000, coat, 20);
	assert_refused(BH_REFUSAL_NOBODY);
	begin(BH_CALIBRATION_PERSON);
	stay(1000, four, 20);
	assert_refused(BH_REFUSAL_NOT_A_BODY);
	begin(BH_CALIBRATION_PERSON);
	for (int i = 0; i < 40; i++) {
		stay(20, lying, 300);
		stay(10, frame_only, 300);
		stay(5, edge, 300);
	}
	assert_false(bh_calibrate_is_done(&room.calibrate));
	assert_false(room.calibrate.progress.running);

	setup = setup_of(BH_CALIBRATION_PERSON);
	setup.empty_known = false;
	bh_calibrate_begin(&room.calibrate, &setup);
	assert_refused(BH_REFUSAL_NO_EMPTY);
}

/* ---- legs ---- */

/* A foot goes up and down within a second: its corner loses and gains. */
static void flex(int corner, int32_t grams)
{
	for (int i = 0; i < HZ && room.calibrate.progress.running; i++) {
		for (int zone = 0; zone < 4; zone++)
			room.frame.load[zone] = lying[zone] + noise(20);
		room.frame.load[corner] += i % 2 ? grams : -grams;
		give();
	}
	stay(3, lying, 20);
}

static void test_legs(void **state)
{
	struct bh_calibration part;

	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_LEGS);
	stay(16, lying, 20);
	assert_int_equal(room.calibrate.progress.step, BH_STEP_FLEX_LEFT);
	for (int i = 0; i < BH_FLEXIONS; i++) {
		assert_int_equal(room.calibrate.progress.count, i);
		flex(2, 1000 + 50 * i);
	}
	assert_int_equal(room.calibrate.progress.step, BH_STEP_FLEX_RIGHT);
	stay(4, lying, 20);
	for (int i = 0; i < BH_FLEXIONS; i++)
		flex(3, 500);
	part = result();
	assert_int_equal(part.n_values, 2);
	/* 1225 g to and fro at 5 Hz, which the high pass lets through 1.5 times as large (its two
	 * stages at half the sampling rate), squared, in 256ths: 910 million; a window of a second
	 * that also holds its beginning or end has somewhat less. The right leg's 500 g: 152. */
	assert_in_range(part.value[0], 600000000, 910000000);
	assert_in_range(part.value[1], 100000000, 152000000);
}

static void test_legs_refused(void **state)
{
	(void)state;
	make_room(BH_MAT_LOAD_CELLS);
	begin(BH_CALIBRATION_LEGS);
	stay(16, lying, 20);
	for (int i = 0; i < 9; i++)
		flex(2, 1000);
	stay(120, lying, 20);
	assert_refused(BH_REFUSAL_TOO_FEW);

	begin(BH_CALIBRATION_LEGS);
	stay(16, lying, 20);
	for (int i = 0; i < BH_FLEXIONS; i++)
		flex(3, 1000);
	assert_refused(BH_REFUSAL_OTHER_LEG);

	begin(BH_CALIBRATION_LEGS);
	stay(16, lying, 20);
	for (int i = 0; i < BH_FLEXIONS; i++)
		flex(2, i < 5 ? 300 : 3000);
	assert_refused(BH_REFUSAL_UNEQUAL);

	begin(BH_CALIBRATION_LEGS);
	stay(1000, room.empty, 20);
	assert_refused(BH_REFUSAL_NOBODY);
}

/* ---- thermometers ---- */

/* Half a minute a step; the left one shows 300 too much, in steps of 62.5 thousandths. */
static void bathe(int minutes, double from, double to_a_minute, int32_t excess, bool occupied)
{
	for (int i = 0; i < minutes * 2 && room.calibrate.progress.running; i++) {
		double bath = from + to_a_minute * i / 2;

		room.now_ns += 30 * BH_NS_PER_S;
		for (int slot = 0; slot < 2; slot++) {
			double shows = bath + (slot == 0 ? excess : 0) + noise(20);

			room.frame.temp[slot].mdegc = (int32_t)(shows / 62.5 + .5) * 125 / 2;
			room.frame.temp[slot].mono_ns = room.now_ns;
		}
		room.frame.mono_ns = room.now_ns;
		room.frame.changed = BH_PART_TEMPERATURE;
		bh_calibrate_frame(&room.calibrate, &room.frame, occupied);
	}
}

static void test_thermometers(void **state)
{
	struct bh_calibration part;

	(void)state;
	make_room(BH_MAT_NONE);
	begin(BH_CALIBRATION_THERMOMETERS);
	/* First the water cools, then it does not: it is taken as soon as it is steady. */
	bathe(10, 27000, -100, 300, false);
	assert_true(room.calibrate.progress.running);
	bathe(20, 26000, 0, 300, false);
	part = result();
	/* The legs are compared to a tenth of a degree. */
	assert_in_range(part.value[0] - part.value[1] - 300 + 100, 0, 200);
	assert_in_range(part.value[0] + part.value[1] + 2, 0, 4);
	assert_int_equal(part.mat_hash, 0);
	assert_in_range(part.quality, 1, 100);
}

static void test_thermometers_refused(void **state)
{
	static const struct {
		double from, slope;
		int32_t excess;
		bool occupied;
		enum bh_refusal refusal;
	} rows[] = {
		{ 26000, -20, 300, false, BH_REFUSAL_DRIFT },
		{ 26000, 0, 1700, false, BH_REFUSAL_NOT_ONE_BATH },
		{ 5000, 0, 0, false, BH_REFUSAL_NOT_LUKEWARM },
		{ 33000, 0, 300, true, BH_REFUSAL_WORN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_room(BH_MAT_NONE);
		begin(BH_CALIBRATION_THERMOMETERS);
		bathe(50, rows[i].from, rows[i].slope, rows[i].excess, rows[i].occupied);
		assert_refused(rows[i].refusal);
	}
}

static void test_thermometers_refused_when_one_is_silent(void **state)
{
	(void)state;
	make_room(BH_MAT_NONE);
	begin(BH_CALIBRATION_THERMOMETERS);
	bathe(5, 26000, 0, 0, false);
	room.frame.temp[1].fault = BH_FAULT_SILENT;
	bathe(50, 26000, 0, 0, false);
	assert_refused(BH_REFUSAL_FAULT);
}

/* ---- in force ---- */

static void test_offsets_are_taken_from_the_readings(void **state)
{
	struct bh_calibration part = {
		.kind = BH_CALIBRATION_THERMOMETERS, .n_values = 2, .n = 2, .value = { 150, -150 }
	};
	struct bh_detect_config config = { .bed = 0 };
	struct bh_mat none = { .kind = BH_MAT_NONE };
	struct bed bed;

	(void)state;
	bed_make(&bed, &none, BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT, &config);
	bh_detect_calibrate(bed.detect, &part);
	for (int i = 0; i < 20; i++) {
		bed.frame.mono_ns = bed_ns(i * 30);
		bed.frame.changed = BH_PART_TEMPERATURE;
		for (int slot = 0; slot < 2; slot++)
			bed.frame.temp[slot] = (struct bh_temperature){ .mdegc = 30000,
									.mono_ns = bed_ns(i * 30) };
		assert_int_equal(bh_detect_frame(bed.detect, &bed.frame), 0);
	}
	assert_int_equal(bh_detect_state(bed.detect)->temp_mdegc[BH_TEMP_LEFT], 29850);
	assert_int_equal(bh_detect_state(bed.detect)->temp_mdegc[BH_TEMP_RIGHT], 30150);
	bed_free(&bed);
}

/* An hour and more empty, the load creeping by @p grams: what was put on record. */
static unsigned int rezeros_after(int32_t grams)
{
	struct bh_detect_config config = { .bed = 0, .body_load = 70000 };
	unsigned int n = 0;
	struct bed bed;

	make_room(BH_MAT_LOAD_CELLS);
	bed_make(&bed, &room.mat, 0, &config);
	for (int s = 0; s < 3 * 3600; s += 5) {
		for (int zone = 0; zone < 4; zone++)
			bed.frame.load[zone] = (int32_t)((int64_t)grams * s / (3 * 3600));
		bed_frame(&bed, s);
	}
	for (size_t i = 0; i < bed.n; i++) {
		const struct bh_calibration *part = &bed.records[i].u.calibration;

		if (bed.records[i].kind != BH_RECORD_CALIBRATION)
			continue;
		n++;
		assert_int_equal(part->kind, BH_CALIBRATION_EMPTY);
		assert_int_equal(part->cause, BH_CALIBRATED_FOLLOWED);
		assert_true(part->value[0] > 0 && part->value[0] <= grams);
	}
	bed_free(&bed);
	return n;
}

static void test_a_followed_drift_is_on_record(void **state)
{
	(void)state;
	/* 1.4 kg is a fiftieth of 70 kg; four cells of 500 g pass it once in three hours, 5 kg in all
	 * cells at most hourly. */
	assert_int_equal(rezeros_after(0), 0);
	assert_int_equal(rezeros_after(300), 0);
	assert_int_equal(rezeros_after(500), 1);
	assert_in_range(rezeros_after(1250), 2, 3);
}

static void test_health(void **state)
{
	const uint32_t cells = BH_CAN_LOAD | BH_CAN_LEG_MOVEMENT;
	const uint32_t pair = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	struct bh_calibration_status status = { .at_ms = BH_WALL_UNKNOWN };

	(void)state;
#define HEALTH(kind, can, now) bh_calibration_health(BH_CALIBRATION_##kind, can, &status, now)
	assert_int_equal(HEALTH(EMPTY, 0, 0), BH_CALIBRATION_NOT_NEEDED);
	assert_int_equal(HEALTH(THERMOMETERS, BH_CAN_TEMP_LEFT, 0), BH_CALIBRATION_NOT_NEEDED);
	assert_int_equal(HEALTH(EMPTY, cells, 0), BH_CALIBRATION_MISSING);
	assert_int_equal(HEALTH(THERMOMETERS, pair, 0), BH_CALIBRATION_MISSING);
	assert_int_equal(HEALTH(PERSON, cells, 0), BH_CALIBRATION_OPTIONAL);
	assert_int_equal(HEALTH(LEGS, cells, 0), BH_CALIBRATION_OPTIONAL);
	status.known = true;
	assert_int_equal(HEALTH(EMPTY, cells, 0), BH_CALIBRATION_OTHER_MAT);
	status.in_force = true;
	assert_int_equal(HEALTH(EMPTY, cells, 0), BH_CALIBRATION_GOOD);
	status.at_ms = 1000;
	assert_int_equal(HEALTH(EMPTY, cells, 1000 + INT64_C(31536000000)), BH_CALIBRATION_GOOD);
	assert_int_equal(HEALTH(EMPTY, cells, 1001 + INT64_C(31536000000)), BH_CALIBRATION_OLD);
	assert_int_equal(HEALTH(EMPTY, cells, BH_WALL_UNKNOWN), BH_CALIBRATION_GOOD);
	status.refusal = BH_REFUSAL_MOVEMENT;
	assert_int_equal(HEALTH(EMPTY, cells, 1000), BH_CALIBRATION_REFUSED);
	assert_true(bh_calibration_is_problem(BH_CALIBRATION_REFUSED));
	assert_false(bh_calibration_is_problem(BH_CALIBRATION_OPTIONAL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty_bed),
		cmocka_unit_test(test_empty_spikes_are_not_movements),
		cmocka_unit_test(test_empty_refused_for_movement),
		cmocka_unit_test(test_empty_goes_on_after_a_movement),
		cmocka_unit_test(test_empty_refused_for_noise_drift_and_sleepers),
		cmocka_unit_test(test_empty_refused_without_readings),
		cmocka_unit_test(test_pads_need_none),
		cmocka_unit_test(test_stopped_and_abandoned),
		cmocka_unit_test(test_person),
		cmocka_unit_test(test_person_refused),
		cmocka_unit_test(test_legs),
		cmocka_unit_test(test_legs_refused),
		cmocka_unit_test(test_thermometers),
		cmocka_unit_test(test_thermometers_refused),
		cmocka_unit_test(test_thermometers_refused_when_one_is_silent),
		cmocka_unit_test(test_offsets_are_taken_from_the_readings),
		cmocka_unit_test(test_a_followed_drift_is_on_record),
		cmocka_unit_test(test_health),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
