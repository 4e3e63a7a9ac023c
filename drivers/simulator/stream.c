/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/stream.h"

#include "drivers/simulator/night.h"

#include <string.h>

/* An empty mat by day: well within the ten seconds after which the hub takes it for silent. */
#define IDLE_PERIOD_NS BH_S(5)
/* A contact mat on which nothing changes. */
#define CONTACT_PERIOD_NS BH_MIN(10)
/* The largest contact mat simulated has four. */
#define CONTACT_PADS_MAX 8
/* How often a contact mat is looked at while something moves. */
#define LOOK_NS BH_S(.1)
#define TWO_PI 6.28318530717958647693
/* A movement's force rises and falls in so many seconds. */
#define RISE_S 0.35
/* A fan shakes the bed so fast, with 60 to 200 g under each of its legs. */
#define FAN_HZ 3.1
#define FAN_LEGS 4

static int64_t grid_up(int64_t ns, int64_t period_ns)
{
	return (ns + period_ns - 1) / period_ns * period_ns;
}

static double seconds(int64_t ns)
{
	return (double)ns / (double)BH_NS_PER_S;
}

void bh_stream_init(struct bh_stream *stream, const struct bh_mat_model *model,
		    const struct bh_person *person, uint64_t seed)
{
	struct bh_random random;
	int rate_hz = bh_sim_mat_info(model->which)->rate_hz;

	memset(stream, 0, sizeof(*stream));
	stream->model = model;
	stream->person = *person;
	stream->period_ns = rate_hz ? BH_NS_PER_S / rate_hz : LOOK_NS;
	bh_random_start(&random, person->key, BH_STREAM_NOISE, 0, 0);
	/* Breathing 30 to 100 g at 0.2 to 0.3 Hz, the heart 20 to 60 g (section 6). */
	stream->breath_hz = bh_random_between(&random, .2, .3);
	stream->breath_g = bh_random_between(&random, 30, 100);
	stream->beat_hz = bh_random_between(&random, .9, 1.3);
	stream->beat_g = bh_random_between(&random, 20, 60);
	stream->fan_g = person->confounders & BH_CONFOUNDER_FAN ?
				bh_random_between(&random, 60, 200) : 0;
	bh_sensing_init(&stream->sensing, model, person, seed);
	bh_sim_warmth_init(&stream->warmth, &stream->person, seed);
	stream->told_ns = -CONTACT_PERIOD_NS;
}

static const struct bh_phase *phase_now(const struct bh_stream *stream)
{
	return &stream->plan->phase[stream->phase];
}

static void enter_phase(struct bh_stream *stream, size_t i)
{
	const struct bh_phase *phase = &stream->plan->phase[i];
	struct bh_pose trunk = { 0 };
	double weight = 0;

	stream->phase = i;
	memcpy(stream->from, stream->load, sizeof(float) * stream->model->mat->n_zones);
	bh_pose_draw(&stream->person, phase, &stream->pose);
	bh_mat_model_load(stream->model, &stream->pose, stream->to);
	bh_sensing_settle(&stream->sensing, phase->shape, phase->start_ns, stream->to);
	stream->blending = true;
	for (size_t j = 0; j < stream->pose.n; j++) {
		if (stream->pose.patch[j].segment != BH_SEGMENT_TRUNK)
			continue;
		trunk.patch[trunk.n++] = stream->pose.patch[j];
		weight += stream->pose.patch[j].weight;
	}
	for (size_t j = 0; j < trunk.n; j++)
		trunk.patch[j].weight /= weight;
	bh_mat_model_load(stream->model, &trunk, stream->trunk);
}

void bh_stream_night(struct bh_stream *stream, const struct bh_plan *plan,
		     const struct bh_person *person)
{
	stream->plan = plan;
	stream->person = *person;
	stream->movement = 0;
	stream->n_active = 0;
	enter_phase(stream, 0);
}

/* A patch of one gram somewhere: where a partner or a cat bears on the bed. */
static struct bh_patch somewhere(struct bh_random *random, double x, double radius)
{
	return (struct bh_patch){
		.x = x,
		.y = bh_random_between(random, .5, 1.8),
		.radius = radius,
		.weight = 1,
	};
}

