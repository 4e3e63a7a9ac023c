/* SPDX-License-Identifier: MIT */
/* Frames come in here: what is a reading, what is a fault, and what body and movement a reading shows. */
#include "hub/detect/path.h"

/* A zone that stands still is somewhere: what is told from places and from the whole weight is wrong. */
#define NEEDS_EVERY_ZONE                                                                           \
	(BH_CAN_EDGE | BH_CAN_LEGS | BH_CAN_SIDE | BH_CAN_LOAD | BH_CAN_POSTURE |                  \
	 BH_CAN_LEG_MOVEMENT | BH_CAN_HANGING)

static void set_can(struct bh_detect *d)
{
	d->can = d->able & ~d->withheld;
	d->legs.can = d->can;
	d->epochs.can = d->can;
}

/* A line drowns what moves: legs, and the body as a whole. */
#define NEEDS_CALM (BH_CAN_MOVEMENT | BH_CAN_LEG_MOVEMENT | BH_CAN_RESTLESSNESS)

/* The frames show that this bed cannot tell what its kind can. */
static void cannot(struct bh_detect *d, uint32_t bits)
{
	d->able &= ~bits;
	set_can(d);
}

void bh_intake_withhold(struct bh_detect *d, int64_t now_ns)
{
	uint32_t withheld = (d->interference.on ? NEEDS_CALM : 0) |
			    (d->stuck_zone.zone >= 0 ? NEEDS_EVERY_ZONE : 0);
	uint32_t lost = d->can & withheld;

	if (withheld == d->withheld)
		return;
	if (lost & BH_CAN_LEGS)
		bh_edge_end(&d->edge, &d->emit, now_ns, BH_END_FAULT);
	if (lost & BH_CAN_POSTURE)
		bh_position_end(&d->position, &d->emit, now_ns, BH_END_FAULT);
	if (lost & BH_CAN_LEG_MOVEMENT) {
		bh_series_end(&d->series, &d->emit, BH_END_FAULT);
		bh_jolt_end(&d->jolt, d->weight.body_load, &d->emit);
	}
	d->withheld = withheld;
	set_can(d);
}

/* Where the load lies is not known: what the body shows of it is not, either. */
static void hide_places(struct bh_detect *d)
{
	if (!(d->withheld & BH_CAN_LEGS))
		return;
	d->body.edge = BH_UNKNOWN;
	d->body.leg_off = BH_UNKNOWN;
	d->body.lying = d->body.on;
	d->body.load_permille = BH_EPOCH_UNKNOWN;
}

static bool can_tell(const struct bh_detect *d, enum bh_event_type type)
{
	uint32_t needs = bh_event_info(type)->needs;

	return (d->can & needs) == needs;
}

/* A movement of the body as a whole, or one that was heard at the foot end. */
static void take_movement(struct bh_detect *d, const struct bh_movement *m, bool foot)
{
	enum bh_movement_kind kind;
	struct bh_said said;

	if (d->occupancy.in_bed != BH_YES || bh_interference_shakes(&d->interference))
		return;
	/* Of someone who sits on the edge the zones of the foot end bear no lying leg. */
	if (foot && d->mat.kind != BH_MAT_CONTACT && d->body.edge == BH_YES)
		return;
	kind = bh_legs_judge(&d->legs, m, foot, d->weight.body_load, &said);
	if (kind == BH_MOVEMENT_LEG) {
		bh_emit_instant(&d->emit, BH_EVENT_LEG_MOVEMENT, m->on_ns, m->off_ns, &said);
		bh_epochs_leg_movement(&d->epochs);
		bh_breaks_leg_movement(&d->breaks);
		bh_jolt_learn(&d->jolt, m->shaking);
	} else if (kind == BH_MOVEMENT_LARGE) {
		bh_emit_instant(&d->emit, BH_EVENT_LARGE_MOVEMENT, m->on_ns, m->off_ns, &said);
	}
	/* A movement of the body longer than a leg's breaks a series; a shorter one is none of it. */
	if (kind == BH_MOVEMENT_LEG ||
	    (kind == BH_MOVEMENT_LARGE && m->off_ns - m->on_ns > bh_plm_wasm_2016.max_ns))
		bh_series_take(&d->series, m->on_ns, m->off_ns, said.side, said.confidence_permille,
			       &d->emit);
}

