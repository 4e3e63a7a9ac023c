/* SPDX-License-Identifier: MIT */
/* Records into rows. */
#include "hub/store/private.h"

#include <errno.h>

static enum bh_end_cause end_cause_of(const struct bh_event *event)
{
	if (event->phase == BH_PHASE_OPEN)
		return BH_END_OPEN;
	return event->end_cause == BH_END_OPEN ? BH_END_NORMAL : event->end_cause;
}

static void bind_sensor(const struct bh_store *store, sqlite3_stmt *stmt, int i,
			const struct bh_event *event)
{
	if (event->sensor < store->beds.n_sensors[event->bed])
		sqlite3_bind_int64(stmt, i, store->beds.sensor[event->bed][event->sensor]);
}

/* Night, offset and wall time; the end's offset only if local time changed in between. */
static void bind_wall(struct bh_store *store, sqlite3_stmt *stmt, const struct bh_event *event)
{
	int64_t start_ms = bh_anchors_wall(&store->anchors, event->start_ns);
	struct bh_local start = bh_store_local(store, start_ms);
	struct bh_local end;

	sqlite3_bind_int(stmt, 16, start.night);
	if (start.night == 0)
		return;
	sqlite3_bind_int64(stmt, 13, start_ms);
	sqlite3_bind_int(stmt, 14, start.offset_s);
	if (event->phase == BH_PHASE_OPEN)
		return;
	end = bh_store_local(store, start_ms + (event->end_ns - event->start_ns) / BH_NS_PER_MS);
	if (end.offset_s != start.offset_s)
		sqlite3_bind_int(stmt, 15, end.offset_s);
}

static int insert_event(struct bh_store *store, const struct bh_event *event)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EVENT_INSERT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, event->bed));
	sqlite3_bind_int64(stmt, 3, (int64_t)event->seq);
	sqlite3_bind_int(stmt, 4, (int)event->type);
	sqlite3_bind_int(stmt, 5, (int)end_cause_of(event));
	sqlite3_bind_int(stmt, 6, (int)event->side);
	bind_sensor(store, stmt, 7, event);
	bh_bind_number(stmt, 8, event->value);
	sqlite3_bind_int(stmt, 9, event->confidence_permille);
	sqlite3_bind_int64(stmt, 10, event->start_ns);
	if (event->phase != BH_PHASE_OPEN)
		sqlite3_bind_int64(stmt, 11, event->end_ns - event->start_ns);
	sqlite3_bind_int64(stmt, 12, event->detected_ns - event->start_ns);
	bind_wall(store, stmt, event);
	/* One message for now; the end of an interval is a second one. */
	sqlite3_bind_int(stmt, 17,
			 store->owes_broker &&
				 bh_event_info(event->type)->class != BH_CLASS_DETAIL);
	return bh_stmt_run(stmt);
}

static int close_event(struct bh_store *store, const struct bh_event *event)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EVENT_CLOSE, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, event->bed));
	sqlite3_bind_int64(stmt, 3, (int64_t)event->seq);
	sqlite3_bind_int(stmt, 4, (int)end_cause_of(event));
	sqlite3_bind_int(stmt, 5, (int)event->side);
	bh_bind_number(stmt, 6, event->value);
	sqlite3_bind_int(stmt, 7, event->confidence_permille);
	sqlite3_bind_int64(stmt, 8, event->end_ns);
	r = bh_stmt_run(stmt);
	if (r < 0)
		return r;
	/* The opening may have been dropped by a full ring: the end still tells the whole interval. */
	return sqlite3_changes(store->db) > 0 ? 0 : insert_event(store, event);
}

static int check_event(const struct bh_store *store, const struct bh_event *event)
{
	if (event->bed >= store->beds.n || !bh_event_info(event->type) || event->seq > INT64_MAX)
		return -EINVAL;
	if (event->phase != BH_PHASE_OPEN && event->end_ns < event->start_ns)
		return -EINVAL;
	return 0;
}

static int put_event(struct bh_store *store, const struct bh_event *event)
{
	if (event->phase == BH_PHASE_CLOSE)
		return close_event(store, event);
	return insert_event(store, event);
}

