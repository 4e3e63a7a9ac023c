/* SPDX-License-Identifier: MIT */
/*
 * One epoch every 30 s. A bed that has been empty, or unreadable, for half an hour gives none: a
 * history of years is not made of empty rows. What is missing between two epochs is then told by
 * the bed_exit or sensor_fault interval that covers it.
 */
#ifndef BH_DETECT_EPOCHS_H
#define BH_DETECT_EPOCHS_H

#include "hub/core/record.h"
#include "hub/detect/warmth.h"

/** What one second adds. */
struct bh_epoch_second {
	bool covered, occupied, moved;
	int32_t load_permille; /**< or BH_EPOCH_UNKNOWN */
	enum bh_position position;
};

struct bh_epochs {
	struct bh_sink sink;
	uint8_t bed;
	uint32_t can;
	int64_t start_ns; /**< of the epoch under way, or BH_MONO_NONE */
	int64_t last_eventful_ns;
	int32_t covered_s, occupied_s, moved_s, load_s;
	int64_t load_sum;
	int32_t leg_movements;
	int32_t position_s[BH_POSITION_END];
};

void bh_epochs_init(struct bh_epochs *epochs, uint8_t bed, uint32_t can,
		    const struct bh_sink *sink);

/** @brief A leg movement was found in the epoch under way. */
void bh_epochs_leg_movement(struct bh_epochs *epochs);

/**
 * @brief The seconds from @p from_ns to @p now_ns, all alike; puts the epoch when it is full. More
 * than one second at a time only while idle.
 */
void bh_epochs_seconds(struct bh_epochs *epochs, const struct bh_epoch_second *second,
		       const struct bh_leg_warmth *warmth, int64_t from_ns, int64_t now_ns);

/** @brief Put what there is of the epoch under way. */
void bh_epochs_end(struct bh_epochs *epochs, const struct bh_leg_warmth *warmth);

/** @return Nothing will be put before something happens. */
bool bh_epochs_idle(const struct bh_epochs *epochs, int64_t now_ns);

#endif
