/* SPDX-License-Identifier: MIT */
#include "hub/line/replay.h"

#include "hub/line/describe.h"
#include "hub/line/historian.h"
#include "hub/line/line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nothing waits for the disk in a replay, so a commit may be as large as memory likes. */
#define COMMIT_NS (24 * BH_NS_PER_H)
/* Progress is told each so many steps: often enough for a bar, seldom enough to cost nothing. */
#define STEPS_PER_PROGRESS 4096
/* Room for what one second of the fastest mat can put before the session's thread takes it. */
#define RING_CAPACITY 1024
/* A replay's last events get this long to reach the broker. */
#define MQTT_STOP_MS 5000

struct run {
	const struct bh_replay *replay;
	struct bh_replay_result *result;
	struct bh_historian *historian;
	struct bh_line *line;
	struct bh_ring *ring; /* to the broker session, or NULL */
	struct bh_mqtt *mqtt;
	struct bh_config mqtt_config; /* as the broker session sees this hub */
	int64_t first_ns;
	int64_t now_ns;
	int error; /* of the store: ends the replay */
};

static void count(struct bh_replay_result *result, const struct bh_record *record)
{
	if (record->kind == BH_RECORD_EPOCH)
		result->epochs++;
	if (record->kind == BH_RECORD_EVENT && record->u.event.phase != BH_PHASE_CLOSE)
		result->events[record->u.event.type]++;
}

static void put(void *ctx, const struct bh_record *record)
{
	struct run *run = ctx;
	int r;

	if (run->error)
		return;
	count(run->result, record);
	r = bh_historian_put(run->historian, record);
	if (r < 0)
		run->error = r;
	if (run->ring)
		bh_ring_put_wait(run->ring, record);
}

static void on_acked(void *ctx, int64_t run_id, uint8_t bed, uint64_t seq)
{
	struct run *run = ctx;

	bh_historian_acked(run->historian, run_id, bed, seq);
}

static void on_late_acked(void *ctx, int64_t row)
{
	struct run *run = ctx;

	bh_historian_late_acked(run->historian, row);
}

static void on_want_late(void *ctx)
{
	struct run *run = ctx;

	bh_historian_want_late(run->historian);
}

static void on_late_refused(void *ctx, int64_t row)
{
	struct run *run = ctx;

	bh_historian_late_refused(run->historian, row);
}

/* A replay takes no commands: it is the past. */
static int on_command(void *ctx, const struct bh_command *command)
{
	(void)ctx;
	(void)command;
	return -EROFS;
}

/* The broker may know the live hub, too: a replay is another hub, with beds that say what they are. */
static void name_replay(const struct bh_config *config, struct bh_config *ret,
			struct bh_mqtt_bed *beds, unsigned int n_beds)
{
	static const char mark[] = "_replay";

	*ret = *config;
	snprintf(ret->hub_id, sizeof(ret->hub_id), "%.*s%s",
		 (int)(sizeof(ret->hub_id) - sizeof(mark)), config->hub_id, mark);
	for (unsigned int i = 0; i < n_beds; i++) {
		char name[sizeof(beds[i].name)];

		snprintf(name, sizeof(name), "%s", beds[i].name);
		snprintf(beds[i].name, sizeof(beds[i].name), "Replay of %.*s",
			 (int)(sizeof(name) - sizeof("Replay of ")), name);
	}
}

static bool publishes(const struct bh_replay *replay)
{
	return replay->publish && replay->config->mqtt.enabled;
}

static int start_mqtt(struct run *run, struct bh_mqtt_bed *beds, unsigned int n_beds,
		      struct bh_error *err)
{
	struct bh_mqtt_hooks hooks = { .ctx = run,
				       .acked = on_acked,
				       .late_acked = on_late_acked,
				       .late_refused = on_late_refused,
				       .want_late = on_want_late,
				       .command = on_command };
	int r;

	if (!publishes(run->replay))
		return 0;
	r = bh_ring_new(RING_CAPACITY, &run->ring);
	if (r < 0)
		return r;
	name_replay(run->replay->config, &run->mqtt_config, beds, n_beds);
	r = bh_mqtt_start(&run->mqtt_config, beds, n_beds, run->ring, run->result->run,
			  run->result->simulated, &hooks, &run->mqtt, err);
	if (r < 0)
		return r;
	bh_historian_set_mqtt(run->historian, run->mqtt);
	return 0;
}

