/* SPDX-License-Identifier: MIT */
/* Skin and room temperatures, and what three thermometers on cables make of them. */
#ifndef BH_SIMULATOR_WARMTH_H
#define BH_SIMULATOR_WARMTH_H

#include "drivers/simulator/plan.h"

/** How often thermometers are read. */
#define BH_TEMP_PERIOD_NS (30 * BH_NS_PER_S)

/** One night's draws. */
struct bh_warmth_tonight {
	double room, plateau, asymmetry; /**< degrees; of the asymmetry: left minus right */
	struct bh_gap detached;		 /**< one leg thermometer is off the leg */
	enum bh_side detached_side;
	bool swapped;
};

struct bh_warmth {
	const struct bh_person *person;
	struct bh_random random;
	double offset[BH_TEMP_SLOTS];	/**< of the thermometers, after calibration in a water bath */
	double drift[BH_TEMP_SLOTS];	/**< of it, a day */
	double skin[2];			/**< left, right */
	double sensor[BH_TEMP_SLOTS];
	double room;
	struct bh_warmth_tonight tonight;
};

void bh_sim_warmth_init(struct bh_warmth *warmth, const struct bh_person *person, uint64_t seed);
/** @brief Draw a night; its faults are added to the truth of @p plan, which is then out of order. */
void bh_warmth_draw(const struct bh_person *person, int nights, struct bh_plan *plan,
		    struct bh_warmth_tonight *ret);
/**
 * @brief Let BH_TEMP_PERIOD_NS pass up to @p now_ns, and read: mdegc and fault of each slot. A slot
 * whose reading failed on the wire is left as it was and not stamped.
 */
void bh_warmth_step(struct bh_warmth *warmth, const struct bh_plan *plan, const struct bh_phase *phase,
		    int64_t now_ns, struct bh_temperature temp[BH_TEMP_SLOTS]);

#endif
