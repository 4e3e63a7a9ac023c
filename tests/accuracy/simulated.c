/* SPDX-License-Identifier: MIT */
/*
 * Events and positions of simulated nights, told against what truly reached the mattress:
 *
 *   simulated [--mat NAME] [--sleeper NAME] [--confounders A,B | --disturbed] [--missing]
 *             [--seed-from N] [--people N] [--nights N] [--misses]
 *
 * Without --sleeper every sleeper is scored; --misses names each false and missed event. An event is
 * found if one of its type begins within its tolerance of the true one: 1 s for leg movements, 15 s
 * for most others. Getting up in the morning is an exit too. legs_over_edge opens after 90 s; what
 * rules call leg hanging lasts 3 minutes, and such events are scored. What begins while the hub has
 * no power, or in the 30 % of a night that --missing takes away, is neither asked for nor taken for
 * wrong; but what is told of the middle of it is a wrong alarm, and a state that claims to know is
 * counted (gap_known_s of gap_s). wrong_alarms are those without a true one, of all told: exits and
 * legs over the edge. NAME_known is 0 where the mat cannot tell it.
 * Simulated accuracy is not clinical accuracy: generator and detectors share our assumptions.
 */
#include "tests/accuracy/draw.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/positions.h"
#include "tests/accuracy/restless.h"

#include <stdio.h>
#include <stdlib.h>

/* science.md section 0, dangle. */
#define HANGING_MIN_NS (3 * BH_NS_PER_MIN)
/* A state that has not come by then did not come: it counts as so late. */
#define LATEST_S 30.0

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
	{ BH_EVENT_DATA_GAP, BH_SIM_TRUTH_DATA_GAP, 60 },
	{ BH_EVENT_SENSOR_FAULT, BH_SIM_TRUTH_SENSOR_FAULT, 3600 },
};
#define N_SCORED (sizeof(scored) / sizeof(scored[0]))

/* Stretches of time: the n-th begins at the n-th of `from`. */
struct stretches {
	struct figures_moments from, to;
};

struct score {
	struct figures_moments found[N_SCORED], truth[N_SCORED];
	struct stretches toilet, gap;		  /* of truth */
	struct stretches out, legs_over, knowing; /* of the fast state */
	struct figures_moments hangings;
	enum bh_tri was_out, was_legs_over;

	struct figures_tally tally[N_SCORED];
	struct figures_moments exit_latency, legs_latency;
	long toilets, toilets_as_hanging;
	long alarms, wrong_alarms;
	double gap_s, gap_known_s;
	bool missing, print;
};

static double seconds(int64_t at_ns)
{
	return (double)at_ns / (double)BH_NS_PER_S;
}

static void forget(struct stretches *stretches)
{
	figures_forget(&stretches->from);
	figures_forget(&stretches->to);
}

/* The fast state says yes from here on, or no longer. */
static void follow(struct stretches *stretches, bool now, double at)
{
	bool was = stretches->from.n > stretches->to.n;

	if (now && !was)
		figures_add(&stretches->from, at);
	if (!now && was)
		figures_add(&stretches->to, at);
}

static void take_record(void *ctx, const struct bh_record *record)
{
	struct score *score = ctx;
	const struct bh_event *event = &record->u.event;
	const struct bh_state *state = &record->u.state;

	positions_take(record);
	restless_take(record);
	if (record->kind == BH_RECORD_STATE) {
		follow(&score->out, state->occupied == BH_NO, seconds(state->mono_ns));
		follow(&score->knowing, state->occupied != BH_UNKNOWN, seconds(state->mono_ns));
		follow(&score->legs_over, state->legs_over_edge == BH_YES, seconds(state->mono_ns));
	}
	if (record->kind != BH_RECORD_EVENT)
		return;
	if (event->type == BH_EVENT_LEGS_OVER_EDGE) {
		if (event->phase == BH_PHASE_OPEN ||
		    event->end_ns - event->start_ns < HANGING_MIN_NS)
			return;
		figures_add(&score->hangings, seconds(event->start_ns));
	} else if (event->phase == BH_PHASE_CLOSE) {
		return;
	}
	for (size_t k = 0; k < N_SCORED; k++)
		if (scored[k].type == event->type)
			figures_add(&score->found[k], seconds(event->start_ns));
}

