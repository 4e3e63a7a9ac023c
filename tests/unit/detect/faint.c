/* SPDX-License-Identifier: MIT */
/* Movements of a leg on strips, of which one unit is as much as a leg pushes. */
#include "tests/unit/detect/bed.h"

#include <math.h>

static const struct bh_detect_config plain = { .body_load = 0 };
static const double tau = 6.283185307179586;
static uint32_t dice;

static double uniform(void)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) / 16777216.0;
}

/* Half a unit, as of the strips that are simulated. */
static double noise(void)
{
	double sum = 0;

	for (int i = 0; i < 12; i++)
		sum += uniform();
	return (sum - 6) / 2;
}

static struct bh_mat *strips(struct bh_mat *mat)
{
	memset(mat, 0, sizeof(*mat));
	mat->kind = BH_MAT_STRIPS;
	bed_zone(mat, "shoulders_l", 250, 140, BH_AT_HEAD | BH_AT_TRUNK);
	bed_zone(mat, "shoulders_r", 750, 140, BH_AT_HEAD | BH_AT_TRUNK);
	bed_zone(mat, "hips_l", 250, 390, BH_AT_TRUNK);
	bed_zone(mat, "hips_r", 750, 390, BH_AT_TRUNK);
	bed_zone(mat, "thighs_l", 250, 600, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(mat, "thighs_r", 750, 600, BH_AT_TRUNK | BH_AT_LEGS);
	bed_zone(mat, "calves_l", 250, 825, BH_AT_LEGS);
	bed_zone(mat, "calves_r", 750, 825, BH_AT_LEGS);
	return mat;
}

static const double lying[8] = { 250, 240, 330, 320, 120.3, 110.6, 90.4, 85.2 };
static const double on_edge[8] = { 0, 0, 500, 0, 450, 0, 0, 0 };

/* From one time to another the body lies so, and the strip @p moving bears so much more. */
static void lie(struct bed *bed, double from_s, double to_s, const double *body, int moving,
		double more)
{
	for (int k = 0; from_s + k / 10.0 < to_s - .0005; k++) {
		double at = from_s + k / 10.0, breath = 1.5 * sin(tau * .25 * at);

		for (int i = 0; i < 8; i++) {
			double load = body[i] + (i < 4 ? breath / 4 : 0) + noise() +
				      (i == moving ? more : 0);

			bed->frame.load[i] = body[i] > 0 ? (int32_t)(load + .5) : 0;
		}
		bed_frame(bed, at);
	}
}

static void make(struct bed *bed)
{
	static const double empty[8];
	struct bh_mat mat;

	dice = 11;
	bed_make(bed, strips(&mat), 0, &plain);
	lie(bed, 0, 60, empty, -1, 0);
	lie(bed, 60, 400, lying, -1, 0);
}

static void noise_and_breath_are_no_leg(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed);
	/* Noise passes any threshold some day: not every hour. */
	lie(&bed, 400, 4 * 3600, lying, -1, 0);
	assert_in_range(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0, 1);
	bed_free(&bed);
}

static void what_no_reading_shows_its_mean_does(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed);
	/* One and a half units, three times the noise of a reading. */
	for (int i = 0; i < 10; i++) {
		double at = 400 + i * 60;
		const struct bh_event *event;

		lie(&bed, at, at + 3, lying, 6, 1.5);
		lie(&bed, at + 3, at + 60, lying, -1, 0);
		assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), i + 1);
		event = bed_event(&bed, BH_EVENT_LEG_MOVEMENT, (unsigned int)i);
		/* A second is what simulated nights are scored by. */
		assert_in_range(event->start_ns, bed_ns(at - 1), bed_ns(at + 1));
		assert_in_range(event->end_ns, bed_ns(at + 2), bed_ns(at + 4));
		assert_int_equal(event->side, BH_SIDE_LEFT);
	}
	bed_free(&bed);
}

static void a_leg_that_stays_there_has_not_moved_for_long(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed);
	lie(&bed, 400, 500, lying, 7, 1.5);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	/* From where it is now it moves again. */
	lie(&bed, 500, 503, lying, 7, 3);
	lie(&bed, 503, 560, lying, 7, 1.5);
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 1);
	bed_free(&bed);
}

