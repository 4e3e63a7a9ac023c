/* SPDX-License-Identifier: MIT */
/* A night whose hours are known, and where it must show on a terminal of a known width. */
#include "hub/cli/timeline.h"
#include "hub/cli/tracks.h"
#include "hub/core/time_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define H (3600 * BH_MS_PER_S)
#define MIN (60 * BH_MS_PER_S)
#define EPOCH_MS (30 * BH_MS_PER_S)
/* 2026-01-05 22:00 UTC: in bed until 06:00. */
#define EVENING INT64_C(1767650400000)
#define N_EPOCHS (8 * 120)
/* 15 columns of labels, 17 for the sums, and ten for each of the eight hours. */
#define WIDTH (15 + 80 + 17)
#define LABEL 15

static struct bh_past_epoch epochs[N_EPOCHS];
static struct bh_past_event events[8];
static struct bh_past_night past;
static struct bh_timeline timeline;
static char *text;
static size_t length;

static struct bh_past_event event(enum bh_event_type type, enum bh_side side, int64_t from_ms,
				  int64_t to_ms)
{
	return (struct bh_past_event){ .type = type,
				       .side = side,
				       .start_ms = EVENING + from_ms,
				       .end_ms = to_ms == 0 ? BH_WALL_UNKNOWN : EVENING + to_ms };
}

static int make_night(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	tzset();
	for (int i = 0; i < N_EPOCHS; i++) {
		struct bh_epoch *epoch = &epochs[i].epoch;

		epochs[i].start_ms = EVENING + i * EPOCH_MS;
		*epoch = (struct bh_epoch){ .position = i < N_EPOCHS / 2 ? BH_POSITION_SUPINE :
									   BH_POSITION_LEFT,
					    .coverage_permille = 1000,
					    .occupied_permille = 1000,
					    .temp_mdegc = { 30000, 34000, BH_EPOCH_UNKNOWN } };
		/* The third hour is restless, in the seventh the mat was gone. */
		epoch->moving_permille = i / 120 == 2 ? 800 : 0;
		if (i / 120 == 6) {
			epoch->coverage_permille = 0;
			epoch->moving_permille = BH_EPOCH_UNKNOWN;
		}
	}
	events[0] = event(BH_EVENT_BED_OCCUPIED, BH_SIDE_UNKNOWN, 0, 4 * H);
	events[1] = event(BH_EVENT_RESTLESS, BH_SIDE_UNKNOWN, 2 * H, 3 * H);
	events[2] = event(BH_EVENT_LEGS_OVER_EDGE, BH_SIDE_RIGHT, H, H + 30 * MIN);
	events[3] = event(BH_EVENT_BED_EXIT, BH_SIDE_UNKNOWN, 4 * H, 5 * H);
	events[4] = event(BH_EVENT_BED_OCCUPIED, BH_SIDE_UNKNOWN, 5 * H, 8 * H);
	/* Getting up is no time out of bed. */
	events[5] = event(BH_EVENT_BED_EXIT, BH_SIDE_UNKNOWN, 8 * H, 0);
	past = (struct bh_past_night){
		.night = { .date = 20260105,
			   .first_enter_ms = EVENING,
			   .last_exit_ms = EVENING + 8 * H,
			   .in_bed_min = 420,
			   .restless_min = 60,
			   .exits = 1,
			   .legs_over_edge = 1,
			   .legs_over_edge_min = 30,
			   .position_changes = 1,
			   .leg_movements = BH_EPOCH_UNKNOWN,
			   .temp_left_mdegc = 30000,
			   .temp_right_mdegc = 34000 },
		.events = events,
		.n_events = 6,
		.epochs = epochs,
		.n_epochs = N_EPOCHS,
		.capabilities = BH_CAN_ALL,
	};
	timeline = (struct bh_timeline){ .past = &past, .capabilities = BH_CAN_ALL, .bed = "Bedroom" };
	return 0;
}

static int drop_text(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

static void print(bool utf8, bool color)
{
	struct bh_cli_terminal terminal = { .utf8 = utf8, .color = color, .width = WIDTH };
	FILE *out;

	free(text);
	out = open_memstream(&text, &length);
	assert_non_null(out);
	bh_timeline_print(&timeline, &terminal, out);
	fclose(out);
}

/* The plot of the row called @p label, LABEL columns in. */
static const char *row(const char *label)
{
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, label, strlen(label)) == 0)
			return line + LABEL;
	}
	fail_msg("no row '%s' in\n%s", label, text);
	return "";
}

