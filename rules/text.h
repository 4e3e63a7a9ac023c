/* SPDX-License-Identifier: MIT */
/* Texts with measures filled in. */
#ifndef BH_RULES_TEXT_H
#define BH_RULES_TEXT_H

#include "rules/scope.h"

/**
 * @brief Replace each {measure} of @p text by its value on the window. What is in brackets with one that
 * is not known is left out with them; elsewhere @p unknown stands for it.
 */
void bh_text_fill(struct bh_window *window, const char *text, const char *unknown, char *ret,
		  size_t size);

#endif
