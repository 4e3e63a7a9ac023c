/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/session.h"

#include "hub/core/log.h"
#include "hub/core/version.h"
#include "hub/mqtt/command.h"
#include "hub/mqtt/discovery.h"
#include "hub/mqtt/entity.h"
#include "hub/mqtt/payload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>


/* Numbers go out at most once a minute (Home Assistant's recorder keeps each for ever), and at least
 * so often that they do not expire while records keep coming. */
#define NUMBERS_MIN_MS (60 * 1000)
#define NUMBERS_MAX_MS (4 * 60 * 1000)
/* Below these a change is noise: the resolution that is shown, twice. */
#define TEMPERATURE_DEADBAND_MDEGC 200
#define MOVEMENT_DEADBAND_PERMILLE 20
/* A live event that waited longer than this in the broker is news no more. */
#define EVENT_EXPIRY_S 60
/* A clock anchor this close to the machine's own clock belongs to a live line. */
#define LIVE_ANCHOR_MS 60000

int bh_publish(struct bh_mqtt *mqtt, const char *topic, const char *payload, int qos, bool retain,
	       unsigned int expiry_s, int *ret_mid)
{
	int r = bh_client_publish(mqtt->client, mqtt->protocol, topic, payload, qos, retain,
				  expiry_s, ret_mid);

	switch (r) {
	case MOSQ_ERR_SUCCESS:
		pthread_mutex_lock(&mqtt->lock);
		mqtt->stats.published++;
		pthread_mutex_unlock(&mqtt->lock);
		break;
	case MOSQ_ERR_NO_CONN:
	case MOSQ_ERR_CONN_LOST:
	case MOSQ_ERR_ERRNO:
		/* The loss itself is noticed and told by the connection. */
		break;
	default:
		/* Such as a broker that takes no message as long as discovery. */
		bh_connection_complain(mqtt, mosquitto_strerror(r));
	}
	return r;
}

/* ---- retained topics ---- */

static int64_t shortest_interval_ms(enum bh_topic topic)
{
	return topic == BH_TOPIC_STATE || topic == BH_TOPIC_NIGHT ? NUMBERS_MIN_MS : 0;
}

void bh_publish_retained(struct bh_mqtt *mqtt, unsigned int bed, enum bh_topic topic, char *payload)
{
	struct bh_shadow *shadow = &mqtt->shadows[bed][topic];

	if (!payload)
		return;
	if (shadow->payload && strcmp(shadow->payload, payload) == 0) {
		free(payload);
		return;
	}
	free(shadow->payload);
	shadow->payload = payload;
	shadow->dirty = true;
}

static void set_word(struct bh_mqtt *mqtt, unsigned int bed, enum bh_topic topic, const char *word)
{
	bh_publish_retained(mqtt, bed, topic, strdup(word));
}

static void send_shadow(struct bh_mqtt *mqtt, unsigned int bed, enum bh_topic topic, int64_t now_ms)
{
	struct bh_shadow *shadow = &mqtt->shadows[bed][topic];
	bool state = topic == BH_TOPIC_STATE;
	char name[BH_TOPIC_MAX];

	bh_topic_retained(&mqtt->config, &mqtt->beds[bed], topic, name);
	bh_publish(mqtt, name, shadow->payload, state ? 0 : 1, true, state ? BH_STATE_EXPIRY_S : 0,
		   NULL);
	shadow->dirty = false;
	shadow->published_ms = now_ms;
}

int64_t bh_publish_flush(struct bh_mqtt *mqtt, int64_t now_ms)
{
	int64_t next_ms = BH_NEVER_MS;

	if (mqtt->phase != BH_PHASE_ONLINE)
		return next_ms;
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		for (unsigned int topic = 0; topic < BH_TOPIC_RETAINED; topic++) {
			struct bh_shadow *shadow = &mqtt->shadows[bed][topic];
			int64_t due_ms = 0;

			if (!shadow->dirty)
				continue;
			if (shadow->published_ms > 0)
				due_ms = shadow->published_ms + shortest_interval_ms(topic);
			if (due_ms <= now_ms)
				send_shadow(mqtt, bed, topic, now_ms);
			else if (due_ms < next_ms)
				next_ms = due_ms;
		}
	}
	return next_ms;
}

static void send_info(struct bh_mqtt *mqtt)
{
	char *payload =
		bh_payload_info(BH_VERSION, mqtt->run, mqtt->wall_started_ms, mqtt->simulated);
	char topic[BH_TOPIC_MAX];

	bh_topic_hub(&mqtt->config, "info", topic);
	if (payload)
		bh_publish(mqtt, topic, payload, 1, true, 0, NULL);
	free(payload);
}

