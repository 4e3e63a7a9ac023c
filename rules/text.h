/* SPDX-License-Identifier: MIT */
/* Texts with measures filled in. */
#ifndef BH_RULES_TEXT_H
#define BH_RULES_TEXT_H

#include "rules/scope.h"

/** @brief Replace each {measure} of @p text by its value on the window. */
void bh_text_fill(struct bh_window *window, const char *text, char *ret, size_t size);

#endif
