/* SPDX-License-Identifier: MIT */
/* A night and its page, made by hand, with everything that a page can show. */
#ifndef BH_TEST_REPORT_SAMPLE_H
#define BH_TEST_REPORT_SAMPLE_H

#include "hub/report/report.h"

#define SAMPLE_EVENTS_MAX 64
#define SAMPLE_EPOCHS_MAX 2400
#define SAMPLE_DATE 20261121

/** Change what you like between sample_make() and sample_page(). */
struct sample {
	struct bh_past_event event[SAMPLE_EVENTS_MAX];
	struct bh_past_epoch epoch[SAMPLE_EPOCHS_MAX];
	struct bh_past_night past;
	struct bh_finding finding[3];
	struct bh_report_finding shown[3];
	struct bh_report_calibration calibration[4];
	struct bh_report_fault fault;
	struct bh_report_clock_step step;
	struct bh_profile_item profile[1];
	struct bh_diary_item diary[1];
	int32_t interval[30];
	struct bh_report_row row[2];
	struct bh_report_night night;
	struct bh_report_period period;
};

/** @brief In bed from 22:00 to 06:00 UTC, with a night's events; needs TZ=UTC. */
void sample_make(struct sample *sample);
/** @return Wall time of an hour and minute of the night's evening (24:30 is half past midnight). */
int64_t sample_at(int hour, int minute);
void sample_event(struct sample *sample, enum bh_event_type type, int64_t start_ms, int64_t end_ms);
/** @return The night page; free it. */
char *sample_night_page(const struct sample *sample);
/** @return The period page; free it. */
char *sample_period_page(const struct sample *sample);

#endif
