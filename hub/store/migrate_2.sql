-- SPDX-License-Identifier: MIT
-- Version 2: calibrations, asked for by a person or followed by the hub. They belong to the sensors,
-- not to a night: a run that is replaced leaves them.

CREATE TABLE calibration_row (
	id INTEGER NOT NULL PRIMARY KEY,
	run INTEGER NOT NULL,		-- the run that found it, which may be gone
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	kind INTEGER NOT NULL,		-- enum bh_calibration_kind
	cause INTEGER NOT NULL,		-- enum bh_calibration_cause
	version INTEGER NOT NULL,	-- of the way it was found
	origin INTEGER NOT NULL,	-- enum bh_origin of its run
	at_ns INTEGER NOT NULL,
	at_ms INTEGER,
	utc_offset_s INTEGER,
	mat_hash INTEGER NOT NULL,	-- of the mat it is for; 0: of no mat
	quality INTEGER NOT NULL,	-- what is left of error (hub/core/calibration.h)
	n_values INTEGER NOT NULL,	-- not used unless all of them are there
	UNIQUE (run, bed, kind, at_ns)
) STRICT;
CREATE INDEX calibration_bed ON calibration_row (bed, kind, id);

CREATE TABLE calibration_value_row (
	calibration INTEGER NOT NULL REFERENCES calibration_row (id) ON DELETE CASCADE,
	i INTEGER NOT NULL,		-- zone, or left 0 and right 1
	value INTEGER NOT NULL,
	PRIMARY KEY (calibration, i)
) STRICT, WITHOUT ROWID;
