/* SPDX-License-Identifier: MIT */
#include "hub/core/mat.h"
#include "hub/core/night.h"
#include "hub/detect/night_summary.h"
#include "tests/accuracy/people.h"
#include "tests/accuracy/people_rest.h"
#include "tests/accuracy/sleep_mark.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EPOCH_MS (BH_EPOCH_NS / BH_NS_PER_MS)
/* A night of 25 hours. */
#define EPOCHS_MAX 3000
/* False events of a night: 1 a minute of ten hours would be as many. */
#define FALSE_MAX 600
/* Moving seconds of an epoch count 5 each (hub/detect/epochs.h). */
#define ACTIVITY_A_SECOND 5
#define MS_PER_S 1000

struct made_night {
	struct bh_past_event *events;
	struct bh_past_epoch *epochs;
};

struct memory {
	struct bh_simulation *simulation; /* owns the answers */
	struct bh_past_night *nights;
	struct made_night *made;
	int n;
};

/* ---- chance: splitmix64, so that the same person is the same everywhere ---- */

static double draw(uint64_t *state)
{
	uint64_t z = (*state += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (double)((z ^ (z >> 31)) >> 11) / 9007199254740992.0;
}

static double draw_waiting(uint64_t *state, double mean)
{
	return -mean * log(1.0 - draw(state));
}

/* ---- events ---- */

struct making {
	const struct telling *telling;
	uint64_t random;
	int64_t anchor_ms;
	struct bh_past_event *events;
	size_t n, cap;
};

/* What follows from lying and moving follows from the movements as told, by the detector itself. */
static bool follows(enum bh_event_type type)
{
	return type == BH_EVENT_LYING || type == BH_EVENT_QUIET || type == BH_EVENT_RESTLESS;
}

static bool told_at_all(const struct telling *telling, enum bh_event_type type)
{
	uint32_t needs = bh_event_info(type)->needs;

	return (telling->capabilities & needs) == needs;
}

static void add(struct making *making, const struct bh_past_event *event)
{
	if (making->n < making->cap && event->end_ms > event->start_ms)
		making->events[making->n++] = *event;
}

/* A position, taken for another as often as the bed does: a body that looks like another way of lying
 * does so until it turns. */
static void tell_position(struct making *making, const struct bh_sim_truth *truth)
{
	const double *as = making->telling->position_s[truth->value];
	double sum = 0, u;
	int told = 0;

	for (int i = 0; i < BH_POSITION_END; i++)
		sum += as[i];
	u = draw(&making->random) * sum;
	while (told < BH_POSITION_END - 1 && u >= as[told])
		u -= as[told++];
	if (sum > 0 && told != BH_POSITION_UNKNOWN)
		add(making, &(struct bh_past_event){
				    .type = BH_EVENT_POSITION,
				    .end_cause = BH_END_NORMAL,
				    .confidence_permille = 1000,
				    .value = told,
				    .start_ms = making->anchor_ms + truth->start_ns / BH_NS_PER_MS,
				    .end_ms = making->anchor_ms + truth->end_ns / BH_NS_PER_MS,
			    });
}

/* A true event, if the bed tells it, and as late as it tells such events. */
static void tell_true(struct making *making, const struct bh_sim_truth *truth)
{
	int type = bh_sim_truth_event_type(truth->kind);
	const struct told *told = &making->telling->type[type];
	struct bh_past_event event;

	if (type <= 0 || !truth->mech || follows((enum bh_event_type)type) ||
	    !told_at_all(making->telling, (enum bh_event_type)type) || told->truth == 0 ||
	    draw(&making->random) * (double)told->truth >= (double)told->found)
		return;
	event = (struct bh_past_event){
		.type = (enum bh_event_type)type,
		.side = truth->side,
		.end_cause = BH_END_NORMAL,
		.confidence_permille = 1000,
		.value = truth->value,
		.start_ms = making->anchor_ms + truth->start_ns / BH_NS_PER_MS +
			    llround(told->start_late_s / (double)told->found * 1000.0),
		.end_ms = making->anchor_ms + truth->end_ns / BH_NS_PER_MS +
			  llround(told->end_late_s / (double)told->found * 1000.0),
	};
	add(making, &event);
}

/* Events that are not there, as often and as long as the bed had them, anywhere in bed. */
static void tell_false(struct making *making, enum bh_event_type type, int64_t from_ms,
		       int64_t to_ms)
{
	const struct told *told = &making->telling->type[type];
	double rate = (double)told->false_told / making->telling->in_bed_s; /* a second */
	double at_s = 0, until_s = (double)(to_ms - from_ms) / 1000.0;

	if (told->false_told == 0 || follows(type) || type == BH_EVENT_POSITION ||
	    !told_at_all(making->telling, type))
		return;
	for (int i = 0; i < FALSE_MAX; i++) {
		struct bh_past_event event = { .type = type, .end_cause = BH_END_NORMAL };

		at_s += draw_waiting(&making->random, 1.0 / rate);
		if (at_s >= until_s)
			return;
		event.confidence_permille = 1000;
		event.start_ms = from_ms + llround(at_s * 1000.0);
		event.end_ms = event.start_ms +
			       llround(draw_waiting(&making->random,
						    told->false_s / (double)told->false_told) *
				       1000.0) +
			       1;
		add(making, &event);
	}
}

static int by_start(const void *a, const void *b)
{
	const struct bh_past_event *x = a, *y = b;

	if (x->start_ms != y->start_ms)
		return x->start_ms < y->start_ms ? -1 : 1;
	return (int)x->type - (int)y->type;
}

struct bed_time {
	int64_t from_ms, to_ms;
};

/* ---- lying, quiet, restless: second by second ---- */

static void take_rest(void *ctx, enum bh_event_type type, int64_t start_ms, int64_t end_ms,
		      int32_t value)
{
	struct bh_past_event event = {
		.type = type,
		.end_cause = BH_END_NORMAL,
		.confidence_permille = 1000,
		.value = value,
		.start_ms = start_ms,
		.end_ms = end_ms,
	};

	add(ctx, &event);
}

/* Mark the seconds of the night that events of a kind touch. */
static void mark(const struct making *making, const struct bh_sim_truth *truth, size_t n_truth,
		 struct bed_time bed, uint8_t *moved, uint8_t *lying)
{
	for (size_t i = 0; i < making->n; i++) {
		const struct bh_past_event *event = &making->events[i];

		if (event->type != BH_EVENT_LEG_MOVEMENT &&
		    event->type != BH_EVENT_LARGE_MOVEMENT && event->type != BH_EVENT_JOLT)
			continue;
		for (int64_t ms = event->start_ms; ms < event->end_ms; ms += MS_PER_S)
			if (ms >= bed.from_ms && ms < bed.to_ms)
				moved[(ms - bed.from_ms) / MS_PER_S] = 1;
	}
	for (size_t i = 0; i < n_truth; i++) {
		int64_t ms = making->anchor_ms + truth[i].start_ns / BH_NS_PER_MS;
		int64_t end_ms = making->anchor_ms + truth[i].end_ns / BH_NS_PER_MS;

		if (truth[i].kind != BH_SIM_TRUTH_LYING)
			continue;
		for (; ms < end_ms; ms += MS_PER_S)
			if (ms >= bed.from_ms && ms < bed.to_ms)
				lying[(ms - bed.from_ms) / MS_PER_S] = 1;
	}
}

static int tell_rest(struct making *making, const struct bh_sim_truth *truth, size_t n_truth,
		     struct bed_time bed)
{
	size_t seconds = (size_t)((bed.to_ms - bed.from_ms) / MS_PER_S) + 1;
	uint8_t *moved = calloc(2 * seconds, 1);

	if (!moved)
		return -ENOMEM;
	mark(making, truth, n_truth, bed, moved, moved + seconds);
	people_rest(moved, moved + seconds, seconds, bed.from_ms, take_rest, making);
	free(moved);
	return 0;
}

/* What follows from the others: entering, and another position than before. */
static void add_derived(struct making *making)
{
	int32_t position = -1;
	size_t n = making->n;

	for (size_t i = 0; i < n; i++) {
		struct bh_past_event event = making->events[i];

		event.end_ms = event.start_ms + 1;
		if (event.type == BH_EVENT_BED_OCCUPIED) {
			event.type = BH_EVENT_BED_ENTER;
			position = -1;
			add(making, &event);
		} else if (event.type == BH_EVENT_POSITION) {
			if (position >= 0 && event.value != position) {
				position = event.value;
				event.type = BH_EVENT_POSITION_CHANGE;
				add(making, &event);
			}
			position = making->events[i].value;
		}
	}
	qsort(making->events, making->n, sizeof(making->events[0]), by_start);
}

/* ---- epochs ---- */

/* Milliseconds of [from, to) that events of a type cover. */
static int64_t covered_ms(const struct bh_past_night *night, enum bh_event_type type, int64_t from,
			  int64_t to)
{
	int64_t sum = 0;

	for (size_t i = 0; i < night->n_events && night->events[i].start_ms < to; i++) {
		const struct bh_past_event *event = &night->events[i];
		int64_t start = event->start_ms > from ? event->start_ms : from;
		int64_t end = event->end_ms < to ? event->end_ms : to;

		if (event->type == type && end > start)
			sum += end - start;
	}
	return sum;
}

static struct bed_time time_in_bed(const struct bh_past_night *night)
{
	struct bed_time ret = { 0, 0 };

	for (size_t i = 0; i < night->n_events; i++) {
		if (night->events[i].type != BH_EVENT_BED_OCCUPIED)
			continue;
		if (ret.from_ms == 0)
			ret.from_ms = night->events[i].start_ms;
		if (night->events[i].end_ms > ret.to_ms)
			ret.to_ms = night->events[i].end_ms;
	}
	return ret;
}

/* One epoch of a bed all of whose parts work, before temperatures. */
static void make_epoch(const struct bh_past_night *night, int64_t start_ms,
		       struct bh_past_epoch *ret)
{
	int64_t end_ms = start_ms + EPOCH_MS, occupied, moving;

	*ret = (struct bh_past_epoch){ .start_ms = start_ms };
	occupied = covered_ms(night, BH_EVENT_BED_OCCUPIED, start_ms, end_ms);
	moving = covered_ms(night, BH_EVENT_LEG_MOVEMENT, start_ms, end_ms) +
		 covered_ms(night, BH_EVENT_LARGE_MOVEMENT, start_ms, end_ms);
	if (moving > EPOCH_MS)
		moving = EPOCH_MS;
	ret->epoch.coverage_permille = 1000;
	ret->epoch.occupied_permille = (int32_t)(occupied * 1000 / EPOCH_MS);
	ret->epoch.moving_permille = (int32_t)(moving * 1000 / EPOCH_MS);
	ret->epoch.activity = (int32_t)(moving * ACTIVITY_A_SECOND / 1000);
	ret->epoch.load_permille = ret->epoch.occupied_permille;
	for (size_t i = 0; i < night->n_events; i++)
		ret->epoch.leg_movements += night->events[i].type == BH_EVENT_LEG_MOVEMENT &&
					    night->events[i].start_ms >= start_ms &&
					    night->events[i].start_ms < end_ms;
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++)
		ret->epoch.temp_mdegc[slot] = BH_EPOCH_UNKNOWN;
}

