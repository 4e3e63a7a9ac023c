/* SPDX-License-Identifier: MIT */
/* The six tips with what holds them back, and questions to take to the doctor. */
#include "hub/report/html.h"
#include "hub/report/parts.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum when { ALWAYS, NONE, MEDICINE, CIRCULATION, NEUROLOGICAL, MUSCULAR };

static const struct {
	enum when when;
	const char *text;
} questions[] = {
#define BH_QUESTION(WHEN, text) { WHEN, text },
#include "hub/report/questions.def"
#undef BH_QUESTION
};

static const char *state_text(enum bh_tip_state state)
{
	switch (state) {
	case BH_TIP_GIVEN:
		break;
	case BH_TIP_NOT_NEEDED:
		return "None is on record";
	case BH_TIP_ASK_FIRST:
		return "Ask first";
	case BH_TIP_HELD_BACK:
		return "Held back";
	}
	return "Worth a try";
}

static const char *state_class(enum bh_tip_state state)
{
	switch (state) {
	case BH_TIP_GIVEN:
		break;
	case BH_TIP_NOT_NEEDED:
		return "none";
	case BH_TIP_ASK_FIRST:
		return "ask";
	case BH_TIP_HELD_BACK:
		return "held";
	}
	return "given";
}

static void reason(FILE *out, const struct bh_tip_reason *reason)
{
	const char *text = reason->key ? reason->key->text : "";

	switch (reason->why) {
	case BH_TIP_PROFILE_YES:
		bh_html(out, "<li>The profile says yes to: %s.</li>", text);
		break;
	case BH_TIP_PROFILE_NO:
		bh_html(out, "<li>The profile says no to: %s.</li>", text);
		break;
	case BH_TIP_PROFILE_UNKNOWN:
		bh_html(out, "<li>The profile does not say: %s.</li>", text);
		break;
	case BH_TIP_ARTERIAL_SEEN:
		bh_html(out, "<li>A pattern described for the circulation was seen, if only in "
			     "part.</li>");
		break;
	case BH_TIP_ARTERIAL_UNKNOWN:
		bh_html(out, "<li>There are not enough data to look for a pattern of the "
			     "circulation.</li>");
		break;
	case BH_TIP_RED_FLAG:
		bh_html(out, "<li>Something at the top of this page comes first.</li>");
		break;
	}
}

static void reasons(FILE *out, const struct bh_tip_advice *advice)
{
	if (advice->n_reasons == 0)
		return;
	bh_html(out, "<p class=\"because\">Because:</p><ul>");
	for (size_t i = 0; i < advice->n_reasons; i++)
		reason(out, &advice->reason[i]);
	bh_html(out, "</ul>\n");
}

void bh_part_tips(FILE *out, const struct bh_report_head *head,
		  const struct bh_report_patterns *patterns)
{
	struct bh_tip_facts facts = { .profile = head->profile,
				      .n_profile = head->n_profile,
				      .arterial = bh_tips_arterial(patterns),
				      .red_flag = bh_page_red_flag(patterns) };

	bh_html(out, "<section class=\"advice\"><h2>Six things people try</h2>\n<p "
		     "class=\"note\">General tips, and no "
		     "treatment. Some can do harm to some people: those are held back, with the "
		     "reason.</p>\n"
		     "<div class=\"tips\">\n");
	for (int tip = 0; tip < BH_TIPS; tip++) {
		struct bh_tip_advice advice;

		bh_tip_advise((enum bh_tip)tip, &facts, &advice);
		bh_html(out, "<article class=\"tip %s\">\n<h3>%s</h3>\n<p class=\"state\">%s</p>\n",
			state_class(advice.state), advice.title, state_text(advice.state));
		if (advice.text[0])
			bh_html(out, "<p>%s</p>\n", advice.text);
		if (advice.also)
			bh_html(out, "<p>%s</p>\n", advice.also);
		reasons(out, &advice);
		bh_html(out, "</article>\n");
	}
	bh_html(out, "</div></section>\n");
}

static bool class_seen(const struct bh_report_patterns *patterns, enum bh_rule_class class)
{
	for (size_t i = 0; i < patterns->n; i++) {
		const struct bh_finding *finding = patterns->finding[i].finding;

		if (finding->band >= BH_BAND_SOME && finding->class == class)
			return true;
	}
	return false;
}

static bool applies(enum when when, const struct bh_report_head *head,
		    const struct bh_report_patterns *patterns)
{
	switch (when) {
	case ALWAYS:
		return true;
	case CIRCULATION:
		return class_seen(patterns, BH_RULE_CIRCULATION);
	case NEUROLOGICAL:
		return class_seen(patterns, BH_RULE_NEUROLOGICAL);
	case MUSCULAR:
		return class_seen(patterns, BH_RULE_MUSCULAR);
	case MEDICINE:
		return bh_tips_medicine(head->profile, head->n_profile) == BH_YES;
	case NONE:
		return !class_seen(patterns, BH_RULE_CIRCULATION) &&
		       !class_seen(patterns, BH_RULE_NEUROLOGICAL) &&
		       !class_seen(patterns, BH_RULE_MUSCULAR);
	}
	return false;
}

void bh_part_questions(FILE *out, const struct bh_report_head *head,
		       const struct bh_report_patterns *patterns)
{
	bh_html(out, "<section class=\"keep questions\"><h2>Questions to take to the "
		     "doctor</h2>\n<ol>\n");
	for (size_t i = 0; i < COUNT(questions); i++)
		if (applies(questions[i].when, head, patterns))
			bh_html(out, "<li>%s</li>\n", questions[i].text);
	bh_html(out, "</ol></section>\n");
}
