-- SPDX-License-Identifier: MIT
-- Version 4: sleep, restlessness and periodic leg movements of a night. Nights that were closed before
-- keep NULL here: not known.

-- enum bh_sleep of the minute that holds the epoch; NULL: not scored, or not known.
ALTER TABLE epoch_row ADD COLUMN sleep INTEGER;

ALTER TABLE night_row ADD COLUMN sleep_onset_ms INTEGER;
ALTER TABLE night_row ADD COLUMN sleep_onset_offset_s INTEGER;
ALTER TABLE night_row ADD COLUMN restless_periods INTEGER;
ALTER TABLE night_row ADD COLUMN restless_first_third_min INTEGER; -- of the time between entering and leaving
ALTER TABLE night_row ADD COLUMN restless_last_third_min INTEGER;
ALTER TABLE night_row ADD COLUMN walk_breaks INTEGER;
ALTER TABLE night_row ADD COLUMN toilet_like INTEGER;
ALTER TABLE night_row ADD COLUMN sleep_bed_min INTEGER; -- from first entering to last leaving
ALTER TABLE night_row ADD COLUMN sleep_unknown_min INTEGER; -- of them, without data
ALTER TABLE night_row ADD COLUMN sleep_latency_min INTEGER;
ALTER TABLE night_row ADD COLUMN asleep_min INTEGER;
ALTER TABLE night_row ADD COLUMN wake_after_onset_min INTEGER;
ALTER TABLE night_row ADD COLUMN awake_in_bed_min INTEGER;
ALTER TABLE night_row ADD COLUMN awakenings INTEGER;
ALTER TABLE night_row ADD COLUMN sleep_efficiency_permille INTEGER;
ALTER TABLE night_row ADD COLUMN fragmentation_milli INTEGER;
ALTER TABLE night_row ADD COLUMN sleep_regularity_milli INTEGER; -- of the week that ends with this night
ALTER TABLE night_row ADD COLUMN plm_candidates INTEGER; -- leg movements that may be periodic, asleep
ALTER TABLE night_row ADD COLUMN plm_asleep INTEGER; -- periodic leg movements, asleep
ALTER TABLE night_row ADD COLUMN plm_awake INTEGER; -- ... and awake in bed
ALTER TABLE night_row ADD COLUMN plm_index_asleep_milli INTEGER; -- an hour of asleep_min
ALTER TABLE night_row ADD COLUMN plm_index_awake_milli INTEGER; -- an hour of awake_in_bed_min
ALTER TABLE night_row ADD COLUMN plm_series INTEGER;
ALTER TABLE night_row ADD COLUMN plm_pi_ferri_permille INTEGER;
ALTER TABLE night_row ADD COLUMN plm_pi_ratio_permille INTEGER;
ALTER TABLE night_row ADD COLUMN plm_interval_ms INTEGER; -- geometric mean
ALTER TABLE night_row ADD COLUMN plm_missed_permille INTEGER; -- movements thought to be missed
ALTER TABLE night_row ADD COLUMN plm_left INTEGER;
ALTER TABLE night_row ADD COLUMN plm_right INTEGER;
ALTER TABLE night_row ADD COLUMN plm_both INTEGER;
