/* SPDX-License-Identifier: MIT */
#include "drivers/debounce.h"

void bh_debounce_reset(struct bh_debounce *debounce, bool level)
{
	*debounce = (struct bh_debounce){ .settled = level, .level = level };
}

void bh_debounce_edge(struct bh_debounce *debounce, int64_t mono_ns, bool level)
{
	if (!debounce->busy)
		debounce->first_ns = mono_ns;
	debounce->busy = true;
	debounce->last_ns = mono_ns;
	debounce->level = level;
}

/* Whether the burst is cut for its length before it comes to rest. */
static bool chatters(const struct bh_debounce *debounce, int64_t quiet_ns)
{
	return debounce->first_ns + BH_DEBOUNCE_BURST_MAX_NS < debounce->last_ns + quiet_ns;
}

int64_t bh_debounce_due(const struct bh_debounce *debounce, int64_t quiet_ns)
{
	if (!debounce->busy)
		return INT64_MAX;
	return chatters(debounce, quiet_ns) ? debounce->first_ns + BH_DEBOUNCE_BURST_MAX_NS :
					      debounce->last_ns + quiet_ns;
}

bool bh_debounce_settle(struct bh_debounce *debounce, int64_t quiet_ns, int64_t mono_ns,
			int64_t *ret_ns)
{
	if (!debounce->busy || mono_ns < bh_debounce_due(debounce, quiet_ns))
		return false;
	debounce->busy = false;
	if (debounce->level == debounce->settled)
		return false;
	debounce->settled = debounce->level;
	/* A chattering contact took this level with its latest edge, a bouncing one with its first. */
	*ret_ns = chatters(debounce, quiet_ns) ? debounce->last_ns : debounce->first_ns;
	return true;
}
