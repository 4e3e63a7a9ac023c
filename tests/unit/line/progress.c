/* SPDX-License-Identifier: MIT */
/* How far a long run has come: a person who waits sees it go on within a night. */
#include "hub/line/replay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static const char yaml[] = "beds:\n  - id: bed\n    source: { driver: simulate, mat: strips, nights: 1 }\n";

struct seen {
	int64_t percent;
	int distinct;
};

static int on_progress(void *ctx, const struct bh_replay_progress *progress)
{
	struct seen *seen = ctx;
	int64_t percent = progress->done * 100 / progress->total;

	assert_in_range(percent, seen->percent, 100);
	seen->distinct += percent != seen->percent;
	seen->percent = percent;
	return 0;
}

static void test_a_simulated_night_goes_on(void **state)
{
	struct seen seen = { .percent = 0 };
	struct bh_replay replay = { .progress = on_progress, .ctx = &seen };
	struct bh_replay_result result;
	struct bh_config *config;
	struct bh_error err;

	(void)state;
	assert_int_equal(bh_config_parse("bed.yaml", yaml, strlen(yaml), &config, &err), 0);
	assert_int_equal(bh_store_open(":memory:", BH_STORE_WRITE, &replay.store, &err), 0);
	replay.config = config;
	assert_int_equal(bh_replay_run(&replay, &result, &err), 0);
	/* Some eight of the 24 hours in bed are where the work is. */
	assert_in_range(seen.distinct, 20, 100);
	assert_in_range(seen.percent, 90, 100);
	bh_store_close(replay.store);
	bh_config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_a_simulated_night_goes_on) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
