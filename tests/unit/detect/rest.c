/* SPDX-License-Identifier: MIT */
/* Quiet and restless, from movement; and what both do at their boundaries. */
#include "hub/detect/rest.h"
#include "tests/unit/detect/bed.h"

static const struct bh_detect_config plain = { .bed = 0 };

/* In bed since 100, body still. */
static void sleeper(struct bed *bed)
{
	struct bh_mat mat;

	bed_make(bed, bed_two_pads(&mat), 0, &plain);
	bed_press(bed, 0, "", BH_LOAD_FULL);
	bed_press(bed, 100, "trunk legs", BH_LOAD_FULL);
}

/* One movement of a leg: the pad opens and closes within a second. */
static void kick(struct bed *bed, double at_s)
{
	bed_press(bed, at_s, "trunk", BH_LOAD_FULL);
	bed_press(bed, at_s + 0.4, "trunk legs", BH_LOAD_FULL);
}

static void five_minutes_without_movement_are_quiet(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	bh_detect_advance(bed.detect, bed_ns(399));
	assert_int_equal(bed_count(&bed, BH_EVENT_QUIET), 0);
	bh_detect_advance(bed.detect, bed_ns(401));
	bed_expect(&bed, BH_EVENT_QUIET, 0, 100, -1);
	bed_free(&bed);
}

static void nine_moving_seconds_in_five_minutes_stay_quiet_ten_do_not(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	for (int i = 0; i < 9; i++)
		kick(&bed, 500.2 + i * 30); /* seconds 500 to 740 */
	bh_detect_advance(bed.detect, bed_ns(799));
	bed_expect(&bed, BH_EVENT_QUIET, 0, 100, -1);
	kick(&bed, 799.2); /* the tenth, and the first has not left the five minutes */
	bh_detect_advance(bed.detect, bed_ns(800));
	bed_expect(&bed, BH_EVENT_QUIET, 0, 100, 500);
	/* Quiet again once they hold fewer than ten, from their beginning. */
	bh_detect_advance(bed.detect, bed_ns(801));
	bed_expect(&bed, BH_EVENT_QUIET, 1, 501, -1);
	bed_free(&bed);
}

static void three_busy_minutes_of_five_are_restless(void **unused)
{
	const struct bh_event *event;
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	for (int minute = 0; minute < 2; minute++)
		for (int i = 0; i < 6; i++)
			kick(&bed, 600.2 + minute * 60 + i * 10);
	bh_detect_advance(bed.detect, bed_ns(719));
	assert_int_equal(bed_count(&bed, BH_EVENT_RESTLESS), 0);
	for (int i = 0; i < 6; i++)
		kick(&bed, 720.2 + i * 10);
	bh_detect_advance(bed.detect, bed_ns(790));
	bed_expect(&bed, BH_EVENT_RESTLESS, 0, 600, -1);
	assert_int_equal(bed_state(&bed)->restless, BH_YES);
	/* Ends with five quiet minutes, at their beginning: the last kick was in second 770. */
	bh_detect_advance(bed.detect, bed_ns(1070));
	bed_expect(&bed, BH_EVENT_RESTLESS, 0, 600, -1);
	bh_detect_advance(bed.detect, bed_ns(1071));
	event = bed_expect(&bed, BH_EVENT_RESTLESS, 0, 600, 771);
	assert_int_equal(event->value, 18 * 1000 / 171);
	/* Pads that show no movement do not show stillness; of an empty bed it is known. */
	assert_int_equal(bed_state(&bed)->restless, BH_UNKNOWN);
	bed_press(&bed, 1100, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(1200));
	assert_int_equal(bed_state(&bed)->restless, BH_NO);
	bed_free(&bed);
}

static void five_movements_a_minute_are_not_restless(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	for (int i = 0; i < 100; i++)
		kick(&bed, 600.2 + i * 12);
	bh_detect_advance(bed.detect, bed_ns(3000));
	assert_int_equal(bed_count(&bed, BH_EVENT_RESTLESS), 0);
	bed_free(&bed);
}

static void take_restless(void *ctx, const struct bh_record *record)
{
	struct bh_event *restless = ctx;

	if (record->kind == BH_RECORD_EVENT && record->u.event.type == BH_EVENT_RESTLESS)
		*restless = record->u.event;
}

/* Ten minutes with so many moving seconds each, then twenty with fewer. */
static struct bh_event restless_of(bool exact, unsigned int busy, unsigned int after)
{
	struct bh_event restless = { .start_ns = BH_MONO_NONE, .end_ns = BH_MONO_NONE };
	struct bh_sink sink = { .put = take_restless, .ctx = &restless };
	struct bh_body body = { .readable = true, .on = true, .lying = true };
	struct bh_emit emit;
	struct bh_rest rest;

	bh_emit_init(&emit, 0, &sink);
	bh_rest_init(&rest, exact);
	for (int s = 0; s < 30 * 60; s++) {
		emit.now_ns = (s + 1) * BH_NS_PER_S;
		bh_rest_tick(&rest, &body, 0, s % 60 < (int)(s < 600 ? busy : after), &emit);
	}
	return restless;
}

/* A mat that weighs hears a movement for longer than it lasts. */
static void a_mat_that_weighs_needs_two_seconds_more(void **unused)
{
	(void)unused;
	assert_int_equal(restless_of(true, 5, 0).start_ns, BH_MONO_NONE);
	assert_int_equal(restless_of(true, 6, 0).start_ns, 0);
	assert_int_equal(restless_of(false, 7, 0).start_ns, BH_MONO_NONE);
	assert_int_equal(restless_of(false, 8, 0).start_ns, 0);
	/* And so to go on: the last minute with so many ends with the first seconds of the fewer. */
	assert_int_equal(restless_of(true, 6, 1).end_ns, 601 * BH_NS_PER_S);
	assert_int_equal(restless_of(true, 6, 2).end_ns, BH_MONO_NONE);
	assert_int_equal(restless_of(false, 8, 3).end_ns, 603 * BH_NS_PER_S);
	assert_int_equal(restless_of(false, 8, 4).end_ns, BH_MONO_NONE);
}

static void leaving_ends_what_was_going_on(void **unused)
{
	struct bed bed;

	(void)unused;
	sleeper(&bed);
	for (int i = 0; i < 30; i++)
		kick(&bed, 600.2 + i * 8);
	bed_press(&bed, 850, "", BH_LOAD_FULL);
	bh_detect_advance(bed.detect, bed_ns(900));
	assert_non_null(bed_event(&bed, BH_EVENT_RESTLESS, 0));
	assert_int_equal(bed_event(&bed, BH_EVENT_RESTLESS, 0)->end_ns, bed_ns(850));
	bed_expect(&bed, BH_EVENT_LYING, 0, 100, 850);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_minutes_without_movement_are_quiet),
		cmocka_unit_test(nine_moving_seconds_in_five_minutes_stay_quiet_ten_do_not),
		cmocka_unit_test(three_busy_minutes_of_five_are_restless),
		cmocka_unit_test(five_movements_a_minute_are_not_restless),
		cmocka_unit_test(a_mat_that_weighs_needs_two_seconds_more),
		cmocka_unit_test(leaving_ends_what_was_going_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
