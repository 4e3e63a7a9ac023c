/* SPDX-License-Identifier: MIT */
/* One small column chart for each number of a night, and all of them as a table. */
#include "hub/core/time_types.h"
#include "hub/report/chart.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HEIGHT 64
#define MARGIN 4
#define LETTERS_HEIGHT 18
#define DESC_MAX 256
/* hub/core/diary.def: "0..10". */
#define PAIN_WORST 10
/* Between columns, of the width of one. */
#define GAP_DIVISOR 5

static int32_t in_bed(const struct bh_report_row *row)
{
	return row->past->night.in_bed_min;
}

static int32_t asleep(const struct bh_report_row *row)
{
	return row->past->night.sleep.asleep_min;
}

static int32_t restless(const struct bh_report_row *row)
{
	return row->past->night.restless_min;
}

static int32_t exits(const struct bh_report_row *row)
{
	return row->past->night.exits;
}

static int32_t legs(const struct bh_report_row *row)
{
	return row->past->night.legs_over_edge_min;
}

static int32_t movements(const struct bh_report_row *row)
{
	return row->past->night.leg_movements;
}

static int32_t rhythmic(const struct bh_report_row *row)
{
	return row->past->night.plm.index_asleep_milli;
}

static int32_t delta(const struct bh_report_row *row)
{
	return row->past->night.temp_delta_mdegc;
}

/* The worst that was noted of a leg; an entry of both is one of each. */
static int32_t pain(const struct bh_report_row *row, enum bh_side leg)
{
	int32_t worst = BH_EPOCH_UNKNOWN;

	for (size_t i = 0; i < row->n_diary; i++) {
		const struct bh_diary_item *item = &row->diary[i];
		bool both = item->side == BH_SIDE_BOTH && leg != BH_SIDE_UNKNOWN;
		int32_t noted = (int32_t)strtol(item->value, NULL, 10);

		if (strcmp(item->key, "pain") != 0 || (item->side != leg && !both))
			continue;
		if (worst == BH_EPOCH_UNKNOWN || noted > worst)
			worst = noted;
	}
	return worst;
}

static int32_t pain_left(const struct bh_report_row *row)
{
	return pain(row, BH_SIDE_LEFT);
}

static int32_t pain_right(const struct bh_report_row *row)
{
	return pain(row, BH_SIDE_RIGHT);
}

static int32_t pain_somewhere(const struct bh_report_row *row)
{
	return pain(row, BH_SIDE_UNKNOWN);
}

static int32_t coverage(const struct bh_report_row *row)
{
	return row->past->night.coverage_permille;
}

static const struct {
	const char *id, *name, *class;
	int32_t (*of)(const struct bh_report_row *row);
	const char *(*words)(int32_t value, char buf[static BH_WORDS_MAX]);
	int32_t full; /* where its scale ends; 0: at the largest of the nights */
} series[] = {
	{ "t-bed", "In bed", "bed", in_bed, bh_words_minutes, 0 },
	{ "t-sleep", "Asleep, at most", "sleep", asleep, bh_words_minutes, 0 },
	{ "t-restless", "Restless", "restless", restless, bh_words_minutes, 0 },
	{ "t-exits", "Left the bed", "exit", exits, bh_words_count, 0 },
	{ "t-legs", "Legs over the edge", "legs", legs, bh_words_minutes, 0 },
	{ "t-moves", "Leg movements", "moves", movements, bh_words_count, 0 },
	{ "t-plm", "Rhythmic, an hour asleep", "movement", rhythmic, bh_words_tenths, 0 },
	{ "t-delta", "Left minus right leg", "left-fill", delta, bh_words_degrees, 0 },
	{ "t-pain-left", "Pain noted, left leg", "pain", pain_left, bh_words_count, PAIN_WORST },
	{ "t-pain-right", "Pain noted, right leg", "pain", pain_right, bh_words_count, PAIN_WORST },
	{ "t-pain", "Pain noted, leg not said", "pain", pain_somewhere, bh_words_count,
	  PAIN_WORST },
	{ "t-cover", "Mat working", "cover", coverage, bh_words_percent, 1000 },
};
#define SERIES (sizeof(series) / sizeof(series[0]))

struct stats {
	size_t n;
	int32_t min, median, max;
	int32_t low, high; /* of the scale */
};

