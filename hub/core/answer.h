/* SPDX-License-Identifier: MIT */
/*
 * What a person can answer: the keys of the profile (profile.def) and of the diary (diary.def), and
 * which values each takes. Values are text of at most BH_ANSWER_MAX - 1 bytes; only a diary's free
 * text may be longer (BH_DIARY_TEXT_MAX).
 */
#ifndef BH_CORE_ANSWER_H
#define BH_CORE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Size of a value with its final NUL. */
#define BH_ANSWER_MAX 64
/** Size of a site ("calf") with its final NUL. */
#define BH_SITE_MAX 16
/** bh_answer_takes() fits: the longest list of words and what introduces it. */
#define BH_ANSWER_TAKES_MAX 160
/** The answer that takes an answer back. */
#define BH_ANSWER_UNKNOWN "unknown"

enum bh_answer_kind {
	BH_ANSWER_FLAG,	  /**< "yes" or "no" */
	BH_ANSWER_NUMBER, /**< decimal, at most three decimals */
	BH_ANSWER_WORD,	  /**< one of the words */
	BH_ANSWER_DATE,	  /**< yyyy-mm-dd */
	BH_ANSWER_TEXT,	  /**< free */
};

/** What an entry is of. */
enum bh_answer_of {
	BH_OF_BODY,
	BH_OF_LEG,  /**< it may say which leg and where on it */
	BH_OF_SIDE, /**< so it may, and which leg it is matters */
};

/** One key. Strings are static. */
struct bh_answer_info {
	const char *key;
	enum bh_answer_kind kind;
	const char *words; /**< of a WORD, separated by '|'; of a NUMBER its range, "0..10"; else empty */
	enum bh_answer_of of;
	const char *text;  /**< the question, for people */
};

/** @return The key's row, or NULL. */
const struct bh_answer_info *bh_profile_info(const char *key);
const struct bh_answer_info *bh_diary_info(const char *key);
/** @return Row @p i, or NULL past the end. */
const struct bh_answer_info *bh_profile_info_at(size_t i);
const struct bh_answer_info *bh_diary_info_at(size_t i);

/**
 * @brief Is @p value one that @p info takes? "unknown" always is (it takes the answer back).
 * @return 0, or -EINVAL.
 */
int bh_answer_check(const struct bh_answer_info *info, const char *value);
/** @brief What @p info takes, for people: "yes or no", "a number from 0 to 10". @return @p buf. */
const char *bh_answer_takes(const struct bh_answer_info *info, char buf[static BH_ANSWER_TAKES_MAX]);
/** @brief The range of a NUMBER, both ends belong to it. */
void bh_answer_range(const struct bh_answer_info *info, int *ret_min, int *ret_max);
/** @return The sites of a leg, separated by '|': "foot|ankle|...". */
const char *bh_answer_sites(void);
/** @brief Is @p word one of @p words, separated by '|'? */
bool bh_answer_is_word(const char *words, const char *word);
/** @brief A decimal number in thousandths ("2.5" is 2500). @return 0, or -EINVAL. */
int bh_answer_number(const char *value, int64_t *ret_milli);
/** @brief "2026-03-01" as 20260301. @return 0, or -EINVAL (no such day). */
int bh_answer_date(const char *value, int32_t *ret_date);

#endif
