/* SPDX-License-Identifier: MIT */
#include "hub/report/chart.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"
#include "hub/report/html.h"

#define MS_PER_H (3600 * BH_MS_PER_S)
#define H_PER_DAY 24
#define HOURS_ON_A_PHONE 8
/* Half a pixel on a phone. */
#define HAIR 150

#define PERCENT "%d.%03d%%"
#define PERCENT_OF(x) (int)((x) / 1000), (int)((x) % 1000)

static int32_t share(int64_t at, int64_t whole)
{
	if (at <= 0 || whole <= 0)
		return 0;
	return at >= whole ? BH_CHART_WIDTH : (int32_t)(at * BH_CHART_WIDTH / whole);
}

int32_t bh_chart_x(const struct bh_scale_x *scale, int64_t at_ms)
{
	return share(at_ms - scale->from_ms, scale->to_ms - scale->from_ms);
}

static int64_t hour_of(const struct bh_scale_x *scale, int64_t at_ms)
{
	int64_t offset_ms = scale->clock ? 0 : bh_utc_offset_s(at_ms) * BH_MS_PER_S;

	return (at_ms + offset_ms) / MS_PER_H % H_PER_DAY;
}

static void vertical(FILE *out, const char *class, int32_t x, int y0, int y1)
{
	bh_html(out,
		"<line class=\"%s\" x1=\"" PERCENT "\" x2=\"" PERCENT "\" y1=\"%d\" y2=\"%d\"/>\n",
		class, PERCENT_OF(x), PERCENT_OF(x), y0, y1);
}

static void hour_lines(FILE *out, const struct bh_scale_x *scale, int height)
{
	for (int64_t at = scale->from_ms; at <= scale->to_ms; at += MS_PER_H)
		vertical(out, hour_of(scale, at) == 0 ? "hour midnight" : "hour",
			 bh_chart_x(scale, at), 0, height);
}

void bh_track_open(FILE *out, const struct bh_track *track, const struct bh_scale_x *scale)
{
	bh_html(out,
		"<div class=\"track\"><div class=\"name\">%s</div><div class=\"sum\">%s</div>\n"
		"<svg class=\"plot\" width=\"100%%\" height=\"%d\" role=\"img\" "
		"aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">%s</title><desc "
		"id=\"%s-d\">%s</desc>\n",
		track->name, track->sum, track->height, track->id, track->id, track->id,
		track->name, track->id, track->desc);
	if (scale)
		hour_lines(out, scale, track->height);
}

void bh_track_close(FILE *out)
{
	bh_html(out, "</svg></div>\n");
}

void bh_chart_hours(FILE *out, const struct bh_scale_x *scale)
{
	bool many = scale->to_ms - scale->from_ms > HOURS_ON_A_PHONE * MS_PER_H;

	bh_html(out,
		"<div class=\"track hours\" aria-hidden=\"true\"><div class=\"name\"></div>"
		"<div class=\"sum\"></div><svg class=\"plot\" width=\"100%%\" height=\"16\">\n");
	/* Every other hour goes where there is no room for all. */
	for (int64_t at = scale->from_ms; at <= scale->to_ms; at += MS_PER_H)
		bh_html(out, "<text class=\"%s\" x=\"" PERCENT "\" y=\"12\">%02d</text>\n",
			many && hour_of(scale, at) % 2 ? "tick odd" : "tick",
			PERCENT_OF(bh_chart_x(scale, at)), (int)hour_of(scale, at));
	bh_html(out, "</svg></div>\n");
}

void bh_chart_bar(FILE *out, const char *class, int32_t x0, int32_t x1, int y, int height)
{
	int32_t width = x1 - x0 > HAIR ? x1 - x0 : HAIR;

	bh_html(out,
		"<rect class=\"%s\" x=\"" PERCENT "\" y=\"%d\" width=\"" PERCENT
		"\" height=\"%d\"/>\n",
		class, PERCENT_OF(x0), y, PERCENT_OF(width), height);
}

void bh_chart_text(FILE *out, const char *class, int32_t x, int y, const char *text)
{
	bh_html(out, "<text class=\"%s\" x=\"" PERCENT "\" y=\"%d\">%s</text>\n", class,
		PERCENT_OF(x), y, text);
}

void bh_chart_mark(FILE *out, const char *class, int32_t x, int y, const char *path)
{
	bh_html(out,
		"<svg class=\"mark\" x=\"" PERCENT
		"\" y=\"%d\"><path class=\"%s\" d=\"%s\"/></svg>\n",
		PERCENT_OF(x), y, class, path);
}

void bh_chart_line(FILE *out, const char *class, int y)
{
	bh_html(out, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n", class, y,
		y);
}

void bh_chart_field_open(FILE *out, int height)
{
	bh_html(out,
		"<svg class=\"field\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 %d %d\" "
		"preserveAspectRatio=\"none\">\n",
		height, BH_CHART_WIDTH, height * 10);
}

void bh_chart_field_close(FILE *out)
{
	bh_html(out, "</svg>\n");
}
