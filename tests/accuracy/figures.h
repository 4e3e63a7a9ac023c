/* SPDX-License-Identifier: MIT */
/*
 * What the accuracy programs share: moments and how they are matched, statistics, and printing
 * "name value" lines.
 */
#ifndef BH_TESTS_ACCURACY_FIGURES_H
#define BH_TESTS_ACCURACY_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

/** @brief Print "name value" with three decimals. */
void figures_print(const char *name, double value);
void figures_print_count(const char *name, long value);

/** What was told against what was true. A pair is one of each. */
struct figures_tally {
	long pairs, told, truth;
};

/**
 * @brief Print, each with @p prefix ("bed_exit_"): true, told, found (how many of each, and pairs),
 * precision, recall, f1.
 */
void figures_print_tally(const char *prefix, const struct figures_tally *tally);
/** @return The harmonic mean of precision and recall; 0 where nothing was told and nothing true. */
double figures_f1(const struct figures_tally *tally);

struct figures_interval {
	double low, high;
};

/**
 * @brief Where a share lies of which @p share was seen in @p n cases, 95 %: Wilson 1927, without
 * correction for continuity. @p n may be a fraction. All is possible where n is 0.
 */
struct figures_interval figures_wilson(double share, double n);
/**
 * @brief The same of an F1. F1 = pairs / (pairs + half of what has no partner), a share itself: it is
 * treated as Wilson's with that denominator.
 */
struct figures_interval figures_f1_interval(const struct figures_tally *tally);

/** @return Seconds of processor time since the program started. */
double figures_seconds(void);

/** Moments, seconds. Starts as zero bytes; figures_forget() gives back its memory. */
struct figures_moments {
	double *at;
	size_t n, cap;
};

void figures_add(struct figures_moments *moments, double at);
void figures_sort(struct figures_moments *moments);
void figures_forget(struct figures_moments *moments);

/**
 * @brief A quantile of @p sorted moments: the smallest that is no less than a share @p q of them.
 * @param ret_interval Those at the ends of Wilson's interval of @p q; may be NULL.
 * @return 0 where there are none.
 */
double figures_quantile(const struct figures_moments *sorted, double q,
			struct figures_interval *ret_interval);

/**
 * @brief Pairs of one found and one true moment no further apart than @p tolerance, each used once,
 * as many as there can be. Sorts both.
 * @param alone Called with each moment that has no partner; may be NULL.
 */
long figures_match(struct figures_moments *found, struct figures_moments *truth, double tolerance,
		   void (*alone)(void *ctx, double at, bool is_true), void *ctx);

#endif