/* The foot end shook: part of a jolt, and on a mat too fine for bh_stir a movement of a leg. */
static void take_shaking(struct bh_detect *d, const struct bh_movement *m)
{
	if (!bh_stir_can(&d->stir))
		take_movement(d, m, true);
	if (d->occupancy.in_bed == BH_YES && can_tell(d, BH_EVENT_JOLT) &&
	    !bh_interference_shakes(&d->interference))
		bh_jolt_take(&d->jolt, m, d->weight.body_load, &d->emit);
}

/* Half of a mat's zones at the end of their range is no body, however coarse the mat. */
#define FULL_DIVISOR 2
/* Pressure is continuous: a zone of a fine mat at the end of its range beside one that bears next to
 * nothing (a tenth of it) is a scan gone wrong, mostly of some of the rows only. Of the recorded
 * 64 x 32 mat bodies make up to 5 such pairs in a frame, scans gone wrong 25 to 115. */
#define FINE_ZONES 256
#define NEXT_TO_NOTHING (BH_LOAD_FULL / 10)
#define TORN_ZONES_PER_PAIR 170
/* A scan that had begun before anyone listened lacks its first rows: of the recorded first frames
 * half the rows or more show nothing at all, of later ones, even of the empty bed, one in seven. */
#define UNSEEN_ROWS_DIVISOR 4

static bool is_saturated(const struct bh_mat *mat, const struct bh_frame *frame)
{
	unsigned int full = 0;

	for (unsigned int i = 0; i < mat->n_zones; i++)
		full += frame->load[i] >= BH_LOAD_FULL;
	return mat->n_zones >= 4 && full * FULL_DIVISOR > mat->n_zones;
}

static bool is_torn(const struct bh_mat *mat, const struct bh_frame *frame)
{
	unsigned int pairs = 0;

	if (mat->n_zones < FINE_ZONES)
		return false;
	for (unsigned int r = 0; r < mat->rows; r++) {
		const int32_t *row = &frame->load[r * mat->cols];

		for (unsigned int c = 1; c < mat->cols; c++)
			pairs += (row[c] >= BH_LOAD_FULL && row[c - 1] < NEXT_TO_NOTHING) ||
				 (row[c - 1] >= BH_LOAD_FULL && row[c] < NEXT_TO_NOTHING);
	}
	return pairs * TORN_ZONES_PER_PAIR > mat->n_zones;
}

static bool is_half_scanned(const struct bh_mat *mat, const struct bh_frame *frame)
{
	unsigned int unseen = 0;

	for (unsigned int r = 0; r < mat->rows; r++) {
		bool any = false;

		for (unsigned int c = 0; c < mat->cols; c++)
			any |= frame->load[r * mat->cols + c] != 0;
		unseen += !any;
	}
	return mat->n_zones >= FINE_ZONES && unseen * UNSEEN_ROWS_DIVISOR > mat->rows;
}

/* A frame that no body and no empty bed can make. */
static bool is_junk(const struct bh_detect *d, const struct bh_frame *frame)
{
	bool is_first = d->mat_fault == BH_FAULT_NO_DATA && d->mat_bad_ns == BH_MONO_NONE;

	if (d->mat.kind != BH_MAT_STRIPS && d->mat.kind != BH_MAT_MATRIX)
		return false;
	return is_saturated(&d->mat, frame) || is_torn(&d->mat, frame) ||
	       (is_first && is_half_scanned(&d->mat, frame));
}

void bh_intake_mat_fails(struct bh_detect *d, enum bh_fault fault, int64_t since_ns)
{
	if (d->mat_fault == BH_FAULT_NONE || d->mat_bad_ns == BH_MONO_NONE || d->unheard)
		d->mat_bad_ns = since_ns;
	d->mat_fault = fault;
	d->unheard = false;
	d->body.readable = false;
	bh_occupancy_fast(&d->occupancy, &d->body, since_ns);
	bh_features_break(&d->features);
	bh_interference_break(&d->interference);
	bh_mover_break(&d->mover);
	bh_mover_break(&d->leg_mover);
	bh_stir_break(&d->stir);
}

static enum bh_side side_of_zone(const struct bh_zone *zone)
{
	return zone->x_permille < 500	? BH_SIDE_LEFT
	       : zone->x_permille > 500 ? BH_SIDE_RIGHT
					: BH_SIDE_UNKNOWN;
}