static void send_discovery(struct bh_mqtt *mqtt, unsigned int bed, bool all)
{
	const struct bh_mqtt_bed *of = &mqtt->beds[bed];
	char *payload = bh_discovery_payload(&mqtt->config, of, mqtt->simulated, BH_VERSION);
	const char *retained = mqtt->retained[bed];
	char *removal = NULL;
	char topic[BH_TOPIC_MAX];

	bh_topic_discovery(&mqtt->config, of->id, topic);
	if (!payload)
		return;
	if (all || !retained || !bh_discovery_same(retained, payload)) {
		if (retained && bh_discovery_removal(retained, payload, &removal) > 0)
			bh_publish(mqtt, topic, removal, 1, true, 0, NULL);
		bh_publish(mqtt, topic, payload, 1, true, 0, NULL);
	}
	free(removal);
	free(payload);
}

void bh_publish_discovery(struct bh_mqtt *mqtt, bool all)
{
	for (unsigned int bed = 0; bed < mqtt->n_beds && mqtt->config.mqtt.discovery_prefix[0];
	     bed++) {
		send_discovery(mqtt, bed, all);
		free(mqtt->retained[bed]);
		mqtt->retained[bed] = NULL;
	}
}

void bh_publish_everything(struct bh_mqtt *mqtt)
{
	int64_t now_ms = bh_mqtt_now_ms();

	bh_publish(mqtt, mqtt->status_topic, BH_PAYLOAD_ONLINE, 1, true, 0, NULL);
	send_info(mqtt);
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++)
		for (unsigned int topic = 0; topic < BH_TOPIC_RETAINED; topic++)
			if (mqtt->shadows[bed][topic].payload)
				send_shadow(mqtt, bed, topic, now_ms);
}

void bh_publish_begin(struct bh_mqtt *mqtt)
{
	for (unsigned int bed = 0; bed < mqtt->n_beds; bed++) {
		int64_t not_returned_ns = mqtt->config.beds[mqtt->beds[bed].bed].not_returned_ns;

		/* Rounded up: 30 s must not look like 0, which is never. */
		bh_publish_retained(
			mqtt, bed, BH_TOPIC_CONFIG,
			bh_payload_config((not_returned_ns + BH_NS_PER_MIN - 1) / BH_NS_PER_MIN));
	}
}

/* ---- records ---- */

/* Place of a bed in beds[], or n_beds: a record of a bed nobody named is not published. */
static unsigned int find_bed(const struct bh_mqtt *mqtt, uint8_t bed)
{
	unsigned int i = 0;

	while (i < mqtt->n_beds && mqtt->beds[i].bed != bed)
		i++;
	return i;
}

static bool moved(int32_t before, int32_t now, int32_t unknown, int32_t deadband)
{
	if (before == unknown || now == unknown)
		return before != now;
	return abs(before - now) >= deadband;
}

static bool numbers_moved(const struct bh_state *before, const struct bh_state *now)
{
	if (moved(before->movement_permille, now->movement_permille, BH_EPOCH_UNKNOWN,
		  MOVEMENT_DEADBAND_PERMILLE))
		return true;
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		if (moved(before->temp_mdegc[i], now->temp_mdegc[i], BH_TEMP_UNKNOWN,
			  TEMPERATURE_DEADBAND_MDEGC))
			return true;
	return false;
}

/* A record came: are its bed's numbers worth a message? */
static void refresh_numbers(struct bh_mqtt *mqtt, unsigned int bed, int64_t mono_ns)
{
	struct bh_shadow *shadow = &mqtt->shadows[bed][BH_TOPIC_STATE];
	const struct bh_state *state = &mqtt->state[bed];
	bool aging = shadow->payload && bh_mqtt_now_ms() - shadow->published_ms >= NUMBERS_MAX_MS;

	if (!mqtt->state_known[bed])
		return;
	if (shadow->payload && !aging && !numbers_moved(&mqtt->published[bed], state))
		return;
	bh_publish_retained(mqtt, bed, BH_TOPIC_STATE,
			    bh_payload_state(state, mqtt->beds[bed].capabilities,
					     bh_wall_from_mono(&mqtt->anchor, mono_ns),
					     mqtt->simulated));
	/* Without a wall time the same numbers make the same text: it must go out all the same. */
	shadow->dirty = true;
	mqtt->published[bed] = *state;
}

