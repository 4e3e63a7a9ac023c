/* SPDX-License-Identifier: MIT */
/*
 * The night page and the period page: one self-contained HTML file each, to read, print and take
 * along. Pure: writes what it is given; reads no clock, no file, no history. Whatever is not known is
 * given as such and shown as such.
 */
#ifndef BH_REPORT_REPORT_H
#define BH_REPORT_REPORT_H

#include "hub/core/calibration.h"
#include "hub/core/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** A finding, and what its rule says of itself. */
struct bh_report_finding {
	const struct bh_finding *finding;
	const char *purpose; /**< NULL: the rule is no longer in force */
	const char *cause;   /**< the clinical name; NULL where none may be shown */
	const char *const *sources;
	size_t n_sources;
	bool changed; /**< the rule has changed since this was said */
};

/** A red flag that was raised and does not stand any more. */
struct bh_report_gone {
	const char *says;
	int64_t raised_ms; /**< or BH_WALL_UNKNOWN */
};

/** What the findings of a night come to. */
struct bh_report_patterns {
	const struct bh_report_finding *finding;
	size_t n;      /**< 0: no rule was evaluated */
	int32_t night; /**< of the findings, 0 if there are none */
	enum bh_verdict verdict;
	const char *unlooked;	/**< which patterns could not be looked for and why; may be empty or NULL */
	const char *tell_apart; /**< what would tell the likeliest apart; may be empty */
	const struct bh_report_gone *gone; /**< red flags raised and not seen any more, first raised first */
	size_t n_gone;
};

/** How the bed stands with a kind of calibration. */
struct bh_report_calibration {
	enum bh_calibration_kind kind;
	enum bh_calibration_health health;
	int64_t at_ms;	     /**< when a person carried it out, or BH_WALL_UNKNOWN */
	int64_t followed_ms; /**< when its drift was last followed, or BH_WALL_UNKNOWN */
};

struct bh_report_fault {
	char sensor[BH_NAME_MAX];
	enum bh_fault fault;
	int64_t start_ms;
	int64_t end_ms; /**< BH_WALL_UNKNOWN: it lasts */
};

struct bh_report_clock_step {
	int64_t at_ms;
	int64_t step_ms; /**< forward positive */
};

/** What the data are worth. */
struct bh_report_quality {
	const struct bh_report_calibration *calibrations;
	size_t n_calibrations;
	const struct bh_report_fault *faults;
	size_t n_faults;
	const struct bh_report_clock_step *steps;
	size_t n_steps;
	bool recording; /**< somebody writes this history: its last night may go on */
};

/** What stands at the head of each page. */
struct bh_report_head {
	const char *bed;       /**< its name */
	uint32_t capabilities; /**< BH_CAN_* of the bed as configured */
	bool simulated;	       /**< anything on the page was made up */
	int32_t made;	       /**< yyyymmdd, the day the page is made */
	const char *version;
	const struct bh_profile_item *profile;
	size_t n_profile;
};

/** The time from one leg movement of the night to the next, joined as hub/detect/plm.h does. */
struct bh_report_intervals {
	const int32_t *ms; /**< onset to onset of neighbours; NULL if there are none */
	size_t n;
};

struct bh_report_night {
	struct bh_report_head head;
	const struct bh_past_night *past;
	struct bh_report_intervals intervals;
	struct bh_report_patterns patterns;
	struct bh_report_quality quality;
	const struct bh_diary_item *diary; /**< of this night */
	size_t n_diary;
};

/** A night among others. */
struct bh_report_row {
	const struct bh_past_night *past; /**< epochs are not needed */
	bool judged;			  /**< rules were evaluated */
	enum bh_verdict verdict;
	size_t rules;  /**< that were evaluated */
	size_t looked; /**< of them, those that had the data for it */
	const struct bh_diary_item *diary; /**< of this night */
	size_t n_diary;			   /**< 0: nobody noted anything, which is not "no pain" */
};

/* A page of more than a year of nights is no page. */
#define BH_REPORT_NIGHTS_MAX 400

struct bh_report_period {
	struct bh_report_head head;
	int32_t from;			  /**< yyyymmdd */
	int32_t to;			  /**< inclusive */
	const struct bh_report_row *rows; /**< oldest first, 1..BH_REPORT_NIGHTS_MAX */
	size_t n_rows;
	struct bh_report_patterns patterns; /**< of the newest night that has findings */
	struct bh_report_quality quality;
};

/** @brief Write the page to @p out. @return 0, or -EIO if @p out cannot be written. */
int bh_report_night(FILE *out, const struct bh_report_night *night);
int bh_report_period(FILE *out, const struct bh_report_period *period);

#endif
