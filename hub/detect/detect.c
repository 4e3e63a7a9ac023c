/* SPDX-License-Identifier: MIT */
/*
 * The signal path of one bed. The walk of a frame: bh_detect_frame(), and intake.c; the walk of a
 * second: tick(). Everything else here is starting and stopping.
 */
#include "hub/detect/path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A burst of bus errors of a second or two must not end a night's intervals. */
#define LOST_NS (5 * BH_NS_PER_S)
/* The slowest mats give a frame a second; what is older may not be how the sleeper lies now. */
#define POSTURE_FRESH_NS (2 * BH_NS_PER_S)
/* science.md 2.3: the empty level is followed after ten minutes empty. */
#define EMPTY_FOLLOW_NS (10 * BH_NS_PER_MIN)
#define FOLLOW_EVERY_NS (10 * BH_NS_PER_S)
#define STILL_NS (10 * BH_NS_PER_S)

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
	d->able = d->can = capabilities;
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
	bh_rezero_init(&d->rezero, &d->mat, config->bed);
	bh_pads_init(&d->pads, &d->mat, capabilities);
	bh_weight_init(&d->weight, &d->mat, capabilities, config->body_load);
	bh_mover_init(&d->mover, mat->kind, false);
	bh_mover_init(&d->leg_mover, mat->kind, true);
	bh_stir_init(&d->stir, &d->features);
	bh_occupancy_init(&d->occupancy, config->not_returned_ns);
	bh_rest_init(&d->rest, d->mat.kind == BH_MAT_CONTACT);
	bh_edge_init(&d->edge);
	bh_position_init(&d->position);
	bh_legs_init(&d->legs, &d->mat, capabilities);
	bh_jolt_init(&d->jolt);
	bh_series_init(&d->series);
	bh_breaks_init(&d->breaks);
	bh_leg_warmth_init(&d->warmth);
	bh_faults_init(&d->faults);
	bh_silence_init(&d->silence);
	bh_interference_init(&d->interference);
	bh_stuck_zone_init(&d->stuck_zone, &d->mat);
	bh_gap_init(&d->gap);
	bh_swapped_init(&d->swapped);
	d->temps_read_ns = BH_MONO_NONE;
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
	bh_position_end(&d->position, &d->emit, end_ns, cause);
	bh_rest_end(&d->rest, &d->emit, end_ns, cause);
	bh_leg_warmth_end(&d->warmth, &d->emit, end_ns, cause);
	bh_series_end(&d->series, &d->emit, cause);
	bh_jolt_end(&d->jolt, d->weight.body_load, &d->emit);
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
	    now_ns - d->occupancy.since_ns >= EMPTY_FOLLOW_NS && now_ns % FOLLOW_EVERY_NS == 0) {
		bh_features_follow_empty(&d->features);
		bh_rezero_tell(&d->rezero, d->features.empty, d->weight.body_load,
			       BH_CALIBRATED_FOLLOWED, now_ns, &d->sink);
	}
}

