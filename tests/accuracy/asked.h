/* SPDX-License-Identifier: MIT */
/* What is asked of the signal path: each figure, how it is counted and how good it has to be. */
#ifndef BH_TESTS_ACCURACY_ASKED_H
#define BH_TESTS_ACCURACY_ASKED_H

#include <stdbool.h>
#include <stddef.h>

enum asked_how {
	ASKED_F1,     /**< of the tally with the prefix `name` */
	ASKED_SHARE,  /**< `name` of `of` */
	ASKED_MEAN,   /**< a mean of shares, over `of` cases */
	ASKED_NUMBER, /**< no share; its interval is NAME_low to NAME_high where they are printed */
};

/* What may be asked differs with the mat. Load cells come slow and fast. */
enum asked_kind {
	ASKED_CONTACT,
	ASKED_STRIPS,
	ASKED_MATRIX,
	ASKED_CELLS,
	ASKED_CELLS_FAST,
	ASKED_KINDS
};
#define ASKED_FAST_HZ 80

#define ASKED_NOTHING (-1.0)

struct asked_figure {
	const char *text;
	const char *source; /**< the program */
	const char *name, *of;
	const char *known; /**< the name that is 0 where a mat cannot tell it; NULL: always told */
	enum asked_how how;
	bool at_most;
	double wanted
		[ASKED_KINDS]; /**< of recordings the first; ASKED_NOTHING: printed, not judged */
};

extern const struct asked_figure asked_of_recordings[];
extern const size_t asked_of_recordings_n;
extern const struct asked_figure asked_of_simulated[];
extern const size_t asked_of_simulated_n;
extern const struct asked_figure asked_of_broken[];
extern const size_t asked_of_broken_n;

#endif
