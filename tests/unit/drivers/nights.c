/* SPDX-License-Identifier: MIT */
/*
 * Planned nights have the rates of the literature they are drawn from: the check values of
 * science.md section 6, over many people, on tuning seeds.
 */
#include "drivers/simulator/answers.h"
#include "drivers/simulator/plan.h"
#include "hub/core/answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR ((double)BH_NS_PER_H)

static struct bh_plan plan;

static void draw(enum bh_sleeper sleeper, uint64_t seed, int nights, uint32_t confounders,
		 struct bh_person *ret)
{
	struct bh_simulation_config config;

	bh_simulation_config_init(&config);
	config.sleeper = sleeper;
	config.seed = seed;
	config.nights = nights;
	config.confounders = confounders;
	bh_person_draw(&config, ret);
}

static int count(enum bh_sim_truth_kind kind)
{
	int n = 0;

	for (size_t i = 0; i < plan.n_truths; i++)
		n += plan.truth[i].kind == kind;
	return n;
}

static double hours(enum bh_sim_truth_kind kind)
{
	double sum = 0;

	for (size_t i = 0; i < plan.n_truths; i++) {
		if (plan.truth[i].kind == kind)
			sum += (double)(plan.truth[i].end_ns - plan.truth[i].start_ns) / HOUR;
	}
	return sum;
}

static bool within(enum bh_sim_truth_kind kind, int64_t ns)
{
	for (size_t i = 0; i < plan.n_truths; i++) {
		if (plan.truth[i].kind == kind && ns >= plan.truth[i].start_ns &&
		    ns < plan.truth[i].end_ns)
			return true;
	}
	return false;
}

struct movement {
	double on, off;
};

/* Leg movements asleep, both legs joined when less than 0.5 s lies between them. */
static size_t asleep_movements(struct movement *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < plan.n_truths; i++) {
		const struct bh_sim_truth *t = &plan.truth[i];
		double on = (double)t->start_ns / 1e9, off = (double)t->end_ns / 1e9;

		if (t->kind != BH_SIM_TRUTH_LEG_MOVEMENT || !within(BH_SIM_TRUTH_ASLEEP, t->start_ns))
			continue;
		if (n > 0 && on < ret[n - 1].off + .5) {
			ret[n - 1].off = off > ret[n - 1].off ? off : ret[n - 1].off;
			continue;
		}
		ret[n++] = (struct movement){ on, off };
	}
	return n;
}

/* Movements in runs of at least four with 10 to 90 s between onsets, none longer than 10 s; and the
 * intervals in runs of at least three. Written from the text of science.md section 2.1. */
static void score(const struct movement *lm, size_t n, int *ret_plm, int *ret_intervals)
{
	*ret_plm = *ret_intervals = 0;
	for (size_t i = 0; i < n;) {
		size_t j = i;

		while (j + 1 < n && lm[j + 1].on - lm[j].on >= 10 && lm[j + 1].on - lm[j].on <= 90 &&
		       lm[j].off - lm[j].on <= 10 && lm[j + 1].off - lm[j + 1].on <= 10)
			j++;
		if (j - i + 1 >= 4)
			*ret_plm += (int)(j - i + 1);
		if (j - i >= 3)
			*ret_intervals += (int)(j - i);
		i = j + 1;
	}
}

/* A person of this target over many nights: index per hour asleep, and periodicity index. */
static void measure(double target, double *ret_index, double *ret_periodicity)
{
	static struct movement lm[BH_TRUTHS_MAX];
	double index = 0, periodicity = 0;
	int nights = 0, counted = 0;

	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct bh_person person;

		draw(BH_SLEEPER_HEALTHY, seed, 5, 0, &person);
		person.plm_index = target;
		for (int night = 0; night < 5; night++, nights++) {
			int plm, intervals;
			size_t n;

			bh_plan_night(&person, night, 5, &plan);
			n = asleep_movements(lm);
			score(lm, n, &plm, &intervals);
			index += plm / hours(BH_SIM_TRUTH_ASLEEP);
			if (n > 20) {
				periodicity += intervals / (double)(n - 1);
				counted++;
			}
		}
	}
	*ret_index = index / nights;
	*ret_periodicity = periodicity / counted;
	print_message("periodic movements: target %g, index %.2f, periodicity %.2f\n", target,
		      *ret_index, *ret_periodicity);
}

