/* SPDX-License-Identifier: MIT */
/*
 * Events: what happened in the bed, as intervals or instants. The catalogue is event.def.
 */
#ifndef BH_CORE_EVENT_H
#define BH_CORE_EVENT_H

#include "hub/core/frame.h"
#include "hub/core/time_types.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bh_event_type {
#define BH_EVENT(id, ENUM, name, shape, class, unit, needs, text) BH_EVENT_##ENUM = id,
#include "hub/core/event.def"
#undef BH_EVENT
};
/** One more than the largest id of event.def. */
#define BH_EVENT_TYPE_END 23

enum bh_event_shape { BH_SHAPE_INTERVAL, BH_SHAPE_INSTANT };
enum bh_event_class { BH_CLASS_ALARM, BH_CLASS_ACTIVITY, BH_CLASS_DETAIL, BH_CLASS_FAULT };
enum bh_value_unit {
	BH_UNIT_NONE,
	BH_UNIT_MS,
	BH_UNIT_PERMILLE,
	BH_UNIT_COUNT,
	BH_UNIT_MDEGC,
	BH_UNIT_POSITION, /**< enum bh_position */
	BH_UNIT_FAULT,	  /**< enum bh_fault */
};

/* What an event's value holds where the mat cannot tell: of contact pads how strong a movement was. */
#define BH_VALUE_UNKNOWN INT32_MIN

/**
 * Left and right are the sleeper's, lying on the back. Of what it is the side depends on the type of the
 * event: of EDGE_SIT and LEGS_OVER_EDGE it is the edge of the bed somebody sits on, and says nothing of a
 * leg, as both hang there; of LEG_OUT, LEG_MOVEMENT, JOLT, PLM_SERIES and UNCOVER it is the leg; of
 * SENSOR_FAULT the half of the bed. bh_event_side_text() says which.
 */
enum bh_side { BH_SIDE_UNKNOWN = 0, BH_SIDE_LEFT, BH_SIDE_RIGHT, BH_SIDE_BOTH };

/** How someone lies or sits; on disk. */
enum bh_position {
	BH_POSITION_UNKNOWN = 0,
	BH_POSITION_EMPTY,
	BH_POSITION_SUPINE,
	BH_POSITION_LEFT,
	BH_POSITION_RIGHT,
	BH_POSITION_PRONE,
	BH_POSITION_LYING, /**< lying, the mat cannot say how */
	BH_POSITION_SITTING_ON_EDGE,
	BH_POSITION_LEGS_OVER_EDGE,
	BH_POSITION_END,
};

/** What a message about an event says of it. */
enum bh_event_phase {
	BH_PHASE_OPEN,	  /**< an interval began at start_ns; end_ns is BH_MONO_NONE */
	BH_PHASE_CLOSE,	  /**< the interval of this seq ended at end_ns; value and confidence are final */
	BH_PHASE_INSTANT, /**< all there is: an instant (end_ns == start_ns) or a finished short interval */
};

/** Why an interval ended. On disk. */
enum bh_end_cause {
	BH_END_OPEN = 0,
	BH_END_NORMAL,	/**< it ended in the bed */
	BH_END_STOPPED, /**< the hub stopped; what happened later is not known */
	BH_END_FAULT,	/**< the sensor failed; what happened later is not known */
	BH_END_CRASHED, /**< found open at the next start: ended at the last sign of life */
};

/** Value of `sensor` in an event that belongs to no single sensor. */
#define BH_SENSOR_NONE 255

/**
 * @brief One event, or one phase of it.
 *
 * (run, seq) names an event for ever: seq counts from 1 per run and bed line, in the order of
 * detection, and an interval keeps its seq from OPEN to CLOSE. start_ns may lie before the time of
 * detection; detected_ns is when it was known, so nothing looks ahead.
 */
struct bh_event {
	uint64_t seq;
	enum bh_event_type type;
	enum bh_event_phase phase;
	enum bh_end_cause end_cause;
	enum bh_side side;	     /**< of an edge or a leg: bh_event_side_text() */
	uint8_t bed;		     /**< index in the configuration */
	uint8_t sensor;		     /**< index in the bed, or BH_SENSOR_NONE */
	int16_t confidence_permille; /**< 0..1000 */
	int32_t value;		     /**< unit: bh_event_info.unit; or BH_VALUE_UNKNOWN */
	int64_t start_ns;
	int64_t end_ns;
	int64_t detected_ns;
};

/** One row of the catalogue. */
struct bh_event_info {
	enum bh_event_type type;
	const char *name;
	enum bh_event_shape shape;
	enum bh_event_class class;
	enum bh_value_unit unit;
	uint32_t needs;
	const char *text;
};

/** @return The row of @p type, or NULL if there is none. */
const struct bh_event_info *bh_event_info(enum bh_event_type type);
/** @return 0 and the type, or -ENOENT. */
int bh_event_type_from_name(const char *name, enum bh_event_type *ret);
/** @return Row @p i of the catalogue in id order, or NULL past the end. */
const struct bh_event_info *bh_event_info_at(size_t i);

/** @return "left", "right", "both" or "unknown". */
const char *bh_side_name(enum bh_side side);
int bh_side_from_name(const char *name, enum bh_side *ret);
/** @return "left edge", "right leg", "both legs" ...: what @p side is the side of, for people; empty if
 *  the side is not known. */
const char *bh_event_side_text(enum bh_event_type type, enum bh_side side);
/** @return "supine", "sitting_on_edge" ...; "unknown" for anything else. */
const char *bh_position_name(enum bh_position position);
int bh_position_from_name(const char *name, enum bh_position *ret);
/** @return "open", "normal", "stopped", "fault", "crashed". */
const char *bh_end_cause_name(enum bh_end_cause cause);

#endif
