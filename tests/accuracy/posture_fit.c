/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/posture_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much lines count beside products: terms are scaled as in the square of OFFSET + x.y. */
#define OFFSET 2.0
/* Of the mean square of an example's terms. A hundredth was the best of 0.001 to 0.1 for people left out,
 * and the best is flat. */
#define RIDGE 0.01
/* What the three scores would be if nothing were known. */
#define MEAN (1.0 / 3)

#define N_THROUGH_MATTRESS 3

/* The recorded mat itself. */
static const struct seen {
	int block_rows, block_cols;
	int down, right;
	int floor_permille, smear, noise_permille;
} finer_views[] = {
	{ 1, 1, 0, 0, 0, 0, 0 },
	{ 1, 1, 3, 1, 0, 0, 0 },
	{ 1, 1, 0, 0, 500, 0, 100 },
	{ 1, 1, 0, 0, 1000, 0, 100 },
	{ 1, 1, 0, 0, 2000, 0, 0 },
	{ 4, 4, 0, 0, 0, 0, 0 },
	{ 4, 4, 3, 1, 500, 0, 100 },
	{ 4, 4, 0, 0, 1000, 0, 100 },
	{ 8, 4, 0, 0, 0, 0, 0 },
	{ 8, 4, 3, 1, 0, 0, 0 },
	{ 8, 4, -3, -1, 0, 0, 0 },
	{ 8, 4, 0, 0, 500, 0, 100 },
	{ 8, 4, 3, 1, 500, 0, 100 },
	{ 8, 4, 0, 0, 1000, 0, 100 },
	{ 8, 4, -3, -1, 1000, 0, 100 },
	{ 8, 4, 0, 0, 1500, 0, 0 },
	/* The last N_THROUGH_MATTRESS: through a mattress, for coarse mats only. */
	{ 5, 5, 0, 0, 0, 3, 0 },
	{ 5, 5, 2, 1, 500, 3, 0 },
	{ 5, 5, 0, 0, 1000, 3, 0 },
};

/* Where the borders between few zones fall decides more than anything else, so there are many offsets. */
static const struct seen few_views[] = {
	{ 16, 8, -3, -3, 0, 0, 0 }, { 16, 8, -3, -1, 0, 0, 0 }, { 16, 8, -3, 1, 0, 0, 0 },
	{ 16, 8, -3, 3, 0, 0, 0 },  { 16, 8, 3, -3, 0, 0, 0 },	{ 16, 8, 3, -1, 0, 0, 0 },
	{ 16, 8, 3, 1, 0, 0, 0 },   { 16, 8, 3, 3, 0, 0, 0 },	{ 10, 8, 0, 0, 0, 0, 0 },
	{ 10, 8, 2, 1, 0, 0, 0 },   { 12, 6, 0, 0, 0, 0, 0 },	{ 12, 6, 2, 1, 0, 0, 0 },
	{ 13, 6, 0, 0, 0, 0, 0 },   { 13, 6, 2, 1, 0, 0, 0 },
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const struct seen *view;
	size_t n;
} views_of[] = {
	[POSTURE_FINE] = { finer_views, N(finer_views) - N_THROUGH_MATTRESS },
	[POSTURE_COARSE] = { finer_views, N(finer_views) },
	[POSTURE_FEW] = { few_views, N(few_views) },
};

/* How many zones; 3: under the mattress. */
struct grid {
	int rows, cols, smear;
};

static const struct grid coarse_grids[] = { { 12, 6, 3 }, { 8, 8, 3 }, { 12, 6, 3 }, { 8, 4, 0 } };
static const struct grid few_grids[] = {
	{ 4, 4, 0 }, { 4, 4, 0 }, { 5, 4, 0 }, { 6, 4, 0 }, { 5, 5, 0 },
};

/* The beds that a fit sees beside the views above. Fine mats are not in need of any. */
static const struct beds {
	const struct grid *grid;
	size_t n_grids;
	int n;
	int noise_permille; /* at most */
	int power_permille; /* at least */
} beds_of[] = {
	[POSTURE_FINE] = { NULL, 0, 0, 0, 0 },
	[POSTURE_COARSE] = { coarse_grids, N(coarse_grids), 40, 250, 1000 },
	[POSTURE_FEW] = { few_grids, N(few_grids), 80, 0, 600 },
};

/* Beds are 163 to 203 cm long and 81 to 102 cm wide: cells of 2.54 cm. */
#define BED_LENGTH_MIN 64
#define BED_LENGTH_MAX 80
#define BED_WIDTH_MIN 32
#define BED_WIDTH_MAX 40
/* Within them people lie 10 cm further up or down, 8 cm aside, 7 degrees aslant. */
#define DOWN_MAX 4
#define RIGHT_MAX 3
#define LEAN_MAX_PERMILLE 120
/* Zones differ by so much; more was worse for people left out. */
#define GAIN_PERMILLE 50

#define TOGETHER 16