static void take_truth(struct score *score, const struct bh_sim_truth *truth)
{
	if (!truth->mech)
		return;
	if (truth->kind == BH_SIM_TRUTH_TOILET_LIKE || truth->kind == BH_SIM_TRUTH_DATA_GAP) {
		struct stretches *stretches =
			truth->kind == BH_SIM_TRUTH_DATA_GAP ? &score->gap : &score->toilet;

		figures_add(&stretches->from, seconds(truth->start_ns));
		figures_add(&stretches->to, seconds(truth->end_ns));
	}
	for (size_t k = 0; k < N_SCORED; k++) {
		if (scored[k].truth == truth->kind)
			figures_add(&score->truth[k],
				    seconds(scored[k].type == BH_EVENT_BED_EXIT ? truth->end_ns
										: truth->start_ns));
	}
}

/* Leave out the moments that lie in a gap or no further than `beside` from one. */
static void outside_gaps(const struct stretches *gap, struct figures_moments *moments,
			 double beside)
{
	size_t kept = 0;

	for (size_t i = 0; i < moments->n; i++) {
		bool inside = false;

		for (size_t k = 0; k < gap->from.n; k++)
			inside |= moments->at[i] >= gap->from.at[k] - beside &&
				  moments->at[i] <= gap->to.at[k] + beside;
		if (!inside)
			moments->at[kept++] = moments->at[i];
	}
	moments->n = kept;
}

/* How long after each true beginning does the state say so? At once, if it does already. */
static void latencies(const struct figures_moments *truth, const struct stretches *state,
		      struct figures_moments *ret)
{
	for (size_t i = 0; i < truth->n; i++) {
		double latency = LATEST_S;

		for (size_t k = 0; k < state->from.n; k++) {
			bool over = k < state->to.n && state->to.at[k] <= truth->at[i];

			if (over)
				continue;
			if (state->from.at[k] <= truth->at[i])
				latency = 0;
			else if (state->from.at[k] - truth->at[i] < LATEST_S)
				latency = state->from.at[k] - truth->at[i];
			break;
		}
		figures_add(ret, latency);
	}
}

static void count_toilet_trips(struct score *score)
{
	for (size_t i = 0; i < score->toilet.from.n; i++) {
		bool taken = false;

		for (size_t k = 0; k < score->hangings.n; k++)
			taken |= score->hangings.at[k] >= score->toilet.from.at[i] - 15 &&
				 score->hangings.at[k] <= score->toilet.to.at[i];
		score->toilets++;
		score->toilets_as_hanging += taken;
	}
}

static const struct scored *naming;

static void name_it(void *ctx, double at, bool is_true)
{
	(void)ctx;
	printf("# %s %s at %.1f\n", bh_event_info(naming->type)->name, is_true ? "missed" : "false",
	       at);
}

/* For how much of what it could not know did the state claim to? */
static void look_into_gaps(struct score *score)
{
	for (size_t i = 0; i < score->gap.from.n; i++) {
		double from = score->gap.from.at[i], to = score->gap.to.at[i];

		score->gap_s += to - from;
		for (size_t k = 0; k < score->knowing.from.n; k++) {
			double begin = score->knowing.from.at[k];
			double end = k < score->knowing.to.n ? score->knowing.to.at[k] : to;

			begin = begin > from ? begin : from;
			end = end < to ? end : to;
			score->gap_known_s += end > begin ? end - begin : 0;
		}
	}
}

/* Match one kind of event. What was told of the middle of a gap is left out last, and counted. */
static void settle_kind(struct score *score, size_t k)
{
	struct figures_moments *found = &score->found[k], *truth = &score->truth[k];
	struct figures_tally *tally = &score->tally[k];
	bool fault = scored[k].type == BH_EVENT_DATA_GAP || scored[k].type == BH_EVENT_SENSOR_FAULT;
	double tolerance = scored[k].tolerance_s;
	long told, pairs, in_gaps;

	told = (long)found->n;
	if (!fault)
		outside_gaps(&score->gap, found, -tolerance);
	in_gaps = told - (long)found->n;
	if (!fault) {
		outside_gaps(&score->gap, truth, 0);
		outside_gaps(&score->gap, found, tolerance);
	}
	naming = &scored[k];
	pairs = figures_match(found, truth, tolerance, score->print ? name_it : NULL, NULL);
	tally->pairs += pairs;
	tally->told += (long)found->n;
	tally->truth += (long)truth->n;
	if (bh_event_info(scored[k].type)->class == BH_CLASS_ALARM) {
		score->alarms += (long)found->n + in_gaps;
		score->wrong_alarms += (long)found->n - pairs + in_gaps;
	}
	if (scored[k].type == BH_EVENT_BED_EXIT)
		latencies(truth, &score->out, &score->exit_latency);
	if (scored[k].type == BH_EVENT_LEGS_OVER_EDGE)
		latencies(truth, &score->legs_over, &score->legs_latency);
	figures_forget(found);
	figures_forget(truth);
}

