/* SPDX-License-Identifier: MIT */
/*
 * Debounce of one contact by time stamps: pure, and the same whichever kernel sent the edges.
 *
 * A burst begins with an edge away from the settled level or into quiet and ends when no edge has
 * come for the quiet time. The level it ends on counts, and the change is dated to the burst's first
 * edge: that is when the contact moved. A burst that ends where it began was a bounce or a spike.
 * A contact that never comes to rest is decided by the level it was at for longer.
 */
#ifndef BH_DRIVERS_DEBOUNCE_H
#define BH_DRIVERS_DEBOUNCE_H

#include <stdbool.h>
#include <stdint.h>

/* Contacts bounce for milliseconds. What chatters this long is a pad at the edge of its force, which
 * really makes and breaks: it is decided once in this time. */
#define BH_DEBOUNCE_BURST_MAX_NS INT64_C(1000000000)

struct bh_debounce {
	int64_t first_ns;  /**< first edge of the burst */
	int64_t last_ns;   /**< latest edge of the burst */
	int64_t active_ns; /**< time the burst has spent at true, up to last_ns */
	bool settled;	   /**< the level that counts */
	bool level;	   /**< after the latest edge */
	bool busy;	   /**< a burst is running */
};

void bh_debounce_reset(struct bh_debounce *debounce, bool level);

/** @brief An edge to @p level. Call bh_debounce_settle() for its time first. */
void bh_debounce_edge(struct bh_debounce *debounce, int64_t mono_ns, bool level);

/** @return When the burst is over if no edge comes, or INT64_MAX: there is none. */
int64_t bh_debounce_due(const struct bh_debounce *debounce, int64_t quiet_ns);

/**
 * @brief Let time pass to @p mono_ns, with no edge since the last one given.
 * @return true: the settled level changed, at *@p ret_ns.
 */
bool bh_debounce_settle(struct bh_debounce *debounce, int64_t quiet_ns, int64_t mono_ns,
			int64_t *ret_ns);

#endif
