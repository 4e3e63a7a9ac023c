/* SPDX-License-Identifier: MIT */
/* The parts that pages are made of. Each writes one section, or nothing where it has nothing to say. */
#ifndef BH_REPORT_PARTS_H
#define BH_REPORT_PARTS_H

#include "hub/report/bins.h"
#include "hub/report/report.h"
#include "hub/report/tips.h"

#include <stdio.h>

/* What a difference between the legs is worth until the thermometers were calibrated together. */
#define BH_NOT_COMPARED                                                                            \
	"the thermometers were not compared with each other: a difference between the legs may be theirs."

/* frame.c: what holds a page together. */
void bh_page_open(FILE *out, const struct bh_report_head *head, const char *kind, const char *title,
		  const char *subtitle);
void bh_page_close(FILE *out, const struct bh_report_head *head);
/** @brief A number with its name, in a list of class "figures". */
void bh_page_figure(FILE *out, const char *name, const char *value, const char *note);
/** @brief The verdict, and red flags before it. */
void bh_page_verdict(FILE *out, const struct bh_report_patterns *patterns);
bool bh_page_red_flag(const struct bh_report_patterns *patterns);

/* timeline.c, sleep.c, warmth.c, movements.c: the pictures of a night. */
void bh_part_timeline(FILE *out, const struct bh_report_night *night, const struct bh_bins *bins);
/** @brief Nothing where the night was not scored. */
void bh_part_sleep(FILE *out, const struct bh_night *night);
void bh_part_warmth(FILE *out, const struct bh_report_night *night, const struct bh_bins *bins);
void bh_part_movements(FILE *out, const struct bh_report_night *night);
/** @brief The events of the night as a table: what the timeline shows, for those who cannot see it. */
void bh_part_events(FILE *out, const struct bh_past_night *past);

/* patterns.c */
void bh_part_patterns(FILE *out, const struct bh_report_patterns *patterns);
/* quality.c */
void bh_part_quality(FILE *out, const struct bh_report_head *head, const struct bh_night *night,
		     const struct bh_report_quality *quality);
/* advice.c */
void bh_part_tips(FILE *out, const struct bh_report_head *head,
		  const struct bh_report_patterns *patterns);
void bh_part_questions(FILE *out, const struct bh_report_head *head,
		       const struct bh_report_patterns *patterns);

/* strips.c, trends.c: the pictures of a period. */
void bh_part_strips(FILE *out, const struct bh_report_period *period);
void bh_part_trends(FILE *out, const struct bh_report_period *period);
void bh_part_nights(FILE *out, const struct bh_report_period *period);

/* marks.c: what the charts of night and period have in common. */
/** @return L, R or B of a side, empty if it is not known. */
const char *bh_side_letter(enum bh_side side);
/** @return Its end, or @p open_ms while it is open. */
int64_t bh_event_end(const struct bh_past_event *event, int64_t open_ms);
/** @brief Capital first letter, blanks for underscores: names of tables as words for people. */
const char *bh_name_words(const char *name, char *buf, size_t size);

#endif
