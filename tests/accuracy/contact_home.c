/* SPDX-License-Identifier: MIT */
/*
 * The contact mats of a real bed against the resident's diary:
 *
 *   contact_home [FOLDER] [--events]     FOLDER holds bed_events.csv, labels.csv, span.csv
 *
 * The edges go through the signal path at their own times on a virtual clock; the bed has the pads
 * that the table names, from left to right as their names say, else side by side. Once a minute the
 * fast state is asked whether someone is in bed, and compared with the diary's go-to-bed. Entries
 * and exits are the events bed_enter and bed_exit, which may be detected later than they happened;
 * true ones are the beginnings and ends of go-to-bed, and the toilet visits inside one. A pad that
 * stays closed for a day is stuck: that must be told within the day, and while the bed is empty the
 * history must hold no sleep.
 */
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/recordings.h"
#include "tests/accuracy/slept.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S 60
#define TOLERANCE_S 300.0
#define DAY_S 86400L
/* A few pads a bed. */
#define PADS_MAX 32

struct label {
	long start, end;
	char what[32];
};

/* A pad's state began. */
struct edge {
	long at;
	int pad;
	bool closed;
};

/* A pad that stayed closed. */
struct closure {
	long from, to;
};

struct score {
	struct label *label;
	size_t n_labels;
	struct edge *edge;
	size_t n_edges;
	struct closure *stuck;
	size_t n_stuck;
	struct bh_mat mat;
	long from, to, minute;
	struct figures_tally in_bed;
	long false_while_out, stuck_told, stuck_minutes, stuck_asleep_minutes, asleep_minutes;
	struct slept slept;
	long run, longest_run;
	struct figures_moments entries, exits;
	long faults;
	struct bh_detect *detect;
	bool print;
};

static void read_labels(const char *folder, struct score *score)
{
	static const char *const columns[] = { "start", "end", "label", NULL };
	static struct recordings_table table;

	recordings_open(&table, folder, "contact_home", "labels.csv", columns);
	while (recordings_next(&table)) {
		struct label *label;

		score->label = recordings_grow(score->label, score->n_labels + 1, sizeof(*label));
		label = &score->label[score->n_labels++];
		label->start = recordings_whole(&table, 0);
		label->end = recordings_whole(&table, 1);
		snprintf(label->what, sizeof(label->what), "%s", recordings_text(&table, 2));
		if (label->end < label->start)
			recordings_bad(&table, "ends before it starts");
	}
}

static void read_span(const char *folder, struct score *score)
{
	static const char *const columns[] = { "labelled_from", "labelled_to", NULL };
	static struct recordings_table table;

	recordings_open(&table, folder, "contact_home", "span.csv", columns);
	if (!recordings_next(&table))
		recordings_bad(&table, "no span");
	score->from = recordings_whole(&table, 0);
	score->to = recordings_whole(&table, 1);
	if (score->to <= score->from)
		recordings_bad(&table, "the span is empty");
	score->minute = score->from;
}

static int pad_named(const struct recordings_table *table, struct bh_mat *mat, const char *name)
{
	struct bh_zone *zone = &mat->zone[mat->n_zones];

	for (int i = 0; i < mat->n_zones; i++)
		if (strcmp(mat->zone[i].name, name) == 0)
			return i;
	if (mat->n_zones == PADS_MAX || strlen(name) >= sizeof(zone->name))
		recordings_bad(table, "more pads, or a longer name, than a bed of contacts has");
	snprintf(zone->name, sizeof(zone->name), "%s", name);
	zone->y_permille = 500;
	zone->places = BH_AT_TRUNK | BH_AT_LEGS;
	return mat->n_zones++;
}

/* Left and right by name where the names say so, else side by side in the order of the table. */
static void place_pads(struct bh_mat *mat)
{
	for (int i = 0; i < mat->n_zones; i++) {
		struct bh_zone *zone = &mat->zone[i];
		int x = (2 * i + 1) * 1000 / (2 * mat->n_zones);

		if (strstr(zone->name, "left"))
			x = 250;
		else if (strstr(zone->name, "right"))
			x = 750;
		zone->x_permille = (int16_t)x;
	}
}

