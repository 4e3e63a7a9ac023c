/* SPDX-License-Identifier: MIT */
#include "hub/store/past_private.h"

#include <errno.h>

/* A night is valid at 80 % coverage (science.md section 0): a sensor that was faulty for more than
 * the other fifth of the time in bed told nothing that rules may build on. */
#define FAULTY_PERMILLE 200

/* A fault that ends an occupied interval begins when the interval ends, give or take the rounding. */
#define SAME_MOMENT_MS 1000

static int load(struct bh_store *store, enum bh_stmt which, int bed, struct bh_past_span **spans,
		size_t *n)
{
	struct bh_past_span span;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, which, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, bed));
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		span = (struct bh_past_span){
			.start_ms = sqlite3_column_int64(stmt, 0),
			.end_ms = sqlite3_column_type(stmt, 1) == SQLITE_NULL
					  ? INT64_MAX
					  : sqlite3_column_int64(stmt, 1),
			.sensor = sqlite3_column_int64(stmt, 2),
			.capabilities = (uint32_t)sqlite3_column_int64(stmt, 3),
		};
		BH_PAST_PUSH(r, *spans, *n, span);
	}
	rc = bh_stmt_done(stmt, rc);
	return r < 0 ? r : rc;
}

int bh_past_spans_load(struct bh_store *store, int bed, struct bh_past_spans *ret)
{
	int r = load(store, BH_STMT_PAST_RUNS, bed, &ret->runs, &ret->n_runs);
	size_t i;

	if (r == 0)
		r = load(store, BH_STMT_PAST_FAULTS, bed, &ret->faults, &ret->n_faults);
	/* The run that writes now lives on: its last sign of life in the file is the last commit's. */
	for (i = 0; i < ret->n_runs; i++)
		if (ret->runs[i].sensor == store->run)
			ret->runs[i].end_ms = INT64_MAX;
	return r;
}

void bh_past_spans_free(struct bh_past_spans *spans)
{
	sqlite3_free(spans->runs);
	sqlite3_free(spans->faults);
}

static int64_t overlap_ms(const struct bh_past_span *span, int64_t from_ms, int64_t to_ms)
{
	int64_t start_ms = span->start_ms > from_ms ? span->start_ms : from_ms;
	int64_t end_ms = span->end_ms < to_ms ? span->end_ms : to_ms;

	return end_ms > start_ms ? end_ms - start_ms : 0;
}

/*
 * From the first time in bed to the last. A bed that ends by a fault may have stayed occupied: then
 * to the end of that fault. A bed that was never occupied, as far as it could tell: the whole night.
 */
static int time_in_bed(struct bh_store *store, const struct bh_past_spans *spans,
		       const struct bh_night *night, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
	int64_t from_ms = 0;
	int64_t to_ms = 0;
	bool by_fault = false;
	int rc;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_PAST_IN_BED, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, night->date);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, night->bed));
	sqlite3_bind_int(stmt, 3, BH_EVENT_BED_OCCUPIED);
	sqlite3_bind_int(stmt, 4, BH_END_FAULT);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		if (from_ms == 0)
			from_ms = sqlite3_column_int64(stmt, 0);
		to_ms = sqlite3_column_type(stmt, 1) == SQLITE_NULL ? night->end_ms
								    : sqlite3_column_int64(stmt, 1);
		by_fault = sqlite3_column_int(stmt, 2) == BH_END_FAULT;
	}
	r = bh_stmt_done(stmt, rc);
	if (from_ms == 0) {
		from_ms = night->start_ms;
		to_ms = night->end_ms;
	}
	for (size_t i = 0; by_fault && i < spans->n_faults; i++)
		if (spans->faults[i].start_ms <= to_ms + SAME_MOMENT_MS &&
		    spans->faults[i].end_ms > to_ms) {
			to_ms = spans->faults[i].end_ms;
			break;
		}
	*ret_from_ms = from_ms;
	*ret_to_ms = to_ms < night->end_ms ? to_ms : night->end_ms;
	return r;
}

/*
 * Bits of the sensors that were faulty for too long of [from, to). A source of several series (a capture
 * has the mat and both legs) fails once for each: an hour without all four is an hour, not four.
 */
static uint32_t lost_bits(const struct bh_past_spans *spans, int64_t from_ms, int64_t to_ms)
{
	uint32_t lost = 0;
	int64_t faulty_ms = 0, told_ms = 0;

	for (size_t i = 0; i < spans->n_faults; i++) {
		const struct bh_past_span *fault = &spans->faults[i];

		if (i == 0 || fault->sensor != spans->faults[i - 1].sensor) {
			faulty_ms = 0;
			told_ms = from_ms;
		}
		faulty_ms += overlap_ms(fault, told_ms, to_ms);
		if (fault->end_ms > told_ms)
			told_ms = fault->end_ms;
		if (faulty_ms * 1000 > (to_ms - from_ms) * FAULTY_PERMILLE)
			lost |= fault->capabilities;
	}
	return lost;
}

/* From the first time in bed after the thermometers were calibrated their difference counts. */
static int calibrated_before(struct bh_store *store, struct bh_past_night *past)
{
	const uint32_t pair = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT;
	const struct bh_night *night = &past->night;
	int r = 0;
	int rc;
	sqlite3_stmt *stmt;

	if ((past->capabilities & pair) != pair)
		return 0;
	stmt = bh_stmt(store, BH_STMT_CALIBRATED_SINCE, &r);
	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, night->bed));
	sqlite3_bind_int(stmt, 2, BH_CALIBRATION_THERMOMETERS);
	sqlite3_bind_int(stmt, 3, BH_CALIBRATION_VERSION);
	sqlite3_bind_int64(stmt, 4, night->first_enter_ms == BH_WALL_UNKNOWN ? night->start_ms
									      : night->first_enter_ms);
	sqlite3_bind_int64(stmt, 5, night->start_ms);
	sqlite3_bind_int64(stmt, 6, night->end_ms);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		past->capabilities |= BH_CAN_TEMP_ABSOLUTE;
	return bh_stmt_done(stmt, rc);
}

int bh_past_capabilities(struct bh_store *store, const struct bh_past_spans *spans,
			 struct bh_past_night *past)
{
	const struct bh_night *night = &past->night;
	int64_t from_ms = 0;
	int64_t to_ms = 0;
	bool faulty = false;
	int r;

	past->capabilities = 0;
	for (size_t i = 0; i < spans->n_runs; i++)
		if (overlap_ms(&spans->runs[i], night->start_ms, night->end_ms) > 0)
			past->capabilities |= spans->runs[i].capabilities;
	r = calibrated_before(store, past);
	if (r < 0)
		return r;
	for (size_t i = 0; i < spans->n_faults && !faulty; i++)
		faulty = overlap_ms(&spans->faults[i], night->start_ms, night->end_ms) > 0;
	if (!faulty)
		return 0;
	r = time_in_bed(store, spans, night, &from_ms, &to_ms);
	if (r == 0)
		past->capabilities &= ~lost_bits(spans, from_ms, to_ms);
	return r;
}
