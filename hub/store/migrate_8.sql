-- SPDX-License-Identifier: MIT
-- Version 8: contact pads, and mats under the mattress, do not tell how restless a night was, only that somebody
-- moved; and two pads not legs that hang from legs drawn up. Both got bits of what a bed can tell: 4096 is
-- BH_CAN_RESTLESSNESS, 8192 BH_CAN_HANGING; 4, 8, 32 and 128 are BH_CAN_EDGE, _LEGS, _LOAD and _LEG_MOVEMENT: a mat
-- that weighs and has zones under the legs, but tells no movements of theirs, lies under the mattress.

UPDATE run_bed_row SET capabilities = capabilities
	| CASE WHEN capabilities & 32 AND (capabilities & 128 OR NOT capabilities & 8) THEN 4096 ELSE 0 END
	| CASE WHEN capabilities & 8 AND capabilities & 36 THEN 8192 ELSE 0 END;
UPDATE bed_row SET capabilities = capabilities
	| CASE WHEN capabilities & 32 AND (capabilities & 128 OR NOT capabilities & 8) THEN 4096 ELSE 0 END
	| CASE WHEN capabilities & 8 AND capabilities & 36 THEN 8192 ELSE 0 END;
UPDATE sensor_row SET capabilities = capabilities
	| CASE WHEN capabilities & 32 AND (capabilities & 128 OR NOT capabilities & 8) THEN 4096 ELSE 0 END
	| CASE WHEN capabilities & 8 AND capabilities & 36 THEN 8192 ELSE 0 END;

-- Restless time of a bed that never could tell it all.
UPDATE night_row SET restless_min = NULL, restless_periods = NULL, restless_first_third_min = NULL,
	restless_last_third_min = NULL, walk_breaks = NULL
WHERE NOT EXISTS (SELECT 1 FROM run_bed_row c WHERE c.bed = night_row.bed AND c.capabilities & 4096);
