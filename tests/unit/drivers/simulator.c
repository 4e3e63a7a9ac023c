/* SPDX-License-Identifier: MIT */
/* Simulated nights: the same seed the same bytes, frames that agree with the truth. */
#include "drivers/driver.h"
#include "drivers/simulator/simulator.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct bh_frame frame;

static struct bh_simulation *disturbed(enum bh_sleeper sleeper, enum bh_sim_mat mat, int nights,
				       uint64_t seed, uint32_t confounders)
{
	struct bh_simulation_config config;
	struct bh_simulation *simulation;

	bh_simulation_config_init(&config);
	config.sleeper = sleeper;
	config.mat = mat;
	config.nights = nights;
	config.seed = seed;
	config.confounders = confounders;
	assert_int_equal(bh_simulation_new(&config, &simulation, NULL), 0);
	bh_frame_init(&frame, &bh_simulation_info(simulation)->mat);
	return simulation;
}

static struct bh_simulation *start(enum bh_sleeper sleeper, enum bh_sim_mat mat, int nights,
				   uint64_t seed)
{
	return disturbed(sleeper, mat, nights, seed, 0);
}

/* FNV-1a over all that a frame says. */
static uint64_t hash_frames(struct bh_simulation *simulation)
{
	uint64_t h = UINT64_C(14695981039346656037);

	while (bh_simulation_frame(simulation, &frame) > 0) {
		h = (h ^ (uint64_t)frame.mono_ns) * UINT64_C(1099511628211);
		h = (h ^ frame.changed) * UINT64_C(1099511628211);
		for (int i = 0; i < frame.n_zones; i++)
			h = (h ^ (uint32_t)frame.load[i]) * UINT64_C(1099511628211);
		for (int i = 0; i < BH_TEMP_SLOTS; i++)
			h = (h ^ (uint32_t)frame.temp[i].mdegc) * UINT64_C(1099511628211);
	}
	bh_simulation_free(simulation);
	return h;
}

static void a_seed_gives_one_story(void **state)
{
	(void)state;
	for (int mat = 0; mat < BH_SIM_MAT_END; mat++) {
		enum bh_sim_mat which = (enum bh_sim_mat)mat;
		uint64_t first;

		if (which == BH_SIM_MAT_MATRIX || which == BH_SIM_MAT_CELLS_FAST)
			continue; /* the same code, many more numbers */
		first = hash_frames(start(BH_SLEEPER_LEG_HANGING, which, 2, 7));
		assert_true(first == hash_frames(start(BH_SLEEPER_LEG_HANGING, which, 2, 7)));
		assert_true(first != hash_frames(start(BH_SLEEPER_LEG_HANGING, which, 2, 8)));
		assert_true(first != hash_frames(start(BH_SLEEPER_HEALTHY, which, 2, 7)));
	}
}

static void truth_of_a_night_does_not_depend_on_what_was_asked(void **state)
{
	struct bh_simulation *a = start(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CONTACT, 5, 3);
	struct bh_simulation *b = start(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_ZONES, 5, 3);
	const struct bh_sim_truth *truth_a, *truth_b;
	size_t n_a, n_b;

	(void)state;
	bh_simulation_truth(b, 0, &n_b);
	bh_simulation_truth(b, 4, &n_b);
	truth_b = bh_simulation_truth(b, 2, &n_b);
	truth_a = bh_simulation_truth(a, 2, &n_a);
	assert_int_equal(n_a, n_b); /* nor on the mat */
	assert_memory_equal(truth_a, truth_b, n_a * sizeof(*truth_a));
	bh_simulation_free(a);
	bh_simulation_free(b);
}

/* Where the body truly is. */
static const struct bh_sim_truth *truth_at(const struct bh_sim_truth *truth, size_t n,
					   enum bh_sim_truth_kind kind, int64_t ns)
{
	for (size_t i = 0; i < n; i++) {
		/* Not at the ends, where the body is on its way. */
		if (truth[i].kind == kind && ns > truth[i].start_ns + 4 * BH_NS_PER_S &&
		    ns < truth[i].end_ns - 2 * BH_NS_PER_S)
			return &truth[i];
	}
	return NULL;
}

/* Whether the body moves at this moment or did within the last seconds: pads chatter then. */
static bool moving_at(const struct bh_sim_truth *truth, size_t n, int64_t ns)
{
	for (size_t i = 0; i < n; i++) {
		bool movement = truth[i].kind == BH_SIM_TRUTH_LEG_MOVEMENT ||
				truth[i].kind == BH_SIM_TRUTH_LARGE_MOVEMENT ||
				truth[i].kind == BH_SIM_TRUTH_JOLT;

		if (movement && ns >= truth[i].start_ns && ns < truth[i].end_ns + BH_NS_PER_S)
			return true;
	}
	return false;
}

