/* SPDX-License-Identifier: MIT */
/*
 * One connection, from the first SYN to its loss. Every attempt gets a libmosquitto client of its
 * own: nothing of a broken connection (queued messages, half an answer) can reach the next one.
 */
#include "hub/mqtt/session.h"

#include "hub/core/log.h"
#include "hub/mqtt/payload.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* From the first SYN to CONNACK. A host that drops packets answers the SYNs of second 1 or 3 when it
 * returns; waiting longer only delays the next attempt. */
#define CONNECT_TIMEOUT_MS 5000
/* The broker sends what it retains right behind SUBACK; a slow one costs a repeated discovery. */
#define SETTLE_MS 300
/* Home Assistant subscribes to the discovered topics a moment after its birth message; and many
 * devices answer that at once. */
#define BIRTH_MIN_MS 1000
#define BIRTH_MAX_MS 5000
/* libmosquitto must look at its keepalive several times in one, without waking the machine often. */
#define MISC_PER_KEEPALIVE 4
/* Brokers before MQTT 5 may close the connection instead of refusing the version. */
#define DROPPED_MAX 3
#define REASON_FAILURE 0x80
/* A connection that broke sooner does not count as one that worked: two hubs with one id throw each
 * other out for ever, and not every broker says why. */
#define STABLE_MS 10000
#define BRIEF_MAX 4

static void enter(struct bh_mqtt *mqtt, enum bh_phase phase, int64_t deadline_ms)
{
	mqtt->phase = phase;
	mqtt->deadline_ms = deadline_ms;
	pthread_mutex_lock(&mqtt->lock);
	mqtt->stats.connected = phase == BH_PHASE_ONLINE;
	if (phase != BH_PHASE_ONLINE) {
		mqtt->inbox.n_late = 0;
		mqtt->inbox.late_done = false;
	}
	pthread_mutex_unlock(&mqtt->lock);
}

void bh_connection_complain(struct bh_mqtt *mqtt, const char *text)
{
	char line[sizeof(mqtt->stats.last_error)];
	size_t length;
	bool news;

	snprintf(line, sizeof(line), "%s", text);
	length = strlen(line);
	/* libmosquitto's texts are sentences, most of them. */
	if (length > 0 && line[length - 1] == '.')
		line[length - 1] = '\0';
	pthread_mutex_lock(&mqtt->lock);
	news = strcmp(mqtt->stats.last_error, line) != 0;
	memcpy(mqtt->stats.last_error, line, sizeof(line));
	pthread_mutex_unlock(&mqtt->lock);
	if (news)
		bh_log(BH_LOG_WARNING, "mqtt: %s:%u: %s; events stay in the history until it works",
		       mqtt->config.mqtt.host, mqtt->config.mqtt.port, line);
}

static void drop(struct bh_mqtt *mqtt)
{
	mosquitto_destroy(mqtt->client);
	mqtt->client = NULL;
	mqtt->misc_ms = BH_NEVER_MS;
	mqtt->announce_ms = BH_NEVER_MS;
	mqtt->late_active = false;
	bh_window_clear(&mqtt->window);
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		free(mqtt->retained[bed]);
		mqtt->retained[bed] = NULL;
	}
}

/* An older broker refuses in its own format: 2.0.11 reads that as a refusal, 2.0.21 as a broken
 * packet. */
static bool refused_version(const struct bh_mqtt *mqtt, int rc)
{
	if (mqtt->connack < 0)
		return rc == MOSQ_ERR_PROTOCOL || rc == MOSQ_ERR_MALFORMED_PACKET;
	return mqtt->connack == MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION ||
	       mqtt->connack == CONNACK_REFUSED_PROTOCOL_VERSION;
}

static bool thrown_out(const struct bh_mqtt *mqtt)
{
	return mqtt->phase == BH_PHASE_ONLINE &&
	       (mqtt->goodbye == MQTT_RC_SESSION_TAKEN_OVER || mqtt->brief >= BRIEF_MAX);
}

static const char *reason_text(const struct bh_mqtt *mqtt, int rc)
{
	if (mqtt->connack > 0)
		return mqtt->protocol == BH_PROTOCOL_V5 ? mosquitto_reason_string(mqtt->connack)
							: mosquitto_connack_string(mqtt->connack);
	if (thrown_out(mqtt))
		return "the connection never lasts: does another hub use this hub's hub.id?";
	if (mqtt->goodbye > 0)
		return mosquitto_reason_string(mqtt->goodbye);
	switch (rc) {
	case MOSQ_ERR_ERRNO:
		return strerror(errno);
	case MOSQ_ERR_EAI:
		return "the name is not known to the name server";
	case MOSQ_ERR_SUCCESS:
		return "the broker does not answer";
	}
	return mosquitto_strerror(rc);
}

