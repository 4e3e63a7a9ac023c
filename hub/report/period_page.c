/* SPDX-License-Identifier: MIT */
#include "hub/core/time_types.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <errno.h>

static const struct bh_finding *broadest(const struct bh_report_patterns *patterns)
{
	const struct bh_finding *found = NULL;

	for (size_t i = 0; i < patterns->n; i++)
		if (!found || patterns->finding[i].finding->nights_used > found->nights_used)
			found = patterns->finding[i].finding;
	return found;
}

/* On which nights the verdict rests. */
static void basis(FILE *out, const struct bh_report_period *period)
{
	const struct bh_finding *finding = broadest(&period->patterns);
	char date[BH_WORDS_MAX];
	size_t count[BH_VERDICT_END] = { 0 };
	const char *between = "";

	if (!finding) {
		bh_html(out, "<p>No rule was evaluated for these nights.</p>\n");
		return;
	}
	for (size_t i = 0; i < period->n_rows; i++)
		if (period->rows[i].judged && period->rows[i].verdict < BH_VERDICT_END)
			count[period->rows[i].verdict]++;
	bh_html(out,
		"<p class=\"basis\">As seen from %s, with up to %d of %d nights used. Night by "
		"night, each time "
		"looking back: ",
		bh_words_date_long(period->patterns.night, date), (int)finding->nights_used,
		(int)finding->nights_window);
	for (int v = 0; v < BH_VERDICT_END; v++) {
		if (count[v] == 0)
			continue;
		bh_html(out, "%s%s on %zu", between,
			bh_verdict_like((enum bh_verdict)v), count[v]);
		between = ", ";
	}
	bh_html(out, ".</p>\n");
}

int bh_report_period(FILE *out, const struct bh_report_period *page)
{
	char title[BH_WORDS_MAX], count[32];

	bh_words_period(page->from, page->to, title);
	snprintf(count, sizeof(count), "%zu night%s on record", page->n_rows,
		 page->n_rows == 1 ? "" : "s");
	bh_page_open(out, &page->head, "period page", title, count);
	bh_html(out, "<section class=\"keep\"><h2>In short</h2>\n");
	bh_page_verdict(out, &page->patterns);
	basis(out, page);
	bh_html(out, "</section>\n");
	bh_part_strips(out, page);
	bh_part_trends(out, page);
	bh_part_patterns(out, &page->patterns);
	bh_part_questions(out, &page->head, &page->patterns);
	bh_part_tips(out, &page->head, &page->patterns);
	bh_part_quality(out, &page->head, NULL, &page->quality);
	bh_part_nights(out, page);
	bh_page_close(out, &page->head);
	return fflush(out) == 0 && !ferror(out) ? 0 : -EIO;
}
