/* SPDX-License-Identifier: MIT */
#include "rules/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* A page of rules fits in one; a night's matches in a few. */
#define CHUNK_BYTES ((size_t)64 * 1024)

struct bh_arena_chunk {
	struct bh_arena_chunk *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

static struct bh_arena_chunk *add_chunk(struct bh_arena *arena, size_t size)
{
	struct bh_arena_chunk *chunk;

	if (size < CHUNK_BYTES)
		size = CHUNK_BYTES;
	chunk = malloc(sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->size = size;
	chunk->used = 0;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *bh_arena_alloc(struct bh_arena *arena, size_t size)
{
	struct bh_arena_chunk *chunk = arena->chunks;
	void *ret;

	size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	if (arena->limit && size > arena->limit - arena->used)
		return NULL;
	if (!chunk || chunk->size - chunk->used < size)
		chunk = add_chunk(arena, size);
	if (!chunk)
		return NULL;
	ret = chunk->bytes + chunk->used;
	chunk->used += size;
	arena->used += size;
	return memset(ret, 0, size);
}

char *bh_arena_strndup(struct bh_arena *arena, const char *text, size_t n)
{
	char *copy = bh_arena_alloc(arena, n + 1);

	if (copy)
		memcpy(copy, text, n);
	return copy;
}

void bh_arena_reset(struct bh_arena *arena)
{
	struct bh_arena_chunk *keep = arena->chunks;

	if (!keep)
		return;
	while (keep->next) {
		struct bh_arena_chunk *next = keep->next;

		free(keep);
		keep = next;
	}
	keep->used = 0;
	arena->chunks = keep;
	arena->used = 0;
}

void bh_arena_free(struct bh_arena *arena)
{
	while (arena->chunks) {
		struct bh_arena_chunk *next = arena->chunks->next;

		free(arena->chunks);
		arena->chunks = next;
	}
	arena->used = 0;
}
