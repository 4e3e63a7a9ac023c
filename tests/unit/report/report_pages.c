/* SPDX-License-Identifier: MIT */
/* What stands on the pages: where things lie in the drawings, what is unknown, what comes from outside. */
#include "tests/unit/report/sample.h"

#include "hub/core/time_types.h"
#include "hub/report/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sample sample;
static char *page;

static void show_night(void)
{
	free(page);
	page = sample_night_page(&sample);
}

static void show_period(void)
{
	free(page);
	page = sample_period_page(&sample);
}

static size_t count(const char *text)
{
	size_t n = 0;

	for (const char *at = strstr(page, text); at; at = strstr(at + 1, text))
		n++;
	return n;
}

/* The drawing whose title has this id, up to its end. */
static void track(const char *id, char *buf, size_t size)
{
	char title[64];
	const char *from, *to;

	snprintf(title, sizeof(title), "<title id=\"%s-t\">", id);
	from = strstr(page, title);
	assert_non_null(from);
	to = strstr(from, "</svg></div>");
	assert_non_null(to);
	snprintf(buf, size, "%.*s", (int)(to - from), from);
}

static void test_a_moment_lies_where_its_time_is(void **state)
{
	struct bh_scale_x scale = { .from_ms = 1000, .to_ms = 5000 };

	(void)state;
	assert_int_equal(bh_chart_x(&scale, 1000), 0);
	assert_int_equal(bh_chart_x(&scale, 2000), 25000);
	assert_int_equal(bh_chart_x(&scale, 5000), BH_CHART_WIDTH);
	assert_int_equal(bh_chart_x(&scale, 0), 0);
	assert_int_equal(bh_chart_x(&scale, INT64_MAX), BH_CHART_WIDTH);
}

/* 22:00 to 6:00 is the width: 8 hours, 480 minutes. */
static void test_events_lie_at_their_times(void **state)
{
	char legs[8192], exits[8192];

	(void)state;
	show_night();
	track("legs", legs, sizeof(legs));
	/* 0:00 to 0:12: from 120 of 480 minutes on, 12 of them wide. */
	assert_non_null(
		strstr(legs, "<rect class=\"legs\" x=\"25.000%\" y=\"0\" width=\"2.500%\""));
	assert_non_null(strstr(legs, "<text class=\"letter\" x=\"25.000%\" y=\"31\">L</text>"));
	/* Somebody whose right leg hurts sits on the left edge: no letter and no cell may look like a leg. */
	assert_non_null(strstr(page, "(L, R: the left or right edge of the bed, not a leg)"));
	assert_non_null(strstr(page, "<td>Legs hanging over the edge of the bed</td><td>left edge</td>"));
	assert_non_null(strstr(page, "<td>A sudden strong movement out of stillness</td><td>left leg</td>"));
	track("exits", exits, sizeof(exits));
	/* 2:00, six minutes: 240 of 480. */
	assert_non_null(
		strstr(exits, "<rect class=\"exit\" x=\"50.000%\" y=\"12\" width=\"1.250%\""));
	assert_non_null(
		strstr(page, "<rect class=\"restless\" x=\"6.250%\" y=\"2\" width=\"3.125%\""));
	/* The night's hours stand where they strike. */
	assert_non_null(strstr(page, "<text class=\"tick\" x=\"0.000%\" y=\"12\">22</text>"));
	assert_non_null(strstr(page, "<text class=\"tick\" x=\"25.000%\" y=\"12\">00</text>"));
	assert_non_null(strstr(page, "<text class=\"tick\" x=\"100.000%\" y=\"12\">06</text>"));
}

static void test_an_open_interval_lasts_to_the_end(void **state)
{
	char legs[8192];

	(void)state;
	sample_event(&sample, BH_EVENT_LEGS_OVER_EDGE, sample_at(28, 0), BH_WALL_UNKNOWN);
	show_night();
	track("legs", legs, sizeof(legs));
	assert_non_null(
		strstr(legs, "<rect class=\"legs\" x=\"75.000%\" y=\"0\" width=\"25.000%\""));
}