static void assert_columns(const char *label, int from, int to, char want)
{
	const char *cells = row(label);

	for (int c = from; c < to; c++)
		if (cells[c] != want)
			fail_msg("%s: column %d is '%c', not '%c' in\n%s", label, c, cells[c], want,
				 text);
}

static void test_rows(void **state)
{
	(void)state;
	print(false, false);
	assert_non_null(strstr(text, "Bedroom | night of Monday"));
	assert_non_null(strstr(text, "22:00 to 06:00"));
	assert_columns("in bed", 0, 40, '#');
	assert_columns("in bed", 40, 50, ' ');
	assert_columns("in bed", 50, 60, '#');
	/* No mat is not an empty bed. */
	assert_columns("in bed", 60, 70, '?');
	assert_columns("in bed", 70, 80, '#');
	assert_non_null(strstr(row("in bed"), " 7 h 00 min"));
	assert_columns("out of bed", 40, 41, 'v');
	assert_columns("out of bed", 41, 60, ' ');
	assert_columns("out of bed", 70, 80, ' ');
	assert_columns("legs over edge", 10, 11, 'R');
	assert_columns("legs over edge", 11, 15, '#');
	assert_columns("legs over edge", 15, 60, ' ');
	assert_columns("legs over edge", 70, 80, ' ');
	assert_non_null(strstr(row("legs over edge"), " 1x, 30 min"));
	assert_columns("restless", 20, 30, '#');
	assert_columns("restless", 30, 60, ' ');
	assert_columns("restless", 70, 80, ' ');
	assert_columns("position", 0, 40, 'S');
	assert_columns("position", 40, 60, 'L');
	assert_columns("position", 70, 80, 'L');
	assert_columns("movement", 0, 20, '.');
	assert_columns("movement", 20, 30, '#');
	assert_columns("movement", 40, 50, ' ');
	assert_columns("movement", 60, 70, '?');
	assert_columns("left leg", 0, 80, '.');
	assert_columns("right leg", 0, 80, '#');
	assert_non_null(strstr(row("right leg"), " 34.0 C"));
}

