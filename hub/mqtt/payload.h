/* SPDX-License-Identifier: MIT */
/*
 * What goes into a message, as JSON or a word. Pure: no clock, no network. Every function that
 * returns char * returns a string to free(), or NULL when out of memory.
 */
#ifndef BH_MQTT_PAYLOAD_H
#define BH_MQTT_PAYLOAD_H

#include "hub/core/calibration.h"
#include "hub/core/state.h"
#include "hub/mqtt/mqtt.h"

#include <stdio.h>

/** Home Assistant's word for a state that is not known. */
#define BH_PAYLOAD_UNKNOWN "None"
#define BH_PAYLOAD_ONLINE "online"
#define BH_PAYLOAD_OFFLINE "offline"

/* Longest event type: a name of event.def and "_started". */
#define BH_EVENT_NAME_MAX 48
/* "2026-11-23T02:10:00.000+01:00" and its NUL, with room for years beyond 9999. */
#define BH_ISO8601_MAX 40

/** @return "ON", "OFF" or BH_PAYLOAD_UNKNOWN. */
const char *bh_payload_tri(enum bh_tri tri);

/** @brief Local time with offset. @return @p buf, or NULL if @p wall_ms is BH_WALL_UNKNOWN. */
const char *bh_iso8601(int64_t wall_ms, char buf[BH_ISO8601_MAX]);

/** @brief "<name>_started", "<name>_ended" or "<name>": what discovery lists and events say. */
void bh_event_message_type(const struct bh_event_info *info, enum bh_event_phase phase,
			   char ret[BH_EVENT_NAME_MAX]);

/** One event message. */
struct bh_event_message {
	const struct bh_event *event;
	const struct bh_mqtt_bed *bed;
	int64_t run;
	int64_t start_ms; /**< wall times, BH_WALL_UNKNOWN if not known */
	int64_t end_ms;
	int64_t age_ms; /**< how long ago it happened, below 0: not known */
	bool late;
	bool simulated;
};
char *bh_payload_event(const struct bh_event_message *message);

/** The numbers of a state; @p at_ms is its wall time. */
char *bh_payload_state(const struct bh_state *state, uint32_t capabilities, int64_t at_ms,
		       bool simulated);
/** Which sensors are faulty and how. */
char *bh_payload_fault(const struct bh_state *state, const struct bh_mqtt_bed *bed);
/** How the bed stands with each kind; @p status by kind. */
char *bh_payload_calibration(const struct bh_calibration_status *status, uint32_t capabilities,
			     int64_t now_ms);
char *bh_payload_night(const struct bh_night *night, bool simulated);
/** @p cause_names: rule ids may name a cause (config show_cause_names). */
char *bh_payload_findings(const struct bh_finding *findings, size_t n, const char *verdict,
			  bool cause_names, bool simulated);
char *bh_payload_config(int64_t not_returned_min);
/** @p error NULL: the command was accepted. */
char *bh_payload_result(const char *command, const char *error);
char *bh_payload_info(const char *version, int64_t run, int64_t started_ms, bool simulated);

#endif
