/* SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bh_fuzz_require(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: %s\n", what);
	abort();
}

void bh_fuzz_refused(int r, const struct bh_error *err)
{
	bh_fuzz_require(r < 0, "a refusal is a negative errno");
	bh_fuzz_require(err->text[0] != '\0', "a refusal says why");
	bh_fuzz_require(err->place[0] != '\0', "a refusal says where");
	bh_fuzz_require(err->line >= 0 && err->column >= 0, "a place is 1-based, or 0");
	bh_fuzz_require(memchr(err->text, '\0', sizeof(err->text)) != NULL, "the text ends");
	for (const char *c = err->text; *c; c++)
		bh_fuzz_require((unsigned char)*c >= ' ' && *c != 0x7f,
				"a refusal is one line without control characters");
}
