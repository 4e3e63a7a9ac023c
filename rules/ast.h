/* SPDX-License-Identifier: MIT */
/*
 * A rule as parsed. Everything lives in the arena of its text and never changes after the check.
 * Patterns and measures refer only to earlier ones, so a rule has no cycles inside.
 */
#ifndef BH_RULES_AST_H
#define BH_RULES_AST_H

#include "hub/core/answer.h"
#include "hub/core/event.h"
#include "hub/core/finding.h"
#include "rules/lex.h"

/* Per rule; the largest rule of the library has 14 patterns, 12 measures and 15 evidence lines. */
#define BH_PATTERNS_MAX 64
#define BH_MEASURES_MAX 48
#define BH_LEAVES_MAX 64
#define BH_NIGHTSETS_MAX 8
#define BH_GROUPS_MAX 16
/* Longest window, hold and keep, in nights: a season. */
#define BH_NIGHTS_MAX 92
/* How far before and after a date before_after() looks (science.md 1.7). */
#define BH_BEFORE_AFTER_NIGHTS 60
/* Parentheses, "not" and "abs" inside each other. */
#define BH_NESTING_MAX 24

enum bh_compare { BH_LESS, BH_LESS_EQUAL, BH_EQUAL, BH_NOT_EQUAL, BH_GREATER_EQUAL, BH_GREATER };

/** What holds for a while: an event, a pattern of the rule, nights, or one of these. */
enum bh_state_kind {
	BH_STATE_EVENT,	  /**< index is an enum bh_event_type */
	BH_STATE_PATTERN, /**< index of a pattern of the rule */
	BH_STATE_NIGHTS,  /**< index of a set of nights of the rule */
	BH_STATE_IN_BED,
	BH_STATE_AWAKE_IN_BED,
	BH_STATE_AWAKE_BEFORE_SLEEP,
	BH_STATE_ASLEEP,
	BH_STATE_FIRST_THIRD,
	BH_STATE_LAST_THIRD,
	BH_STATE_COVERED,
	BH_STATE_POSITION, /**< in any known position */
	BH_STATE_SUPINE,
	BH_STATE_ON_LEFT,
	BH_STATE_ON_RIGHT,
	BH_STATE_PRONE,
	BH_STATE_ON_SIDE,
	BH_STATE_WORST_POSITION,
	BH_STATE_OTHER_POSITIONS,
	BH_STATE_END,
};

struct bh_state_ref {
	enum bh_state_kind kind;
	int index;
	bool negate; /**< nights only */
	struct bh_place at;
};

enum bh_filter_kind {
	BH_FILTER_SIDE,
	BH_FILTER_VALUE,
	BH_FILTER_CONFIDENCE,
	BH_FILTER_LASTING,
	BH_FILTER_WHILE,
	BH_FILTER_BETWEEN,
	BH_FILTER_NOT_WITHIN,
	BH_FILTER_FOLLOWED,
	BH_FILTER_PRECEDED,
};

/** One condition on a match. */
struct bh_filter {
	struct bh_filter *next;
	enum bh_filter_kind kind;
	enum bh_compare op; /**< SIDE, VALUE, CONFIDENCE */
	int64_t value;
	int64_t low_ms, high_ms;   /**< LASTING and WHILE ... for; INT64_MAX: no upper bound */
	struct bh_state_ref state; /**< WHILE */
	int from_min, to_min;	   /**< BETWEEN, minutes of the local day */
	int pattern;		   /**< NOT_WITHIN, FOLLOWED, PRECEDED */
	int64_t within_ms;
};

enum bh_pattern_kind {
	BH_PATTERN_EVENT,
	BH_PATTERN_REFER, /**< matches of `a`, filtered again */
	BH_PATTERN_THEN,
	BH_PATTERN_OR,
	BH_PATTERN_COUNT,
	BH_PATTERN_AFTER, /**< the time after each match of `a` */
	BH_PATTERN_BEFORE,
};

struct bh_pattern {
	enum bh_pattern_kind kind;
	const char *name; /**< of its let, or NULL */
	enum bh_event_type type;
	int a, b;    /**< patterns before this one */
	int without; /**< -1: none */
	int64_t within_ms;
	int32_t at_least; /**< COUNT */
	struct bh_filter *filters;
	struct bh_place at;
};

