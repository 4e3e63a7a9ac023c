/* SPDX-License-Identifier: MIT */
#include "tests/unit/report/sample.h"

#include "hub/core/night.h"
#include "hub/core/time_types.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MS_PER_MIN (60 * BH_MS_PER_S)
#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)

static const char *const sources[] = { "Somebody 2001: a source of a rule" };

int64_t sample_at(int hour, int minute)
{
	int64_t start_ms, end_ms;

	assert_int_equal(bh_night_bounds(SAMPLE_DATE, &start_ms, &end_ms), 0);
	return start_ms + ((hour - 12) * 60 + minute) * MS_PER_MIN;
}

void sample_event(struct sample *sample, enum bh_event_type type, int64_t start_ms, int64_t end_ms)
{
	assert_true(sample->past.n_events < SAMPLE_EVENTS_MAX);
	sample->event[sample->past.n_events++] = (struct bh_past_event){ .type = type,
									 .side = BH_SIDE_LEFT,
									 .confidence_permille = 900,
									 .start_ms = start_ms,
									 .end_ms = end_ms };
}

static void make_events(struct sample *s)
{
	sample_event(s, BH_EVENT_BED_ENTER, sample_at(22, 0), sample_at(22, 0));
	sample_event(s, BH_EVENT_BED_OCCUPIED, sample_at(22, 0), sample_at(26, 0));
	sample_event(s, BH_EVENT_RESTLESS, sample_at(22, 30), sample_at(22, 45));
	sample_event(s, BH_EVENT_LEGS_OVER_EDGE, sample_at(24, 0), sample_at(24, 12));
	sample_event(s, BH_EVENT_JOLT, sample_at(25, 0), sample_at(25, 0) + 4000);
	sample_event(s, BH_EVENT_BED_EXIT, sample_at(26, 0), sample_at(26, 6));
	sample_event(s, BH_EVENT_BED_OCCUPIED, sample_at(26, 6), sample_at(30, 0));
	sample_event(s, BH_EVENT_SENSOR_FAULT, sample_at(27, 0), sample_at(27, 30));
	for (int i = 0; i < 10; i++)
		sample_event(s, BH_EVENT_LEG_MOVEMENT, sample_at(28, i), sample_at(28, i) + 2000);
}

static void make_epochs(struct sample *s)
{
	for (int64_t at = sample_at(22, 0); at < sample_at(30, 0); at += EPOCH_MS) {
		bool out = at >= sample_at(26, 0) && at < sample_at(26, 6);

		s->epoch[s->past.n_epochs++] = (struct bh_past_epoch){
			.start_ms = at,
			.sleep = BH_SLEEP_ASLEEP,
			.epoch = { .position = BH_POSITION_SUPINE,
				   .coverage_permille = 1000,
				   .occupied_permille = out ? 0 : 1000,
				   .moving_permille = 100,
				   .temp_mdegc = { 33000, 31500, 19000 } },
		};
	}
}

static void make_finding(struct bh_finding *finding, const char *rule, enum bh_rule_class class,
			 enum bh_band band)
{
	static const struct bh_evidence lines[] = {
		{ "a line for it", BH_TRUTH_TRUE, 2300, true, "" },
		{ "a weaker line for it", BH_TRUTH_TRUE, 600, false, "" },
		{ "a line against it", BH_TRUTH_FALSE, -300, true, "" },
		{ "a line not seen", BH_TRUTH_FALSE, 900, false, "" },
		{ "a line not known", BH_TRUTH_UNKNOWN, 700, false, "a diary entry" },
	};

	*finding = (struct bh_finding){ .class = class,
					.band = band,
					.night = SAMPLE_DATE,
					.nights_used = 9,
					.nights_window = 14,
					.coverage_permille = 980,
					.says = "What the rule says.",
					.rule_hash = "0123456789abcdef",
					.n_evidence = 5 };
	strcpy(finding->rule, rule);
	memcpy(finding->evidence, lines, sizeof(lines));
}

static void make_findings(struct sample *s)
{
	make_finding(&s->finding[0], "leg_hanging", BH_RULE_CIRCULATION, BH_BAND_LIKENESS);
	make_finding(&s->finding[1], "restless_legs", BH_RULE_NEUROLOGICAL, BH_BAND_NOT_SEEN);
	make_finding(&s->finding[2], "cramp_like", BH_RULE_MUSCULAR, BH_BAND_NO_DATA);
	strcpy(s->finding[2].no_data_reason, "three nights of seven");
	for (size_t i = 0; i < 3; i++)
		s->shown[i] = (struct bh_report_finding){ .finding = &s->finding[i],
							  .purpose = "What the rule is for",
							  .sources = sources,
							  .n_sources = 1 };
}

