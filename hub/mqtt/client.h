/* SPDX-License-Identifier: MIT */
/* libmosquitto set up as we always want it; used by the session and by bh_mqtt_forget(). */
#ifndef BH_MQTT_CLIENT_H
#define BH_MQTT_CLIENT_H

#include "hub/config/config.h"

#include <mosquitto.h>

/* v5 first; v3.1.1 for brokers that refuse it. */
enum bh_protocol { BH_PROTOCOL_V5 = MQTT_PROTOCOL_V5, BH_PROTOCOL_V311 = MQTT_PROTOCOL_V311 };

/* Packets handled a turn; more only delay the ring. */
#define BH_CLIENT_PACKETS 16

/**
 * @brief Can the files of the configuration be read? libmosquitto only says "invalid arguments".
 * @return 0, or -EINVAL with the file and the remedy in @p err.
 */
int bh_client_check(const struct bh_config *config, struct bh_error *err);

/**
 * @brief A client with clean session, credentials, TLS, TCP_NODELAY and a bounded window.
 * @param will Topic of the retained last will "offline"; NULL: none.
 * @return NULL when out of memory or when a TLS file has become unreadable (errno says which).
 */
struct mosquitto *bh_client_new(const struct bh_config *config, const char *id,
				enum bh_protocol protocol, const char *will, void *userdata);

/**
 * @brief Begin to connect, without waiting for the network; may wait for the name server.
 *
 * libmosquitto tries the first address of a name only (a broker that listens on IPv4 alone would
 * never be found behind an IPv6 address), so without TLS the name is resolved here and @p attempt
 * chooses the address. With TLS libmosquitto must see the name, to compare it with the certificate.
 *
 * @return MOSQ_ERR_SUCCESS, or MOSQ_ERR_*; MOSQ_ERR_EAI for a name that is not known.
 */
int bh_client_connect(struct mosquitto *client, const struct bh_config *config,
		      unsigned int attempt);

/** @brief Publish; @p expiry_s > 0 sets MQTT 5's message expiry where the broker speaks it.
 *  @return MOSQ_ERR_*, and the message id. */
int bh_client_publish(struct mosquitto *client, enum bh_protocol protocol, const char *topic,
		      const char *payload, int qos, bool retain, unsigned int expiry_s,
		      int *ret_mid);

#endif
