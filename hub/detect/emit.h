/* SPDX-License-Identifier: MIT */
/*
 * Events leave the signal path here: sequence numbers, open intervals, the sink. At most one
 * interval of each type is open at a time (faults: one a sensor, faults.h).
 */
#ifndef BH_DETECT_EMIT_H
#define BH_DETECT_EMIT_H

#include "hub/core/record.h"

struct bh_emit {
	struct bh_sink sink;
	uint64_t seq;	/**< of the last event */
	int64_t now_ns; /**< time of detection of what is emitted next */
	uint8_t bed;
	struct bh_event open[BH_EVENT_TYPE_END]; /**< phase OPEN and seq != 0 while open */
};

void bh_emit_init(struct bh_emit *emit, uint8_t bed, const struct bh_sink *sink);

/** What an event says beside its times. */
struct bh_said {
	enum bh_side side;
	int32_t value;
	int16_t confidence_permille;
	uint8_t sensor;
};

/** @brief A finished event: an instant (end == start) or a short interval. */
void bh_emit_instant(struct bh_emit *emit, enum bh_event_type type, int64_t start_ns,
		     int64_t end_ns, const struct bh_said *said);

/** @brief Open the interval of @p type; nothing if it is open already. */
void bh_emit_open(struct bh_emit *emit, enum bh_event_type type, int64_t start_ns,
		  const struct bh_said *said);

bool bh_emit_is_open(const struct bh_emit *emit, enum bh_event_type type);

/** @return The open event of @p type, to give it its final value, or NULL. */
struct bh_event *bh_emit_opened(struct bh_emit *emit, enum bh_event_type type);

/** @brief Close the interval of @p type, not before its start; nothing if it is not open. */
void bh_emit_close(struct bh_emit *emit, enum bh_event_type type, int64_t end_ns,
		   enum bh_end_cause cause);

/** @brief Open or close an interval that the caller keeps: for more than one of a type. */
void bh_emit_open_own(struct bh_emit *emit, struct bh_event *event, enum bh_event_type type,
		      int64_t start_ns, const struct bh_said *said);
void bh_emit_close_own(struct bh_emit *emit, struct bh_event *event, int64_t end_ns,
		       enum bh_end_cause cause);

#endif
