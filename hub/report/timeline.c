/* SPDX-License-Identifier: MIT */
/* The night from left to right: a track for each thing that the bed can tell. */
#include "hub/core/night.h"
#include "hub/core/time_types.h"
#include "hub/report/chart.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>
#include <string.h>

#define BAR_HEIGHT 20
#define LANE_HEIGHT 12
#define MOVEMENT_HEIGHT 40
/* Everything that is more time moving than this fills the track. */
#define MOVING_FULL_PERMILLE 500
/* Leg movements in five minutes that fill the track: one every ten seconds. */
#define LEG_MOVEMENTS_FULL 30
#define DESC_MAX 320

/* Lanes of the position track, from the top. */
static const struct {
	enum bh_position position;
	const char *name;
} lanes[] = {
	{ BH_POSITION_SUPINE, "back" },
	{ BH_POSITION_LEFT, "left" },
	{ BH_POSITION_RIGHT, "right" },
	{ BH_POSITION_PRONE, "front" },
};
#define LANES (int)(sizeof(lanes) / sizeof(lanes[0]))

struct timeline {
	FILE *out;
	const struct bh_report_night *night;
	const struct bh_past_night *past;
	const struct bh_bins *bins;
	struct bh_scale_x scale;
};

static int32_t bin_x(const struct timeline *t, size_t i)
{
	return bh_chart_x(&t->scale, t->bins->from_ms + (int64_t)i * BH_BIN_MS);
}

/* Hatched where nobody looked. */
static void unseen_bars(const struct timeline *t, int height)
{
	size_t i = 0;

	while (i < t->bins->n) {
		size_t first = i;

		while (i < t->bins->n && t->bins->bin[i].unseen)
			i++;
		if (i > first)
			bh_chart_bar(t->out, "unknown", bin_x(t, first), bin_x(t, i), 0, height);
		else
			i++;
	}
}

static void event_bars(const struct timeline *t, enum bh_event_type type, const char *class, int y,
		       int height)
{
	for (size_t i = 0; i < t->past->n_events; i++) {
		const struct bh_past_event *event = &t->past->events[i];

		if (event->type == type && !bh_past_event_taken_back(event) &&
		    event->start_ms < t->scale.to_ms)
			bh_chart_bar(t->out, class, bh_chart_x(&t->scale, event->start_ms),
				     bh_chart_x(&t->scale, bh_event_end(event, t->scale.to_ms)), y,
				     height);
	}
}

static bool has(const struct timeline *t, enum bh_event_type type)
{
	for (size_t i = 0; i < t->past->n_events; i++)
		if (t->past->events[i].type == type)
			return true;
	return false;
}

static bool can(const struct timeline *t, uint32_t capability)
{
	return t->past->capabilities & capability;
}

static void draw_bed(const struct timeline *t)
{
	const struct bh_night *night = &t->past->night;
	char sum[BH_WORDS_MAX], from[BH_WORDS_MAX], to[BH_WORDS_MAX], desc[DESC_MAX];
	struct bh_track track = { "bed", "In bed", bh_words_minutes(night->in_bed_min, sum), desc,
				  BAR_HEIGHT };

	snprintf(desc, sizeof(desc), "From %s to %s.", bh_words_clock(night->first_enter_ms, from),
		 bh_night_in_bed(t->past) ? "now" : bh_words_clock(night->last_exit_ms, to));
	bh_track_open(t->out, &track, &t->scale);
	event_bars(t, BH_EVENT_BED_OCCUPIED, "bed", 0, BAR_HEIGHT);
	unseen_bars(t, BAR_HEIGHT);
	bh_track_close(t->out);
}

static void draw_sleep(const struct timeline *t)
{
	char sum[BH_WORDS_MAX];
	struct bh_track track = { "sleep", "Asleep, at most",
				  bh_words_minutes(t->past->night.sleep.asleep_min, sum),
				  "An estimate from stillness: lying still awake counts as asleep.",
				  BAR_HEIGHT };
	bool known = false;

	for (size_t i = 0; i < t->bins->n; i++)
		known |= t->bins->bin[i].sleep != BH_SLEEP_UNKNOWN;
	if (!known)
		return;
	bh_track_open(t->out, &track, &t->scale);
	for (size_t i = 0; i < t->bins->n;) {
		size_t first = i;

		while (i < t->bins->n && t->bins->bin[i].sleep == BH_SLEEP_ASLEEP)
			i++;
		if (i > first)
			bh_chart_bar(t->out, "sleep", bin_x(t, first), bin_x(t, i), 4,
				     BAR_HEIGHT - 8);
		else
			i++;
	}
	unseen_bars(t, BAR_HEIGHT);
	bh_track_close(t->out);
}

