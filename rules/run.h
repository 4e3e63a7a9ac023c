/* SPDX-License-Identifier: MIT */
/*
 * One evaluation: a rule set on a history. What a night contributes to each measure is counted once
 * per night and kept, so that windows slide without looking at events again.
 */
#ifndef BH_RULES_RUN_H
#define BH_RULES_RUN_H

#include "rules/match.h"
#include "rules/set.h"
#include "rules/signal.h"

/* supine, left, right, prone */
#define BH_POSITIONS 4

/** Why a night says nothing about a measure. */
enum bh_why {
	BH_WHY_KNOWN = 0,
	BH_WHY_SENSOR,	       /**< `what` is the number of a BH_CAN_* bit */
	BH_WHY_NOT_LOOKED_FOR, /**< `what` is an event type */
	BH_WHY_STATE,	       /**< sleep or position unknown */
	BH_WHY_ANSWER,	       /**< `what` is the set of nights nobody's answer decides */
	BH_WHY_SHORT,	       /**< the state did not last long enough */
	BH_WHY_NO_VALUE,       /**< no thermometer reading, too few movements */
};

/** What one night contributes to one measure. */
struct bh_nightly {
	uint8_t why; /**< enum bh_why */
	uint8_t what;
	int32_t n[2]; /**< matches, per arm */
	int64_t e[2]; /**< time the state held, ms; e[0]: a signal's value */
	int32_t by_position[2][BH_POSITIONS];
	int32_t dwell_s[BH_POSITIONS];
};

/** Why a night does not count for a rule. */
enum bh_validity {
	BH_NIGHT_UNSEEN = 0, /**< not looked at yet */
	BH_NIGHT_VALID,
	BH_NIGHT_SHORT,	 /**< less than four hours in bed */
	BH_NIGHT_GAPS,	 /**< coverage below the rule's need */
	BH_NIGHT_SENSOR, /**< the bed lacked what the rule needs */
};

/** The outcome of a rule in one night, before hold and keep. */
struct bh_raw {
	bool known; /**< it has been worked out */
	bool no_data;
	int32_t score_milli;
	enum bh_band band;
};

struct bh_run {
	const struct bh_rule_set *set;
	const struct bh_history *history;
	bool wanted[BH_RULES_MAX]; /**< rules whose nights are to be counted */
	int first_slot[BH_RULES_MAX];
	int n_slots;
	int32_t *day;			    /**< day number of each night */
	struct bh_nightly **nightly;	    /**< per night, n_slots each; NULL: not counted yet */
	uint8_t *validity;		    /**< per night, one per rule */
	struct bh_raw *raw;		    /**< per night, one per rule */
	const struct bh_diary_item **diary; /**< by day */
	int32_t *diary_day;
	bool baseline_made;
	struct bh_number baseline;
	struct bh_arena kept;
	struct bh_arena scratch; /**< of the night being counted */
	bool explain;		 /**< say what is missing: costs, and a backtest does not ask */
	bool no_memory;		 /**< sticky: the outcome is worthless */
};

/**
 * @param only Evaluate only this rule and what it refers to; -1: all.
 * @return 0 or -ENOMEM. Free with bh_run_free() in any case.
 */
int bh_run_init(struct bh_run *run, const struct bh_rule_set *set, const struct bh_history *history,
		int only);
void bh_run_free(struct bh_run *run);

/** @return What night @p night (an index) contributes to a leaf; never NULL. */
const struct bh_nightly *bh_run_nightly(struct bh_run *run, int rule, int leaf, int night);
enum bh_validity bh_run_validity(struct bh_run *run, int rule, int night);
/** @return The person's own left-right difference. */
struct bh_number bh_run_baseline(struct bh_run *run);

/** @brief Count every leaf of a rule in the night of @p view into @p ret. @return 0 or -ENOMEM. */
int bh_nightly_count(struct bh_run *run, const struct bh_rule *rule, struct bh_view *view,
		     struct bh_nightly *ret);

/* ---- answers ---- */

/** @return The profile's answer, or NULL if it is not known. */
const char *bh_profile_value(const struct bh_history *history, const char *key);
enum bh_truth bh_profile_flag(const struct bh_history *history, const char *key);
/** @brief The diary of the days [from, to]: @p ret_n items by day. */
const struct bh_diary_item *const *bh_diary_between(const struct bh_run *run, int32_t from,
						    int32_t to, size_t *ret_n);
/** @brief An answer compared: 'diary.fluids == low', 'profile.age >= 60'. */
bool bh_answer_fits(const struct bh_expr *compare, const char *value);
/** @brief A yes/no key or a comparison in the diary of the days [from, to]. */
enum bh_truth bh_diary_truth(const struct bh_run *run, const struct bh_expr *expr, int32_t from,
			     int32_t to);
/** @brief The leg that hurts: the side most pain entries name; unknown if they are even. */
enum bh_side bh_diary_painside(const struct bh_run *run, int32_t from, int32_t to);

enum bh_truth bh_truth_of(bool yes);

#endif
