/* SPDX-License-Identifier: MIT */
/*
 * Nights of a simulated sleeper through the whole line, whole and damaged: one sensor dead, or a
 * third of every night missing. What is told of the damaged ones is unknown where it was lost, and
 * nowhere more than of the whole ones.
 */
#include "hub/core/night.h"
#include "tests/unit/line/told.h"

#define NIGHTS 7
#define HOUR_NS BH_NS_PER_H
#define DAY_NS (24 * HOUR_NS)

static struct told whole, damaged;

/* Nights of one sleeper on a mat, told from @p from_ns of their time on. */
static void tell(enum bh_sleeper sleeper, enum bh_sim_mat mat,
		 void (*damage)(struct bh_frame *frame), int64_t from_ns, struct told *ret)
{
	struct bh_simulation_config config;
	struct bh_simulation *simulation;
	struct bh_error err;

	told_live_in("UTC");
	bh_simulation_config_init(&config);
	config.sleeper = sleeper;
	config.mat = mat;
	config.seed = 7;
	config.nights = NIGHTS;
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), 0);
	told_record(simulation, bh_simulation_info(simulation), damage);
	bh_simulation_free(simulation);
	told_replay(from_ns, ret);
}

static long count(const struct told *told, enum bh_event_type type)
{
	long n = 0;

	for (size_t i = 0; i < told->n_events; i++)
		n += told->events[i].event.type == type &&
		     told->events[i].start_ms >= told->from_ms;
	return n;
}

static const struct bh_finding *finding(const struct told *told, const char *rule)
{
	for (size_t i = 0; i < told->n_findings; i++)
		if (strcmp(told->findings[i].rule, rule) == 0)
			return &told->findings[i];
	fail_msg("no finding of %s", rule);
	return NULL;
}

/* Less data make no pattern that all of them do not make, and no red flag. */
static void assert_nothing_is_made_up(void)
{
	assert_true(whole.n_findings > 0);
	for (size_t i = 0; i < damaged.n_findings; i++) {
		const struct bh_finding *f = &damaged.findings[i];

		assert_false(f->red_flag);
		if (f->band > finding(&whole, f->rule)->band)
			fail_msg("%s: band %d of damaged nights, %d of whole ones", f->rule,
				 f->band, finding(&whole, f->rule)->band);
	}
}

static void assert_same_or_unknown(int32_t damaged_value, int32_t whole_value)
{
	if (damaged_value != BH_EPOCH_UNKNOWN)
		assert_int_equal(damaged_value, whole_value);
}

static void lose_left_thermometer(struct bh_frame *frame)
{
	frame->temp[BH_TEMP_LEFT].fault = BH_FAULT_BUS;
	frame->temp[BH_TEMP_LEFT].mdegc = BH_TEMP_UNKNOWN;
}

static void without_a_thermometer_its_leg_is_unknown(void **unused)
{
	(void)unused;
	tell(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CONTACT, NULL, 0, &whole);
	tell(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CONTACT, lose_left_thermometer, 0, &damaged);
	assert_int_equal(damaged.n_nights, whole.n_nights);
	for (size_t i = 0; i < damaged.n_nights; i++) {
		assert_int_not_equal(whole.nights[i].temp_left_mdegc, BH_EPOCH_UNKNOWN);
		assert_int_equal(damaged.nights[i].temp_left_mdegc, BH_EPOCH_UNKNOWN);
		assert_int_equal(damaged.nights[i].temp_delta_mdegc, BH_EPOCH_UNKNOWN);
		/* The other leg does not suffer. A recording is one sensor to the history: what it
		 * cannot tell apart from the dead thermometer is unknown, or as it was. */
		assert_int_equal(damaged.nights[i].temp_right_mdegc,
				 whole.nights[i].temp_right_mdegc);
		assert_same_or_unknown(damaged.nights[i].in_bed_min, whole.nights[i].in_bed_min);
		assert_same_or_unknown(damaged.nights[i].legs_over_edge,
				       whole.nights[i].legs_over_edge);
	}
	assert_true(count(&damaged, BH_EVENT_SENSOR_FAULT) > 0);
	assert_int_equal(count(&damaged, BH_EVENT_BED_EXIT), count(&whole, BH_EVENT_BED_EXIT));
	assert_nothing_is_made_up();
}

