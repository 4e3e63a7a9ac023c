/* SPDX-License-Identifier: MIT */
/* Which of the six tips may be given to this person, and why the others are held back. */
#ifndef BH_REPORT_TIPS_H
#define BH_REPORT_TIPS_H

#include "hub/core/answer.h"
#include "hub/core/state.h"
#include "hub/report/report.h"

enum bh_tip {
#define BH_TIP(ENUM, title, text, instead) BH_TIP_##ENUM,
#include "hub/report/tips.def"
#undef BH_TIP
	BH_TIPS,
};

enum bh_tip_state {
	BH_TIP_GIVEN,
	BH_TIP_NOT_NEEDED, /**< the profile says no to all that it is about */
	BH_TIP_ASK_FIRST, /**< what would forbid it is not known: unknown is not "no" */
	BH_TIP_HELD_BACK,
};

enum bh_tip_why {
	BH_TIP_PROFILE_YES,	/**< key: the profile says yes, which forbids it */
	BH_TIP_PROFILE_NO,	/**< key: the profile says no, and a yes is needed */
	BH_TIP_PROFILE_UNKNOWN, /**< key: the profile does not say */
	BH_TIP_ARTERIAL_SEEN,
	BH_TIP_ARTERIAL_UNKNOWN,
	BH_TIP_RED_FLAG,
};

/* The most gates that one tip has is 5, an arterial pattern and a red flag included. */
#define BH_TIP_REASONS_MAX 8

struct bh_tip_reason {
	enum bh_tip_why why;
	const struct bh_answer_info *key; /**< of a PROFILE reason, else NULL */
};

/** A tip for one person. Strings are static. */
struct bh_tip_advice {
	const char *title;
	enum bh_tip_state state;
	const char *text; /**< given: the tip; else what to do instead, may be empty */
	const char *also; /**< more for this person, NULL: nothing; only with GIVEN */
	struct bh_tip_reason reason[BH_TIP_REASONS_MAX]; /**< of not giving it */
	size_t n_reasons;
};

/** What the gates look at. */
struct bh_tip_facts {
	const struct bh_profile_item *profile;
	size_t n_profile;
	enum bh_band arterial; /**< bh_tips_arterial() */
	bool red_flag;	       /**< a red flag stands */
};

/** The rule of the library that looks for a pattern described for arteries. */
#define BH_TIPS_ARTERIAL_RULE "leg_hanging"
/** The rule of class circulation that is about veins: the one that does not count as arterial. */
#define BH_TIPS_VENOUS_RULE "early_restless"

/**
 * @brief How much of an arterial pattern there is: the strongest band of class circulation, but for the
 * rule about veins. A rule of one's own counts as arterial, to be on the safe side.
 * @return BH_BAND_NO_DATA if BH_TIPS_ARTERIAL_RULE said nothing and no other does.
 */
enum bh_band bh_tips_arterial(const struct bh_report_patterns *patterns);

/** @return Whether one of the medicines that rules ask about is taken: NO if each answer is no. */
enum bh_tri bh_tips_medicine(const struct bh_profile_item *profile, size_t n);

void bh_tip_advise(enum bh_tip tip, const struct bh_tip_facts *facts, struct bh_tip_advice *ret);

#endif
