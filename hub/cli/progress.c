/* SPDX-License-Identifier: MIT */
#include "hub/cli/progress.h"

#include "hub/core/time_types.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BAR_WIDTH 30
#define REDRAW_NS (100 * BH_NS_PER_MS)

static volatile sig_atomic_t interrupted;

static void on_signal(int signal)
{
	(void)signal;
	interrupted = 1;
}

void bh_interrupt_catch(void)
{
	/* Without SA_RESTART: a sleep of a paced replay ends at once. */
	struct sigaction action = { .sa_handler = on_signal };

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool bh_interrupted(void)
{
	return interrupted != 0;
}

void bh_progress_begin(struct bh_progress *progress, const char *title)
{
	*progress = (struct bh_progress){ .title = title };
}

void bh_progress_draw(struct bh_progress *progress, int64_t done, int64_t total, const char *note)
{
	char bar[BAR_WIDTH + 1];
	struct timespec now;
	int64_t now_ns;
	int filled;

	if (!isatty(STDERR_FILENO))
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	now_ns = (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
	if (progress->shown && now_ns - progress->drawn_ns < REDRAW_NS)
		return;
	progress->shown = true;
	progress->drawn_ns = now_ns;
	if (total <= 0) {
		fprintf(stderr, "\r%s  %s\x1b[K", progress->title, note);
		return;
	}
	filled = (int)(done * BAR_WIDTH / total);
	filled = filled < 0 ? 0 : filled > BAR_WIDTH ? BAR_WIDTH : filled;
	memset(bar, '#', (size_t)filled);
	memset(bar + filled, '.', (size_t)(BAR_WIDTH - filled));
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r%s  [%s] %3" PRId64 " %%  %s\x1b[K", progress->title, bar,
		done * 100 / total, note);
}

void bh_progress_end(struct bh_progress *progress)
{
	if (progress->shown)
		fputs("\r\x1b[K", stderr);
	progress->shown = false;
}
