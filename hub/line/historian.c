/* SPDX-License-Identifier: MIT */
#include "hub/line/historian.h"

#include "hub/core/night.h"
#include "hub/detect/night_summary.h"
#include "hub/line/outbox.h"

#include <errno.h>
#include <stdlib.h>

/* How far back nights are looked for that nobody has closed: power cuts over noon, and nights before
 * the clock was known. The rules' longest look back is of this order too. */
#define CATCH_UP_NIGHTS 60
/* The open night's numbers on the broker are renewed at most this often. */
#define PUBLISH_NIGHT_NS BH_NS_PER_MIN

/* The night a bed is in, as wall time. */
struct open_night {
	int32_t date; /* 0: no record with a wall time yet */
	int64_t start_ms;
	int64_t end_ms;
	bool evaluate; /* the bed was left: look at the rules at the next tick */
	int64_t published_ns;
};

struct bh_historian {
	struct bh_historian_config config;
	const struct bh_rule_set *rules;
	struct bh_mqtt *mqtt;
	struct bh_outbox *outbox;
	struct bh_clock_anchor anchor;
	struct open_night nights[BH_BEDS_MAX];
	int64_t dirty_ns; /* since when something waits for its commit, BH_MONO_NONE: nothing does */
	int64_t now_ns;
};

int bh_historian_new(const struct bh_historian_config *config, struct bh_historian **ret)
{
	struct bh_historian *historian = calloc(1, sizeof(*historian));
	int r;

	if (!historian)
		return -ENOMEM;
	historian->config = *config;
	historian->anchor.wall_ms = BH_WALL_UNKNOWN;
	historian->dirty_ns = BH_MONO_NONE;
	historian->now_ns = BH_MONO_NONE;
	r = bh_outbox_new(config->store, config->run, &historian->outbox);
	if (r < 0) {
		free(historian);
		return r;
	}
	*ret = historian;
	return 0;
}

void bh_historian_free(struct bh_historian *historian)
{
	if (!historian)
		return;
	bh_outbox_free(historian->outbox);
	free(historian);
}

void bh_historian_set_rules(struct bh_historian *historian, const struct bh_rule_set *rules)
{
	historian->rules = rules;
}

void bh_historian_set_mqtt(struct bh_historian *historian, struct bh_mqtt *mqtt)
{
	historian->mqtt = mqtt;
	bh_outbox_set_mqtt(historian->outbox, mqtt);
}

bool bh_historian_acked(struct bh_historian *historian, int64_t run, uint8_t bed, uint64_t seq)
{
	return bh_outbox_acked(historian->outbox, run, bed, seq);
}

bool bh_historian_late_acked(struct bh_historian *historian, int64_t row)
{
	return bh_outbox_late_acked(historian->outbox, row);
}

void bh_historian_want_late(struct bh_historian *historian)
{
	bh_outbox_want_late(historian->outbox);
}

/* ---- nights ---- */

static int store_findings(struct bh_historian *historian, uint8_t bed, struct bh_finding *findings,
			  size_t n)
{
	int r;

	for (size_t i = 0; i < n; i++) {
		findings[i].bed = bed;
		r = bh_store_put_finding(historian->config.store, &findings[i]);
		if (r < 0)
			return r;
	}
	if (historian->mqtt)
		bh_mqtt_findings(historian->mqtt, bed, findings, n,
				 bh_verdict_name(bh_rules_verdict(findings, n)));
	return 0;
}

static int evaluate_rules(struct bh_historian *historian, uint8_t bed, int32_t date, int reach)
{
	size_t cap = bh_rule_set_size(historian->rules);
	struct bh_finding *findings = calloc(cap, sizeof(*findings));
	struct bh_store_past past;
	int r;

	if (!findings)
		return -ENOMEM;
	r = bh_store_past(historian->config.store, bed, bh_night_add(date, 1 - reach), date, &past);
	if (r == 0) {
		r = bh_rules_evaluate(historian->rules, &past.history, date, findings, cap);
		bh_store_past_free(&past);
	}
	if (r > 0)
		r = store_findings(historian, bed, findings, (size_t)r);
	free(findings);
	return r;
}

