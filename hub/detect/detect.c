/* SPDX-License-Identifier: MIT */
/*
 * The signal path of one bed. The walk of a frame: bh_detect_frame(), take_mat(), take_movement();
 * the walk of a second: tick(). Everything else here is starting, stopping and showing.
 */
#include "hub/detect/detect.h"

#include "hub/detect/body.h"
#include "hub/detect/breaks.h"
#include "hub/detect/edge.h"
#include "hub/detect/emit.h"
#include "hub/detect/epochs.h"
#include "hub/detect/faults.h"
#include "hub/detect/features.h"
#include "hub/detect/legs.h"
#include "hub/detect/movement.h"
#include "hub/detect/occupancy.h"
#include "hub/detect/pads.h"
#include "hub/detect/rest.h"
#include "hub/detect/warmth.h"
#include "hub/detect/weight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A burst of bus errors of a second or two must not end a night's intervals. */
#define LOST_NS (5 * BH_NS_PER_S)
/* Mats that weigh send at 1 Hz or faster; ten seconds of nothing is a fault, not a pause. */
#define SILENT_NS (10 * BH_NS_PER_S)
/* The share of the last minute moving is shown in steps of this: not a message a second. */
#define SHOW_MOVEMENT_NS (10 * BH_NS_PER_S)
/* A temperature shown follows the median in steps that matter. */
#define SHOW_MDEGC 50
/* science.md 2.3: the empty level is followed after ten minutes empty. */
#define EMPTY_FOLLOW_NS (10 * BH_NS_PER_MIN)
#define FOLLOW_EVERY_NS (10 * BH_NS_PER_S)
#define STILL_NS (10 * BH_NS_PER_S)
/* A loss of edges is shown for a minute. */
#define OVERFLOW_NS BH_NS_PER_MIN

struct bh_detect {
	struct bh_mat mat;
	uint32_t can;
	struct bh_sink sink;
	struct bh_emit emit;
	int64_t frame_ns; /**< of the last frame, or BH_MONO_NONE */
	int64_t tick_ns;  /**< the last tick run, or BH_MONO_NONE */
	uint64_t lost;

	/* The mat. */
	struct bh_feature_maker features;
	struct bh_pads pads;
	struct bh_weight weight;
	struct bh_mover mover;
	struct bh_body body;
	int64_t mat_ns;		 /**< of the last good reading, or BH_MONO_NONE */
	enum bh_fault mat_fault; /**< BH_FAULT_NONE: the mat can be read */
	int64_t mat_bad_ns;	 /**< since when it cannot */
	int64_t overflow_ns;	 /**< when readings were last lost, or BH_MONO_NONE */
	bool mat_lost;		 /**< and that has ended what was going on */
	uint8_t mat_sensor;
	enum bh_fault temp_fault[BH_TEMP_SLOTS];
	uint8_t temp_sensor[BH_TEMP_SLOTS];

	/* The detectors. */
	struct bh_occupancy occupancy;
	struct bh_rest rest;
	struct bh_edge edge;
	struct bh_legs legs;
	struct bh_breaks breaks;
	struct bh_warmth warmth;
	struct bh_faults faults;
	struct bh_epochs epochs;

	struct bh_state state;
};

int bh_detect_new(const struct bh_mat *mat, uint32_t capabilities,
		  const struct bh_detect_config *config, const struct bh_sink *sink,
		  struct bh_detect **ret)
{
	struct bh_detect *d;

