/* SPDX-License-Identifier: MIT */
/* A line whose sources bring their own time: recordings and simulations, and the clock they were made by. */
#include "hub/line/line_private.h"

#include <errno.h>

static bool same_moment(const struct bh_clock_anchor *a, const struct bh_clock_anchor *b)
{
	return a->wall_ms == b->wall_ms && a->mono_ns == b->mono_ns;
}

static bool same_clock(const struct bh_driver_setup *a, const struct bh_driver_setup *b)
{
	if (!same_moment(&a->anchor, &b->anchor) || a->steps.n != b->steps.n)
		return false;
	for (uint8_t i = 0; i < a->steps.n; i++)
		if (!same_moment(&a->steps.at[i], &b->steps.at[i]))
			return false;
	return true;
}

/* Own-time sources write a bed's whole frame, and the hub has one clock for all its beds. */
bool bh_line_shares_time(const struct bh_line *line, const struct sensor *sensor)
{
	for (unsigned int i = 0; i + 1 < line->n_sensors; i++)
		if (line->sensors[i].bed == sensor->bed)
			return false;
	return same_clock(&sensor->setup, &line->sensors[0].setup);
}

/* Fetch the next frame of an own-time source into its bed's frame; it waits there for its moment. */
static void fetch(struct bh_line *line, struct sensor *sensor)
{
	struct bed *bed = &line->beds[sensor->bed];
	int r;

	if (sensor->pending || sensor->ended || !sensor->open)
		return;
	r = sensor->driver->read(sensor->state, BH_MONO_NONE, bed->frame);
	if (r > 0) {
		sensor->pending = true;
		return;
	}
	sensor->ended = true;
	if (r != -ENODATA && sensor->driver->complaint)
		line->complaint = sensor->driver->complaint(sensor->state);
}

/* The clock of the recording was set before @p now_ns: what comes from here on has the new time. */
static void follow_clock(struct bh_line *line, int64_t now_ns)
{
	const struct bh_clock_steps *steps = &line->sensors[0].setup.steps;

	while (line->n_steps < steps->n && steps->at[line->n_steps].mono_ns <= now_ns) {
		const struct bh_clock_anchor *to = &steps->at[line->n_steps++];
		int64_t from_ms = bh_wall_from_mono(&line->anchor, to->mono_ns);
		bool known = from_ms != BH_WALL_UNKNOWN;
		struct bh_record record = {
			.kind = BH_RECORD_CLOCK,
			.u.clock = { .anchor = *to,
				     .change = known ? BH_CLOCK_STEP : BH_CLOCK_SYNC,
				     .step_ms = known ? to->wall_ms - from_ms : 0 },
		};

		line->anchor = *to;
		line->sink.put(line->sink.ctx, &record);
	}
}

int64_t bh_line_step_own_time(struct bh_line *line, int64_t now_ns)
{
	int64_t next_ns;

	for (;;) {
		struct sensor *first = NULL;

		for (unsigned int i = 0; i < line->n_sensors; i++) {
			struct sensor *sensor = &line->sensors[i];

			fetch(line, sensor);
			if (sensor->pending &&
			    (!first || line->beds[sensor->bed].frame->mono_ns <
					       line->beds[first->bed].frame->mono_ns))
				first = sensor;
		}
		next_ns = first ? line->beds[first->bed].frame->mono_ns : INT64_MAX;
		if (!first || next_ns > now_ns)
			break;
		first->pending = false;
		follow_clock(line, next_ns);
		bh_line_took_reading(line, first);
	}
	if (now_ns != BH_MONO_NONE)
		follow_clock(line, now_ns);
	/* Paced, timers fire between frames; at full speed the next frame would run them anyway. */
	for (unsigned int i = 0; i < line->n_beds && now_ns != BH_MONO_NONE; i++)
		bh_line_pass_time(line, &line->beds[i], now_ns);
	return next_ns;
}