static void test_where_nobody_looked_is_hatched(void **state)
{
	char bed[8192];

	(void)state;
	show_night();
	track("bed", bed, sizeof(bed));
	assert_null(strstr(bed, "class=\"unknown\""));
	/* An hour without epochs from 3:00 on. */
	for (size_t i = 0; i < sample.past.n_epochs; i++)
		if (sample.epoch[i].start_ms >= sample_at(27, 0) &&
		    sample.epoch[i].start_ms < sample_at(28, 0))
			sample.epoch[i].start_ms = sample_at(40, 0);
	show_night();
	track("bed", bed, sizeof(bed));
	assert_non_null(
		strstr(bed, "<rect class=\"unknown\" x=\"62.500%\" y=\"0\" width=\"12.500%\""));
}

/* From 1:00 on a pad had stuck: the epochs up to 2:00 say "in bed" still, and it was taken back. */
static void test_time_that_was_taken_back_is_hatched(void **state)
{
	static const char *const tracks[] = { "bed", "legs", "position", "movement" };
	char text[16384];

	(void)state;
	assert_int_equal(sample.event[1].type, BH_EVENT_BED_OCCUPIED);
	sample.event[1].end_ms = sample_at(25, 0);
	sample.event[1].end_cause = BH_END_FAULT;
	show_night();
	for (size_t i = 0; i < sizeof(tracks) / sizeof(tracks[0]); i++) {
		track(tracks[i], text, sizeof(text));
		assert_non_null(strstr(
			text, "<rect class=\"unknown\" x=\"37.500%\" y=\"0\" width=\"12.500%\""));
	}
}

/* Tracks of things the bed cannot tell are not there; their numbers are not known, and not none. */
static void test_unknown_is_not_none(void **state)
{
	(void)state;
	sample.past.capabilities = BH_CAN_OCCUPANCY;
	sample.past.night.legs_over_edge = BH_EPOCH_UNKNOWN;
	sample.past.night.legs_over_edge_min = BH_EPOCH_UNKNOWN;
	sample.past.night.temp_left_mdegc = BH_EPOCH_UNKNOWN;
	sample.night.head.capabilities = BH_CAN_OCCUPANCY;
	sample.past.night.sleep.asleep_min = BH_EPOCH_UNKNOWN;
	show_night();
	assert_null(strstr(page, "id=\"legs-t\""));
	assert_non_null(strstr(page, "<dt>Legs over the edge</dt><dd>not known</dd>"));
	assert_non_null(strstr(page, "<dt>Asleep, at most</dt><dd>not known</dd>"));
	assert_null(strstr(page, "estimated from stillness"));
	assert_non_null(strstr(page, "not known / 31.5 °C"));
	assert_non_null(strstr(page, "<li>whether the legs are on the mat</li>"));
	assert_non_null(strstr(page, "<li>the true difference between the legs</li>"));
	/* With both thermometers a calibration is all it takes. */
	sample.night.head.capabilities |= BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	show_night();
	assert_non_null(strstr(page, "<li>the true difference between the legs: not yet, calibrate the "
				     "thermometers (<code>bedside calibrate thermometers</code>)</li>"));
}

/* An index without the hours it counts for says nothing. */
static void test_an_index_names_its_hours(void **state)
{
	(void)state;
	show_night();
	assert_non_null(strstr(page,
			       "<dt>Rhythmic, asleep</dt><dd>8 <small>1.1 an hour, of 7 h 00 min "
			       "asleep</small>"));
	assert_non_null(
		strstr(page, "<dd>7 h 00 min <small>of 8 h 00 min from getting in to getting up"));
	assert_non_null(strstr(page, "<dd>88 % <small>of the time known"));
	/* 20 until asleep, 420 asleep, 30 awake and 10 at the end are the 480. */
	assert_non_null(strstr(page, "<dt>Awake at the end</dt><dd>10 min <small>from last asleep to "
				     "getting up"));
	sample.past.night.sleep.unknown_min = 3;
	show_night();
	assert_non_null(strstr(page, "<dt>Awake at the end</dt><dd>not known"));
}

