/* SPDX-License-Identifier: MIT */
#include "hub/cli/output.h"

#include "hub/cli/night_figures.h"
#include "hub/cli/times.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

int bh_json_line(json_t *object)
{
	int r;

	if (!object)
		return -ENOMEM;
	r = json_dumpf(object, stdout, JSON_COMPACT);
	json_decref(object);
	putchar('\n');
	return r < 0 ? -EIO : 0;
}

void bh_json_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, text ? json_string(text) : json_null());
}

void bh_json_number(json_t *object, const char *key, int64_t value, int64_t unknown)
{
	json_object_set_new(object, key, value == unknown ? json_null() : json_integer(value));
}

void bh_json_time(json_t *object, const char *key, int64_t wall_ms, int32_t offset_s)
{
	char buf[BH_CLI_TIME_MAX];

	bh_json_text(object, key, bh_cli_time_json(wall_ms, offset_s, buf));
}

static const char *unit_key(enum bh_value_unit unit)
{
	switch (unit) {
	case BH_UNIT_MS:
		return "ms";
	case BH_UNIT_PERMILLE:
		return "permille";
	case BH_UNIT_COUNT:
		return "count";
	case BH_UNIT_MDEGC:
		return "mdegc";
	case BH_UNIT_POSITION:
		return "position";
	case BH_UNIT_FAULT:
		return "fault";
	case BH_UNIT_NONE:
		break;
	}
	return NULL;
}

const char *bh_event_value_text(const struct bh_event *event, char *buf, size_t size)
{
	const struct bh_event_info *info = bh_event_info(event->type);
	char span[BH_CLI_TIME_MAX];

	if (event->value == BH_VALUE_UNKNOWN)
		return NULL;
	switch (info ? info->unit : BH_UNIT_NONE) {
	case BH_UNIT_MS:
		snprintf(buf, size, "%s", bh_cli_span_text(event->value, span));
		return buf;
	case BH_UNIT_PERMILLE:
		snprintf(buf, size, "%" PRId32 " %%", (event->value + 5) / 10);
		return buf;
	case BH_UNIT_COUNT:
		snprintf(buf, size, "%" PRId32, event->value);
		return buf;
	case BH_UNIT_MDEGC:
		snprintf(buf, size, "%.1f C", event->value / 1000.0);
		return buf;
	case BH_UNIT_POSITION:
		return bh_position_name((enum bh_position)event->value);
	case BH_UNIT_FAULT:
		return bh_fault_name((enum bh_fault)event->value);
	case BH_UNIT_NONE:
		break;
	}
	return NULL;
}

json_t *bh_json_event(const struct bh_cli_history *history, const struct bh_stored_event *stored)
{
	const struct bh_event *event = &stored->event;
	const struct bh_event_info *info = bh_event_info(event->type);
	json_t *object = json_object();
	char buf[BH_CLI_TIME_MAX];

	snprintf(buf, sizeof(buf), "%" PRId64 ".%u.%" PRIu64, stored->run, event->bed, event->seq);
	bh_json_text(object, "id", buf);
	bh_json_text(object, "bed", bh_cli_bed_id(history, event->bed));
	bh_json_text(object, "night", stored->night ? bh_cli_date_text(stored->night, buf) : NULL);
	bh_json_text(object, "type", info ? info->name : NULL);
	bh_json_text(object, "side", bh_side_name(event->side));
	bh_json_time(object, "start", stored->start_ms, stored->utc_offset_s);
	bh_json_time(object, "end", stored->end_ms, stored->utc_offset_s);
	bh_json_number(object, "start_ms", stored->start_ms, BH_WALL_UNKNOWN);
	bh_json_number(object, "end_ms", stored->end_ms, BH_WALL_UNKNOWN);
	if ((info && info->unit == BH_UNIT_NONE) || event->value == BH_VALUE_UNKNOWN)
		json_object_set_new(object, "value", json_null());
	else if (info && (info->unit == BH_UNIT_POSITION || info->unit == BH_UNIT_FAULT))
		bh_json_text(object, "value", bh_event_value_text(event, buf, sizeof(buf)));
	else
		json_object_set_new(object, "value", json_integer(event->value));
	bh_json_text(object, "unit", info ? unit_key(info->unit) : NULL);
	bh_json_number(object, "confidence_permille", event->confidence_permille, -1);
	bh_json_text(object, "ended", bh_end_cause_name(event->end_cause));
	json_object_set_new(object, "taken_back",
			    json_boolean(bh_taken_back(event->end_cause, stored->start_ms,
						       stored->end_ms)));
	bh_json_text(object, "sensor", stored->sensor[0] ? stored->sensor : NULL);
	json_object_set_new(object, "simulated",
			    json_boolean(stored->origin == BH_ORIGIN_SIMULATED));
	return object;
}