/* The longest position of each epoch. */
static void mark_positions(const struct bh_past_night *night, struct bh_past_epoch *epochs,
			   size_t n)
{
	for (size_t i = 0; i < night->n_events; i++) {
		const struct bh_past_event *event = &night->events[i];

		if (event->type != BH_EVENT_POSITION)
			continue;
		for (size_t k = 0; k < n; k++) {
			int64_t middle = epochs[k].start_ms + EPOCH_MS / 2;

			if (middle >= event->start_ms && middle < event->end_ms)
				epochs[k].epoch.position = (enum bh_position)event->value;
		}
	}
}

/* ---- thermometers: of the same person on pads, which give few frames ---- */

static void take_temperatures(const struct bh_frame *frame, int64_t wall_ms,
			      struct bh_past_night *night, struct bh_past_epoch *epochs)
{
	static const unsigned int contact[] = {
		[BH_TEMP_LEFT] = BH_CONTACT_LEFT, [BH_TEMP_RIGHT] = BH_CONTACT_RIGHT
	};
	int64_t i;

	if (night->n_epochs == 0 || wall_ms < epochs[0].start_ms)
		return;
	i = (wall_ms - epochs[0].start_ms) / EPOCH_MS;
	if (i >= (int64_t)night->n_epochs)
		return;
	for (int slot = 0; slot < BH_TEMP_SLOTS; slot++) {
		if (frame->temp[slot].fault != BH_FAULT_NONE)
			continue;
		epochs[i].epoch.temp_mdegc[slot] = frame->temp[slot].mdegc;
		if (slot != BH_TEMP_ROOM && epochs[i].epoch.occupied_permille > 0)
			epochs[i].epoch.contact |= (uint8_t)contact[slot];
	}
}