static void close_to(double value, double expected, double tolerance)
{
	if (value < expected - tolerance || value > expected + tolerance)
		fail_msg("%g is not %g +- %g", value, expected, tolerance);
}

/* Targets 0.8, 12, 35: index 1.1+-.6, 12.4, 32.9; periodicity .13+-.07, .59, .68. The issue's
 * bounds for a detector, 15 percent and .08, bound the generator too. */
static void periodic_movements_have_their_index(void **state)
{
	double index, periodicity;

	(void)state;
	measure(.8, &index, &periodicity);
	close_to(index, 1.1, .6);
	close_to(periodicity, .13, .07);
	measure(12, &index, &periodicity);
	close_to(index, 12.4, 12.4 * .15);
	close_to(periodicity, .59, .08);
	measure(35, &index, &periodicity);
	close_to(index, 32.9, 32.9 * .15);
	close_to(periodicity, .68, .08);
}

/* 4.35 a week, over people and the seasons of a year. */
static void cramps_come_four_times_a_week(void **state)
{
	double jolts = 0;
	int nights = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 120; seed++) {
		struct bh_person person;

		draw(BH_SLEEPER_CRAMPS, seed, 365, 0, &person);
		for (int night = 0; night < 365; night += 26, nights++) {
			bh_plan_night(&person, night, 365, &plan);
			jolts += count(BH_SIM_TRUTH_JOLT);
		}
	}
	print_message("cramps: %.2f a week\n", jolts / nights * 7);
	close_to(jolts / nights * 7, 4.35, .45);
}

static void sleepers_turn_and_lie_as_sleepers_do(void **state)
{
	double asleep = 0, turns = 0, share[BH_POSITION_END] = { 0 }, all = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct bh_person person;

		draw(BH_SLEEPER_HEALTHY, seed, 2, 0, &person);
		for (int night = 0; night < 2; night++) {
			bh_plan_night(&person, night, 2, &plan);
			asleep += hours(BH_SIM_TRUTH_ASLEEP);
			for (size_t i = 0; i < plan.n_truths; i++) {
				const struct bh_sim_truth *t = &plan.truth[i];

				if (t->kind != BH_SIM_TRUTH_POSITION)
					continue;
				turns += within(BH_SIM_TRUTH_ASLEEP, t->end_ns - 1) &&
					 within(BH_SIM_TRUTH_LYING, t->end_ns);
				share[t->value] += (double)(t->end_ns - t->start_ns) / HOUR;
			}
		}
	}
	for (int i = 0; i < BH_POSITION_END; i++)
		all += share[i];
	print_message("positions: %.2f an hour; back %.3f, sides %.3f, front %.3f\n", turns / asleep,
		      share[BH_POSITION_SUPINE] / all,
		      (share[BH_POSITION_LEFT] + share[BH_POSITION_RIGHT]) / all,
		      share[BH_POSITION_PRONE] / all);
	/* 1.6 shifts an hour of sleep. */
	close_to(turns / asleep, 1.6, .3);
	/* Skarpsno 2017: side 54.1, back 37.5, front 7.3 percent. */
	close_to(share[BH_POSITION_SUPINE] / all, .375, .06);
	close_to((share[BH_POSITION_LEFT] + share[BH_POSITION_RIGHT]) / all, .541, .06);
	close_to(share[BH_POSITION_PRONE] / all, .073, .03);
}

