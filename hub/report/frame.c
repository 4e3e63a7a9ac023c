/* SPDX-License-Identifier: MIT */
/* What holds a page together: head, style sheet, banner, verdict, foot. */
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/report_css.h"
#include "hub/report/words.h"

static void banner(FILE *out)
{
	bh_html(out, "<p class=\"simulated\"><strong>Simulated, not a person.</strong> Every "
		     "number on this page "
		     "was made up by a program to show what it can do.</p>\n");
}

void bh_page_open(FILE *out, const struct bh_report_head *head, const char *kind, const char *title,
		  const char *subtitle)
{
	bh_html(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n"
		"<meta name=\"robots\" content=\"noindex\">\n<title>%s%s, %s</title>\n<style>\n",
		head->simulated ? "Simulated: " : "", head->bed, title);
	fputs(bh_report_report, out);
	/* One definition serves every drawing: paint by url(#...) reaches across the page. */
	bh_html(out,
		"</style>\n</head>\n<body class=\"%s\">\n"
		"<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern "
		"id=\"hatch\" "
		"width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
		"patternTransform=\"rotate(45)\">"
		"<rect class=\"hatch-ground\" width=\"6\" height=\"6\"/><line class=\"hatch-line\" "
		"x1=\"0\" "
		"x2=\"0\" y1=\"0\" y2=\"6\"/></pattern></defs></svg>\n<header>\n",
		head->simulated ? "is-simulated" : "is-measured");
	if (head->simulated)
		banner(out);
	bh_html(out,
		"<p class=\"kind\">Bedside · %s · %s</p>\n<h1>%s</h1>\n<p "
		"class=\"subtitle\">%s</p>\n"
		"</header>\n<main>\n",
		kind, head->bed, title, subtitle);
}

void bh_page_close(FILE *out, const struct bh_report_head *head)
{
	char made[BH_WORDS_MAX];

	bh_html(out,
		"</main>\n<footer>\n<p>Bedside records bed movement and leg temperature and "
		"arranges them "
		"against published descriptions, for personal reflection and for a conversation "
		"with a "
		"clinician. It names no cause and is no alarm system: that it says nothing never "
		"means that "
		"all is well. A bed does not know who moved: partners and pets are in the "
		"data.</p>\n"
		"<p>Page made on %s by Bedside %s%s.</p>\n</footer>\n</body>\n</html>\n",
		bh_words_date_long(head->made, made), head->version,
		head->simulated ? " from a simulation, not of a person" : "");
}

void bh_page_figure(FILE *out, const char *name, const char *value, const char *note)
{
	bh_html(out, "<div><dt>%s</dt><dd>%s", name, value);
	if (note[0])
		bh_html(out, " <small>%s</small>", note);
	bh_html(out, "</dd></div>\n");
}

bool bh_page_red_flag(const struct bh_report_patterns *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		if (patterns->finding[i].finding->red_flag)
			return true;
	return false;
}

/* It was told: whoever read it then finds it here. */
static void gone_flag(FILE *out, const struct bh_report_gone *gone)
{
	char at[BH_WORDS_MAX];
	bool known = gone->raised_ms != BH_WALL_UNKNOWN;

	bh_html(out,
		"<p class=\"redflag gone\" role=\"note\"><strong>Raised%s%s, and not seen any more "
		"later.</strong> Then it said: <q>%s</q></p>\n",
		known ? " at " : "", known ? bh_words_clock(gone->raised_ms, at) : "", gone->says);
}

void bh_page_verdict(FILE *out, const struct bh_report_patterns *patterns)
{
	char date[BH_WORDS_MAX];

	for (size_t i = 0; i < patterns->n; i++) {
		const char *says;

		for (int flag = 0; (says = bh_finding_red_flag(patterns->finding[i].finding, flag)); flag++)
			bh_html(out,
				"<p class=\"redflag\" role=\"note\"><strong>Please read "
				"first.</strong> %s</p>\n",
				says);
	}
	for (size_t i = 0; i < patterns->n_gone; i++)
		gone_flag(out, &patterns->gone[i]);
	bh_html(out, "<p class=\"verdict\"><strong>%s</strong>",
		bh_verdict_text(patterns->verdict));
	if (patterns->verdict == BH_VERDICT_NONE)
		bh_html(out, " None of the patterns this hub could look for stands out. That does "
			     "not mean that all is well.");
	else if (patterns->verdict != BH_VERDICT_NO_DATA)
		bh_html(out, " It is of the nights up to %s, not of one night alone. Patterns "
			     "like this are described in the literature; a bed cannot "
			     "tell what "
			     "stands behind one. The evidence, for and against, is below.",
			bh_words_date_long(patterns->night, date));
	bh_html(out, "</p>\n");
	if (patterns->unlooked && patterns->unlooked[0])
		bh_html(out, "<p class=\"unlooked\">%s</p>\n", patterns->unlooked);
}