static int read_temperatures(const struct person *person, struct memory *memory,
			     struct bh_error *err)
{
	struct bh_simulation *simulation;
	const struct bh_capture_info *info;
	struct bh_frame frame;
	int r = person_simulation(person, BH_SIM_MAT_CONTACT_TWO, &simulation, err);

	if (r < 0)
		return r;
	info = bh_simulation_info(simulation);
	bh_frame_init(&frame, &info->mat);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		int night = bh_simulation_night(simulation);

		take_temperatures(&frame, bh_wall_from_mono(&info->anchor, frame.mono_ns),
				  &memory->nights[night], memory->made[night].epochs);
		frame.changed = 0;
	}
	bh_simulation_free(simulation);
	return 0;
}

/* ---- nights ---- */

static int make_events(struct memory *memory, int number, const struct telling *telling,
		       uint64_t random)
{
	struct bh_past_night *night = &memory->nights[number];
	size_t n_truth;
	const struct bh_sim_truth *truth =
		bh_simulation_truth(memory->simulation, number, &n_truth);
	struct making making = { .telling = telling, .random = random };
	struct bed_time bed;
	int r = 0;

	making.anchor_ms = bh_wall_from_mono(&bh_simulation_info(memory->simulation)->anchor, 0);
	making.cap = 2 * n_truth + BH_EVENT_TYPE_END * FALSE_MAX;
	making.events = calloc(making.cap, sizeof(*making.events));
	if (!making.events)
		return -ENOMEM;
	memory->made[number].events = making.events;
	for (size_t i = 0; i < n_truth; i++) {
		if (bh_sim_truth_event_type(truth[i].kind) == BH_EVENT_POSITION)
			tell_position(&making, &truth[i]);
		else
			tell_true(&making, &truth[i]);
	}
	qsort(making.events, making.n, sizeof(making.events[0]), by_start);
	night->events = making.events;
	night->n_events = making.n;
	bed = time_in_bed(night);
	for (int type = 1; bed.to_ms > bed.from_ms && type < BH_EVENT_TYPE_END; type++)
		if (bh_event_info((enum bh_event_type)type) && type != BH_EVENT_BED_OCCUPIED)
			tell_false(&making, (enum bh_event_type)type, bed.from_ms, bed.to_ms);
	if (bed.to_ms > bed.from_ms)
		r = tell_rest(&making, truth, n_truth, bed);
	qsort(making.events, making.n, sizeof(making.events[0]), by_start);
	add_derived(&making);
	night->n_events = making.n;
	return r;
}

