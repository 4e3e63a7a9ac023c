/* SPDX-License-Identifier: MIT */
/*
 * Two contact mats of a real bed against the resident's diary:
 *
 *   contact_home [FOLDER]     FOLDER holds bed_events.csv, labels.csv, span.csv
 *
 * The edges go through the signal path at their own times on a virtual clock. Once a minute the
 * fast state is asked whether someone is in bed, and compared with the diary's go-to-bed. Entries
 * and exits are the events bed_enter and bed_exit, which may be detected later than they happened;
 * true ones are the beginnings and ends of go-to-bed, and the toilet visits inside one.
 */
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_MAX 8192
#define STEP_S 60
#define TOLERANCE_S 300.0

struct label {
	long start, end;
	char what[32];
};

struct score {
	struct label label[LABELS_MAX];
	int n_labels;
	long from, to, minute;
	long true_in, false_in, missed, false_while_out;
	long run, longest_run;
	struct figures_moments entries, exits;
	long faults, fault_open_s;
	struct bh_detect *detect;
};

static void read_labels(const char *folder, struct score *score)
{
	FILE *f = figures_open(folder, "contact_home", "labels.csv");
	char line[256], *field[3];

	while (fgets(line, sizeof(line), f)) {
		struct label *label = &score->label[score->n_labels];

		if (figures_split(line, field, 3) != 3 || strcmp(field[0], "start") == 0)
			continue;
		if (score->n_labels == LABELS_MAX) {
			fprintf(stderr, "labels.csv: more than %d labels\n", LABELS_MAX);
			exit(4);
		}
		label->start = atol(field[0]);
		label->end = atol(field[1]);
		snprintf(label->what, sizeof(label->what), "%s", field[2]);
		score->n_labels++;
	}
	fclose(f);
}

static void read_span(const char *folder, struct score *score)
{
	FILE *f = figures_open(folder, "contact_home", "span.csv");
	char line[256], *field[2];

	while (fgets(line, sizeof(line), f))
		if (figures_split(line, field, 2) == 2 && strcmp(field[0], "labelled_from") != 0) {
			score->from = atol(field[0]);
			score->to = atol(field[1]);
		}
	fclose(f);
	score->minute = score->from;
}

static bool inside(const struct score *score, const char *what, long at)
{
	for (int i = 0; i < score->n_labels; i++)
		if (strcmp(score->label[i].what, what) == 0 && score->label[i].start <= at &&
		    at < score->label[i].end)
			return true;
	return false;
}

/* The minutes of the grid before `until`: what did the state say then? */
static void run_to(struct score *score, long until)
{
	for (; score->minute < until && score->minute < score->to; score->minute += STEP_S) {
		bool said, true_in = inside(score, "go-to-bed", score->minute);

		bh_detect_advance(score->detect, (int64_t)score->minute * BH_NS_PER_S);
		said = bh_detect_state(score->detect)->occupied == BH_YES;
		score->true_in += said && true_in;
		score->false_in += said && !true_in;
		score->missed += !said && true_in;
		score->false_while_out += said && inside(score, "leave-house", score->minute);
		score->run = said && !true_in ? score->run + 1 : 0;
		if (score->run > score->longest_run)
			score->longest_run = score->run;
	}
}

static void play(const char *folder, struct score *score, struct bh_frame *frame,
		 const struct bh_mat *mat)
{
	FILE *f = figures_open(folder, "contact_home", "bed_events.csv");
	char line[256], *field[3];

	/* A driver reads its lines when it opens them; before its first edge a pad was open. */
	frame->mat_sensor = 0;
	frame->mat_fault = BH_FAULT_NONE;
	frame->mono_ns = (int64_t)score->from * BH_NS_PER_S;
	frame->changed = BH_PART_MAT;
	bh_detect_frame(score->detect, frame);
	while (fgets(line, sizeof(line), f)) {
		long at;

		if (figures_split(line, field, 3) != 3 || strcmp(field[0], "t") == 0)
			continue;
		at = atol(field[0]);
		run_to(score, at);
		for (unsigned int i = 0; i < mat->n_zones; i++)
			if (strcmp(mat->zone[i].name, field[1]) == 0)
				frame->load[i] = atoi(field[2]) ? BH_LOAD_FULL : 0;
		frame->mono_ns = (int64_t)at * BH_NS_PER_S;
		frame->changed = BH_PART_MAT;
		if (bh_detect_frame(score->detect, frame) == -EILSEQ)
			fprintf(stderr, "bed_events.csv: time runs backwards at %ld\n", at);
	}
	fclose(f);
	run_to(score, score->to);
	bh_detect_stop(score->detect, (int64_t)score->to * BH_NS_PER_S, BH_END_STOPPED);
}

