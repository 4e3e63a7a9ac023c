/* SPDX-License-Identifier: MIT */
/*
 * The configuration counts its beds from 0 and may be re-ordered; a bed of the history keeps its
 * number for ever, known by its id. In the writer the run's beds are spoken of by the
 * configuration's index, in a reader by the history's number; both are the same until somebody
 * re-orders the configuration.
 */
#include "hub/store/private.h"

#include <errno.h>
#include <string.h>

static int retire(struct bh_store *store, enum bh_stmt which)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, which, &r);

	return stmt ? bh_stmt_run(stmt) : r;
}

/* Runs an INSERT ... RETURNING id. */
static int run_for_id(sqlite3_stmt *stmt, int64_t *ret)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW) {
		*ret = sqlite3_column_int64(stmt, 0);
		rc = sqlite3_step(stmt);
	}
	return bh_stmt_done(stmt, rc);
}

static int put_bed(struct bh_store *store, const struct bh_store_bed *bed, int place, int64_t *ret)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_BED_PUT, &r);

	if (!stmt)
		return r;
	bh_bind_text(stmt, 1, bed->id);
	bh_bind_text(stmt, 2, bed->name);
	sqlite3_bind_int64(stmt, 3, bed->capabilities);
	sqlite3_bind_int(stmt, 4, place);
	return run_for_id(stmt, ret);
}

static int put_sensor(struct bh_store *store, int64_t number, const struct bh_store_bed *bed,
		      int place, int64_t *ret)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_SENSOR_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, number);
	bh_bind_text(stmt, 2, bed->sensors[place]);
	sqlite3_bind_int64(stmt, 3, bed->sensor_capabilities[place]);
	sqlite3_bind_int(stmt, 4, place);
	return run_for_id(stmt, ret);
}

static int put_run_bed(struct bh_store *store, int64_t run, int64_t number,
		       const struct bh_store_bed *bed)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_RUN_BED, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, run);
	sqlite3_bind_int64(stmt, 2, number);
	sqlite3_bind_int64(stmt, 3, bed->capabilities);
	sqlite3_bind_int64(stmt, 4, bed->mat_hash);
	return bh_stmt_run(stmt);
}

int bh_bed_map_put(struct bh_store *store, int64_t run, const struct bh_store_bed *beds, size_t n,
		   struct bh_bed_map *ret)
{
	struct bh_bed_map map = { .set = true, .n = n };
	int64_t number = 0;
	int r;

	if (n > BH_BEDS_MAX)
		return -EINVAL;
	r = retire(store, BH_STMT_BED_RETIRE);
	if (r == 0)
		r = retire(store, BH_STMT_SENSOR_RETIRE);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (beds[i].n_sensors > BH_SENSORS_MAX)
			return -EINVAL;
		r = put_bed(store, &beds[i], (int)i, &number);
		if (r == 0)
			r = put_run_bed(store, run, number, &beds[i]);
		map.number[i] = (uint8_t)number;
		map.n_sensors[i] = beds[i].n_sensors;
		for (int j = 0; j < beds[i].n_sensors && r == 0; j++)
			r = put_sensor(store, number, &beds[i], j, &map.sensor[i][j]);
	}
	if (r == 0)
		*ret = map;
	return r;
}

int bh_store_name_bed(struct bh_store *store, const char *id, const char *name)
{
	int64_t number = 0;
	sqlite3_stmt *stmt;
	int r = store->writable && !store->beds.set ? bh_store_begin(store) : -EINVAL;

	if (r < 0)
		return r;
	stmt = bh_stmt(store, BH_STMT_BED_NAME, &r);
	if (!stmt)
		return r;
	bh_bind_text(stmt, 1, id);
	bh_bind_text(stmt, 2, name);
	r = run_for_id(stmt, &number);
	return r < 0 ? r : (int)number;
}

int bh_bed_number(const struct bh_store *store, int bed)
{
	if (!store->beds.set || bed < 0)
		return bed;
	return (size_t)bed < store->beds.n ? store->beds.number[bed] : BH_BED_NONE;
}

uint8_t bh_bed_index(const struct bh_store *store, int number)
{
	if (!store->beds.set)
		return (uint8_t)number;
	for (size_t i = 0; i < store->beds.n; i++)
		if (store->beds.number[i] == number)
			return (uint8_t)i;
	return BH_BED_NONE;
}

static int list_sensors(struct bh_store *store, int number, struct bh_store_bed *bed)
{
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_SENSOR_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, number);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && bed->n_sensors < BH_SENSORS_MAX) {
		bh_column_text(stmt, 0, bed->sensors[bed->n_sensors], BH_NAME_MAX);
		bed->sensor_capabilities[bed->n_sensors] = (uint32_t)sqlite3_column_int64(stmt, 1);
		bed->n_sensors++;
	}
	return bh_stmt_done(stmt, rc);
}

int bh_store_beds(struct bh_store *store, struct bh_store_bed *ret, size_t cap)
{
	int n = 0;
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_BED_LIST, &r);

	if (!stmt)
		return r;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && (size_t)n < cap && r == 0) {
		struct bh_store_bed *bed = &ret[n++];
		int number = sqlite3_column_int(stmt, 0);

		*bed = (struct bh_store_bed){ .bed = bh_bed_index(store, number) };
		bh_column_text(stmt, 1, bed->id, sizeof(bed->id));
		bh_column_text(stmt, 2, bed->name, sizeof(bed->name));
		bed->capabilities = (uint32_t)sqlite3_column_int64(stmt, 3);
		r = list_sensors(store, number, bed);
	}
	rc = bh_stmt_done(stmt, rc);
	if (r == 0)
		r = rc;
	return r < 0 ? r : n;
}

int bh_store_bed_names(struct bh_store *store, struct bh_store_bed_name *ret, size_t cap)
{
	int n = 0, r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_BED_NAMES, &r);

	if (!stmt)
		return r;
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && (size_t)n < cap) {
		struct bh_store_bed_name *bed = &ret[n++];

		bed->bed = bh_bed_index(store, sqlite3_column_int(stmt, 0));
		bh_column_text(stmt, 1, bed->id, sizeof(bed->id));
		bh_column_text(stmt, 2, bed->name, sizeof(bed->name));
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : n;
}
