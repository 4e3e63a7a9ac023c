/* SPDX-License-Identifier: MIT */
/* What no text for people may say, for every test that reads texts. */
#ifndef BH_TEST_WORDING_H
#define BH_TEST_WORDING_H

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum wording_where { WORDING_ANY, WORDING_START, WORDING_WORD };

static const struct {
	enum wording_where where;
	const char *words;
} wording_never[] = {
#define WORDING(where, words) { WORDING_##where, words },
#include "tests/wording.def"
#undef WORDING
};
#define WORDING_NEVER (sizeof(wording_never) / sizeof(wording_never[0]))

static inline bool wording_in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static inline bool wording_says_where(const char *text, const char *words, enum wording_where where)
{
	size_t n = strlen(words);

	for (const char *at = text; *at; at++) {
		if (strncasecmp(at, words, n) != 0)
			continue;
		if (where != WORDING_ANY && at > text && wording_in_word(at[-1]))
			continue;
		if (where == WORDING_WORD && wording_in_word(at[n]))
			continue;
		return true;
	}
	return false;
}

static inline bool wording_says(const char *text, const char *words)
{
	return wording_says_where(text, words, WORDING_ANY);
}

/** @return What @p text may not say and does; NULL: nothing. */
static inline const char *wording_forbidden(const char *text)
{
	for (size_t i = 0; i < WORDING_NEVER; i++)
		if (wording_says_where(text, wording_never[i].words, wording_never[i].where))
			return wording_never[i].words;
	return NULL;
}

#endif
