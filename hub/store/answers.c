/* SPDX-License-Identifier: MIT */
/* What only the person knows: profile and diary. */
#include "hub/store/private.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int run_counting(struct bh_store *store, sqlite3_stmt *stmt)
{
	int r = bh_stmt_run(stmt);

	return r < 0 ? r : sqlite3_changes(store->db);
}

static int apply_answer(struct bh_store *store, const struct bh_profile_item *item)
{
	bool gone = item->value[0] == '\0';
	int r = 0;
	sqlite3_stmt *stmt =
		bh_stmt(store, gone ? BH_STMT_PROFILE_DELETE : BH_STMT_PROFILE_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, item->bed));
	bh_bind_text(stmt, 2, item->key);
	if (!gone)
		bh_bind_text(stmt, 3, item->value);
	if (!gone && item->at_ms > 0) {
		sqlite3_bind_int64(stmt, 4, item->at_ms);
		sqlite3_bind_int(stmt, 5, bh_utc_offset_s(item->at_ms));
	}
	return run_counting(store, stmt);
}

static int apply_entry(struct bh_store *store, const struct bh_diary_item *item)
{
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_DIARY_PUT, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, item->bed));
	sqlite3_bind_int(stmt, 2, item->night);
	sqlite3_bind_int64(stmt, 3, item->at_ms);
	bh_bind_text(stmt, 4, item->key);
	sqlite3_bind_int(stmt, 5, (int)item->side);
	bh_bind_text(stmt, 6, item->site);
	bh_bind_text(stmt, 7, item->value);
	sqlite3_bind_int(stmt, 8, bh_utc_offset_s(item->at_ms));
	return run_counting(store, stmt);
}

static int apply_unsaid(struct bh_store *store, const struct bh_diary_item *item)
{
	bool last = item->key[0] == '\0';
	int r = 0;
	sqlite3_stmt *stmt =
		bh_stmt(store, last ? BH_STMT_DIARY_DELETE_LAST : BH_STMT_DIARY_DELETE, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, item->bed));
	sqlite3_bind_int(stmt, 2, item->night);
	if (last)
		return run_counting(store, stmt);
	sqlite3_bind_int64(stmt, 3, item->at_ms);
	bh_bind_text(stmt, 4, item->key);
	sqlite3_bind_int(stmt, 5, (int)item->side);
	bh_bind_text(stmt, 6, item->site);
	return run_counting(store, stmt);
}

static int apply_one(struct bh_store *store, const struct bh_remark *said)
{
	switch (said->kind) {
	case BH_SAID_PROFILE:
		return apply_answer(store, &said->u.profile);
	case BH_SAID_DIARY:
		return apply_entry(store, &said->u.diary);
	case BH_SAID_UNSAID:
		return apply_unsaid(store, &said->u.diary);
	}
	return -EINVAL;
}

int bh_store_apply_said(struct bh_store *store, const struct bh_said_list *list)
{
	int changed = 0;

	for (size_t i = 0; i < list->n; i++) {
		int r = apply_one(store, &list->said[i]);

		if (r < 0)
			return r;
		changed += r;
	}
	return changed;
}

static bool is_whole(const struct bh_store *store, const struct bh_remark *said)
{
	const struct bh_diary_item *diary = &said->u.diary;

	if (said->kind == BH_SAID_PROFILE)
		return said->u.profile.key[0] != '\0' &&
		       bh_bed_number(store, said->u.profile.bed) != BH_BED_NONE;
	if (said->kind == BH_SAID_UNSAID && diary->key[0] == '\0')
		return diary->night != 0 && bh_bed_number(store, diary->bed) != BH_BED_NONE;
	return diary->key[0] != '\0' && diary->at_ms != BH_WALL_UNKNOWN && diary->night != 0 &&
	       bh_bed_number(store, diary->bed) != BH_BED_NONE;
}

int bh_store_say(struct bh_store *store, const struct bh_remark *said, size_t n)
{
	size_t size = sizeof(struct bh_said_list) + n * sizeof(*said);
	struct bh_said_list *list;
	int r;

	for (size_t i = 0; i < n; i++)
		if (!is_whole(store, &said[i]))
			return -EINVAL;
	list = sqlite3_malloc64(size);
	if (!list)
		return -ENOMEM;
	list->n = n;
	memcpy(list->said, said, n * sizeof(*said));
	r = bh_store_do(store, BH_OP_SAID, list, size);
	sqlite3_free(list);
	return r;
}

int bh_store_put_profile(struct bh_store *store, const struct bh_profile_item *item)
{
	const struct bh_remark said = { .kind = BH_SAID_PROFILE, .u.profile = *item };
	int r = bh_store_say(store, &said, 1);

	return r < 0 ? r : 0;
}

int bh_store_put_diary(struct bh_store *store, const struct bh_diary_item *item)
{
	const struct bh_remark said = { .kind = BH_SAID_DIARY, .u.diary = *item };
	int r = bh_store_say(store, &said, 1);

	return r < 0 ? r : 0;
}

/* ---- reading ---- */

void bh_column_answer(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_profile_item *ret)
{
	*ret = (struct bh_profile_item){ .at_ms = sqlite3_column_int64(stmt, 2),
					 .bed = bh_bed_index(store, sqlite3_column_int(stmt, 3)) };
	bh_column_text(stmt, 0, ret->key, sizeof(ret->key));
	bh_column_text(stmt, 1, ret->value, sizeof(ret->value));
}

void bh_column_entry(const struct bh_store *store, sqlite3_stmt *stmt, struct bh_diary_item *ret)
{
	*ret = (struct bh_diary_item){ .night = sqlite3_column_int(stmt, 0),
				       .at_ms = sqlite3_column_int64(stmt, 1),
				       .side = (enum bh_side)sqlite3_column_int(stmt, 4),
				       .bed = bh_bed_index(store, sqlite3_column_int(stmt, 6)) };
	bh_column_text(stmt, 2, ret->key, sizeof(ret->key));
	bh_column_text(stmt, 3, ret->value, sizeof(ret->value));
	bh_column_text(stmt, 5, ret->site, sizeof(ret->site));
}

int bh_store_profile(struct bh_store *store, int bed,
		     int (*each)(void *ctx, const struct bh_profile_item *item), void *ctx)
{
	struct bh_profile_item item;
	int stop = 0, r = 0, rc = SQLITE_DONE;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_PROFILE_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, bed));
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_answer(store, stmt, &item);
		stop = each(ctx, &item);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}

int bh_store_diary(struct bh_store *store, int bed, int32_t from, int32_t to,
		   int (*each)(void *ctx, const struct bh_stored_entry *entry), void *ctx)
{
	struct bh_stored_entry entry;
	int stop = 0, r = 0, rc = SQLITE_DONE;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_DIARY_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, from);
	sqlite3_bind_int(stmt, 2, to ? to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, bed));
	while (stop == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_entry(store, stmt, &entry.item);
		entry.id = sqlite3_column_int64(stmt, 7);
		entry.utc_offset_s = sqlite3_column_int(stmt, 8);
		stop = each(ctx, &entry);
	}
	r = bh_stmt_done(stmt, rc);
	return r < 0 ? r : stop;
}
