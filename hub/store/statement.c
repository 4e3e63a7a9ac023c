/* SPDX-License-Identifier: MIT */
#include "hub/store/private.h"

#include <errno.h>
#include <stdio.h>

#define EPOCH_COLUMNS                                                                              \
	"start_ms, slot, bed, contact, position, coverage_permille, occupied_permille, "           \
	"moving_permille, activity, leg_movements, load_permille, temp_left_mdegc, "               \
	"temp_right_mdegc, temp_room_mdegc"
#define EPOCH_READ EPOCH_COLUMNS ", sleep"
#define NIGHT_COLUMNS                                                                              \
	"night, bed, start_ms, end_ms, complete, coverage_permille, in_bed_min, restless_min, "    \
	"quiet_min, exits, legs_over_edge, legs_over_edge_min, position_changes, leg_movements, "  \
	"faults, first_enter_ms, last_exit_ms, temp_left_mdegc, temp_right_mdegc, "                \
	"temp_delta_mdegc, utc_offset_s"
/* In the order of `figures` in nights.c. */
#define NIGHT_FIGURES                                                                              \
	"restless_periods, restless_first_third_min, restless_last_third_min, "                    \
	"walk_breaks, toilet_like, sleep_bed_min, sleep_unknown_min, "                             \
	"sleep_latency_min, asleep_min, wake_after_onset_min, awake_in_bed_min, "                  \
	"awakenings, sleep_efficiency_permille, fragmentation_milli, "                             \
	"sleep_regularity_milli, plm_candidates, plm_asleep, plm_awake, "                          \
	"plm_index_asleep_milli, plm_index_awake_milli, plm_series, "                              \
	"plm_pi_ferri_permille, plm_pi_ratio_permille, plm_interval_ms, "                          \
	"plm_missed_permille, plm_left, plm_right, plm_both"
#define EVENT_COLUMNS                                                                              \
	"e.id, e.run, r.origin, e.night, e.utc_offset_s, s.name, e.seq, e.type, e.end_cause, "     \
	"e.side, e.bed, s.place, e.confidence_permille, e.value, e.start_ns, e.start_ns + "        \
	"e.length_ns, e.start_ns + e.detected_after_ns, e.start_ms, e.start_ms + e.length_ns / "   \
	"1000000"
#define EVENT_TABLES                                                                               \
	" FROM event_row e JOIN run_row r ON r.id = e.run LEFT JOIN sensor_row s ON s.id = "       \
	"e.sensor "
#define EVENT_WHERE                                                                                \
	"WHERE e.night BETWEEN ?1 AND ?2 AND (?3 < 0 OR e.bed = ?3) AND (?4 IS NULL OR "           \
	"e.start_ms >= ?4) AND (?5 IS NULL OR e.start_ms < ?5) AND (?6 >> e.type & 1) "
#define FINDING_COLUMNS                                                                            \
	"id, rule, class, band, held, red_flag, bed, score_milli, night, nights_used, "            \
	"nights_window, coverage_permille, says, no_data_reason, rule_hash"
/* The offset of local time at the end, if it is another than at the start. */
#define END_OFFSET(wall, length)                                                                   \
	"nullif(bh_offset(" wall " + (" length ") / 1000000), bh_offset(" wall "))"
#define DEAD_LENGTH "max(0, r.last_life_ns - event_row.start_ns)"

