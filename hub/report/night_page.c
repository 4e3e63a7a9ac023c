/* SPDX-License-Identifier: MIT */
#include "hub/core/night.h"
#include "hub/core/time_types.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* A gap hides when the bed was first entered. */
static void subtitle_unseen(const struct bh_past_night *past, char *buf, size_t size)
{
	char to[BH_WORDS_MAX];

	if (past->night.last_exit_ms != BH_WALL_UNKNOWN)
		snprintf(buf, size, "In bed until %s; getting in was missed",
			 bh_words_clock(past->night.last_exit_ms, to));
	else if (bh_night_in_bed(past))
		snprintf(buf, size, "In bed; getting in was missed");
	else
		snprintf(buf, size, "In bed; getting in and getting up were missed");
}

static void subtitle(const struct bh_past_night *past, char *buf, size_t size)
{
	const struct bh_night *night = &past->night;
	char from[BH_WORDS_MAX], to[BH_WORDS_MAX];

	if (bh_night_entering_unseen(past))
		subtitle_unseen(past, buf, size);
	else if (night->first_enter_ms == BH_WALL_UNKNOWN && past->n_events > 0)
		snprintf(buf, size, "This night has not been summed up yet.");
	else if (night->first_enter_ms == BH_WALL_UNKNOWN)
		snprintf(buf, size, "Nobody was seen in bed.");
	else if (night->last_exit_ms == BH_WALL_UNKNOWN && !bh_night_in_bed(past))
		snprintf(buf, size, "In bed from %s; getting up was missed",
			 bh_words_clock(night->first_enter_ms, from));
	else if (night->last_exit_ms == BH_WALL_UNKNOWN)
		snprintf(buf, size, "In bed since %s", bh_words_clock(night->first_enter_ms, from));
	else
		snprintf(buf, size, "In bed from %s to %s",
			 bh_words_clock(night->first_enter_ms, from),
			 bh_words_clock(night->last_exit_ms, to));
}

static void figures(FILE *out, const struct bh_report_night *page)
{
	const struct bh_night *night = &page->past->night;
	char value[BH_WORDS_MAX], more[BH_WORDS_MAX + 8], left[BH_WORDS_MAX], right[BH_WORDS_MAX],
		both[2 * BH_WORDS_MAX + 8];

	bh_html(out, "<dl class=\"figures\">\n");
	bh_page_figure(out, "In bed", bh_words_minutes(night->in_bed_min, value), "");
	bh_page_figure(out, "Asleep, at most", bh_words_minutes(night->sleep.asleep_min, value),
		       "");
	bh_page_figure(out, "Restless", bh_words_minutes(night->restless_min, value), "");
	bh_page_figure(out, "Left the bed", bh_words_times(night->exits, value), "");
	snprintf(more, sizeof(more), "%s in all",
		 bh_words_minutes(night->legs_over_edge_min, value));
	bh_page_figure(out, "Legs over the edge", bh_words_times(night->legs_over_edge, value),
		       night->legs_over_edge > 0 ? more : "");
	bh_page_figure(out, "Leg movements", bh_words_count(night->leg_movements, value), "");
	snprintf(both, sizeof(both), "%s / %s", bh_words_degrees(night->temp_left_mdegc, left),
		 bh_words_degrees(night->temp_right_mdegc, right));
	bh_page_figure(out, "Left leg / right leg", both, "medians while lying quietly");
	bh_page_figure(out, "Mat working", bh_words_percent(night->coverage_permille, value),
		       "of the time in bed");
	bh_html(out, "</dl>\n");
}

static void diary(FILE *out, const struct bh_report_night *page)
{
	char at[BH_WORDS_MAX], machine[BH_WORDS_MAX];

	if (page->n_diary == 0)
		return;
	bh_html(out,
		"<section class=\"keep\"><h2>Noted in the diary</h2>\n<table><caption>Entries for "
		"this "
		"night</caption><thead><tr><th scope=\"col\">At</th><th scope=\"col\">What</th><th "
		"scope=\"col\">Answer</th><th scope=\"col\">Where</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < page->n_diary; i++) {
		const struct bh_diary_item *item = &page->diary[i];
		const struct bh_answer_info *info = bh_diary_info(item->key);

		bh_html(out,
			"<tr><td><time "
			"datetime=\"%s\">%s</time></td><td>%s</td><td>%s</td><td>%s %s</td></tr>\n",
			bh_words_moment(item->at_ms, machine), bh_words_clock(item->at_ms, at),
			info ? info->text : item->key, item->value,
			item->side == BH_SIDE_UNKNOWN ? "" : bh_side_name(item->side), item->site);
	}
	bh_html(out, "</tbody></table></section>\n");
}

int bh_report_night(FILE *out, const struct bh_report_night *page)
{
	const struct bh_night *night = &page->past->night;
	char title[BH_WORDS_MAX + 16], date[BH_WORDS_MAX], when[2 * BH_WORDS_MAX + 32];
	struct bh_bins bins;

	snprintf(title, sizeof(title), "Night of %s", bh_words_date_long(night->date, date));
	subtitle(page->past, when, sizeof(when));
	bh_page_open(out, &page->head, "night page", title, when);
	bh_html(out, "<section class=\"keep\"><h2>In short</h2>\n");
	bh_page_verdict(out, &page->patterns);
	figures(out, page);
	bh_html(out, "</section>\n");
	if (bh_bins_fill(page->past, &bins)) {
		bh_part_timeline(out, page, &bins);
		bh_part_sleep(out, night);
		bh_part_warmth(out, page, &bins);
		bh_part_movements(out, page);
	}
	diary(out, page);
	bh_part_patterns(out, &page->patterns);
	bh_part_questions(out, &page->head, &page->patterns);
	bh_part_tips(out, &page->head, &page->patterns);
	bh_part_quality(out, &page->head, night, &page->quality);
	bh_page_close(out, &page->head);
	return fflush(out) == 0 && !ferror(out) ? 0 : -EIO;
}
