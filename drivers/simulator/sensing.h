/* SPDX-License-Identifier: MIT */
/* What the sensors of a mat make of the grams on its zones: gain, noise, drift, faults. */
#ifndef BH_SIMULATOR_SENSING_H
#define BH_SIMULATOR_SENSING_H

#include "drivers/simulator/mat_model.h"

struct bh_sensing_tonight {
	struct bh_gap stuck; /**< one zone does not move; a contact pad stays closed */
	int stuck_zone;
	struct bh_gap silent; /**< nothing comes from the mat */
};

struct bh_sensing {
	const struct bh_mat_model *model;
	const struct bh_person *person;
	uint64_t noise;		      /* state of the noise */
	const float *table;
	float gain[BH_ZONES_MAX];
	float offset[BH_ZONES_MAX];
	float noise_sd;
	bool closed[BH_ZONES_MAX];    /* contact pads */
	float margin[BH_ZONES_MAX];   /* contact pads: the load that keeps them closed */
	int64_t settled_ns;	      /* since when the body lies as it does: drift */
	struct bh_sensing_tonight tonight;
};

void bh_sensing_init(struct bh_sensing *sensing, const struct bh_mat_model *model,
		     const struct bh_person *person, uint64_t seed);
/** @brief Draw a night; its faults are added to the truth of @p plan, which is then out of order. */
void bh_sensing_draw(const struct bh_mat_model *model, const struct bh_person *person, int nights,
		     struct bh_plan *plan, struct bh_sensing_tonight *ret);
/** @brief The body settles into another phase: what each sensor repeats badly is drawn anew. */
void bh_sensing_settle(struct bh_sensing *sensing, uint32_t shape, int64_t now_ns, float *load);
/**
 * @brief Read all zones. @p room_degc moves load cells.
 * @return false: the mat is silent.
 */
bool bh_sensing_read(struct bh_sensing *sensing, const float *load, int64_t now_ns, double room_degc,
		     int32_t *ret);

#endif
