/* SPDX-License-Identifier: MIT */
/* How long a condition has held: the one timer of the signal path. */
#ifndef BH_DETECT_LASTING_H
#define BH_DETECT_LASTING_H

#include "hub/core/time_types.h"

/** Since when a condition holds; BH_MONO_NONE while it does not. */
struct bh_lasting {
	int64_t since_ns;
};

#define BH_LASTING_NEVER ((struct bh_lasting){ .since_ns = BH_MONO_NONE })

/** @brief Tell it whether the condition holds at @p now_ns. */
static inline void bh_lasting_tell(struct bh_lasting *lasting, bool holds, int64_t now_ns)
{
	if (!holds)
		lasting->since_ns = BH_MONO_NONE;
	else if (lasting->since_ns == BH_MONO_NONE)
		lasting->since_ns = now_ns;
}

/** @return It holds and has held for at least @p for_ns at @p now_ns. */
static inline bool bh_lasting_for(const struct bh_lasting *lasting, int64_t for_ns, int64_t now_ns)
{
	return lasting->since_ns != BH_MONO_NONE && now_ns - lasting->since_ns >= for_ns;
}

#endif
