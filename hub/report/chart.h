/* SPDX-License-Identifier: MIT */
/*
 * Charts as SVG that fit any width: x is a share of the width (percent, from time or from a
 * value), y is in pixels, so that letters and lines keep their size on a phone and on paper. Colours
 * and patterns come from classes of dashboards/report/report.css.
 */
#ifndef BH_REPORT_CHART_H
#define BH_REPORT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* x runs from 0 to this: thousandths of a percent of the width. */
#define BH_CHART_WIDTH 100000

/** The hours that lie on the width. */
struct bh_scale_x {
	int64_t from_ms;
	int64_t to_ms;
	bool clock; /**< times are of the clock on the wall, not UTC: nights of a year on one scale */
};

/** @return 0..BH_CHART_WIDTH, clamped. */
int32_t bh_chart_x(const struct bh_scale_x *scale, int64_t at_ms);

/** One picture in a column of pictures with one scale: a name, a sum, and the drawing. */
struct bh_track {
	const char *id; /**< unique on the page */
	const char *name;
	const char *sum;  /**< beside it, may be empty */
	const char *desc; /**< what a screen reader says of the drawing */
	int height;	  /**< px */
};

/** @brief Begin the drawing; hour lines of @p scale (NULL: none) come first. */
void bh_track_open(FILE *out, const struct bh_track *track, const struct bh_scale_x *scale);
void bh_track_close(FILE *out);
/** @brief A row of hour labels; no picture of its own. */
void bh_chart_hours(FILE *out, const struct bh_scale_x *scale);

/** @brief A bar from x0 to x1; at least a hair wide, so that nothing short disappears. */
void bh_chart_bar(FILE *out, const char *class, int32_t x0, int32_t x1, int y, int height);
void bh_chart_text(FILE *out, const char *class, int32_t x, int y, const char *text);
/** @brief A mark of fixed size at x: @p path is drawn around its own 0,0. */
void bh_chart_mark(FILE *out, const char *class, int32_t x, int y, const char *path);
/** @brief A line across at y. */
void bh_chart_line(FILE *out, const char *class, int y);

/** @brief Begin a field in which curves are drawn: x in BH_CHART_WIDTH, y in tenths of px. */
void bh_chart_field_open(FILE *out, int height);
void bh_chart_field_close(FILE *out);

#endif
