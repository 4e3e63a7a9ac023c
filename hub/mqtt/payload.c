/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/payload.h"

#include "hub/core/night.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Home Assistant's recorder drops all attributes of an entity above 16384 bytes: this many findings
 * with this many lines each stay below it at their longest texts. */
#define FINDINGS_MAX 6
#define EVIDENCE_MAX 6
/* Digits of a double that a permille or a millidegree can have. */
#define DIGITS 7

static const char *const attention_note = "Patterns described for a class of causes, not a "
					  "diagnosis. No message is not an all-clear.";

static char *dump(json_t *object)
{
	char *text = NULL;

	if (object)
		text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS));
	json_decref(object);
	return text;
}

/* Thousandths as a number, or null. */
static json_t *thousandths(int32_t value, bool known)
{
	return known ? json_real(value / 1000.0) : json_null();
}

static json_t *count_or_null(int32_t value)
{
	return value == BH_EPOCH_UNKNOWN ? json_null() : json_integer(value);
}

static json_t *iso_or_null(int64_t wall_ms)
{
	char buf[BH_ISO8601_MAX];
	const char *iso = bh_iso8601(wall_ms, buf);

	return iso ? json_string(iso) : json_null();
}

const char *bh_payload_tri(enum bh_tri tri)
{
	switch (tri) {
	case BH_YES:
		return "ON";
	case BH_NO:
		return "OFF";
	case BH_UNKNOWN:
		break;
	}
	return BH_PAYLOAD_UNKNOWN;
}

