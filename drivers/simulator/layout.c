/* SPDX-License-Identifier: MIT */
/* Where the body is from the first seat on the bed to the last, and when it sleeps. */
#include "drivers/simulator/night.h"

/* Leave the day's end alone: an interruption so late would be getting up. */
#define LAST_BREAK BH_MIN(10)
/* Between two interruptions the sleeper lies at least so long. */
#define LEAST_LYING BH_MIN(4)

struct layout {
	struct bh_making *making;
	struct bh_random *random;
	int64_t at;	  /* everything before is laid out */
	int64_t sleep_at; /* when sleep comes if nothing interrupts; BH_MONO_NONE: not lying */
	enum bh_position position;
	int64_t awake_from; /* lying awake before the first sleep since then */
	bool slept;	    /* tonight, already */
};

static double uniform(const struct layout *layout, double low, double high)
{
	return bh_random_between(layout->random, low, high);
}

static enum bh_position draw_position(const struct layout *layout, enum bh_position other_than)
{
	const double *share = layout->making->person->share;
	double u, sum = 0;

	for (int i = 0; i < BH_WAYS_OF_LYING; i++) {
		if (BH_POSITION_SUPINE + i != (int)other_than)
			sum += share[i];
	}
	u = bh_random_uniform(layout->random) * sum;
	for (int i = 0; i < BH_WAYS_OF_LYING; i++) {
		if (BH_POSITION_SUPINE + i == (int)other_than)
			continue;
		u -= share[i];
		if (u < 0)
			return (enum bh_position)(BH_POSITION_SUPINE + i);
	}
	return other_than == BH_POSITION_SUPINE ? BH_POSITION_LEFT : BH_POSITION_SUPINE;
}

/* Sleep ends here, if it had come. */
static void wake(struct layout *layout)
{
	struct bh_making *making = layout->making;

	if (layout->sleep_at == BH_MONO_NONE)
		return;
	if (!layout->slept)
		bh_add_span(&making->before_sleep, layout->awake_from,
			    layout->sleep_at < layout->at ? layout->sleep_at : layout->at);
	if (layout->sleep_at < layout->at) {
		bh_add_span(&making->asleep, layout->sleep_at, layout->at);
		layout->slept = true;
	}
	layout->awake_from = layout->at;
	layout->sleep_at = BH_MONO_NONE;
}

/* A large movement that ends in the phase that begins with it. */
static void move_to(struct layout *layout, const struct bh_phase *to, double dur_s)
{
	struct bh_phase phase = *to;

	phase.start_ns = layout->at;
	phase.blend_ns = BH_S(dur_s);
	bh_add_phase(layout->making, &phase);
}

static void turn(struct layout *layout, enum bh_position position)
{
	double dur_s = bh_random_lognormal(layout->random, 6, .4);

	dur_s = dur_s < 3 ? 3 : dur_s > 20 ? 20 : dur_s;
	bh_add_truth(layout->making, BH_SIM_TRUTH_LARGE_MOVEMENT, BH_SIDE_UNKNOWN, true, 0, layout->at,
		     layout->at + BH_S(dur_s));
	bh_add_movement(layout->making, BH_MOVE_BODY, BH_SIDE_UNKNOWN, layout->at, BH_S(dur_s),
			bh_random_between(layout->random, 2000, 6000));
	move_to(layout, &(struct bh_phase){ .body = BH_BODY_LYING, .position = position }, dur_s);
	layout->position = position;
}

static void lie_down(struct layout *layout, double latency_min)
{
	layout->position = draw_position(layout, BH_POSITION_UNKNOWN);
	move_to(layout,
		&(struct bh_phase){ .body = BH_BODY_LYING, .position = layout->position },
		uniform(layout, 2, 4));
	layout->awake_from = layout->at;
	layout->sleep_at = layout->at + BH_MIN(latency_min);
}

static enum bh_side edge(const struct layout *layout)
{
	enum bh_side usual = layout->making->person->edge_side;

	if (bh_random_chance(layout->random, .9))
		return usual;
	return usual == BH_SIDE_LEFT ? BH_SIDE_RIGHT : BH_SIDE_LEFT;
}

