/* SPDX-License-Identifier: MIT */
/*
 * Postures on a 64 x 32 mat, frame by frame:
 *
 *   pressure_map [FOLDER]     FOLDER holds postures.csv and S1/1.txt.gz ...
 *
 * Twice: with the weights the hub ships ("shipped": honest only for people it was not fitted on), and
 * with weights fitted here on all these people but the one who is scored ("left_out"). Each at full
 * resolution, as 16 x 8, 8 x 8, 8 x 4, 6 x 4 and 4 x 4 zones, and in beds larger than the mat. The first and last three frames of a file do not
 * count. Then every frame goes through the signal path, which must refuse the two junk frames at the
 * start of every file and no reading. A later frame that it refuses is named, with how many of its full
 * zones are still full when the recording ends: of a scan gone wrong next to none.
 */
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/posture_fit.h"

#include <stdio.h>
#include <stdlib.h>

static const struct resolution {
	const char *name;
	struct posture_view view;
} resolutions[] = {
	{ "full", { .block_rows = 1, .block_cols = 1 } },
	{ "128_zones", { .block_rows = 4, .block_cols = 4 } },
	{ "64_zones", { .block_rows = 8, .block_cols = 4 } },
	{ "32_zones", { .block_rows = 8, .block_cols = 8 } },
	{ "24_zones", { .block_rows = 10, .block_cols = 8 } },
	{ "16_zones", { .block_rows = 16, .block_cols = 8 } },
	/* In beds of 200 x 95 cm, 188 x 91 and 203 x 102, where the body lies a little aside. */
	{ "16_zones_95_cm", { .rows = 4, .cols = 4, .block_rows = 20, .block_cols = 9 } },
	{ "16_zones_90_cm",
	  { .rows = 4, .cols = 4, .block_rows = 18, .block_cols = 9, .down = -2, .right = 1 } },
	{ "16_zones_1_m",
	  { .rows = 4, .cols = 4, .block_rows = 20, .block_cols = 10, .down = 2, .right = 2 } },
	/* Under a mattress, with a tenth of noise. */
	{ "sheet",
	  { .rows = 12, .cols = 6, .block_rows = 6, .block_cols = 6, .smear = 3,
	    .noise_permille = 100 } },
};

#define N_RESOLUTIONS (sizeof(resolutions) / sizeof(resolutions[0]))
#define JUNK_FRAMES 2

struct tally {
	long right, total;
};

static double share(const struct tally *tally)
{
	return tally->total ? (double)tally->right / (double)tally->total : 0;
}

static void score_file(const struct posture_file *file, const struct posture_view *view,
		       const struct bh_posture_weights *weights, struct tally *tally)
{
	struct tally of_file = { 0 };

	for (int i = POSTURE_DROPPED; i < file->n - POSTURE_DROPPED; i++) {
		struct bh_posture_features features;
		struct bh_posture said = { .position = BH_POSITION_UNKNOWN };

		if (posture_view_features(view, &file->cells[(size_t)i * POSTURE_CELLS], &features))
			bh_posture_judge(weights, &features, &said);
		of_file.right += said.position == file->truth;
		of_file.total++;
	}
	if (getenv("PRESSURE_MAP_FILES") && of_file.right < of_file.total)
		printf("# S%d/%d in blocks of %d x %d: %ld of %ld\n", file->person, file->file,
		       view->block_rows, view->block_cols, of_file.right, of_file.total);
	tally->right += of_file.right;
	tally->total += of_file.total;
}

/* How many frames a mean over people, and one person's share, stand on. */
static void count_scored(const struct posture_data *data)
{
	long frames = 0;

	for (int i = 0; i < data->n; i++)
		frames += data->file[i].n - 2 * POSTURE_DROPPED;
	figures_print_count("people", data->n_people);
	figures_print_count("scored_frames", frames);
	figures_print_count("frames_of_a_person", frames / data->n_people);
}

/* One fit's weights, by the mats they are for. */
struct posture_weights_sets {
	struct bh_posture_weights of[POSTURE_MATS_END];
};

static enum posture_mats mats_of(int n_zones)
{
	if (n_zones >= BH_POSTURE_FINE)
		return POSTURE_FINE;
	return n_zones >= BH_POSTURE_COARSE ? POSTURE_COARSE : POSTURE_FEW;
}

/* The mean over people of the share of their frames, and the worst person's. */
static void score(const struct posture_data *data, const char *how,
		  const struct posture_weights_sets *sets, size_t sets_step)
{
	for (size_t r = 0; r < N_RESOLUTIONS; r++) {
		const struct posture_view *view = &resolutions[r].view;
		enum posture_mats mats;
		static struct bh_mat mat;
		double sum = 0, worst = 1;
		char name[64];

		posture_view_mat(view, &mat);
		mats = mats_of(mat.n_zones);
		for (int p = 0; p < data->n_people; p++) {
			const struct bh_posture_weights *weights =
				&sets[(size_t)p * sets_step].of[mats];
			struct tally tally = { 0 };

			for (int i = 0; i < data->n; i++)
				if (data->file[i].person == data->person[p])
					score_file(&data->file[i], view, weights, &tally);
			sum += share(&tally);
			if (share(&tally) < worst)
				worst = share(&tally);
			snprintf(name, sizeof(name), "%s_%s_person_%d", how, resolutions[r].name,
				 data->person[p]);
			figures_print(name, share(&tally));
		}
		snprintf(name, sizeof(name), "%s_%s_mean", how, resolutions[r].name);
		figures_print(name, sum / data->n_people);
		snprintf(name, sizeof(name), "%s_%s_worst", how, resolutions[r].name);
		figures_print(name, worst);
	}
}

