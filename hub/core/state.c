/* SPDX-License-Identifier: MIT */
/* Names of sides, positions and ends: one table each, both ways. */
#include "hub/core/state.h"

#include <errno.h>
#include <string.h>

static const char *const side_names[] = {
	[BH_SIDE_UNKNOWN] = "unknown",
	[BH_SIDE_LEFT] = "left",
	[BH_SIDE_RIGHT] = "right",
	[BH_SIDE_BOTH] = "both",
};

static const char *const position_names[] = {
	[BH_POSITION_UNKNOWN] = "unknown",
	[BH_POSITION_EMPTY] = "empty",
	[BH_POSITION_SUPINE] = "supine",
	[BH_POSITION_LEFT] = "left",
	[BH_POSITION_RIGHT] = "right",
	[BH_POSITION_PRONE] = "prone",
	[BH_POSITION_LYING] = "lying",
	[BH_POSITION_SITTING_ON_EDGE] = "sitting_on_edge",
	[BH_POSITION_LEGS_OVER_EDGE] = "legs_over_edge",
};

static const char *const end_names[] = {
	[BH_END_OPEN] = "open",	  [BH_END_NORMAL] = "normal",	[BH_END_STOPPED] = "stopped",
	[BH_END_FAULT] = "fault", [BH_END_CRASHED] = "crashed",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int index_from_name(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(names[i], name) == 0)
			return (int)i;
	return -ENOENT;
}

const char *bh_side_name(enum bh_side side)
{
	return (size_t)side < COUNT(side_names) ? side_names[side] : side_names[BH_SIDE_UNKNOWN];
}

int bh_side_from_name(const char *name, enum bh_side *ret)
{
	int i = index_from_name(side_names, COUNT(side_names), name);

	if (i < 0)
		return i;
	*ret = (enum bh_side)i;
	return 0;
}

/* Of what an event's side is the side. */
static const char *const edge_sides[] = { "", "left edge", "right edge", "both edges" };
static const char *const leg_sides[] = { "", "left leg", "right leg", "both legs" };

const char *bh_event_side_text(enum bh_event_type type, enum bh_side side)
{
	if (side == BH_SIDE_UNKNOWN || (size_t)side >= COUNT(side_names))
		return "";
	switch (type) {
	case BH_EVENT_EDGE_SIT:
	case BH_EVENT_LEGS_OVER_EDGE:
		return edge_sides[side];
	case BH_EVENT_LEG_OUT:
	case BH_EVENT_LEG_MOVEMENT:
	case BH_EVENT_JOLT:
	case BH_EVENT_PLM_SERIES:
	case BH_EVENT_UNCOVER:
		return leg_sides[side];
	case BH_EVENT_BED_OCCUPIED:
	case BH_EVENT_BED_ENTER:
	case BH_EVENT_BED_EXIT:
	case BH_EVENT_LYING:
	case BH_EVENT_QUIET:
	case BH_EVENT_RESTLESS:
	case BH_EVENT_LARGE_MOVEMENT:
	case BH_EVENT_POSITION:
	case BH_EVENT_POSITION_CHANGE:
	case BH_EVENT_WALK_BREAK:
	case BH_EVENT_TOILET_LIKE:
	case BH_EVENT_NOT_RETURNED:
	case BH_EVENT_SENSOR_FAULT:
	case BH_EVENT_DATA_GAP:
	case BH_EVENT_MARK:
		break;
	}
	return side_names[side];
}

const char *bh_position_name(enum bh_position position)
{
	return (size_t)position < COUNT(position_names) ? position_names[position]
							: position_names[BH_POSITION_UNKNOWN];
}

int bh_position_from_name(const char *name, enum bh_position *ret)
{
	int i = index_from_name(position_names, COUNT(position_names), name);

	if (i < 0)
		return i;
	*ret = (enum bh_position)i;
	return 0;
}

const char *bh_end_cause_name(enum bh_end_cause cause)
{
	return (size_t)cause < COUNT(end_names) ? end_names[cause] : "unknown";
}
