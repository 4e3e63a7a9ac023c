/* SPDX-License-Identifier: MIT */
#include "hub/detect/pulses.h"

#include <string.h>

/* Getting in: four toggles with less than two minutes between them. One pad closing and opening
 * twice is what sitting down and lying down makes; a pet's step makes two. */
#define BURST_GAP_NS (2 * BH_NS_PER_MIN)
#define BURST_TOGGLES 4
/* On pads where the sleeper does not lie it must last: a minute there is not going to bed. */
#define OTHER_BURST_NS (3 * BH_NS_PER_MIN)

/* Silence: sleepers toggle their pads at least once in an hour as a rule, in an hour and forty
 * minutes nearly always. Lights believe the first, history the second. */
#define FAST_OFF_NS (65 * BH_NS_PER_MIN)
/* Stillness is longest in the deep sleep of the first hours; after six hours in bed half an hour of
 * silence says as much. */
#define LATE_NS (6 * BH_NS_PER_H)
#define LATE_FAST_OFF_NS (35 * BH_NS_PER_MIN)
#define OFF_NS (100 * BH_NS_PER_MIN)
/* With another pad active after the last own toggle, much less is needed. */
#define OTHER_FAST_OFF_NS (2 * BH_NS_PER_MIN)
#define OTHER_OFF_NS (20 * BH_NS_PER_MIN)

/* A pad is the sleeper's from one toggle in twenty on, once 200 have been seen; counts fade over
 * about a week of nights of 2,000. */
#define OWN_NEEDED 200
#define OWN_DIVISOR 20
#define TOGGLES_KEPT 20000

#define CONFIDENCE 700

void bh_pulses_init(struct bh_pulses *pulses)
{
	memset(pulses, 0, sizeof(*pulses));
	bh_pulses_break(pulses);
}

void bh_pulses_break(struct bh_pulses *pulses)
{
	pulses->believed = false;
	pulses->burst = (struct bh_burst){ .last_ns = BH_MONO_NONE };
	pulses->own_last_ns = BH_MONO_NONE;
	pulses->other_last_ns = BH_MONO_NONE;
}

bool bh_pulses_is_own(const struct bh_pulses *pulses, unsigned int i)
{
	return pulses->total < OWN_NEEDED || pulses->toggles[i] * OWN_DIVISOR >= pulses->total;
}

static void count(struct bh_pulses *pulses, unsigned int i)
{
	pulses->toggles[i]++;
	if (++pulses->total < TOGGLES_KEPT)
		return;
	pulses->total = 0;
	for (unsigned int k = 0; k < BH_PADS_MAX; k++) {
		pulses->toggles[k] /= 2;
		pulses->total += pulses->toggles[k];
	}
}

static bool is_entry(const struct bh_burst *burst)
{
	return burst->own >= BURST_TOGGLES || (burst->own + burst->other >= BURST_TOGGLES &&
					       burst->last_ns - burst->start_ns >= OTHER_BURST_NS);
}

void bh_pulses_toggle(struct bh_pulses *pulses, unsigned int i, int64_t now_ns)
{
	struct bh_burst *burst = &pulses->burst;
	bool own = bh_pulses_is_own(pulses, i);

	count(pulses, i);
	if (burst->last_ns == BH_MONO_NONE || now_ns - burst->last_ns > BURST_GAP_NS)
		*burst = (struct bh_burst){ .start_ns = now_ns };
	burst->last_ns = now_ns;
	burst->own += own;
	burst->other += !own;
	if (!pulses->believed && is_entry(burst)) {
		pulses->believed = true;
		pulses->since_ns = burst->start_ns;
		pulses->own_last_ns = now_ns;
		pulses->other_last_ns = BH_MONO_NONE;
	} else if (own) {
		pulses->own_last_ns = now_ns;
		pulses->other_last_ns = BH_MONO_NONE;
	} else {
		pulses->other_last_ns = now_ns;
	}
}

static bool other_silent_for(const struct bh_pulses *pulses, int64_t for_ns, int64_t now_ns)
{
	return pulses->other_last_ns != BH_MONO_NONE && now_ns - pulses->other_last_ns >= for_ns;
}

static int64_t fast_off_ns(const struct bh_pulses *pulses, int64_t now_ns)
{
	if (other_silent_for(pulses, OTHER_FAST_OFF_NS, now_ns))
		return 0;
	return pulses->own_last_ns - pulses->since_ns >= LATE_NS ? LATE_FAST_OFF_NS : FAST_OFF_NS;
}

void bh_pulses_body(struct bh_pulses *pulses, bool own_closed, int64_t now_ns, struct bh_body *body)
{
	int64_t silent_ns = pulses->own_last_ns == BH_MONO_NONE ? 0 : now_ns - pulses->own_last_ns;
	bool left = !own_closed &&
		    (silent_ns >= OFF_NS || other_silent_for(pulses, OTHER_OFF_NS, now_ns));

	if (left)
		pulses->believed = false;
	body->on = pulses->believed && silent_ns < BURST_GAP_NS;
	body->on_since_ns = body->on ? pulses->burst.start_ns : BH_MONO_NONE;
	body->on_needed_ns = 0;
	body->fast_on_since_ns = body->on_since_ns;
	body->fast_on_ns = 0;
	body->off = !body->on;
	body->off_since_ns = pulses->own_last_ns;
	body->off_needed_ns = pulses->believed ? INT64_MAX : 0;
	body->fast_off_since_ns = body->off ? body->off_since_ns : BH_MONO_NONE;
	body->fast_off_ns = fast_off_ns(pulses, now_ns);
	body->lying = true; /* in bed; more is not known */
	body->confidence_permille = CONFIDENCE;
}
