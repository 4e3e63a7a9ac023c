/* SPDX-License-Identifier: MIT */
#include "tests/accuracy/rules_tables.h"

#include "tests/accuracy/figures.h"

#include <stdio.h>
#include <string.h>

#define BIT(sleeper) (1u << (sleeper))
#define NOT_ASKED (-1.0)

/* Whose rule is whose, and what issue 4 asks of it. */
static const struct asked {
	const char *rule;
	uint32_t sleepers;
	double sensitivity, specificity;
	int span; /* which of judge_spans */
} asked[] = {
	{ "restless_legs", BIT(BH_SLEEPER_RESTLESS_LEGS), .75, .97, SPAN_7 },
	{ "leg_hanging", BIT(BH_SLEEPER_LEG_HANGING), .75, .97, SPAN_7 },
	{ "cramp_like",
	  BIT(BH_SLEEPER_CRAMPS) | BIT(BH_SLEEPER_ELECTROLYTES) | BIT(BH_SLEEPER_DEHYDRATION) |
		  BIT(BH_SLEEPER_MEDICATION),
	  .80, .90, SPAN_7 },
	{ "posture_bound", BIT(BH_SLEEPER_NERVE), .55, .96, SPAN_7 },
	{ "early_restless", BIT(BH_SLEEPER_VENOUS), .55, .96, SPAN_7 },
	{ "bare_feet", BIT(BH_SLEEPER_NEUROPATHY), .55, .96, SPAN_7 },
	{ "flat_on_back", BIT(BH_SLEEPER_STENOSIS), .55, .96, SPAN_7 },
	{ "cramp_medicine", BIT(BH_SLEEPER_MEDICATION), .55, .96, SPAN_7 },
	{ "cramp_salts", BIT(BH_SLEEPER_ELECTROLYTES), .55, .96, SPAN_7 },
	{ "cramp_fluids", BIT(BH_SLEEPER_DEHYDRATION), .45, .97, SPAN_21 },
	{ "restless_medicine", 0, NOT_ASKED, NOT_ASKED, SPAN_7 },
};
#define N_ASKED (sizeof(asked) / sizeof(asked[0]))

/* A share with its 95 % interval. */
struct share {
	long k, n;
	double low, high;
};

static struct share share_of(long k, long n)
{
	struct figures_interval interval =
		figures_wilson(n > 0 ? (double)k / (double)n : 0, (double)n);

	return (struct share){ .k = k, .n = n, .low = interval.low, .high = interval.high };
}

static void print_share(const struct share *share)
{
	if (share->n == 0)
		printf(" %4s %-13s", "-", "");
	else
		printf(" %4.3f [%.2f-%.2f]", (double)share->k / (double)share->n, share->low,
		       share->high);
}

static bool overlap(const struct share *a, const struct share *b)
{
	return a->n == 0 || b->n == 0 || (a->low <= b->high && b->low <= a->high);
}

/* 0 for a rule that the library has no longer: it is found nowhere. */
static uint32_t rule_bit(const struct bh_rule_set *rules, const char *id)
{
	int index = judge_rule_index(rules, id);

	return index < 0 ? 0 : 1u << index;
}

void tables_telling(const struct telling *telling)
{
	printf("How the bed told what reached it, %.0f hours in bed by frames:\n%-16s %8s %8s "
	       "%12s\n",
	       telling->in_bed_s / 3600.0, "event", "true", "told", "false a night");
	for (int i = 1; i < BH_EVENT_TYPE_END; i++) {
		const struct bh_event_info *info = bh_event_info((enum bh_event_type)i);
		const struct told *told = &telling->type[i];

		if (info && told->truth > 0)
			printf("%-16s %8ld %8.3f %12.2f\n", info->name, told->truth,
			       (double)told->found / (double)told->truth,
			       (double)told->false_told / (telling->in_bed_s / (8.0 * 3600.0)));
	}
	putchar('\n');
}

void tables_confusion(const struct way *way)
{
	long count[BH_SLEEPER_END][BH_VERDICT_END] = { { 0 } };

	for (size_t i = 0; i < way->n; i++) {
		const struct outcome *outcome = &way->results[i].at[SPAN_7][ALL_INPUTS];

		count[way->results[i].person.sleeper]
		     [outcome->known ? outcome->verdict : BH_VERDICT_NO_DATA]++;
	}
	printf("Verdicts, %s, 7 nights, all inputs:\n%-20s", way->name, "sleeper");
	for (int v = 0; v < BH_VERDICT_END; v++)
		printf(" %*s", (int)strlen(bh_verdict_name((enum bh_verdict)v)),
		       bh_verdict_name((enum bh_verdict)v));
	putchar('\n');
	for (int s = 0; s < BH_SLEEPER_END; s++) {
		printf("%-20s", bh_sleeper_info((enum bh_sleeper)s)->name);
		for (int v = 0; v < BH_VERDICT_END; v++)
			printf(" %*ld", (int)strlen(bh_verdict_name((enum bh_verdict)v)),
			       count[s][v]);
		putchar('\n');
	}
	putchar('\n');
}

