/* SPDX-License-Identifier: MIT */
/* A past to write by hand: nights from 23:00 UTC, each with its events and still epochs. */
#ifndef BH_TESTS_RULES_PAST_H
#define BH_TESTS_RULES_PAST_H

#include "hub/core/history.h"

#include <stdlib.h>
#include <string.h>

#define PAST_NIGHTS_MAX 200
#define PAST_EVENTS_MAX 64
#define PAST_DIARY_MAX 64
#define PAST_DAY_MS INT64_C(86400000)
#define PAST_EPOCH_MS 30000
#define PAST_BEDTIME_MS (11 * INT64_C(3600000)) /* after noon */

struct past {
	struct bh_past_night nights[PAST_NIGHTS_MAX];
	struct bh_past_event events[PAST_NIGHTS_MAX][PAST_EVENTS_MAX];
	struct bh_past_epoch *epochs[PAST_NIGHTS_MAX];
	struct bh_profile_item profile[16];
	struct bh_diary_item diary[PAST_DIARY_MAX];
	size_t n_nights;
	struct bh_history history;
	int32_t first_date;
	int64_t first_noon_ms;
};

/* @p day of March 2026; nights follow each other from there. */
static inline void past_init(struct past *past)
{
	memset(past, 0, sizeof(*past));
	past->first_date = 20260301;
	past->first_noon_ms = INT64_C(1772366400000); /* 2026-03-01 12:00 UTC */
	past->history.nights = past->nights;
	past->history.profile = past->profile;
	past->history.diary = past->diary;
}

static inline int32_t past_date(const struct past *past, size_t night)
{
	static const int days[] = { 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int month = 3, day = 1 + (int)night;

	(void)past;
	while (day > days[month - 3])
		day -= days[month++ - 3];
	return 20260000 + month * 100 + day;
}

static inline struct bh_past_event *past_event(struct past *past, enum bh_event_type type,
					       int after_min, int length_min)
{
	struct bh_past_night *night = &past->nights[past->n_nights - 1];
	struct bh_past_event *event = &past->events[past->n_nights - 1][night->n_events++];

	*event = (struct bh_past_event){
		.type = type,
		.end_cause = BH_END_NORMAL,
		.confidence_permille = 900,
		.start_ms = night->night.start_ms + PAST_BEDTIME_MS + after_min * INT64_C(60000),
	};
	event->end_ms = event->start_ms + length_min * INT64_C(60000);
	return event;
}

/* A still night of @p minutes in bed; 0: the bed stayed empty. */
static inline struct bh_past_night *past_night(struct past *past, int minutes)
{
	size_t at = past->n_nights++, n = (size_t)minutes * 2;
	struct bh_past_night *night = &past->nights[at];

	night->night = bh_night_unknown;
	night->night.date = past_date(past, at);
	night->night.start_ms = past->first_noon_ms + (int64_t)at * PAST_DAY_MS;
	night->night.end_ms = night->night.start_ms + PAST_DAY_MS;
	night->night.complete = true;
	night->night.coverage_permille = 1000;
	night->night.in_bed_min = minutes;
	/* a mat that can tell everything, and no thermometers */
	night->capabilities = (BH_CAN_TEMP_LEFT - 1) | BH_CAN_RESTLESSNESS | BH_CAN_HANGING;
	night->events = past->events[at];
	past->history.n_nights = past->n_nights;
	past->epochs[at] = calloc(n + 1, sizeof(*past->epochs[at]));
	night->epochs = past->epochs[at];
	night->n_epochs = past->epochs[at] ? n : 0;
	for (size_t i = 0; i < night->n_epochs; i++) {
		struct bh_past_epoch *epoch = &past->epochs[at][i];

		epoch->start_ms =
			night->night.start_ms + PAST_BEDTIME_MS + (int64_t)i * PAST_EPOCH_MS;
		epoch->epoch.coverage_permille = 1000;
		epoch->epoch.occupied_permille = 1000;
		for (int slot = 0; slot < BH_TEMP_SLOTS; slot++)
			epoch->epoch.temp_mdegc[slot] = BH_TEMP_UNKNOWN;
	}
	if (minutes > 0) {
		past_event(past, BH_EVENT_BED_OCCUPIED, 0, minutes);
		past_event(past, BH_EVENT_LYING, 0, minutes);
	}
	return night;
}

static inline void past_answer(struct past *past, const char *key, const char *value)
{
	struct bh_profile_item *item = &past->profile[past->history.n_profile++];

	strncpy(item->key, key, sizeof(item->key) - 1);
	strncpy(item->value, value, sizeof(item->value) - 1);
}

/* A diary entry of the last night. */
static inline void past_note(struct past *past, const char *key, const char *value)
{
	struct bh_diary_item *item = &past->diary[past->history.n_diary++];

	item->night = past->nights[past->n_nights - 1].night.date;
	strncpy(item->key, key, sizeof(item->key) - 1);
	strncpy(item->value, value, sizeof(item->value) - 1);
}

static inline void past_free(struct past *past)
{
	for (size_t i = 0; i < past->n_nights; i++)
		free(past->epochs[i]);
}

#endif
