/* SPDX-License-Identifier: MIT */
/*
 * A historian on a real history of one bed that is live, in a folder of its own for each test. For one test
 * program each.
 */
#ifndef TESTS_UNIT_LINE_HISTORY_H
#define TESTS_UNIT_LINE_HISTORY_H

#include "hub/line/historian.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define S BH_NS_PER_S
#define HOUR (3600 * S)
/* 22 November 2026, 21:00 in Amsterdam. */
#define EVENING_MS INT64_C(1795377600000)

struct fixture {
	char dir[64];
	char path[96];
	struct bh_store *store;
	struct bh_historian *historian;
	uint64_t seq;
};

static struct fixture the;

static void open_history_of(bool live)
{
	struct bh_store_run run = { .boot_id = "test", .version = "1" };
	struct bh_store_bed bed = { .id = "bed", .name = "Bed", .capabilities = BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT |
						    BH_CAN_LEG_MOVEMENT |
						    BH_CAN_RESTLESSNESS };
	struct bh_historian_config config = { .n_beds = 1, .commit_ns = 300 * S, .live = live };
	struct bh_error err;

	assert_int_equal(bh_store_open(the.path, BH_STORE_WRITE, &the.store, &err), 0);
	assert_int_equal(bh_store_run_begin(the.store, &run, &bed, 1, &config.run), 0);
	config.store = the.store;
	assert_int_equal(bh_historian_new(&config, &the.historian), 0);
	the.seq = 0;
}

static void open_history(void)
{
	open_history_of(true);
}

/* The power goes: nothing is finished. */
static void close_history(void)
{
	bh_historian_free(the.historian);
	bh_store_close(the.store);
}

static int begin(void **state)
{
	(void)state;
	setenv("TZ", "Europe/Amsterdam", 1);
	tzset();
	snprintf(the.dir, sizeof(the.dir), "/tmp/bedside-historian-XXXXXX");
	assert_non_null(mkdtemp(the.dir));
	snprintf(the.path, sizeof(the.path), "%s/h.db", the.dir);
	open_history();
	return 0;
}

static int end(void **state)
{
	char command[128];

	(void)state;
	close_history();
	snprintf(command, sizeof(command), "rm -rf %s", the.dir);
	return system(command);
}

static void tell_clock(enum bh_clock_change change, int64_t mono_ns, int64_t wall_ms)
{
	struct bh_record record = { .kind = BH_RECORD_CLOCK };

	record.u.clock.change = change;
	record.u.clock.anchor = (struct bh_clock_anchor){ .mono_ns = mono_ns, .wall_ms = wall_ms };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
}

static void in_bed(int64_t from_ns, int64_t to_ns)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	record.u.event = (struct bh_event){ .seq = ++the.seq, .type = BH_EVENT_BED_OCCUPIED,
					    .phase = to_ns == BH_MONO_NONE ? BH_PHASE_OPEN
									   : BH_PHASE_INSTANT,
					    .end_cause = BH_END_NORMAL,
					    .sensor = BH_SENSOR_NONE, .confidence_permille = 900,
					    .start_ns = from_ns, .end_ns = to_ns,
					    .detected_ns = to_ns == BH_MONO_NONE ? from_ns : to_ns };
	assert_int_equal(bh_historian_put(the.historian, &record), 0);
}

#endif