static const char *const texts[BH_STMT_END] = {
	[BH_STMT_BEGIN] = "BEGIN IMMEDIATE",
	[BH_STMT_COMMIT] = "COMMIT",
	[BH_STMT_ROLLBACK] = "ROLLBACK",

	[BH_STMT_RUN_INSERT] =
		"INSERT INTO run_row (boot_id, origin, provenance, version, config_hash, "
		"started_ns, last_life_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
	[BH_STMT_RUN_LIFE] = "UPDATE run_row SET last_life_ns = ?2, last_life_ms = ?3, "
			     "last_life_offset_s = ?4 WHERE id = ?1",
	[BH_STMT_RUN_STARTED] = "UPDATE run_row SET started_ms = bh_wall(started_ns, ?3, ?2), "
				"started_offset_s = bh_offset(bh_wall(started_ns, ?3, ?2)), "
				"last_life_ms = bh_wall(last_life_ns, ?3, ?2), "
				"last_life_offset_s = bh_offset(bh_wall(last_life_ns, ?3, ?2)) "
				"WHERE id = ?1 AND started_ms IS NULL",
	[BH_STMT_RUN_END] = "UPDATE run_row SET end_cause = ?2 WHERE id = ?1",
	[BH_STMT_RUN_BED] = "INSERT INTO run_bed_row (run, bed, capabilities, mat_hash) "
			    "VALUES (?1, ?2, ?3, nullif(?4, 0))",

	/* ?1 run; ?2 measured; ?3 shortest; ?4 data_gap; ?5 normal end; ?6 no side. Of one boot the
	 * monotonic line tells how long, else wall time, once it is known. The line counts its events
	 * from 1: number 0 of the run before is what came after it. */
	[BH_STMT_RUN_GAPS] =
		"INSERT INTO event_row (run, bed, seq, type, end_cause, side, value, "
		"confidence_permille, start_ns, length_ns, detected_after_ns, start_ms, "
		"utc_offset_s, end_offset_s, night, messages) SELECT p, bed, 0, ?4, ?5, ?6, 0, 1000, "
		"since_ns, length, length, since_ms, bh_offset(since_ms), " END_OFFSET(
			"since_ms", "length") ", bh_night(since_ms), 0 FROM (SELECT b.bed, p.id AS p, "
					      "p.last_life_ns AS since_ns, p.last_life_ms AS since_ms, "
					      "CASE WHEN p.boot_id = n.boot_id THEN n.started_ns - "
					      "p.last_life_ns ELSE (n.started_ms - p.last_life_ms) * "
					      "1000000 END AS length FROM run_row n "
					      "JOIN run_bed_row b ON b.run = n.id "
					      "JOIN run_row p ON p.id = (SELECT max(q.run) FROM "
					      "run_bed_row q JOIN run_row o ON o.id = q.run WHERE "
					      "q.bed = b.bed AND q.run < n.id AND o.origin = ?2) "
					      "WHERE n.id = ?1 AND n.origin = ?2) WHERE length >= ?3 "
					      "ON CONFLICT (run, bed, seq) DO NOTHING",

	/* A new bed takes the place's number if that is free, else the next. */
	[BH_STMT_BED_PUT] =
		"INSERT INTO bed_row (id, name_id, name, capabilities, place) VALUES ("
		"CASE WHEN EXISTS (SELECT 1 FROM bed_row WHERE id = ?4) "
		"THEN (SELECT max(id) + 1 FROM bed_row) ELSE ?4 END, ?1, ?2, ?3, ?4) "
		"ON CONFLICT (name_id) DO UPDATE SET name = excluded.name, "
		"capabilities = excluded.capabilities, place = excluded.place RETURNING id",
	/* Somebody speaks of a bed that no hub has served yet. */
	[BH_STMT_BED_NAME] = "INSERT INTO bed_row (id, name_id, name, capabilities) VALUES "
			     "((SELECT coalesce(max(id) + 1, 0) FROM bed_row), ?1, ?2, 0) "
			     "ON CONFLICT (name_id) DO UPDATE SET name_id = name_id RETURNING id",
	[BH_STMT_BED_RETIRE] = "UPDATE bed_row SET place = NULL",
	[BH_STMT_BED_LIST] = "SELECT id, name_id, name, capabilities FROM bed_row "
			     "WHERE place IS NOT NULL ORDER BY place",
	[BH_STMT_BED_NAMES] = "SELECT id, name_id, name FROM bed_row ORDER BY id",
	[BH_STMT_SENSOR_PUT] =
		"INSERT INTO sensor_row (bed, name, capabilities, place) VALUES (?1, ?2, ?3, ?4) "
		"ON CONFLICT (bed, name) DO UPDATE SET capabilities = excluded.capabilities, "
		"place = excluded.place RETURNING id",
	[BH_STMT_SENSOR_RETIRE] = "UPDATE sensor_row SET place = NULL",
	[BH_STMT_SENSOR_LIST] = "SELECT name, capabilities FROM sensor_row "
				"WHERE bed = ?1 AND place IS NOT NULL ORDER BY place",

	[BH_STMT_CLOSE_DEAD] =
		"UPDATE event_row SET (length_ns, end_offset_s, end_cause, messages) = "
		"(SELECT " DEAD_LENGTH
		", " END_OFFSET("start_ms", DEAD_LENGTH) ", ?1, "
							 "messages * 2 FROM run_row r WHERE r.id = "
							 "event_row.run) WHERE end_cause = 0",
	[BH_STMT_END_DEAD] = "UPDATE run_row SET end_cause = ?1 WHERE end_cause = 0",

	[BH_STMT_OLD_REPLAY] = "SELECT id FROM run_row WHERE origin = ?1 AND provenance = ?2 "
			       "AND id <> ?3",
	[BH_STMT_OLD_NIGHTS] = "DELETE FROM night_row WHERE (night, bed) IN ("
			       "SELECT night, bed FROM event_row WHERE run = ?1 UNION "
			       "SELECT night, bed FROM epoch_row WHERE run = ?1)",
	[BH_STMT_OLD_FINDINGS] = "DELETE FROM finding_row WHERE (night, bed) IN ("
				 "SELECT night, bed FROM event_row WHERE run = ?1 UNION "
				 "SELECT night, bed FROM epoch_row WHERE run = ?1)",
	[BH_STMT_OLD_RED_FLAGS] = "DELETE FROM red_flag_row WHERE origin <> ?2 AND (night, bed) IN ("
				  "SELECT night, bed FROM event_row WHERE run = ?1 UNION "
				  "SELECT night, bed FROM epoch_row WHERE run = ?1)",
	[BH_STMT_OLD_EPOCHS] = "DELETE FROM epoch_row WHERE run = ?1",
	[BH_STMT_OLD_RUN] = "DELETE FROM run_row WHERE id = ?1",

	[BH_STMT_EVENT_INSERT] =
		"INSERT INTO event_row (run, bed, seq, type, end_cause, side, sensor, value, "
		"confidence_permille, start_ns, length_ns, detected_after_ns, start_ms, "
		"utc_offset_s, end_offset_s, night, messages) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
		"?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
	[BH_STMT_EVENT_CLOSE] =
		"UPDATE event_row SET end_cause = ?4, side = ?5, value = ?6, "
		"confidence_permille = ?7, length_ns = ?8 - start_ns, end_offset_s = " END_OFFSET(
			"start_ms", "?8 - start_ns") ", messages = messages * 2 "
						     "WHERE run = ?1 AND bed = ?2 AND seq = ?3 AND "
						     "end_cause = 0",
	[BH_STMT_EPOCH_INSERT] =
		"INSERT INTO epoch_row (night, run, utc_offset_s, " EPOCH_COLUMNS ") VALUES "
		"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",

	[BH_STMT_CLOCK_INSERT] =
		"INSERT INTO clock_row (run, n, change, mono_ns, wall_ms, step_ms) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	/* ?1 run, ?2 and ?3 the anchor's wall_ms and mono_ns. bh_wall(), bh_offset() and bh_night()
	 * are functions.c's. */
	[BH_STMT_BACKFILL_EVENTS] =
		"UPDATE event_row SET start_ms = w, utc_offset_s = bh_offset(w), "
		"end_offset_s = " END_OFFSET(
			"w", "length_ns") ", night = bh_night(w) "
					  "FROM (SELECT id AS i, bh_wall(start_ns, ?3, ?2) AS w "
					  "FROM event_row "
					  "WHERE run = ?1 AND night = 0) WHERE id = i",
	[BH_STMT_BACKFILL_EPOCHS] =
		"UPDATE epoch_row SET start_ms = bh_wall(slot * 30000000000, ?3, ?2), "
		"utc_offset_s = bh_offset(bh_wall(slot * 30000000000, ?3, ?2)), "
		"night = bh_night(bh_wall(slot * 30000000000, ?3, ?2)) "
		"WHERE night = 0 AND run = ?1",
	[BH_STMT_BACKFILL_CALIBRATIONS] =
		"UPDATE calibration_row SET at_ms = bh_wall(at_ns, ?3, ?2), "
		"utc_offset_s = bh_offset(bh_wall(at_ns, ?3, ?2)) WHERE run = ?1 AND at_ms IS NULL",
	/* The first part makes the row, the others find it. */
	[BH_STMT_CALIBRATION_PUT] =
		"INSERT INTO calibration_row (run, bed, kind, cause, version, origin, at_ns, at_ms, "
		"utc_offset_s, mat_hash, quality, n_values) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
		"?9, ?10, ?11, ?12) ON CONFLICT (run, bed, kind, at_ns) DO UPDATE SET "
		"n_values = excluded.n_values RETURNING id",
	[BH_STMT_CALIBRATION_VALUE] =
		"INSERT OR REPLACE INTO calibration_value_row (calibration, i, value) "
		"VALUES (?1, ?2, ?3)",
	/* ?2: of simulated runs, or of the others: measured ones before replayed ones (min). */
	[BH_STMT_MAT_HASH] =
		"SELECT m.mat_hash FROM run_bed_row m JOIN run_row r ON r.id = m.run WHERE m.bed = ?1 AND "
		"m.mat_hash IS NOT NULL AND (r.started_ms IS NULL OR r.started_ms < ?3) AND "
		"r.origin = (SELECT min(o.origin) FROM run_bed_row b JOIN run_row o ON o.id = b.run "
		"WHERE b.bed = ?1 AND (o.origin = 2) = ?2 AND (o.started_ms IS NULL OR "
		"o.started_ms < ?3)) ORDER BY r.id DESC LIMIT 1",
	/* ?3: of simulated runs, or of the others; ?4: asked for, or whatever came after ?5. */
	[BH_STMT_CALIBRATION_NEWEST] =
		"SELECT id, cause, version, at_ns, at_ms, mat_hash, quality, n_values "
		"FROM calibration_row c WHERE bed = ?1 AND kind = ?2 AND (origin = 2) = ?3 AND "
		"(cause = 0) = ?4 AND id > ?5 AND n_values = (SELECT count(*) FROM "
		"calibration_value_row v WHERE v.calibration = c.id) ORDER BY id DESC LIMIT 1",
	[BH_STMT_CALIBRATION_VALUES] =
		"SELECT value FROM calibration_value_row WHERE calibration = ?1 ORDER BY i",
	/* Before the time in bed, in the way of today, and as real as the night is (2: simulated). */
	[BH_STMT_CALIBRATED_SINCE] =
		"SELECT 1 FROM calibration_row WHERE bed = ?1 AND kind = ?2 AND cause = 0 AND "
		"version = ?3 AND at_ms <= ?4 AND (origin = 2) = (SELECT max(origin) = 2 FROM "
		"run_row WHERE started_ms < ?6 AND last_life_ms > ?5) LIMIT 1",

	[BH_STMT_BACKFILL_RUNS] =
		"SELECT id FROM run_row WHERE id = ?1 OR (boot_id = ?2 AND origin = ?3 AND "
		"?4 = ?3 AND started_ms IS NULL)",

	[BH_STMT_NIGHT_PUT] =
		"INSERT OR REPLACE INTO night_row (" NIGHT_COLUMNS
		", first_enter_offset_s, last_exit_offset_s, origin, sleep_onset_ms, "
		"sleep_onset_offset_s, " NIGHT_FIGURES
		") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, "
		"?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54)",
	[BH_STMT_NIGHT_ORIGIN] = "SELECT max(origin) FROM run_row WHERE id IN ("
				 "SELECT run FROM event_row WHERE night = ?1 AND bed = ?2 UNION "
				 "SELECT run FROM epoch_row WHERE night = ?1 AND bed = ?2)",
	[BH_STMT_NIGHT_LIST] = "SELECT " NIGHT_COLUMNS ", sleep_onset_ms, " NIGHT_FIGURES
			       " FROM night_row WHERE night BETWEEN ?1 AND ?2 AND (?3 < 0 OR "
			       "bed = ?3) ORDER BY night, bed",
	/* ?4 holds a digit of enum bh_sleep for each minute from ?3 on; 0 and past its ends is not
	 * known. Rows that already say the same are left alone. */
	[BH_STMT_SLEEP_PUT] =
		"UPDATE epoch_row SET sleep = s FROM (SELECT run AS r, slot AS t, "
		"nullif(CASE WHEN start_ms >= ?3 THEN CAST(substr(?4, (start_ms - ?3) / 60000 + 1, "
		"1) AS INTEGER) ELSE 0 END, 0) AS s FROM epoch_row WHERE night = ?1 AND bed = ?2) "
		"WHERE night = ?1 AND bed = ?2 AND run = r AND slot = t AND sleep IS NOT s",
	[BH_STMT_WINDOW_ORIGIN] = "SELECT max(origin) FROM night_row "
				  "WHERE night BETWEEN ?1 AND ?2 AND bed = ?3",

	[BH_STMT_FINDING_DELETE] =
		"DELETE FROM finding_row WHERE night = ?1 AND bed = ?2 AND rule = ?3",
	[BH_STMT_FINDING_PUT] =
		"INSERT INTO finding_row (rule, class, band, held, red_flag, bed, score_milli, "
		"night, nights_used, nights_window, coverage_permille, says, no_data_reason, "
		"rule_hash, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
		"?13, ?14, ?15)",
	[BH_STMT_RED_FLAG_PUT] =
		"INSERT OR IGNORE INTO red_flag_row (night, bed, rule, says, raised_ms, utc_offset_s, "
		"origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	/* A finding says the first of its red flags; the others are lines of its evidence. What was
	 * measured and replayed, too, is one: the measured (min). */
	[BH_STMT_RED_FLAG_LIST] =
		"SELECT w.night, w.bed, w.rule, w.says, w.raised_ms, w.utc_offset_s, EXISTS (SELECT 1 "
		"FROM finding_row f WHERE (f.night, f.bed, f.rule) = (w.night, w.bed, w.rule) AND "
		"f.red_flag = 1 AND (f.says = w.says OR EXISTS (SELECT 1 FROM evidence_row v WHERE "
		"v.finding = f.id AND v.text = w.says AND v.truth = ?3 AND v.weight_milli = 0 AND "
		"v.counted = 0))), min(w.origin) "
		"FROM red_flag_row w WHERE w.night = ?1 AND (?2 < 0 OR w.bed = ?2) "
		"GROUP BY w.night, w.bed, w.rule, w.says ORDER BY w.raised_ms, w.bed, w.rule, w.says",
	[BH_STMT_FINDING_LIST] = "SELECT " FINDING_COLUMNS " FROM finding_row WHERE night = ?1 AND "
				 "(?2 < 0 OR bed = ?2) ORDER BY bed, rule",
	[BH_STMT_FINDING_NEWEST] =
		"SELECT " FINDING_COLUMNS " FROM finding_row f WHERE (?2 < 0 OR bed = ?2) AND "
		"night = (SELECT max(g.night) FROM finding_row g WHERE g.bed = f.bed AND "
		"g.rule = f.rule) AND ?1 = 0 ORDER BY bed, rule",
	[BH_STMT_EVIDENCE_PUT] = "INSERT INTO evidence_row (finding, line, truth, weight_milli, "
				 "counted, text, missing) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[BH_STMT_EVIDENCE_LIST] = "SELECT truth, weight_milli, counted, text, missing "
				  "FROM evidence_row WHERE finding = ?1 ORDER BY line",
	[BH_STMT_PROFILE_PUT] =
		"INSERT INTO profile_row (bed, key, value, at_ms, utc_offset_s) VALUES (?1, ?2, ?3, "
		"?4, ?5) ON CONFLICT (bed, key) DO UPDATE SET value = excluded.value, at_ms = "
		"excluded.at_ms, utc_offset_s = excluded.utc_offset_s WHERE value <> "
		"excluded.value OR (excluded.at_ms IS NOT NULL AND at_ms IS NOT excluded.at_ms)",
	[BH_STMT_PROFILE_DELETE] = "DELETE FROM profile_row WHERE bed = ?1 AND key = ?2",
	[BH_STMT_PROFILE_LIST] = "SELECT key, value, coalesce(at_ms, 0), bed FROM profile_row "
				 "WHERE ?1 < 0 OR bed = ?1 ORDER BY bed, key",
	[BH_STMT_DIARY_PUT] =
		"INSERT INTO diary_row (bed, night, at_ms, key, side, site, value, utc_offset_s) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (bed, night, at_ms, key, side, "
		"site) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
	[BH_STMT_DIARY_DELETE] = "DELETE FROM diary_row WHERE bed = ?1 AND night = ?2 AND at_ms = ?3 "
				 "AND key = ?4 AND side = ?5 AND site = ?6",
	[BH_STMT_DIARY_DELETE_LAST] = "DELETE FROM diary_row WHERE id = (SELECT id FROM diary_row "
				      "WHERE bed = ?1 AND night = ?2 ORDER BY id DESC LIMIT 1)",
	[BH_STMT_DIARY_LIST] =
		"SELECT night, at_ms, key, value, side, site, bed, id, utc_offset_s FROM diary_row "
		"WHERE night BETWEEN ?1 AND ?2 AND (?3 < 0 OR bed = ?3) "
		"ORDER BY night, at_ms, bed, key, side, site",

	[BH_STMT_ACKED] = "UPDATE event_row SET delivered = min(delivered + 1, messages) "
			  "WHERE run = ?1 AND bed = ?2 AND seq = ?3",
	[BH_STMT_LATE_ACKED] = "UPDATE event_row SET delivered = CASE WHEN ?2 THEN messages ELSE "
			       "max(delivered, 1) END WHERE id = ?1",
	[BH_STMT_OUTBOX] = "SELECT " EVENT_COLUMNS EVENT_TABLES
			   "WHERE e.id > ?1 AND e.delivered < e.messages ORDER BY e.id",

	[BH_STMT_EVENT_LIST] = "SELECT " EVENT_COLUMNS EVENT_TABLES EVENT_WHERE
			       "ORDER BY e.night, e.start_ms, e.id",
	[BH_STMT_EVENT_NEWEST] = "SELECT * FROM (SELECT " EVENT_COLUMNS EVENT_TABLES EVENT_WHERE
				 "ORDER BY e.night DESC, e.start_ms DESC, e.id DESC LIMIT ?7) "
				 "ORDER BY 4, 18, 1",
	[BH_STMT_EPOCH_LIST] =
		"SELECT " EPOCH_READ " FROM epoch_row WHERE night BETWEEN ?1 AND ?2 AND "
		"(?3 < 0 OR bed = ?3) AND start_ms >= ?4 AND (?5 IS NULL OR start_ms < ?5) "
		"ORDER BY night, start_ms, bed",
	[BH_STMT_HAS_ORIGIN] = "SELECT EXISTS (SELECT 1 FROM run_row WHERE origin = ?1 AND "
			       "(?2 IS NULL OR last_life_ms >= ?2) AND "
			       "(?3 IS NULL OR started_ms < ?3))",
	/* One seek a night: night_dates() and bh_store_past() walk with it. */
	[BH_STMT_NEXT_NIGHT] = "SELECT min(night) FROM ("
			       "SELECT * FROM (SELECT night FROM event_row WHERE night > ?1 AND "
			       "(?2 < 0 OR bed = ?2) ORDER BY night LIMIT 1) UNION ALL "
			       "SELECT * FROM (SELECT night FROM epoch_row WHERE night > ?1 AND "
			       "(?2 < 0 OR bed = ?2) ORDER BY night LIMIT 1))",
	[BH_STMT_PAST_EVENTS] =
		"SELECT night, type, side, end_cause, confidence_permille, value, start_ms, "
		"start_ms + length_ns / 1000000 FROM event_row WHERE night BETWEEN ?1 AND ?2 AND "
		"bed = ?3 "
		"AND (?4 >> type & 1) ORDER BY night, bed, start_ms",
	[BH_STMT_PAST_EPOCHS] =
		"SELECT " EPOCH_READ ", night FROM epoch_row WHERE night BETWEEN ?1 AND ?2 AND "
		"bed = ?3 ORDER BY night, start_ms",
	[BH_STMT_PAST_RUNS] =
		"SELECT r.started_ms, r.last_life_ms, r.id, b.capabilities FROM run_bed_row b "
		"JOIN run_row r ON r.id = b.run WHERE b.bed = ?1 AND r.started_ms IS NOT NULL",
	/* type = 20 is the condition of the index event_fault. */
	[BH_STMT_PAST_FAULTS] =
		"SELECT e.start_ms, e.start_ms + e.length_ns / 1000000, s.id, s.capabilities FROM "
		"event_row e JOIN "
		"sensor_row s ON s.id = e.sensor WHERE e.type = 20 AND e.bed = ?1 AND "
		"e.start_ms IS NOT NULL AND s.capabilities <> 0 ORDER BY s.id, e.start_ms",
	/* Without what was taken back: bh_taken_back(). */
	[BH_STMT_PAST_IN_BED] = "SELECT start_ms, start_ms + length_ns / 1000000, end_cause FROM "
				"event_row WHERE night = ?1 AND bed = ?2 AND type = ?3 "
				"AND NOT (end_cause = ?4 AND length_ns / 1000000 = 0) ORDER BY start_ms",
	[BH_STMT_FACTS] =
		"SELECT (SELECT count(*) FROM event_row), (SELECT count(*) FROM epoch_row), "
		"(SELECT count(*) FROM night_row), (SELECT count(*) FROM finding_row), "
		"(SELECT count(*) FROM event_row WHERE end_cause = 0), "
		"(SELECT count(*) FROM event_row WHERE delivered < messages), "
		"(SELECT last_life_ms FROM run_row ORDER BY id DESC LIMIT 1), "
		"(SELECT origin FROM run_row ORDER BY id DESC LIMIT 1)",
};