static void draw_exits(const struct timeline *t)
{
	const struct bh_night *night = &t->past->night;
	char sum[BH_WORDS_MAX];
	struct bh_track track = { "exits", "Left the bed", bh_words_times(night->exits, sum),
				  "A mark where the bed was left and returned to.", BAR_HEIGHT };

	bh_track_open(t->out, &track, &t->scale);
	for (size_t i = 0; i < t->past->n_events; i++) {
		const struct bh_past_event *event = &t->past->events[i];
		int32_t x = bh_chart_x(&t->scale, event->start_ms);

		/* The last time is the end of the night. */
		if (event->type != BH_EVENT_BED_EXIT || (night->last_exit_ms != BH_WALL_UNKNOWN &&
							 event->start_ms >= night->last_exit_ms))
			continue;
		bh_chart_bar(t->out, "exit", x,
			     bh_chart_x(&t->scale, bh_event_end(event, t->scale.to_ms)), 12, 4);
		bh_chart_mark(t->out, "exit", x, 2, "M-5 0h10l-5 8z");
	}
	unseen_bars(t, BAR_HEIGHT);
	bh_track_close(t->out);
}

static void legs_sum(const struct bh_night *night, char *buf, size_t size)
{
	char times[BH_WORDS_MAX], minutes[BH_WORDS_MAX];

	bh_words_times(night->legs_over_edge, times);
	if (night->legs_over_edge > 0)
		snprintf(buf, size, "%s, %s", times,
			 bh_words_minutes(night->legs_over_edge_min, minutes));
	else
		snprintf(buf, size, "%s", times);
}

static void draw_legs(const struct timeline *t)
{
	char sum[2 * BH_WORDS_MAX];
	struct bh_track track = {
		"legs", "Legs over the edge", sum,
		"High bars: legs hanging over the edge, with L or R below for the left or right "
		"edge of the bed; low bars: sitting on the edge.",
		BAR_HEIGHT + 12
	};

	if (!can(t, BH_CAN_LEGS))
		return;
	legs_sum(&t->past->night, sum, sizeof(sum));
	bh_track_open(t->out, &track, &t->scale);
	event_bars(t, BH_EVENT_EDGE_SIT, "sit", 13, 7);
	event_bars(t, BH_EVENT_LEGS_OVER_EDGE, "legs", 0, BAR_HEIGHT);
	for (size_t i = 0; i < t->past->n_events; i++) {
		const struct bh_past_event *event = &t->past->events[i];

		if (event->type == BH_EVENT_LEGS_OVER_EDGE && !bh_past_event_taken_back(event))
			bh_chart_text(t->out, "letter", bh_chart_x(&t->scale, event->start_ms), 31,
				      bh_side_letter(event->side));
	}
	unseen_bars(t, BAR_HEIGHT);
	bh_track_close(t->out);
}

static void draw_position(const struct timeline *t)
{
	char count[BH_WORDS_MAX], sum[BH_WORDS_MAX + 10];
	struct bh_track track = {
		"position", "Position", sum,
		"Four lanes from the top: on the back, left side, right side, front.",
		LANES * LANE_HEIGHT
	};

	if (!can(t, BH_CAN_POSTURE))
		return;
	snprintf(sum, sizeof(sum),
		 t->past->night.position_changes == BH_EPOCH_UNKNOWN ? "%s" : "%s changes",
		 bh_words_count(t->past->night.position_changes, count));
	bh_track_open(t->out, &track, &t->scale);
	for (int lane = 0; lane < LANES; lane++) {
		int y = lane * LANE_HEIGHT;

		bh_chart_line(t->out, "lane", y + LANE_HEIGHT / 2);
		for (size_t i = 0; i < t->bins->n;) {
			size_t first = i;

			while (i < t->bins->n && t->bins->bin[i].position == lanes[lane].position)
				i++;
			if (i == first) {
				i++;
				continue;
			}
			bh_chart_bar(t->out, "position", bin_x(t, first), bin_x(t, i), y + 1,
				     LANE_HEIGHT - 2);
		}
	}
	unseen_bars(t, LANES * LANE_HEIGHT);
	for (int lane = 0; lane < LANES; lane++)
		bh_chart_text(t->out, "lane-name", 0, (lane + 1) * LANE_HEIGHT - 3,
			      lanes[lane].name);
	bh_track_close(t->out);
}

