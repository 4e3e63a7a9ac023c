/* SPDX-License-Identifier: MIT */
#include "hub/detect/plm.h"

#define S BH_NS_PER_S
#define MS BH_NS_PER_MS

const struct bh_plm_rules bh_plm_wasm_2016 = {
	.join_ns = 500 * MS,
	.join_one_leg = true,
	.min_ns = 500 * MS,
	.max_ns = 10 * S,
	.joined_max_ns = 15 * S,
	.parts_max = 4,
	.interval_min_ns = 10 * S,
	.interval_max_ns = 90 * S,
	.run_min = 4,
	.breaks = true,
};

const struct bh_plm_rules bh_plm_aasm = {
	.join_ns = 500 * MS,
	.join_one_leg = true,
	.join_onsets = true,
	.onset_ns = 5 * S,
	.min_ns = 500 * MS,
	.max_ns = 10 * S,
	.joined_max_ns = INT64_MAX,
	.parts_max = UINT16_MAX,
	.interval_min_ns = 5 * S,
	.interval_max_ns = 90 * S,
	.run_min = 4,
	.breaks = false,
};

/* PI_ferri: sequences of at least three intervals of 10 < i <= 90 s (Ferri 2006). */
#define FERRI_MIN_NS (10 * S)
#define FERRI_MAX_NS (90 * S)
#define FERRI_SEQUENCE 3
/* Breathing: WASM 2016, 2.0 s before the end of the event to 10.25 s after it. */
#define BREATH_BEFORE_NS (2 * S)
#define BREATH_AFTER_NS (10250 * MS)

static bool near_enough(int64_t gap_ns, const struct bh_plm_rules *rules)
{
	return rules->join_inclusive ? gap_ns <= rules->join_ns : gap_ns < rules->join_ns;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Step 1: one leg's movements with hardly a pause between them are one. */
static size_t join_each_leg(struct bh_leg_movement *m, size_t n, const struct bh_plm_rules *rules)
{
	struct bh_leg_movement *last[BH_SIDE_BOTH + 1] = { NULL };
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		struct bh_leg_movement *before = last[m[i].leg];

		if (before && rules->join_one_leg &&
		    near_enough(m[i].on_ns - before->off_ns, rules)) {
			before->off_ns = later(before->off_ns, m[i].off_ns);
			continue;
		}
		m[left] = m[i];
		m[left].parts = 1;
		last[m[left].leg] = &m[left];
		left++;
	}
	return left;
}

/* Step 2: too short is nothing; too long stays, and breaks series. */
static size_t judge_lengths(struct bh_leg_movement *m, size_t n, const struct bh_plm_rules *rules)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t length_ns = m[i].off_ns - m[i].on_ns;

		if (length_ns < rules->min_ns)
			continue;
		m[left] = m[i];
		m[left].candidate = length_ns <= rules->max_ns;
		left++;
	}
	return left;
}

static bool joins(const struct bh_leg_movement *running, const struct bh_leg_movement *next,
		  const struct bh_plm_rules *rules)
{
	if (rules->join_onsets)
		return next->on_ns - running->on_ns < rules->onset_ns &&
		       next->leg != running->leg && running->leg != BH_SIDE_BOTH;
	return near_enough(next->on_ns - running->off_ns, rules);
}

/* Step 3: movements of both legs that touch are one. */
static size_t join_legs(struct bh_leg_movement *m, size_t n, const struct bh_plm_rules *rules)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		struct bh_leg_movement *running = left ? &m[left - 1] : NULL;

		if (!running || !joins(running, &m[i], rules)) {
			m[left++] = m[i];
			continue;
		}
		running->off_ns = later(running->off_ns, m[i].off_ns);
		running->parts = (uint16_t)(running->parts + m[i].parts);
		running->candidate = running->candidate && m[i].candidate;
		if (running->leg != m[i].leg)
			running->leg = BH_SIDE_BOTH;
	}
	for (size_t i = 0; i < left; i++)
		if (m[i].parts > rules->parts_max ||
		    (m[i].parts > 1 && m[i].off_ns - m[i].on_ns > rules->joined_max_ns))
			m[i].candidate = false;
	return left;
}

size_t bh_plm_join(struct bh_leg_movement *movements, size_t n, const struct bh_plm_rules *rules)
{
	n = join_each_leg(movements, n, rules);
	n = judge_lengths(movements, n, rules);
	return join_legs(movements, n, rules);
}

/* A run of movements ends before `end`: keep it if it is long enough. Left-out movements lie inside
 * its range without being in it (series is 0). */
static size_t end_run(struct bh_leg_movement *m, size_t start, size_t end, size_t length,
		      const struct bh_plm_rules *rules, uint32_t *series)
{
	if (length < rules->run_min) {
		for (size_t i = start; i < end; i++)
			m[i].series = 0;
		return 0;
	}
	++*series;
	for (size_t i = start; i < end; i++) {
		if (m[i].series == 0)
			continue;
		m[i].series = *series;
		m[i].periodic = true;
	}
	return length;
}

