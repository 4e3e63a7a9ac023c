/* SPDX-License-Identifier: MIT */
/* One small hash for naming things (a rule's text, a configuration), never for secrets. */
#ifndef BH_CORE_HASH_H
#define BH_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define BH_HASH_START UINT64_C(0xcbf29ce484222325)

/** @brief FNV-1a, 64 bit (Fowler, Noll, Vo), over more bytes; begin with BH_HASH_START. */
static inline uint64_t bh_hash(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