static int make_epochs(struct memory *memory, int number)
{
	struct bh_past_night *night = &memory->nights[number];
	struct bed_time bed = time_in_bed(night);
	struct bh_past_epoch *epochs = calloc(EPOCHS_MAX, sizeof(*epochs));
	int64_t from_ms = bed.from_ms / EPOCH_MS * EPOCH_MS;

	if (!epochs)
		return -ENOMEM;
	memory->made[number].epochs = epochs;
	night->epochs = epochs;
	for (int64_t at = from_ms; at < bed.to_ms && night->n_epochs < EPOCHS_MAX; at += EPOCH_MS)
		make_epoch(night, at, &epochs[night->n_epochs++]);
	mark_positions(night, epochs, night->n_epochs);
	return 0;
}

static int make_night(struct memory *memory, const struct person *person, int number,
		      const struct telling *telling)
{
	struct bh_past_night *night = &memory->nights[number];
	uint64_t random = person->seed * 1000003u + (uint64_t)person->sleeper * 977u +
			  person->confounders * 31u + (uint64_t)number;
	int r;

	night->capabilities = telling->capabilities;
	night->not_looked_for = telling->not_looked_for;
	night->night.date = bh_night_add(BH_SIM_START_DATE, number);
	night->night.complete = true;
	bh_night_bounds(night->night.date, &night->night.start_ms, &night->night.end_ms);
	r = make_events(memory, number, telling, random);
	return r < 0 ? r : make_epochs(memory, number);
}

/* What the line does when a night is over. */
static int close_night(struct memory *memory, int number)
{
	struct bh_past_night *night = &memory->nights[number];
	struct bh_night_look *look = malloc(sizeof(*look));
	int r = look ? bh_night_look(night, look) : -ENOMEM;

	if (r == 0) {
		sleep_mark(&look->minutes, memory->made[number].epochs, night->n_epochs);
		night->night = look->night;
	}
	free(look);
	return r;
}

int past_by_events(const struct person *person, const struct telling *telling,
		   struct made_past *ret, struct bh_error *err)
{
	struct memory *memory = calloc(1, sizeof(*memory));
	int r;

	*ret = (struct made_past){ .memory = memory };
	if (!memory)
		return -ENOMEM;
	memory->n = person->nights;
	memory->nights = calloc((size_t)memory->n, sizeof(*memory->nights));
	memory->made = calloc((size_t)memory->n, sizeof(*memory->made));
	r = memory->nights && memory->made
		    ? person_simulation(person, BH_SIM_MAT_ZONES, &memory->simulation, err)
		    : -ENOMEM;
	for (int i = 0; r == 0 && i < memory->n; i++)
		r = make_night(memory, person, i, telling);
	if (r == 0)
		r = read_temperatures(person, memory, err);
	for (int i = 0; r == 0 && i < memory->n; i++)
		r = close_night(memory, i);
	if (r == 0)
		r = past_answers(memory->simulation, person, &ret->history);
	ret->history.nights = memory->nights;
	ret->history.n_nights = (size_t)memory->n;
	return r;
}

void made_past_free(struct made_past *past)
{
	struct memory *memory = past->memory;

	if (!memory)
		return;
	for (int i = 0; memory->made && i < memory->n; i++) {
		free(memory->made[i].events);
		free(memory->made[i].epochs);
	}
	free(memory->made);
	free(memory->nights);
	bh_simulation_free(memory->simulation);
	free(memory);
	*past = (struct made_past){ 0 };
}
