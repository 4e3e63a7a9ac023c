/* SPDX-License-Identifier: MIT */
/* What no text for people may say (wording rules: rules/README.md), for every test that reads texts. */
#ifndef BH_TEST_WORDING_H
#define BH_TEST_WORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Neither a diagnosis nor the name of one, no judgement of a number, no order about a medicine. */
static const char *const wording_never[] = {
	"diagnos",     "syndrome",	 "disease",    "neuropath", "stenosis",	  "thrombos",
	"varicose",    "embol",		 "ischaem",    "rls",	    "plms",	  "normal",
	"positive",    "negative",	 "risk",       "you have ", "you suffer", "caused by",
	"stop taking", "take magnesium", "dehydrated", "guarantee", "all clear",
};
#define WORDING_NEVER (sizeof(wording_never) / sizeof(wording_never[0]))

static inline bool wording_says(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (; *text; text++)
		if (strncasecmp(text, word, n) == 0)
			return true;
	return false;
}

#endif
