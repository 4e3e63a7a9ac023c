/* SPDX-License-Identifier: MIT */
/*
 * The store's thread: drains the ring into the historian. It alone touches SQLite and the rules
 * while it runs.
 */
#ifndef BH_DAEMON_WRITER_H
#define BH_DAEMON_WRITER_H

#include "hub/config/config.h"
#include "hub/core/ring.h"
#include "hub/daemon/pace.h"
#include "hub/line/historian.h"

struct bh_writer;

/** @brief Start. @p config must outlive it; @p historian and @p store belong to the thread until bh_writer_stop(). */
int bh_writer_start(const struct bh_config *config, struct bh_historian *historian,
		    struct bh_store *store, struct bh_ring *ring, const struct bh_pace *pace,
		    struct bh_writer **ret);

/** @brief Exchange the rules; the writer frees the old set when no one reads it, and @p rules at stop. */
void bh_writer_rules(struct bh_writer *writer, struct bh_rule_set *rules);

/** @brief Where nights, findings and late events go; must outlive the writer. */
void bh_writer_mqtt(struct bh_writer *writer, struct bh_mqtt *mqtt);

/**
 * @brief Keep one thing that a person said, of the moment it is carried out if it has no time.
 * @return 0, or -ENOBUFS when too much waits.
 */
int bh_writer_say(struct bh_writer *writer, const struct bh_remark *said);

/**
 * @brief Carry out a request of the control socket (hub/daemon/say.h); it is read here, and answered when
 * it is on the disk, so that nobody else waits for either.
 * @param request One line, copied.
 * @param fd Where the answer goes, duplicated; a client that does not read loses it.
 * @return 0, -ENOBUFS when too much waits, or another negative errno: no answer will come.
 */
int bh_writer_ask(struct bh_writer *writer, const char *request, int fd);

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
