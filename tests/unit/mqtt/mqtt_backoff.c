/* SPDX-License-Identifier: MIT */
#include "hub/mqtt/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void waits_double_up_to_the_cap(void **state)
{
	const int64_t longest_ms[] = { 250, 500, 1000, 2000, 3000, 3000, 3000 };
	struct bh_backoff backoff;

	(void)state;
	bh_backoff_init(&backoff, "bed1");
	for (size_t i = 0; i < sizeof(longest_ms) / sizeof(longest_ms[0]); i++) {
		int64_t wait_ms = bh_backoff_next_ms(&backoff, BH_BACKOFF_CAP_MS);

		assert_in_range(wait_ms, longest_ms[i] / 2, longest_ms[i]);
	}
	/* Months without a broker: still the cap. */
	for (int i = 0; i < 1000; i++)
		assert_in_range(bh_backoff_next_ms(&backoff, BH_BACKOFF_CAP_MS), 1500, 3000);
	bh_backoff_reset(&backoff);
	assert_in_range(bh_backoff_next_ms(&backoff, BH_BACKOFF_CAP_MS), 125, 250);
}

static void a_refusal_waits_longer(void **state)
{
	struct bh_backoff backoff;

	(void)state;
	bh_backoff_init(&backoff, "bed1");
	for (int i = 0; i < 20; i++)
		bh_backoff_next_ms(&backoff, BH_BACKOFF_REFUSED_CAP_MS);
	assert_in_range(bh_backoff_next_ms(&backoff, BH_BACKOFF_REFUSED_CAP_MS), 30000, 60000);
}

static void hubs_do_not_return_in_step(void **state)
{
	struct bh_backoff one;
	struct bh_backoff other;
	int apart = 0;

	(void)state;
	bh_backoff_init(&one, "kitchen");
	bh_backoff_init(&other, "bedroom");
	for (int i = 0; i < 20; i++) {
		int64_t difference = bh_backoff_next_ms(&one, BH_BACKOFF_CAP_MS) -
				     bh_backoff_next_ms(&other, BH_BACKOFF_CAP_MS);

		apart += difference > 10 || difference < -10;
	}
	assert_in_range(apart, 15, 20);
}

static void between_holds_its_bounds(void **state)
{
	struct bh_backoff backoff;
	int seen[5] = { 0 };

	(void)state;
	bh_backoff_init(&backoff, "");
	for (int i = 0; i < 1000; i++) {
		int64_t number = bh_backoff_between(&backoff, -2, 2);

		assert_true(number >= -2 && number <= 2);
		seen[number + 2]++;
	}
	for (int i = 0; i < 5; i++)
		assert_in_range(seen[i], 140, 260);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_double_up_to_the_cap),
		cmocka_unit_test(a_refusal_waits_longer),
		cmocka_unit_test(hubs_do_not_return_in_step),
		cmocka_unit_test(between_holds_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
