/* SPDX-License-Identifier: MIT */
#include "hub/detect/posture_features.h"

#include <string.h>

/* The grid reaches 1.8 times the spread of the load to either side of its centre along the bed: head
 * to calves of a body of even weight. Across it is nine tenths of the mat. Both were chosen by
 * leaving one person out (README, Position). */
#define GRID_LENGTH_SPREADS 3.6f
#define GRID_WIDTH 0.9f
/* One sharp object is not a body and would make the grid endlessly small: a hundredth of the bed. */
#define SPREAD_MIN 0.01f
/* Typical spreads of a body, so that both features are small numbers around zero. */
#define TYPICAL_ACROSS 0.15f
#define TYPICAL_ALONG 0.20f
/* A zone is drawn smeared by its own width, so that nothing jumps where a body crosses the border
 * between two zones: as this many squares beside each other. */
#define SMEAR 4
/* And no less than this, a sixth of the mat across and a twelfth along, 16 cm: a fine mat shows folds
 * and bones, which differ between mats and between mattresses, where bodies do not. */
#define SMEAR_ACROSS (1.0f / 6)
#define SMEAR_ALONG (1.0f / 12)
#define HALF_ROOT_2 0.70710678f
/* How much where the zones' borders fall counts beside shares (README, Position). */
#define PLACE_SCALE 0.5f

struct drawing {
	int rows, cols;
	float load[BH_ZONES_MAX];
	float total;
	float x, y; /* centre, 0..1 of the mat */
	float spread_x, spread_y;
};

static float at_least(float value, float floor)
{
	return value > floor ? value : floor;
}

static float middle(int i, int n)
{
	return ((float)i + 0.5f) / (float)n;
}

static void measure(struct drawing *d)
{
	float x_sum = 0, y_sum = 0, xx_sum = 0, yy_sum = 0;

	d->total = 0;
	for (int r = 0; r < d->rows; r++) {
		float y = middle(r, d->rows), row = 0;

		for (int c = 0; c < d->cols; c++) {
			float x = middle(c, d->cols), load = d->load[r * d->cols + c];

			row += load;
			x_sum += load * x;
			xx_sum += load * x * x;
		}
		d->total += row;
		y_sum += row * y;
		yy_sum += row * y * y;
	}
	if (!(d->total > 0))
		return;
	d->x = x_sum / d->total;
	d->y = y_sum / d->total;
	d->spread_x =
		__builtin_sqrtf(at_least(xx_sum / d->total - d->x * d->x, SPREAD_MIN * SPREAD_MIN));
	d->spread_y =
		__builtin_sqrtf(at_least(yy_sum / d->total - d->y * d->y, SPREAD_MIN * SPREAD_MIN));
}

/* share[g * n + i]: how much of zone i of n falls into grid cell g; the cells begin at `from` and
 * are `step` wide. Zones are drawn at least `least` wide. */
static void share_out(int n, float least, float from, float step, int cells, float *share)
{
	float width = at_least(1.0f / (float)n, least), half = width / 2;

	memset(share, 0, sizeof(*share) * (size_t)cells * (size_t)n);
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < SMEAR; k++) {
			float at = middle(i, n) + (middle(k, SMEAR) - 0.5f) * width;

			for (int g = 0; g < cells; g++) {
				float a = at_least(from + step * (float)g, at - half);
				float b = -at_least(-(from + step * (float)(g + 1)), -(at + half));

				if (b > a)
					share[g * n + i] += (b - a) / (2 * half) / SMEAR;
			}
		}
	}
}