static bool moves_with(enum bh_segment segment, const struct bh_movement *movement)
{
	switch (segment) {
	case BH_SEGMENT_CALF_LEFT:
		return movement->side != BH_SIDE_RIGHT;
	case BH_SEGMENT_CALF_RIGHT:
		return movement->side != BH_SIDE_LEFT;
	case BH_SEGMENT_HEAD:
	case BH_SEGMENT_TRUNK:
	case BH_SEGMENT_ARMS:
	case BH_SEGMENT_THIGH_LEFT:
	case BH_SEGMENT_THIGH_RIGHT:
		break;
	}
	return movement->kind == BH_MOVE_BODY;
}

/* The change of load when the moving segments shift by some centimetres and push with the force of
 * the movement, seven tenths of it where they lie and the rest where the trunk takes it up. */
static void body_delta(const struct bh_stream *stream, const struct bh_movement *movement,
		       struct bh_random *random, float *delta)
{
	double far_m = movement->kind == BH_MOVE_BODY ? .05 : .015 + (double)movement->force_g * 1e-4;
	double angle = bh_random_uniform(random) * TWO_PI;
	double dx = far_m * bh_sin(angle), dy = far_m * bh_sin(angle + TWO_PI / 4);
	double lift = bh_random_uniform(random), weight = 0;
	size_t moving = 0;

	for (size_t i = 0; i < stream->pose.n; i++) {
		if (!moves_with(stream->pose.patch[i].segment, movement))
			continue;
		weight += stream->pose.patch[i].weight;
		moving++;
	}
	if (moving == 0)
		return;
	/* What is lifted goes to the trunk for a moment: as much as the movement's force, but the
	 * switch of a contact pad has only a small spot to be lifted from. */
	if (stream->model->mat->kind == BH_MAT_CONTACT)
		lift *= movement->kind == BH_MOVE_BODY ? .3 : .8;
	else
		lift *= weight > 0 ? movement->force_g / weight : 0;
	for (size_t i = 0; i < stream->pose.n; i++) {
		struct bh_patch patch = stream->pose.patch[i];

		if (!moves_with(patch.segment, movement))
			continue;
		patch.weight = -patch.weight;
		bh_mat_model_add(stream->model, &patch, delta);
		patch.x += dx;
		patch.y += dy;
		patch.weight = -patch.weight * (1 - lift) + .7 * movement->force_g / (double)moving;
		bh_mat_model_add(stream->model, &patch, delta);
	}
	for (int i = 0; i < stream->model->mat->n_zones; i++)
		delta[i] += (float)(.3 * movement->force_g + lift * weight) * stream->trunk[i];
}

static void activate(struct bh_stream *stream, const struct bh_movement *movement)
{
	struct bh_active *active = &stream->active[stream->n_active];
	struct bh_random random;
	struct bh_patch patch;

	if (stream->n_active == BH_ACTIVE_MAX)
		return;
	bh_random_start(&random, stream->person.key, BH_STREAM_SHAPE, movement->shape, 2);
	active->movement = movement;
	active->phase = bh_random_uniform(&random) * TWO_PI;
	active->rate_hz = movement->kind == BH_MOVE_BODY ? bh_random_between(&random, .4, 1.1) :
							   bh_random_between(&random, 1, 2.5);
	memset(active->delta, 0, sizeof(float) * stream->model->mat->n_zones);
	switch (movement->kind) {
	case BH_MOVE_LEG:
	case BH_MOVE_JOLT:
	case BH_MOVE_BODY:
		if (phase_now(stream)->body == BH_BODY_OUT)
			return;
		body_delta(stream, movement, &random, active->delta);
		break;
	case BH_MOVE_PARTNER:
		patch = somewhere(&random, stream->person.edge_side == BH_SIDE_LEFT ?
						   BH_BED_WIDTH_M - .05 : .05, .2);
		patch.weight = movement->force_g;
		bh_mat_model_add(stream->model, &patch, active->delta);
		break;
	case BH_MOVE_PET:
		patch = somewhere(&random, bh_random_between(&random, .1, BH_BED_WIDTH_M - .1), .06);
		patch.weight = movement->force_g;
		bh_mat_model_add(stream->model, &patch, active->delta);
		break;
	}
	stream->n_active++;
}

static double smooth(double u)
{
	return u <= 0 ? 0 : u >= 1 ? 1 : u * u * u * (10 - u * (15 - 6 * u));
}

