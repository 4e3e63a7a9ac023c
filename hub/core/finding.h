/* SPDX-License-Identifier: MIT */
/*
 * Findings: what a rule concluded about a window of nights, line by line.
 */
#ifndef BH_CORE_FINDING_H
#define BH_CORE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BH_RULE_ID_MAX 48
#define BH_SAYS_MAX 640
#define BH_EVIDENCE_TEXT_MAX 200
/* A line of bh_findings_unlooked(): three lists of short texts. */
#define BH_UNLOOKED_MAX 640
/* How a reason begins that says what is missing for good, what a calibration supplies, and what one
 * answer does. */
#define BH_LACKS_SENSOR "this bed cannot tell "
#define BH_LACKS_CALIBRATION "not yet: "
#define BH_LACKS_PROFILE "not answered yet: "
/* The largest rule of science.md section 1 has 13 evidence lines. */
#define BH_EVIDENCE_MAX 32

/** The classes the founding idea tells apart. On disk. */
enum bh_rule_class {
	BH_RULE_NO_CLASS = 0,
	BH_RULE_CIRCULATION,
	BH_RULE_NEUROLOGICAL,
	BH_RULE_MUSCULAR,
};

/** How much a pattern looks like the rule's; never a percentage. On disk. */
enum bh_band {
	BH_BAND_NO_DATA = 0, /**< not enough nights, or a sensor the rule needs is missing */
	BH_BAND_NOT_SEEN,    /**< L < 0 */
	BH_BAND_SOME,	     /**< 0 <= L < 1.1 */
	BH_BAND_LIKENESS,    /**< 1.1 <= L < 2.2 */
	BH_BAND_STRONG,	     /**< L >= 2.2 */
};

/** What an evidence line turned out to be. Unknown adds nothing. On disk. */
enum bh_truth { BH_TRUTH_UNKNOWN = 0, BH_TRUTH_FALSE, BH_TRUTH_TRUE };

struct bh_evidence {
	char text[BH_EVIDENCE_TEXT_MAX]; /**< measures filled in */
	enum bh_truth truth;
	int32_t weight_milli;  /**< what the line would add, thousandths of a log odds unit */
	bool counted;	       /**< false: unknown, or a stronger line of its group counts */
	char missing[BH_EVIDENCE_TEXT_MAX]; /**< if unknown: what is missing; else empty */
};

/** Where people find an evidence line. */
enum bh_evidence_part {
	BH_EVIDENCE_FOR,
	BH_EVIDENCE_AGAINST,
	BH_EVIDENCE_NOT_SEEN,  /**< looked for, not there, and counts for nothing */
	BH_EVIDENCE_NOT_KNOWN, /**< not counted */
	BH_EVIDENCE_NOT_SHOWN, /**< a red flag's line: it is said first, or not at all */
};

struct bh_finding {
	char rule[BH_RULE_ID_MAX];
	enum bh_rule_class class;
	enum bh_band band;
	bool held;	       /**< kept by the rule's hold/keep, not by this night's score */
	bool red_flag;	       /**< a red flag: bypasses the score, notify now */
	uint8_t bed;
	int32_t score_milli;   /**< L in thousandths */
	int32_t night;	       /**< yyyymmdd of the last night it looked at */
	int32_t nights_used;
	int32_t nights_window;
	int32_t coverage_permille;
	char says[BH_SAYS_MAX]; /**< what is shown, measures filled in */
	char no_data_reason[BH_EVIDENCE_TEXT_MAX]; /**< if BH_BAND_NO_DATA */
	char rule_hash[17];	/**< 64 bit FNV-1a of the rule's text, hex: old findings stay explainable */
	uint16_t n_evidence;
	struct bh_evidence evidence[BH_EVIDENCE_MAX];
};

