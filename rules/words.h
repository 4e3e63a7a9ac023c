/* SPDX-License-Identifier: MIT */
/* The words of the language that are not keywords: states, signals, measure functions. */
#ifndef BH_RULES_WORDS_H
#define BH_RULES_WORDS_H

#include "rules/ast.h"

/** Room for every name that can be suggested at once, with the final NULL. */
#define BH_WORDS_MAX 192

/** A list of names for bh_suggest(). */
struct bh_words {
	const char *names[BH_WORDS_MAX + 1];
	int n;
};

void bh_words_add(struct bh_words *words, const char *name);
void bh_words_add_events(struct bh_words *words);
void bh_words_add_states(struct bh_words *words);
void bh_words_add_signals(struct bh_words *words);
void bh_words_add_leaves(struct bh_words *words);

/** @return Name of a built-in state, or NULL. */
const char *bh_state_name(enum bh_state_kind kind);
/** @return 0 and the built-in state, or -ENOENT. */
int bh_state_from_name(const char *name, enum bh_state_kind *ret);
/** @return BH_CAN_* bits without which a built-in state is unknown. */
uint32_t bh_state_needs(enum bh_state_kind kind);

const char *bh_signal_name(enum bh_signal signal);
int bh_signal_from_name(const char *name, enum bh_signal *ret);
uint32_t bh_signal_needs(enum bh_signal signal);
enum bh_quantity bh_signal_quantity(enum bh_signal signal);

int bh_leaf_from_name(const char *name, enum bh_leaf_kind *ret);
/** @return "night" or "nights", as @p n of them are called. */
const char *bh_nights_word(int n);
/** @brief A word that begins a statement and so cannot be a name. */
bool bh_is_keyword(const char *name);

#endif
