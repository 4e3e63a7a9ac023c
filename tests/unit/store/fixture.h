/* SPDX-License-Identifier: MIT */
/* A folder of its own for each test, a bed, and records to put into a history. */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "hub/core/night.h"
#include "hub/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the above first */
#include <cmocka.h>

struct place {
	char folder[64];
	char path[80];
};

/* 2026-11-22 22:00 UTC, a Sunday evening; monotonic hour 1 of the runs here. */
#define EVENING_MS INT64_C(1795384800000)
#define EVENING_NIGHT 20261122
#define HOUR_NS BH_NS_PER_H

int place_make(void **state);
int place_remove(void **state);

/** @brief Open for writing; fails the test with the error's text. */
struct bh_store *open_writer(const struct place *place);
struct bh_store *open_reader(const struct place *place);

/** @brief The file as an older Bedside left it: of format @p version, and what @p rows put into it. */
void make_old(const struct place *place, int version, const char *rows);
/** The bed and the run 3 of such a file. */
#define OLD_BED "INSERT INTO bed_row VALUES (0, 'left', 'Left', 1, 0);"
#define OLD_RUN                                                                                    \
	"INSERT INTO run_row (id, boot_id, origin, provenance, version, config_hash, started_ns, "   \
	"last_life_ns, end_cause) VALUES (3, 'boot', 0, '', '0.1.0', 'abc', 0, 9, 2);"

/** A run of one bed "left" with mat and two thermometers. */
struct bh_store_run run_of(enum bh_origin origin, const char *provenance);
struct bh_store_bed bed_of(const char *id);
int64_t begin_run(struct bh_store *store, enum bh_origin origin, const char *provenance);

struct bh_record clock_record(enum bh_clock_change change, int64_t mono_ns, int64_t wall_ms);
struct bh_record event_record(enum bh_event_phase phase, enum bh_event_type type, uint64_t seq,
			      int64_t start_ns, int64_t end_ns);
struct bh_record epoch_record(int64_t start_ns);

/** @brief put() that must succeed. @return What it returned. */
int put(struct bh_store *store, const struct bh_record *record);

/** @brief First column of the first row of @p sql as text, "" for NULL; fails the test without rows. */
const char *ask(struct bh_store *store, const char *sql);

#endif
