/* SPDX-License-Identifier: MIT */
/* What the data are worth: coverage, faults, clock, calibration, and what the bed cannot tell. */
#include "hub/core/time_types.h"
#include "hub/report/html.h"
#include "hub/report/parts.h"
#include "hub/report/words.h"

#include <stdlib.h>

static const char *health_text(enum bh_calibration_health health)
{
	switch (health) {
	case BH_CALIBRATION_NOT_NEEDED:
		return "not needed";
	case BH_CALIBRATION_GOOD:
		return "in force";
	case BH_CALIBRATION_OPTIONAL:
		return "not done; it would make events better";
	case BH_CALIBRATION_MISSING:
		return "needed, and never done";
	case BH_CALIBRATION_REFUSED:
		return "the last attempt was refused; an older one is in force";
	case BH_CALIBRATION_OLD:
		return "older than a year";
	case BH_CALIBRATION_OTHER_MAT:
		return "of another mat or an older way: not in force";
	}
	return "not known";
}

static const char *day(int64_t at_ms, char buf[static BH_WORDS_MAX])
{
	char moment[BH_WORDS_MAX];

	if (at_ms == BH_WALL_UNKNOWN)
		return "";
	snprintf(buf, BH_WORDS_MAX, "%.10s", bh_words_moment(at_ms, moment));
	return buf;
}

static void calibrations(FILE *out, const struct bh_report_quality *quality)
{
	char asked[BH_WORDS_MAX], followed[BH_WORDS_MAX], name[64];
	size_t shown = 0;

	for (size_t i = 0; i < quality->n_calibrations; i++)
		shown += quality->calibrations[i].health != BH_CALIBRATION_NOT_NEEDED;
	bh_html(out, "<h3>Calibration</h3>\n");
	if (shown == 0) {
		bh_html(out, "<p>This bed has no sensor that needs one.</p>\n");
		return;
	}
	bh_html(out, "<table><caption>Calibrations as of this page</caption><thead><tr><th "
		     "scope=\"col\">Of</th>"
		     "<th scope=\"col\">State</th><th scope=\"col\">Carried out</th><th "
		     "scope=\"col\">Drift "
		     "followed</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < quality->n_calibrations; i++) {
		const struct bh_report_calibration *c = &quality->calibrations[i];

		if (c->health == BH_CALIBRATION_NOT_NEEDED)
			continue;
		bh_html(out,
			"<tr><th scope=\"row\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			bh_name_words(bh_calibration_text(c->kind), name, sizeof(name)),
			health_text(c->health),
			c->at_ms == BH_WALL_UNKNOWN ? "never" : day(c->at_ms, asked),
			c->followed_ms == BH_WALL_UNKNOWN ? "no" : day(c->followed_ms, followed));
	}
	bh_html(out, "</tbody></table>\n");
}

static void faults(FILE *out, const struct bh_report_quality *quality)
{
	char date[BH_WORDS_MAX], at[BH_WORDS_MAX], lasted[BH_WORDS_MAX];

	if (quality->n_faults == 0) {
		bh_html(out, "<p>No sensor fault was seen.</p>\n");
		return;
	}
	bh_html(out, "<table><caption>Sensor faults</caption><thead><tr><th "
		     "scope=\"col\">Sensor</th><th "
		     "scope=\"col\">What was wrong</th><th scope=\"col\">From</th><th "
		     "scope=\"col\">Lasted</th></tr></thead><tbody>\n");
	for (size_t i = 0; i < quality->n_faults; i++) {
		const struct bh_report_fault *fault = &quality->faults[i];
		const char *text = bh_fault_text(fault->fault);

		bh_html(out,
			"<tr><th scope=\"row\">%s</th><td>%s</td><td>%s %s</td><td>%s</td></tr>\n",
			fault->sensor[0] ? fault->sensor : "not known", text ? text : "not known",
			day(fault->start_ms, date), bh_words_clock(fault->start_ms, at),
			fault->end_ms == BH_WALL_UNKNOWN
				? "still there"
				: bh_words_span(fault->end_ms - fault->start_ms, lasted));
	}
	bh_html(out, "</tbody></table>\n");
}

static void clock(FILE *out, const struct bh_report_quality *quality)
{
	char date[BH_WORDS_MAX], at[BH_WORDS_MAX], span[BH_WORDS_MAX];

	if (quality->n_steps == 0) {
		bh_html(out, "<p>The clock did not jump.</p>\n");
		return;
	}
	bh_html(out, "<ul>\n");
	for (size_t i = 0; i < quality->n_steps; i++) {
		const struct bh_report_clock_step *step = &quality->steps[i];

		bh_html(out,
			"<li>The clock jumped %s by %s on %s at %s: times before it are by the old "
			"clock."
			"</li>\n",
			step->step_ms < 0 ? "back" : "forward",
			bh_words_span(llabs(step->step_ms), span), day(step->at_ms, date),
			bh_words_clock(step->at_ms, at));
	}
	bh_html(out, "</ul>\n");
}

/* What the sensors of this bed cannot tell, or could not that night. */
static void blind_spots(FILE *out, uint32_t capabilities)
{
	const char *remedy, *command;
	bool any = false;

	for (uint32_t bit = 1; bit != 0 && bh_capability_name(bit); bit <<= 1) {
		if (capabilities & bit)
			continue;
		if (!any)
			bh_html(out,
				"<h3>What this bed cannot tell</h3>\n<ul class=\"columns\">\n");
		any = true;
		remedy = bh_capability_remedy(bit, capabilities, &command);
		if (remedy)
			bh_html(out, "<li>%s: not yet, %s (<code>%s</code>)</li>\n",
				bh_capability_text(bit), remedy, command);
		else
			bh_html(out, "<li>%s</li>\n", bh_capability_text(bit));
	}
	if (any)
		bh_html(out, "</ul>\n<p class=\"note\">What it cannot tell is shown as not known, "
			     "never as not "
			     "there.</p>\n");
}

void bh_part_quality(FILE *out, const struct bh_report_head *head, const struct bh_night *night,
		     const struct bh_report_quality *quality)
{
	char text[BH_WORDS_MAX];

	bh_html(out, "<section class=\"quality\"><h2>Quality of the data</h2>\n");
	if (night) {
		bh_html(out,
			"<p>The mat worked %s%s of the time from getting in to getting up%s.</p>\n",
			night->coverage_permille == BH_EPOCH_UNKNOWN ? "for a share that is " : "",
			bh_words_percent(night->coverage_permille, text),
			night->complete ? "" :
			quality->recording ?
				"; the night is not over yet, its numbers will change" :
				"; the recording ends before the noon that closes this night");
	}
	faults(out, quality);
	clock(out, quality);
	calibrations(out, quality);
	blind_spots(out, head->capabilities);
	bh_html(out, "</section>\n");
}
