/* SPDX-License-Identifier: MIT */
/* What a page of the report shows, read from the history: the writers of hub/report only write. */
#ifndef BH_CLI_REPORT_DATA_H
#define BH_CLI_REPORT_DATA_H

#include "hub/cli/findings.h"
#include "hub/report/report.h"

/** All that a page points to. */
struct bh_report_data {
	struct bh_cli *cli;
	const struct bh_cli_history *history;
	const struct bh_rule_set *rules;
	int bed;
	struct bh_store_past past;
	struct bh_cli_findings findings;
	struct bh_report_finding *shown; /**< one for each finding */
	struct bh_report_gone gone[BH_CLI_GONE_MAX];
	const char **sources;		 /**< of all of them */
	char tell_apart[BH_SAYS_MAX];
	char unlooked[BH_UNLOOKED_MAX];
	struct bh_report_calibration calibrations[BH_CALIBRATION_KINDS];
	struct bh_report_fault *faults;
	size_t n_faults;
	struct bh_report_clock_step *steps;
	size_t n_steps;
	int32_t *intervals;
	struct bh_diary_item *diary;
	struct bh_report_row *rows;
};

/**
 * @brief Everything of one night. Free with bh_report_data_free() in any case.
 * @return 0, -ENOENT if nothing is known of it, or another negative errno.
 */
int bh_report_data_night(struct bh_report_data *data, int32_t date, struct bh_report_night *ret);
/** @brief The same of the nights of [from, to] (0: no limit). @return -E2BIG beyond
 *  BH_REPORT_NIGHTS_MAX. */
int bh_report_data_period(struct bh_report_data *data, int32_t from, int32_t to,
			  struct bh_report_period *ret);
void bh_report_data_free(struct bh_report_data *data);

#endif
