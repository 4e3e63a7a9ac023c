/* SPDX-License-Identifier: MIT */
#include "hub/detect/emit.h"

#include <assert.h>
#include <string.h>

void bh_emit_init(struct bh_emit *emit, uint8_t bed, const struct bh_sink *sink)
{
	memset(emit, 0, sizeof(*emit));
	emit->sink = *sink;
	emit->bed = bed;
}

static void put(const struct bh_emit *emit, const struct bh_event *event)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	record.u.event = *event;
	emit->sink.put(emit->sink.ctx, &record);
}

static void begin(struct bh_emit *emit, struct bh_event *event, enum bh_event_type type,
		  int64_t start_ns, const struct bh_said *said)
{
	*event = (struct bh_event){
		.seq = ++emit->seq,
		.type = type,
		.side = said->side,
		.bed = emit->bed,
		.sensor = said->sensor,
		.confidence_permille = said->confidence_permille,
		.value = said->value,
		.start_ns = start_ns,
		.end_ns = BH_MONO_NONE,
		.detected_ns = emit->now_ns,
	};
}

void bh_emit_instant(struct bh_emit *emit, enum bh_event_type type, int64_t start_ns,
		     int64_t end_ns, const struct bh_said *said)
{
	struct bh_event event;

	begin(emit, &event, type, start_ns, said);
	event.phase = BH_PHASE_INSTANT;
	event.end_cause = BH_END_NORMAL;
	event.end_ns = end_ns;
	put(emit, &event);
}

void bh_emit_open_own(struct bh_emit *emit, struct bh_event *event, enum bh_event_type type,
		      int64_t start_ns, const struct bh_said *said)
{
	assert(event->seq == 0);
	begin(emit, event, type, start_ns, said);
	event->phase = BH_PHASE_OPEN;
	event->end_cause = BH_END_OPEN;
	put(emit, event);
}

void bh_emit_close_own(struct bh_emit *emit, struct bh_event *event, int64_t end_ns,
		       enum bh_end_cause cause)
{
	if (event->seq == 0)
		return;
	event->phase = BH_PHASE_CLOSE;
	event->end_cause = cause;
	event->end_ns = end_ns > event->start_ns ? end_ns : event->start_ns;
	event->detected_ns = emit->now_ns;
	put(emit, event);
	event->seq = 0;
}

void bh_emit_open(struct bh_emit *emit, enum bh_event_type type, int64_t start_ns,
		  const struct bh_said *said)
{
	if (emit->open[type].seq == 0)
		bh_emit_open_own(emit, &emit->open[type], type, start_ns, said);
}

bool bh_emit_is_open(const struct bh_emit *emit, enum bh_event_type type)
{
	return emit->open[type].seq != 0;
}

struct bh_event *bh_emit_opened(struct bh_emit *emit, enum bh_event_type type)
{
	return emit->open[type].seq ? &emit->open[type] : NULL;
}

void bh_emit_close(struct bh_emit *emit, enum bh_event_type type, int64_t end_ns,
		   enum bh_end_cause cause)
{
	bh_emit_close_own(emit, &emit->open[type], end_ns, cause);
}