static int64_t total(const struct bh_frame *f)
{
	int64_t sum = 0;

	for (int i = 0; i < f->n_zones; i++)
		sum += f->load[i];
	return sum;
}

static void pads_agree_with_the_truth(void **state)
{
	struct bh_simulation *simulation = start(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CONTACT, 10, 4);
	int n_exit = 0, n_lying = 0, n_sit = 0;

	(void)state;
	while (bh_simulation_frame(simulation, &frame) > 0) {
		const struct bh_sim_truth *truth, *sit;
		size_t n;

		/* Pads keep what they said last: a frame with temperatures only has them too. */
		truth = bh_simulation_truth(simulation, bh_simulation_night(simulation), &n);
		if (truth_at(truth, n, BH_SIM_TRUTH_BED_EXIT, frame.mono_ns)) {
			n_exit++;
			assert_int_equal(total(&frame), 0);
		}
		if (truth_at(truth, n, BH_SIM_TRUTH_LYING, frame.mono_ns)) {
			n_lying++;
			assert_true(total(&frame) > 0 || moving_at(truth, n, frame.mono_ns));
		}
		sit = truth_at(truth, n, BH_SIM_TRUTH_LEGS_OVER_EDGE, frame.mono_ns);
		if (sit) { /* zones: trunk, legs, edge_left, edge_right */
			n_sit++;
			assert_int_equal(frame.load[1], 0);
			assert_int_equal(frame.load[sit->side == BH_SIDE_LEFT ? 2 : 3], BH_LOAD_FULL);
			assert_int_equal(frame.load[sit->side == BH_SIDE_LEFT ? 3 : 2], 0);
		}
	}
	assert_true(n_exit > 5 && n_lying > 1000 && n_sit > 5);
	bh_simulation_free(simulation);
}

static void load_cells_weigh_the_body(void **state)
{
	struct bh_simulation *simulation = start(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CELLS, 1, 5);
	int64_t lying = 0, empty = 0, n_lying = 0, n_empty = 0;

	(void)state;
	while (bh_simulation_frame(simulation, &frame) > 0) {
		size_t n;
		const struct bh_sim_truth *truth = bh_simulation_truth(simulation, 0, &n);

		if (!(frame.changed & BH_PART_MAT) || frame.mono_ns % BH_NS_PER_S != 0)
			continue;
		if (truth_at(truth, n, BH_SIM_TRUTH_LYING, frame.mono_ns)) {
			lying += total(&frame);
			n_lying++;
		} else if (!truth_at(truth, n, BH_SIM_TRUTH_BED_OCCUPIED, frame.mono_ns)) {
			empty += total(&frame);
			n_empty++;
		}
	}
	assert_true(n_lying > 20000);
	lying = lying / n_lying - empty / n_empty;
	/* Between the lightest and the heaviest person of the generator. */
	assert_in_range(lying, 44000, 131000);
	bh_simulation_free(simulation);
}

static void legs_warm_up_in_bed(void **state)
{
	struct bh_simulation *simulation = start(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 3, 6);
	int in_bed = 0, away = 0;

	(void)state;
	while (bh_simulation_frame(simulation, &frame) > 0) {
		const struct bh_temperature *left = &frame.temp[BH_TEMP_LEFT];
		const struct bh_sim_truth *truth, *lying;
		size_t n;

		if (left->mono_ns != frame.mono_ns || left->fault != BH_FAULT_NONE)
			continue;
		truth = bh_simulation_truth(simulation, bh_simulation_night(simulation), &n);
		if (truth_at(truth, n, BH_SIM_TRUTH_UNCOVER, frame.mono_ns) ||
		    truth_at(truth, n, BH_SIM_TRUTH_UNCOVER, frame.mono_ns - BH_NS_PER_H))
			continue;
		/* Two hours after lying down the skin is warm; by day the sensor lies in the room. */
		lying = truth_at(truth, n, BH_SIM_TRUTH_LYING, frame.mono_ns);
		if (lying && lying->start_ns < frame.mono_ns - 2 * BH_NS_PER_H) {
			assert_in_range(left->mdegc, 29000, 37000);
			in_bed++;
		} else if (frame.mono_ns % (24 * BH_NS_PER_H) < 6 * BH_NS_PER_H) {
			assert_in_range(left->mdegc, 10000, 28000);
			away++;
		}
	}
	assert_true(in_bed > 1000 && away > 1000);
	bh_simulation_free(simulation);
}