static void take_record(void *ctx, const struct bh_record *record)
{
	struct score *score = ctx;
	const struct bh_event *event = &record->u.event;
	double at;

	if (record->kind != BH_RECORD_EVENT)
		return;
	at = (double)event->start_ns / (double)BH_NS_PER_S;
	if (getenv("CONTACT_HOME_EVENTS"))
		printf("# %s %d %.0f detected %.0f end %.0f value %d\n",
		       bh_event_info(event->type)->name, event->phase, at,
		       (double)event->detected_ns / (double)BH_NS_PER_S,
		       (double)event->end_ns / (double)BH_NS_PER_S, event->value);
	if (event->type == BH_EVENT_BED_ENTER)
		figures_add(&score->entries, at);
	if (event->type == BH_EVENT_BED_EXIT && event->phase == BH_PHASE_OPEN)
		figures_add(&score->exits, at);
	if (event->type == BH_EVENT_SENSOR_FAULT && event->phase == BH_PHASE_OPEN)
		score->faults++;
}

static void true_moments(const struct score *score, bool toilet, struct figures_moments *entries,
			 struct figures_moments *exits)
{
	for (int i = 0; i < score->n_labels; i++) {
		const struct label *label = &score->label[i];

		if (strcmp(label->what, "go-to-bed") == 0) {
			figures_add(entries, (double)label->start);
			figures_add(exits, (double)label->end);
		} else if (toilet && strcmp(label->what, "use-toilet") == 0 &&
			   inside(score, "go-to-bed", label->start) &&
			   inside(score, "go-to-bed", label->end)) {
			figures_add(exits, (double)label->start);
			figures_add(entries, (double)label->end);
		}
	}
}

static void print_moments(const char *what, const struct figures_moments *found,
			  const struct figures_moments *truth,
			  const struct figures_moments *without_toilet)
{
	int matched = figures_match(found, truth, TOLERANCE_S);
	char name[64];

	snprintf(name, sizeof(name), "%s_total", what);
	figures_print_count(name, truth->n);
	snprintf(name, sizeof(name), "%s_found", what);
	figures_print_count(name, matched);
	snprintf(name, sizeof(name), "%s_told", what);
	figures_print_count(name, found->n);
	snprintf(name, sizeof(name), "%s_", what);
	figures_print_f1(name, matched, found->n, truth->n);
	snprintf(name, sizeof(name), "%s_without_toilet_total", what);
	figures_print_count(name, without_toilet->n);
	snprintf(name, sizeof(name), "%s_without_toilet_found", what);
	figures_print_count(name, figures_match(found, without_toilet, TOLERANCE_S));
}

static void print_score(const struct score *score)
{
	static struct figures_moments entries, exits, entries_bed, exits_bed;

	true_moments(score, true, &entries, &exits);
	true_moments(score, false, &entries_bed, &exits_bed);
	figures_print_f1("", score->true_in, score->true_in + score->false_in,
			 score->true_in + score->missed);
	figures_print_count("false_minutes", score->false_in);
	figures_print_count("missed_minutes", score->missed);
	figures_print_count("false_minutes_while_out", score->false_while_out);
	figures_print_count("longest_false_run_min", score->longest_run);
	print_moments("entries", &score->entries, &entries, &entries_bed);
	print_moments("exits", &score->exits, &exits, &exits_bed);
	figures_print_count("faults", score->faults);
	figures_print("seconds", figures_seconds());
}

int main(int argc, char **argv)
{
	static const struct bh_mat mat = {
		.kind = BH_MAT_CONTACT,
		.n_zones = 2,
		.zone = { { .name = "bed_left",
			    .x_permille = 250,
			    .y_permille = 500,
			    .places = BH_AT_TRUNK | BH_AT_LEGS },
			  { .name = "bed_right",
			    .x_permille = 750,
			    .y_permille = 500,
			    .places = BH_AT_TRUNK | BH_AT_LEGS } },
	};
	static struct score score;
	static struct bh_frame frame;
	const struct bh_detect_config config = { .bed = 0 };
	const struct bh_sink sink = { .put = take_record, .ctx = &score };
	const char *folder = argc > 1 ? argv[1] : NULL;

	read_labels(folder, &score);
	read_span(folder, &score);
	if (bh_detect_new(&mat, bh_mat_capabilities(&mat), &config, &sink, &score.detect) < 0)
		return EXIT_FAILURE;
	bh_frame_init(&frame, &mat);
	play(folder, &score, &frame, &mat);
	print_score(&score);
	bh_detect_free(score.detect);
	return EXIT_SUCCESS;
}