/* How often a rule is found among its own people (@p own), or not among the others. */
static struct share found_among(const struct way *way, const struct asked *row, uint32_t bit,
				bool own, int span, enum inputs inputs)
{
	long found = 0, n = 0;

	for (size_t i = 0; i < way->n; i++) {
		const struct result *result = &way->results[i];
		const struct outcome *outcome = &result->at[span][inputs];

		if (!outcome->known || ((row->sleepers & BIT(result->person.sleeper)) != 0) != own)
			continue;
		n++;
		found += (outcome->found & bit) != 0;
	}
	return own ? share_of(found, n) : share_of(n - found, n);
}

static const char *reached(const struct share *share, double wanted)
{
	return share->n == 0 || wanted < 0		       ? ""
	       : (double)share->k >= wanted * (double)share->n ? "reached"
							       : "short";
}

void tables_rules(const struct bh_rule_set *rules, const struct way *frames,
		  const struct way *events, const struct way *weeks)
{
	printf("Rules, 7 nights (cramp_fluids: 21, undisturbed), all inputs; share and 95 %% "
	       "interval:\n"
	       "%-18s %-12s %5s  %-19s%-19s %-6s %s\n",
	       "rule", "", "asked", frames->name, events->name, "agree", "by events");
	for (size_t i = 0; i < N_ASKED; i++) {
		const struct asked *row = &asked[i];
		uint32_t bit = rule_bit(rules, row->rule);

		for (int own = 1; own >= 0; own--) {
			struct share a = found_among(frames, row, bit, own, row->span, ALL_INPUTS);
			struct share b = found_among(row->span == SPAN_21 ? weeks : events, row,
						     bit, own, row->span, ALL_INPUTS);
			double wanted = own ? row->sensitivity : row->specificity;

			if (own && row->sleepers == 0)
				continue;
			printf("%-18s %-12s ", row->rule, own ? "sensitivity" : "specificity");
			if (wanted >= 0)
				printf("%5.2f ", wanted);
			else
				printf("%5s ", "");
			print_share(&a);
			print_share(&b);
			printf("  %-6s %s\n", overlap(&a, &b) ? "yes" : "no", reached(&b, wanted));
		}
	}
	putchar('\n');
}

/* ---- people ---- */

static enum bh_rule_class class_of(enum bh_verdict verdict)
{
	switch (verdict) {
	case BH_VERDICT_CIRCULATION:
		return BH_RULE_CIRCULATION;
	case BH_VERDICT_NEUROLOGICAL:
		return BH_RULE_NEUROLOGICAL;
	case BH_VERDICT_MUSCULAR:
		return BH_RULE_MUSCULAR;
	case BH_VERDICT_NO_DATA:
	case BH_VERDICT_NONE:
	case BH_VERDICT_MIXED:
	case BH_VERDICT_END:
		break;
	}
	return BH_RULE_NO_CLASS;
}

/* Nothing wrong is said: the class is the sleeper's, or none, or not enough data. */
static bool nothing_wrong(const struct result *result)
{
	const struct outcome *outcome = &result->at[SPAN_7][ALL_INPUTS];
	enum bh_rule_class class = bh_sleeper_info(result->person.sleeper)->class;

	return outcome->verdict == BH_VERDICT_NO_DATA || outcome->verdict == BH_VERDICT_NONE ||
	       (class != BH_RULE_NO_CLASS && class_of(outcome->verdict) == class);
}

static bool healthy(const struct result *result)
{
	return result->person.sleeper == BH_SLEEPER_HEALTHY ||
	       result->person.sleeper == BH_SLEEPER_HEALTHY_OLDER;
}

static bool called(const struct result *result)
{
	enum bh_verdict verdict = result->at[SPAN_7][ALL_INPUTS].verdict;

	return verdict == BH_VERDICT_CIRCULATION || verdict == BH_VERDICT_NEUROLOGICAL ||
	       verdict == BH_VERDICT_MIXED;
}

static void print_people(const struct way *way)
{
	long right = 0, n = 0, healthy_called = 0, n_healthy = 0, flags = 0, nights = 0;
	struct share share;

	for (size_t i = 0; i < way->n; i++) {
		const struct result *result = &way->results[i];

		n++;
		right += nothing_wrong(result);
		if (!healthy(result))
			continue;
		n_healthy++;
		healthy_called += called(result);
		flags += result->red_flag_nights;
		nights += result->nights;
	}
	share = share_of(right, n);
	printf("%-10s class right, or none, or not enough data (asked 0.97) ", way->name);
	print_share(&share);
	share = share_of(healthy_called, n_healthy);
	printf("\n%-10s healthy given circulation, nerves or mixed (at most 0.03) ", way->name);
	print_share(&share);
	printf("\n%-10s nights of the healthy with a red flag, of 180 (at most 1)  %.2f (%ld of "
	       "%ld)\n",
	       way->name, nights ? 180.0 * (double)flags / (double)nights : 0.0, flags, nights);
}

