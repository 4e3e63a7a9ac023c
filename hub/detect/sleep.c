/* SPDX-License-Identifier: MIT */
#include "hub/detect/sleep.h"

#include "hub/detect/features.h"
#include "hub/detect/plm.h"

#include <errno.h>
#include <stdlib.h>

#define MICRO INT64_C(1000000)
#define SADEH_MINUTES 11
#define SADEH_SD_MINUTES 6

const struct bh_counts bh_counts_plain = { .divisor = 1 };
const struct bh_counts bh_counts_actilife_cole_kripke = { .divisor = 100, .cap = 300 };
const struct bh_counts bh_counts_actilife_sadeh = { .divisor = 1, .cap = 300 };

/* A count in thousandths, zero outside the record and where it is not known. */
static int64_t count_milli(const int32_t *activity, size_t n, ptrdiff_t i,
			   const struct bh_counts *counts)
{
	int64_t value;

	if (i < 0 || i >= (ptrdiff_t)n || activity[i] == BH_EPOCH_UNKNOWN)
		return 0;
	value = (int64_t)activity[i] * 1000 / counts->divisor;
	return counts->cap && value > counts->cap * INT64_C(1000) ? counts->cap * INT64_C(1000)
								  : value;
}

int64_t bh_cole_kripke_milli(const int32_t *activity, size_t n, size_t i,
			     const struct bh_counts *counts)
{
	static const int weight[] = { 106, 54, 58, 76, 230, 74, 67 };
	int64_t sum = 0;

	for (ptrdiff_t k = 0; k < 7; k++)
		sum += weight[k] * count_milli(activity, n, (ptrdiff_t)i - 4 + k, counts);
	return sum / 1000;
}

int64_t bh_sadeh_micro(const int32_t *activity, size_t n, size_t i, const struct bh_counts *counts)
{
	int64_t sum = 0, last = 0, squares = 0, busy = 0, variance, sd_micro;
	ptrdiff_t at = (ptrdiff_t)i;

	for (ptrdiff_t k = at - SADEH_MINUTES / 2; k <= at + SADEH_MINUTES / 2; k++) {
		int64_t a = count_milli(activity, n, k, counts) / 1000;

		sum += a;
		busy += a >= 50 && a < 100;
	}
	for (ptrdiff_t k = at - SADEH_SD_MINUTES + 1; k <= at; k++) {
		int64_t a = count_milli(activity, n, k, counts) / 1000;

		last += a;
		squares += a * a;
	}
	/* Of a sample: n - 1. Times 10^10, so that its root has five places. */
	variance = (SADEH_SD_MINUTES * squares - last * last) * 10000 * MICRO /
		   (SADEH_SD_MINUTES * (SADEH_SD_MINUTES - 1));
	sd_micro = bh_isqrt(variance) * 10;
	return 7601000 - 65000 * sum / SADEH_MINUTES - 1080000 * busy - 56 * sd_micro / 1000 -
	       703 * (int64_t)bh_ln_micro(count_milli(activity, n, at, counts) / 1000 + 1) / 1000;
}

int64_t bh_oakley_centi(const int32_t *activity, size_t n, size_t i)
{
	static const int weight[] = { 4, 20, 100, 20, 4 };
	int64_t sum = 0;

	for (ptrdiff_t k = 0; k < 5; k++)
		sum += weight[k] *
		       count_milli(activity, n, (ptrdiff_t)i - 2 + k, &bh_counts_plain) / 1000;
	return sum;
}

static size_t run_length(const enum bh_sleep *minute, size_t n, size_t from)
{
	size_t i = from;

	while (i < n && minute[i] == minute[from])
		i++;
	return i - from;
}

/* How many minutes of a stretch of sleep are wake, given the wakes around it. */
static size_t rescored(size_t before, size_t length, size_t after)
{
	if ((before >= 10 && after >= 10 && length <= 6) ||
	    (before >= 20 && after >= 20 && length <= 10))
		return length;
	return before >= 15 ? 4 : before >= 10 ? 3 : before >= 4 ? 1 : 0;
}

