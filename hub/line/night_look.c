/* SPDX-License-Identifier: MIT */
#include "hub/line/night_look.h"

#include "hub/core/night.h"
#include "hub/detect/night_summary.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int store_findings(const struct bh_look *look, struct bh_finding *findings, size_t n)
{
	int r;

	for (size_t i = 0; i < n; i++) {
		findings[i].bed = look->bed;
		r = bh_store_put_finding(look->store, &findings[i]);
		if (r < 0)
			return r;
	}
	if (look->mqtt)
		bh_mqtt_findings(look->mqtt, look->bed, findings, n,
				 bh_verdict_name(bh_rules_verdict(findings, n)));
	return 0;
}

static int evaluate_rules(const struct bh_look *look, int reach)
{
	size_t cap = bh_rule_set_size(look->rules);
	struct bh_finding *findings = calloc(cap, sizeof(*findings));
	struct bh_store_past past;
	int r;

	if (!findings)
		return -ENOMEM;
	r = bh_store_past(look->store, look->bed, bh_night_add(look->date, 1 - reach), look->date,
			  &past);
	if (r == 0) {
		r = bh_rules_evaluate(look->rules, &past.history, look->date, findings, cap);
		bh_store_past_free(&past);
	}
	if (r > 0)
		r = store_findings(look, findings, (size_t)r);
	free(findings);
	return r;
}

/* An interval that is still open counts up to now, not up to the coming noon. */
static int sum_up(const struct bh_look *look, const struct bh_past_night *past,
		  struct bh_night_look *ret)
{
	struct bh_past_night so_far = *past;
	int r;

	if (!look->complete && look->now_ms != BH_WALL_UNKNOWN && look->now_ms < past->night.end_ms)
		so_far.night.end_ms = look->now_ms;
	r = bh_night_look(&so_far, ret);
	if (r < 0)
		return r;
	ret->night.end_ms = past->night.end_ms;
	ret->night.complete = look->complete;
	return 0;
}

/* Minutes that could not be scored are told too: an earlier look may have known less, or more. */
static int mark_epochs(const struct bh_look *look, const struct bh_sleep_night *minutes)
{
	struct bh_night_sleep_marks marks = { .date = look->date,
					      .bed = look->bed,
					      .start_ms = minutes->n ? minutes->start_ms : 0 };

	for (size_t i = 0; i < minutes->n && i + 1 < sizeof(marks.minute); i++)
		marks.minute[i] = (char)('0' + (int)minutes->minute[i]);
	return bh_store_put_sleep(look->store, &marks);
}

/* Marked epochs of the week, and one night more for the afternoon before it. */
static int add_regularity(const struct bh_look *look, struct bh_night *night)
{
	struct bh_store_past past;
	int r = bh_store_past(look->store, look->bed,
			      bh_night_add(look->date, -BH_REGULARITY_NIGHTS), look->date, &past);

	if (r < 0)
		return r;
	night->sleep.regularity_milli =
		bh_night_regularity(past.history.nights, past.history.n_nights, look->date);
	bh_store_past_free(&past);
	return 0;
}

static int keep(const struct bh_look *look, struct bh_night_look *found)
{
	int r = look->settled ? mark_epochs(look, &found->minutes) : 0;

	if (r == 0 && look->complete)
		r = add_regularity(look, &found->night);
	if (r == 0)
		r = bh_store_put_night(look->store, &found->night);
	if (r == 0 && look->mqtt && look->newest)
		bh_mqtt_night(look->mqtt, &found->night);
	return r;
}

int bh_look_at_night(const struct bh_look *look)
{
	struct bh_night_look found;
	struct bh_store_past past;
	int reach = 0;
	int r = bh_store_past(look->store, look->bed, look->date, look->date, &past);

	if (r < 0)
		return r;
	if (past.history.n_nights == 0) { /* nothing happened */
		bh_store_past_free(&past);
		return 0;
	}
	r = sum_up(look, &past.history.nights[0], &found);
	if (look->settled && look->rules && bh_rule_set_size(look->rules) > 0)
		reach = bh_rule_set_reach(look->rules, past.history.profile, past.history.n_profile);
	bh_store_past_free(&past);
	if (r == 0)
		r = keep(look, &found);
	if (r < 0 || reach <= 0)
		return r;
	return evaluate_rules(look, reach);
}