/* The connection or the attempt is over; arrange for the next one. */
static void lost(struct bh_mqtt *mqtt, int rc)
{
	bool stood = mqtt->phase == BH_PHASE_ONLINE;
	bool stable = stood && bh_mqtt_now_ms() - mqtt->online_ms >= STABLE_MS;
	int64_t cap_ms = BH_BACKOFF_CAP_MS;
	char text[sizeof(mqtt->stats.last_error)];
	int64_t wait_ms;

	if (stable)
		mqtt->brief = 0;
	else if (stood)
		mqtt->brief++;
	snprintf(text, sizeof(text), "%s", reason_text(mqtt, rc));
	drop(mqtt);
	if (mqtt->protocol == BH_PROTOCOL_V5 && refused_version(mqtt, rc)) {
		mqtt->protocol = BH_PROTOCOL_V311;
		enter(mqtt, BH_PHASE_WAITING, 0);
		return;
	}
	if (mqtt->connack < 0 && rc == MOSQ_ERR_CONN_LOST)
		mqtt->dropped++;
	/* After a connection that stood, ask for MQTT 5 again: the broker may be another by now. */
	if (mqtt->connack == 0)
		mqtt->protocol = BH_PROTOCOL_V5;
	else if (mqtt->dropped >= DROPPED_MAX)
		mqtt->protocol = BH_PROTOCOL_V311;
	if (mqtt->connack > 0 || thrown_out(mqtt))
		cap_ms = BH_BACKOFF_REFUSED_CAP_MS;
	if (stable)
		bh_backoff_reset(&mqtt->backoff);
	wait_ms = bh_backoff_next_ms(&mqtt->backoff, cap_ms);
	enter(mqtt, BH_PHASE_WAITING, bh_mqtt_now_ms() + wait_ms);
	bh_connection_complain(mqtt, text);
}

/* ---- what libmosquitto calls, from mosquitto_loop() on our own thread ---- */

static void on_connect(struct mosquitto *client, void *userdata, int reason, int flags,
		       const mosquitto_property *properties)
{
	struct bh_mqtt *mqtt = userdata;

	(void)client;
	(void)flags;
	(void)properties;
	mqtt->connack = reason;
}

static void on_disconnect(struct mosquitto *client, void *userdata, int reason,
			  const mosquitto_property *properties)
{
	struct bh_mqtt *mqtt = userdata;

	(void)client;
	(void)properties;
	/* Below are MOSQ_ERR_*, which mosquitto_loop() returns too. */
	if (reason >= REASON_FAILURE)
		mqtt->goodbye = reason;
}

static void on_publish(struct mosquitto *client, void *userdata, int mid, int reason,
		       const mosquitto_property *properties)
{
	struct bh_mqtt *mqtt = userdata;
	struct bh_flight flight;

	(void)client;
	(void)properties;
	if (mid == mqtt->offline_mid)
		mqtt->offline_mid = 0;
	if (!bh_window_answered(&mqtt->window, mid, &flight))
		return;
	if (reason >= REASON_FAILURE) {
		/* Refused for good, most likely by the broker's access list. It stays in the history
		 * and is offered again after the next connection. */
		bh_connection_complain(mqtt, mosquitto_reason_string(reason));
		if (flight.late && mqtt->hooks.late_refused)
			mqtt->hooks.late_refused(mqtt->hooks.ctx, flight.row);
		return;
	}
	pthread_mutex_lock(&mqtt->lock);
	mqtt->stats.acked++;
	pthread_mutex_unlock(&mqtt->lock);
	if (flight.late && mqtt->hooks.late_acked)
		mqtt->hooks.late_acked(mqtt->hooks.ctx, flight.row);
	else if (!flight.late && mqtt->hooks.acked)
		mqtt->hooks.acked(mqtt->hooks.ctx, flight.run, flight.bed, flight.seq);
}

static void on_subscribe(struct mosquitto *client, void *userdata, int mid, int n,
			 const int *granted, const mosquitto_property *properties)
{
	(void)client;
	(void)mid;
	(void)properties;
	for (int i = 0; i < n; i++)
		if (granted[i] >= REASON_FAILURE)
			bh_connection_complain(
				userdata,
				"the broker refuses a subscription; check its access list");
}

/* Our own discovery as the broker kept it. */
static bool take_retained(struct bh_mqtt *mqtt, const struct mosquitto_message *message)
{
	char topic[BH_TOPIC_MAX];

	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		bh_topic_discovery(&mqtt->config, mqtt->beds[bed].id, topic);
		if (strcmp(topic, message->topic) != 0)
			continue;
		if (message->retain && mqtt->phase == BH_PHASE_SETTLING && message->payload) {
			free(mqtt->retained[bed]);
			mqtt->retained[bed] =
				strndup(message->payload, (size_t)message->payloadlen);
		}
		return true;
	}
	return false;
}