/* An interval that is still open counts up to now, not up to the coming noon. */
static void summarise(const struct bh_historian *historian, const struct bh_past_night *past,
		      bool complete, struct bh_night *ret)
{
	int64_t now_ms = bh_wall_from_mono(&historian->anchor, historian->now_ns);
	struct bh_past_night so_far = *past;

	if (!complete && now_ms != BH_WALL_UNKNOWN && now_ms < past->night.end_ms)
		so_far.night.end_ms = now_ms;
	bh_night_summarise(&so_far, ret);
	ret->end_ms = past->night.end_ms;
	ret->complete = complete;
}

/* Renew a night's summary and, if asked, what the rules say of it. */
static int look_at_night(struct bh_historian *historian, uint8_t bed, int32_t date, bool complete,
			 bool evaluate)
{
	const struct bh_rule_set *rules = historian->rules;
	struct open_night *open = &historian->nights[bed];
	struct bh_store_past past;
	struct bh_night night;
	int reach = 0;
	int r = bh_store_past(historian->config.store, bed, date, date, &past);

	if (r < 0)
		return r;
	if (past.history.n_nights == 0) { /* nothing happened */
		bh_store_past_free(&past);
		return 0;
	}
	summarise(historian, &past.history.nights[0], complete, &night);
	if (evaluate && rules && bh_rule_set_size(rules) > 0)
		reach = bh_rule_set_reach(rules, past.history.profile, past.history.n_profile);
	bh_store_past_free(&past);
	r = bh_store_put_night(historian->config.store, &night);
	if (r < 0)
		return r;
	if (historian->mqtt && date == open->date)
		bh_mqtt_night(historian->mqtt, &night);
	open->published_ns = historian->now_ns;
	return reach > 0 ? evaluate_rules(historian, bed, date, reach) : 0;
}

struct night_list {
	int32_t dates[CATCH_UP_NIGHTS];
	int n;
};

static int collect_complete(void *ctx, const struct bh_night *night)
{
	struct night_list *list = ctx;

	if (night->complete && list->n < CATCH_UP_NIGHTS)
		list->dates[list->n++] = night->date;
	return 0;
}

static bool holds(const struct night_list *list, int32_t date)
{
	for (int i = 0; i < list->n; i++)
		if (list->dates[i] == date)
			return true;
	return false;
}

/* Nights before the open one that were never closed: the hub was off at their noon, or did not know
 * the time. */
static int catch_up(struct bh_historian *historian, uint8_t bed)
{
	int32_t to = bh_night_add(historian->nights[bed].date, -1);
	int32_t from = bh_night_add(to, 1 - CATCH_UP_NIGHTS);
	struct night_list there = { 0 }, complete = { 0 };
	int r = bh_store_night_dates(historian->config.store, bed, from, to, there.dates,
				     CATCH_UP_NIGHTS);

	if (r <= 0)
		return r;
	there.n = r;
	r = bh_store_nights(historian->config.store, bed, from, to, collect_complete, &complete);
	for (int i = 0; i < there.n && r == 0; i++)
		if (!holds(&complete, there.dates[i]))
			r = look_at_night(historian, bed, there.dates[i], true, true);
	return r;
}

/* A moment of a bed: opens its night, and closes the one before when noon has passed. A clock that was
 * set back opens an earlier night again and closes nothing. */
static int reach(struct bh_historian *historian, uint8_t bed, int64_t mono_ns)
{
	struct open_night *open = &historian->nights[bed];
	int64_t wall_ms = bh_wall_from_mono(&historian->anchor, mono_ns);
	int r = 0;

	if (wall_ms == BH_WALL_UNKNOWN ||
	    (open->date && wall_ms >= open->start_ms && wall_ms < open->end_ms))
		return 0;
	if (open->date)
		r = look_at_night(historian, bed, open->date, wall_ms >= open->end_ms, true);
	open->date = bh_night_date(wall_ms);
	if (bh_night_bounds(open->date, &open->start_ms, &open->end_ms) < 0)
		open->date = 0;
	open->evaluate = false;
	return r;
}

/* ---- records ---- */

static int commit(struct bh_historian *historian)
{
	int r = bh_store_commit(historian->config.store);

	if (r == 0)
		historian->dirty_ns = BH_MONO_NONE;
	return r;
}

