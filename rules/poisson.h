/* SPDX-License-Identifier: MIT */
/* The ratio of two Poisson rates with its exact conditional interval. */
#ifndef BH_RULES_POISSON_H
#define BH_RULES_POISSON_H

#include <stdint.h>

/** Thousandths; bounds of the 90 % interval. INT64_MAX: no upper bound. */
struct bh_rate_ratio {
	int64_t ratio;
	int64_t low;
	int64_t high;
};

/**
 * @brief Rate after over rate before.
 *
 * Given the total, the count after is binomial; Clopper-Pearson bounds of its share give those of
 * the ratio (Przyborowski and Wilenski 1940). The ratio itself adds half to each count.
 *
 * @param exposure_before, exposure_after More than 0, in any one unit.
 */
struct bh_rate_ratio bh_poisson_ratio(int64_t before, int64_t exposure_before, int64_t after,
				      int64_t exposure_after);

#endif
