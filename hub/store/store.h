/* SPDX-License-Identifier: MIT */
/*
 * The history: one SQLite file, WAL, synchronous=FULL, STRICT tables, user_version migrations.
 * One writer (the historian's thread) and any number of readers in other processes. A struct
 * bh_store belongs to one thread. Tables are our business; the documented views (hub/store/README.md)
 * are the public interface and stay.
 */
#ifndef BH_STORE_STORE_H
#define BH_STORE_STORE_H

#include "hub/core/error.h"
#include "hub/core/finding.h"
#include "hub/core/history.h"
#include "hub/core/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bh_store;

enum bh_store_mode {
	BH_STORE_WRITE, /**< create or migrate; refuses a second writer */
	BH_STORE_READ,	/**< read only, works while the daemon writes */
};

/** Where the frames of a run came from. On disk. */
enum bh_origin { BH_ORIGIN_MEASURED = 0, BH_ORIGIN_REPLAYED, BH_ORIGIN_SIMULATED };
/** @return "measured", "replayed" or "simulated"; "unknown" for anything else. */
const char *bh_origin_name(enum bh_origin origin);

/** One run of the line: every event belongs to one. */
struct bh_store_run {
	char boot_id[40];	 /**< /proc/sys/kernel/random/boot_id, or "replay" */
	enum bh_origin origin;
	char provenance[128];	 /**< capture name, simulator's sleeper and seed ... */
	char version[32];
	char config_hash[17];
	int64_t started_mono_ns;
	/** A broker is configured: it is owed the events of this run. What happened while there was none
	 *  is history only, and is not poured over the first broker that comes. */
	bool owes_broker;
};

/**
 * A bed and its sensors as configured: what ids in events mean. A bed is known by its id for ever:
 * in the writer, `bed` of every call is the index in the running configuration; in a reader it is
 * the number that bh_store_beds() tells. Both are the same until a configuration is re-ordered.
 */
struct bh_store_bed {
	uint8_t bed;
	char id[BH_NAME_MAX];
	char name[BH_NAME_MAX];
	uint32_t capabilities;
	uint32_t mat_hash; /**< bh_calibration_mat_hash(); 0: no mat, or not known; a reader's is 0 */
	uint8_t n_sensors;
	char sensors[BH_SENSORS_MAX][BH_NAME_MAX];
	/** BH_CAN_* bits of the bed that are lost while this sensor is faulty; 0: none known */
	uint32_t sensor_capabilities[BH_SENSORS_MAX];
};

/**
 * @brief Open the history.
 *
 * WRITE: makes the file (0640) and its folder if missing, migrates an older one inside a
 * transaction, takes the writer's lock, closes intervals that a crash left open (BH_END_CRASHED, at
 * the last sign of life of their run).
 *
 * @return 0; -ENOENT, -EACCES; -EBUSY another writer; -EPROTO newer than this program; -EUCLEAN
 * not a bedside database or damaged; -ENOSPC, -EIO, -ENOMEM; each with place and remedy in @p err.
 */
int bh_store_open(const char *path, enum bh_store_mode mode, struct bh_store **ret,
		  struct bh_error *err);
/** @brief The program is ending: wait for nobody else's lock any more than a moment. */
void bh_store_hurry(struct bh_store *store);
/** Commits and closes. Accepts NULL. */
void bh_store_close(struct bh_store *store);

/**
 * @brief Begin a run; committed at once, so its id is never given twice.
 *
 * The hub was off before it: where 30 s or more lie between the last sign of life of the bed's measured
 * run before and the start of this measured one, a `data_gap` tells them, as event 0 of the run before.
 * It is written with the clock record that makes its length known.
 *
 * A replayed or simulated run of the same origin and provenance (not empty) is replaced: its rows,
 * and the nights and findings of its nights, go in the same transaction. Measured runs stay.
 * @return 0, -EROFS in a reader, -EINVAL (too many beds or sensors), -EEXIST (two beds of one id) or
 * another negative errno.
 */
int bh_store_run_begin(struct bh_store *store, const struct bh_store_run *run,
		       const struct bh_store_bed *beds, size_t n_beds, int64_t *ret_run);

