-- SPDX-License-Identifier: MIT
-- Version 7: what a mat cannot tell is NULL, not 0. The value of an event may be unknown: contact pads say
-- that somebody moved, and not how much. Whether somebody turned was counted (0 times) also where no mat
-- could tell.

CREATE TABLE event_with_unknown (
	id INTEGER NOT NULL PRIMARY KEY,
	run INTEGER NOT NULL REFERENCES run_row (id) ON DELETE CASCADE,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	seq INTEGER NOT NULL,		-- the line's own number
	type INTEGER NOT NULL REFERENCES event_type (id),
	end_cause INTEGER NOT NULL,	-- enum bh_end_cause; 0 while the interval is open
	side INTEGER NOT NULL,		-- enum bh_side
	sensor INTEGER REFERENCES sensor_row (id),
	value INTEGER,			-- unit: event_type.unit; NULL: not known
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
-- 11 is large_movement, 32 BH_CAN_LOAD.
INSERT INTO event_with_unknown
SELECT e.id, e.run, e.bed, e.seq, e.type, e.end_cause, e.side, e.sensor,
	CASE WHEN e.type = 11 AND e.value = 0 AND c.capabilities & 32 = 0 THEN NULL ELSE e.value END,
	e.confidence_permille, e.start_ns, e.length_ns, e.detected_after_ns, e.start_ms, e.utc_offset_s,
	e.end_offset_s, e.night, e.messages, e.delivered
FROM event_row e LEFT JOIN run_bed_row c ON c.run = e.run AND c.bed = e.bed;
DROP TABLE event_row;
ALTER TABLE event_with_unknown RENAME TO event_row;

CREATE INDEX event_night ON event_row (night, bed, start_ms, type);
CREATE INDEX event_open ON event_row (run) WHERE end_cause = 0;
CREATE INDEX event_timeless ON event_row (run) WHERE night = 0;
CREATE INDEX event_undelivered ON event_row (id) WHERE delivered < messages;
CREATE INDEX event_fault ON event_row (bed, start_ms) WHERE type = 20;

-- 64 is BH_CAN_POSTURE: a bed that never could tell how someone lies.
UPDATE night_row SET position_changes = NULL
WHERE position_changes = 0
AND NOT EXISTS (SELECT 1 FROM run_bed_row c WHERE c.bed = night_row.bed AND c.capabilities & 64);
