/* SPDX-License-Identifier: MIT */
/* Calibrations: written part by part, read whole. */
#include "hub/store/private.h"

#include <errno.h>

static int put_head(struct bh_store *store, const struct bh_calibration *part, int64_t *ret_id)
{
	int64_t at_ms = bh_anchors_wall(&store->anchors, part->at_ns);
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_CALIBRATION_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, store->run);
	sqlite3_bind_int(stmt, 2, bh_bed_number(store, part->bed));
	sqlite3_bind_int(stmt, 3, (int)part->kind);
	sqlite3_bind_int(stmt, 4, (int)part->cause);
	sqlite3_bind_int(stmt, 5, part->version);
	sqlite3_bind_int(stmt, 6, (int)store->origin);
	sqlite3_bind_int64(stmt, 7, part->at_ns);
	bh_bind_wall(stmt, 8, at_ms);
	if (at_ms != BH_WALL_UNKNOWN)
		sqlite3_bind_int(stmt, 9, bh_store_local(store, at_ms).offset_s);
	sqlite3_bind_int64(stmt, 10, part->mat_hash);
	sqlite3_bind_int(stmt, 11, part->quality);
	sqlite3_bind_int(stmt, 12, part->n_values);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		*ret_id = sqlite3_column_int64(stmt, 0);
		rc = sqlite3_step(stmt);
	}
	return bh_stmt_done(stmt, rc);
}

int bh_store_apply_calibration(struct bh_store *store, const struct bh_calibration *part)
{
	int64_t id = 0;
	int r = put_head(store, part, &id);

	for (int i = 0; i < part->n && r == 0; i++) {
		sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_CALIBRATION_VALUE, &r);

		if (!stmt)
			return r;
		sqlite3_bind_int64(stmt, 1, id);
		sqlite3_bind_int(stmt, 2, part->first + i);
		sqlite3_bind_int64(stmt, 3, part->value[i]);
		r = bh_stmt_run(stmt);
	}
	return r;
}

struct wanted {
	int bed; /* its number in the file */
	enum bh_calibration_kind kind;
	bool simulated;
	bool asked;
	int64_t after;
};

/* @return 1 with the row's head, 0 if there is none, or a negative errno. */
static int find_newest(struct bh_store *store, const struct wanted *wanted, int64_t *ret_id,
		       struct bh_stored_calibration *ret)
{
	int found = 0;
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_CALIBRATION_NEWEST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, wanted->bed);
	sqlite3_bind_int(stmt, 2, (int)wanted->kind);
	sqlite3_bind_int(stmt, 3, wanted->simulated);
	sqlite3_bind_int(stmt, 4, wanted->asked);
	sqlite3_bind_int64(stmt, 5, wanted->after);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		found = 1;
		*ret_id = sqlite3_column_int64(stmt, 0);
		*ret = (struct bh_stored_calibration){ .part.kind = wanted->kind };
		ret->part.cause = (enum bh_calibration_cause)sqlite3_column_int(stmt, 1);
		ret->part.version = (uint8_t)sqlite3_column_int(stmt, 2);
		ret->part.at_ns = sqlite3_column_int64(stmt, 3);
		ret->at_ms = bh_column_wall(stmt, 4);
		ret->part.mat_hash = (uint32_t)sqlite3_column_int64(stmt, 5);
		ret->part.quality = sqlite3_column_int(stmt, 6);
		ret->part.n_values = (uint16_t)sqlite3_column_int(stmt, 7);
	}
	rc = bh_stmt_done(stmt, rc);
	return rc < 0 ? rc : found;
}

static int give_values(struct bh_store *store, int64_t id, struct bh_stored_calibration *calibration,
		       void (*each)(void *ctx, const struct bh_stored_calibration *calibration),
		       void *ctx)
{
	struct bh_calibration *part = &calibration->part;
	int r = 0;
	int rc;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_CALIBRATION_VALUES, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int64(stmt, 1, id);
	while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		part->value[part->n++] = sqlite3_column_int64(stmt, 0);
		if (part->n < BH_CALIBRATION_PART && part->first + part->n < part->n_values)
			continue;
		each(ctx, calibration);
		part->first = (uint16_t)(part->first + part->n);
		part->n = 0;
	}
	return bh_stmt_done(stmt, rc);
}

int bh_store_calibrations(struct bh_store *store, int bed, bool simulated,
			  void (*each)(void *ctx, const struct bh_stored_calibration *calibration),
			  void *ctx)
{
	struct bh_stored_calibration calibration;
	int r = 0;

	for (int kind = 1; kind < BH_CALIBRATION_KINDS && r >= 0; kind++) {
		struct wanted wanted = { .bed = bh_bed_number(store, bed),
					 .kind = (enum bh_calibration_kind)kind,
					 .simulated = simulated,
					 .asked = true };
		int64_t id = 0;

		r = find_newest(store, &wanted, &id, &calibration);
		if (r <= 0)
			continue;
		calibration.part.bed = (uint8_t)bed;
		wanted.after = id;
		wanted.asked = false;
		r = give_values(store, id, &calibration, each, ctx);
		if (r == 0)
			r = find_newest(store, &wanted, &id, &calibration);
		calibration.part.bed = (uint8_t)bed;
		if (r > 0)
			r = give_values(store, id, &calibration, each, ctx);
	}
	return r < 0 ? r : 0;
}

int bh_store_mat_hash(struct bh_store *store, int bed, bool simulated, int64_t before_ms, uint32_t *ret)
{
	uint32_t hash = 0;
	int rc, r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_MAT_HASH, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, bed));
	sqlite3_bind_int(stmt, 2, simulated);
	sqlite3_bind_int64(stmt, 3, before_ms);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		hash = (uint32_t)sqlite3_column_int64(stmt, 0);
	r = bh_stmt_done(stmt, rc);
	if (r == 0)
		*ret = hash;
	return r;
}
