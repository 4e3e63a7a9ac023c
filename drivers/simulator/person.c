/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/person.h"

#include <string.h>

#define HOUR_S 3600.0

/* Age in years by sleeper: mean and spread. Science.md section 6 gives 52+-9 and 74+-6; those whose
 * complaint comes with age stand between. */
static const double ages[BH_SLEEPER_END][2] = {
	[BH_SLEEPER_HEALTHY] = { 52, 9 },	[BH_SLEEPER_HEALTHY_OLDER] = { 74, 6 },
	[BH_SLEEPER_LEG_HANGING] = { 70, 8 },	[BH_SLEEPER_RESTLESS_LEGS] = { 52, 9 },
	[BH_SLEEPER_CRAMPS] = { 58, 10 },	[BH_SLEEPER_NERVE] = { 52, 9 },
	[BH_SLEEPER_ELECTROLYTES] = { 66, 8 },	[BH_SLEEPER_DEHYDRATION] = { 68, 8 },
	[BH_SLEEPER_MEDICATION] = { 64, 9 },	[BH_SLEEPER_VENOUS] = { 56, 9 },
	[BH_SLEEPER_NEUROPATHY] = { 64, 8 },	[BH_SLEEPER_STENOSIS] = { 70, 7 },
};

/* Shares of the night by position, Skarpsno 2017: side 54.1, back 37.5, front 7.3 percent; every
 * person has preferences of their own. */
static void draw_shares(struct bh_random *random, double share[BH_WAYS_OF_LYING])
{
	static const double mean[BH_WAYS_OF_LYING] = { .375, .27, .27, .073 };
	double sum = 0;

	for (int i = 0; i < BH_WAYS_OF_LYING; i++) {
		share[i] = mean[i] * bh_random_lognormal(random, 1, .5);
		sum += share[i];
	}
	for (int i = 0; i < BH_WAYS_OF_LYING; i++)
		share[i] /= sum;
}

static void draw_habits(struct bh_random *random, struct bh_person *person)
{
	const double *age = ages[person->sleeper];
	bool old;

	person->age = bh_random_normal_in(random, age[0], age[1], 25, 95);
	old = person->age >= 65;
	person->mass_kg = bh_random_normal_in(random, 75, 14, 45, 130);
	person->height_m = bh_random_normal_in(random, 1.71, .09, 1.5, 1.95);
	person->bedtime_s = 11 * HOUR_S + bh_random_normal_in(random, 0, HOUR_S / 2, -HOUR_S, HOUR_S);
	person->in_bed_s = bh_random_normal_in(random, 8.0, .7, 6, 10) * HOUR_S;
	person->onset_min = 14;
	person->toilet_rate = (old ? 1.8 : .6) * bh_random_lognormal(random, 1, .35);
	person->shifts_per_h = bh_random_normal_in(random, 1.6, .7, .4, 4);
	draw_shares(random, person->share);
	person->large_per_h = 4;
	person->isolated_per_h = 5;
	person->plm_index = bh_random_lognormal(random, old ? 9 : 1.5, .7);
	person->plm_interval_s = bh_random_lognormal(random, 24, .12);
	person->awake_lm_per_h = bh_random_lognormal(random, 6, .6);
	person->wakes_per_h = .3;
	person->restless_rate = .6;
	person->restless_early = 1;
	person->hanging_rate = .05;
	person->jolt_rate = .02;
	person->uncover_chance = .15;
	person->bad_position = BH_POSITION_UNKNOWN;
	person->pain_side = bh_random_chance(random, .5) ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
	person->edge_side = bh_random_chance(random, .5) ? BH_SIDE_LEFT : BH_SIDE_RIGHT;
	person->asymmetry_degc = bh_random_normal(random, 0, .2);
}

/* Cramps a night of someone who has them: 4.35 a week in placebo arms (Cochrane, magnesium). */
static double draw_cramps(struct bh_random *random)
{
	return bh_random_lognormal(random, .62, .5) * .88; /* the mean of exp(N(0, .5)) is 1.13 */
}

/* The cooler leg is the painful one. */
static double toward_pain(const struct bh_person *person, double degc)
{
	return person->pain_side == BH_SIDE_LEFT ? degc : -degc;
}