/* Home Assistant has started: it knows nothing of us that is not retained. */
static bool take_birth(struct bh_mqtt *mqtt, const struct mosquitto_message *message)
{
	const size_t length = strlen(BH_PAYLOAD_ONLINE);
	char topic[BH_TOPIC_MAX];

	bh_topic_home_assistant(&mqtt->config, topic);
	if (strcmp(topic, message->topic) != 0)
		return false;
	if (!message->retain && (size_t)message->payloadlen == length &&
	    memcmp(message->payload, BH_PAYLOAD_ONLINE, length) == 0)
		mqtt->announce_ms = bh_mqtt_now_ms() +
				    bh_backoff_between(&mqtt->backoff, BIRTH_MIN_MS, BIRTH_MAX_MS);
	return true;
}

static void on_message(struct mosquitto *client, void *userdata,
		       const struct mosquitto_message *message,
		       const mosquitto_property *properties)
{
	struct bh_mqtt *mqtt = userdata;
	char prefix[BH_TOPIC_MAX];
	size_t length;

	(void)client;
	(void)properties;
	if (take_retained(mqtt, message) || take_birth(mqtt, message))
		return;
	/* A retained command is an old one: it would come again with every connection. */
	if (message->retain)
		return;
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		bh_topic_bed(&mqtt->config, &mqtt->beds[bed], "set/", prefix);
		length = strlen(prefix);
		if (strncmp(prefix, message->topic, length) == 0)
			bh_publish_command(mqtt, bed, message->topic + length,
					   message->payload ? message->payload : "",
					   (size_t)message->payloadlen);
	}
}

/* ---- phases ---- */

static void subscribe(struct bh_mqtt *mqtt, const char *topic)
{
	int r = mosquitto_subscribe(mqtt->client, NULL, topic, 1);

	if (r != MOSQ_ERR_SUCCESS)
		bh_connection_complain(mqtt, mosquitto_strerror(r));
}

static void accepted(struct bh_mqtt *mqtt)
{
	bool discovery = mqtt->config.mqtt.discovery_prefix[0];
	char topic[BH_TOPIC_MAX];

	mqtt->dropped = 0;
	enter(mqtt, BH_PHASE_SETTLING, bh_mqtt_now_ms() + (discovery ? SETTLE_MS : 0));
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		bh_topic_bed(&mqtt->config, &mqtt->beds[bed], "set/+", topic);
		subscribe(mqtt, topic);
		if (!discovery)
			continue;
		bh_topic_discovery(&mqtt->config, mqtt->beds[bed].id, topic);
		subscribe(mqtt, topic);
	}
	if (discovery) {
		bh_topic_home_assistant(&mqtt->config, topic);
		subscribe(mqtt, topic);
	}
}

static bool all_retained_known(const struct bh_mqtt *mqtt)
{
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++)
		if (!mqtt->retained[bed])
			return false;
	return true;
}

static void go_online(struct bh_mqtt *mqtt)
{
	bh_publish_discovery(mqtt, false);
	bh_publish_everything(mqtt);
	enter(mqtt, BH_PHASE_ONLINE, BH_NEVER_MS);
	pthread_mutex_lock(&mqtt->lock);
	mqtt->stats.reconnects += mqtt->was_online;
	mqtt->stats.last_error[0] = '\0';
	pthread_mutex_unlock(&mqtt->lock);
	mqtt->was_online = true;
	mqtt->online_ms = bh_mqtt_now_ms();
	/* What an earlier run or an earlier connection owes is in the history. */
	mqtt->missed = true;
	bh_log(BH_LOG_NOTICE, "mqtt: connected to %s:%u (MQTT %s)", mqtt->config.mqtt.host,
	       mqtt->config.mqtt.port, mqtt->protocol == BH_PROTOCOL_V5 ? "5" : "3.1.1");
}

