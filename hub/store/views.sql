-- SPDX-License-Identifier: MIT
-- The public interface of the history: names instead of numbers, local times as text. Columns are
-- documented in README.md; they may be added, never removed or renamed. The views are made anew by
-- every migration. Restrict by night where you can: it is the one indexed column.

CREATE VIEW runs AS
SELECT r.id AS run, o.name AS origin, o.name = 'simulated' AS simulated, r.provenance,
	datetime(r.started_ms / 1000 + r.started_offset_s, 'unixepoch') AS started,
	datetime(r.last_life_ms / 1000 + r.last_life_offset_s, 'unixepoch') AS last_life,
	c.name AS end_cause, r.version, r.config_hash, r.boot_id, r.started_ms, r.last_life_ms
FROM run_row r
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = r.origin
LEFT JOIN name_row c ON c.kind = 'end' AND c.id = r.end_cause;

CREATE VIEW beds AS
SELECT b.name_id AS bed, b.name, b.capabilities, b.place IS NOT NULL AS configured
FROM bed_row b;

CREATE VIEW sensors AS
SELECT b.name_id AS bed, s.name AS sensor, s.capabilities, s.place IS NOT NULL AS configured
FROM sensor_row s JOIN bed_row b ON b.id = s.bed;

-- Taken back is what ends, of a fault (3), where it begins: bh_taken_back().
CREATE VIEW events AS
SELECT e.id, e.night, b.name_id AS bed, t.name AS type, i.name AS side,
	datetime(e.start_ms / 1000 + e.utc_offset_s, 'unixepoch') AS started,
	datetime((e.start_ms + e.length_ns / 1000000) / 1000 +
		coalesce(e.end_offset_s, e.utc_offset_s), 'unixepoch') AS ended,
	round(e.length_ns / 60e9, 2) AS minutes,
	e.value, t.unit, v.name AS value_name, s.name AS sensor, e.confidence_permille,
	c.name AS end_cause, t.class, o.name AS origin, o.name = 'simulated' AS simulated,
	e.run, e.seq, e.start_ms, e.start_ms + e.length_ns / 1000000 AS end_ms, e.utc_offset_s,
	e.start_ns, e.start_ns + e.length_ns AS end_ns,
	e.start_ns + e.detected_after_ns AS detected_ns,
	e.end_cause = 3 AND e.length_ns / 1000000 = 0 AS taken_back
FROM event_row e
LEFT JOIN event_type t ON t.id = e.type
LEFT JOIN run_row r ON r.id = e.run
LEFT JOIN bed_row b ON b.id = e.bed
LEFT JOIN sensor_row s ON s.id = e.sensor
LEFT JOIN name_row i ON i.kind = 'side' AND i.id = e.side
LEFT JOIN name_row v ON v.kind = t.unit AND v.id = e.value
LEFT JOIN name_row c ON c.kind = 'end' AND c.id = e.end_cause
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = r.origin;

-- 20 is sensor_fault, the condition of the index event_fault.
CREATE VIEW faults AS
SELECT e.id, e.night, b.name_id AS bed, s.name AS sensor, v.name AS fault,
	datetime(e.start_ms / 1000 + e.utc_offset_s, 'unixepoch') AS started,
	datetime((e.start_ms + e.length_ns / 1000000) / 1000 +
		coalesce(e.end_offset_s, e.utc_offset_s), 'unixepoch') AS ended,
	round(e.length_ns / 60e9, 2) AS minutes,
	c.name AS end_cause, o.name AS origin, o.name = 'simulated' AS simulated, e.run,
	e.start_ms, e.start_ms + e.length_ns / 1000000 AS end_ms
FROM event_row e
LEFT JOIN run_row r ON r.id = e.run
LEFT JOIN bed_row b ON b.id = e.bed
LEFT JOIN sensor_row s ON s.id = e.sensor
LEFT JOIN name_row v ON v.kind = 'fault' AND v.id = e.value
LEFT JOIN name_row c ON c.kind = 'end' AND c.id = e.end_cause
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = r.origin
WHERE e.type = 20;

