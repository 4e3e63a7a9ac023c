/* SPDX-License-Identifier: MIT */
/* What the files of the store share. Nobody outside hub/store and its tests includes this. */
#ifndef BH_STORE_PRIVATE_H
#define BH_STORE_PRIVATE_H

#include "hub/core/night.h"
#include "hub/store/store.h"

#include <sqlite3.h>

/* "BEDH": tells our file from any other SQLite file. */
#define BH_STORE_APPLICATION_ID 0x42454448
/* A reader waits this long for a checkpoint or a recovery in another process. */
#define BH_STORE_BUSY_MS 1000
/* The same while the program is ending: the whole of it takes less than two seconds. */
#define BH_STORE_HURRY_MS 50

/* ---- statement.c: SQL texts, prepared at first use and kept ---- */

enum bh_stmt {
	BH_STMT_BEGIN,
	BH_STMT_COMMIT,
	BH_STMT_ROLLBACK,
	BH_STMT_RUN_INSERT,
	BH_STMT_RUN_LIFE,
	BH_STMT_RUN_STARTED,
	BH_STMT_RUN_END,
	BH_STMT_RUN_BED,
	BH_STMT_RUN_GAPS,
	BH_STMT_BED_PUT,
	BH_STMT_BED_NAME,
	BH_STMT_BED_RETIRE,
	BH_STMT_BED_LIST,
	BH_STMT_BED_NAMES,
	BH_STMT_SENSOR_PUT,
	BH_STMT_SENSOR_RETIRE,
	BH_STMT_SENSOR_LIST,
	BH_STMT_CLOSE_DEAD,
	BH_STMT_END_DEAD,
	BH_STMT_OLD_REPLAY,
	BH_STMT_OLD_NIGHTS,
	BH_STMT_OLD_FINDINGS,
	BH_STMT_OLD_RED_FLAGS,
	BH_STMT_OLD_EPOCHS,
	BH_STMT_OLD_RUN,
	BH_STMT_EVENT_INSERT,
	BH_STMT_EVENT_CLOSE,
	BH_STMT_EPOCH_INSERT,
	BH_STMT_CLOCK_INSERT,
	BH_STMT_BACKFILL_EVENTS,
	BH_STMT_BACKFILL_EPOCHS,
	BH_STMT_BACKFILL_RUNS,
	BH_STMT_BACKFILL_CALIBRATIONS,
	BH_STMT_CALIBRATION_PUT,
	BH_STMT_CALIBRATION_VALUE,
	BH_STMT_CALIBRATION_NEWEST,
	BH_STMT_MAT_HASH,
	BH_STMT_CALIBRATION_VALUES,
	BH_STMT_CALIBRATED_SINCE,
	BH_STMT_NIGHT_PUT,
	BH_STMT_NIGHT_ORIGIN,
	BH_STMT_NIGHT_LIST,
	BH_STMT_SLEEP_PUT,
	BH_STMT_WINDOW_ORIGIN,
	BH_STMT_FINDING_DELETE,
	BH_STMT_FINDING_PUT,
	BH_STMT_FINDING_LIST,
	BH_STMT_FINDING_NEWEST,
	BH_STMT_RED_FLAG_PUT,
	BH_STMT_RED_FLAG_LIST,
	BH_STMT_EVIDENCE_PUT,
	BH_STMT_EVIDENCE_LIST,
	BH_STMT_PROFILE_PUT,
	BH_STMT_PROFILE_DELETE,
	BH_STMT_PROFILE_LIST,
	BH_STMT_DIARY_PUT,
	BH_STMT_DIARY_DELETE,
	BH_STMT_DIARY_DELETE_LAST,
	BH_STMT_DIARY_LIST,
	BH_STMT_ACKED,
	BH_STMT_LATE_ACKED,
	BH_STMT_OUTBOX,
	BH_STMT_EVENT_LIST,
	BH_STMT_EVENT_NEWEST,
	BH_STMT_EPOCH_LIST,
	BH_STMT_HAS_ORIGIN,
	BH_STMT_NEXT_NIGHT,
	BH_STMT_PAST_EVENTS,
	BH_STMT_PAST_EPOCHS,
	BH_STMT_PAST_RUNS,
	BH_STMT_PAST_FAULTS,
	BH_STMT_PAST_IN_BED,
	BH_STMT_FACTS,
	BH_STMT_END,
};

