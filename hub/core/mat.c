/* SPDX-License-Identifier: MIT */
#include "hub/core/mat.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Fewer cells than one under each bed leg give no centre of pressure in two directions. */
#define CELLS_FOR_CENTRE 4
/* A posture needs a picture of the body: 4 x 4 zones are the coarsest that were tried. Of people left
 * out of the fit 64 zones tell 99 % of the frames, 32 zones 94 %, 16 zones 92 %
 * (tests/accuracy/pressure_map). */
#define SIDE_FOR_POSTURE 4

static const char *const kind_names[] = {
	[BH_MAT_NONE] = "none",	    [BH_MAT_CONTACT] = "contact",	[BH_MAT_STRIPS] = "strips",
	[BH_MAT_MATRIX] = "matrix", [BH_MAT_LOAD_CELLS] = "load_cells",
};

#define N_KINDS (sizeof(kind_names) / sizeof(kind_names[0]))

/* In the order of the bits BH_AT_*. */
static const char *const place_names[] = { "head", "trunk", "legs", "edge_left", "edge_right" };

#define N_PLACES (sizeof(place_names) / sizeof(place_names[0]))

/* In the order of the bits BH_CAN_*. */
static const struct capability {
	const char *name;
	const char *text;
	/* What a person can do for it where the bed has the sensors, and how; NULL: nothing. */
	uint32_t sensors;
	const char *remedy;
	const char *command;
} capabilities[] = {
	{ .name = "occupancy", .text = "whether someone is in bed" },
	{ .name = "movement", .text = "movement in bed" },
	{ .name = "edge", .text = "sitting on the edge from lying" },
	{ .name = "legs", .text = "whether the legs are on the mat" },
	{ .name = "side", .text = "left from right" },
	{ .name = "load", .text = "how much weight lies where" },
	{ .name = "posture", .text = "how someone lies" },
	{ .name = "leg_movement", .text = "movements of the legs" },
	{ .name = "temp_left", .text = "the temperature of the left leg" },
	{ .name = "temp_right", .text = "the temperature of the right leg" },
	{ .name = "temp_room", .text = "the temperature of the room" },
	{ .name = "temp_absolute",
	  .text = "the true difference between the legs",
	  .sensors = BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT,
	  .remedy = "calibrate the thermometers",
	  .command = "bedside calibrate thermometers" },
	{ .name = "restlessness", .text = "how restless a night was" },
	{ .name = "hanging", .text = "legs that hang over the edge from legs drawn up" },
};

#define N_CAPABILITIES (sizeof(capabilities) / sizeof(capabilities[0]))

static const struct capability *capability_of(uint32_t bit)
{
	for (size_t i = 0; i < N_CAPABILITIES; i++)
		if (bit == UINT32_C(1) << i)
			return &capabilities[i];
	return NULL;
}

const char *bh_capability_name(uint32_t bit)
{
	const struct capability *capability = capability_of(bit);

	return capability ? capability->name : NULL;
}

const char *bh_capability_text(uint32_t bit)
{
	const struct capability *capability = capability_of(bit);

	return capability ? capability->text : NULL;
}

const char *bh_capability_remedy(uint32_t bit, uint32_t can, const char **ret_command)
{
	const struct capability *capability = capability_of(bit);

	if (!capability || !capability->remedy || (can & bit) ||
	    (can & capability->sensors) != capability->sensors)
		return NULL;
	*ret_command = capability->command;
	return capability->remedy;
}

int bh_capability_from_name(const char *name, uint32_t *ret)
{
	for (size_t i = 0; i < N_CAPABILITIES; i++) {
		if (strcmp(capabilities[i].name, name) == 0) {
			*ret = UINT32_C(1) << i;
			return 0;
		}
	}
	return -ENOENT;
}