static void sit(struct layout *layout, enum bh_side side, double dur_s, bool legs_hang)
{
	int64_t end = layout->at + BH_S(dur_s);

	bh_add_truth(layout->making, BH_SIM_TRUTH_EDGE_SIT, side, true, 0, layout->at, end);
	if (legs_hang)
		bh_add_truth(layout->making, BH_SIM_TRUTH_LEGS_OVER_EDGE, side, true, 0, layout->at, end);
	move_to(layout,
		&(struct bh_phase){ .body = BH_BODY_SITTING, .side = side, .legs_hang = legs_hang },
		uniform(layout, 1.5, 3.5));
	layout->at = end;
}

static void leave(struct layout *layout, double dur_s)
{
	bh_add_truth(layout->making, BH_SIM_TRUTH_BED_EXIT, BH_SIDE_UNKNOWN, true, 0, layout->at,
		     layout->at + BH_S(dur_s));
	move_to(layout, &(struct bh_phase){ .body = BH_BODY_OUT }, uniform(layout, .6, 1.4));
	layout->at += BH_S(dur_s);
}

static double short_sit(const struct layout *layout, double median_s, double sigma)
{
	double s = bh_random_lognormal(layout->random, median_s, sigma);

	return s < 4 ? 4 : s > 170 ? 170 : s;
}

/* Up over the edge, away, and back into bed. Here as everywhere in the simulator no call draws two
 * of its arguments: the order in which a compiler evaluates them is its own. */
static void get_up(struct layout *layout, double sit_s, double away_s, double latency_min)
{
	enum bh_side side = edge(layout);

	sit(layout, side, sit_s, false);
	leave(layout, away_s);
	sit(layout, side, short_sit(layout, 15, .7), false);
	lie_down(layout, latency_min);
}

static void be_restless(struct layout *layout, double dur_min)
{
	bh_add_span(&layout->making->restless, layout->at, layout->at + BH_MIN(dur_min));
	bh_add_truth(layout->making, BH_SIM_TRUTH_RESTLESS_BOUT, BH_SIDE_UNKNOWN, true, 0, layout->at,
		     layout->at + BH_MIN(dur_min));
	layout->at += BH_MIN(dur_min);
}

static void go_to_toilet(struct layout *layout)
{
	int64_t start = layout->at;
	double away_s = bh_random_lognormal(layout->random, 300, .5), sit_s;

	away_s = away_s < 90 ? 90 : away_s > 1200 ? 1200 : away_s;
	sit_s = short_sit(layout, 25, .9);
	get_up(layout, sit_s, away_s, uniform(layout, 4, 15));
	bh_add_truth(layout->making, BH_SIM_TRUTH_TOILET_LIKE, BH_SIDE_UNKNOWN, true, 0, start, layout->at);
}

static void walk(struct layout *layout, double from_min, double to_min)
{
	double sit_s, away_s;
	int64_t start;

	be_restless(layout, uniform(layout, 5, 10));
	start = layout->at;
	sit_s = uniform(layout, 8, 30);
	away_s = uniform(layout, from_min, to_min) * 60;
	get_up(layout, sit_s, away_s, uniform(layout, 5, 20));
	bh_add_truth(layout->making, BH_SIM_TRUTH_WALK_BREAK, BH_SIDE_UNKNOWN, true, 0, start, layout->at);
	bh_add_span(&layout->making->calm, layout->at, layout->at + BH_MIN(20));
}

/* One leg over the edge while lying. */
static void hang_one_leg(struct layout *layout)
{
	enum bh_side leg = layout->making->person->pain_side;
	int64_t start = layout->at;
	struct bh_phase phase = { .body = BH_BODY_LYING, .position = layout->position, .leg_out = leg };

	move_to(layout, &phase, uniform(layout, 1, 3));
	layout->at += BH_MIN(uniform(layout, 5, 15));
	bh_add_truth(layout->making, BH_SIM_TRUTH_LEG_OUT, leg, true, 0, start, layout->at);
}

