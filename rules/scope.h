/* SPDX-License-Identifier: MIT */
/* Conditions and numbers, over a window of nights or inside one night. */
#ifndef BH_RULES_SCOPE_H
#define BH_RULES_SCOPE_H

#include "hub/core/finding.h"
#include "rules/run.h"

/* How the sentence begins that says what an unknown line lacks: who could supply it; two more stand
 * in hub/core/finding.h. */
#define BH_LACKS_DIARY "a diary entry ("
#define BH_LACKS_NOTHING "set aside: "

/** A number with what it was made of. */
struct bh_value {
	bool known;
	int64_t milli;
	int64_t low, high;		/**< before_after: bounds of its interval */
	int64_t num, den;		/**< shares: "5 of 7" */
	char why[BH_EVIDENCE_TEXT_MAX]; /**< if not known: what is missing */
};

/** @brief Not known, without a reason yet. The text is left as it is but for its first byte. */
static inline void bh_value_clear(struct bh_value *value)
{
	value->known = false;
	value->milli = value->low = value->high = value->num = value->den = 0;
	value->why[0] = '\0';
}

/** A rule's window of nights. */
struct bh_window {
	struct bh_run *run;
	int rule;
	int night; /**< index of the night it ends with */
	int32_t from_day, to_day;
	int valid[BH_NIGHTS_MAX]; /**< indices of the nights that count, oldest first */
	int n_valid;
	int n_refused[BH_NIGHT_SENSOR + 1]; /**< per enum bh_validity */
	int n_nights;
	bool live; /**< red flags: only what still holds on the last night counts */
};

/** Where a condition is asked: exactly one of window and view is set. */
struct bh_scope {
	struct bh_run *run;
	const struct bh_rule *rule;
	struct bh_window *window;
	struct bh_view *view; /**< one night */
	int32_t from_day, to_day;
};

/** @brief Collect the nights of a rule's window that ends with night @p night. */
void bh_window_init(struct bh_window *window, struct bh_run *run, int rule, int night);
struct bh_scope bh_window_scope(struct bh_window *window);
/** @return BH_CAN_* of the night that the window ends with. */
uint32_t bh_window_can(const struct bh_window *window);
/**
 * @return The BH_CAN_* bit of a sensor that the rule needs, the bed lacks tonight, and for which most of
 * the nights that do not count were refused: waiting does not help. 0: none, or there are nights enough.
 */
uint32_t bh_window_lacks(const struct bh_window *window);

/** @brief A leaf over the window. */
void bh_window_value(struct bh_window *window, int leaf, struct bh_value *ret);
/** @brief confirmed() over the window; @p why as below. */
enum bh_truth bh_window_confirmed(struct bh_window *window, int leaf, char *why, size_t size);

void bh_scope_value(const struct bh_scope *scope, const struct bh_expr *expr, struct bh_value *ret);
/** @param why What is missing if the outcome is unknown; may be NULL. */
enum bh_truth bh_scope_truth(const struct bh_scope *scope, const struct bh_expr *expr, char *why,
			     size_t size);

/** @return The first answer a condition asks for, or NULL. */
const struct bh_answer_info *bh_expr_answer(const struct bh_expr *expr);

#endif