/* The night page's curve and the period page's columns, from the sample's numbers. */
static void test_temperatures_and_columns(void **state)
{
	char warmth[60000], legs[4096];

	(void)state;
	show_night();
	track("warmth", warmth, sizeof(warmth));
	/* 22:02:30, the middle of the first five of 480 minutes, is at 2.5 / 480 of the width. */
	assert_non_null(strstr(warmth, "class=\"warmth left\" vector-effect=\"non-scaling-stroke\" "
				       "points=\"520,"));
	assert_non_null(strstr(warmth, "<rect class=\"shade\" x=\"25.000%\""));
	show_period();
	track("t-legs", legs, sizeof(legs));
	assert_non_null(strstr(legs, "1 of 1 nights known: from 12 min to 12 min, median 12 min."));
	assert_non_null(strstr(legs, "<rect class=\"legs\" x=\"0.000%\""));
	track("t-pattern", legs, sizeof(legs));
	assert_non_null(strstr(legs, ">C</text>"));
	/* On the strip: from 22:00 to 6:00 as on the night page. */
	track("night-20261121", legs, sizeof(legs));
	assert_non_null(
		strstr(legs, "<rect class=\"legs\" x=\"25.000%\" y=\"0\" width=\"2.500%\""));
}

/* Two nights: pain 6 in the left leg and 2 in both on the second, nothing noted on the first. */
static void test_pain_by_leg(void **state)
{
	static const struct bh_diary_item noted[] = {
		{ .key = "urge", .value = "9", .side = BH_SIDE_LEFT },
		{ .key = "pain", .value = "6", .side = BH_SIDE_LEFT },
		{ .key = "pain", .value = "2", .side = BH_SIDE_BOTH },
	};
	char text[4096];

	(void)state;
	sample.row[1] = sample.row[0];
	sample.period.n_rows = 2;
	show_period();
	assert_null(strstr(page, "Pain noted"));
	assert_non_null(strstr(page, "Nobody noted leg pain in the diary of these nights, which does not "
				     "mean that there was none."));
	sample.row[1].diary = noted;
	sample.row[1].n_diary = 3;
	show_period();
	assert_null(strstr(page, "Nobody noted leg pain"));
	track("t-pain-left", text, sizeof(text));
	assert_non_null(strstr(text, "1 of 2 nights known: from 6 to 6, median 6."));
	/* The night without an entry is hatched; 6 of 10 is 33 of 56 px above the line of zero. */
	assert_non_null(strstr(text, "<rect class=\"unknown\" x=\"0.000%\""));
	assert_non_null(strstr(text, "<rect class=\"pain\" x=\"50.000%\" y=\"26\" width=\"40.000%\" "
				     "height=\"34\"/>"));
	track("t-pain-right", text, sizeof(text));
	assert_non_null(strstr(text, "from 2 to 2, median 2."));
	assert_null(strstr(page, "id=\"t-pain-t\""));
	assert_non_null(strstr(page, "<th scope=\"col\">Pain noted, left leg</th>"));
	assert_null(strstr(page, "<th scope=\"col\">Pain noted, leg not said</th>"));
}

/* What the night page says of thermometers holds for each night of a period, too. */
static void test_a_period_says_what_its_columns_are_worth(void **state)
{
	(void)state;
	show_period();
	assert_null(strstr(page, "were not compared"));
	assert_int_equal(count("<div class=\"sum\">median 1.5 °C\nscale to 1.5 °C</div>"), 1);
	assert_int_equal(count("<div class=\"sum\">median 95 %\nscale to 100 %</div>"), 1);
	sample.past.capabilities &= ~BH_CAN_TEMP_ABSOLUTE;
	show_period();
	assert_non_null(strstr(page, "Left minus right leg: in 1 of 1 nights the thermometers were not "
				     "compared with each other: a difference between the legs may be "
				     "theirs."));
	show_night();
	assert_non_null(strstr(page, "In this night the thermometers were not compared with each other"));
	sample.past.night.temp_delta_mdegc = -1500;
	show_period();
	assert_int_equal(count("median −1.5 °C\nscale −1.5 °C to 0.0 °C</div>"), 1);
}

