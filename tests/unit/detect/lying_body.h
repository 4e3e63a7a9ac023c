/* SPDX-License-Identifier: MIT */
/*
 * A body drawn on a matrix in parts of even pressure, for tests of posture. Coordinates are permille
 * of the mat; the left side is drawn, the right one is its mirror image.
 */
#ifndef BH_TESTS_UNIT_DETECT_LYING_BODY_H
#define BH_TESTS_UNIT_DETECT_LYING_BODY_H

#include "hub/core/event.h"
#include "hub/core/mat.h"

#include <string.h>

struct body_part {
	int x0, x1, y0, y1;
	int pressure; /* permille of full scale */
};

static const struct body_part body_supine[] = {
	{ 450, 550, 60, 130, 200 },  { 320, 680, 170, 260, 150 }, { 340, 660, 260, 360, 120 },
	{ 330, 670, 360, 500, 220 }, { 240, 300, 260, 480, 60 },  { 700, 760, 260, 480, 60 },
	{ 340, 470, 500, 700, 80 },  { 530, 660, 500, 700, 80 },  { 370, 460, 720, 860, 90 },
	{ 540, 630, 720, 860, 90 },  { 0, 0, 0, 0, 0 },
};

/* On the left side: a narrow trunk, arms and knees forward, which is to the left. */
static const struct body_part body_left[] = {
	{ 430, 530, 60, 130, 200 },  { 460, 640, 170, 270, 250 }, { 480, 640, 270, 380, 170 },
	{ 440, 620, 380, 510, 300 }, { 250, 460, 200, 240, 80 },  { 250, 480, 480, 580, 150 },
	{ 210, 340, 560, 660, 130 }, { 300, 480, 640, 720, 100 }, { 420, 560, 720, 800, 90 },
	{ 0, 0, 0, 0, 0 },
};

static inline int body_overlap(int a0, int a1, int b0, int b1)
{
	int from = a0 > b0 ? a0 : b0, to = a1 < b1 ? a1 : b1;

	return to > from ? to - from : 0;
}

/** Add @p part to what @p mat shows, moved by dx and dy, times @p percent. */
static inline void body_press(const struct bh_mat *mat, const struct body_part *part, int dx,
			      int dy, int percent, int32_t *load)
{
	int width = 1000 / mat->cols, height = 1000 / mat->rows;

	for (int r = 0; r < mat->rows; r++)
		for (int c = 0; c < mat->cols; c++)
			load[r * mat->cols + c] +=
				part->pressure *
				body_overlap(part->x0 + dx, part->x1 + dx, 1000 * c / mat->cols,
					     1000 * (c + 1) / mat->cols) *
				body_overlap(part->y0 + dy, part->y1 + dy, 1000 * r / mat->rows,
					     1000 * (r + 1) / mat->rows) /
				(width * height) * percent / 100;
}

/** The loads of a body lying so, moved; nothing for a position that is not lying. */
static inline void body_lie(const struct bh_mat *mat, enum bh_position position, int dx, int dy,
			    int percent, int32_t *load)
{
	const struct body_part *part = position == BH_POSITION_SUPINE ? body_supine : body_left;

	memset(load, 0, sizeof(*load) * mat->n_zones);
	if (position != BH_POSITION_SUPINE && position != BH_POSITION_LEFT &&
	    position != BH_POSITION_RIGHT)
		return;
	for (; part->pressure; part++) {
		struct body_part there = *part;

		if (position == BH_POSITION_RIGHT) {
			there.x0 = 1000 - part->x1;
			there.x1 = 1000 - part->x0;
		}
		body_press(mat, &there, dx, dy, percent, load);
	}
}

#endif
