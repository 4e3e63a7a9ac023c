/* SPDX-License-Identifier: MIT */
/* Memory that lives and dies together: the parsed rules of one text, the scratch of one night. */
#ifndef BH_RULES_ARENA_H
#define BH_RULES_ARENA_H

#include <stddef.h>

struct bh_arena_chunk;

/** Zero-initialise; limit is in bytes, 0: none. */
struct bh_arena {
	struct bh_arena_chunk *chunks;
	size_t used;
	size_t limit;
};

/** @return @p size zeroed bytes, aligned for any type; NULL without memory or past the limit. */
void *bh_arena_alloc(struct bh_arena *arena, size_t size);
/** @return A copy of @p n bytes with a final NUL, or NULL. */
char *bh_arena_strndup(struct bh_arena *arena, const char *text, size_t n);
/** @brief Forget everything but keep the first chunk for the next use. */
void bh_arena_reset(struct bh_arena *arena);
void bh_arena_free(struct bh_arena *arena);

#endif