/* The mat's fault is what the driver says, then what the signal shows. */
static void tell_mat_fault(struct bh_detect *d, int64_t now_ns)
{
	enum bh_fault fault = d->mat_fault;
	enum bh_side side = BH_SIDE_UNKNOWN;
	int64_t since_ns = now_ns;

	if (d->mat_sensor == BH_SENSOR_NONE && fault == BH_FAULT_NO_DATA)
		return;
	if (d->unheard)
		fault = BH_FAULT_NONE;
	if (fault != BH_FAULT_NONE)
		since_ns = d->mat_bad_ns;
	else if (d->mat.kind == BH_MAT_CONTACT && bh_pads_stuck(&d->pads, now_ns, &side, &since_ns))
		fault = BH_FAULT_STUCK;
	else if (d->stuck_zone.zone >= 0)
		fault = BH_FAULT_STUCK;
	else if (d->overflow_ns != BH_MONO_NONE && now_ns - d->overflow_ns < BH_OVERFLOW_NS)
		fault = BH_FAULT_OVERFLOW;
	else
		d->overflow_ns = BH_MONO_NONE;
	if (fault == BH_FAULT_NONE && d->interference.on) {
		fault = BH_FAULT_INTERFERENCE;
		if (!d->interference.told)
			since_ns = d->interference.since_ns;
		d->interference.told = true;
	} else if (fault == BH_FAULT_NONE &&
		   d->faults.at[BH_FAULT_PLACE_MAT].fault == BH_FAULT_INTERFERENCE) {
		since_ns = d->interference.gone_ns;
	}
	if (d->stuck_zone.zone >= 0 && fault == BH_FAULT_STUCK)
		side = side_of_zone(&d->mat.zone[d->stuck_zone.zone]);
	bh_faults_set(&d->faults, &d->emit, BH_FAULT_PLACE_MAT, d->mat_sensor, fault, side,
		      since_ns);
}

/* What shakes the bed shakes all of it. */
static int64_t whole_load(const struct bh_frame *frame, unsigned int n)
{
	int64_t load = 0;

	for (unsigned int i = 0; i < n; i++)
		load += frame->load[i];
	return load;
}

static void weigh(struct bh_detect *d, const struct bh_features *f, int64_t now_ns)
{
	bh_weight_take(&d->weight, f, d->features.offset, &d->body);
	/* Someone may sit on the zone that is stuck. */
	if (bh_stuck_zone_hides(&d->stuck_zone)) {
		d->body.fast_off_since_ns = BH_MONO_NONE;
		d->body.readable = !d->body.off;
	}
	bh_interference_take(&d->interference, now_ns, d->occupancy.in_bed == BH_NO && d->body.off,
			     d->mover.moving || d->leg_mover.moving, d->weight.body_load);
	if (bh_weight_zero_unsettled(&d->weight))
		bh_features_follow_empty(&d->features);
	if (!bh_weight_wrong_zero(&d->weight, now_ns))
		return;
	bh_features_set_empty(&d->features);
	bh_weight_zero_is_new(&d->weight, false);
	bh_rezero_tell(&d->rezero, d->features.empty, d->weight.body_load, BH_CALIBRATED_EVIDENCE,
		       now_ns, &d->sink);
}

