/* SPDX-License-Identifier: MIT */
/*
 * Chance for the simulator: the same key gives the same numbers on every machine. Only additions,
 * multiplications, divisions and square roots of doubles are used, which IEEE 754 fixes to the last
 * bit; the folder is compiled without contraction of a multiplication and an addition into one
 * operation, and exp, log and sin are our own, because libm's differ.
 */
#ifndef BH_SIMULATOR_RANDOM_H
#define BH_SIMULATOR_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** xoshiro256** of Blackman and Vigna. */
struct bh_random {
	uint64_t s[4];
};

/** @brief Start a stream of its own for each (seed, what, which, when). */
void bh_random_start(struct bh_random *random, uint64_t seed, uint64_t what, uint64_t which,
		     uint64_t when);
uint64_t bh_random_bits(struct bh_random *random);
/** @return In [0, 1). */
double bh_random_uniform(struct bh_random *random);
double bh_random_between(struct bh_random *random, double low, double high);
bool bh_random_chance(struct bh_random *random, double probability);
double bh_random_normal(struct bh_random *random, double mean, double sd);
/** @brief A normal number cut to @p low..@p high. */
double bh_random_normal_in(struct bh_random *random, double mean, double sd, double low, double high);
/** @brief exp of a normal number; @p median is its median, @p sigma the spread of its logarithm. */
double bh_random_lognormal(struct bh_random *random, double median, double sigma);
double bh_random_exponential(struct bh_random *random, double mean);
/** @return How often something of this mean happened. */
int bh_random_poisson(struct bh_random *random, double mean);

double bh_exp(double x);
double bh_sim_log(double x);
double bh_sin(double x);

/** Cheap normal noise of mean 0 and sd 1: entries of a table of quantiles, picked by ten bits each. */
#define BH_NOISE_TABLE 1024
const float *bh_noise_table(void);

#endif