void bh_connection_begin(struct bh_mqtt *mqtt)
{
	int r;

	mqtt->connack = -1;
	mqtt->goodbye = 0;
	mqtt->client = bh_client_new(&mqtt->config, mqtt->client_id, mqtt->protocol,
				     mqtt->status_topic, mqtt);
	if (!mqtt->client) {
		mqtt->connack = -1;
		lost(mqtt, MOSQ_ERR_ERRNO);
		return;
	}
	mosquitto_connect_v5_callback_set(mqtt->client, on_connect);
	mosquitto_disconnect_v5_callback_set(mqtt->client, on_disconnect);
	mosquitto_publish_v5_callback_set(mqtt->client, on_publish);
	mosquitto_subscribe_v5_callback_set(mqtt->client, on_subscribe);
	mosquitto_message_v5_callback_set(mqtt->client, on_message);
	r = bh_client_connect(mqtt->client, &mqtt->config, mqtt->attempt++);
	if (r != MOSQ_ERR_SUCCESS) {
		lost(mqtt, r);
		return;
	}
	enter(mqtt, BH_PHASE_CONNECTING, bh_mqtt_now_ms() + CONNECT_TIMEOUT_MS);
	mqtt->misc_ms = bh_mqtt_now_ms() +
			(int64_t)mqtt->config.mqtt.keepalive_s * BH_MS_PER_S / MISC_PER_KEEPALIVE;
}

/* A connection that fails before it stands: with TLS libmosquitto takes a refused or closed socket
 * for an unfinished handshake, and would be called again at once, for ever. @return MOSQ_ERR_*. */
static int failed_early(const struct bh_mqtt *mqtt)
{
	int fd = mosquitto_socket(mqtt->client);
	socklen_t size = sizeof(int);
	int error = 0;
	char byte;

	if (mqtt->phase != BH_PHASE_CONNECTING || fd < 0)
		return MOSQ_ERR_SUCCESS;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error != 0) {
		errno = error;
		return MOSQ_ERR_ERRNO;
	}
	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0 ? MOSQ_ERR_CONN_LOST
								: MOSQ_ERR_SUCCESS;
}

void bh_connection_ready(struct bh_mqtt *mqtt)
{
	int r = failed_early(mqtt);

	if (r != MOSQ_ERR_SUCCESS) {
		lost(mqtt, r);
		return;
	}
	/* 2.0 takes a left-over EAGAIN for one of its own and stops reading early. */
	errno = 0;
	r = mosquitto_loop(mqtt->client, 0, BH_CLIENT_PACKETS);
	if (mqtt->connack == 0 && mqtt->phase == BH_PHASE_CONNECTING && r == MOSQ_ERR_SUCCESS)
		accepted(mqtt);
	/* A refusal may leave the socket open, or close it without an error. */
	if (r != MOSQ_ERR_SUCCESS || mqtt->connack > 0 || mosquitto_socket(mqtt->client) < 0)
		lost(mqtt, r == MOSQ_ERR_SUCCESS ? MOSQ_ERR_CONN_LOST : r);
	bh_publish_answers(mqtt);
}

void bh_connection_step(struct bh_mqtt *mqtt, int64_t now_ms)
{
	int r;

	if (mqtt->client && now_ms >= mqtt->misc_ms) {
		mqtt->misc_ms = now_ms + (int64_t)mqtt->config.mqtt.keepalive_s * BH_MS_PER_S /
						 MISC_PER_KEEPALIVE;
		r = mosquitto_loop_misc(mqtt->client);
		if (r != MOSQ_ERR_SUCCESS) {
			lost(mqtt, r);
			return;
		}
	}
	if (now_ms >= mqtt->announce_ms && mqtt->phase == BH_PHASE_ONLINE) {
		mqtt->announce_ms = BH_NEVER_MS;
		bh_publish_discovery(mqtt, true);
		bh_publish_everything(mqtt);
	}
	switch (mqtt->phase) {
	case BH_PHASE_WAITING:
		if (now_ms >= mqtt->deadline_ms && !mqtt->stopping)
			bh_connection_begin(mqtt);
		break;
	case BH_PHASE_CONNECTING:
		if (now_ms >= mqtt->deadline_ms)
			lost(mqtt, MOSQ_ERR_SUCCESS);
		break;
	case BH_PHASE_SETTLING:
		if (now_ms >= mqtt->deadline_ms || all_retained_known(mqtt))
			go_online(mqtt);
		break;
	case BH_PHASE_ONLINE:
	case BH_PHASE_LEAVING:
		break;
	}
}

void bh_connection_leave(struct bh_mqtt *mqtt)
{
	int r = bh_publish(mqtt, mqtt->status_topic, BH_PAYLOAD_OFFLINE, 1, true, 0,
			   &mqtt->offline_mid);

	if (r != MOSQ_ERR_SUCCESS)
		mqtt->offline_mid = 0;
	enter(mqtt, BH_PHASE_LEAVING, mqtt->stop_at_ms);
}

void bh_connection_end(struct bh_mqtt *mqtt)
{
	if (!mqtt->client)
		return;
	/* Without this packet the broker would send our last will, which says the same. */
	if (mqtt->phase == BH_PHASE_LEAVING)
		mosquitto_disconnect(mqtt->client);
	drop(mqtt);
	enter(mqtt, BH_PHASE_WAITING, BH_NEVER_MS);
}
