/* SPDX-License-Identifier: MIT */
/*
 * The rule language: parse, check, evaluate, explain, test. Rules see a struct bh_history and
 * nothing else: no drivers, no store, no clock. Language reference: rules/README.md.
 */
#ifndef BH_RULES_RULE_H
#define BH_RULES_RULE_H

#include "hub/core/error.h"
#include "hub/core/finding.h"
#include "hub/core/history.h"

#include <stddef.h>
#include <stdint.h>

/* Nine causes, their sub-rules, and a user's own. */
#define BH_RULES_MAX 64

struct bh_rule;
struct bh_rule_set;

/** What `rules list` shows. Strings belong to the set. */
struct bh_rule_info {
	const char *id;
	enum bh_rule_class class;
	const char *status;	/**< "production", "research", "testing" */
	const char *purpose;
	const char *says;
	const char *file;
	int line;
	const char *hash;	/**< as in bh_finding.rule_hash */
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
/** @brief Every *.rule of a folder, in name order. A missing folder is empty. @return Rules read. */
int bh_rule_set_add_dir(struct bh_rule_set *set, const char *dir, struct bh_error *err);
/** @brief After the last add: parents exist, no cycles. */
int bh_rule_set_finish(struct bh_rule_set *set, struct bh_error *err);

size_t bh_rule_set_size(const struct bh_rule_set *set);
const struct bh_rule *bh_rule_set_at(const struct bh_rule_set *set, size_t i);
const struct bh_rule *bh_rule_set_find(const struct bh_rule_set *set, const char *id);
void bh_rule_info(const struct bh_rule *rule, struct bh_rule_info *ret);

/**
 * @brief Evaluate every rule of the set on the nights of @p history up to and including @p night.
 *
 * Parents come before children. @p previous are the findings of the night before (for hold and
 * keep), may be NULL. Findings come in set order.
 *
 * @return Number of findings stored in @p ret (bh_rule_set_size() at most), or -ENOMEM.
 */
int bh_rules_evaluate(const struct bh_rule_set *set, const struct bh_history *history, int32_t night,
		      const struct bh_finding *previous, size_t n_previous, struct bh_finding *ret,
		      size_t cap);

/** @brief The class verdict of one night (hub/core/finding.h): what a person sees first. */
enum bh_verdict bh_rules_verdict(const struct bh_finding *findings, size_t n);

/** One embedded test's result. */
struct bh_rule_test {
	const char *rule;
	const char *name;
	int line;
	int passed;
	char detail[BH_EVIDENCE_TEXT_MAX]; /**< expected and got, when failed */
};
/** @brief Run the embedded tests of one rule (NULL: all). @return Failures, or -errno. */
int bh_rules_test(const struct bh_rule_set *set, const char *rule_id,
		  int (*each)(void *ctx, const struct bh_rule_test *result), void *ctx);

#endif
