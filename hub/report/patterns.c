/* SPDX-License-Identifier: MIT */
/* What the rules found: what speaks for it, what against, what is missing. */
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <inttypes.h>
#include <string.h>

static const char *title_of(const struct bh_report_finding *found)
{
	return found->purpose ? found->purpose : found->finding->rule;
}

static bool stands_out(const struct bh_finding *finding)
{
	return finding->band >= BH_BAND_SOME || finding->red_flag;
}

/* Four steps from "not seen" to "strong likeness", for the eye; the words stand beside it. */
static void draw_band(FILE *out, enum bh_band band)
{
	if (band == BH_BAND_NO_DATA) {
		bh_html(out, "<span class=\"band\">%s</span>", bh_band_text(band));
		return;
	}
	bh_html(out, "<span class=\"band\"><svg width=\"46\" height=\"10\" aria-hidden=\"true\">");
	for (int step = BH_BAND_SOME; step <= BH_BAND_STRONG; step++)
		bh_html(out, "<rect class=\"%s\" x=\"%d\" y=\"1\" width=\"12\" height=\"8\"/>",
			(int)band >= step ? "step on" : "step", (step - BH_BAND_SOME) * 16 + 1);
	bh_html(out, "</svg> %s</span>", bh_band_text(band));
}

static void evidence_line(FILE *out, const struct bh_evidence *evidence, enum bh_evidence_part part)
{
	static const char *const strengths[] = { "a little", "somewhat", "much" };
	bool known = part == BH_EVIDENCE_FOR || part == BH_EVIDENCE_AGAINST;
	char missing[BH_SAYS_MAX], words[BH_EVIDENCE_WORDS_MAX];

	bh_html(out, "<li>");
	if (known)
		bh_html(out, "<span class=\"weight w%d\">%s</span> ",
			bh_evidence_strength(evidence),
			strengths[bh_evidence_strength(evidence) - 1]);
	bh_html(out, "<span>%s", bh_evidence_words(evidence, words));
	if (known && !evidence->counted)
		bh_html(out, " <small>(a stronger line of the same kind counts instead)</small>");
	if (part == BH_EVIDENCE_NOT_KNOWN && evidence->missing[0])
		bh_html(out, " <small>(missing: %s)</small>",
			bh_reason_words(evidence->missing, missing));
	bh_html(out, "</span></li>\n");
}

static void evidence_part(FILE *out, const struct bh_finding *finding, enum bh_evidence_part part)
{
	static const char *const classes[] = { "for", "against", "unseen", "open" };
	bool any = false;

	for (unsigned int i = 0; i < finding->n_evidence; i++) {
		char heading[64];

		if (bh_evidence_part(&finding->evidence[i]) != part)
			continue;
		if (!any)
			bh_html(out, "<div class=\"%s\"><h4>%s</h4><ul>\n", classes[part],
				bh_name_words(bh_evidence_part_text(part), heading,
					      sizeof(heading)));
		any = true;
		evidence_line(out, &finding->evidence[i], part);
	}
	if (any)
		bh_html(out, "</ul></div>\n");
}

static void evidence(FILE *out, const struct bh_finding *finding)
{
	bh_html(out, "<div class=\"evidence\">\n");
	for (int part = BH_EVIDENCE_FOR; part <= BH_EVIDENCE_NOT_KNOWN; part++)
		evidence_part(out, finding, (enum bh_evidence_part)part);
	bh_html(out, "</div>\n");
}

static void sources(FILE *out, const struct bh_report_finding *found)
{
	if (found->cause)
		bh_html(out,
			"<p class=\"cause\">Clinicians call the described pattern: %s. A likeness "
			"in bed does not make it so.</p>\n",
			found->cause);
	if (found->changed)
		bh_html(out, "<p class=\"note\">The rule has changed since this was said.</p>\n");
	if (!found->purpose)
		bh_html(out,
			"<p class=\"note\">This rule is no longer among the rules in force.</p>\n");
	if (found->n_sources == 0)
		return;
	bh_html(out, "<div class=\"sources\"><h4>Sources</h4><ul>\n");
	for (size_t i = 0; i < found->n_sources; i++)
		bh_html(out, "<li>%s</li>\n", found->sources[i]);
	bh_html(out, "</ul></div>\n");
}