	if (mat->n_zones > BH_ZONES_MAX || !sink->put ||
	    (mat->kind == BH_MAT_CONTACT && mat->n_zones > BH_PADS_MAX))
		return -EINVAL;
	d = calloc(1, sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->mat = *mat;
	d->can = capabilities;
	d->sink = *sink;
	d->frame_ns = BH_MONO_NONE;
	d->tick_ns = BH_MONO_NONE;
	d->mat_ns = BH_MONO_NONE;
	d->mat_fault = BH_FAULT_NO_DATA;
	d->mat_bad_ns = BH_MONO_NONE;
	d->overflow_ns = BH_MONO_NONE;
	d->mat_lost = true;
	d->mat_sensor = BH_SENSOR_NONE;
	memset(d->temp_sensor, BH_SENSOR_NONE, sizeof(d->temp_sensor));
	bh_emit_init(&d->emit, config->bed, sink);
	bh_features_init(&d->features, &d->mat);
	bh_pads_init(&d->pads, &d->mat, capabilities);
	bh_weight_init(&d->weight, &d->mat, capabilities, config->body_load);
	bh_mover_init(&d->mover, mat->kind);
	bh_occupancy_init(&d->occupancy, config->not_returned_ns);
	bh_rest_init(&d->rest);
	bh_edge_init(&d->edge);
	bh_legs_init(&d->legs, &d->mat, capabilities);
	bh_breaks_init(&d->breaks);
	bh_warmth_init(&d->warmth);
	bh_faults_init(&d->faults);
	bh_epochs_init(&d->epochs, config->bed, capabilities, sink);
	d->state.bed = config->bed;
	d->state.mono_ns = BH_MONO_NONE;
	d->state.movement_permille = BH_EPOCH_UNKNOWN;
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		d->state.temp_mdegc[i] = BH_TEMP_UNKNOWN;
	*ret = d;
	return 0;
}

void bh_detect_free(struct bh_detect *detect)
{
	free(detect);
}

/* What was going on in bed ended at end_ns: out of bed, stopped, or the mat was lost. */
static void end_in_bed(struct bh_detect *d, int64_t end_ns, enum bh_end_cause cause)
{
	bh_edge_end(&d->edge, &d->emit, end_ns, cause);
	bh_rest_end(&d->rest, &d->emit, end_ns, cause);
	bh_warmth_end(&d->warmth, &d->emit, end_ns, cause);
}

static void take_movement(struct bh_detect *d, const struct bh_movement *movement)
{
	if (d->occupancy.in_bed != BH_YES)
		return;
	if (bh_legs_judge(&d->legs, movement, d->weight.body_load, &d->emit) == BH_MOVEMENT_LEG) {
		bh_epochs_leg_movement(&d->epochs);
		bh_breaks_leg_movement(&d->breaks);
	}
}

/* A frame that no body and no empty bed can make: most of the mat at the end of its range. */
static bool is_junk(const struct bh_mat *mat, const struct bh_frame *frame)
{
	unsigned int full = 0;

	if (mat->kind != BH_MAT_STRIPS && mat->kind != BH_MAT_MATRIX)
		return false;
	for (unsigned int i = 0; i < mat->n_zones; i++)
		full += frame->load[i] >= BH_LOAD_FULL;
	return mat->n_zones >= 4 && full * 2 > mat->n_zones;
}

static void mat_fails(struct bh_detect *d, enum bh_fault fault, int64_t since_ns)
{
	if (d->mat_fault == BH_FAULT_NONE || d->mat_bad_ns == BH_MONO_NONE)
		d->mat_bad_ns = since_ns;
	d->mat_fault = fault;
	d->body.readable = false;
	bh_occupancy_fast(&d->occupancy, &d->body, since_ns);
	bh_features_break(&d->features);
	bh_mover_break(&d->mover);
}

/* The mat's fault is what the driver says, then what the signal shows. */
static void tell_mat_fault(struct bh_detect *d, int64_t now_ns)
{
	enum bh_fault fault = d->mat_fault;
	enum bh_side side = BH_SIDE_UNKNOWN;
	int64_t since_ns = now_ns;

	if (d->mat_sensor == BH_SENSOR_NONE && fault == BH_FAULT_NO_DATA)
		return;
	if (fault != BH_FAULT_NONE)
		since_ns = d->mat_bad_ns;
	else if (d->mat.kind == BH_MAT_CONTACT && bh_pads_stuck(&d->pads, now_ns, &side))
		fault = BH_FAULT_STUCK;
	else if (d->overflow_ns != BH_MONO_NONE && now_ns - d->overflow_ns < OVERFLOW_NS)
		fault = BH_FAULT_OVERFLOW;
	bh_faults_set(&d->faults, &d->emit, BH_FAULT_PLACE_MAT, d->mat_sensor, fault, side,
		      since_ns);
}

static void take_mat(struct bh_detect *d, const struct bh_frame *frame)
{
	struct bh_features f;
	struct bh_movement movement;
	enum bh_fault fault = frame->mat_fault;

	d->mat_sensor = frame->mat_sensor;
	if (frame->lost > 0)
		d->overflow_ns = frame->mono_ns;
	if (fault == BH_FAULT_NONE && is_junk(&d->mat, frame))
		fault = BH_FAULT_JUNK;
	if (fault != BH_FAULT_NONE) {
		mat_fails(d, fault, frame->mono_ns);
		return;
	}
	d->mat_fault = BH_FAULT_NONE;
	d->mat_lost = false;
	d->mat_ns = frame->mono_ns;
	bh_features_make(&d->features, frame, &f);
	if (d->mat.kind == BH_MAT_CONTACT) {
		bh_pads_take(&d->pads, frame);
		bh_pads_body(&d->pads, frame->mono_ns, &d->body);
	} else {
		bh_weight_take(&d->weight, &f, &d->body);
	}
	if (bh_mover_take(&d->mover, &f, d->occupancy.in_bed == BH_YES && d->body.on, &movement))
		take_movement(d, &movement);
	bh_occupancy_fast(&d->occupancy, &d->body, frame->mono_ns);
	bh_rest_take(&d->rest, &d->body, frame->mono_ns);
	bh_edge_take(&d->edge, &d->body, frame->mono_ns);
}

/* A thermometer's fault is what the driver says, then what its temperature shows. */
static void tell_temperature_faults(struct bh_detect *d, int64_t now_ns)
{
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		enum bh_fault fault = d->temp_fault[i];
		enum bh_side side = i == BH_TEMP_LEFT	 ? BH_SIDE_LEFT
				    : i == BH_TEMP_RIGHT ? BH_SIDE_RIGHT
							 : BH_SIDE_UNKNOWN;

		if (d->temp_sensor[i] == BH_SENSOR_NONE)
			continue;
		if (fault == BH_FAULT_NONE && d->warmth.at[i].detached)
			fault = BH_FAULT_DETACHED;
		bh_faults_set(&d->faults, &d->emit, i, d->temp_sensor[i], fault, side, now_ns);
	}
}

