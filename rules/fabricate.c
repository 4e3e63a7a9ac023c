/* SPDX-License-Identifier: MIT */
#include "rules/fabricate.h"

#include "rules/day.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_DATE 20260302
#define MS_PER_DAY INT64_C(86400000)
#define MS_PER_MIN INT64_C(60000)
#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
#define NOON_MS (12 * 60 * MS_PER_MIN)
#define BEDTIME_MS (11 * 60 * MS_PER_MIN) /* after noon: 23:00 */
#define MORNING_MS (19 * 60 * MS_PER_MIN) /* 07:00 */
#define LATEST_MS (24 * 60 * MS_PER_MIN)
#define EVENTS_MAX 8000
#define EPOCHS_MAX ((LATEST_MS - BEDTIME_MS) / EPOCH_MS)
/* An interval whose length is not given: the usual leg movement (science.md section 6). */
#define LENGTH_MS 2000
/* Periodic: at least four, 10 to 90 s apart (WASM/IRLSSG 2016). */
#define SERIES_MIN 4
#define SERIES_EVERY_MIN_MS 10000
#define SERIES_EVERY_MAX_MS 90000
#define NOT_OPEN INT64_MIN
#define FULL_CONFIDENCE 1000

/* A night under construction; times are after its noon. */
struct maker {
	struct bh_past_night *past;
	size_t n_events;
	int32_t moving_ms[EPOCHS_MAX];
	int32_t in_bed_ms[EPOCHS_MAX];
	enum bh_sleep sleep[EPOCHS_MAX];
	int32_t temp[EPOCHS_MAX][BH_TEMP_SLOTS];
	int64_t cursor;
	int64_t bed_since;
	int64_t lying_since;
	enum bh_sleep now;
	int32_t temp_now[BH_TEMP_SLOTS];
	int64_t painted_to; /**< sleep and temperatures stand up to here */
	bool too_big;
	/* From here on not cleared: `events` is written before it is read. */
	struct bh_past_event events[EVENTS_MAX];
	struct bh_arena *arena;
};

static void add_event(struct maker *maker, enum bh_event_type type, enum bh_side side,
		      int32_t value, int64_t start, int64_t end)
{
	if (maker->n_events == EVENTS_MAX || end > LATEST_MS) {
		maker->too_big = true;
		return;
	}
	maker->events[maker->n_events++] = (struct bh_past_event){
		.type = type,
		.side = side,
		.end_cause = BH_END_NORMAL,
		.confidence_permille = FULL_CONFIDENCE,
		.value = value,
		.start_ms = maker->past->night.start_ms + start,
		.end_ms = maker->past->night.start_ms + end,
	};
}

static size_t epoch_of(int64_t at)
{
	return at <= BEDTIME_MS ? 0 : (size_t)((at - BEDTIME_MS) / EPOCH_MS);
}

/* Add a stretch of time to the epochs it touches. */
static void add_time(int32_t *epochs, int64_t start, int64_t end)
{
	for (size_t i = epoch_of(start); i < (size_t)EPOCHS_MAX; i++) {
		int64_t from = BEDTIME_MS + (int64_t)i * EPOCH_MS, to = from + EPOCH_MS;

		if (from >= end)
			break;
		from = from > start ? from : start;
		to = to < end ? to : end;
		if (from < to)
			epochs[i] += (int32_t)(to - from);
	}
}

/* Sleep and temperatures up to the cursor. */
static void paint(struct maker *maker)
{
	size_t end = epoch_of(maker->cursor);

	for (size_t i = epoch_of(maker->painted_to); i < end && i < (size_t)EPOCHS_MAX; i++) {
		maker->sleep[i] = maker->now;
		memcpy(maker->temp[i], maker->temp_now, sizeof(maker->temp_now));
	}
	maker->painted_to = maker->cursor;
}

static void pass(struct maker *maker, int64_t length)
{
	maker->cursor += length;
	if (maker->cursor > LATEST_MS) {
		maker->too_big = true;
		maker->cursor = LATEST_MS;
	}
	paint(maker);
}

static void be_in_bed(struct maker *maker)
{
	if (maker->bed_since != NOT_OPEN)
		return;
	maker->bed_since = maker->cursor;
	add_event(maker, BH_EVENT_BED_ENTER, BH_SIDE_UNKNOWN, 0, maker->cursor, maker->cursor);
}

