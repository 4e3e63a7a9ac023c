/* SPDX-License-Identifier: MIT */
#include "hub/line/historian.h"

#include "hub/core/night.h"
#include "hub/line/night_look.h"
#include "hub/line/outbox.h"
#include "hub/line/red_flag_look.h"
#include "hub/line/said.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How far back nights are looked for that nobody has closed: power cuts over noon, and nights before
 * the clock was known. The rules' longest look back is of this order too. */
#define CATCH_UP_NIGHTS 60
/* A disk that refuses is asked again after this long, then ever more rarely. */
#define RETRY_MIN_NS BH_NS_PER_S
#define RETRY_MAX_NS BH_NS_PER_MIN
/* The open night's numbers on the broker are renewed at most this often. */
#define PUBLISH_NIGHT_NS BH_NS_PER_MIN
/* Red flags are looked for this often while someone is in bed: hours matter with a cold leg, and a look
 * reads weeks of history. */
#define RED_FLAGS_NS (5 * BH_NS_PER_MIN)

/* The night a bed is in, as wall time. */
struct open_night {
	int32_t date; /* 0: no record with a wall time yet */
	int64_t start_ms;
	int64_t end_ms;
	bool evaluate; /* a stay in bed has ended: look at the rules at the next tick */
	bool said;     /* the broker knows profile and diary of... */
	int32_t said_date;
	int64_t published_ns;
	bool in_bed;	      /* by the last epoch */
	bool flags_now;	      /* somebody said something: it may be a red flag */
	int64_t flags_ns;     /* when red flags were last looked for */
	struct bh_told_flags told;
	/* Nights that are over and wait to be closed, oldest first. */
	int32_t closing[CATCH_UP_NIGHTS];
	int n_closing;
};