static void test_nobody_came(void **state)
{
	(void)state;
	sample.past.night.first_enter_ms = sample.past.night.last_exit_ms = BH_WALL_UNKNOWN;
	sample.past.n_events = sample.past.n_epochs = 0;
	show_night();
	assert_non_null(strstr(page, "Nobody was seen in bed."));
	assert_null(strstr(page, "<h2>The night</h2>"));
	show_period();
	assert_null(strstr(page, "<h2>Night by night</h2>"));
}

/* A gap hides the ends of the night: neither "now" nor a night that is still to be summed up. */
static void test_ends_nobody_saw(void **state)
{
	(void)state;
	sample.past.night.last_exit_ms = BH_WALL_UNKNOWN;
	show_night();
	assert_non_null(strstr(page, "In bed from 22:00; getting up was missed"));
	assert_non_null(strstr(page, "From 22:00 to not known."));
	sample.past.night.first_enter_ms = BH_WALL_UNKNOWN;
	show_night();
	assert_non_null(strstr(page, "In bed; getting in and getting up were missed"));
	sample.past.night.last_exit_ms = sample_at(30, 0);
	show_night();
	assert_non_null(strstr(page, "In bed until 06:00; getting in was missed"));
}

#define EVIL "<script>alert('x')</script>\"&"
#define HARMLESS "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"

static void test_whatever_comes_from_outside_is_text(void **state)
{
	(void)state;
	sample.night.head.bed = sample.period.head.bed = EVIL;
	strcpy(sample.diary[0].key, "<b>key");
	strcpy(sample.diary[0].value, EVIL);
	strcpy(sample.fault.sensor, "<i>mat\"");
	strcpy(sample.finding[0].says, EVIL);
	strcpy(sample.finding[0].evidence[0].text, EVIL);
	strcpy(sample.finding[0].evidence[4].missing, EVIL);
	strcpy(sample.finding[2].no_data_reason, EVIL);
	sample.shown[0].purpose = sample.shown[1].cause = EVIL;
	sample.night.patterns.tell_apart = sample.period.patterns.tell_apart = EVIL;
	show_night();
	assert_int_equal(count("<script"), 0);
	assert_true(count(HARMLESS) >= 9);
	assert_non_null(strstr(page, "&lt;b&gt;key"));
	assert_non_null(strstr(page, "&lt;i&gt;mat&quot;"));
	show_period();
	assert_int_equal(count("<script"), 0);
	assert_true(count(HARMLESS) >= 7);
}

static void test_nothing_is_loaded_from_elsewhere(void **state)
{
	static const char *const never[] = { "<script", "<link",  "<img", "<iframe", "@import",
					     "http:",	"https:", "src=", "onclick", NULL };

	(void)state;
	for (int i = 0; i < 2; i++) {
		i == 0 ? show_night() : show_period();
		for (size_t k = 0; never[k]; k++)
			assert_null(strstr(page, never[k]));
		/* The one url() is the hatching's. */
		assert_int_equal(count("url("), count("url(#hatch)"));
	}
}

static void test_a_verdict_names_its_night(void **state)
{
	(void)state;
	show_period();
	assert_non_null(strstr(page, "It is of the nights up to Saturday 21 November 2026, not of one "
				     "night alone."));
}

static void test_simulated_is_said(void **state)
{
	(void)state;
	show_night();
	assert_int_equal(count("<strong>Simulated, not a person.</strong>"), 0);
	sample.night.head.simulated = sample.period.head.simulated = true;
	show_night();
	assert_int_equal(count("<strong>Simulated, not a person.</strong>"), 1);
	assert_non_null(strstr(page, "<body class=\"is-simulated\">"));
	assert_non_null(strstr(page, "<title>Simulated: "));
	show_period();
	assert_int_equal(count("<strong>Simulated, not a person.</strong>"), 1);
	assert_non_null(strstr(page, "<body class=\"is-simulated\">"));
}

