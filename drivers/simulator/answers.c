/* SPDX-License-Identifier: MIT */
#include "drivers/simulator/answers.h"

#include "drivers/simulator/night.h"
#include "hub/core/answer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More entries than one morning has. */
#define ENTRIES_A_NIGHT 10
/* Whom a flag does not belong to says yes to it all the same now and then. */
#define FALSE_FLAG 0.12
#define DIARY_KEPT 0.9

/* The rows of profile.def and diary.def, so that no key is spelled again here. */
enum profile_key {
#define BH_PROFILE(ENUM, key, kind, words, text) PROFILE_##ENUM,
#include "hub/core/profile.def"
#undef BH_PROFILE
	PROFILE_END,
};

enum diary_key {
#define BH_DIARY(ENUM, key, kind, words, of, text) DIARY_##ENUM,
#include "hub/core/diary.def"
#undef BH_DIARY
};

/* How likely a sleeper's own flag is; every other flag of a person is FALSE_FLAG or its row below. */
static const struct {
	enum bh_sleeper sleeper;
	enum profile_key key;
	double chance;
} own_flags[] = {
	{ BH_SLEEPER_LEG_HANGING, PROFILE_VASCULAR, .85 },
	{ BH_SLEEPER_RESTLESS_LEGS, PROFILE_RLS_FAMILY, .5 },
	{ BH_SLEEPER_RESTLESS_LEGS, PROFILE_IRON_DEFICIENCY, .3 },
	{ BH_SLEEPER_RESTLESS_LEGS, PROFILE_DIALYSIS, .04 },
	{ BH_SLEEPER_ELECTROLYTES, PROFILE_DIURETIC_THIAZIDE, .45 },
	{ BH_SLEEPER_ELECTROLYTES, PROFILE_DIURETIC_LOOP, .25 },
	{ BH_SLEEPER_ELECTROLYTES, PROFILE_DIURETIC_SPARING, .25 },
	{ BH_SLEEPER_MEDICATION, PROFILE_LONG_BETA_AGONIST, .5 },
	{ BH_SLEEPER_MEDICATION, PROFILE_DIURETIC_SPARING, .5 },
	{ BH_SLEEPER_MEDICATION, PROFILE_STATIN, .5 },
	{ BH_SLEEPER_VENOUS, PROFILE_VEINS, .85 },
	{ BH_SLEEPER_NEUROPATHY, PROFILE_DIABETES, .8 },
	{ BH_SLEEPER_NEUROPATHY, PROFILE_CHEMOTHERAPY, .15 },
	{ BH_SLEEPER_STENOSIS, PROFILE_SPINE, .85 },
};

/* Flags that are rarer than FALSE_FLAG among everyone. */
static const struct {
	enum profile_key key;
	double chance;
} rare_flags[] = {
	{ PROFILE_DIALYSIS, .005 },	    { PROFILE_PREGNANCY, .01 },
	{ PROFILE_CHEMOTHERAPY, .03 },	    { PROFILE_PARATHYROID, .02 },
	{ PROFILE_MALABSORPTION, .03 },	    { PROFILE_KIDNEY_DISEASE, .04 },
	{ PROFILE_HEART_FAILURE, .03 },	    { PROFILE_IRON_DEFICIENCY, .05 },
	{ PROFILE_RLS_FAMILY, .06 },	    { PROFILE_DIURETIC_LOOP, .03 },
	{ PROFILE_DIURETIC_SPARING, .02 },  { PROFILE_LONG_BETA_AGONIST, .03 },
	{ PROFILE_DIURETIC_THIAZIDE, .05 }, { PROFILE_HEAVY_SWEATING, .05 },
	{ PROFILE_ALCOHOL, .06 },	    { PROFILE_RESTLESS_DRUG, .06 },
	{ PROFILE_SLEEP_APNEA, .06 },
};

static double chance_of(const struct bh_person *person, enum profile_key key)
{
	if (key == PROFILE_SLEEP_APNEA && (person->confounders & BH_CONFOUNDER_BREATHING))
		return .8;
	for (size_t i = 0; i < sizeof(own_flags) / sizeof(own_flags[0]); i++) {
		if (own_flags[i].sleeper == person->sleeper && own_flags[i].key == key)
			return own_flags[i].chance;
	}
	for (size_t i = 0; i < sizeof(rare_flags) / sizeof(rare_flags[0]); i++) {
		if (rare_flags[i].key == key)
			return rare_flags[i].chance;
	}
	return FALSE_FLAG;
}

static void print_date(char *buf, size_t size, int64_t days)
{
	int32_t date = bh_date_of_days(days);

	snprintf(buf, size, "%04d-%02d-%02d", (int)(date / 10000), (int)(date / 100 % 100),
		 (int)(date % 100));
}

/* One answer of the profile. */
static void answer(const struct bh_person *person, enum profile_key key, struct bh_random *random,
		   struct bh_profile_item *item)
{
	const struct bh_answer_info *info = bh_profile_info_at((size_t)key);
	bool yes = bh_random_chance(random, chance_of(person, key));
	int since = person->sleeper == BH_SLEEPER_MEDICATION && person->since_night > 0 ?
			    person->since_night : -(int)bh_random_between(random, 300, 2000);