static int commit_if_due(struct bh_historian *historian)
{
	if (!bh_store_dirty(historian->config.store))
		return 0;
	if (historian->dirty_ns == BH_MONO_NONE)
		historian->dirty_ns = historian->now_ns;
	if (historian->now_ns - historian->dirty_ns < historian->config.commit_ns)
		return 0;
	return commit(historian);
}

static int put_event(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_event *event = &record->u.event;
	int reached = reach(historian, event->bed, event->detected_ns);
	int r = bh_store_put(historian->config.store, record);

	if (r < 0)
		return r;
	if (event->type == BH_EVENT_BED_EXIT && event->phase == BH_PHASE_OPEN)
		historian->nights[event->bed].evaluate = true;
	if (r == 1 && historian->config.live)
		r = commit(historian);
	return r < 0 ? r : reached;
}

static int put_clock(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_clock_anchor *anchor = &record->u.clock.anchor;
	int r = bh_store_put(historian->config.store, record);

	historian->anchor = *anchor;
	historian->now_ns = anchor->mono_ns;
	for (unsigned int i = 0; i < historian->config.n_beds && r >= 0; i++) {
		r = reach(historian, (uint8_t)i, anchor->mono_ns);
		if (r == 0 && historian->nights[i].date)
			r = catch_up(historian, (uint8_t)i);
	}
	return r;
}

/* Somebody waits beside the bed: on the disk at once, when its last part has come. */
static int put_calibration(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_calibration *part = &record->u.calibration;
	int r = bh_store_put(historian->config.store, record);

	if (r == 1 && part->first + part->n == part->n_values)
		return commit(historian);
	return r < 0 ? r : 0;
}

int bh_historian_put(struct bh_historian *historian, const struct bh_record *record)
{
	int r = 0;

	switch (record->kind) {
	case BH_RECORD_STATE:
		return 0;
	case BH_RECORD_CLOCK:
		r = put_clock(historian, record);
		break;
	case BH_RECORD_CALIBRATION:
		historian->now_ns = record->u.calibration.at_ns;
		r = put_calibration(historian, record);
		break;
	case BH_RECORD_EVENT:
		historian->now_ns = record->u.event.detected_ns;
		r = put_event(historian, record);
		break;
	case BH_RECORD_EPOCH:
		historian->now_ns = record->u.epoch.start_ns + BH_EPOCH_NS;
		r = reach(historian, record->u.epoch.bed, record->u.epoch.start_ns);
		if (r == 0)
			r = bh_store_put(historian->config.store, record);
		break;
	}
	if (r < 0)
		return r;
	return commit_if_due(historian);
}

static bool wants_look(const struct bh_historian *historian, const struct open_night *open)
{
	if (!open->date || !historian->config.live)
		return false;
	return open->evaluate || (historian->mqtt &&
				  historian->now_ns - open->published_ns >= PUBLISH_NIGHT_NS);
}

int bh_historian_tick(struct bh_historian *historian, int64_t now_ns)
{
	int r = 0;

	if (now_ns > historian->now_ns)
		historian->now_ns = now_ns;
	for (unsigned int i = 0; i < historian->config.n_beds && r == 0; i++) {
		struct open_night *open = &historian->nights[i];

		r = reach(historian, (uint8_t)i, historian->now_ns);
		if (r == 0 && wants_look(historian, open)) {
			r = look_at_night(historian, (uint8_t)i, open->date, false, open->evaluate);
			open->evaluate = false;
		}
	}
	if (r == 0)
		r = bh_outbox_pump(historian->outbox, historian->now_ns);
	if (r < 0)
		return r;
	return commit_if_due(historian);
}

int64_t bh_historian_due_ns(const struct bh_historian *historian)
{
	if (historian->dirty_ns == BH_MONO_NONE)
		return BH_MONO_NONE;
	return historian->dirty_ns + historian->config.commit_ns;
}

int bh_historian_finish(struct bh_historian *historian)
{
	int r = 0;

	for (unsigned int i = 0; i < historian->config.n_beds && r == 0; i++)
		if (historian->nights[i].date)
			r = look_at_night(historian, (uint8_t)i, historian->nights[i].date, false,
					  true);
	if (bh_outbox_pump(historian->outbox, historian->now_ns) < 0 && r == 0)
		r = -EIO;
	return r < 0 ? r : commit(historian);
}
