/* SPDX-License-Identifier: MIT */
/*
 * What a night adds up to, of simulated nights, against what truly reached the mattress:
 *
 *   simulated_night [--mat NAME] [--sleeper NAME] [--confounders A,B | --disturbed]
 *                   [--seed-from N] [--people N] [--nights N] [--misses]
 *
 * The truth is scored by the same rules (hub/detect/night_legs.c) from the true movements and the true
 * sleep, so that a difference is the detectors'. `true_sleep` takes the movements that were told and
 * the true sleep, `true_legs` the true movements and the sleep that was told: what each of them costs. The index is judged by person, over all of a
 * person's nights, where the truth is 5 an hour or more: of one or two an hour a relative error says
 * nothing. Simulated accuracy is not clinical accuracy: generator and detectors share our assumptions.
 */
#include "hub/detect/night_summary.h"
#include "tests/accuracy/draw.h"
#include "tests/accuracy/figures.h"
#include "tests/accuracy/slept.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define MINUTES_PER_H 60.0
#define DAY_MINUTES 1440
/* The lowest index that anything is said about (rules/library). */
#define INDEX_JUDGED 5

struct sums {
	double plm, asleep_min;
};

struct mean {
	double sum, squares;
	long n;
};

struct score {
	struct slept slept; /* of one person */
	bool each;
	int person_nights;
	long nights, unknown; /* unknown: told to be so */
	long agree, minutes, true_wake, told_wake, wake_agree;
	struct mean asleep_error_min, asleep_bias_min, onset_error_min, index_error,
		index_error_true_sleep, index_error_true_legs, pi_error, pi_error_true_sleep,
		pi_error_true_legs, index_small_error;
	struct sums found, truth, found_true_sleep, found_true_legs; /* of one person */
};

static void add(struct mean *mean, double value)
{
	mean->sum += value;
	mean->squares += value * value;
	mean->n++;
}

static void take_record(void *ctx, const struct bh_record *record)
{
	slept_take(&((struct score *)ctx)->slept, record);
}

/* ---- the truth ---- */

static void true_minutes(const struct bh_sim_truth *truth, size_t n, int64_t noon_ms,
			 struct bh_sleep_night *ret)
{
	*ret = (struct bh_sleep_night){ .start_ms = noon_ms, .n = DAY_MINUTES };
	for (size_t m = 0; m < ret->n; m++)
		ret->minute[m] = BH_SLEEP_AWAKE;
	for (size_t i = 0; i < n; i++) {
		bool asleep = truth[i].kind == BH_SIM_TRUTH_ASLEEP;

		if (!asleep && truth[i].kind != BH_SIM_TRUTH_BED_OCCUPIED)
			continue;
		for (size_t m = 0; m < ret->n; m++) {
			int64_t middle_ns =
				(noon_ms + (int64_t)m * MINUTE_MS + MINUTE_MS / 2) * BH_NS_PER_MS;

			if (middle_ns < truth[i].start_ns || middle_ns >= truth[i].end_ns)
				continue;
			ret->occupied[m] = true;
			if (asleep)
				ret->minute[m] = BH_SLEEP_ASLEEP;
		}
	}
}

static int by_start(const void *a, const void *b)
{
	const struct bh_past_event *x = a, *y = b;

	return (x->start_ms > y->start_ms) - (x->start_ms < y->start_ms);
}

/* The movements that reached the mattress, as events. @return Their number. */
static size_t true_events(const struct bh_sim_truth *truth, size_t n, struct bh_past_event *ret)
{
	size_t n_events = 0;

	for (size_t i = 0; i < n; i++) {
		if (!truth[i].mech || (truth[i].kind != BH_SIM_TRUTH_LEG_MOVEMENT &&
				       truth[i].kind != BH_SIM_TRUTH_LARGE_MOVEMENT))
			continue;
		ret[n_events++] = (struct bh_past_event){
			.type = truth[i].kind == BH_SIM_TRUTH_LEG_MOVEMENT ? BH_EVENT_LEG_MOVEMENT
									    : BH_EVENT_LARGE_MOVEMENT,
			.side = truth[i].side,
			.start_ms = truth[i].start_ns / BH_NS_PER_MS,
			.end_ms = truth[i].end_ns / BH_NS_PER_MS,
		};
	}
	qsort(ret, n_events, sizeof(ret[0]), by_start);
	return n_events;
}

static int32_t count(const struct bh_sleep_night *minutes, enum bh_sleep sleep)
{
	int32_t n = 0;

	for (size_t i = 0; i < minutes->n; i++)
		n += minutes->minute[i] == sleep && minutes->occupied[i];
	return n;
}

static void plm_of(const struct bh_past_night *past, const struct bh_sleep_night *minutes,
		   struct bh_night_plm *ret)
{
	struct bh_night_sleep sleep = { .asleep_min = count(minutes, BH_SLEEP_ASLEEP),
					.awake_in_bed_min = count(minutes, BH_SLEEP_AWAKE) };
	struct bh_leg_movement *legs;
	size_t n;