static void take_temperatures(struct bh_detect *d, const struct bh_frame *frame)
{
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		const struct bh_temperature *reading = &frame->temp[i];

		if (reading->sensor == BH_SENSOR_NONE)
			continue;
		d->temp_sensor[i] = reading->sensor;
		d->temp_fault[i] = reading->fault;
		bh_warmth_take(&d->warmth, (enum bh_temp_slot)i, reading);
	}
	tell_temperature_faults(d, frame->mono_ns);
}

/* Learn the sleeper's load while they lie still, and follow the empty level while nobody is there. */
static void learn(struct bh_detect *d, int64_t now_ns)
{
	if (d->mat.kind == BH_MAT_CONTACT || !d->body.readable)
		return;
	if (d->occupancy.in_bed == BH_YES && d->body.on && d->body.edge != BH_YES &&
	    (d->rest.last_moved_ns == BH_MONO_NONE || now_ns - d->rest.last_moved_ns >= STILL_NS))
		bh_weight_learn(&d->weight);
	if (d->occupancy.in_bed == BH_NO && d->body.off &&
	    now_ns - d->occupancy.since_ns >= EMPTY_FOLLOW_NS && now_ns % FOLLOW_EVERY_NS == 0)
		bh_features_follow_empty(&d->features);
}

static void lose_mat(struct bh_detect *d)
{
	d->mat_lost = true;
	end_in_bed(d, d->mat_bad_ns, BH_END_FAULT);
	bh_occupancy_lose(&d->occupancy, &d->emit, d->mat_bad_ns);
	bh_breaks_break(&d->breaks);
	bh_pads_break(&d->pads);
	bh_weight_break(&d->weight);
}