static void someone_who_hangs_the_legs_does_so(void **state)
{
	int hangings = 0, healthy = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct bh_simulation *simulation = start(BH_SLEEPER_LEG_HANGING, BH_SIM_MAT_CONTACT, 7, seed);
		struct bh_simulation *other = start(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 7, seed);

		for (int night = 0; night < 7; night++) {
			size_t n, m;
			const struct bh_sim_truth *t = bh_simulation_truth(simulation, night, &n);
			const struct bh_sim_truth *o = bh_simulation_truth(other, night, &m);

			for (size_t i = 0; i < n; i++)
				hangings += t[i].kind == BH_SIM_TRUTH_LEGS_OVER_EDGE;
			for (size_t i = 0; i < m; i++)
				healthy += o[i].kind == BH_SIM_TRUTH_LEGS_OVER_EDGE;
		}
		bh_simulation_free(simulation);
		bh_simulation_free(other);
	}
	/* 140 nights of 1.8 hangings, less those that end in a walk or come too late. */
	assert_in_range(hangings, 100, 400);
	assert_in_range(healthy, 0, 20);
}

static bool has_truth(struct bh_simulation *simulation, int nights, enum bh_sim_truth_kind kind)
{
	for (int night = 0; night < nights; night++) {
		size_t n;
		const struct bh_sim_truth *truth = bh_simulation_truth(simulation, night, &n);

		for (size_t i = 0; i < n; i++) {
			if (truth[i].kind == kind)
				return true;
		}
	}
	return false;
}

/* What a confounder does is in the truth of the nights it disturbs, and not without it. */
static void confounders_are_in_the_truth(void **state)
{
	static const struct {
		enum bh_confounder confounder;
		enum bh_sim_truth_kind kind;
	} shows[] = {
		{ BH_CONFOUNDER_PARTNER, BH_SIM_TRUTH_PARTNER_MOVEMENT },
		{ BH_CONFOUNDER_PET, BH_SIM_TRUTH_PET },
		{ BH_CONFOUNDER_BREATHING, BH_SIM_TRUTH_BREATHING_BOUT },
		{ BH_CONFOUNDER_VISITOR, BH_SIM_TRUTH_VISITOR },
		{ BH_CONFOUNDER_CLOCK_STEP, BH_SIM_TRUTH_CLOCK_STEP },
		{ BH_CONFOUNDER_POWER_CUT, BH_SIM_TRUTH_DATA_GAP },
		{ BH_CONFOUNDER_LOST_NIGHTS, BH_SIM_TRUTH_DATA_GAP },
		{ BH_CONFOUNDER_DEAD_ZONE, BH_SIM_TRUTH_SENSOR_FAULT },
		{ BH_CONFOUNDER_DETACHED, BH_SIM_TRUTH_SENSOR_FAULT },
		{ BH_CONFOUNDER_SWAPPED, BH_SIM_TRUTH_SENSOR_FAULT },
	};
	struct bh_simulation *plain = start(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 9, 2);

	(void)state;
	for (size_t i = 0; i < sizeof(shows) / sizeof(shows[0]); i++) {
		struct bh_simulation *simulation = disturbed(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 9,
							     2, (uint32_t)shows[i].confounder);

		assert_true(has_truth(simulation, 9, shows[i].kind));
		assert_false(has_truth(plain, 9, shows[i].kind));
		bh_simulation_free(simulation);
	}
	bh_simulation_free(plain);
}

/* The head says when the clock jumps and what it shows then; the truth says how far. */
static void a_clock_step_is_in_the_head(void **state)
{
	static const uint64_t seeds[] = { 8, 9 }; /* back, forth */

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct bh_simulation *simulation = disturbed(
			BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 3, seeds[k], BH_CONFOUNDER_CLOCK_STEP);
		const struct bh_capture_info *info = bh_simulation_info(simulation);
		const struct bh_sim_truth *truth, *step = NULL;
		size_t n;

		truth = bh_simulation_truth(simulation, 1, &n);
		for (size_t i = 0; i < n; i++)
			step = truth[i].kind == BH_SIM_TRUTH_CLOCK_STEP ? &truth[i] : step;
		assert_non_null(step);
		assert_int_equal(step->value > 0, k == 1);
		assert_int_equal(info->steps.n, 1);
		assert_int_equal(info->steps.at[0].mono_ns, step->start_ns);
		assert_int_equal(info->steps.at[0].wall_ms,
				 bh_wall_from_mono(&info->anchor, step->start_ns) + step->value);
		bh_simulation_free(simulation);
	}
}