/** The class verdict of one night: what a person sees first. The order is Home Assistant's. */
enum bh_verdict {
	BH_VERDICT_NO_DATA = 0,
	BH_VERDICT_NONE,
	BH_VERDICT_CIRCULATION,
	BH_VERDICT_NEUROLOGICAL,
	BH_VERDICT_MUSCULAR,
	BH_VERDICT_MIXED,
	BH_VERDICT_END,
};

/** @return "not_enough_data", "none", "circulation_like" ...: for machines (MQTT, JSON). */
const char *bh_verdict_name(enum bh_verdict verdict);
/** @return The same for people: "not enough data", "none seen", "circulation-like" ... */
const char *bh_verdict_like(enum bh_verdict verdict);
/** @return What is said first of a night's findings: "No pattern seen." ...; never NULL. */
const char *bh_verdict_text(enum bh_verdict verdict);
/** @return "circulation", "neurological", "muscular" or "none". */
const char *bh_rule_class_name(enum bh_rule_class class);
/** @return "circulation-like" ... for people; "none" for BH_RULE_NO_CLASS. */
const char *bh_rule_class_like(enum bh_rule_class class);
/** @return "not-enough-data", "not-seen", "some", "likeness", "strong". */
const char *bh_band_name(enum bh_band band);
/** @return "not enough data", "not seen", "some likeness" ... for people. */
const char *bh_band_text(enum bh_band band);
/** @return The band of a score (thousandths of L). */
enum bh_band bh_band_of_score(int32_t score_milli);
/** @return How many of @p n findings of a night had enough data to look for their pattern. */
size_t bh_findings_looked(const struct bh_finding *findings, size_t n);
/**
 * @brief What a verdict leaves out, one line for people: how many of the patterns could not be looked
 * for, and what is missing for them. "8 of 11 patterns could not be looked for: this bed cannot tell how
 * much weight lies where (4), movements of the legs (2), how someone lies (2)."
 * @return @p buf; empty where each pattern was looked for, or no rule was evaluated.
 */
const char *bh_findings_unlooked(const struct bh_finding *findings, size_t n,
				 char buf[static BH_UNLOOKED_MAX]);
/**
 * @brief What is missing, for a page: without the names of sensors and questions that rules, doctor and
 * profile use, "how someone lies (sensor posture)".
 * @return @p buf.
 */
const char *bh_reason_words(const char *reason, char buf[static BH_SAYS_MAX]);
/**
 * @brief Why a bed that can tell @p can (BH_CAN_*) does not tell @p bit, which is not among them: "this bed
 * cannot tell how someone lies (sensor posture)", or "not yet: ..." with what would help, where something
 * does. The one place where both are put into words.
 */
void bh_reason_lacks(uint32_t bit, uint32_t can, char *buf, size_t size);
/** @return "unknown", "false", "true". */
const char *bh_truth_name(enum bh_truth truth);
/**
 * @brief The red flags that stand of a finding: a rule may have more than one.
 * @param i Counts from 0, in the rule's order.
 * @return What red flag @p i says, owned by @p finding; NULL past the last. The first is says.
 */
const char *bh_finding_red_flag(const struct bh_finding *finding, int i);
enum bh_evidence_part bh_evidence_part(const struct bh_evidence *evidence);
/** @return "speaks for it" ...; the heading of that part, never NULL. */
const char *bh_evidence_part_text(enum bh_evidence_part part);
/** What bh_evidence_words() adds to a text. */
#define BH_EVIDENCE_WORDS_MAX (BH_EVIDENCE_TEXT_MAX + 32)
/**
 * @brief A line of evidence as people read it. One that speaks because what it looks for is not so says it:
 * "not seen: ...", "you answered no to: ..." where its text begins with "profile: ", "not noted: ..."
 * where it begins with "you noted ".
 * @return @p buf.
 */
const char *bh_evidence_words(const struct bh_evidence *evidence, char buf[static BH_EVIDENCE_WORDS_MAX]);
/** @return How much a line weighs, whichever way: 1 a little, 2, 3 much. Never shown as a number. */
int bh_evidence_strength(const struct bh_evidence *evidence);

#endif
