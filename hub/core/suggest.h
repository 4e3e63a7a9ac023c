/* SPDX-License-Identifier: MIT */
/* "Did you mean ...?": the nearest of a list of names to what a person typed. */
#ifndef BH_CORE_SUGGEST_H
#define BH_CORE_SUGGEST_H

/**
 * @brief The name nearest to @p typed, counting swapped, missing, extra and wrong letters.
 * @param names NULL-terminated.
 * @return One of @p names, or NULL if none is near enough to be meant (more than a third of its
 * letters differ).
 */
const char *bh_suggest(const char *typed, const char *const *names);

#endif
