/* SPDX-License-Identifier: MIT */
/*
 * A look for red flags on the open night: they do not wait for the bed to be left. One that is new is
 * kept as a finding and told to the broker, once a night.
 */
#ifndef BH_LINE_RED_FLAG_LOOK_H
#define BH_LINE_RED_FLAG_LOOK_H

#include "hub/line/night_look.h"

/* More different red flags than this in one night are told no more: the first ones say enough. */
#define BH_TOLD_FLAGS_MAX 32

/** What the broker was told of this night: a rule may have more than one red flag. */
struct bh_told_flags {
	uint64_t flag[BH_TOLD_FLAGS_MAX]; /**< 64 bit FNV-1a of rule and text */
	size_t n;
};

/**
 * @brief Look (store, rules, mqtt, bed and date of @p look count).
 * @param told Of this night; new ones are added.
 * @return How many rules have a new one, or a negative errno of the store.
 */
int bh_look_for_red_flags(const struct bh_look *look, struct bh_told_flags *told);

#endif
