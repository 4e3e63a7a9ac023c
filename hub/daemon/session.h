/* SPDX-License-Identifier: MIT */
/*
 * One configuration in force: the line, the history, the rules and the broker session, put together
 * and taken apart. A reload makes a second one.
 *
 *   line -> sink -+-> ring -> writer thread (historian: SQLite, rules)
 *                 +-> ring -> broker session's thread
 */
#ifndef BH_DAEMON_SESSION_H
#define BH_DAEMON_SESSION_H

#include "hub/config/config.h"
#include "hub/daemon/pace.h"
#include "hub/daemon/writer.h"
#include "hub/line/line.h"
#include "hub/mqtt/mqtt.h"
#include "rules/rule.h"

struct bh_session;

struct bh_session_options {
	const char *database; /**< instead of the configuration's, or NULL */
	double speed;	      /**< of own-time sources; 0: as fast as they go */
};

/** @brief The built-in library, overridden rule by rule by @p config's folders. */
int bh_session_read_rules(const struct bh_config *config, struct bh_rule_set **ret,
			  struct bh_error *err);

/**
 * @brief Put @p config in force. It must outlive the session; @p rules belong to it from now on
 * (also on failure).
 * @return 0, or a negative errno with place and remedy in @p err.
 */
int bh_session_start(const struct bh_config *config, struct bh_rule_set *rules,
		     const struct bh_session_options *options, struct bh_session **ret,
		     struct bh_error *err);

/** @brief Close intervals at @p line_ns, say goodbye to the broker, drain, commit: in under two
 *  seconds. Accepts NULL. */
void bh_session_stop(struct bh_session *session, int64_t line_ns);

struct bh_line *bh_session_line(struct bh_session *session);
const struct bh_config *bh_session_config(const struct bh_session *session);
const struct bh_pace *bh_session_pace(const struct bh_session *session);
/** @brief Look whether wall time became known or jumped; does nothing for sources with own time. */
void bh_session_check_clock(struct bh_session *session, int64_t mono_ns);
/** @brief The way of all records. From the sensing thread. */
void bh_session_put(struct bh_session *session, const struct bh_record *record);
/** @brief Exchange the rules; they belong to the session from now on. */
void bh_session_rules(struct bh_session *session, struct bh_rule_set *rules);

/** @brief Readable when commands wait (from the broker or the control socket). */
int bh_session_command_fd(const struct bh_session *session);
/** @brief Queue a command. Any thread. @return 0; -ENOBUFS: too many wait; -EAGAIN: a note, while wall
 *  time is not known; -EINVAL: no such bed. */
int bh_session_command(struct bh_session *session, const struct bh_command *command);
/** @brief Have a request of what a person says carried out (bh_writer_ask()). @return As there; -EAGAIN:
 *  wall time is not known. */
int bh_session_ask(struct bh_session *session, const char *request, int fd);
/** @brief Carry out what waits. From the sensing thread. */
void bh_session_run_commands(struct bh_session *session, int64_t line_ns);

/** @brief Begin a calibration. It is abandoned when nobody asks how it goes for ten seconds.
 *  @return 0, -EBUSY. */
int bh_session_calibrate(struct bh_session *session, const struct bh_calibrate_setup *setup);
/** @brief How it goes. @return NONE as kind: none was begun, or it was abandoned. */
struct bh_calibration_progress bh_session_calibration(struct bh_session *session, uint8_t *ret_bed);
/** @brief Look after calibrations: one that nobody follows, news for the broker. Every turn. */
void bh_session_tend(struct bh_session *session, int64_t mono_ns, int64_t line_ns);

/** What `status` shows. */
struct bh_session_stats {
	int64_t run;
	bool simulated;
	struct bh_writer_stats writer;
	struct bh_ring_stats to_store;
	struct bh_ring_stats to_mqtt;
	bool mqtt_enabled;
	struct bh_mqtt_stats mqtt;
	struct bh_clock_anchor anchor; /**< of the line, newest */
};
struct bh_session_stats bh_session_stats(struct bh_session *session);

#endif
