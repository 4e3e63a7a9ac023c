/* SPDX-License-Identifier: MIT */
/* Mats that stop sending, hubs that did not listen, and nights with holes. */
#include "tests/unit/detect/bed.h"

#include "hub/core/epoch.h"

static const struct bh_detect_config plain = { .bed = 0 };

#define BODY_G 80000

static void cells(struct bed *bed, uint32_t more)
{
	struct bh_mat mat;

	bed_make(bed, bed_cells(&mat), more, &plain);
}

/* Someone lies there from 100 s to 200 s, read at a rate. */
static void lie_at(struct bed *bed, double step_s)
{
	for (double at = 0; at < 200.0005; at += step_s)
		bed_weigh(bed, at, at < 100 ? 0 : BODY_G, 500, 500);
}

static void a_mat_in_use_is_silent_after_ten_of_its_beats(void **unused)
{
	/* At least five seconds, and never more than thirty. */
	static const struct {
		double step_s, silent_s;
	} cases[] = { { 0.1, 5 }, { 1, 10 }, { 2, 20 }, { 4, 30 } };

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct bh_event *event;
		struct bed bed;

		cells(&bed, 0);
		lie_at(&bed, cases[i].step_s);
		assert_int_equal(bed_state(&bed)->occupied, BH_YES);
		bh_detect_advance(bed.detect, bed_ns(200 + cases[i].silent_s - 1));
		assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
		bh_detect_advance(bed.detect, bed_ns(200 + cases[i].silent_s + 1));
		event = bed_expect_near(&bed, BH_EVENT_SENSOR_FAULT, 0, 199.9, -1, 0.1);
		assert_int_equal(event->value, BH_FAULT_SILENT);
		assert_int_equal(bed_state(&bed)->occupied, BH_UNKNOWN);
		/* It sends again: healed at once. */
		bed_weigh(&bed, 260, BODY_G, 500, 500);
		assert_int_equal(bed_event(&bed, BH_EVENT_SENSOR_FAULT, 0)->phase, BH_PHASE_CLOSE);
		assert_int_equal(bed_state(&bed)->faults, 0);
		bed_free(&bed);
	}
}

static void an_empty_mat_may_be_read_seldom(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed, 0);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	for (double at = 100; at < 1000; at += 10)
		bed_weigh(&bed, at, 0, 500, 500);
	bh_detect_advance(bed.detect, bed_ns(990 + 29));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bh_detect_advance(bed.detect, bed_ns(990 + 30));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 1);
	bed_free(&bed);
}

static const struct bh_epoch *epoch_at(const struct bed *bed, double at_s)
{
	for (size_t i = 0; i < bed->n; i++)
		if (bed->records[i].kind == BH_RECORD_EPOCH &&
		    bed->records[i].u.epoch.start_ns == bed_ns(at_s))
			return &bed->records[i].u.epoch;
	return NULL;
}

static void a_late_hub_is_no_silent_mat(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed, 0);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 600.05, BODY_G, 500, 500);
	bh_detect_deaf(bed.detect, bed_ns(600), bed_ns(645));
	bed_lie(&bed, 645, 900, BODY_G, 500, 500);
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	bed_expect(&bed, BH_EVENT_DATA_GAP, 0, 600, 645);
	/* What happened meanwhile is not known, and that they still lie there is. */
	assert_int_equal(
		bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, 600, BED_LAG_S)->end_cause,
		BH_END_FAULT);
	assert_int_equal(epoch_at(&bed, 600)->coverage_permille, 0);
	assert_int_equal(epoch_at(&bed, 600)->occupied_permille, BH_EPOCH_UNKNOWN);
	assert_in_range(epoch_at(&bed, 630)->coverage_permille, 450, 500);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_EXIT), 0);
	assert_int_equal(bed_state(&bed)->occupied, BH_YES);
	bed_free(&bed);
}

static void a_moment_of_lateness_ends_nothing(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed, 0);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 600.05, BODY_G, 500, 500);
	bh_detect_deaf(bed.detect, bed_ns(600), bed_ns(604));
	bed_lie(&bed, 604, 900, BODY_G, 500, 500);
	assert_int_equal(bed_count(&bed, BH_EVENT_DATA_GAP), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_BED_OCCUPIED), 1);
	bed_expect_near(&bed, BH_EVENT_BED_OCCUPIED, 0, 100, -1, BED_LAG_S);
	bed_free(&bed);
}