	snprintf(item->key, sizeof(item->key), "%s", info->key);
	switch (info->kind) {
	case BH_ANSWER_FLAG:
		if (key == PROFILE_NOCTURIA)
			yes = person->toilet_rate >= 2;
		snprintf(item->value, sizeof(item->value), "%s", yes ? "yes" : "no");
		break;
	case BH_ANSWER_NUMBER:
		snprintf(item->value, sizeof(item->value), "%d", (int)person->age);
		break;
	case BH_ANSWER_WORD: /* seasons are those of the north */
		snprintf(item->value, sizeof(item->value), "%.*s", (int)strcspn(info->words, "|"),
			 info->words);
		break;
	case BH_ANSWER_DATE:
		if (key == PROFILE_RESTLESS_DRUG_SINCE)
			since = -(int)bh_random_between(random, 300, 2000);
		print_date(item->value, sizeof(item->value), person->first_day + since);
		break;
	case BH_ANSWER_TEXT:
		break;
	}
}

/* The date of a medicine that is not taken: nobody knows one. */
static bool takes_none(const struct bh_answers *answers, enum profile_key key)
{
	static const enum profile_key cramp_drugs[] = { PROFILE_DIURETIC_THIAZIDE, PROFILE_DIURETIC_LOOP,
							PROFILE_DIURETIC_SPARING, PROFILE_STATIN,
							PROFILE_LONG_BETA_AGONIST };
	static const enum profile_key restless_drugs[] = { PROFILE_RESTLESS_DRUG };
	bool cramps = key == PROFILE_CRAMP_DRUG_SINCE;
	const enum profile_key *drugs = cramps ? cramp_drugs : restless_drugs;
	size_t n = cramps ? sizeof(cramp_drugs) / sizeof(cramp_drugs[0]) : 1;

	if (!cramps && key != PROFILE_RESTLESS_DRUG_SINCE)
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(answers->profile[drugs[i]].value, "yes") == 0)
			return false;
	return true;
}

int bh_answers_new(struct bh_answers *answers, const struct bh_person *person, int nights)
{
	struct bh_random random;

	answers->profile = calloc(PROFILE_END, sizeof(*answers->profile));
	answers->diary = calloc((size_t)nights * ENTRIES_A_NIGHT + 1, sizeof(*answers->diary));
	if (!answers->profile || !answers->diary) {
		bh_answers_free(answers);
		return -ENOMEM;
	}
	answers->n_profile = PROFILE_END;
	answers->n_diary = 0;
	for (int i = 0; i < PROFILE_END; i++) {
		bh_random_start(&random, person->key, BH_STREAM_ANSWERS, (uint64_t)i, 2);
		answer(person, (enum profile_key)i, &random, &answers->profile[i]);
	}
	for (int i = 0; i < PROFILE_END; i++)
		if (takes_none(answers, (enum profile_key)i))
			snprintf(answers->profile[i].value, sizeof(answers->profile[i].value), "%s",
				 BH_ANSWER_UNKNOWN);
	return 0;
}

void bh_answers_free(struct bh_answers *answers)
{
	free(answers->profile);
	free(answers->diary);
	memset(answers, 0, sizeof(*answers));
}

/* A day of its own kind, the same whenever it is asked for. */
static bool special_day(const struct bh_person *person, int night, uint64_t what, double chance)
{
	struct bh_random random;

	bh_random_start(&random, person->key, BH_STREAM_ANSWERS, (uint64_t)night, what);
	return bh_random_chance(&random, chance);
}

bool bh_low_fluid_day(const struct bh_person *person, int night)
{
	return special_day(person, night, 3, .45);
}

bool bh_standing_day(const struct bh_person *person, int night)
{
	return special_day(person, night, 4, .4);
}

struct morning {
	struct bh_answers *answers;
	const struct bh_person *person;
	struct bh_random random;
	int32_t date;
	int64_t at_ms;
};

