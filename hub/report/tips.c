/* SPDX-License-Identifier: MIT */
#include "hub/report/tips.h"

#include "hub/core/state.h"

#include <assert.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *title, *text, *instead;
} tips[] = {
#define BH_TIP(ENUM, title, text, instead) { title, text, instead },
#include "hub/report/tips.def"
#undef BH_TIP
};

struct key_gate {
	enum bh_tip tip;
	const char *key;
};

static const struct key_gate unless[] = {
#define BH_TIP_UNLESS(TIP, key) { BH_TIP_##TIP, key },
#include "hub/report/tips.def"
#undef BH_TIP_UNLESS
};

static const struct key_gate only_if[] = {
#define BH_TIP_ONLY_IF(TIP, key) { BH_TIP_##TIP, key },
#include "hub/report/tips.def"
#undef BH_TIP_ONLY_IF
};

static const enum bh_tip unless_arterial[] = {
#define BH_TIP_UNLESS_ARTERIAL(TIP) BH_TIP_##TIP,
#include "hub/report/tips.def"
#undef BH_TIP_UNLESS_ARTERIAL
};

static const enum bh_tip unless_red_flag[] = {
#define BH_TIP_UNLESS_RED_FLAG(TIP) BH_TIP_##TIP,
#include "hub/report/tips.def"
#undef BH_TIP_UNLESS_RED_FLAG
};

static const struct {
	enum bh_tip tip;
	const char *key, *text;
} additions[] = {
#define BH_TIP_ADD(TIP, key, text) { BH_TIP_##TIP, key, text },
#include "hub/report/tips.def"
#undef BH_TIP_ADD
};

static const char *const medicines[] = {
#define BH_TIP_MEDICINE(key) key,
#include "hub/report/tips.def"
#undef BH_TIP_MEDICINE
};

static const enum bh_tip of_medicines[] = {
#define BH_TIP_OF_MEDICINES(TIP) BH_TIP_##TIP,
#include "hub/report/tips.def"
#undef BH_TIP_OF_MEDICINES
};

static enum bh_tri said(const struct bh_profile_item *profile, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(profile[i].key, key) != 0)
			continue;
		if (strcmp(profile[i].value, "yes") == 0)
			return BH_YES;
		if (strcmp(profile[i].value, "no") == 0)
			return BH_NO;
	}
	return BH_UNKNOWN;
}

static enum bh_tri answer(const struct bh_tip_facts *facts, const char *key)
{
	return said(facts->profile, facts->n_profile, key);
}

enum bh_tri bh_tips_medicine(const struct bh_profile_item *profile, size_t n)
{
	enum bh_tri taken = BH_NO;

	for (size_t i = 0; i < COUNT(medicines) && taken != BH_YES; i++) {
		enum bh_tri one = said(profile, n, medicines[i]);

		if (one != BH_NO)
			taken = one;
	}
	return taken;
}

static void refuse(struct bh_tip_advice *advice, enum bh_tip_state state, enum bh_tip_why why,
		   const char *key)
{
	assert(advice->n_reasons < BH_TIP_REASONS_MAX);
	advice->reason[advice->n_reasons++] =
		(struct bh_tip_reason){ why, key ? bh_profile_info(key) : NULL };
	if (advice->state < state)
		advice->state = state;
}

static bool among(const enum bh_tip *list, size_t n, enum bh_tip tip)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == tip)
			return true;
	return false;
}

static void ask_patterns(enum bh_tip tip, const struct bh_tip_facts *facts,
			 struct bh_tip_advice *ret)
{
	if (facts->red_flag && among(unless_red_flag, COUNT(unless_red_flag), tip))
		refuse(ret, BH_TIP_HELD_BACK, BH_TIP_RED_FLAG, NULL);
	if (!among(unless_arterial, COUNT(unless_arterial), tip))
		return;
	if (facts->arterial >= BH_BAND_SOME)
		refuse(ret, BH_TIP_HELD_BACK, BH_TIP_ARTERIAL_SEEN, NULL);
	else if (facts->arterial == BH_BAND_NO_DATA)
		refuse(ret, BH_TIP_ASK_FIRST, BH_TIP_ARTERIAL_UNKNOWN, NULL);
}

static void ask_profile(enum bh_tip tip, const struct bh_tip_facts *facts,
			struct bh_tip_advice *ret)
{
	for (size_t i = 0; i < COUNT(unless); i++) {
		enum bh_tri is = unless[i].tip == tip ? answer(facts, unless[i].key) : BH_NO;

		if (is == BH_YES)
			refuse(ret, BH_TIP_HELD_BACK, BH_TIP_PROFILE_YES, unless[i].key);
		else if (is == BH_UNKNOWN)
			refuse(ret, BH_TIP_ASK_FIRST, BH_TIP_PROFILE_UNKNOWN, unless[i].key);
	}
	for (size_t i = 0; i < COUNT(only_if); i++) {
		enum bh_tri is = only_if[i].tip == tip ? answer(facts, only_if[i].key) : BH_YES;

		if (is != BH_YES)
			refuse(ret, BH_TIP_HELD_BACK,
			       is == BH_NO ? BH_TIP_PROFILE_NO : BH_TIP_PROFILE_UNKNOWN,
			       only_if[i].key);
	}
}

enum bh_band bh_tips_arterial(const struct bh_report_patterns *patterns)
{
	enum bh_band most = BH_BAND_NO_DATA;

	for (size_t i = 0; i < patterns->n; i++) {
		const struct bh_finding *finding = patterns->finding[i].finding;

		if (finding->class != BH_RULE_CIRCULATION ||
		    strcmp(finding->rule, BH_TIPS_VENOUS_RULE) == 0)
			continue;
		/* Only the library's rule can say that nothing is there. */
		if (finding->band < BH_BAND_SOME &&
		    strcmp(finding->rule, BH_TIPS_ARTERIAL_RULE) != 0)
			continue;
		if (most < finding->band)
			most = finding->band;
	}
	return most;
}

void bh_tip_advise(enum bh_tip tip, const struct bh_tip_facts *facts, struct bh_tip_advice *ret)
{
	*ret = (struct bh_tip_advice){ .title = tips[tip].title, .state = BH_TIP_GIVEN };
	ask_patterns(tip, facts, ret);
	ask_profile(tip, facts, ret);
	if (ret->state == BH_TIP_GIVEN && among(of_medicines, COUNT(of_medicines), tip) &&
	    bh_tips_medicine(facts->profile, facts->n_profile) == BH_NO)
		ret->state = BH_TIP_NOT_NEEDED;
	ret->text = ret->state == BH_TIP_GIVEN ? tips[tip].text : tips[tip].instead;
	for (size_t i = 0; i < COUNT(additions) && ret->state == BH_TIP_GIVEN; i++)
		if (additions[i].tip == tip && answer(facts, additions[i].key) == BH_YES)
			ret->also = additions[i].text;
}
