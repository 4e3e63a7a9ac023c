/* SPDX-License-Identifier: MIT */
/* Leg movements: how many, how regular, and the time from one to the next on a logarithmic axis. */
#include "hub/core/time_types.h"
#include "hub/report/chart.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>
#include <string.h>

#define HEIGHT 120
#define DESC_MAX 256
#define NOTE_MAX 128
/* Ten steps a decade from 1 s to 1000 s: what is shorter is one movement, what is longer two. */
#define STEPS_PER_DECADE 10
#define DECADES 3
#define STEPS (STEPS_PER_DECADE * DECADES)
#define FIRST_MS 1000
/* Where the range of rhythmic series lies: 10 s, and 90 s = 10^1.954 s (hub/detect/plm.h). */
#define RANGE_FROM (BH_CHART_WIDTH / DECADES)
#define RANGE_TO (BH_CHART_WIDTH * 1954 / 3000)
/* Fewer are no picture; the periodicity index asks for as many, too (science notes, section 2.1). */
#define INTERVALS_MIN 20

/* 1000 times 10^(i / 10). */
static const int32_t step_milli[STEPS_PER_DECADE] = { 1000, 1259, 1585, 1995, 2512,
						      3162, 3981, 5012, 6310, 7943 };

static int32_t lower_ms(int step)
{
	int32_t ms = step_milli[step % STEPS_PER_DECADE];

	for (int decade = step / STEPS_PER_DECADE; decade > 0; decade--)
		ms *= 10;
	return ms * (FIRST_MS / 1000);
}

/* @return How many lay outside the axis. */
static size_t count(const struct bh_report_intervals *intervals, size_t bins[static STEPS])
{
	size_t outside = 0;

	memset(bins, 0, sizeof(*bins) * STEPS);
	for (size_t i = 0; i < intervals->n; i++) {
		int32_t ms = intervals->ms[i];
		int step = 0;

		if (ms < FIRST_MS || ms >= lower_ms(STEPS)) {
			outside++;
			continue;
		}
		while (step + 1 < STEPS && ms >= lower_ms(step + 1))
			step++;
		bins[step]++;
	}
	return outside;
}

static void draw_axis(FILE *out)
{
	static const char *const labels[DECADES + 1] = { "1 s", "10 s", "100 s", "1000 s" };

	bh_html(out,
		"<div class=\"track hours\" aria-hidden=\"true\"><div class=\"name\"></div>"
		"<div class=\"sum\"></div><svg class=\"plot\" width=\"100%%\" height=\"16\">\n");
	for (int i = 0; i <= DECADES; i++)
		bh_chart_text(out, "tick", BH_CHART_WIDTH / DECADES * i, 12, labels[i]);
	bh_html(out, "</svg></div>\n");
}

static void draw_histogram(FILE *out, const struct bh_report_intervals *intervals)
{
	size_t bins[STEPS], most = 1, within = 0, outside = count(intervals, bins);
	char desc[DESC_MAX], sum[BH_WORDS_MAX];
	struct bh_track track = { "intervals", "Intervals", sum, desc, HEIGHT };

	for (int i = 0; i < STEPS; i++)
		most = bins[i] > most ? bins[i] : most;
	for (size_t i = 0; i < intervals->n; i++)
		within += intervals->ms[i] >= 10 * FIRST_MS && intervals->ms[i] <= 90 * FIRST_MS;
	snprintf(sum, sizeof(sum), "%zu in all", intervals->n);
	snprintf(desc, sizeof(desc),
		 "Histogram of %zu intervals: %zu of them from 10 to 90 seconds; %zu lie outside "
		 "the axis.",
		 intervals->n, within, outside);
	bh_html(out,
		"<figure class=\"chart\"><figcaption>Time from one leg movement to the next. "
		"Shaded: 10 to "
		"90 s, the range of rhythmic series (%zu of %zu intervals).</figcaption>\n",
		within, intervals->n);
	bh_track_open(out, &track, NULL);
	bh_chart_bar(out, "range", RANGE_FROM, RANGE_TO, 0, HEIGHT);
	for (int i = 0; i < STEPS; i++) {
		int height = (int)(bins[i] * (HEIGHT - 14) / most);
		char text[BH_WORDS_MAX];

		if (bins[i] == 0)
			continue;
		bh_chart_bar(out, "moves", BH_CHART_WIDTH / STEPS * i,
			     BH_CHART_WIDTH / STEPS * (i + 1) - 300, HEIGHT - height, height);
		snprintf(text, sizeof(text), "%zu", bins[i]);
		bh_chart_text(out, "count", BH_CHART_WIDTH / STEPS * i + BH_CHART_WIDTH / STEPS / 2,
			      HEIGHT - height - 3, text);
	}
	bh_chart_line(out, "zero", HEIGHT);
	bh_track_close(out);
	draw_axis(out);
	bh_html(out, "</figure>\n<details><summary>The same as a "
		     "table</summary><table><caption>Intervals "
		     "between leg movements</caption><thead><tr><th scope=\"col\">From</th><th "
		     "scope=\"col\">Intervals</th></tr></thead><tbody>\n");
	for (int i = 0; i < STEPS; i++)
		if (bins[i] > 0)
			bh_html(out, "<tr><td>%d.%d s</td><td>%zu</td></tr>\n",
				(int)(lower_ms(i) / 1000), (int)(lower_ms(i) % 1000 / 100),
				bins[i]);
	bh_html(out, "</tbody></table></details>\n");
}

