/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/entity.h"

#include "hub/core/calibration.h"
#include "hub/mqtt/command.h"

#define BOTH_LEGS (BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT)

/* Rows of the same kind share what makes the kind. */
#define BED_BINARY(topic_)                                                                         \
	.platform = "binary_sensor", .topic = BH_ENTITY_RETAINED, .retained = (topic_),            \
	.sensors = BH_NEEDS_MAT
#define STATE_NUMBER(field)                                                                        \
	.platform = "sensor", .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_STATE,             \
	.state_class = "measurement", .expires = true, .template = "{{ value_json." field " }}"
#define NIGHT_COUNT(field)                                                                         \
	.platform = "sensor", .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_NIGHT,             \
	.state_class = "total_increasing", .template = "{{ value_json." field " }}"
#define MINUTES .device_class = "duration", .unit = "min"
#define CELSIUS .device_class = "temperature", .unit = "°C", .decimals = 1

/* clang-format off */
static const struct bh_entity entities[] = {
	{ .key = "occ", BED_BINARY(BH_TOPIC_OCCUPIED), .device_class = "occupancy",
	  .needs = BH_CAN_OCCUPANCY },
	{ .key = "legs", BED_BINARY(BH_TOPIC_LEGS_OVER_EDGE), .id = "legs_over_edge",
	  .name = "Legs over edge", .icon = "mdi:foot-print", .needs = BH_CAN_LEGS },
	{ .key = "legout", BED_BINARY(BH_TOPIC_LEG_OUT), .id = "one_leg_out",
	  .name = "One leg out", .icon = "mdi:shoe-print", .needs = BH_CAN_LEGS | BH_CAN_SIDE },
	{ .key = "restless", BED_BINARY(BH_TOPIC_RESTLESS), .id = "restless", .name = "Restless",
	  .icon = "mdi:sleep-off", .needs = BH_CAN_MOVEMENT },
	{ .key = "side", .platform = "sensor", .id = "leg_side", .name = "Side of edge or leg out",
	  .device_class = "enum", .icon = "mdi:arrow-left-right", .options = BH_OPTIONS_SIDE,
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_LEG_SIDE, .sensors = BH_NEEDS_MAT,
	  .needs = BH_CAN_LEGS | BH_CAN_SIDE },
	{ .key = "position", .platform = "sensor", .id = "position", .name = "Position",
	  .device_class = "enum", .icon = "mdi:bed", .options = BH_OPTIONS_POSITION,
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_POSITION, .sensors = BH_NEEDS_MAT,
	  .needs = BH_CAN_OCCUPANCY },
	{ .key = "event", .platform = "event", .id = "activity", .name = "Activity",
	  .icon = "mdi:timeline-clock", .topic = BH_ENTITY_EVENT },
	{ .key = "move", STATE_NUMBER("movement"), .id = "movement", .name = "Movement",
	  .icon = "mdi:chart-bell-curve", .unit = "%", .sensors = BH_NEEDS_MAT,
	  .needs = BH_CAN_MOVEMENT },
	{ .key = "tl", STATE_NUMBER("leg_left_c"), .id = "left_leg_temperature",
	  .name = "Left leg temperature", CELSIUS, .sensors = BH_NEEDS_SLOT(BH_TEMP_LEFT),
	  .needs = BH_CAN_TEMP_LEFT },
	{ .key = "tr", STATE_NUMBER("leg_right_c"), .id = "right_leg_temperature",
	  .name = "Right leg temperature", CELSIUS, .sensors = BH_NEEDS_SLOT(BH_TEMP_RIGHT),
	  .needs = BH_CAN_TEMP_RIGHT },
	{ .key = "troom", STATE_NUMBER("room_c"), .id = "room_temperature",
	  .name = "Room temperature", CELSIUS, .sensors = BH_NEEDS_SLOT(BH_TEMP_ROOM),
	  .needs = BH_CAN_TEMP_ROOM },
	{ .key = "td", STATE_NUMBER("leg_delta_c"), .id = "leg_temperature_difference",
	  .name = "Leg temperature difference", .device_class = "temperature_delta",
	  .unit = "°C", .decimals = 1,
	  .sensors = BH_NEEDS_SLOT(BH_TEMP_LEFT) | BH_NEEDS_SLOT(BH_TEMP_RIGHT),
	  .needs = BOTH_LEGS },
	{ .key = "inbedmin", NIGHT_COUNT("in_bed_min"), .id = "time_in_bed",
	  .name = "Time in bed", MINUTES, .needs = BH_CAN_OCCUPANCY },
	{ .key = "exits", NIGHT_COUNT("exits"), .id = "bed_exits", .name = "Bed exits",
	  .icon = "mdi:exit-run", .needs = BH_CAN_OCCUPANCY },
	{ .key = "restmin", NIGHT_COUNT("restless_min"), .id = "restless_time",
	  .name = "Restless time", MINUTES, .needs = BH_CAN_RESTLESSNESS },
	{ .key = "turns", NIGHT_COUNT("position_changes"), .id = "position_changes",
	  .name = "Position changes", .icon = "mdi:rotate-3d-variant",
	  .needs = BH_CAN_POSTURE },
	{ .key = "legsmin", NIGHT_COUNT("legs_over_edge_min"), .id = "legs_over_edge_time",
	  .name = "Legs over edge time", MINUTES, .needs = BH_CAN_LEGS },
	{ .key = "legsn", NIGHT_COUNT("legs_over_edge"), .id = "legs_over_edge_count",
	  .name = "Legs over edge count", .icon = "mdi:foot-print", .needs = BH_CAN_LEGS },
	{ .key = "legmov", NIGHT_COUNT("leg_movements"), .id = "leg_movements",
	  .name = "Leg movements", .icon = "mdi:walk", .needs = BH_CAN_LEG_MOVEMENT },
	{ .key = "pattern", .platform = "sensor", .id = "pattern", .name = "Pattern",
	  .device_class = "enum", .icon = "mdi:magnify", .options = BH_OPTIONS_VERDICT,
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_FINDINGS,
	  .template = "{{ value_json.pattern }}", .attributes = true },
	{ .key = "attention", .platform = "binary_sensor", .id = "needs_attention",
	  .name = "Needs attention", .icon = "mdi:alert-circle-outline",
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_FINDINGS,
	  .template = "{{ value_json.attention }}" },
	{ .key = "fault", .platform = "binary_sensor", .id = "sensor_fault",
	  .name = "Sensor fault", .device_class = "problem", .category = "diagnostic",
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_FAULT,
	  .template = "{{ value_json.problem }}", .attributes = true },
	{ .key = "calib", .platform = "binary_sensor", .id = "calibration",
	  .name = "Calibration", .device_class = "problem", .category = "diagnostic",
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_CALIBRATION,
	  .template = "{{ value_json.problem }}", .attributes = true, .calibrated = true },
	{ .key = "conn", .platform = "binary_sensor", .id = "connection", .name = "Connection",
	  .device_class = "connectivity", .category = "diagnostic",
	  .topic = BH_ENTITY_HUB_STATUS },
	{ .key = "boot", .platform = "sensor", .id = "started", .name = "Started",
	  .device_class = "timestamp", .category = "diagnostic", .topic = BH_ENTITY_HUB_INFO,
	  .template = "{{ value_json.started }}", .disabled = true },
	{ .key = "away", .platform = "number", .id = "not_returned_after",
	  .name = "Not returned after", MINUTES, .decimals = -1, .category = "config",
	  .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_CONFIG,
	  .template = "{{ value_json.not_returned_min }}", .commands = true, .command = BH_COMMAND_NOT_RETURNED_MIN,
	  .min = BH_NOT_RETURNED_MIN_LOW, .max = BH_NOT_RETURNED_MIN_HIGH,
	  .needs = BH_CAN_OCCUPANCY },
	{ .key = "mark", .platform = "button", .id = "mark_moment", .name = "Mark this moment",
	  .icon = "mdi:flag", .topic = BH_ENTITY_STATELESS, .commands = true,
	  .command = BH_COMMAND_MARK },
	{ .key = "diary", .platform = "sensor", .id = "diary", .name = "Diary entries",
	  .icon = "mdi:notebook", .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_DIARY,
	  .template = "{{ value_json.entries }}", .attributes = true },
	{ .key = "undo", .platform = "button", .id = "diary_undo", .name = "Diary undo",
	  .icon = "mdi:undo", .topic = BH_ENTITY_STATELESS, .commands = true,
	  .command = BH_COMMAND_SAY, .set = BH_UNDO_KEY },
	{ .key = "note", .platform = "text", .id = "note", .name = "Night note",
	  .icon = "mdi:note-edit", .topic = BH_ENTITY_RETAINED, .retained = BH_TOPIC_NOTE,
	  .commands = true, .command = BH_COMMAND_NOTE, .max = BH_NOTE_MAX },
};
/* clang-format on */

const struct bh_entity *bh_entity_at(size_t i)
{
	return i < sizeof(entities) / sizeof(entities[0]) ? &entities[i] : NULL;
}

bool bh_entity_applies(const struct bh_entity *entity, uint32_t capabilities)
{
	return (entity->needs & capabilities) == entity->needs &&
	       (!entity->calibrated || bh_calibration_is_needed(capabilities));
}

bool bh_entity_publishes(const struct bh_event_info *info)
{
	switch (info->class) {
	case BH_CLASS_ALARM:
	case BH_CLASS_ACTIVITY:
	case BH_CLASS_FAULT:
		return true;
	case BH_CLASS_DETAIL:
		break;
	}
	return false;
}