/* From half past midnight until four: more than a third of eight hours. */
static void lose_the_middle_of_the_night(struct bh_frame *frame)
{
	int64_t of_night_ns = frame->mono_ns % DAY_NS;

	if (of_night_ns < 12 * HOUR_NS + HOUR_NS / 2 || of_night_ns >= 16 * HOUR_NS)
		return;
	if (frame->changed & BH_PART_MAT)
		frame->mat_fault = BH_FAULT_GONE;
	for (int i = 0; i < BH_TEMP_SLOTS && (frame->changed & BH_PART_TEMPERATURE); i++) {
		frame->temp[i].fault = BH_FAULT_GONE;
		frame->temp[i].mdegc = BH_TEMP_UNKNOWN;
	}
}

static void with_a_third_missing_there_is_not_enough_data(void **unused)
{
	static const enum bh_sleeper sleepers[] = { BH_SLEEPER_LEG_HANGING,
						    BH_SLEEPER_RESTLESS_LEGS };

	(void)unused;
	for (size_t k = 0; k < sizeof(sleepers) / sizeof(sleepers[0]); k++) {
		tell(sleepers[k], BH_SIM_MAT_CONTACT, NULL, 0, &whole);
		tell(sleepers[k], BH_SIM_MAT_CONTACT, lose_the_middle_of_the_night, 0, &damaged);
		for (size_t i = 0; i < damaged.n_nights; i++)
			assert_true(damaged.nights[i].coverage_permille < 800);
		assert_true(count(&damaged, BH_EVENT_DATA_GAP) >= NIGHTS);
		assert_int_equal(count(&whole, BH_EVENT_DATA_GAP), 0);
		/* A hole is no exit. */
		assert_true(count(&damaged, BH_EVENT_BED_EXIT) <= count(&whole, BH_EVENT_BED_EXIT));
		assert_true(damaged.n_findings > 0);
		for (size_t i = 0; i < damaged.n_findings; i++)
			if (damaged.findings[i].band != BH_BAND_NO_DATA)
				fail_msg("%s: band %d", damaged.findings[i].rule,
					 damaged.findings[i].band);
	}
}

/* The cell at the foot, on the right, shows from the second evening on what it shows empty. */
#define DIES_NS (DAY_NS)
static void lose_a_cell(struct bh_frame *frame)
{
	if (frame->mono_ns >= DIES_NS)
		frame->load[3] = 0;
}

static void without_a_cell_places_are_unknown(void **unused)
{
	/* Half an hour after going to bed of the second night it is found. */
	const int64_t found_ns = DIES_NS + 12 * HOUR_NS + HOUR_NS / 2;

	(void)unused;
	tell(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CELLS, NULL, found_ns, &whole);
	tell(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CELLS, lose_a_cell, found_ns, &damaged);
	assert_true(count(&whole, BH_EVENT_LEGS_OVER_EDGE) > 0);
	assert_int_equal(count(&damaged, BH_EVENT_LEGS_OVER_EDGE), 0);
	assert_int_equal(count(&damaged, BH_EVENT_EDGE_SIT), 0);
	assert_int_equal(count(&damaged, BH_EVENT_LEG_MOVEMENT), 0);
	assert_int_equal(count(&damaged, BH_EVENT_JOLT), 0);
	assert_true(whole.leg_movements_known > whole.epochs / 2);
	assert_int_equal(damaged.leg_movements_known, 0);
	/* Who gets up is still seen to. */
	assert_true(labs(count(&damaged, BH_EVENT_BED_EXIT) - count(&whole, BH_EVENT_BED_EXIT)) <=
		    1);
	assert_nothing_is_made_up();
	assert_int_equal(finding(&damaged, "leg_hanging")->band, BH_BAND_NO_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_thermometer_its_leg_is_unknown),
		cmocka_unit_test(with_a_third_missing_there_is_not_enough_data),
		cmocka_unit_test(without_a_cell_places_are_unknown),
	};

	return cmocka_run_group_tests(tests, told_begin, told_end);
}