static enum bh_position position_now(const struct bh_detect *d)
{
	if (d->occupancy.fast == BH_NO)
		return BH_POSITION_EMPTY;
	if (d->occupancy.fast == BH_UNKNOWN)
		return BH_POSITION_UNKNOWN;
	if (d->edge.fast_legs == BH_YES)
		return bh_emit_is_open(&d->emit, BH_EVENT_LEGS_OVER_EDGE)
			       ? BH_POSITION_LEGS_OVER_EDGE
			       : BH_POSITION_SITTING_ON_EDGE;
	return d->body.lying ? BH_POSITION_LYING : BH_POSITION_UNKNOWN;
}

static void count_epoch(struct bh_detect *d, bool moved, int64_t from_ns, int64_t now_ns)
{
	struct bh_epoch_second second = {
		.covered = d->body.readable,
		.occupied = d->body.readable && d->occupancy.in_bed == BH_YES,
		.load_permille = d->body.readable ? d->body.load_permille : BH_EPOCH_UNKNOWN,
		.position = position_now(d),
	};

	second.moved = second.occupied && moved;
	bh_epochs_seconds(&d->epochs, &second, &d->warmth, from_ns, now_ns);
}

static enum bh_tri open_tri(const struct bh_detect *d, enum bh_event_type type, uint32_t needs)
{
	if (!d->body.readable || d->occupancy.in_bed == BH_UNKNOWN || (d->can & needs) != needs)
		return BH_UNKNOWN;
	return bh_emit_is_open(&d->emit, type) ? BH_YES : BH_NO;
}

static int32_t shown_temperature(int32_t shown, int32_t level)
{
	if (level == BH_TEMP_UNKNOWN || shown == BH_TEMP_UNKNOWN)
		return level;
	return level - shown >= SHOW_MDEGC || shown - level >= SHOW_MDEGC ? level : shown;
}

static int32_t shown_movement(const struct bh_detect *d, int64_t now_ns)
{
	if (!(d->can & BH_CAN_MOVEMENT) || !d->body.readable || d->occupancy.in_bed == BH_UNKNOWN)
		return BH_EPOCH_UNKNOWN;
	if (d->occupancy.in_bed == BH_NO)
		return 0;
	if (now_ns % SHOW_MOVEMENT_NS != 0 && d->state.movement_permille != BH_EPOCH_UNKNOWN)
		return d->state.movement_permille;
	return bh_rest_movement_permille(&d->rest);
}

/* Write the fast state, and put it if it changed. */
static void show(struct bh_detect *d, int64_t now_ns)
{
	struct bh_record record = { .kind = BH_RECORD_STATE };
	struct bh_state *next = &record.u.state;
	bool there = d->occupancy.fast == BH_YES;

	/* Bytes, not members: what is compared below must have the same padding. */
	memcpy(next, &d->state, sizeof(*next));
	next->occupied = d->occupancy.fast;
	next->restless = open_tri(d, BH_EVENT_RESTLESS, BH_CAN_MOVEMENT);
	next->legs_over_edge = there ? d->edge.fast_legs : BH_UNKNOWN;
	next->leg_out = there ? d->edge.fast_leg_out : BH_UNKNOWN;
	if (d->occupancy.fast == BH_NO && (d->can & BH_CAN_LEGS))
		next->legs_over_edge = BH_NO;
	if (d->occupancy.fast == BH_NO && (d->can & BH_CAN_LEGS) && (d->can & BH_CAN_SIDE))
		next->leg_out = BH_NO;
	next->legs_side = next->legs_over_edge == BH_YES ? d->edge.side
			  : next->leg_out == BH_YES	 ? d->edge.leg_side
							 : BH_SIDE_UNKNOWN;
	next->position = position_now(d);
	next->movement_permille = shown_movement(d, now_ns);
	for (int i = 0; i < BH_TEMP_SLOTS; i++)
		next->temp_mdegc[i] =
			shown_temperature(d->state.temp_mdegc[i], d->warmth.at[i].level);
	bh_faults_show(&d->faults, next);
	if (d->state.mono_ns != BH_MONO_NONE && memcmp(next, &d->state, sizeof(*next)) == 0)
		return;
	next->mono_ns = now_ns;
	memcpy(&d->state, next, sizeof(*next));
	d->sink.put(d->sink.ctx, &record);
}