int bh_store_errno(int rc)
{
	switch (rc) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_IOERR_NOMEM:
		return -ENOMEM;
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
		return -EEXIST;
	}
	switch (rc & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_INTERRUPT:
		return -EINTR;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE:
	case SQLITE_TOOBIG:
		return -EINVAL;
	}
	return -EIO;
}

sqlite3_stmt *bh_stmt(struct bh_store *store, enum bh_stmt which, int *ret_error)
{
	sqlite3_stmt **stmt = &store->stmt[which];
	int rc;

	if (!*stmt) {
		rc = sqlite3_prepare_v3(store->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
					stmt, NULL);
		if (rc != SQLITE_OK) {
			*ret_error = bh_store_errno(rc);
			return NULL;
		}
	}
	return *stmt;
}

int bh_stmt_done(sqlite3_stmt *stmt, int rc)
{
	/* A column that found no memory for its text says so only here. */
	int reset = sqlite3_reset(stmt);

	sqlite3_clear_bindings(stmt);
	return bh_store_errno(rc == SQLITE_ROW || rc == SQLITE_DONE ? reset : rc);
}

int bh_stmt_run(sqlite3_stmt *stmt)
{
	int rc;

	do {
		rc = sqlite3_step(stmt);
	} while (rc == SQLITE_ROW);
	return bh_stmt_done(stmt, rc);
}

