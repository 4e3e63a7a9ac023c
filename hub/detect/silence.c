/* SPDX-License-Identifier: MIT */
#include "hub/detect/silence.h"

/* As many readings as drivers allow to go missing (drivers/ads1115.c). */
#define BEATS_MISSED 10
/* A converter that loses its bus for a few seconds is back before anybody needs to know. */
#define LEAST_NS (5 * BH_NS_PER_S)
/* Its beat is known after so many readings, each of which counts one part in so many. */
#define BEATS_ENOUGH 16

void bh_silence_init(struct bh_silence *silence)
{
	*silence = (struct bh_silence){ .heard_ns = BH_MONO_NONE };
}

void bh_silence_heard(struct bh_silence *silence, int64_t now_ns)
{
	int64_t before_ns = silence->heard_ns;

	silence->heard_ns = now_ns;
	if (before_ns == BH_MONO_NONE || now_ns - before_ns >= BH_SILENT_NS)
		return;
	if (silence->beats < BEATS_ENOUGH)
		silence->beats++;
	/* The mean of what was seen, then a slow follower of it. */
	silence->beat_ns += (now_ns - before_ns - silence->beat_ns) / silence->beats;
}

void bh_silence_deaf(struct bh_silence *silence, int64_t now_ns)
{
	if (silence->heard_ns != BH_MONO_NONE && now_ns > silence->heard_ns)
		silence->heard_ns = now_ns;
}

int64_t bh_silence_due(const struct bh_silence *silence, bool in_use)
{
	int64_t wait_ns = BEATS_MISSED * silence->beat_ns;

	if (silence->heard_ns == BH_MONO_NONE)
		return INT64_MAX;
	if (!in_use || silence->beats < BEATS_ENOUGH || wait_ns > BH_SILENT_NS)
		wait_ns = BH_SILENT_NS;
	return silence->heard_ns + (wait_ns > LEAST_NS ? wait_ns : LEAST_NS);
}