/* One form: the products of its terms with each other and with what it should give. */
struct posture_sum {
	int n;
	double squares, examples; /* of all terms; how many */
	double *product;	  /* n x n, the half up to the diagonal */
	double *target;
	int n_waiting; /* examples that are added together: the products are larger than a cache */
	double times[TOGETHER], *waiting[TOGETHER];
};

static void *have(size_t n, size_t size)
{
	void *got = calloc(n, size);

	if (!got) {
		fprintf(stderr, "posture_fit: out of memory\n");
		exit(1);
	}
	return got;
}

static struct posture_view view_of(const struct seen *seen)
{
	return (struct posture_view){
		.block_rows = seen->block_rows,
		.block_cols = seen->block_cols,
		.down = seen->down,
		.right = seen->right,
		.floor_permille = seen->floor_permille,
		.smear = seen->smear,
		.noise_permille = seen->noise_permille,
	};
}

static int between(uint64_t *chance, int low, int high)
{
	*chance = *chance * 6364136223846793005U + 1442695040888963407U;
	return low + (int)((*chance >> 33) % (uint64_t)(high - low + 1));
}

/* The bed of this number for this file. */
static void draw_bed(enum posture_mats mats, int number, int file, struct posture_view *ret)
{
	const struct beds *beds = &beds_of[mats];
	const struct grid *grid = &beds->grid[(size_t)number % beds->n_grids];
	uint64_t chance = ((uint64_t)file << 32) + (uint64_t)number;
	int length, width;

	between(&chance, 0, 1);
	length = between(&chance, BED_LENGTH_MIN, BED_LENGTH_MAX);
	width = between(&chance, BED_WIDTH_MIN, BED_WIDTH_MAX);
	*ret = (struct posture_view){
		.rows = grid->rows,
		.cols = grid->cols,
		.block_rows = (length + grid->rows / 2) / grid->rows,
		.block_cols = (width + grid->cols / 2) / grid->cols,
		.down = between(&chance, -DOWN_MAX, DOWN_MAX),
		.right = between(&chance, -RIGHT_MAX, RIGHT_MAX),
		.lean_permille = between(&chance, -LEAN_MAX_PERMILLE, LEAN_MAX_PERMILLE),
		.smear = grid->smear,
		.power_permille = between(&chance, beds->power_permille, 1000),
		.noise_permille = grid->smear ? between(&chance, 0, beds->noise_permille) : 0,
		.gain_permille = GAIN_PERMILLE,
		.seed = chance,
	};
}

/* Lines and products count as in the kernel (OFFSET + x.y)^2: the scale of each term. */
static void scale_supine(double scale[BH_POSTURE_SUPINE_TERMS])
{
	int n = 0;

	scale[n++] = OFFSET;
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		scale[n++] = sqrt(2 * OFFSET);
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = i; j < BH_POSTURE_EVEN; j++)
			scale[n++] = i == j ? 1 : sqrt(2);
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		for (int j = i; j < BH_POSTURE_ODD; j++)
			scale[n++] = i == j ? 1 : sqrt(2);
}

static void scale_side(double scale[BH_POSTURE_SIDE_TERMS])
{
	int n = 0;

	for (int i = 0; i < BH_POSTURE_ODD; i++)
		scale[n++] = sqrt(2 * OFFSET);
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = 0; j < BH_POSTURE_ODD; j++)
			scale[n++] = sqrt(2);
}

static struct posture_sum *new_sum(int n)
{
	struct posture_sum *sum = have(1, sizeof(*sum));

	sum->n = n;
	sum->product = have((size_t)n * (size_t)n, sizeof(*sum->product));
	sum->target = have((size_t)n, sizeof(*sum->target));
	for (int k = 0; k < TOGETHER; k++)
		sum->waiting[k] = have((size_t)n, sizeof(*sum->waiting[k]));
	return sum;
}

static void free_sum(struct posture_sum *sum)
{
	for (int k = 0; k < TOGETHER; k++)
		free(sum->waiting[k]);
	free(sum->product);
	free(sum->target);
	free(sum);
}

static void multiply(struct posture_sum *sum)
{
	for (int i = 0; i < sum->n; i++) {
		double *row = &sum->product[(size_t)i * (size_t)sum->n];

		for (int k = 0; k < sum->n_waiting; k++) {
			const double *term = sum->waiting[k];
			double by = sum->times[k] * term[i];

			for (int j = 0; j <= i; j++)
				row[j] += by * term[j];
		}
	}
	sum->n_waiting = 0;
}

/* Add an example, or take it off again (@p times -1). */
static void add(struct posture_sum *sum, const double *term, double target, double times)
{
	for (int i = 0; i < sum->n; i++) {
		sum->target[i] += times * term[i] * target;
		sum->squares += times * term[i] * term[i];
	}
	sum->examples += times;
	memcpy(sum->waiting[sum->n_waiting], term, (size_t)sum->n * sizeof(*term));
	sum->times[sum->n_waiting++] = times;
	if (sum->n_waiting == TOGETHER)
		multiply(sum);
}