static void hang_legs(struct layout *layout)
{
	double dur_min = bh_random_lognormal(layout->random, 9, .6);

	be_restless(layout, uniform(layout, 2, 6));
	if (bh_random_chance(layout->random, .25)) {
		walk(layout, 3, 10);
		return;
	}
	if (bh_random_chance(layout->random, .30))
		hang_one_leg(layout);
	dur_min = dur_min < 3.2 ? 3.2 : dur_min > 55 ? 55 : dur_min;
	sit(layout, edge(layout), dur_min * 60, true);
	lie_down(layout, uniform(layout, 3, 8));
	if (bh_random_chance(layout->random, .75)) { /* relief */
		bh_add_span(&layout->making->calm, layout->at, layout->at + BH_MIN(35));
	} else {
		layout->at += BH_MIN(uniform(layout, 1, 4));
		be_restless(layout, uniform(layout, 5, 10));
		layout->sleep_at = layout->at + BH_MIN(uniform(layout, 5, 15));
	}
}

static void cramp(struct layout *layout)
{
	struct bh_making *making = layout->making;
	double dur_s = bh_random_lognormal(layout->random, 120, .9);
	bool quiet = bh_random_chance(layout->random, .85), felt = bh_random_chance(layout->random, .7);
	bool stands = bh_random_chance(layout->random, .7);
	double in_bed_s, sit_s, away_s;

	dur_s = dur_s < 5 ? 5 : dur_s > 600 ? 600 : dur_s;
	in_bed_s = stands ? uniform(layout, 20, 80) : dur_s;
	if (in_bed_s > dur_s)
		in_bed_s = dur_s;
	if (quiet)
		bh_add_span(&making->still, layout->at - BH_MIN(11), layout->at);
	bh_add_truth(making, BH_SIM_TRUTH_JOLT, making->person->pain_side, felt, 0, layout->at,
		     layout->at + BH_S(in_bed_s));
	if (felt)
		bh_add_movement(making, BH_MOVE_JOLT, making->person->pain_side, layout->at,
				BH_S(in_bed_s), bh_random_between(layout->random, 600, 2000));
	layout->at += BH_S(in_bed_s);
	sit_s = uniform(layout, 3, 20);
	away_s = uniform(layout, 90, 480);
	if (stands)
		get_up(layout, sit_s, away_s, uniform(layout, 5, 15));
	else
		layout->sleep_at = layout->at + BH_MIN(uniform(layout, 5, 15));
	bh_add_span(&making->sore, layout->at, layout->at + BH_MIN(uniform(layout, 10, 20)));
}

/* Awake for some minutes, with movement, then another position. */
static void awaken(struct layout *layout)
{
	struct bh_making *making = layout->making;
	enum bh_position from = layout->position;
	int64_t start = layout->at;

	be_restless(layout, uniform(layout, 1.5, 4));
	bh_add_truth(making, BH_SIM_TRUTH_AWAKENING, BH_SIDE_UNKNOWN, true, (int32_t)from, start,
		     layout->at);
	turn(layout, draw_position(layout, making->person->bad_position == from ? from :
									  BH_POSITION_UNKNOWN));
	if (bh_random_chance(layout->random, .7))
		bh_add_span(&making->calm, layout->at + BH_MIN(1), layout->at + BH_MIN(30));
	layout->sleep_at = layout->at + BH_MIN(uniform(layout, 2, 8));
}

static void interrupt(struct layout *layout, enum bh_break_kind kind)
{
	wake(layout);
	switch (kind) {
	case BH_BREAK_WAKE:
		awaken(layout);
		break;
	case BH_BREAK_RESTLESS:
		be_restless(layout, uniform(layout, 5, 12));
		layout->sleep_at = layout->at + BH_MIN(uniform(layout, 3, 10));
		break;
	case BH_BREAK_TOILET:
		go_to_toilet(layout);
		break;
	case BH_BREAK_WALK:
		walk(layout, 5, 15);
		break;
	case BH_BREAK_HANG:
		hang_legs(layout);
		break;
	case BH_BREAK_JOLT:
		cramp(layout);
		break;
	case BH_BREAK_LIE_AWAKE:
		layout->sleep_at = layout->at + BH_MIN(uniform(layout, 20, 60));
		break;
	}
}