/* On the back or a side? Only of someone who lies in bed, by a reading of this second. */
static void follow_position(struct bh_detect *d, int64_t now_ns)
{
	struct bh_posture_features features;
	struct bh_posture posture;

	if (!(d->can & BH_CAN_POSTURE))
		return;
	if (d->occupancy.in_bed != BH_YES || !d->body.readable || !d->rest.is_lying ||
	    !d->body.lying || now_ns - d->mat_ns > POSTURE_FRESH_NS) {
		d->level.any = false;
		bh_position_tick(&d->position, NULL, &d->emit);
		return;
	}
	bh_position_average(&d->level, d->features.load, d->features.empty, d->mat.n_zones);
	if (!bh_posture_features_make(&d->mat, d->level.load, NULL, &features)) {
		bh_position_tick(&d->position, NULL, &d->emit);
		return;
	}
	bh_posture_judge(bh_posture_weights_for(d->mat.n_zones), &features, &posture);
	bh_position_tick(&d->position, &posture, &d->emit);
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

/* Beside a stuck pad or zone the others show nobody: the bed may be empty or not. */
static void lose_bed(struct bh_detect *d)
{
	int64_t since_ns = d->body.off_since_ns;

	end_in_bed(d, since_ns, BH_END_FAULT);
	bh_occupancy_lose(&d->occupancy, &d->emit, since_ns);
	bh_breaks_break(&d->breaks);
}

static void count_epoch(struct bh_detect *d, bool moved, int64_t from_ns, int64_t now_ns)
{
	struct bh_epoch_second second = {
		.covered = d->body.readable,
		.occupied = d->body.readable && d->occupancy.in_bed == BH_YES,
		.load_permille = d->body.readable ? d->body.load_permille : BH_EPOCH_UNKNOWN,
		.position = bh_show_position(d),
	};

	second.moved = second.occupied && moved;
	bh_epochs_seconds(&d->epochs, &second, &d->warmth, from_ns, now_ns);
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

/* The mat sends of itself, and nothing but its silence is wrong with it. */
static bool is_heard(const struct bh_detect *d)
{
	return d->mat.kind != BH_MAT_CONTACT && (d->mat_fault == BH_FAULT_NONE || d->unheard);
}

static int64_t silent_at(const struct bh_detect *d)
{
	return bh_silence_due(&d->silence, d->occupancy.in_bed == BH_YES);
}

/* Someone lies there, and would be seen to move. */
static bool lies(const struct bh_detect *d)
{
	return d->occupancy.in_bed == BH_YES && d->body.readable && d->body.lying &&
	       !(d->withheld & BH_CAN_MOVEMENT);
}

/* The walk of a second. */
static void tick(struct bh_detect *d, int64_t from_ns, int64_t now_ns)
{
	bool shaken, moved;

	d->emit.now_ns = now_ns;
	if (is_heard(d) && now_ns >= silent_at(d))
		bh_intake_mat_fails(d, BH_FAULT_SILENT, d->silence.heard_ns);
	bh_intake_tell_faults(d, now_ns);
	if (!d->mat_lost && d->mat_fault != BH_FAULT_NONE && now_ns - d->mat_bad_ns >= LOST_NS)
		lose_mat(d);
	if (d->mat.kind == BH_MAT_CONTACT && d->mat_fault == BH_FAULT_NONE)
		bh_pads_body(&d->pads, now_ns, &d->body);

	bh_intake_pass(d, now_ns);
	bh_series_pass(&d->series, &d->emit);
	bh_jolt_pass(&d->jolt, d->body.edge == BH_YES || !d->body.on, d->weight.body_load,
		     &d->emit);
	shaken = bh_mover_second(&d->mover);
	shaken |= bh_mover_second(&d->leg_mover);
	moved = bh_stir_second(&d->stir) || shaken;
	moved &= !bh_interference_shakes(&d->interference);
	if (d->occupancy.in_bed == BH_YES && d->body.readable)
		bh_stuck_zone_second(&d->stuck_zone, d->features.empty, moved, d->weight.body_load);
	bh_intake_withhold(d, now_ns);
	bh_occupancy_fast(&d->occupancy, &d->body, now_ns);
	if (d->mat_fault == BH_FAULT_NONE && !d->body.readable &&
	    d->occupancy.in_bed != BH_UNKNOWN &&
	    now_ns - d->body.off_since_ns >= d->body.off_needed_ns)
		lose_bed(d);
	follow_occupancy(d, now_ns);
	bh_jolt_second(&d->jolt, !shaken && lies(d), d->leg_mover.moving);
	if (d->withheld & BH_CAN_MOVEMENT) {
		bh_rest_blind(&d->rest, &d->emit, now_ns);
		bh_breaks_blind(&d->breaks);
		moved = false;
	}
	bh_rest_tick(&d->rest, &d->body, bh_occupancy_since(&d->occupancy), moved, &d->emit);
	bh_edge_tick(&d->edge, &d->body, d->occupancy.in_bed == BH_YES, d->rest.is_lying, &d->emit);
	follow_position(d, now_ns);
	bh_leg_warmth_tick(&d->warmth, bh_occupancy_since(&d->occupancy), d->rest.is_lying,
			   &d->emit);
	if (d->occupancy.in_bed == BH_YES)
		bh_breaks_second(&d->breaks, moved, bh_emit_is_open(&d->emit, BH_EVENT_RESTLESS),
				 bh_edge_sat_ns(&d->edge, now_ns), &d->emit);
	learn(d, now_ns);
	count_epoch(d, moved, from_ns, now_ns);
	bh_show(d, now_ns);
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
		due_ns = earlier(due_ns, d->overflow_ns + BH_OVERFLOW_NS);
	if (empty && d->mat.kind != BH_MAT_CONTACT)
		due_ns = earlier(due_ns, silent_at(d));
	if (empty && d->mat.kind == BH_MAT_CONTACT)
		due_ns = earlier(due_ns, bh_pads_due(&d->pads));
	due_ns = earlier(due_ns, bh_occupancy_due(&d->occupancy));
	due_ns = earlier(due_ns, bh_leg_warmth_due(&d->warmth));
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

void bh_detect_deaf(struct bh_detect *d, int64_t from_ns, int64_t to_ns)
{
	/* Of pads there are edges to come from that time: it must not pass before them. */
	if (d->tick_ns == BH_MONO_NONE || to_ns <= from_ns || d->mat.kind == BH_MAT_CONTACT)
		return;
	bh_detect_advance(d, from_ns);
	d->emit.now_ns = from_ns;
	d->deaf = true;
	if (d->mat_fault == BH_FAULT_NONE) {
		bh_intake_mat_fails(d, BH_FAULT_NO_DATA, from_ns);
		d->unheard = true;
	}
	bh_silence_deaf(&d->silence, to_ns);
	bh_detect_advance(d, to_ns);
	d->deaf = false;
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
		bh_intake_mat(d, frame);
	if (frame->changed & BH_PART_TEMPERATURE)
		bh_intake_temperatures(d, frame);
	bh_intake_tell_faults(d, frame->mono_ns);
	bh_show(d, frame->mono_ns);
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
	bh_gap_end(&d->gap, &d->emit, now_ns, cause);
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

static void set_empty(struct bh_detect *d, const struct bh_calibration *part)
{
	for (unsigned int i = 0; i < part->n && part->first + i < d->mat.n_zones; i++)
		d->features.empty[part->first + i] = (int32_t)part->value[i];
	if (part->first + part->n < part->n_values)
		return;
	bh_features_give_empty(&d->features, d->features.empty);
	bh_rezero_noted(&d->rezero, d->features.empty, part->quality);
	/* How long the bed was on or off was told by the old level. */
	bh_weight_zero_is_new(&d->weight, true);
}

void bh_detect_calibrate(struct bh_detect *d, const struct bh_calibration *part)
{
	switch (part->kind) {
	case BH_CALIBRATION_EMPTY:
		set_empty(d, part);
		break;
	case BH_CALIBRATION_PERSON:
		d->weight.body_load = part->value[0];
		d->weight.fixed = true;
		break;
	case BH_CALIBRATION_LEGS:
		memcpy(d->legs.flexion, part->value, sizeof(d->legs.flexion));
		break;
	case BH_CALIBRATION_THERMOMETERS:
		/* Whatever stood in whose place, it was calibrated there. */
		bh_swapped_init(&d->swapped);
		d->temp_excess[BH_TEMP_LEFT] = (int32_t)part->value[0];
		d->temp_excess[BH_TEMP_RIGHT] = (int32_t)part->value[1];
		break;
	case BH_CALIBRATION_NONE:
		break;
	}
}

const int32_t *bh_detect_empty(const struct bh_detect *d)
{
	return d->features.empty;
}

int64_t bh_detect_body_load(const struct bh_detect *d)
{
	return d->weight.body_load;
}

const struct bh_state *bh_detect_state(const struct bh_detect *d)
{
	return &d->state;
}