static void draw_complaint(struct bh_random *random, struct bh_person *person)
{
	double cramps = draw_cramps(random);

	switch (person->sleeper) {
	case BH_SLEEPER_HEALTHY:
	case BH_SLEEPER_HEALTHY_OLDER:
	case BH_SLEEPER_END:
		break;
	case BH_SLEEPER_LEG_HANGING:
		person->hanging_rate = bh_random_lognormal(random, 1.8, .45);
		person->asymmetry_degc = toward_pain(person, bh_random_normal(random, -1.5, 1.0));
		person->cooling_less = .3;
		break;
	case BH_SLEEPER_RESTLESS_LEGS:
		person->plm_index = bh_random_lognormal(random, 28, .55);
		person->awake_lm_per_h = bh_random_lognormal(random, 55, .5);
		person->walk_rate = bh_random_lognormal(random, 1.2, .5);
		person->onset_min = 40;
		person->restless_rate = 2;
		person->restless_early = 2;
		break;
	case BH_SLEEPER_CRAMPS:
		person->jolt_rate = cramps;
		break;
	case BH_SLEEPER_NERVE:
		person->bad_position = bh_random_chance(random, .5) ? BH_POSITION_LEFT :
								      BH_POSITION_RIGHT;
		break;
	case BH_SLEEPER_ELECTROLYTES:
		person->jolt_rate = cramps * 1.6;
		break;
	case BH_SLEEPER_DEHYDRATION:
		person->jolt_rate = cramps;
		break;
	case BH_SLEEPER_MEDICATION:
		person->jolt_rate = cramps;
		break;
	case BH_SLEEPER_VENOUS:
		person->restless_rate = 3;
		person->restless_early = 2.2;
		person->jolt_rate = .2;
		person->warmer_degc = .5;
		break;
	case BH_SLEEPER_NEUROPATHY:
		person->uncover_chance = .6;
		break;
	case BH_SLEEPER_STENOSIS:
		person->bad_position = BH_POSITION_SUPINE;
		person->jolt_rate = .2;
		person->hanging_rate = .35;
		break;
	}
}

/* Howard Hinnant's days_from_civil: years begin in March, so that the leap day is the last. */
int64_t bh_days_of_date(int32_t date)
{
	int64_t year = date / 10000, month = date / 100 % 100, day = date % 100, era, of_era, of_year;

	year -= month <= 2;
	era = year / 400;
	of_era = year - era * 400;
	of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

int32_t bh_date_of_days(int64_t days)
{
	int64_t era, of_era, year_of_era, of_year, month;

	days += 719468;
	era = days / 146097;
	of_era = days - era * 146097;
	year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * of_year + 2) / 153;
	return (int32_t)((year_of_era + era * 400 + (month >= 10)) * 10000 +
			 (month < 10 ? month + 3 : month - 9) * 100 +
			 of_year - (153 * month + 2) / 5 + 1);
}

/* What happens on the calendar. */
static void draw_dates(const struct bh_simulation_config *config, struct bh_person *person)
{
	int month = config->start_date / 100 % 100;

	person->first_day = bh_days_of_date(config->start_date);
	/* A medicine that began in the middle needs a week on each side to show; with fewer nights it
	 * has been taken for long. */
	person->since_night = config->nights >= 14 ? config->nights / 2 : 0;
	person->change_night = -1;
	if (config->confounders & BH_CONFOUNDER_DST) {
		person->change_night = config->nights / 2;
		person->change_h = month >= 7 ? 1 : -1;
	}
}

void bh_person_draw(const struct bh_simulation_config *config, struct bh_person *ret)
{
	struct bh_random random;

	memset(ret, 0, sizeof(*ret));
	ret->sleeper = config->sleeper;
	ret->confounders = config->confounders;
	bh_random_start(&random, config->seed, BH_STREAM_PERSON, config->sleeper, 0);
	ret->key = bh_random_bits(&random);
	draw_habits(&random, ret);
	draw_complaint(&random, ret);
	draw_dates(config, ret);
	if (config->confounders & BH_CONFOUNDER_NOCTURIA)
		ret->toilet_rate *= 2;
	if (config->confounders & BH_CONFOUNDER_INSOMNIA) {
		ret->onset_min = 45;
		ret->wakes_per_h *= 2;
	}
}
