/* SPDX-License-Identifier: MIT */
/* How the night was slept, as movement shows it. */
#include "hub/core/night.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

void bh_part_sleep(FILE *out, const struct bh_night *night)
{
	const struct bh_night_sleep *sleep = &night->sleep;
	char text[BH_WORDS_MAX], of[2 * BH_WORDS_MAX], time[BH_WORDS_MAX];

	if (sleep->asleep_min == BH_EPOCH_UNKNOWN)
		return;
	bh_html(out, "<section class=\"keep\"><h2>Sleep, estimated from stillness</h2>\n"
		     "<dl class=\"figures five\">\n");
	snprintf(of, sizeof(of), "of %s from getting in to getting up",
		 bh_words_minutes(sleep->bed_min, time));
	bh_page_figure(out, "Asleep, at most", bh_words_minutes(sleep->asleep_min, text), of);
	bh_page_figure(out, "That is", bh_words_percent(sleep->efficiency_permille, text),
		       "of the time known");
	bh_page_figure(out, "Until first asleep", bh_words_minutes(sleep->latency_min, text), "");
	bh_page_figure(out, "Awake after that", bh_words_minutes(sleep->wake_after_onset_min, text),
		       "until last asleep, being up included");
	bh_page_figure(out, "Awake at the end", bh_words_minutes(bh_night_risen_min(sleep), text),
		       "from last asleep to getting up");
	bh_page_figure(out, "Woken", bh_words_times(sleep->awakenings, text), "");
	if (sleep->regularity_milli != BH_EPOCH_UNKNOWN)
		bh_page_figure(out, "Regularity", bh_words_tenths(sleep->regularity_milli, text),
			       "of the week: 100 is every day alike");
	bh_html(out, "</dl>\n<p class=\"note\">Lying still awake counts as asleep: a bed "
		     "under-detects being "
		     "awake (Walsh 2017), so sleep was no longer than this. These are not sleep "
		     "stages.</p></section>\n");
}