static void draw(const struct drawing *d, float grid[BH_POSTURE_ROWS][BH_POSTURE_COLS])
{
	float along[BH_POSTURE_ROWS * BH_POSTURE_SIDE_MAX];
	float across[BH_POSTURE_COLS * BH_POSTURE_SIDE_MAX];
	float height = GRID_LENGTH_SPREADS * d->spread_y;

	share_out(d->rows, SMEAR_ALONG, d->y - height / 2, height / BH_POSTURE_ROWS,
		  BH_POSTURE_ROWS, along);
	share_out(d->cols, SMEAR_ACROSS, d->x - GRID_WIDTH / 2, GRID_WIDTH / BH_POSTURE_COLS,
		  BH_POSTURE_COLS, across);
	memset(grid, 0, sizeof(*grid) * BH_POSTURE_ROWS);
	for (int g = 0; g < BH_POSTURE_ROWS; g++) {
		float strip[BH_POSTURE_SIDE_MAX] = { 0 };

		for (int r = 0; r < d->rows; r++) {
			float share = along[g * d->rows + r];

			for (int c = 0; share > 0 && c < d->cols; c++)
				strip[c] += share * d->load[r * d->cols + c];
		}
		for (int h = 0; h < BH_POSTURE_COLS; h++)
			for (int c = 0; c < d->cols; c++)
				grid[g][h] += strip[c] * across[h * d->cols + c];
	}
}

/* Roots bring feet and hands up beside hips that weigh ten times as much. */
static bool even_out(float grid[BH_POSTURE_ROWS][BH_POSTURE_COLS])
{
	float squares = 0, length;

	for (int g = 0; g < BH_POSTURE_ROWS; g++)
		for (int h = 0; h < BH_POSTURE_COLS; h++)
			squares += grid[g][h] * grid[g][h];
	if (!(squares > 0))
		return false;
	length = __builtin_sqrtf(squares);
	for (int g = 0; g < BH_POSTURE_ROWS; g++)
		for (int h = 0; h < BH_POSTURE_COLS; h++)
			grid[g][h] = __builtin_sqrtf(grid[g][h] / length);
	return true;
}

/* Zones wider than a trunk turn a step aside into another picture, so where it lies between their
 * borders is told as well: two waves of the period of a zone, one that is the same to both sides of a
 * zone's middle, one that is opposite. */
static float even_wave(float at)
{
	return PLACE_SCALE * (1 - 8 * at * (1 - at));
}

static float odd_wave(float at)
{
	return PLACE_SCALE * 16 * (at < 0.5f ? at * (0.5f - at) : (at - 0.5f) * (at - 1));
}

static void place(const struct drawing *d, struct bh_posture_features *ret)
{
	float *even = &ret->even[BH_POSTURE_EVEN - 3], *odd = &ret->odd[BH_POSTURE_ODD - 1];
	float across = d->x * (float)d->cols, along = d->y * (float)d->rows;

	even[0] = even[1] = even[2] = *odd = 0;
	if (d->rows * d->cols >= BH_POSTURE_COARSE)
		return;
	across -= (float)(int)across;
	along -= (float)(int)along;
	even[0] = even_wave(across);
	even[1] = even_wave(along);
	even[2] = odd_wave(along);
	*odd = odd_wave(across);
}

bool bh_posture_features_make(const struct bh_mat *mat, const int32_t *load, const int32_t *empty,
			      struct bh_posture_features *ret)
{
	struct drawing d = { .rows = mat->rows, .cols = mat->cols };
	float grid[BH_POSTURE_ROWS][BH_POSTURE_COLS];
	int pair = 0;

	if (mat->kind != BH_MAT_MATRIX || d.rows < 2 || d.cols < 2 ||
	    d.rows > BH_POSTURE_SIDE_MAX || d.cols > BH_POSTURE_SIDE_MAX)
		return false;
	for (int i = 0; i < d.rows * d.cols; i++) {
		int32_t above = load[i] - (empty ? empty[i] : 0);

		d.load[i] = above > 0 ? (float)above : 0;
	}
	measure(&d);
	if (!(d.total > 0))
		return false;
	draw(&d, grid);
	if (!even_out(grid))
		return false;
	for (int g = 0; g < BH_POSTURE_ROWS; g++) {
		for (int h = 0; h < BH_POSTURE_COLS / 2; h++, pair++) {
			float left = grid[g][h], right = grid[g][BH_POSTURE_COLS - 1 - h];

			ret->even[pair] = (left + right) * HALF_ROOT_2;
			ret->odd[pair] = (left - right) * HALF_ROOT_2;
		}
	}
	ret->even[pair] = d.spread_x / TYPICAL_ACROSS - 1;
	ret->even[pair + 1] = d.spread_y / TYPICAL_ALONG - 1;
	place(&d, ret);
	return true;
}
