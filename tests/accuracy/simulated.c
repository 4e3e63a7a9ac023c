/* SPDX-License-Identifier: MIT */
/*
 * Simulated nights through the signal path, against what truly reached the mattress:
 *
 *   simulated [--mat NAME] [--sleeper NAME] [--confounders A,B] [--seed-from N] [--people N] [--nights N]
 *
 * Without --sleeper every sleeper is scored. An event is found if one of its type begins within its
 * tolerance of the true one: 1 s for leg movements, 15 s for most others. Getting up in the morning
 * is an exit too. legs_over_edge opens after 90 s; what rules call leg hanging lasts 3 minutes, and
 * such events are scored. Simulated accuracy is not clinical accuracy: generator and detectors share
 * our assumptions.
 */
#include "drivers/simulator/simulator.h"
#include "hub/detect/detect.h"
#include "tests/accuracy/figures.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LATENCIES_MAX 100000
/* science.md section 0, dangle. */
#define HANGING_MIN_NS (3 * BH_NS_PER_MIN)

/* What is scored, and how near an onset must be. */
static const struct scored {
	enum bh_event_type type;
	enum bh_sim_truth_kind truth;
	double tolerance_s;
} scored[] = {
	{ BH_EVENT_BED_EXIT, BH_SIM_TRUTH_BED_OCCUPIED, 15 }, /* its end */
	{ BH_EVENT_EDGE_SIT, BH_SIM_TRUTH_EDGE_SIT, 15 },
	{ BH_EVENT_LEGS_OVER_EDGE, BH_SIM_TRUTH_LEGS_OVER_EDGE, 15 },
	{ BH_EVENT_LEG_OUT, BH_SIM_TRUTH_LEG_OUT, 15 },
	{ BH_EVENT_LEG_MOVEMENT, BH_SIM_TRUTH_LEG_MOVEMENT, 1 },
	{ BH_EVENT_LARGE_MOVEMENT, BH_SIM_TRUTH_LARGE_MOVEMENT, 15 },
	{ BH_EVENT_JOLT, BH_SIM_TRUTH_JOLT, 15 },
	{ BH_EVENT_WALK_BREAK, BH_SIM_TRUTH_WALK_BREAK, 60 },
	{ BH_EVENT_TOILET_LIKE, BH_SIM_TRUTH_TOILET_LIKE, 60 },
	{ BH_EVENT_PLM_SERIES, BH_SIM_TRUTH_PLM_SERIES, 60 },
	{ BH_EVENT_UNCOVER, BH_SIM_TRUTH_UNCOVER, 600 },
	{ BH_EVENT_SENSOR_FAULT, BH_SIM_TRUTH_SENSOR_FAULT, 3600 },
	{ BH_EVENT_DATA_GAP, BH_SIM_TRUTH_DATA_GAP, 60 },
};
#define N_SCORED (sizeof(scored) / sizeof(scored[0]))

struct moments {
	double *at;
	size_t n, cap;
};

struct score {
	struct moments found[N_SCORED], truth[N_SCORED];
	long matched[N_SCORED], n_found[N_SCORED], n_truth[N_SCORED];
	long toilet_as_hanging, toilets;
	struct moments hangings, toilet_from, toilet_to;
	/* Latency of the fast state. */
	struct moments out, sitting; /* when the state began to say so */
	double latency_exit[LATENCIES_MAX], latency_legs[LATENCIES_MAX];
	size_t n_exit, n_legs;
	bool was_out, was_sitting;
	bool print;
};

static void add(struct moments *m, double at)
{
	if (m->n == m->cap) {
		m->cap = m->cap ? m->cap * 2 : 1024;
		m->at = realloc(m->at, m->cap * sizeof(m->at[0]));
		if (!m->at)
			abort();
	}
	m->at[m->n++] = at;
}

