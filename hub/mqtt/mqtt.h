/* SPDX-License-Identifier: MIT */
/*
 * The broker session: its own thread, since libmosquitto blocks on name look-ups. It takes records
 * from a ring, publishes states (retained) and events (not retained), keeps Home Assistant's
 * discovery alive, and hands commands to the hub. Topics and payloads: hub/mqtt/README.md.
 *
 * The history is the outbox: an event that could not be published now is published later from the
 * store, on `backlog`, marked late.
 */
#ifndef BH_MQTT_MQTT_H
#define BH_MQTT_MQTT_H

#include "hub/config/config.h"
#include "hub/core/calibration.h"
#include "hub/core/epoch.h"
#include "hub/core/finding.h"
#include "hub/core/history.h"
#include "hub/core/ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bh_mqtt;

/** One bed as Home Assistant will see it: one device. */
struct bh_mqtt_bed {
	uint8_t bed;
	char id[BH_NAME_MAX]; /**< bedside_<hub_id>_<bed id> makes the unique ids */
	char name[BH_NAME_MAX];
	uint32_t capabilities; /**< entities exist for what the bed can tell */
	uint8_t n_sensors;
	char sensors[BH_SENSORS_MAX][BH_NAME_MAX];
};

/** An event to publish late, with the wall time it has by now. Phase says which message it is: OPEN
 *  while it lasts, CLOSE or INSTANT when it is over. */
struct bh_mqtt_late {
	int64_t row;
	int64_t run;
	struct bh_event event;
	int64_t start_ms;
	int64_t end_ms;
	bool simulated; /**< of the run it happened in */
};

/** What a person sent; texts are cut to fit and free of control characters. */
enum bh_command_kind {
	BH_COMMAND_MARK,
	BH_COMMAND_NOTE, /**< `text` is for the diary */
	BH_COMMAND_NOT_RETURNED_MIN,
	BH_COMMAND_SAY, /**< `said` is an answer or a diary entry */
};
struct bh_command {
	enum bh_command_kind kind;
	uint8_t bed;
	int32_t value; /**< of NOT_RETURNED_MIN */
	char text[256];
	struct bh_remark said; /**< of SAY; its time, night and bed are given when it is carried out */
};

/** Calls from the mqtt thread into the hub; each must be quick and thread-safe. */
struct bh_mqtt_hooks {
	void *ctx;
	/** The broker has acknowledged this event (QoS 1). */
	void (*acked)(void *ctx, int64_t run, uint8_t bed, uint64_t seq);
	/** The broker has acknowledged this late event. */
	void (*late_acked)(void *ctx, int64_t row);
	/**
	 * The broker is back, or events were not delivered: please send what the
	 * outbox holds by bh_mqtt_late(), from its oldest on, then call bh_mqtt_late_done().
	 * What was put into the rings before this call belongs to it: read your own ring first.
	 */
	void (*want_late)(void *ctx);
	/** The broker will never take this late event (its access list): do not send it again on this
	 *  connection. */
	void (*late_refused)(void *ctx, int64_t row);
	/** @return 0: it will be carried out; -ENOBUFS: too many wait; -EAGAIN: not before the time is
	 *  known; -EROFS: nothing here takes commands. */
	int (*command)(void *ctx, const struct bh_command *command);
};

/**
 * @brief Start the session's thread. Never fails because of the network: without a broker it keeps
 * trying, with back-off and jitter.
 * @param run The store's run id, for event ids "<run>.<bed>.<seq>".
 * @param simulated Say so in the device model and in every state.
 * @return 0, -EINVAL (TLS files) with @p err, -ENOMEM.
 */
int bh_mqtt_start(const struct bh_config *config, const struct bh_mqtt_bed *beds, size_t n_beds,
		  struct bh_ring *ring, int64_t run, bool simulated,
		  const struct bh_mqtt_hooks *hooks, struct bh_mqtt **ret, struct bh_error *err);

/**
 * @brief Publish a late event when there is room. Any thread.
 * @return 0, or -ENOBUFS (too many unacknowledged, or no broker): again after the next late_acked()
 * or want_late().
 */
int bh_mqtt_late(struct bh_mqtt *mqtt, const struct bh_mqtt_late *late);
/** @brief No more late events for now: what comes next is live. */
void bh_mqtt_late_done(struct bh_mqtt *mqtt);
/** @brief New numbers for the night and finding topics. Any thread. */
void bh_mqtt_night(struct bh_mqtt *mqtt, const struct bh_night *night);
void bh_mqtt_findings(struct bh_mqtt *mqtt, uint8_t bed, const struct bh_finding *findings,
		      size_t n, const char *verdict);

/** @brief What the person of a bed answered, and the diary entries of @p night (0: not known) by time:
 *  what the entities of profile and diary show. Any thread. */
void bh_mqtt_profile(struct bh_mqtt *mqtt, uint8_t bed, const struct bh_profile_item *items, size_t n);
void bh_mqtt_diary(struct bh_mqtt *mqtt, uint8_t bed, int32_t night,
		   const struct bh_diary_item *items, size_t n);

/** @brief How a bed stands with its calibrations, by kind. Any thread. */
void bh_mqtt_calibration(struct bh_mqtt *mqtt, uint8_t bed,
			 const struct bh_calibration_status *status, int64_t now_ms);

/** What `status` shows. */
struct bh_mqtt_stats {
	bool connected;
	uint64_t published;
	uint64_t acked;
	uint64_t reconnects;
	char last_error[128];
};
struct bh_mqtt_stats bh_mqtt_stats(struct bh_mqtt *mqtt);

/**
 * @brief Drain the ring, publish `offline`, disconnect, end the thread. Takes at most @p timeout_ms
 * even with a broker or name server that hangs; a thread that is stuck in the resolver is left to the
 * process's end. The object stays: calls from other threads after this do nothing. Accepts NULL.
 * @return 0, or -ETIMEDOUT if the thread was left behind.
 */
int bh_mqtt_stop(struct bh_mqtt *mqtt, int timeout_ms);
/** @brief Free after bh_mqtt_stop(); memory of a thread left behind stays. Accepts NULL. */
void bh_mqtt_free(struct bh_mqtt *mqtt);

/** @brief Clear every retained topic of this hub on the broker (`bedside forget`). Blocking. */
int bh_mqtt_forget(const struct bh_config *config, const struct bh_mqtt_bed *beds, size_t n_beds,
		   struct bh_error *err);

#endif