	if (bh_night_legs(past, &legs, &n) < 0)
		abort();
	*ret = bh_night_unknown.plm;
	bh_night_plm(past, minutes, &sleep, legs, n, ret);
	free(legs);
}

/* ---- one night ---- */

static size_t onset_of(const struct bh_sleep_night *minutes)
{
	size_t i = 0;

	while (i < minutes->n && minutes->minute[i] != BH_SLEEP_ASLEEP)
		i++;
	return i;
}

static void compare_minutes(struct score *score, const struct bh_sleep_night *truth,
			    const struct bh_sleep_night *told)
{
	for (size_t i = 0; i < told->n; i++) {
		size_t m = (size_t)((told->start_ms - truth->start_ms) / MINUTE_MS) + i;

		/* In bed by both: whoever is up is awake, that is no merit. */
		if (m >= truth->n || !truth->occupied[m] || !told->occupied[i] ||
		    told->minute[i] == BH_SLEEP_UNKNOWN)
			continue;
		score->minutes++;
		score->agree += told->minute[i] == truth->minute[m];
		score->true_wake += truth->minute[m] == BH_SLEEP_AWAKE;
		score->told_wake += told->minute[i] == BH_SLEEP_AWAKE;
		score->wake_agree += truth->minute[m] == BH_SLEEP_AWAKE &&
				     told->minute[i] == BH_SLEEP_AWAKE;
	}
}

static void compare_sleep(struct score *score, const struct bh_sleep_night *truth,
			  const struct bh_night_look *told, int64_t noon_ms)
{
	double error = told->night.sleep.asleep_min - count(truth, BH_SLEEP_ASLEEP);

	add(&score->asleep_bias_min, error);
	add(&score->asleep_error_min, fabs(error));
	if (told->night.sleep.onset_ms != BH_WALL_UNKNOWN)
		add(&score->onset_error_min,
		    fabs((double)((told->night.sleep.onset_ms - noon_ms) / MINUTE_MS) -
			 (double)onset_of(truth)));
	compare_minutes(score, truth, &told->minutes);
}

static void sum_up(struct sums *sums, const struct bh_night_plm *plm, int32_t asleep_min)
{
	if (plm->asleep == BH_EPOCH_UNKNOWN)
		return;
	sums->plm += plm->asleep;
	sums->asleep_min += asleep_min;
}

static void compare_periodicity(struct mean *error, const struct bh_night_plm *found,
				const struct bh_night_plm *truth)
{
	if (truth->pi_ferri_permille != BH_EPOCH_UNKNOWN &&
	    found->pi_ferri_permille != BH_EPOCH_UNKNOWN)
		add(error, abs(found->pi_ferri_permille - truth->pi_ferri_permille) / 1000.0);
}

static void compare_night(struct score *score, const struct bh_past_night *past,
			  const struct bh_past_night *true_past, const struct bh_sleep_night *truth)
{
	static struct bh_night_look told;
	struct bh_night_plm true_plm, true_sleep, true_legs;
	int32_t asleep_min = count(truth, BH_SLEEP_ASLEEP);

	if (bh_night_look(past, &told) < 0)
		abort();
	score->nights++;
	if (told.night.sleep.asleep_min == BH_EPOCH_UNKNOWN) {
		score->unknown++;
		return;
	}
	compare_sleep(score, truth, &told, past->night.start_ms);
	plm_of(true_past, truth, &true_plm);
	plm_of(past, truth, &true_sleep);
	plm_of(true_past, &told.minutes, &true_legs);
	if (score->each)
		printf("# night %ld asleep %d true %d plm %d true %d\n", score->nights,
		       told.night.sleep.asleep_min, asleep_min, told.night.plm.asleep,
		       true_plm.asleep);
	sum_up(&score->truth, &true_plm, asleep_min);
	sum_up(&score->found, &told.night.plm, told.night.sleep.asleep_min);
	sum_up(&score->found_true_sleep, &true_sleep, asleep_min);
	sum_up(&score->found_true_legs, &true_legs, told.night.sleep.asleep_min);
	compare_periodicity(&score->pi_error, &told.night.plm, &true_plm);
	compare_periodicity(&score->pi_error_true_sleep, &true_sleep, &true_plm);
	compare_periodicity(&score->pi_error_true_legs, &true_legs, &true_plm);
}