static double seconds(int64_t at_ns)
{
	return (double)at_ns / (double)BH_NS_PER_S;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static long match(struct score *score, size_t k)
{
	struct moments *f = &score->found[k], *t = &score->truth[k];
	long n = 0;

	/* An empty list has no array to sort. */
	if (f->n > 0)
		qsort(f->at, f->n, sizeof(f->at[0]), by_value);
	if (t->n > 0)
		qsort(t->at, t->n, sizeof(t->at[0]), by_value);
	for (size_t i = 0, j = 0; i < f->n || j < t->n;) {
		double gap = i < f->n && j < t->n ? f->at[i] - t->at[j] : i < f->n ? -1e18 : 1e18;

		if (gap >= -scored[k].tolerance_s && gap <= scored[k].tolerance_s) {
			n++;
			i++;
			j++;
		} else if (gap < 0) {
			if (score->print)
				printf("# %s false at %.1f\n", bh_event_info(scored[k].type)->name,
				       f->at[i]);
			i++;
		} else {
			if (score->print)
				printf("# %s missed at %.1f\n", bh_event_info(scored[k].type)->name,
				       t->at[j]);
			j++;
		}
	}
	return n;
}

static void take_record(void *ctx, const struct bh_record *record)
{
	struct score *score = ctx;
	const struct bh_event *event = &record->u.event;
	const struct bh_state *state = &record->u.state;

	if (record->kind == BH_RECORD_STATE) {
		bool out = state->occupied == BH_NO, sitting = state->legs_over_edge == BH_YES;

		if (out && !score->was_out)
			add(&score->out, seconds(state->mono_ns));
		if (sitting && !score->was_sitting)
			add(&score->sitting, seconds(state->mono_ns));
		score->was_out = out;
		score->was_sitting = sitting;
	}
	if (record->kind != BH_RECORD_EVENT)
		return;
	if (event->type == BH_EVENT_LEGS_OVER_EDGE) {
		if (event->phase == BH_PHASE_OPEN ||
		    event->end_ns - event->start_ns < HANGING_MIN_NS)
			return;
		add(&score->hangings, seconds(event->start_ns));
	} else if (event->phase == BH_PHASE_CLOSE) {
		return;
	}
	for (size_t k = 0; k < N_SCORED; k++)
		if (scored[k].type == event->type)
			add(&score->found[k], seconds(event->start_ns));
}

static void take_truth(struct score *score, const struct bh_sim_truth *truth, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct bh_sim_truth *t = &truth[i];

		if (!t->mech)
			continue;
		if (t->kind == BH_SIM_TRUTH_TOILET_LIKE) {
			add(&score->toilet_from, seconds(t->start_ns));
			add(&score->toilet_to, seconds(t->end_ns));
		}
		for (size_t k = 0; k < N_SCORED; k++) {
			if (scored[k].truth == t->kind)
				add(&score->truth[k],
				    seconds(scored[k].type == BH_EVENT_BED_EXIT ? t->end_ns
										: t->start_ns));
		}
	}
}

/* How long after each true beginning did the state say so? 30 s without is not found at all. */
static void latencies(const struct moments *truth, const struct moments *state, double *ret,
		      size_t *n)
{
	size_t k = 0;

	for (size_t i = 0; i < truth->n; i++) {
		while (k < state->n && state->at[k] < truth->at[i])
			k++;
		if (k < state->n && state->at[k] - truth->at[i] < 30 && *n < LATENCIES_MAX)
			ret[(*n)++] = state->at[k] - truth->at[i];
	}
}

static void settle(struct score *score)
{
	for (size_t i = 0; i < score->toilet_from.n; i++) {
		bool taken = false;

		for (size_t k = 0; k < score->hangings.n; k++)
			taken |= score->hangings.at[k] >= score->toilet_from.at[i] - 15 &&
				 score->hangings.at[k] <= score->toilet_to.at[i];
		score->toilets++;
		score->toilet_as_hanging += taken;
	}
	for (size_t k = 0; k < N_SCORED; k++) {
		score->matched[k] += match(score, k);
		if (scored[k].type == BH_EVENT_BED_EXIT)
			latencies(&score->truth[k], &score->out, score->latency_exit,
				  &score->n_exit);
		if (scored[k].type == BH_EVENT_LEGS_OVER_EDGE)
			latencies(&score->truth[k], &score->sitting, score->latency_legs,
				  &score->n_legs);
		score->n_found[k] += (long)score->found[k].n;
		score->n_truth[k] += (long)score->truth[k].n;
		score->found[k].n = 0;
		score->truth[k].n = 0;
	}
	score->hangings.n = 0;
	score->toilet_from.n = 0;
	score->toilet_to.n = 0;
	score->out.n = 0;
	score->sitting.n = 0;
}

