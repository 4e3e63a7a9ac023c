/* SPDX-License-Identifier: MIT */
/* The tables of the accuracy of rules, on stdout. */
#ifndef BH_TESTS_ACCURACY_RULES_TABLES_H
#define BH_TESTS_ACCURACY_RULES_TABLES_H

#include "tests/accuracy/rules_judge.h"

/** One way's people. */
struct way {
	const char *name;
	const struct result *results;
	size_t n;
};

/** @brief How the bed told each event: what people by events are made with. */
void tables_telling(const struct telling *telling);
/** @brief Who slept, by what the verdict was after seven nights with all inputs. */
void tables_confusion(const struct way *way);
/**
 * @brief Each rule where it belongs and where not, both ways, beside what is asked.
 * @param weeks People of three weeks, for what is asked after as long.
 */
void tables_rules(const struct bh_rule_set *rules, const struct way *frames,
		  const struct way *events, const struct way *weeks);
/**
 * @brief Of people: right class, healthy ones, red flags, and what broken beds say.
 * @param hurt Every @p one_of th person of @p frames once more, with a dead zone and lost nights.
 */
void tables_people(const struct way *frames, const struct way *events, const struct result *hurt,
		   size_t n_hurt, size_t one_of);
/** @brief The same rules on undisturbed people after 3 to 21 nights, with and without answers. */
void tables_spans(const struct bh_rule_set *rules, const struct way *weeks);
/** @brief Each line of one rule's evidence: on how many people of each sleeper it was true, false. */
void tables_why(const struct bh_rule_set *rules, const char *rule, const struct way *events);

#endif
