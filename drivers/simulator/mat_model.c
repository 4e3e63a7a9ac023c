/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/mat_model.h"

#include <stdio.h>
#include <string.h>

#define PERMILLE 1000
/* The bed legs stand this far inside the frame. */
#define CELL_INSET_M 0.05
/* A patch ends where its weight is below a hundredth of the peak. */
#define REACH 2.2

struct pad {
	const char *name;
	uint8_t places;
	double x0, x1, y0, y1;
};

/* The pad in the middle is narrow enough that who sits on the edge does not touch it. */
static const struct pad contact_pads[] = {
	{ "trunk", BH_AT_TRUNK, .28, .67, .45, 1.10 },
	{ "legs", BH_AT_LEGS, .15, .80, 1.25, 1.90 },
	{ "edge_left", BH_AT_EDGE_LEFT, 0, .19, .50, 1.50 },
	{ "edge_right", BH_AT_EDGE_RIGHT, .76, .95, .50, 1.50 },
};

static const struct pad contact_two[] = {
	{ "trunk", BH_AT_TRUNK, 0, .95, .45, 1.10 },
	{ "legs", BH_AT_LEGS, .10, .85, 1.25, 1.90 },
};

static const struct pad strips[] = {
	{ "shoulders_left", BH_AT_HEAD | BH_AT_TRUNK, 0, .475, .05, .50 },
	{ "shoulders_right", BH_AT_HEAD | BH_AT_TRUNK, .475, .95, .05, .50 },
	{ "hips_left", BH_AT_TRUNK, 0, .475, .50, 1.05 },
	{ "hips_right", BH_AT_TRUNK, .475, .95, .50, 1.05 },
	{ "thighs_left", BH_AT_TRUNK | BH_AT_LEGS, 0, .475, 1.05, 1.35 },
	{ "thighs_right", BH_AT_TRUNK | BH_AT_LEGS, .475, .95, 1.05, 1.35 },
	{ "calves_left", BH_AT_LEGS, 0, .475, 1.35, 1.95 },
	{ "calves_right", BH_AT_LEGS, .475, .95, 1.35, 1.95 },
};

static const struct pad cells[] = {
	{ "head_left", BH_AT_HEAD, CELL_INSET_M, CELL_INSET_M, CELL_INSET_M, CELL_INSET_M },
	{ "head_right", BH_AT_HEAD, .90, .90, CELL_INSET_M, CELL_INSET_M },
	{ "foot_left", BH_AT_LEGS, CELL_INSET_M, CELL_INSET_M, 1.95, 1.95 },
	{ "foot_right", BH_AT_LEGS, .90, .90, 1.95, 1.95 },
};

static void set_pads(struct bh_mat_model *model, struct bh_mat *mat, const struct pad *pads, int n)
{
	for (int i = 0; i < n; i++) {
		struct bh_zone *zone = &mat->zone[i];
		double x = (pads[i].x0 + pads[i].x1) / 2, y = (pads[i].y0 + pads[i].y1) / 2;

		snprintf(zone->name, sizeof(zone->name), "%s", pads[i].name);
		zone->places = pads[i].places;
		zone->x_permille = (int16_t)(x / BH_BED_WIDTH_M * PERMILLE + .5);
		zone->y_permille = (int16_t)(y / BH_BED_LENGTH_M * PERMILLE + .5);
		model->x0[i] = pads[i].x0;
		model->x1[i] = pads[i].x1;
		model->y0[i] = pads[i].y0;
		model->y1[i] = pads[i].y1;
	}
	mat->n_zones = (uint16_t)n;
}

/* Columns and rows of a grid; the zones themselves are laid out as a capture lays out a matrix. */
static void set_grid(struct bh_mat_model *model, struct bh_mat *mat, int rows, int cols)
{
	bh_mat_lay_out_matrix(mat, (uint16_t)rows, (uint16_t)cols);
	for (int c = 0; c < cols; c++) {
		model->x0[c] = BH_BED_WIDTH_M * c / cols;
		model->x1[c] = BH_BED_WIDTH_M * (c + 1) / cols;
	}
	for (int r = 0; r < rows; r++) {
		model->y0[r] = BH_BED_LENGTH_M * r / rows;
		model->y1[r] = BH_BED_LENGTH_M * (r + 1) / rows;
	}
}

