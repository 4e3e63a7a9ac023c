/* SPDX-License-Identifier: MIT */
/*
 * What a capture becomes: replayed through the whole line, asked of every rule, into a real history of its
 * own, and read back as its owner would. For one test program each.
 */
#ifndef TESTS_UNIT_LINE_TOLD_H
#define TESTS_UNIT_LINE_TOLD_H

#include "drivers/simulator/simulator.h"
#include "hub/line/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define TOLD_NIGHTS_MAX 16
#define TOLD_RULES_MAX 64
#define TOLD_EVENTS_MAX 20000

struct told {
	struct bh_night nights[TOLD_NIGHTS_MAX];
	size_t n_nights;
	struct bh_finding findings[TOLD_RULES_MAX];
	size_t n_findings;
	struct bh_stored_event events[TOLD_EVENTS_MAX];
	size_t n_events;
	int64_t from_ms;		  /* of the recording, and what was asked to be skipped */
	long epochs, leg_movements_known; /* since then */
};

static struct bh_rule_set *told_rules;
static char told_dir[64], told_capture[96];

/* Set-up of a test program. @return 0 */
static int told_begin(void **state)
{
	struct bh_error err;

	(void)state;
	snprintf(told_dir, sizeof(told_dir), "/tmp/bedside-told-XXXXXX");
	assert_non_null(mkdtemp(told_dir));
	snprintf(told_capture, sizeof(told_capture), "%s/bed.cap", told_dir);
	assert_int_equal(bh_rule_set_new(&told_rules), 0);
	assert_true(bh_rule_set_add_builtin(told_rules, &err) >= 0);
	assert_true(bh_rule_set_finish(told_rules, &err) >= 0);
	return 0;
}

static int told_end(void **state)
{
	char command[128];

	(void)state;
	bh_rule_set_free(told_rules);
	snprintf(command, sizeof(command), "rm -rf '%s'", told_dir);
	return system(command);
}

static void told_live_in(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* The capture of @p simulation, with the head @p info, each frame as @p damage leaves it. */
static void told_record(struct bh_simulation *simulation, const struct bh_capture_info *info,
			void (*damage)(struct bh_frame *frame))
{
	static struct bh_frame frame, seen;
	struct bh_capture_writer *writer;
	struct bh_error err;

	assert_int_equal(bh_capture_create(told_capture, info, &writer, &err), 0);
	bh_frame_init(&frame, &info->mat);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		seen = frame;
		if (damage)
			damage(&seen);
		assert_int_equal(bh_capture_write(writer, &seen), 0);
	}
	assert_int_equal(bh_capture_finish(writer), 0);
}

static int told_take_night(void *ctx, const struct bh_night *night)
{
	struct told *told = ctx;

	assert_true(told->n_nights < TOLD_NIGHTS_MAX);
	told->nights[told->n_nights++] = *night;
	return 0;
}

static int told_take_finding(void *ctx, const struct bh_finding *finding)
{
	struct told *told = ctx;

	assert_true(told->n_findings < TOLD_RULES_MAX);
	told->findings[told->n_findings++] = *finding;
	return 0;
}

static int told_take_event(void *ctx, const struct bh_stored_event *event)
{
	struct told *told = ctx;

	assert_true(told->n_events < TOLD_EVENTS_MAX);
	told->events[told->n_events++] = *event;
	return 0;
}

static int told_take_epoch(void *ctx, const struct bh_past_epoch *epoch)
{
	struct told *told = ctx;

	told->epochs++;
	told->leg_movements_known += epoch->epoch.leg_movements != BH_EPOCH_UNKNOWN;
	return 0;
}

/* Replay the capture; @p ret is large: static. Epochs count from @p from_ns of its time on. */
static void told_replay(int64_t from_ns, struct told *ret)
{
	static const struct bh_event_query all = { .bed = 0 };
	struct bh_replay replay = { .rules = told_rules };
	struct bh_replay_result result;
	struct bh_config *config;
	struct bh_error err = { .text = "" };
	char database[96];

	memset(ret, 0, sizeof(*ret));
	snprintf(database, sizeof(database), "%s/bed.db", told_dir);
	unlink(database);
	if (bh_replay_config(NULL, told_capture, &config, &err) < 0 ||
	    bh_store_open(database, BH_STORE_WRITE, &replay.store, &err) < 0)
		fail_msg("%s", err.text);
	replay.config = config;
	if (bh_replay_run(&replay, &result, &err) < 0)
		fail_msg("%s", err.text);
	ret->from_ms = result.from_ms + from_ns / BH_NS_PER_MS;
	assert_int_equal(bh_store_nights(replay.store, 0, 0, 0, told_take_night, ret), 0);
	assert_int_equal(bh_store_findings(replay.store, 0, 0, told_take_finding, ret), 0);
	assert_int_equal(bh_store_events(replay.store, &all, told_take_event, ret), 0);
	assert_int_equal(bh_store_epochs(replay.store, 0, ret->from_ms, result.to_ms,
					 told_take_epoch, ret),
			 0);
	bh_store_close(replay.store);
	bh_config_free(config);
}

#endif
