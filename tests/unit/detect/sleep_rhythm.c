/* SPDX-License-Identifier: MIT */
/* Sleep of a night whose legs move: what a rhythm explains, and when the night begins. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/core/mat.h"
#include "hub/detect/night_summary.h"

#include <stdlib.h>

#define HOURS 3
#define EPOCHS (HOURS * 120)
#define EPOCH_S 30
#define COUNTS_PER_S 5
/* What a movement shakes beyond itself, before and after. */
#define EDGE_S 1

static struct bh_past_epoch epochs[EPOCHS];
static struct bh_past_event events[1000];
static struct bh_sleep_night scored;
static struct bh_past_night past;

static void begin_night(uint32_t capabilities, int32_t load_permille)
{
	past = (struct bh_past_night){
		.night = { .start_ms = 0, .end_ms = 86400000 },
		.capabilities = BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT | capabilities,
		.events = events,
		.n_events = 1,
		.epochs = epochs,
		.n_epochs = EPOCHS,
	};
	events[0] = (struct bh_past_event){ .type = BH_EVENT_BED_OCCUPIED,
					    .end_ms = HOURS * 3600000 };
	for (int i = 0; i < EPOCHS; i++)
		epochs[i] = (struct bh_past_epoch){
			.start_ms = i * EPOCH_S * 1000,
			.epoch = { .coverage_permille = 1000,
				   .occupied_permille = 1000,
				   .load_permille = load_permille },
		};
}

/* Someone on a mat that tells legs. */
static void begin(void)
{
	begin_night(BH_CAN_LEG_MOVEMENT | BH_CAN_LOAD, 1000);
}

/* Seconds of the epochs alone. */
static void shake(int from_s, int n)
{
	for (int s = from_s; s < from_s + n; s++)
		epochs[s / EPOCH_S].epoch.activity += COUNTS_PER_S;
}

static void move(enum bh_event_type type, int from_s, int n)
{
	events[past.n_events++] = (struct bh_past_event){ .type = type,
							  .start_ms = from_s * 1000 + 500,
							  .end_ms = (from_s + n) * 1000 + 500 };
	shake(from_s - EDGE_S, n + 2 * EDGE_S);
}

static void move_legs(int from_s, int n, int every_s)
{
	for (int i = 0; i < n; i++)
		move(BH_EVENT_LEG_MOVEMENT, from_s + i * every_s, 3);
}

static void score(void)
{
	struct bh_leg_movement *legs;
	size_t n;

	assert_int_equal(bh_night_legs(&past, &legs, &n), 0);
	assert_int_equal(bh_sleep_score(&past, legs, n, &scored), 0);
	free(legs);
}

static int count(enum bh_sleep sleep, int from_min, int to_min)
{
	int n = 0;

	for (int i = from_min; i < to_min; i++)
		n += scored.minute[i] == sleep;
	return n;
}

static void legs_in_a_rhythm_do_not_wake(void **unused)
{
	(void)unused;
	begin();
	move_legs(3600, 60, 25);
	score();
	assert_int_equal(count(BH_SLEEP_ASLEEP, 0, 180), 180);
	/* The same seconds of movement that no leg explains. */
	begin();
	for (int i = 0; i < 60; i++)
		shake(3600 + i * 25 - EDGE_S, 3 + 2 * EDGE_S);
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 60, 84), 24);
}

/* Three movements are no rhythm. */
static void three_movements_wake(void **unused)
{
	(void)unused;
	begin();
	move_legs(3600, 3, 10);
	score();
	assert_true(count(BH_SLEEP_AWAKE, 60, 62) > 0);
	begin();
	move_legs(3600, 4, 10);
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 60, 62), 0);
}

/* A movement that was taken for two, or one in between, ends no rhythm: what AASM's rules leave out. */
static void a_doubled_movement_ends_no_rhythm(void **unused)
{
	(void)unused;
	begin();
	for (int i = 0; i < 30; i++) {
		move(BH_EVENT_LEG_MOVEMENT, 3600 + i * 25, 3);
		if (i % 3 == 2)
			move(BH_EVENT_LEG_MOVEMENT, 3600 + i * 25 + 8, 3);
	}
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 60, 74), 0);
}

