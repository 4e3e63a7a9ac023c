/* SPDX-License-Identifier: MIT */
/*
 * The session's insides, for the files of this folder. One thread owns everything below "the
 * thread's own"; what other threads hand in stands in the inbox, under the lock.
 *
 *   session.c     start, stop, the thread and its poll loop
 *   connection.c  one connection from the first SYN to its loss
 *   publish.c     records -> retained topics and events
 */
#ifndef BH_MQTT_SESSION_H
#define BH_MQTT_SESSION_H

#include "hub/mqtt/backoff.h"
#include "hub/mqtt/client.h"
#include "hub/mqtt/window.h"
#include "hub/mqtt/topic.h"

#include <pthread.h>

/** No deadline. */
#define BH_NEVER_MS INT64_MAX

/** Where a connection stands. */
enum bh_phase {
	BH_PHASE_WAITING,    /**< no connection; the next attempt is at deadline_ms */
	BH_PHASE_CONNECTING, /**< until CONNACK, or given up at deadline_ms */
	BH_PHASE_SETTLING, /**< learning what the broker retains of our discovery, till deadline_ms */
	BH_PHASE_ONLINE,
	BH_PHASE_LEAVING, /**< "offline" is published, its acknowledgement awaited */
};

/** What the broker was last told, or is to be told, on one retained topic. */
struct bh_shadow {
	char *payload; /**< NULL: nothing to say yet */
	bool dirty;    /**< the broker has not got it */
	int64_t published_ms;
};

/** Answers to commands of one turn; a person does not send more, a flood gets no more. */
#define BH_ANSWERS_MAX 16
struct bh_answer {
	unsigned int bed;
	char *payload;
};

/** A log tells each kind of refused command once; who sends ever new ones is not told of for ever. */
#define BH_REFUSED_MAX 32

/** What other threads hand in; under bh_mqtt.lock. */
struct bh_inbox {
	bool stopping;
	int64_t stop_at_ms;
	bool late_done;
	unsigned int n_late;
	struct bh_mqtt_late late[BH_INFLIGHT_MAX];
	char *night[BH_BEDS_MAX];
	char *findings[BH_BEDS_MAX];
	char *calibration[BH_BEDS_MAX];
	char *diary[BH_BEDS_MAX];
	char *profile[BH_BEDS_MAX];
};

struct bh_mqtt {
	/* Constant after the start. */
	struct bh_config config; /**< a copy, without nodes: a reload frees the original */
	struct bh_mqtt_bed beds[BH_BEDS_MAX];
	size_t n_beds;
	struct bh_ring *ring;
	int64_t run;
	bool simulated;
	struct bh_mqtt_hooks hooks;
	char client_id[BH_NAME_MAX + 16];
	char status_topic[BH_TOPIC_MAX];
	int64_t started_ms;
	int wake_fd;
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t ended_cond;
	/* Under the lock. */
	bool ended;
	bool left_behind; /**< bh_mqtt_stop() gave up on the thread: the memory is its own */
	struct bh_inbox inbox;
	struct bh_mqtt_stats stats;

	/* The thread's own. */
	struct mosquitto *client;
	enum bh_protocol protocol;
	enum bh_phase phase;
	int64_t deadline_ms; /**< of the phase */
	int64_t misc_ms;     /**< when libmosquitto wants to look at its keepalive */
	int64_t announce_ms; /**< Home Assistant was born: say everything again then */
	struct bh_backoff backoff;
	unsigned int attempt; /**< attempts since the start: chooses the address */
	unsigned int dropped; /**< connections closed before CONNACK, in a row */
	bool was_online;      /**< since the start, for stats.reconnects */
	int64_t online_ms;    /**< since when the connection stands */
	unsigned int brief;   /**< connections that stood for a moment only, in a row */
	int connack;	      /**< reason code of CONNACK, below 0: none yet */
	int goodbye;	      /**< reason code of the broker's DISCONNECT, or 0 */
	bool stopping;
	int64_t stop_at_ms;
	bool ring_ended;
	uint64_t dropped_events; /**< by the ring, when last looked at */
	int offline_mid;
	struct bh_window window;
	bool missed;	  /**< an event was not sent live: ask for late ones */
	bool late_active; /**< asked, and not yet done */
	unsigned int
		n_answers; /**< not published from libmosquitto's callback: it holds its locks */
	struct bh_answer answers[BH_ANSWERS_MAX];
	unsigned int n_refused; /**< kinds of refused commands that were logged */
	uint32_t refused[BH_REFUSED_MAX];
	char *retained[BH_BEDS_MAX]; /**< our discovery as the broker had it */
	struct bh_shadow shadows[BH_BEDS_MAX][BH_TOPIC_RETAINED];
	struct bh_state state[BH_BEDS_MAX];	/**< the newest */
	struct bh_state published[BH_BEDS_MAX]; /**< whose numbers are in the shadow */
	bool state_known[BH_BEDS_MAX];
	struct bh_clock_anchor anchor;
	bool live_anchor; /* it ties this machine's own clocks together */
	int64_t wall_started_ms;
};

int64_t bh_mqtt_now_ms(void);

/* ---- connection.c; the thread only ---- */

/** @brief Begin an attempt. May wait for the name server; look at the inbox afterwards. */
void bh_connection_begin(struct bh_mqtt *mqtt);
/** @brief The socket is ready. */
void bh_connection_ready(struct bh_mqtt *mqtt);
/** @brief Do what is due: give up, settle, keep alive. */
void bh_connection_step(struct bh_mqtt *mqtt, int64_t now_ms);
/** @brief Say "offline" and wait for its acknowledgement. */
void bh_connection_leave(struct bh_mqtt *mqtt);
/** @brief Log a trouble once, however often it comes back, and show it in the statistics. */
void bh_connection_complain(struct bh_mqtt *mqtt, const char *text);
/** @brief Close it, politely if it stands. */
void bh_connection_end(struct bh_mqtt *mqtt);

/* ---- publish.c; the thread only ---- */

/** @brief Set a retained topic; takes @p payload (NULL: out of memory, nothing changes). */
void bh_publish_retained(struct bh_mqtt *mqtt, unsigned int bed, enum bh_topic topic,
			 char *payload);
/** @brief Publish what is dirty and due. @return When it wants to be called again. */
int64_t bh_publish_flush(struct bh_mqtt *mqtt, int64_t now_ms);
/** @brief One message. @return MOSQ_ERR_*. */
int bh_publish(struct bh_mqtt *mqtt, const char *topic, const char *payload, int qos, bool retain,
	       unsigned int expiry_s, int *ret_mid);
/** @brief Discovery that the broker does not have yet, or all of it. */
void bh_publish_discovery(struct bh_mqtt *mqtt, bool all);
/** @brief "online", info and every retained topic. */
void bh_publish_everything(struct bh_mqtt *mqtt);
/** @brief What was true before the first record: settings and the hub. */
void bh_publish_begin(struct bh_mqtt *mqtt);
void bh_publish_record(struct bh_mqtt *mqtt, const struct bh_record *record);
/** @brief Publish a late event. @return false when there is no room. */
bool bh_publish_late(struct bh_mqtt *mqtt, const struct bh_mqtt_late *late);
/** @brief A message to set/<key> of @p bed; the answer waits for bh_publish_answers(). */
void bh_publish_command(struct bh_mqtt *mqtt, unsigned int bed, const char *key,
			const void *payload, size_t length);
void bh_publish_answers(struct bh_mqtt *mqtt);

#endif