static void on_the_edge_no_leg_lies(void **unused)
{
	struct bed bed;

	(void)unused;
	make(&bed);
	lie(&bed, 400, 460, on_edge, -1, 0);
	for (int i = 0; i < 5; i++) {
		double at = 460 + i * 30;

		lie(&bed, at, at + 2, on_edge, 4, 30);
		lie(&bed, at + 2, at + 30, on_edge, -1, 0);
	}
	assert_int_equal(bed_count(&bed, BH_EVENT_LEG_MOVEMENT), 0);
	bed_free(&bed);
}

/* Breath at a thigh makes its means uncertain, and not those of the calves. */
static void a_thigh_that_breathes_hides_no_calf(void **unused)
{
	struct bed bed;
	double body[8];
	unsigned int learning = 0;

	(void)unused;
	make(&bed);
	for (int tenth = 0; tenth < 9000; tenth++) {
		double at = 400 + tenth / 10.0;
		bool moves = tenth >= 3000 && tenth % 600 < 30;

		memcpy(body, lying, sizeof(body));
		body[5] += 1.2 * sin(tau * .2 * at);
		lie(&bed, at, at + .1, body, moves ? 6 : -1, 1);
		if (tenth == 2999)
			learning = bed_count(&bed, BH_EVENT_LEG_MOVEMENT);
	}
	assert_in_range(bed_count(&bed, BH_EVENT_LEG_MOVEMENT) - learning, 8, 11);
	bed_free(&bed);
}

/* Who turns and lies down for good only seconds later is heard soon after. */
static void a_turn_in_two_steps_deafens_nobody(void **unused)
{
	struct bed bed;
	double turned[8];
	unsigned int heard = 0;

	(void)unused;
	make(&bed);
	for (int zone = 0; zone < 8; zone++)
		turned[zone] = lying[zone] + (zone % 2 ? 40 : -40);
	for (int i = 0; i < 10; i++) {
		double at = 400 + i * 60;
		unsigned int before;

		lie(&bed, at, at + 6, turned, -1, 0);
		lie(&bed, at + 6, at + 25, lying, -1, 0);
		before = bed_count(&bed, BH_EVENT_LEG_MOVEMENT);
		lie(&bed, at + 25, at + 28, lying, 6, 1.3);
		lie(&bed, at + 28, at + 60, lying, -1, 0);
		heard += bed_count(&bed, BH_EVENT_LEG_MOVEMENT) == before + 1;
	}
	assert_in_range(heard, 8, 10);
	bed_free(&bed);
}

/* The weakest that are heard: that they are over shows last. */
static void a_weak_one_ends_where_it_did(void **unused)
{
	struct bed bed;
	unsigned int told, near = 0;

	(void)unused;
	make(&bed);
	for (int i = 0; i < 20; i++) {
		double at = 400 + i * 60;

		lie(&bed, at, at + 4, lying, 6, .8);
		lie(&bed, at + 4, at + 60, lying, -1, 0);
	}
	told = bed_count(&bed, BH_EVENT_LEG_MOVEMENT);
	for (unsigned int k = 0; k < told; k++) {
		const struct bh_event *event = bed_event(&bed, BH_EVENT_LEG_MOVEMENT, k);
		int64_t into_ns = (event->start_ns - bed_ns(399)) % BH_NS_PER_MIN;
		int64_t length_ns = event->end_ns - event->start_ns;

		near += into_ns < 2 * BH_NS_PER_S && length_ns > 3 * BH_NS_PER_S &&
			length_ns < 5 * BH_NS_PER_S;
	}
	assert_in_range(told, 16, 20);
	assert_in_range(near, 15, 20);
	bed_free(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_and_breath_are_no_leg),
		cmocka_unit_test(what_no_reading_shows_its_mean_does),
		cmocka_unit_test(a_leg_that_stays_there_has_not_moved_for_long),
		cmocka_unit_test(on_the_edge_no_leg_lies),
		cmocka_unit_test(a_thigh_that_breathes_hides_no_calf),
		cmocka_unit_test(a_turn_in_two_steps_deafens_nobody),
		cmocka_unit_test(a_weak_one_ends_where_it_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
