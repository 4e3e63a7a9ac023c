/* SPDX-License-Identifier: MIT */
#include "hub/daemon/session.h"

#include "hub/core/log.h"
#include "hub/core/night.h"
#include "hub/daemon/clock.h"
#include "hub/line/describe.h"
#include "hub/line/historian.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Four minutes of states and epochs of four beds, or a storm of leg movements while a disk sleeps. */
#define STORE_RING 4096
/* The broker's thread only waits for a name server; what it misses comes back from the history. */
#define MQTT_RING 1024
/* People press buttons slowly. */
#define COMMANDS_MAX 16
/* Of the two seconds that a stop may take: the rest is for the disk. */
#define MQTT_STOP_MS 1000
/* A person at a terminal asks four times a second; a terminal that was closed asks no more. */
#define ASK_NS (10 * BH_NS_PER_S)
/* A calibration grows old by the day. */
#define TELL_NS BH_NS_PER_H

struct bh_session {
	const struct bh_config *config;
	struct bh_bus bus;
	struct bh_line *line;
	struct bh_store *store;
	struct bh_historian *historian;
	struct bh_ring *to_store;
	struct bh_ring *to_mqtt; /* NULL without a broker */
	struct bh_writer *writer;
	struct bh_mqtt *mqtt;
	struct bh_pace pace;
	struct bh_clock_watch clock; /* live lines */
	struct bh_store_bed stored[BH_BEDS_MAX];
	struct bh_mqtt_bed devices[BH_BEDS_MAX];
	unsigned int n_beds;
	int64_t run;
	int64_t asked_ns; /* when somebody asked how a calibration goes */
	int64_t told_ns;  /* when the broker was told of calibrations, 0: not yet */
	bool wait_for_room; /* nothing may be lost of a source that brings its own time */

	int command_fd;
	pthread_mutex_t lock; /* for everything below */
	struct bh_clock_anchor anchor;
	struct bh_command commands[COMMANDS_MAX];
	size_t n_commands;
};

/* ---- rules ---- */

int bh_session_read_rules(const struct bh_config *config, struct bh_rule_set **ret,
			  struct bh_error *err)
{
	struct bh_rule_set *set;
	int r = bh_rule_set_new(&set);

	if (r < 0)
		return r;
	/* The library is built in; folders override it, rule by rule. */
	r = bh_rule_set_add_builtin(set, err);
	for (uint8_t i = 0; i < config->n_rule_dirs && r >= 0; i++)
		r = bh_rule_set_add_dir(set, config->rule_dirs[i], err);
	if (r >= 0)
		r = bh_rule_set_finish(set, err);
	if (r < 0) {
		bh_rule_set_free(set);
		return r;
	}
	*ret = set;
	return 0;
}

/* ---- the way of records ---- */

static void put(void *ctx, const struct bh_record *record)
{
	bh_session_put(ctx, record);
}

void bh_session_put(struct bh_session *session, const struct bh_record *record)
{
	if (record->kind == BH_RECORD_CLOCK) {
		pthread_mutex_lock(&session->lock);
		session->anchor = record->u.clock.anchor;
		pthread_mutex_unlock(&session->lock);
	}
	if (record->kind == BH_RECORD_CALIBRATION &&
	    record->u.calibration.cause != BH_CALIBRATED_ASKED)
		bh_calibrating_followed(bh_line_calibrating(session->line), &record->u.calibration);
	if (session->wait_for_room)
		bh_ring_put_wait(session->to_store, record);
	else
		bh_ring_put(session->to_store, record);
	if (session->to_mqtt)
		bh_ring_put(session->to_mqtt, record);
}

static void on_sensor(void *ctx, const char *bed, const char *sensor, enum bh_fault fault,
		      const char *detail)
{
	(void)ctx;
	if (fault == BH_FAULT_NONE)
		bh_log(BH_LOG_NOTICE, "sensor %s/%s: works", bed, sensor);
	else
		bh_log(BH_LOG_WARNING, "sensor %s/%s: %s: %s (trying again)", bed, sensor,
		       bh_fault_name(fault), detail);
}

/* ---- what the broker's thread tells ---- */

static void on_acked(void *ctx, int64_t run, uint8_t bed, uint64_t seq)
{
	struct bh_session *session = ctx;

	bh_writer_acked(session->writer, run, bed, seq);
}

static void on_late_acked(void *ctx, int64_t row)
{
	struct bh_session *session = ctx;

	bh_writer_late_acked(session->writer, row);
}

static void on_late_refused(void *ctx, int64_t row)
{
	struct bh_session *session = ctx;

	bh_writer_late_refused(session->writer, row);
}

