/* SPDX-License-Identifier: MIT */
#include "drivers/debounce.h"

void bh_debounce_reset(struct bh_debounce *debounce, bool level)
{
	*debounce = (struct bh_debounce){ .settled = level, .level = level };
}

static void begin_burst(struct bh_debounce *debounce, int64_t mono_ns)
{
	debounce->busy = true;
	debounce->first_ns = debounce->last_ns = mono_ns;
	debounce->active_ns = 0;
}

void bh_debounce_edge(struct bh_debounce *debounce, int64_t mono_ns, bool level)
{
	if (!debounce->busy)
		begin_burst(debounce, mono_ns);
	if (debounce->level)
		debounce->active_ns += mono_ns - debounce->last_ns;
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
	return chatters(debounce, quiet_ns) ? debounce->first_ns + BH_DEBOUNCE_BURST_MAX_NS
					    : debounce->last_ns + quiet_ns;
}

/* The level of a burst that was cut at @p mono_ns. */
static bool mostly(const struct bh_debounce *debounce, int64_t mono_ns)
{
	int64_t active_ns = debounce->active_ns;

	if (debounce->level)
		active_ns += mono_ns - debounce->last_ns;
	return 2 * active_ns > mono_ns - debounce->first_ns;
}

bool bh_debounce_settle(struct bh_debounce *debounce, int64_t quiet_ns, int64_t mono_ns,
			int64_t *ret_ns)
{
	int64_t due_ns = bh_debounce_due(debounce, quiet_ns);
	int64_t first_ns = debounce->first_ns;
	bool level = debounce->level;

	if (!debounce->busy || mono_ns < due_ns)
		return false;
	if (chatters(debounce, quiet_ns))
		level = mostly(debounce, due_ns);
	debounce->busy = false;
	/* Should the chatter end here, what it ends on must still come to count. */
	if (level != debounce->level)
		begin_burst(debounce, due_ns);
	if (level == debounce->settled)
		return false;
	debounce->settled = level;
	*ret_ns = first_ns;
	return true;
}