/* Leg movements an hour while lying awake before sleep: 6, and 55 with restless legs. */
static double awake_rate(enum bh_sleeper sleeper)
{
	double n = 0, awake = 0;

	for (uint64_t seed = 1; seed <= 150; seed++) {
		struct bh_person person;
		int64_t down = 0, asleep = 0;

		draw(sleeper, seed, 1, 0, &person);
		person.awake_lm_per_h = sleeper == BH_SLEEPER_HEALTHY ? 6 : 55;
		bh_plan_night(&person, 0, 1, &plan);
		for (size_t i = 0; i < plan.n_truths && asleep == 0; i++) {
			const struct bh_sim_truth *t = &plan.truth[i];

			if (t->kind == BH_SIM_TRUTH_LYING && down == 0)
				down = t->start_ns;
			if (t->kind == BH_SIM_TRUTH_RESTLESS_BOUT ||
			    t->kind == BH_SIM_TRUTH_BED_EXIT)
				break; /* an evening of another kind */
			if (t->kind == BH_SIM_TRUTH_ASLEEP)
				asleep = t->start_ns;
		}
		if (asleep == 0)
			continue;
		awake += (double)(asleep - down) / HOUR;
		for (size_t i = 0; i < plan.n_truths; i++)
			n += plan.truth[i].kind == BH_SIM_TRUTH_LEG_MOVEMENT &&
			     plan.truth[i].start_ns < asleep;
	}
	print_message("awake before sleep: %.1f leg movements an hour\n", n / awake);
	return n / awake;
}

static void restless_legs_move_before_sleep(void **state)
{
	(void)state;
	close_to(awake_rate(BH_SLEEPER_HEALTHY), 6, 2);
	close_to(awake_rate(BH_SLEEPER_RESTLESS_LEGS), 55, 11);
}

static void a_third_of_leg_movements_never_reaches_the_mattress(void **state)
{
	double all = 0, mech = 0;
	struct bh_person person;

	(void)state;
	draw(BH_SLEEPER_RESTLESS_LEGS, 2, 10, 0, &person);
	for (int night = 0; night < 10; night++) {
		bh_plan_night(&person, night, 10, &plan);
		for (size_t i = 0; i < plan.n_truths; i++) {
			all += plan.truth[i].kind == BH_SIM_TRUTH_LEG_MOVEMENT;
			mech += plan.truth[i].kind == BH_SIM_TRUTH_LEG_MOVEMENT && plan.truth[i].mech;
		}
	}
	assert_true(all > 1000);
	close_to(1 - mech / all, .37, .03);
}

/* Half of people about 75 are up twice or more (55 percent were seen). */
static void old_people_are_up_at_night(void **state)
{
	int twice = 0, nights = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 300; seed++, nights++) {
		struct bh_person person;

		draw(BH_SLEEPER_HEALTHY_OLDER, seed, 1, 0, &person);
		bh_plan_night(&person, 0, 1, &plan);
		twice += count(BH_SIM_TRUTH_TOILET_LIKE) >= 2;
	}
	print_message("up twice: %.2f of old people\n", twice / (double)nights);
	close_to(twice / (double)nights, .54, .1);
}

/* Awakenings an hour in the bad position and in others. */
static double bad_position_ratio(enum bh_sleeper sleeper)
{
	double wakes[2] = { 0 }, time[2] = { 0 };

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct bh_person person;

		draw(sleeper, seed, 7, 0, &person);
		for (int night = 0; night < 7; night++) {
			bh_plan_night(&person, night, 7, &plan);
			for (size_t i = 0; i < plan.n_truths; i++) {
				const struct bh_sim_truth *t = &plan.truth[i];
				int bad = t->value == (int32_t)person.bad_position;

				if (t->kind == BH_SIM_TRUTH_AWAKENING)
					wakes[bad]++;
				if (t->kind == BH_SIM_TRUTH_POSITION)
					time[bad] += (double)(t->end_ns - t->start_ns) / HOUR;
			}
		}
	}
	print_message("awakenings: %.2f times as often in the bad position\n",
		      wakes[1] / time[1] / (wakes[0] / time[0]));
	return wakes[1] / time[1] / (wakes[0] / time[0]);
}

static void a_bad_position_wakes_three_times_as_often(void **state)
{
	(void)state;
	close_to(bad_position_ratio(BH_SLEEPER_NERVE), 3, .8);
	close_to(bad_position_ratio(BH_SLEEPER_STENOSIS), 3, .8);
}

