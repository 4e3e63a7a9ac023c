/* SPDX-License-Identifier: MIT */
#include "hub/cli/play.h"

#include "hub/cli/progress.h"
#include "hub/cli/times.h"
#include "hub/core/night.h"

#include <stdio.h>
#include <time.h>

struct player {
	const struct bh_play *play;
	struct bh_progress progress;
	int64_t started_ns; /* the machine's time of the first frame, 0: not begun */
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
}

static int on_wait(void *ctx, int64_t first_ns, int64_t until_ns)
{
	struct player *player = ctx;
	int64_t at_ns;
	struct timespec at;

	if (player->started_ns == 0)
		player->started_ns = now_ns();
	at_ns = player->started_ns + (int64_t)((double)(until_ns - first_ns) / player->play->speed);
	at.tv_sec = (time_t)(at_ns / BH_NS_PER_S);
	at.tv_nsec = (long)(at_ns % BH_NS_PER_S);
	/* EINTR, too, is answered by looking at the flag. */
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	return bh_interrupted();
}

static int on_progress(void *ctx, const struct bh_replay_progress *progress)
{
	struct player *player = ctx;
	char text[BH_CLI_TIME_MAX] = "";

	if (progress->wall_ms != BH_WALL_UNKNOWN)
		bh_cli_time_text(progress->wall_ms, bh_utc_offset_s(progress->wall_ms), text);
	bh_progress_draw(&player->progress, progress->done, progress->total, text);
	return bh_interrupted();
}

int bh_cli_play(const struct bh_play *play, struct bh_replay_result *ret, struct bh_error *err)
{
	struct player player = { .play = play };
	struct bh_replay replay = {
		.config = play->config,
		.rules = play->rules,
		.store = play->store,
		.publish = play->speed > 0,
		.wait = play->speed > 0 ? on_wait : NULL,
		.progress = on_progress,
		.ctx = &player,
	};
	int r;

	bh_interrupt_catch();
	bh_progress_begin(&player.progress, play->title);
	r = bh_replay_run(&replay, ret, err);
	bh_progress_end(&player.progress);
	return r;
}
