/* SPDX-License-Identifier: MIT */
/*
 * The broker session without a bed: lines on stdin become records, calls of its hooks become lines
 * on stdout. It keeps what the broker has not acknowledged and sends it late when asked, as the
 * historian does. mqtt_wire.py drives it against a real Mosquitto.
 *
 *   clock WALL_MS                       wall time of now becomes known
 *   state KEY=VALUE...                  occupied restless legs out (yes no unknown), side, position,
 *                                       movement left right room (numbers or unknown), fault=SENSOR
 *   event NAME open|close|instant SEQ [side=left] [value=N] [sensor=N] [bed=N]
 *   epoch                               30 s have passed
 *   night RESTLESS EXITS                a night's numbers
 *   findings VERDICT                    one finding of the circulation class
 *   stats                               prints what `status` shows
 *   sync                                prints "synced": everything before has been taken
 *   stop MS                             bh_mqtt_stop(), prints its result and how long it took
 */
#include "hub/core/state.h"
#include "hub/mqtt/mqtt.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define RING_CAPACITY 1024
#define OWED_MAX 4096

static const char *const sensor_names[] = { "mat", "left-leg", "right leg/#2", "room" };

/* An event the broker has not acknowledged. */
struct owed {
	bool waiting;
	bool sent_late;
	struct bh_event event;
};

struct probe {
	pthread_mutex_t lock;
	struct bh_mqtt *mqtt;
	struct bh_ring *ring;
	struct bh_config config;
	struct bh_mqtt_bed beds[BH_BEDS_MAX];
	struct bh_clock_anchor anchor;
	struct bh_state state[BH_BEDS_MAX];
	int64_t run;
	size_t n_owed;
	struct owed owed[OWED_MAX];
	bool want_late;
};

static struct probe probe = { .lock = PTHREAD_MUTEX_INITIALIZER,
			      .anchor = { .wall_ms = BH_WALL_UNKNOWN },
			      .run = 7 };

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
}

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	/* Two threads say things: a line is one piece. */
	flockfile(stdout);
	vprintf(format, ap);
	putchar('\n');
	fflush(stdout);
	funlockfile(stdout);
	va_end(ap);
}

/* ---- hooks: the mqtt thread ---- */

static void on_acked(void *ctx, int64_t run, uint8_t bed, uint64_t seq)
{
	(void)ctx;
	pthread_mutex_lock(&probe.lock);
	for (size_t i = 0; i < probe.n_owed; i++)
		if (probe.owed[i].event.bed == bed && probe.owed[i].event.seq == seq)
			probe.owed[i].waiting = false;
	say("acked %lld %u %llu", (long long)run, bed, (unsigned long long)seq);
	pthread_mutex_unlock(&probe.lock);
}

static void on_late_acked(void *ctx, int64_t row)
{
	(void)ctx;
	pthread_mutex_lock(&probe.lock);
	probe.owed[row].waiting = false;
	say("late_acked %lld", (long long)row);
	pthread_mutex_unlock(&probe.lock);
}

static void on_want_late(void *ctx)
{
	(void)ctx;
	pthread_mutex_lock(&probe.lock);
	probe.want_late = true;
	for (size_t i = 0; i < probe.n_owed; i++)
		probe.owed[i].sent_late = false;
	say("want_late");
	pthread_mutex_unlock(&probe.lock);
}

static void say_said(const struct bh_remark *said)
{
	const struct bh_diary_item *diary = &said->u.diary;

	switch (said->kind) {
	case BH_SAID_PROFILE:
		say("said profile %s [%s]", said->u.profile.key, said->u.profile.value);
		break;
	case BH_SAID_DIARY:
		say("said diary %s [%s] %s [%s]", diary->key, diary->value, bh_side_name(diary->side),
		    diary->site);
		break;
	case BH_SAID_UNSAID:
		say("unsaid [%s]", diary->key);
		break;
	}
}

static int on_command(void *ctx, const struct bh_command *command)
{
	(void)ctx;
	pthread_mutex_lock(&probe.lock);
	if (command->kind == BH_COMMAND_SAY)
		say_said(&command->said);
	else
		say("command %d %u %d [%s]", command->kind, command->bed, command->value,
		    command->text);
	pthread_mutex_unlock(&probe.lock);
	return 0;
}