static void draw_movement(const struct timeline *t)
{
	char sum[BH_WORDS_MAX];
	struct bh_track restless = { "restless", "Restless",
				     bh_words_minutes(t->past->night.restless_min, sum),
				     t->past->night.restless_min == BH_EPOCH_UNKNOWN
					     ? "Bars: much movement was seen; elsewhere it is not known."
					     : "Bars: at least three of five minutes with much movement.",
				     BAR_HEIGHT };
	struct bh_track movement = { "movement", "Movement", "",
				     "The higher, the larger the share of the time moving.",
				     MOVEMENT_HEIGHT };

	if (!can(t, BH_CAN_MOVEMENT))
		return;
	bh_track_open(t->out, &restless, &t->scale);
	event_bars(t, BH_EVENT_RESTLESS, "restless", 2, BAR_HEIGHT - 4);
	unseen_bars(t, BAR_HEIGHT);
	bh_track_close(t->out);
	bh_track_open(t->out, &movement, &t->scale);
	for (size_t i = 0; i < t->bins->n; i++) {
		int32_t moving = t->bins->bin[i].moving_permille;
		int height;

		if (moving == BH_EPOCH_UNKNOWN)
			continue;
		height = moving < MOVING_FULL_PERMILLE
				 ? (int)(moving * MOVEMENT_HEIGHT / MOVING_FULL_PERMILLE)
				 : MOVEMENT_HEIGHT;
		if (height > 0)
			bh_chart_bar(t->out, "movement", bin_x(t, i), bin_x(t, i + 1),
				     MOVEMENT_HEIGHT - height, height);
	}
	bh_chart_line(t->out, "base", MOVEMENT_HEIGHT);
	unseen_bars(t, MOVEMENT_HEIGHT);
	bh_track_close(t->out);
}

static void draw_leg_movements(const struct timeline *t)
{
	char sum[BH_WORDS_MAX];
	struct bh_track track = { "moves", "Leg movements",
				  bh_words_count(t->past->night.leg_movements, sum),
				  "The higher, the more leg movements in five minutes.",
				  MOVEMENT_HEIGHT };

	if (!can(t, BH_CAN_LEG_MOVEMENT))
		return;
	bh_track_open(t->out, &track, &t->scale);
	for (size_t i = 0; i < t->bins->n; i++) {
		int32_t n = t->bins->bin[i].leg_movements;
		int height = n < LEG_MOVEMENTS_FULL
				     ? (int)(n * MOVEMENT_HEIGHT / LEG_MOVEMENTS_FULL)
				     : MOVEMENT_HEIGHT;

		if (n > 0)
			bh_chart_bar(t->out, "moves", bin_x(t, i), bin_x(t, i + 1),
				     MOVEMENT_HEIGHT - height, height);
	}
	bh_chart_line(t->out, "base", MOVEMENT_HEIGHT);
	if (has(t, BH_EVENT_JOLT)) {
		for (size_t i = 0; i < t->past->n_events; i++)
			if (t->past->events[i].type == BH_EVENT_JOLT)
				bh_chart_mark(t->out, "jolt",
					      bh_chart_x(&t->scale, t->past->events[i].start_ms), 6,
					      "M0-5l5 5-5 5-5-5z");
	}
	unseen_bars(t, MOVEMENT_HEIGHT);
	bh_track_close(t->out);
}

static void draw_faults(const struct timeline *t)
{
	struct bh_track track = { "faults", "Sensor fault", "", "Bars: a sensor did not work.",
				  BAR_HEIGHT };

	if (!has(t, BH_EVENT_SENSOR_FAULT))
		return;
	bh_track_open(t->out, &track, &t->scale);
	event_bars(t, BH_EVENT_SENSOR_FAULT, "fault", 4, BAR_HEIGHT - 8);
	bh_track_close(t->out);
}

static void draw_legend(const struct timeline *t)
{
	bh_html(t->out, "<ul class=\"legend\">");
	if (can(t, BH_CAN_LEGS))
		bh_html(t->out,
			"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect "
			"class=\"legs\" "
			"width=\"14\" height=\"14\"/></svg>legs over the edge (L, R: the left or "
			"right edge of the bed, not a leg)</li><li><svg width=\"14\" height=\"14\" "
			"aria-hidden=\"true\"><rect class=\"sit\" y=\"7\" width=\"14\" "
			"height=\"7\"/></svg>sitting on the edge</li>");
	if (has(t, BH_EVENT_JOLT))
		bh_html(t->out, "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><path "
				"class=\"jolt\" d=\"M7 2l5 5-5 5-5-5z\"/></svg>sudden strong "
				"movement</li>");
	bh_html(t->out,
		"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"unknown\" "
		"width=\"14\" height=\"14\"/></svg>not known: the sensors could not "
		"see</li></ul>\n");
}

void bh_part_timeline(FILE *out, const struct bh_report_night *night, const struct bh_bins *bins)
{
	struct timeline t = { .out = out,
			      .night = night,
			      .past = night->past,
			      .bins = bins,
			      .scale = { .from_ms = bins->from_ms, .to_ms = bins->to_ms } };

	bh_html(out, "<section class=\"keep\"><h2>The night</h2>\n<figure class=\"chart\">"
		     "<figcaption>What the bed saw, hour by hour (local time).</figcaption>\n");
	bh_chart_hours(out, &t.scale);
	draw_bed(&t);
	draw_sleep(&t);
	draw_exits(&t);
	draw_legs(&t);
	draw_position(&t);
	draw_movement(&t);
	draw_leg_movements(&t);
	draw_faults(&t);
	bh_chart_hours(out, &t.scale);
	draw_legend(&t);
	bh_html(out, "</figure>\n");
	bh_part_events(out, night->past);
	bh_html(out, "</section>\n");
}
