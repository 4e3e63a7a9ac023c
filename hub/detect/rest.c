/* SPDX-License-Identifier: MIT */
#include "hub/detect/rest.h"

#include <string.h>

/* science.md section 0. */
#define LYING_NS (10 * BH_NS_PER_S)
#define QUIET_NS (5 * BH_NS_PER_MIN)
#define QUIET_MOVED_PER_MIN 2
#define RESTLESS_MOVED_PER_MIN 6
#define RESTLESS_MINUTES 3
/* Of a mat that weighs. A movement there moves up to two seconds more than it lasts: its first and its
 * last count as whole ones, and the filter has a tail. */
#define HEARD_LONGER 2
#define SECONDS_PER_MIN 60

void bh_rest_init(struct bh_rest *rest, bool exact)
{
	memset(rest, 0, sizeof(*rest));
	rest->exact = exact;
	rest->lying = BH_LASTING_NEVER;
	rest->not_lying = BH_LASTING_NEVER;
	rest->blind_ns = BH_MONO_NONE;
	rest->last_moved_ns = BH_MONO_NONE;
	rest->calm_since_ns = BH_MONO_NONE;
}

/* Shift the five minutes by one second: each second leaves one minute for the next. */
static void count_second(struct bh_rest *rest, bool moved)
{
	rest->newest = (rest->newest + 1) % BH_REST_SECONDS;
	for (unsigned int m = 0; m < BH_REST_MINUTES; m++) {
		unsigned int oldest = (rest->newest + BH_REST_SECONDS - (m + 1) * SECONDS_PER_MIN) %
				      BH_REST_SECONDS;

		rest->minute[m] = (uint16_t)(rest->minute[m] - rest->moved[oldest]);
		if (m + 1 < BH_REST_MINUTES)
			rest->minute[m + 1] = (uint16_t)(rest->minute[m + 1] + rest->moved[oldest]);
	}
	rest->moved[rest->newest] = moved;
	rest->minute[0] = (uint16_t)(rest->minute[0] + moved);
}

/* In how many seconds is so much movement heard? */
static unsigned int seconds_of(const struct bh_rest *rest, unsigned int movement_s)
{
	return rest->exact ? movement_s : movement_s + HEARD_LONGER;
}

static unsigned int busy_minutes(const struct bh_rest *rest)
{
	unsigned int busy = 0;

	for (unsigned int m = 0; m < BH_REST_MINUTES; m++)
		busy += rest->minute[m] >= seconds_of(rest, RESTLESS_MOVED_PER_MIN);
	return busy;
}

/* The first second with movement among the last five minutes. */
static int64_t first_moved_ns(const struct bh_rest *rest, int64_t now_ns)
{
	for (unsigned int age = BH_REST_SECONDS; age > 0; age--)
		if (rest->moved[(rest->newest + BH_REST_SECONDS - age + 1) % BH_REST_SECONDS])
			return now_ns - (int64_t)age * BH_NS_PER_S;
	return now_ns;
}

static struct bh_said said_of(const struct bh_body *body)
{
	return (struct bh_said){ .confidence_permille = body->confidence_permille,
				 .sensor = BH_SENSOR_NONE };
}

void bh_rest_take(struct bh_rest *rest, const struct bh_body *body, int64_t now_ns)
{
	bh_lasting_tell(&rest->lying, body->lying, now_ns);
	bh_lasting_tell(&rest->not_lying, !body->lying, now_ns);
}

static void track_lying(struct bh_rest *rest, const struct bh_body *body, int64_t in_bed_ns,
			struct bh_emit *emit)
{
	struct bh_said said = said_of(body);

	if (!rest->is_lying && in_bed_ns != BH_MONO_NONE &&
	    bh_lasting_for(&rest->lying, LYING_NS, emit->now_ns)) {
		rest->is_lying = true;
		rest->lying_since_ns =
			rest->lying.since_ns > in_bed_ns ? rest->lying.since_ns : in_bed_ns;
		rest->calm_since_ns = rest->lying_since_ns;
		bh_emit_open(emit, BH_EVENT_LYING, rest->lying_since_ns, &said);
	} else if (rest->is_lying && bh_lasting_for(&rest->not_lying, LYING_NS, emit->now_ns)) {
		rest->is_lying = false;
		bh_emit_close(emit, BH_EVENT_QUIET, rest->not_lying.since_ns, BH_END_NORMAL);
		bh_emit_close(emit, BH_EVENT_LYING, rest->not_lying.since_ns, BH_END_NORMAL);
	}
}

