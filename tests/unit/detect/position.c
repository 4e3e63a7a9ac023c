/* SPDX-License-Identifier: MIT */
/* Position and position_change of someone who lies on a matrix, at their boundaries. */
#include "tests/unit/detect/bed.h"
#include "tests/unit/detect/lying_body.h"

static const struct bh_detect_config plain = { .bed = 0 };

static void make(struct bed *bed, int rows, int cols)
{
	static struct bh_mat mat;

	memset(&mat, 0, sizeof(mat));
	bh_mat_lay_out_matrix(&mat, (uint16_t)rows, (uint16_t)cols);
	bed_make(bed, &mat, 0, &plain);
}

/* Twice a second from one time to another (excluded). */
static void lie(struct bed *bed, double from_s, double to_s, enum bh_position position)
{
	body_lie(&bed->mat, position, 0, 0, 100, bed->frame.load);
	for (double at_s = from_s; at_s < to_s - 0.001; at_s += 0.5)
		bed_frame(bed, at_s);
}

/* On the back from 100. */
static void sleeper(struct bed *bed)
{
	make(bed, 16, 8);
	lie(bed, 0, 100, BH_POSITION_EMPTY);
	lie(bed, 100, 200, BH_POSITION_SUPINE);
}

static void a_position_opens_with_its_value(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	event = bed_event(&bed, BH_EVENT_POSITION, 0);
	assert_non_null(event);
	assert_int_equal(event->value, BH_POSITION_SUPINE);
	assert_int_equal(event->end_ns, BH_MONO_NONE);
	assert_true(event->start_ns >= bed_ns(100) && event->start_ns <= bed_ns(115));
	assert_true(event->confidence_permille > 0);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_SUPINE);
	/* The first position of a stay is not a change. */
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 0);
	bed_free(&bed);
}

static void a_turn_is_told_when_it_has_held_ten_seconds(void **unused)
{
	const struct bh_event *change, *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	lie(&bed, 200, 240, BH_POSITION_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 1);
	change = bed_event(&bed, BH_EVENT_POSITION_CHANGE, 0);
	assert_int_equal(change->value, BH_POSITION_LEFT);
	/* Between the turn and when the average of eight seconds shows it, known ten seconds after
	 * that: the four that it takes at least are taken off. */
	assert_true(change->start_ns >= bed_ns(200) && change->start_ns <= bed_ns(208));
	assert_int_equal(change->detected_ns - change->start_ns, 14 * BH_NS_PER_S);
	event = bed_event(&bed, BH_EVENT_POSITION, 0);
	assert_int_equal(event->end_ns, change->start_ns);
	event = bed_event(&bed, BH_EVENT_POSITION, 1);
	assert_int_equal(event->start_ns, change->start_ns);
	assert_int_equal(event->value, BH_POSITION_LEFT);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_LEFT);
	bed_free(&bed);
}

static void the_first_position_is_not_dated_before_it_was_lain_in(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	make(&bed, 16, 8);
	lie(&bed, 0, 100, BH_POSITION_EMPTY);
	lie(&bed, 100, 200, BH_POSITION_LEFT);
	event = bed_event(&bed, BH_EVENT_POSITION, 0);
	assert_true(event->start_ns >= bed_ns(100));
	bed_free(&bed);
}

static void sixteen_zones_tell_each_position(void **unused)
{
	static const enum bh_position all[] = { BH_POSITION_SUPINE, BH_POSITION_LEFT,
						BH_POSITION_RIGHT };
	struct bed bed;

	(void)unused;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		make(&bed, 4, 4);
		lie(&bed, 0, 100, BH_POSITION_EMPTY);
		lie(&bed, 100, 200, all[i]);
		assert_int_equal(bed_state(&bed)->position, all[i]);
		bed_free(&bed);
	}
}

/* The average begins anew after the gap: there is no lag to take off. */
static void a_turn_behind_a_gap_is_not_dated_into_it(void **unused)
{
	const struct bh_event *change;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	lie(&bed, 200, 204, BH_POSITION_EMPTY);
	lie(&bed, 204, 260, BH_POSITION_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 1);
	change = bed_event(&bed, BH_EVENT_POSITION_CHANGE, 0);
	assert_true(change->start_ns >= bed_ns(203.5));
	bed_free(&bed);
}

static void a_short_roll_is_no_change(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	lie(&bed, 200, 209, BH_POSITION_RIGHT);
	lie(&bed, 209, 260, BH_POSITION_SUPINE);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION), 1);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_SUPINE);
	bed_free(&bed);
}

static void leaving_ends_it_and_returning_is_no_change(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	lie(&bed, 200, 300, BH_POSITION_EMPTY);
	event = bed_expect(
		&bed, BH_EVENT_POSITION, 0,
		(double)(bed_event(&bed, BH_EVENT_POSITION, 0)->start_ns - BED_START_NS) / 1e9,
		200);
	assert_int_equal(event->end_cause, BH_END_NORMAL);
	lie(&bed, 300, 400, BH_POSITION_LEFT);
	assert_int_equal(bed_event(&bed, BH_EVENT_POSITION, 1)->value, BH_POSITION_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 0);
	bed_free(&bed);
}

static void a_fault_ends_it_where_the_mat_was_last_good(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bed.frame.mat_fault = BH_FAULT_BUS;
	for (int i = 0; i < 20; i++)
		bed_frame(&bed, 200 + i);
	event = bed_event(&bed, BH_EVENT_POSITION, 0);
	assert_int_equal(event->end_cause, BH_END_FAULT);
	assert_int_equal(event->end_ns, bed_ns(200));
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_UNKNOWN);
	bed_free(&bed);
}

static void too_few_zones_say_lying_and_no_more(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed, 3, 4);
	lie(&bed, 0, 100, BH_POSITION_EMPTY);
	lie(&bed, 100, 300, BH_POSITION_LEFT);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION), 0);
	assert_int_equal(bed_count(&bed, BH_EVENT_POSITION_CHANGE), 0);
	assert_int_equal(bed_state(&bed)->position, BH_POSITION_LYING);
	bed_free(&bed);
}

static void epochs_show_the_position(void **unused)
{
	bool seen = false;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	lie(&bed, 200, 400, BH_POSITION_RIGHT);
	for (size_t i = 0; i < bed.n; i++)
		if (bed.records[i].kind == BH_RECORD_EPOCH &&
		    bed.records[i].u.epoch.start_ns == bed_ns(300)) {
			assert_int_equal(bed.records[i].u.epoch.position, BH_POSITION_RIGHT);
			seen = true;
		}
	assert_true(seen);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_position_opens_with_its_value),
		cmocka_unit_test(a_turn_is_told_when_it_has_held_ten_seconds),
		cmocka_unit_test(the_first_position_is_not_dated_before_it_was_lain_in),
		cmocka_unit_test(sixteen_zones_tell_each_position),
		cmocka_unit_test(a_turn_behind_a_gap_is_not_dated_into_it),
		cmocka_unit_test(a_short_roll_is_no_change),
		cmocka_unit_test(leaving_ends_it_and_returning_is_no_change),
		cmocka_unit_test(a_fault_ends_it_where_the_mat_was_last_good),
		cmocka_unit_test(too_few_zones_say_lying_and_no_more),
		cmocka_unit_test(epochs_show_the_position),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
