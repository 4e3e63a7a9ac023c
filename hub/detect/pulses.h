/* SPDX-License-Identifier: MIT */
/*
 * Occupancy from pads that only pulse: someone is there while the pads of their place toggle now
 * and then. A sleeper lies still for an hour, so silence alone tells late; another pad than theirs
 * toggling (the bed is being made, someone sits to dress) tells soon.
 */
#ifndef BH_DETECT_PULSES_H
#define BH_DETECT_PULSES_H

#include "hub/detect/body.h"

/* DESIGN.md section 5: contact pads, 1..32 zones. */
#define BH_PADS_MAX 32

/** Toggles that follow each other closely. */
struct bh_burst {
	int64_t start_ns, last_ns;
	uint32_t own, other; /**< toggles of the sleeper's pads, and of others */
};

struct bh_pulses {
	uint32_t toggles[BH_PADS_MAX]; /**< fading counts: whose place is where */
	uint32_t total;
	bool believed;	  /**< someone is there */
	int64_t since_ns; /**< since when */
	struct bh_burst burst;
	int64_t own_last_ns; /**< last toggle of the sleeper's pads while believed */
	int64_t other_last_ns;
};

void bh_pulses_init(struct bh_pulses *pulses);

/** @brief A fault: what the pads did meanwhile is not known; whose place is where still is. */
void bh_pulses_break(struct bh_pulses *pulses);

/** @brief Pad @p i toggled. */
void bh_pulses_toggle(struct bh_pulses *pulses, unsigned int i, int64_t now_ns);

/** @return Pad @p i belongs to the place where the sleeper lies; true while that is not known. */
bool bh_pulses_is_own(const struct bh_pulses *pulses, unsigned int i);

/**
 * @brief Write occupancy into @p body.
 * @param own_closed A working pad of the sleeper's place is closed: leaving is then believed only
 * when the pad is called stuck.
 */
void bh_pulses_body(struct bh_pulses *pulses, bool own_closed, int64_t now_ns,
		    struct bh_body *body);

#endif