/* Ten beats are counted from when somebody listens again. */
static void a_mat_that_died_meanwhile_is_silent(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed, 0);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	bed_lie(&bed, 100, 600.05, BODY_G, 500, 500);
	bh_detect_deaf(bed.detect, bed_ns(600), bed_ns(603));
	bh_detect_advance(bed.detect, bed_ns(607));
	assert_int_equal(bed_count(&bed, BH_EVENT_SENSOR_FAULT), 0);
	/* In bed is not known any more after five seconds without a reading: an empty mat's patience. */
	bh_detect_advance(bed.detect, bed_ns(634));
	assert_int_equal(bed_expect(&bed, BH_EVENT_SENSOR_FAULT, 0, 603, -1)->value,
			 BH_FAULT_SILENT);
	bed_free(&bed);
}

static void pads_wait_for_a_late_hub(void **unused)
{
	struct bh_mat mat;
	struct bed bed;

	(void)unused;
	bed_make(&bed, bed_two_pads(&mat), 0, &plain);
	bed_press(&bed, 0, "", BH_LOAD_FULL);
	bed_press(&bed, 60, "trunk legs", BH_LOAD_FULL);
	bh_detect_deaf(bed.detect, bed_ns(1000), bed_ns(1100));
	/* An edge of that time comes late, and counts when it was. */
	bed_press(&bed, 1050, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1100));
	assert_int_equal(bed_count(&bed, BH_EVENT_DATA_GAP), 0);
	bed_expect(&bed, BH_EVENT_BED_OCCUPIED, 0, 60, 1050);
	bed_free(&bed);
}

static void warm(struct bed *bed, double at_s, enum bh_fault fault)
{
	bed->frame.temp[BH_TEMP_LEFT] = (struct bh_temperature){
		.mdegc = fault == BH_FAULT_NONE ? 33000 : BH_TEMP_UNKNOWN,
		.mono_ns = bed_ns(at_s),
		.fault = fault,
		.sensor = 1,
	};
	bed->frame.mono_ns = bed_ns(at_s);
	bed->frame.changed = BH_PART_TEMPERATURE;
	assert_int_equal(bh_detect_frame(bed->detect, &bed->frame), 0);
}

static void lose_mat(struct bed *bed, double at_s)
{
	bed->frame.mat_fault = BH_FAULT_GONE;
	bed_frame(bed, at_s);
	bed->frame.mat_fault = BH_FAULT_NONE;
}

static void a_bed_without_any_reading_has_a_gap(void **unused)
{
	struct bed bed;

	(void)unused;
	cells(&bed, BH_CAN_TEMP_LEFT);
	bed_lie(&bed, 0, 100, 0, 500, 500);
	warm(&bed, 100, BH_FAULT_NONE);
	lose_mat(&bed, 110);
	bh_detect_advance(bed.detect, bed_ns(200));
	assert_int_equal(bed_count(&bed, BH_EVENT_DATA_GAP), 0); /* the thermometer still speaks */
	warm(&bed, 200, BH_FAULT_GONE);
	bh_detect_advance(bed.detect, bed_ns(229));
	assert_int_equal(bed_count(&bed, BH_EVENT_DATA_GAP), 0);
	bh_detect_advance(bed.detect, bed_ns(231));
	bed_expect_near(&bed, BH_EVENT_DATA_GAP, 0, 199, -1, 1);
	warm(&bed, 5000, BH_FAULT_NONE);
	bed_expect_near(&bed, BH_EVENT_DATA_GAP, 0, 199, 5000, 1);
	assert_int_equal(bed_count(&bed, BH_EVENT_DATA_GAP), 1);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mat_in_use_is_silent_after_ten_of_its_beats),
		cmocka_unit_test(an_empty_mat_may_be_read_seldom),
		cmocka_unit_test(a_late_hub_is_no_silent_mat),
		cmocka_unit_test(a_moment_of_lateness_ends_nothing),
		cmocka_unit_test(a_mat_that_died_meanwhile_is_silent),
		cmocka_unit_test(pads_wait_for_a_late_hub),
		cmocka_unit_test(a_bed_without_any_reading_has_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