void bh_intake_mat(struct bh_detect *d, const struct bh_frame *frame)
{
	struct bh_features f;
	struct bh_movement movement;
	enum bh_fault fault = frame->mat_fault;
	bool pads = d->mat.kind == BH_MAT_CONTACT, in_bed;

	d->mat_sensor = frame->mat_sensor;
	if (frame->lost > 0)
		d->overflow_ns = frame->mono_ns;
	if (fault == BH_FAULT_NONE && is_junk(d, frame))
		fault = BH_FAULT_JUNK;
	if (fault == BH_FAULT_NONE)
		bh_stuck_zone_take(&d->stuck_zone, frame->load, d->features.empty,
				   d->weight.body_load);
	/* It shows weight where nobody may be. */
	if (fault == BH_FAULT_NONE && d->stuck_zone.zone >= 0 && d->stuck_zone.loaded)
		fault = BH_FAULT_STUCK;
	if (fault != BH_FAULT_NONE) {
		bh_intake_mat_fails(d, fault, frame->mono_ns);
		return;
	}
	d->mat_fault = BH_FAULT_NONE;
	d->unheard = false;
	d->mat_lost = false;
	d->mat_ns = frame->mono_ns;
	bh_silence_heard(&d->silence, frame->mono_ns);
	if (!pads)
		bh_interference_add(&d->interference, whole_load(frame, d->mat.n_zones));
	if (!bh_features_make(&d->features, frame, &f))
		return;
	/* What stands at half its range with nobody on it answers too little to a leg. */
	if (d->features.offset)
		cannot(d, BH_CAN_LEG_MOVEMENT);
	if (pads) {
		bh_pads_take(&d->pads, frame);
		bh_pads_body(&d->pads, frame->mono_ns, &d->body);
	} else {
		weigh(d, &f, frame->mono_ns);
	}
	hide_places(d);
	in_bed = d->occupancy.in_bed == BH_YES && d->body.on;
	if (bh_mover_take(&d->mover, &f, in_bed, &movement))
		take_movement(d, &movement, pads);
	if (!pads && bh_mover_take(&d->leg_mover, &f, in_bed, &movement))
		take_shaking(d, &movement);
	if (bh_stir_can(&d->stir) &&
	    bh_stir_take(&d->stir, &d->features, &f, in_bed, d->weight.body_load, &movement))
		take_movement(d, &movement, true);
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
		if (fault == BH_FAULT_NONE && bh_leg_warmth_loose(&d->warmth, (enum bh_temp_slot)i))
			fault = BH_FAULT_DETACHED;
		if (fault == BH_FAULT_NONE && i != BH_TEMP_ROOM && d->swapped.on) {
			fault = BH_FAULT_SWAPPED;
			side = BH_SIDE_BOTH;
		}
		bh_faults_set(&d->faults, &d->emit, i, d->temp_sensor[i], fault, side, now_ns);
	}
}

/* Are the two in each other's place? Then no temperature is known to be of either leg. */
static void look_for_exchange(struct bh_detect *d, int64_t now_ns)
{
	int32_t left = d->warmth.at[BH_TEMP_LEFT].level, right = d->warmth.at[BH_TEMP_RIGHT].level;

	if (left == BH_TEMP_UNKNOWN || right == BH_TEMP_UNKNOWN)
		return;
	bh_swapped_look(&d->swapped, now_ns,
			d->occupancy.in_bed == BH_NO ? now_ns - d->occupancy.since_ns : 0,
			left - right, d->temp_excess[BH_TEMP_LEFT] - d->temp_excess[BH_TEMP_RIGHT]);
	d->warmth.swapped = d->swapped.on;
}

void bh_intake_temperatures(struct bh_detect *d, const struct bh_frame *frame)
{
	for (unsigned int i = 0; i < BH_TEMP_SLOTS; i++) {
		struct bh_temperature reading = frame->temp[i];

		if (reading.sensor == BH_SENSOR_NONE)
			continue;
		if (reading.mdegc != BH_TEMP_UNKNOWN)
			reading.mdegc -= d->temp_excess[i];
		d->temp_sensor[i] = reading.sensor;
		d->temp_fault[i] = reading.fault;
		bh_leg_warmth_take(&d->warmth, (enum bh_temp_slot)i, &reading);
	}
	look_for_exchange(d, frame->mono_ns);
}

/* Since when no sensor of the bed has anything to say, or BH_MONO_NONE: one has. */
static int64_t none_since(struct bh_detect *d, int64_t now_ns)
{
	bool has_mat = d->mat.kind != BH_MAT_NONE;

	for (unsigned int i = 0; i < BH_TEMP_SLOTS && !d->deaf; i++)
		if (d->temp_sensor[i] != BH_SENSOR_NONE && d->temp_fault[i] == BH_FAULT_NONE &&
		    d->warmth.at[i].level != BH_TEMP_UNKNOWN)
			d->temps_read_ns = now_ns;
	if (d->temps_read_ns == now_ns || (has_mat && d->mat_fault == BH_FAULT_NONE))
		return BH_MONO_NONE;
	if (has_mat && d->mat_bad_ns > d->temps_read_ns)
		return d->mat_bad_ns;
	return d->temps_read_ns;
}

void bh_intake_tell_faults(struct bh_detect *d, int64_t now_ns)
{
	tell_mat_fault(d, now_ns);
	tell_temperature_faults(d, now_ns);
	bh_gap_tell(&d->gap, &d->emit, none_since(d, now_ns));
}

void bh_intake_pass(struct bh_detect *d, int64_t now_ns)
{
	struct bh_movement movement;

	if (bh_mover_pass(&d->mover, now_ns, &movement))
		take_movement(d, &movement, true);
}
