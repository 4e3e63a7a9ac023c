/* SPDX-License-Identifier: MIT */
/*
 * A past that owns its memory: nights, events and epochs are each read in one pass in order of
 * time and dealt out to their nights.
 */
#include "hub/store/past_private.h"

#include <errno.h>
#include <string.h>

/* Everything the history points into. */
struct memory {
	struct bh_past_night *nights;
	struct bh_past_event *events;
	struct bh_past_epoch *epochs;
	struct bh_profile_item *profile;
	struct bh_diary_item *diary;
	size_t n_nights, n_events, n_epochs, n_profile, n_diary;
	struct bh_past_spans spans;
};

static void free_memory(struct memory *memory)
{
	sqlite3_free(memory->nights);
	sqlite3_free(memory->events);
	sqlite3_free(memory->epochs);
	sqlite3_free(memory->profile);
	sqlite3_free(memory->diary);
	bh_past_spans_free(&memory->spans);
	sqlite3_free(memory);
}

#define FIRST_ITEMS 64

/* Room is the power of two at or above n, so it need not be kept. */
void *bh_past_grow(void *array, size_t n, size_t item_size)
{
	bool full = n >= FIRST_ITEMS ? (n & (n - 1)) == 0 : n == 0;

	return full ? sqlite3_realloc64(array, (n ? n * 2 : FIRST_ITEMS) * item_size) : array;
}

/* ---- nights ---- */

static int add_bare_night(struct memory *memory, uint8_t bed, int32_t date)
{
	struct bh_past_night past = { .night = bh_night_unknown };
	int r = 0;

	past.night.bed = bed;
	past.night.date = date;
	if (bh_night_bounds(date, &past.night.start_ms, &past.night.end_ms) < 0)
		return -EUCLEAN;
	past.utc_offset_s = bh_utc_offset_s(past.night.end_ms);
	BH_PAST_PUSH(r, memory->nights, memory->n_nights, past);
	return r;
}

/* Nights without a summary up to @p until, exclusive; 0: to the end. */
static int add_bare_nights(struct bh_store *store, const struct bh_past_query *query,
			   struct memory *memory, int32_t after, int32_t until)
{
	int32_t date;
	int r = bh_store_next_night(store, query->bed, after, &date);

	while (r == 0 && date != 0 && (until == 0 || date < until) &&
	       (query->to == 0 || date <= query->to)) {
		r = add_bare_night(memory, (uint8_t)query->bed, date);
		if (r == 0)
			r = bh_store_next_night(store, query->bed, date, &date);
	}
	return r;
}

static int load_nights(struct bh_store *store, const struct bh_past_query *query,
		       struct memory *memory)
{
	int32_t last = query->from > 0 ? query->from - 1 : 0;
	struct bh_past_night past;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_NIGHT_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, query->from);
	sqlite3_bind_int(stmt, 2, query->to ? query->to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, query->bed));
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		past = (struct bh_past_night){ .utc_offset_s = sqlite3_column_int(
						       stmt, BH_NIGHT_OFFSET_COLUMN) };
		bh_column_night(store, stmt, &past.night);
		r = add_bare_nights(store, query, memory, last, past.night.date);
		if (r < 0)
			break;
		BH_PAST_PUSH(r, memory->nights, memory->n_nights, past);
		last = past.night.date;
	}
	rc = bh_stmt_done(stmt, rc);
	if (r == 0)
		r = rc;
	return r < 0 ? r : add_bare_nights(store, query, memory, last, 0);
}

/* ---- events and epochs ---- */

/* The night of @p date at or after the cursor; nights and rows come in the same order. */
static struct bh_past_night *find_night(struct memory *memory, size_t *cursor, int32_t date)
{
	while (*cursor < memory->n_nights && memory->nights[*cursor].night.date < date)
		++*cursor;
	if (*cursor == memory->n_nights || memory->nights[*cursor].night.date != date)
		return NULL;
	return &memory->nights[*cursor];
}

static void column_past_event(sqlite3_stmt *stmt, struct bh_past_event *ret)
{
	*ret = (struct bh_past_event){
		.type = (enum bh_event_type)sqlite3_column_int(stmt, 1),
		.side = (enum bh_side)sqlite3_column_int(stmt, 2),
		.end_cause = (enum bh_end_cause)sqlite3_column_int(stmt, 3),
		.confidence_permille = (int16_t)sqlite3_column_int(stmt, 4),
		.value = bh_column_number(stmt, 5),
		.start_ms = sqlite3_column_int64(stmt, 6),
		.end_ms = bh_column_wall(stmt, 7),
	};
}

static int load_events(struct bh_store *store, const struct bh_past_query *query,
		       struct memory *memory)
{
	struct bh_past_event event;
	struct bh_past_night *past;
	size_t cursor = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_PAST_EVENTS, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, query->from > 0 ? query->from : 1);
	sqlite3_bind_int(stmt, 2, query->to ? query->to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, query->bed));
	sqlite3_bind_int64(stmt, 4, query->types ? (int64_t)query->types : -1);
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		past = find_night(memory, &cursor, sqlite3_column_int(stmt, 0));
		if (!past || !bh_event_info((enum bh_event_type)sqlite3_column_int(stmt, 1)))
			continue;
		column_past_event(stmt, &event);
		BH_PAST_PUSH(r, memory->events, memory->n_events, event);
		past->n_events++;
	}
	rc = bh_stmt_done(stmt, rc);
	return r < 0 ? r : rc;
}