json_t *bh_json_night(const struct bh_cli_history *history, const struct bh_night *night)
{
	const struct {
		const char *key;
		int32_t value;
	} numbers[] = {
		{ "coverage_permille", night->coverage_permille },
		{ "in_bed_min", night->in_bed_min },
		{ "restless_min", night->restless_min },
		{ "quiet_min", night->quiet_min },
		{ "exits", night->exits },
		{ "legs_over_edge", night->legs_over_edge },
		{ "legs_over_edge_min", night->legs_over_edge_min },
		{ "position_changes", night->position_changes },
		{ "leg_movements", night->leg_movements },
		{ "faults", night->faults },
		{ "temp_left_mdegc", night->temp_left_mdegc },
		{ "temp_right_mdegc", night->temp_right_mdegc },
		{ "temp_delta_mdegc", night->temp_delta_mdegc },
	};
	json_t *object = json_object();
	char buf[BH_CLI_TIME_MAX];

	bh_json_text(object, "bed", bh_cli_bed_id(history, night->bed));
	bh_json_text(object, "night", bh_cli_date_text(night->date, buf));
	json_object_set_new(object, "complete", json_boolean(night->complete));
	bh_json_time(object, "first_enter", night->first_enter_ms,
		     bh_utc_offset_s(night->first_enter_ms));
	bh_json_time(object, "last_exit", night->last_exit_ms, bh_utc_offset_s(night->last_exit_ms));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		bh_json_number(object, numbers[i].key, numbers[i].value, BH_EPOCH_UNKNOWN);
	bh_night_figures_json(night, object);
	json_object_set_new(object, "simulated",
			    json_boolean(bh_cli_simulated(history, night->start_ms, night->end_ms)));
	return object;
}

static json_t *json_evidence(const struct bh_evidence *evidence)
{
	json_t *object = json_object();

	bh_json_text(object, "text", evidence->text);
	bh_json_text(object, "truth", bh_truth_name(evidence->truth));
	bh_json_text(object, "speaks", evidence->weight_milli < 0 ? "against" : "for");
	json_object_set_new(object, "counted", json_boolean(evidence->counted));
	bh_json_text(object, "missing", evidence->missing[0] ? evidence->missing : NULL);
	return object;
}

json_t *bh_json_finding(const struct bh_finding *finding)
{
	json_t *object = json_object(), *lines = json_array();
	char buf[BH_CLI_TIME_MAX];

	bh_json_text(object, "rule", finding->rule);
	bh_json_text(object, "class", bh_rule_class_name(finding->class));
	bh_json_text(object, "band", bh_band_name(finding->band));
	json_object_set_new(object, "held", json_boolean(finding->held));
	json_object_set_new(object, "red_flag", json_boolean(finding->red_flag));
	bh_json_text(object, "night", bh_cli_date_text(finding->night, buf));
	json_object_set_new(object, "nights_used", json_integer(finding->nights_used));
	json_object_set_new(object, "nights_window", json_integer(finding->nights_window));
	json_object_set_new(object, "coverage_permille", json_integer(finding->coverage_permille));
	bh_json_text(object, "says", finding->says[0] ? finding->says : NULL);
	bh_json_text(object, "no_data_reason",
		     finding->no_data_reason[0] ? finding->no_data_reason : NULL);
	bh_json_text(object, "rule_hash", finding->rule_hash);
	for (unsigned int i = 0; i < finding->n_evidence; i++)
		json_array_append_new(lines, json_evidence(&finding->evidence[i]));
	json_object_set_new(object, "evidence", lines);
	return object;
}
