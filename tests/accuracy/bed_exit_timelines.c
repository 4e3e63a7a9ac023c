/* SPDX-License-Identifier: MIT */
/*
 * People of 66 to 86 getting out of bed, trial by trial:
 *
 *   bed_exit_timelines [FOLDER]     FOLDER holds episodes.csv (trial,start,end,label)
 *
 * The timing is real, the pads are not: lying closes trunk and legs, sitting on the bed one edge, all
 * else nothing; frames at 10 Hz. Sits last from 0.2 s to two minutes, so it is the fast state that is
 * scored: one "legs over the edge" and one "out of bed" for each sequence lying, sitting, out; direct
 * exits give an "out" and no legs over the edge. The confirmed events, which ask for 10 s and more,
 * are counted beside. Who is out at the end of a trial stays out: many trials end with the first step.
 */
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define EPISODES_MAX 512
#define STEP_NS (BH_NS_PER_S / 10)
#define AFTER_S 15

enum posture { OUT, SITTING, LYING };

struct episode {
	double start, end;
	enum posture posture;
};

struct score {
	struct episode episode[EPISODES_MAX];
	int n;
	struct figures_moments legs_true, legs_told, out_true, out_told;
	long legs_matched, legs_n_true, legs_n_told, out_matched, out_n_true, out_n_told;
	long direct, direct_with_legs, sits_confirmed, exits_confirmed, trials;
	enum bh_tri legs, occupied;
};

static enum posture posture_of(const char *label)
{
	return strcmp(label, "lying") == 0	  ? LYING
	       : strcmp(label, "sit_on_bed") == 0 ? SITTING
						  : OUT;
}

static void take_record(void *ctx, const struct bh_record *record)
{
	struct score *score = ctx;
	const struct bh_state *state = &record->u.state;
	double at = (double)state->mono_ns / (double)BH_NS_PER_S;

	if (record->kind == BH_RECORD_EVENT && record->u.event.phase == BH_PHASE_OPEN) {
		score->sits_confirmed += record->u.event.type == BH_EVENT_EDGE_SIT;
		score->exits_confirmed += record->u.event.type == BH_EVENT_BED_EXIT;
	}
	if (record->kind != BH_RECORD_STATE)
		return;
	if (state->legs_over_edge == BH_YES && score->legs != BH_YES)
		figures_add(&score->legs_told, at);
	if (state->occupied == BH_NO && score->occupied == BH_YES)
		figures_add(&score->out_told, at);
	score->legs = state->legs_over_edge;
	score->occupied = state->occupied;
}

static void make_mat(struct bh_mat *mat)
{
	static const struct bh_zone zones[] = {
		{ .name = "trunk", .x_permille = 500, .y_permille = 350, .places = BH_AT_TRUNK },
		{ .name = "legs", .x_permille = 500, .y_permille = 800, .places = BH_AT_LEGS },
		{ .name = "left", .x_permille = 50, .y_permille = 500, .places = BH_AT_EDGE_LEFT },
	};

	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_CONTACT;
	mat->n_zones = 3;
	memcpy(mat->zone, zones, sizeof(zones));
}

/* What the trial holds: each sit after lying, each leaving of the bed. */
static void find_truth(struct score *score)
{
	for (int i = 1; i < score->n; i++) {
		const struct episode *before = &score->episode[i - 1], *now = &score->episode[i];
		bool sat = before->posture == SITTING && i >= 2 &&
			   score->episode[i - 2].posture == LYING;

		if (now->posture != OUT || before->posture == OUT)
			continue;
		if (before->posture == SITTING && !sat)
			continue; /* sat down and up again without lying: neither */
		figures_add(&score->out_true, now->start);
		if (sat)
			figures_add(&score->legs_true, before->start);
		else
			score->direct++;
	}
}

/* Only what follows lying is asked for: sits on the way into bed are sits too. */
static void drop_sits_not_after_lying(struct score *score)
{
	struct figures_moments kept = { .n = 0 };

	for (int k = 0; k < score->legs_told.n; k++) {
		double at = score->legs_told.at[k];

		for (int i = 1; i < score->n; i++)
			if (score->episode[i].start <= at && at < score->episode[i].end + 1 &&
			    score->episode[i].posture == SITTING &&
			    score->episode[i - 1].posture == LYING && i + 1 < score->n &&
			    score->episode[i + 1].posture == OUT) {
				figures_add(&kept, at);
				break;
			}
	}
	/* A sit where none is true is a false one, whatever came before. */
	for (int k = 0; k < score->legs_told.n; k++) {
		double at = score->legs_told.at[k];
		bool sitting = false;

		for (int i = 0; i < score->n; i++)
			sitting |= score->episode[i].posture == SITTING &&
				   score->episode[i].start <= at && at < score->episode[i].end + 1;
		if (!sitting) {
			figures_add(&kept, at);
			score->direct_with_legs++;
		}
	}
	score->legs_told = kept;
}