/* ---- the historian's part: send what is owed, oldest first ---- */

static void send_owed(void)
{
	bool all = true;

	pthread_mutex_lock(&probe.lock);
	for (size_t i = 0; probe.want_late && i < probe.n_owed; i++) {
		struct owed *owed = &probe.owed[i];
		struct bh_mqtt_late late = {
			.row = (int64_t)i,
			.run = probe.run,
			.event = owed->event,
			.start_ms = bh_wall_from_mono(&probe.anchor, owed->event.start_ns),
			.end_ms = bh_wall_from_mono(&probe.anchor, owed->event.end_ns),
		};

		if (!owed->waiting || owed->sent_late)
			continue;
		if (bh_mqtt_late(probe.mqtt, &late) < 0) {
			all = false;
			break;
		}
		owed->sent_late = true;
	}
	if (probe.want_late && all) {
		probe.want_late = false;
		bh_mqtt_late_done(probe.mqtt);
	}
	pthread_mutex_unlock(&probe.lock);
}

/* ---- lines ---- */

static void put(const struct bh_record *record)
{
	if (bh_ring_put(probe.ring, record) < 0)
		say("ring full");
}

static enum bh_tri tri(const char *word)
{
	if (strcmp(word, "yes") == 0)
		return BH_YES;
	return strcmp(word, "no") == 0 ? BH_NO : BH_UNKNOWN;
}

static int32_t number(const char *word, int32_t unknown)
{
	return strcmp(word, "unknown") == 0 ? unknown : (int32_t)strtol(word, NULL, 10);
}

static void set_fault(struct bh_state *state, const char *word)
{
	state->faults = 0;
	for (unsigned int i = 0; i < sizeof(sensor_names) / sizeof(sensor_names[0]); i++) {
		state->fault[i] = BH_FAULT_NONE;
		if (strcmp(sensor_names[i], word) == 0) {
			state->faults = 1u << i;
			state->fault[i] = BH_FAULT_GONE;
		}
	}
}

static void set_state(struct bh_state *state, const char *key, const char *value)
{
	if (strcmp(key, "occupied") == 0)
		state->occupied = tri(value);
	else if (strcmp(key, "restless") == 0)
		state->restless = tri(value);
	else if (strcmp(key, "legs") == 0)
		state->legs_over_edge = tri(value);
	else if (strcmp(key, "out") == 0)
		state->leg_out = tri(value);
	else if (strcmp(key, "side") == 0)
		bh_side_from_name(value, &state->legs_side);
	else if (strcmp(key, "position") == 0)
		bh_position_from_name(value, &state->position);
	else if (strcmp(key, "movement") == 0)
		state->movement_permille = number(value, BH_EPOCH_UNKNOWN);
	else if (strcmp(key, "left") == 0)
		state->temp_mdegc[BH_TEMP_LEFT] = number(value, BH_TEMP_UNKNOWN);
	else if (strcmp(key, "right") == 0)
		state->temp_mdegc[BH_TEMP_RIGHT] = number(value, BH_TEMP_UNKNOWN);
	else if (strcmp(key, "room") == 0)
		state->temp_mdegc[BH_TEMP_ROOM] = number(value, BH_TEMP_UNKNOWN);
	else if (strcmp(key, "bed") == 0)
		state->bed = (uint8_t)strtol(value, NULL, 10);
	else if (strcmp(key, "fault") == 0)
		set_fault(state, value);
	else
		say("unknown key %s", key);
}