/* Three of four hangings are followed by rest: quiet for 20 min that begins within 10. */
static void hanging_the_legs_brings_relief(void **state)
{
	int hangings = 0, relieved = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct bh_person person;

		draw(BH_SLEEPER_LEG_HANGING, seed, 7, 0, &person);
		for (int night = 0; night < 7; night++) {
			bh_plan_night(&person, night, 7, &plan);
			for (size_t i = 0; i < plan.n_truths; i++) {
				const struct bh_sim_truth *t = &plan.truth[i];
				bool rest = false;

				if (t->kind != BH_SIM_TRUTH_LEGS_OVER_EDGE)
					continue;
				for (size_t j = i; j < plan.n_truths && !rest; j++) {
					const struct bh_sim_truth *q = &plan.truth[j];

					rest = q->kind == BH_SIM_TRUTH_QUIET && q->start_ns >= t->end_ns &&
					       q->start_ns < t->end_ns + 10 * BH_NS_PER_MIN &&
					       q->end_ns - q->start_ns >= 20 * BH_NS_PER_MIN;
				}
				hangings++;
				relieved += rest;
			}
		}
	}
	print_message("relieved: %.2f of %d hangings\n", relieved / (double)hangings, hangings);
	close_to(relieved / (double)hangings, .75, .12);
}

static void the_day_the_clocks_change_has_25_hours(void **state)
{
	struct bh_simulation_config config;
	struct bh_person person;

	(void)state;
	bh_simulation_config_init(&config);
	config.nights = 4;
	config.start_date = 20261023;
	config.confounders = BH_CONFOUNDER_DST;
	bh_person_draw(&config, &person);
	for (int night = 0; night < 4; night++) {
		bh_plan_night(&person, night, 4, &plan);
		assert_int_equal(plan.end_ns - plan.start_ns, (night == 2 ? 25 : 24) * BH_NS_PER_H);
	}
	config.start_date = 20260327;
	bh_person_draw(&config, &person);
	bh_plan_night(&person, 2, 4, &plan);
	assert_int_equal(plan.end_ns - plan.start_ns, 23 * BH_NS_PER_H);
}

/* Every sleeper with every confounder, many nights: what a plan promises holds. */
static void plans_are_sound(void **state)
{
	(void)state;
	for (int sleeper = 0; sleeper < BH_SLEEPER_END; sleeper++) {
		for (int night = 0; night < 60; night++) {
			uint32_t confounders = night % 3 == 0 ? (1u << BH_CONFOUNDERS) - 1 :
								1u << (night % BH_CONFOUNDERS);
			struct bh_person person;

			draw((enum bh_sleeper)sleeper, (uint64_t)night + 1, 60, confounders, &person);
			bh_plan_night(&person, night, 60, &plan);
			assert_true(plan.bed_ns > plan.start_ns && plan.rise_ns < plan.end_ns);
			assert_true(hours(BH_SIM_TRUTH_ASLEEP) > 1);
			for (size_t i = 1; i < plan.n_phases; i++)
				assert_true(plan.phase[i].start_ns >= plan.phase[i - 1].start_ns);
			for (size_t i = 1; i < plan.n_movements; i++)
				assert_true(plan.movement[i].start_ns >= plan.movement[i - 1].start_ns);
			for (size_t i = 0; i < plan.n_truths; i++) {
				const struct bh_sim_truth *t = &plan.truth[i];

				assert_true(t->start_ns >= plan.start_ns && t->end_ns <= plan.end_ns);
				assert_true(i == 0 || t->start_ns >= plan.truth[i - 1].start_ns);
			}
		}
	}
}

static const char *profile(const struct bh_history *history, const char *key)
{
	for (size_t i = 0; i < history->n_profile; i++) {
		if (strcmp(history->profile[i].key, key) == 0)
			return history->profile[i].value;
	}
	return NULL;
}

static struct bh_simulation *simulate(enum bh_sleeper sleeper, uint64_t seed)
{
	struct bh_simulation_config config;
	struct bh_simulation *simulation;

	bh_simulation_config_init(&config);
	config.sleeper = sleeper;
	config.seed = seed;
	assert_int_equal(bh_simulation_new(&config, &simulation, NULL), 0);
	return simulation;
}

