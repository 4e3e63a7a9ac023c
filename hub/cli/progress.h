/* SPDX-License-Identifier: MIT */
/* A bar on stderr for long work; silent where stderr is not a terminal. */
#ifndef BH_CLI_PROGRESS_H
#define BH_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct bh_progress {
	const char *title;
	bool shown;
	int64_t drawn_ns; /**< when last, to draw no more than ten times a second */
};

void bh_progress_begin(struct bh_progress *progress, const char *title);
/** @param total 0: not known. @param note What is being worked on, may be "". */
void bh_progress_draw(struct bh_progress *progress, int64_t done, int64_t total, const char *note);
/** @brief Remove the bar. */
void bh_progress_end(struct bh_progress *progress);

/** @brief From now on Ctrl-C sets a flag instead of ending the program. */
void bh_interrupt_catch(void);
bool bh_interrupted(void);

#endif
