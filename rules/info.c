/* SPDX-License-Identifier: MIT */
/* What a set and its rules tell about themselves. */
#include "rules/set.h"

#include "rules/run.h"

#include <errno.h>
#include <string.h>

size_t bh_rule_set_size(const struct bh_rule_set *set)
{
	return set->n;
}

const struct bh_rule *bh_rule_set_at(const struct bh_rule_set *set, size_t i)
{
	return i < set->n ? set->rules[i] : NULL;
}

const struct bh_rule *bh_rule_set_find(const struct bh_rule_set *set, const char *id)
{
	int index = bh_rule_set_index(set, id);

	return index < 0 ? NULL : set->rules[index];
}

void bh_rule_info(const struct bh_rule *rule, struct bh_rule_info *ret)
{
	size_t n_sources = 0;

	for (const struct bh_text *source = rule->sources; source; source = source->next)
		n_sources++;
	*ret = (struct bh_rule_info){
		.id = rule->id,
		.class = rule->class,
		.status = rule->status,
		.purpose = rule->purpose,
		.says = rule->says,
		.cause = rule->cause,
		.parent = rule->parent,
		.file = rule->file,
		.line = rule->at.line,
		.hash = rule->hash,
		.n_sources = n_sources,
		.n_evidence = (size_t)rule->n_evidence,
		.n_tests = (size_t)rule->n_tests,
		.nights_needed = rule->needs_nights,
		.nights_window = rule->needs_window,
	};
}

const char *bh_rule_source_at(const struct bh_rule *rule, size_t i)
{
	const struct bh_text *source = rule->sources;

	while (source && i-- > 0)
		source = source->next;
	return source ? source->text : NULL;
}

int bh_rule_evidence_at(const struct bh_rule *rule, size_t i, struct bh_rule_evidence *ret)
{
	const struct bh_evidence_line *line = rule->evidence;

	while (line && i-- > 0)
		line = line->next;
	if (!line)
		return -ENOENT;
	*ret = (struct bh_rule_evidence){
		.text = line->text,
		.cite = line->cite,
		.group = line->group >= 0 ? rule->groups[line->group].name : NULL,
		.weight_milli = line->weight_milli,
		.else_milli = line->else_milli,
	};
	return 0;
}

static bool knows(const struct bh_profile_item *profile, size_t n, const char *key)
{
	struct bh_history history = { .profile = profile, .n_profile = n };

	return bh_profile_value(&history, key) != NULL;
}

int bh_rule_set_reach(const struct bh_rule_set *set, const struct bh_profile_item *profile,
		      size_t n_profile)
{
	int reach = 1;

	for (size_t i = 0; i < set->n; i++) {
		const struct bh_rule *rule = set->rules[i];
		int nights = rule->needs_window;

		for (int k = 0; k < rule->n_leaves; k++) {
			const struct bh_leaf *leaf = &rule->leaves[k];

			if (leaf->kind == BH_LEAF_CHANGE && 2 * leaf->per_nights > nights)
				nights = 2 * leaf->per_nights;
			if (leaf->since && knows(profile, n_profile, leaf->since))
				nights = 2 * BH_BEFORE_AFTER_NIGHTS + 1;
		}
		nights += rule->hold_nights + rule->keep_nights;
		reach = nights > reach ? nights : reach;
	}
	return reach;
}