static void lie(struct maker *maker)
{
	be_in_bed(maker);
	if (maker->lying_since == NOT_OPEN)
		maker->lying_since = maker->cursor;
}

static void stop_lying(struct maker *maker)
{
	if (maker->lying_since != NOT_OPEN && maker->lying_since < maker->cursor)
		add_event(maker, BH_EVENT_LYING, BH_SIDE_UNKNOWN, 0, maker->lying_since,
			  maker->cursor);
	maker->lying_since = NOT_OPEN;
}

static void leave_bed(struct maker *maker)
{
	stop_lying(maker);
	if (maker->bed_since != NOT_OPEN && maker->bed_since < maker->cursor) {
		add_event(maker, BH_EVENT_BED_OCCUPIED, BH_SIDE_UNKNOWN, 0, maker->bed_since,
			  maker->cursor);
		add_time(maker->in_bed_ms, maker->bed_since, maker->cursor);
	}
	maker->bed_since = NOT_OPEN;
}

static bool is_movement(enum bh_event_type type)
{
	return type == BH_EVENT_RESTLESS || type == BH_EVENT_LEG_MOVEMENT ||
	       type == BH_EVENT_LARGE_MOVEMENT || type == BH_EVENT_JOLT;
}

/* A train of leg movements asleep is what a detector calls a series. */
static void add_series(struct maker *maker, const struct bh_given *given, int64_t start,
		       int64_t length)
{
	if (given->type != BH_EVENT_LEG_MOVEMENT || given->times < SERIES_MIN ||
	    given->every_ms < SERIES_EVERY_MIN_MS || given->every_ms > SERIES_EVERY_MAX_MS ||
	    maker->now != BH_SLEEP_ASLEEP)
		return;
	add_event(maker, BH_EVENT_PLM_SERIES, given->side, given->times, start,
		  start + (given->times - 1) * given->every_ms + length);
}

static void play_in_bed(struct maker *maker, const struct bh_given *given)
{
	bool instant = bh_event_info(given->type)->shape == BH_SHAPE_INSTANT;
	int64_t length = given->length_ms || instant ? given->length_ms : LENGTH_MS;
	int64_t every = given->every_ms ? given->every_ms : length;
	enum bh_sleep before = maker->now;

	lie(maker);
	add_series(maker, given, maker->cursor, length);
	if (given->type == BH_EVENT_RESTLESS)
		maker->now = BH_SLEEP_AWAKE;
	for (int i = 0; i < given->times && !maker->too_big; i++) {
		add_event(maker, given->type, given->side, (int32_t)given->value, maker->cursor,
			  maker->cursor + length);
		if (is_movement(given->type))
			add_time(maker->moving_ms, maker->cursor, maker->cursor + length);
		pass(maker, i + 1 < given->times ? every : every > length ? every : length);
	}
	maker->now = before;
}

static void play_event(struct maker *maker, const struct bh_given *given)
{
	if (given->type == BH_EVENT_LYING || given->type == BH_EVENT_BED_OCCUPIED) {
		lie(maker);
		pass(maker, given->length_ms);
	} else if (given->type == BH_EVENT_BED_EXIT) {
		leave_bed(maker);
		add_event(maker, given->type, given->side, 0, maker->cursor,
			  maker->cursor + given->length_ms);
		pass(maker, given->length_ms);
		be_in_bed(maker);
	} else if (given->type == BH_EVENT_EDGE_SIT || given->type == BH_EVENT_LEGS_OVER_EDGE) {
		be_in_bed(maker);
		stop_lying(maker);
		add_event(maker, given->type, given->side, 0, maker->cursor,
			  maker->cursor + given->length_ms);
		pass(maker, given->length_ms);
	} else {
		play_in_bed(maker, given);
	}
}

static void play_sleep(struct maker *maker, enum bh_sleep sleep, int64_t length)
{
	lie(maker);
	maker->now = sleep;
	pass(maker, length);
	if (length > 0)
		maker->now = sleep == BH_SLEEP_AWAKE ? BH_SLEEP_ASLEEP : BH_SLEEP_AWAKE;
}

static void play_clock(struct maker *maker, int64_t minute)
{
	int64_t at = minute * MS_PER_MIN - NOON_MS;

	if (at < 0)
		at += MS_PER_DAY;
	lie(maker);
	if (at < maker->cursor)
		maker->too_big = true;
	else
		pass(maker, at - maker->cursor);
}