static void left_out(const struct posture_data *data)
{
	struct posture_weights_sets *folds = calloc((size_t)data->n_people, sizeof(*folds));

	if (data->n_people < 2) {
		fprintf(stderr, "one person: nobody is left to fit on\n");
		free(folds);
		return;
	}
	if (!folds)
		exit(EXIT_FAILURE);
	for (int mats = 0; mats < POSTURE_MATS_END; mats++) {
		struct posture_sums sums;

		posture_sums_make(data, (enum posture_mats)mats, &sums);
		for (int p = 0; p < data->n_people; p++)
			posture_fit(data, &sums, data->person[p], &folds[p].of[mats]);
		posture_sums_free(&sums);
	}
	score(data, "left_out", folds, 1);
	free(folds);
}

static void ignore(void *ctx, const struct bh_record *record)
{
	(void)ctx;
	(void)record;
}

static bool is_full(const struct posture_file *file, int frame, int cell)
{
	return file->cells[(size_t)frame * POSTURE_CELLS + (size_t)cell] >= POSTURE_FULL;
}

/* A body that fills a zone still does when the recording ends; a scan gone wrong does not. */
static void tell_refused(const struct posture_file *file, int frame)
{
	int full = 0, still = 0;

	for (int k = 0; k < POSTURE_CELLS; k++) {
		full += is_full(file, frame, k);
		still += is_full(file, frame, k) && is_full(file, file->n - 1, k);
	}
	printf("# S%d/%d frame %d of %d refused: %d zones full, %d of them in the last frame\n",
	       file->person, file->file, frame + 1, file->n, full, still);
}

/* Which frames of a file does the signal path refuse? */
static void refuse(const struct posture_file *file, const struct bh_mat *mat, long *junk_refused,
		   long *good_refused)
{
	static const struct bh_detect_config config = { .bed = 0 };
	const struct bh_sink sink = { .put = ignore };
	static struct bh_frame frame;
	struct bh_detect *detect;

	if (bh_detect_new(mat, bh_mat_capabilities(mat), &config, &sink, &detect) < 0)
		exit(EXIT_FAILURE);
	bh_frame_init(&frame, mat);
	frame.mat_sensor = 0;
	frame.mat_fault = BH_FAULT_NONE;
	for (int i = 0; i < file->n; i++) {
		bool refused;

		for (int k = 0; k < POSTURE_CELLS; k++) {
			int16_t cell = file->cells[(size_t)i * POSTURE_CELLS + (size_t)k];

			frame.load[k] = cell > POSTURE_FULL ? POSTURE_FULL : cell;
		}
		frame.mono_ns = (int64_t)i * BH_NS_PER_S;
		frame.changed = BH_PART_MAT;
		bh_detect_frame(detect, &frame);
		refused = bh_detect_state(detect)->fault[0] != BH_FAULT_NONE;
		*junk_refused += refused && i < JUNK_FRAMES;
		*good_refused += refused && i >= JUNK_FRAMES;
		if (refused && i >= JUNK_FRAMES)
			tell_refused(file, i);
	}
	bh_detect_free(detect);
}

static void junk(const struct posture_data *data)
{
	static const struct posture_view whole = { .block_rows = 1, .block_cols = 1 };
	static struct bh_mat mat;
	long junk_refused = 0, good_refused = 0, frames = 0;

	posture_view_mat(&whole, &mat);
	for (int i = 0; i < data->n; i++) {
		refuse(&data->file[i], &mat, &junk_refused, &good_refused);
		frames += data->file[i].n;
	}
	figures_print_count("frames", frames);
	figures_print_count("other_frames", frames - (long)data->n * JUNK_FRAMES);
	figures_print_count("junk_frames", (long)data->n * JUNK_FRAMES);
	figures_print_count("junk_frames_refused", junk_refused);
	figures_print_count("other_frames_refused", good_refused);
}

int main(int argc, char **argv)
{
	static struct posture_weights_sets shipped;
	static struct posture_data data;

	posture_data_read(argc > 1 ? argv[1] : NULL, &data);
	count_scored(&data);
	shipped.of[POSTURE_FINE] = bh_posture_fine;
	shipped.of[POSTURE_COARSE] = bh_posture_coarse;
	shipped.of[POSTURE_FEW] = bh_posture_few;
	score(&data, "shipped", &shipped, 0);
	left_out(&data);
	junk(&data);
	figures_print("seconds", figures_seconds());
	posture_data_free(&data);
	return EXIT_SUCCESS;
}
