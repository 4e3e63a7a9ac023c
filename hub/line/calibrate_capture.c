/* SPDX-License-Identifier: MIT */
#include "hub/line/calibrate_capture.h"

#include "hub/line/describe.h"
#include "hub/line/line.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct run {
	struct bh_store *store;
	int error;
};

/* The capture itself is not replayed: only calibrations are kept, and the clock that dates them. */
static bool is_kept(const struct bh_record *record)
{
	return record->kind == BH_RECORD_CLOCK ||
	       (record->kind == BH_RECORD_CALIBRATION &&
		record->u.calibration.cause == BH_CALIBRATED_ASKED);
}

static void put(void *ctx, const struct bh_record *record)
{
	struct run *run = ctx;
	int r;

	if (!is_kept(record) || run->error)
		return;
	r = bh_store_put(run->store, record);
	run->error = r < 0 ? r : 0;
}

/* The history must know where a calibration came from before it comes. */
static int begin_run(struct bh_line *line, const struct bh_config *config, struct bh_store *store,
		     int64_t first_ns, struct bh_error *err)
{
	struct bh_record clock = { .kind = BH_RECORD_CLOCK, .u.clock.change = BH_CLOCK_START };
	struct bh_store_bed stored[BH_BEDS_MAX];
	struct bh_mqtt_bed devices[BH_BEDS_MAX];
	struct bh_store_run described;
	unsigned int n_beds = bh_describe_beds(line, config, stored, devices);
	int64_t run;
	int r;

	bh_describe_run(line, config, "replay", first_ns, false, &described);
	/* Another one than the replay's, whose nights stay. */
	snprintf(described.provenance, sizeof(described.provenance), "calibration: %.100s",
		 bh_line_provenance(line));
	r = bh_store_run_begin(store, &described, stored, n_beds, &run);
	bh_line_own_time(line, &clock.u.clock.anchor);
	if (r == 0)
		r = bh_store_put(store, &clock);
	if (r == 0)
		r = bh_calibrating_load(bh_line_calibrating(line), store, n_beds,
					described.origin == BH_ORIGIN_SIMULATED);
	return r < 0 ? bh_error_set(err, r, NULL, 0, 0, "cannot begin a run in the history: %s",
				    strerror(-r))
		     : 0;
}

static int play(struct bh_line *line, int64_t first_ns, const struct bh_calibrate_setup *setup,
		struct bh_calibration_progress *ret, struct bh_error *err)
{
	struct bh_calibrating *calibrating = bh_line_calibrating(line);
	int64_t next_ns = first_ns;

	bh_calibrating_begin(calibrating, setup);
	while (next_ns != INT64_MAX && bh_calibrating_progress(calibrating, NULL).running)
		next_ns = bh_line_step(line, next_ns);
	if (bh_line_complaint(line)) {
		*err = *bh_line_complaint(line);
		return -EINVAL;
	}
	bh_calibrating_end(calibrating);
	*ret = bh_calibrating_progress(calibrating, NULL);
	return 0;
}

int bh_calibrate_capture(const struct bh_config *config, struct bh_store *store,
			 const struct bh_calibrate_setup *setup, struct bh_calibration_progress *ret,
			 struct bh_error *err)
{
	struct run run = { .store = store };
	struct bh_sink sink = { .put = put, .ctx = &run };
	struct bh_calibrate_setup patient = *setup;
	struct bh_bus no_bus = { 0 };
	struct bh_line *line;
	int64_t first_ns;
	int r = bh_line_new(config, &no_bus, &sink, NULL, &line, err);

	if (r < 0)
		return r;
	patient.patient = true;
	bh_line_start(line, 0);
	first_ns = bh_line_step(line, BH_MONO_NONE);
	if (first_ns == INT64_MAX)
		r = bh_line_complaint(line) ? -EINVAL
					    : bh_error_set(err, -EINVAL, NULL, 0, 0,
							   "holds no readings");
	if (r < 0 && bh_line_complaint(line))
		*err = *bh_line_complaint(line);
	if (r == 0)
		r = begin_run(line, config, store, first_ns, err);
	if (r == 0)
		r = play(line, first_ns, &patient, ret, err);
	if (r == 0 && run.error == 0)
		run.error = bh_store_commit(store);
	if (r == 0 && run.error < 0)
		r = bh_error_set(err, run.error, NULL, 0, 0, "cannot write the history: %s",
				 strerror(-run.error));
	bh_line_free(line);
	return r;
}
