/* SPDX-License-Identifier: MIT */
#include "hub/core/suggest.h"

#include <stddef.h>
#include <string.h>

/* Keys, verbs and event names are shorter; anything longer is not a slip of the finger. */
#define WORD_MAX 48

static unsigned int min3(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* Optimal string alignment distance. Both words are at most WORD_MAX long. */
static unsigned int distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	unsigned int rows[3][WORD_MAX + 1];
	unsigned int *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b_length; j++)
		above[j] = (unsigned int)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned int *spare = before;

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned int differ = a[i - 1] != b[j - 1];

			row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + differ);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[b_length];
}

const char *bh_suggest(const char *typed, const char *const *names)
{
	size_t length = strlen(typed);
	unsigned int least = WORD_MAX;
	const char *best = NULL;

	if (length == 0 || length > WORD_MAX)
		return NULL;
	for (; *names; names++) {
		size_t name_length = strlen(*names);
		unsigned int d;

		if (name_length > WORD_MAX)
			continue;
		d = distance(typed, length, *names, name_length);
		if (d < least && d <= (name_length + 2) / 3) {
			least = d;
			best = *names;
		}
	}
	return best;
}
