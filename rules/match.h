/* SPDX-License-Identifier: MIT */
/* Matches of a rule's patterns in one night. */
#ifndef BH_RULES_MATCH_H
#define BH_RULES_MATCH_H

#include "rules/view.h"

/** One time that a pattern was seen. */
struct bh_match {
	int64_t start;
	int64_t end;
	int32_t value;
	int16_t confidence_permille;
	enum bh_side side;
	bool ended; /**< false: the bed, not the hub or a fault, has yet to end it */
};

/** Matches by start. */
struct bh_matches {
	struct bh_match *items;
	size_t n;
	bool known;
	/* Why not, if it is not known: what the bed lacks, or the event nobody looked for. */
	uint32_t lacks;
	int not_looked_for; /**< event type, or -1 */
};

/** A rule in one night. */
struct bh_night_of_rule {
	const struct bh_rule *rule;
	struct bh_view *view;
	struct bh_matches *matches; /**< one per pattern */
	enum bh_truth nights[BH_NIGHTSETS_MAX];
};

/** @brief Match every pattern; the sets of nights must be known. @return 0 or -ENOMEM. */
int bh_match_rule(struct bh_night_of_rule *night);
/** @brief When a state of the rule held. @return 0 or -ENOMEM. */
int bh_match_state(struct bh_night_of_rule *night, const struct bh_state_ref *state,
		   struct bh_spans *ret);
/** @brief Did @p spans hold just before @p match began? */
bool bh_match_in(const struct bh_match *match, const struct bh_spans *spans);

#endif