static void play(struct maker *maker, const struct bh_given *given)
{
	switch (given->kind) {
	case BH_GIVEN_EVENT:
		play_event(maker, given);
		break;
	case BH_GIVEN_AWAKE:
		play_sleep(maker, BH_SLEEP_AWAKE, given->length_ms);
		break;
	case BH_GIVEN_ASLEEP:
		play_sleep(maker, BH_SLEEP_ASLEEP, given->length_ms);
		break;
	case BH_GIVEN_AT:
		play_clock(maker, given->value);
		break;
	case BH_GIVEN_POSITION:
		lie(maker);
		add_event(maker, BH_EVENT_POSITION, BH_SIDE_UNKNOWN, (int32_t)given->value,
			  maker->cursor, maker->cursor + given->length_ms);
		pass(maker, given->length_ms);
		break;
	case BH_GIVEN_TEMP:
		maker->temp_now[given->index] = (int32_t)given->value;
		break;
	case BH_GIVEN_COVERAGE:
		maker->past->night.coverage_permille = (int32_t)(given->value / 100);
		break;
	case BH_GIVEN_MISSING:
		maker->past->capabilities &= ~(uint32_t)given->value;
		break;
	case BH_GIVEN_DIARY:
		break; /* fill_diary() */
	}
}

static int by_start(const void *a, const void *b)
{
	const struct bh_past_event *x = a, *y = b;

	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return (int)x->type - (int)y->type;
}

static int fill_epochs(struct maker *maker)
{
	struct bh_past_epoch *epochs;
	size_t n = epoch_of(maker->cursor);

	epochs = bh_arena_alloc(maker->arena, (n + 1) * sizeof(*epochs));
	if (!epochs)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct bh_epoch *epoch = &epochs[i].epoch;

		epochs[i].start_ms =
			maker->past->night.start_ms + BEDTIME_MS + (int64_t)i * EPOCH_MS;
		epochs[i].sleep = maker->sleep[i];
		epoch->coverage_permille = maker->past->night.coverage_permille;
		epoch->occupied_permille = (int32_t)(maker->in_bed_ms[i] * 1000 / EPOCH_MS);
		epoch->moving_permille = (int32_t)(maker->moving_ms[i] * 1000 / EPOCH_MS);
		epoch->activity = BH_EPOCH_UNKNOWN;
		epoch->load_permille = BH_EPOCH_UNKNOWN;
		epoch->contact = BH_CONTACT_LEFT | BH_CONTACT_RIGHT;
		memcpy(epoch->temp_mdegc, maker->temp[i], sizeof(epoch->temp_mdegc));
	}
	maker->past->epochs = epochs;
	maker->past->n_epochs = n;
	return 0;
}

static void start_night(struct maker *maker, int day)
{
	struct bh_night *night = &maker->past->night;

	*night = bh_night_unknown;
	night->date = bh_date_of_day(bh_day_of_date(FIRST_DATE) + day);
	night->complete = true;
	night->coverage_permille = 1000;
	night->start_ms = (bh_day_of_date(FIRST_DATE) + day) * MS_PER_DAY + NOON_MS;
	night->end_ms = night->start_ms + MS_PER_DAY;
	night->first_enter_ms = night->start_ms + BEDTIME_MS;
	maker->past->capabilities = BH_CAN_ALL;
	maker->cursor = maker->painted_to = BEDTIME_MS;
	maker->bed_since = maker->lying_since = NOT_OPEN;
	maker->now = BH_SLEEP_ASLEEP;
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++)
		maker->temp_now[slot] = BH_TEMP_UNKNOWN;
	for (size_t i = 0; i < (size_t)EPOCHS_MAX; i++)
		memcpy(maker->temp[i], maker->temp_now, sizeof(maker->temp_now));
	lie(maker);
}

/* The maker is cleared for each night; what it made is copied out at its true size. */
static int make_night(struct maker *maker, const struct bh_given_nights *block, int day,
		      struct bh_past_night *past)
{
	struct bh_past_event *events;

