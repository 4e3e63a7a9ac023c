/* SPDX-License-Identifier: MIT */
/*
 * The rule language: parse, check, evaluate, explain, test. Rules see a struct bh_history and
 * nothing else: no drivers, no store, no clock. Language reference: rules/LANGUAGE.md.
 */
#ifndef BH_RULES_RULE_H
#define BH_RULES_RULE_H

#include "hub/core/error.h"
#include "hub/core/finding.h"
#include "hub/core/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nine causes, their sub-rules, and a user's own. */
#define BH_RULES_MAX 64
/* A page of rules is 10 KB; a rule file beyond this is not one. */
#define BH_RULE_TEXT_MAX (256 * 1024)

struct bh_rule;
struct bh_rule_set;

/** What `rules list` shows. Strings belong to the set. */
struct bh_rule_info {
	const char *id;
	enum bh_rule_class class;
	const char *status; /**< "production", "research", "testing" */
	const char *purpose;
	const char *says;
	const char *cause;  /**< what clinicians call it; only for explain views and pages with
				     show_cause_names; NULL if the rule names none */
	const char *parent; /**< id of the parent rule, NULL if none */
	const char *file;
	int line;
	const char *hash; /**< as in bh_finding.rule_hash */
	size_t n_sources;
	size_t n_evidence;
	size_t n_tests;
	int nights_needed;
	int nights_window;
};

/** @brief An empty set. */
int bh_rule_set_new(struct bh_rule_set **ret);
void bh_rule_set_free(struct bh_rule_set *set);
/**
 * @brief Parse and check the rules of one text; a rule whose id is in the set replaces it.
 * @return 0, or -EINVAL with name:line:column in @p err; the set is then unchanged.
 */
int bh_rule_set_add_text(struct bh_rule_set *set, const char *name, const char *text, size_t length,
			 struct bh_error *err);
int bh_rule_set_add_file(struct bh_rule_set *set, const char *path, struct bh_error *err);
/** @brief The library that is built in (rules/library). @return Rules read, or -errno. */
int bh_rule_set_add_builtin(struct bh_rule_set *set, struct bh_error *err);
/** @brief Every *.rule of a folder by name; a missing folder is empty. @return Files read. */
int bh_rule_set_add_dir(struct bh_rule_set *set, const char *dir, struct bh_error *err);
/** @brief After the last add: parents exist, no cycles. */
int bh_rule_set_finish(struct bh_rule_set *set, struct bh_error *err);

size_t bh_rule_set_size(const struct bh_rule_set *set);
const struct bh_rule *bh_rule_set_at(const struct bh_rule_set *set, size_t i);
const struct bh_rule *bh_rule_set_find(const struct bh_rule_set *set, const char *id);
void bh_rule_info(const struct bh_rule *rule, struct bh_rule_info *ret);

/** @return Source @p i of a rule, or NULL past the end. */
const char *bh_rule_source_at(const struct bh_rule *rule, size_t i);

/** An evidence line as written. */
struct bh_rule_evidence {
	const char *text;     /**< with {measures} as written */
	const char *cite;     /**< NULL if none */
	const char *group;    /**< NULL if none */
	int32_t weight_milli; /**< added if true */
	int32_t else_milli;   /**< added if false, 0 if nothing */
};
/** @return 0, or -ENOENT past the end. */
int bh_rule_evidence_at(const struct bh_rule *rule, size_t i, struct bh_rule_evidence *ret);

/**
 * @return How many nights of history an evaluation of one night looks back on, that night
 * included: windows, hold and keep, and, if @p profile knows the date, before and after it. Load as
 * many for bh_rules_evaluate().
 */
int bh_rule_set_reach(const struct bh_rule_set *set, const struct bh_profile_item *profile,
		      size_t n_profile);

/**
 * @brief Evaluate every rule of the set on the nights of @p history up to and including @p night.
 *
 * Parents come before children. Hold and keep are worked out from the nights before, so the same
 * history gives the same findings whatever was said earlier. Findings come in set order.
 *
 * @return Number of findings stored in @p ret (bh_rule_set_size() at most); -EINVAL before
 * bh_rule_set_finish(); -ENOENT if @p history has no such night; -ENOMEM.
 */
int bh_rules_evaluate(const struct bh_rule_set *set, const struct bh_history *history,
		      int32_t night, struct bh_finding *ret, size_t cap);

/**
 * @brief Only the red flags, on the last nights of @p history: cheap enough for every epoch.
 * @return Number of findings stored in @p ret, each with red_flag set; or -ENOMEM.
 */
int bh_rules_red_flags(const struct bh_rule_set *set, const struct bh_history *history,
		       int32_t night, struct bh_finding *ret, size_t cap);

/**
 * @brief What a rule (NULL: each) would have said on every night of @p history in [from, to]
 * (yyyymmdd, 0: no limit), oldest first.
 *
 * The finding lives only during the call of @p each, which returns non-zero to stop; its evidence
 * has truth, weight and counted, but no texts.
 *
 * @return 0, what @p each returned, -ENOENT for no such rule, or -ENOMEM.
 */
int bh_rules_backtest(const struct bh_rule_set *set, const char *rule_id,
		      const struct bh_history *history, int32_t from, int32_t to,
		      int (*each)(void *ctx, const struct bh_finding *finding), void *ctx);

/**
 * @brief Where two rule sets differ on the nights of @p history: @p each gets both findings of a
 * night and rule whose band or red flag is not the same; NULL for a set that lacks the rule.
 * @return 0, what @p each returned, or -ENOMEM.
 */
int bh_rules_diff(const struct bh_rule_set *before, const struct bh_rule_set *after,
		  const struct bh_history *history, int32_t from, int32_t to,
		  int (*each)(void *ctx, const struct bh_finding *before,
			      const struct bh_finding *after),
		  void *ctx);

/**
 * @brief What would tell the two likeliest patterns apart, as one sentence for people: the unknown
 * evidence that weighs most between them, of what an answer or a diary entry supplies, else of what more
 * nights do. A sensor that the bed lacks is not asked for: where only one could tell, or nothing is
 * missing, the sentence says so. Empty if no pattern stands out.
 * @return Length of the sentence as snprintf counts it.
 */
int bh_rules_tell_apart(const struct bh_rule_set *set, const struct bh_finding *findings, size_t n,
			char *buf, size_t size);

/** @brief The class verdict of one night (hub/core/finding.h): what a person sees first. */
enum bh_verdict bh_rules_verdict(const struct bh_finding *findings, size_t n);

/** One embedded test's result. */
struct bh_rule_test {
	const char *rule;
	const char *name;
	int line;
	bool passed;
	char detail[BH_EVIDENCE_TEXT_MAX]; /**< expected and got, when failed */
};
/** @brief Run the embedded tests of one rule (NULL: all). @return Failures, or -errno. */
int bh_rules_test(const struct bh_rule_set *set, const char *rule_id,
		  int (*each)(void *ctx, const struct bh_rule_test *result), void *ctx);

#endif
