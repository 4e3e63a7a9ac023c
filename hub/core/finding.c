/* SPDX-License-Identifier: MIT */
#include "hub/core/finding.h"

#include "hub/core/mat.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bands of science.md section 0, in thousandths of L. */
#define BAND_SOME_MILLI 0
#define BAND_LIKENESS_MILLI 1100
#define BAND_STRONG_MILLI 2200
/* A weight of a log odds unit and more is much, below a half is little (science.md, per item at most
 * 2.3). Shown as marks, never as numbers that look like probabilities. */
#define MUCH_MILLI 1000
#define LITTLE_MILLI 500

/* One spelling for machines, one for people, side by side. */
static const struct {
	const char *name;
	const char *like;
} classes[] = {
	[BH_RULE_NO_CLASS] = { "none", "none" },
	[BH_RULE_CIRCULATION] = { "circulation", "circulation-like" },
	[BH_RULE_NEUROLOGICAL] = { "neurological", "neurological-like" },
	[BH_RULE_MUSCULAR] = { "muscular", "muscular-like" },
};

static const struct {
	const char *name;
	const char *like;
	const char *text;
} verdicts[] = {
	[BH_VERDICT_NO_DATA] = { "not_enough_data", "not enough data",
				 "Not enough data yet to compare with a pattern." },
	[BH_VERDICT_NONE] = { "none", "none seen", "No pattern seen." },
	[BH_VERDICT_CIRCULATION] = { "circulation_like", "circulation-like",
				     "A circulation-like pattern was seen." },
	[BH_VERDICT_NEUROLOGICAL] = { "neurological_like", "neurological-like",
				      "A neurological-like pattern was seen." },
	[BH_VERDICT_MUSCULAR] = { "muscular_like", "muscular-like",
				  "A muscular-like pattern was seen." },
	[BH_VERDICT_MIXED] = { "mixed", "more than one kind",
			       "Patterns of more than one kind were seen." },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A history may hold what a newer program wrote. */
static size_t known_class(enum bh_rule_class class)
{
	return (size_t)class < COUNT(classes) ? (size_t)class : BH_RULE_NO_CLASS;
}

static size_t known_verdict(enum bh_verdict verdict)
{
	return (size_t)verdict < COUNT(verdicts) ? (size_t)verdict : BH_VERDICT_NO_DATA;
}

const char *bh_rule_class_name(enum bh_rule_class class)
{
	return classes[known_class(class)].name;
}

const char *bh_rule_class_like(enum bh_rule_class class)
{
	return classes[known_class(class)].like;
}

const char *bh_verdict_name(enum bh_verdict verdict)
{
	return verdicts[known_verdict(verdict)].name;
}

const char *bh_verdict_like(enum bh_verdict verdict)
{
	return verdicts[known_verdict(verdict)].like;
}

const char *bh_verdict_text(enum bh_verdict verdict)
{
	return verdicts[known_verdict(verdict)].text;
}

const char *bh_band_name(enum bh_band band)
{
	switch (band) {
	case BH_BAND_NO_DATA:
		return "not-enough-data";
	case BH_BAND_NOT_SEEN:
		return "not-seen";
	case BH_BAND_SOME:
		return "some";
	case BH_BAND_LIKENESS:
		return "likeness";
	case BH_BAND_STRONG:
		return "strong";
	}
	return "not-enough-data";
}

const char *bh_band_text(enum bh_band band)
{
	switch (band) {
	case BH_BAND_NO_DATA:
		break;
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

enum bh_band bh_band_of_score(int32_t score_milli)
{
	if (score_milli < BAND_SOME_MILLI)
		return BH_BAND_NOT_SEEN;
	if (score_milli < BAND_LIKENESS_MILLI)
		return BH_BAND_SOME;
	if (score_milli < BAND_STRONG_MILLI)
		return BH_BAND_LIKENESS;
	return BH_BAND_STRONG;
}

const char *bh_truth_name(enum bh_truth truth)
{
	switch (truth) {
	case BH_TRUTH_FALSE:
		return "false";
	case BH_TRUTH_TRUE:
		return "true";
	case BH_TRUTH_UNKNOWN:
		break;
	}
	return "unknown";
}

static bool is_red_flag(const struct bh_evidence *evidence)
{
	return evidence->truth == BH_TRUTH_TRUE && evidence->weight_milli == 0 &&
	       !evidence->counted;
}

const char *bh_finding_red_flag(const struct bh_finding *finding, int i)
{
	if (!finding->red_flag)
		return NULL;
	if (i == 0)
		return finding->says;
	for (unsigned int line = 0; line < finding->n_evidence; line++) {
		const struct bh_evidence *evidence = &finding->evidence[line];

		if (is_red_flag(evidence) && strcmp(evidence->text, finding->says) != 0 && --i == 0)
			return evidence->text;
	}
	return NULL;
}

enum bh_evidence_part bh_evidence_part(const struct bh_evidence *evidence)
{
	if (evidence->weight_milli == 0)
		return BH_EVIDENCE_NOT_SHOWN;
	if (evidence->truth == BH_TRUTH_UNKNOWN)
		return BH_EVIDENCE_NOT_KNOWN;
	if (evidence->truth == BH_TRUTH_FALSE && !evidence->counted)
		return BH_EVIDENCE_NOT_SEEN;
	return evidence->weight_milli < 0 ? BH_EVIDENCE_AGAINST : BH_EVIDENCE_FOR;
}

const char *bh_evidence_part_text(enum bh_evidence_part part)
{
	switch (part) {
	case BH_EVIDENCE_FOR:
		return "speaks for it";
	case BH_EVIDENCE_AGAINST:
		return "speaks against it";
	case BH_EVIDENCE_NOT_SEEN:
		return "looked for and not seen";
	case BH_EVIDENCE_NOT_KNOWN:
		return "not known, so not counted";
	case BH_EVIDENCE_NOT_SHOWN:
		break;
	}
	return "";
}

/* How texts of what a person said begin, and what a line says where it is not so. The last takes any. */
static const struct {
	const char *begins;
	const char *otherwise;
} said[] = {
	{ "profile: ", "you answered no to: " },
	{ "you noted ", "not noted: " },
	{ "", "not seen: " },
};

const char *bh_evidence_words(const struct bh_evidence *evidence, char buf[static BH_EVIDENCE_WORDS_MAX])
{
	enum bh_evidence_part part = bh_evidence_part(evidence);
	const char *text = evidence->text;
	size_t i = 0;

	if (evidence->truth != BH_TRUTH_FALSE ||
	    (part != BH_EVIDENCE_FOR && part != BH_EVIDENCE_AGAINST)) {
		snprintf(buf, BH_EVIDENCE_WORDS_MAX, "%s", text);
		return buf;
	}
	while (strncmp(text, said[i].begins, strlen(said[i].begins)) != 0)
		i++;
	snprintf(buf, BH_EVIDENCE_WORDS_MAX, "%s%s", said[i].otherwise,
		 text + strlen(said[i].begins));
	return buf;
}

int bh_evidence_strength(const struct bh_evidence *evidence)
{
	int32_t size = abs(evidence->weight_milli);

	if (size >= MUCH_MILLI)
		return 3;
	return size >= LITTLE_MILLI ? 2 : 1;
}

const char *bh_reason_words(const char *reason, char buf[static BH_SAYS_MAX])
{
	static const char *const names[] = { " (sensor ", " (profile " };
	size_t n = 0;

	while (*reason && n + 1 < BH_SAYS_MAX) {
		bool name = false;

		for (size_t i = 0; i < COUNT(names); i++)
			name = name || strncmp(reason, names[i], strlen(names[i])) == 0;
		if (name && strchr(reason, ')'))
			reason = strchr(reason, ')') + 1;
		else
			buf[n++] = *reason++;
	}
	buf[n] = '\0';
	return buf;
}

void bh_reason_lacks(uint32_t bit, uint32_t can, char *buf, size_t size)
{
	const char *text = bh_capability_text(bit), *name = bh_capability_name(bit), *command;
	const char *remedy = bh_capability_remedy(bit, can, &command);

	if (remedy)
		snprintf(buf, size, BH_LACKS_CALIBRATION "%s for %s (%s) (sensor %s)", remedy, text,
			 command, name);
	else
		snprintf(buf, size, BH_LACKS_SENSOR "%s (sensor %s)", text, name);
}

/* ---- what was not looked for ---- */

/* Different reasons of one kind: more than the library's rules have among them. */
#define REASONS_MAX 12

/* How reasons begin: said once for all of a kind. The last takes any: "2 of 7 nights needed ...". */
static const char *const kinds[] = { BH_LACKS_SENSOR, BH_LACKS_CALIBRATION, BH_LACKS_PROFILE, "" };

struct reason {
	const char *text; /* behind how it begins */
	int length;
	int times;
};

/* What most patterns lack first. */
struct reasons {
	struct reason reason[REASONS_MAX];
	size_t n;
};

static size_t kind_of(const char *reason)
{
	size_t kind = 0;

	while (strncmp(reason, kinds[kind], strlen(kinds[kind])) != 0)
		kind++;
	return kind;
}

/* Without the last brackets: in "how someone lies (sensor posture)" they hold a name for machines. */
static int length_of(const char *text)
{
	size_t length = strlen(text);

	for (const char *at = strstr(text, " ("); at; at = strstr(at + 1, " ("))
		length = (size_t)(at - text);
	return (int)length;
}

/* Beyond REASONS_MAX the number of patterns still tells that there are more. */
static void add_reason(struct reasons *reasons, const char *text)
{
	int length = length_of(text);
	size_t i;

	for (i = 0; i < reasons->n; i++)
		if (reasons->reason[i].length == length &&
		    strncmp(reasons->reason[i].text, text, (size_t)length) == 0)
			break;
	if (i == REASONS_MAX)
		return;
	if (i == reasons->n)
		reasons->reason[reasons->n++] = (struct reason){ .text = text, .length = length };
	reasons->reason[i].times++;
	for (; i > 0 && reasons->reason[i].times > reasons->reason[i - 1].times; i--) {
		struct reason before = reasons->reason[i - 1];

		reasons->reason[i - 1] = reasons->reason[i];
		reasons->reason[i] = before;
	}
}

static size_t put(char *buf, size_t used, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static size_t put(char *buf, size_t used, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(buf + used, BH_UNLOOKED_MAX - used, format, ap);
	va_end(ap);
	return used + (size_t)n < BH_UNLOOKED_MAX ? used + (size_t)n : BH_UNLOOKED_MAX - 1;
}

size_t bh_findings_looked(const struct bh_finding *findings, size_t n)
{
	size_t looked = 0;

	for (size_t i = 0; i < n; i++)
		looked += findings[i].band != BH_BAND_NO_DATA;
	return looked;
}

const char *bh_findings_unlooked(const struct bh_finding *findings, size_t n,
				 char buf[static BH_UNLOOKED_MAX])
{
	struct reasons reasons[COUNT(kinds)] = { { .n = 0 } };
	size_t missed = n - bh_findings_looked(findings, n), used = 0;
	const char *between = ": ";

	buf[0] = '\0';
	if (missed == 0)
		return buf;
	for (size_t i = 0; i < n; i++) {
		const char *reason = findings[i].no_data_reason;
		size_t kind = kind_of(reason);

		if (findings[i].band == BH_BAND_NO_DATA && reason[0])
			add_reason(&reasons[kind], reason + strlen(kinds[kind]));
	}
	used = put(buf, used, "%zu of %zu patterns could not be looked for", missed, n);
	for (size_t kind = 0; kind < COUNT(kinds); kind++) {
		for (size_t i = 0; i < reasons[kind].n; i++) {
			const struct reason *reason = &reasons[kind].reason[i];

			used = put(buf, used, "%s%s%.*s (%d)", between, i == 0 ? kinds[kind] : "",
				   reason->length, reason->text, reason->times);
			between = ", ";
		}
		if (reasons[kind].n > 0)
			between = "; ";
	}
	put(buf, used, ".");
	return buf;
}
