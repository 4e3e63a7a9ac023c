/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/sensing.h"

#include "drivers/simulator/night.h"

#include <string.h>

/* Grams of a zone at full scale. */
#define STRIP_SPAN_G 45000.0f
#define ZONE_SPAN_G 40000.0f
#define CELL_SPAN_G 800.0f
/* An under-mattress sheet answers 158 to 266 counts in all to a man of 96 kg, 5 to 12 a cell, on 482
 * of 1,023 when empty (PoPu). Calibration has taken the empty bed away and made 64 counts full. */
#define SHEET_COUNTS_PER_G 0.0023f
#define SHEET_PERMILLE (1000.0f / 64.0f)
/* In a tenth of its readings one cell jumps by 50 to 75 counts. */
#define SHEET_JUMPS 0.1
#define SHEET_JUMP_COUNTS 50
#define SHEET_JUMP_SPREAD 26
/* Force sensing resistors repeat a load to 12 to 16 percent (science.md section 6). */
#define REPEATABILITY 0.13
/* They creep: 3 to 8 percent in the first hour, ever more slowly. */
#define CREEP 0.08f
#define CREEP_H 0.5
/* Below this a matrix cell reads nothing. */
#define CELL_DEAD_PERMILLE 10.0f
/* A pad closes under so much at least. */
#define PAD_G 2500.0f
#define OPENS_AT 0.9f
#define LOAD_CELL_DEGC_G 12.0
#define LOAD_CELL_SPIKE_G (-50000)
/* The hub calls a mat in use silent after so long (hub/detect/silence.c). */
#define SILENT_FAULT_NS BH_S(5)
/* Two spikes a night at 10 Hz. */
#define SPIKE_CHANCE (2.0 / (8 * 3600 * 10))

static uint64_t next_noise(struct bh_sensing *sensing)
{
	uint64_t x = sensing->noise;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	sensing->noise = x;
	return x * UINT64_C(0x2545f4914f6cdd1d);
}

/* Six normal numbers from one word of noise. */
static void add_noise(struct bh_sensing *sensing, float *value, int n, float sd)
{
	uint64_t bits = 0;

	for (int i = 0; i < n; i++) {
		if (i % 6 == 0)
			bits = next_noise(sensing) >> 4;
		value[i] += sd * sensing->table[bits & (BH_NOISE_TABLE - 1)];
		bits >>= 10;
	}
}

static bool is_cells(const struct bh_sensing *sensing)
{
	return sensing->model->mat->kind == BH_MAT_LOAD_CELLS;
}

/* Permille of a gram, before gain. */
static float scale_of(enum bh_sim_mat which)
{
	switch (which) {
	case BH_SIM_MAT_STRIPS:
		return 1000.0f / STRIP_SPAN_G;
	case BH_SIM_MAT_ZONES:
		return 1000.0f / ZONE_SPAN_G;
	case BH_SIM_MAT_MATRIX:
		return 1000.0f / CELL_SPAN_G;
	case BH_SIM_MAT_SHEET:
		return SHEET_COUNTS_PER_G * SHEET_PERMILLE;
	case BH_SIM_MAT_CELLS:
	case BH_SIM_MAT_CELLS_FAST:
	case BH_SIM_MAT_CONTACT:
	case BH_SIM_MAT_CONTACT_TWO:
	case BH_SIM_MAT_END:
		break;
	}
	return 1;
}

static float noise_of(enum bh_sim_mat which, struct bh_random *random)
{
	switch (which) {
	case BH_SIM_MAT_CELLS:
	case BH_SIM_MAT_CELLS_FAST: /* 3 to 20 g */
		return (float)(3 * bh_exp(bh_random_between(random, 0, 1.897)));
	case BH_SIM_MAT_STRIPS:
	case BH_SIM_MAT_ZONES:
		return .5f;
	case BH_SIM_MAT_SHEET: /* plus or minus two counts */
		return SHEET_PERMILLE;
	case BH_SIM_MAT_MATRIX:
		return 3;
	case BH_SIM_MAT_CONTACT:
	case BH_SIM_MAT_CONTACT_TWO:
	case BH_SIM_MAT_END:
		break;
	}
	return 0;
}