/** A number known for a whole night. */
enum bh_signal {
	BH_SIGNAL_ASYM_ABS,   /**< median left minus right, calibrated thermometers only */
	BH_SIGNAL_ASYM_DELTA, /**< the same minus one's own baseline */
	BH_SIGNAL_TEMP_LEFT,
	BH_SIGNAL_TEMP_RIGHT,
	BH_SIGNAL_TEMP_ROOM,
	BH_SIGNAL_PLMI,	    /**< periodic leg movements per hour of sleep */
	BH_SIGNAL_PI_FERRI, /**< periodicity index */
	BH_SIGNAL_END,
};

enum bh_leaf_kind {
	BH_LEAF_NIGHTS_WITH,
	BH_LEAF_PER_WEEK,
	BH_LEAF_COUNT,
	BH_LEAF_RATE,
	BH_LEAF_RATIO,
	BH_LEAF_RATIO_OF,
	BH_LEAF_MEDIAN,
	BH_LEAF_SLOPE,
	BH_LEAF_CHANGE,
	BH_LEAF_CONFIRMED,
	BH_LEAF_BEFORE_AFTER,
};

/** A pattern, counted while a state holds. */
struct bh_arm {
	int pattern;
	bool has_state;
	struct bh_state_ref state;
};

/** One measure function: counted night by night (its slot), then over the window. */
struct bh_leaf {
	enum bh_leaf_kind kind;
	int slot; /**< of the rule's nightly counts */
	struct bh_arm arm[2];
	bool of_signal;
	enum bh_signal signal;
	bool painside;	    /**< oriented: painful minus other */
	int inner;	    /**< MEDIAN of a rate: its leaf; else -1 */
	int64_t per_ms;	    /**< SLOPE, CHANGE inside a night */
	int per_nights;	    /**< SLOPE, CHANGE over nights; CONFIRMED: nights in a row */
	enum bh_compare op; /**< CONFIRMED */
	int64_t value;
	const char *since;   /**< BEFORE_AFTER: profile key */
	int at_least_nights; /**< 0: as the rule needs */
	int at_least_events;
	int64_t at_least_ms;
	enum bh_quantity quantity;
	struct bh_place at;
};

enum bh_expr_kind {
	BH_EXPR_NUMBER,
	BH_EXPR_WORD,	 /**< right of a comparison with an answer */
	BH_EXPR_MEASURE, /**< index */
	BH_EXPR_LEAF,	 /**< index */
	BH_EXPR_SIGNAL,	 /**< tonight's inside a set of nights, else the window's median (a leaf) */
	BH_EXPR_PROFILE,
	BH_EXPR_DIARY,
	BH_EXPR_SEASON,
	BH_EXPR_RULE, /**< another rule's measure */
	BH_EXPR_ABS,  /**< a */
	BH_EXPR_LOW,  /**< lower bound of measure or leaf a */
	BH_EXPR_HIGH,
	BH_EXPR_COMPARE, /**< a op b */
	BH_EXPR_AND,
	BH_EXPR_OR,
	BH_EXPR_NOT,	/**< a */
	BH_EXPR_SURELY, /**< a, with unknown as false */
};

struct bh_expr {
	enum bh_expr_kind kind;
	enum bh_quantity quantity; /**< of a number */
	bool truth;		   /**< it is a condition, not a number */
	int index;		   /**< MEASURE, LEAF, SIGNAL */
	int64_t value;
	enum bh_compare op;
	struct bh_expr *a, *b;
	const struct bh_answer_info *answer; /**< PROFILE, DIARY */
	const char *word;		     /**< WORD; RULE: the rule's id */
	const char *measure;		     /**< RULE */
	struct bh_place at;
};

struct bh_measure {
	const char *name;
	struct bh_expr *expr;
	struct bh_place at;
};

/** Nights for which a condition holds. */
struct bh_nightset {
	const char *name;
	struct bh_expr *when;
};

struct bh_group {
	const char *name;
	int32_t cap_milli; /**< 0: the strongest line counts; else all add up to at most this */
};