/** @return The statement, reset and without bindings, or NULL with the errno in @p ret_error. */
sqlite3_stmt *bh_stmt(struct bh_store *store, enum bh_stmt which, int *ret_error);
/** @brief Run to the end and reset. @return 0 or a negative errno. */
int bh_stmt_run(sqlite3_stmt *stmt);
/** @brief Reset, keeping what step said. @p rc is the last result of sqlite3_step(). */
int bh_stmt_done(sqlite3_stmt *stmt, int rc);
/** @return The negative errno of an SQLite result; 0 for OK, ROW and DONE. */
int bh_store_errno(int rc);
void bh_stmt_finalize_all(struct bh_store *store);

/** Bind, with NULL for the unknown value of its type. */
void bh_bind_wall(sqlite3_stmt *stmt, int i, int64_t wall_ms);
void bh_bind_mono(sqlite3_stmt *stmt, int i, int64_t mono_ns);
void bh_bind_number(sqlite3_stmt *stmt, int i, int32_t number); /**< BH_EPOCH_UNKNOWN: NULL */
void bh_bind_text(sqlite3_stmt *stmt, int i, const char *text); /**< not copied */
int64_t bh_column_wall(sqlite3_stmt *stmt, int i);
int64_t bh_column_mono(sqlite3_stmt *stmt, int i);
int32_t bh_column_number(sqlite3_stmt *stmt, int i);
void bh_column_text(sqlite3_stmt *stmt, int i, char *ret, size_t size);

/* ---- clock.c: anchors of the run ---- */

/* Steps are rare (one NTP correction after boot, then none for weeks); events reach back minutes. */
#define BH_ANCHORS_MAX 8

struct bh_anchors {
	struct bh_clock_anchor at[BH_ANCHORS_MAX]; /**< oldest first */
	int n;
	int count; /**< of all clock records of the run */
};

/** @return Wall time of @p mono_ns by the anchor that held then. */
int64_t bh_anchors_wall(const struct bh_anchors *anchors, int64_t mono_ns);
int bh_store_apply_clock(struct bh_store *store, const struct bh_clock *clock);

/* ---- pending.c: what the open transaction holds, to do it again if SQLite rolls it back ---- */

enum bh_op {
	BH_OP_RECORD,
	BH_OP_NIGHT,
	BH_OP_SLEEP,
	BH_OP_FINDING,
	BH_OP_SAID,
	BH_OP_ACKED,
	BH_OP_LATE_ACKED,
};

/* A failed COMMIT (disk full, I/O error) rolls the transaction back inside SQLite. 4 MiB hold some
 * 30,000 records: live never reached between two commits; a replay commits when it is full. */
#define BH_PENDING_MAX ((size_t)4 << 20)

struct bh_pending {
	unsigned char *bytes;
	size_t used;
	size_t size;
};

int bh_pending_add(struct bh_pending *pending, enum bh_op op, const void *data, size_t size);
/** @brief The operation at @p offset. @return Offset of the next, 0 at the end. */
size_t bh_pending_next(const struct bh_pending *pending, size_t offset, enum bh_op *ret_op,
		       const void **ret_data);
void bh_pending_free(struct bh_pending *pending);

/* ---- beds.c: the configuration's indices and the file's numbers ---- */

#define BH_BED_NONE 255

struct bh_bed_map {
	bool set; /**< false (readers): the file's numbers are the beds' numbers */
	size_t n;
	uint8_t number[BH_BEDS_MAX];
	uint8_t n_sensors[BH_BEDS_MAX];
	int64_t sensor[BH_BEDS_MAX][BH_SENSORS_MAX];
};

int bh_bed_map_put(struct bh_store *store, int64_t run, const struct bh_store_bed *beds, size_t n,
		   struct bh_bed_map *ret);
/** @return The file's number of a bed of the configuration, or -1. */
int bh_bed_number(const struct bh_store *store, int bed);
/** @return The configuration's index of a number, or BH_BED_NONE. */
uint8_t bh_bed_index(const struct bh_store *store, int number);

/* ---- local.c ---- */

struct bh_local {
	int64_t quarter; /**< of an hour, since 1970 */
	int32_t night;	 /**< 0: not known */
	int32_t offset_s;
};

/** @return Night and UTC offset of @p wall_ms; night 0 if it is not known. */
struct bh_local bh_store_local(struct bh_store *store, int64_t wall_ms);

/* ---- the store ---- */

struct bh_store {
	sqlite3 *db;
	int lock_fd; /**< -1 in a reader */
	bool writable;
	bool dirty;  /**< written since the last commit */
	int64_t run; /**< 0: none begun */
	enum bh_origin origin;
	bool owes_broker;
	char boot_id[40];
	int64_t life_ns; /**< newest moment seen */
	int64_t kept_life_ns; /**< as last committed */
	struct bh_anchors anchors;
	struct bh_anchors committed_anchors;
	struct bh_local local;
	struct bh_bed_map beds;
	struct bh_pending pending;
	sqlite3_stmt *stmt[BH_STMT_END];
};