static void basis(FILE *out, const struct bh_finding *finding)
{
	char coverage[BH_WORDS_MAX];

	bh_html(out,
		"<p class=\"basis\">%s · %d of %d nights used · sensors working %s of the "
		"time%s</p>\n",
		bh_rule_class_like(finding->class), (int)finding->nights_used,
		(int)finding->nights_window, bh_words_percent(finding->coverage_permille, coverage),
		finding->held ? " · kept from earlier nights" : "");
}

static void why_not(FILE *out, const struct bh_finding *finding)
{
	char reason[BH_SAYS_MAX];

	if (finding->no_data_reason[0])
		bh_html(out, "<p>Why there are not enough data: %s</p>\n",
			bh_reason_words(finding->no_data_reason, reason));
}

static void whole(FILE *out, const struct bh_report_finding *found)
{
	const struct bh_finding *finding = found->finding;

	bh_html(out, "<article class=\"finding\">\n<h3>%s</h3>\n<p>", title_of(found));
	draw_band(out, finding->band);
	bh_html(out, "</p>\n");
	basis(out, finding);
	if (finding->says[0])
		bh_html(out, "<p>%s</p>\n", finding->says);
	why_not(out, finding);
	evidence(out, finding);
	sources(out, found);
	bh_html(out, "</article>\n");
}

static unsigned int count(const struct bh_finding *finding, enum bh_evidence_part part)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < finding->n_evidence; i++)
		n += bh_evidence_part(&finding->evidence[i]) == part;
	return n;
}

/* A pattern that does not stand out: one line, its evidence behind it. */
static void brief(FILE *out, const struct bh_report_finding *found)
{
	const struct bh_finding *finding = found->finding;

	bh_html(out, "<details class=\"brief\"><summary><span class=\"what\">%s</span> ",
		title_of(found));
	draw_band(out, finding->band);
	bh_html(out,
		" <span class=\"sides\">%u for, %u against, %u not known · %d of %d "
		"nights</span></summary>\n",
		count(finding, BH_EVIDENCE_FOR), count(finding, BH_EVIDENCE_AGAINST),
		count(finding, BH_EVIDENCE_NOT_KNOWN), (int)finding->nights_used,
		(int)finding->nights_window);
	why_not(out, finding);
	evidence(out, finding);
	sources(out, found);
	bh_html(out, "</details>\n");
}

void bh_part_patterns(FILE *out, const struct bh_report_patterns *patterns)
{
	bool any = false, others = false;
	char text[BH_SAYS_MAX];

	bh_html(out, "<section><h2>Patterns compared</h2>\n");
	if (patterns->n == 0)
		bh_html(out, "<p>No rule was evaluated for this night.</p>\n");
	else
		bh_html(out, "<p class=\"note\">Each rule looks back over several nights and "
			     "weighs what speaks for "
			     "a described pattern against what speaks against it. What is not "
			     "known counts for "
			     "neither. Likeness is not a probability.</p>\n");
	for (size_t i = 0; i < patterns->n; i++) {
		if (stands_out(patterns->finding[i].finding)) {
			whole(out, &patterns->finding[i]);
			any = true;
		} else {
			others = true;
		}
	}
	if (others)
		bh_html(out, "<h3 class=\"others\">%s</h3>\n",
			any ? "Also compared, and not standing out"
			    : "Compared, and not standing out");
	for (size_t i = 0; i < patterns->n; i++)
		if (!stands_out(patterns->finding[i].finding))
			brief(out, &patterns->finding[i]);
	if (patterns->tell_apart && patterns->tell_apart[0])
		bh_html(out, "<p class=\"apart\">%s</p>\n",
			bh_reason_words(patterns->tell_apart, text));
	bh_html(out, "</section>\n");
}
