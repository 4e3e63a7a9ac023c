/* SPDX-License-Identifier: MIT */
/* Which movements of a night go on in sleep: those that the rhythm of the legs explains. */
#include "hub/detect/sleep.h"

#include "hub/core/time_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_MAX (BH_SLEEP_MINUTES_MAX * 60)
/*
 * Movements of a series that lying awake does not bring about: clusters before sleep have about four,
 * series in sleep sixteen on average (science notes section 6).
 */
#define LONG_SERIES 8
/* Filters and windows of a second draw a movement out to both sides: epochs count what events, which
 * are dated more finely, do not. */
#define EDGE_MS BH_MS_PER_S

/* Movements by onset; `lax` are the same in series of the AASM. */
struct rhythm {
	const struct bh_leg_movement *strict;
	const struct bh_leg_movement *lax;
	size_t n;
};

/* Seconds of one kind, each counted once and none that was taken before. */
struct seconds {
	uint8_t *of_minute;
	bool *taken;
};

static void count(struct seconds *seconds, int64_t from_ms, int64_t to_ms)
{
	int64_t from_s = from_ms / BH_MS_PER_S, to_s = to_ms / BH_MS_PER_S;

	if (from_s < 0)
		from_s = 0;
	for (; from_s <= to_s && from_s < SECONDS_MAX; from_s++) {
		if (seconds->taken[from_s])
			continue;
		seconds->taken[from_s] = true;
		seconds->of_minute[from_s / 60]++;
	}
}

/* The last movement that begins before `at_ns`, or n. */
static size_t last_before(const struct rhythm *rhythm, int64_t at_ns)
{
	size_t low = 0, high = rhythm->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (rhythm->strict[middle].on_ns <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : rhythm->n;
}

/* A series ends with a movement that is none of it, so that neighbours of one number lie in it. */
static bool within_series(const struct rhythm *rhythm, size_t i, int64_t at_ns)
{
	const struct bh_leg_movement *legs = rhythm->strict;

	return legs[i].periodic && (at_ns <= legs[i].off_ns ||
				    (i + 1 < rhythm->n && legs[i + 1].series == legs[i].series));
}

/* Judged by the middle of the movement: a leg is often heard as the whole body too, a moment apart. */
static bool is_rhythm(const struct rhythm *rhythm, const struct bh_past_event *event, int64_t noon_ms)
{
	int64_t at_ns = ((event->start_ms + event->end_ms) / 2 - noon_ms) * BH_NS_PER_MS;
	size_t i = last_before(rhythm, at_ns);

	if (i == rhythm->n)
		return false;
	return (rhythm->lax[i].periodic && at_ns <= rhythm->lax[i].off_ns) ||
	       within_series(rhythm, i, at_ns);
}

static void explain_any(const struct bh_past_night *past, const struct rhythm *rhythm,
			int64_t start_ms, bool *taken, struct bh_sleep_rhythm *ret)
{
	struct seconds seconds = { ret->any_s, taken };

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if ((event->type != BH_EVENT_LEG_MOVEMENT &&
		     event->type != BH_EVENT_LARGE_MOVEMENT) ||
		    event->end_ms == BH_WALL_UNKNOWN || event->start_ms < start_ms ||
		    !is_rhythm(rhythm, event, past->night.start_ms))
			continue;
		count(&seconds, event->start_ms - start_ms - EDGE_MS,
		      event->end_ms - start_ms + EDGE_MS);
	}
}

/* What is left of large movements beside them. */
static void count_large(const struct bh_past_night *past, int64_t start_ms, bool *taken,
			struct bh_sleep_rhythm *ret)
{
	struct seconds seconds = { ret->large_s, taken };

	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type == BH_EVENT_LARGE_MOVEMENT && event->end_ms != BH_WALL_UNKNOWN &&
		    event->start_ms >= start_ms)
			count(&seconds, event->start_ms - start_ms, event->end_ms - start_ms);
	}
}

static size_t series_length(const struct bh_leg_movement *legs, size_t n, size_t from)
{
	size_t i = from;

	while (i < n && legs[i].series == legs[from].series)
		i++;
	return i - from;
}

static void explain_long(const struct bh_leg_movement *legs, size_t n, int64_t ahead_ms,
			 bool *taken, struct bh_sleep_rhythm *ret)
{
	struct seconds seconds = { ret->long_s, taken };

	for (size_t i = 0, length; i < n; i += length) {
		length = series_length(legs, n, i);
		for (size_t k = i; legs[i].periodic && length >= LONG_SERIES && k < i + length; k++)
			if (legs[k].on_ns / BH_NS_PER_MS >= ahead_ms)
				count(&seconds, legs[k].on_ns / BH_NS_PER_MS - ahead_ms,
				      legs[k].off_ns / BH_NS_PER_MS - ahead_ms);
	}
}

int bh_sleep_rhythm(const struct bh_past_night *past, const struct bh_leg_movement *legs, size_t n,
		    int64_t start_ms, struct bh_sleep_rhythm *ret)
{
	struct bh_leg_movement *lax = calloc(n + 1, sizeof(*lax));
	bool *taken = calloc(2 * SECONDS_MAX, sizeof(*taken));
	struct rhythm rhythm = { .strict = legs, .lax = lax, .n = n };

	memset(ret, 0, sizeof(*ret));
	if (!lax || !taken) {
		free(taken);
		free(lax);
		return -ENOMEM;
	}
	if (n > 0)
		memcpy(lax, legs, n * sizeof(*lax));
	bh_plm_series(lax, n, &bh_plm_aasm);
	explain_any(past, &rhythm, start_ms, taken, ret);
	count_large(past, start_ms, taken, ret);
	explain_long(legs, n, start_ms - past->night.start_ms, taken + SECONDS_MAX, ret);
	free(taken);
	free(lax);
	return 0;
}