/* While the hub is without power nothing comes, and nothing pretends to: the bed is not empty. */
static void a_power_cut_is_a_fault_and_a_gap(void **state)
{
	struct bh_simulation *simulation = disturbed(BH_SLEEPER_HEALTHY, BH_SIM_MAT_ZONES, 3, 2,
						     BH_CONFOUNDER_POWER_CUT);
	const struct bh_sim_truth *truth, *gap = NULL;
	int told = 0;
	size_t n;

	(void)state;
	truth = bh_simulation_truth(simulation, 1, &n);
	for (size_t i = 0; i < n; i++)
		gap = truth[i].kind == BH_SIM_TRUTH_DATA_GAP ? &truth[i] : gap;
	assert_non_null(gap);
	while (bh_simulation_frame(simulation, &frame) > 0) {
		if (frame.mono_ns < gap->start_ns || frame.mono_ns >= gap->end_ns)
			continue;
		told++;
		assert_int_equal(frame.mat_fault, BH_FAULT_GONE);
		assert_int_equal(frame.temp[BH_TEMP_LEFT].fault, BH_FAULT_GONE);
	}
	assert_int_equal(told, 1);
	assert_int_equal(frame.mat_fault, BH_FAULT_NONE); /* it came back */
	bh_simulation_free(simulation);
}

static bool is_interfered(enum bh_sim_mat mat)
{
	struct bh_simulation *simulation =
		disturbed(BH_SLEEPER_HEALTHY, mat, 9, 1, BH_CONFOUNDER_FAN);
	const struct bh_sim_truth *truth;
	bool found = false;
	size_t n;

	truth = bh_simulation_truth(simulation, 0, &n);
	for (size_t i = 0; i < n; i++)
		found |= truth[i].kind == BH_SIM_TRUTH_SENSOR_FAULT &&
			 truth[i].value == BH_FAULT_INTERFERENCE;
	bh_simulation_free(simulation);
	return found;
}

static void a_fan_is_a_fault_of_mats_that_feel_it(void **state)
{
	(void)state;
	assert_true(is_interfered(BH_SIM_MAT_CELLS));
	assert_true(is_interfered(BH_SIM_MAT_STRIPS));
	assert_false(is_interfered(BH_SIM_MAT_CONTACT));
	assert_false(is_interfered(BH_SIM_MAT_MATRIX));
}

static void a_dead_zone_does_not_move(void **state)
{
	struct bh_simulation *simulation = disturbed(BH_SLEEPER_HEALTHY, BH_SIM_MAT_ZONES, 2, 2,
						     BH_CONFOUNDER_DEAD_ZONE);
	int32_t least[16], most[16];
	int dead = 0;

	(void)state;
	for (int i = 0; i < 16; i++) {
		least[i] = INT32_MAX;
		most[i] = INT32_MIN;
	}
	while (bh_simulation_frame(simulation, &frame) > 0) {
		for (int i = 0; i < 16; i++) {
			least[i] = frame.load[i] < least[i] ? frame.load[i] : least[i];
			most[i] = frame.load[i] > most[i] ? frame.load[i] : most[i];
		}
	}
	for (int i = 0; i < 16; i++)
		dead += least[i] == most[i];
	assert_int_equal(dead, 1);
	bh_simulation_free(simulation);
}

/* A thermometer that came off follows the room, the other one the skin. */
static void a_detached_thermometer_follows_the_room(void **state)
{
	struct bh_simulation *simulation = disturbed(BH_SLEEPER_HEALTHY, BH_SIM_MAT_CONTACT, 12, 2,
						     BH_CONFOUNDER_DETACHED);
	int off = 0;

	(void)state;
	while (bh_simulation_frame(simulation, &frame) > 0) {
		size_t n;
		const struct bh_sim_truth *t =
			bh_simulation_truth(simulation, bh_simulation_night(simulation), &n);
		const struct bh_sim_truth *fault =
			truth_at(t, n, BH_SIM_TRUTH_SENSOR_FAULT, frame.mono_ns);
		const struct bh_temperature *leg;

		/* Half an hour later it has cooled. */
		if (!fault || fault->value != BH_FAULT_DETACHED ||
		    frame.mono_ns < fault->start_ns + 30 * BH_NS_PER_MIN)
			continue;
		leg = &frame.temp[fault->side == BH_SIDE_LEFT ? BH_TEMP_LEFT : BH_TEMP_RIGHT];
		assert_true(abs(leg->mdegc - frame.temp[BH_TEMP_ROOM].mdegc) < 1500);
		off++;
	}
	assert_true(off > 100);
	bh_simulation_free(simulation);
}

