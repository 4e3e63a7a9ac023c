-- SPDX-License-Identifier: MIT
-- Version 3: profile and diary belong to a person, and a person to a bed. What was said before goes
-- to the first bed: a hub of one bed, as nearly all are, loses nothing, and a partner of a second bed
-- is not given answers that may not be hers or his.

CREATE TABLE answer_row (
	bed INTEGER NOT NULL,		-- bed_row.id; a person may answer before the bed is there
	key TEXT NOT NULL,		-- profile.def
	value TEXT NOT NULL,
	at_ms INTEGER,			-- when it was said
	utc_offset_s INTEGER,
	PRIMARY KEY (bed, key)
) STRICT, WITHOUT ROWID;
INSERT INTO answer_row (bed, key, value)
SELECT coalesce((SELECT id FROM bed_row ORDER BY place IS NULL, place, id LIMIT 1), 0), key, value
FROM profile_row;
DROP TABLE profile_row;
ALTER TABLE answer_row RENAME TO profile_row;

-- id: in the order of writing, so that the last one can be taken back.
CREATE TABLE entry_row (
	id INTEGER NOT NULL PRIMARY KEY,
	bed INTEGER NOT NULL,		-- bed_row.id
	night INTEGER NOT NULL,
	at_ms INTEGER NOT NULL,
	key TEXT NOT NULL,		-- diary.def
	side INTEGER NOT NULL,		-- enum bh_side
	site TEXT NOT NULL,		-- where on the leg, or empty
	value TEXT NOT NULL,
	utc_offset_s INTEGER NOT NULL,
	UNIQUE (bed, night, at_ms, key, side, site)
) STRICT;
INSERT INTO entry_row (bed, night, at_ms, key, side, site, value, utc_offset_s)
SELECT coalesce((SELECT id FROM bed_row ORDER BY place IS NULL, place, id LIMIT 1), 0), night, at_ms,
	key, side, '', value, utc_offset_s FROM diary_row ORDER BY night, at_ms, key, side;
DROP TABLE diary_row;
ALTER TABLE entry_row RENAME TO diary_row;
CREATE INDEX diary_night ON diary_row (night);