static void a_turn_within_a_series_does_not_wake(void **unused)
{
	(void)unused;
	begin();
	move_legs(3600, 12, 40);
	move(BH_EVENT_LARGE_MOVEMENT, 3600 + 6 * 40 + 12, 10);
	/* The same one later, in no series. */
	move(BH_EVENT_LARGE_MOVEMENT, 9012, 10);
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 60, 70), 0);
	assert_true(count(BH_SLEEP_AWAKE, 149, 152) > 0);
}

/* Strips hear legs that epochs do not count: what else moved in those minutes stays. */
static void faint_legs_do_not_hide_a_turn(void **unused)
{
	(void)unused;
	begin();
	for (int i = 0; i < 60; i++) {
		move(BH_EVENT_LEG_MOVEMENT, 3600 + i * 25, 3);
		if (i == 10)
			move(BH_EVENT_LARGE_MOVEMENT, 3600 + i * 25 + 8, 12);
	}
	for (int i = 0; i < EPOCHS; i++)
		epochs[i].epoch.activity = 0;
	shake(3600 + 10 * 25 + 8 - EDGE_S, 12 + 2 * EDGE_S);
	score();
	assert_int_equal(scored.minute[64], BH_SLEEP_AWAKE);
	assert_int_equal(count(BH_SLEEP_ASLEEP, 66, 180), 114);
}

/* Lying awake: a restless minute every six, still between. */
static void stillness_between_is_not_sleep_yet(void **unused)
{
	(void)unused;
	begin();
	for (int minute = 0; minute < 48; minute += 6)
		shake(minute * 60, 40);
	score();
	assert_int_equal(count(BH_SLEEP_ASLEEP, 0, 42), 0);
	assert_int_equal(count(BH_SLEEP_ASLEEP, 60, 180), 120);
	/* Sixteen minutes apart there are ten of sleep in between. */
	begin();
	for (int minute = 0; minute < 48; minute += 16)
		shake(minute * 60, 40);
	score();
	assert_true(count(BH_SLEEP_ASLEEP, 0, 42) > 20);
}

/* Before sleep legs move in clusters (Michaud 2001); a long series is sleep. */
static void clusters_before_sleep_are_wake(void **unused)
{
	(void)unused;
	begin();
	for (int i = 0; i < 10; i++)
		move_legs(60 + i * 300, 4, 12);
	score();
	assert_int_equal(count(BH_SLEEP_ASLEEP, 0, 45), 0);
	begin();
	move_legs(60, 120, 24);
	score();
	assert_true(count(BH_SLEEP_ASLEEP, 0, 45) >= 43);
}

/* Pads feel a sixth: three seconds of them are twelve of a mat that weighs. */
static void pads_feel_less(void **unused)
{
	(void)unused;
	begin_night(0, BH_EPOCH_UNKNOWN);
	shake(5400, 4);
	score();
	assert_int_equal(scored.minute[90], BH_SLEEP_AWAKE);
	begin();
	shake(5400, 4);
	score();
	assert_int_equal(scored.minute[90], BH_SLEEP_ASLEEP);
	/* A mat that weighs and lost its legs to a fault still weighs. */
	begin_night(BH_CAN_LOAD, 1000);
	shake(5400, 4);
	score();
	assert_int_equal(scored.minute[90], BH_SLEEP_ASLEEP);
}

/* Movements shake one mat longer than another: what is usual this night is no wakefulness. */
static void a_mat_has_a_scale_of_its_own(void **unused)
{
	(void)unused;
	begin();
	for (int minute = 20; minute < 140; minute += 5)
		shake(minute * 60, 1);
	shake(9000, 5);
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 0, 180), 1);
	assert_int_equal(scored.minute[150], BH_SLEEP_AWAKE);
	begin();
	for (int minute = 20; minute < 140; minute += 5)
		shake(minute * 60, 7);
	shake(9000, 5);
	shake(9600, 11);
	score();
	assert_int_equal(count(BH_SLEEP_AWAKE, 0, 180), 1);
	assert_int_equal(scored.minute[160], BH_SLEEP_AWAKE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(legs_in_a_rhythm_do_not_wake),
		cmocka_unit_test(three_movements_wake),
		cmocka_unit_test(a_doubled_movement_ends_no_rhythm),
		cmocka_unit_test(a_turn_within_a_series_does_not_wake),
		cmocka_unit_test(faint_legs_do_not_hide_a_turn),
		cmocka_unit_test(stillness_between_is_not_sleep_yet),
		cmocka_unit_test(clusters_before_sleep_are_wake),
		cmocka_unit_test(pads_feel_less),
		cmocka_unit_test(a_mat_has_a_scale_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