/* Every answer is one that profile.def and diary.def take. */
static void people_answer_what_is_asked(void **state)
{
	(void)state;
	for (int sleeper = 0; sleeper < BH_SLEEPER_END; sleeper++) {
		struct bh_simulation *simulation = simulate((enum bh_sleeper)sleeper, 3);
		struct bh_history history;

		assert_int_equal(bh_simulation_answers(simulation, 14, &history), 0);
		assert_true(history.n_diary > 14 * 5);
		for (size_t i = 0; bh_profile_info_at(i); i++) {
			const struct bh_answer_info *info = bh_profile_info_at(i);

			assert_non_null(profile(&history, info->key));
			assert_int_equal(bh_answer_check(info, profile(&history, info->key)), 0);
		}
		for (size_t i = 0; i < history.n_diary; i++) {
			const struct bh_diary_item *item = &history.diary[i];

			assert_non_null(bh_diary_info(item->key));
			assert_int_equal(bh_answer_check(bh_diary_info(item->key), item->value), 0);
			assert_in_range(item->night, 20260413, 20260426);
			assert_true(i == 0 || item->at_ms >= history.diary[i - 1].at_ms);
		}
		bh_simulation_free(simulation);
	}
}

static bool says_yes(const struct bh_history *history, const char *const *keys)
{
	for (; *keys; keys++)
		if (strcmp(profile(history, *keys), "yes") == 0)
			return true;
	return false;
}

/* What is not taken has no first day. */
static void a_date_is_of_a_medicine_that_is_taken(void **state)
{
	static const char *const cramp_drugs[] = { "diuretic_thiazide", "diuretic_loop", "diuretic_sparing",
						   "statin", "long_beta_agonist", NULL };
	static const char *const restless_drugs[] = { "restless_drug", NULL };
	int dates = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct bh_simulation *simulation =
			simulate((enum bh_sleeper)(seed % BH_SLEEPER_END), seed);
		struct bh_history history;
		bool cramps, restless;

		assert_int_equal(bh_simulation_answers(simulation, 14, &history), 0);
		cramps = strcmp(profile(&history, "cramp_drug_since"), BH_ANSWER_UNKNOWN) != 0;
		restless = strcmp(profile(&history, "restless_drug_since"), BH_ANSWER_UNKNOWN) != 0;
		assert_int_equal(cramps, says_yes(&history, cramp_drugs));
		assert_int_equal(restless, says_yes(&history, restless_drugs));
		dates += cramps + restless;
		bh_simulation_free(simulation);
	}
	assert_in_range(dates, 5, 60);
}

static void answers_fit_the_complaint(void **state)
{
	int vascular = 0, others = 0, urge = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct bh_simulation *simulation = simulate(BH_SLEEPER_LEG_HANGING, seed);
		struct bh_history history;
		bool said = false;

		assert_int_equal(bh_simulation_answers(simulation, 1, &history), 0);
		vascular += strcmp(profile(&history, "vascular"), "yes") == 0;
		others += strcmp(profile(&history, "veins"), "yes") == 0;
		bh_simulation_free(simulation);
		simulation = simulate(BH_SLEEPER_RESTLESS_LEGS, seed);
		assert_int_equal(bh_simulation_answers(simulation, 14, &history), 0);
		for (size_t i = 0; i < history.n_diary; i++)
			said |= strcmp(history.diary[i].key, "urge") == 0 &&
				strcmp(history.diary[i].value, "yes") == 0;
		urge += said;
		bh_simulation_free(simulation);
	}
	close_to(vascular / 40.0, .85, .15);
	close_to(others / 40.0, .12, .12);
	close_to(urge / 40.0, .82, .14);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(periodic_movements_have_their_index),
		cmocka_unit_test(cramps_come_four_times_a_week),
		cmocka_unit_test(sleepers_turn_and_lie_as_sleepers_do),
		cmocka_unit_test(restless_legs_move_before_sleep),
		cmocka_unit_test(a_third_of_leg_movements_never_reaches_the_mattress),
		cmocka_unit_test(old_people_are_up_at_night),
		cmocka_unit_test(a_bad_position_wakes_three_times_as_often),
		cmocka_unit_test(hanging_the_legs_brings_relief),
		cmocka_unit_test(the_day_the_clocks_change_has_25_hours),
		cmocka_unit_test(plans_are_sound),
		cmocka_unit_test(people_answer_what_is_asked),
		cmocka_unit_test(a_date_is_of_a_medicine_that_is_taken),
		cmocka_unit_test(answers_fit_the_complaint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