struct bh_historian {
	struct bh_historian_config config;
	const struct bh_rule_set *rules;
	struct bh_mqtt *mqtt;
	struct bh_outbox *outbox;
	struct bh_clock_anchor anchor;
	struct open_night nights[BH_BEDS_MAX];
	int64_t dirty_ns; /* since when something waits for its commit, BH_MONO_NONE: nothing does */
	bool commit_now;  /* an alarm waits with it */
	int64_t retry_ns; /* after a failure: not before then, BH_MONO_NONE: at any time */
	int64_t backoff_ns;
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
	historian->retry_ns = BH_MONO_NONE;
	historian->backoff_ns = RETRY_MIN_NS;
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
	if (mqtt != historian->mqtt)
		for (unsigned int i = 0; i < BH_BEDS_MAX; i++)
			historian->nights[i].said = false;
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

void bh_historian_late_refused(struct bh_historian *historian, int64_t row)
{
	bh_outbox_late_refused(historian->outbox, row);
}

void bh_historian_want_late(struct bh_historian *historian)
{
	bh_outbox_want_late(historian->outbox);
}

/* ---- nights ---- */

/* Renew a night's summary and, if it is settled, mark its epochs and ask the rules. */
static int look_at_night(struct bh_historian *historian, uint8_t bed, int32_t date, bool complete,
			 bool settled)
{
	struct open_night *open = &historian->nights[bed];
	struct bh_look look = {
		.store = historian->config.store,
		.rules = historian->rules,
		.mqtt = historian->mqtt,
		.bed = bed,
		.date = date,
		.now_ms = bh_wall_from_mono(&historian->anchor, historian->now_ns),
		.complete = complete,
		.settled = settled,
		.newest = date == open->date,
	};
	int r = bh_look_at_night(&look);

	if (r == 0)
		open->published_ns = historian->now_ns;
	return r;
}

static void close_later(struct open_night *open, int32_t date)
{
	for (int i = 0; i < open->n_closing; i++)
		if (open->closing[i] == date)
			return;
	if (open->n_closing < CATCH_UP_NIGHTS)
		open->closing[open->n_closing++] = date;
}

/* Close the oldest night that waits. @return 1 if one was closed, 0 if none waits, or -errno. */
static int close_night(struct bh_historian *historian, uint8_t bed)
{
	struct open_night *open = &historian->nights[bed];
	int r;

	if (open->n_closing == 0)
		return 0;
	r = look_at_night(historian, bed, open->closing[0], true, true);
	if (r < 0)
		return r;
	open->n_closing--;
	memmove(&open->closing[0], &open->closing[1],
		(size_t)open->n_closing * sizeof(open->closing[0]));
	return 1;
}

struct closed_nights {
	int32_t dates[CATCH_UP_NIGHTS];
	int n;
};

static int collect_closed(void *ctx, const struct bh_night *night)
{
	struct closed_nights *closed = ctx;

	if (night->complete && closed->n < CATCH_UP_NIGHTS)
		closed->dates[closed->n++] = night->date;
	return 0;
}

static bool is_closed(const struct closed_nights *closed, int32_t date)
{
	for (int i = 0; i < closed->n; i++)
		if (closed->dates[i] == date)
			return true;
	return false;
}

/* Nights before the open one that nobody closed: the hub was off at their noon, or did not know the
 * time. They are closed one by one, between records. */
static int find_unclosed(struct bh_historian *historian, uint8_t bed)
{
	struct open_night *open = &historian->nights[bed];
	int32_t to = bh_night_add(open->date, -1);
	int32_t from = bh_night_add(to, 1 - CATCH_UP_NIGHTS);
	struct closed_nights closed = { 0 };
	int32_t dates[CATCH_UP_NIGHTS];
	int n = bh_store_night_dates(historian->config.store, bed, from, to, dates, CATCH_UP_NIGHTS);
	int r;

	if (n <= 0)
		return n;
	r = bh_store_nights(historian->config.store, bed, from, to, collect_closed, &closed);
	for (int i = 0; i < n && r == 0; i++)
		if (!is_closed(&closed, dates[i]))
			close_later(open, dates[i]);
	return r;
}

/* A moment of a bed opens its night; the one before waits to be closed when noon has passed. A clock
 * that was set back opens an earlier night again and closes nothing. */
static void reach(struct bh_historian *historian, uint8_t bed, int64_t mono_ns)
{
	struct open_night *open = &historian->nights[bed];
	int64_t wall_ms = bh_wall_from_mono(&historian->anchor, mono_ns);

	if (wall_ms == BH_WALL_UNKNOWN ||
	    (open->date && wall_ms >= open->start_ms && wall_ms < open->end_ms))
		return;
	if (open->date && wall_ms >= open->end_ms)
		close_later(open, open->date);
	open->date = bh_night_date(wall_ms);
	if (bh_night_bounds(open->date, &open->start_ms, &open->end_ms) < 0)
		open->date = 0;
	open->evaluate = false;
	open->told.n = 0;
}

/* ---- what the person says ---- */

/* A new night begins with an empty diary. */
static int tell_said(struct bh_historian *historian, uint8_t bed)
{
	struct open_night *open = &historian->nights[bed];
	int r;

	if (!historian->mqtt || (open->said && open->said_date == open->date))
		return 0;
	r = bh_said_publish(historian->config.store, historian->mqtt, bed, open->date);
	if (r < 0)
		return r;
	open->said = true;
	open->said_date = open->date;
	return 0;
}

/* ---- records ---- */

/* Nothing is lost by a failure: what was put stays in the store's transaction. */
static int back_off(struct bh_historian *historian, int r)
{
	if (r >= 0) {
		historian->retry_ns = BH_MONO_NONE;
		historian->backoff_ns = RETRY_MIN_NS;
		return 0;
	}
	historian->retry_ns = historian->now_ns + historian->backoff_ns;
	historian->backoff_ns *= 2;
	if (historian->backoff_ns > RETRY_MAX_NS)
		historian->backoff_ns = RETRY_MAX_NS;
	return r;
}

static int commit(struct bh_historian *historian)
{
	int r = bh_store_commit(historian->config.store);

	if (r == 0) {
		historian->dirty_ns = BH_MONO_NONE;
		historian->commit_now = false;
	}
	return back_off(historian, r);
}

static bool is_backing_off(const struct bh_historian *historian)
{
	return historian->retry_ns != BH_MONO_NONE && historian->now_ns < historian->retry_ns;
}

/* Somebody may look at once whether it is there, and undo it. */
int bh_historian_say(struct bh_historian *historian, const struct bh_remark *said, size_t n)
{
	int changed = bh_store_say(historian->config.store, said, n);

	if (changed < 0)
		return changed;
	historian->commit_now = true;
	for (unsigned int i = 0; i < BH_BEDS_MAX; i++) {
		historian->nights[i].said = false;
		historian->nights[i].flags_now = true;
	}
	return is_backing_off(historian) || commit(historian) < 0 ? -EINPROGRESS : changed;
}

int64_t bh_historian_wall_ms(const struct bh_historian *historian, int64_t mono_ns)
{
	return bh_wall_from_mono(&historian->anchor,
				 mono_ns == BH_MONO_NONE ? historian->now_ns : mono_ns);
}

static int commit_if_due(struct bh_historian *historian)
{
	if (!bh_store_dirty(historian->config.store) || is_backing_off(historian))
		return 0;
	if (historian->dirty_ns == BH_MONO_NONE)
		historian->dirty_ns = historian->now_ns;
	if (!historian->commit_now &&
	    historian->now_ns - historian->dirty_ns < historian->config.commit_ns)
		return 0;
	return commit(historian);
}

/* The bed was left, or nobody knows any more whether it was: beside a dead pad or strip there may be no
 * other sign of the morning. */
static bool ends_a_stay(const struct bh_event *event)
{
	if (event->type == BH_EVENT_BED_OCCUPIED)
		return event->phase == BH_PHASE_CLOSE && event->end_cause == BH_END_FAULT;
	return event->type == BH_EVENT_BED_EXIT && event->phase == BH_PHASE_OPEN;
}

static int put_event(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_event *event = &record->u.event;
	int r = bh_store_put(historian->config.store, record);

	if (ends_a_stay(event))
		historian->nights[event->bed].evaluate = true;
	if (r == 1 && historian->config.live)
		historian->commit_now = true;
	reach(historian, event->bed, event->detected_ns);
	return r;
}

static int put_clock(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_clock_anchor *anchor = &record->u.clock.anchor;
	int r = bh_store_put(historian->config.store, record);

	historian->anchor = *anchor;
	for (unsigned int i = 0; i < historian->config.n_beds; i++) {
		reach(historian, (uint8_t)i, anchor->mono_ns);
		if (historian->nights[i].date && r >= 0)
			r = find_unclosed(historian, (uint8_t)i);
	}
	return r;
}

/* Somebody waits beside the bed: on the disk at once, when its last part has come. */
static int put_calibration(struct bh_historian *historian, const struct bh_record *record)
{
	const struct bh_calibration *part = &record->u.calibration;
	int r = bh_store_put(historian->config.store, record);

	if (r == 1 && part->first + part->n == part->n_values)
		historian->commit_now = true;
	return r;
}

/* In a replay nobody waits: nights are closed as they end. */
static int close_all(struct bh_historian *historian)
{
	int r = 0;

	for (unsigned int i = 0; i < historian->config.n_beds && r >= 0; i++)
		while ((r = close_night(historian, (uint8_t)i)) > 0)
			;
	return r;
}

int bh_historian_put(struct bh_historian *historian, const struct bh_record *record)
{
	int r = 0;

	historian->now_ns = bh_record_ns(record);
	switch (record->kind) {
	case BH_RECORD_STATE:
		return 0;
	case BH_RECORD_CLOCK:
		r = put_clock(historian, record);
		break;
	case BH_RECORD_CALIBRATION:
		r = put_calibration(historian, record);
		break;
	case BH_RECORD_EVENT:
		r = put_event(historian, record);
		break;
	case BH_RECORD_EPOCH:
		r = bh_store_put(historian->config.store, record);
		reach(historian, record->u.epoch.bed, record->u.epoch.start_ns);
		historian->nights[record->u.epoch.bed].in_bed =
			record->u.epoch.occupied_permille > 0;
		break;
	}
	if (r < 0)
		return r;
	if (historian->config.live)
		return 0;
	r = close_all(historian);
	return r < 0 ? r : commit_if_due(historian);
}

/* At bed-out every rule is asked, red flags and all. In a replay nobody can be warned. */
static bool wants_flags(const struct bh_historian *historian, const struct open_night *open)
{
	if (!open->date || !historian->config.live || !historian->rules || open->evaluate)
		return false;
	return open->flags_now ||
	       (open->in_bed && historian->now_ns - open->flags_ns >= RED_FLAGS_NS);
}

static int look_for_flags(struct bh_historian *historian, uint8_t bed)
{
	struct open_night *open = &historian->nights[bed];
	struct bh_look look = {
		.store = historian->config.store,
		.rules = historian->rules,
		.mqtt = historian->mqtt,
		.bed = bed,
		.date = open->date,
	};
	int r = bh_look_for_red_flags(&look, &open->told);

	if (r < 0)
		return r;
	if (r > 0)
		historian->commit_now = true;
	open->flags_now = false;
	open->flags_ns = historian->now_ns;
	return 0;
}

static bool wants_look(const struct bh_historian *historian, const struct open_night *open)
{
	if (!open->date || !historian->config.live)
		return false;
	return open->evaluate || (historian->mqtt &&
				  historian->now_ns - open->published_ns >= PUBLISH_NIGHT_NS);
}

/* One bed's turn: a night that is over, else the open one. */
static int tick_bed(struct bh_historian *historian, uint8_t bed)
{
	struct open_night *open = &historian->nights[bed];
	int r;

	reach(historian, bed, historian->now_ns);
	r = close_night(historian, bed);
	if (r > 0)
		return commit(historian);
	if (r == 0)
		r = tell_said(historian, bed);
	if (r == 0 && wants_flags(historian, open))
		r = look_for_flags(historian, bed);
	if (r < 0 || !wants_look(historian, open))
		return r;
	r = look_at_night(historian, bed, open->date, false, open->evaluate);
	if (r == 0)
		open->evaluate = false;
	return r;
}

int bh_historian_tick(struct bh_historian *historian, int64_t now_ns)
{
	int r = 0;

	if (now_ns > historian->now_ns)
		historian->now_ns = now_ns;
	/* Of a replay only what it read is known. */
	if (historian->config.live && bh_store_alive(historian->config.store, historian->now_ns))
		historian->commit_now = true;
	if (is_backing_off(historian))
		return 0;
	for (unsigned int i = 0; i < historian->config.n_beds && r >= 0; i++)
		r = tick_bed(historian, (uint8_t)i);
	if (r >= 0)
		r = bh_outbox_pump(historian->outbox, historian->now_ns);
	if (r < 0)
		return back_off(historian, r);
	return commit_if_due(historian);
}

bool bh_historian_waits(const struct bh_historian *historian)
{
	return is_backing_off(historian);
}

int64_t bh_historian_due_ns(const struct bh_historian *historian)
{
	if (historian->retry_ns != BH_MONO_NONE)
		return historian->retry_ns;
	for (unsigned int i = 0; i < historian->config.n_beds; i++)
		if (historian->nights[i].n_closing > 0)
			return historian->now_ns;
	if (historian->dirty_ns == BH_MONO_NONE)
		return BH_MONO_NONE;
	return historian->dirty_ns + historian->config.commit_ns;
}

/* A recording that ends within the last half minute before noon leaves nothing of the night to come. */
static bool reached_noon(const struct bh_historian *historian, const struct open_night *open)
{
	int64_t wall_ms = bh_wall_from_mono(&historian->anchor, historian->now_ns);

	return !historian->config.live && wall_ms != BH_WALL_UNKNOWN &&
	       open->end_ms - wall_ms <= BH_EPOCH_NS / BH_NS_PER_MS;
}

int bh_historian_finish(struct bh_historian *historian)
{
	/* Live the program is ending, and rules over long histories take their time: the next start
	 * finds the night and closes it. */
	bool evaluate = !historian->config.live;
	int r = evaluate ? close_all(historian) : 0;

	for (unsigned int i = 0; i < historian->config.n_beds && r >= 0; i++) {
		const struct open_night *open = &historian->nights[i];

		if (open->date)
			r = look_at_night(historian, (uint8_t)i, open->date,
					  reached_noon(historian, open), evaluate);
	}
	if (r >= 0)
		r = bh_outbox_pump(historian->outbox, historian->now_ns);
	/* Whatever went wrong before: what can be kept is kept. */
	if (commit(historian) < 0 && r >= 0)
		r = -EIO;
	return r < 0 ? r : 0;
}
