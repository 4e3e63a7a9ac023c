/* SPDX-License-Identifier: MIT */
/*
 * The historian: records in, history and findings out. It owns the store, closes nights at noon,
 * evaluates rules at bed-out and at noon, and feeds the broker session what it missed. Live it runs
 * in a thread of its own; in a replay it is called in turn with the line.
 */
#ifndef BH_LINE_HISTORIAN_H
#define BH_LINE_HISTORIAN_H

#include "hub/config/config.h"
#include "hub/core/record.h"
#include "hub/mqtt/mqtt.h"
#include "hub/store/store.h"
#include "rules/rule.h"

struct bh_historian;

/**
 * @param store, rules Owned by the caller; rules may be exchanged by bh_historian_rules().
 * @param commit_ns Longest wait of an ordinary record for its commit, in the records' own time.
 */
int bh_historian_new(struct bh_store *store, int64_t run, unsigned int n_beds,
		     const struct bh_rule_set *rules, int64_t commit_ns, struct bh_historian **ret);
void bh_historian_free(struct bh_historian *historian);

/** @brief Take one record. @return 0, or a negative errno of the store (the record is lost). */
int bh_historian_put(struct bh_historian *historian, const struct bh_record *record);

/** @brief Time passes without records: commits that are due, nights that have closed. */
int bh_historian_tick(struct bh_historian *historian, int64_t now_ns);

/** @brief Summarise and evaluate the open night too, and commit: at the end of a run. */
int bh_historian_finish(struct bh_historian *historian);

/** @brief New rules from the next evaluation on. */
void bh_historian_rules(struct bh_historian *historian, const struct bh_rule_set *rules);

/** @brief Where nights and findings go as they change (the broker session); NULL: nowhere. */
void bh_historian_publish(struct bh_historian *historian, struct bh_mqtt *mqtt);

#endif