static void follow_occupancy(struct bh_detect *d, int64_t now_ns)
{
	enum bh_tri before = d->occupancy.in_bed;

	if (bh_occupancy_leaves(&d->occupancy, &d->body, now_ns))
		end_in_bed(d, d->body.off_since_ns, BH_END_NORMAL);
	bh_occupancy_tick(&d->occupancy, &d->body, &d->emit);
	if (before == BH_YES && d->occupancy.in_bed == BH_NO)
		bh_breaks_exit(&d->breaks, d->occupancy.since_ns);
	else if (before == BH_NO && d->occupancy.in_bed == BH_YES)
		bh_breaks_return(&d->breaks, d->occupancy.since_ns, &d->emit);
}

/* The walk of a second. */
static void tick(struct bh_detect *d, int64_t from_ns, int64_t now_ns)
{
	struct bh_movement movement;
	bool moved;

	d->emit.now_ns = now_ns;
	if (d->mat.kind != BH_MAT_CONTACT && d->mat_fault == BH_FAULT_NONE &&
	    now_ns - d->mat_ns >= SILENT_NS)
		mat_fails(d, BH_FAULT_SILENT, d->mat_ns);
	tell_mat_fault(d, now_ns);
	tell_temperature_faults(d, now_ns);
	if (!d->mat_lost && d->mat_fault != BH_FAULT_NONE && now_ns - d->mat_bad_ns >= LOST_NS)
		lose_mat(d);
	if (d->mat.kind == BH_MAT_CONTACT && d->mat_fault == BH_FAULT_NONE)
		bh_pads_body(&d->pads, now_ns, &d->body);

	if (bh_mover_pass(&d->mover, now_ns, &movement))
		take_movement(d, &movement);
	moved = bh_mover_second(&d->mover);
	bh_occupancy_fast(&d->occupancy, &d->body, now_ns);
	follow_occupancy(d, now_ns);
	bh_rest_tick(&d->rest, &d->body, bh_occupancy_since(&d->occupancy), moved, &d->emit);
	bh_edge_tick(&d->edge, &d->body, d->occupancy.in_bed == BH_YES, d->rest.is_lying, &d->emit);
	bh_warmth_tick(&d->warmth, bh_occupancy_since(&d->occupancy), &d->emit);
	if (d->occupancy.in_bed == BH_YES)
		bh_breaks_second(&d->breaks, moved, bh_emit_is_open(&d->emit, BH_EVENT_RESTLESS),
				 bh_edge_sat_ns(&d->edge, now_ns), &d->emit);
	learn(d, now_ns);
	count_epoch(d, moved, from_ns, now_ns);
	show(d, now_ns);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When the next tick that may do anything is due, while the bed is settled; else the next one. */
static int64_t next_due(const struct bh_detect *d)
{
	int64_t next_ns = d->tick_ns + BH_TICK_NS, due_ns = INT64_MAX;
	bool empty = d->occupancy.in_bed == BH_NO && d->occupancy.fast == BH_NO && !d->body.on;
	bool dark = d->mat_lost && d->mat_fault != BH_FAULT_NONE;

	if (!(empty || dark) || d->mover.moving || !bh_epochs_idle(&d->epochs, d->tick_ns))
		return next_ns;
	if (d->overflow_ns != BH_MONO_NONE)
		due_ns = earlier(due_ns, d->overflow_ns + OVERFLOW_NS);
	if (empty && d->mat.kind != BH_MAT_CONTACT)
		due_ns = earlier(due_ns, d->mat_ns + SILENT_NS);
	if (empty && d->mat.kind == BH_MAT_CONTACT)
		due_ns = earlier(due_ns, bh_pads_due(&d->pads));
	due_ns = earlier(due_ns, bh_occupancy_due(&d->occupancy));
	due_ns = earlier(due_ns, bh_warmth_due(&d->warmth));
	if (due_ns <= next_ns)
		return next_ns;
	return due_ns > INT64_MAX - BH_TICK_NS
		       ? INT64_MAX
		       : (due_ns + BH_TICK_NS - 1) / BH_TICK_NS * BH_TICK_NS;
}

void bh_detect_advance(struct bh_detect *d, int64_t now_ns)
{
	int64_t last_ns = now_ns / BH_TICK_NS * BH_TICK_NS;

	/* Time begins with the first frame. */
	while (d->tick_ns != BH_MONO_NONE && d->tick_ns < last_ns) {
		int64_t at_ns = earlier(next_due(d), last_ns);
		int64_t from_ns = d->tick_ns;

		d->tick_ns = at_ns;
		tick(d, from_ns, at_ns);
	}
}

int bh_detect_frame(struct bh_detect *d, const struct bh_frame *frame)
{
	if (frame->mono_ns < 0 || (d->frame_ns != BH_MONO_NONE && frame->mono_ns < d->frame_ns)) {
		d->lost++;
		return -EILSEQ;
	}
	if (d->tick_ns == BH_MONO_NONE)
		d->tick_ns = frame->mono_ns / BH_TICK_NS * BH_TICK_NS;
	bh_detect_advance(d, frame->mono_ns);
	d->frame_ns = frame->mono_ns;
	d->emit.now_ns = frame->mono_ns;
	if (frame->changed & BH_PART_MAT)
		take_mat(d, frame);
	if (frame->changed & BH_PART_TEMPERATURE)
		take_temperatures(d, frame);
	tell_mat_fault(d, frame->mono_ns);
	show(d, frame->mono_ns);
	return 0;
}

bool bh_detect_idle(const struct bh_detect *d)
{
	return d->tick_ns != BH_MONO_NONE && next_due(d) - d->tick_ns > BH_NS_PER_MIN;
}

void bh_detect_stop(struct bh_detect *d, int64_t now_ns, enum bh_end_cause cause)
{
	bh_detect_advance(d, now_ns);
	d->emit.now_ns = now_ns;
	end_in_bed(d, now_ns, cause);
	bh_emit_close(&d->emit, BH_EVENT_BED_OCCUPIED, now_ns, cause);
	bh_emit_close(&d->emit, BH_EVENT_BED_EXIT, now_ns, cause);
	bh_faults_end(&d->faults, &d->emit, now_ns, cause);
	bh_epochs_end(&d->epochs, &d->warmth);
}

void bh_detect_set_not_returned(struct bh_detect *d, int64_t not_returned_ns)
{
	d->occupancy.not_returned_ns = not_returned_ns;
}

void bh_detect_inject(struct bh_detect *d, struct bh_event *event)
{
	struct bh_record record = { .kind = BH_RECORD_EVENT };

	event->seq = ++d->emit.seq;
	event->bed = d->emit.bed;
	record.u.event = *event;
	d->sink.put(d->sink.ctx, &record);
}

const struct bh_state *bh_detect_state(const struct bh_detect *d)
{
	return &d->state;
}