static void play(struct score *score)
{
	static struct bh_frame frame;
	static struct bh_mat mat;
	const struct bh_detect_config config = { .bed = 0 };
	const struct bh_sink sink = { .put = take_record, .ctx = score };
	struct bh_detect *detect;
	int64_t end_ns = (int64_t)((score->episode[score->n - 1].end + AFTER_S) * 1e9);
	int i = 0;

	if (score->episode[score->n - 1].posture != OUT)
		end_ns -= AFTER_S * BH_NS_PER_S;
	make_mat(&mat);
	if (bh_detect_new(&mat, bh_mat_capabilities(&mat), &config, &sink, &detect) < 0)
		abort();
	bh_frame_init(&frame, &mat);
	frame.mat_sensor = 0;
	frame.mat_fault = BH_FAULT_NONE;
	frame.changed = BH_PART_MAT;
	score->legs = BH_UNKNOWN;
	score->occupied = BH_UNKNOWN;
	for (int64_t at = 0; at < end_ns; at += STEP_NS) {
		enum posture posture;

		while (i + 1 < score->n && (double)at / 1e9 >= score->episode[i + 1].start)
			i++;
		posture = score->episode[i].posture;
		frame.load[0] = posture == LYING ? BH_LOAD_FULL : 0;
		frame.load[1] = posture == LYING ? BH_LOAD_FULL : 0;
		frame.load[2] = posture == SITTING ? BH_LOAD_FULL : 0;
		frame.mono_ns = at;
		bh_detect_frame(detect, &frame);
	}
	bh_detect_free(detect);
}

/* One trial is complete. */
static void settle(struct score *score)
{
	struct figures_moments outs = { .n = 0 };

	if (score->n == 0)
		return;
	play(score);
	find_truth(score);
	drop_sits_not_after_lying(score);
	/* Leaving after a sit without lying is true, and not asked for. */
	for (int k = 0; k < score->out_told.n; k++) {
		bool asked = true;

		for (int i = 1; i < score->n; i++)
			if (score->episode[i].posture == OUT &&
			    score->episode[i].start <= score->out_told.at[k] &&
			    score->out_told.at[k] < score->episode[i].end + 2 &&
			    score->episode[i - 1].posture == SITTING &&
			    (i < 2 || score->episode[i - 2].posture != LYING))
				asked = false;
		if (asked)
			figures_add(&outs, score->out_told.at[k]);
	}
	score->trials++;
	score->legs_matched += figures_match(&score->legs_told, &score->legs_true, 5);
	score->legs_n_true += score->legs_true.n;
	score->legs_n_told += score->legs_told.n;
	score->out_matched += figures_match(&outs, &score->out_true, 5);
	score->out_n_true += score->out_true.n;
	score->out_n_told += outs.n;
	score->legs_true.n = 0;
	score->legs_told.n = 0;
	score->out_true.n = 0;
	score->out_told.n = 0;
	score->n = 0;
}

int main(int argc, char **argv)
{
	static struct score score;
	FILE *f = figures_open(argc > 1 ? argv[1] : NULL, "bed_exit_timelines", "episodes.csv");
	char line[256], trial[64] = "", *field[4];

	while (fgets(line, sizeof(line), f)) {
		struct episode *episode;
		enum posture posture;

		if (figures_split(line, field, 4) != 4 || strcmp(field[0], "trial") == 0)
			continue;
		if (strcmp(trial, field[0]) != 0) {
			settle(&score);
			snprintf(trial, sizeof(trial), "%s", field[0]);
		}
		posture = posture_of(field[3]);
		if (score.n > 0 && score.episode[score.n - 1].posture == posture) {
			score.episode[score.n - 1].end = atof(field[2]);
			continue; /* chair or walking: out is out */
		}
		if (score.n == EPISODES_MAX) {
			fprintf(stderr, "%s: more than %d episodes\n", trial, EPISODES_MAX);
			return 4;
		}
		episode = &score.episode[score.n++];
		*episode = (struct episode){ atof(field[1]), atof(field[2]), posture };
	}
	fclose(f);
	settle(&score);
	figures_print_count("trials", score.trials);
	figures_print_count("legs_over_edge_true", score.legs_n_true);
	figures_print_count("legs_over_edge_told", score.legs_n_told);
	figures_print_f1("legs_over_edge_", score.legs_matched, score.legs_n_told,
			 score.legs_n_true);
	figures_print_count("exits_true", score.out_n_true);
	figures_print_count("exits_told", score.out_n_told);
	figures_print_f1("exits_", score.out_matched, score.out_n_told, score.out_n_true);
	figures_print_count("direct_exits", score.direct);
	figures_print_count("legs_over_edge_told_without_a_sit", score.direct_with_legs);
	figures_print_count("edge_sit_events", score.sits_confirmed);
	figures_print_count("bed_exit_events", score.exits_confirmed);
	return EXIT_SUCCESS;
}
