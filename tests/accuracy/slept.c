/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/slept.h"

#include "hub/detect/night_summary.h"
#include "tests/accuracy/recordings.h"
#include "tests/accuracy/sleep_mark.h"

#include <stdlib.h>

#define DAY_MS INT64_C(86400000)

static int64_t ms_of(int64_t mono_ns)
{
	return mono_ns / BH_NS_PER_MS;
}

static void take_event(struct slept *slept, const struct bh_event *event)
{
	struct bh_past_event past = {
		.type = event->type,
		.side = event->side,
		.end_cause = event->end_cause,
		.confidence_permille = event->confidence_permille,
		.value = event->value,
		.start_ms = ms_of(event->start_ns),
		.end_ms = event->phase == BH_PHASE_OPEN ? BH_WALL_UNKNOWN : ms_of(event->end_ns),
	};

	for (size_t i = slept->n_events; i-- > 0;) {
		if (slept->event[i].seq == event->seq) {
			slept->event[i].event = past;
			return;
		}
	}
	slept->event = recordings_grow(slept->event, slept->n_events + 1, sizeof(*slept->event));
	slept->event[slept->n_events++] = (struct slept_event){ event->seq, past };
}

void slept_take(struct slept *slept, const struct bh_record *record)
{
	if (record->kind == BH_RECORD_EVENT)
		take_event(slept, &record->u.event);
	if (record->kind != BH_RECORD_EPOCH)
		return;
	slept->epoch = recordings_grow(slept->epoch, slept->n_epochs + 1, sizeof(*slept->epoch));
	slept->epoch[slept->n_epochs++] = (struct bh_past_epoch){
		.start_ms = ms_of(record->u.epoch.start_ns),
		.epoch = record->u.epoch,
	};
}

/* The epochs from..to are those of one night. */
static void score_night(struct slept *slept, size_t from, size_t to, int64_t noon_ms,
			uint32_t capabilities)
{
	static struct bh_sleep_night night;
	struct bh_past_event *events = recordings_grow(NULL, slept->n_events + 1, sizeof(*events));
	struct bh_past_night past = {
		.night = { .start_ms = noon_ms, .end_ms = noon_ms + DAY_MS },
		.capabilities = capabilities,
		.events = events,
		.epochs = &slept->epoch[from],
		.n_epochs = to - from,
	};
	struct bh_leg_movement *legs;
	size_t n_legs;

	for (size_t i = 0; i < slept->n_events; i++) {
		const struct bh_past_event *event = &slept->event[i].event;

		if (event->start_ms < past.night.end_ms &&
		    (event->end_ms == BH_WALL_UNKNOWN || event->end_ms > noon_ms))
			events[past.n_events++] = *event;
	}
	if (bh_night_legs(&past, &legs, &n_legs) < 0)
		abort();
	if (bh_sleep_score(&past, legs, n_legs, &night) == 0)
		sleep_mark(&night, &slept->epoch[from], to - from);
	free(legs);
	free(events);
}

void slept_score(struct slept *slept, uint32_t capabilities)
{
	for (size_t from = 0, to; from < slept->n_epochs; from = to) {
		int64_t noon_ms =
			(slept->epoch[from].start_ms - DAY_MS / 2) / DAY_MS * DAY_MS + DAY_MS / 2;

		for (to = from; to < slept->n_epochs; to++)
			if (slept->epoch[to].start_ms >= noon_ms + DAY_MS)
				break;
		score_night(slept, from, to, noon_ms, capabilities);
	}
}

bool slept_at(const struct slept *slept, long at_s)
{
	int64_t at_ms = (int64_t)at_s * BH_MS_PER_S;
	size_t low = 0, high = slept->n_epochs;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (slept->epoch[middle].start_ms <= at_ms)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && at_ms - slept->epoch[low - 1].start_ms < BH_EPOCH_NS / BH_NS_PER_MS &&
	       slept->epoch[low - 1].sleep == BH_SLEEP_ASLEEP;
}

void slept_forget(struct slept *slept)
{
	free(slept->event);
	free(slept->epoch);
	*slept = (struct slept){ .n_events = 0 };
}