static int by_time(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void read_edges(const char *folder, struct score *score)
{
	static const char *const columns[] = { "t", "zone", "state", NULL };
	static struct recordings_table table;

	recordings_open(&table, folder, "contact_home", "bed_events.csv", columns);
	score->mat.kind = BH_MAT_CONTACT;
	while (recordings_next(&table)) {
		long state = recordings_whole(&table, 2);

		if (state != 0 && state != 1)
			recordings_bad(&table, "a pad is 0 or 1");
		score->edge =
			recordings_grow(score->edge, score->n_edges + 1, sizeof(*score->edge));
		score->edge[score->n_edges++] = (struct edge){
			.at = (long)recordings_number(&table, 0),
			.pad = pad_named(&table, &score->mat, recordings_text(&table, 1)),
			.closed = state == 1,
		};
		/* qsort() is not stable; two edges of one second must keep their order. */
		if (score->n_edges > 1 &&
		    by_time(&score->edge[score->n_edges - 2], &score->edge[score->n_edges - 1]) > 0)
			recordings_bad(&table, "time runs backwards");
	}
	if (score->n_edges == 0)
		recordings_bad(&table, "no edges");
	place_pads(&score->mat);
}

static bool inside(const struct score *score, const char *what, long at)
{
	for (size_t i = 0; i < score->n_labels; i++)
		if (strcmp(score->label[i].what, what) == 0 && score->label[i].start <= at &&
		    at < score->label[i].end)
			return true;
	return false;
}

/* The closures of a day and more. A second "closed" of a pad that is closed is no beginning. */
static void find_stuck(struct score *score)
{
	for (int pad = 0; pad < score->mat.n_zones; pad++) {
		long since = -1;

		for (size_t i = 0; i <= score->n_edges; i++) {
			const struct edge *edge = &score->edge[i];
			bool end = i == score->n_edges;
			long at = end ? score->to : edge->at;

			if (!end && edge->pad != pad)
				continue;
			if (!end && edge->closed) {
				since = since < 0 ? at : since;
				continue;
			}
			if (since >= 0 && at - since >= DAY_S) {
				score->stuck = recordings_grow(score->stuck, score->n_stuck + 1,
							       sizeof(*score->stuck));
				score->stuck[score->n_stuck++] = (struct closure){ since, at };
			}
			since = -1;
		}
	}
}

/* Someone was in bed within the tolerance of entries and exits. */
static bool near_bed_time(const struct score *score, long at)
{
	return inside(score, "go-to-bed", at - (long)TOLERANCE_S) ||
	       inside(score, "go-to-bed", at) || inside(score, "go-to-bed", at + (long)TOLERANCE_S);
}

/* A pad has been stuck for a day at this minute: is that told? */
static void look_at_stuck(struct score *score)
{
	for (size_t i = 0; i < score->n_stuck; i++) {
		long day = score->stuck[i].from + DAY_S;

		if (score->minute <= day && day < score->minute + STEP_S)
			score->stuck_told += bh_detect_state(score->detect)->faults != 0;
	}
}

/* The minutes of the day that a stuck pad makes up sleep for, nobody being in bed. */
static void count_sleep_of_stuck(struct score *score)
{
	slept_score(&score->slept, bh_mat_capabilities(&score->mat));
	for (long at = score->from; at < score->to; at += STEP_S) {
		bool stuck = false, asleep = slept_at(&score->slept, at);

		score->asleep_minutes += asleep;
		for (size_t i = 0; i < score->n_stuck; i++)
			stuck |= score->stuck[i].from <= at && at < score->stuck[i].to;
		if (!stuck || near_bed_time(score, at))
			continue;
		score->stuck_minutes++;
		score->stuck_asleep_minutes += asleep;
	}
}

/* The minutes of the grid before `until`: what did the state say then? */
static void run_to(struct score *score, long until)
{
	for (; score->minute < until && score->minute < score->to; score->minute += STEP_S) {
		bool said, true_in = inside(score, "go-to-bed", score->minute);

		bh_detect_advance(score->detect, (int64_t)score->minute * BH_NS_PER_S);
		said = bh_detect_state(score->detect)->occupied == BH_YES;
		score->in_bed.pairs += said && true_in;
		score->in_bed.told += said;
		score->in_bed.truth += true_in;
		score->false_while_out += said && inside(score, "leave-house", score->minute);
		look_at_stuck(score);
		score->run = said && !true_in ? score->run + 1 : 0;
		if (score->run > score->longest_run)
			score->longest_run = score->run;
	}
}

static void play(struct score *score)
{
	static struct bh_frame frame;

	bh_frame_init(&frame, &score->mat);
	/* A driver reads its lines when it opens them; before its first edge a pad was open. */
	frame.mat_sensor = 0;
	frame.mat_fault = BH_FAULT_NONE;
	frame.mono_ns = (int64_t)score->from * BH_NS_PER_S;
	if (score->edge[0].at < score->from)
		frame.mono_ns = (int64_t)score->edge[0].at * BH_NS_PER_S;
	frame.changed = BH_PART_MAT;
	bh_detect_frame(score->detect, &frame);
	for (size_t i = 0; i < score->n_edges; i++) {
		const struct edge *edge = &score->edge[i];

		run_to(score, edge->at);
		frame.load[edge->pad] = edge->closed ? BH_LOAD_FULL : 0;
		frame.mono_ns = (int64_t)edge->at * BH_NS_PER_S;
		frame.changed = BH_PART_MAT;
		bh_detect_frame(score->detect, &frame);
	}
	run_to(score, score->to);
	bh_detect_stop(score->detect,
		       frame.mono_ns > (int64_t)score->to * BH_NS_PER_S
			       ? frame.mono_ns
			       : (int64_t)score->to * BH_NS_PER_S,
		       BH_END_STOPPED);
}

static void take_record(void *ctx, const struct bh_record *record)
{
	struct score *score = ctx;
	const struct bh_event *event = &record->u.event;
	double at;

	slept_take(&score->slept, record);
	if (record->kind != BH_RECORD_EVENT)
		return;
	at = (double)event->start_ns / (double)BH_NS_PER_S;
	if (score->print)
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
	for (size_t i = 0; i < score->n_labels; i++) {
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

static void print_moments(const char *what, struct figures_moments *found,
			  struct figures_moments *truth, struct figures_tally *all)
{
	struct figures_tally tally = {
		.pairs = figures_match(found, truth, TOLERANCE_S, NULL, NULL),
		.told = (long)found->n,
		.truth = (long)truth->n,
	};
	char name[64];

	snprintf(name, sizeof(name), "%s_", what);
	figures_print_tally(name, &tally);
	if (all) {
		all->pairs += tally.pairs;
		all->told += tally.told;
		all->truth += tally.truth;
	}
	figures_forget(truth);
}

static void print_score(struct score *score)
{
	struct figures_moments entries = { .n = 0 }, exits = { .n = 0 };
	struct figures_tally moments = { 0 };

	figures_print_tally("in_bed_", &score->in_bed);
	figures_print_count("false_minutes_while_out", score->false_while_out);
	figures_print_count("longest_false_run_min", score->longest_run);
	true_moments(score, true, &entries, &exits);
	print_moments("entries", &score->entries, &entries, &moments);
	print_moments("exits", &score->exits, &exits, &moments);
	figures_print_tally("moments_", &moments);
	true_moments(score, false, &entries, &exits);
	print_moments("entries_without_toilet", &score->entries, &entries, NULL);
	print_moments("exits_without_toilet", &score->exits, &exits, NULL);
	figures_print_count("faults", score->faults);
	figures_print_count("stuck", (long)score->n_stuck);
	figures_print_count("stuck_told", score->stuck_told);
	figures_print_count("stuck_minutes", score->stuck_minutes);
	figures_print_count("stuck_asleep_minutes", score->stuck_asleep_minutes);
	figures_print_count("asleep_minutes", score->asleep_minutes);
	figures_print("seconds", figures_seconds());
}

int main(int argc, char **argv)
{
	static struct score score;
	const struct bh_detect_config config = { .bed = 0 };
	const struct bh_sink sink = { .put = take_record, .ctx = &score };
	const char *folder = NULL;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--events") == 0)
			score.print = true;
		else
			folder = argv[i];
	}
	read_labels(folder, &score);
	read_span(folder, &score);
	read_edges(folder, &score);
	find_stuck(&score);
	if (bh_detect_new(&score.mat, bh_mat_capabilities(&score.mat), &config, &sink,
			  &score.detect) < 0)
		return EXIT_FAILURE;
	play(&score);
	count_sleep_of_stuck(&score);
	print_score(&score);
	bh_detect_free(score.detect);
	slept_forget(&score.slept);
	figures_forget(&score.entries);
	figures_forget(&score.exits);
	free(score.label);
	free(score.edge);
	free(score.stuck);
	return EXIT_SUCCESS;
}
