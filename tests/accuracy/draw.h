/* SPDX-License-Identifier: MIT */
/* Which simulated people and nights a program looks at: its options, and one person after the other. */
#ifndef BH_TESTS_ACCURACY_DRAW_H
#define BH_TESTS_ACCURACY_DRAW_H

#include "drivers/simulator/simulator.h"
#include "hub/detect/detect.h"

#include <stdbool.h>

struct draw {
	struct bh_simulation_config config; /**< its seed is that of the first person */
	enum bh_sleeper only;		    /**< BH_SLEEPER_END: every sleeper of the catalogue */
	int people;			    /**< of each sleeper */
	bool disturbed; /**< each person by one of what disturbs a bed, in turn */
	bool missing;	/**< 30 % of each night is */
	bool each;	/**< --misses: also say which */
};

/**
 * @brief Take the options: --mat --sleeper --confounders --disturbed --missing --seed-from --people
 * --nights --misses. Prints the usage and exits with 2 if they are wrong. @p draw holds the defaults.
 */
void draw_options(struct draw *draw, int argc, char **argv);

/** @brief The mats of the simulator, a line each. */
void draw_list_mats(void);

/** @brief Print "mat", "kind" and "rate_hz", which say what may be asked of it. */
void draw_print_mat(const struct draw *draw);

/** @brief Call @p one with each person's configuration. */
void draw_each(const struct draw *draw, void (*one)(void *ctx, const struct bh_simulation_config *),
	       void *ctx);

/** What is missing of a night. */
struct draw_missing {
	int64_t from_ns, to_ns;
};

/** One person's nights going through the signal path. */
struct draw_night {
	struct bh_simulation *simulation;
	struct bh_detect *detect;
	uint32_t capabilities;
	const struct draw_missing *missing; /**< of each night; NULL: nothing is missing */
};

/**
 * @brief Play all nights of @p config; then @p done is called, with the truth still at hand.
 * @param before Called before each frame; may be NULL.
 */
void draw_play(const struct bh_simulation_config *config, const struct bh_sink *sink,
	       void (*before)(void *ctx, const struct draw_night *, int64_t now_ns),
	       void (*done)(void *ctx, const struct draw_night *), void *ctx);
/** @brief The same, but 30 % of each night is missing, in one piece: every sensor is gone. */
void draw_play_missing(const struct bh_simulation_config *config, const struct bh_sink *sink,
		       void (*before)(void *ctx, const struct draw_night *, int64_t now_ns),
		       void (*done)(void *ctx, const struct draw_night *), void *ctx);

/** @return What a bed with the mat of @p config can tell (BH_CAN_*). */
uint32_t draw_capabilities(const struct bh_simulation_config *config);

#endif