/* Where the mat was gone nobody knows of anything, and a blank would say that there was none. */
static void test_unseen_is_not_none(void **state)
{
	static const char *const rows[] = { "in bed", "out of bed", "legs over edge", "position",
					    "restless", "movement" };

	(void)state;
	print(false, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_columns(rows[i], 60, 70, '?');
	/* In bed, and the mat could not say how: the third hour. */
	for (int i = 240; i < 360; i++)
		epochs[i].epoch.position = BH_POSITION_UNKNOWN;
	print(false, false);
	assert_columns("position", 20, 30, '?');
	assert_columns("position", 30, 40, 'S');
}

/* Somebody seemed to sit there, and it was a pad that had stuck. */
static void test_what_was_taken_back_is_not_drawn(void **state)
{
	(void)state;
	events[6] = event(BH_EVENT_LEGS_OVER_EDGE, BH_SIDE_LEFT, 3 * H, 3 * H);
	events[6].end_cause = BH_END_FAULT;
	past.n_events = 7;
	print(false, false);
	assert_columns("legs over edge", 10, 11, 'R');
	assert_columns("legs over edge", 15, 60, ' ');
}

/* For the second half of the fourth hour a pad stuck: its epochs say "in bed" still, and what they say was
 * taken back. */
static void test_time_that_was_taken_back_is_not_known(void **state)
{
	static const char *const rows[] = { "in bed", "out of bed", "legs over edge", "position",
					    "restless", "movement" };

	(void)state;
	events[0].end_ms = EVENING + 3 * H + 30 * MIN;
	events[0].end_cause = BH_END_FAULT;
	print(false, false);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_columns(rows[i], 35, 40, '?');
	assert_columns("in bed", 30, 35, '#');
	assert_columns("restless", 30, 35, ' ');
	assert_columns("position", 30, 35, 'S');
	/* Thermometers are no pads. */
	assert_columns("left leg", 35, 40, '.');
}

/* A sensor that failed for the night: the bed could tell, this night could not. */
static void test_a_sensor_that_failed_is_not_none(void **state)
{
	(void)state;
	past.capabilities &= ~(uint32_t)BH_CAN_LEGS;
	past.night.legs_over_edge = past.night.legs_over_edge_min = BH_EPOCH_UNKNOWN;
	events[6] = event(BH_EVENT_SENSOR_FAULT, BH_SIDE_UNKNOWN, 0, 8 * H);
	past.n_events = 7;
	print(false, false);
	assert_columns("legs over edge", 0, 10, '?');
	assert_columns("legs over edge", 15, 80, '?');
	assert_memory_equal(row("legs over edge") + 80, " not known", 10);
	assert_columns("restless", 0, 20, ' ');
	/* Not as hours of anything. */
	assert_columns("sensor fault", 0, 80, '!');
	assert_non_null(strstr(text, "sensor fault   ! a sensor did not work"));
}

/* L is an edge of the bed in one row and a side of the body in the other: each says so itself. */
static void test_every_row_has_its_legend(void **state)
{
	(void)state;
	print(false, false);
	assert_non_null(strstr(text, "\nlegs over edge where it begins L, R: over the left or right edge of"));
	assert_non_null(strstr(text, "\nposition       S on the back (supine), L on the left side"));
	assert_non_null(strstr(text, "\nevery row      ? not known; a blank is none"));
	assert_null(strstr(text, "\nsensor fault"));
	timeline.capabilities &= ~(uint32_t)(BH_CAN_POSTURE | BH_CAN_LEGS);
	print(false, false);
	assert_null(strstr(text, "\nposition"));
	assert_null(strstr(text, "\nlegs over edge"));
}

static void test_plain(void **state)
{
	(void)state;
	print(false, false);
	for (size_t i = 0; i < length; i++)
		assert_true(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
}

static void test_hours(void **state)
{
	const char *hours;

	(void)state;
	print(false, false);
	hours = strstr(text, "22 ");
	assert_non_null(hours);
	assert_memory_equal(hours + 20, "00", 2);
	assert_memory_equal(hours + 70, "05", 2);
}

static void test_colors(void **state)
{
	(void)state;
	print(true, false);
	assert_null(strchr(text, '\x1b'));
	assert_non_null(strstr(text, "█"));
	print(true, true);
	assert_non_null(strstr(text, "\x1b[38;5;"));
}

/* What the bed cannot tell has no row, rather than an empty one. */
static void test_capabilities(void **state)
{
	(void)state;
	timeline.capabilities = BH_CAN_OCCUPANCY;
	print(false, false);
	assert_null(strstr(text, "\nlegs over edge"));
	assert_null(strstr(text, "\nposition"));
	assert_null(strstr(text, "\nrestless"));
	assert_null(strstr(text, "\nleft leg"));
	assert_columns("in bed", 0, 40, '#');
}

static void test_open_and_empty(void **state)
{
	(void)state;
	events[4].end_ms = BH_WALL_UNKNOWN;
	past.night.last_exit_ms = BH_WALL_UNKNOWN;
	print(false, false);
	assert_non_null(strstr(text, "22:00 to now"));
	assert_columns("in bed", 70, 80, '#');
	/* A gap hides when the bed was left. */
	events[4].end_ms = EVENING + 8 * H;
	print(false, false);
	assert_non_null(strstr(text, "22:00 to not known"));
	past.n_events = 0;
	past.night.first_enter_ms = BH_WALL_UNKNOWN;
	print(false, false);
	assert_non_null(strstr(text, "Nobody was seen in bed"));
}

/* Half-hour zones begin their hours at half past, UTC. */
static void test_half_hours(void **state)
{
	struct bh_scale scale;

	(void)state;
	setenv("TZ", "IST-5:30", 1);
	tzset();
	assert_true(bh_scale_fit(&past, 80, &scale));
	assert_int_equal(scale.from_ms, EVENING - 30 * MIN);
	assert_int_equal(scale.to_ms, EVENING + 8 * H + 30 * MIN);
	assert_int_equal(bh_scale_column(&scale, scale.from_ms - H), 0);
	assert_int_equal(bh_scale_column(&scale, scale.to_ms + H), 79);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rows, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_unseen_is_not_none, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_what_was_taken_back_is_not_drawn, make_night,
						drop_text),
		cmocka_unit_test_setup_teardown(test_time_that_was_taken_back_is_not_known,
						make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_a_sensor_that_failed_is_not_none, make_night,
						drop_text),
		cmocka_unit_test_setup_teardown(test_every_row_has_its_legend, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_plain, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_hours, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_colors, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_capabilities, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_open_and_empty, make_night, drop_text),
		cmocka_unit_test_setup_teardown(test_half_hours, make_night, drop_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
