/* SPDX-License-Identifier: MIT */
/* One night as patterns see it: events by type, and when each built-in state held. */
#ifndef BH_RULES_VIEW_H
#define BH_RULES_VIEW_H

#include "hub/core/history.h"
#include "rules/arena.h"
#include "rules/ast.h"

/** Time from start to before end, milliseconds UTC. */
struct bh_span {
	int64_t start;
	int64_t end;
};

/** When something held: sorted, disjoint. known is false where the night cannot tell. */
struct bh_spans {
	struct bh_span *items;
	size_t n;
	bool known;
};

/** A number in thousandths, or not known. */
struct bh_number {
	bool known;
	int64_t milli;
};

struct bh_view {
	const struct bh_past_night *past;
	struct bh_arena *arena; /**< everything below lives here */
	int64_t last_ms; /**< the last moment known of this night: open intervals reach to it */
	const struct bh_past_event **by_type[BH_EVENT_TYPE_END];
	size_t n_by_type[BH_EVENT_TYPE_END];
	enum bh_sleep *sleep; /**< one per epoch; NULL until a state asks */
	bool sleep_known;
	bool made[BH_STATE_END];
	struct bh_spans states[BH_STATE_END];
	bool signal_made[BH_SIGNAL_END];
	struct bh_number signals[BH_SIGNAL_END];
};

/** @return 0 or -ENOMEM. */
int bh_view_init(struct bh_view *view, const struct bh_past_night *past, struct bh_arena *arena);
/** @brief When a built-in state held (BH_STATE_IN_BED and above, not the window's positions). */
const struct bh_spans *bh_view_state(struct bh_view *view, enum bh_state_kind kind);
/** @brief When an interval event lasted. @return 0 or -ENOMEM. */
int bh_view_event_spans(struct bh_view *view, enum bh_event_type type, struct bh_spans *ret);
/** @brief End of an event; the last moment of the night while it is open. */
int64_t bh_view_end(const struct bh_view *view, const struct bh_past_event *event);

/** @brief Sort and join what overlaps or touches, in place. */
void bh_spans_tidy(struct bh_spans *spans);
/** @return The span that covers @p at_ms, or NULL. */
const struct bh_span *bh_spans_at(const struct bh_spans *spans, int64_t at_ms);
int64_t bh_spans_length(const struct bh_spans *spans);

#endif