/* Calm: since the last moving second that made a minute with as many as quiet must not have. */
static void track_calm(struct bh_rest *rest, bool moved, int64_t now_ns)
{
	if (!moved)
		return;
	if (rest->minute[0] >= seconds_of(rest, QUIET_MOVED_PER_MIN))
		rest->calm_since_ns = now_ns;
	rest->last_moved_ns = now_ns;
}

/* Quiet: on average less than two moving seconds a minute over five minutes of lying. A turn of a few
 * seconds does not end it; what does ends it where it began. */
static void track_quiet(struct bh_rest *rest, const struct bh_body *body, struct bh_emit *emit)
{
	struct bh_said said = said_of(body);
	unsigned int sum = 0;

	for (unsigned int m = 0; m < BH_REST_MINUTES; m++)
		sum += rest->minute[m];
	if (sum >= QUIET_MOVED_PER_MIN * BH_REST_MINUTES)
		bh_emit_close(emit, BH_EVENT_QUIET, first_moved_ns(rest, emit->now_ns),
			      BH_END_NORMAL);
	else if (rest->is_lying && emit->now_ns - rest->lying_since_ns >= QUIET_NS &&
		 (rest->blind_ns == BH_MONO_NONE || emit->now_ns - rest->blind_ns >= QUIET_NS))
		bh_emit_open(emit, BH_EVENT_QUIET, emit->now_ns - QUIET_NS, &said);
}

static void close_restless(struct bh_rest *rest, struct bh_emit *emit, int64_t end_ns,
			   enum bh_end_cause cause)
{
	struct bh_event *open = bh_emit_opened(emit, BH_EVENT_RESTLESS);
	int64_t length_s;

	if (!open)
		return;
	length_s = (end_ns - open->start_ns) / BH_NS_PER_S;
	if (length_s < 1)
		length_s = 1;
	open->value = (int32_t)((int64_t)rest->restless_moved * 1000 / length_s);
	if (open->value > 1000)
		open->value = 1000;
	bh_emit_close(emit, BH_EVENT_RESTLESS, end_ns, cause);
}

static void track_restless(struct bh_rest *rest, const struct bh_body *body, bool moved,
			   struct bh_emit *emit)
{
	struct bh_said said = said_of(body);

	if (bh_emit_opened(emit, BH_EVENT_RESTLESS)) {
		rest->restless_moved += moved;
		if (emit->now_ns - rest->calm_since_ns >= QUIET_NS)
			close_restless(rest, emit, rest->calm_since_ns, BH_END_NORMAL);
		return;
	}
	if (busy_minutes(rest) < RESTLESS_MINUTES)
		return;
	rest->restless_moved = 0;
	for (unsigned int m = 0; m < BH_REST_MINUTES; m++)
		rest->restless_moved += rest->minute[m];
	bh_emit_open(emit, BH_EVENT_RESTLESS, first_moved_ns(rest, emit->now_ns), &said);
}

void bh_rest_tick(struct bh_rest *rest, const struct bh_body *body, int64_t in_bed_ns, bool moved,
		  struct bh_emit *emit)
{
	bool in_bed = in_bed_ns != BH_MONO_NONE;

	moved = moved && in_bed;
	count_second(rest, moved);
	bh_rest_take(rest, body, emit->now_ns);
	track_lying(rest, body, in_bed_ns, emit);
	if (!in_bed)
		return;
	track_calm(rest, moved, emit->now_ns);
	track_quiet(rest, body, emit);
	track_restless(rest, body, moved, emit);
}

void bh_rest_blind(struct bh_rest *rest, struct bh_emit *emit, int64_t now_ns)
{
	bh_emit_close(emit, BH_EVENT_QUIET, now_ns, BH_END_FAULT);
	close_restless(rest, emit, now_ns, BH_END_FAULT);
	memset(rest->moved, 0, sizeof(rest->moved));
	memset(rest->minute, 0, sizeof(rest->minute));
	rest->last_moved_ns = BH_MONO_NONE;
	rest->calm_since_ns = now_ns;
	rest->blind_ns = now_ns;
}

void bh_rest_end(struct bh_rest *rest, struct bh_emit *emit, int64_t end_ns,
		 enum bh_end_cause cause)
{
	bh_emit_close(emit, BH_EVENT_QUIET, end_ns, cause);
	close_restless(rest, emit, end_ns, cause);
	bh_emit_close(emit, BH_EVENT_LYING, end_ns, cause);
	bh_rest_init(rest, rest->exact);
}

int32_t bh_rest_movement_permille(const struct bh_rest *rest)
{
	return rest->minute[0] * 1000 / SECONDS_PER_MIN;
}