/**
 * @brief Write one record into the open transaction (begun if there is none).
 *
 * States are not kept (0 is returned), but tell a moment of life. A CLOCK record sets the anchor for
 * later records; the first known one gives every row without wall time its own, in this run and in
 * measured runs of the same boot. A start before a BH_CLOCK_STEP is timed by the clock of then. A
 * CLOSE whose OPEN never came makes the whole row. Instants and ends with BH_END_OPEN are kept as
 * BH_END_NORMAL. After some 30,000 records without a commit it commits by itself, so that memory
 * stays bounded: a replay may leave it at that.
 *
 * @return 1 if the record is alarm-class (or a calibration that was asked for) and wants a commit at once, 0 if it can wait, or a negative
 * errno (-ENOSPC, -EIO, -ENOMEM; -EEXIST: this (run, bed, seq) is there; -EINVAL: unknown bed or
 * type, an end before its start, an epoch off the grid): the record is then not written and the
 * transaction still stands.
 */
int bh_store_put(struct bh_store *store, const struct bh_record *record);
/** @brief Also marks a sign of life of the run. Nothing to do if not dirty. @return 0 or a negative
 *  errno; on failure nothing that was taken is lost, and it may be committed later. */
int bh_store_commit(struct bh_store *store);
/**
 * @brief The hub is alive at @p mono_ns although it may have nothing to tell: an empty bed is silent.
 * Kept with the next commit; a quarter of an hour after the last one it asks for one (dirty).
 * @return Whether it asks for one, which is to be done at once.
 */
bool bh_store_alive(struct bh_store *store, int64_t mono_ns);
/** @brief Anything written since the last commit? */
bool bh_store_dirty(const struct bh_store *store);

/** @brief Insert or replace a night's summary. */
int bh_store_put_night(struct bh_store *store, const struct bh_night *night);
/** A night's minutes of sleep and wake. */
struct bh_night_sleep_marks {
	int32_t date;
	uint8_t bed;
	int64_t start_ms; /**< wall time of minute 0 */
	/** A digit of enum bh_sleep a minute; a night has at most 25 hours. Ends with a NUL. */
	char minute[25 * 60 + 1];
};
/** @brief Write each minute into the epochs of the night that begin in it; those outside are unknown.
 *  The same again changes nothing. */
int bh_store_put_sleep(struct bh_store *store, const struct bh_night_sleep_marks *marks);
/** @brief Insert or replace a finding (bed, night, rule) with its evidence. */
int bh_store_put_finding(struct bh_store *store, const struct bh_finding *finding);
/**
 * @brief Keep what a person said, all of it or nothing (keys and values are the caller's to check).
 * @p said counts beds as records do. Committed with the next bh_store_commit().
 * @return How many of the @p n changed something; -EINVAL (no key, no time, no night, no such bed: of
 * any of them); -ENOSPC, -EIO, -ENOMEM.
 */
int bh_store_say(struct bh_store *store, const struct bh_remark *said, size_t n);
/** @brief bh_store_say() of one. @return 0 or a negative errno. */
int bh_store_put_profile(struct bh_store *store, const struct bh_profile_item *item);
int bh_store_put_diary(struct bh_store *store, const struct bh_diary_item *item);
/**
 * @brief In a writer without a run: the number of the bed @p id, which is made if there is none. For
 * what is said before a hub has served that bed.
 * @return The number, or a negative errno.
 */
int bh_store_name_bed(struct bh_store *store, const char *id, const char *name);

/*
 * The outbox: events whose messages the broker has not all acknowledged. An instant has one message,
 * an interval two (its start, its end); each row counts those delivered. No cursor: the order of
 * acknowledgements does not matter, and an event that lost one of its two messages is seen.
 */
/** One event with undelivered messages, and what MQTT needs to say. phase is OPEN if it has no end. */
struct bh_outbox_event {
	int64_t row;
	int64_t run;
	struct bh_event event;
	int64_t start_ms; /**< wall times, BH_WALL_UNKNOWN if not known */
	int64_t end_ms;
	bool simulated;	  /**< of its run */
};
/** @brief Undelivered events of class ALARM, ACTIVITY or FAULT with a row above @p after_row, oldest
 *  first; superseded runs excepted. @return Number stored in @p ret (at most @p cap) or -errno. */
int bh_store_outbox(struct bh_store *store, int64_t after_row, struct bh_outbox_event *ret,
		    size_t cap);