/* ---- commit.c ---- */

/** @brief Begin a transaction if none is open, with what a failed commit left pending. */
int bh_store_begin(struct bh_store *store);
/** @brief Commit, whether dirty or not. On failure as bh_store_roll_back(). */
int bh_store_end(struct bh_store *store);
/** @brief Back to the last commit; what is pending is done again by the next bh_store_begin(). */
void bh_store_roll_back(struct bh_store *store);
/** @brief Do an operation in the open transaction, so that it survives a failed commit. */
int bh_store_do(struct bh_store *store, enum bh_op op, const void *data, size_t size);

/* ---- put.c, answers.c, calibrations.c, nights.c, findings.c, outbox.c: operations inside the transaction ---- */

int bh_store_apply_record(struct bh_store *store, const struct bh_record *record);
int bh_store_apply_calibration(struct bh_store *store, const struct bh_calibration *part);
int bh_store_apply_night(struct bh_store *store, const struct bh_night *night);
int bh_store_apply_sleep(struct bh_store *store, const struct bh_night_sleep_marks *marks);
int bh_store_apply_finding(struct bh_store *store, const struct bh_finding *finding);
/** What a person said as one: all of it, or nothing. */
struct bh_said_list {
	size_t n;
	struct bh_remark said[];
};
/** @return How many of them changed something. */
int bh_store_apply_said(struct bh_store *store, const struct bh_said_list *list);

/** The broker took one more message of an event. */
struct bh_acked {
	int64_t run;
	int number; /**< of the bed, in the file */
	uint64_t seq;
};
int bh_store_apply_acked(struct bh_store *store, const struct bh_acked *acked);
/** The broker took a late message: of the whole event, or of its start alone. */
struct bh_late_acked {
	int64_t row;
	bool whole;
};
int bh_store_apply_late_acked(struct bh_store *store, const struct bh_late_acked *acked);

/* ---- read_events.c, nights.c: rows into structs ---- */

/** Columns of BH_STMT_OUTBOX, BH_STMT_EVENT_LIST and BH_STMT_EVENT_NEWEST. */
void bh_column_event(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_stored_event *ret);
/** Columns of BH_STMT_NIGHT_LIST; the night's UTC offset stands after them. */
#define BH_NIGHT_OFFSET_COLUMN 20
void bh_column_night(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_night *ret);
/** Columns of BH_STMT_EPOCH_LIST and BH_STMT_PAST_EPOCHS, where the night stands after them. */
#define BH_EPOCH_NIGHT_COLUMN 15
/** Columns of BH_STMT_PROFILE_LIST and BH_STMT_DIARY_LIST. */
void bh_column_answer(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_profile_item *ret);
void bh_column_entry(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_diary_item *ret);
void bh_column_epoch(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_past_epoch *ret);

/** @brief The first night after @p after with rows of the bed (-1: any); 0 if there is none. */
int bh_store_next_night(struct bh_store *store, int bed, int32_t after, int32_t *ret);

/* ---- run.c ---- */

/** @brief Give open intervals of runs that are no more an end. */
int bh_store_close_dead(struct bh_store *store);

/** @brief Note that the run ended in order. */
int bh_store_run_ended(struct bh_store *store);

/** @brief Tell that the hub was off before @p run, as far as that is known yet; once. */
int bh_store_put_gaps(struct bh_store *store, int64_t run);

/* ---- lock.c: one writer ---- */

/** @brief Take the writer's lock of the database at @p path (resolved). @return an fd or -errno. */
int bh_store_lock(const char *path, struct bh_error *err);
/** @return Whether a writer holds the lock. */
bool bh_store_locked(const char *path);

/* ---- functions.c ---- */

int bh_store_functions(sqlite3 *db);

/* ---- schema.c ---- */

struct bh_migration {
	const char *sql; /**< from version i to i + 1, i its index in the list */
};
extern const struct bh_migration bh_migrations[];
extern const int bh_n_migrations;

/** @brief Bring the file to version @p n, each step in a transaction of its own. */
int bh_schema_migrate(sqlite3 *db, const struct bh_migration *list, int n, const char *place,
		      struct bh_error *err);
/** @return The file's version, 0 for an empty file, or -errno with the reason. */
int bh_schema_version(sqlite3 *db, int newest, const char *place, struct bh_error *err);
/** @brief Fill names and event types from the program's tables. */
int bh_schema_fill(sqlite3 *db, const char *place, struct bh_error *err);

#endif