static void add_view(const struct posture_sums *sums, const struct posture_file *file,
		     const struct posture_view *view, double times)
{
	static double of_supine[BH_POSTURE_SUPINE_TERMS], of_side[BH_POSTURE_SIDE_TERMS];
	const int16_t *frame = &file->cells[(size_t)(file->n / 2) * POSTURE_CELLS];
	float supine[BH_POSTURE_SUPINE_TERMS], side[BH_POSTURE_SIDE_TERMS];
	struct bh_posture_features features;

	if (!posture_view_features(view, frame, &features))
		return;
	bh_posture_terms(&features, supine, side);
	scale_supine(of_supine);
	scale_side(of_side);
	for (int i = 0; i < BH_POSTURE_SUPINE_TERMS; i++)
		of_supine[i] *= (double)supine[i];
	for (int i = 0; i < BH_POSTURE_SIDE_TERMS; i++)
		of_side[i] *= (double)side[i];
	add(sums->supine, of_supine, (file->truth == BH_POSITION_SUPINE) - MEAN, times);
	add(sums->side, of_side,
	    (file->truth == BH_POSITION_LEFT) - (file->truth == BH_POSITION_RIGHT), times);
}

static void add_files(const struct posture_sums *sums, const struct posture_data *data, int person,
		      double times)
{
	enum posture_mats mats = sums->mats;

	for (int i = 0; i < data->n; i++) {
		if (person && data->file[i].person != person)
			continue;
		for (size_t v = 0; v < views_of[mats].n; v++) {
			struct posture_view view = view_of(&views_of[mats].view[v]);

			add_view(sums, &data->file[i], &view, times);
		}
		for (int bed = 0; bed < beds_of[mats].n; bed++) {
			struct posture_view view;

			draw_bed(mats, bed, i, &view);
			add_view(sums, &data->file[i], &view, times);
		}
	}
	multiply(sums->supine);
	multiply(sums->side);
}

void posture_sums_make(const struct posture_data *data, enum posture_mats mats,
		       struct posture_sums *ret)
{
	ret->mats = mats;
	ret->supine = new_sum(BH_POSTURE_SUPINE_TERMS);
	ret->side = new_sum(BH_POSTURE_SIDE_TERMS);
	add_files(ret, data, 0, 1);
}

void posture_sums_free(struct posture_sums *sums)
{
	free_sum(sums->supine);
	free_sum(sums->side);
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += a[i] * b[i];
	return sum;
}

/* Solve (product + ridge) x = target by Cholesky; both are overwritten, the target by x. */
static void solve(struct posture_sum *sum)
{
	double *k = sum->product, *x = sum->target;
	size_t n = (size_t)sum->n;

	for (size_t i = 0; i < n; i++) {
		k[i * n + i] += RIDGE * sum->squares / sum->examples;
		for (size_t j = 0; j <= i; j++) {
			double left = k[i * n + j] - dot(&k[i * n], &k[j * n], j);

			k[i * n + j] = i == j ? sqrt(left) : left / k[j * n + j];
		}
	}
	for (size_t i = 0; i < n; i++)
		x[i] = (x[i] - dot(&k[i * n], x, i)) / k[i * n + i];
	for (size_t i = n; i-- > 0;) {
		x[i] /= k[i * n + i];
		for (size_t m = 0; m < i; m++)
			x[m] -= k[i * n + m] * x[i];
	}
}

static void store(const struct posture_sum *solved, const double *scale, int16_t *to)
{
	for (int i = 0; i < solved->n; i++) {
		double value = round(solved->target[i] * scale[i] * BH_POSTURE_ONE);

		if (!(fabs(value) <= INT16_MAX)) {
			fprintf(stderr, "posture_fit: weight %d is %g: too large to store\n", i, value);
			exit(4);
		}
		to[i] = (int16_t)value;
	}
}

static struct posture_sum *copy(const struct posture_sum *sum)
{
	struct posture_sum *ret = new_sum(sum->n);
	size_t n = (size_t)sum->n;

	ret->squares = sum->squares;
	ret->examples = sum->examples;
	memcpy(ret->product, sum->product, n * n * sizeof(*sum->product));
	memcpy(ret->target, sum->target, n * sizeof(*sum->target));
	return ret;
}

void posture_fit(const struct posture_data *data, const struct posture_sums *sums, int without,
		 struct bh_posture_weights *ret)
{
	struct posture_sums rest = {
		.mats = sums->mats,
		.supine = copy(sums->supine),
		.side = copy(sums->side),
	};
	double of_supine[BH_POSTURE_SUPINE_TERMS], of_side[BH_POSTURE_SIDE_TERMS];

	if (without)
		add_files(&rest, data, without, -1);
	solve(rest.supine);
	solve(rest.side);
	scale_supine(of_supine);
	scale_side(of_side);
	store(rest.supine, of_supine, ret->supine);
	store(rest.side, of_side, ret->side);
	posture_sums_free(&rest);
}