static void test_causes_are_named_only_when_asked_for(void **state)
{
	(void)state;
	show_night();
	assert_null(strstr(page, "Clinicians call"));
	sample.shown[0].cause = "a clinical name";
	show_night();
	assert_non_null(strstr(page, "Clinicians call the described pattern: a clinical name."));
	assert_non_null(strstr(page, "<li>Somebody 2001: a source of a rule</li>"));
}

static void test_a_red_flag_stands_first(void **state)
{
	const char *flag, *verdict;

	(void)state;
	sample.finding[1].red_flag = true;
	strcpy(sample.finding[1].says, "See to this now.");
	show_night();
	flag = strstr(page, "See to this now.");
	verdict = strstr(page, "class=\"verdict\"");
	assert_true(flag && verdict && flag < verdict);
	assert_non_null(strstr(page, "Something at the top of this page comes first."));
	/* A second one of the same rule is a line of its evidence. */
	assert_null(strstr(page, "And to this."));
	sample.finding[1].evidence[sample.finding[1].n_evidence++] =
		(struct bh_evidence){ .text = "And to this.", .truth = BH_TRUTH_TRUE };
	show_night();
	flag = strstr(page, "And to this.");
	verdict = strstr(page, "class=\"verdict\"");
	assert_true(flag && verdict && flag < verdict);
}

static void test_a_page_cannot_be_written(void **state)
{
	FILE *full = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(full);
	assert_true(bh_report_night(full, &sample.night) < 0);
	fclose(full);
}

static int make(void **state)
{
	(void)state;
	setenv("TZ", "UTC", 1);
	sample_make(&sample);
	return 0;
}

static int clean(void **state)
{
	(void)state;
	free(page);
	page = NULL;
	return 0;
}

/* "No pattern seen" of three patterns that were looked for is not the same as of eleven. */
static void test_what_could_not_be_looked_for_is_said(void **state)
{
	const char *verdict, *unlooked;

	(void)state;
	sample.night.patterns.verdict = sample.period.patterns.verdict = BH_VERDICT_NONE;
	sample.row[0].verdict = BH_VERDICT_NONE;
	show_night();
	verdict = strstr(page, "No pattern seen.");
	unlooked = strstr(page, "1 of 3 patterns could not be looked for.");
	assert_true(verdict && unlooked && verdict < unlooked);
	show_period();
	assert_int_equal(count("1 of 3 patterns could not be looked for."), 1);
	assert_int_equal(count("<td>none seen (2 of 3)</td>"), 1);
	sample.row[0].looked = 3;
	show_period();
	assert_int_equal(count("<td>none seen</td>"), 1);
}

#define a_test(f) cmocka_unit_test_setup_teardown(f, make, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		a_test(test_a_moment_lies_where_its_time_is),
		a_test(test_events_lie_at_their_times),
		a_test(test_an_open_interval_lasts_to_the_end),
		a_test(test_where_nobody_looked_is_hatched),
		a_test(test_time_that_was_taken_back_is_hatched),
		a_test(test_unknown_is_not_none),
		a_test(test_an_index_names_its_hours),
		a_test(test_temperatures_and_columns),
		a_test(test_pain_by_leg),
		a_test(test_a_period_says_what_its_columns_are_worth),
		a_test(test_nobody_came),
		a_test(test_ends_nobody_saw),
		a_test(test_whatever_comes_from_outside_is_text),
		a_test(test_nothing_is_loaded_from_elsewhere),
		a_test(test_a_verdict_names_its_night),
		a_test(test_simulated_is_said),
		a_test(test_causes_are_named_only_when_asked_for),
		a_test(test_a_red_flag_stands_first),
		a_test(test_what_could_not_be_looked_for_is_said),
		a_test(test_a_page_cannot_be_written),
	};

	return cmocka_run_group_tests_name("report_pages", tests, NULL, NULL);
}
