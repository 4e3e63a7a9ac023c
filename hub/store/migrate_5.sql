-- SPDX-License-Identifier: MIT
-- Version 5: red flags stay on record. A finding says what stands at its night's last look; a flag that was
-- raised, and told, before may not stand any more.
CREATE TABLE red_flag_row (
	night INTEGER NOT NULL,
	bed INTEGER NOT NULL REFERENCES bed_row (id),
	rule TEXT NOT NULL,
	says TEXT NOT NULL,		-- as it was told
	raised_ms INTEGER,		-- first; NULL: not known
	utc_offset_s INTEGER,
	origin INTEGER NOT NULL,	-- enum bh_origin, as of its finding
	PRIMARY KEY (night, bed, rule, says, origin)
) STRICT, WITHOUT ROWID;

-- A finding says the first of its red flags; all of them are true lines of its evidence without a weight.
INSERT INTO red_flag_row (night, bed, rule, says, origin)
SELECT night, bed, rule, says, origin FROM finding_row WHERE red_flag = 1 UNION
SELECT f.night, f.bed, f.rule, v.text, f.origin FROM finding_row f JOIN evidence_row v ON v.finding = f.id
WHERE f.red_flag = 1 AND v.truth = 2 AND v.weight_milli = 0 AND v.counted = 0;
