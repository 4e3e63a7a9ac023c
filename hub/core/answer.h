/* SPDX-License-Identifier: MIT */
/*
 * What a person can answer: the keys of the profile (profile.def) and of the diary (diary.def), and
 * which values each takes. Values are text of at most BH_ANSWER_MAX - 1 bytes; only a diary's free
 * text may be longer (BH_DIARY_TEXT_MAX).
 */
#ifndef BH_CORE_ANSWER_H
#define BH_CORE_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/** Size of a value with its final NUL. */
#define BH_ANSWER_MAX 64

enum bh_answer_kind {
	BH_ANSWER_FLAG,	  /**< "yes" or "no" */
	BH_ANSWER_NUMBER, /**< decimal, at most three decimals */
	BH_ANSWER_WORD,	  /**< one of the words */
	BH_ANSWER_DATE,	  /**< yyyy-mm-dd */
	BH_ANSWER_TEXT,	  /**< free */
};

/** One key. Strings are static. */
struct bh_answer_info {
	const char *key;
	enum bh_answer_kind kind;
	const char *words; /**< of a WORD, separated by '|'; else empty */
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
/** @brief A decimal number in thousandths ("2.5" is 2500). @return 0, or -EINVAL. */
int bh_answer_number(const char *value, int64_t *ret_milli);
/** @brief "2026-03-01" as 20260301. @return 0, or -EINVAL (no such day). */
int bh_answer_date(const char *value, int32_t *ret_date);

#endif