static void look_at_night(struct score *score, const struct draw_night *played, int night)
{
	static struct bh_sleep_night truth_minutes;
	size_t n_truth, n = 0, first, end;
	const struct bh_sim_truth *truth = bh_simulation_truth(played->simulation, night, &n_truth);
	struct slept *slept = &score->slept;
	struct bh_past_event *events = calloc(slept->n_events + n_truth + 1, sizeof(*events));
	struct bh_past_event *true_ones = events + slept->n_events;
	struct bh_past_night past = { .night = { .start_ms = night * DAY_MS,
						 .end_ms = (night + 1) * DAY_MS },
				      .capabilities = played->capabilities,
				      .events = events };
	struct bh_past_night true_past = past;

	if (!events)
		abort();
	for (size_t i = 0; i < slept->n_events; i++)
		if (slept->event[i].event.start_ms >= past.night.start_ms &&
		    slept->event[i].event.start_ms < past.night.end_ms)
			events[n++] = slept->event[i].event;
	qsort(events, n, sizeof(events[0]), by_start);
	past.n_events = n;
	for (first = 0; first < slept->n_epochs; first++)
		if (slept->epoch[first].start_ms >= past.night.start_ms)
			break;
	for (end = first; end < slept->n_epochs; end++)
		if (slept->epoch[end].start_ms >= past.night.end_ms)
			break;
	past.epochs = slept->epoch + first;
	past.n_epochs = end - first;
	true_past.events = true_ones;
	true_past.n_events = true_events(truth, n_truth, true_ones);
	true_minutes(truth, n_truth, past.night.start_ms, &truth_minutes);
	compare_night(score, &past, &true_past, &truth_minutes);
	free(events);
}

/* ---- one person ---- */

static double per_hour(const struct sums *sums)
{
	return sums->asleep_min > 0 ? sums->plm * MINUTES_PER_H / sums->asleep_min : 0;
}

static void finish_person(void *ctx, const struct draw_night *played)
{
	struct score *score = ctx;
	double truth, found;

	for (int night = 0; night < score->person_nights; night++)
		look_at_night(score, played, night);
	truth = per_hour(&score->truth);
	found = per_hour(&score->found);
	if (score->each)
		printf("# person index %.2f true %.2f with true sleep %.2f with true legs %.2f\n",
		       found, truth, per_hour(&score->found_true_sleep),
		       per_hour(&score->found_true_legs));
	if (truth >= INDEX_JUDGED) {
		add(&score->index_error, fabs(found - truth) / truth);
		add(&score->index_error_true_sleep,
		    fabs(per_hour(&score->found_true_sleep) - truth) / truth);
		add(&score->index_error_true_legs,
		    fabs(per_hour(&score->found_true_legs) - truth) / truth);
	} else if (score->truth.asleep_min > 0) {
		add(&score->index_small_error, fabs(found - truth));
	}
}

static void play(void *ctx, const struct bh_simulation_config *config)
{
	struct score *score = ctx;
	struct bh_sink sink = { .put = take_record, .ctx = score };

	score->person_nights = config->nights;
	score->truth = score->found = (struct sums){ 0 };
	score->found_true_sleep = score->found_true_legs = (struct sums){ 0 };
	draw_play(config, &sink, NULL, finish_person, score);
	slept_forget(&score->slept);
}

/* An interval, 1.96 standard errors to both sides, where there is more than one value. */
static void print_mean(const char *name, const struct mean *mean)
{
	double n = (double)mean->n, middle = n > 0 ? mean->sum / n : 0, variance, half;
	char text[64];

	snprintf(text, sizeof(text), "%s_of", name);
	figures_print_count(text, mean->n);
	figures_print(name, middle);
	if (mean->n > 1) {
		variance = (mean->squares - mean->sum * middle) / (n - 1);
		half = 1.96 * sqrt((variance > 0 ? variance : 0) / n);
		snprintf(text, sizeof(text), "%s_low", name);
		figures_print(text, middle - half);
		snprintf(text, sizeof(text), "%s_high", name);
		figures_print(text, middle + half);
	}
}

static void print_share(const char *name, long part, long whole)
{
	if (whole > 0)
		figures_print(name, (double)part / (double)whole);
}

static void print_score(const struct score *score)
{
	figures_print_count("nights", score->nights);
	figures_print_count("nights_told_unknown", score->unknown);
	print_mean("plm_index_error", &score->index_error);
	print_mean("plm_index_error_true_sleep", &score->index_error_true_sleep);
	print_mean("plm_index_error_true_legs", &score->index_error_true_legs);
	print_mean("plm_index_small_error_per_h", &score->index_small_error);
	print_mean("periodicity_error", &score->pi_error);
	print_mean("periodicity_error_true_sleep", &score->pi_error_true_sleep);
	print_mean("periodicity_error_true_legs", &score->pi_error_true_legs);
	print_mean("sleep_total_error_min", &score->asleep_error_min);
	print_mean("sleep_total_bias_min", &score->asleep_bias_min);
	print_mean("sleep_onset_error_min", &score->onset_error_min);
	figures_print_count("sleep_minutes", score->minutes);
	figures_print_count("sleep_minutes_agree", score->agree);
	print_share("sleep_agreement", score->agree, score->minutes);
	print_share("wake_recall", score->wake_agree, score->true_wake);
	print_share("wake_precision", score->wake_agree, score->told_wake);
	figures_print("seconds", figures_seconds());
}

int main(int argc, char **argv)
{
	static struct score score;
	struct draw draw = { .only = BH_SLEEPER_END, .people = 2 };

	bh_simulation_config_init(&draw.config);
	draw.config.nights = 3;
	draw_options(&draw, argc, argv);
	score.each = draw.each;
	draw_print_mat(&draw);
	draw_each(&draw, play, &score);
	print_score(&score);
	return EXIT_SUCCESS;
}
