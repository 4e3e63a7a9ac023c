/* SPDX-License-Identifier: MIT */
/*
 * The historian: records in, history and findings out. It owns the store, closes nights at noon,
 * evaluates rules at bed-out and at noon (they read the history, so they run where it is), looks for
 * red flags every five minutes while someone is in bed and when somebody has said something, and
 * gives the broker session what it missed. Live it runs in a thread of its own; in a replay it is
 * called in turn with the line.
 */
#ifndef BH_LINE_HISTORIAN_H
#define BH_LINE_HISTORIAN_H

#include "hub/core/record.h"
#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"
#include "rules/rule.h"

struct bh_historian;

struct bh_historian_config {
	struct bh_store *store; /**< owned by the caller, used by one thread */
	int64_t run;
	unsigned int n_beds;
	int64_t commit_ns; /**< longest wait of an ordinary record for its commit, in the line's time */
	/**
	 * Live: alarm-class records are committed at once and rules run at every bed-out. In a replay at
	 * full speed both would only cost time: the nights' last evaluation is the same.
	 */
	bool live;
};

int bh_historian_new(const struct bh_historian_config *config, struct bh_historian **ret);
void bh_historian_free(struct bh_historian *historian);

/** @brief Rules from the next evaluation on; NULL: none. The set stays the caller's. */
void bh_historian_set_rules(struct bh_historian *historian, const struct bh_rule_set *rules);
/** @brief Where nights, findings and late events go (NULL: nowhere). */
void bh_historian_set_mqtt(struct bh_historian *historian, struct bh_mqtt *mqtt);

/**
 * @brief Take one record.
 * @return 0, or a negative errno of the store: the record is lost. In a replay also the failure of a
 * commit or of closing a night; live those are the tick's, which tries again.
 */
int bh_historian_put(struct bh_historian *historian, const struct bh_record *record);

/**
 * @brief Keep what a person said (bh_store_say()), on the disk, and tell the broker with the next tick.
 * @return How many changed something; -EINPROGRESS: the disk refuses, it is kept in memory and a later
 * tick tries again; or the store's negative errno: nothing of it is kept.
 */
int bh_historian_say(struct bh_historian *historian, const struct bh_remark *said, size_t n);

/** @return The wall time of @p mono_ns, of the last record for BH_MONO_NONE; BH_WALL_UNKNOWN. */
int64_t bh_historian_wall_ms(const struct bh_historian *historian, int64_t mono_ns);

/**
 * @brief Time has come to @p now_ns: commits that are due, one night that has closed, late events.
 * @return 0 or the store's negative errno: nothing is lost, a later tick tries again.
 */
int bh_historian_tick(struct bh_historian *historian, int64_t now_ns);

/** @return When tick() is next needed, BH_MONO_NONE: only after the next record. */
int64_t bh_historian_due_ns(const struct bh_historian *historian);

/** @return A failure is being waited out: nothing is tried until bh_historian_due_ns(). */
bool bh_historian_waits(const struct bh_historian *historian);

/**
 * @brief The end of a run: summarise the open nights, and commit. A replay evaluates them too, and a night
 * whose last epoch it has begun is complete.
 */
int bh_historian_finish(struct bh_historian *historian);

/*
 * From the broker session's thread: quick, and safe against the historian's own. They only note;
 * the next tick acts.
 */
/** @return True if the historian's thread should be woken. */
bool bh_historian_acked(struct bh_historian *historian, int64_t run, uint8_t bed, uint64_t seq);
bool bh_historian_late_acked(struct bh_historian *historian, int64_t row);
void bh_historian_late_refused(struct bh_historian *historian, int64_t row);
void bh_historian_want_late(struct bh_historian *historian);

#endif
