/* SPDX-License-Identifier: MIT */
#include "hub/cli/findings.h"

#include "hub/cli/times.h"
#include "hub/cli/wrap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct collect {
	struct bh_cli_findings *findings;
	size_t capacity;
};

static int keep(void *ctx, const struct bh_finding *finding)
{
	struct collect *collect = ctx;
	struct bh_cli_findings *findings = collect->findings;

	if (findings->n == collect->capacity) {
		size_t capacity = collect->capacity ? collect->capacity * 2 : 16;
		struct bh_finding *more =
			reallocarray(findings->finding, capacity, sizeof(*more));

		if (!more)
			return -ENOMEM;
		findings->finding = more;
		collect->capacity = capacity;
	}
	findings->finding[findings->n++] = *finding;
	return 0;
}

static int keep_gone(void *ctx, const struct bh_store_red_flag *flag)
{
	struct bh_cli_findings *findings = ctx;

	if (!flag->stands && findings->n_gone < BH_CLI_GONE_MAX)
		findings->gone[findings->n_gone++] = *flag;
	return 0;
}

/* By class, as the verdict speaks of them, then by name. */
static int by_class(const void *a, const void *b)
{
	const struct bh_finding *one = a, *other = b;

	if (one->class != other->class)
		return one->class < other->class ? -1 : 1;
	return strcmp(one->rule, other->rule);
}

int bh_cli_findings_load(const struct bh_cli_history *history, int bed, int32_t night,
			 struct bh_cli_findings *ret)
{
	struct collect collect = { .findings = ret };
	int r;

	*ret = (struct bh_cli_findings){ 0 };
	r = bh_store_findings(history->store, bed, night, keep, &collect);
	if (ret->n > 1)
		qsort(ret->finding, ret->n, sizeof(*ret->finding), by_class);
	if (r == 0)
		r = bh_store_red_flags(history->store, bed, night, keep_gone, ret);
	if (r < 0) {
		free(ret->finding);
		ret->finding = NULL;
	}
	return r;
}

void bh_cli_wrapped(const struct bh_cli *cli, const char *first, const char *text)
{
	bh_wrap(stdout, cli->terminal.width, first, text);
}

static void bold(const struct bh_cli *cli, const char *text)
{
	printf("%s%s%s\n", cli->terminal.color ? "\x1b[1m" : "", text,
	       cli->terminal.color ? "\x1b[0m" : "");
}

void bh_cli_verdict_print(const struct bh_cli *cli, const struct bh_cli_findings *findings)
{
	enum bh_verdict verdict = bh_rules_verdict(findings->finding, findings->n);
	char unlooked[BH_UNLOOKED_MAX];

	bold(cli, bh_verdict_text(verdict));
	if (verdict == BH_VERDICT_NONE)
		bh_cli_wrapped(cli, "", "None of the patterns this hub could look for stands out. That "
					"does not mean that all is well.");
	for (size_t i = 0; i < findings->n; i++) {
		const char *says;

		for (int flag = 0; (says = bh_finding_red_flag(&findings->finding[i], flag)); flag++)
			bh_cli_wrapped(cli, "! ", says);
	}
	for (size_t i = 0; i < findings->n_gone; i++) {
		const struct bh_store_red_flag *flag = &findings->gone[i];
		char text[BH_SAYS_MAX + BH_CLI_TIME_MAX + 64], at[BH_CLI_TIME_MAX];

		snprintf(text, sizeof(text), "raised %s, not seen any more later: \"%s\"",
			 bh_cli_time_text(flag->raised_ms, flag->utc_offset_s, at), flag->says);
		bh_cli_wrapped(cli, "(!) ", text);
	}
	bh_cli_wrapped(cli, "", bh_findings_unlooked(findings->finding, findings->n, unlooked));
}

/* "+++" much for, "--" clearly against. */
static const char *mark_of(const struct bh_evidence *evidence)
{
	static const char *const marks_for[] = { "  +", " ++", "+++" };
	static const char *const marks_against[] = { "  -", " --", "---" };
	int strength = bh_evidence_strength(evidence);

	return evidence->weight_milli < 0 ? marks_against[strength - 1] : marks_for[strength - 1];
}

static void print_evidence(const struct bh_cli *cli, const struct bh_evidence *evidence,
			   enum bh_evidence_part part)
{
	static const int colors[] = { 71, 167, 245, 245 };
	char first[64], text[2 * BH_EVIDENCE_TEXT_MAX + 96], words[BH_EVIDENCE_WORDS_MAX];
	bool known = part == BH_EVIDENCE_FOR || part == BH_EVIDENCE_AGAINST;
	bool missing = part == BH_EVIDENCE_NOT_KNOWN && evidence->missing[0];

	snprintf(text, sizeof(text), "%s%s%s%s", bh_evidence_words(evidence, words),
		 missing ? " (missing: " : "", missing ? evidence->missing : "",
		 missing ? ")" :
		 known && !evidence->counted ? " (a stronger line of the same kind counts instead)" :
					       "");
	snprintf(first, sizeof(first), "    %s ",
		 part == BH_EVIDENCE_NOT_KNOWN ? "  ?" :
		 part == BH_EVIDENCE_NOT_SEEN  ? "   " :
						 mark_of(evidence));
	if (cli->terminal.color)
		printf("\x1b[38;5;%dm", colors[part]);
	bh_cli_wrapped(cli, first, text);
	if (cli->terminal.color)
		fputs("\x1b[0m", stdout);
}

static void print_part(const struct bh_cli *cli, const struct bh_finding *finding,
		       enum bh_evidence_part part)
{
	bool titled = false;

	for (unsigned int i = 0; i < finding->n_evidence; i++) {
		const struct bh_evidence *evidence = &finding->evidence[i];

		if (bh_evidence_part(evidence) != part)
			continue;
		if (!titled)
			printf("  %s:\n", bh_evidence_part_text(part));
		titled = true;
		print_evidence(cli, evidence, part);
	}
}

void bh_cli_finding_print(const struct bh_cli *cli, const struct bh_rule_set *set,
			  const struct bh_finding *finding)
{
	const struct bh_rule *rule = bh_rule_set_find(set, finding->rule);
	struct bh_rule_info info = { .purpose = "" };
	char title[256];

	snprintf(title, sizeof(title), "%s: %s (rule %s)", bh_rule_class_like(finding->class),
		 bh_band_text(finding->band), finding->rule);
	bold(cli, title);
	if (rule)
		bh_rule_info(rule, &info);
	bh_cli_wrapped(cli, "  ", info.purpose);
	/* Where none could be, it says why below. */
	if (finding->nights_used > 0)
		printf("  %d of %d nights looked at, sensors working %d %% of the time%s\n",
		       (int)finding->nights_used, (int)finding->nights_window,
		       (int)((finding->coverage_permille + 5) / 10),
		       finding->held ? "; kept from earlier nights" : "");
	if (finding->says[0])
		bh_cli_wrapped(cli, finding->red_flag ? "  ! " : "  ", finding->says);
	if (finding->no_data_reason[0] && !strstr(finding->says, finding->no_data_reason))
		bh_cli_wrapped(cli, "  why not: ", finding->no_data_reason);
	for (int part = BH_EVIDENCE_FOR; part <= BH_EVIDENCE_NOT_KNOWN; part++)
		print_part(cli, finding, (enum bh_evidence_part)part);
}
