/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/posture_fit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The kernel is (OFFSET + x.y)^2: how much lines count beside products. */
#define OFFSET 2.0
/* Of the mean diagonal of the kernel. A hundredth was the best of 0.001 to 0.1 for people left out,
 * and the best is flat. */
#define RIDGE 0.01
/* What the three scores would be if nothing were known. */
#define MEAN (1.0 / 3)

#define N_THROUGH_MATTRESS 3

/* rows, columns of a block; down, right; floor, smear, noise */
static const struct posture_view finer_views[] = {
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
static const struct posture_view few_views[] = {
	{ 16, 8, -3, -3, 0, 0, 0 }, { 16, 8, -3, -1, 0, 0, 0 }, { 16, 8, -3, 1, 0, 0, 0 },
	{ 16, 8, -3, 3, 0, 0, 0 },  { 16, 8, 3, -3, 0, 0, 0 },	{ 16, 8, 3, -1, 0, 0, 0 },
	{ 16, 8, 3, 1, 0, 0, 0 },   { 16, 8, 3, 3, 0, 0, 0 },	{ 10, 8, 0, 0, 0, 0, 0 },
	{ 10, 8, 2, 1, 0, 0, 0 },   { 12, 6, 0, 0, 0, 0, 0 },	{ 12, 6, 2, 1, 0, 0, 0 },
	{ 13, 6, 0, 0, 0, 0, 0 },   { 13, 6, 2, 1, 0, 0, 0 },
};

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const struct posture_view *view;
	size_t n;
} views_of[] = {
	[POSTURE_FINE] = { finer_views, N(finer_views) - N_THROUGH_MATTRESS },
	[POSTURE_COARSE] = { finer_views, N(finer_views) },
	[POSTURE_FEW] = { few_views, N(few_views) },
};

struct example {
	struct bh_posture_features f;
	double supine, side; /* what the two forms should give */
};

struct examples {
	size_t n;
	struct example *at;
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

static void collect(const struct posture_data *data, int without, enum posture_mats mats,
		    struct examples *ret)
{
	const struct posture_view *view = views_of[mats].view;
	size_t n_views = views_of[mats].n;

	ret->n = 0;
	ret->at = have((size_t)data->n * n_views, sizeof(*ret->at));
	for (int i = 0; i < data->n; i++) {
		const struct posture_file *file = &data->file[i];
		const int16_t *frame = &file->cells[(size_t)(file->n / 2) * POSTURE_CELLS];

		if (file->person == without)
			continue;
		for (size_t v = 0; v < n_views; v++) {
			struct example *example = &ret->at[ret->n];

			if (!posture_view_features(&view[v], frame, &example->f))
				continue;
			example->supine = (file->truth == BH_POSITION_SUPINE) - MEAN;
			example->side = (file->truth == BH_POSITION_LEFT) -
					(file->truth == BH_POSITION_RIGHT);
			ret->n++;
		}
	}
}

static void products(const struct example *a, const struct example *b, double *even, double *odd)
{
	*even = 0;
	*odd = 0;
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		*even += (double)a->f.even[i] * (double)b->f.even[i];
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		*odd += (double)a->f.odd[i] * (double)b->f.odd[i];
}

/* Each example stands for itself and its mirror image. Where both have the same answer the kernel
 * is the sum of the two, (c+E+O)^2 + (c+E-O)^2, where they have opposite ones the difference. */
static double kernel(double even, double odd, bool mirrored_alike)
{
	double line = OFFSET + even;

	return mirrored_alike ? 2 * line * line + 2 * odd * odd : 4 * line * odd;
}

/* Solve (K + ridge) x = target by Cholesky; K is overwritten by its factor. */
static void solve(double *k, size_t n, double *x)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++) {
			double sum = k[i * n + j];

			for (size_t m = 0; m < j; m++)
				sum -= k[i * n + m] * k[j * n + m];
			k[i * n + j] = i == j ? sqrt(sum) : sum / k[j * n + j];
		}
	}
	for (size_t i = 0; i < n; i++) {
		for (size_t m = 0; m < i; m++)
			x[i] -= k[i * n + m] * x[m];
		x[i] /= k[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		for (size_t m = i + 1; m < n; m++)
			x[i] -= k[m * n + i] * x[m];
		x[i] /= k[i * n + i];
	}
}

/* How much of each example is in the answer. */
static double *shares(const struct examples *e, bool of_supine)
{
	double *k = have(e->n * e->n, sizeof(*k)), *x = have(e->n, sizeof(*x));
	double diagonal = 0;

	for (size_t i = 0; i < e->n; i++) {
		double even, odd;

		for (size_t j = 0; j <= i; j++) {
			products(&e->at[i], &e->at[j], &even, &odd);
			k[i * e->n + j] = kernel(even, odd, of_supine);
		}
		diagonal += (OFFSET + even + odd) * (OFFSET + even + odd);
		x[i] = of_supine ? e->at[i].supine : e->at[i].side;
	}
	for (size_t i = 0; i < e->n; i++)
		k[i * e->n + i] += RIDGE * diagonal / (double)e->n;
	solve(k, e->n, x);
	free(k);
	return x;
}

static void store(const double *from, int n, int16_t *to)
{
	for (int i = 0; i < n; i++) {
		double value = round(from[i] * BH_POSTURE_ONE);

		if (!(fabs(value) <= INT16_MAX)) {
			fprintf(stderr, "posture_fit: weight %d is %g: too large to store\n", i,
				from[i]);
			exit(4);
		}
		to[i] = (int16_t)value;
	}
}

/* The kernel multiplied out: what each example adds to the weight of a term. */
static void add_supine(const struct bh_posture_features *f, double share, double *weight)
{
	int n = 0;

	weight[n++] += share * 2 * OFFSET * OFFSET;
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		weight[n++] += share * 4 * OFFSET * (double)f->even[i];
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = i; j < BH_POSTURE_EVEN; j++)
			weight[n++] +=
				share * (i == j ? 2 : 4) * (double)f->even[i] * (double)f->even[j];
	for (int i = 0; i < BH_POSTURE_ODD; i++)
		for (int j = i; j < BH_POSTURE_ODD; j++)
			weight[n++] +=
				share * (i == j ? 2 : 4) * (double)f->odd[i] * (double)f->odd[j];
}

static void add_side(const struct bh_posture_features *f, double share, double *weight)
{
	int n = 0;

	for (int i = 0; i < BH_POSTURE_ODD; i++)
		weight[n++] += share * 4 * OFFSET * (double)f->odd[i];
	for (int i = 0; i < BH_POSTURE_EVEN; i++)
		for (int j = 0; j < BH_POSTURE_ODD; j++)
			weight[n++] += share * 4 * (double)f->even[i] * (double)f->odd[j];
}

void posture_fit(const struct posture_data *data, int without, enum posture_mats mats,
		 struct bh_posture_weights *ret)
{
	double supine[BH_POSTURE_SUPINE_TERMS] = { 0 }, side[BH_POSTURE_SIDE_TERMS] = { 0 };
	struct examples examples;
	double *of_supine, *of_side;

	collect(data, without, mats, &examples);
	of_supine = shares(&examples, true);
	of_side = shares(&examples, false);
	for (size_t i = 0; i < examples.n; i++) {
		add_supine(&examples.at[i].f, of_supine[i], supine);
		add_side(&examples.at[i].f, of_side[i], side);
	}
	store(supine, BH_POSTURE_SUPINE_TERMS, ret->supine);
	store(side, BH_POSTURE_SIDE_TERMS, ret->side);
	free(of_supine);
	free(of_side);
	free(examples.at);
}
