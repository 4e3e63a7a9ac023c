/* SPDX-License-Identifier: MIT */
#include "hub/cli/findings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A weight of a log odds unit and more is much, below a half is little (science.md, per item at most
 * 2.3). Shown as marks, never as numbers that look like probabilities. */
#define MUCH_MILLI 1000
#define LITTLE_MILLI 500

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

int bh_cli_findings_load(const struct bh_cli_history *history, int bed, int32_t night,
			 struct bh_cli_findings *ret)
{
	struct collect collect = { .findings = ret };
	int r;

	*ret = (struct bh_cli_findings){ 0 };
	r = bh_store_findings(history->store, bed, night, keep, &collect);
	if (r < 0) {
		free(ret->finding);
		ret->finding = NULL;
	}
	return r;
}

void bh_cli_wrapped(const struct bh_cli *cli, const char *first, const char *text)
{
	size_t width = (size_t)cli->terminal.width;
	size_t indent = strlen(first), column = indent;

	fputs(first, stdout);
	while (*text) {
		size_t blank = strspn(text, " \n");
		size_t word = strcspn(text + blank, " \n");

		if (word == 0)
			break;
		if (column > indent && column + 1 + word > width) {
			printf("\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			putchar(' ');
			column++;
		}
		fwrite(text + blank, 1, word, stdout);
		column += word;
		text += blank + word;
	}
	putchar('\n');
}

static void bold(const struct bh_cli *cli, const char *text)
{
	printf("%s%s%s\n", cli->terminal.color ? "\x1b[1m" : "", text,
	       cli->terminal.color ? "\x1b[0m" : "");
}

void bh_cli_verdict_print(const struct bh_cli *cli, const struct bh_cli_findings *findings)
{
	enum bh_verdict verdict = bh_rules_verdict(findings->finding, findings->n);

	switch (verdict) {
	case BH_VERDICT_NO_DATA:
		bold(cli, "Not enough nights yet to compare with a pattern.");
		break;
	case BH_VERDICT_NONE:
		bold(cli, "No pattern seen.");
		puts("None of the patterns this hub knows stands out. That does not mean that all is "
		     "well.");
		break;
	case BH_VERDICT_CIRCULATION:
		bold(cli, "A circulation-like pattern was seen.");
		break;
	case BH_VERDICT_NEUROLOGICAL:
		bold(cli, "A neurological-like pattern was seen.");
		break;
	case BH_VERDICT_MUSCULAR:
		bold(cli, "A muscular-like pattern was seen.");
		break;
	case BH_VERDICT_MIXED:
		bold(cli, "Patterns of more than one kind were seen.");
		break;
	case BH_VERDICT_END:
		break;
	}
	for (size_t i = 0; i < findings->n; i++)
		if (findings->finding[i].red_flag)
			bh_cli_wrapped(cli, "! ", findings->finding[i].says);
}

/* "+++" much for, "--" clearly against. */
static const char *mark_of(int32_t weight_milli)
{
	int32_t size = abs(weight_milli);

	if (weight_milli < 0)
		return size >= MUCH_MILLI ? "---" : size >= LITTLE_MILLI ? " --" : "  -";
	return size >= MUCH_MILLI ? "+++" : size >= LITTLE_MILLI ? " ++" : "  +";
}

enum section { SPEAKS_FOR, SPEAKS_AGAINST, NOT_SEEN, NOT_KNOWN, NOT_SHOWN };

static enum section section_of(const struct bh_evidence *evidence)
{
	/* A red flag weighs nothing; it is said first, or not at all. */
	if (evidence->weight_milli == 0)
		return NOT_SHOWN;
	if (evidence->truth == BH_TRUTH_UNKNOWN)
		return NOT_KNOWN;
	if (evidence->truth == BH_TRUTH_FALSE && !evidence->counted)
		return NOT_SEEN;
	return evidence->weight_milli < 0 ? SPEAKS_AGAINST : SPEAKS_FOR;
}

static void print_evidence(const struct bh_cli *cli, const struct bh_evidence *evidence,
			   enum section section)
{
	static const int colors[] = { 71, 167, 245, 245 };
	char first[64], text[2 * BH_EVIDENCE_TEXT_MAX + 64];

	snprintf(text, sizeof(text), "%s%s%s%s%s",
		 section < NOT_SEEN && evidence->truth == BH_TRUTH_FALSE ? "not seen: " : "",
		 evidence->text,
		 section == NOT_KNOWN && evidence->missing[0] ? " (missing: " : "",
		 section == NOT_KNOWN ? evidence->missing : "",
		 section == NOT_KNOWN && evidence->missing[0]		? ")" :
		 section < NOT_SEEN && !evidence->counted ?
			 " (a stronger line of the same kind counts instead)" :
			 "");
	snprintf(first, sizeof(first), "    %s ",
		 section == NOT_KNOWN ? "  ?" :
		 section == NOT_SEEN  ? "   " :
					mark_of(evidence->weight_milli));
	if (cli->terminal.color)
		printf("\x1b[38;5;%dm", colors[section]);
	bh_cli_wrapped(cli, first, text);
	if (cli->terminal.color)
		fputs("\x1b[0m", stdout);
}

static void print_section(const struct bh_cli *cli, const struct bh_finding *finding,
			  enum section section)
{
	static const char *const titles[] = { "speaks for it", "speaks against it",
					      "looked for and not seen", "not known, so not counted" };
	bool titled = false;

	for (unsigned int i = 0; i < finding->n_evidence; i++) {
		const struct bh_evidence *evidence = &finding->evidence[i];

		if (section_of(evidence) != section)
			continue;
		if (!titled)
			printf("  %s:\n", titles[section]);
		titled = true;
		print_evidence(cli, evidence, section);
	}
}

static const char *band_text(enum bh_band band)
{
	switch (band) {
	case BH_BAND_NO_DATA:
		return "not enough data";
	case BH_BAND_NOT_SEEN:
		return "not seen";
	case BH_BAND_SOME:
		return "some likeness";
	case BH_BAND_LIKENESS:
		return "likeness";
	case BH_BAND_STRONG:
		return "strong likeness";
	}
	return "not enough data";
}

void bh_cli_finding_print(const struct bh_cli *cli, const struct bh_finding *finding)
{
	char title[256];

	snprintf(title, sizeof(title), "%s: %s (rule %s)", bh_rule_class_like(finding->class),
		 band_text(finding->band), finding->rule);
	bold(cli, title);
	printf("  %d of %d nights looked at, sensors working %d %% of the time%s\n",
	       (int)finding->nights_used, (int)finding->nights_window,
	       (int)((finding->coverage_permille + 5) / 10),
	       finding->held ? "; kept from earlier nights" : "");
	if (finding->says[0])
		bh_cli_wrapped(cli, finding->red_flag ? "  ! " : "  ", finding->says);
	if (finding->no_data_reason[0])
		bh_cli_wrapped(cli, "  why not: ", finding->no_data_reason);
	for (int section = SPEAKS_FOR; section <= NOT_KNOWN; section++)
		print_section(cli, finding, (enum section)section);
}

static int add_dirs(struct bh_cli *cli, struct bh_rule_set *set, struct bh_error *err)
{
	int r = 0;

	for (unsigned int i = 0; i < cli->config->n_rule_dirs && r >= 0; i++)
		r = bh_rule_set_add_dir(set, cli->config->rule_dirs[i], err);
	return r;
}

int bh_cli_rules_load(struct bh_cli *cli, struct bh_rule_set **ret)
{
	struct bh_error err = { .text = "out of memory" };
	struct bh_rule_set *set;
	int r = bh_cli_config(cli, false);

	if (r != BH_EXIT_OK)
		return r;
	r = bh_rule_set_new(&set);
	if (r < 0)
		return bh_cli_fail(BH_EXIT_FAILURE, &err);
	r = bh_rule_set_add_builtin(set, &err);
	if (r >= 0)
		r = add_dirs(cli, set, &err);
	if (r >= 0)
		r = bh_rule_set_finish(set, &err);
	if (r < 0) {
		bh_rule_set_free(set);
		return bh_cli_fail(bh_cli_exit_config(r), &err);
	}
	*ret = set;
	return BH_EXIT_OK;
}
