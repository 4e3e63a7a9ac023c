/* SPDX-License-Identifier: MIT */
/* Records in, rows out: what a reader sees of what was put. */
#include "fixture.h"

#include <errno.h>
#include <time.h>

static void use_zone(const char *zone)
{
	setenv("TZ", zone, 1);
	tzset();
}

/* A history whose clock is known from the start: hour 1 is EVENING_MS. */
static struct bh_store *begin_evening(const struct place *place, int64_t *ret_run)
{
	struct bh_store *store = open_writer(place);
	struct bh_record clock = clock_record(BH_CLOCK_START, HOUR_NS, EVENING_MS);

	*ret_run = begin_run(store, BH_ORIGIN_MEASURED, "");
	put(store, &clock);
	return store;
}

static void test_interval_keeps_its_row_from_open_to_close(void **state)
{
	int64_t run;
	struct bh_store *store = begin_evening(*state, &run);
	struct bh_record open = event_record(BH_PHASE_OPEN, BH_EVENT_LEGS_OVER_EDGE, 1,
					     HOUR_NS + BH_NS_PER_MIN, BH_MONO_NONE);
	struct bh_record close = event_record(BH_PHASE_CLOSE, BH_EVENT_LEGS_OVER_EDGE, 1,
					      HOUR_NS + BH_NS_PER_MIN, HOUR_NS + 8 * BH_NS_PER_MIN);

	/* An alarm wants its commit at once, at both ends. */
	assert_int_equal(put(store, &open), 1);
	assert_true(bh_store_dirty(store));
	assert_int_equal(bh_store_commit(store), 0);
	assert_false(bh_store_dirty(store));
	assert_string_equal(ask(store, "SELECT ended IS NULL FROM events"), "1");
	assert_int_equal(put(store, &close), 1);
	assert_int_equal(bh_store_commit(store), 0);
	assert_string_equal(ask(store, "SELECT count(*) FROM events"), "1");
	assert_string_equal(ask(store, "SELECT started FROM events WHERE type = 'legs_over_edge'"),
			    "2026-11-22 23:01:00");
	assert_string_equal(ask(store, "SELECT ended FROM events"), "2026-11-22 23:08:00");
	assert_string_equal(ask(store, "SELECT minutes FROM events"), "7.0");
	assert_string_equal(ask(store, "SELECT side FROM events"), "right");
	assert_string_equal(ask(store, "SELECT night FROM events"), "20261122");
	assert_string_equal(ask(store, "SELECT end_cause FROM events"), "normal");
	bh_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_interval_keeps_its_row_from_open_to_close,
						place_make, place_remove),
	};

	use_zone("Europe/Paris");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