/* Begin the run in the history and connect everything that takes records. */
static int start(struct run *run, struct bh_error *err)
{
	const struct bh_replay *replay = run->replay;
	struct bh_store_bed stored[BH_BEDS_MAX];
	struct bh_mqtt_bed devices[BH_BEDS_MAX];
	struct bh_store_run described;
	struct bh_record clock = { .kind = BH_RECORD_CLOCK, .u.clock.change = BH_CLOCK_START };
	struct bh_historian_config config = { .store = replay->store,
					      .n_beds = replay->config->n_beds,
					      .commit_ns = COMMIT_NS,
					      .live = replay->wait != NULL };
	unsigned int n_beds;
	int r;

	n_beds = bh_describe_beds(run->line, replay->config, stored, devices);
	bh_describe_run(run->line, replay->config, "replay", run->first_ns,
			publishes(replay), &described);
	run->result->simulated = described.origin == BH_ORIGIN_SIMULATED;
	r = bh_store_run_begin(replay->store, &described, stored, n_beds, &run->result->run);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot begin a run in the history: %s",
				    strerror(-r));
	r = bh_calibrating_load(bh_line_calibrating(run->line), replay->store, n_beds,
				run->result->simulated);
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot read the calibrations: %s",
				    strerror(-r));
	config.run = run->result->run;
	if (replay->wait)
		config.commit_ns = (int64_t)replay->config->commit_s * BH_NS_PER_S;
	r = bh_historian_new(&config, &run->historian);
	if (r < 0)
		return r;
	bh_historian_set_rules(run->historian, replay->rules);
	r = start_mqtt(run, devices, n_beds, err);
	if (r < 0)
		return r;
	bh_line_own_time(run->line, &clock.u.clock.anchor);
	put(run, &clock);
	run->result->from_ms = bh_wall_from_mono(&clock.u.clock.anchor, run->first_ns);
	return run->error;
}

static bool tell_progress(struct run *run)
{
	struct bh_replay_progress progress = { .mono_ns = run->now_ns };
	struct bh_clock_anchor anchor = { .wall_ms = BH_WALL_UNKNOWN };

	if (!run->replay->progress)
		return true;
	bh_line_own_time(run->line, &anchor);
	progress.wall_ms = bh_wall_from_mono(&anchor, run->now_ns);
	bh_line_progress(run->line, &progress.done, &progress.total);
	return run->replay->progress(run->replay->ctx, &progress) == 0;
}

/* Paced, time passes in between as it does live: second by second, so that timers fire on time. */
static bool wait_for(struct run *run, int64_t next_ns)
{
	while (run->replay->wait && run->now_ns < next_ns) {
		int64_t until_ns = run->now_ns + BH_TICK_NS < next_ns ? run->now_ns + BH_TICK_NS
								      : next_ns;

		if (run->replay->wait(run->replay->ctx, run->first_ns, until_ns) != 0)
			return false;
		run->now_ns = until_ns;
		if (until_ns < next_ns)
			bh_line_step(run->line, until_ns);
		run->error = run->error ? run->error
					: bh_historian_tick(run->historian, until_ns);
		if (run->error)
			return false;
	}
	run->now_ns = next_ns;
	return true;
}

static void play(struct run *run)
{
	int64_t next_ns = run->first_ns;

	run->now_ns = run->first_ns;
	while (next_ns != INT64_MAX && !run->error) {
		if (!wait_for(run, next_ns))
			break;
		next_ns = bh_line_step(run->line, run->now_ns);
		run->result->frames_or_steps++;
		if (run->result->frames_or_steps % STEPS_PER_PROGRESS == 0 && !tell_progress(run))
			break;
	}
	run->result->ended_early = next_ns != INT64_MAX && !run->error;
	tell_progress(run);
}