void bh_sensing_init(struct bh_sensing *sensing, const struct bh_mat_model *model,
		     const struct bh_person *person, uint64_t seed)
{
	struct bh_random random;
	float scale = scale_of(model->which);

	memset(sensing, 0, sizeof(*sensing));
	sensing->model = model;
	sensing->person = person;
	sensing->table = bh_noise_table();
	bh_random_start(&random, seed, BH_STREAM_SENSOR, model->which, 0);
	sensing->noise = bh_random_bits(&random) | 1;
	sensing->noise_sd = noise_of(model->which, &random);
	for (int i = 0; i < model->mat->n_zones; i++) {
		sensing->gain[i] = scale * (float)bh_random_normal_in(&random, 1, .08, .7, 1.3);
		if (is_cells(sensing)) {
			sensing->gain[i] = 1; /* calibrated, empty; what is left is an offset */
			sensing->offset[i] = (float)bh_random_normal(&random, 0, 300);
		}
		if (model->which == BH_SIM_MAT_SHEET) /* the empty bed was a count off */
			sensing->offset[i] = (float)bh_random_normal(&random, 0, .5) * SHEET_PERMILLE;
	}
	if (model->which == BH_SIM_MAT_SHEET) { /* one cell of a sheet is broken from the start */
		int broken = (int)(bh_random_uniform(&random) * model->mat->n_zones);

		sensing->gain[broken] = 0;
	}
}

/* Pads do not feel a fan; in a matrix and under a mattress it is less than what the zones can tell. */
static bool feels_fan(enum bh_sim_mat which)
{
	switch (which) {
	case BH_SIM_MAT_STRIPS:
	case BH_SIM_MAT_ZONES:
	case BH_SIM_MAT_CELLS:
	case BH_SIM_MAT_CELLS_FAST:
		return true;
	case BH_SIM_MAT_SHEET:
	case BH_SIM_MAT_MATRIX:
	case BH_SIM_MAT_CONTACT:
	case BH_SIM_MAT_CONTACT_TWO:
	case BH_SIM_MAT_END:
		break;
	}
	return false;
}

void bh_sensing_draw(const struct bh_mat_model *model, const struct bh_person *person, int nights,
		     struct bh_plan *plan, struct bh_sensing_tonight *ret)
{
	struct bh_random random;
	bool contact = model->mat->kind == BH_MAT_CONTACT;
	int64_t at;

	bh_random_start(&random, person->key, BH_STREAM_SENSOR, (uint64_t)plan->night, 1);
	ret->stuck_zone = (int)(bh_random_uniform(&random) * model->mat->n_zones);
	ret->stuck = (struct bh_gap){ plan->rise_ns, plan->rise_ns };
	if (contact && bh_random_chance(&random, .01)) /* a pad in a hundred nights sticks */
		ret->stuck.end_ns = plan->end_ns;
	at = plan->bed_ns + BH_MIN(bh_random_between(&random, 5, 400));
	ret->silent = (struct bh_gap){ at, at };
	/* Load cells lose their amplifier, converters their bus, for up to half a minute. */
	if (!contact && bh_random_chance(&random, model->mat->kind == BH_MAT_LOAD_CELLS ? .3 : .1))
		ret->silent.end_ns = at + BH_S(bh_random_between(&random, 1, 30));
	if (ret->silent.end_ns - at > SILENT_FAULT_NS)
		bh_plan_add_fault(plan, BH_SIDE_UNKNOWN, BH_FAULT_SILENT, at, ret->silent.end_ns);
	/* It runs on from when the mat is first read fast enough to feel it. */
	if ((person->confounders & BH_CONFOUNDER_FAN) && feels_fan(model->which))
		bh_plan_add_fault(plan, BH_SIDE_UNKNOWN, BH_FAULT_INTERFERENCE,
				  plan->night == 0 ? plan->bed_ns - BH_ATTEND_NS : plan->start_ns,
				  plan->end_ns);
	if ((person->confounders & BH_CONFOUNDER_DEAD_ZONE) && plan->night >= nights / 3) {
		bh_random_start(&random, person->key, BH_STREAM_SENSOR, 0, 2);
		ret->stuck_zone = (int)(bh_random_uniform(&random) * model->mat->n_zones);
		ret->stuck = (struct bh_gap){ plan->start_ns, plan->end_ns };
	}
	if (ret->stuck.end_ns > ret->stuck.start_ns)
		bh_plan_add_fault(plan, BH_SIDE_UNKNOWN, BH_FAULT_STUCK, ret->stuck.start_ns,
				  ret->stuck.end_ns);
}

