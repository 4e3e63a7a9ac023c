/* SPDX-License-Identifier: MIT */
#include "rules/near.h"

#include <errno.h>
#include <stdlib.h>

static int by_start(const void *a, const void *b)
{
	const struct bh_match *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->end < y->end ? -1 : x->end > y->end;
}

static int by_value(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

void bh_near_sort(struct bh_matches *matches)
{
	if (matches->n > 1)
		qsort(matches->items, matches->n, sizeof(*matches->items), by_start);
}

int bh_near_index(struct bh_arena *arena, const struct bh_matches *matches, struct bh_near *ret)
{
	size_t size = (matches->n + 1) * sizeof(int64_t);
	int64_t *latest = bh_arena_alloc(arena, size);
	int64_t *ends = bh_arena_alloc(arena, size);

	if (!latest || !ends)
		return -ENOMEM;
	for (size_t i = 0; i < matches->n; i++) {
		ends[i] = matches->items[i].end;
		latest[i] = i > 0 && latest[i - 1] > ends[i] ? latest[i - 1] : ends[i];
	}
	qsort(ends, matches->n, sizeof(*ends), by_value);
	*ret = (struct bh_near){ matches->items, latest, ends, matches->n };
	return 0;
}

size_t bh_near_begun_before(const struct bh_match *items, size_t n, int64_t at)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (items[middle].start < at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool bh_near_during(const struct bh_near *near, int64_t from, int64_t to)
{
	size_t n = bh_near_begun_before(near->items, near->n, to);

	return n > 0 && near->latest[n - 1] > from;
}

bool bh_near_begins(const struct bh_near *near, int64_t from, int64_t to)
{
	size_t n = bh_near_begun_before(near->items, near->n, from);

	return n < near->n && near->items[n].start <= to;
}

bool bh_near_ends(const struct bh_near *near, int64_t from, int64_t to)
{
	size_t low = 0, high = near->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (near->ends[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < near->n && near->ends[low] <= to;
}
