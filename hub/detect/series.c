/* SPDX-License-Identifier: MIT */
#include "hub/detect/series.h"

#include <string.h>

static const struct bh_plm_rules *const rules = &bh_plm_wasm_2016;

void bh_series_init(struct bh_series *series)
{
	memset(series, 0, sizeof(*series));
}

static void end_run(struct bh_series *series, struct bh_emit *emit, enum bh_end_cause cause)
{
	struct bh_event *open = bh_emit_opened(emit, BH_EVENT_PLM_SERIES);

	if (open) {
		open->value = (int32_t)series->count;
		bh_emit_close(emit, BH_EVENT_PLM_SERIES, series->last_off_ns, cause);
	}
	series->count = 0;
}

/* The last movement is complete: nothing can join it any more. */
static void settle_last(struct bh_series *series, struct bh_emit *emit)
{
	const struct bh_leg_movement *m = &series->last;
	int64_t interval_ns = m->on_ns - series->last_on_ns, length_ns = m->off_ns - m->on_ns;
	struct bh_said said = { .side = m->leg,
				.confidence_permille = series->confidence_permille,
				.sensor = BH_SENSOR_NONE };

	series->have_last = false;
	if (length_ns > (m->parts > 1 ? rules->joined_max_ns : rules->max_ns) ||
	    m->parts > rules->parts_max || !m->candidate) {
		end_run(series, emit, BH_END_NORMAL);
		return;
	}
	if (series->count > 0 &&
	    (interval_ns < rules->interval_min_ns || interval_ns > rules->interval_max_ns))
		end_run(series, emit, BH_END_NORMAL);
	if (series->count == 0)
		series->first_on_ns = m->on_ns;
	series->count++;
	series->last_on_ns = m->on_ns;
	series->last_off_ns = m->off_ns;
	said.value = (int32_t)series->count;
	if (series->count == rules->run_min)
		bh_emit_open(emit, BH_EVENT_PLM_SERIES, series->first_on_ns, &said);
}

void bh_series_take(struct bh_series *series, int64_t on_ns, int64_t off_ns, enum bh_side leg,
		    int16_t confidence_permille, struct bh_emit *emit)
{
	struct bh_leg_movement *last = &series->last;

	series->confidence_permille = confidence_permille;
	if (off_ns - on_ns < rules->min_ns)
		return;
	if (series->have_last && on_ns - last->off_ns < rules->join_ns) {
		last->off_ns = off_ns > last->off_ns ? off_ns : last->off_ns;
		last->candidate = last->candidate && off_ns - on_ns <= rules->max_ns;
		if (last->leg != leg) {
			last->leg = BH_SIDE_BOTH;
			last->parts++;
		}
		return;
	}
	if (series->have_last)
		settle_last(series, emit);
	*last = (struct bh_leg_movement){ .on_ns = on_ns,
					  .off_ns = off_ns,
					  .leg = leg,
					  .parts = 1,
					  .candidate = off_ns - on_ns <= rules->max_ns };
	series->have_last = true;
}

void bh_series_pass(struct bh_series *series, struct bh_emit *emit)
{
	if (series->have_last && emit->now_ns - series->last.off_ns >= rules->join_ns)
		settle_last(series, emit);
	/* The next onset would be too late, even if it was under way and not yet told. */
	if (series->count > 0 && !series->have_last &&
	    emit->now_ns - series->last_on_ns >
		    rules->interval_max_ns + rules->joined_max_ns + BH_NS_PER_S)
		end_run(series, emit, BH_END_NORMAL);
}

void bh_series_end(struct bh_series *series, struct bh_emit *emit, enum bh_end_cause cause)
{
	if (series->have_last)
		settle_last(series, emit);
	end_run(series, emit, cause);
}