static void do_state(char *rest)
{
	struct bh_record record = { .kind = BH_RECORD_STATE };
	char *save = NULL;

	for (char *word = strtok_r(rest, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		char *value = strchr(word, '=');

		if (!value)
			continue;
		*value = '\0';
		set_state(&probe.state[0], word, value + 1);
	}
	probe.state[0].mono_ns = now_ns();
	record.u.state = probe.state[0];
	put(&record);
}

static void do_event(char *rest)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };
	struct bh_event *event = &record.u.event;
	char name[64];
	char phase[16];
	unsigned long long seq;
	int used = 0;
	char *save = NULL;

	if (sscanf(rest, "%63s %15s %llu%n", name, phase, &seq, &used) < 3 ||
	    bh_event_type_from_name(name, &event->type) < 0) {
		say("bad event");
		return;
	}
	event->seq = seq;
	event->phase = phase[0] == 'o'	 ? BH_PHASE_OPEN
		       : phase[0] == 'c' ? BH_PHASE_CLOSE
					 : BH_PHASE_INSTANT;
	event->confidence_permille = 800;
	event->sensor = BH_SENSOR_NONE;
	event->detected_ns = now_ns();
	event->start_ns = event->detected_ns - 2 * BH_NS_PER_S;
	event->end_ns = event->phase == BH_PHASE_OPEN ? BH_MONO_NONE : event->detected_ns;
	if (event->phase == BH_PHASE_CLOSE)
		event->end_cause = BH_END_NORMAL;
	for (char *word = strtok_r(rest + used, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		if (strncmp(word, "side=", 5) == 0)
			bh_side_from_name(word + 5, &event->side);
		else if (strncmp(word, "value=", 6) == 0)
			event->value = (int32_t)strtol(word + 6, NULL, 10);
		else if (strncmp(word, "sensor=", 7) == 0)
			event->sensor = (uint8_t)strtol(word + 7, NULL, 10);
		else if (strncmp(word, "bed=", 4) == 0)
			event->bed = (uint8_t)strtol(word + 4, NULL, 10);
	}
	pthread_mutex_lock(&probe.lock);
	if (probe.n_owed < OWED_MAX && bh_event_info(event->type)->class != BH_CLASS_DETAIL)
		probe.owed[probe.n_owed++] = (struct owed){ .waiting = true, .event = *event };
	pthread_mutex_unlock(&probe.lock);
	put(&record);
}

static void do_clock(const char *rest)
{
	struct bh_record record = { .kind = BH_RECORD_CLOCK };

	probe.anchor.mono_ns = now_ns();
	probe.anchor.wall_ms = strtoll(rest, NULL, 10);
	record.u.clock.anchor = probe.anchor;
	record.u.clock.change = BH_CLOCK_SYNC;
	put(&record);
}

static void do_epoch(void)
{
	struct bh_record record = { .kind = BH_RECORD_EPOCH };

	record.u.epoch.start_ns = now_ns() - BH_EPOCH_NS;
	put(&record);
}

static void do_night(const char *rest)
{
	struct bh_night night = { .date = 20261122,
				  .coverage_permille = 990,
				  .in_bed_min = 412,
				  .quiet_min = 300,
				  .leg_movements = BH_EPOCH_UNKNOWN,
				  .last_exit_ms = BH_WALL_UNKNOWN };
	int restless = 0;
	int exits = 0;

	sscanf(rest, "%d %d", &restless, &exits);
	night.restless_min = restless;
	night.exits = exits;
	bh_mqtt_night(probe.mqtt, &night);
}

/* "diary pain/left=6 urge=yes": the entries of the night. */
static void do_diary(char *rest)
{
	struct bh_diary_item items[8] = { { .night = 20261122 } };
	char *save = NULL;
	size_t n = 0;

	for (char *word = strtok_r(rest, " ", &save); word && n < 8; word = strtok_r(NULL, " ", &save)) {
		char side[8] = "unknown";

		if (sscanf(word, "%31[a-z_]/%7[a-z]=%31s", items[n].key, side, items[n].value) < 3 &&
		    sscanf(word, "%31[a-z_]=%31s", items[n].key, items[n].value) < 2)
			continue;
		bh_side_from_name(side, &items[n++].side);
	}
	bh_mqtt_diary(probe.mqtt, 0, 20261122, items, n);
}

/* "profile age=71 diabetes=no" */
static void do_profile(char *rest)
{
	struct bh_profile_item items[8] = { { .bed = 0 } };
	char *save = NULL;
	size_t n = 0;

	for (char *word = strtok_r(rest, " ", &save); word && n < 8; word = strtok_r(NULL, " ", &save))
		if (sscanf(word, "%31[a-z_]=%31s", items[n].key, items[n].value) == 2)
			n++;
	bh_mqtt_profile(probe.mqtt, 0, items, n);
}