uint32_t bh_mat_capabilities(const struct bh_mat *mat)
{
	bool legs = false, body = false, edge = false, middle = false, left = false, right = false;
	uint32_t can = BH_CAN_OCCUPANCY | BH_CAN_MOVEMENT;

	if (mat->kind == BH_MAT_NONE || mat->n_zones == 0)
		return 0;
	if (mat->kind == BH_MAT_LOAD_CELLS) {
		can |= BH_CAN_LOAD | BH_CAN_LEG_MOVEMENT | BH_CAN_RESTLESSNESS;
		if (mat->n_zones >= CELLS_FOR_CENTRE)
			can |= BH_CAN_EDGE | BH_CAN_LEGS | BH_CAN_SIDE | BH_CAN_HANGING;
		return can;
	}
	for (unsigned int i = 0; i < mat->n_zones; i++) {
		const struct bh_zone *zone = &mat->zone[i];
		bool at_edge = zone->places & (BH_AT_EDGE_LEFT | BH_AT_EDGE_RIGHT);

		legs |= (zone->places & BH_AT_LEGS) && !(zone->places & BH_AT_TRUNK);
		body |= (zone->places & BH_AT_TRUNK) || at_edge;
		edge |= at_edge;
		middle |= !at_edge;
		left |= zone->x_permille < 500;
		right |= zone->x_permille > 500;
	}
	if (legs && body)
		can |= BH_CAN_LEGS;
	/* A pad opens and closes when what is above its switch is lifted, which most movements do not. */
	if (mat->kind != BH_MAT_CONTACT && !mat->under_mattress)
		can |= BH_CAN_RESTLESSNESS;
	if (legs && body && (can & BH_CAN_RESTLESSNESS))
		can |= BH_CAN_LEG_MOVEMENT;
	if (edge && middle)
		can |= BH_CAN_EDGE;
	if (left && right)
		can |= BH_CAN_SIDE;
	if (mat->kind != BH_MAT_CONTACT)
		can |= BH_CAN_LOAD;
	/* Who draws the legs up opens the pad under the calves, as who hangs them does; an edge pad tells. */
	if ((can & BH_CAN_LEGS) && (can & (BH_CAN_EDGE | BH_CAN_LOAD)))
		can |= BH_CAN_HANGING;
	if (mat->kind == BH_MAT_MATRIX && mat->rows >= SIDE_FOR_POSTURE &&
	    mat->cols >= SIDE_FOR_POSTURE)
		can |= BH_CAN_POSTURE;
	return can;
}

const char *bh_mat_kind_name(enum bh_mat_kind kind)
{
	return (size_t)kind < N_KINDS ? kind_names[kind] : kind_names[BH_MAT_NONE];
}

int bh_mat_kind_from_name(const char *name, enum bh_mat_kind *ret)
{
	for (size_t i = 0; i < N_KINDS; i++) {
		if (strcmp(kind_names[i], name) == 0) {
			*ret = (enum bh_mat_kind)i;
			return 0;
		}
	}
	return -ENOENT;
}

/* Head to foot in three parts: the knees of someone who lies are at two thirds of the bed, the hips
 * of someone who sits on its edge as far down as six tenths, and those must not be taken for legs.
 * Science.md section 0 takes the outer fifth of the width for the edge. */
static uint8_t matrix_places(int x_permille, int y_permille)
{
	uint8_t places = BH_AT_TRUNK;

	if (y_permille < 200)
		places = BH_AT_HEAD;
	else if (y_permille >= 650)
		places = BH_AT_LEGS;
	if (x_permille < 200)
		places |= BH_AT_EDGE_LEFT;
	else if (x_permille >= 800)
		places |= BH_AT_EDGE_RIGHT;
	return places;
}

void bh_mat_lay_out_matrix(struct bh_mat *mat, uint16_t rows, uint16_t cols)
{
	assert(rows * cols >= 1 && rows * cols <= BH_ZONES_MAX);
	mat->kind = BH_MAT_MATRIX;
	mat->rows = rows;
	mat->cols = cols;
	mat->n_zones = 0;
	for (int row = 0; row < rows; row++) {
		for (int col = 0; col < cols; col++) {
			struct bh_zone *zone = &mat->zone[mat->n_zones++];

			snprintf(zone->name, sizeof(zone->name), "r%dc%d", row, col);
			zone->x_permille = (int16_t)((2 * col + 1) * 1000 / (2 * cols));
			zone->y_permille = (int16_t)((2 * row + 1) * 1000 / (2 * rows));
			zone->places = matrix_places(zone->x_permille, zone->y_permille);
		}
	}
}

int bh_places_print(uint8_t places, char *buf, size_t size)
{
	size_t length = 0;

	if (size)
		buf[0] = '\0';
	for (size_t i = 0; i < N_PLACES; i++) {
		if (!(places & (1u << i)))
			continue;
		length += (size_t)snprintf(length < size ? buf + length : NULL,
					   length < size ? size - length : 0, "%s%s",
					   length ? "+" : "", place_names[i]);
	}
	return (int)length;
}

int bh_places_from_text(const char *text, uint8_t *ret)
{
	uint8_t places = 0;

	for (;;) {
		size_t length = strcspn(text, "+"), i = 0;

		while (i < N_PLACES && (strlen(place_names[i]) != length ||
					strncmp(place_names[i], text, length) != 0))
			i++;
		if (i == N_PLACES)
			return -ENOENT;
		places |= (uint8_t)(1u << i);
		if (text[length] == '\0')
			break;
		text += length + 1;
	}
	*ret = places;
	return 0;
}
