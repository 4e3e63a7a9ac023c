/* SPDX-License-Identifier: MIT */
/*
 * The store's thread: drains the ring into the historian. It alone touches SQLite and the rules
 * while it runs.
 */
#ifndef BH_DAEMON_WRITER_H
#define BH_DAEMON_WRITER_H

#include "hub/core/ring.h"
#include "hub/daemon/pace.h"
#include "hub/line/historian.h"

struct bh_writer;

/** @brief Start. @p historian and @p store belong to the thread until bh_writer_stop(). */
int bh_writer_start(struct bh_historian *historian, struct bh_store *store, struct bh_ring *ring,
		    const struct bh_pace *pace, struct bh_writer **ret);

/** @brief Exchange the rules; the writer frees the old set when no one reads it, and @p rules at stop. */
void bh_writer_rules(struct bh_writer *writer, struct bh_rule_set *rules);

/** @brief Where nights, findings and late events go; must outlive the writer. */
void bh_writer_mqtt(struct bh_writer *writer, struct bh_mqtt *mqtt);

/**
 * @brief Keep what a person said, all of it or nothing.
 * @param said From malloc(); the writer's own from now on if 0 is returned.
 * @return 0, or -ENOBUFS when too much waits.
 */
int bh_writer_say(struct bh_writer *writer, struct bh_remark *said, size_t n);

/** Broker acknowledgements, from its thread. */
void bh_writer_acked(struct bh_writer *writer, int64_t run, uint8_t bed, uint64_t seq);
void bh_writer_late_acked(struct bh_writer *writer, int64_t row);
void bh_writer_late_refused(struct bh_writer *writer, int64_t row);
void bh_writer_want_late(struct bh_writer *writer);

/** What `status` and the watchdog want to know. Any thread. */
struct bh_writer_stats {
	int64_t alive_ns;  /**< machine's time of its last turn */
	uint64_t records;
	uint64_t lost;	   /**< records the store refused */
	int error;	   /**< negative errno of the last failure, 0 since the last success */
};
struct bh_writer_stats bh_writer_stats(struct bh_writer *writer);

/** @brief Shuts the ring, drains it, finishes the nights, commits, joins. Accepts NULL. */
void bh_writer_stop(struct bh_writer *writer);

#endif