size_t bh_plm_series(struct bh_leg_movement *m, size_t n, const struct bh_plm_rules *rules)
{
	size_t start = 0, length = 0, last = 0, periodic = 0;
	uint32_t series = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t interval_ns = length ? m[i].on_ns - m[last].on_ns : 0;

		m[i].periodic = false;
		m[i].series = 0;
		if (!m[i].candidate && !rules->breaks)
			continue;
		if (!m[i].candidate) {
			periodic += end_run(m, start, i, length, rules, &series);
			length = 0;
			continue;
		}
		if (length && interval_ns < rules->interval_min_ns && !rules->breaks)
			continue;
		if (length && (interval_ns < rules->interval_min_ns ||
			       interval_ns > rules->interval_max_ns)) {
			periodic += end_run(m, start, i, length, rules, &series);
			length = 0;
		}
		if (length == 0)
			start = i;
		m[i].series = 1; /* in the run under way */
		last = i;
		length++;
	}
	return periodic + end_run(m, start, n, length, rules, &series);
}

size_t bh_plm_without_breathing(struct bh_leg_movement *m, size_t n, const int64_t *breath_end_ns,
				size_t n_breaths)
{
	size_t left = 0;

	for (size_t i = 0; i < n; i++) {
		bool explained = false;

		for (size_t k = 0; m[i].candidate && k < n_breaths; k++)
			explained |= m[i].on_ns <= breath_end_ns[k] + BREATH_AFTER_NS &&
				     m[i].off_ns >= breath_end_ns[k] - BREATH_BEFORE_NS;
		if (!explained)
			m[left++] = m[i];
	}
	return left;
}

/* Logarithm to base 2 by repeated squaring of the mantissa, 24 binary places; then times ln 2. */
int32_t bh_ln_micro(int64_t value)
{
	const int64_t one = INT64_C(1) << 30, ln2 = 744261118; /* ln 2 in units of 2^-30 */
	int64_t whole = 0, fraction = 0, mantissa, ln;

	for (int64_t v = value; v > 1; v >>= 1)
		whole++;
	mantissa = whole <= 30 ? value << (30 - whole) : value >> (whole - 30);
	for (int64_t bit = one / 2; bit > one >> 24; bit /= 2) {
		mantissa = mantissa * mantissa / one;
		if (mantissa >= 2 * one) {
			mantissa /= 2;
			fraction += bit;
		}
	}
	/* 24 places each make 48; back to 30 before the million, so that all fits. */
	ln = ((whole * one + fraction) >> 6) * (ln2 >> 6) >> 18;
	return (int32_t)((ln * 1000000 + one / 2) / one);
}

/* e to the power of x millionths, by the same logarithm backwards. */
static int32_t exp_of_ln_micro(int64_t ln_micro)
{
	int64_t low = 1, high = INT32_MAX;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (bh_ln_micro(middle) < ln_micro)
			low = middle + 1;
		else
			high = middle;
	}
	return (int32_t)low;
}

/* Sequences of neighbouring intervals in Ferri's range, of at least three. */
static uint32_t ferri(const struct bh_leg_movement *m, size_t n)
{
	uint32_t sum = 0, sequence = 0;

	for (size_t i = 1; i <= n; i++) {
		bool in = false;

		if (i < n && m[i].candidate && m[i - 1].candidate) {
			int64_t interval_ns = m[i].on_ns - m[i - 1].on_ns;

			in = interval_ns > FERRI_MIN_NS && interval_ns <= FERRI_MAX_NS;
		}
		if (in) {
			sequence++;
			continue;
		}
		if (sequence >= FERRI_SEQUENCE)
			sum += sequence;
		sequence = 0;
	}
	return sum;
}

void bh_plm_count(const struct bh_leg_movement *m, size_t n, struct bh_plm_counts *ret)
{
	int64_t ln_sum = 0;

	*ret = (struct bh_plm_counts){ .pi_ferri_permille = BH_PLM_UNKNOWN,
				       .pi_ratio_permille = BH_PLM_UNKNOWN,
				       .interval_ms = BH_PLM_UNKNOWN };
	for (size_t i = 0; i < n; i++) {
		int64_t interval_ns;

		ret->candidates += m[i].candidate;
		ret->periodic += m[i].periodic;
		if (m[i].series > ret->series)
			ret->series = m[i].series;
		if (i == 0 || !m[i].candidate || !m[i - 1].candidate)
			continue;
		ret->intervals++;
		interval_ns = m[i].on_ns - m[i - 1].on_ns;
		if (interval_ns < FERRI_MIN_NS || interval_ns > FERRI_MAX_NS)
			continue;
		ret->intervals_in_range++;
		ln_sum += bh_ln_micro(interval_ns / MS);
	}
	if (ret->intervals)
		ret->pi_ferri_permille = (int32_t)(ferri(m, n) * 1000u / ret->intervals);
	if (ret->candidates)
		ret->pi_ratio_permille = (int32_t)(ret->periodic * 1000u / ret->candidates);
	if (ret->intervals_in_range)
		ret->interval_ms = exp_of_ln_micro((ln_sum + ret->intervals_in_range / 2) /
						   ret->intervals_in_range);
}
