/* SPDX-License-Identifier: MIT */
/*
 * What a person says, as words: one check for what is typed, for what stands in a file and for what
 * comes to the hub.
 */
#ifndef BH_CORE_SAID_H
#define BH_CORE_SAID_H

#include "hub/core/error.h"
#include "hub/core/history.h"

/** The part that is wrong. */
enum bh_said_field {
	BH_SAID_KEY,
	BH_SAID_VALUE,
	BH_SAID_SIDE,
	BH_SAID_SITE,
	BH_SAID_AT,
	BH_SAID_NIGHT,
};

/** One remark as it came. No string is NULL, but an answer needs no side and no site. */
struct bh_said_words {
	enum bh_remark_kind kind;
	const char *key;
	const char *value;
	bool takes_back;   /**< of the profile: the answer is not known any more; value is empty */
	const char *side;  /**< empty or "unknown": not said */
	const char *site;  /**< empty: not said */
	int64_t at_ms;	   /**< BH_WALL_UNKNOWN: now; of an answer 0: nobody knows when */
	int32_t night;	   /**< 0: of its time */
};

/**
 * @brief Find a key of the profile or (PROFILE not being @p kind) of the diary.
 * @return Its row, or NULL with the nearest one in @p err.
 */
const struct bh_answer_info *bh_said_key(enum bh_remark_kind kind, const char *key,
					 struct bh_error *err);

/** @return Nothing is in @p text but blanks and line ends. */
bool bh_said_is_blank(const char *text);

/**
 * @brief Check what was said at @p now_ms: a key there is, a value that it takes (not blank, UTF-8, no
 * control characters but those of lines), a side and a site of a leg only, a time that is not to come, and the night of that time
 * or one of the week before. What is taken back is an entry that was kept: its key, side, site and night.
 * @param ret Without the bed; with its night if it has a time.
 * @return 0, or -EINVAL with what is wrong in @p err (no place) and @p ret_field.
 */
int bh_said_read(const struct bh_said_words *words, int64_t now_ms, struct bh_remark *ret,
		 enum bh_said_field *ret_field, struct bh_error *err);

#endif