static void on_want_late(void *ctx)
{
	struct bh_session *session = ctx;

	bh_writer_want_late(session->writer);
}

static int on_command(void *ctx, const struct bh_command *command)
{
	return bh_session_command(ctx, command);
}

/* ---- starting ---- */

static void read_boot_id(char *buf, size_t size)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");

	snprintf(buf, size, "unknown");
	if (!file)
		return;
	if (fgets(buf, (int)size, file))
		buf[strcspn(buf, "\n")] = '\0';
	fclose(file);
}

static int open_history(struct bh_session *session, const struct bh_session_options *options,
			struct bh_error *err)
{
	const struct bh_config *config = session->config;
	struct bh_historian_config historian = { .n_beds = config->n_beds,
						 .commit_ns = config->commit_s * BH_NS_PER_S };
	struct bh_store_run run;
	char boot_id[sizeof(run.boot_id)];
	int r = bh_store_open(options->database ? options->database : config->database,
			      BH_STORE_WRITE, &session->store, err);

	if (r < 0)
		return r;
	read_boot_id(boot_id, sizeof(boot_id));
	session->n_beds = bh_describe_beds(session->line, config, session->stored, session->devices);
	bh_describe_run(session->line, config, boot_id, session->pace.line_ns, config->mqtt.enabled,
			&run);
	r = bh_store_run_begin(session->store, &run, session->stored, session->n_beds,
			       &session->run);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot begin a run in the history: %s",
				    strerror(-r));
	r = bh_calibrating_load(bh_line_calibrating(session->line), session->store, session->n_beds,
				run.origin == BH_ORIGIN_SIMULATED);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot read the calibrations: %s",
				    strerror(-r));
	historian.store = session->store;
	historian.run = session->run;
	historian.live = !session->pace.own_time || session->pace.speed > 0;
	return bh_historian_new(&historian, &session->historian);
}

static int make_rings(struct bh_session *session)
{
	int r = bh_ring_new(STORE_RING, &session->to_store);

	if (r == 0 && session->config->mqtt.enabled)
		r = bh_ring_new(MQTT_RING, &session->to_mqtt);
	if (r < 0)
		return r;
	session->command_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return session->command_fd < 0 ? -errno : 0;
}

/* The first record of a run says what is known of wall time. */
static void begin_time(struct bh_session *session)
{
	struct bh_record record = { .kind = BH_RECORD_CLOCK };
	int64_t now_ns = bh_clock_mono_ns();

	if (session->pace.own_time) {
		record.u.clock.change = BH_CLOCK_START;
		bh_line_own_time(session->line, &record.u.clock.anchor);
	} else {
		bh_clock_begin(&session->clock, session->config->clock_trusted, &record.u.clock);
	}
	bh_session_put(session, &record);
	bh_line_start(session->line, now_ns);
	session->pace.mono_ns = now_ns;
	session->pace.line_ns = now_ns;
	if (session->pace.own_time)
		session->pace.line_ns = bh_line_step(session->line, BH_MONO_NONE);
}

static int start_threads(struct bh_session *session, struct bh_rule_set *rules, struct bh_error *err)
{
	struct bh_mqtt_hooks hooks = { .ctx = session,
				       .acked = on_acked,
				       .late_acked = on_late_acked,
				       .late_refused = on_late_refused,
				       .want_late = on_want_late,
				       .command = on_command };
	int r = bh_writer_start(session->config, session->historian, session->store,
				session->to_store, &session->pace, &session->writer);

	if (r < 0) {
		bh_rule_set_free(rules);
		return r;
	}
	bh_writer_rules(session->writer, rules);
	if (!session->to_mqtt)
		return 0;
	r = bh_mqtt_start(session->config, session->devices, session->n_beds, session->to_mqtt,
			  session->run, bh_line_simulated(session->line), &hooks, &session->mqtt, err);
	if (r == 0)
		bh_writer_mqtt(session->writer, session->mqtt);
	return r;
}

int bh_session_start(const struct bh_config *config, struct bh_rule_set *rules,
		     const struct bh_session_options *options, struct bh_session **ret,
		     struct bh_error *err)
{
	struct bh_session *session = calloc(1, sizeof(*session));
	struct bh_line_hooks hooks = { .sensor = on_sensor };
	struct bh_sink sink = { .put = put, .ctx = session };
	int r = -ENOMEM;

