/* SPDX-License-Identifier: MIT */
#include "hub/daemon/clock.h"

#include <sys/timex.h>
#include <time.h>

#define CHECK_EVERY_NS BH_NS_PER_S
/* The two clocks are slewed together, so only a step parts them; less than this is scheduling noise
 * between the two reads. */
#define STEP_MIN_MS 100
/* The two reads are believed to be one moment if they took less; a few tries get such a pair. */
#define BRACKET_NS (5 * BH_NS_PER_MS)
#define READS_MAX 5

int64_t bh_clock_mono_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * BH_NS_PER_S + now.tv_nsec;
}

int64_t bh_clock_wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * BH_MS_PER_S + now.tv_nsec / BH_NS_PER_MS;
}

static bool is_synchronised(void)
{
	struct timex timex = { 0 };

	int state = adjtimex(&timex);

	/* A kernel that does not answer does not know. */
	return state >= 0 && state != TIME_ERROR;
}

/* Both clocks at one moment: a thread that was preempted between the two reads would see a step. */
static struct bh_clock_anchor read_anchor(const struct bh_clock_watch *watch)
{
	struct bh_clock_anchor anchor = { .wall_ms = BH_WALL_UNKNOWN };
	bool known = watch->trusted || is_synchronised();
	int64_t wall_ms, after_ns;

	for (int i = 0; i < READS_MAX; i++) {
		anchor.mono_ns = bh_clock_mono_ns();
		wall_ms = bh_clock_wall_ms();
		after_ns = bh_clock_mono_ns();
		if (after_ns - anchor.mono_ns < BRACKET_NS)
			break;
	}
	if (known)
		anchor.wall_ms = wall_ms;
	return anchor;
}

void bh_clock_begin(struct bh_clock_watch *watch, bool trusted, struct bh_clock *ret)
{
	watch->trusted = trusted;
	watch->anchor = read_anchor(watch);
	watch->checked_ns = watch->anchor.mono_ns;
	*ret = (struct bh_clock){ .anchor = watch->anchor, .change = BH_CLOCK_START };
}

bool bh_clock_check(struct bh_clock_watch *watch, int64_t now_ns, struct bh_clock *ret)
{
	struct bh_clock_anchor anchor;
	int64_t step_ms;

	if (now_ns - watch->checked_ns < CHECK_EVERY_NS)
		return false;
	watch->checked_ns = now_ns;
	anchor = read_anchor(watch);
	if (anchor.wall_ms == BH_WALL_UNKNOWN) /* losing the server does not make a known time unknown */
		return false;
	if (watch->anchor.wall_ms == BH_WALL_UNKNOWN) {
		watch->anchor = anchor;
		*ret = (struct bh_clock){ .anchor = anchor, .change = BH_CLOCK_SYNC };
		return true;
	}
	step_ms = anchor.wall_ms - bh_wall_from_mono(&watch->anchor, anchor.mono_ns);
	if (step_ms > -STEP_MIN_MS && step_ms < STEP_MIN_MS)
		return false;
	watch->anchor = anchor;
	*ret = (struct bh_clock){ .anchor = anchor, .change = BH_CLOCK_STEP, .step_ms = step_ms };
	return true;
}
