-- SPDX-License-Identifier: MIT
-- Version 6: which mat a bed had in a run, so that a calibration of another one is known for that.

ALTER TABLE run_bed_row ADD COLUMN mat_hash INTEGER; -- bh_calibration_mat_hash(); NULL: not known
