/* SPDX-License-Identifier: MIT */
#include "hub/cli/rules_past.h"

#include "hub/cli/times.h"
#include "hub/core/night.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Ten years of nights. */
#define NIGHTS_MAX 3660
/* A piece of the history: the nights before it are read again for each, so not too small; a night's
 * epochs take a hundred kilobytes, so not too large. */
#define PIECE_NIGHTS 92

int bh_cli_rules_span(const struct bh_cli_history *history, const struct bh_cli_args *args,
		      const char *verb, struct bh_cli_rules_span *ret)
{
	int code, n = -ENOMEM, bed = bh_cli_one_bed(history);
	int64_t start_ms, end_ms, unused_ms;
	int32_t *dates;

	*ret = (struct bh_cli_rules_span){ 0 };
	code = bh_cli_nights_span(args, verb, &ret->from, &ret->to);
	if (code != BH_EXIT_OK)
		return code;
	dates = calloc(NIGHTS_MAX, sizeof(*dates));
	if (dates)
		n = bh_store_night_dates(history->store, bed, ret->from, ret->to, dates, NIGHTS_MAX);
	if (n > 0) {
		ret->from = dates[0];
		ret->to = dates[n - 1];
	}
	free(dates);
	if (n < 0)
		return bh_cli_history_fail(history, n);
	if (n == 0)
		return bh_cli_fail_text(BH_EXIT_DATA,
					"%s: holds no such night of bed '%s': bedside nights lists "
					"those it holds",
					history->path, bh_cli_bed_id(history, bed));
	bh_night_bounds(ret->from, &start_ms, &unused_ms);
	bh_night_bounds(ret->to, &unused_ms, &end_ms);
	ret->simulated = bh_cli_simulated(history, start_ms, end_ms);
	return BH_EXIT_OK;
}

/* How far back the sets look depends on what the profile knows; any night brings the profile. */
static int reach_of(const struct bh_cli_history *history, const struct bh_cli_rules_span *span,
		    const struct bh_rule_set *set, const struct bh_rule_set *other)
{
	struct bh_store_past past;
	const struct bh_history *known = &past.history;
	int reach, r = bh_store_past(history->store, bh_cli_one_bed(history), span->to, span->to,
				     &past);

	if (r < 0)
		return r;
	reach = bh_rule_set_reach(set, known->profile, known->n_profile);
	if (other) {
		r = bh_rule_set_reach(other, known->profile, known->n_profile);
		reach = r > reach ? r : reach;
	}
	bh_store_past_free(&past);
	return reach;
}

int bh_cli_rules_walk(const struct bh_cli_history *history, const struct bh_cli_rules_span *span,
		      const struct bh_rule_set *set, const struct bh_rule_set *other,
		      int (*each)(void *ctx, const struct bh_history *past, int32_t from, int32_t to),
		      void *ctx)
{
	int reach = reach_of(history, span, set, other), r = reach < 0 ? reach : 0;
	int32_t from = span->from;

	while (r == 0 && from <= span->to) {
		int32_t to = bh_night_add(from, PIECE_NIGHTS - 1);
		struct bh_store_past past;

		if (to > span->to)
			to = span->to;
		r = bh_store_past(history->store, bh_cli_one_bed(history),
				  bh_night_add(from, 1 - reach), to, &past);
		if (r < 0)
			return r;
		r = each(ctx, &past.history, from, to);
		bh_store_past_free(&past);
		from = bh_night_add(to, 1);
	}
	return r;
}

const char *bh_cli_rules_outcome(const struct bh_finding *finding, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", bh_band_text(finding->band),
		 finding->held ? ", kept from earlier nights" : "",
		 finding->red_flag ? ", red flag" : "");
	return buf;
}
