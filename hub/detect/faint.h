/* SPDX-License-Identifier: MIT */
/*
 * A leg that moves bears elsewhere for as long as it is away, so the mean over that time shows what no
 * single reading does. Means over four lengths of time are compared with what they are in stillness,
 * each zone by its own noise; where a movement begins and ends is where it fits the samples best.
 */
#ifndef BH_DETECT_FAINT_H
#define BH_DETECT_FAINT_H

#include "hub/detect/features.h"
#include "hub/detect/movement.h"

#define BH_FAINT_ZONES_MAX 16
/* The longest mean: four seconds at 10 Hz. */
#define BH_FAINT_SAMPLES 40
#define BH_FAINT_WINDOWS 4

/** One zone. Loads are in 16ths of the mat's unit. */
struct bh_faint_zone {
	bool foot;
	enum bh_half half;
	int32_t load[BH_FAINT_SAMPLES];
	int32_t base;			 /**< where it was before them, 64ths of a load */
	int64_t sum[BH_FAINT_WINDOWS];	 /**< of the last of them */
	int64_t noise[BH_FAINT_WINDOWS]; /**< stillness: mean square of such a sum, by its length */
	int64_t away;			 /**< sum of the distance from base over a movement */
};

struct bh_faint {
	unsigned int n;
	struct bh_faint_zone zone[BH_FAINT_ZONES_MAX];
	int64_t at_ns[BH_FAINT_SAMPLES];
	unsigned int newest;
	unsigned int settled; /**< samples since the sleeper lies so; stops at a minute */
	unsigned int learned; /**< of them, in the noise */
	int64_t limit;	      /**< what stillness does not pass, 64ths of the variance of each zone */
	int64_t strong;	      /**< what half a second of stillness does not pass, all zones together */
	/* The movement under way. */
	bool moving;
	unsigned int samples;	/**< of it */
	int64_t fit, best_fit;	/**< how much better it explains them than stillness does */
	int64_t best_ns;
	struct bh_movement now;
};

/** @param maker Of a mat of at most BH_FAINT_ZONES_MAX zones. */
void bh_faint_init(struct bh_faint *faint, const struct bh_feature_maker *maker);

/** @brief The sleeper lies otherwise than before: everything is learned anew. */
void bh_faint_anew(struct bh_faint *faint);

/** @brief What moved was heard by others and is back: go on as if nothing had. */
void bh_faint_again(struct bh_faint *faint, int64_t now_ns);

/**
 * @brief Take a sample of someone in bed.
 * @param load Of each zone, 16ths, without what breath and heart do to it.
 * @param shaking Mean square change at the foot end, for the size of a movement.
 * @return true if a movement ended; it is in @p ret, its energies above those of stillness.
 */
bool bh_faint_take(struct bh_faint *faint, const int32_t *load, const struct bh_features *f,
		   int64_t shaking, struct bh_movement *ret);

/** @return A smoothed reading of this energy is more than noise makes of half a second. */
bool bh_faint_is_strong(const struct bh_faint *faint, int64_t energy);

#endif
