/* SPDX-License-Identifier: MIT */
#include "hub/core/finding.h"

#include <stddef.h>
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

const char *bh_rule_class_name(enum bh_rule_class class)
{
	switch (class) {
	case BH_RULE_CIRCULATION:
		return "circulation";
	case BH_RULE_NEUROLOGICAL:
		return "neurological";
	case BH_RULE_MUSCULAR:
		return "muscular";
	case BH_RULE_NO_CLASS:
		break;
	}
	return "none";
}

const char *bh_rule_class_like(enum bh_rule_class class)
{
	switch (class) {
	case BH_RULE_CIRCULATION:
		return "circulation-like";
	case BH_RULE_NEUROLOGICAL:
		return "neurological-like";
	case BH_RULE_MUSCULAR:
		return "muscular-like";
	case BH_RULE_NO_CLASS:
		break;
	}
	return "none";
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

int bh_evidence_strength(const struct bh_evidence *evidence)
{
	int32_t size = abs(evidence->weight_milli);

	if (size >= MUCH_MILLI)
		return 3;
	return size >= LITTLE_MILLI ? 2 : 1;
}

const char *bh_verdict_text(enum bh_verdict verdict)
{
	switch (verdict) {
	case BH_VERDICT_NONE:
		return "No pattern seen.";
	case BH_VERDICT_CIRCULATION:
		return "A circulation-like pattern was seen.";
	case BH_VERDICT_NEUROLOGICAL:
		return "A neurological-like pattern was seen.";
	case BH_VERDICT_MUSCULAR:
		return "A muscular-like pattern was seen.";
	case BH_VERDICT_MIXED:
		return "Patterns of more than one kind were seen.";
	case BH_VERDICT_NO_DATA:
	case BH_VERDICT_END:
		break;
	}
	return "Not enough nights yet to compare with a pattern.";
}

const char *bh_verdict_name(enum bh_verdict verdict)
{
	switch (verdict) {
	case BH_VERDICT_NONE:
		return "none";
	case BH_VERDICT_CIRCULATION:
		return "circulation_like";
	case BH_VERDICT_NEUROLOGICAL:
		return "neurological_like";
	case BH_VERDICT_MUSCULAR:
		return "muscular_like";
	case BH_VERDICT_MIXED:
		return "mixed";
	case BH_VERDICT_NO_DATA:
	case BH_VERDICT_END:
		break;
	}
	return "not_enough_data";
}
