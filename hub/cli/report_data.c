/* SPDX-License-Identifier: MIT */
#include "hub/cli/report_data.h"

#include "hub/cli/calibrations.h"
#include "hub/core/night.h"
#include "hub/core/time_types.h"
#include "hub/core/version.h"
#include "hub/detect/plm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int32_t today(void)
{
	time_t now = time(NULL);
	struct tm tm;

	localtime_r(&now, &tm);
	return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static void fill_head(const struct bh_report_data *data, uint32_t capabilities, int64_t from_ms,
		      int64_t to_ms, struct bh_report_head *ret)
{
	*ret = (struct bh_report_head){
		.bed = bh_cli_bed_name(data->history, data->bed),
		.capabilities = capabilities,
		.simulated = bh_cli_simulated(data->history, from_ms, to_ms),
		.made = today(),
		.version = BH_VERSION,
		.profile = data->past.history.profile,
		.n_profile = data->past.history.n_profile,
	};
}

/* ---- findings ---- */

static void show_finding(struct bh_report_data *data, const struct bh_finding *finding,
			 size_t *n_sources, struct bh_report_finding *ret)
{
	const struct bh_rule *rule = bh_rule_set_find(data->rules, finding->rule);
	struct bh_rule_info info;

	*ret = (struct bh_report_finding){ .finding = finding };
	if (!rule)
		return;
	bh_rule_info(rule, &info);
	ret->purpose = info.purpose;
	ret->changed = strcmp(info.hash, finding->rule_hash) != 0;
	/* The titles of sources name causes, too. */
	if (!data->cli->config->show_cause_names)
		return;
	ret->cause = info.cause;
	ret->sources = data->sources + *n_sources;
	ret->n_sources = info.n_sources;
	for (size_t i = 0; i < info.n_sources; i++)
		data->sources[(*n_sources)++] = bh_rule_source_at(rule, i);
}

static size_t count_sources(const struct bh_report_data *data)
{
	struct bh_rule_info info;
	size_t n = 0;

	for (size_t i = 0; i < data->findings.n; i++) {
		const struct bh_rule *rule =
			bh_rule_set_find(data->rules, data->findings.finding[i].rule);

		if (!rule)
			continue;
		bh_rule_info(rule, &info);
		n += info.n_sources;
	}
	return n;
}

static int load_patterns(struct bh_report_data *data, int32_t night, struct bh_report_patterns *ret)
{
	size_t n_sources = 0;
	int r = bh_cli_findings_load(data->history, data->bed, night, &data->findings);

	if (r < 0)
		return r;
	data->shown = calloc(data->findings.n + 1, sizeof(*data->shown));
	data->sources = calloc(count_sources(data) + 1, sizeof(*data->sources));
	if (!data->shown || !data->sources)
		return -ENOMEM;
	for (size_t i = 0; i < data->findings.n; i++)
		show_finding(data, &data->findings.finding[i], &n_sources, &data->shown[i]);
	for (size_t i = 0; i < data->findings.n_gone; i++)
		data->gone[i] = (struct bh_report_gone){
			.says = data->findings.gone[i].says,
			.raised_ms = data->findings.gone[i].raised_ms,
		};
	bh_rules_tell_apart(data->rules, data->findings.finding, data->findings.n, data->tell_apart,
			    sizeof(data->tell_apart));
	*ret = (struct bh_report_patterns){
		.gone = data->gone,
		.n_gone = data->findings.n_gone,
		.finding = data->shown,
		.n = data->findings.n,
		.night = data->findings.n > 0 ? night : 0,
		.verdict = bh_rules_verdict(data->findings.finding, data->findings.n),
		.unlooked = bh_findings_unlooked(data->findings.finding, data->findings.n,
						 data->unlooked),
		.tell_apart = data->tell_apart,
	};
	return 0;
}

/* ---- what the data are worth ---- */

struct calibrations {
	struct bh_calibration_status status[BH_CALIBRATION_KINDS];
	int64_t to_ms;
	uint32_t mat_hash; /* of the page's nights */
};

/* What came after the page's nights says nothing of them. */
static void keep_calibration(void *ctx, const struct bh_stored_calibration *stored)
{
	struct calibrations *calibrations = ctx;
	const struct bh_calibration *part = &stored->part;
	struct bh_calibration_status *status = &calibrations->status[part->kind];

	if (part->first != 0 ||
	    (stored->at_ms != BH_WALL_UNKNOWN && stored->at_ms > calibrations->to_ms))
		return;
	status->known = true;
	status->in_force = bh_cli_calibration_fits(part, calibrations->mat_hash);
	if (part->cause == BH_CALIBRATED_ASKED)
		status->at_ms = stored->at_ms;
	else
		status->followed_ms = stored->at_ms;
}

static int load_calibrations(struct bh_report_data *data, uint32_t capabilities, bool simulated,
			     int64_t to_ms)
{
	struct calibrations calibrations = { .to_ms = to_ms };
	int r;

	for (int kind = 1; kind < BH_CALIBRATION_KINDS; kind++)
		calibrations.status[kind].at_ms = calibrations.status[kind].followed_ms =
			BH_WALL_UNKNOWN;
	r = bh_store_mat_hash(data->history->store, data->bed, simulated, to_ms,
			      &calibrations.mat_hash);
	if (r == 0)
		r = bh_store_calibrations(data->history->store, data->bed, simulated,
					  keep_calibration, &calibrations);
	if (r < 0)
		return r;
	for (int kind = 1; kind < BH_CALIBRATION_KINDS; kind++) {
		const struct bh_calibration_status *status = &calibrations.status[kind];

		data->calibrations[kind - 1] = (struct bh_report_calibration){
			.kind = (enum bh_calibration_kind)kind,
			.health = bh_calibration_health((enum bh_calibration_kind)kind,
							capabilities, status, to_ms),
			.at_ms = status->at_ms,
			.followed_ms = status->followed_ms,
		};
	}
	return 0;
}

static int keep_fault(void *ctx, const struct bh_stored_event *event)
{
	struct bh_report_data *data = ctx;
	struct bh_report_fault *more =
		reallocarray(data->faults, data->n_faults + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	data->faults = more;
	more[data->n_faults] = (struct bh_report_fault){ .fault = (enum bh_fault)event->event.value,
							 .start_ms = event->start_ms,
							 .end_ms = event->end_ms };
	strcpy(more[data->n_faults++].sensor, event->sensor);
	return 0;
}

static int keep_step(void *ctx, const struct bh_store_row *row)
{
	struct bh_report_data *data = ctx;
	struct bh_report_clock_step *more =
		reallocarray(data->steps, data->n_steps + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	data->steps = more;
	more[data->n_steps++] = (struct bh_report_clock_step){
		.at_ms = row->values[0] ? atoll(row->values[0]) : BH_WALL_UNKNOWN,
		.step_ms = row->values[1] ? atoll(row->values[1]) : 0
	};
	return 0;
}

static int keep_recording(void *ctx, const struct bh_store_row *row)
{
	bool *recording = ctx;

	(void)row;
	*recording = true;
	return 0;
}

static int load_quality(struct bh_report_data *data, const struct bh_report_head *head,
			int64_t from_ms, int64_t to_ms, struct bh_report_quality *ret)
{
	struct bh_event_query query = { .bed = data->bed,
					.from_ms = from_ms,
					.to_ms = to_ms,
					.types = UINT64_C(1) << BH_EVENT_SENSOR_FAULT };
	bool recording = false;
	struct bh_error err;
	char sql[256];
	int r = load_calibrations(data, head->capabilities, head->simulated, to_ms);

	if (r == 0)
		r = bh_store_events(data->history->store, &query, keep_fault, data);
	snprintf(sql, sizeof(sql),
		 "SELECT wall_ms, step_ms FROM clock_steps WHERE change = 'step' AND wall_ms >= "
		 "%lld "
		 "AND wall_ms < %lld ORDER BY wall_ms",
		 (long long)from_ms, (long long)to_ms);
	if (r == 0)
		r = bh_store_sql(data->history->store, sql, keep_step, data, &err);
	snprintf(sql, sizeof(sql), "SELECT 1 FROM runs WHERE end_cause = '%s' LIMIT 1",
		 bh_end_cause_name(BH_END_OPEN));
	if (r == 0)
		r = bh_store_sql(data->history->store, sql, keep_recording, &recording, &err);
	*ret = (struct bh_report_quality){ .calibrations = data->calibrations,
					   .n_calibrations = BH_CALIBRATION_KINDS - 1,
					   .faults = data->faults,
					   .n_faults = data->n_faults,
					   .steps = data->steps,
					   .n_steps = data->n_steps,
					   .recording = recording };
	return r;
}

/* ---- a night ---- */

static int load_intervals(struct bh_report_data *data, const struct bh_past_night *past,
			  struct bh_report_intervals *ret)
{
	struct bh_leg_movement *movements = calloc(past->n_events + 1, sizeof(*movements));
	size_t n = 0;

	data->intervals = calloc(past->n_events + 1, sizeof(*data->intervals));
	if (!movements || !data->intervals) {
		free(movements);
		return -ENOMEM;
	}
	for (size_t i = 0; i < past->n_events; i++) {
		const struct bh_past_event *event = &past->events[i];

		if (event->type != BH_EVENT_LEG_MOVEMENT || event->end_ms == BH_WALL_UNKNOWN)
			continue;
		movements[n++] = (struct bh_leg_movement){
			.on_ns = event->start_ms * BH_NS_PER_MS,
			.off_ns = event->end_ms * BH_NS_PER_MS,
			.leg = event->side == BH_SIDE_UNKNOWN ? BH_SIDE_BOTH : event->side,
		};
	}
	n = bh_plm_join(movements, n, &bh_plm_wasm_2016);
	ret->ms = data->intervals;
	for (size_t i = 1; i < n; i++) {
		int64_t ms = (movements[i].on_ns - movements[i - 1].on_ns) / BH_NS_PER_MS;

		if (movements[i].candidate && movements[i - 1].candidate && ms <= INT32_MAX)
			data->intervals[ret->n++] = (int32_t)ms;
	}
	free(movements);
	return 0;
}

static int load_diary(struct bh_report_data *data, int32_t date, struct bh_report_night *ret)
{
	const struct bh_history *history = &data->past.history;

	data->diary = calloc(history->n_diary + 1, sizeof(*data->diary));
	if (!data->diary)
		return -ENOMEM;
	for (size_t i = 0; i < history->n_diary; i++)
		if (history->diary[i].night == date)
			data->diary[ret->n_diary++] = history->diary[i];
	ret->diary = data->diary;
	return 0;
}

int bh_report_data_night(struct bh_report_data *data, int32_t date, struct bh_report_night *ret)
{
	const struct bh_past_night *past;
	int r = bh_store_past(data->history->store, data->bed, date, date, &data->past);

	if (r < 0)
		return r;
	if (data->past.history.n_nights == 0)
		return -ENOENT;
	past = &data->past.history.nights[0];
	*ret = (struct bh_report_night){ .past = past };
	fill_head(data, past->capabilities, past->night.start_ms, past->night.end_ms, &ret->head);
	r = load_patterns(data, date, &ret->patterns);
	if (r == 0)
		r = load_quality(data, &ret->head, past->night.start_ms, past->night.end_ms,
				 &ret->quality);
	if (r == 0)
		r = load_intervals(data, past, &ret->intervals);
	if (r == 0)
		r = load_diary(data, date, ret);
	return r;
}

/* ---- a period ---- */

static int judge(struct bh_report_data *data, const struct bh_past_night *past,
		 struct bh_report_row *ret)
{
	struct bh_cli_findings findings;
	int r = bh_cli_findings_load(data->history, data->bed, past->night.date, &findings);

	if (r < 0)
		return r;
	*ret = (struct bh_report_row){ .past = past,
				       .judged = findings.n > 0,
				       .verdict = bh_rules_verdict(findings.finding, findings.n),
				       .rules = findings.n,
				       .looked = bh_findings_looked(findings.finding, findings.n) };
	free(findings.finding);
	return 0;
}

/* The history has it in the order of nights. */
static void add_diary(const struct bh_history *history, struct bh_report_row *row)
{
	size_t i = 0;

	while (i < history->n_diary && history->diary[i].night < row->past->night.date)
		i++;
	row->diary = history->diary + i;
	while (i + row->n_diary < history->n_diary &&
	       row->diary[row->n_diary].night == row->past->night.date)
		row->n_diary++;
}

int bh_report_data_period(struct bh_report_data *data, int32_t from, int32_t to,
			  struct bh_report_period *ret)
{
	struct bh_past_query query = {
		.bed = data->bed, .from = from, .to = to ? to : INT32_MAX, .no_epochs = true
	};
	const struct bh_history *history = &data->past.history;
	int32_t judged = 0;
	int64_t from_ms, to_ms;
	int r = bh_store_past_query(data->history->store, &query, &data->past);

	if (r < 0)
		return r;
	if (history->n_nights == 0)
		return -ENOENT;
	if (history->n_nights > BH_REPORT_NIGHTS_MAX)
		return -E2BIG;
	data->rows = calloc(history->n_nights, sizeof(*data->rows));
	if (!data->rows)
		return -ENOMEM;
	for (size_t i = 0; i < history->n_nights && r == 0; i++) {
		r = judge(data, &history->nights[i], &data->rows[i]);
		if (r == 0)
			add_diary(history, &data->rows[i]);
		if (data->rows[i].judged)
			judged = history->nights[i].night.date;
	}
	from_ms = history->nights[0].night.start_ms;
	to_ms = history->nights[history->n_nights - 1].night.end_ms;
	*ret = (struct bh_report_period){ .from = history->nights[0].night.date,
					  .to = history->nights[history->n_nights - 1].night.date,
					  .rows = data->rows,
					  .n_rows = history->n_nights };
	fill_head(data, bh_cli_bed_capabilities(data->history, data->bed), from_ms, to_ms,
		  &ret->head);
	if (r == 0 && judged)
		r = load_patterns(data, judged, &ret->patterns);
	if (r == 0)
		r = load_quality(data, &ret->head, from_ms, to_ms, &ret->quality);
	return r;
}

void bh_report_data_free(struct bh_report_data *data)
{
	bh_store_past_free(&data->past);
	free(data->findings.finding);
	free(data->shown);
	free(data->sources);
	free(data->faults);
	free(data->steps);
	free(data->intervals);
	free(data->diary);
	free(data->rows);
}
