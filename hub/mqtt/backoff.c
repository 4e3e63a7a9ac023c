/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/backoff.h"

/* FNV-1a, 64 bit. */
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

void bh_backoff_init(struct bh_backoff *backoff, const char *seed)
{
	backoff->random = FNV_OFFSET;
	for (; *seed; seed++)
		backoff->random = (backoff->random ^ (unsigned char)*seed) * FNV_PRIME;
	/* xorshift stays at zero. */
	if (backoff->random == 0)
		backoff->random = FNV_OFFSET;
	backoff->attempts = 0;
}

void bh_backoff_reset(struct bh_backoff *backoff)
{
	backoff->attempts = 0;
}

int64_t bh_backoff_between(struct bh_backoff *backoff, int64_t low, int64_t high)
{
	backoff->random ^= backoff->random << 13;
	backoff->random ^= backoff->random >> 7;
	backoff->random ^= backoff->random << 17;
	return low + (int64_t)(backoff->random % (uint64_t)(high - low + 1));
}

int64_t bh_backoff_next_ms(struct bh_backoff *backoff, int64_t cap_ms)
{
	int64_t wait_ms = BH_BACKOFF_FIRST_MS;

	for (unsigned int i = 0; i < backoff->attempts && wait_ms < cap_ms; i++)
		wait_ms *= 2;
	if (wait_ms > cap_ms)
		wait_ms = cap_ms;
	backoff->attempts++;
	return bh_backoff_between(backoff, wait_ms / 2, wait_ms);
}