void bh_sensing_settle(struct bh_sensing *sensing, uint32_t shape, int64_t now_ns, float *load)
{
	enum bh_mat_kind kind = sensing->model->mat->kind;
	struct bh_random random;

	bh_random_start(&random, sensing->person->key, BH_STREAM_SHAPE, shape, 1);
	sensing->settled_ns = now_ns;
	for (int i = 0; i < sensing->model->mat->n_zones; i++) {
		if (kind == BH_MAT_CONTACT) {
			/* A switch closes where the body presses it most; how much less would open it
			 * is chance. */
			float margin = load[i] * (float)bh_random_between(&random, .45, .95);

			sensing->margin[i] = margin > PAD_G ? margin : PAD_G;
		} else if (kind != BH_MAT_LOAD_CELLS) {
			load[i] *= (float)bh_random_normal_in(&random, 1, REPEATABILITY, .5, 1.5);
		}
	}
}

static void read_pads(struct bh_sensing *sensing, const float *load, int32_t *ret)
{
	for (int i = 0; i < sensing->model->mat->n_zones; i++) {
		float margin = sensing->margin[i];

		sensing->closed[i] = load[i] > (sensing->closed[i] ? margin * OPENS_AT : margin);
		ret[i] = sensing->closed[i] ? BH_LOAD_FULL : 0;
	}
}

static int32_t whole(float value)
{
	return (int32_t)(value < 0 ? value - .5f : value + .5f);
}

static void read_permille(struct bh_sensing *sensing, const float *load, int64_t now_ns, int32_t *ret)
{
	int n = sensing->model->mat->n_zones;
	bool matrix = sensing->model->which == BH_SIM_MAT_MATRIX;
	double hours = (double)(now_ns - sensing->settled_ns) / (double)BH_H(1);
	float creep = 1 + CREEP * (float)(hours / (hours + CREEP_H));
	float value[BH_ZONES_MAX];

	if (sensing->model->which == BH_SIM_MAT_SHEET)
		creep = 1;
	for (int i = 0; i < n; i++)
		value[i] = load[i] * sensing->gain[i] * creep + sensing->offset[i];
	add_noise(sensing, value, n, sensing->noise_sd);
	for (int i = 0; i < n; i++) {
		float v = matrix && value[i] < CELL_DEAD_PERMILLE ? 0 : value[i];

		v = v < 0 ? 0 : v > BH_LOAD_FULL ? BH_LOAD_FULL : v;
		ret[i] = (int32_t)(v + .5f);
	}
	if (sensing->model->which == BH_SIM_MAT_SHEET) {
		uint64_t bits = next_noise(sensing);

		if ((bits & 1023) < (uint64_t)(SHEET_JUMPS * 1024)) {
			int32_t counts = SHEET_JUMP_COUNTS + (int32_t)((bits >> 32) % SHEET_JUMP_SPREAD);
			int32_t *cell = &ret[(bits >> 10) % (unsigned int)n];

			*cell += (int32_t)((float)counts * SHEET_PERMILLE);
			*cell = *cell > BH_LOAD_FULL ? BH_LOAD_FULL : *cell;
		}
	}
}

static void read_cells(struct bh_sensing *sensing, const float *load, double room_degc, int32_t *ret)
{
	int n = sensing->model->mat->n_zones;
	float value[BH_ZONES_MAX];
	float drift = (float)((room_degc - 18.5) * LOAD_CELL_DEGC_G);

	for (int i = 0; i < n; i++)
		value[i] = load[i] + sensing->offset[i] + drift;
	add_noise(sensing, value, n, sensing->noise_sd);
	for (int i = 0; i < n; i++)
		ret[i] = whole(value[i]);
	if ((double)(next_noise(sensing) >> 11) * 0x1p-53 < SPIKE_CHANCE)
		ret[next_noise(sensing) % (unsigned int)n] = LOAD_CELL_SPIKE_G;
}

bool bh_sensing_read(struct bh_sensing *sensing, const float *load, int64_t now_ns, double room_degc,
		     int32_t *ret)
{
	const struct bh_sensing_tonight *tonight = &sensing->tonight;
	int32_t before = ret[tonight->stuck_zone];

	if (now_ns >= tonight->silent.start_ns && now_ns < tonight->silent.end_ns)
		return false;
	switch (sensing->model->mat->kind) {
	case BH_MAT_CONTACT:
		read_pads(sensing, load, ret);
		before = BH_LOAD_FULL;
		break;
	case BH_MAT_LOAD_CELLS:
		read_cells(sensing, load, room_degc, ret);
		break;
	case BH_MAT_STRIPS:
	case BH_MAT_MATRIX:
		read_permille(sensing, load, now_ns, ret);
		break;
	case BH_MAT_NONE:
		break;
	}
	if (now_ns >= tonight->stuck.start_ns && now_ns < tonight->stuck.end_ns)
		ret[tonight->stuck_zone] = before;
	return true;
}