/* How many, and how many an hour of what: an index without its hours says nothing. */
static void rhythmic(FILE *out, const char *name, int32_t n, int32_t index_milli, int32_t minutes,
		     const char *state)
{
	char text[BH_WORDS_MAX], index[BH_WORDS_MAX], span[BH_WORDS_MAX], note[NOTE_MAX] = "";

	if (index_milli != BH_EPOCH_UNKNOWN)
		snprintf(note, sizeof(note), "%s an hour, of %s %s",
			 bh_words_tenths(index_milli, index), bh_words_minutes(minutes, span),
			 state);
	bh_page_figure(out, name, bh_words_count(n, text), note);
}

static void figures(FILE *out, const struct bh_night *night)
{
	const struct bh_night_plm *plm = &night->plm;
	char text[BH_WORDS_MAX], span[BH_WORDS_MAX];

	bh_html(out, "<dl class=\"figures five\">");
	bh_page_figure(out, "Leg movements", bh_words_count(night->leg_movements, text), "");
	rhythmic(out, "Rhythmic, asleep", plm->asleep, plm->index_asleep_milli,
		 night->sleep.asleep_min, "asleep");
	rhythmic(out, "Rhythmic, awake in bed", plm->awake, plm->index_awake_milli,
		 night->sleep.awake_in_bed_min, "awake");
	bh_page_figure(out, "Rhythmic series", bh_words_count(plm->series, text),
		       "four or more, 10 to 90 s apart");
	bh_page_figure(out, "Typical interval asleep",
		       plm->interval_ms == BH_EPOCH_UNKNOWN ? "not known"
							    : bh_words_span(plm->interval_ms, span),
		       plm->interval_ms == BH_EPOCH_UNKNOWN
			       ? ""
			       : "of 10 to 90 s; too long, as some are missed");
	bh_html(out,
		"</dl>\n<p class=\"note\">Of the movements that electrodes on the legs see, some "
		"39 %% move "
		"nothing that a mat could feel (Terrill 2013); a partner's or a pet's are counted "
		"too. "
		"Rhythmic movements are common in people whose legs do not trouble them.</p>\n");
}

void bh_part_movements(FILE *out, const struct bh_report_night *night)
{
	if (!(night->past->capabilities & BH_CAN_LEG_MOVEMENT))
		return;
	bh_html(out, "<section class=\"keep\"><h2>Leg movements</h2>\n");
	figures(out, &night->past->night);
	if (night->intervals.n >= INTERVALS_MIN)
		draw_histogram(out, &night->intervals);
	else
		bh_html(out,
			"<p>Too few movements followed each other for a picture of the intervals "
			"(%zu; %d "
			"are needed).</p>\n",
			night->intervals.n, INTERVALS_MIN);
	bh_html(out, "</section>\n");
}