struct bh_evidence_line {
	struct bh_evidence_line *next;
	const char *text;
	struct bh_expr *when;
	struct bh_expr *unless; /**< NULL if none */
	int32_t weight_milli;
	int32_t else_milli;
	int group; /**< -1: none */
	const char *cite;
	struct bh_place at;
};

struct bh_redflag {
	struct bh_redflag *next;
	const char *text;
	struct bh_expr *when;
	struct bh_place at;
};

struct bh_text {
	struct bh_text *next;
	const char *text;
	struct bh_place at;
};

/** A profile answer without which there is not enough data; `or` joins alternatives. */
struct bh_need {
	struct bh_need *next;
	bool or_next; /**< one of this and the next is enough */
	const struct bh_answer_info *answer;
};

/* ---- embedded tests ---- */

enum bh_given_kind {
	BH_GIVEN_EVENT,
	BH_GIVEN_AWAKE,
	BH_GIVEN_ASLEEP,
	BH_GIVEN_AT,	   /**< the clock: minutes after midnight in value */
	BH_GIVEN_POSITION, /**< value is an enum bh_position */
	BH_GIVEN_TEMP,	   /**< slot in index; value in thousandths of a degree */
	BH_GIVEN_DIARY,
	BH_GIVEN_COVERAGE,
	BH_GIVEN_MISSING, /**< value is a BH_CAN_* bit */
};

struct bh_given {
	struct bh_given *next;
	enum bh_given_kind kind;
	enum bh_event_type type;
	enum bh_side side;
	int index;
	int64_t value;
	bool has_value;
	int64_t length_ms;
	int times;
	int64_t every_ms;
	const struct bh_answer_info *answer;
	const char *word;
};

struct bh_given_nights {
	struct bh_given_nights *next;
	int nights;
	int repeat; /**< the items are played this often each night */
	struct bh_given *items;
};

struct bh_given_answer {
	struct bh_given_answer *next;
	bool diary; /**< else profile */
	const struct bh_answer_info *answer;
	const char *value;
	enum bh_side side;
};

enum bh_expect_kind {
	BH_EXPECT_SCORE,
	BH_EXPECT_BAND,
	BH_EXPECT_NO_DATA,
	BH_EXPECT_REDFLAG,
	BH_EXPECT_NO_REDFLAG
};

struct bh_expect {
	struct bh_expect *next;
	enum bh_expect_kind kind;
	enum bh_compare op;
	int64_t value;
	enum bh_band low, high;
};

struct bh_test_block {
	struct bh_test_block *next;
	const char *name;
	struct bh_given_nights *nights;
	struct bh_given_answer *answers;
	struct bh_expect *expects;
	struct bh_place at;
};

/* ---- the rule ---- */

struct bh_rule {
	const char *id;
	enum bh_rule_class class;
	const char *status;
	const char *purpose;
	struct bh_place purpose_at;
	const char *says;
	struct bh_place says_at;
	const char *cause;
	const char *file;
	struct bh_place at;
	char hash[17];
	struct bh_text *sources;
	struct bh_text *nevers;
	bool has_needs, has_prior, has_status;
	int needs_nights;
	int needs_window;
	int needs_coverage_permille;
	uint32_t needs_sensors; /**< BH_CAN_* */
	struct bh_need *needs_profile;
	int32_t prior_milli; /**< ln(p / (1 - p)) in thousandths */
	const char *parent;
	int32_t parent_above_milli;
	struct bh_place parent_at;
	int parent_index; /**< in the set, after finish; -1: none */
	bool has_cap;
	enum bh_band cap;
	int hold_nights;
	int keep_nights;
	int n_patterns;
	struct bh_pattern patterns[BH_PATTERNS_MAX];
	int n_nightsets;
	struct bh_nightset nightsets[BH_NIGHTSETS_MAX];
	int n_measures;
	struct bh_measure measures[BH_MEASURES_MAX];
	int n_leaves;
	struct bh_leaf leaves[BH_LEAVES_MAX];
	int n_groups;
	struct bh_group groups[BH_GROUPS_MAX];
	int n_evidence;
	struct bh_evidence_line *evidence;
	struct bh_redflag *redflags;
	int n_tests;
	struct bh_test_block *tests;
};

#endif
