/* SPDX-License-Identifier: MIT */
/* A row a night, on one scale of the clock: when the bed was used, and what stood out. */
#include "hub/core/night.h"
#include "hub/core/time_types.h"
#include "hub/report/chart.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>

#define ROW_HEIGHT 18
#define MS_PER_H (3600 * BH_MS_PER_S)
/* After this many rows the hours are said again. */
#define ROWS_PER_SCALE 14
#define DESC_MAX 256

/* What the clock on the wall showed, from the midnight before the evening on. */
static int64_t clock_of(const struct bh_night *night, int64_t at_ms)
{
	int64_t noon = night->start_ms + bh_utc_offset_s(night->start_ms) * BH_MS_PER_S;

	return at_ms + bh_utc_offset_s(at_ms) * BH_MS_PER_S - noon + 12 * MS_PER_H;
}

static bool fit(const struct bh_report_period *period, struct bh_scale_x *ret)
{
	bool any = false;

	*ret = (struct bh_scale_x){ .clock = true };
	for (size_t i = 0; i < period->n_rows; i++) {
		int64_t from_ms, to_ms;

		if (!bh_night_hours(period->rows[i].past, &from_ms, &to_ms))
			continue;
		from_ms = clock_of(&period->rows[i].past->night, from_ms);
		to_ms = clock_of(&period->rows[i].past->night, to_ms);
		if (!any || from_ms < ret->from_ms)
			ret->from_ms = from_ms;
		if (!any || to_ms > ret->to_ms)
			ret->to_ms = to_ms;
		any = true;
	}
	return any && ret->to_ms > ret->from_ms;
}

static void bars(FILE *out, const struct bh_past_night *past, const struct bh_scale_x *scale,
		 enum bh_event_type type, const char *class, int y, int height)
{
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type == type && !bh_past_event_taken_back(event))
			bh_chart_bar(out, class,
				     bh_chart_x(scale, clock_of(&past->night, event->start_ms)),
				     bh_chart_x(scale,
						clock_of(&past->night,
							 bh_event_end(event, past->night.end_ms))),
				     y, height);
	}
}

static void describe(const struct bh_night *night, char *buf, size_t size)
{
	char from[BH_WORDS_MAX], to[BH_WORDS_MAX], restless[BH_WORDS_MAX], exits[BH_WORDS_MAX],
		legs[BH_WORDS_MAX];

	snprintf(buf, size,
		 "In bed from %s to %s; restless %s; left the bed: %s; legs over the edge: %s.",
		 bh_words_clock(night->first_enter_ms, from),
		 bh_words_clock(night->last_exit_ms, to),
		 bh_words_minutes(night->restless_min, restless),
		 bh_words_count(night->exits, exits), bh_words_count(night->legs_over_edge, legs));
}

static void row(FILE *out, const struct bh_past_night *past, const struct bh_scale_x *scale)
{
	char id[32], name[BH_WORDS_MAX], sum[BH_WORDS_MAX], desc[DESC_MAX];
	struct bh_track track = { id, bh_words_date_short(past->night.date, name),
				  bh_words_minutes(past->night.in_bed_min, sum), desc, ROW_HEIGHT };

	snprintf(id, sizeof(id), "night-%" PRId32, past->night.date);
	describe(&past->night, desc, sizeof(desc));
	bh_track_open(out, &track, scale);
	bars(out, past, scale, BH_EVENT_BED_OCCUPIED, "bed", 4, ROW_HEIGHT - 8);
	bars(out, past, scale, BH_EVENT_RESTLESS, "restless", 6, ROW_HEIGHT - 12);
	bars(out, past, scale, BH_EVENT_DATA_GAP, "unknown", 2, ROW_HEIGHT - 4);
	bars(out, past, scale, BH_EVENT_LEGS_OVER_EDGE, "legs", 0, ROW_HEIGHT);
	bh_track_close(out);
}

static void legend(FILE *out)
{
	static const struct {
		const char *class, *text;
		int y, height;
	} items[] = {
		{ "bed", "in bed", 2, 10 },
		{ "restless", "restless", 4, 6 },
		{ "legs", "legs over the edge", 0, 14 },
		{ "unknown", "no data", 0, 14 },
	};

	bh_html(out, "<ul class=\"legend\">");
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		bh_html(out,
			"<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\"><rect "
			"class=\"%s\" y=\"%d\" "
			"width=\"14\" height=\"%d\"/></svg>%s</li>",
			items[i].class, items[i].y, items[i].height, items[i].text);
	bh_html(out, "</ul>\n");
}

void bh_part_strips(FILE *out, const struct bh_report_period *period)
{
	struct bh_scale_x scale;

	if (!fit(period, &scale))
		return;
	bh_html(out, "<section><h2>Night by night</h2>\n<figure class=\"chart "
		     "strips\"><figcaption>Each row is one "
		     "night, by the clock on the wall; at its end the time in bed.</figcaption>\n");
	for (size_t i = 0; i < period->n_rows; i++) {
		if (i % ROWS_PER_SCALE == 0)
			bh_chart_hours(out, &scale);
		row(out, period->rows[i].past, &scale);
	}
	bh_chart_hours(out, &scale);
	legend(out);
	bh_html(out, "</figure></section>\n");
}