	memset(maker, 0, offsetof(struct maker, events));
	maker->past = past;
	start_night(maker, day);
	for (int i = 0; i < block->repeat && !maker->too_big; i++)
		for (const struct bh_given *given = block->items; given && !maker->too_big;
		     given = given->next)
			play(maker, given);
	lie(maker);
	if (maker->cursor < MORNING_MS)
		pass(maker, MORNING_MS - maker->cursor);
	leave_bed(maker);
	past->night.last_exit_ms = past->night.start_ms + maker->cursor;
	if (maker->too_big)
		return -E2BIG;
	qsort(maker->events, maker->n_events, sizeof(*maker->events), by_start);
	events = bh_arena_alloc(maker->arena, (maker->n_events + 1) * sizeof(*events));
	if (!events)
		return -ENOMEM;
	memcpy(events, maker->events, maker->n_events * sizeof(*events));
	past->events = events;
	past->n_events = maker->n_events;
	return fill_epochs(maker);
}

static int count_nights(const struct bh_test_block *test)
{
	int n = 0;

	for (const struct bh_given_nights *block = test->nights; block; block = block->next)
		n += block->nights;
	return n;
}

static void diary_item(struct bh_diary_item *ret, const struct bh_past_night *past,
		       const struct bh_answer_info *answer, const char *value, enum bh_side side)
{
	ret->night = past->night.date;
	ret->at_ms = past->night.last_exit_ms;
	ret->side = side;
	snprintf(ret->key, sizeof(ret->key), "%s", answer->key);
	snprintf(ret->value, sizeof(ret->value), "%s", value);
}

/* Entries of the night they stand in, and those outside on every night. */
static int fill_diary(const struct bh_test_block *test, struct bh_arena *arena,
		      const struct bh_past_night *nights, struct bh_history *ret)
{
	size_t cap = 0, n = 0, night = 0;
	struct bh_diary_item *items;

	for (const struct bh_given_nights *block = test->nights; block; block = block->next)
		for (const struct bh_given *given = block->items; given; given = given->next)
			cap += given->kind == BH_GIVEN_DIARY ? (size_t)block->nights : 0;
	for (const struct bh_given_answer *answer = test->answers; answer; answer = answer->next)
		cap += ret->n_nights;
	items = bh_arena_alloc(arena, (cap + 1) * sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (const struct bh_given_nights *block = test->nights; block; block = block->next) {
		for (int i = 0; i < block->nights; i++, night++) {
			for (const struct bh_given *given = block->items; given;
			     given = given->next)
				if (given->kind == BH_GIVEN_DIARY)
					diary_item(&items[n++], &nights[night], given->answer,
						   given->word, given->side);
			for (const struct bh_given_answer *answer = test->answers; answer;
			     answer = answer->next)
				if (answer->diary)
					diary_item(&items[n++], &nights[night], answer->answer,
						   answer->value, answer->side);
		}
	}
	ret->diary = items;
	ret->n_diary = n;
	return 0;
}

static int fill_profile(const struct bh_test_block *test, struct bh_arena *arena,
			struct bh_history *ret)
{
	struct bh_profile_item *items;
	size_t n = 0;

	for (const struct bh_given_answer *answer = test->answers; answer; answer = answer->next)
		n += answer->diary ? 0 : 1;
	items = bh_arena_alloc(arena, (n + 1) * sizeof(*items));
	if (!items)
		return -ENOMEM;
	ret->profile = items;
	ret->n_profile = n;
	for (const struct bh_given_answer *answer = test->answers; answer; answer = answer->next) {
		if (answer->diary)
			continue;
		snprintf(items->key, sizeof(items->key), "%s", answer->answer->key);
		snprintf(items->value, sizeof(items->value), "%s", answer->value);
		items++;
	}
	return 0;
}

int bh_fabricate(const struct bh_test_block *test, struct bh_arena *arena, struct bh_history *ret)
{
	size_t n = (size_t)count_nights(test), night = 0;
	struct bh_past_night *nights = bh_arena_alloc(arena, (n + 1) * sizeof(*nights));
	struct maker *maker = malloc(sizeof(*maker));
	int r = nights && maker ? 0 : -ENOMEM;

	if (maker)
		maker->arena = arena;
	*ret = (struct bh_history){ .nights = nights, .n_nights = n };
	for (const struct bh_given_nights *block = test->nights; r == 0 && block;
	     block = block->next)
		for (int i = 0; r == 0 && i < block->nights; i++, night++)
			r = make_night(maker, block, (int)night, &nights[night]);
	free(maker);
	if (r == 0)
		r = fill_diary(test, arena, nights, ret);
	return r < 0 ? r : fill_profile(test, arena, ret);
}