CREATE VIEW epochs AS
SELECT e.night, b.name_id AS bed,
	datetime(e.start_ms / 1000 + e.utc_offset_s, 'unixepoch') AS started,
	p.name AS position, e.contact & 1 AS contact_left, e.contact >> 1 & 1 AS contact_right,
	e.coverage_permille, e.occupied_permille, e.moving_permille, e.activity, e.leg_movements,
	e.load_permille, e.temp_left_mdegc / 1000.0 AS temp_left_c,
	e.temp_right_mdegc / 1000.0 AS temp_right_c, e.temp_room_mdegc / 1000.0 AS temp_room_c,
	o.name AS origin, o.name = 'simulated' AS simulated, e.run, e.start_ms, e.utc_offset_s,
	e.slot * 30000000000 AS start_ns, s.name AS sleep
FROM epoch_row e
LEFT JOIN name_row s ON s.kind = 'sleep' AND s.id = e.sleep
LEFT JOIN run_row r ON r.id = e.run
LEFT JOIN bed_row b ON b.id = e.bed
LEFT JOIN name_row p ON p.kind = 'position' AND p.id = e.position
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = r.origin;

CREATE VIEW nights AS
SELECT n.night, b.name_id AS bed,
	datetime(n.first_enter_ms / 1000 + n.first_enter_offset_s, 'unixepoch') AS first_enter,
	datetime(n.last_exit_ms / 1000 + n.last_exit_offset_s, 'unixepoch') AS last_exit,
	n.in_bed_min, n.restless_min, n.quiet_min, n.exits, n.legs_over_edge, n.legs_over_edge_min,
	n.position_changes, n.leg_movements, n.faults, n.coverage_permille, n.complete,
	n.temp_left_mdegc / 1000.0 AS temp_left_c, n.temp_right_mdegc / 1000.0 AS temp_right_c,
	n.temp_delta_mdegc / 1000.0 AS temp_delta_c, o.name AS origin,
	o.name = 'simulated' AS simulated, n.start_ms, n.end_ms, n.utc_offset_s, n.first_enter_ms,
	n.last_exit_ms,
	datetime(n.sleep_onset_ms / 1000 + n.sleep_onset_offset_s, 'unixepoch') AS sleep_onset,
	n.restless_periods, n.restless_first_third_min, n.restless_last_third_min, n.walk_breaks,
	n.toilet_like, n.sleep_bed_min, n.sleep_unknown_min, n.sleep_latency_min, n.asleep_min,
	n.wake_after_onset_min, n.awake_in_bed_min, n.awakenings,
	n.sleep_efficiency_permille / 10.0 AS sleep_efficiency_percent,
	n.fragmentation_milli / 1000.0 AS fragmentation,
	n.sleep_regularity_milli / 1000.0 AS sleep_regularity, n.plm_candidates, n.plm_asleep,
	n.plm_awake, n.plm_index_asleep_milli / 1000.0 AS plm_index_asleep,
	n.plm_index_awake_milli / 1000.0 AS plm_index_awake, n.plm_series,
	n.plm_pi_ferri_permille / 1000.0 AS plm_pi_ferri,
	n.plm_pi_ratio_permille / 1000.0 AS plm_pi_ratio, n.plm_interval_ms / 1000.0 AS plm_interval_s,
	n.plm_missed_permille / 10.0 AS plm_missed_percent, n.plm_left, n.plm_right, n.plm_both,
	n.sleep_onset_ms
FROM night_row n
LEFT JOIN bed_row b ON b.id = n.bed
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = n.origin;

CREATE VIEW findings AS
SELECT f.id AS finding, f.night, b.name_id AS bed, f.rule, k.name AS class, l.name AS band,
	f.score_milli / 1000.0 AS score, f.held, f.red_flag, f.nights_used, f.nights_window,
	f.coverage_permille, f.says, f.no_data_reason, f.rule_hash, o.name AS origin,
	o.name = 'simulated' AS simulated
FROM finding_row f
LEFT JOIN bed_row b ON b.id = f.bed
LEFT JOIN name_row k ON k.kind = 'class' AND k.id = f.class
LEFT JOIN name_row l ON l.kind = 'band' AND l.id = f.band
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = f.origin;