/** @brief One more message of (run, bed, seq) is delivered. @return 0, -ENOENT or -EIO. */
int bh_store_outbox_acked(struct bh_store *store, int64_t run, uint8_t bed, uint64_t seq);
/** @brief A late message of @p row is delivered: with its end (@p whole), or its start alone. */
int bh_store_outbox_late_acked(struct bh_store *store, int64_t row, bool whole);

/** A calibration as the history keeps it; its values come in parts. */
struct bh_stored_calibration {
	struct bh_calibration part; /**< at_ns is of the run that found it, not of the running one */
	int64_t at_ms;		    /**< or BH_WALL_UNKNOWN */
};
/**
 * @brief The newest calibrations of @p bed: of each kind the one a person asked for last, then, if its
 * drift was followed since, where it went. Incomplete ones are left out.
 * @param simulated Of simulated runs; false: of measured and replayed ones. They never mix.
 * @return 0 or a negative errno. @p each is called once a part.
 */
int bh_store_calibrations(struct bh_store *store, int bed, bool simulated,
			  void (*each)(void *ctx, const struct bh_stored_calibration *calibration),
			  void *ctx);
/**
 * @brief Which mat @p bed had in the newest run that began before @p before_ms and knew it. A recording
 * may be of another bed's mat: a replayed run tells only where none was measured.
 * @param simulated As bh_store_calibrations().
 * @param ret bh_calibration_mat_hash(), 0: not known.
 */
int bh_store_mat_hash(struct bh_store *store, int bed, bool simulated, int64_t before_ms, uint32_t *ret);

/* ---- readers ---- */

/** Which events; zero members do not restrict. */
struct bh_event_query {
	int bed;		 /**< -1: every bed */
	int64_t from_ms;	 /**< wall time, 0: from the first */
	int64_t to_ms;		 /**< exclusive, 0: to the last */
	uint64_t types;		 /**< bit per event type, 0: all */
	size_t limit;		 /**< newest kept; 0: all */
};

/** One event of the history as a reader sees it. phase: OPEN while it lasts, CLOSE for an interval
 *  that is over, INSTANT for an instant; sensor is the index as last configured. */
struct bh_stored_event {
	int64_t row;
	int64_t run;
	enum bh_origin origin;
	int32_t night;
	int32_t utc_offset_s;
	char sensor[BH_NAME_MAX]; /**< empty if none */
	struct bh_event event;
	int64_t start_ms;
	int64_t end_ms;
};

/**
 * Readers call @p each while they read: it may use the store, but not the same function again.
 * Spans are of the start. Rows without wall time come first, and only if no span is given.
 */
/** @brief Oldest first. @p each returns non-zero to stop. @return 0, what @p each returned, or -errno. */
int bh_store_events(struct bh_store *store, const struct bh_event_query *query,
		    int (*each)(void *ctx, const struct bh_stored_event *event), void *ctx);
/** @brief Nights of @p bed (-1: all) from @p from to @p to (yyyymmdd, 0: no limit), oldest first. */
int bh_store_nights(struct bh_store *store, int bed, int32_t from, int32_t to,
		    int (*each)(void *ctx, const struct bh_night *night), void *ctx);
/** @brief Findings of a night (0: newest of each rule), with evidence. */
int bh_store_findings(struct bh_store *store, int bed, int32_t night,
		      int (*each)(void *ctx, const struct bh_finding *finding), void *ctx);

/** A red flag as it was raised: it stays on record when a later look at its night does not see it. */
struct bh_store_red_flag {
	int32_t night;
	uint8_t bed;
	char rule[BH_RULE_ID_MAX];
	char says[BH_SAYS_MAX];
	int64_t raised_ms; /**< the line's time when it was first kept (live: told); or BH_WALL_UNKNOWN */
	int32_t utc_offset_s;
	bool stands; /**< the night's newest finding still has it */
};
/** @brief The red flags of @p night and @p bed (-1: all), first raised first. @return As above. */
int bh_store_red_flags(struct bh_store *store, int bed, int32_t night,
		       int (*each)(void *ctx, const struct bh_store_red_flag *flag), void *ctx);
/** @brief Epochs of a time span, oldest first. */
int bh_store_epochs(struct bh_store *store, int bed, int64_t from_ms, int64_t to_ms,
		    int (*each)(void *ctx, const struct bh_past_epoch *epoch), void *ctx);
/** @brief Beds as last configured. @return Number stored or -errno. */
int bh_store_beds(struct bh_store *store, struct bh_store_bed *ret, size_t cap);