/* One person's nights are over. */
static void settle(void *ctx, const struct draw_night *night)
{
	struct score *score = ctx;
	int nights = bh_simulation_night(night->simulation) + 1;

	for (int i = 0; i < nights; i++) {
		size_t n;
		const struct bh_sim_truth *truth = bh_simulation_truth(night->simulation, i, &n);

		for (size_t k = 0; k < n; k++)
			take_truth(score, &truth[k]);
		if (night->missing) {
			figures_add(&score->gap.from, seconds(night->missing[i].from_ns));
			figures_add(&score->gap.to, seconds(night->missing[i].to_ns));
		}
	}
	positions_settle(night);
	restless_settle(night);
	count_toilet_trips(score);
	look_into_gaps(score);
	for (size_t k = 0; k < N_SCORED; k++)
		settle_kind(score, k);
	figures_forget(&score->hangings);
	forget(&score->toilet);
	forget(&score->gap);
	forget(&score->out);
	forget(&score->legs_over);
	forget(&score->knowing);
}

static void before_frame(void *ctx, const struct draw_night *night, int64_t now_ns)
{
	(void)ctx;
	positions_ask(night, now_ns);
}

static void play(void *ctx, const struct bh_simulation_config *config)
{
	struct bh_sink sink = { .put = take_record, .ctx = ctx };
	const struct score *score = ctx;

	positions_begin(config);
	restless_begin();
	if (score->missing)
		draw_play_missing(config, &sink, before_frame, settle, ctx);
	else
		draw_play(config, &sink, before_frame, settle, ctx);
}

static void print_quantile(const char *name, int percent, const struct figures_moments *latency)
{
	struct figures_interval interval;
	double value = figures_quantile(latency, percent / 100.0, &interval);

	printf("%s_latency_p%d_s %.3f\n", name, percent, value);
	printf("%s_latency_p%d_s_low %.3f\n", name, percent, interval.low);
	printf("%s_latency_p%d_s_high %.3f\n", name, percent, interval.high);
}

static void print_latency(enum bh_event_type type, struct figures_moments *latency)
{
	static const int percents[] = { 50, 95, 99 };
	const char *name = bh_event_info(type)->name;

	printf("%s_latency_n %zu\n", name, latency->n);
	figures_sort(latency);
	for (size_t i = 0; latency->n > 0 && i < sizeof(percents) / sizeof(percents[0]); i++)
		print_quantile(name, percents[i], latency);
	figures_forget(latency);
}

static void print_score(struct score *score, uint32_t capabilities)
{
	const struct bh_event_info *info;

	for (size_t i = 0; (info = bh_event_info_at(i)); i++)
		printf("%s_known %d\n", info->name, (info->needs & ~capabilities) == 0);
	for (size_t k = 0; k < N_SCORED; k++) {
		char prefix[64];

		info = bh_event_info(scored[k].type);
		snprintf(prefix, sizeof(prefix), "%s_", info->name);
		figures_print_tally(prefix, &score->tally[k]);
	}
	figures_print_count("toilet_trips", score->toilets);
	figures_print_count("toilet_trips_taken_for_legs_over_edge", score->toilets_as_hanging);
	figures_print_count("alarms", score->alarms);
	figures_print_count("wrong_alarms", score->wrong_alarms);
	figures_print_count("gap_s", (long)score->gap_s);
	figures_print_count("gap_known_s", (long)score->gap_known_s);
	print_latency(BH_EVENT_BED_EXIT, &score->exit_latency);
	print_latency(BH_EVENT_LEGS_OVER_EDGE, &score->legs_latency);
	positions_print();
	restless_print();
	figures_print("seconds", figures_seconds());
}

int main(int argc, char **argv)
{
	static struct score score;
	struct draw draw = { .only = BH_SLEEPER_END, .people = 2 };

	bh_simulation_config_init(&draw.config);
	draw.config.nights = 3;
	draw_options(&draw, argc, argv);
	score.print = draw.each;
	score.missing = draw.missing;
	draw_print_mat(&draw);
	draw_each(&draw, play, &score);
	print_score(&score, draw_capabilities(&draw.config));
	return EXIT_SUCCESS;
}