const char *bh_iso8601(int64_t wall_ms, char buf[BH_ISO8601_MAX])
{
	int64_t ms = wall_ms % BH_MS_PER_S;
	int32_t offset_s;
	time_t local;
	struct tm tm;
	size_t n;

	if (wall_ms == BH_WALL_UNKNOWN)
		return NULL;
	if (ms < 0)
		ms += BH_MS_PER_S;
	offset_s = bh_utc_offset_s(wall_ms);
	local = (time_t)((wall_ms - ms) / BH_MS_PER_S + offset_s);
	if (!gmtime_r(&local, &tm))
		return NULL;
	n = strftime(buf, BH_ISO8601_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(buf + n, BH_ISO8601_MAX - n, ".%03d%c%02d:%02d", (int)ms, offset_s < 0 ? '-' : '+',
		 abs(offset_s) / 3600, abs(offset_s) / 60 % 60);
	return buf;
}

void bh_event_message_type(const struct bh_event_info *info, enum bh_event_phase phase,
			   char ret[BH_EVENT_NAME_MAX])
{
	const char *suffix = "";

	switch (phase) {
	case BH_PHASE_OPEN:
		suffix = "_started";
		break;
	case BH_PHASE_CLOSE:
		suffix = "_ended";
		break;
	case BH_PHASE_INSTANT:
		break;
	}
	snprintf(ret, BH_EVENT_NAME_MAX, "%s%s", info->name, suffix);
}

/* The value in a unit for people. */
static void add_value(json_t *object, enum bh_value_unit unit, int32_t value)
{
	const char *name = NULL;
	json_t *number = NULL;

	if (value == BH_VALUE_UNKNOWN && unit != BH_UNIT_NONE) {
		json_object_set_new(object, "value", json_null());
		return;
	}
	switch (unit) {
	case BH_UNIT_NONE:
		return;
	case BH_UNIT_MS:
		number = json_real(value / 1000.0);
		name = "s";
		break;
	case BH_UNIT_PERMILLE:
		number = json_real(value / 10.0);
		name = "%";
		break;
	case BH_UNIT_COUNT:
		number = json_integer(value);
		break;
	case BH_UNIT_MDEGC:
		number = json_real(value / 1000.0);
		name = "°C";
		break;
	case BH_UNIT_POSITION:
		number = json_string(bh_position_name((enum bh_position)value));
		break;
	case BH_UNIT_FAULT:
		number = json_string(bh_fault_name((enum bh_fault)value));
		break;
	}
	json_object_set_new(object, "value", number);
	if (name)
		json_object_set_new(object, "unit", json_string(name));
}

/* How long it lasted and why it ended, for what is over. */
static void add_end(json_t *object, const struct bh_event *event)
{
	if (event->phase == BH_PHASE_OPEN || event->end_ns == BH_MONO_NONE ||
	    event->end_ns == event->start_ns)
		return;
	json_object_set_new(object, "duration_s",
			    json_integer((event->end_ns - event->start_ns) / BH_NS_PER_S));
	json_object_set_new(object, "end", json_string(bh_end_cause_name(event->end_cause)));
}

char *bh_payload_event(const struct bh_event_message *message)
{
	const struct bh_event *event = message->event;
	const struct bh_event_info *info = bh_event_info(event->type);
	char type[BH_EVENT_NAME_MAX];
	char id[64];
	json_t *object;

	bh_event_message_type(info, event->phase, type);
	snprintf(id, sizeof(id), "%lld.%u.%llu", (long long)message->run, event->bed,
		 (unsigned long long)event->seq);
	object = json_pack(
		"{s:s, s:s, s:o, s:o}", "event_type", type, "id", id, "at",
		iso_or_null(event->phase == BH_PHASE_CLOSE ? message->end_ms : message->start_ms),
		"age_s",
		message->age_ms < 0 ? json_null() : json_integer(message->age_ms / BH_MS_PER_S));
	if (!object)
		return NULL;
	if (event->side != BH_SIDE_UNKNOWN)
		json_object_set_new(object, "side", json_string(bh_side_name(event->side)));
	if (event->sensor < message->bed->n_sensors)
		json_object_set_new(object, "sensor",
				    json_string(message->bed->sensors[event->sensor]));
	add_value(object, info->unit, event->value);
	json_object_set_new(object, "confidence", thousandths(event->confidence_permille, true));
	add_end(object, event);
	if (message->late)
		json_object_set_new(object, "late", json_true());
	if (message->simulated)
		json_object_set_new(object, "simulated", json_true());
	return dump(object);
}

char *bh_payload_state(const struct bh_state *state, uint32_t capabilities, int64_t at_ms,
		       bool simulated)
{
	static const struct {
		const char *key;
		uint32_t needs;
	} slots[BH_TEMP_SLOTS] = {
		[BH_TEMP_LEFT] = { "leg_left_c", BH_CAN_TEMP_LEFT },
		[BH_TEMP_RIGHT] = { "leg_right_c", BH_CAN_TEMP_RIGHT },
		[BH_TEMP_ROOM] = { "room_c", BH_CAN_TEMP_ROOM },
	};
	const uint32_t both = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	int32_t left = state->temp_mdegc[BH_TEMP_LEFT];
	int32_t right = state->temp_mdegc[BH_TEMP_RIGHT];
	json_t *object = json_object();

	if (!object)
		return NULL;
	if (capabilities & BH_CAN_MOVEMENT)
		json_object_set_new(object, "movement",
				    state->movement_permille == BH_EPOCH_UNKNOWN
					    ? json_null()
					    : json_real(state->movement_permille / 10.0));
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		if (capabilities & slots[i].needs)
			json_object_set_new(object, slots[i].key,
					    thousandths(state->temp_mdegc[i],
							state->temp_mdegc[i] != BH_TEMP_UNKNOWN));
	if ((capabilities & both) == both) {
		bool known = left != BH_TEMP_UNKNOWN && right != BH_TEMP_UNKNOWN;

		json_object_set_new(object, "leg_delta_c",
				    thousandths(known ? left - right : 0, known));
	}
	json_object_set_new(object, "at", iso_or_null(at_ms));
	if (simulated)
		json_object_set_new(object, "simulated", json_true());
	return dump(object);
}

char *bh_payload_fault(const struct bh_state *state, const struct bh_mqtt_bed *bed)
{
	json_t *sensors = json_object();
	bool any = false;

	for (unsigned int i = 0; i < bed->n_sensors; i++) {
		bool faulty = state->faults & 1u << i;

		any = any || faulty;
		json_object_set_new(sensors, bed->sensors[i],
				    json_string(faulty ? bh_fault_text(state->fault[i])
						       : bh_fault_text(BH_FAULT_NONE)));
	}
	return dump(json_pack("{s:s, s:o}", "problem", any ? "ON" : "OFF", "sensors", sensors));
}

char *bh_payload_calibration(const struct bh_calibration_status *status, uint32_t capabilities,
			     int64_t now_ms)
{
	json_t *object = json_object();
	bool problem = false;

	for (int i = 1; i < BH_CALIBRATION_KINDS; i++) {
		enum bh_calibration_kind kind = (enum bh_calibration_kind)i;
		enum bh_calibration_health health =
			bh_calibration_health(kind, capabilities, &status[i], now_ms);
		json_t *one;

		if (health == BH_CALIBRATION_NOT_NEEDED)
			continue;
		problem = problem || bh_calibration_is_problem(health);
		one = json_pack("{s:s, s:o, s:o}", "health", bh_calibration_health_name(health),
				"at", iso_or_null(status[i].at_ms), "followed",
				iso_or_null(status[i].followed_ms));
		if (status[i].refusal != BH_REFUSAL_NONE)
			json_object_set_new(one, "refused",
					    json_string(bh_refusal_text(status[i].refusal)));
		json_object_set_new(object, bh_calibration_name(kind), one);
	}
	json_object_set_new(object, "problem", json_string(problem ? "ON" : "OFF"));
	return dump(object);
}

char *bh_payload_night(const struct bh_night *night, bool simulated)
{
	char date[24];
	json_t *object;

	snprintf(date, sizeof(date), "%04d-%02d-%02d", night->date / 10000, night->date / 100 % 100,
		 night->date % 100);
	object = json_pack(
		"{s:s, s:b, s:f, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "night",
		date, "complete", night->complete, "coverage", night->coverage_permille / 10.0,
		"in_bed_min", count_or_null(night->in_bed_min), "restless_min",
		count_or_null(night->restless_min), "quiet_min", count_or_null(night->quiet_min),
		"exits", count_or_null(night->exits), "legs_over_edge",
		count_or_null(night->legs_over_edge), "legs_over_edge_min",
		count_or_null(night->legs_over_edge_min), "position_changes",
		count_or_null(night->position_changes), "leg_movements",
		count_or_null(night->leg_movements), "faults", count_or_null(night->faults),
		"first_enter", iso_or_null(night->first_enter_ms), "last_exit",
		iso_or_null(night->last_exit_ms));
	if (object && simulated)
		json_object_set_new(object, "simulated", json_true());
	return dump(object);
}

static json_t *evidence_lines(const struct bh_finding *finding)
{
	json_t *lines = json_array();

	for (unsigned int i = 0; i < finding->n_evidence; i++) {
		const struct bh_evidence *evidence = &finding->evidence[i];

		if (json_array_size(lines) == EVIDENCE_MAX)
			break;
		if (evidence->counted && evidence->truth == BH_TRUTH_TRUE)
			json_array_append_new(lines, json_string(evidence->text));
	}
	return lines;
}

/* All that a person must read: a rule's red flags one behind the other, else what it says. Whole ones
 * only; where one does not fit it is said that there is more. */
static const char *says_of(const struct bh_finding *finding, char buf[static BH_SAYS_MAX])
{
	static const char more[] = " There is more: bedside night.";
	const char *says;
	size_t used = 0;

	if (!finding->red_flag)
		return finding->says;
	buf[0] = '\0';
	for (int i = 0; (says = bh_finding_red_flag(finding, i)) != NULL; i++) {
		/* Behind each of them there is room left to say so. */
		if (i > 0 && used + 1 + strlen(says) + sizeof(more) > BH_SAYS_MAX) {
			snprintf(buf + used, BH_SAYS_MAX - used, "%s", more);
			break;
		}
		used += (size_t)snprintf(buf + used, BH_SAYS_MAX - used, "%s%s", i > 0 ? " " : "", says);
	}
	return buf;
}

static json_t *finding_object(const struct bh_finding *finding, bool cause_names)
{
	char says[BH_SAYS_MAX];
	json_t *object = json_pack(
		"{s:s, s:s, s:s, s:i, s:i, s:b, s:o}", "class", bh_rule_class_name(finding->class),
		"band", bh_band_name(finding->band), "says", says_of(finding, says), "nights_used",
		finding->nights_used, "nights_window", finding->nights_window, "attention",
		finding->red_flag, "evidence", evidence_lines(finding));

	if (object && cause_names)
		json_object_set_new(object, "rule", json_string(finding->rule));
	return object;
}

static void append_finding(json_t *list, const struct bh_finding *finding, bool cause_names)
{
	if (json_array_size(list) < FINDINGS_MAX)
		json_array_append_new(list, finding_object(finding, cause_names));
}

char *bh_payload_findings(const struct bh_finding *findings, size_t n, const char *verdict,
			  bool cause_names, bool simulated)
{
	json_t *list = json_array();
	char unlooked[BH_UNLOOKED_MAX];
	bool attention = false;
	json_t *object;

	/* What asks for attention first: it must not be the one that is cut off. */
	for (size_t i = 0; i < n; i++) {
		if (!findings[i].red_flag)
			continue;
		attention = true;
		append_finding(list, &findings[i], cause_names);
	}
	for (size_t i = 0; i < n; i++)
		if (!findings[i].red_flag && findings[i].band >= BH_BAND_SOME)
			append_finding(list, &findings[i], cause_names);
	bh_findings_unlooked(findings, n, unlooked);
	object = json_pack("{s:s, s:s, s:I, s:I, s:o, s:o, s:s}", "pattern", verdict, "attention",
			   attention ? "ON" : "OFF", "patterns", (json_int_t)n, "patterns_looked_for",
			   (json_int_t)bh_findings_looked(findings, n), "not_looked_for",
			   unlooked[0] ? json_string(unlooked) : json_null(), "findings", list,
			   "note", attention_note);
	if (object && simulated)
		json_object_set_new(object, "simulated", json_true());
	return dump(object);
}

char *bh_payload_config(int64_t not_returned_min)
{
	return dump(json_pack("{s:I}", "not_returned_min", (json_int_t)not_returned_min));
}

char *bh_payload_result(const char *command, const char *error)
{
	return dump(
		json_pack("{s:s, s:b, s:s*}", "command", command, "ok", !error, "error", error));
}

char *bh_payload_info(const char *version, int64_t run, int64_t started_ms, bool simulated)
{
	return dump(json_pack("{s:s, s:I, s:o, s:b}", "version", version, "run", (json_int_t)run,
			      "started", iso_or_null(started_ms), "simulated", simulated));
}
