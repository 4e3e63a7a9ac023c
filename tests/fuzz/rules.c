/* SPDX-License-Identifier: MIT */
/* The rule language: parse, check, and run the embedded tests of whatever is accepted. */
#include "tests/fuzz/fuzz.h"

#include "rules/rule.h"

#include <errno.h>
#include <stdlib.h>

static int ignore(void *ctx, const struct bh_rule_test *result)
{
	(void)ctx;
	bh_fuzz_require(result->rule && result->name, "a test has a rule and a name");
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bh_rule_set *set = NULL;
	struct bh_error err = { 0 };
	int r;

	if (bh_rule_set_new(&set) < 0)
		abort();
	r = bh_rule_set_add_text(set, BH_FUZZ_NAME, (const char *)data, size, &err);
	if (r < 0) {
		bh_fuzz_refused(r, &err);
		bh_fuzz_require(bh_rule_set_size(set) == 0, "a refused text leaves the set as it was");
	} else {
		r = bh_rule_set_finish(set, &err);
		if (r < 0)
			bh_fuzz_refused(r, &err);
		else
			(void)bh_rules_test(set, NULL, ignore, NULL);
	}
	bh_rule_set_free(set);
	return 0;
}
