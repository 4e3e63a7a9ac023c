/* SPDX-License-Identifier: MIT */
/* The person in the bed, drawn once from the seed: habits, body, rates. Rates are a night or an hour. */
#ifndef BH_SIMULATOR_PERSON_H
#define BH_SIMULATOR_PERSON_H

#include "drivers/simulator/random.h"
#include "drivers/simulator/simulator.h"

/* What a stream of random numbers is for: each has its own, so that one more draw in one place
 * changes nothing elsewhere. */
enum bh_random_use {
	BH_STREAM_PERSON = 1,
	BH_STREAM_NIGHT,
	BH_STREAM_CONFOUNDER,
	BH_STREAM_SHAPE,
	BH_STREAM_NOISE,
	BH_STREAM_WARMTH,
	BH_STREAM_SENSOR,
	BH_STREAM_ANSWERS,
	BH_STREAM_CLOCK,
};

/* The four ways of lying, in the order of enum bh_position from BH_POSITION_SUPINE. */
#define BH_WAYS_OF_LYING 4

struct bh_person {
	enum bh_sleeper sleeper;
	uint32_t confounders;
	uint64_t key;		/**< seed and sleeper: the first key of every stream */
	double age;
	double height_m;
	double mass_kg;
	double bedtime_s;	/**< after noon */
	double in_bed_s;
	double onset_min;	/**< median minutes from lying down to sleep */
	double toilet_rate;	/**< exits a night */
	double shifts_per_h;
	double share[BH_WAYS_OF_LYING];
	double large_per_h;	/**< large movements without a change of position */
	double isolated_per_h;	/**< leg movements asleep that belong to no series */
	double plm_index;	/**< periodic leg movements an hour asleep */
	double plm_interval_s;	/**< median onset to onset */
	double awake_lm_per_h;	/**< leg movements before sleep */
	double wakes_per_h;	/**< awakenings that nothing explains */
	double restless_rate;	/**< restless bouts a night that nothing explains */
	double restless_early;	/**< bouts of the first third to those of the last */
	double hanging_rate;	/**< times a night the legs are hung over the edge */
	double jolt_rate;	/**< cramps a night */
	double walk_rate;	/**< walks a night */
	double uncover_chance;	/**< of a night on which the feet are uncovered */
	enum bh_position bad_position; /**< wakes when lying so for long; UNKNOWN: none */
	enum bh_side pain_side;
	enum bh_side edge_side;	/**< where this person gets up */
	double asymmetry_degc;	/**< left minus right of the skin, when resting */
	double warmer_degc;	/**< both legs */
	int since_night;	/**< a medicine is taken from this night on; 0: for long */
	int64_t first_day;	/**< days from 1970 to the first evening: seasons */
	int change_night;	/**< the clocks change in this night; -1: never */
	int change_h;		/**< hours that night is longer: 1 in autumn, -1 in spring */
	double cooling_less;	/**< painful foot when hung: degrees a 10 min it cools less than the other */
};

/** @brief Days from 1970-01-01 to a date, yyyymmdd, of the Gregorian calendar. */
int64_t bh_days_of_date(int32_t date);
/** @brief The reverse. */
int32_t bh_date_of_days(int64_t days);

void bh_person_draw(const struct bh_simulation_config *config, struct bh_person *ret);

#endif
