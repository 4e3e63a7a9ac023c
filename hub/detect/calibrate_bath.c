/* SPDX-License-Identifier: MIT */
/* The leg thermometers in one bath: what each shows too much of their common mean (science.md 2.5). */
#include "hub/detect/calibrate.h"

#define STRETCH_NS (10 * BH_NS_PER_MIN)
#define SAMPLE_NS (10 * BH_NS_PER_S)
#define SAMPLES_MIN 10
/* A reading every half minute: two may be lost. */
#define GAP_NS (90 * BH_NS_PER_S)
/* Half of the error that is aimed at, 0.1 C between the legs. */
#define SLOPE_MDEGC 50
/* Steps of a DS18B20 are 62.5 thousandths; more is a loose wire or air. */
#define NOISE_MDEGC 70
#define ERROR_MDEGC 100
/* Two DS18B20 of +-0.5 C differ by 1.0. */
#define DIFFERENCE_MDEGC 1500
#define COLDEST_MDEGC 10000
#define WARMEST_MDEGC 45000

/* The thirds at the ends, the noise and the mean of the last ten minutes. */
struct summary {
	struct bh_spread all, early, late;
};

static void add(struct bh_bath *bath, int64_t at_ns, int32_t mdegc)
{
	if (bath->n > 0) {
		int64_t last_ns = bath->at_ns[(bath->first + bath->n - 1) % BH_BATH_KEPT];

		if (at_ns - last_ns < SAMPLE_NS)
			return;
		if (at_ns - last_ns > GAP_NS)
			bath->n = 0;
	}
	/* One older than the stretch stays, to know that it is covered. */
	while (bath->n == BH_BATH_KEPT ||
	       (bath->n > 1 && at_ns - bath->at_ns[(bath->first + 1) % BH_BATH_KEPT] >= STRETCH_NS)) {
		bath->first = (bath->first + 1) % BH_BATH_KEPT;
		bath->n--;
	}
	bath->at_ns[(bath->first + bath->n) % BH_BATH_KEPT] = at_ns;
	bath->mdegc[(bath->first + bath->n) % BH_BATH_KEPT] = mdegc;
	bath->n++;
}

static void summarise(const struct bh_bath *bath, int64_t now_ns, struct summary *ret)
{
	*ret = (struct summary){ 0 };
	for (unsigned int i = 0; i < bath->n; i++) {
		unsigned int k = (bath->first + i) % BH_BATH_KEPT;
		int64_t age_ns = now_ns - bath->at_ns[k];

		bh_spread_add(&ret->all, bath->mdegc[k]);
		if (age_ns >= STRETCH_NS * 2 / 3)
			bh_spread_add(&ret->early, bath->mdegc[k]);
		if (age_ns <= STRETCH_NS / 3)
			bh_spread_add(&ret->late, bath->mdegc[k]);
	}
}

/* How far it changed in ten minutes: the middles of the outer thirds are two thirds apart. */
static int64_t slope(const struct summary *s)
{
	int64_t d = (bh_spread_mean(&s->late) - bh_spread_mean(&s->early)) * 3 / 2;

	return d < 0 ? -d : d;
}

static enum bh_refusal judge(const struct summary s[2], int64_t *ret_error)
{
	int64_t left = bh_spread_mean(&s[0].all), right = bh_spread_mean(&s[1].all);
	int64_t apart = left - right, noise = 0, drift = 0, n = INT64_MAX;

	for (int i = 0; i < 2; i++) {
		int64_t mean = bh_spread_mean(&s[i].all);

		if (mean < COLDEST_MDEGC || mean > WARMEST_MDEGC)
			return BH_REFUSAL_NOT_LUKEWARM;
		noise = bh_spread_deviation(&s[i].all) > noise ? bh_spread_deviation(&s[i].all) : noise;
		drift = slope(&s[i]) > drift ? slope(&s[i]) : drift;
		n = s[i].all.n < n ? s[i].all.n : n;
	}
	if (n < SAMPLES_MIN)
		return BH_REFUSAL_NO_READINGS;
	if (drift > SLOPE_MDEGC)
		return BH_REFUSAL_DRIFT;
	if (noise > NOISE_MDEGC)
		return BH_REFUSAL_NOISE;
	if ((apart < 0 ? -apart : apart) > DIFFERENCE_MDEGC)
		return BH_REFUSAL_NOT_ONE_BATH;
	/* Two standard errors of a difference of two means, and the drift between them at worst. */
	*ret_error = 3 * noise / (bh_isqrt(n) > 0 ? bh_isqrt(n) : 1) + drift;
	return *ret_error > ERROR_MDEGC ? BH_REFUSAL_NOISE : BH_REFUSAL_NONE;
}

static bool covered(const struct bh_bath *bath, int64_t now_ns)
{
	return bath->n > 0 && now_ns - bath->at_ns[bath->first] >= STRETCH_NS;
}

static void show_done(struct bh_calibrate *c, int64_t now_ns)
{
	int64_t done_ns = STRETCH_NS;

	for (int i = 0; i < 2; i++) {
		const struct bh_bath *bath = &c->bath[i];
		int64_t age_ns = bath->n ? now_ns - bath->at_ns[bath->first] : 0;

		done_ns = age_ns < done_ns ? age_ns : done_ns;
	}
	c->progress.done_permille = (int32_t)(done_ns * 1000 / STRETCH_NS);
}

void bh_calibrate_bath(struct bh_calibrate *c, const struct bh_frame *frame, bool occupied)
{
	static const enum bh_temp_slot slots[2] = { BH_TEMP_LEFT, BH_TEMP_RIGHT };
	struct summary summary[2];
	int64_t error = 0;
	enum bh_refusal why;

	if (occupied) {
		bh_calibrate_again(c, BH_REFUSAL_WORN);
		return;
	}
	for (int i = 0; i < 2; i++) {
		const struct bh_temperature *reading = &frame->temp[slots[i]];

		if (reading->fault != BH_FAULT_NONE && reading->fault != BH_FAULT_NO_DATA)
			bh_calibrate_again(c, BH_REFUSAL_FAULT);
		else if (reading->mdegc != BH_TEMP_UNKNOWN)
			add(&c->bath[i], reading->mono_ns, reading->mdegc);
	}
	show_done(c, frame->mono_ns);
	if (!covered(&c->bath[0], frame->mono_ns) || !covered(&c->bath[1], frame->mono_ns))
		return;
	for (int i = 0; i < 2; i++)
		summarise(&c->bath[i], frame->mono_ns, &summary[i]);
	why = judge(summary, &error);
	if (why != BH_REFUSAL_NONE) {
		/* The stretch slides on: a bath that settles is taken as soon as it has. */
		c->progress.refusal = why;
		return;
	}
	for (int i = 0; i < 2; i++)
		c->value[i] = bh_spread_mean(&summary[i].all) -
			      (bh_spread_mean(&summary[0].all) + bh_spread_mean(&summary[1].all)) / 2;
	bh_calibrate_accept(c, 2, error);
}
