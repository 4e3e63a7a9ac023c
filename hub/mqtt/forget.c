/* SPDX-License-Identifier: MIT */
/* `bedside forget`: every retained topic of this hub, whoever wrote it, is cleared on the broker. */
#include "hub/mqtt/session.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A person waits for this. */
#define FORGET_TIMEOUT_MS 10000
/* The broker sends what it retains in one go; this long without a message is the end of it. */
#define QUIET_MS 500
/* Retained topics of a hub: BH_BEDS_MAX beds, and beds that were renamed since. */
#define TOPICS_MAX 512

struct forget {
	struct mosquitto *client;
	const struct bh_config *config;
	int connack;
	int waiting;	 /**< acknowledgements */
	int64_t last_ms; /**< when the last retained message came */
	size_t n_topics;
	char *topics[TOPICS_MAX];
};

static void on_connect(struct mosquitto *client, void *userdata, int reason)
{
	struct forget *forget = userdata;

	(void)client;
	forget->connack = reason;
}

static void on_publish(struct mosquitto *client, void *userdata, int mid)
{
	struct forget *forget = userdata;

	(void)client;
	(void)mid;
	forget->waiting--;
}

static void remember(struct forget *forget, const char *topic)
{
	if (forget->n_topics == TOPICS_MAX)
		return;
	for (size_t i = 0; i < forget->n_topics; i++)
		if (strcmp(forget->topics[i], topic) == 0)
			return;
	forget->topics[forget->n_topics] = strdup(topic);
	if (forget->topics[forget->n_topics])
		forget->n_topics++;
}

/* <prefix>/<hub>/<bed>/...: that bed has a discovery topic as well. */
static void on_message(struct mosquitto *client, void *userdata,
		       const struct mosquitto_message *message)
{
	struct forget *forget = userdata;
	char prefix[BH_TOPIC_MAX];
	char bed[BH_NAME_MAX];
	char topic[BH_TOPIC_MAX];
	const char *at;
	size_t length;

	(void)client;
	if (!message->retain || message->payloadlen == 0)
		return;
	forget->last_ms = bh_mqtt_now_ms();
	bh_topic_hub(forget->config, "", prefix);
	at = message->topic + strlen(prefix);
	length = strcspn(at, "/");
	if (at[length] == '/' && length < sizeof(bed)) {
		memcpy(bed, at, length);
		bed[length] = '\0';
		bh_topic_discovery(forget->config, bed, topic);
		if (forget->config->mqtt.discovery_prefix[0])
			remember(forget, topic);
	}
	remember(forget, message->topic);
}

/* Serve the connection for at most a moment. @return MOSQ_ERR_*. */
static int turn(struct forget *forget, int wait_ms)
{
	struct pollfd fd = { .fd = mosquitto_socket(forget->client), .events = POLLIN };

	if (mosquitto_want_write(forget->client))
		fd.events |= POLLOUT;
	if (poll(&fd, 1, wait_ms) <= 0)
		return MOSQ_ERR_SUCCESS;
	errno = 0;
	return mosquitto_loop(forget->client, 0, BH_CLIENT_PACKETS);
}

static int collect(struct forget *forget, int64_t deadline_ms)
{
	char topic[BH_TOPIC_MAX];
	int r = MOSQ_ERR_SUCCESS;

	while (r == MOSQ_ERR_SUCCESS && forget->connack < 0 && bh_mqtt_now_ms() < deadline_ms)
		r = turn(forget, QUIET_MS);
	if (r != MOSQ_ERR_SUCCESS || forget->connack != 0)
		return r != MOSQ_ERR_SUCCESS ? r : MOSQ_ERR_CONN_REFUSED;
	bh_topic_hub(forget->config, "#", topic);
	r = mosquitto_subscribe(forget->client, NULL, topic, 1);
	forget->last_ms = bh_mqtt_now_ms();
	while (r == MOSQ_ERR_SUCCESS && bh_mqtt_now_ms() < forget->last_ms + QUIET_MS)
		r = turn(forget, QUIET_MS);
	return r;
}

static int clear(struct forget *forget, int64_t deadline_ms)
{
	int r = MOSQ_ERR_SUCCESS;

	for (size_t i = 0; i < forget->n_topics && r == MOSQ_ERR_SUCCESS; i++) {
		r = mosquitto_publish(forget->client, NULL, forget->topics[i], 0, NULL, 1, true);
		forget->waiting++;
	}
	while (r == MOSQ_ERR_SUCCESS && forget->waiting > 0 && bh_mqtt_now_ms() < deadline_ms)
		r = turn(forget, QUIET_MS);
	if (r == MOSQ_ERR_SUCCESS && forget->waiting > 0)
		r = MOSQ_ERR_CONN_LOST;
	mosquitto_disconnect(forget->client);
	return r;
}

static int forget_all(struct forget *forget)
{
	int64_t deadline_ms = bh_mqtt_now_ms() + FORGET_TIMEOUT_MS;
	int r = bh_client_connect(forget->client, forget->config, 0);

	if (r == MOSQ_ERR_SUCCESS)
		r = collect(forget, deadline_ms);
	if (r == MOSQ_ERR_SUCCESS)
		r = clear(forget, deadline_ms);
	return r;
}

int bh_mqtt_forget(const struct bh_config *config, const struct bh_mqtt_bed *beds, size_t n_beds,
		   struct bh_error *err)
{
	struct forget forget = { .config = config, .connack = -1 };
	char id[BH_NAME_MAX + 32];
	char topic[BH_TOPIC_MAX];
	int r = bh_client_check(config, err);

	if (r < 0)
		return r;
	mosquitto_lib_init();
	snprintf(id, sizeof(id), "bedside_%s_forget", config->hub_id);
	forget.client = bh_client_new(config, id, BH_PROTOCOL_V311, NULL, &forget);
	if (!forget.client) {
		mosquitto_lib_cleanup();
		return -ENOMEM;
	}
	mosquitto_connect_callback_set(forget.client, on_connect);
	mosquitto_publish_callback_set(forget.client, on_publish);
	mosquitto_message_callback_set(forget.client, on_message);
	for (size_t i = 0; i < n_beds && config->mqtt.discovery_prefix[0]; i++) {
		bh_topic_discovery(config, beds[i].id, topic);
		remember(&forget, topic);
	}
	r = forget_all(&forget);
	mosquitto_destroy(forget.client);
	mosquitto_lib_cleanup();
	for (size_t i = 0; i < forget.n_topics; i++)
		free(forget.topics[i]);
	if (r == MOSQ_ERR_SUCCESS)
		return 0;
	return bh_error_set(err, -EIO, config->mqtt.host, 0, 0,
			    "the broker could not be asked to forget (%s); is it running, and may "
			    "this user write?",
			    r == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(r));
}
