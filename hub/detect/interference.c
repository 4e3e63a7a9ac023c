/* SPDX-License-Identifier: MIT */
#include "hub/detect/interference.h"

#include <string.h>

#define N BH_INTERFERENCE_SAMPLES
#define QUARTER (N / 4)
/* Readings at 10 Hz, some late; slower mats cannot show what swings faster than they are read. */
#define STEP_MIN_NS (80 * BH_NS_PER_MS)
#define STEP_MAX_NS (125 * BH_NS_PER_MS)
/* In steps of 10 Hz / 128. Breath ends below half a hertz; the heart is below 2.5 Hz (150 a minute). */
#define LOWEST 7
#define LOWEST_IN_BED 32
#define HIGHEST (N / 2)
/* Line-like: the line and its neighbours hold this share of everything from LOWEST up. Of noise they
 * hold a twentieth. */
#define LINE_PERCENT 60
/* Once told it is missed only when it holds less than this: a sleeper swings beside it. */
#define LINE_STAYS_PERCENT 30
/* As large as to matter: swinging by a two-thousandth of the body (40 g of 80 kg). Movements of a leg
 * begin at half of that (science.md section 6: 20 to 300 g). */
#define BODY_DIVISOR 2000
/* The same line, to a tenth of a hertz, for a minute in the empty bed and for two and a half under a
 * sleeper: no tremor and no heart keeps to it so long, and restlessness takes three minutes to be
 * told. It is gone after a minute without. */
#define LOOKS_EMPTY 5
#define LOOKS_IN_BED 12
#define LOOKS_GONE 5
#define LOOKS_SHAKES 3

/* sin(2 pi i / 128) * 32767, a quarter turn. */
static const int16_t sine[QUARTER + 1] = {
	0,     1608,  3212,  4808,  6393,  7962,  9512,	 11039, 12539, 14010, 15446,
	16846, 18204, 19519, 20787, 22005, 23170, 24279, 25329, 26319, 27245, 28105,
	28898, 29621, 30273, 30852, 31356, 31785, 32137, 32412, 32609, 32728, 32767,
};

static int32_t sin_at(unsigned int i)
{
	i %= N;
	if (i >= N / 2)
		return -sin_at(i - N / 2);
	return i <= QUARTER ? sine[i] : sine[N / 2 - i];
}

void bh_interference_init(struct bh_interference *interference)
{
	memset(interference, 0, sizeof(*interference));
	interference->last_ns = BH_MONO_NONE;
}

void bh_interference_break(struct bh_interference *interference)
{
	interference->used = 0;
	interference->slot_sum = interference->slot_n = 0;
	interference->last_ns = BH_MONO_NONE;
	interference->moved = false;
}

/* Squared size of the part of the look that swings k times in it, in squares of the unit times N / 2.
 * @p wave: the whole turn. */
static int64_t power_at(const struct bh_interference *interference, const int32_t wave[N],
			unsigned int k)
{
	int64_t re = 0, im = 0;

	for (unsigned int i = 0; i < N; i++) {
		re += interference->sample[i] * wave[(k * i + QUARTER) % N];
		im += interference->sample[i] * wave[k * i % N];
	}
	re >>= 15;
	im >>= 15;
	return re * re + im * im;
}

/* The samples are changes, which swing by the square root of 2 - 2 cos(2 pi k / N) of what they are
 * changes of. */
static bool is_large(int64_t power, int k, int64_t body_load)
{
	int64_t swing = body_load * (N / 2) / BODY_DIVISOR;
	int64_t squared = 2 * INT16_MAX - 2 * sin_at((unsigned int)k + QUARTER);

	return power / squared * INT16_MAX >= swing * swing;
}

/* @return Where the line stands, or 0: there is none. */
static int find_line(const struct bh_interference *interference, int lowest, int64_t body_load)
{
	int64_t power[HIGHEST + 1], sum = 0, line;
	int32_t wave[N];
	int best = lowest;

	for (unsigned int i = 0; i < N; i++)
		wave[i] = sin_at(i);
	for (int k = LOWEST; k <= HIGHEST; k++) {
		power[k] = power_at(interference, wave, (unsigned int)k);
		sum += k >= lowest ? power[k] : 0;
		if (k > best && power[k] > power[best])
			best = k;
	}
	line = power[best] + power[best - 1] + (best < HIGHEST ? power[best + 1] : 0);
	/* Where it only falls from below the band it is the foot of something else: of the heart. */
	if (power[best - 1] > power[best] ||
	    line < sum / 100 * (interference->on ? LINE_STAYS_PERCENT : LINE_PERCENT) ||
	    !is_large(line, best, body_load))
		return 0;
	return best;
}

static void judge(struct bh_interference *in, int line, bool empty, int64_t from_ns)
{
	if (line == 0) {
		if (in->missed++ == 0)
			in->gone_ns = from_ns;
		in->seen = 0;
		if (in->missed >= LOOKS_GONE)
			in->on = in->told = false;
		return;
	}
	if (in->seen == 0 || line < in->line - 1 || line > in->line + 1) {
		in->seen = 0;
		in->since_ns = in->on ? in->since_ns : from_ns;
		in->line = line;
	}
	in->missed = 0;
	in->seen++;
	if (in->seen >= (empty ? LOOKS_EMPTY : LOOKS_IN_BED))
		in->on = true;
}

/* A line where the heart may be is not seen under a sleeper, nor missed. */
static bool hides(const struct bh_interference *in, bool empty)
{
	return in->on && !empty && in->line < LOWEST_IN_BED;
}

void bh_interference_add(struct bh_interference *in, int64_t load)
{
	in->slot_sum += load;
	in->slot_n++;
}

void bh_interference_take(struct bh_interference *in, int64_t now_ns, bool empty, bool moving,
			  int64_t body_load)
{
	int64_t load = in->slot_sum / in->slot_n;
	int64_t step_ns = in->last_ns == BH_MONO_NONE ? 0 : now_ns - in->last_ns;
	int64_t change = load - in->last_load;
	int line;

	in->slot_sum = in->slot_n = 0;
	if (step_ns < STEP_MIN_NS || step_ns > STEP_MAX_NS) {
		bh_interference_break(in);
		change = 0;
	}
	in->last_ns = now_ns;
	in->last_load = load;
	in->moved |= moving && !empty;
	in->sample[in->used++] = change;
	if (in->used < N)
		return;
	in->used = 0;
	line = find_line(in, empty ? LOWEST + 1 : LOWEST_IN_BED, body_load);
	if (line > 0 || !(in->moved || hides(in, empty)))
		judge(in, line, empty, now_ns - (N - 1) * BH_NS_PER_S / 10);
	in->moved = false;
}

bool bh_interference_shakes(const struct bh_interference *in)
{
	return in->seen >= LOOKS_SHAKES;
}