/* How strong a movement is at one moment: minimum-jerk rise and fall, swinging in between. */
static float swing(const struct bh_active *active, int64_t now_ns)
{
	const struct bh_movement *movement = active->movement;
	double since = seconds(now_ns - movement->start_ns), left = seconds(movement->end_ns - now_ns);
	double rise = RISE_S, envelope, turn;

	if (since + left < 2 * rise)
		rise = (since + left) / 2;
	envelope = smooth((since < left ? since : left) / rise);
	turn = bh_sin(TWO_PI * active->rate_hz * since + active->phase);
	switch (movement->kind) {
	case BH_MOVE_LEG:
		return (float)(envelope * (.6 + .4 * turn));
	case BH_MOVE_JOLT:
	case BH_MOVE_BODY:
	case BH_MOVE_PARTNER:
		return (float)(envelope * (.3 + .7 * turn));
	case BH_MOVE_PET:
		return (float)(envelope * (.97 + .03 * turn));
	}
	return 0;
}

/* Bring phases and movements up to now. Returns whether anything is under way. */
static bool catch_up(struct bh_stream *stream, int64_t now_ns)
{
	const struct bh_plan *plan = stream->plan;

	while (stream->phase + 1 < plan->n_phases && plan->phase[stream->phase + 1].start_ns <= now_ns)
		enter_phase(stream, stream->phase + 1);
	for (size_t i = 0; i < stream->n_active;) {
		if (stream->active[i].movement->end_ns > now_ns) {
			i++;
			continue;
		}
		stream->n_active--;
		if (i < stream->n_active)
			stream->active[i] = stream->active[stream->n_active];
	}
	while (stream->movement < plan->n_movements &&
	       plan->movement[stream->movement].start_ns <= now_ns) {
		const struct bh_movement *movement = &plan->movement[stream->movement++];

		if (movement->end_ns > now_ns)
			activate(stream, movement);
	}
	return stream->blending || stream->n_active > 0;
}

/* The grams on every zone now. */
static void weigh(struct bh_stream *stream, int64_t now_ns)
{
	const struct bh_phase *phase = phase_now(stream);
	int n = stream->model->mat->n_zones;
	float *load = stream->load;

	if (stream->blending) {
		double u = phase->blend_ns > 0 ?
				   seconds(now_ns - phase->start_ns) / seconds(phase->blend_ns) : 1;
		float share = (float)smooth(u);

		for (int i = 0; i < n; i++)
			load[i] = stream->from[i] + share * (stream->to[i] - stream->from[i]);
		stream->blending = u < 1;
	} else {
		memcpy(load, stream->to, sizeof(float) * (size_t)n);
	}
}

/* What swings on top of it, into @p sum. */
static void shake(struct bh_stream *stream, int64_t now_ns, float *sum)
{
	int n = stream->model->mat->n_zones;
	double t = seconds(now_ns - stream->plan->start_ns);

	memcpy(sum, stream->load, sizeof(float) * (size_t)n);
	for (size_t k = 0; k < stream->n_active; k++) {
		const float *delta = stream->active[k].delta;
		float share = swing(&stream->active[k], now_ns);

		for (int i = 0; i < n; i++)
			sum[i] += share * delta[i];
	}
	if (phase_now(stream)->body != BH_BODY_OUT) {
		float g = (float)(stream->breath_g * bh_sin(TWO_PI * stream->breath_hz * t) +
				  stream->beat_g * bh_sin(TWO_PI * stream->beat_hz * t));

		for (int i = 0; i < n; i++)
			sum[i] += g * stream->trunk[i];
	}
	if (stream->fan_g > 0) {
		/* As much in all as under four bed legs. */
		float g = (float)(stream->fan_g * FAN_LEGS / n * bh_sin(TWO_PI * FAN_HZ * t));

		for (int i = 0; i < n; i++)
			sum[i] += g;
	}
	for (int i = 0; i < n; i++)
		sum[i] = sum[i] < 0 && stream->model->mat->kind != BH_MAT_LOAD_CELLS ? 0 : sum[i];
}

/* When the mat is looked at next. */
static int64_t next_look(const struct bh_stream *stream, int64_t now_ns, bool busy)
{
	const struct bh_plan *plan = stream->plan;
	int64_t from = plan->bed_ns - BH_ATTEND_NS, to = plan->rise_ns + BH_ATTEND_NS, next;

	if (stream->model->mat->kind != BH_MAT_CONTACT) {
		if (now_ns >= from && now_ns < to)
			return now_ns + stream->period_ns;
		next = grid_up(now_ns + 1, IDLE_PERIOD_NS);
		return now_ns < from && next > from ? grid_up(from, stream->period_ns) : next;
	}
	if (busy)
		return now_ns + LOOK_NS;
	next = stream->told_ns + CONTACT_PERIOD_NS;
	if (stream->phase + 1 < plan->n_phases && plan->phase[stream->phase + 1].start_ns < next)
		next = plan->phase[stream->phase + 1].start_ns;
	if (stream->movement < plan->n_movements && plan->movement[stream->movement].start_ns < next)
		next = plan->movement[stream->movement].start_ns;
	return grid_up(next > now_ns ? next : now_ns + 1, LOOK_NS);
}