static void make_head(struct sample *s, struct bh_report_head *head)
{
	*head = (struct bh_report_head){ .bed = "Bedroom",
					 .capabilities = BH_CAN_ALL & ~BH_CAN_TEMP_ABSOLUTE,
					 .made = 20261122,
					 .version = "1.2.3",
					 .profile = s->profile,
					 .n_profile = 1 };
}

static void make_quality(struct sample *s, struct bh_report_quality *quality)
{
	for (int i = 0; i < 4; i++)
		s->calibration[i] = (struct bh_report_calibration){
			.kind = (enum bh_calibration_kind)(i + 1),
			.health = i == 0 ? BH_CALIBRATION_GOOD : BH_CALIBRATION_MISSING,
			.at_ms = i == 0 ? sample_at(14, 0) : BH_WALL_UNKNOWN,
			.followed_ms = BH_WALL_UNKNOWN,
		};
	s->fault = (struct bh_report_fault){ "mat", BH_FAULT_STUCK, sample_at(27, 0),
					     sample_at(27, 30) };
	s->step = (struct bh_report_clock_step){ sample_at(21, 0), -90 * BH_MS_PER_S };
	*quality = (struct bh_report_quality){ s->calibration, 4, &s->fault, 1, &s->step, 1, true };
}

static void make_night(struct sample *s)
{
	s->past.night = (struct bh_night){ .date = SAMPLE_DATE,
					   .start_ms = sample_at(12, 0),
					   .end_ms = sample_at(36, 0),
					   .complete = true,
					   .coverage_permille = 950,
					   .in_bed_min = 474,
					   .restless_min = 15,
					   .quiet_min = 300,
					   .exits = 1,
					   .legs_over_edge = 1,
					   .legs_over_edge_min = 12,
					   .position_changes = 4,
					   .leg_movements = 10,
					   .faults = 1,
					   .first_enter_ms = sample_at(22, 0),
					   .last_exit_ms = sample_at(30, 0),
					   .temp_left_mdegc = 33000,
					   .temp_right_mdegc = 31500,
					   .temp_delta_mdegc = 1500 };
	s->past.night.sleep = (struct bh_night_sleep){ .onset_ms = sample_at(22, 20),
						       .bed_min = 480,
						       .latency_min = 20,
						       .asleep_min = 420,
						       .wake_after_onset_min = 30,
						       .awake_in_bed_min = 54,
						       .awakenings = 5,
						       .efficiency_permille = 875,
						       .fragmentation_milli = 20000,
						       .regularity_milli = 81000 };
	s->past.night.plm = (struct bh_night_plm){ .candidates = 10,
						   .asleep = 8,
						   .index_asleep_milli = 1143,
						   .series = 1,
						   .interval_ms = 24000 };
	s->past.capabilities = BH_CAN_ALL;
	s->past.events = s->event;
	s->past.epochs = s->epoch;
}

void sample_make(struct sample *s)
{
	memset(s, 0, sizeof(*s));
	make_night(s);
	make_events(s);
	make_epochs(s);
	make_findings(s);
	strcpy(s->profile[0].key, "vascular");
	strcpy(s->profile[0].value, "no");
	s->diary[0] = (struct bh_diary_item){ .night = SAMPLE_DATE,
					      .at_ms = sample_at(30, 10),
					      .key = "pain",
					      .value = "6",
					      .side = BH_SIDE_LEFT,
					      .site = "calf" };
	for (int i = 0; i < 30; i++)
		s->interval[i] = 20 * (int32_t)BH_MS_PER_S;
	make_head(s, &s->night.head);
	make_head(s, &s->period.head);
	make_quality(s, &s->night.quality);
	s->period.quality = s->night.quality;
	s->night.patterns =
		(struct bh_report_patterns){ .finding = s->shown,
					     .n = 3,
					     .night = SAMPLE_DATE,
					     .verdict = BH_VERDICT_CIRCULATION,
					     .unlooked = "1 of 3 patterns could not be looked for.",
					     .tell_apart = "A diary entry would tell." };
	s->period.patterns = s->night.patterns;
	s->night.past = &s->past;
	s->night.intervals = (struct bh_report_intervals){ s->interval, 30 };
	s->night.diary = s->diary;
	s->night.n_diary = 1;
	s->row[0] = (struct bh_report_row){ .past = &s->past,
					   .judged = true,
					   .verdict = BH_VERDICT_CIRCULATION,
					   .rules = 3,
					   .looked = 2 };
	s->period.from = s->period.to = SAMPLE_DATE;
	s->period.rows = s->row;
	s->period.n_rows = 1;
}

char *sample_night_page(const struct sample *s)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(bh_report_night(out, &s->night), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

char *sample_period_page(const struct sample *s)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(bh_report_period(out, &s->period), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}
