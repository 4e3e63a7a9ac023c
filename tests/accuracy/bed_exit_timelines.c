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
#include "tests/accuracy/recordings.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_NS (BH_NS_PER_S / 10)
#define AFTER_S 15
#define TOLERANCE_S 5

enum posture { OUT, SITTING, LYING };

struct episode {
	double start, end;
	enum posture posture;
};

struct score {
	struct episode *episode;
	int n;
	struct figures_moments legs_true, legs_told, out_true, out_told;
	struct figures_tally legs_tally, out_tally;
	long direct, direct_with_legs, told_without_a_sit;
	long sits_confirmed, exits_confirmed, trials;
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

static bool any_within(const struct figures_moments *moments, double from, double to)
{
	for (size_t k = 0; k < moments->n; k++)
		if (moments->at[k] >= from && moments->at[k] <= to)
			return true;
	return false;
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
		if (sat) {
			figures_add(&score->legs_true, before->start);
			continue;
		}
		score->direct++;
		score->direct_with_legs +=
			any_within(&score->legs_told, now->start - 1, now->start + TOLERANCE_S);
	}
}

/* Only what follows lying is asked for: sits on the way into bed are sits too. */
static void drop_sits_not_after_lying(struct score *score)
{
	struct figures_moments kept = { .n = 0 };

	for (size_t k = 0; k < score->legs_told.n; k++) {
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
	for (size_t k = 0; k < score->legs_told.n; k++) {
		double at = score->legs_told.at[k];
		bool sitting = false;

		for (int i = 0; i < score->n; i++)
			sitting |= score->episode[i].posture == SITTING &&
				   score->episode[i].start <= at && at < score->episode[i].end + 1;
		if (!sitting) {
			figures_add(&kept, at);
			score->told_without_a_sit++;
		}
	}
	figures_forget(&score->legs_told);
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
	for (int64_t at = (int64_t)(score->episode[0].start * 1e9); at < end_ns; at += STEP_NS) {
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

static void add_up(struct figures_tally *tally, struct figures_moments *told,
		   struct figures_moments *truth)
{
	tally->pairs += figures_match(told, truth, TOLERANCE_S, NULL, NULL);
	tally->told += (long)told->n;
	tally->truth += (long)truth->n;
	figures_forget(told);
	figures_forget(truth);
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
	for (size_t k = 0; k < score->out_told.n; k++) {
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
	add_up(&score->legs_tally, &score->legs_told, &score->legs_true);
	add_up(&score->out_tally, &outs, &score->out_true);
	figures_forget(&score->out_told);
	score->n = 0;
}

/* Chair or walking: out is out. */
static void take_episode(struct score *score, const struct recordings_table *table)
{
	struct episode episode = { recordings_number(table, 1), recordings_number(table, 2),
				   posture_of(recordings_text(table, 3)) };
	struct episode *last = score->n > 0 ? &score->episode[score->n - 1] : NULL;

	if (episode.end < episode.start)
		recordings_bad(table, "ends before it starts");
	if (last && episode.start < last->start)
		recordings_bad(table, "time runs backwards within a trial");
	/* Frames of a tenth of a second for longer than a day: no trial of getting up. */
	if (episode.end - episode.start > 86400)
		recordings_bad(table, "longer than a day");
	if (last && last->posture == episode.posture) {
		last->end = episode.end;
		return;
	}
	score->episode = recordings_grow(score->episode, (size_t)score->n + 1, sizeof(episode));
	score->episode[score->n++] = episode;
}

int main(int argc, char **argv)
{
	static const char *const columns[] = { "trial", "start", "end", "label", NULL };
	static struct recordings_table table;
	static struct score score;
	char trial[256] = "";

	recordings_open(&table, argc > 1 ? argv[1] : NULL, "bed_exit_timelines", "episodes.csv",
			columns);
	while (recordings_next(&table)) {
		if (strcmp(trial, recordings_text(&table, 0)) != 0) {
			settle(&score);
			snprintf(trial, sizeof(trial), "%s", recordings_text(&table, 0));
		}
		take_episode(&score, &table);
	}
	settle(&score);
	if (score.trials == 0)
		recordings_bad(&table, "no trial");
	figures_print_count("trials", score.trials);
	figures_print_tally("legs_over_edge_", &score.legs_tally);
	figures_print_tally("exits_", &score.out_tally);
	figures_print_count("direct_exits", score.direct);
	figures_print_count("direct_exits_with_legs", score.direct_with_legs);
	figures_print_count("legs_over_edge_told_without_a_sit", score.told_without_a_sit);
	figures_print_count("edge_sit_events", score.sits_confirmed);
	figures_print_count("bed_exit_events", score.exits_confirmed);
	free(score.episode);
	return EXIT_SUCCESS;
}