/* One look at the mat. Returns whether it has something to say. */
static bool look(struct bh_stream *stream, int64_t now_ns, struct bh_frame *frame)
{
	bool contact = stream->model->mat->kind == BH_MAT_CONTACT;
	int32_t before[CONTACT_PADS_MAX];
	bool busy = catch_up(stream, now_ns);
	float sum[BH_ZONES_MAX];
	size_t n = stream->model->mat->n_zones;

	weigh(stream, now_ns);
	shake(stream, now_ns, sum);
	stream->mat_ns = next_look(stream, now_ns, busy);
	if (contact)
		memcpy(before, frame->load, sizeof(int32_t) * n);
	if (!bh_sensing_read(&stream->sensing, sum, now_ns, stream->warmth.room, frame->load))
		return false;
	if (contact && frame->mat_fault == BH_FAULT_NONE &&
	    now_ns < stream->told_ns + CONTACT_PERIOD_NS &&
	    memcmp(before, frame->load, sizeof(int32_t) * n) == 0)
		return false;
	stream->told_ns = now_ns;
	stream->mat_ns = next_look(stream, now_ns, busy);
	frame->changed |= BH_PART_MAT;
	frame->mat_fault = BH_FAULT_NONE;
	return true;
}

static void feel(struct bh_stream *stream, int64_t now_ns, struct bh_frame *frame)
{
	bh_warmth_step(&stream->warmth, stream->plan, bh_phase_at(stream->plan, now_ns), now_ns,
		       frame->temp);
	stream->temp_ns += BH_TEMP_PERIOD_NS;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		if (frame->temp[i].mono_ns == now_ns)
			frame->changed |= BH_PART_TEMPERATURE;
	}
}

/* The gap that holds @p now_ns, or NULL. */
static const struct bh_gap *gap_at(const struct bh_plan *plan, int64_t now_ns)
{
	for (size_t i = 0; i < plan->n_gaps; i++) {
		if (now_ns >= plan->gap[i].start_ns && now_ns < plan->gap[i].end_ns)
			return &plan->gap[i];
	}
	return NULL;
}

/* The hub is off: the world goes on. What a history shows of it is a device that was not there. */
static void skip(struct bh_stream *stream, const struct bh_gap *gap, int64_t now_ns,
		 struct bh_frame *frame)
{
	struct bh_temperature unread[BH_TEMP_SLOTS];

	while (stream->temp_ns < gap->end_ns) {
		memcpy(unread, frame->temp, sizeof(unread));
		bh_warmth_step(&stream->warmth, stream->plan,
			       bh_phase_at(stream->plan, stream->temp_ns), stream->temp_ns, unread);
		stream->temp_ns += BH_TEMP_PERIOD_NS;
	}
	stream->mat_ns = grid_up(gap->end_ns, stream->period_ns);
	frame->mono_ns = now_ns;
	frame->changed = BH_PART_MAT | BH_PART_TEMPERATURE;
	frame->mat_fault = BH_FAULT_GONE;
	for (int i = 0; i < BH_TEMP_SLOTS; i++) {
		frame->temp[i].mono_ns = now_ns;
		frame->temp[i].mdegc = BH_TEMP_UNKNOWN;
		frame->temp[i].fault = BH_FAULT_GONE;
	}
}

int bh_stream_frame(struct bh_stream *stream, struct bh_frame *frame)
{
	for (;;) {
		int64_t now = stream->mat_ns < stream->temp_ns ? stream->mat_ns : stream->temp_ns;
		const struct bh_gap *gap;

		if (now >= stream->plan->end_ns)
			return 0;
		gap = gap_at(stream->plan, now);
		if (gap) {
			skip(stream, gap, now, frame);
			return 1;
		}
		frame->changed = 0;
		if (stream->temp_ns == now)
			feel(stream, now, frame);
		if (stream->mat_ns == now)
			look(stream, now, frame);
		if (frame->changed) {
			frame->mono_ns = now;
			return 1;
		}
	}
}
