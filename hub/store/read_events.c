/* SPDX-License-Identifier: MIT */
/* Events, epochs and what is known of a span of time, for readers. */
#include "hub/store/private.h"

#include <errno.h>

static enum bh_event_phase phase_of(const struct bh_event *event)
{
	if (event->end_cause == BH_END_OPEN)
		return BH_PHASE_OPEN;
	return bh_event_info(event->type)->shape == BH_SHAPE_INTERVAL ? BH_PHASE_CLOSE
								      : BH_PHASE_INSTANT;
}

void bh_column_event(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_stored_event *ret)
{
	struct bh_event *event = &ret->event;

	*ret = (struct bh_stored_event){
		.row = sqlite3_column_int64(stmt, 0),
		.run = sqlite3_column_int64(stmt, 1),
		.origin = (enum bh_origin)sqlite3_column_int(stmt, 2),
		.night = sqlite3_column_int(stmt, 3),
		.utc_offset_s = sqlite3_column_int(stmt, 4),
		.start_ms = bh_column_wall(stmt, 17),
		.end_ms = bh_column_wall(stmt, 18),
	};
	bh_column_text(stmt, 5, ret->sensor, sizeof(ret->sensor));
	*event = (struct bh_event){
		.seq = (uint64_t)sqlite3_column_int64(stmt, 6),
		.type = (enum bh_event_type)sqlite3_column_int(stmt, 7),
		.end_cause = (enum bh_end_cause)sqlite3_column_int(stmt, 8),
		.side = (enum bh_side)sqlite3_column_int(stmt, 9),
		.bed = bh_bed_index(store, sqlite3_column_int(stmt, 10)),
		.sensor = sqlite3_column_type(stmt, 11) == SQLITE_NULL
				  ? BH_SENSOR_NONE
				  : (uint8_t)sqlite3_column_int(stmt, 11),
		.confidence_permille = (int16_t)sqlite3_column_int(stmt, 12),
		.value = bh_column_number(stmt, 13),
		.start_ns = sqlite3_column_int64(stmt, 14),
		.end_ns = bh_column_mono(stmt, 15),
		.detected_ns = sqlite3_column_int64(stmt, 16),
	};
	/* A type of a newer program: nobody here could name it. */
	if (!bh_event_info(event->type))
		event->bed = BH_BED_NONE;
	else
		event->phase = phase_of(event);
}

int bh_store_events(struct bh_store *store, const struct bh_event_query *query,
		    int (*each)(void *ctx, const struct bh_stored_event *event), void *ctx)
{
	struct bh_stored_event event;
	int stop = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt =
		bh_stmt(store, query->limit ? BH_STMT_EVENT_NEWEST : BH_STMT_EVENT_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, query->from_ms ? bh_night_date(query->from_ms) : 0);
	sqlite3_bind_int(stmt, 2, query->to_ms ? bh_night_date(query->to_ms) : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, query->bed));
	if (query->from_ms)
		sqlite3_bind_int64(stmt, 4, query->from_ms);
	if (query->to_ms)
		sqlite3_bind_int64(stmt, 5, query->to_ms);
	sqlite3_bind_int64(stmt, 6, query->types ? (int64_t)query->types : -1);
	if (query->limit)
		sqlite3_bind_int64(stmt, 7, (int64_t)query->limit);
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_event(store, stmt, &event);
		if (event.event.bed != BH_BED_NONE)
			stop = each(ctx, &event);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}

void bh_column_epoch(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_past_epoch *ret)
{
	*ret = (struct bh_past_epoch){
		.start_ms = bh_column_wall(stmt, 0),
		.epoch = {
			.start_ns = sqlite3_column_int64(stmt, 1) * BH_EPOCH_NS,
			.bed = bh_bed_index(store, sqlite3_column_int(stmt, 2)),
			.contact = (uint8_t)sqlite3_column_int(stmt, 3),
			.position = (enum bh_position)sqlite3_column_int(stmt, 4),
			.coverage_permille = bh_column_number(stmt, 5),
			.occupied_permille = bh_column_number(stmt, 6),
			.moving_permille = bh_column_number(stmt, 7),
			.activity = bh_column_number(stmt, 8),
			.leg_movements = bh_column_number(stmt, 9),
			.load_permille = bh_column_number(stmt, 10),
			.temp_mdegc = {
				[BH_TEMP_LEFT] = bh_column_number(stmt, 11),
				[BH_TEMP_RIGHT] = bh_column_number(stmt, 12),
				[BH_TEMP_ROOM] = bh_column_number(stmt, 13),
			},
		},
		.sleep = (enum bh_sleep)sqlite3_column_int(stmt, 14),
	};
}

int bh_store_epochs(struct bh_store *store, int bed, int64_t from_ms, int64_t to_ms,
		    int (*each)(void *ctx, const struct bh_past_epoch *epoch), void *ctx)
{
	struct bh_past_epoch epoch;
	int stop = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EPOCH_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, from_ms ? bh_night_date(from_ms) : 1);
	sqlite3_bind_int(stmt, 2, to_ms ? bh_night_date(to_ms) : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, bed));
	sqlite3_bind_int64(stmt, 4, from_ms);
	if (to_ms)
		sqlite3_bind_int64(stmt, 5, to_ms);
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_epoch(store, stmt, &epoch);
		if (epoch.epoch.bed != BH_BED_NONE)
			stop = each(ctx, &epoch);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}

int bh_store_has_origin(struct bh_store *store, enum bh_origin origin, int64_t from_ms,
			int64_t to_ms)
{
	int found = 0;
	int rc;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_HAS_ORIGIN, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, (int)origin);
	if (from_ms)
		sqlite3_bind_int64(stmt, 2, from_ms);
	if (to_ms)
		sqlite3_bind_int64(stmt, 3, to_ms);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		found = sqlite3_column_int(stmt, 0);
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : found;
}

int bh_store_next_night(struct bh_store *store, int bed, int32_t after, int32_t *ret)
{
	int rc;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_NEXT_NIGHT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, after);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, bed));
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int(stmt, 0);
	return bh_stmt_done(stmt, rc);
}

int bh_store_night_dates(struct bh_store *store, int bed, int32_t from, int32_t to, int32_t *ret,
			 size_t cap)
{
	int32_t date = from > 0 ? from - 1 : 0;
	int n = 0;
	int r;

	while ((size_t)n < cap) {
		r = bh_store_next_night(store, bed, date, &date);
		if (r < 0)
			return r;
		if (date == 0 || (to != 0 && date > to))
			break;
		ret[n++] = date;
	}
	return n;
}
