-- SPDX-License-Identifier: MIT
-- The tables of the history, version 1. They are our own business; the views of views.sql are the
-- public interface. A released version of this file never changes: a change is a new migration
-- (README.md, "To add a column").
--
-- Everywhere: *_ns is the run's monotonic time line; *_ms is wall time in milliseconds UTC, NULL
-- while the clock is not known; night is yyyymmdd of the evening, 0 while the clock is not known;
-- bed is bed_row.id; NULL in a measure means not known.

-- Names of ids, filled by the program at each start from its own tables.
CREATE TABLE name_row (
	kind TEXT NOT NULL,		-- 'side', 'position', 'fault', 'end', 'origin', 'class', 'band', 'truth'
	id INTEGER NOT NULL,		-- the number on disk; never given another meaning
	name TEXT NOT NULL,
	PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- The event catalogue, filled from event.def.
CREATE TABLE event_type (
	id INTEGER NOT NULL PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	shape TEXT NOT NULL,		-- 'interval' or 'instant'
	class TEXT NOT NULL,		-- 'alarm', 'activity', 'detail' or 'fault'
	unit TEXT NOT NULL,		-- of event_row.value: 'none', 'ms', 'permille', 'count', 'mdegc', or a name_row.kind
	text TEXT NOT NULL		-- one sentence for people
) STRICT;

CREATE TABLE run_row (
	id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice: (run, bed, seq) names an event for ever
	boot_id TEXT NOT NULL,		-- of the kernel; runs of one boot share a monotonic time line
	origin INTEGER NOT NULL,	-- enum bh_origin
	provenance TEXT NOT NULL,	-- capture, or sleeper and seed; '' for a measurement
	version TEXT NOT NULL,		-- of the program
	config_hash TEXT NOT NULL,
	started_ns INTEGER NOT NULL,
	started_ms INTEGER,
	started_offset_s INTEGER,	-- seconds east of UTC then
	last_life_ns INTEGER NOT NULL,	-- newest moment that the last commit knew of
	last_life_ms INTEGER,
	last_life_offset_s INTEGER,
	end_cause INTEGER NOT NULL DEFAULT 0 -- enum bh_end_cause: 0 running, 2 closed in order, 4 found dead
) STRICT;

-- A bed keeps its number for ever, however the configuration orders its beds.
CREATE TABLE bed_row (
	id INTEGER NOT NULL PRIMARY KEY CHECK (id BETWEEN 0 AND 254),
	name_id TEXT NOT NULL UNIQUE,	-- the bed's id in the configuration
	name TEXT NOT NULL,		-- what people call it
	capabilities INTEGER NOT NULL,	-- BH_CAN_* bits as last configured
	place INTEGER			-- index in the last configuration, NULL if it is no longer there
) STRICT;

CREATE TABLE sensor_row (
	id INTEGER NOT NULL PRIMARY KEY,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	name TEXT NOT NULL,		-- the sensor's id in the configuration
	capabilities INTEGER NOT NULL,	-- BH_CAN_* bits that are lost without it
	place INTEGER,			-- index in the bed as last configured, NULL if no longer there
	UNIQUE (bed, name)
) STRICT;

-- What a bed could tell in a run.
CREATE TABLE run_bed_row (
	run INTEGER NOT NULL REFERENCES run_row (id) ON DELETE CASCADE,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	capabilities INTEGER NOT NULL,
	PRIMARY KEY (run, bed)
) STRICT, WITHOUT ROWID;

-- Every anchor of a run: wall time wall_ms was read at mono_ns.
CREATE TABLE clock_row (
	run INTEGER NOT NULL REFERENCES run_row (id) ON DELETE CASCADE,
	n INTEGER NOT NULL,		-- counts from 1 in a run
	change INTEGER NOT NULL,	-- enum bh_clock_change: 0 start, 1 wall time became known, 2 step
	mono_ns INTEGER NOT NULL,
	wall_ms INTEGER,
	step_ms INTEGER NOT NULL,	-- how far the clock jumped
	PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_row (
	id INTEGER NOT NULL PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run_row (id) ON DELETE CASCADE,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	seq INTEGER NOT NULL,		-- the line's own number
	type INTEGER NOT NULL REFERENCES event_type (id),
	end_cause INTEGER NOT NULL,	-- enum bh_end_cause; 0 while the interval is open
	side INTEGER NOT NULL,		-- enum bh_side
	sensor INTEGER REFERENCES sensor_row (id),
	value INTEGER NOT NULL,		-- unit: event_type.unit
	confidence_permille INTEGER NOT NULL,
	start_ns INTEGER NOT NULL,
	length_ns INTEGER,		-- NULL while open
	detected_after_ns INTEGER NOT NULL, -- how long after its start it was known
	start_ms INTEGER,		-- the end is start_ms + length_ns: a clock step inside does not stretch it
	utc_offset_s INTEGER,		-- local time at the start
	end_offset_s INTEGER,		-- local time at the end if it is another, else NULL
	night INTEGER NOT NULL,		-- of the start
	messages INTEGER NOT NULL,	-- that a broker should get: 0 for details, else its start and its end
	delivered INTEGER NOT NULL DEFAULT 0, -- of them, those a broker has taken
	UNIQUE (run, bed, seq)
) STRICT;

-- One night is one range; one bed of it, in order of time, a sub-range; types are told without the row.
CREATE INDEX event_night ON event_row (night, bed, start_ms, type);
-- These hold next to nothing in an ordinary history, the third while a broker takes its messages.
CREATE INDEX event_open ON event_row (run) WHERE end_cause = 0;
CREATE INDEX event_timeless ON event_row (run) WHERE night = 0;
CREATE INDEX event_undelivered ON event_row (id) WHERE delivered < messages;
CREATE INDEX event_fault ON event_row (bed, start_ms) WHERE type = 20; -- sensor_fault

-- 30 s each, clustered by night: no second index needed.
CREATE TABLE epoch_row (
	night INTEGER NOT NULL,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	run INTEGER NOT NULL REFERENCES run_row (id) ON DELETE CASCADE,
	slot INTEGER NOT NULL,		-- start_ns / 30 s
	start_ms INTEGER,
	utc_offset_s INTEGER,
	contact INTEGER NOT NULL,	-- BH_CONTACT_* bits
	position INTEGER NOT NULL,	-- enum bh_position
	coverage_permille INTEGER,
	occupied_permille INTEGER,
	moving_permille INTEGER,
	activity INTEGER,
	leg_movements INTEGER,
	load_permille INTEGER,
	temp_left_mdegc INTEGER,
	temp_right_mdegc INTEGER,
	temp_room_mdegc INTEGER,
	PRIMARY KEY (night, bed, run, slot)
) STRICT, WITHOUT ROWID;

CREATE TABLE night_row (
	night INTEGER NOT NULL,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	origin INTEGER NOT NULL,	-- enum bh_origin, the highest of the runs it is made of
	start_ms INTEGER NOT NULL,	-- its noon
	end_ms INTEGER NOT NULL,	-- the next noon
	utc_offset_s INTEGER NOT NULL,	-- at the closing noon
	complete INTEGER NOT NULL,	-- 1: the closing noon has passed
	coverage_permille INTEGER,
	in_bed_min INTEGER,
	restless_min INTEGER,
	quiet_min INTEGER,
	exits INTEGER,
	legs_over_edge INTEGER,
	legs_over_edge_min INTEGER,
	position_changes INTEGER,
	leg_movements INTEGER,
	faults INTEGER,
	first_enter_ms INTEGER,
	first_enter_offset_s INTEGER,
	last_exit_ms INTEGER,
	last_exit_offset_s INTEGER,
	temp_left_mdegc INTEGER,
	temp_right_mdegc INTEGER,
	temp_delta_mdegc INTEGER,
	PRIMARY KEY (night, bed)
) STRICT, WITHOUT ROWID;

CREATE TABLE finding_row (
	id INTEGER NOT NULL PRIMARY KEY,
	night INTEGER NOT NULL,		-- the last night it looked at
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	rule TEXT NOT NULL,
	class INTEGER NOT NULL,		-- enum bh_rule_class
	band INTEGER NOT NULL,		-- enum bh_band
	held INTEGER NOT NULL,		-- 1: kept by the rule's hold, not by this night's score
	red_flag INTEGER NOT NULL,
	score_milli INTEGER NOT NULL,	-- log odds, thousandths
	nights_used INTEGER NOT NULL,
	nights_window INTEGER NOT NULL,
	coverage_permille INTEGER NOT NULL,
	origin INTEGER NOT NULL,	-- enum bh_origin, the highest of its nights
	says TEXT NOT NULL,
	no_data_reason TEXT NOT NULL,
	rule_hash TEXT NOT NULL,	-- of the rule's text
	UNIQUE (night, bed, rule)
) STRICT;
CREATE INDEX finding_rule ON finding_row (bed, rule, night);

CREATE TABLE evidence_row (
	finding INTEGER NOT NULL REFERENCES finding_row (id) ON DELETE CASCADE,
	line INTEGER NOT NULL,		-- counts from 0, in the rule's order
	truth INTEGER NOT NULL,		-- enum bh_truth
	weight_milli INTEGER NOT NULL,	-- what the line would add
	counted INTEGER NOT NULL,	-- 0: unknown, or a stronger line of its group counts
	text TEXT NOT NULL,
	missing TEXT NOT NULL,		-- what was missing, if unknown
	PRIMARY KEY (finding, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_row (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What the person said. The same entry sent twice is one entry.
CREATE TABLE diary_row (
	night INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	key TEXT NOT NULL,
	side INTEGER NOT NULL,		-- enum bh_side
	value TEXT NOT NULL,
	utc_offset_s INTEGER NOT NULL,
	PRIMARY KEY (night, at_ms, key, side)
) STRICT, WITHOUT ROWID;