static int load_epochs(struct bh_store *store, const struct bh_past_query *query,
		       struct memory *memory)
{
	struct bh_past_epoch epoch;
	struct bh_past_night *past;
	size_t cursor = 0;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_PAST_EPOCHS, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, query->from > 0 ? query->from : 1);
	sqlite3_bind_int(stmt, 2, query->to ? query->to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, query->bed));
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		past = find_night(memory, &cursor, sqlite3_column_int(stmt, BH_EPOCH_NIGHT_COLUMN));
		if (!past)
			continue;
		bh_column_epoch(store, stmt, &epoch);
		BH_PAST_PUSH(r, memory->epochs, memory->n_epochs, epoch);
		past->n_epochs++;
	}
	rc = bh_stmt_done(stmt, rc);
	return r < 0 ? r : rc;
}

/* ---- profile and diary ---- */

static int load_profile(struct bh_store *store, int bed, struct memory *memory)
{
	struct bh_profile_item item;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_PROFILE_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, bh_bed_number(store, bed));
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_answer(store, stmt, &item);
		BH_PAST_PUSH(r, memory->profile, memory->n_profile, item);
	}
	rc = bh_stmt_done(stmt, rc);
	return r < 0 ? r : rc;
}

static int load_diary(struct bh_store *store, const struct bh_past_query *query,
		      struct memory *memory)
{
	struct bh_diary_item item;
	int rc = SQLITE_DONE;
	int r = 0;
	sqlite3_stmt *stmt = bh_stmt(store, BH_STMT_DIARY_LIST, &r);

	if (!stmt)
		return r;
	sqlite3_bind_int(stmt, 1, query->from);
	sqlite3_bind_int(stmt, 2, query->to ? query->to : INT32_MAX);
	sqlite3_bind_int(stmt, 3, bh_bed_number(store, query->bed));
	while (r == 0 && (rc = sqlite3_step(stmt)) == SQLITE_ROW) {
		bh_column_entry(store, stmt, &item);
		BH_PAST_PUSH(r, memory->diary, memory->n_diary, item);
	}
	rc = bh_stmt_done(stmt, rc);
	return r < 0 ? r : rc;
}

/* ---- all of it ---- */

static int load_capabilities(struct bh_store *store, int bed, struct memory *memory)
{
	int r = bh_past_spans_load(store, bed, &memory->spans);

	for (size_t i = 0; i < memory->n_nights && r == 0; i++)
		r = bh_past_capabilities(store, &memory->spans, &memory->nights[i]);
	return r;
}

/* Pointers only now: the arrays moved while they grew. */
static void deal_out(struct memory *memory, struct bh_history *ret)
{
	const struct bh_past_event *event = memory->events;
	const struct bh_past_epoch *epoch = memory->epochs;

	for (size_t i = 0; i < memory->n_nights; i++) {
		struct bh_past_night *past = &memory->nights[i];

		past->events = event;
		past->epochs = epoch;
		if (event)
			event += past->n_events;
		if (epoch)
			epoch += past->n_epochs;
	}
	*ret = (struct bh_history){ .nights = memory->nights,
				    .n_nights = memory->n_nights,
				    .profile = memory->profile,
				    .n_profile = memory->n_profile,
				    .diary = memory->diary,
				    .n_diary = memory->n_diary };
}

int bh_store_past_query(struct bh_store *store, const struct bh_past_query *query,
			struct bh_store_past *ret)
{
	struct memory *memory;
	int r;

	if (query->bed < 0 || bh_bed_number(store, query->bed) == BH_BED_NONE)
		return -EINVAL;
	memory = sqlite3_malloc(sizeof(*memory));
	if (!memory)
		return -ENOMEM;
	*memory = (struct memory){ 0 };
	r = load_nights(store, query, memory);
	if (r == 0)
		r = load_events(store, query, memory);
	if (r == 0 && !query->no_epochs)
		r = load_epochs(store, query, memory);
	if (r == 0)
		r = load_profile(store, query->bed, memory);
	if (r == 0)
		r = load_diary(store, query, memory);
	if (r == 0)
		r = load_capabilities(store, query->bed, memory);
	if (r < 0) {
		free_memory(memory);
		return r;
	}
	deal_out(memory, &ret->history);
	ret->memory = memory;
	return 0;
}

int bh_store_past(struct bh_store *store, int bed, int32_t from, int32_t to,
		  struct bh_store_past *ret)
{
	struct bh_past_query query = { .bed = bed, .from = from, .to = to };

	return bh_store_past_query(store, &query, ret);
}

void bh_store_past_free(struct bh_store_past *past)
{
	if (past->memory)
		free_memory(past->memory);
	*past = (struct bh_store_past){ .memory = NULL };
}