static int by_value(const void *a, const void *b)
{
	int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* @return false: no night knows it. */
static bool sum_up(const struct bh_report_period *period, size_t k, struct stats *ret)
{
	int32_t known[BH_REPORT_NIGHTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < period->n_rows; i++)
		if (series[k].of(&period->rows[i]) != BH_EPOCH_UNKNOWN)
			known[n++] = series[k].of(&period->rows[i]);
	if (n == 0)
		return false;
	qsort(known, n, sizeof(known[0]), by_value);
	*ret = (struct stats){ .n = n,
			       .min = known[0],
			       .median = known[(n - 1) / 2],
			       .max = known[n - 1] };
	ret->low = ret->min < 0 ? ret->min : 0;
	ret->high = series[k].full > 0 ? series[k].full : ret->max > 0 ? ret->max : 0;
	return true;
}

/* Columns stand on the line of zero, wherever it lies. */
static int y_of(const struct stats *stats, int32_t value)
{
	int64_t low = stats->low, high = stats->high;

	return MARGIN +
	       (int)((high - value) * (HEIGHT - 2 * MARGIN) / (high > low ? high - low : 1));
}

/* A line for the median; one for the scale, but where all are 0. */
static void sum_words(size_t k, const struct stats *stats, char *buf, size_t size)
{
	char median[BH_WORDS_MAX], low[BH_WORDS_MAX] = "", high[BH_WORDS_MAX];

	series[k].words(stats->median, median);
	if (stats->low < 0)
		series[k].words(stats->low, low);
	if (stats->high > stats->low)
		snprintf(buf, size, "median %s\nscale %s%sto %s", median, low, low[0] ? " " : "",
			 series[k].words(stats->high, high));
	else
		snprintf(buf, size, "median %s", median);
}

static void draw(FILE *out, const struct bh_report_period *period, size_t k,
		 const struct stats *stats)
{
	int32_t width = BH_CHART_WIDTH / (int32_t)period->n_rows;
	char min[BH_WORDS_MAX], median[BH_WORDS_MAX], max[BH_WORDS_MAX], desc[DESC_MAX],
		sum[3 * BH_WORDS_MAX + 32];
	struct bh_track track = { series[k].id, series[k].name, sum, desc, HEIGHT };

	series[k].words(stats->median, median);
	sum_words(k, stats, sum, sizeof(sum));
	snprintf(desc, sizeof(desc), "%zu of %zu nights known: from %s to %s, median %s.", stats->n,
		 period->n_rows, series[k].words(stats->min, min), series[k].words(stats->max, max),
		 median);
	bh_track_open(out, &track, NULL);
	for (size_t i = 0; i < period->n_rows; i++) {
		int32_t value = series[k].of(&period->rows[i]), x = width * (int32_t)i;
		int zero = y_of(stats, 0), top;

		if (value == BH_EPOCH_UNKNOWN) {
			bh_chart_bar(out, "unknown", x, x + width - width / GAP_DIVISOR, 0, HEIGHT);
			continue;
		}
		top = y_of(stats, value);
		bh_chart_bar(out, series[k].class, x, x + width - width / GAP_DIVISOR,
			     top < zero ? top : zero, abs(zero - top) > 0 ? abs(zero - top) : 1);
	}
	bh_chart_line(out, "zero", y_of(stats, 0));
	bh_chart_line(out, "median", y_of(stats, stats->median));
	bh_track_close(out);
}

/* By enum bh_verdict: what a column of the pattern row shows. */
static const char *const verdict_letters[] = { "?", "·", "C", "N", "M", "+" };

static void draw_verdicts(FILE *out, const struct bh_report_period *period)
{
	int32_t width = BH_CHART_WIDTH / (int32_t)period->n_rows;
	struct bh_track track = {
		"t-pattern", "Pattern", "",
		"What the rules said looking back from each night; the table below has "
		"it in words.",
		LETTERS_HEIGHT
	};

	bh_track_open(out, &track, NULL);
	for (size_t i = 0; i < period->n_rows; i++)
		if (period->rows[i].judged && period->rows[i].verdict < BH_VERDICT_END)
			bh_chart_text(out, "verdict-letter",
				      width * (int32_t)i + (width - width / GAP_DIVISOR) / 2,
				      LETTERS_HEIGHT - 4, verdict_letters[period->rows[i].verdict]);
	bh_track_close(out);
}

static void dates(FILE *out, const struct bh_report_period *period)
{
	char first[BH_WORDS_MAX], last[BH_WORDS_MAX];

	bh_html(out,
		"<div class=\"track hours\" aria-hidden=\"true\"><div class=\"name\"></div><div "
		"class=\"sum\"></div><div "
		"class=\"ends\"><span>%s</span><span>%s</span></div></div>\n",
		bh_words_date_short(period->rows[0].past->night.date, first),
		bh_words_date_short(period->rows[period->n_rows - 1].past->night.date, last));
}

static bool is_known(const struct bh_report_period *period, size_t k)
{
	struct stats stats;

	return sum_up(period, k, &stats);
}

static bool is_pain(size_t k)
{
	return strcmp(series[k].class, "pain") == 0;
}

static bool any_pain(const struct bh_report_period *period)
{
	for (size_t k = 0; k < SERIES; k++)
		if (is_pain(k) && is_known(period, k))
			return true;
	return false;
}

/* As on the page of each of these nights. */
static void not_compared(FILE *out, const struct bh_report_period *period)
{
	size_t known = 0, doubtful = 0;

	for (size_t i = 0; i < period->n_rows; i++) {
		if (delta(&period->rows[i]) == BH_EPOCH_UNKNOWN)
			continue;
		known++;
		doubtful += !(period->rows[i].past->capabilities & BH_CAN_TEMP_ABSOLUTE);
	}
	if (doubtful > 0)
		bh_html(out,
			"<p class=\"note\">Left minus right leg: in %zu of %zu nights " BH_NOT_COMPARED
			"</p>\n",
			doubtful, known);
}

/* A table has no room for a diary that nobody kept. */
static bool in_table(const struct bh_report_period *period, size_t k)
{
	return !is_pain(k) || is_known(period, k);
}

void bh_part_trends(FILE *out, const struct bh_report_period *period)
{
	bh_html(out,
		"<section class=\"keep\"><h2>Over the nights</h2>\n<figure class=\"chart "
		"trends\"><figcaption>"
		"A column a night, from left to right; columns stand on 0, and a full one is the end of "
		"its row's scale; the dashed line is the median; hatched: not known, or not noted.</figcaption>\n");
	for (size_t k = 0; k < SERIES; k++) {
		struct stats stats;

		if (sum_up(period, k, &stats))
			draw(out, period, k, &stats);
	}
	draw_verdicts(out, period);
	dates(out, period);
	not_compared(out, period);
	if (!any_pain(period))
		bh_html(out, "<p class=\"note\">Nobody noted leg pain in the diary of these nights, "
			     "which does not mean that there was none.</p>\n");
	bh_html(out, "<p class=\"note\">Pattern: C circulation-like, N neurological-like, M "
		     "muscular-like, + "
		     "more than one kind, · none seen, ? not enough data.</p></figure></section>\n");
}

static const char *verdict_words(const struct bh_report_row *row, char *buf, size_t size)
{
	if (!row->judged)
		return "not compared";
	if (row->looked == row->rules)
		return bh_verdict_like(row->verdict);
	snprintf(buf, size, "%s (%zu of %zu)", bh_verdict_like(row->verdict), row->looked,
		 row->rules);
	return buf;
}

void bh_part_nights(FILE *out, const struct bh_report_period *period)
{
	char machine[BH_WORDS_MAX], text[BH_WORDS_MAX];

	bh_html(out, "<section><h2>The nights in numbers</h2>\n<div class=\"wide\" tabindex=\"0\" "
		     "role=\"region\" "
		     "aria-label=\"The nights in numbers\"><table class=\"nights\"><caption>A "
		     "pattern is of the "
		     "nights up to that of its row</caption><thead><tr><th scope=\"col\">Night</th>");
	for (size_t k = 0; k < SERIES; k++)
		if (in_table(period, k))
			bh_html(out, "<th scope=\"col\">%s</th>", series[k].name);
	bh_html(out, "<th scope=\"col\">Pattern</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < period->n_rows; i++) {
		const struct bh_report_row *row = &period->rows[i];
		int32_t date = row->past->night.date;

		bh_html(out, "<tr><th scope=\"row\"><time datetime=\"%s\">%s</time></th>",
			bh_words_date(date, machine), bh_words_date_short(date, text));
		for (size_t k = 0; k < SERIES; k++) {
			int32_t value = series[k].of(row);

			if (in_table(period, k))
				bh_html(out, "<td>%s</td>",
					value == BH_EPOCH_UNKNOWN ? "?" : series[k].words(value, text));
		}
		bh_html(out, "<td>%s</td></tr>\n", verdict_words(row, text, sizeof(text)));
	}
	bh_html(out, "</tbody></table></div><p class=\"note\">? is not known, which is not "
		     "none. (3 of 11): so many of the patterns could be looked for.</p></section>\n");
}
