/* SPDX-License-Identifier: MIT */
/*
 * A leg that stirs: how far the load lies from where it lay, less what breath and heart do to it.
 * They push every zone in one pattern, whose strengths go up and down together; the pattern is
 * learned while the sleeper lies still, and what a reading has of it is taken out. What is left is
 * compared with its own quiet level, so a movement of a few newtons shows under a breath of as many.
 */
#ifndef BH_DETECT_STIR_H
#define BH_DETECT_STIR_H

#include "hub/detect/faint.h"
#include "hub/detect/features.h"
#include "hub/detect/levels.h"
#include "hub/detect/movement.h"

/* On finer mats a leg moves from zone to zone, and its change is heard well enough (movement.h). */
#define BH_STIR_ZONES_MAX BH_FAINT_ZONES_MAX

/** One zone. Loads are in 16ths of the mat's unit. */
struct bh_stir_zone {
	bool foot;
	enum bh_half half;
	int32_t load;	/**< smoothed */
	int32_t lay;	/**< before the movement */
	int32_t slow;	/**< where it has been for half a second */
	int32_t breath; /**< of the pattern, a unit vector in 16384ths */
	int64_t pull;	/**< mean of the pattern's strength times what this zone has of it */
};

struct bh_stir {
	bool foot_only; /**< only the foot end counts: breath and heart hardly reach its zones */
	int32_t body_permille; /**< of the body load; what passes it moved more than legs */
	unsigned int n;	       /**< 0: too many, or pads */
	struct bh_stir_zone zone[BH_STIR_ZONES_MAX];
	bool ready;
	int64_t last_ns;
	int64_t settled_ns; /**< since when the sleeper lies as now */
	int32_t learned;    /**< samples in the pattern */
	int64_t shaking;    /**< mean square change at the foot end over a second */
	/* The quiet level: 20th percentile over ten minutes in bed; 0 while not known. */
	struct bh_levels levels;
	int64_t next_sample_ns;
	int64_t quiet_level;
	/* The movement under way. */
	bool moving;
	int64_t calm_ns;    /**< last sample at its place */
	int64_t away_ns;    /**< last sample away from it */
	int64_t changed_ns; /**< last sample that was not where those before it were */
	struct bh_movement now;
	int32_t x_still, y_still;
	bool moved; /**< in this second */
	bool faint_too; /**< strips: what is too weak for one reading is heard by its mean */
	struct bh_faint faint;
};

void bh_stir_init(struct bh_stir *stir, const struct bh_feature_maker *maker);

/** @return The mat has loads, and zones few enough; else bh_stir_take() must not be called. */
bool bh_stir_can(const struct bh_stir *stir);

/**
 * @brief Take the loads that @p maker has just made @p f of.
 * @param in_bed Nothing is learned of an empty bed, and no movement begins there.
 * @param body_load Learned load of the sleeper, unit of the mat; 0: not known.
 * @return true if a movement ended; it is in @p ret.
 */
bool bh_stir_take(struct bh_stir *stir, const struct bh_feature_maker *maker,
		  const struct bh_features *f, bool in_bed, int64_t body_load,
		  struct bh_movement *ret);

/** @return There was movement since the last call. */
bool bh_stir_second(struct bh_stir *stir);

/** @brief A gap or a fault: what was under way is not known. */
void bh_stir_break(struct bh_stir *stir);

#endif
