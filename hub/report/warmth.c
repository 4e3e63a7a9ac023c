/* SPDX-License-Identifier: MIT */
/* Leg temperatures over the night: left, right and room as lines of different stroke. */
#include "hub/core/time_types.h"
#include "hub/report/chart.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>
#include <stdlib.h>

#define HEIGHT 170
/* Room for letters above the highest and below the lowest line. */
#define MARGIN 8
#define TENTHS 10
/* Less than this from the coolest to the warmest would make noise look like a finding. */
#define RANGE_MIN_MDEGC 4000
#define MDEGC 1000
/* This share of the night a leg warms up in bed. */
#define WARMING_UP_DIVISOR 12
/* What thermometers of this kind can read at all (hub/core/frame.h). */
#define C_MIN (-55)
#define C_MAX 125
/* About as many lines across as can be told apart. */
#define GRID_LINES_MAX 6
#define BINS_PER_H (size_t)(3600 * BH_MS_PER_S / BH_BIN_MS)
#define DESC_MAX 256

static const struct {
	enum bh_temp_slot slot;
	uint32_t capability;
	const char *name, *class;
} lines[] = {
	{ BH_TEMP_LEFT, BH_CAN_TEMP_LEFT, "left leg", "left" },
	{ BH_TEMP_RIGHT, BH_CAN_TEMP_RIGHT, "right leg", "right" },
	{ BH_TEMP_ROOM, BH_CAN_TEMP_ROOM, "room", "room" },
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

struct range {
	int32_t min, max;
};

static int by_value(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* The values of some slots while in bed, in order of size. */
static size_t in_bed(const struct bh_bins *bins, size_t first, size_t last, int32_t *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < bins->n; i++)
		for (size_t k = first; k <= last && bins->bin[i].in_bed; k++)
			if (bins->bin[i].temp_mdegc[lines[k].slot] != BH_EPOCH_UNKNOWN)
				ret[n++] = bins->bin[i].temp_mdegc[lines[k].slot];
	qsort(ret, n, sizeof(*ret), by_value);
	return n;
}

/* Of the legs in bed: while they warm up from the cold outside, the lines come in from below. */
static bool find_range(const struct bh_bins *bins, struct range *ret)
{
	int32_t known[2 * BH_BINS_MAX];
	size_t n = in_bed(bins, 0, 1, known);

	if (n == 0)
		return false;
	*ret = (struct range){ known[n / WARMING_UP_DIVISOR], known[n - 1] };
	if (ret->max - ret->min < RANGE_MIN_MDEGC) {
		int32_t middle = ret->min + (ret->max - ret->min) / 2;

		ret->min = middle - RANGE_MIN_MDEGC / 2;
		ret->max = middle + RANGE_MIN_MDEGC / 2;
	}
	return true;
}

/* The room's median, where its line lies far below those of the legs. */
static void room_text(const struct bh_bins *bins, const struct range *range, char *buf, size_t size)
{
	int32_t known[BH_BINS_MAX];
	char text[BH_WORDS_MAX];
	size_t n = in_bed(bins, 2, 2, known);

	buf[0] = '\0';
	if (n > 0 && known[n / 2] < range->min)
		snprintf(buf, size, " The room, below this scale, had %s.",
			 bh_words_degrees(known[n / 2], text));
}

/* In tenths of px. */
static int y_of(const struct range *range, int32_t mdegc)
{
	return MARGIN * TENTHS + (int)((int64_t)(range->max - mdegc) * (HEIGHT - 2 * MARGIN) *
				       TENTHS / (range->max - range->min));
}

/* The lines across first; what they stand for last, so that nothing crosses it. */
static void draw_grid(FILE *out, const struct range *range, bool labels)
{
	int32_t step = 1;

	while ((range->max - range->min) / MDEGC / step >= GRID_LINES_MAX)
		step = step == 1 ? 2 : step + step / 2 + step % 2; /* 1 2 3 5 8 */
	for (int32_t c = C_MIN; c <= C_MAX; c++) {
		char text[BH_WORDS_MAX];

		if (c % step != 0 || c * MDEGC < range->min || c * MDEGC > range->max)
			continue;
		snprintf(text, sizeof(text), "%" PRId32 " °C", c);
		if (labels)
			bh_chart_text(out, "axis", 0, y_of(range, c * MDEGC) / TENTHS - 2, text);
		else
			bh_chart_line(out, "grid", y_of(range, c * MDEGC) / TENTHS);
	}
}

/* One line; a gap where the thermometer was not read. */
static void draw_line(FILE *out, const struct bh_bins *bins, const struct range *range, size_t k)
{
	struct bh_scale_x scale = { .from_ms = bins->from_ms, .to_ms = bins->to_ms };
	bool drawing = false;

	for (size_t i = 0; i < bins->n; i++) {
		int32_t at = bins->bin[i].temp_mdegc[lines[k].slot];
		int64_t middle_ms = bins->from_ms + (int64_t)i * BH_BIN_MS + BH_BIN_MS / 2;

		/* Out of bed the thermometers say nothing of how warm the legs lie. */
		if (at == BH_EPOCH_UNKNOWN || !bins->bin[i].in_bed) {
			if (drawing)
				bh_html(out, "\"/>\n");
			drawing = false;
			continue;
		}
		if (!drawing)
			bh_html(out,
				"<polyline class=\"warmth %s\" "
				"vector-effect=\"non-scaling-stroke\" points=\"",
				lines[k].class);
		drawing = true;
		bh_html(out, "%d,%d ", (int)bh_chart_x(&scale, middle_ms), y_of(range, at));
	}
	if (drawing)
		bh_html(out, "\"/>\n");
}

static bool is_there(const struct bh_report_night *night, size_t k)
{
	return night->past->capabilities & lines[k].capability;
}

static void medians(const struct bh_report_night *night, char *buf, size_t size)
{
	const struct bh_night *sum = &night->past->night;
	char left[BH_WORDS_MAX], right[BH_WORDS_MAX], delta[BH_WORDS_MAX];

	snprintf(buf, size, "Medians while lying quietly: left %s, right %s, left minus right %s.",
		 bh_words_degrees(sum->temp_left_mdegc, left),
		 bh_words_degrees(sum->temp_right_mdegc, right),
		 bh_words_degrees(sum->temp_delta_mdegc, delta));
}

static void draw_hanging(FILE *out, const struct bh_report_night *night,
			 const struct bh_scale_x *scale)
{
	for (size_t i = 0; i < night->past->n_events; i++) {
		const struct bh_past_event *event = &night->past->events[i];

		if (event->type == BH_EVENT_LEGS_OVER_EDGE && !bh_past_event_taken_back(event))
			bh_chart_bar(out, "shade", bh_chart_x(scale, event->start_ms),
				     bh_chart_x(scale, bh_event_end(event, scale->to_ms)), 0,
				     HEIGHT);
	}
}

static void draw_legend(FILE *out, const struct bh_report_night *night, bool room)
{
	bh_html(out, "<ul class=\"legend\">");
	for (size_t k = 0; k < LINES; k++)
		if (is_there(night, k) && (room || lines[k].slot != BH_TEMP_ROOM))
			bh_html(out,
				"<li><svg width=\"34\" height=\"14\" aria-hidden=\"true\"><line "
				"class=\"warmth %s\" x1=\"0\" x2=\"34\" y1=\"7\" "
				"y2=\"7\"/></svg>%s</li>",
				lines[k].class, lines[k].name);
	bh_html(out,
		"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect class=\"shade\" "
		"width=\"14\" height=\"14\"/></svg>legs over the edge</li></ul>\n");
}

/* The curve by the hour, for those who cannot see it. */
static void draw_table(FILE *out, const struct bh_report_night *night, const struct bh_bins *bins)
{
	char at[BH_WORDS_MAX], text[BH_WORDS_MAX];

	bh_html(out, "<details><summary>The same as a table: every hour</summary>\n<table>"
		     "<caption>Leg temperatures by the hour</caption><thead><tr><th "
		     "scope=\"col\">At</th>");
	for (size_t k = 0; k < LINES; k++)
		if (is_there(night, k))
			bh_html(out, "<th scope=\"col\">%s</th>", lines[k].name);
	bh_html(out, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < bins->n; i += BINS_PER_H) {
		bh_html(out, "<tr><td>%s</td>",
			bh_words_clock(bins->from_ms + (int64_t)i * BH_BIN_MS, at));
		for (size_t k = 0; k < LINES; k++)
			if (is_there(night, k))
				bh_html(out, "<td>%s</td>",
					bh_words_degrees(bins->bin[i].temp_mdegc[lines[k].slot],
							 text));
		bh_html(out, "</tr>\n");
	}
	bh_html(out, "</tbody></table></details>\n");
}

void bh_part_warmth(FILE *out, const struct bh_report_night *night, const struct bh_bins *bins)
{
	struct bh_scale_x scale = { .from_ms = bins->from_ms, .to_ms = bins->to_ms };
	struct range range;
	char desc[DESC_MAX], room[BH_WORDS_MAX + 64];
	struct bh_track track = { "warmth", "Temperature", "", desc, HEIGHT };

	if (!find_range(bins, &range))
		return;
	medians(night, desc, sizeof(desc));
	room_text(bins, &range, room, sizeof(room));
	bh_html(out,
		"<section class=\"keep\"><h2>Leg temperatures</h2>\n<figure "
		"class=\"chart\"><figcaption>%s%s%s"
		"</figcaption>\n",
		desc, room,
		night->past->capabilities & BH_CAN_TEMP_ABSOLUTE
			? ""
			: " In this night " BH_NOT_COMPARED);
	bh_chart_hours(out, &scale);
	bh_track_open(out, &track, &scale);
	draw_hanging(out, night, &scale);
	draw_grid(out, &range, false);
	bh_chart_field_open(out, HEIGHT);
	for (size_t k = 0; k < LINES; k++)
		draw_line(out, bins, &range, k);
	bh_chart_field_close(out);
	draw_grid(out, &range, true);
	bh_track_close(out);
	draw_legend(out, night, room[0] == '\0');
	bh_html(out, "</figure>\n");
	draw_table(out, night, bins);
	bh_html(out, "</section>\n");
}