static void put_state(struct bh_mqtt *mqtt, unsigned int bed, const struct bh_state *state)
{
	const struct bh_mqtt_bed *of = &mqtt->beds[bed];
	const char *side = BH_PAYLOAD_UNKNOWN;
	const char *position = BH_PAYLOAD_UNKNOWN;

	if (state->legs_side != BH_SIDE_UNKNOWN)
		side = bh_side_name(state->legs_side);
	if (state->position != BH_POSITION_UNKNOWN)
		position = bh_position_name(state->position);
	set_word(mqtt, bed, BH_TOPIC_OCCUPIED, bh_payload_tri(state->occupied));
	set_word(mqtt, bed, BH_TOPIC_RESTLESS, bh_payload_tri(state->restless));
	set_word(mqtt, bed, BH_TOPIC_LEGS_OVER_EDGE, bh_payload_tri(state->legs_over_edge));
	set_word(mqtt, bed, BH_TOPIC_LEG_OUT, bh_payload_tri(state->leg_out));
	set_word(mqtt, bed, BH_TOPIC_LEG_SIDE, side);
	set_word(mqtt, bed, BH_TOPIC_POSITION, position);
	for (unsigned int i = 0; i < of->n_sensors; i++)
		set_word(mqtt, bed, BH_TOPIC_SENSOR + i,
			 state->faults & 1u << i ? BH_PAYLOAD_OFFLINE : BH_PAYLOAD_ONLINE);
	bh_publish_retained(mqtt, bed, BH_TOPIC_FAULT, bh_payload_fault(state, of));
	mqtt->state[bed] = *state;
	mqtt->state_known[bed] = true;
	refresh_numbers(mqtt, bed, state->mono_ns);
}

/* Hand an event to the broker, or remember that it is owed. */
static bool send_event(struct bh_mqtt *mqtt, const char *tail,
		       const struct bh_event_message *message, unsigned int expiry_s, int64_t row)
{
	const struct bh_event *event = message->event;
	struct bh_flight *flight = NULL;
	char topic[BH_TOPIC_MAX];
	char *payload;
	int r = MOSQ_ERR_NOMEM;

	if (mqtt->phase == BH_PHASE_ONLINE)
		flight = bh_window_take(&mqtt->window);
	if (!flight)
		return false;
	bh_topic_bed(&mqtt->config, message->bed, tail, topic);
	payload = bh_payload_event(message);
	if (payload)
		r = bh_publish(mqtt, topic, payload, 1, false, expiry_s, &flight->mid);
	free(payload);
	if (r != MOSQ_ERR_SUCCESS) {
		bh_window_put_back(&mqtt->window, flight);
		return false;
	}
	flight->late = message->late;
	flight->row = row;
	flight->run = message->run;
	flight->bed = event->bed;
	flight->seq = event->seq;
	return true;
}

static void put_event(struct bh_mqtt *mqtt, unsigned int bed, const struct bh_event *event)
{
	const struct bh_event_info *info = bh_event_info(event->type);
	int64_t at_ns = event->phase == BH_PHASE_CLOSE ? event->end_ns : event->start_ns;
	struct bh_event_message message = {
		.event = event,
		.bed = &mqtt->beds[bed],
		.run = mqtt->run,
		.start_ms = bh_wall_from_mono(&mqtt->anchor, event->start_ns),
		.end_ms = bh_wall_from_mono(&mqtt->anchor, event->end_ns),
		.age_ms = (event->detected_ns - at_ns) / BH_NS_PER_MS,
		.simulated = mqtt->simulated,
	};

	if (!info || !bh_entity_publishes(info))
		return;
	if (!send_event(mqtt, "event", &message, EVENT_EXPIRY_S, 0))
		mqtt->missed = true;
}

bool bh_publish_late(struct bh_mqtt *mqtt, const struct bh_mqtt_late *late)
{
	unsigned int bed = find_bed(mqtt, late->event.bed);
	struct bh_event_message message = {
		.event = &late->event,
		.run = late->run,
		.start_ms = late->start_ms,
		.end_ms = late->end_ms,
		.age_ms = -1,
		.late = true,
		.simulated = late->simulated,
	};
	int64_t at_ms = late->event.phase == BH_PHASE_CLOSE ? late->end_ms : late->start_ms;

	if (bed == mqtt->n_beds || !bh_event_info(late->event.type)) {
		/* A bed or an event this program no longer knows: nobody can be told. */
		if (mqtt->hooks.late_acked)
			mqtt->hooks.late_acked(mqtt->hooks.ctx, late->row);
		return true;
	}
	message.bed = &mqtt->beds[bed];
	if (at_ms != BH_WALL_UNKNOWN && mqtt->live_anchor)
		message.age_ms = bh_wall_from_mono(&mqtt->anchor, bh_mqtt_now_ms() * BH_NS_PER_MS) -
				 at_ms;
	return send_event(mqtt, "backlog", &message, 0, late->row);
}