/* Sure of a class that the same person's whole data does not name. */
static bool contradicts(const struct result *hurt, const struct result *whole)
{
	const struct outcome *said = &hurt->at[SPAN_7][ALL_INPUTS];
	const struct outcome *full = &whole->at[SPAN_7][ALL_INPUTS];
	enum bh_rule_class class = class_of(said->verdict);

	return class != BH_RULE_NO_CLASS && (said->classes & (1u << class)) != 0 &&
	       full->verdict != BH_VERDICT_MIXED && class_of(full->verdict) != class;
}

void tables_people(const struct way *frames, const struct way *events, const struct result *hurt,
		   size_t n_hurt, size_t one_of)
{
	long wrong = 0, silent = 0;

	puts("People, 7 nights, all inputs:");
	print_people(frames);
	print_people(events);
	for (size_t i = 0; i < n_hurt; i++) {
		enum bh_verdict verdict = hurt[i].at[SPAN_7][ALL_INPUTS].verdict;

		wrong += contradicts(&hurt[i], &frames->results[i * one_of]);
		silent += verdict == BH_VERDICT_NO_DATA || verdict == BH_VERDICT_NONE;
	}
	printf("%-10s a dead zone and lost nights: %ld of %zu sure of what the whole data does not "
	       "say "
	       "(asked 0); %ld say none or not enough data\n\n",
	       frames->name, wrong, n_hurt, silent);
}

void tables_spans(const struct bh_rule_set *rules, const struct way *weeks)
{
	static const char *const names[N_INPUTS] = { "all inputs", "sensors only" };

	for (int inputs = 0; inputs < N_INPUTS; inputs++) {
		printf("Undisturbed people %s, %s, sensitivity / specificity after so many nights\n"
		       "(the new medicine of `medication` begins in the middle):\n%-18s",
		       weeks->name, names[inputs], "rule");
		for (int span = 0; span < N_SPANS; span++)
			printf(" %13d", judge_spans[span]);
		putchar('\n');
		for (size_t i = 0; i < N_ASKED; i++) {
			uint32_t bit = rule_bit(rules, asked[i].rule);

			printf("%-18s", asked[i].rule);
			for (int span = 0; span < N_SPANS; span++) {
				struct share own = found_among(weeks, &asked[i], bit, true, span,
							       (enum inputs)inputs);
				struct share others = found_among(weeks, &asked[i], bit, false,
								  span, (enum inputs)inputs);

				if (own.n == 0)
					printf("     - / %5.3f",
					       (double)others.k / (double)others.n);
				else
					printf(" %5.3f / %5.3f", (double)own.k / (double)own.n,
					       others.n ? (double)others.k / (double)others.n
							: 0.0);
			}
			putchar('\n');
		}
		putchar('\n');
	}
}

/* ---- why ---- */

static void print_truths(const struct way *events, size_t line)
{
	for (int s = 0; s < BH_SLEEPER_END; s++) {
		long n = 0, is[3] = { 0 };

		for (size_t i = 0; i < events->n; i++) {
			if (events->results[i].person.sleeper != (enum bh_sleeper)s)
				continue;
			n++;
			is[events->results[i].truth[line]]++;
		}
		printf("  %-20s true %5.1f %%  false %5.1f %%\n",
		       bh_sleeper_info((enum bh_sleeper)s)->name,
		       100.0 * (double)is[BH_TRUTH_TRUE] / (double)n,
		       100.0 * (double)is[BH_TRUTH_FALSE] / (double)n);
	}
}

static void print_scores(const struct way *events)
{
	for (int s = 0; s < BH_SLEEPER_END; s++) {
		double sum = 0, n = 0;

		for (size_t i = 0; i < events->n; i++) {
			if (events->results[i].person.sleeper != (enum bh_sleeper)s)
				continue;
			n++;
			sum += events->results[i].score_milli / 1000.0;
		}
		printf("  %-20s mean score %6.2f\n", bh_sleeper_info((enum bh_sleeper)s)->name,
		       sum / n);
	}
}

void tables_why(const struct bh_rule_set *rules, const char *rule, const struct way *events)
{
	const struct bh_rule *asked_rule = bh_rule_set_find(rules, rule);
	struct bh_rule_evidence evidence;

	printf("%s, %s, all inputs, after the last night:\n", rule, events->name);
	print_scores(events);
	for (size_t i = 0; bh_rule_evidence_at(asked_rule, i, &evidence) == 0; i++) {
		printf("%s (%+.1f, else %+.1f)\n", evidence.text, evidence.weight_milli / 1000.0,
		       evidence.else_milli / 1000.0);
		print_truths(events, i);
	}
}