-- A finding says the first of its red flags; the others are lines of its evidence (2: true).
CREATE VIEW red_flags AS
SELECT w.night, b.name_id AS bed, w.rule,
	datetime(w.raised_ms / 1000 + w.utc_offset_s, 'unixepoch') AS raised, w.says,
	EXISTS (SELECT 1 FROM finding_row f WHERE f.night = w.night AND f.bed = w.bed AND
		f.rule = w.rule AND f.red_flag = 1 AND (f.says = w.says OR EXISTS (
			SELECT 1 FROM evidence_row v WHERE v.finding = f.id AND v.text = w.says AND
			v.truth = 2 AND v.weight_milli = 0 AND v.counted = 0))) AS stands,
	o.name AS origin, o.name = 'simulated' AS simulated, w.raised_ms, w.utc_offset_s
FROM red_flag_row w
LEFT JOIN bed_row b ON b.id = w.bed
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = w.origin;

CREATE VIEW evidence AS
SELECT v.finding, f.night, b.name_id AS bed, f.rule, v.line, t.name AS truth,
	v.weight_milli / 1000.0 AS weight, v.counted, v.text, v.missing
FROM evidence_row v
LEFT JOIN finding_row f ON f.id = v.finding
LEFT JOIN bed_row b ON b.id = f.bed
LEFT JOIN name_row t ON t.kind = 'truth' AND t.id = v.truth;

-- A history that only simulations (origin 2) wrote is of nobody: neither are its answers and entries.
CREATE VIEW profile AS
SELECT p.key, p.value, b.name_id AS bed,
	datetime(p.at_ms / 1000 + p.utc_offset_s, 'unixepoch') AS at, p.at_ms, p.utc_offset_s,
	CASE WHEN w.nobody THEN 'simulated' ELSE 'person' END AS origin, w.nobody AS simulated
FROM profile_row p
CROSS JOIN (SELECT coalesce(min(origin) = 2, 0) AS nobody FROM run_row) w
LEFT JOIN bed_row b ON b.id = p.bed;

CREATE VIEW diary AS
SELECT d.night, datetime(d.at_ms / 1000 + d.utc_offset_s, 'unixepoch') AS at, d.key, d.value,
	i.name AS side, d.at_ms, d.utc_offset_s, d.site, b.name_id AS bed, d.id,
	CASE WHEN w.nobody THEN 'simulated' ELSE 'person' END AS origin, w.nobody AS simulated
FROM diary_row d
CROSS JOIN (SELECT coalesce(min(origin) = 2, 0) AS nobody FROM run_row) w
LEFT JOIN bed_row b ON b.id = d.bed
LEFT JOIN name_row i ON i.kind = 'side' AND i.id = d.side;

CREATE VIEW clock_steps AS
SELECT c.run, c.n, CASE c.change WHEN 0 THEN 'start' WHEN 1 THEN 'sync' ELSE 'step' END AS change,
	datetime(c.wall_ms / 1000, 'unixepoch') AS at_utc, c.step_ms, c.mono_ns, c.wall_ms
FROM clock_row c;

CREATE VIEW event_types AS
SELECT t.id, t.name, t.shape, t.class, t.unit, t.text FROM event_type t;

CREATE VIEW calibrations AS
SELECT c.id AS calibration, b.name_id AS bed, k.name AS kind, u.name AS cause,
	datetime(c.at_ms / 1000 + c.utc_offset_s, 'unixepoch') AS at, c.version, c.quality, c.n_values,
	c.n_values = (SELECT count(*) FROM calibration_value_row v WHERE v.calibration = c.id) AS complete,
	o.name AS origin, o.name = 'simulated' AS simulated, c.run, c.at_ms, c.utc_offset_s
FROM calibration_row c
LEFT JOIN bed_row b ON b.id = c.bed
LEFT JOIN name_row k ON k.kind = 'calibration' AND k.id = c.kind
LEFT JOIN name_row u ON u.kind = 'calibrated' AND u.id = c.cause
LEFT JOIN name_row o ON o.kind = 'origin' AND o.id = c.origin;

CREATE VIEW calibration_values AS
SELECT v.calibration, v.i, v.value FROM calibration_value_row v;