static void put_clock(struct bh_mqtt *mqtt, const struct bh_clock *clock)
{
	int64_t now_ms = bh_mqtt_now_ms();

	mqtt->anchor = clock->anchor;
	/* A replay brings the capture's time: it says nothing about this machine's now. */
	mqtt->live_anchor = clock->anchor.wall_ms != BH_WALL_UNKNOWN &&
			    llabs(clock->anchor.mono_ns / BH_NS_PER_MS - now_ms) <= LIVE_ANCHOR_MS;
	if (!mqtt->live_anchor)
		return;
	mqtt->wall_started_ms = bh_wall_from_mono(&clock->anchor, mqtt->started_ms * BH_NS_PER_MS);
	if (mqtt->phase == BH_PHASE_ONLINE)
		send_info(mqtt);
}

void bh_publish_record(struct bh_mqtt *mqtt, const struct bh_record *record)
{
	unsigned int bed;

	switch (record->kind) {
	case BH_RECORD_EVENT:
		bed = find_bed(mqtt, record->u.event.bed);
		if (bed < mqtt->n_beds)
			put_event(mqtt, bed, &record->u.event);
		break;
	case BH_RECORD_EPOCH:
		bed = find_bed(mqtt, record->u.epoch.bed);
		if (bed < mqtt->n_beds)
			refresh_numbers(mqtt, bed, record->u.epoch.start_ns + BH_EPOCH_NS);
		break;
	case BH_RECORD_STATE:
		bed = find_bed(mqtt, record->u.state.bed);
		if (bed < mqtt->n_beds)
			put_state(mqtt, bed, &record->u.state);
		break;
	case BH_RECORD_CLOCK:
		put_clock(mqtt, &record->u.clock);
		break;
	case BH_RECORD_CALIBRATION: /* its health comes by bh_mqtt_calibration() */
		break;
	}
}

/* ---- commands ---- */

static const char *command_error(int r)
{
	switch (r) {
	case 0:
		return NULL;
	case -ENOBUFS:
		return "too many commands wait: try again";
	case -EAGAIN:
		return "the time is not known yet: try again when the clock is synchronised";
	case -EROFS:
		return "a recording is being played: it takes no commands";
	}
	return "it cannot be carried out";
}

/* FNV-1a. */
static uint32_t mix(uint32_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return hash;
}

/* Each kind of refusal is logged once: an automation may send the same mistake every minute. What the
 * person wrote is not shown, only where. */
static void log_refusal(struct bh_mqtt *mqtt, unsigned int bed, const char *key, const char *error)
{
	uint32_t hash = mix(mix(mix(2166136261u, mqtt->beds[bed].id), key), error);

	for (unsigned int i = 0; i < mqtt->n_refused; i++)
		if (mqtt->refused[i] == hash)
			return;
	if (mqtt->n_refused == BH_REFUSED_MAX)
		return;
	mqtt->refused[mqtt->n_refused++] = hash;
	bh_log(BH_LOG_WARNING, "broker: set/%.64s of bed %s is refused: %s (told once)", key,
	       mqtt->beds[bed].id, error);
}

void bh_publish_command(struct bh_mqtt *mqtt, unsigned int bed, const char *key,
			const void *payload, size_t length)
{
	const char *error = "no such command";
	struct bh_command command;
	char *result;
	int r = bh_command_parse(key, payload, length, &command, &error);

	if (r == 0) {
		command.bed = mqtt->beds[bed].bed;
		r = mqtt->hooks.command ? mqtt->hooks.command(mqtt->hooks.ctx, &command) : -EROFS;
		error = command_error(r);
	}
	if (r == 0) {
		if (command.kind == BH_COMMAND_NOT_RETURNED_MIN)
			bh_publish_retained(mqtt, bed, BH_TOPIC_CONFIG,
					    bh_payload_config(command.value));
		/* Home Assistant shows what is retained: also when it was clamped back to the same. */
		mqtt->shadows[bed][BH_TOPIC_CONFIG].dirty = true;
		if (command.kind == BH_COMMAND_NOTE)
			set_word(mqtt, bed, BH_TOPIC_NOTE, command.text);
	}
	if (error)
		log_refusal(mqtt, bed, key, error);
	result = bh_payload_result(key, error);
	if (result && mqtt->n_answers < BH_ANSWERS_MAX)
		mqtt->answers[mqtt->n_answers++] =
			(struct bh_answer){ .bed = bed, .payload = result };
	else
		free(result);
}

void bh_publish_answers(struct bh_mqtt *mqtt)
{
	char topic[BH_TOPIC_MAX];

	for (unsigned int i = 0; i < mqtt->n_answers; i++) {
		struct bh_answer *answer = &mqtt->answers[i];

		bh_topic_bed(&mqtt->config, &mqtt->beds[answer->bed], "result", topic);
		if (mqtt->client)
			bh_publish(mqtt, topic, answer->payload, 1, false, 0, NULL);
		free(answer->payload);
	}
	mqtt->n_answers = 0;
}