void bh_stmt_finalize_all(struct bh_store *store)
{
	for (int i = 0; i < BH_STMT_END; i++) {
		sqlite3_finalize(store->stmt[i]);
		store->stmt[i] = NULL;
	}
}

void bh_bind_wall(sqlite3_stmt *stmt, int i, int64_t wall_ms)
{
	if (wall_ms == BH_WALL_UNKNOWN)
		sqlite3_bind_null(stmt, i);
	else
		sqlite3_bind_int64(stmt, i, wall_ms);
}

void bh_bind_mono(sqlite3_stmt *stmt, int i, int64_t mono_ns)
{
	if (mono_ns == BH_MONO_NONE)
		sqlite3_bind_null(stmt, i);
	else
		sqlite3_bind_int64(stmt, i, mono_ns);
}

_Static_assert(BH_VALUE_UNKNOWN == BH_EPOCH_UNKNOWN, "both are NULL on disk");

void bh_bind_number(sqlite3_stmt *stmt, int i, int32_t number)
{
	if (number == BH_EPOCH_UNKNOWN)
		sqlite3_bind_null(stmt, i);
	else
		sqlite3_bind_int(stmt, i, number);
}

void bh_bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
	sqlite3_bind_text(stmt, i, text, -1, SQLITE_STATIC);
}

int64_t bh_column_wall(sqlite3_stmt *stmt, int i)
{
	if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
		return BH_WALL_UNKNOWN;
	return sqlite3_column_int64(stmt, i);
}

int64_t bh_column_mono(sqlite3_stmt *stmt, int i)
{
	if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
		return BH_MONO_NONE;
	return sqlite3_column_int64(stmt, i);
}

int32_t bh_column_number(sqlite3_stmt *stmt, int i)
{
	if (sqlite3_column_type(stmt, i) == SQLITE_NULL)
		return BH_EPOCH_UNKNOWN;
	return sqlite3_column_int(stmt, i);
}

void bh_column_text(sqlite3_stmt *stmt, int i, char *ret, size_t size)
{
	const unsigned char *text = sqlite3_column_text(stmt, i);

	snprintf(ret, size, "%s", text ? (const char *)text : "");
}