static void names_read_back(void **state)
{
	enum bh_sleeper sleeper;
	enum bh_sim_mat mat;
	uint32_t bits;

	(void)state;
	for (int i = 0; i < BH_SLEEPER_END; i++) {
		assert_int_equal(bh_sleeper_from_name(bh_sleeper_info((enum bh_sleeper)i)->name, &sleeper), 0);
		assert_int_equal(sleeper, i);
	}
	for (int i = 0; i < BH_SIM_MAT_END; i++) {
		assert_int_equal(bh_sim_mat_from_name(bh_sim_mat_info((enum bh_sim_mat)i)->name, &mat), 0);
		assert_int_equal(mat, i);
	}
	assert_int_equal(bh_confounders_from_text("pet,partner", &bits), 0);
	assert_int_equal(bits, BH_CONFOUNDER_PET | BH_CONFOUNDER_PARTNER);
	assert_int_equal(bh_confounders_from_text("pet,dragon", &bits), -ENOENT);
	assert_int_equal(bh_sleeper_from_name("nobody", &sleeper), -ENOENT);
	for (int i = 0; i < BH_SIM_TRUTH_KIND_END; i++)
		assert_non_null(bh_sim_truth_name((enum bh_sim_truth_kind)i));
	assert_string_equal(bh_sim_truth_name(BH_SIM_TRUTH_LEGS_OVER_EDGE), "legs_over_edge");
}

static void refuses_impossible_wishes(void **state)
{
	struct bh_simulation_config config;
	struct bh_simulation *simulation = NULL;
	struct bh_error err;

	(void)state;
	bh_simulation_config_init(&config);
	config.nights = 0;
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), -EINVAL);
	assert_non_null(strstr(err.text, "1 to"));
	bh_simulation_config_init(&config);
	config.start_date = 20261301;
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), -EINVAL);
	assert_non_null(strstr(err.text, "yyyymmdd"));
	assert_null(simulation);
}

static void a_written_simulation_plays_back(void **state)
{
	char dir[] = "/tmp/bedside-simulate-XXXXXX", path[128];
	struct bh_simulation_config config;
	struct bh_simulation *simulation;
	struct bh_capture *capture;
	static struct bh_frame want;
	struct bh_error err;

	(void)state;
	assert_non_null(mkdtemp(dir));
	bh_simulation_config_init(&config);
	config.nights = 2;
	config.confounders = BH_CONFOUNDER_POWER_CUT;
	if (bh_simulate_write(&config, dir, NULL, NULL, &err) < 0)
		fail_msg("%s: %s", err.place, err.text);
	snprintf(path, sizeof(path), "%s/healthy-contact-1.cap.gz", dir);
	assert_int_equal(bh_capture_open(path, &capture, &err), 0);
	assert_true(bh_capture_info(capture)->simulated);
	assert_int_equal(bh_simulation_new(&config, &simulation, &err), 0);
	bh_frame_init(&frame, &bh_capture_info(capture)->mat);
	bh_frame_init(&want, &bh_capture_info(capture)->mat);
	while (bh_simulation_frame(simulation, &want) > 0) {
		assert_int_equal(bh_capture_read(capture, &frame, &err), 1);
		assert_int_equal(frame.mono_ns, want.mono_ns);
		assert_int_equal(frame.changed, want.changed);
		assert_int_equal(frame.mat_fault, want.mat_fault);
		assert_memory_equal(frame.load, want.load, sizeof(int32_t) * want.n_zones);
	}
	assert_int_equal(bh_capture_read(capture, &frame, &err), 0);
	bh_capture_close(capture);
	bh_simulation_free(simulation);
	unlink(path);
	snprintf(path, sizeof(path), "%s/healthy-contact-1-truth.csv", dir);
	assert_int_equal(unlink(path), 0);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_gives_one_story),
		cmocka_unit_test(truth_of_a_night_does_not_depend_on_what_was_asked),
		cmocka_unit_test(pads_agree_with_the_truth),
		cmocka_unit_test(load_cells_weigh_the_body),
		cmocka_unit_test(legs_warm_up_in_bed),
		cmocka_unit_test(someone_who_hangs_the_legs_does_so),
		cmocka_unit_test(confounders_are_in_the_truth),
		cmocka_unit_test(a_clock_step_is_in_the_head),
		cmocka_unit_test(a_power_cut_is_a_fault_and_a_gap),
		cmocka_unit_test(a_fan_is_a_fault_of_mats_that_feel_it),
		cmocka_unit_test(a_dead_zone_does_not_move),
		cmocka_unit_test(a_detached_thermometer_follows_the_room),
		cmocka_unit_test(names_read_back),
		cmocka_unit_test(refuses_impossible_wishes),
		cmocka_unit_test(a_written_simulation_plays_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
