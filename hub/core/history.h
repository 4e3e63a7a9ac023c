/* SPDX-License-Identifier: MIT */
/*
 * The past as rules see it: nights with their events and epochs, the profile, the diary.
 * The store makes it, rules read it; neither knows the other.
 */
#ifndef BH_CORE_HISTORY_H
#define BH_CORE_HISTORY_H

#include "hub/core/answer.h"
#include "hub/core/epoch.h"
#include "hub/core/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One event with its wall time. end_ms is BH_WALL_UNKNOWN while it is open. */
struct bh_past_event {
	enum bh_event_type type;
	enum bh_side side;
	enum bh_end_cause end_cause;
	int16_t confidence_permille;
	int32_t value;
	int64_t start_ms;
	int64_t end_ms;
};

/**
 * @return An event was told and taken back: a sensor showed it that was found to have failed before. It
 * ends, of a fault, where it begins, and counts for nothing. (In SQL: events.taken_back.)
 */
static inline bool bh_taken_back(enum bh_end_cause cause, int64_t start_ms, int64_t end_ms)
{
	return cause == BH_END_FAULT && end_ms == start_ms;
}

static inline bool bh_past_event_taken_back(const struct bh_past_event *event)
{
	return bh_taken_back(event->end_cause, event->start_ms, event->end_ms);
}

/** What the sleep scoring said of an epoch; UNKNOWN where it did not run. */
enum bh_sleep { BH_SLEEP_UNKNOWN = 0, BH_SLEEP_AWAKE, BH_SLEEP_ASLEEP };

/** @return "unknown", "awake" or "asleep". */
const char *bh_sleep_name(enum bh_sleep sleep);

/** One epoch with its wall time. */
struct bh_past_epoch {
	int64_t start_ms;
	enum bh_sleep sleep;
	struct bh_epoch epoch;
};

/** One night: its summary, its events by start time, its epochs by start time. */
struct bh_past_night {
	struct bh_night night;
	uint32_t capabilities;	/**< BH_CAN_* that worked this night: a faulty sensor takes its bits away */
	uint64_t not_looked_for; /**< bit per event type that the hub of that night had no detector for:
				      its absence says nothing. 0: all that capabilities allow */
	int32_t utc_offset_s;	/**< at its closing noon: for "between 22:00-02:00" */
	const struct bh_past_event *events;
	size_t n_events;
	const struct bh_past_epoch *epochs;
	size_t n_epochs;
};

/* Home Assistant's text entity holds 255 bytes. */
#define BH_DIARY_TEXT_MAX 256

/** One answer of the profile ("vascular" = "yes", "statin_since" = "2026-03-01"). */
struct bh_profile_item {
	char key[BH_NAME_MAX];
	char value[BH_ANSWER_MAX];
	int64_t at_ms; /**< when it was said; 0: not known; on its way, BH_WALL_UNKNOWN: now */
	uint8_t bed;   /**< whose: the person of this bed */
};

/** One diary entry: "pain", "urge", "cramp" ..., with its night. */
struct bh_diary_item {
	int32_t night;	/**< yyyymmdd */
	int64_t at_ms;
	char key[BH_NAME_MAX];
	char value[BH_DIARY_TEXT_MAX];
	enum bh_side side;
	char site[BH_SITE_MAX]; /**< where on the leg, or empty */
	uint8_t bed;		/**< whose: the person of this bed */
};

/** One thing that a person says, or takes back, on its way to the history. */
enum bh_remark_kind {
	BH_SAID_PROFILE, /**< an answer; an empty value takes it back */
	BH_SAID_DIARY,	 /**< an entry; the same night, time, key, side and site again is one entry */
	BH_SAID_UNSAID,	 /**< the diary entry of this night, time, key, side and site was a mistake;
			      without a key: the bed's entry of this night that was
			      written last */
};
struct bh_remark {
	enum bh_remark_kind kind;
	union {
		struct bh_profile_item profile;
		struct bh_diary_item diary; /**< at_ms BH_WALL_UNKNOWN: now; night 0: of its time */
	} u;
};

/** @brief What was said without a time is said at @p now_ms; without a night, of that of its time. */
void bh_remark_date(struct bh_remark *said, size_t n, int64_t now_ms);

/** Everything rules may look at. Arrays belong to the maker; nights are oldest first. */
struct bh_history {
	const struct bh_past_night *nights;
	size_t n_nights;
	const struct bh_profile_item *profile;
	size_t n_profile;
	const struct bh_diary_item *diary;
	size_t n_diary;
	/* The person's own left-right difference, frozen once it was known; else rules take the median
	 * of the first seven valid nights of `nights`. */
	bool baseline_known;
	int32_t baseline_delta_mdegc;
};

#endif
