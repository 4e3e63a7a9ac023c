/* SPDX-License-Identifier: MIT */
#include "hub/line/red_flag_look.h"

#include "hub/core/hash.h"
#include "hub/core/night.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What is known of the bed: the newest finding of each rule. */
struct known {
	struct bh_finding *finding;
	size_t n;
	size_t cap;
};

static int keep_known(void *ctx, const struct bh_finding *finding)
{
	struct known *known = ctx;

	if (known->n < known->cap)
		known->finding[known->n++] = *finding;
	return 0;
}

static struct bh_finding *find(const struct known *known, const char *rule)
{
	for (size_t i = 0; i < known->n; i++)
		if (strcmp(known->finding[i].rule, rule) == 0)
			return &known->finding[i];
	return NULL;
}

static uint64_t hash_of(const struct bh_finding *flag, const char *says)
{
	uint64_t hash = bh_hash(BH_HASH_START, flag->rule, strlen(flag->rule));

	return bh_hash(hash, says, strlen(says));
}

static bool was_told(const struct bh_told_flags *told, uint64_t flag)
{
	for (size_t i = 0; i < told->n; i++)
		if (told->flag[i] == flag)
			return true;
	return told->n == BH_TOLD_FLAGS_MAX;
}

/* After a restart only the history remembers. */
static bool is_stored(const struct known *known, const struct bh_finding *flag, const char *says)
{
	const struct bh_finding *before = find(known, flag->rule);
	const char *said;

	if (!before || before->night != flag->night)
		return false;
	for (int i = 0; (said = bh_finding_red_flag(before, i)); i++)
		if (strcmp(said, says) == 0)
			return true;
	return false;
}

/* @return Whether one of the rule's red flags is neither told nor stored. */
static bool is_new(const struct bh_told_flags *told, const struct known *known,
		   const struct bh_finding *flag)
{
	const char *says;

	for (int i = 0; (says = bh_finding_red_flag(flag, i)); i++)
		if (!was_told(told, hash_of(flag, says)) && !is_stored(known, flag, says))
			return true;
	return false;
}

static void add_told(struct bh_told_flags *told, const struct bh_finding *flag)
{
	const char *says;

	for (int i = 0; (says = bh_finding_red_flag(flag, i)); i++)
		if (!was_told(told, hash_of(flag, says)))
			told->flag[told->n++] = hash_of(flag, says);
}

/* It stands beside what is known of the other rules, for the broker. */
static int keep_new(const struct bh_look *look, const struct bh_finding *flag, struct known *known)
{
	struct bh_finding *before = find(known, flag->rule);
	int r = bh_store_put_finding(look->store, flag);

	if (r < 0)
		return r;
	if (before)
		*before = *flag;
	else
		keep_known(known, flag);
	return 1;
}

/* @return How many rules have a red flag that nobody was told of yet, or -errno. */
static int keep_all(const struct bh_look *look, struct bh_finding *flags, int n, struct bh_told_flags *told)
{
	struct known known = { .cap = 2 * BH_RULES_MAX };
	int fresh = 0, r;

	known.finding = calloc(known.cap, sizeof(*known.finding));
	if (!known.finding)
		return -ENOMEM;
	r = bh_store_findings(look->store, look->bed, 0, keep_known, &known);
	for (int i = 0; i < n && r >= 0; i++) {
		flags[i].bed = look->bed;
		if (is_new(told, &known, &flags[i])) {
			r = keep_new(look, &flags[i], &known);
			if (r < 0)
				break;
			fresh++;
		}
		add_told(told, &flags[i]);
	}
	if (fresh > 0 && look->mqtt)
		bh_mqtt_findings(look->mqtt, look->bed, known.finding, known.n,
				 bh_verdict_name(bh_rules_verdict(known.finding, known.n)));
	free(known.finding);
	return r < 0 ? r : fresh;
}

/* @return How many rules have a red flag on the night, stored in @p flags; or -errno. */
static int evaluate(const struct bh_look *look, struct bh_finding *flags, size_t cap)
{
	struct bh_store_past past;
	int reach = 0, r = bh_store_past(look->store, look->bed, look->date, look->date, &past);

	if (r < 0)
		return r;
	if (past.history.n_nights > 0)
		reach = bh_rule_set_reach(look->rules, past.history.profile, past.history.n_profile);
	bh_store_past_free(&past);
	if (reach == 0) /* nothing of this night yet */
		return 0;
	r = bh_store_past(look->store, look->bed, bh_night_add(look->date, 1 - reach), look->date,
			  &past);
	if (r < 0)
		return r;
	r = bh_rules_red_flags(look->rules, &past.history, look->date, flags, cap);
	bh_store_past_free(&past);
	return r;
}

int bh_look_for_red_flags(const struct bh_look *look, struct bh_told_flags *told)
{
	size_t cap = bh_rule_set_size(look->rules);
	struct bh_finding *flags;
	int r;

	if (cap == 0)
		return 0;
	flags = calloc(cap, sizeof(*flags));
	if (!flags)
		return -ENOMEM;
	r = evaluate(look, flags, cap);
	if (r > 0)
		r = keep_all(look, flags, r, told);
	free(flags);
	return r;
}