	if (!session)
		goto err_free_rules;
	session->config = config;
	session->command_fd = -1;
	session->anchor.wall_ms = BH_WALL_UNKNOWN;
	pthread_mutex_init(&session->lock, NULL);
	bh_bus_machine(&session->bus);
	r = bh_line_new(config, &session->bus, &sink, &hooks, &session->line, err);
	if (r < 0)
		goto err_stop;
	session->pace.own_time = bh_line_own_time(session->line, NULL);
	session->pace.speed = options->speed;
	session->wait_for_room = session->pace.own_time;
	r = make_rings(session);
	if (r < 0)
		goto err_stop;
	begin_time(session);
	r = open_history(session, options, err);
	if (r < 0)
		goto err_stop;
	r = start_threads(session, rules, err);
	rules = NULL; /* the writer's now */
	if (r < 0)
		goto err_stop;
	*ret = session;
	return 0;

err_stop:
	bh_session_stop(session, bh_clock_mono_ns());
err_free_rules:
	bh_rule_set_free(rules);
	return r;
}

/* ---- stopping ---- */

void bh_session_stop(struct bh_session *session, int64_t line_ns)
{
	if (!session)
		return;
	/* Last records first, then the broker (its acknowledgements still count), then the disk. */
	if (session->writer)
		bh_line_stop(session->line, line_ns, BH_END_STOPPED);
	if (bh_mqtt_stop(session->mqtt, MQTT_STOP_MS) < 0)
		bh_log(BH_LOG_NOTICE, "broker: no goodbye: the connection hangs");
	bh_writer_stop(session->writer);
	bh_mqtt_free(session->mqtt);
	bh_historian_free(session->historian);
	bh_store_close(session->store);
	bh_line_free(session->line);
	bh_bus_machine_close(&session->bus);
	bh_ring_free(session->to_mqtt);
	bh_ring_free(session->to_store);
	if (session->command_fd >= 0)
		close(session->command_fd);
	pthread_mutex_destroy(&session->lock);
	free(session);
}

/* ---- in use ---- */

struct bh_line *bh_session_line(struct bh_session *session)
{
	return session->line;
}

const struct bh_config *bh_session_config(const struct bh_session *session)
{
	return session->config;
}

const struct bh_pace *bh_session_pace(const struct bh_session *session)
{
	return &session->pace;
}

void bh_session_check_clock(struct bh_session *session, int64_t mono_ns)
{
	struct bh_record record = { .kind = BH_RECORD_CLOCK };

	if (session->pace.own_time || !bh_clock_check(&session->clock, mono_ns, &record.u.clock))
		return;
	if (record.u.clock.change == BH_CLOCK_SYNC)
		bh_log(BH_LOG_NOTICE, "clock: synchronised");
	else
		bh_log(BH_LOG_NOTICE, "clock: stepped by %lld ms",
		       (long long)record.u.clock.step_ms);
	bh_session_put(session, &record);
}

void bh_session_rules(struct bh_session *session, struct bh_rule_set *rules)
{
	bh_writer_rules(session->writer, rules);
}

/* ---- commands ---- */

int bh_session_command_fd(const struct bh_session *session)
{
	return session->command_fd;
}

/* A note, or what came as a command, as the writer takes it. */
static struct bh_remark remark_of(const struct bh_command *command)
{
	struct bh_remark said = command->said;

	if (command->kind == BH_COMMAND_NOTE) {
		said = (struct bh_remark){ .kind = BH_SAID_DIARY,
					   .u.diary = { .key = "note", .at_ms = BH_WALL_UNKNOWN } };
		snprintf(said.u.diary.value, sizeof(said.u.diary.value), "%s", command->text);
	}
	if (said.kind == BH_SAID_PROFILE)
		said.u.profile.bed = command->bed;
	else
		said.u.diary.bed = command->bed;
	return said;
}

static bool knows_time(struct bh_session *session)
{
	bool known;

	pthread_mutex_lock(&session->lock);
	known = session->anchor.wall_ms != BH_WALL_UNKNOWN;
	pthread_mutex_unlock(&session->lock);
	return known;
}

/* For the sensing thread. */
static int queue(struct bh_session *session, const struct bh_command *command)
{
	int r = -ENOBUFS;

	pthread_mutex_lock(&session->lock);
	if (session->n_commands < COMMANDS_MAX) {
		session->commands[session->n_commands++] = *command;
		eventfd_write(session->command_fd, 1);
		r = 0;
	}
	pthread_mutex_unlock(&session->lock);
	return r;
}

int bh_session_command(struct bh_session *session, const struct bh_command *command)
{
	struct bh_remark said;

	if (command->bed >= session->n_beds)
		return -EINVAL;
	if (command->kind != BH_COMMAND_NOTE && command->kind != BH_COMMAND_SAY)
		return queue(session, command);
	/* What is said belongs to a night: which one is not known without the time. */
	if (!knows_time(session))
		return -EAGAIN;
	said = remark_of(command);
	return bh_writer_say(session->writer, &said);
}

