/* SPDX-License-Identifier: MIT */
#include "rules/words.h"

#include <errno.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct state_row {
	const char *name;
	uint32_t needs;
} states[BH_STATE_END] = {
	[BH_STATE_IN_BED] = { "in_bed", BH_CAN_OCCUPANCY },
	[BH_STATE_AWAKE_IN_BED] = { "awake_in_bed", BH_CAN_MOVEMENT },
	[BH_STATE_AWAKE_BEFORE_SLEEP] = { "awake_before_sleep", BH_CAN_MOVEMENT },
	[BH_STATE_ASLEEP] = { "asleep", BH_CAN_MOVEMENT },
	[BH_STATE_FIRST_THIRD] = { "first_third", BH_CAN_OCCUPANCY },
	[BH_STATE_LAST_THIRD] = { "last_third", BH_CAN_OCCUPANCY },
	[BH_STATE_COVERED] = { "covered", BH_CAN_OCCUPANCY },
	[BH_STATE_POSITION] = { "any_position", BH_CAN_POSTURE },
	[BH_STATE_SUPINE] = { "supine", BH_CAN_POSTURE },
	[BH_STATE_ON_LEFT] = { "left", BH_CAN_POSTURE },
	[BH_STATE_ON_RIGHT] = { "right", BH_CAN_POSTURE },
	[BH_STATE_PRONE] = { "prone", BH_CAN_POSTURE },
	[BH_STATE_ON_SIDE] = { "on_side", BH_CAN_POSTURE },
	[BH_STATE_WORST_POSITION] = { "worst_position", BH_CAN_POSTURE },
	[BH_STATE_OTHER_POSITIONS] = { "other_positions", BH_CAN_POSTURE },
};

static const struct signal_row {
	const char *name;
	uint32_t needs;
	enum bh_quantity quantity;
} signals[BH_SIGNAL_END] = {
	[BH_SIGNAL_ASYM_ABS] = { "asym_abs",
				 BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT | BH_CAN_TEMP_ABSOLUTE,
				 BH_QUANTITY_CELSIUS },
	[BH_SIGNAL_ASYM_DELTA] = { "asym_delta", BH_CAN_TEMP_LEFT | BH_CAN_TEMP_RIGHT,
				   BH_QUANTITY_CELSIUS },
	[BH_SIGNAL_TEMP_LEFT] = { "temp_left", BH_CAN_TEMP_LEFT, BH_QUANTITY_CELSIUS },
	[BH_SIGNAL_TEMP_RIGHT] = { "temp_right", BH_CAN_TEMP_RIGHT, BH_QUANTITY_CELSIUS },
	[BH_SIGNAL_TEMP_ROOM] = { "temp_room", BH_CAN_TEMP_ROOM, BH_QUANTITY_CELSIUS },
	[BH_SIGNAL_PLMI] = { "plmi", BH_CAN_LEG_MOVEMENT, BH_QUANTITY_NUMBER },
	[BH_SIGNAL_PI_FERRI] = { "pi_ferri", BH_CAN_LEG_MOVEMENT, BH_QUANTITY_NUMBER },
};

static const char *const leaves[] = {
	[BH_LEAF_NIGHTS_WITH] = "nights_with",
	[BH_LEAF_PER_WEEK] = "per_week",
	[BH_LEAF_COUNT] = "count",
	[BH_LEAF_RATE] = "rate",
	[BH_LEAF_RATIO] = "ratio",
	[BH_LEAF_RATIO_OF] = "ratio_of",
	[BH_LEAF_MEDIAN] = "median",
	[BH_LEAF_SLOPE] = "slope",
	[BH_LEAF_CHANGE] = "change",
	[BH_LEAF_CONFIRMED] = "confirmed",
	[BH_LEAF_BEFORE_AFTER] = "before_after",
};

/* Words that the grammar gives a meaning; nothing in a rule may be named like one. */
static const char *const keywords[] = {
	"rule",	    "class",   "status",  "purpose", "source", "says",	  "never",   "cause",
	"needs",    "prior",   "parent",  "cap",     "let",    "nights",  "measure", "group",
	"evidence", "hold",    "keep",	  "redflag", "test",   "given",	  "expect",  "when",
	"unless",   "weight",  "else",	  "cite",    "and",    "or",	  "not",     "then",
	"within",   "without", "lasting", "while",   "for",    "between", "of",	     "followed",
	"preceded", "by",      "in",	  "after",   "before", "abs",	  "surely",  "start",
	"end",	    "profile", "diary",	  "season",  "at",     "least",	  "events",
};

void bh_words_add(struct bh_words *words, const char *name)
{
	if (!name || words->n == BH_WORDS_MAX)
		return;
	words->names[words->n++] = name;
	words->names[words->n] = NULL;
}

void bh_words_add_events(struct bh_words *words)
{
	const struct bh_event_info *info;

	for (size_t i = 0; (info = bh_event_info_at(i)) != NULL; i++)
		bh_words_add(words, info->name);
}

void bh_words_add_states(struct bh_words *words)
{
	for (size_t i = 0; i < COUNT(states); i++)
		bh_words_add(words, states[i].name);
}

void bh_words_add_signals(struct bh_words *words)
{
	for (size_t i = 0; i < COUNT(signals); i++)
		bh_words_add(words, signals[i].name);
}

void bh_words_add_leaves(struct bh_words *words)
{
	for (size_t i = 0; i < COUNT(leaves); i++)
		bh_words_add(words, leaves[i]);
}

const char *bh_state_name(enum bh_state_kind kind)
{
	return states[kind].name;
}

int bh_state_from_name(const char *name, enum bh_state_kind *ret)
{
	for (size_t i = 0; i < COUNT(states); i++) {
		if (states[i].name && strcmp(states[i].name, name) == 0) {
			*ret = (enum bh_state_kind)i;
			return 0;
		}
	}
	return -ENOENT;
}

uint32_t bh_state_needs(enum bh_state_kind kind)
{
	return states[kind].needs;
}

const char *bh_signal_name(enum bh_signal signal)
{
	return signals[signal].name;
}

int bh_signal_from_name(const char *name, enum bh_signal *ret)
{
	for (size_t i = 0; i < COUNT(signals); i++) {
		if (strcmp(signals[i].name, name) == 0) {
			*ret = (enum bh_signal)i;
			return 0;
		}
	}
	return -ENOENT;
}

uint32_t bh_signal_needs(enum bh_signal signal)
{
	return signals[signal].needs;
}

enum bh_quantity bh_signal_quantity(enum bh_signal signal)
{
	return signals[signal].quantity;
}

int bh_leaf_from_name(const char *name, enum bh_leaf_kind *ret)
{
	for (size_t i = 0; i < COUNT(leaves); i++) {
		if (strcmp(leaves[i], name) == 0) {
			*ret = (enum bh_leaf_kind)i;
			return 0;
		}
	}
	return -ENOENT;
}

bool bh_is_keyword(const char *name)
{
	for (size_t i = 0; i < COUNT(keywords); i++)
		if (strcmp(keywords[i], name) == 0)
			return true;
	return false;
}

const char *bh_nights_word(int n)
{
	return n == 1 ? "night" : "nights";
}