/* When this position would wake the sleeper, if it is kept. */
static int64_t draw_waking(const struct layout *layout)
{
	const struct bh_person *person = layout->making->person;
	int64_t asleep = layout->sleep_at > layout->at ? layout->sleep_at : layout->at;
	double after_h = bh_random_exponential(layout->random, 1 / person->wakes_per_h), bad_h;

	if (layout->position != person->bad_position)
		return asleep + BH_H(after_h);
	/* Three times as often as in other positions (section 6): a nerve after about an hour of
	 * pressure, a narrow spinal canal at any time. */
	if (person->sleeper == BH_SLEEPER_NERVE)
		bad_h = bh_random_lognormal(layout->random, 1, .3);
	else
		bad_h = bh_random_exponential(layout->random, 1 / (2 * person->wakes_per_h));
	return asleep + BH_H(bad_h < after_h ? bad_h : after_h);
}

static int64_t draw_turning(const struct layout *layout)
{
	const struct bh_person *person = layout->making->person;
	double rate = person->shifts_per_h, again = 0;

	/* Each turn ends in a position by its share, so that shares are kept; some end where they
	 * began and are no shift. */
	for (int i = 0; i < BH_WAYS_OF_LYING; i++)
		again += person->share[i] * person->share[i];
	rate /= 1 - again;
	/* Who turns away in time is not woken: the pressure is not felt while it builds up. */
	if (layout->position == person->bad_position && person->sleeper == BH_SLEEPER_NERVE)
		rate = .3;
	if (layout->sleep_at > layout->at)
		rate *= 2; /* still awake */
	return layout->at + BH_H(bh_random_exponential(layout->random, 1 / rate));
}

/* Lie until an interruption or the morning, turning and waking as it comes. */
static void lie_until(struct layout *layout, int64_t until)
{
	while (layout->at < until) {
		int64_t turning = draw_turning(layout), waking = draw_waking(layout);

		if (waking < turning && waking < until - BH_MIN(12)) {
			layout->at = waking;
			if (!bh_in_spans(&layout->making->calm, waking))
				interrupt(layout, BH_BREAK_WAKE);
		} else if (turning < until - BH_MIN(1)) {
			layout->at = turning;
			if (bh_in_spans(&layout->making->calm, turning))
				continue; /* relief: lies still */
			turn(layout, draw_position(layout, BH_POSITION_UNKNOWN));
		} else {
			layout->at = until;
		}
	}
}

/* A visitor sleeps without complaints, weighs something else, and is not the person of this plan. */
void bh_lay_out(struct bh_making *making)
{
	struct bh_plan *plan = making->plan;
	struct layout layout = { .making = making, .random = &making->random, .at = plan->bed_ns };
	double onset = bh_random_lognormal(layout.random, making->person->onset_min, .5);

	bh_add_phase(making, &(struct bh_phase){ .start_ns = plan->start_ns, .body = BH_BODY_OUT });
	sit(&layout, making->person->edge_side, short_sit(&layout, 15, .7), false);
	lie_down(&layout, onset > 180 ? 180 : onset);
	for (size_t i = 0; i < making->n_breaks; i++) {
		int64_t at = making->brk[i].at_ns;

		if (at < layout.at + LEAST_LYING)
			at = layout.at + LEAST_LYING;
		while (bh_in_spans(&making->calm, at)) /* relief lasts */
			at += BH_MIN(5);
		if (at > plan->rise_ns - LAST_BREAK)
			break;
		lie_until(&layout, at);
		interrupt(&layout, making->brk[i].kind);
	}
	if (plan->rise_ns < layout.at + LEAST_LYING)
		plan->rise_ns = layout.at + LEAST_LYING;
	lie_until(&layout, plan->rise_ns);
	wake(&layout);
	sit(&layout, making->person->edge_side, short_sit(&layout, 30, .7), false);
	plan->rise_ns = layout.at;
	move_to(&layout, &(struct bh_phase){ .body = BH_BODY_OUT }, uniform(&layout, .6, 1.4));
}
