/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/client.h"

#include "hub/mqtt/window.h"
#include "hub/mqtt/payload.h"

#include <errno.h>
#include <mqtt_protocol.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where Debian keeps the certificates it trusts; for a broker with a public certificate. */
#define SYSTEM_CERTIFICATES "/etc/ssl/certs"
#define QOS_WILL 1

static const char *or_null(const char *text)
{
	return text[0] ? text : NULL;
}

static int check_file(const char *path, const char *key, struct bh_error *err)
{
	if (!path[0] || access(path, R_OK) == 0)
		return 0;
	return bh_error_set(err, -EINVAL, path, 0, 0,
			    "mqtt.%s cannot be read (%s); correct the path or its permissions", key,
			    strerror(errno));
}

int bh_client_check(const struct bh_config *config, struct bh_error *err)
{
	const struct bh_mqtt_config *mqtt = &config->mqtt;

	if (!mqtt->tls)
		return 0;
	if (!mqtt->cert_file[0] != !mqtt->key_file[0])
		return bh_error_set(
			err, -EINVAL, config->path, 0, 0,
			"mqtt.cert_file and mqtt.key_file belong together; set both or none");
	if (check_file(mqtt->ca_file, "ca_file", err) < 0 ||
	    check_file(mqtt->cert_file, "cert_file", err) < 0 ||
	    check_file(mqtt->key_file, "key_file", err) < 0)
		return -EINVAL;
	return 0;
}

static int set_tls(struct mosquitto *client, const struct bh_mqtt_config *mqtt)
{
	if (!mqtt->tls)
		return MOSQ_ERR_SUCCESS;
	return mosquitto_tls_set(client, or_null(mqtt->ca_file),
				 mqtt->ca_file[0] ? NULL : SYSTEM_CERTIFICATES,
				 or_null(mqtt->cert_file), or_null(mqtt->key_file), NULL);
}

struct mosquitto *bh_client_new(const struct bh_config *config, const char *id,
				enum bh_protocol protocol, const char *will, void *userdata)
{
	const struct bh_mqtt_config *mqtt = &config->mqtt;
	struct mosquitto *client = mosquitto_new(id, true, userdata);

	if (!client)
		return NULL;
	if (mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, (int)protocol) ||
	    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1) ||
	    mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, BH_INFLIGHT_MAX) ||
	    set_tls(client, mqtt))
		goto err_destroy;
	if (mqtt->username[0] &&
	    mosquitto_username_pw_set(client, mqtt->username, or_null(mqtt->password)))
		goto err_destroy;
	if (will && mosquitto_will_set(client, will, (int)strlen(BH_PAYLOAD_OFFLINE),
				       BH_PAYLOAD_OFFLINE, QOS_WILL, true))
		goto err_destroy;
	return client;

err_destroy:
	mosquitto_destroy(client);
	return NULL;
}

/* The numeric form of address number @p attempt of a host, round and round. */
static int resolve(const char *host, unsigned int attempt, char *ret, size_t size)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	struct addrinfo *at;
	unsigned int n = 0;
	int r;

	if (getaddrinfo(host, NULL, &hints, &list) != 0)
		return MOSQ_ERR_EAI;
	for (at = list; at; at = at->ai_next)
		n++;
	at = list;
	for (unsigned int i = 0; i < attempt % n; i++)
		at = at->ai_next;
	r = getnameinfo(at->ai_addr, at->ai_addrlen, ret, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
	freeaddrinfo(list);
	return r == 0 ? MOSQ_ERR_SUCCESS : MOSQ_ERR_EAI;
}

int bh_client_connect(struct mosquitto *client, const struct bh_config *config,
		      unsigned int attempt)
{
	const struct bh_mqtt_config *mqtt = &config->mqtt;
	char address[NI_MAXHOST];
	const char *host = mqtt->host;
	int r;

	if (!mqtt->tls) {
		r = resolve(host, attempt, address, sizeof(address));
		if (r != MOSQ_ERR_SUCCESS)
			return r;
		host = address;
	}
	return mosquitto_connect_async(client, host, mqtt->port, mqtt->keepalive_s);
}

int bh_client_publish(struct mosquitto *client, enum bh_protocol protocol, const char *topic,
		      const char *payload, int qos, bool retain, unsigned int expiry_s,
		      int *ret_mid)
{
	mosquitto_property *properties = NULL;
	int r;

	if (protocol == BH_PROTOCOL_V5 && expiry_s > 0) {
		r = mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
						 expiry_s);
		if (r != MOSQ_ERR_SUCCESS)
			return r;
	}
	r = mosquitto_publish_v5(client, ret_mid, topic, (int)strlen(payload), payload, qos, retain,
				 properties);
	mosquitto_property_free_all(&properties);
	return r;
}