static void do_findings(const char *verdict)
{
	static struct bh_finding finding = {
		.rule = "peripheral_artery_disease",
		.class = BH_RULE_CIRCULATION,
		.band = BH_BAND_LIKENESS,
		.nights_used = 9,
		.nights_window = 14,
		.says = "Legs hung over the edge on 6 of 9 nights.",
		.n_evidence = 2,
		.evidence = { { .text = "hung on 6 of 9 nights",
				.truth = BH_TRUTH_TRUE,
				.counted = true },
			      { .text = "no relief", .truth = BH_TRUTH_FALSE, .counted = true } },
	};

	bh_mqtt_findings(probe.mqtt, 0, &finding, 1, verdict);
}

static void do_stats(void)
{
	struct bh_mqtt_stats stats = bh_mqtt_stats(probe.mqtt);

	say("stats connected=%d published=%llu acked=%llu reconnects=%llu error=[%s]",
	    stats.connected, (unsigned long long)stats.published, (unsigned long long)stats.acked,
	    (unsigned long long)stats.reconnects, stats.last_error);
}

static void do_sync(void)
{
	while (bh_ring_stats(probe.ring).used > 0)
		usleep(1000);
	say("synced");
}

static int do_stop(int patience_ms)
{
	int64_t from_ns = now_ns();
	int r = bh_mqtt_stop(probe.mqtt, patience_ms);

	say("stopped %d after %lld ms", r, (long long)((now_ns() - from_ns) / BH_NS_PER_MS));
	/* As in the daemon: after a time-out the rings go away all the same. */
	bh_ring_free(probe.ring);
	bh_mqtt_free(probe.mqtt);
	return r;
}

static void do_line(char *line)
{
	char *rest = strchr(line, ' ');

	rest = rest ? rest + 1 : line + strlen(line);
	if (strncmp(line, "state ", 6) == 0)
		do_state(rest);
	else if (strncmp(line, "event ", 6) == 0)
		do_event(rest);
	else if (strncmp(line, "clock ", 6) == 0)
		do_clock(rest);
	else if (strcmp(line, "epoch") == 0)
		do_epoch();
	else if (strncmp(line, "night ", 6) == 0)
		do_night(rest);
	else if (strncmp(line, "diary ", 6) == 0)
		do_diary(rest);
	else if (strncmp(line, "profile ", 8) == 0)
		do_profile(rest);
	else if (strncmp(line, "findings ", 9) == 0)
		do_findings(rest);
	else if (strcmp(line, "stats") == 0)
		do_stats();
	else if (strcmp(line, "sync") == 0)
		do_sync();
	else
		say("unknown line %s", line);
}

static void set_bed(unsigned int i, uint32_t capabilities)
{
	struct bh_mqtt_bed *bed = &probe.beds[i];
	struct bh_bed_config *config = &probe.config.beds[i];
	const enum bh_temp_slot slots[] = { BH_TEMP_LEFT, BH_TEMP_LEFT, BH_TEMP_RIGHT,
					    BH_TEMP_ROOM };

	bed->bed = (uint8_t)i;
	snprintf(bed->id, sizeof(bed->id), i ? "bed%u" : "bed", i);
	snprintf(bed->name, sizeof(bed->name), "Bedroom %u", i + 1);
	bed->capabilities = capabilities;
	bed->n_sensors = sizeof(sensor_names) / sizeof(sensor_names[0]);
	config->n_sensors = bed->n_sensors;
	config->not_returned_ns = 15 * BH_NS_PER_MIN;
	for (unsigned int s = 0; s < bed->n_sensors; s++) {
		snprintf(bed->sensors[s], BH_NAME_MAX, "%s", sensor_names[s]);
		config->sensors[s].is_mat = s == 0;
		config->sensors[s].slot = slots[s];
	}
	probe.state[i] =
		(struct bh_state){ .bed = (uint8_t)i, .movement_permille = BH_EPOCH_UNKNOWN };
	for (int t = 0; t < BH_TEMP_SLOTS; t++)
		probe.state[i].temp_mdegc[t] = BH_TEMP_UNKNOWN;
}