static void note(struct morning *morning, enum diary_key key, enum bh_side side, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void note(struct morning *morning, enum diary_key key, enum bh_side side, const char *format, ...)
{
	struct bh_diary_item *item = &morning->answers->diary[morning->answers->n_diary++];
	va_list ap;

	item->night = morning->date;
	item->at_ms = morning->at_ms;
	item->side = side;
	snprintf(item->key, sizeof(item->key), "%s", bh_diary_info_at((size_t)key)->key);
	va_start(ap, format);
	vsnprintf(item->value, sizeof(item->value), format, ap);
	va_end(ap);
}

/* Whether this person is one who would ever say so. */
static bool says(const struct morning *morning, enum diary_key key, double own, double others,
		 bool is_own)
{
	struct bh_random random;

	bh_random_start(&random, morning->person->key, BH_STREAM_ANSWERS, (uint64_t)key, 5);
	return bh_random_chance(&random, is_own ? own : others);
}

static int count(const struct bh_plan *plan, enum bh_sim_truth_kind kind)
{
	int n = 0;

	for (size_t i = 0; i < plan->n_truths; i++)
		n += plan->truth[i].kind == kind;
	return n;
}

/* What hurt and what helped. */
static void note_pain(struct morning *morning, const struct bh_plan *plan)
{
	const struct bh_person *person = morning->person;
	struct bh_random *random = &morning->random;
	bool hung = count(plan, BH_SIM_TRUTH_LEGS_OVER_EDGE) > 0;
	bool cramped = count(plan, BH_SIM_TRUTH_JOLT) > 0;
	bool restless = count(plan, BH_SIM_TRUTH_RESTLESS) > 2;
	double score = bh_random_between(random, 0, 1.4), helped = bh_random_uniform(random);
	const char *relief = NULL;

	if (person->sleeper == BH_SLEEPER_LEG_HANGING && hung) {
		score = bh_random_between(random, 3, 8);
		relief = helped < .8 ? "hang" : NULL;
	} else if (cramped) {
		score = bh_random_between(random, 5, 9);
		relief = helped < .6 ? "stretch" : NULL;
	} else if (person->sleeper == BH_SLEEPER_RESTLESS_LEGS && restless) {
		score = bh_random_between(random, 1, 5);
		relief = helped < .6 ? "walk" : NULL;
	} else if (person->sleeper == BH_SLEEPER_VENOUS && restless) {
		score = bh_random_between(random, 2, 6);
		relief = helped < .7 ? "elevate" : NULL;
	} else if (person->sleeper == BH_SLEEPER_STENOSIS && restless) {
		score = bh_random_between(random, 2, 7);
		relief = helped < .6 ? "pillow" : NULL;
	} else if (person->sleeper == BH_SLEEPER_NEUROPATHY) {
		score = bh_random_between(random, 2, 7);
		relief = helped < .5 ? "cool" : NULL;
	}
	note(morning, DIARY_PAIN, score >= 2 ? person->pain_side : BH_SIDE_UNKNOWN, "%d", (int)score);
	if (relief)
		note(morning, DIARY_RELIEF, BH_SIDE_UNKNOWN, "%s", relief);
	if (cramped && bh_random_chance(random, .9))
		note(morning, DIARY_CRAMP, person->pain_side, "yes");
}

/* What was felt: yes or no each morning, by those who would say so at all. */
static void note_feelings(struct morning *morning)
{
	const struct {
		enum diary_key key;
		enum bh_sleeper of;
		double own, others;
	} feelings[] = {
		{ DIARY_URGE, BH_SLEEPER_RESTLESS_LEGS, .82, .16 },
		{ DIARY_NUMB, BH_SLEEPER_NERVE, .6, .1 },
		{ DIARY_BURNING, BH_SLEEPER_NEUROPATHY, .7, .08 },
	};

	for (size_t i = 0; i < sizeof(feelings) / sizeof(feelings[0]); i++) {
		bool own = feelings[i].of == morning->person->sleeper;
		bool would = says(morning, feelings[i].key, feelings[i].own, feelings[i].others, own);
		bool today = bh_random_chance(&morning->random, own ? .6 : .25);

		note(morning, feelings[i].key, BH_SIDE_UNKNOWN, "%s", would && today ? "yes" : "no");
	}
}

static void note_day(struct morning *morning, const struct bh_plan *plan)
{
	const struct bh_person *person = morning->person;
	struct bh_random *random = &morning->random;
	bool dry = person->sleeper == BH_SLEEPER_DEHYDRATION ? bh_low_fluid_day(person, plan->night) :
							       bh_random_chance(random, .1);
	bool stood = person->sleeper == BH_SLEEPER_VENOUS ? bh_standing_day(person, plan->night) :
							    bh_random_chance(random, .1);
	double hours = stood ? bh_random_between(random, 6, 9) : bh_random_between(random, 1, 5.5);

	note(morning, DIARY_FLUIDS, BH_SIDE_UNKNOWN, "%s", dry ? "low" : "usual");
	note(morning, DIARY_STANDING, BH_SIDE_UNKNOWN, "%d.%d", (int)hours, (int)(hours * 10) % 10);
	if (count(plan, BH_SIM_TRUTH_TOILET_LIKE) > 0)
		note(morning, DIARY_TOILET, BH_SIDE_UNKNOWN, "yes");
}

void bh_answers_add_night(struct bh_answers *answers, const struct bh_person *person,
			  const struct bh_plan *plan, int64_t origin_ms)
{
	struct morning morning = { .answers = answers, .person = person };

	bh_random_start(&morning.random, person->key, BH_STREAM_ANSWERS, (uint64_t)plan->night, 6);
	if (!bh_random_chance(&morning.random, DIARY_KEPT))
		return;
	morning.date = bh_date_of_days(person->first_day + plan->night);
	morning.at_ms = origin_ms + plan->rise_ns / BH_NS_PER_MS + 10 * 60 * BH_MS_PER_S;
	note_pain(&morning, plan);
	note_feelings(&morning);
	note_day(&morning, plan);
}
