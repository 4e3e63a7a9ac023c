/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/people_rest.h"

#include "hub/detect/rest.h"

struct taker {
	void (*each)(void *ctx, enum bh_event_type type, int64_t start_ms, int64_t end_ms,
		     int32_t value);
	void *ctx;
};

static void take(void *ctx, const struct bh_record *record)
{
	struct taker *taker = ctx;
	const struct bh_event *event = &record->u.event;

	if (record->kind == BH_RECORD_EVENT && event->phase != BH_PHASE_OPEN)
		taker->each(taker->ctx, event->type, event->start_ns / BH_NS_PER_MS,
			    event->end_ns / BH_NS_PER_MS, event->value);
}

void people_rest(const uint8_t *moved, const uint8_t *lying, size_t n, int64_t from_ms,
		 void (*each)(void *ctx, enum bh_event_type type, int64_t start_ms, int64_t end_ms,
			      int32_t value),
		 void *ctx)
{
	struct taker taker = { .each = each, .ctx = ctx };
	struct bh_sink sink = { .put = take, .ctx = &taker };
	struct bh_body body = { .readable = true, .on = true, .confidence_permille = 1000 };
	int64_t from_ns = from_ms * BH_NS_PER_MS, now_ns = from_ns;
	struct bh_rest rest;
	struct bh_emit emit;

	bh_emit_init(&emit, 0, &sink);
	bh_rest_init(&rest, true);
	for (size_t i = 0; i < n; i++) {
		now_ns = from_ns + (int64_t)(i + 1) * BH_NS_PER_S;
		emit.now_ns = now_ns;
		body.lying = lying[i];
		bh_rest_take(&rest, &body, now_ns);
		bh_rest_tick(&rest, &body, from_ns, moved[i], &emit);
	}
	bh_rest_end(&rest, &emit, now_ns, BH_END_NORMAL);
}