int bh_session_ask(struct bh_session *session, const char *request, int fd)
{
	return knows_time(session) ? bh_writer_ask(session->writer, request, fd) : -EAGAIN;
}

static void run_command(struct bh_session *session, const struct bh_command *command,
			int64_t line_ns)
{
	struct bh_detect *detect = bh_line_detect(session->line, command->bed);
	struct bh_event mark = { .type = BH_EVENT_MARK,
				 .phase = BH_PHASE_INSTANT,
				 .end_cause = BH_END_NORMAL,
				 .bed = command->bed,
				 .sensor = BH_SENSOR_NONE,
				 .confidence_permille = 1000,
				 .start_ns = line_ns,
				 .end_ns = line_ns,
				 .detected_ns = line_ns };

	switch (command->kind) {
	case BH_COMMAND_MARK:
		bh_detect_inject(detect, &mark);
		break;
	case BH_COMMAND_NOTE:
	case BH_COMMAND_SAY:
		break; /* the writer's */
	case BH_COMMAND_NOT_RETURNED_MIN:
		bh_detect_set_not_returned(detect, command->value * BH_NS_PER_MIN);
		break;
	}
}

void bh_session_run_commands(struct bh_session *session, int64_t line_ns)
{
	struct bh_command commands[COMMANDS_MAX];
	size_t n_commands;
	eventfd_t drained;

	pthread_mutex_lock(&session->lock);
	eventfd_read(session->command_fd, &drained);
	n_commands = session->n_commands;
	memcpy(commands, session->commands, n_commands * sizeof(*commands));
	session->n_commands = 0;
	pthread_mutex_unlock(&session->lock);
	for (size_t i = 0; i < n_commands; i++)
		run_command(session, &commands[i], line_ns);
}

/* ---- calibrations ---- */

int bh_session_calibrate(struct bh_session *session, const struct bh_calibrate_setup *setup)
{
	session->asked_ns = bh_clock_mono_ns();
	return bh_calibrating_begin(bh_line_calibrating(session->line), setup);
}

struct bh_calibration_progress bh_session_calibration(struct bh_session *session, uint8_t *ret_bed)
{
	session->asked_ns = bh_clock_mono_ns();
	return bh_calibrating_progress(bh_line_calibrating(session->line), ret_bed);
}

static void tell_calibrations(struct bh_session *session, int64_t line_ns)
{
	struct bh_calibrating *calibrating = bh_line_calibrating(session->line);
	int64_t now_ms = bh_wall_from_mono(&session->anchor, line_ns);

	for (unsigned int bed = 0; bed < session->n_beds && session->mqtt; bed++) {
		struct bh_calibration_status status[BH_CALIBRATION_KINDS];

		for (unsigned int kind = 0; kind < BH_CALIBRATION_KINDS; kind++)
			status[kind] = bh_calibrating_status(calibrating, (uint8_t)bed,
							     (enum bh_calibration_kind)kind,
							     &session->anchor);
		bh_mqtt_calibration(session->mqtt, (uint8_t)bed, status, now_ms);
	}
}

void bh_session_tend(struct bh_session *session, int64_t mono_ns, int64_t line_ns)
{
	struct bh_calibrating *calibrating = bh_line_calibrating(session->line);

	if (mono_ns - session->asked_ns > ASK_NS &&
	    bh_calibrating_progress(calibrating, NULL).running) {
		bh_calibrating_cancel(calibrating);
		bh_log(BH_LOG_NOTICE, "calibration: abandoned: nobody follows it");
	}
	if (!bh_calibrating_changed(calibrating) && session->told_ns != 0 &&
	    mono_ns - session->told_ns < TELL_NS)
		return;
	session->told_ns = mono_ns;
	tell_calibrations(session, line_ns);
}

struct bh_session_stats bh_session_stats(struct bh_session *session)
{
	struct bh_session_stats stats = {
		.run = session->run,
		.simulated = bh_line_simulated(session->line),
		.writer = bh_writer_stats(session->writer),
		.to_store = bh_ring_stats(session->to_store),
		.mqtt_enabled = session->to_mqtt != NULL,
		.anchor = session->anchor,
	};

	if (session->to_mqtt) {
		stats.to_mqtt = bh_ring_stats(session->to_mqtt);
		stats.mqtt = bh_mqtt_stats(session->mqtt);
	}
	return stats;
}