static int finish(struct run *run, struct bh_error *err)
{
	const struct bh_error *complaint = bh_line_complaint(run->line);
	struct bh_clock_anchor anchor = { .wall_ms = BH_WALL_UNKNOWN };
	int r;

	if (complaint && err)
		*err = *complaint;
	bh_line_own_time(run->line, &anchor);
	run->result->to_ms = bh_wall_from_mono(&anchor, run->now_ns);
	bh_line_stop(run->line, run->now_ns, BH_END_STOPPED);
	r = bh_historian_finish(run->historian);
	if (run->error)
		r = run->error;
	if (r < 0)
		return bh_error_set(err, r, NULL, 0, 0, "cannot write the history: %s",
				    strerror(-r));
	return complaint ? -EINVAL : 0;
}

int bh_replay_run(const struct bh_replay *replay, struct bh_replay_result *ret, struct bh_error *err)
{
	struct bh_replay_result result = { 0 };
	struct run run = { .replay = replay, .result = &result };
	struct bh_sink sink = { .put = put, .ctx = &run };
	struct bh_bus no_bus = { 0 };
	int r = bh_line_new(replay->config, &no_bus, &sink, NULL, &run.line, err);

	if (r < 0)
		return r;
	bh_line_start(run.line, 0);
	run.first_ns = bh_line_step(run.line, BH_MONO_NONE);
	if (run.first_ns == INT64_MAX) {
		const struct bh_error *complaint = bh_line_complaint(run.line);

		r = -EINVAL;
		if (complaint && err)
			*err = *complaint;
		else
			bh_error_set(err, r, NULL, 0, 0, "holds no readings; nothing was replayed");
		goto out;
	}
	r = start(&run, err);
	if (r == 0) {
		play(&run);
		r = finish(&run, err);
		*ret = result;
	}
out:
	if (run.ring)
		bh_ring_shut(run.ring);
	bh_mqtt_stop(run.mqtt, MQTT_STOP_MS);
	bh_mqtt_free(run.mqtt);
	bh_historian_free(run.historian);
	bh_ring_free(run.ring);
	bh_line_free(run.line);
	return r;
}

/* ---- a configuration around a capture ---- */

/* A single-quoted YAML scalar: only the quote itself needs care. */
static void quote(const char *text, char *buf, size_t size)
{
	size_t n = 0;

	buf[n++] = '\'';
	for (; *text && n + 3 < size; text++) {
		if (*text == '\'')
			buf[n++] = '\'';
		buf[n++] = *text;
	}
	buf[n++] = '\'';
	buf[n] = '\0';
}

int bh_replay_config(const struct bh_config *base, const char *capture, struct bh_config **ret,
		     struct bh_error *err)
{
	const struct bh_bed_config *bed = base && base->n_beds > 0 ? &base->beds[0] : NULL;
	char file[2 * BH_PATH_MAX], name[2 * BH_NAME_MAX + 3];
	char text[sizeof(file) + sizeof(name) + 256];
	struct bh_config *config;
	int length, r;

	if (strlen(capture) >= BH_PATH_MAX)
		return bh_error_set(err, -EINVAL, capture, 0, 0, "the path is longer than %d",
				    BH_PATH_MAX - 1);
	quote(capture, file, sizeof(file));
	/* The built-in configuration's bed is simulated and says so; a recording's is not. */
	quote(bed && !base->built_in ? bed->name : "Bed", name, sizeof(name));
	length = snprintf(text, sizeof(text),
			  "beds:\n"
			  "  - id: %s\n"
			  "    name: %s\n"
			  "    not_returned: %llds\n"
			  "    source: { driver: replay, file: %s }\n",
			  bed ? bed->id : "bed", name,
			  (long long)(bed ? bed->not_returned_ns / BH_NS_PER_S : 0), file);
	r = bh_config_parse("replay", text, (size_t)length, &config, err);
	if (r < 0)
		return r;
	if (base) {
		config->mqtt = base->mqtt;
		config->commit_s = base->commit_s;
		config->show_cause_names = base->show_cause_names;
		memcpy(config->hub_id, base->hub_id, sizeof(config->hub_id));
		memcpy(config->database, base->database, sizeof(config->database));
		memcpy(config->rule_dirs, base->rule_dirs, sizeof(config->rule_dirs));
		config->n_rule_dirs = base->n_rule_dirs;
	}
	*ret = config;
	return 0;
}