static bool read_options(int argc, char **argv, bool *ret_simulated, bool *ret_forget)
{
	static const struct option options[] = {
		{ "host", required_argument, NULL, 'h' },
		{ "port", required_argument, NULL, 'p' },
		{ "hub", required_argument, NULL, 'i' },
		{ "can", required_argument, NULL, 'c' },
		{ "beds", required_argument, NULL, 'b' },
		{ "simulated", no_argument, NULL, 's' },
		{ "forget", no_argument, NULL, 'f' },
		{ "user", required_argument, NULL, 'u' },
		{ "password", required_argument, NULL, 'w' },
		{ "ca", required_argument, NULL, 'a' },
		{ "keepalive", required_argument, NULL, 'k' },
		{ NULL, 0, NULL, 0 },
	};
	struct bh_mqtt_config *mqtt = &probe.config.mqtt;
	uint32_t capabilities = BH_CAN_ALL & ~BH_CAN_TEMP_ABSOLUTE;
	int c;

	snprintf(probe.config.hub_id, sizeof(probe.config.hub_id), "test");
	snprintf(mqtt->host, sizeof(mqtt->host), "127.0.0.1");
	snprintf(mqtt->prefix, sizeof(mqtt->prefix), "bedside");
	snprintf(mqtt->discovery_prefix, sizeof(mqtt->discovery_prefix), "homeassistant");
	mqtt->keepalive_s = 60;
	probe.config.n_beds = 1;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			snprintf(mqtt->host, sizeof(mqtt->host), "%s", optarg);
			break;
		case 'p':
			mqtt->port = (uint16_t)strtol(optarg, NULL, 10);
			break;
		case 'i':
			snprintf(probe.config.hub_id, sizeof(probe.config.hub_id), "%s", optarg);
			break;
		case 'c':
			capabilities = (uint32_t)strtoul(optarg, NULL, 16);
			break;
		case 'b':
			probe.config.n_beds = (uint8_t)strtol(optarg, NULL, 10);
			break;
		case 's':
			*ret_simulated = true;
			break;
		case 'f':
			*ret_forget = true;
			break;
		case 'u':
			snprintf(mqtt->username, sizeof(mqtt->username), "%s", optarg);
			break;
		case 'w':
			snprintf(mqtt->password, sizeof(mqtt->password), "%s", optarg);
			break;
		case 'a':
			mqtt->tls = true;
			snprintf(mqtt->ca_file, sizeof(mqtt->ca_file), "%s", optarg);
			break;
		case 'k':
			mqtt->keepalive_s = (uint16_t)strtol(optarg, NULL, 10);
			break;
		default:
			return false;
		}
	}
	for (unsigned int i = 0; i < probe.config.n_beds; i++)
		set_bed(i, capabilities);
	return true;
}

/* Lines until "stop MS" or the end of stdin; between them the historian's part. */
static int serve(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char line[512];
	size_t n = 0;

	while (true) {
		send_owed();
		if (poll(&in, 1, 10) <= 0)
			continue;
		if (read(STDIN_FILENO, line + n, 1) != 1)
			return do_stop(2000);
		if (line[n] != '\n') {
			n += n < sizeof(line) - 2;
			continue;
		}
		line[n] = '\0';
		n = 0;
		if (strncmp(line, "stop ", 5) == 0)
			return do_stop((int)strtol(line + 5, NULL, 10));
		do_line(line);
	}
}

int main(int argc, char **argv)
{
	const struct bh_mqtt_hooks hooks = { .acked = on_acked,
					     .late_acked = on_late_acked,
					     .want_late = on_want_late,
					     .command = on_command };
	struct bh_error err = { 0 };
	bool simulated = false;
	bool forget = false;
	int r;

	if (!read_options(argc, argv, &simulated, &forget))
		return 2;
	if (forget)
		r = bh_mqtt_forget(&probe.config, probe.beds, probe.config.n_beds, &err);
	else if (bh_ring_new(RING_CAPACITY, &probe.ring) < 0)
		return 1;
	else
		r = bh_mqtt_start(&probe.config, probe.beds, probe.config.n_beds, probe.ring,
				  probe.run, simulated, &hooks, &probe.mqtt, &err);
	if (r < 0) {
		say("error %d %s: %s", r, err.place, err.text);
		return 1;
	}
	if (forget)
		return 0;
	say("started");
	serve();
	return 0;
}