static void play(struct score *score, const struct bh_simulation_config *config)
{
	static struct bh_frame frame;
	struct bh_detect_config detect_config = { .bed = 0 };
	struct bh_sink sink = { .put = take_record, .ctx = score };
	struct bh_simulation *simulation;
	const struct bh_capture_info *info;
	struct bh_detect *detect;
	struct bh_error err = { .text = "" };
	int64_t last_ns = 0;

	if (bh_simulation_new(config, &simulation, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(EXIT_FAILURE);
	}
	info = bh_simulation_info(simulation);
	if (bh_detect_new(&info->mat, info->capabilities, &detect_config, &sink, &detect) < 0)
		abort();
	bh_frame_init(&frame, &info->mat);
	/* Who a part belongs to is the driver's to say: a bed's sensors have numbers. */
	frame.mat_sensor = 0;
	for (uint8_t i = 0; i < BH_TEMP_SLOTS; i++)
		frame.temp[i].sensor = (uint8_t)(i + 1);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		bh_detect_frame(detect, &frame);
		last_ns = frame.mono_ns;
		frame.changed = 0;
	}
	bh_detect_stop(detect, last_ns, BH_END_STOPPED);
	for (int night = 0; night < config->nights; night++) {
		size_t n;
		const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);

		take_truth(score, truth, n);
	}
	settle(score);
	bh_detect_free(detect);
	bh_simulation_free(simulation);
}

static void print_latency(const char *name, double *latency, size_t n)
{
	char text[64];

	if (n == 0)
		return;
	qsort(latency, n, sizeof(latency[0]), by_value);
	snprintf(text, sizeof(text), "%s_latency_p50_s", name);
	figures_print(text, latency[n / 2]);
	snprintf(text, sizeof(text), "%s_latency_p95_s", name);
	figures_print(text, latency[n * 95 / 100]);
	snprintf(text, sizeof(text), "%s_latency_p99_s", name);
	figures_print(text, latency[n * 99 / 100]);
}

static void print_score(struct score *score)
{
	for (size_t k = 0; k < N_SCORED; k++) {
		const char *name = bh_event_info(scored[k].type)->name;
		char text[64];

		if (score->n_truth[k] == 0 && score->n_found[k] == 0)
			continue;
		snprintf(text, sizeof(text), "%s_true", name);
		figures_print_count(text, score->n_truth[k]);
		snprintf(text, sizeof(text), "%s_told", name);
		figures_print_count(text, score->n_found[k]);
		snprintf(text, sizeof(text), "%s_", name);
		figures_print_f1(text, score->matched[k], score->n_found[k], score->n_truth[k]);
	}
	figures_print_count("toilet_trips", score->toilets);
	figures_print_count("toilet_trips_taken_for_legs_over_edge", score->toilet_as_hanging);
	print_latency("bed_exit", score->latency_exit, score->n_exit);
	print_latency("legs_over_edge", score->latency_legs, score->n_legs);
	figures_print("seconds", figures_seconds());
}

static int usage(void)
{
	fprintf(stderr, "usage: simulated [--mat NAME] [--sleeper NAME] [--confounders A,B]\n"
			"                 [--seed-from N] [--people N] [--nights N] [--misses]\n");
	return 2;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "mat", required_argument, NULL, 'm' },
		{ "sleeper", required_argument, NULL, 's' },
		{ "confounders", required_argument, NULL, 'c' },
		{ "seed-from", required_argument, NULL, 'f' },
		{ "people", required_argument, NULL, 'p' },
		{ "nights", required_argument, NULL, 'n' },
		{ "misses", no_argument, NULL, 'x' },
		{ NULL, 0, NULL, 0 },
	};
	static struct score score;
	struct bh_simulation_config config;
	enum bh_sleeper only = BH_SLEEPER_END;
	int people = 2, option;

	bh_simulation_config_init(&config);
	config.nights = 3;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if ((option == 'm' && bh_sim_mat_from_name(optarg, &config.mat) < 0) ||
		    (option == 's' && bh_sleeper_from_name(optarg, &only) < 0) ||
		    (option == 'c' && bh_confounders_from_text(optarg, &config.confounders) < 0) ||
		    option == '?')
			return usage();
		if (option == 'f')
			config.seed = strtoull(optarg, NULL, 10);
		if (option == 'p')
			people = atoi(optarg);
		if (option == 'n')
			config.nights = atoi(optarg);
		score.print |= option == 'x';
	}
	for (int person = 0; person < people; person++) {
		for (int s = 0; s < BH_SLEEPER_END; s++) {
			if (only != BH_SLEEPER_END && s != (int)only)
				continue;
			config.sleeper = (enum bh_sleeper)s;
			play(&score, &config);
		}
		config.seed++;
	}
	printf("mat %s\n", bh_sim_mat_info(config.mat)->name);
	print_score(&score);
	for (size_t k = 0; k < N_SCORED; k++) {
		free(score.found[k].at);
		free(score.truth[k].at);
	}
	free(score.hangings.at);
	free(score.toilet_from.at);
	free(score.toilet_to.at);
	free(score.out.at);
	free(score.sitting.at);
	return EXIT_SUCCESS;
}