static int put_epoch(struct bh_store *store, const struct bh_epoch *epoch)
{
	int64_t wall_ms = bh_anchors_wall(&store->anchors, epoch->start_ns);
	struct bh_local local = bh_store_local(store, wall_ms);
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_EPOCH_INSERT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, local.night);
	sqlite3_bind_int64(stmt, 2, store->run);
	if (local.night != 0)
		sqlite3_bind_int(stmt, 3, local.offset_s);
	bh_bind_wall(stmt, 4, wall_ms);
	sqlite3_bind_int64(stmt, 5, epoch->start_ns / BH_EPOCH_NS);
	sqlite3_bind_int(stmt, 6, bh_bed_number(store, epoch->bed));
	sqlite3_bind_int(stmt, 7, epoch->contact);
	sqlite3_bind_int(stmt, 8, (int)epoch->position);
	bh_bind_number(stmt, 9, epoch->coverage_permille);
	bh_bind_number(stmt, 10, epoch->occupied_permille);
	bh_bind_number(stmt, 11, epoch->moving_permille);
	bh_bind_number(stmt, 12, epoch->activity);
	bh_bind_number(stmt, 13, epoch->leg_movements);
	bh_bind_number(stmt, 14, epoch->load_permille);
	bh_bind_number(stmt, 15, epoch->temp_mdegc[BH_TEMP_LEFT]);
	bh_bind_number(stmt, 16, epoch->temp_mdegc[BH_TEMP_RIGHT]);
	bh_bind_number(stmt, 17, epoch->temp_mdegc[BH_TEMP_ROOM]);
	return bh_stmt_run(stmt);
}

int bh_store_apply_record(struct bh_store *store, const struct bh_record *record)
{
	switch (record->kind) {
	case BH_RECORD_EVENT:
		return put_event(store, &record->u.event);
	case BH_RECORD_EPOCH:
		return put_epoch(store, &record->u.epoch);
	case BH_RECORD_CLOCK:
		return bh_store_apply_clock(store, &record->u.clock);
	case BH_RECORD_CALIBRATION:
		return bh_store_apply_calibration(store, &record->u.calibration);
	case BH_RECORD_STATE:
		break;
	}
	return 0;
}

static int check_calibration(const struct bh_store *store, const struct bh_calibration *part)
{
	if (part->bed >= store->beds.n || !bh_calibration_name(part->kind) || part->n == 0 ||
	    part->n > BH_CALIBRATION_PART || part->first + part->n > part->n_values)
		return -EINVAL;
	return 0;
}

static int check(const struct bh_store *store, const struct bh_record *record)
{
	switch (record->kind) {
	case BH_RECORD_EVENT:
		return check_event(store, &record->u.event);
	case BH_RECORD_EPOCH:
		if (record->u.epoch.bed >= store->beds.n ||
		    record->u.epoch.start_ns % BH_EPOCH_NS != 0)
			return -EINVAL;
		return 0;
	case BH_RECORD_CALIBRATION:
		return check_calibration(store, &record->u.calibration);
	case BH_RECORD_CLOCK:
	case BH_RECORD_STATE:
		return 0;
	}
	return -EINVAL;
}

static bool is_urgent(const struct bh_record *record)
{
	/* Somebody stands beside the bed and waits. */
	if (record->kind == BH_RECORD_CALIBRATION)
		return record->u.calibration.cause == BH_CALIBRATED_ASKED;
	if (record->kind != BH_RECORD_EVENT)
		return false;
	switch (bh_event_info(record->u.event.type)->class) {
	case BH_CLASS_ALARM:
	case BH_CLASS_FAULT:
		return true;
	case BH_CLASS_ACTIVITY:
	case BH_CLASS_DETAIL:
		return false;
	}
	return false;
}

int bh_store_put(struct bh_store *store, const struct bh_record *record)
{
	int64_t moment_ns;
	int r;

	if (!store->writable || store->run == 0)
		return store->writable ? -EINVAL : -EROFS;
	r = check(store, record);
	if (r < 0)
		return r;
	moment_ns = bh_record_ns(record);
	if (record->kind != BH_RECORD_STATE) {
		r = bh_store_do(store, BH_OP_RECORD, record, sizeof(*record));
		if (r < 0)
			return r;
	}
	if (moment_ns > store->life_ns)
		store->life_ns = moment_ns;
	return is_urgent(record) ? 1 : 0;
}