void bh_webster_rescore(enum bh_sleep *minute, size_t n)
{
	size_t before = 0;

	/* Lengths of wake are those before rescoring: each is taken before the sleep that follows it
	 * is touched. */
	for (size_t i = 0; i < n;) {
		size_t length = run_length(minute, n, i), after = 0, wake;

		if (minute[i] != BH_SLEEP_ASLEEP) {
			before = minute[i] == BH_SLEEP_AWAKE ? length : 0;
			i += length;
			continue;
		}
		if (i + length < n && minute[i + length] == BH_SLEEP_AWAKE)
			after = run_length(minute, n, i + length);
		wake = rescored(before, length, after);
		for (size_t k = 0; k < wake && k < length; k++)
			minute[i + k] = BH_SLEEP_AWAKE;
		before = 0;
		i += length;
	}
}

static int32_t permille(int64_t part, int64_t whole)
{
	return whole > 0 ? (int32_t)(part * 1000 / whole) : BH_EPOCH_UNKNOWN;
}

static size_t bouts(const enum bh_sleep *epoch, size_t from, size_t to, enum bh_sleep of)
{
	size_t sum = 0;

	for (size_t i = from; i < to; i++)
		sum += epoch[i] == of && (i == from || epoch[i - 1] != of);
	return sum;
}

static size_t count(const enum bh_sleep *epoch, size_t from, size_t to, enum bh_sleep of)
{
	size_t sum = 0;

	for (size_t i = from; i < to; i++)
		sum += epoch[i] == of;
	return sum;
}

void bh_sleep_summarise(const enum bh_sleep *epoch, size_t n, int32_t epoch_s,
			struct bh_sleep_summary *ret)
{
	size_t first = 0, last = n, asleep, awake;

	while (first < n && epoch[first] != BH_SLEEP_ASLEEP)
		first++;
	while (last > first && epoch[last - 1] != BH_SLEEP_ASLEEP)
		last--;
	asleep = count(epoch, first, last, BH_SLEEP_ASLEEP);
	awake = count(epoch, 0, n, BH_SLEEP_AWAKE);
	*ret = (struct bh_sleep_summary){
		.in_bed_s = (int32_t)n * epoch_s,
		.known_s = (int32_t)(n - count(epoch, 0, n, BH_SLEEP_UNKNOWN)) * epoch_s,
		.latency_s = asleep ? (int32_t)first * epoch_s : BH_EPOCH_UNKNOWN,
		.period_s = (int32_t)(last - first) * epoch_s,
		.asleep_s = (int32_t)asleep * epoch_s,
		.wake_after_onset_s = (int32_t)count(epoch, first, last, BH_SLEEP_AWAKE) * epoch_s,
		.efficiency_permille = permille((int64_t)asleep, (int64_t)n),
		.maintenance_permille = permille((int64_t)asleep, (int64_t)(last - first)),
		.awakenings = (int32_t)bouts(epoch, first, last, BH_SLEEP_AWAKE),
		.sleep_to_wake_permille = permille(
			(int64_t)bouts(epoch, first, last, BH_SLEEP_ASLEEP), (int64_t)asleep),
		.wake_to_sleep_permille =
			permille((int64_t)bouts(epoch, 0, n, BH_SLEEP_AWAKE), (int64_t)awake),
	};
}

int32_t bh_fragmentation_milli(const int32_t *activity, size_t n)
{
	int64_t known = 0, mobile = 0, still_bouts = 0, single = 0, still = 0;

	for (size_t i = 0; i <= n; i++) {
		bool is_still = i < n && activity[i] == 0;

		if (i < n && activity[i] != BH_EPOCH_UNKNOWN) {
			known++;
			mobile += activity[i] > 0;
		}
		if (is_still) {
			still++;
			continue;
		}
		still_bouts += still > 0;
		single += still == 1;
		still = 0;
	}
	if (known == 0)
		return BH_EPOCH_UNKNOWN;
	return (int32_t)(mobile * 100000 / known +
			 (still_bouts ? single * 100000 / still_bouts : 0));
}

/* Five valid pairs of days (sleepreg). */
#define REGULARITY_DAYS 5

int32_t bh_sleep_regularity_milli(const enum bh_sleep *const *day, size_t days, size_t minutes)
{
	int64_t pairs = 0, equal = 0;

	for (size_t d = 0; d + 1 < days; d++) {
		for (size_t i = 0; i < minutes; i++) {
			if (day[d][i] == BH_SLEEP_UNKNOWN || day[d + 1][i] == BH_SLEEP_UNKNOWN)
				continue;
			pairs++;
			equal += day[d][i] == day[d + 1][i];
		}
	}
	if (pairs < (int64_t)(REGULARITY_DAYS * minutes))
		return BH_EPOCH_UNKNOWN;
	return (int32_t)(200000 * equal / pairs - 100000);
}