#define N(array) (int)(sizeof(array) / sizeof((array)[0]))

void bh_mat_model_init(struct bh_mat_model *model, enum bh_sim_mat which, struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = bh_sim_mat_info(which)->kind;
	model->which = which;
	model->mat = mat;
	model->spread_m = 0;
	switch (which) {
	case BH_SIM_MAT_CONTACT:
		set_pads(model, mat, contact_pads, N(contact_pads));
		break;
	case BH_SIM_MAT_CONTACT_TWO:
		set_pads(model, mat, contact_two, N(contact_two));
		break;
	case BH_SIM_MAT_STRIPS:
		set_pads(model, mat, strips, N(strips));
		break;
	case BH_SIM_MAT_ZONES:
		set_grid(model, mat, 4, 4);
		break;
	case BH_SIM_MAT_SHEET:
		set_grid(model, mat, 12, 6);
		mat->under_mattress = true;
		model->spread_m = .08;
		break;
	case BH_SIM_MAT_MATRIX:
		set_grid(model, mat, 64, 32);
		break;
	case BH_SIM_MAT_CELLS:
	case BH_SIM_MAT_CELLS_FAST:
		set_pads(model, mat, cells, N(cells));
		break;
	case BH_SIM_MAT_END:
		break;
	}
}

/* The share of a patch's weight that lies on the near side of a line at distance d. */
static double beyond(double d, double reach)
{
	double u = d / (2 * reach) + .5;

	return u <= 0 ? 0 : u >= 1 ? 1 : u * u * (3 - 2 * u);
}

static void add_to_cells(const struct bh_mat_model *model, const struct bh_patch *patch, float *load)
{
	double u = (patch->x - model->x0[0]) / (model->x0[1] - model->x0[0]);
	double v = (patch->y - model->y0[0]) / (model->y0[2] - model->y0[0]);

	load[0] += (float)(patch->weight * (1 - u) * (1 - v));
	load[1] += (float)(patch->weight * u * (1 - v));
	load[2] += (float)(patch->weight * (1 - u) * v);
	load[3] += (float)(patch->weight * u * v);
}

static void add_to_grid(const struct bh_mat_model *model, const struct bh_patch *patch, double reach,
			float *load)
{
	int rows = model->mat->rows, cols = model->mat->cols;
	double across[64];

	for (int c = 0; c < cols; c++)
		across[c] = beyond(model->x1[c] - patch->x, reach) -
			    beyond(model->x0[c] - patch->x, reach);
	for (int r = 0; r < rows; r++) {
		double along = patch->weight * (beyond(model->y1[r] - patch->y, reach) -
						beyond(model->y0[r] - patch->y, reach));

		if (along <= 0)
			continue;
		for (int c = 0; c < cols; c++)
			load[r * cols + c] += (float)(along * across[c]);
	}
}

void bh_mat_model_add(const struct bh_mat_model *model, const struct bh_patch *patch, float *load)
{
	double reach = REACH * __builtin_sqrt(patch->radius * patch->radius +
					      model->spread_m * model->spread_m);

	if (model->mat->kind == BH_MAT_LOAD_CELLS) {
		add_to_cells(model, patch, load);
		return;
	}
	if (model->mat->kind == BH_MAT_MATRIX) {
		add_to_grid(model, patch, reach, load);
		return;
	}
	for (int i = 0; i < model->mat->n_zones; i++) {
		double across = beyond(model->x1[i] - patch->x, reach) -
				beyond(model->x0[i] - patch->x, reach);
		double along = beyond(model->y1[i] - patch->y, reach) -
			       beyond(model->y0[i] - patch->y, reach);

		load[i] += (float)(patch->weight * across * along);
	}
}

void bh_mat_model_load(const struct bh_mat_model *model, const struct bh_pose *pose, float *ret)
{
	memset(ret, 0, sizeof(*ret) * model->mat->n_zones);
	for (size_t i = 0; i < pose->n; i++)
		bh_mat_model_add(model, &pose->patch[i], ret);
}