/** A history numbers its beds from 0 to 254. */
#define BH_STORE_BEDS_EVER 255
/** Who a bed's number is. */
struct bh_store_bed_name {
	uint8_t bed;
	char id[BH_NAME_MAX];
	char name[BH_NAME_MAX];
};
/**
 * @brief Every bed of the history, by number: also those that are no longer configured, and those that
 * somebody only spoke of (bh_store_name_bed()). @return Number stored or -errno.
 */
int bh_store_bed_names(struct bh_store *store, struct bh_store_bed_name *ret, size_t cap);
/** @brief Any run of the span simulated? For the banner. @return 1, 0 or -errno. */
int bh_store_has_origin(struct bh_store *store, enum bh_origin origin, int64_t from_ms, int64_t to_ms);
/** @brief Dates (yyyymmdd) that have events or epochs, whether summarised or not, in [from, to]. */
int bh_store_night_dates(struct bh_store *store, int bed, int32_t from, int32_t to, int32_t *ret,
			 size_t cap);

/** @brief What the person of @p bed (-1: all) answered, by key. */
int bh_store_profile(struct bh_store *store, int bed,
		     int (*each)(void *ctx, const struct bh_profile_item *item), void *ctx);
/** One diary entry as a reader sees it. */
struct bh_stored_entry {
	int64_t id; /**< in the order of writing */
	int32_t utc_offset_s;
	struct bh_diary_item item;
};
/** @brief Entries of nights @p from to @p to (yyyymmdd, 0: no limit) by time. */
int bh_store_diary(struct bh_store *store, int bed, int32_t from, int32_t to,
		   int (*each)(void *ctx, const struct bh_stored_entry *entry), void *ctx);

/** A past that owns its memory. */
struct bh_store_past {
	struct bh_history history;
	void *memory; /**< private */
};
/** Which part of the past; zero members do not restrict, but for epochs. */
struct bh_past_query {
	int bed;	 /**< one bed */
	int32_t from;	 /**< yyyymmdd */
	int32_t to;	 /**< inclusive */
	uint64_t types;	 /**< bit per event type */
	bool no_epochs;	 /**< years are read in a second without them */
};
/**
 * @brief Load nights with events, epochs, profile and diary. Rows whose wall time is not known yet
 * belong to no night and are left out. A night that was not summarised yet has its bounds and
 * BH_EPOCH_UNKNOWN numbers. A sensor that was faulty for more than a fifth of the time in bed takes
 * its capabilities away.
 * @return 0 or a negative errno. Free with bh_store_past_free().
 */
int bh_store_past_query(struct bh_store *store, const struct bh_past_query *query,
			struct bh_store_past *ret);
/** @brief bh_store_past_query() of all there is of nights @p from to @p to. */
int bh_store_past(struct bh_store *store, int bed, int32_t from, int32_t to,
		  struct bh_store_past *ret);
void bh_store_past_free(struct bh_store_past *past);

/** A row of any SELECT, as text; NULL for NULL. */
struct bh_store_row {
	int n;
	const char *const *names;
	const char *const *values;
	const int *types; /**< SQLITE_INTEGER .. SQLITE_NULL (1..5) */
};
/**
 * @brief Run one read-only statement (`bedside sql`).
 * @return 0, what @p each returned, -EROFS for a statement that would write, -ETIME if it took
 * minutes, -EINTR after bh_store_interrupt(), or -EINVAL with SQLite's own words in @p err.
 */
int bh_store_sql(struct bh_store *store, const char *sql,
		 int (*each)(void *ctx, const struct bh_store_row *row), void *ctx,
		 struct bh_error *err);

/** @brief Make a running read of @p store fail with -EINTR. From any thread, or a signal handler. */
void bh_store_interrupt(struct bh_store *store);

/** Numbers for `status` and `doctor`. */
struct bh_store_facts {
	int schema;
	int64_t bytes;
	int64_t events;
	int64_t epochs;
	int64_t nights;
	int64_t findings;
	int64_t open_events;
	int64_t last_life_ms;	/**< last sign of life of the newest run */
	int64_t outbox_waiting;
	enum bh_origin last_origin;
};
int bh_store_facts(struct bh_store *store, struct bh_store_facts *ret);
/** @brief PRAGMA quick_check. @return 0 sound, -EUCLEAN with the first complaint in @p err. */
int bh_store_check(struct bh_store *store, struct bh_error *err);

#endif
